/* build.h - what the parts of facts_build() share: build_facts.c (message, people, policy, order),
 * build_parcel.c (scans to state, the parcels), build_product.c (what the message is about), build_quote.c
 * (prices), build_methods.c (ways to send it), build_duty.c, build_customer.c, build_calendar.c. They are
 * called in the order in which they read each other's facts: see facts_build(). */
#ifndef REPLYD_CORE_BUILD_H
#define REPLYD_CORE_BUILD_H

#include "replyd/suggest.h"

#include <math.h>

struct builder {
    struct facts *facts;
    const struct policy *policy;
    const struct request *request;
    const struct understanding *understanding; /* NULL for a trigger */
    const struct case_order *order;            /* NULL: none that may be told */
    const struct shop *shop;
    const struct case_rows *rows;
    const struct case_item *item; /* the order's line that the message is about; NULL: none, or not known */
    const struct case_product *product; /* what the message is about; NULL: none, not read or not on record */
    moment_t as_of;
    day_t today;
};

static inline void set_day(const struct builder *b, enum fact fact, moment_t moment)
{
    if (moment != MOMENT_NONE)
        facts_set_number(b->facts, fact, moment_day(moment));
}

static inline void set_time(const struct builder *b, enum fact fact, moment_t moment)
{
    if (moment != MOMENT_NONE)
        facts_set_number(b->facts, fact, floor((double)moment / MOMENT_SECOND));
}

static inline void set_flag(const struct builder *b, enum fact fact, enum tristate flag)
{
    if (flag != TRI_UNKNOWN)
        facts_set_flag(b->facts, fact, flag == TRI_TRUE);
}

/* Amounts without a currency are no facts. */
static inline void set_money(const struct builder *b, enum fact fact, int64_t minor)
{
    if (minor != MONEY_NONE && facts_known(b->facts, facts_info[fact].currency))
        facts_set_number(b->facts, fact, (double)minor);
}

static inline void set_conflict(const struct builder *b)
{
    facts_set_flag(b->facts, FACT_RECORD_CONFLICTING, true);
}

/* The same for what can't be negative. */
static inline void set_amount(const struct builder *b, enum fact fact, int64_t minor)
{
    if (minor != MONEY_NONE && minor < 0)
        set_conflict(b);
    else
        set_money(b, fact, minor);
}

/* A day that can't be before the order was placed. */
static inline void set_day_of_order(const struct builder *b, enum fact fact, moment_t moment)
{
    moment_t placed = b->order->placed_at;

    if (moment != MOMENT_NONE && placed != MOMENT_NONE && moment_day(moment) < moment_day(placed))
        set_conflict(b);
    else
        set_day(b, fact, moment);
}

/* A field of a list's element: empty is unknown. */
static inline struct value text_value(const char *text)
{
    return value_string(text && *text ? text : NULL);
}

static inline int max_int(int a, int b)
{
    return a > b ? a : b;
}

static inline int64_t max_int64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static inline int64_t min_int64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* --- build_facts.c --- */

/* Money as it is on record, in the order's currency, by the policy's rates; MONEY_NONE: unknown, or a rate
 * is. */
int64_t order_money(const struct builder *b, const struct money *money);

/* An amount in another currency by the policy's rates; MONEY_NONE: unknown, or a rate is. */
int64_t money_between(const struct policy *policy, int64_t minor, const char *from, const char *to);

/* Money as it is on record, in another currency (NULL: unknown), by the policy's rates; MONEY_NONE likewise.
 */
int64_t money_in(const struct builder *b, const struct money *money, const char *currency);

/* --- build_parcel.c --- */

/* Has the parcel left, by its record or its scans? */
bool parcel_on_its_way(const struct builder *b, const struct case_shipment *shipment);

/* The parcel that the answer is about; NULL: the order has none. */
const struct case_shipment *parcel_choose(const struct builder *b);

void build_parcel(const struct builder *b, const struct case_shipment *shipment);

/* All parcels, and what is in the one that is told (NULL: none). */
void build_parcels(const struct builder *b, const struct case_shipment *told);

/* --- build_methods.c --- */

/* What is sent: what it weighs and what is paid for it. */
struct basket {
    double weight_g;    /* -1: unknown */
    struct money goods; /* without freight; currency "": unknown */
};

/* What the shop says of the order's shipping method, or else its policy. */
void build_method(const struct builder *b);

/* The shop's methods to wanted.country, what they cost and when they are there. */
void build_methods(const struct builder *b);

/* What the method costs for the basket, in whole minor units of `currency`; MONEY_NONE: unknown. */
int64_t method_cost(const struct builder *b, const struct shipping_method *method,
                    const struct basket *basket, const char *currency);

/* The method of a quote: the cheapest tracked one to wanted.country, else the cheapest; NULL: none is priced.
 */
const struct shipping_method *method_cheapest(const struct builder *b, const struct basket *basket,
                                              const char *currency, int64_t *ret_cost);

/* --- build_product.c --- */

/* The product and the order's line that the message is about. */
void product_choose(struct builder *b);

/* product.* and wanted.* */
void build_product(const struct builder *b);

/* --- build_quote.c --- */

/* promotion.*, quote.* and price_drop.amount */
void build_quote(const struct builder *b);

/* Is something a thing of its own, or is it sold in packs of several? Units in a pack, 1: by the piece or
 * pair; 0: in packs of which the record does not say how much they hold. */
int64_t units_of_sale(const struct case_product *product);

/* --- build_duty.c --- */

/* duty.*, from the shop's own rules; law_facts() adds what the law says where there is none. */
void build_duty(const struct builder *b);

/* --- build_customer.c --- */

void build_customer(const struct builder *b);

/* A purchase that stands: paid, and neither called off nor given back. */
bool order_is_bought(const struct case_customer_order *order);

/* --- build_calendar.c --- */

/* What of the shop's calendar meets the parcel's way, or without a parcel the days until dispatch. */
void build_calendar(const struct builder *b, const struct shop *shop);

/* For greetings: the entry of the customer's country. */
void build_holiday(const struct builder *b);

/* --- build_size.c --- */

/* What the buyer's measures give by the product's size chart. */
void build_size(const struct builder *b);

#endif
