/* The shop's shipping methods: how they are read, and what of them meets an order. */
#include "build.h"

#include <stddef.h>
#include <string.h>

#define AT(member) .offset = offsetof(struct shipping_method, member)

const struct field shipping_method_fields[] = {
    {"carrier", .type = FIELD_TEXT, .max = 200, AT(carrier)},
    {"name", .type = FIELD_TEXT, .max = 200, AT(name)},
    {"kind", .type = FIELD_WORD, .words = words_carrier_kind, AT(kind)},
    {"tracked", .type = FIELD_FLAG, AT(tracked)},
    {"countries", .type = FIELD_ARRAY, .element = FIELD_COUNTRY, .max = 300, .size = sizeof(const char *),
     AT(countries)},
    {"min_days", .type = FIELD_COUNT, .min = 0, .max = 1000, AT(min_days)},
    {"max_days", .type = FIELD_COUNT, .min = 0, .max = 1000, AT(max_days)},
    {"handling_days", .type = FIELD_COUNT, .min = 0, .max = 1000, AT(handling_days)},
    {"price", .type = FIELD_MONEY, AT(price)},
    {"per_kg", .type = FIELD_MONEY, AT(per_kg)},
    {"free_over", .type = FIELD_MONEY, AT(free_over)},
    {"updated_at", .type = FIELD_TIME, AT(updated_at)},
    {NULL},
};

int methods_read(const json_t *list, struct faults *faults, const struct shipping_method **ret_methods,
                 int *ret_count)
{
    size_t count = json_array_size(list);
    struct shipping_method *methods = arena_alloc(faults->arena, (count + 1) * sizeof(*methods));
    int before = faults->count, used = 0;

    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(list, i);
        const char *code = json_string_value(json_array_get(pair, 0));
        struct shipping_method *method = &methods[used];

        *method = (struct shipping_method){.code = arena_strdup(faults->arena, code ? code : ""),
                                           .kind = -1,
                                           .min_days = -1,
                                           .max_days = -1,
                                           .handling_days = -1,
                                           .updated_at = MOMENT_NONE};
        if (fields_read(shipping_method_fields, json_array_get(pair, 1),
                        arena_printf(faults->arena, "/%zu/1", i), method, faults) == 0)
            used++;
    }
    *ret_methods = methods;
    *ret_count = used;
    return faults->count - before;
}

/* The method that the order names; NULL: none, or the shop has none of that code. */
static const struct shipping_method *method_of(const struct builder *b, const struct shop *shop)
{
    const char *code = b->order->shipping_method;

    for (int i = 0; code && i < shop->method_count; i++) {
        if (strcmp(shop->methods[i].code, code) == 0)
            return &shop->methods[i];
    }
    return NULL;
}

void build_method(const struct builder *b, const struct shop *shop)
{
    const struct shipping_method *method = method_of(b, shop);
    int64_t days = method && method->handling_days >= 0 ? method->handling_days : b->policy->handling_days;

    facts_set_number(b->facts, FACT_ORDER_HANDLING_DAYS, (double)days);
}
