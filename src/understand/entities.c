#include "entities.h"

#include "address.h"
#include "stance.h"
#include "words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Scanners look at words and their neighbours, the surest first, and take what they found, so that a date or
 * an amount is no order number. */
#define FAR_AWAY INT64_C(3650) /* days */

struct scan {
    const char *text;
    size_t len;
    const struct vocabulary *vocabulary;
    struct word *words;
    size_t count;
    day_t today;
    struct arena *arena;
    struct entities *found;
};

/* --- words -------------------------------------------------------------------------------------------------
 */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const struct word *word_at(const struct scan *scan, size_t i)
{
    static const struct word none = {.s = "", .taken = true};
    return i < scan->count ? &scan->words[i] : &none;
}

/* The bytes before a word, to see a sign there: "#", "$". */
static char sign_before(const struct scan *scan, const struct word *word)
{
    return word->s > scan->text ? word->s[-1] : '\0';
}

static void take(struct scan *scan, size_t from, size_t count)
{
    for (size_t i = from; i < from + count && i < scan->count; i++)
        scan->words[i].taken = true;
}

static bool all_digits(const struct word *word)
{
    return word->digits == word->len && word->len > 0;
}

/* A plain number of at most nine digits, or -1. */
static int64_t number_of(const struct word *word)
{
    return all_digits(word) && word->len <= 9 ? atoll(word->lower) : -1;
}

/* "two" is 2, "12" is 12; else -1. */
static int64_t count_of(const struct word *word)
{
    return word_on(word, ON_COUNT) ? word->value : number_of(word);
}

/* What stands behind the first `from` letters of a word, as a word: "eur" of "12eur". */
static struct word word_rest(const struct scan *scan, const struct word *word, size_t from)
{
    struct word rest = {.s = word->s + from, .len = word->len - (uint32_t)from};
    rest.lower_len = (uint8_t)(word->lower_len - from);
    memcpy(rest.lower, word->lower + from, rest.lower_len);
    word_look_up(scan->vocabulary, &rest);
    return rest;
}

void entities_add_order(struct entities *entities, const char *number, bool bare)
{
    int i = 0;
    while (i < entities->order_number_count && strcmp(entities->order_numbers[i], number) != 0)
        i++;
    if (i == UNDERSTAND_NUMBERS)
        return;
    if (i == entities->order_number_count)
        entities->order_number_bare[entities->order_number_count++] = true;
    entities->order_numbers[i] = number;
    entities->order_number_bare[i] &= bare;
}

static void add_text(struct scan *scan, const char *texts[UNDERSTAND_NUMBERS], int *count, const char *s)
{
    for (int i = 0; i < *count; i++) {
        if (strcmp(texts[i], s) == 0)
            return;
    }
    if (*count < UNDERSTAND_NUMBERS)
        texts[(*count)++] = arena_strdup(scan->arena, s);
}

/* --- tracking numbers --------------------------------------------------------------------------------------
 */

static bool s10_shaped(const char *s, size_t len)
{
    if (len != 13 || !isupper((unsigned char)s[0]) || !isupper((unsigned char)s[1]) ||
        !isupper((unsigned char)s[11]) || !isupper((unsigned char)s[12]))
        return false;
    for (int i = 2; i < 11; i++) {
        if (!is_digit(s[i]))
            return false;
    }
    return true;
}

bool s10_valid(const char *s, size_t len)
{
    static const int weights[8] = {8, 6, 4, 2, 3, 5, 9, 7};
    if (!s10_shaped(s, len))
        return false;
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += weights[i] * (s[2 + i] - '0');
    int check = 11 - sum % 11;
    check = check == 10 ? 0 : check == 11 ? 5 : check;
    return s[10] - '0' == check;
}

/* Carriers' own forms: letters, then so many letters or digits, then letters. */
static const struct {
    const char *prefix;
    int least, most;
    const char *suffix;
} shapes[] = {
    {"1Z", 16, 16, ""}, /* UPS */
    {"YT", 16, 16, ""}, /* YunExpress */
    {"LP", 14, 14, ""}, /* Cainiao */
    {"4PX", 10, 16, ""}, {"4PX", 8, 14, "CN"}, {"UD", 9, 11, "YP"}, {"UG", 9, 11, "YP"},
    {"UR", 9, 11, "YP"}, /* Yanwen */
    {"YW", 12, 15, ""},  {"JD", 11, 20, ""},   {"JJD", 11, 20, ""}, {"JVGL", 10, 20, ""},
    {"TBA", 12, 12, ""}, {"SF", 12, 13, ""},   {"GM", 15, 20, ""},  {"CNG", 12, 18, ""},
    {"SYAE", 9, 12, ""}, {"SYRM", 9, 12, ""},  {"WNB", 12, 16, ""}, {"CJ", 10, 14, ""},
};

static bool has_shape(const char *number)
{
    size_t len = strlen(number);
    for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
        size_t prefix = strlen(shapes[i].prefix), suffix = strlen(shapes[i].suffix);
        if (len < prefix + suffix || strncmp(number, shapes[i].prefix, prefix) != 0 ||
            strcmp(number + len - suffix, shapes[i].suffix) != 0)
            continue;
        int middle = (int)(len - prefix - suffix), digits = 0;
        for (size_t k = prefix; k < len - suffix; k++)
            digits += is_digit(number[k]);
        if (middle >= shapes[i].least && middle <= shapes[i].most && digits * 3 >= middle * 2)
            return true;
    }
    /* USPS: 20 to 22 digits that begin with 9 */
    return len >= 20 && len <= 22 && number[0] == '9' && strspn(number, "0123456789") == len;
}

/* Joins words from `from` on, in capitals, without signs; "" if they don't fit. */
static void join_words(const struct scan *scan, size_t from, size_t count, char out[static WORD_LEN + 1])
{
    size_t len = 0;
    for (size_t i = from; i < from + count && i < scan->count; i++) {
        const struct word *word = &scan->words[i];
        if (word->len + len > WORD_LEN || (i > from && scan->words[i - 1].ends_sentence)) {
            len = 0;
            break;
        }
        for (uint32_t k = 0; k < word->len; k++) {
            if (isalnum((unsigned char)word->s[k]))
                out[len++] = (char)toupper((unsigned char)word->s[k]);
        }
    }
    out[len] = '\0';
}

/* "tracking number is 123": a long number right behind such words, whatever its form. */
static bool names_tracking(const struct scan *scan, size_t at)
{
    for (size_t i = at; i > 0 && i + 5 > at; i--) {
        const struct word *word = &scan->words[i - 1];
        if (word->ends_sentence && sign_before(scan, &scan->words[i]) != '#')
            return false;
        if (word_on(word, ON_TRACKING))
            return true;
        if (!word_on(word, ON_FILLER))
            return false;
    }
    return false;
}

/* The number that begins at word i: how many words it takes, or 0. Of digits alone in groups it takes all it
 * can. */
static size_t read_tracking(const struct scan *scan, size_t i, char number[static WORD_LEN + 1])
{
    const struct word *word = &scan->words[i];
    size_t found = 0;
    if (word->digits == 0 && (word->len > 4 || word_at(scan, i + 1)->digits == 0))
        return 0;
    for (size_t words = 1; words <= 7 && (found == 0 || all_digits(word)); words++) {
        const struct word *last = word_at(scan, i + words - 1);
        if (last->digits == 0 && last->len > 4) /* no group of a number */
            break;
        join_words(scan, i, words, number);
        size_t len = strlen(number);
        bool named = words == 1 && word->digits >= 6 && len >= 8 && names_tracking(scan, i);
        /* Written in one piece it is meant for one, be it misspelt or a carrier's that does not check. */
        bool misspelt = words == 1 && s10_shaped(number, len);
        if (s10_valid(number, len) || misspelt || has_shape(number) || named)
            found = words;
    }
    join_words(scan, i, found, number);
    return found;
}

static void find_tracking(struct scan *scan)
{
    struct entities *found = scan->found;
    for (size_t i = 0; i < scan->count; i++) {
        char number[WORD_LEN + 1];
        size_t words = scan->words[i].taken ? 0 : read_tracking(scan, i, number);
        if (words == 0)
            continue;
        add_text(scan, found->tracking_numbers, &found->tracking_number_count, number);
        take(scan, i, words);
    }
}

/* --- amounts -----------------------------------------------------------------------------------------------
 */

static const struct {
    const char *sign, *currency;
} signs[] = {{"US$", "USD"},    {"R$", "BRL"},     {"C$", "CAD"},     {"CA$", "CAD"},    {"A$", "AUD"},
             {"AU$", "AUD"},    {"NZ$", "NZD"},    {"HK$", "HKD"},    {"S$", "SGD"},     {"MX$", "MXN"},
             {"$", "USD"},      {"\u20ac", "EUR"}, {"\u00a3", "GBP"}, {"\u00a5", "JPY"}, {"\u20b9", "INR"},
             {"\u20bd", "RUB"}, {"\u20a9", "KRW"}, {"\u20ba", "TRY"}};

/* The currency whose sign ends at `end`, or NULL. */
static const char *sign_ending(const struct scan *scan, const char *end)
{
    while (end > scan->text && end[-1] == ' ')
        end--;
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        size_t len = strlen(signs[i].sign);
        if ((size_t)(end - scan->text) >= len && memcmp(end - len, signs[i].sign, len) == 0)
            return signs[i].currency;
    }
    return NULL;
}

static const char *sign_beginning(const struct scan *scan, const char *s)
{
    const char *end = scan->text + scan->len;
    while (s < end && *s == ' ')
        s++;
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        size_t len = strlen(signs[i].sign);
        if ((size_t)(end - s) >= len && memcmp(s, signs[i].sign, len) == 0)
            return signs[i].currency;
    }
    return NULL;
}

/* A name or, in capitals only ("all", "try" and "top" are English), an ISO code. */
static bool currency_word(const struct word *word, char ret_code[static 4])
{
    if (word_on(word, ON_CURRENCY)) {
        memcpy(ret_code, word_currencies[word->value], 4);
        return true;
    }
    if (word->len != 3 || !isupper((unsigned char)word->s[0]))
        return false;
    char code[4] = {word->s[0], word->s[1], word->s[2], '\0'};
    if (money_digits(code) < 0)
        return false;
    memcpy(ret_code, code, 4);
    return true;
}

/* "1.299,00", "1,299.00", "39,90", "1'299", "12": minor units; -1 if it is no amount. */
static int read_amount(const char *s, size_t len, const char *currency, int64_t *ret_minor)
{
    char plain[WORD_LEN + 1];
    size_t last = len, out = 0;
    for (size_t i = 0; i < len; i++) {
        if (!is_digit(s[i]) && strchr(".,'", s[i]) == NULL)
            return -1;
        if (s[i] == '.' || s[i] == ',')
            last = i;
    }
    /* The last sign is the point unless just three digits follow, or it stood before. */
    bool point = last < len && len - last - 1 <= 3 && (len - last - 1 < 3 || money_digits(currency) == 3) &&
                 memchr(s, s[last], last) == NULL;
    for (size_t i = 0; i < len && out < WORD_LEN; i++) {
        if (is_digit(s[i]))
            plain[out++] = s[i];
        else if (i == last && point)
            plain[out++] = '.';
    }
    plain[out] = '\0';
    return money_parse(plain, currency, ret_minor);
}

/* "$39.90" or "39,90 EUR" at word i; takes the words. */
static bool find_amount(struct scan *scan, size_t i, struct money *ret_money)
{
    const struct word *word = &scan->words[i], *next = word_at(scan, i + 1);
    size_t first = i, last = i, len = word->len;
    const char *end = word->s + word->len, *found = sign_ending(scan, word->s);
    char code[4] = "";
    size_t digits = strspn(word->lower, "0123456789.,");
    if (found == NULL)
        found = sign_beginning(scan, end);
    if (found != NULL) {
        memcpy(code, found, 4);
    } else if (digits > 0 && digits < word->len && word->len <= WORD_LEN) { /* "12eur" */
        struct word unit = word_rest(scan, word, digits);
        len = digits;
        if (!currency_word(&unit, code))
            return false;
    } else if (!word->ends_sentence && currency_word(next, code)) {
        last = i + 1;
    } else if (i > 0 && !scan->words[i - 1].ends_sentence && currency_word(&scan->words[i - 1], code)) {
        first = i - 1;
    } else {
        return false;
    }
    take(scan, first, last - first + 1);
    memcpy(ret_money->currency, code, 4);
    return read_amount(word->s, len, code, &ret_money->minor) == 0;
}

static void find_amounts(struct scan *scan)
{
    struct entities *found = scan->found;
    for (size_t i = 0; i < scan->count; i++) {
        struct money money;
        if (scan->words[i].taken || !is_digit(scan->words[i].s[0]) || !find_amount(scan, i, &money))
            continue;
        if (found->amount_count < UNDERSTAND_NUMBERS)
            found->amounts[found->amount_count++] = money;
    }
}

/* --- dates -------------------------------------------------------------------------------------------------
 */

/* 1 to 12, or 0 */
static int month_of(const struct word *word)
{
    return word_on(word, ON_MONTH) ? word->value : 0;
}

/* Monday is 0; -1: none */
static int weekday_of(const struct word *word)
{
    return word_on(word, ON_WEEKDAY) ? word->value : -1;
}

/* 1970-01-01 was a Thursday. */
static int weekday(day_t day)
{
    return (int)((day % 7 + 7 + 3) % 7);
}

/* "20", "20th": 1 to 31, or 0 */
static int day_number(const struct word *word)
{
    size_t digits = strspn(word->lower, "0123456789");
    const char *behind = word->lower + digits;
    if (digits < 1 || digits > 2 ||
        (*behind != '\0' && strcmp(behind, "th") != 0 && strcmp(behind, "st") != 0 &&
         strcmp(behind, "nd") != 0 && strcmp(behind, "rd") != 0))
        return 0;
    int day = atoi(word->lower);
    return day >= 1 && day <= 31 ? day : 0;
}

static int make_day(int year, int month, int day, day_t *ret_day)
{
    char text[24];
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31)
        return -1;
    day_t made = day_from_civil(year, month, day);
    return day_parse(day_format(made, text), 10, ret_day) == 0 &&
                   day_from_civil(year, month, 1) + day - 1 == made && month == atoi(text + 5)
               ? 0
               : -1;
}

/* The day of that name nearest to today, when no year is given. */
static int nearest_day(const struct scan *scan, int month, int day, day_t *ret_day)
{
    int year, this_month, this_day, result = -1;
    day_to_civil(scan->today, &year, &this_month, &this_day);
    for (int y = year - 1; y <= year + 1; y++) {
        day_t candidate;
        if (make_day(y, month, day, &candidate) == 0 &&
            (result < 0 || abs(candidate - scan->today) < abs(*ret_day - scan->today))) {
            *ret_day = candidate;
            result = 0;
        }
    }
    return result;
}

/* "2026-02-20", "20.02.2026", "20/02/2026": one word. Slashes only where the day cannot be the month. */
static int read_numeric_date(const struct word *word, day_t *ret_day)
{
    int parts[3] = {0}, count = 0, width[3] = {0};
    char sign = '\0';
    for (uint32_t i = 0; i < word->len; i++) {
        char c = word->s[i];
        if (is_digit(c)) {
            parts[count] = parts[count] * 10 + (c - '0');
            if (++width[count] > 4)
                return -1;
        } else if (strchr("-/.", c) == NULL || (sign != '\0' && c != sign) || ++count > 2) {
            return -1;
        } else {
            sign = c;
        }
    }
    if (count != 2 || width[1] > 2 || width[1] == 0)
        return -1;
    if (width[0] == 4)
        return width[2] <= 2 ? make_day(parts[0], parts[1], parts[2], ret_day) : -1;
    if (width[0] > 2 || (width[2] != 4 && width[2] != 2))
        return -1;
    int year = width[2] == 2 ? 2000 + parts[2] : parts[2], day = parts[0], month = parts[1];
    if (sign == '.' || day > 12 || day == month)
        return make_day(year, month, day, ret_day);
    return month > 12 ? make_day(year, day, month, ret_day) : -1;
}

/* "20 Feb 2026", "20th of February", "Feb 20th, 2026" */
static size_t read_named_date(const struct scan *scan, size_t i, day_t *ret_day)
{
    const struct word *first = word_at(scan, i);
    size_t used = i + 1;
    int day = day_number(first), month;
    if (day > 0) {
        used += word_is(word_at(scan, used), "of");
        month = month_of(word_at(scan, used++));
    } else {
        month = month_of(first);
        used += word_is(word_at(scan, used), "the");
        day = day_number(word_at(scan, used++));
    }
    if (month == 0 || day == 0)
        return 0;
    /* "may 20 people" has no number with an end; a month in small letters that is a word needs one. */
    int64_t year = number_of(word_at(scan, used));
    if (year >= 1900 && year <= 2199 && make_day((int)year, month, day, ret_day) == 0)
        return used + 1 - i;
    return nearest_day(scan, month, day, ret_day) == 0 ? used - i : 0;
}

/* "yesterday", "last Monday", "next Friday" */
static size_t read_relative_day(const struct scan *scan, size_t i, day_t *ret_day)
{
    const struct word *word = word_at(scan, i);
    if (word_on(word, ON_NEAR_DAY)) {
        *ret_day = scan->today + word->value - 10;
        return 1;
    }
    int day = weekday_of(word_at(scan, i + 1));
    if (day < 0 || word->ends_sentence || !word_on(word, ON_WHICH_DAY))
        return 0;
    int ahead = (day - weekday(scan->today) + 7) % 7;
    if (word_is(word, "last"))
        *ret_day = scan->today - (ahead == 0 ? 7 : 7 - ahead);
    else
        *ret_day = scan->today + (ahead == 0 && !word_is(word, "this") ? 7 : ahead);
    return 2;
}

/* A day named at word i: the words that it takes, or 0. */
static size_t read_day(const struct scan *scan, size_t i, day_t *ret_day)
{
    size_t used = read_numeric_date(word_at(scan, i), ret_day) == 0 ? 1 : 0;
    used = used > 0 ? used : read_named_date(scan, i, ret_day);
    return used > 0 ? used : read_relative_day(scan, i, ret_day);
}

static void find_dates(struct scan *scan)
{
    struct entities *found = scan->found;
    for (size_t i = 0; i < scan->count; i++) {
        day_t day;
        size_t used = scan->words[i].taken ? 0 : read_day(scan, i, &day);
        if (used == 0)
            continue;
        take(scan, i, used);
        bool again = false;
        for (int k = 0; k < found->date_count; k++)
            again |= found->dates[k] == day;
        if (!again && found->date_count < UNDERSTAND_NUMBERS)
            found->dates[found->date_count++] = day;
    }
}

/* --- deadlines ---------------------------------------------------------------------------------------------
 */

/* "10 days", "48 hours", "a week": whole days, or -1 */
static int64_t read_span(const struct scan *scan, size_t i, size_t *ret_used)
{
    const struct word *number = word_at(scan, i), *unit = word_at(scan, i + 1);
    int64_t count = count_of(number);
    *ret_used = 2;
    if (count >= 0 && word_on(unit, ON_KIND_OF_DAY)) {
        unit = word_at(scan, i + 2);
        *ret_used = 3;
    }
    if (count < 0 && number->digits > 0 && number->digits < number->len) { /* "48h" */
        count = atoi(number->lower);
        if (strcmp(number->lower + number->digits, "h") == 0 ||
            strcmp(number->lower + number->digits, "hrs") == 0) {
            *ret_used = 1;
            return (count + 23) / 24;
        }
        return -1;
    }
    if (count < 0 || count > FAR_AWAY)
        return -1;
    if (!word_on(unit, ON_SPAN))
        return -1;
    return unit->value > 0 ? count * unit->value : (count + 23) / 24;
}

static void add_deadline(struct scan *scan, int64_t days)
{
    struct entities *found = scan->found;
    if (days >= 0 && days <= FAR_AWAY && (found->deadline_days < 0 || days < found->deadline_days))
        found->deadline_days = days;
}

/* "before Friday", "by 5 March", "by the end of the week": days from today, or -1 */
static int64_t read_until(const struct scan *scan, size_t i)
{
    day_t day;
    i += word_on(word_at(scan, i), ON_ARTICLE);
    if (read_day(scan, i, &day) > 0)
        return day - scan->today;
    int named = weekday_of(word_at(scan, i));
    if (named >= 0)
        return (named - weekday(scan->today) + 7) % 7;
    int number = day_number(word_at(scan, i));
    if (number > 0 && !all_digits(word_at(scan, i))) { /* "by the 5th" */
        int year, month, today;
        day_to_civil(scan->today, &year, &month, &today);
        if (number < today)
            month++;
        return make_day(year + (month > 12), (month - 1) % 12 + 1, number, &day) == 0 ? day - scan->today
                                                                                      : -1;
    }
    if (word_is(word_at(scan, i), "end") && word_is(word_at(scan, i + 1), "of")) {
        i += 2;
        i += word_on(word_at(scan, i), ON_ARTICLE);
        if (word_is(word_at(scan, i), "week"))
            return 6 - weekday(scan->today);
        if (word_is(word_at(scan, i), "day"))
            return 0;
    }
    return -1;
}

/* Runs before dates are taken: it looks at the same words. */
static void find_deadlines(struct scan *scan)
{
    for (size_t i = 0; i < scan->count; i++) {
        const struct word *word = &scan->words[i];
        size_t used, at = i + 1;
        if (word_is(word, "within")) {
            at += word_is(word_at(scan, at), "the");
            at += word_is(word_at(scan, at), "next");
            int64_t days = read_span(scan, at, &used);
            if (days >= 0) {
                add_deadline(scan, days);
                take(scan, at, used);
            }
        } else if (word_is(word, "in") && word_is(word_at(scan, at), "the") &&
                   word_is(word_at(scan, at + 1), "next")) {
            add_deadline(scan, read_span(scan, at + 2, &used));
        } else if (word_on(word, ON_UNTIL) && !word->ends_sentence) {
            add_deadline(scan, read_until(scan, at));
        }
    }
}

/* Words in a row, * for one or two words between; "cant wait to" is joy. */
static const char *const impatience[] = {
    "wont wait",           "will not wait",        "not wait any",       "cant wait any",
    "cannot wait any",     "can not wait any",     "not waiting any",    "not waiting another",
    "wont be waiting",     "not wait another",     "wait no longer",     "no longer wait",
    "tired of waiting",    "sick of waiting",      "done waiting",       "not going to wait",
    "dont want to wait",   "do not want to wait",  "refuse to wait",     "waited long enough",
    "waited enough",       "not willing to wait",  "stop waiting",       "cant keep waiting",
    "cannot keep waiting", "not prepared to wait", "cant wait longer",   "cannot wait longer",
    "wont be patient",     "patience is over",     "unwilling to wait",  "cannot wait more",
    "cant wait more",      "not waiting longer",   "not waiting more",   "no more patience",
    "no patience left",    "lost my patience",     "losing patience",    "run out of patience",
    "out of patience",     "patience has run out", "patience has ended",
};

static bool words_are(const struct scan *scan, size_t i, const char *phrase)
{
    while (*phrase != '\0') {
        size_t len = strcspn(phrase, " ");
        const struct word *word = word_at(scan, i++);
        bool same = word->lower_len == len
                        ? strncmp(word->lower, phrase, len) == 0
                        : strcmp(phrase, "any") == 0 && strcmp(word->lower, "anymore") == 0;
        if (!same)
            return false;
        phrase += len + (phrase[len] == ' ');
    }
    return true;
}

static void find_impatience(struct scan *scan)
{
    bool waits = false; /* most texts say neither word, and are done here */
    for (size_t i = 0; i < scan->count; i++)
        waits |= word_on(&scan->words[i], ON_WAIT) || word_is(&scan->words[i], "patience");
    for (size_t i = 0; waits && i < scan->count && !scan->found->wont_wait; i++) {
        for (size_t k = 0; k < sizeof(impatience) / sizeof(*impatience); k++)
            scan->found->wont_wait |= words_are(scan, i, impatience[k]);
    }
}

/* How the whole money is asked for beside something else; asking alone is the classifier's. */
static const char *const money_wishes[] = {
    "want my money back",
    "want the money back",
    "want back my money",
    "want my money now",
    "want my money returned",
    "want my money refunded",
    "want all my money",
    "want my refund",
    "want a refund",
    "want refund",
    "want a full refund",
    "want full refund",
    "want the refund",
    "want to be refunded",
    "want to get my money",
    "want to have my money",
    "want you to refund me",
    "need my money back",
    "need a refund",
    "need the refund",
    "need a full refund",
    "like my money back",
    "like a refund",
    "like a full refund",
    "like to be refunded",
    "like to get my money",
    "like to have my money",
    "prefer a refund",
    "prefer my money back",
    "prefer the refund",
    "rather have my money",
    "rather have a refund",
    "demand my money",
    "demand a refund",
    "demand a full refund",
    "request a refund",
    "request a full refund",
    "ask for a refund",
    "asking for a refund",
    "asking for my money",
    "expect a full refund",
    "expect a refund",
    "insist on a refund",
    "give me my money",
    "give my money back",
    "give me back my money",
    "give back my money",
    "give me a refund",
    "give me a full refund",
    "give me the money",
    "send me my money",
    "send my money back",
    "send back my money",
    "return my money",
    "return me my money",
    "return the money",
    "have my money back",
    "get my money back please",
    "can i get my money back",
    "can i get a refund",
    "can i have a refund",
    "could i get a refund",
    "could i have a refund",
    "may i have a refund",
    "can you refund me",
    "could you refund me",
    "would you refund me",
    "can you refund my",
    "could you refund my",
    "refund me",
    "refund me my money",
    "refund me the money",
    "refund my money",
    "refund my order",
    "refund the order",
    "refund this order",
    "refund the money",
    "refund please",
    "refund pls",
    "refund plz",
    "refund now",
    "reimburse me",
    "pay me back",
    "money back please",
    "money back pls",
    "money back now",
    "where is my money",
    "wheres my money",
    "wheres the money",
    "where is the money",
};

/* What makes it a refusal, a threat with a choice, or somebody's question; and what asks for a part only. */
static const char *const refused[] = {"not", "dont", "didnt", "doesnt", "wont", "cannot", "cant", "or"};
static const char *const asked[] = {"you", "youll", "to", "will", "would", "until", "when", "how", "before"};
static const char *const no_wish_behind[] = {"for", "of", "guarantee", "or"};
static const char *const part_behind_me[] = {"half", "part", "some", "the", "my"};
static const char *const politely[] = {"like", "prefer", "rather"}; /* behind "would" */
static const char *const conditions[] = {"if", "unless", "otherwise", "whether"};

static bool is_one_of(const struct word *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (word_is(word, words[i]))
            return true;
    }
    return false;
}

#define IS_ONE_OF(word, words) is_one_of(word, words, sizeof(words) / sizeof(*(words)))

#define NEAR 25 /* words: no sentence is read farther for a condition, however long it is */

/* The condition in the sentence of a word, or the count of words: "if possible" is none. */
static size_t condition_beside(const struct scan *scan, size_t i)
{
    size_t from = i, to = i + NEAR < scan->count ? i + NEAR : scan->count;

    while (from > 0 && i - from < NEAR && !scan->words[from - 1].ends_sentence)
        from--;
    for (; from < to; from++) {
        if (IS_ONE_OF(&scan->words[from], conditions) && !word_is(word_at(scan, from + 1), "possible"))
            return from;
        if (from >= i && scan->words[from].ends_sentence)
            break;
    }
    return scan->count;
}

/* The words from one to another stand in one sentence. */
static bool is_unbroken(const struct scan *scan, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (scan->words[i].ends_sentence)
            return false;
    }
    return true;
}

/* A comma or a sentence's end stands behind the word. */
static bool ends_clause(const struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i];

    return word->ends_sentence || (i + 1 < scan->count && word->s[word->len] == ',');
}

static size_t word_count(const char *phrase)
{
    size_t count = 1;

    for (; *phrase != '\0'; phrase++)
        count += *phrase == ' ';
    return count;
}

/* What a phrase says where it stands: nothing where it is somebody's question or of a part. "I want my money
 * back if it is lost" is no wish yet; "if you don't refund me" tells nothing. */
static void hear_money(const struct scan *scan, size_t i, size_t last)
{
    size_t condition = condition_beside(scan, i);
    const struct word *before = word_at(scan, i == 0 || ends_clause(scan, i - 1) ? scan->count : i - 1);

    if (condition < scan->count) {
        const struct word *who = word_at(scan, condition + 1);

        scan->found->refuses_money |= !word_is(who, "you") && !word_is(who, "i");
        return;
    }
    if (!ends_clause(scan, last) &&
        (IS_ONE_OF(word_at(scan, last + 1), no_wish_behind) ||
         (word_is(&scan->words[last], "me") && IS_ONE_OF(word_at(scan, last + 1), part_behind_me))))
        return;
    if (word_is(before, "i") && i > 1 && !scan->words[i - 2].ends_sentence &&
        word_is(&scan->words[i - 2], "or"))
        before = &scan->words[i - 2];
    if (word_is(before, "would") && IS_ONE_OF(&scan->words[i], politely))
        before = word_at(scan, scan->count);
    if (IS_ONE_OF(before, refused))
        scan->found->refuses_money = true;
    else if (!IS_ONE_OF(before, asked))
        scan->found->wants_money = true;
}

/* No wish begins farther before its word of money: the others need not be compared. */
static bool money_follows(const struct scan *scan, size_t i)
{
    for (size_t k = i; k < i + 5; k++) {
        if (word_on(word_at(scan, k), ON_MONEY))
            return true;
    }
    return false;
}

/* One plain wish counts more than what is refused beside it. */
static void find_money_wish(struct scan *scan)
{
    for (size_t i = 0; i < scan->count && !scan->found->wants_money; i++) {
        size_t count = money_follows(scan, i) ? sizeof(money_wishes) / sizeof(*money_wishes) : 0;

        for (size_t k = 0; k < count; k++) {
            size_t last = i + word_count(money_wishes[k]) - 1;

            if (words_are(scan, i, money_wishes[k]) && is_unbroken(scan, i, last))
                hear_money(scan, i, last);
        }
    }
    if (scan->found->wants_money)
        scan->found->refuses_money = false;
}

/* --- quantities --------------------------------------------------------------------------------------------
 */

static void find_quantity(struct scan *scan)
{
    for (size_t i = 0; i < scan->count && scan->found->quantity < 0; i++) {
        const struct word *word = &scan->words[i], *next = word_at(scan, i + 1);
        int64_t count = count_of(word);
        size_t digits = strspn(word->lower, "0123456789");
        if (word->taken || word_is(word, "a") || word_is(word, "an"))
            continue;
        if (count > 0 && !word->ends_sentence && word_on(next, ON_UNIT) && !word_is(next, "x")) {
            bool dozens = strncmp(next->lower, "dozen", 5) == 0;
            scan->found->quantity = count * (dozens ? 12 : 1);
            take(scan, i, 2);
        } else if (digits > 0 && digits < 7 && word->lower[digits] != '\0') { /* "30pcs", "3x" */
            struct word unit = word_rest(scan, word, digits);
            if (word_on(&unit, ON_UNIT)) {
                scan->found->quantity = atoll(word->lower);
                take(scan, i, 1);
            }
        } else if (word->lower[0] == 'x' && strlen(word->lower) > 1 && strlen(word->lower) < 6 &&
                   strspn(word->lower + 1, "0123456789") == strlen(word->lower) - 1) {
            scan->found->quantity = atoll(word->lower + 1);
            take(scan, i, 1);
        } else if (word_on(word, ON_QUANTITY) && !word->ends_sentence) {
            bool is = word_on(next, ON_FILLER);
            int64_t named = number_of(word_at(scan, i + 1 + is));
            if (named > 0) {
                scan->found->quantity = named;
                take(scan, i, 2 + (size_t)is);
            }
        }
    }
}

/* --- order numbers -----------------------------------------------------------------------------------------
 */

/* Scripts without spaces, and German, glue other words to the order's: "meineBestellung",
 * "\u8ba2\u5355\u53f7" */
static bool holds_order(const struct word *word)
{
    static const char *const glued[] = {"\u8ba2\u5355",
                                        "\u8a02\u55ae",
                                        "\u6ce8\u6587",
                                        "\uc8fc\ubb38",
                                        "\u0627\u0644\u0637\u0644\u0628",
                                        "bestell",
                                        "\u0437\u0430\u043a\u0430\u0437"};
    for (size_t i = 0; i < sizeof(glued) / sizeof(*glued); i++) {
        if (strstr(word->lower, glued[i]) != NULL)
            return true;
    }
    return false;
}

static bool sentence_ends(const struct word *word)
{
    return word->ends_sentence && !word_on(word, ON_ABBREVIATION);
}

/* Right behind an order's word, fillers between: "order no. 1001", "Order: AB-1234" */
static bool names_order(const struct scan *scan, size_t at)
{
    for (size_t i = at; i > 0 && i + 4 > at; i--) {
        const struct word *word = &scan->words[i - 1];
        if (sentence_ends(word))
            return false;
        if (word_on(word, ON_ORDER) || holds_order(word))
            return true;
        if (!word_on(word, ON_FILLER))
            return false;
    }
    return false;
}

/* Right behind a word of the lists, fillers and the words of `between` apart: "ticket no. 4471", "my zip code
 * is 90210" */
static bool names_other(const struct scan *scan, size_t at, uint32_t lists, uint32_t between)
{
    for (size_t i = at; i > 0 && i + 4 > at; i--) {
        const struct word *word = &scan->words[i - 1];
        if (sentence_ends(word))
            return false;
        if (word_on(word, lists))
            return true;
        if (!word_on(word, ON_FILLER | between))
            return false;
    }
    return false;
}

/* Is there something between two words, and nothing but such bytes? */
static bool joined_by(const struct word *word, const struct word *next, const char *bytes)
{
    const char *end = word->s + word->len;
    for (const char *s = end; s < next->s; s++) {
        if (strchr(bytes, *s) == NULL)
            return false;
    }
    return next->s > end;
}

/* "orders 1001, 1002 and 1003": the word where such a list begins. */
static size_t list_start(const struct scan *scan, size_t i)
{
    for (int more = 0; more < UNDERSTAND_NUMBERS && i > 1; more++) {
        const struct word *before = &scan->words[i - 1];
        bool and = word_on(before, ON_AND) && !before->ends_sentence;
        const struct word *number = and? &scan->words[i - 2] : before;
        bool listed = and? joined_by(number, before, " ,") : joined_by(number, &scan->words[i], " ,&+");
        /* groups of one number stand a mere space apart */
        if (!listed || !all_digits(number) ||
            (!and&&number->s + number->len + 1 == scan->words[i].s && number->s[number->len] == ' '))
            break;
        i -= and? 2 : 1;
    }
    return i;
}

/* Digits in groups joined by dashes: 112-1234567-1234567 (Amazon), 12-34567-89012 (eBay) */
static bool is_market_number(const struct word *word)
{
    static const char *const groups[] = {"3-7-7", "2-5-5"};
    char shape[WORD_LEN + 1];
    int len = 0, run = 0;
    for (uint32_t i = 0; i <= word->len && len < WORD_LEN - 4; i++) {
        char c = i < word->len ? word->s[i] : '\0';
        if (is_digit(c)) {
            run++;
        } else if (c != '-' && c != '\0') {
            return false;
        } else if (run > 9) {
            return false;
        } else {
            shape[len++] = (char)('0' + run);
            shape[len++] = c;
            run = 0;
        }
    }
    for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
        if (len == (int)strlen(groups[i]) + 1 && memcmp(shape, groups[i], (size_t)len) == 0)
            return true;
    }
    return false;
}

#define PHONE_DIGITS_MAX 15 /* ITU-T E.164 */

/* Phone numbers: a + before, or digits in groups apart. */
static size_t phone_words(const struct scan *scan, size_t i)
{
    size_t count = 0, digits = 0;
    /* No phone has more digits: a page of numbers is not read anew for each of them. */
    while (i + count < scan->count && digits <= PHONE_DIGITS_MAX) {
        const struct word *word = &scan->words[i + count];
        if (word->taken || word->digits == 0 ||
            word->digits < word->len - (memchr(word->s, '-', word->len) != NULL ? 4u : 0u))
            break;
        const char *end = word->s + word->len;
        digits += word->digits;
        count++;
        /* The next group is a space or a bracket away. */
        if (i + count >= scan->count || word->ends_sentence || scan->words[i + count].s - end > 2 ||
            memchr(end, ',', (size_t)(scan->words[i + count].s - end)) != NULL ||
            memchr(end, '#', (size_t)(scan->words[i + count].s - end)) != NULL)
            break;
    }
    bool plus = sign_before(scan, &scan->words[i]) == '+';
    return digits >= 8 && digits <= PHONE_DIGITS_MAX && (plus || count >= 3) ? count : 0;
}

/* "#", perhaps with a space behind it, or the wide one of Chinese and Japanese. */
static bool has_hash(const struct scan *scan, const struct word *word)
{
    static const char wide[] = "\uff03";
    const char *s = word->s;
    if (s > scan->text && s[-1] == ' ')
        s--;
    return (s > scan->text && s[-1] == '#') || (s - scan->text >= 3 && memcmp(s - 3, wide, 3) == 0);
}

static bool is_capital(const struct word *word)
{
    return word->len > 1 && isupper((unsigned char)word->s[0]) && !isupper((unsigned char)word->s[1]);
}

/* "1200 Peachtree St", "1200 N. Main Street": a street's name of one word, or two in capitals, behind a
 * number */
static bool names_house(const struct scan *scan, size_t i)
{
    const struct word *number = &scan->words[i], *last = number;
    for (size_t k = 1; k <= 3 && i + k < scan->count; k++) {
        const struct word *word = &scan->words[i + k];
        bool goes_on =
            joined_by(last, word, last == number ? " " : " .") && (!last->ends_sentence || last->len == 1);
        if (!goes_on || word->digits == word->len)
            return false;
        if (k > 1 && word_on(word, ON_STREET))
            return true;
        if (word_on(word, ON_NO_NAME | ON_FILLER) && !(word->len == 1 && isupper((unsigned char)word->s[0])))
            return false;
        if (k > 1 && !((is_capital(word) || word->len == 1) && (is_capital(last) || last->len == 1)))
            return false;
        last = word;
    }
    return false;
}

/* "Hauptstr. 1200", "Springfield IL 62704" */
static bool is_in_address(const struct scan *scan, size_t i)
{
    static const char *const streets[] = {"str", "strasse", "stra\u00dfe", "gasse", "platz"};
    const struct word *number = &scan->words[i],
                      *before = i > 0 ? &scan->words[i - 1] : word_at(scan, scan->count);
    for (size_t k = 0; k < sizeof(streets) / sizeof(*streets); k++) {
        size_t len = strlen(streets[k]);
        if (before->lower_len > len && strcmp(before->lower + before->lower_len - len, streets[k]) == 0 &&
            joined_by(before, number, " ."))
            return true;
    }
    return number->len == 5 && i > 1 && before->len == 2 && isupper((unsigned char)before->s[0]) &&
           isupper((unsigned char)before->s[1]) && is_capital(&scan->words[i - 2]) &&
           joined_by(&scan->words[i - 2], before, " ,") && joined_by(before, number, " ");
}

/* Could a number that nothing marks be an order's? */
static bool is_bare_number(const struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i], *behind = word_at(scan, i + 1);
    if (!all_digits(word) || word->len < 4 || word->len > 20)
        return false;
    bool year = word->len == 4 && (strncmp(word->s, "19", 2) == 0 || strncmp(word->s, "20", 2) == 0);
    bool phone = word->len >= 9 && word->s[0] == '0';
    bool percent = word->s + word->len < scan->text + scan->len && word->s[word->len] == '%';
    bool unit = !word->ends_sentence && word_on(behind, ON_NOT_ORDER_BEHIND);
    return !year && !phone && !percent && !unit && !names_house(scan, i) && !is_in_address(scan, i) &&
           !names_other(scan, i, ON_NOT_ORDER_BEFORE | ON_ELSE_BEFORE, ON_BETWEEN);
}

/* Letters, digits and the signs that a number holds inside. */
static bool has_number_form(const struct word *word)
{
    if (word->digits < 1 || word->len > WORD_LEN)
        return false;
    for (uint32_t k = 0; k < word->len; k++) {
        if (!isalnum((unsigned char)word->s[k]) && strchr("-_/", word->s[k]) == NULL)
            return false;
    }
    return true;
}

/* The letters before a number in the same word that name it: "order-" of "order-1002", "nr" of "order nr1002"
 */
static uint32_t glued_name(const struct scan *scan, const struct word *word, bool named)
{
    uint32_t letters = 0, len;
    while (letters < word->len && isalpha((unsigned char)word->s[letters]))
        letters++;
    len = letters + (letters < word->len && strchr("-_/", word->s[letters]) != NULL);
    if (letters == 0 || word->len > WORD_LEN || len + 2 > word->len || !is_digit(word->s[len]))
        return 0;
    struct word name = {.s = word->s, .len = letters, .lower_len = (uint8_t)letters};
    memcpy(name.lower, word->lower, letters);
    word_look_up(scan->vocabulary, &name);
    return word_on(&name, ON_ORDER) || (named && word_on(&name, ON_FILLER)) ? len : 0;
}

/* "1 0 0 2": the words of a number that is spelled, or 0 */
static size_t spelled_words(const struct scan *scan, size_t i)
{
    size_t count = 0;
    while (count < 20 && i + count < scan->count) {
        const struct word *word = &scan->words[i + count];
        if (word->len != 1 || word->digits != 1 || word->taken ||
            (count > 0 && (word->s - word[-1].s != 2 || word->s[-1] != ' ')))
            break;
        count++;
    }
    bool inside = i > 0 && scan->words[i - 1].digits == 1 && scan->words[i - 1].len == 1 &&
                  scan->words[i].s - scan->words[i - 1].s == 2;
    return count >= 3 && !inside ? count : 0;
}

enum surety { SURELY_NONE, BARE, NAMED, MARKED };

/* What a word says of an order's number; `number` is the likeliest reading, `other` the next, or NULL. */
struct order_reading {
    enum surety surety;
    const char *number, *other;
};

static struct order_reading read_spelled(const struct scan *scan, size_t i, size_t words)
{
    char digits[WORD_LEN + 1];
    join_words(scan, i, words, digits);
    enum surety surety = has_hash(scan, &scan->words[i]) ? MARKED
                         : names_order(scan, i)          ? NAMED
                         : words >= 4 && !names_other(scan, i, ON_NOT_ORDER_BEFORE | ON_ELSE_BEFORE, 0)
                             ? BARE
                             : SURELY_NONE;
    return (struct order_reading){.surety = surety, .number = arena_strdup(scan->arena, digits)};
}

static struct order_reading read_order(const struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i];
    size_t spelled = word->len == 1 ? spelled_words(scan, i) : 0;
    if (spelled > 0)
        return read_spelled(scan, i, spelled);
    if (word->taken || !has_number_form(word))
        return (struct order_reading){.surety = SURELY_NONE};
    bool named = names_order(scan, all_digits(word) ? list_start(scan, i) : i);
    uint32_t name = glued_name(scan, word, named);
    bool unit = !word->ends_sentence && word_on(word_at(scan, i + 1), ON_NOT_ORDER_BEHIND);
    struct order_reading reading = {.surety = SURELY_NONE};
    if (is_market_number(word))
        reading.surety = MARKED;
    else if (has_hash(scan, word) && word->digits >= 2 &&
             (named || !names_other(scan, i, ON_NOT_ORDER_BEFORE, 0)))
        reading.surety = MARKED;
    else if ((named || name > 0) && word->digits >= 2 && word->len >= 3 && !unit)
        reading.surety = NAMED;
    else if (is_bare_number(scan, i))
        reading.surety = BARE;
    if (reading.surety == SURELY_NONE)
        return reading;
    reading.number = arena_strndup(scan->arena, word->s, word->len);
    if (name > 0) {
        /* A shop's numbers may begin with "ORD-", hardly with "Bestellung-". */
        reading.other = name > 4 ? reading.number : reading.number + name;
        reading.number = name > 4 ? reading.number + name : reading.number;
    }
    return reading;
}

static const char *without_zeros(const char *number)
{
    const char *rest = number == NULL ? "" : number + strspn(number, "0");
    return is_digit(*rest) && rest > number ? rest : NULL;
}

/* The candidates of one surety: as written, or else as they may have been meant. */
static void add_orders(struct scan *scan, enum surety surety, bool as_written)
{
    for (size_t i = 0; i < scan->count && scan->found->order_number_count < UNDERSTAND_NUMBERS; i++) {
        struct order_reading reading = {.surety = SURELY_NONE};
        if (scan->words[i].digits > 0)
            reading = read_order(scan, i);
        if (reading.surety != surety)
            continue;
        const char *meant[] = {reading.other, without_zeros(reading.number), without_zeros(reading.other)};
        if (as_written)
            entities_add_order(scan->found, reading.number, surety == BARE);
        for (size_t k = 0; !as_written && k < sizeof(meant) / sizeof(*meant); k++) {
            if (meant[k] != NULL)
                entities_add_order(scan->found, meant[k], surety == BARE);
        }
    }
}

static void find_orders(struct scan *scan)
{
    static const struct {
        enum surety surety;
        bool as_written;
    } steps[] = {{MARKED, true}, {NAMED, true}, {MARKED, false}, {NAMED, false}, {BARE, true}, {BARE, false}};
    for (size_t i = 0; i < scan->count; i++) {
        /* "#" and an order's word before win over the look of a phone number. */
        bool number = !scan->words[i].taken && scan->words[i].digits > 0;
        take(scan, i, number && read_order(scan, i).surety < NAMED ? phone_words(scan, i) : 0);
    }
    for (size_t k = 0; k < sizeof(steps) / sizeof(*steps); k++)
        add_orders(scan, steps[k].surety, steps[k].as_written);
}

void entities_find(const struct vocabulary *vocabulary, const char *text, size_t len, day_t today,
                   struct arena *arena, struct entities *ret_entities)
{
    *ret_entities = (struct entities){.quantity = -1, .deadline_days = -1};
    struct scan scan = {.vocabulary = vocabulary,
                        .text = text,
                        .len = len,
                        .today = today,
                        .arena = arena,
                        .found = ret_entities};
    scan.words = arena_alloc(arena, words_most(len) * sizeof(*scan.words));
    scan.count = words_cut(vocabulary, text, len, scan.words);
    find_tracking(&scan);
    find_impatience(&scan);
    find_money_wish(&scan);
    stance_find(scan.words, scan.count, ret_entities);
    find_deadlines(&scan);
    find_amounts(&scan);
    find_dates(&scan);
    ret_entities->new_address = address_find(scan.words, scan.count, arena, &ret_entities->address_partial);
    find_quantity(&scan);
    find_orders(&scan);
}
