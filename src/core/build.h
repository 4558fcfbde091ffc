/* build.h - what the parts of facts_build() share: build_facts.c (message, people, policy, order),
 * build_parcel.c (scans to state, the parcel), build_methods.c, build_calendar.c. */
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

/* --- build_parcel.c --- */

/* Has the parcel left, by its record or its scans? */
bool parcel_on_its_way(const struct builder *b, const struct case_shipment *shipment);

/* The parcel that the answer is about; NULL: the order has none. */
const struct case_shipment *parcel_choose(const struct builder *b);

void build_parcel(const struct builder *b, const struct case_shipment *shipment);

/* --- build_methods.c --- */

/* What the shop says of the order's shipping method, or else its policy. */
void build_method(const struct builder *b, const struct shop *shop);

/* --- build_calendar.c --- */

/* What of the shop's calendar meets the parcel's way, or without a parcel the days until dispatch. */
void build_calendar(const struct builder *b, const struct shop *shop);

#endif
