#include "replyd/objects.h"

#include "facts_gen.h"
#include "replyd/cases.h"
#include "replyd/moment.h"
#include "replyd/shop.h"
#include "replyd/value.h"

#include <string.h>

/* --- the tables: api.md's words in api.md's order --- */

static const struct field product_fields[] = {
    {"name", .type = FIELD_TEXT},
    {"description", .type = FIELD_TEXT, .multiline = true, .max = 20000},
    {"material", .type = FIELD_TEXT},
    {"price", .type = FIELD_MONEY},
    {"floor_price", .type = FIELD_MONEY},
    {"cost", .type = FIELD_MONEY},
    {"stock", .type = FIELD_COUNT, .min = -1e9, .max = 1e9},
    {"restock_on", .type = FIELD_DAY_END},
    {"unit_of_sale", .type = FIELD_TEXT, .max = 100},
    {"units_per_pack", .type = FIELD_COUNT, .min = 1, .max = 1e6},
    {"weight_g", .type = FIELD_NUMBER, .min = 0, .max = 1e9},
    {"low_price_reason", .type = FIELD_TEXT, .max = 1000},
    {"quality_guarantee", .type = FIELD_FLAG},
    {"voltage", .type = FIELD_TEXT, .max = 100},
    {"plug", .type = FIELD_TEXT, .max = 100},
    {"manual_url", .type = FIELD_URL},
    {"variants", .type = FIELD_ARRAY, .fields = variant_fields},
    {"size_chart", .type = FIELD_ARRAY, .fields = size_fields, .max = 200},
    {"price_tiers", .type = FIELD_ARRAY, .fields = tier_fields, .max = 100},
    {"alternatives", .type = FIELD_ARRAY, .element = FIELD_CODE, .max = 200},
    {"updated_at", .type = FIELD_TIME},
    {NULL},
};

static const struct field customer_fields[] = {
    {"name", .type = FIELD_TEXT, .max = 200},  {"email", .type = FIELD_EMAIL},
    {"country", .type = FIELD_COUNTRY},        {"language", .type = FIELD_LANGUAGE},
    {"external_id", .type = FIELD_CODE},       {"birthday", .type = FIELD_DAY_START},
    {"marketing_consent", .type = FIELD_FLAG}, {NULL},
};

static const struct field address_fields[] = {
    {"line1", .type = FIELD_TEXT},
    {"city", .type = FIELD_TEXT, .max = 200},
    {"postcode", .type = FIELD_TEXT, .max = 32},
    {"country", .type = FIELD_COUNTRY},
    {NULL},
};

static const struct field item_fields[] = {
    {"sku", .type = FIELD_CODE},         {"name", .type = FIELD_TEXT},
    {"variant", .type = FIELD_TEXT},     {"quantity", .type = FIELD_COUNT, .min = 0, .max = 1e9},
    {"unit_price", .type = FIELD_MONEY}, {NULL},
};

static const struct field refund_fields[] = {
    {"state", .type = FIELD_WORD, .words = words_refund_state},
    {"amount", .type = FIELD_MONEY},
    {"method", .type = FIELD_TEXT, .max = 200},
    {"at", .type = FIELD_TIME},
    {NULL},
};

static const struct field order_return_fields[] = {
    {"state", .type = FIELD_WORD, .words = words_return_state},
    {"tracking_number", .type = FIELD_CODE},
    {"at", .type = FIELD_TIME},
    {NULL},
};

static const struct field dispute_fields[] = {
    {"kind", .type = FIELD_WORD, .words = words_dispute_kind},
    {"reason", .type = FIELD_TEXT, .multiline = true, .max = 2000},
    {"opened_at", .type = FIELD_TIME},
    {"respond_by", .type = FIELD_DAY_END},
    {NULL},
};

static const struct field order_fields[] = {
    {"status", .type = FIELD_WORD, .words = words_order_status},
    {"platform", .type = FIELD_WORD, .words = words_platform},
    {"currency", .type = FIELD_CURRENCY},
    {"total", .type = FIELD_MONEY},
    {"freight", .type = FIELD_MONEY},
    {"margin", .type = FIELD_MONEY, .min = -1},
    {"note", .type = FIELD_TEXT, .multiline = true, .max = 5000},
    {"placed_at", .type = FIELD_TIME},
    {"paid_at", .type = FIELD_TIME},
    {"ship_by", .type = FIELD_DAY_END},
    {"new_ship_by", .type = FIELD_DAY_END},
    {"shipping_method", .type = FIELD_CODE},
    {"duty_informed", .type = FIELD_FLAG},
    {"payment_failure", .type = FIELD_WORD, .words = words_payment_failure},
    {"customer", .type = FIELD_OBJECT, .fields = customer_fields},
    {"address", .type = FIELD_OBJECT, .fields = address_fields},
    {"items", .type = FIELD_ARRAY, .fields = item_fields},
    {"tax_collected_by", .type = FIELD_WORD, .words = words_tax_collector},
    {"incoterm", .type = FIELD_CODE, .max = 20},
    {"protection_ends_on", .type = FIELD_DAY_END},
    {"refund", .type = FIELD_OBJECT, .fields = refund_fields},
    {"return", .type = FIELD_OBJECT, .fields = order_return_fields},
    {"dispute", .type = FIELD_OBJECT, .fields = dispute_fields},
    {"updated_at", .type = FIELD_TIME},
    {NULL},
};

static const struct field customs_fields[] = {
    {"reason", .type = FIELD_WORD, .words = words_customs_reason},
    {"party", .type = FIELD_WORD, .words = words_customs_party},
    {"document", .type = FIELD_TEXT},
    {"duty", .type = FIELD_MONEY},
    {"pay_to", .type = FIELD_TEXT},
    {"act_by", .type = FIELD_DAY_END},
    {NULL},
};

static const struct field shipment_return_fields[] = {
    {"reason", .type = FIELD_WORD, .words = words_return_reason},
    {"cause", .type = FIELD_WORD, .words = words_return_cause},
    {NULL},
};

static const struct field shipment_item_fields[] = {
    {"sku", .type = FIELD_CODE},
    {"quantity", .type = FIELD_COUNT, .min = 0, .max = 1e9},
    {NULL},
};

static const struct field shipment_fields[] = {
    {"carrier", .type = FIELD_TEXT, .max = 200},
    {"carrier_kind", .type = FIELD_WORD, .words = words_carrier_kind},
    {"service", .type = FIELD_TEXT, .max = 200},
    {"tracked", .type = FIELD_FLAG},
    {"tracking_url", .type = FIELD_URL},
    {"shipped_at", .type = FIELD_TIME},
    {"promised_by", .type = FIELD_DAY_END},
    {"weight_g", .type = FIELD_NUMBER, .min = 0, .max = 1e9},
    {"expected_weight_g", .type = FIELD_NUMBER, .min = 0, .max = 1e9},
    {"carrier_phone", .type = FIELD_TEXT, .max = 100},
    {"return_cost", .type = FIELD_MONEY},
    {"free_return", .type = FIELD_FLAG},
    {"claim_by", .type = FIELD_DAY_END},
    {"customs", .type = FIELD_OBJECT, .fields = customs_fields},
    {"return", .type = FIELD_OBJECT, .fields = shipment_return_fields},
    {"pickup_point", .type = FIELD_TEXT},
    {"pickup_by", .type = FIELD_DAY_END},
    {"signed_by", .type = FIELD_TEXT, .max = 200},
    {"items", .type = FIELD_ARRAY, .fields = shipment_item_fields},
    {"updated_at", .type = FIELD_TIME},
    {NULL},
};

static const struct field event_fields[] = {
    {"at", .type = FIELD_TIME, .required = true},
    {"text", .type = FIELD_TEXT, .multiline = true, .max = 2000},
    {"code", .type = FIELD_CODE, .max = 100},
    {"code_system", .type = FIELD_WORD, .words = words_code_system},
    {"city", .type = FIELD_TEXT, .max = 200},
    {"postcode", .type = FIELD_TEXT, .max = 32},
    {"country", .type = FIELD_COUNTRY},
    {"state", .type = FIELD_WORD, .words = words_shipment_state},
    {"updated_at", .type = FIELD_TIME},
    {NULL},
};

static const struct object_key sku_key[] = {{"sku", .type = FIELD_CODE}};
static const struct object_key code_key[] = {{"code", .type = FIELD_CODE}};
static const struct object_key country_key[] = {{"country", .type = FIELD_COUNTRY}};
/* of a parcel; the first alone is an order's */
static const struct object_key parcel_keys[] = {
    {"number", .nicknames = {"order", "order_number"}, .type = FIELD_CODE},
    {"tracking_number", .type = FIELD_CODE},
};

const char *const object_words[] = {
    [OBJECT_PRODUCT] = "product",
    [OBJECT_ORDER] = "order",
    [OBJECT_SHIPMENT] = "shipment",
    [OBJECT_EVENT] = "event",
    [OBJECT_SHIPPING_METHOD] = "shipping_method",
    [OBJECT_HOLIDAY] = "holiday",
    [OBJECT_PROMOTION] = "promotion",
    [OBJECT_CUSTOMS_RULE] = "customs_rule",
    [OBJECT_KINDS] = NULL,
};

const struct object_info objects_info[OBJECT_KINDS] = {
    [OBJECT_PRODUCT] = {sku_key, 1, product_fields, 0},
    [OBJECT_ORDER] = {parcel_keys, 1, order_fields, 0},
    [OBJECT_SHIPMENT] = {parcel_keys, 2, shipment_fields, 0},
    [OBJECT_EVENT] = {parcel_keys, 2, event_fields, 1000},
    [OBJECT_SHIPPING_METHOD] = {code_key, 1, shipping_method_fields, 0},
    [OBJECT_HOLIDAY] = {code_key, 1, holiday_fields, 0},
    [OBJECT_PROMOTION] = {code_key, 1, promotion_fields, 0},
    [OBJECT_CUSTOMS_RULE] = {country_key, 1, customs_rule_fields, 200},
};

/* --- checks of more than one field; what is of the wrong type has its fault already and is passed over ---
 */

/* A date or time of the walk's kind; MOMENT_NONE: none. */
static moment_t moment_of(const json_t *json, bool end)
{
    const char *s = json_string_value(json);
    moment_t moment;
    day_t day;
    if (!s)
        return MOMENT_NONE;
    if (day_parse(s, strlen(s), &day) == 0)
        return end ? day_end(day) : day_start(day);
    return moment_parse(s, strlen(s), &moment) == 0 ? moment : MOMENT_NONE;
}

static void check_days(const json_t *body, const char *pointer, const char *from, const char *to,
                       struct faults *faults)
{
    moment_t start = moment_of(json_object_get(body, from), false),
             end = moment_of(json_object_get(body, to), true);
    if (start == MOMENT_NONE || end == MOMENT_NONE || start <= end)
        return;
    faults_add(faults, arena_printf(faults->arena, "%s/%s", pointer, to), "must not be before \"%s\"", from);
}

static void check_days_count(const json_t *body, const char *pointer, struct faults *faults)
{
    const json_t *min = json_object_get(body, "min_days"), *max = json_object_get(body, "max_days");
    if (json_is_integer(min) && json_is_integer(max) && json_integer_value(min) > json_integer_value(max))
        faults_add(faults, arena_printf(faults->arena, "%s/max_days", pointer),
                   "must not be less than \"min_days\"");
}

static const char *currency_of(const json_t *money)
{
    return json_string_value(json_object_get(money, "currency"));
}

/* Every amount that the buyer paid or gets back is in the order's currency. The margin is the seller's and
 * may be in his own. */
static void check_currency(const json_t *money, const char *currency, const char *pointer,
                           struct faults *faults)
{
    const char *given = currency_of(money);
    if (given && strcmp(given, currency) != 0)
        faults_add(faults, pointer, "must be %s, the order's currency", currency);
}

static void check_order(const json_t *body, const char *pointer, struct faults *faults)
{
    struct arena *arena = faults->arena;
    const char *currency = json_string_value(json_object_get(body, "currency"));
    if (!currency)
        currency = currency_of(json_object_get(body, "total"));
    if (currency && fields_text_fits(FIELD_CURRENCY, currency)) {
        const json_t *items = json_object_get(body, "items");
        check_currency(json_object_get(body, "total"), currency,
                       arena_printf(arena, "%s/total/currency", pointer), faults);
        check_currency(json_object_get(body, "freight"), currency,
                       arena_printf(arena, "%s/freight/currency", pointer), faults);
        check_currency(json_object_get(json_object_get(body, "refund"), "amount"), currency,
                       arena_printf(arena, "%s/refund/amount/currency", pointer), faults);
        for (size_t i = 0; i < json_array_size(items) && faults->count < FAULTS_MAX; i++)
            check_currency(json_object_get(json_array_get(items, i), "unit_price"), currency,
                           arena_printf(arena, "%s/items/%zu/unit_price/currency", pointer, i), faults);
    }
    check_days(json_object_get(body, "dispute"), arena_printf(arena, "%s/dispute", pointer), "opened_at",
               "respond_by", faults);
}

/* A range of a size chart: two lengths of a human body or shoe, the smaller first. */
static void check_measures(const json_t *size, const char *pointer, size_t index, struct faults *faults)
{
    for (const struct field *field = size_fields; field->name; field++) {
        const json_t *range = json_object_get(size, field->name);
        if (field->type != FIELD_ARRAY || json_array_size(range) != 2 ||
            !json_is_number(json_array_get(range, 0)) || !json_is_number(json_array_get(range, 1)))
            continue;
        double from = json_number_value(json_array_get(range, 0)),
               to = json_number_value(json_array_get(range, 1));
        if (!(from > 0 && from <= to && to <= 1000))
            faults_add(faults,
                       arena_printf(faults->arena, "%s/size_chart/%zu/%s", pointer, index, field->name),
                       "must be two lengths in centimetres, the smaller first");
    }
}

static void check_product(const json_t *body, const char *pointer, struct faults *faults)
{
    const json_t *chart = json_object_get(body, "size_chart");
    for (size_t i = 0; i < json_array_size(chart); i++)
        check_measures(json_array_get(chart, i), pointer, i, faults);
}

static void check_span(const json_t *body, const char *pointer, struct faults *faults)
{
    check_days(body, pointer, "from", "to", faults);
}

static void check_customs_rule(const json_t *body, const char *pointer, struct faults *faults)
{
    check_days(body, pointer, "effective_from", "effective_to", faults);
    check_days(body, pointer, "alert_from", "alert_to", faults);
}

static void (*const checks[OBJECT_KINDS])(const json_t *body, const char *pointer, struct faults *faults) = {
    [OBJECT_PRODUCT] = check_product,
    [OBJECT_ORDER] = check_order,
    [OBJECT_SHIPPING_METHOD] = check_days_count,
    [OBJECT_HOLIDAY] = check_span,
    [OBJECT_PROMOTION] = check_span,
    [OBJECT_CUSTOMS_RULE] = check_customs_rule,
};

static void check_one(enum object_kind kind, const json_t *body, const char *pointer, struct faults *faults)
{
    fields_read(objects_info[kind].fields, body, pointer, NULL, faults);
    if (checks[kind])
        checks[kind](body, pointer, faults);
}

int object_check(enum object_kind kind, const json_t *body, const char *pointer, struct faults *faults)
{
    int before = faults->count;
    size_t max = objects_info[kind].list_max, count = json_array_size(body);
    if (max == 0 || !json_is_array(body))
        check_one(kind, body, pointer, faults);
    else if (count < 1 || count > max)
        faults_add(faults, pointer, "must have 1 to %zu elements, not %zu", max, count);
    else {
        for (size_t i = 0; i < count && faults->count < FAULTS_MAX; i++)
            check_one(kind, json_array_get(body, i), arena_printf(faults->arena, "%s/%zu", pointer, i),
                      faults);
    }
    return faults->count - before;
}

/* --- keys --- */

static const char *key_expected(enum field_type type)
{
    return type == FIELD_COUNTRY
               ? "must be an ISO 3166-1 country in upper case such as \"US\""
               : "must have 1 to 200 characters, no control characters and no spaces around it";
}

int object_check_keys(enum object_kind kind, const char *const keys[], struct faults *faults)
{
    const struct object_info *info = &objects_info[kind];
    int before = faults->count;
    for (int i = 0; i < info->key_count; i++) {
        const struct object_key *key = &info->keys[i];
        if (keys[i] && !fields_text_fits(key->type, keys[i]))
            faults_add(faults, "", "%s in the path %s", key->name, key_expected(key->type));
    }
    return faults->count - before;
}

/* Which part of the key a member of an ingest key names, or -1. */
static int key_part(const struct object_info *info, const char *name)
{
    for (int i = 0; i < info->key_count; i++) {
        const struct object_key *key = &info->keys[i];
        for (int j = 0; j < OBJECT_NICKNAMES && key->nicknames[j]; j++) {
            if (strcmp(name, key->nicknames[j]) == 0)
                return i;
        }
        if (strcmp(name, key->name) == 0)
            return i;
    }
    return -1;
}

static void read_key(const struct object_key *key, const json_t *json, const char *pointer,
                     const char **ret_key, struct faults *faults)
{
    const char *s = json_string_value(json);
    if (s && strlen(s) == json_string_length(json) && fields_text_fits(key->type, s))
        *ret_key = arena_strdup(faults->arena, s);
    else
        faults_add(faults, pointer, "%s", key_expected(key->type));
}

static void read_key_object(const struct object_info *info, const json_t *json, const char *pointer,
                            const char *ret_keys[], struct faults *faults)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)json, name, value)
    {
        int part = key_part(info, name);
        if (part < 0)
            faults_add(faults, pointer, "has an unknown part \"%.40s\"", name);
        else
            read_key(&info->keys[part], value, arena_printf(faults->arena, "%s/%s", pointer, name),
                     &ret_keys[part], faults);
    }
}

int object_read_keys(enum object_kind kind, const json_t *json, const char *pointer, const char *ret_keys[],
                     struct faults *faults)
{
    const struct object_info *info = &objects_info[kind];
    int before = faults->count, last = info->key_count - 1;
    for (int i = 0; i < info->key_count; i++)
        ret_keys[i] = NULL;
    if (json_is_object(json))
        read_key_object(info, json, pointer, ret_keys, faults);
    else if (json_is_array(json) && json_array_size(json) == (size_t)info->key_count)
        for (int i = 0; i < info->key_count; i++)
            read_key(&info->keys[i], json_array_get(json, (size_t)i),
                     arena_printf(faults->arena, "%s/%d", pointer, i), &ret_keys[i], faults);
    else if (json_is_string(json) && (info->key_count == 1 || kind == OBJECT_EVENT))
        read_key(&info->keys[last], json, pointer, &ret_keys[last], faults);
    for (int i = 0; i < info->key_count && faults->count == before; i++) {
        if (!ret_keys[i] && (i == last || kind != OBJECT_EVENT))
            faults_add(faults, pointer, "needs \"%s\"", info->keys[i].name);
    }
    return faults->count - before;
}

/* --- bodies --- */

json_t *object_merge(const json_t *target, const json_t *patch)
{
    if (!json_is_object(patch))
        return json_deep_copy(patch);
    json_t *merged = json_is_object(target) ? json_copy((json_t *)target) : json_object();
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)patch, name, value)
    {
        if (json_is_null(value))
            json_object_del(merged, name);
        else
            json_object_set_new(merged, name, object_merge(json_object_get(target, name), value));
    }
    return merged;
}

const char *object_text(const json_t *body, struct arena *arena)
{
    struct value value = value_from_json(arena, body);
    struct buf text = {0};
    value_write(&text, &value);
    const char *copy = arena_strndup(arena, buf_text(&text), text.len);
    buf_free(&text);
    return copy;
}

const char **object_texts(const json_t *body, struct arena *arena, size_t *ret_count)
{
    bool list = json_is_array(body);
    size_t count = list ? json_array_size(body) : 1;
    const char **texts = arena_alloc(arena, count * sizeof(*texts));
    for (size_t i = 0; i < count; i++)
        texts[i] = object_text(list ? json_array_get(body, i) : body, arena);
    *ret_count = count;
    return texts;
}
