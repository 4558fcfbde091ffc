#include "replyd/compose.h"

#include "mem.h"
#include "replyd/bind.h"
#include "replyd/json.h"
#include "replyd/moment.h"
#include "replyd/money.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#define LANGUAGES_MAX 16
#define CURRENCIES_MAX 8
#define DAYS_CACHED 64 /* the days of the orders in hand come again and again */
#define VALUE_MAX 96   /* UTF-16 units of a formatted date, amount or number */

/* ---- values in a language's own form ---- */

struct day_text {
    int32_t day;
    uint8_t len; /* 0: empty */
    char text[63];
};

/* One language's formatters. */
struct forms {
    char language[12];
    const char *locale;
    UDateFormat *date, *time;
    UNumberFormat *number;
    UPluralRules *plurals;
    struct {
        char currency[4];
        UNumberFormat *format;
    } money[CURRENCIES_MAX];
    int money_used; /* the next one to be replaced, modulo */
    struct day_text days[DAYS_CACHED];
};

struct compose_context {
    struct forms *forms[LANGUAGES_MAX];
    int count;
};

struct compose_context *compose_context_new(void)
{
    struct compose_context *context = mem_resize(NULL, sizeof(*context));

    *context = (struct compose_context){.count = 0};
    return context;
}

static void forms_free(struct forms *forms)
{
    udat_close(forms->date);
    udat_close(forms->time);
    unum_close(forms->number);
    uplrules_close(forms->plurals);
    for (int i = 0; i < CURRENCIES_MAX; i++)
        unum_close(forms->money[i].format);
    free(forms);
}

void compose_context_free(struct compose_context *context)
{
    if (!context)
        return;
    for (int i = 0; i < context->count; i++)
        forms_free(context->forms[i]);
    free(context);
}

/* Where the plain language code is not what people across borders read best: days before months and "US$" in
 * English, the digits of tracking numbers in Arabic. */
static const char *locale_of(const char *language)
{
    static const char *const locales[][2] = {{"en", "en_GB"}, {"ar", "ar@numbers=latn"}};

    for (size_t i = 0; i < sizeof(locales) / sizeof(*locales); i++) {
        if (strcmp(locales[i][0], language) == 0)
            return locales[i][1];
    }
    return language;
}

static struct forms *forms_new(const char *language)
{
    struct forms *forms = mem_resize(NULL, sizeof(*forms));
    UErrorCode status = U_ZERO_ERROR;
    const char *locale;

    memset(forms, 0, sizeof(*forms));
    snprintf(forms->language, sizeof(forms->language), "%s", language);
    locale = forms->locale = locale_of(forms->language);
    forms->date = udat_open(UDAT_NONE, UDAT_LONG, locale, u"UTC", -1, NULL, 0, &status);
    forms->time = udat_open(UDAT_SHORT, UDAT_LONG, locale, u"UTC", -1, NULL, 0, &status);
    forms->number = unum_open(UNUM_DECIMAL, NULL, 0, locale, NULL, &status);
    forms->plurals = uplrules_open(locale, &status);
    if (U_FAILURE(status)) /* ICU without its data: nothing can be written */
        mem_fail();
    return forms;
}

/* The last place is given to another language when there are more than places. */
static struct forms *forms_get(struct compose_context *context, const char *language)
{
    for (int i = 0; i < context->count; i++) {
        if (strcmp(context->forms[i]->language, language) == 0)
            return context->forms[i];
    }
    if (context->count == LANGUAGES_MAX)
        forms_free(context->forms[--context->count]);
    return context->forms[context->count++] = forms_new(language);
}

static UNumberFormat *money_form(struct forms *forms, const char *currency)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar code[4] = {0};
    int place;

    for (place = 0; place < CURRENCIES_MAX; place++) {
        if (strcmp(forms->money[place].currency, currency) == 0)
            return forms->money[place].format;
    }
    place = forms->money_used++ % CURRENCIES_MAX;
    unum_close(forms->money[place].format);
    forms->money[place].format = unum_open(UNUM_CURRENCY, NULL, 0, forms->locale, NULL, &status);
    u_charsToUChars(currency, code, 3);
    unum_setTextAttribute(forms->money[place].format, UNUM_CURRENCY_CODE, code, 3, &status);
    if (U_FAILURE(status))
        mem_fail();
    snprintf(forms->money[place].currency, sizeof(forms->money[place].currency), "%s", currency);
    return forms->money[place].format;
}

static size_t to_utf8(const UChar *text, int32_t len, UErrorCode status, char *out, size_t size)
{
    int32_t written = 0;

    if (U_FAILURE(status) || len > VALUE_MAX)
        return 0;
    u_strToUTF8(out, (int32_t)size, &written, text, len, &status);
    return U_FAILURE(status) ? 0 : (size_t)written;
}

static size_t form_day(struct forms *forms, double day, char out[static VALUE_MAX * 3])
{
    struct day_text *cached = &forms->days[(uint32_t)(int32_t)day % DAYS_CACHED];

    if (cached->len == 0 || cached->day != (int32_t)day) {
        UErrorCode status = U_ZERO_ERROR;
        UChar text[VALUE_MAX];
        int32_t len = udat_format(forms->date, day * 86400e3, text, VALUE_MAX, NULL, &status);

        cached->day = (int32_t)day;
        cached->len = (uint8_t)to_utf8(text, len, status, cached->text, sizeof(cached->text));
    }
    memcpy(out, cached->text, cached->len);
    return cached->len;
}

static size_t form_time(const struct forms *forms, double seconds, char out[static VALUE_MAX * 3])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[VALUE_MAX];
    int32_t formatted = udat_format(forms->time, seconds * 1e3, text, VALUE_MAX, NULL, &status);
    size_t len = to_utf8(text, formatted, status, out, VALUE_MAX * 3 - 4);

    memcpy(out + len, " UTC", 4);
    return len + 4;
}

static size_t form_number(const struct forms *forms, double number, char out[static VALUE_MAX * 3])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[VALUE_MAX];
    int32_t len;

    /* Small whole numbers look the same in all our languages. */
    if (number >= 0 && number < 1000 && number == (int)number)
        return (size_t)snprintf(out, VALUE_MAX * 3, "%d", (int)number);
    len = unum_formatDouble(forms->number, number, text, VALUE_MAX, NULL, &status);
    return to_utf8(text, len, status, out, VALUE_MAX * 3);
}

static size_t form_money(struct forms *forms, double minor, const char *currency,
                         char out[static VALUE_MAX * 3])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[VALUE_MAX];
    double amount = minor / pow(10, money_digits(currency));
    int32_t len = unum_formatDouble(money_form(forms, currency), amount, text, VALUE_MAX, NULL, &status);

    return to_utf8(text, len, status, out, VALUE_MAX * 3);
}

/* "to the United States": directly behind a word some English names take an article; "Chicago, United
 * States". */
static bool takes_article(const struct forms *forms, const char *code, uint32_t before)
{
    static const char codes[] = " AE BS CF CK DO FK FO GB GM IM KM KY MH MP MV NL PH SB SC TC US VG VI ";
    const char padded[] = {' ', code[0], code[0] ? code[1] : 0, ' ', 0};

    return strcmp(forms->language, "en") == 0 && before >= 'a' && before <= 'z' && strlen(code) == 2 &&
           strstr(codes, padded);
}

/* `before` is the last character that was written. */
static size_t form_country(const struct forms *forms, const char *code, uint32_t before,
                           char out[static VALUE_MAX * 3])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[VALUE_MAX];
    char locale[16];
    int32_t len;

    snprintf(locale, sizeof(locale), "und_%.3s", code);
    len = uloc_getDisplayCountry(locale, forms->locale, text, VALUE_MAX, &status);
    memcpy(out, "the ", 4);
    if (takes_article(forms, code, before))
        return 4 + to_utf8(text, len, status, out + 4, VALUE_MAX * 3 - 4);
    return to_utf8(text, len, status, out, VALUE_MAX * 3);
}

/* ---- laying text out ---- */

/* What stands between the last byte written and the next one. */
struct layout {
    struct buf *out;
    size_t start;  /* of this text in `out` */
    int line_ends; /* since the last byte */
    bool space, broken, item, at_line_start;
};

static uint32_t decode(const unsigned char *s, size_t len, int *ret_size)
{
    int size = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    uint32_t c = size == 1 ? s[0] : s[0] & (0xffu >> (size + 1));

    if ((size_t)size > len) {
        *ret_size = (int)len;
        return 0;
    }
    for (int i = 1; i < size; i++)
        c = c << 6 | (s[i] & 0x3f);
    *ret_size = size;
    return c;
}

/* Chinese and Japanese put no spaces between words, so none stands for a line's end. */
static bool is_dense(uint32_t c)
{
    return (c >= 0x2e80 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
           (c >= 0xff00 && c <= 0xffef) || (c >= 0x20000 && c <= 0x3ffff);
}

static uint32_t last_char(const struct buf *out, size_t start)
{
    size_t at = out->len;
    int size;

    while (at > start && ((unsigned char)out->data[--at] & 0xc0) == 0x80)
        continue;
    return out->len > start ? decode((unsigned char *)out->data + at, out->len - at, &size) : 0;
}

/* No space stands for a line's end before a sentence's marks, nor in dense scripts. */
static bool joins(const struct layout *layout, uint32_t next)
{
    return (next < 0x80 && next != 0 && strchr(",.;:!?)", (int)next)) || is_dense(next) ||
           is_dense(last_char(layout->out, layout->start));
}

/* Writes what is owed before the next bytes, which begin with `next`. */
static void settle(struct layout *layout, uint32_t next)
{
    bool first = layout->out->len == layout->start;

    if (first)
        ;
    else if (layout->line_ends >= 2)
        buf_adds(layout->out, "\n\n");
    else if (layout->item || layout->broken)
        buf_addc(layout->out, '\n');
    else if (layout->space || (layout->line_ends && !joins(layout, next)))
        buf_addc(layout->out, ' ');
    if (layout->item)
        buf_adds(layout->out, "- ");
    layout->line_ends = 0;
    layout->space = layout->broken = layout->item = layout->at_line_start = false;
}

static void lay_line_end(struct layout *layout)
{
    layout->line_ends++;
    layout->at_line_start = true;
    layout->space = layout->item = false; /* an item without words is none */
}

static bool ends_word(const char *text, const char *end)
{
    return *text == ' ' || *text == '\t' || *text == '\r' || *text == '\n' ||
           (*text == '\\' && text + 1 < end && text[1] == '\n');
}

/* Template text: its line ends, dashes and backslashes mean something. */
static void lay_text(struct layout *layout, const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end) {
        const char *word = text;
        int size;

        if (*text == '\n') {
            lay_line_end(layout);
            text++;
        } else if (*text == ' ' || *text == '\t' || *text == '\r') {
            layout->space |= !layout->at_line_start && !layout->item;
            text++;
        } else if (*text == '\\' && text + 1 < end && text[1] == '\n') {
            layout->broken = true;
            text++;
        } else if (layout->at_line_start && *text == '-' && text + 1 < end && text[1] == ' ') {
            layout->item = true;
            layout->at_line_start = false;
            text += 2;
        } else {
            settle(layout, decode((const unsigned char *)text, (size_t)(end - text), &size));
            do
                text++;
            while (text < end && !ends_word(text, end));
            buf_add(layout->out, word, (size_t)(text - word));
        }
    }
}

/* Controls, line and paragraph separators, and marks that turn the direction of text have no place in a
 * value. */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* A value: one line, which can't look like a list's item or a placeholder. */
static void lay_value(struct layout *layout, const char *text, size_t len)
{
    const char *end = text + len;
    bool begun = false, space = false;

    if (layout->at_line_start || layout->item) {
        while (end - text > 1 && (*text == ' ' || (*text == '-' && text[1] == ' ')))
            text++;
    }
    while (text < end) {
        int size;
        uint32_t c = decode((const unsigned char *)text, (size_t)(end - text), &size);

        if (c == ' ' || is_control(c)) {
            space = true;
        } else if (!((c == '{' || c == '}') && end - text > 1 && text[1] == text[0])) {
            if (!begun)
                settle(layout, c);
            else if (space)
                buf_addc(layout->out, ' ');
            buf_add(layout->out, text, (size_t)size);
            begun = true;
            space = false;
        }
        text += size;
    }
}

/* ---- walking ---- */

struct writer {
    struct forms *forms; /* NULL: a reason for the agent */
    struct forms *english;
    const struct facts *facts;
    const struct mustache_node *body;
    const struct buf *also; /* NULL: none */
    struct layout layout;
    struct {
        int list;
        const struct value *element;
    } place[BIND_DEPTH];
    int depth;
};

static const struct value *value_of(const struct writer *writer, const struct mustache_node *node,
                                    const struct fact_info **ret_info)
{
    int level = bind_level(node);

    if (level == 0) {
        *ret_info = &facts_info[node->slot];
        return &writer->facts->slot[node->slot];
    }
    *ret_info = &facts_info[writer->place[level - 1].list].fields[node->slot];
    return writer->place[level - 1].element->members[node->slot].value;
}

/* Known, and not false, none or empty. */
static bool is_there(const struct fact_info *info, const struct value *value)
{
    switch (value->type) {
    case VALUE_NULL:
        return false;
    case VALUE_BOOL:
        return value->truth;
    case VALUE_NUMBER:
        return info->type != FACT_TYPE_COUNT || value->number != 0;
    default:
        return value->len > 0;
    }
}

static bool plural_is(const struct forms *forms, double number, int plural)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar keyword[16];
    char name[16];
    int32_t len = uplrules_select(forms->plurals, number, keyword, 16, &status);

    if (U_FAILURE(status))
        return plural == PLURAL_OTHER;
    u_UCharsToChars(keyword, name, len);
    return strncmp(name, plural_names[plural], (size_t)len) == 0;
}

static bool is_taken(const struct writer *writer, const struct mustache_node *node)
{
    const struct fact_info *info;
    const struct value *value = value_of(writer, node, &info);
    double count = value->type == VALUE_NUMBER ? value->number : value->len;

    if (value->type == VALUE_NULL)
        return false;
    switch (bind_flag(node)) {
    case BIND_NONE:
        return is_there(info, value);
    case BIND_WORD:
        return strcmp(value->string, info->words[bind_index(node)]) == 0;
    case BIND_PLURAL:
        return plural_is(writer->forms ? writer->forms : writer->english, value->number, bind_index(node));
    case BIND_SINGLE:
        return count == 1;
    case BIND_SEVERAL:
        return count > 1;
    }
    return false;
}

/* For the agent: what a log or a spreadsheet would show. */
static size_t plain_value(const struct fact_info *info, double number, const char *currency,
                          char out[static VALUE_MAX * 3])
{
    char text[32];

    switch (info->type) {
    case FACT_TYPE_DATE:
        return strlen(day_format((day_t)number, out));
    case FACT_TYPE_TIME:
        return strlen(moment_format((moment_t)number * MOMENT_SECOND, out));
    case FACT_TYPE_MONEY:
        return (size_t)sprintf(out, "%s %s", money_format(llround(number), currency, text), currency);
    default:
        return json_number(number, out);
    }
}

static size_t form_value(struct writer *writer, const struct fact_info *info, double number,
                         char out[static VALUE_MAX * 3])
{
    const char *currency = info->currency >= 0 ? facts_text(writer->facts, info->currency) : NULL;

    if (info->type == FACT_TYPE_MONEY && !currency)
        return 0;
    if (!writer->forms)
        return plain_value(info, number, currency, out);
    switch (info->type) {
    case FACT_TYPE_DATE:
        return form_day(writer->forms, number, out);
    case FACT_TYPE_TIME:
        return form_time(writer->forms, number, out);
    case FACT_TYPE_MONEY:
        return form_money(writer->forms, number, currency, out);
    default:
        return form_number(writer->forms, number, out);
    }
}

static void write_variable(struct writer *writer, const struct mustache_node *node)
{
    const struct fact_info *info;
    const struct value *value = value_of(writer, node, &info);
    char text[VALUE_MAX * 3];

    if (value->type == VALUE_NUMBER)
        lay_value(&writer->layout, text, form_value(writer, info, value->number, text));
    else if (value->type == VALUE_STRING && info->type == FACT_TYPE_COUNTRY && writer->forms)
        lay_value(&writer->layout, text,
                  form_country(writer->forms, value->string,
                               last_char(writer->layout.out, writer->layout.start), text));
    else if (value->type == VALUE_STRING)
        lay_value(&writer->layout, value->string, value->len);
}

static void write_nodes(struct writer *writer, const struct mustache_node *first);

static void write_list(struct writer *writer, const struct mustache_node *node)
{
    const struct value *list = &writer->facts->slot[node->slot];

    writer->place[writer->depth++].list = node->slot;
    for (uint32_t i = 0; i < list->len; i++) {
        writer->place[writer->depth - 1].element = &list->items[i];
        write_nodes(writer, node->children);
    }
    writer->depth--;
}

/* Paragraphs that are laid out already. */
static void write_also(struct writer *writer)
{
    if (!writer->also || writer->also->len == 0)
        return;
    settle(&writer->layout, 0);
    buf_add(writer->layout.out, buf_text(writer->also), writer->also->len);
}

/* A partial alone on its line ends it; one in the midst of a line does not. */
static void write_partial(struct writer *writer, const struct mustache_node *node)
{
    struct layout *layout = &writer->layout;

    if (node->slot == BIND_ALSO)
        write_also(writer);
    else
        write_nodes(writer, node->slot == BIND_ISSUE ? writer->body : bind_partial_nodes(node));
    if (layout->line_ends == 0 && (!node->next || node->next->line > node->line))
        lay_line_end(layout);
}

static void write_nodes(struct writer *writer, const struct mustache_node *first)
{
    for (const struct mustache_node *node = first; node; node = node->next) {
        switch (node->kind) {
        case MUSTACHE_TEXT:
            lay_text(&writer->layout, node->text, node->len);
            break;
        case MUSTACHE_VARIABLE:
        case MUSTACHE_RAW:
            write_variable(writer, node);
            break;
        case MUSTACHE_SECTION:
            if (!is_taken(writer, node))
                break;
            if (bind_flag(node) == BIND_NONE && bind_level(node) == 0 &&
                facts_info[node->slot].type == FACT_TYPE_LIST)
                write_list(writer, node);
            else
                write_nodes(writer, node->children);
            break;
        case MUSTACHE_INVERTED:
            if (!is_taken(writer, node))
                write_nodes(writer, node->children);
            break;
        case MUSTACHE_PARTIAL:
            write_partial(writer, node);
            break;
        }
    }
}

static void write_template(struct writer *writer, const struct mustache_node *first, struct buf *out)
{
    writer->layout = (struct layout){.out = out, .start = out->len, .at_line_start = true};
    write_nodes(writer, first);
}

void compose_draft(struct compose_context *context, const struct playbook_template *draft,
                   const struct facts *facts, const struct buf *also, struct buf *subject, struct buf *text)
{
    struct writer writer = {
        .forms = forms_get(context, draft->language), .facts = facts, .body = draft->body, .also = also};

    write_template(&writer, draft->subject, subject);
    write_template(&writer, draft->frame, text);
}

void compose_also(struct compose_context *context, const struct playbook_template *draft,
                  const struct facts *facts, struct buf *out)
{
    struct writer writer = {.forms = forms_get(context, draft->language), .facts = facts};
    size_t before = out->len, start;

    if (before > 0)
        buf_adds(out, "\n\n");
    start = out->len;
    write_template(&writer, draft->also, out);
    if (out->len == start)
        buf_truncate(out, before);
}

void compose_reason(struct compose_context *context, const struct mustache_node *first,
                    const struct facts *facts, int list, int element, struct buf *out)
{
    struct writer writer = {.english = forms_get(context, "en"), .facts = facts};

    if (element >= 0) {
        writer.place[0].list = list;
        writer.place[0].element = &facts->slot[list].items[element];
        writer.depth = 1;
    }
    write_template(&writer, first, out);
}
