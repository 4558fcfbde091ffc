/* What is kept of the lists that a shop sends in: promotions and customs rules, whole, and the lists of a
 * product. The tables are those by which objects.c checks them. */
#include "replyd/cases.h"
#include "replyd/shop.h"

#include <stddef.h>
#include <string.h>

/* --- a product's lists --- */

#define AT(member) .offset = offsetof(struct case_variant, member)
const struct field variant_fields[] = {
    {"sku", .type = FIELD_CODE, AT(sku)},
    {"name", .type = FIELD_TEXT, AT(name)},
    {"color", .type = FIELD_TEXT, .max = 100, AT(color)},
    {"size", .type = FIELD_TEXT, .max = 100, AT(size)},
    {"stock", .type = FIELD_COUNT, .min = -1e9, .max = 1e9, AT(stock)},
    {NULL},
};
#undef AT

#define AT(member) .offset = offsetof(struct case_size, member)
/* from and to, in centimetres */
#define MEASURE .type = FIELD_ARRAY, .element = FIELD_NUMBER, .min = 2, .max = 2, .size = sizeof(double)
const struct field size_fields[] = {
    {"size", .type = FIELD_TEXT, .required = true, .max = 100, AT(size)},
    {"bust_cm", MEASURE, AT(bust)},
    {"waist_cm", MEASURE, AT(waist)},
    {"hip_cm", MEASURE, AT(hip)},
    {"length_cm", MEASURE, AT(length)},
    {"sleeve_cm", MEASURE, AT(sleeve)},
    {"foot_cm", MEASURE, AT(foot)},
    {NULL},
};
#undef AT

#define AT(member) .offset = offsetof(struct case_tier, member)
const struct field tier_fields[] = {
    {"min_quantity", .type = FIELD_COUNT, .required = true, .min = 1, .max = 1e9, AT(min_quantity)},
    {"unit_price", .type = FIELD_MONEY, .required = true, AT(unit_price)},
    {"freight_included", .type = FIELD_FLAG, AT(freight_included)},
    {"wholesale", .type = FIELD_FLAG, AT(wholesale)},
    {NULL},
};
#undef AT

/* Reads the elements of a list into structs of `size` bytes, each a copy of `unsaid` before. Faulty ones are
 * left out. */
static void *read_list(const struct field *fields, const void *unsaid, size_t size, const json_t *list,
                       struct faults *faults, int *ret_count)
{
    size_t count = json_array_size(list);
    char *items = arena_alloc(faults->arena, (count + 1) * size);
    int used = 0;

    for (size_t i = 0; i < count; i++) {
        char *item = items + (size_t)used * size;

        memcpy(item, unsaid, size);
        if (fields_read(fields, json_array_get(list, i), arena_printf(faults->arena, "/%zu", i), item,
                        faults) == 0)
            used++;
    }
    *ret_count = used;
    return items;
}

int variants_read(const json_t *list, struct faults *faults, const struct case_variant **ret_variants)
{
    static const struct case_variant unsaid = {.stock = -1};
    int count;
    struct case_variant *variants = read_list(variant_fields, &unsaid, sizeof(unsaid), list, faults, &count);

    for (int i = 0; i < count; i++) {
        if (variants[i].stock < 0)
            variants[i].stock = -1;
    }
    *ret_variants = variants;
    return count;
}

int sizes_read(const json_t *list, struct faults *faults, const struct case_size **ret_sizes)
{
    static const struct case_size unsaid = {0};
    int count;

    *ret_sizes = read_list(size_fields, &unsaid, sizeof(unsaid), list, faults, &count);
    return count;
}

int tiers_read(const json_t *list, struct faults *faults, const struct case_tier **ret_tiers)
{
    static const struct case_tier unsaid = {0};
    int count;

    *ret_tiers = read_list(tier_fields, &unsaid, sizeof(unsaid), list, faults, &count);
    return count;
}

/* --- what a worker keeps of a shop --- */

#define AT(member) .offset = offsetof(struct promotion, member)
const struct field promotion_fields[] = {
    {"percent", .type = FIELD_NUMBER, .min = 0, .max = 100, AT(percent)},
    {"from", .type = FIELD_DAY_START, AT(from)},
    {"to", .type = FIELD_DAY_END, AT(to)},
    {"skus", .type = FIELD_ARRAY, .element = FIELD_CODE, .max = 10000, .size = sizeof(const char *),
     AT(skus)},
    {"updated_at", .type = FIELD_TIME, AT(updated_at)},
    {NULL},
};
#undef AT

int promotions_read(const json_t *list, struct faults *faults, const struct promotion **ret_promotions,
                    int *ret_count)
{
    static const struct promotion unsaid = {
        .percent = -1, .from = MOMENT_NONE, .to = MOMENT_NONE, .updated_at = MOMENT_NONE};
    int before = faults->count, count, used = 0;
    struct promotion *promotions = read_list(promotion_fields, &unsaid, sizeof(unsaid), list, faults, &count);

    for (int i = 0; i < count; i++) {
        const struct promotion *promotion = &promotions[i];

        if (promotion->percent >= 0 && promotion->from != MOMENT_NONE && promotion->to != MOMENT_NONE)
            promotions[used++] = *promotion;
    }
    *ret_promotions = promotions;
    *ret_count = used;
    return faults->count - before;
}

static const struct field recipient_id_fields[] = {
    {"kind", .type = FIELD_TEXT, .max = 200, .offset = offsetof(struct customs_rule, recipient_id.kind)},
    {"pattern", .type = FIELD_TEXT, .offset = offsetof(struct customs_rule, recipient_id.pattern)},
    {NULL},
};

#define AT(member) .offset = offsetof(struct customs_rule, member)
const struct field customs_rule_fields[] = {
    {"duty_free_below", .type = FIELD_MONEY, AT(duty_free_below)},
    {"duty_percent", .type = FIELD_NUMBER, .min = 0, .max = 10000, AT(duty_percent)},
    {"tax_percent", .type = FIELD_NUMBER, .min = 0, .max = 10000, AT(tax_percent)},
    {"tax_threshold", .type = FIELD_MONEY, AT(tax_threshold)},
    {"fixed_duty", .type = FIELD_MONEY, AT(fixed_duty)},
    {"collected_by", .type = FIELD_WORD, .words = words_tax_collector, AT(collected_by)},
    {"handling_fee", .type = FIELD_MONEY, AT(handling_fee)},
    {"recipient_id", .type = FIELD_OBJECT, .fields = recipient_id_fields},
    {"buyer_documents", .type = FIELD_ARRAY, .element = FIELD_TEXT, .max = 50, .size = sizeof(const char *),
     AT(buyer_documents)},
    {"origin", .type = FIELD_COUNTRY, AT(origin)},
    {"effective_from", .type = FIELD_DAY_START, AT(effective_from)},
    {"effective_to", .type = FIELD_DAY_END, AT(effective_to)},
    {"source", .type = FIELD_TEXT, .multiline = true, .max = 2000, AT(source)},
    {"alert_from", .type = FIELD_DAY_START, AT(alert_from)},
    {"alert_to", .type = FIELD_DAY_END, AT(alert_to)},
    {"updated_at", .type = FIELD_TIME, AT(updated_at)},
    {NULL},
};
#undef AT

int customs_rules_read(const json_t *list, struct faults *faults, const struct customs_rule **ret_rules,
                       int *ret_count)
{
    int before = faults->count, used = 0;
    size_t count = json_array_size(list);
    struct customs_rule *rules = arena_alloc(faults->arena, (count + 1) * sizeof(*rules));

    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(list, i);
        const char *country = json_string_value(json_array_get(pair, 0));
        struct customs_rule *rule = &rules[used];

        *rule = (struct customs_rule){.country = arena_strdup(faults->arena, country ? country : ""),
                                      .duty_percent = -1,
                                      .tax_percent = -1,
                                      .collected_by = -1,
                                      .effective_from = MOMENT_NONE,
                                      .effective_to = MOMENT_NONE,
                                      .alert_from = MOMENT_NONE,
                                      .alert_to = MOMENT_NONE,
                                      .updated_at = MOMENT_NONE};
        if (fields_read(customs_rule_fields, json_array_get(pair, 1),
                        arena_printf(faults->arena, "/%zu/1", i), rule, faults) == 0)
            used++;
    }
    *ret_rules = rules;
    *ret_count = used;
    return faults->count - before;
}
