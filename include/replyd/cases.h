/* cases.h - the rows of the database that one suggestion needs, as plain structs; read in batches by
 * db/cases.c through the views of schema `replyd` (sql/README.md), never through anything else.
 *
 * Texts live in the case's arena; NULL is unknown, as are MONEY_NONE, MOMENT_NONE and -1 of words and flags.
 * What the buyer paid is of the order's currency; a struct money is of its own, and unknown where that is "".
 */
#ifndef REPLYD_CASES_H
#define REPLYD_CASES_H

#include "facts_gen.h"
#include "replyd/arena.h"
#include "replyd/moment.h"
#include "replyd/money.h"

#define MONEY_NONE INT64_MIN

/* a flag that may be unknown */
enum tristate { TRI_UNKNOWN = -1, TRI_FALSE = 0, TRI_TRUE = 1 };

struct case_item {
    const char *sku, *name, *variant;
    int64_t quantity;       /* 1 where unknown */
    int64_t unit_price;     /* minor units of the order's currency, or MONEY_NONE */
    struct money unit_cost; /* the product's cost */
};

struct case_event {
    moment_t at;
    const char *text, *code, *city, *postcode, *country;
    int code_system; /* enum code_system, -1 */
    int state;       /* enum shipment_state as stored or derived from code or text */
};

struct case_shipment {
    const char *tracking_number; /* or the stable name of a parcel without a number */
    const char *carrier, *service, *tracking_url, *carrier_phone, *signed_by, *pickup_point;
    int carrier_kind;
    enum tristate tracked, free_return;
    moment_t shipped_at, promised_by, claim_by, pickup_by, customs_act_by;
    int64_t weight_g, expected_weight_g; /* -1 */
    struct money return_cost, customs_duty;
    int customs_reason, customs_party, return_reason, return_cause;
    const char *customs_document, *customs_pay_to;
    const struct case_event *events; /* oldest first, none after as_of; at most CASE_EVENTS_MAX, the newest */
    int event_count;
};
#define CASE_EVENTS_MAX 32

struct case_order {
    const char *number;
    int status, platform; /* enum order_status, enum platform; -1 */
    const char *currency;
    int64_t total, freight, margin;
    const char *note;
    moment_t placed_at, paid_at, ship_by, new_ship_by, protection_ends_on;
    const char *shipping_method, *incoterm;
    enum tristate duty_informed;
    int payment_failure, tax_collected_by;
    struct {
        const char *name, *email, *country, *language, *external_id;
    } customer;
    struct {
        const char *line1, *city, *postcode, *country;
    } address;
    int refund_state, return_state, dispute_kind;
    int64_t refund_amount;
    const char *refund_method, *return_tracking_number, *dispute_reason;
    moment_t refund_at, return_at, dispute_opened_at, dispute_respond_by;
    struct case_item *items;
    int item_count;
    struct case_shipment *shipments;
    int shipment_count;
    int64_t rows_version; /* changes when any row of the order, its parcels or events changed; for `stale` */
};

/* One earlier message of the conversation. */
struct case_contact {
    const char *message_id;
    const char *issue;
    moment_t received_at;
    bool sent; /* feedback says that the answer went out */
};

/* Is a buyer, named by e-mail address, id or both (else NULL), that customer? All that can be compared must
 * agree, and something must be comparable. */
bool buyer_is_customer(const char *email, const char *id, const char *customer_email,
                       const char *customer_id);

struct case_rows {
    const struct case_order *order; /* NULL: none found */
    const struct case_contact
        *contacts; /* distinct messages received before as_of, oldest first, not this one */
    int contact_count;
};

#endif
