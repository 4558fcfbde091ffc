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

/* Of a parcel, from its dispatch until it came, or until today. Of an order that has not left, from the
 * payment until the day on which it should leave, or until today when that has passed. */
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

/* On the origin's side or the destination's? An entry that names no country holds where the shop is. */
static bool concerns(const struct builder *b, const struct holiday *holiday)
{
    const char *const *countries = holiday->countries.items;
    const char *sides[] = {b->policy->country, b->order->address.country};

    if (holiday->countries.count == 0)
        return true;
    for (size_t i = 0; i < holiday->countries.count; i++) {
        for (size_t side = 0; side < sizeof(sides) / sizeof(*sides); side++) {
            if (sides[side] && strcmp(sides[side], countries[i]) == 0)
                return true;
        }
    }
    return false;
}

void build_calendar(const struct builder *b, const struct shop *shop)
{
    struct span span = span_of(b);
    const struct holiday *met = NULL;

    if (span.first == MOMENT_NONE)
        return;
    for (int i = 0; i < shop->holiday_count; i++) {
        const struct holiday *holiday = &shop->holidays[i];

        if (moment_day(holiday->from) <= moment_day(span.last) &&
            moment_day(holiday->to) >= moment_day(span.first) && concerns(b, holiday) &&
            (!met || holiday->to > met->to))
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
