/* The shop's calendar: how its entries are read, and what of it meets an order. */
#include "build.h"

#include <stddef.h>
#include <string.h>

const struct field holiday_fields[] = {
    {"name", .type = FIELD_TEXT, .max = 200, .offset = offsetof(struct holiday, name)},
    {"kind", .type = FIELD_WORD, .words = words_holiday_kind, .offset = offsetof(struct holiday, kind)},
    {"from", .type = FIELD_DAY_START, .offset = offsetof(struct holiday, from)},
    {"to", .type = FIELD_DAY_END, .offset = offsetof(struct holiday, to)},
    {"countries", .type = FIELD_ARRAY, .element = FIELD_COUNTRY, .max = 300, .size = sizeof(const char *),
     .offset = offsetof(struct holiday, countries)},
    {"updated_at", .type = FIELD_TIME, .offset = offsetof(struct holiday, updated_at)},
    {NULL},
};

int calendar_read(const json_t *list, struct faults *faults, const struct holiday **ret_holidays,
                  int *ret_count)
{
    size_t count = json_array_size(list);
    struct holiday *holidays = arena_alloc(faults->arena, (count + 1) * sizeof(*holidays));
    int before = faults->count, used = 0;

    for (size_t i = 0; i < count; i++) {
        struct holiday *holiday = &holidays[used];
        const char *pointer = arena_printf(faults->arena, "/%zu", i);

        *holiday =
            (struct holiday){.kind = -1, .from = MOMENT_NONE, .to = MOMENT_NONE, .updated_at = MOMENT_NONE};
        if (fields_read(holiday_fields, json_array_get(list, i), pointer, holiday, faults) == 0 &&
            holiday->from != MOMENT_NONE && holiday->to != MOMENT_NONE && holiday->from <= holiday->to)
            used++;
    }
    *ret_holidays = holidays;
    *ret_count = used;
    return faults->count - before;
}

/* Whole days, both ends within. */
struct span {
    moment_t first, last; /* MOMENT_NONE: unknown */
};

static moment_t later_of(moment_t a, moment_t b)
{
    return a > b ? a : b;
}

/* Of a parcel, from its dispatch until it came, or until today; what lies ahead of it, ahead_of() says. Of an
 * order that has not left, from the payment until the day on which it should leave, or until today when that
 * has passed. */
static struct span span_of(const struct builder *b)
{
    const struct facts *facts = b->facts;
    struct span span = {MOMENT_NONE, day_start(b->today)};

    if (facts_known(facts, FACT_SHIPMENT_SHIPPED_ON)) {
        span.first = day_start((day_t)facts_number(facts, FACT_SHIPMENT_SHIPPED_ON));
        if (facts_known(facts, FACT_SHIPMENT_DELIVERED_ON))
            span.last = day_start((day_t)facts_number(facts, FACT_SHIPMENT_DELIVERED_ON));
    } else if (facts_known(facts, FACT_ORDER_SHIPPED) && !facts_flag(facts, FACT_ORDER_SHIPPED) &&
               facts_known(facts, FACT_ORDER_PAID_ON)) {
        span.first = day_start((day_t)facts_number(facts, FACT_ORDER_PAID_ON));
        if (facts_known(facts, FACT_ORDER_SHIP_BY))
            span.last = later_of(span.last, day_start((day_t)facts_number(facts, FACT_ORDER_SHIP_BY)));
        else
            span.last = later_of(
                span.last, span.first + (moment_t)facts_number(facts, FACT_ORDER_HANDLING_DAYS) * MOMENT_DAY);
    }
    return span;
}

/* The last day of a promised way that is not over: a suspension that begins on it will hold the parcel up.
 * MOMENT_NONE: nothing is promised, or it is over. */
static moment_t ahead_of(const struct builder *b)
{
    const struct facts *facts = b->facts;

    if (!facts_known(facts, FACT_SHIPMENT_SHIPPED_ON) || !facts_flag(facts, FACT_SHIPMENT_MOVING) ||
        !facts_known(facts, FACT_SHIPMENT_PROMISED_BY))
        return MOMENT_NONE;
    return day_start((day_t)facts_number(facts, FACT_SHIPMENT_PROMISED_BY));
}

/* On the origin's side or the destination's? An entry that names no country holds where the shop is. What has
 * left the country is not held up there any more by what is still to come. */
static bool concerns(const struct builder *b, const struct holiday *holiday, bool ahead)
{
    const char *const *countries = holiday->countries.items;
    bool left = ahead && facts_flag(b->facts, FACT_SHIPMENT_EXPORTED);
    const char *sides[] = {left ? NULL : b->policy->country, b->order->address.country};

    if (holiday->countries.count == 0)
        return !left || (b->policy->country && b->order->address.country &&
                         strcmp(b->policy->country, b->order->address.country) == 0);
    for (size_t i = 0; i < holiday->countries.count; i++) {
        for (size_t side = 0; side < sizeof(sides) / sizeof(*sides); side++) {
            if (sides[side] && strcmp(sides[side], countries[i]) == 0)
                return true;
        }
    }
    return false;
}

static bool meets(const struct builder *b, const struct holiday *holiday, const struct span *span,
                  moment_t ahead)
{
    day_t from = moment_day(holiday->from), to = moment_day(holiday->to);

    if (from <= moment_day(span->last))
        return to >= moment_day(span->first) && concerns(b, holiday, false);
    return holiday->kind == HOLIDAY_KIND_SUSPENSION && ahead != MOMENT_NONE && from <= moment_day(ahead) &&
           concerns(b, holiday, true);
}

void build_calendar(const struct builder *b, const struct shop *shop)
{
    struct span span = span_of(b);
    moment_t ahead = ahead_of(b);
    const struct holiday *met = NULL;

    if (span.first == MOMENT_NONE)
        return;
    for (int i = 0; i < shop->holiday_count; i++) {
        const struct holiday *holiday = &shop->holidays[i];

        if (meets(b, holiday, &span, ahead) && (!met || holiday->to > met->to))
            met = holiday;
    }
    facts_set_flag(b->facts, FACT_CALENDAR_OVERLAP, met != NULL);
    if (!met)
        return;
    facts_set_text(b->facts, FACT_CALENDAR_NAME, met->name);
    facts_set_word(b->facts, FACT_CALENDAR_KIND, met->kind);
    set_day(b, FACT_CALENDAR_FROM, met->from);
    set_day(b, FACT_CALENDAR_TO, met->to);
}

#define GREETING_DAYS 7 /* so early before a holiday people wish well */

/* An entry that names no country: a suspension is the shop's own, a season (Christmas) is everybody's. */
static bool names_country(const struct holiday *holiday, const char *country, const char *home)
{
    const char *const *countries = holiday->countries.items;

    if (holiday->countries.count == 0)
        return holiday->kind == HOLIDAY_KIND_PEAK || (home && strcmp(home, country) == 0);
    for (size_t i = 0; i < holiday->countries.count; i++) {
        if (strcmp(countries[i], country) == 0)
            return true;
    }
    return false;
}

/* A holiday before a peak season, and the one that is on or comes first. */
static bool greets_before(const struct holiday *a, const struct holiday *b)
{
    bool a_peak = a->kind == HOLIDAY_KIND_PEAK, b_peak = b->kind == HOLIDAY_KIND_PEAK;

    return a_peak != b_peak ? b_peak : a->from < b->from;
}

void build_holiday(const struct builder *b)
{
    const char *country = facts_text(b->facts, FACT_CUSTOMER_COUNTRY);
    const struct holiday *best = NULL;

    country = country ? country : facts_text(b->facts, FACT_BUYER_COUNTRY);
    for (int i = 0; country && i < b->shop->holiday_count; i++) {
        const struct holiday *holiday = &b->shop->holidays[i];

        if (!holiday->name || moment_day(holiday->from) > b->today + GREETING_DAYS ||
            moment_day(holiday->to) < b->today || !names_country(holiday, country, b->policy->country))
            continue;
        if (!best || greets_before(holiday, best))
            best = holiday;
    }
    if (!best)
        return;
    facts_set_text(b->facts, FACT_HOLIDAY_NAME, best->name);
    set_day(b, FACT_HOLIDAY_FROM, best->from);
}
