#include "replyd/fields.h"

#include "replyd/moment.h"
#include "replyd/money.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TEXT_MAX 500
#define CODE_MAX 200
#define ELEMENTS_MAX 1000

/* Where the walk is. Pointers are written only when there is a fault to tell. */
struct place {
    const struct place *up; /* NULL: the top */
    const char *name;       /* the member; at the top the body's pointer; NULL: an array's element */
    size_t index;
};

void faults_init(struct faults *faults, struct arena *arena)
{
    *faults = (struct faults){.arena = arena};
    faults->last = &faults->first;
}

__attribute__((format(printf, 3, 0), nonnull(3))) static void
faults_keep(struct faults *faults, const char *pointer, const char *format, va_list args)
{
    struct fault *fault = arena_zalloc(faults->arena, sizeof(*fault));
    fault->pointer = arena_strdup(faults->arena, pointer);
    fault->detail = arena_vprintf(faults->arena, format, args);
    *faults->last = fault;
    faults->last = &fault->next;
}

void faults_add(struct faults *faults, const char *pointer, const char *format, ...)
{
    if (faults->count++ >= FAULTS_MAX)
        return;
    va_list args;
    va_start(args, format);
    faults_keep(faults, pointer, format, args);
    va_end(args);
}

/* RFC 6901: "~" is written ~0 and "/" ~1. */
static void place_write(const struct place *place, struct buf *out)
{
    if (!place->up) {
        buf_adds(out, place->name);
        return;
    }
    place_write(place->up, out);
    buf_addc(out, '/');
    if (!place->name) {
        buf_addf(out, "%zu", place->index);
        return;
    }
    for (const char *c = place->name; *c; c++) {
        if (*c == '~' || *c == '/')
            buf_adds(out, *c == '~' ? "~0" : "~1");
        else
            buf_addc(out, *c);
    }
}

__attribute__((format(printf, 3, 4))) static void fault_at(struct faults *faults, const struct place *place,
                                                           const char *format, ...)
{
    if (faults->count++ >= FAULTS_MAX)
        return;
    struct buf pointer = {0};
    place_write(place, &pointer);
    va_list args;
    va_start(args, format);
    faults_keep(faults, buf_text(&pointer), format, args);
    va_end(args);
    buf_free(&pointer);
}

/* --- texts --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z');
}

/* Characters, of text that is valid UTF-8: jansson takes no other. */
static size_t text_chars(const char *s, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)s[i] & 0xc0) != 0x80;
    return count;
}

/* C0, DEL, and in UTF-8 C1 (c2 80 to c2 9f) and the line and paragraph separators (e2 80 a8, a9). */
static bool is_control(const char *s)
{
    const unsigned char *u = (const unsigned char *)s;
    return u[0] < 0x20 || u[0] == 0x7f || (u[0] == 0xc2 && u[1] < 0xa0) ||
           (u[0] == 0xe2 && u[1] == 0x80 && (u[2] == 0xa8 || u[2] == 0xa9));
}

/* No control characters but those in `allowed`. */
static bool is_printable(const char *s, const char *allowed)
{
    for (; *s; s++) {
        if (is_control(s) && !strchr(allowed, *s))
            return false;
    }
    return true;
}

/* The bytes of the white space that begins here, 0 if there is none: ASCII's, no-break and ideographic. */
static size_t space_len(const char *s)
{
    if (*s == ' ' || (*s >= '\t' && *s <= '\r'))
        return 1;
    if (strncmp(s, "\xc2\xa0", 2) == 0)
        return 2;
    return strncmp(s, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

static bool is_blank(const char *s)
{
    while (space_len(s) > 0)
        s += space_len(s);
    return *s == '\0';
}

static bool ends_with_space(const char *s, size_t len)
{
    for (size_t back = 1; back <= 3 && back <= len; back++) {
        if (space_len(s + len - back) == back)
            return true;
    }
    return false;
}

static bool text_fits(const char *s, size_t len)
{
    (void)len;
    return is_printable(s, "") && !is_blank(s);
}

static bool lines_fit(const char *s, size_t len)
{
    (void)len;
    return is_printable(s, "\r\n\t");
}

static bool prose_fits(const char *s, size_t len)
{
    (void)s;
    (void)len;
    return true;
}

static bool code_fits(const char *s, size_t len)
{
    return is_printable(s, "") && space_len(s) == 0 && !ends_with_space(s, len);
}

static bool decimal_fits(const char *s, size_t len)
{
    (void)len;
    bool positive = false;
    int points = 0;
    for (size_t i = 0; s[i]; i++) {
        bool point = s[i] == '.' && i > 0 && is_digit(s[i + 1]) && points++ == 0;
        if (!point && !is_digit(s[i]))
            return false;
        positive = positive || (s[i] >= '1' && s[i] <= '9');
    }
    return positive;
}

static bool currency_fits(const char *s, size_t len)
{
    (void)len;
    return money_digits(s) >= 0;
}

/* ISO 3166-1 alpha-2, and XK, which posts and the EU use for Kosovo. */
static bool country_fits(const char *s, size_t len)
{
    static const char countries[] = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI "
                                    "BJ BL BM BN BO BQ BR BS BT BV "
                                    "BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ "
                                    "DK DM DO DZ EC EE EG EH ER ES "
                                    "ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU "
                                    "GW GY HK HM HN HR HT HU ID IE "
                                    "IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA "
                                    "LB LC LI LK LR LS LT LU LV LY "
                                    "MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA "
                                    "NC NE NF NG NI NL NO NP NR NU "
                                    "NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB "
                                    "SC SD SE SG SH SI SJ SK SL SM "
                                    "SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
                                    "TZ UA UG UM US UY UZ VA VC VE "
                                    "VG VI VN VU WF WS XK YE YT ZA ZM ZW ";
    if (len != 2)
        return false;
    for (const char *country = countries; *country; country += 3) {
        if (memcmp(country, s, 2) == 0)
            return true;
    }
    return false;
}

/* The shape of RFC 5646: a language of two or three letters, then subtags of up to eight letters and digits;
 * one of a single character announces another. */
static bool language_fits(const char *s, size_t len)
{
    (void)len;
    size_t primary = 0;
    while (is_letter(s[primary]))
        primary++;
    if (primary < 2 || primary > 3)
        return false;
    s += primary;
    bool complete = true;
    while (*s == '-') {
        size_t subtag = 0;
        while (is_letter(s[1 + subtag]) || is_digit(s[1 + subtag]))
            subtag++;
        if (subtag < 1 || subtag > 8)
            return false;
        complete = subtag > 1;
        s += 1 + subtag;
    }
    return *s == '\0' && complete;
}

/* One @ with something on both sides; nothing that would end an address in a header or a list of recipients.
 */
static bool email_fits(const char *s, size_t len)
{
    const char *at = strchr(s, '@');
    if (!at || strchr(at + 1, '@') || at == s || at - s > 64 || len > 254)
        return false;
    const char *domain = at + 1;
    return is_printable(s, "") && !strpbrk(s, " \"(),:;<>[\\]") && !strstr(s, "\xc2\xa0") && *domain &&
           *domain != '.' && *domain != '-' && s[len - 1] != '.' && !strstr(s, "..") && *s != '.' &&
           at[-1] != '.';
}

/* http or https and a host. No user name: a link to be sent to a buyer must not look like another's. */
static bool url_fits(const char *s, size_t len)
{
    (void)len;
    size_t scheme = strncasecmp(s, "https://", 8) == 0 ? 8 : strncasecmp(s, "http://", 7) == 0 ? 7 : 0;
    size_t host = scheme ? strcspn(s + scheme, "/?#") : 0;
    return host > 0 && s[scheme] != ':' && !memchr(s + scheme, '@', host) && is_printable(s, "") &&
           !strpbrk(s, " \"<>\\^`{|}");
}

static const struct text_kind {
    bool (*fits)(const char *s, size_t len);
    size_t max;
    const char *expected;
} text_kinds[FIELD_TYPE_COUNT] = {
    [FIELD_TEXT] = {text_fits, TEXT_MAX, "must be one line that is not blank, without control characters"},
    [FIELD_PROSE] = {prose_fits, TEXT_MAX, "must be a text"},
    [FIELD_CODE] = {code_fits, CODE_MAX, "must not have control characters, or spaces around it"},
    [FIELD_DECIMAL] = {decimal_fits, 20, "must be a decimal number above 0 such as \"1.08\""},
    [FIELD_CURRENCY] = {currency_fits, 3, "must be an ISO 4217 currency in upper case such as \"USD\""},
    [FIELD_COUNTRY] = {country_fits, 2, "must be an ISO 3166-1 country in upper case such as \"US\""},
    [FIELD_LANGUAGE] = {language_fits, 35, "must be a BCP 47 language such as \"en\" or \"pt-BR\""},
    [FIELD_EMAIL] = {email_fits, 254, "must be an e-mail address such as \"nancy@example.org\""},
    [FIELD_URL] = {url_fits, 2000, "must be an http or https address without spaces"},
};
static const struct text_kind lines_kind = {lines_fit, TEXT_MAX,
                                            "must not have control characters but line ends and tabs"};

bool fields_text_fits(enum field_type type, const char *text)
{
    const struct text_kind *kind = &text_kinds[type];
    size_t len = strlen(text);
    return len > 0 && text_chars(text, len) <= kind->max && kind->fits(text, len);
}

/* --- one reader for each type; `out` NULL: only checked --- */

typedef void read_fn(const struct field *field, const json_t *json, const struct place *place, void *out,
                     struct faults *faults);

static void read_table(const struct field *fields, const json_t *json, const struct place *place, void *out,
                       struct faults *faults);

static void read_text(const struct field *field, const json_t *json, const struct place *place, void *out,
                      struct faults *faults)
{
    const struct text_kind *kind =
        field->type == FIELD_TEXT && field->multiline ? &lines_kind : &text_kinds[field->type];
    if (!json_is_string(json)) {
        fault_at(faults, place, "must be a string");
        return;
    }
    const char *s = json_string_value(json);
    size_t len = json_string_length(json), chars = text_chars(s, len);
    size_t max = field->max > 0 ? (size_t)field->max : kind->max;
    if (len == 0) {
        bool may_be_empty = (field->multiline || field->type == FIELD_PROSE) && !field->required;
        if (!may_be_empty)
            fault_at(faults, place, "must not be empty");
    } else if (memchr(s, '\0', len)) {
        fault_at(faults, place, "must not have a NUL character");
    } else if (chars > max) {
        fault_at(faults, place, "must have at most %zu characters, not %zu", max, chars);
    } else if (!kind->fits(s, len)) {
        fault_at(faults, place, "%s", kind->expected);
    } else if (out) {
        *(const char **)out = arena_strndup(faults->arena, s, len);
    }
}

static void read_word(const struct field *field, const json_t *json, const struct place *place, void *out,
                      struct faults *faults)
{
    const char *word = json_string_value(json);
    for (int i = 0; word && field->words[i]; i++) {
        if (strcmp(field->words[i], word) == 0 && strlen(word) == json_string_length(json)) {
            if (out)
                *(int *)out = i;
            return;
        }
    }
    struct buf list = {0};
    for (const char *const *each = field->words; *each; each++)
        buf_addf(&list, "%s%s", each == field->words ? "" : ", ", *each);
    fault_at(faults, place, "must be one of: %s", buf_text(&list));
    buf_free(&list);
}

static void read_flag(const struct field *field, const json_t *json, const struct place *place, void *out,
                      struct faults *faults)
{
    (void)field;
    if (!json_is_boolean(json))
        fault_at(faults, place, "must be true or false");
    else if (out)
        *(bool *)out = json_is_true(json);
}

static bool in_range(const struct field *field, double value)
{
    return (field->min == 0 && field->max == 0) || (value >= field->min && value <= field->max);
}

static void fault_number(const struct field *field, const char *what, const struct place *place,
                         struct faults *faults)
{
    if (field->min == 0 && field->max == 0)
        fault_at(faults, place, "must be %s", what);
    else
        fault_at(faults, place, "must be %s from %.15g to %.15g", what, field->min, field->max);
}

static void read_count(const struct field *field, const json_t *json, const struct place *place, void *out,
                       struct faults *faults)
{
    int64_t value = json_integer_value(json);
    if (!json_is_integer(json) || !in_range(field, (double)value))
        fault_number(field, "a whole number", place, faults);
    else if (out)
        *(int64_t *)out = value;
}

static void read_number(const struct field *field, const json_t *json, const struct place *place, void *out,
                        struct faults *faults)
{
    double value = json_number_value(json);
    if (!json_is_number(json) || !in_range(field, value))
        fault_number(field, "a number", place, faults);
    else if (out)
        *(double *)out = value;
}

struct money_body {
    const char *amount, *currency;
};
static const struct field money_fields[] = {
    {"amount", .type = FIELD_CODE, .required = true, .max = 30,
     .offset = offsetof(struct money_body, amount)},
    {"currency", .type = FIELD_CURRENCY, .required = true, .offset = offsetof(struct money_body, currency)},
    {NULL},
};

static void read_money(const struct field *field, const json_t *json, const struct place *place, void *out,
                       struct faults *faults)
{
    struct money_body body = {0};
    struct money money;
    int before = faults->count;
    if (!json_is_object(json)) {
        fault_at(faults, place, "must be money such as {\"amount\": \"12.50\", \"currency\": \"USD\"}");
        return;
    }
    read_table(money_fields, json, place, &body, faults);
    if (faults->count > before)
        return;
    struct place amount = {.up = place, .name = "amount"};
    int digits = money_digits(body.currency);
    if (money_parse(body.amount, body.currency, &money.minor) < 0) {
        char largest[32];
        fault_at(faults, &amount,
                 "must be a decimal number with at most %d digits behind the point, up to %s", digits,
                 money_format(MONEY_MINOR_MAX, body.currency, largest));
    } else if (money.minor < 0 && field->min >= 0) {
        fault_at(faults, &amount, "must not be negative");
    } else if (out) {
        memcpy(money.currency, body.currency, sizeof(money.currency));
        *(struct money *)out = money;
    }
}

static void read_time(const struct field *field, const json_t *json, const struct place *place, void *out,
                      struct faults *faults)
{
    const char *s = json_is_string(json) ? json_string_value(json) : "";
    size_t len = json_is_string(json) ? json_string_length(json) : 0;
    bool day_fits = field->type != FIELD_TIME;
    moment_t moment;
    day_t day;
    if (day_fits && day_parse(s, len, &day) == 0)
        moment = field->type == FIELD_DAY_END ? day_end(day) : day_start(day);
    else if (moment_parse(s, len, &moment) < 0) {
        fault_at(faults, place,
                 "must be %sa time such as \"2026-03-02T09:14:00Z\", in the years 1900 to 2199",
                 day_fits ? "a date such as \"2026-03-02\" or " : "");
        return;
    }
    if (out)
        *(moment_t *)out = moment;
}

static void read_object(const struct field *field, const json_t *json, const struct place *place, void *out,
                        struct faults *faults)
{
    read_table(field->fields, json, place, out, faults);
}

static void read_element(const struct field *field, const json_t *json, const struct place *place, void *out,
                         struct faults *faults);

/* How many elements there may be; false: a fault was added. */
static bool size_fits(const struct field *field, size_t count, const struct place *place,
                      struct faults *faults)
{
    size_t min = (size_t)field->min, max = field->max > 0 ? (size_t)field->max : ELEMENTS_MAX;
    if (count >= min && count <= max)
        return true;
    if (min == max)
        fault_at(faults, place, "must have %zu elements, not %zu", max, count);
    else
        fault_at(faults, place, "must have %zu to %zu elements, not %zu", min, max, count);
    return false;
}

static void read_array(const struct field *field, const json_t *json, const struct place *place, void *out,
                       struct faults *faults)
{
    if (!json_is_array(json)) {
        fault_at(faults, place, "must be an array");
        return;
    }
    size_t count = json_array_size(json);
    if (!size_fits(field, count, place, faults))
        return;
    bool stored = out && field->size > 0;
    char *items = stored ? arena_zalloc(faults->arena, count * field->size) : NULL;
    for (size_t i = 0; i < count; i++) {
        struct place at = {.up = place, .index = i};
        read_element(field, json_array_get(json, i), &at, stored ? items + i * field->size : NULL, faults);
    }
    if (stored)
        *(struct field_array *)out = (struct field_array){.items = items, .count = count};
}

static void read_map(const struct field *field, const json_t *json, const struct place *place, void *out,
                     struct faults *faults)
{
    if (!json_is_object(json)) {
        fault_at(faults, place, "must be an object");
        return;
    }
    if (!size_fits(field, json_object_size(json), place, faults))
        return;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)json, key, value)
    {
        struct place at = {.up = place, .name = key};
        read_element(field, value, &at, NULL, faults);
    }
    if (out)
        *(const json_t **)out = json;
}

static void read_any(const struct field *field, const json_t *json, const struct place *place, void *out,
                     struct faults *faults)
{
    (void)field;
    (void)place;
    (void)faults;
    if (out)
        *(const json_t **)out = json;
}

static read_fn *const readers[FIELD_TYPE_COUNT] = {
    [FIELD_TEXT] = read_text,     [FIELD_PROSE] = read_text,     [FIELD_CODE] = read_text,
    [FIELD_WORD] = read_word,     [FIELD_FLAG] = read_flag,      [FIELD_COUNT] = read_count,
    [FIELD_NUMBER] = read_number, [FIELD_MONEY] = read_money,    [FIELD_DECIMAL] = read_text,
    [FIELD_CURRENCY] = read_text, [FIELD_COUNTRY] = read_text,   [FIELD_LANGUAGE] = read_text,
    [FIELD_EMAIL] = read_text,    [FIELD_URL] = read_text,       [FIELD_TIME] = read_time,
    [FIELD_DAY_END] = read_time,  [FIELD_DAY_START] = read_time, [FIELD_OBJECT] = read_object,
    [FIELD_ARRAY] = read_array,   [FIELD_ANY] = read_any,        [FIELD_MAP] = read_map,
};

/* An element has no row of its own: an object of the array's table, or a value of its `element` type. */
static void read_element(const struct field *field, const json_t *json, const struct place *place, void *out,
                         struct faults *faults)
{
    struct field element = {.type = field->fields ? FIELD_OBJECT : field->element,
                            .words = field->words,
                            .fields = field->fields};
    readers[element.type](&element, json, place, out, faults);
}

/* --- the table --- */

/* One letter more, less, other, or two swapped. */
static bool one_edit_away(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    if (!*a && !*b)
        return false;
    return (*a && strcmp(a + 1, b) == 0) || (*b && strcmp(a, b + 1) == 0) ||
           (*a && *b && strcmp(a + 1, b + 1) == 0) ||
           (*a && *b && a[0] == b[1] && a[1] == b[0] && strcmp(a + 2, b + 2) == 0);
}

/* The same but for case, "_" and "-": orderNumber, Order-Number. */
static bool same_letters(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, "_-");
        b += strspn(b, "_-");
        if (!*a || !*b)
            return *a == *b;
        if (strncasecmp(a++, b++, 1) != 0)
            return false;
    }
}

static void fault_unknown(const struct field *fields, const char *name, const struct place *place,
                          struct faults *faults)
{
    struct place at = {.up = place, .name = name};
    const struct field *near = fields;
    while (near->name && !same_letters(near->name, name) && !one_edit_away(near->name, name))
        near++;
    if (near->name)
        fault_at(faults, &at, "unknown field; did you mean \"%s\"?", near->name);
    else
        fault_at(faults, &at, "unknown field");
}

static bool known(const struct field *fields, const char *name)
{
    while (fields->name && strcmp(fields->name, name) != 0)
        fields++;
    return fields->name != NULL;
}

static void read_table(const struct field *fields, const json_t *json, const struct place *place, void *out,
                       struct faults *faults)
{
    if (!json_is_object(json)) {
        fault_at(faults, place, "must be an object");
        return;
    }
    size_t seen = 0;
    for (const struct field *field = fields; field->name; field++) {
        const json_t *value = json_object_get(json, field->name);
        struct place at = {.up = place, .name = field->name};
        seen += value != NULL;
        if (value && !json_is_null(value))
            readers[field->type](field, value, &at, out ? (char *)out + field->offset : NULL, faults);
        else if (field->required)
            fault_at(faults, &at, "is required");
    }
    if (seen == json_object_size(json))
        return;
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)json, name, value)
    {
        if (!known(fields, name))
            fault_unknown(fields, name, place, faults);
    }
}

int fields_read(const struct field *fields, const json_t *json, const char *pointer, void *out,
                struct faults *faults)
{
    int before = faults->count;
    struct place top = {.name = pointer};
    read_table(fields, json, &top, out, faults);
    return faults->count - before;
}
