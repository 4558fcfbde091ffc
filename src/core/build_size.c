/* The size that the buyer's measures give (size.c), as facts. */
#include "build.h"

#include "replyd/size.h"

#include <math.h>
#include <string.h>

static struct size_range range_of(const struct field_array *array)
{
    const double *ends = array->items;

    return ends && array->count == 2 ? (struct size_range){ends[0], ends[1]} : (struct size_range){NAN, NAN};
}

static int chart_rows(const struct case_product *product, struct size_row rows[static SIZES_MAX])
{
    int count = 0;

    for (int i = 0; product && i < product->size_count && count < SIZES_MAX; i++) {
        const struct case_size *size = &product->sizes[i];
        const struct field_array *ranges[MEASURE_COUNT] = {
            [MEASURE_BUST] = &size->bust,     [MEASURE_WAIST] = &size->waist,   [MEASURE_HIP] = &size->hip,
            [MEASURE_LENGTH] = &size->length, [MEASURE_SLEEVE] = &size->sleeve, [MEASURE_FOOT] = &size->foot};

        if (!size->size || *size->size == '\0')
            continue;
        rows[count].size = size->size;
        for (int m = 0; m < MEASURE_COUNT; m++)
            rows[count].ranges[m] = range_of(ranges[m]);
        count++;
    }
    return count;
}

static bool holds(const char *text, const char *const *words)
{
    for (; text && *words; words++) {
        if (strcasestr(text, *words))
            return true;
    }
    return false;
}

/* For whom it is made, by its name. */
static enum size_sex made_for(const char *name)
{
    static const char *const women[] = {"women", "woman", "ladies", "girl", "female", NULL};
    static const char *const men[] = {"men's", "mens", "men ", "gentlemen", "male", NULL};
    static const char *const children[] = {"kids", "child", "baby", "toddler", "infant", NULL};

    return holds(name, children) ? SEX_CHILDREN
           : holds(name, women)  ? SEX_WOMEN
           : holds(name, men)    ? SEX_MEN
                                 : SEX_UNKNOWN;
}

static bool is_shoe(const char *name)
{
    static const char *const shoes[] = {"shoe",   "boot",     "sneaker", "sandal",  "heels", "slipper",
                                        "loafer", "trainers", "pumps",   "slip-on", NULL};

    return holds(name, shoes);
}

/* Of all variants in that size, or where the text names a colour that it comes in, in that one. -1: not on
 * record.
 */
static int64_t stock_of(const struct builder *b, const char *size)
{
    const struct entities *said = &b->understanding->entities;
    int64_t all = -1, colored = -1;

    for (int i = 0; b->product && i < b->product->variant_count; i++) {
        const struct case_variant *variant = &b->product->variants[i];

        if (variant->stock < 0 || !size_same(variant->size ? variant->size : variant->name, size))
            continue;
        all = max_int64(all, 0) + variant->stock;
        for (int k = 0; k < said->color_count; k++) {
            if ((variant->color && strcasestr(variant->color, said->colors[k])) ||
                (variant->name && strcasestr(variant->name, said->colors[k])))
                colored = max_int64(colored, 0) + variant->stock;
        }
    }
    return colored >= 0 ? colored : all;
}

static struct value cm_value(double cm)
{
    return isnan(cm) ? VALUE_NULL_INIT : value_number(cm);
}

static void set_reasons(const struct builder *b, const struct size_answer *answer)
{
    struct value *field;
    int asked = 0;

    if (answer->reason_count > 0) {
        field = facts_set_list(b->facts, FACT_SIZE_MEASURES, answer->reason_count);
        for (int i = 0; i < answer->reason_count; i++, field += facts_info[FACT_SIZE_MEASURES].field_count) {
            const struct size_reason *reason = &answer->reasons[i];

            field[FIELD_SIZE_MEASURES_NAME] = value_string(words_measure[reason->measure]);
            field[FIELD_SIZE_MEASURES_CM] = value_number(reason->cm);
            field[FIELD_SIZE_MEASURES_FROM_CM] = cm_value(reason->range.from);
            field[FIELD_SIZE_MEASURES_TO_CM] = cm_value(reason->range.to);
            field[FIELD_SIZE_MEASURES_IMPLAUSIBLE] = value_bool(reason->implausible);
        }
    }
    for (int m = 0; m < MEASURE_COUNT; m++)
        asked += answer->asked[m];
    if (asked == 0)
        return;
    field = facts_set_list(b->facts, FACT_SIZE_ASKED, asked);
    for (int m = 0; m < MEASURE_COUNT; m++) {
        if (!answer->asked[m])
            continue;
        field[FIELD_SIZE_ASKED_NAME] = value_string(words_measure[m]);
        field += facts_info[FACT_SIZE_ASKED].field_count;
    }
}

void build_size(const struct builder *b)
{
    const struct entities *said;
    const char *name = b->product ? b->product->name : NULL, *size = NULL, *smaller = NULL;
    struct size_row rows[SIZES_MAX];
    struct size_question question;
    struct size_answer answer;
    int64_t stock;

    if (!b->understanding)
        return;
    said = &b->understanding->entities;
    question = (struct size_question){.rows = rows,
                                      .row_count = chart_rows(b->product, rows),
                                      .measures = said->measures,
                                      .measure_count = said->measure_count,
                                      .worn = said->size_count > 0 ? &said->sizes[0] : NULL,
                                      .wide_foot = said->wide_foot,
                                      .shoes = is_shoe(name),
                                      .sex = made_for(name)};
    for (int i = 0; i < said->measure_count; i++)
        question.shoes |= said->measures[i].measure == MEASURE_FOOT;
    if (said->size_count > 0)
        facts_set_text(b->facts, FACT_SIZE_GIVEN, said->sizes[0].text);
    size_find(&question, &answer);
    if (answer.status < 0)
        return;
    facts_set_word(b->facts, FACT_SIZE_STATUS, answer.status);
    set_reasons(b, &answer);
    size = answer.row >= 0   ? rows[answer.row].size
           : answer.scale[0] ? arena_strdup(b->facts->arena, answer.scale)
                             : NULL;
    smaller = answer.smaller >= 0       ? rows[answer.smaller].size
              : answer.scale_smaller[0] ? arena_strdup(b->facts->arena, answer.scale_smaller)
                                        : NULL;
    if (answer.status == SIZE_STATUS_NONE_FITS) {
        facts_set_text(b->facts, FACT_SIZE_NEAREST, size);
        return;
    }
    facts_set_text(b->facts, FACT_SIZE_SIZE, size);
    facts_set_text(b->facts, FACT_SIZE_SMALLER, smaller);
    if (!size)
        return;
    facts_set_flag(b->facts, FACT_SIZE_WIDE, answer.wide);
    stock = smaller ? stock_of(b, smaller) : -1;
    if (stock >= 0)
        facts_set_number(b->facts, FACT_SIZE_SMALLER_STOCK, (double)stock);
    stock = stock_of(b, size);
    /* Without variants on record: where nothing is there, no size is. */
    if (stock < 0 && b->product && b->product->variant_count == 0 && b->product->stock == 0)
        stock = 0;
    if (stock >= 0) {
        facts_set_number(b->facts, FACT_SIZE_STOCK, (double)stock);
        facts_set_flag(b->facts, FACT_SIZE_OUT_OF_STOCK, stock == 0);
    }
}
