#include "replyd/shop.h"

#include "replyd/json.h"

#include <string.h>

/* What drafts and understanding know. */
static const char *const shop_languages[] = {"en", "zh", "de", "fr", "es", "it", "pt", "nl",
                                             "pl", "ru", "tr", "ja", "ko", "ar", NULL};

#define PERCENT(member) .type = FIELD_NUMBER, .max = 100, .offset = offsetof(struct policy, member)
#define COUNT(member, largest) .type = FIELD_COUNT, .max = largest, .offset = offsetof(struct policy, member)

const struct field policy_fields[] = {
    {"currency", .type = FIELD_CURRENCY, .offset = offsetof(struct policy, currency)},
    {"country", .type = FIELD_COUNTRY, .offset = offsetof(struct policy, country)},
    {"fx", .type = FIELD_MAP, .element = FIELD_DECIMAL, .max = POLICY_FX_MAX,
     .offset = offsetof(struct policy, fx)},
    {"languages", .type = FIELD_ARRAY, .element = FIELD_LANGUAGE, .max = 14, .size = sizeof(const char *),
     .offset = offsetof(struct policy, languages)},
    {"signature", .type = FIELD_TEXT, .multiline = true, .max = 1000,
     .offset = offsetof(struct policy, signature)},
    {"payment_methods", .type = FIELD_ARRAY, .element = FIELD_TEXT, .max = 50, .size = sizeof(const char *),
     .offset = offsetof(struct policy, payment_methods)},
    {"cors_origins", .type = FIELD_ARRAY, .element = FIELD_CODE, .max = 50, .size = sizeof(const char *),
     .offset = offsetof(struct policy, cors_origins)},
    {"reship_max", .type = FIELD_MONEY, .offset = offsetof(struct policy, reship_max)},
    {"apology_discount_percent", PERCENT(apology_discount_percent)},
    {"lost_discount_percent", PERCENT(lost_discount_percent)},
    {"partial_refund_percent", PERCENT(partial_refund_percent)},
    {"duty_split_percent", PERCENT(duty_split_percent)},
    {"grace_days", COUNT(grace_days, 365)},
    {"late_reply_hours", COUNT(late_reply_hours, 8760)},
    {"return_window_days", COUNT(return_window_days, 3650)},
    {"handling_days", COUNT(handling_days, 365)},
    /* stored by read_refund_days() */
    {"refund_days", .type = FIELD_ARRAY, .element = FIELD_COUNT, .min = 2, .max = 2},
    {"investigation_days", COUNT(investigation_days, 365)},
    {"document_hours", COUNT(document_hours, 8760)},
    {"low_stock", COUNT(low_stock, 1000000)},
    {"review_invite_after_days", COUNT(review_invite_after_days, 365)},
    {"price_adjustment_days", COUNT(price_adjustment_days, 365)},
    {"unclear_below", .type = FIELD_NUMBER, .min = 0, .max = 1,
     .offset = offsetof(struct policy, unclear_below)},
    {"full_refund_if_not_as_described", .type = FIELD_FLAG,
     .offset = offsetof(struct policy, full_refund_if_not_as_described)},
    {NULL},
};

void policy_defaults(struct policy *policy)
{
    *policy = (struct policy){
        .currency = "USD",
        .apology_discount_percent = 5,
        .lost_discount_percent = 10,
        .partial_refund_percent = 20,
        .duty_split_percent = 50,
        .grace_days = 7,
        .late_reply_hours = 24,
        .return_window_days = 30,
        .handling_days = 3,
        .refund_days = {5, 10},
        .investigation_days = 3,
        .document_hours = 24,
        .low_stock = 5,
        .review_invite_after_days = 3,
        .price_adjustment_days = 0,
        .unclear_below = 0.5,
        .full_refund_if_not_as_described = true,
    };
}

/* --- reading --- */

static void check_languages(const struct field_array *languages, struct faults *faults)
{
    for (size_t i = 0; i < languages->count; i++) {
        const char *language = ((const char *const *)languages->items)[i];
        const char *const *known = shop_languages;
        while (language && *known && strcmp(*known, language) != 0)
            known++;
        if (!language || *known)
            continue;
        char pointer[40];
        snprintf(pointer, sizeof(pointer), "/languages/%zu", i);
        faults_add(faults, pointer, "must be one of: en, zh, de, fr, es, it, pt, nl, pl, ru, tr, ja, ko, ar");
    }
}

/* The bytes of the host that begins here, 0 if there is none: a name, or an IPv6 address in brackets. */
static size_t host_len(const char *s)
{
    if (*s != '[')
        return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-");
    size_t len = 1 + strspn(s + 1, "0123456789abcdef:.");
    return len > 2 && s[len] == ']' ? len + 1 : 0;
}

/* "https://shop.example:8443", as browsers send it: no path, no user, never "*" or "null". */
static bool is_origin(const char *s)
{
    size_t scheme = strncmp(s, "https://", 8) == 0 ? 8 : strncmp(s, "http://", 7) == 0 ? 7 : 0;
    size_t host = scheme ? host_len(s + scheme) : 0;
    const char *port = s + scheme + host;
    if (host == 0 || *port == '\0')
        return host > 0;
    size_t digits = strspn(port + 1, "0123456789");
    return *port == ':' && digits >= 1 && digits <= 5 && port[1 + digits] == '\0';
}

static void check_origins(const struct field_array *origins, struct faults *faults)
{
    for (size_t i = 0; i < origins->count; i++) {
        const char *origin = ((const char *const *)origins->items)[i];
        if (!origin || is_origin(origin))
            continue;
        char pointer[40];
        snprintf(pointer, sizeof(pointer), "/cors_origins/%zu", i);
        faults_add(
            faults, pointer,
            "must be an origin in lower case such as \"https://shop.example\", without a path, never \"*\"");
    }
}

static void check_fx(const json_t *fx, struct faults *faults)
{
    const char *currency;
    json_t *rate;
    json_object_foreach((json_t *)fx, currency, rate)
    {
        if (fields_text_fits(FIELD_CURRENCY, currency))
            continue;
        /* the key itself may hold what a pointer must escape; its place is enough */
        faults_add(faults, "/fx", "\"%.40s\" is no ISO 4217 currency", currency);
    }
}

static void read_refund_days(const json_t *days, struct policy *policy, struct faults *faults)
{
    const json_t *first = json_array_get(days, 0), *last = json_array_get(days, 1);
    if (json_array_size(days) != 2 || !json_is_integer(first) || !json_is_integer(last))
        return;
    int64_t from = json_integer_value(first), to = json_integer_value(last);
    if (from < 0 || to > 365 || from > to) {
        faults_add(faults, "/refund_days", "must be two numbers of days from 0 to 365, the smaller first");
        return;
    }
    policy->refund_days[0] = from;
    policy->refund_days[1] = to;
}

int policy_read(const json_t *body, struct policy *policy, struct faults *faults)
{
    int before = faults->count;
    struct policy read = *policy;
    fields_read(policy_fields, body, "", &read, faults);
    check_languages(&read.languages, faults);
    check_origins(&read.cors_origins, faults);
    check_fx(read.fx, faults);
    read_refund_days(json_object_get(body, "refund_days"), &read, faults);
    if (faults->count == before)
        *policy = read;
    return faults->count - before;
}

/* --- writing --- */

static void write_texts(struct buf *out, const struct field_array *texts)
{
    json_array_begin(out);
    for (size_t i = 0; i < texts->count; i++)
        json_put_string(out, ((const char *const *)texts->items)[i]);
    json_array_end(out);
}

static void write_fx(struct buf *out, const json_t *fx)
{
    const char *currency;
    json_t *rate;
    json_object_begin(out);
    json_object_foreach((json_t *)fx, currency, rate) json_kstring(out, currency, json_string_value(rate));
    json_object_end(out);
}

static void write_reship_max(struct buf *out, const struct policy *policy)
{
    const struct money *max = &policy->reship_max;
    if (max->currency[0]) {
        money_write(max->minor, max->currency, out);
        return;
    }
    int64_t minor;
    if (money_parse("30.00", policy->currency, &minor) == 0)
        money_write(minor, policy->currency, out);
    else
        json_put_null(out);
}

/* What needs a writer of its own; the rest is written by its type. */
static bool write_special(struct buf *out, const char *name, const struct policy *policy)
{
    if (strcmp(name, "fx") == 0)
        write_fx(out, policy->fx);
    else if (strcmp(name, "reship_max") == 0)
        write_reship_max(out, policy);
    else if (strcmp(name, "refund_days") == 0)
        buf_addf(out, "[%d,%d]", (int)policy->refund_days[0], (int)policy->refund_days[1]);
    else
        return false;
    return true;
}

static void write_plain(struct buf *out, const struct field *field, const void *at)
{
    switch (field->type) {
    case FIELD_COUNT:
        json_put_int(out, *(const int64_t *)at);
        break;
    case FIELD_NUMBER:
        json_put_double(out, *(const double *)at);
        break;
    case FIELD_FLAG:
        json_put_bool(out, *(const bool *)at);
        break;
    case FIELD_ARRAY:
        write_texts(out, at);
        break;
    default:
        json_put_string(out, *(const char *const *)at);
    }
}

void policy_write(const struct policy *policy, struct buf *out)
{
    json_object_begin(out);
    for (const struct field *field = policy_fields; field->name; field++) {
        json_key(out, field->name);
        if (!write_special(out, field->name, policy))
            write_plain(out, field, (const char *)policy + field->offset);
    }
    json_object_end(out);
}
