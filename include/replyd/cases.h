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
#include "replyd/fields.h"
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

/* What is in a parcel. */
struct case_content {
    const char *sku;
    int64_t quantity; /* 1 where unknown */
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
    const struct case_content *contents; /* as the record lists them; may name no line of the order */
    int content_count;
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

/* An order or a parcel of which nothing is known. */
struct case_order case_order_unknown(void);
struct case_shipment case_shipment_unknown(void);

/* One earlier message of the conversation. */
struct case_contact {
    const char *message_id;
    const char *issue;
    moment_t received_at;
    bool sent; /* feedback says that the answer went out */
    /* What that answer offered the buyer, bit i: enum option_action i; told or not, see `sent`. */
    uint64_t offered;
    bool promised_refund;  /* it promised money back: its action was one of refunding, not of offering it */
    moment_t follow_up_at; /* when it said that we would look or answer again; MOMENT_NONE: did not */
};

/* --- products: read where a rule that may come to it reads what is made of them (CASE_READS_PRODUCT) --- */

struct case_variant {
    const char *sku, *name, *color, *size;
    int64_t stock; /* -1: unknown, or below nothing */
};

/* A row of a size chart. The ranges are of two double, from and to in centimetres; items NULL: not said. */
struct case_size {
    const char *size;
    struct field_array bust, waist, hip, length, sleeve, foot;
};

struct case_tier {
    int64_t min_quantity;
    struct money unit_price;
    bool freight_included, wholesale;
};

struct case_product {
    const char *sku, *name, *description, *material, *unit_of_sale, *low_price_reason, *voltage, *plug,
        *manual_url;
    struct money price, floor_price, cost;
    int64_t stock; /* -1: unknown, or below nothing */
    moment_t restock_on;
    int64_t units_per_pack; /* -1 */
    double weight_g;        /* -1 */
    enum tristate quality_guarantee;
    const struct case_variant *variants;
    int variant_count;
    const struct case_size *sizes; /* the size chart, in the record's order */
    int size_count;
    const struct case_tier *tiers; /* in the record's order */
    int tier_count;
    const struct case_product *alternatives; /* those on record, in the record's order, with lists of no kind;
                                                at most CASE_ALTERNATIVES_MAX */
    int alternative_count;
};
#define CASE_PRODUCTS_MAX 50
#define CASE_ALTERNATIVES_MAX 20

/* How a product's lists are written, and how they are read: a faulty element is left out. Texts live in the
 * faults' arena. They return how many there are. */
extern const struct field variant_fields[], size_fields[], tier_fields[];
int variants_read(const json_t *list, struct faults *faults, const struct case_variant **ret_variants);
int sizes_read(const json_t *list, struct faults *faults, const struct case_size **ret_sizes);
int tiers_read(const json_t *list, struct faults *faults, const struct case_tier **ret_tiers);

/* --- the customer: read where a rule that may come to it reads what is made of it (CASE_READS_CUSTOMER) ---
 */

struct case_customer_order {
    const char *number;
    int status, platform; /* enum order_status, enum platform; -1 */
    const char *currency;
    int64_t total, freight; /* minor units of `currency`, or MONEY_NONE */
    moment_t placed_at, paid_at;
    struct {
        const char *line1, *city, *postcode, *country;
    } address;
    int return_state, dispute_kind; /* -1 */
    const char *first_item;         /* its first line's name */
    const char *first_sku;          /* the same line's product */
};

/* The customer of the order, or without one the buyer that the request names; found by e-mail address, and by
 * id where no other address says that it is somebody else. */
struct case_customer {
    const char *name, *email, *country, *language, *external_id; /* as in the newest order that says it */
    moment_t birthday;
    enum tristate marketing_consent;          /* of the newest order that says it */
    const struct case_customer_order *orders; /* placed by as_of or who knows when, newest first, the order
                                                 that is asked about too; at most CASE_CUSTOMER_ORDERS_MAX */
    int order_count;
    int64_t reviews; /* answered here before as_of, of those that name the buyer or one of his orders */
};
#define CASE_CUSTOMER_ORDERS_MAX 200

/* Is a buyer, named by e-mail address, id or both (else NULL), that customer? All that can be compared must
 * agree, and something must be comparable. */
bool buyer_is_customer(const char *email, const char *id, const char *customer_email,
                       const char *customer_id);

struct case_rows {
    const struct case_order *order; /* NULL: none found */
    const struct case_contact
        *contacts; /* distinct messages received before as_of, oldest first, not this one */
    int contact_count;
    /* The product of the request's sku, if it is on record, then those of the order's lines; NULL: not read
     */
    const struct case_product *products;
    int product_count;
    const struct case_customer *customer; /* NULL: not read, none found, or the order is another's than the
                                             buyer's who asks */
};

#endif
