#include "replyd/guard.h"

#include "replyd/playbook.h"
#include "screen.h"

#include <ctype.h>
#include <string.h>

#define GAP_WORDS 5     /* that ".." in a phrase stands for, at the most */
#define EXCERPT_MAX 300 /* bytes of a sentence that a warning shows */
#define LINE_WRAPPED 50 /* a line of so many bytes goes on in the next one */
#define MASKED '\x01'   /* stands for each byte of what the record names */

struct sentence {
    const char *at; /* in the text */
    size_t len;
    const char *plain; /* lower case, straight quotes, one space between words, the record's names masked */
};

struct text {
    const char *whole;  /* subject and text */
    const char *masked; /* the same, what the record names masked; as long as the whole */
    struct sentence *sentences;
    int count;
};

struct hit {
    const struct text *text;
    const struct guard_rule *rule;
    struct guard_warnings *warnings;
};

/* ---- warnings ---- */

void guard_warn(struct guard_warnings *warnings, const char *rule, const char *excerpt, const char *detail)
{
    for (int i = 0; i < warnings->count; i++) {
        if (strcmp(warnings->list[i].rule, rule) == 0 && strcmp(warnings->list[i].excerpt, excerpt) == 0 &&
            (*excerpt || strcmp(warnings->list[i].detail, detail) == 0))
            return;
    }
    if (warnings->count < GUARD_WARNINGS_MAX)
        warnings->list[warnings->count++] = (struct guard_warning){rule, excerpt, detail};
}

static const char *excerpt_of(const struct sentence *sentence, struct arena *arena)
{
    size_t len = sentence->len;

    if (len > EXCERPT_MAX) {
        len = EXCERPT_MAX;
        while (len > 0 && ((unsigned char)sentence->at[len] & 0xC0) == 0x80)
            len--;
    }
    return arena_strndup(arena, sentence->at, len);
}

static void warn_sentence(const struct hit *hit, int i)
{
    guard_warn(hit->warnings, hit->rule->code, excerpt_of(&hit->text->sentences[i], hit->warnings->arena),
               hit->rule->detail);
}

/* The sentence that holds the byte. */
static void warn_at(const struct hit *hit, size_t offset)
{
    for (int i = 0; i < hit->text->count; i++) {
        size_t from = (size_t)(hit->text->sentences[i].at - hit->text->whole);

        if (offset >= from && offset < from + hit->text->sentences[i].len) {
            warn_sentence(hit, i);
            return;
        }
    }
    guard_warn(hit->warnings, hit->rule->code, "", hit->rule->detail);
}

/* ---- the text ---- */

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* What the record names is what it is, whatever its words are: a "Gift Card Holder" is no gift card. */
static const enum fact names[] = {
    FACT_ORDER_NUMBER,
    FACT_ORDER_ASKED_NUMBER,
    FACT_SHIPMENT_NUMBER,
    FACT_RETURN_TRACKING_NUMBER,
    FACT_ORDER_ITEMS,
    FACT_ORDER_ITEM_NAME,
    FACT_PRODUCT_NAME,
    FACT_PRODUCT_SKU,
    FACT_SHOP_NAME,
    FACT_AGENT_NAME,
    FACT_BUYER_NAME,
    FACT_BUYER_FIRST_NAME,
    FACT_CUSTOMER_NAME,
    FACT_ORDER_ADDRESS,
    FACT_MESSAGE_NEW_ADDRESS,
    FACT_CUSTOMER_LAST_ITEM,
    FACT_PROMOTION_ITEM,
    FACT_WANTED_VARIANT,
    FACT_WANTED_OTHERS,
    FACT_PRODUCT_ALTERNATIVES,
    FACT_PRODUCT_VARIANTS,
    FACT_PARCELS,
    FACT_SHIPMENT_CONTENTS,
    FACT_CUSTOMER_UNPAID_ORDERS,
    FACT_HOLIDAY_NAME,
    FACT_CALENDAR_NAME,
    FACT_SHIPMENT_PICKUP_POINT,
    FACT_SHIPMENT_SIGNED_BY,
    FACT_MESSAGE_TRACKING_NUMBER,
    FACT_SHIPMENT_SERVICE,
    FACT_SHIPMENT_CARRIER,
    FACT_ORDER_SHIPPING_METHOD,
    FACT_METHODS,
    FACT_POLICY_PAYMENT_METHODS,
    FACT_DUTY_DOCUMENTS,
    FACT_DISPUTE_REASON,
};

static void mask_value(char *masked, const struct value *value)
{
    size_t len;

    if (value->type != VALUE_STRING || (len = strlen(value->string)) < 3)
        return;
    for (char *at = strstr(masked, value->string); at; at = strstr(at, value->string)) {
        bool within = (at > masked && is_name_byte(at[-1])) || is_name_byte(at[len]);

        if (!within)
            memset(at, MASKED, len);
        at += len;
    }
}

static void mask_names(char *masked, const struct facts *facts)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const struct value *value = &facts->slot[names[i]];

        mask_value(masked, value);
        for (uint32_t k = 0; value->type == VALUE_ARRAY && k < value->len; k++) {
            for (int field = 0; field < facts_info[names[i]].field_count; field++) {
                if (facts_info[names[i]].fields[field].type == FACT_TYPE_TEXT)
                    mask_value(masked, value->items[k].members[field].value);
            }
        }
    }
}

/* Lower case, ' for typographic ones, " likewise, one space between words. */
static const char *plain_of(const char *s, size_t len, struct arena *arena)
{
    char *plain = arena_alloc(arena, len + 1), *out = plain;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];

        if (c == 0xE2 && i + 2 < len && (unsigned char)s[i + 1] == 0x80) {
            unsigned char sign = (unsigned char)s[i + 2];

            if (sign == 0x98 || sign == 0x99)
                c = '\'';
            else if (sign == 0x9C || sign == 0x9D || sign == 0x9E)
                c = '"';
            else if (sign == 0x90 || sign == 0x91)
                c = '-';
            else
                c = ' ';
            i += 2;
        } else if (c == 0xC2 && i + 1 < len && (unsigned char)s[i + 1] == 0xA0) {
            c = ' ';
            i++;
        }
        if (isspace(c)) {
            if (out > plain && out[-1] != ' ')
                *out++ = ' ';
        } else {
            *out++ = (char)tolower(c);
        }
    }
    *out = '\0';
    return plain;
}

/* Behind a mark that ends a sentence: quotes and brackets belong to it; what goes on without a space does
 * not end it, nor does "e.g." or "No. 5". */
static size_t sentence_end(const char *text, size_t at)
{
    size_t end = at + 1;

    while (text[end] == '"' || text[end] == ')' || text[end] == '\'' || text[end] == '!' ||
           text[end] == '?' || text[end] == '.')
        end++;
    while (strncmp(text + end, "\u201d", 3) == 0 || strncmp(text + end, "\u2019", 3) == 0)
        end += 3;
    if (text[end] != '\0' && !isspace((unsigned char)text[end]))
        return 0;
    if (text[at] == '.' && text[end] == ' ' &&
        (islower((unsigned char)text[end + 1]) ||
         (at >= 2 && strncasecmp(text + at - 2, "no", 2) == 0 && isdigit((unsigned char)text[end + 1]))))
        return 0;
    return end;
}

/* A line that was wrapped goes on in the next one, unless that is empty or an item of a list. */
static bool ends_line(const char *text, size_t from, size_t at)
{
    const char *next = text + at + 1 + strspn(text + at + 1, " \t\r");
    size_t line = at;

    while (line > from && text[line - 1] != '\n')
        line--;
    return at - line < LINE_WRAPPED || *next == '\n' || *next == '\0' || *next == '-' || *next == '*' ||
           strncmp(next, "\u2022", 3) == 0;
}

static void add_sentence(struct text *text, size_t from, size_t to, struct arena *arena)
{
    struct sentence *sentence = &text->sentences[text->count];

    while (from < to && isspace((unsigned char)text->whole[from]))
        from++;
    while (to > from && isspace((unsigned char)text->whole[to - 1]))
        to--;
    if (from == to)
        return;
    *sentence =
        (struct sentence){text->whole + from, to - from, plain_of(text->masked + from, to - from, arena)};
    text->count++;
}

static void split(struct text *text, struct arena *arena)
{
    const char *whole = text->whole;
    size_t from = 0, len = strlen(whole), most = 2;

    for (size_t i = 0; i < len; i++)
        most += whole[i] == '.' || whole[i] == '!' || whole[i] == '?' || whole[i] == '\n';
    text->sentences = arena_alloc(arena, most * sizeof(*text->sentences));
    for (size_t i = 0; i < len; i++) {
        size_t end = 0;

        if (whole[i] == '.' || whole[i] == '!' || whole[i] == '?')
            end = sentence_end(whole, i);
        else if (whole[i] == '\n' && ends_line(whole, from, i))
            end = i + 1;
        if (end == 0)
            continue;
        add_sentence(text, from, end, arena);
        from = end;
        i = end - 1;
    }
    add_sentence(text, from, len, arena);
}

static void text_read(const char *subject, const char *body, const struct facts *facts, struct arena *arena,
                      struct text *ret_text)
{
    char *masked;

    *ret_text =
        (struct text){.whole = subject && *subject ? arena_printf(arena, "%s\n%s", subject, body) : body};
    ret_text->masked = masked = arena_strdup(arena, ret_text->whole);
    if (facts)
        mask_names(masked, facts);
    split(ret_text, arena);
}

/* ---- phrases ---- */

/* Behind the phrase where it stands at `t`, a word's beginning; else NULL. */
static const char *phrase_at(const char *p, const char *t)
{
    while (*p) {
        if (p[0] == '.' && p[1] == '.' && p[2] == ' ') {
            for (int words = 0; words <= GAP_WORDS; words++) {
                const char *end = phrase_at(p + 3, t);

                if (end)
                    return end;
                while (*t && *t != ' ')
                    t++;
                if (*t == '\0')
                    return NULL;
                t++;
            }
            return NULL;
        }
        if (*p == '#') {
            if (!isdigit((unsigned char)*t))
                return NULL;
            while (isdigit((unsigned char)*t) || ((*t == '.' || *t == ',') && isdigit((unsigned char)t[1])))
                t++;
            p++;
        } else if (*p == '*') {
            while (is_name_byte(*t) || *t == '\'')
                t++;
            p++;
        } else {
            if (*p != *t)
                return NULL;
            p++;
            t++;
        }
    }
    return is_name_byte(t[-1]) && is_name_byte(*t) ? NULL : t;
}

/* Is the hit inside of a phrase that hides it? */
static bool is_hidden(const struct guard_list *list, const char *plain, const char *at)
{
    for (int i = 0; i < list->count; i++) {
        if (!list->phrases[i].hides)
            continue;
        for (const char *from = plain; from <= at; from++) {
            const char *end =
                from == plain || !is_name_byte(from[-1]) ? phrase_at(list->phrases[i].text, from) : NULL;

            if (end && end > at)
                return true;
        }
    }
    return false;
}

static bool list_in(const struct guard_list *list, const char *plain)
{
    for (const char *at = plain; *at; at++) {
        int bytes[2] = {(unsigned char)*at, isdigit((unsigned char)*at) ? '#' : -1};

        if (at > plain && is_name_byte(at[-1]))
            continue;
        for (int b = 0; b < 2 && bytes[b] >= 0; b++) {
            for (int i = list->first[bytes[b]]; i < list->first[bytes[b] + 1]; i++) {
                if (!list->phrases[i].hides && phrase_at(list->phrases[i].text, at) &&
                    !is_hidden(list, plain, at))
                    return true;
            }
        }
    }
    return false;
}

/* Does the sentence hold a phrase of that name in the language, or in any where it is NULL? */
static bool holds_words(const struct guard *guard, const char *name, const char *language,
                        const struct sentence *sentence)
{
    for (int i = 0; i < guard->list_count; i++) {
        const struct guard_list *list = &guard->lists[i];

        if (!list->option && strcmp(list->name, name) == 0 &&
            (!language || strcmp(list->language, language) == 0) && list_in(list, sentence->plain))
            return true;
    }
    return false;
}

static bool holds_any(const struct guard *guard, const struct guard_rule *rule, const char *language,
                      const struct sentence *sentence)
{
    for (const char *const *name = rule->words; *name; name++) {
        if (holds_words(guard, *name, language, sentence))
            return true;
    }
    return false;
}

/* ---- placeholders ---- */

/* "[NAME]", "[your name]", "<order number>", "<<date>>", "{{x}}", "${x}", "%NAME%": the length, or 0 */
static size_t bracketed(const char *at)
{
    char close = *at == '[' ? ']' : *at == '<' ? '>' : '}';
    size_t len = strcspn(at + 1, "[]<>{}\n"), letters = 0;

    if (at[1 + len] != close || len > 40 || !isalpha((unsigned char)at[1]))
        return 0;
    for (size_t i = 1; i <= len; i++) {
        if (!isalnum((unsigned char)at[i]) && !strchr(" _-.'/#", at[i]))
            return 0;
        letters += isalpha((unsigned char)at[i]) != 0;
    }
    return letters >= 2 ? len + 2 : 0;
}

/* Nothing but X, three at the least, but no size: "XXX", "XX/XX/XXXX". */
static size_t crossed(const char *at)
{
    size_t len = strspn(at, "X/-."), crosses = 0;

    for (size_t i = 0; i < len; i++)
        crosses += at[i] == 'X';
    return crosses >= 3 && !is_name_byte(at[len]) ? len : 0;
}

static size_t marked(const char *at)
{
    static const char *const marks[] = {"TODO", "TBD", "FIXME", "TBC", "XYZ", "lorem ipsum"};

    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
        size_t len = strlen(marks[i]);

        if (strncmp(at, marks[i], len) == 0 && !is_name_byte(at[len]))
            return len;
    }
    return 0;
}

static void check_placeholders(const struct hit *hit)
{
    const char *text = hit->text->masked;

    for (const char *at = text; *at; at++) {
        bool begins = at == text || !is_name_byte(at[-1]);
        size_t len = 0;

        if (strncmp(at, "{{", 2) == 0 || strncmp(at, "}}", 2) == 0 || strncmp(at, "${", 2) == 0 ||
            strncmp(at, "<<", 2) == 0 || strncmp(at, "___", 3) == 0 || strncmp(at, "??? ", 4) == 0)
            len = 2;
        else if (*at == '[' || *at == '<' || *at == '{')
            len = bracketed(at);
        else if (begins && *at == 'X')
            len = crossed(at);
        else if (begins)
            len = marked(at);
        if (len == 0)
            continue;
        warn_at(hit, (size_t)(at - text));
        at += len - 1;
    }
}

/* ---- the rest ---- */

static void check_links(const struct hit *hit)
{
    const char *whole = hit->text->whole, *at = whole, *found;
    size_t len;

    while ((found = screen_find_link(at, &len))) {
        const char *sign = memchr(found, '@', len);

        if (!sign && !(found > whole && found[-1] == '@')) /* the domain of an address */
            warn_at(hit, (size_t)(found - whole));
        at = found + (len ? len : 1);
    }
}

static void check_emails(const struct hit *hit)
{
    const char *whole = hit->text->whole;

    for (const char *at = strchr(whole, '@'); at; at = strchr(at + 1, '@'))
        warn_at(hit, (size_t)(at - whole));
}

/* Bare digits are as likely a parcel's or an order's number, unless one is to call them. */
static void check_phones(const struct hit *hit, const struct guard *guard, const char *language)
{
    const char *text = hit->text->masked, *at = text, *found;
    size_t len;

    while ((found = screen_find_phone(at, &len))) {
        bool bare = strspn(found, "0123456789") == len;
        bool order = len == 19 && found[3] == '-' && found[11] == '-'; /* "112-1234567-1234567" */

        at = found + len;
        for (int i = 0; i < hit->text->count && (bare || order); i++) {
            const struct sentence *sentence = &hit->text->sentences[i];
            size_t from = (size_t)(sentence->at - hit->text->whole), offset = (size_t)(found - text);

            if (offset >= from && offset < from + sentence->len &&
                holds_any(guard, hit->rule, language, sentence))
                bare = order = false;
        }
        if (!bare && !order)
            warn_at(hit, (size_t)(found - text));
    }
}

static void check_words(const struct hit *hit, const struct guard *guard, const char *language)
{
    int found = 0;

    for (int i = 0; i < hit->text->count; i++) {
        if (holds_any(guard, hit->rule, language, &hit->text->sentences[i]) && ++found > hit->rule->most)
            warn_sentence(hit, i);
    }
}

static void check_near(const struct hit *hit, const struct guard *guard, const char *language)
{
    for (int i = 0; i < hit->text->count; i++) {
        if (!holds_words(guard, hit->rule->words[0], language, &hit->text->sentences[i]))
            continue;
        for (int k = i - hit->rule->reach; k <= i + hit->rule->reach; k++) {
            if (k >= 0 && k < hit->text->count &&
                holds_words(guard, hit->rule->words[1], language, &hit->text->sentences[k])) {
                warn_sentence(hit, i);
                break;
            }
        }
    }
}

static bool names_issue(const struct guard_rule *rule, const char *issue)
{
    for (const char *const *code = rule->issues; issue && *code; code++) {
        if (strcmp(*code, issue) == 0)
            return true;
    }
    return false;
}

static void check_lacks(const struct hit *hit, const struct guard *guard, const char *language,
                        const char *issue)
{
    if (!names_issue(hit->rule, issue))
        return;
    for (int i = 0; i < hit->text->count; i++) {
        if (holds_any(guard, hit->rule, language, &hit->text->sentences[i]))
            return;
    }
    guard_warn(hit->warnings, hit->rule->code, "", hit->rule->detail);
}

static void check_order_number(const struct hit *hit, const struct facts *facts)
{
    const char *number = facts_text(facts, FACT_ORDER_NUMBER);

    if (number && !strstr(hit->text->whole, number))
        guard_warn(hit->warnings, hit->rule->code, "", hit->rule->detail);
}

/* ---- rules ---- */

static bool applies(const struct guard_rule *rule, const struct facts *facts, struct arena *arena)
{
    moment_t day = day_start((day_t)facts_number(facts, FACT_TODAY));
    struct value when;

    if (day < rule->from || (rule->until != MOMENT_NONE && day > rule->until))
        return false;
    if (!rule->when)
        return true;
    when = logic_eval(rule->when, facts->slot, NULL, arena);
    return logic_truthy(&when);
}

/* The files that hold for a platform: everywhere, its own, and those of others that it is like. */
static int files_of(const struct guard *guard, int platform,
                    const struct guard_platform *ret[PLATFORM_COUNT + 2])
{
    int count = 0;

    ret[count++] = &guard->everywhere;
    ret[count++] = &guard->platform[platform];
    for (int i = 0; i < PLATFORM_COUNT; i++) {
        if (i != platform && (guard->platform[platform].like >> i & 1))
            ret[count++] = &guard->platform[i];
    }
    return count;
}

int guard_platform_of(const struct facts *facts)
{
    const char *name = facts_text(facts, FACT_ORDER_PLATFORM);

    if (!name && !facts_known(facts, FACT_ORDER_NUMBER) && !facts_flag(facts, FACT_MESSAGE_PRESENT))
        name = facts_text(facts, FACT_CUSTOMER_PLATFORM);
    for (int i = 0; name && i < PLATFORM_COUNT; i++) {
        if (strcmp(words_platform[i], name) == 0)
            return i;
    }
    return PLATFORM_OWN_SHOP;
}

bool guard_mail(const struct playbook *playbook, int platform, const char *issue, const struct facts *facts,
                struct guard_warnings *warnings)
{
    const struct guard_platform *files[PLATFORM_COUNT + 2];
    int count = files_of(&playbook->guard, platform, files);
    bool allowed = true;

    for (int i = 0; i < count; i++) {
        for (int k = 0; k < files[i]->rule_count; k++) {
            const struct guard_rule *rule = &files[i]->rules[k];

            if (rule->check != GUARD_MAIL || !names_issue(rule, issue) ||
                !applies(rule, facts, warnings->arena))
                continue;
            guard_warn(warnings, rule->code, "", rule->detail);
            allowed = false;
        }
    }
    return allowed;
}

static void check(const struct hit *hit, const struct guard *guard, const char *issue, const char *language,
                  const struct facts *facts)
{
    switch ((enum guard_check)hit->rule->check) {
    case GUARD_LINKS:
        check_links(hit);
        break;
    case GUARD_EMAILS:
        check_emails(hit);
        break;
    case GUARD_PHONES:
        check_phones(hit, guard, language);
        break;
    case GUARD_WORDS:
        check_words(hit, guard, language);
        break;
    case GUARD_NEAR:
        check_near(hit, guard, language);
        break;
    case GUARD_LACKS:
        check_lacks(hit, guard, language, issue);
        break;
    case GUARD_ORDER_NUMBER:
        check_order_number(hit, facts);
        break;
    case GUARD_PLACEHOLDERS:
        check_placeholders(hit);
        break;
    case GUARD_MAIL:
    case GUARD_CHECKS:
        break;
    }
}

void guard_text(const struct playbook *playbook, int platform, const char *issue, const char *language,
                const struct facts *facts, const char *subject, const char *body,
                struct guard_warnings *warnings)
{
    const struct guard_platform *files[PLATFORM_COUNT + 2];
    int count = files_of(&playbook->guard, platform, files);
    struct text text;

    text_read(subject, body, facts, warnings->arena, &text);
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < files[i]->rule_count; k++) {
            struct hit hit = {&text, &files[i]->rules[k], warnings};

            if (applies(hit.rule, facts, warnings->arena))
                check(&hit, &playbook->guard, issue, language, facts);
        }
    }
}

bool guard_tells_option(const struct playbook *playbook, int action, const char *body, struct arena *arena)
{
    struct text text;

    text_read(NULL, body, NULL, arena, &text);
    for (int i = 0; i < playbook->guard.list_count; i++) {
        const struct guard_list *list = &playbook->guard.lists[i];

        if (!list->option || strcmp(list->name, words_option_action[action]) != 0)
            continue;
        for (int k = 0; k < text.count; k++) {
            if (list_in(list, text.sentences[k].plain))
                return true;
        }
    }
    return false;
}
