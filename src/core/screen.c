#include "screen.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define PHONE_DIGITS 9      /* so many, parted by no more than a sign or two, are a phone number */
#define PHONE_DIGITS_PLUS 7 /* behind a plus */

/* What mail programs make links of without being told. */
static const char *const domains[] = {
    "com", "net", "org", "info", "biz", "shop", "store", "online", "site", "xyz", "top", "link",
    "app", "me",  "io",  "co",   "cc",  "tv",   "eu",    "cn",     "hk",   "tw",  "jp",  "kr",
    "de",  "at",  "ch",  "fr",   "es",  "it",   "pt",    "nl",     "be",   "pl",  "ru",  "uk",
    "us",  "ca",  "au",  "br",   "mx",  "in",   "tr",    "se",     "no",   "dk",  "fi",  "example",
};

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '-' || (unsigned char)c >= 0x80;
}

/* "li.example", "t.17track.net": a point between two names, the last of which is a domain; not "sent.It". */
static const char *find_domain(const char *text, size_t *ret_len)
{
    for (const char *dot = strchr(text, '.'); dot; dot = strchr(dot + 1, '.')) {
        const char *from = dot;
        size_t len = 0;

        while (is_name_char(dot[1 + len]))
            len++;
        if (dot == text || !is_name_char(dot[-1]) ||
            (isupper((unsigned char)dot[1]) && islower((unsigned char)dot[2])))
            continue;
        while (from > text && (is_name_char(from[-1]) || from[-1] == '.'))
            from--;
        for (size_t i = 0; i < sizeof(domains) / sizeof(*domains); i++) {
            if (strncasecmp(dot + 1, domains[i], len) == 0 && domains[i][len] == '\0') {
                *ret_len = (size_t)(dot + 1 + len - from);
                return from;
            }
        }
    }
    return NULL;
}

/* "+86 123 4567", "(0)30/12 34 56 78"; not the digits of "LX123456785CN". */
const char *screen_find_phone(const char *text, size_t *ret_len)
{
    for (const char *at = text; *at; at++) {
        const char *end = at;
        int digits = 0;

        if ((!isdigit((unsigned char)*at) && *at != '+') || (at > text && isalnum((unsigned char)at[-1])))
            continue;
        for (const char *c = at + (*at == '+'); *c && (isdigit((unsigned char)*c) || strchr(" -/().", *c));
             c++) {
            if (isdigit((unsigned char)*c)) {
                digits++;
                end = c;
            } else if (c - end > 2) {
                break;
            }
        }
        if (digits >= (*at == '+' ? PHONE_DIGITS_PLUS : PHONE_DIGITS) && !isalpha((unsigned char)end[1])) {
            *ret_len = (size_t)(end + 1 - at);
            return at;
        }
        if (end > at)
            at = end;
    }
    return NULL;
}

const char *screen_find_link(const char *text, size_t *ret_len)
{
    const char *at = strstr(text, "://");

    if (!at)
        at = strcasestr(text, "www.");
    if (!at)
        return find_domain(text, ret_len);
    while (at > text && !isspace((unsigned char)at[-1]))
        at--;
    *ret_len = strcspn(at, " \t\r\n");
    return at;
}

bool screen_holds_contact(const char *text)
{
    size_t len;

    return strchr(text, '@') || screen_find_link(text, &len) || screen_find_phone(text, &len);
}

static bool withhold(struct value *value)
{
    if (value->type != VALUE_STRING || !screen_holds_contact(value->string))
        return false;
    *value = VALUE_NULL_INIT;
    return true;
}

void screen_facts(struct facts *facts)
{
    bool withheld = facts_flag(facts, FACT_RECORD_WITHHELD);

    for (int fact = 0; fact < FACT_COUNT; fact++) {
        const struct fact_info *info = &facts_info[fact];
        const struct value *list = &facts->slot[fact];

        if (info->free)
            withheld |= withhold(&facts->slot[fact]);
        for (uint32_t i = 0; info->type == FACT_TYPE_LIST && list->type == VALUE_ARRAY && i < list->len;
             i++) {
            for (int field = 0; field < info->field_count; field++) {
                if (info->fields[field].free)
                    withheld |= withhold((struct value *)list->items[i].members[field].value);
            }
        }
    }
    facts_set_flag(facts, FACT_RECORD_WITHHELD, withheld);
}
