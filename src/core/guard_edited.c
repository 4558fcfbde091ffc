/* An agent's text beside the draft that it was made of. */
#include "replyd/guard.h"
#include "replyd/playbook.h"
#include "replyd/understand.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define CODE_LEN 8 /* so many letters and digits in one are a parcel's or an order's number */

struct edited {
    const struct playbook *playbook;
    struct understand_scratch *scratch;
    struct guard_warnings *warnings;
    struct arena *arena;
    day_t today;
    const char *language, *text, *draft; /* the draft's language */
    struct named_values said, drafted;   /* by the text; by subject and draft */
    struct buf known;                    /* the record's texts and numbers, a space between */
    struct money *amounts;               /* the record's */
    day_t *days;
    int amount_count, day_count;
};

/* ---- the record ---- */

static size_t count_values(const json_t *json)
{
    size_t count = 1, i;
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)json, key, value) count += count_values(value);
    json_array_foreach((json_t *)json, i, value) count += count_values(value);
    return count;
}

static void know(struct edited *e, const json_t *json)
{
    const char *amount = json_string_value(json_object_get(json, "amount")),
               *currency = json_string_value(json_object_get(json, "currency")),
               *text = json_string_value(json), *key;
    json_t *value;
    size_t i;

    if (amount && currency && strlen(currency) == 3) {
        struct money *money = &e->amounts[e->amount_count];

        if (money_parse(amount, currency, &money->minor) == 0) {
            memcpy(money->currency, currency, 4);
            e->amount_count++;
        }
    }
    if (text) {
        buf_addf(&e->known, "%s ", text);
        if (strlen(text) >= 10 && day_parse(text, 10, &e->days[e->day_count]) == 0)
            e->day_count++;
    }
    if (json_is_number(json))
        buf_addf(&e->known, "%.10g ", json_number_value(json));
    json_object_foreach((json_t *)json, key, value) know(e, value);
    json_array_foreach((json_t *)json, i, value) know(e, value);
}

/* "$" may be any dollar, and "¥" a yuan. */
static bool same_money(const struct money *said, const struct money *known)
{
    if (said->minor == known->minor && strcmp(said->currency, known->currency) == 0)
        return true;
    return (strcmp(said->currency, "USD") == 0 && known->currency[2] == 'D' && said->minor == known->minor) ||
           (strcmp(said->currency, "JPY") == 0 && strcmp(known->currency, "CNY") == 0 &&
            said->minor * 100 == known->minor);
}

static bool has_amount(const struct money *list, int count, const struct money *amount)
{
    for (int i = 0; i < count; i++) {
        if (same_money(amount, &list[i]) || same_money(&list[i], amount))
            return true;
    }
    return false;
}

static bool has_day(const day_t *list, int count, day_t day)
{
    for (int i = 0; i < count; i++) {
        if (list[i] == day)
            return true;
    }
    return false;
}

/* ---- where it stands ---- */

/* The sentence, up to its line's end, of `text` in which the reader finds this amount or day. */
static const char *sentence_with(struct edited *e, const char *text, const struct money *amount,
                                 const day_t *day)
{
    size_t from = 0, len = strlen(text);

    for (size_t i = 0; i <= len; i++) {
        bool ends =
            i == len || text[i] == '\n' ||
            (strchr(".!?", text[i]) && (text[i + 1] == '\0' || text[i + 1] == ' ' || text[i + 1] == '\n'));
        struct named_values found;

        if (!ends)
            continue;
        understand_values(e->scratch, e->language, text + from, i - from, e->today, e->arena, &found);
        if ((amount && has_amount(found.amounts, found.amount_count, amount)) ||
            (day && has_day(found.days, found.day_count, *day))) {
            from += strspn(text + from, " \n");
            return arena_strndup(e->arena, text + from, i + (text[i] != '\n' && i < len) - from);
        }
        from = i + 1;
    }
    return "";
}

static const char *sentence_at(struct edited *e, const char *text, const char *at)
{
    const char *from = at, *end = at;

    while (from > text && from[-1] != '\n' && !(strchr(".!?", from[-1]) && isspace((unsigned char)*from)))
        from--;
    while (*end && *end != '\n' &&
           !(strchr(".!?", *end) && (end[1] == '\0' || isspace((unsigned char)end[1]))))
        end++;
    from += strspn(from, " ");
    return arena_strndup(e->arena, from, (size_t)(end - from) + (*end != '\0' && *end != '\n'));
}

/* ---- what is not known ---- */

static bool is_warned(const struct edited *e, const char *sentence)
{
    for (int i = 0; i < e->warnings->count; i++) {
        if (strcmp(e->warnings->list[i].excerpt, sentence) == 0 &&
            strncmp(e->warnings->list[i].rule, "unknown_", 8) == 0)
            return true;
    }
    return false;
}

static void check_amounts(struct edited *e)
{
    for (int i = 0; i < e->said.amount_count; i++) {
        const struct money *amount = &e->said.amounts[i];
        char number[32];

        if (has_amount(e->amounts, e->amount_count, amount) ||
            has_amount(e->drafted.amounts, e->drafted.amount_count, amount))
            continue;
        guard_warn(e->warnings, "unknown_amount", sentence_with(e, e->text, amount, NULL),
                   arena_printf(e->arena, "The record does not hold %s %s.",
                                money_format(amount->minor, amount->currency, number), amount->currency));
    }
}

static void check_days(struct edited *e)
{
    for (int i = 0; i < e->said.day_count; i++) {
        day_t day = e->said.days[i];
        char text[16];

        if (has_day(e->days, e->day_count, day) || has_day(e->drafted.days, e->drafted.day_count, day))
            continue;
        guard_warn(e->warnings, "unknown_date", sentence_with(e, e->text, NULL, &day),
                   arena_printf(e->arena, "The record does not hold the day %s.", day_format(day, text)));
    }
}

/* Does the number stand in the text, not as a part of a longer one? */
static bool holds_number(const char *text, const char *number, size_t len)
{
    for (const char *at = text; *at; at++) {
        if (strncasecmp(at, number, len) == 0 && (at == text || !isalnum((unsigned char)at[-1])) &&
            !isalnum((unsigned char)at[len]))
            return true;
    }
    return false;
}

/* "LX123456785CN" whole; of "10th" and "25%" the digits. */
static void check_numbers(struct edited *e)
{
    for (const char *at = e->text; *at; at++) {
        size_t len = 0, digits = 0;
        const char *from = at, *sentence;

        if (at > e->text && (isalnum((unsigned char)at[-1]) || (unsigned char)at[-1] >= 0x80))
            continue;
        while (isalnum((unsigned char)at[len]))
            digits += isdigit((unsigned char)at[len++]) != 0;
        if (digits == 0)
            continue;
        if (digits < len && len < CODE_LEN && !holds_number(buf_text(&e->known), at, len)) {
            from += strcspn(at, "0123456789");
            len = strspn(from, "0123456789");
        }
        if ((at == e->text || at[-1] == '\n') && len <= 2 && (from[len] == '.' || from[len] == ')'))
            continue; /* numbers an item of a list */
        sentence = sentence_at(e, e->text, at);
        if (!holds_number(buf_text(&e->known), from, len) && !is_warned(e, sentence))
            guard_warn(e->warnings, "unknown_number", sentence,
                       arena_printf(e->arena, "The record does not hold the number %.*s.", (int)len, from));
        at = from + len - 1;
    }
}

/* ---- what is no longer said ---- */

static void check_said(struct edited *e, const json_t *facts)
{
    const char *number = json_string_value(json_object_get(facts, "shipment.number"));
    struct named_values drafted;

    understand_values(e->scratch, e->language, e->draft, strlen(e->draft), e->today, e->arena, &drafted);
    for (int i = 0; i < drafted.amount_count; i++) {
        const struct money *amount = &drafted.amounts[i];
        char text[32];

        if (!has_amount(e->said.amounts, e->said.amount_count, amount))
            guard_warn(e->warnings, "missing_amount", sentence_with(e, e->draft, amount, NULL),
                       arena_printf(e->arena, "The draft says %s %s, the text no longer does.",
                                    money_format(amount->minor, amount->currency, text), amount->currency));
    }
    for (int i = 0; i < drafted.day_count; i++) {
        char text[16];

        if (!has_day(e->said.days, e->said.day_count, drafted.days[i]))
            guard_warn(e->warnings, "missing_date", sentence_with(e, e->draft, NULL, &drafted.days[i]),
                       arena_printf(e->arena, "The draft says the day %s, the text no longer does.",
                                    day_format(drafted.days[i], text)));
    }
    if (number && strstr(e->draft, number) && !strstr(e->text, number))
        guard_warn(e->warnings, "missing_tracking_number", sentence_at(e, e->draft, strstr(e->draft, number)),
                   arena_printf(e->arena, "The draft says the tracking number %s, the text no longer does.",
                                number));
}

static void check_options(struct edited *e, const json_t *answer)
{
    const json_t *options = json_object_get(json_object_get(answer, "resolution"), "options"), *option;
    size_t i;

    json_array_foreach(options, i, option)
    {
        const char *word = json_string_value(json_object_get(option, "action"));
        int action = 0;

        if (!word || !json_is_true(json_object_get(option, "offer_to_buyer")))
            continue;
        while (action < OPTION_ACTION_COUNT && strcmp(words_option_action[action], word) != 0)
            action++;
        if (action < OPTION_ACTION_COUNT && guard_tells_option(e->playbook, action, e->draft, e->arena) &&
            !guard_tells_option(e->playbook, action, e->text, e->arena))
            guard_warn(e->warnings, "missing_option", "",
                       arena_printf(e->arena, "The draft offers \"%s\", the text no longer does.", word));
    }
}

void guard_edited(const struct playbook *playbook, struct understand_scratch *scratch, const json_t *answer,
                  const json_t *facts, day_t today, const char *text, struct guard_warnings *warnings)
{
    const json_t *draft = json_object_get(answer, "draft");
    const char *subject = json_string_value(json_object_get(draft, "subject")),
               *body = json_string_value(json_object_get(draft, "text")),
               *language = json_string_value(json_object_get(draft, "language"));
    struct edited e = {.playbook = playbook,
                       .scratch = scratch,
                       .warnings = warnings,
                       .arena = warnings->arena,
                       .today = today,
                       .language = language ? language : "en",
                       .text = text,
                       .draft = body ? body : ""};
    const char *whole = arena_printf(e.arena, "%s\n%s", subject ? subject : "", e.draft);
    size_t room = count_values(facts) + count_values(answer);

    e.amounts = arena_alloc(e.arena, room * sizeof(*e.amounts));
    e.days = arena_alloc(e.arena, room * sizeof(*e.days));
    know(&e, facts);
    know(&e, json_object_get(answer, "resolution"));
    buf_addf(&e.known, "%s ", whole);
    understand_values(scratch, e.language, text, strlen(text), today, e.arena, &e.said);
    understand_values(scratch, e.language, whole, strlen(whole), today, e.arena, &e.drafted);
    check_amounts(&e);
    check_days(&e);
    check_numbers(&e);
    check_said(&e, facts);
    check_options(&e, answer);
    buf_free(&e.known);
}
