#include "entities.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A text is cut into words once: runs of letters, digits and of the signs that numbers hold inside. Scanners
 * look at words and their neighbours, the surest first, and mark what they take, so that a date or an amount
 * is no order number. */
#define WORDS_MAX 4000 /* of a text; what is behind them names nothing */
#define WORD_LEN 40    /* longer words are cut */
#define FAR_AWAY INT64_C(3650)

struct word {
    const char *s; /* in the text */
    uint32_t len;
    uint16_t digits;          /* count of them */
    bool taken;               /* is a part of something found */
    bool ends_sentence;       /* a sentence's or line's end stands between it and the next */
    char lower[WORD_LEN + 1]; /* ASCII letters in lower case, without an apostrophe */
};

struct scan {
    const char *text;
    size_t len;
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

static bool is_inside(const char *text, size_t len, size_t i)
{
    unsigned char c = (unsigned char)text[i];
    if (isalnum(c) || c >= 0x80)
        return true;
    /* Signs hold a word together between letters and digits only. */
    if (strchr("-_/.,'", c) == NULL || i == 0 || i + 1 >= len)
        return false;
    unsigned char before = (unsigned char)text[i - 1], after = (unsigned char)text[i + 1];
    if (c == '.' || c == ',' || c == '/')
        return isdigit(before) && isdigit(after);
    return isalnum(before) && isalnum(after);
}

/* Currency signs and dashes of more than one byte end words as spaces do. */
static size_t sign_len(const char *s, size_t len)
{
    static const char *const signs[] = {"\u20ac", "\u00a3", "\u00a5", "\u20b9", "\u20bd", "\u20a9", "\u20ba",
                                        "\u2013", "\u2014", "\u00a0", "\u2019", "\u201c", "\u201d", "\uff03",
                                        "\uff1a", "\u3002", "\uff0c", "\u00ba", "\u00b0"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        size_t sign = strlen(signs[i]);
        if (len >= sign && memcmp(s, signs[i], sign) == 0)
            return sign;
    }
    return 0;
}

static void lower_word(struct word *word)
{
    size_t out = 0;
    for (uint32_t i = 0; i < word->len && out < WORD_LEN; i++) {
        if (word->s[i] != '\'')
            word->lower[out++] =
                (char)(word->s[i] >= 'A' && word->s[i] <= 'Z' ? word->s[i] | 32 : word->s[i]);
    }
    word->lower[out] = '\0';
}

/* True if a script without spaces changes to or from ASCII between the two bytes. */
static bool script_changes(const char *s)
{
    unsigned char before = (unsigned char)s[-1], after = (unsigned char)s[0];
    return (before >= 0x80 && is_digit((char)after)) || (is_digit((char)before) && after >= 0xe0);
}

static void cut_words(struct scan *scan)
{
    const char *text = scan->text;
    for (size_t i = 0; i < scan->len && scan->count < WORDS_MAX;) {
        size_t sign = (unsigned char)text[i] >= 0x80 ? sign_len(text + i, scan->len - i) : 0;
        if (sign > 0 || !is_inside(text, scan->len, i)) {
            bool apostrophe = sign == 3 && memcmp(text + i, "\u2019", 3) == 0;
            bool end = strchr(".!?\n;", text[i]) != NULL &&
                       (text[i] == '\n' || i + 1 >= scan->len || isspace((unsigned char)text[i + 1]) ||
                        strchr(".!?", text[i + 1]) != NULL);
            if (scan->count > 0 && end && !apostrophe)
                scan->words[scan->count - 1].ends_sentence = true;
            i += sign > 0 ? sign : 1;
            continue;
        }
        struct word *word = &scan->words[scan->count++];
        *word = (struct word){.s = text + i};
        do {
            word->digits += is_digit(text[i]);
            i++;
        } while (i < scan->len && is_inside(text, scan->len, i) && !script_changes(text + i) &&
                 ((unsigned char)text[i] < 0x80 || sign_len(text + i, scan->len - i) == 0));
        word->len = (uint32_t)(text + i - word->s);
        lower_word(word);
    }
}

static bool is_one_of(const struct word *word, const char *list)
{
    size_t len = strlen(word->lower);
    for (const char *at = list; len > 0 && (at = strstr(at, word->lower)) != NULL; at += len) {
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    }
    return false;
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
    static const char *const names[] = {"zero",  "one",   "two",  "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    for (int i = 0; i < 13; i++) {
        if (strcmp(word->lower, names[i]) == 0)
            return i;
    }
    if (strcmp(word->lower, "a") == 0 || strcmp(word->lower, "an") == 0)
        return 1;
    return number_of(word);
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

bool s10_valid(const char *s, size_t len)
{
    static const int weights[8] = {8, 6, 4, 2, 3, 5, 9, 7};
    if (len != 13 || !isupper((unsigned char)s[0]) || !isupper((unsigned char)s[1]) ||
        !isupper((unsigned char)s[11]) || !isupper((unsigned char)s[12]))
        return false;
    int sum = 0;
    for (int i = 0; i < 9; i++) {
        if (!is_digit(s[2 + i]))
            return false;
        sum += i < 8 ? weights[i] * (s[2 + i] - '0') : 0;
    }
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
        if (is_one_of(word, "tracking track trackingnumber awb waybill consignment suivi seguimiento "
                            "sendungsnummer tracking-number"))
            return true;
        if (!is_one_of(word, "number no nr num code id is was the it # numbers : n\u00b0"))
            return false;
    }
    return false;
}

static void find_tracking(struct scan *scan)
{
    struct entities *found = scan->found;
    for (size_t i = 0; i < scan->count; i++) {
        char number[WORD_LEN + 1];
        for (size_t words = 1; words <= 7 && !scan->words[i].taken; words++) {
            join_words(scan, i, words, number);
            size_t len = strlen(number);
            bool named = words == 1 && scan->words[i].digits >= 6 && len >= 8 && names_tracking(scan, i);
            if (!s10_valid(number, len) && !has_shape(number) && !named)
                continue;
            add_text(scan, found->tracking_numbers, &found->tracking_number_count, number);
            take(scan, i, words);
        }
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

static const struct {
    const char *names, *currency;
} currency_names[] = {
    {"dollar dollars bucks usd us$", "USD"},
    {"euro euros eur eu", "EUR"},
    {"pound pounds quid gbp sterling", "GBP"},
    {"yen \u5186", "JPY"},
    {"z\u0142 zl zloty zlotych pln", "PLN"},
    {"lira tl", "TRY"},
    {"rubles roubles \u0440\u0443\u0431 \u0440\u0443\u0431\u043b\u0435\u0439", "RUB"},
    {"rupees rs", "INR"},
    {"\u5143 yuan rmb", "CNY"},
    {"reais real", "BRL"},
    {"\uc6d0", "KRW"},
    {"francs chf", "CHF"},
};

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

/* ISO code or name; `ret_code` gets it. */
static bool currency_word(const struct word *word, char ret_code[static 4])
{
    if (word->len == 3 && isalpha((unsigned char)word->s[0])) {
        char code[4] = {(char)toupper(word->lower[0]), (char)toupper(word->lower[1]),
                        (char)toupper(word->lower[2]), 0};
        /* "all", "try", "top", "cup" are English words too: codes count in capitals only. */
        if (money_digits(code) >= 0 &&
            (memcmp(code, word->s, 3) == 0 || is_one_of(word, "usd eur gbp jpy cad aud chf pln brl"))) {
            memcpy(ret_code, code, 4);
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(currency_names) / sizeof(*currency_names); i++) {
        if (is_one_of(word, currency_names[i].names)) {
            memcpy(ret_code, currency_names[i].currency, 4);
            return true;
        }
    }
    return false;
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
    char code[4] = "", glued[WORD_LEN + 1] = "";
    size_t digits = strspn(word->lower, "0123456789.,");
    struct word unit = {.s = word->s + digits, .len = word->len - (uint32_t)digits};
    if (found == NULL)
        found = sign_beginning(scan, end);
    if (found != NULL) {
        memcpy(code, found, 4);
    } else if (digits > 0 && digits < word->len && word->len <= WORD_LEN) { /* "12eur" */
        strcpy(glued, word->lower + digits);
        memcpy(unit.lower, glued, sizeof(unit.lower));
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
    if (read_amount(word->s, len, code, &ret_money->minor) < 0)
        return false;
    memcpy(ret_money->currency, code, 4);
    take(scan, first, last - first + 1);
    return true;
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
    static const char *const months[] = {
        "jan january", "feb february", "mar march",          "apr april",   "may",          "jun june",
        "jul july",    "aug august",   "sep sept september", "oct october", "nov november", "dec december"};
    for (int i = 0; i < 12; i++) {
        if (is_one_of(word, months[i]))
            return i + 1;
    }
    return 0;
}

/* Monday is 0; -1: none. 1970-01-01 was a Thursday. */
static int weekday_of(const struct word *word)
{
    static const char *const days[] = {
        "monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thur thurs",
        "friday fri", "saturday sat",     "sunday sun"};
    for (int i = 0; i < 7; i++) {
        if (is_one_of(word, days[i]))
            return i;
    }
    return -1;
}

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
        used += is_one_of(word_at(scan, used), "of");
        month = month_of(word_at(scan, used++));
    } else {
        month = month_of(first);
        used += is_one_of(word_at(scan, used), "the");
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
    static const struct {
        const char *word;
        int days;
    } days[] = {{"today", 0}, {"tonight", 0}, {"yesterday", -1}, {"tomorrow", 1}, {"tmrw", 1}};
    const struct word *word = word_at(scan, i);
    for (size_t k = 0; k < sizeof(days) / sizeof(*days); k++) {
        if (strcmp(word->lower, days[k].word) == 0) {
            *ret_day = scan->today + days[k].days;
            return 1;
        }
    }
    int day = weekday_of(word_at(scan, i + 1));
    if (day < 0 || word->ends_sentence || !is_one_of(word, "last next this coming"))
        return 0;
    int ahead = (day - weekday(scan->today) + 7) % 7;
    if (strcmp(word->lower, "last") == 0)
        *ret_day = scan->today - (ahead == 0 ? 7 : 7 - ahead);
    else
        *ret_day = scan->today + (ahead == 0 && strcmp(word->lower, "this") != 0 ? 7 : ahead);
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
    if (count >= 0 && is_one_of(unit, "business working calendar more")) {
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
    if (is_one_of(unit, "day days"))
        return count;
    if (is_one_of(unit, "week weeks"))
        return count * 7;
    if (is_one_of(unit, "month months"))
        return count * 30;
    return is_one_of(unit, "hour hours hrs") ? (count + 23) / 24 : -1;
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
    i += is_one_of(word_at(scan, i), "the this coming");
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
    if (strcmp(word_at(scan, i)->lower, "end") == 0 && is_one_of(word_at(scan, i + 1), "of")) {
        i += 2;
        i += is_one_of(word_at(scan, i), "the this");
        if (is_one_of(word_at(scan, i), "week"))
            return 6 - weekday(scan->today);
        if (is_one_of(word_at(scan, i), "day today"))
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
        if (is_one_of(word, "within")) {
            at += is_one_of(word_at(scan, at), "the");
            at += is_one_of(word_at(scan, at), "next");
            int64_t days = read_span(scan, at, &used);
            if (days >= 0) {
                add_deadline(scan, days);
                take(scan, at, used);
            }
        } else if (is_one_of(word, "in") && is_one_of(word_at(scan, at), "the") &&
                   is_one_of(word_at(scan, at + 1), "next")) {
            add_deadline(scan, read_span(scan, at + 2, &used));
        } else if (is_one_of(word, "before by until till") && !word->ends_sentence) {
            add_deadline(scan, read_until(scan, at));
        }
    }
}

/* Words in a row, * for one or two words between; "cant wait to" is joy. */
static const char *const impatience[] = {
    "wont wait",           "will not wait",        "not wait any",      "cant wait any",
    "cannot wait any",     "can not wait any",     "not waiting any",   "not waiting another",
    "wont be waiting",     "not wait another",     "wait no longer",    "no longer wait",
    "tired of waiting",    "sick of waiting",      "done waiting",      "not going to wait",
    "dont want to wait",   "do not want to wait",  "refuse to wait",    "waited long enough",
    "waited enough",       "not willing to wait",  "stop waiting",      "cant keep waiting",
    "cannot keep waiting", "not prepared to wait", "cant wait longer",  "cannot wait longer",
    "wont be patient",     "patience is over",     "unwilling to wait", "cannot wait more",
    "cant wait more",      "not waiting longer",   "not waiting more",
};

static bool words_are(const struct scan *scan, size_t i, const char *phrase)
{
    while (*phrase != '\0') {
        size_t len = strcspn(phrase, " ");
        const struct word *word = word_at(scan, i++);
        bool same = strlen(word->lower) == len
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
    for (size_t i = 0; i < scan->count && !scan->found->wont_wait; i++) {
        for (size_t k = 0; k < sizeof(impatience) / sizeof(*impatience); k++)
            scan->found->wont_wait |= words_are(scan, i, impatience[k]);
    }
}

/* --- quantities --------------------------------------------------------------------------------------------
 */

static const char units[] = "pair pairs pc pcs piece pieces unit units set sets box boxes item items copies "
                            "dozen dozens packs bottles cartons pallets";

static void find_quantity(struct scan *scan)
{
    for (size_t i = 0; i < scan->count && scan->found->quantity < 0; i++) {
        const struct word *word = &scan->words[i], *next = word_at(scan, i + 1);
        int64_t count = count_of(word);
        size_t digits = strspn(word->lower, "0123456789");
        if (word->taken || strcmp(word->lower, "a") == 0)
            continue;
        if (count > 0 && !word->ends_sentence && is_one_of(next, units)) {
            bool dozens = strncmp(next->lower, "dozen", 5) == 0;
            scan->found->quantity = count * (dozens ? 12 : 1);
            take(scan, i, 2);
        } else if (digits > 0 && digits < 7 && word->lower[digits] != '\0') { /* "30pcs", "3x" */
            struct word unit = {0};
            strcpy(unit.lower, word->lower + digits);
            if (is_one_of(&unit, units) || strcmp(unit.lower, "x") == 0) {
                scan->found->quantity = atoll(word->lower);
                take(scan, i, 1);
            }
        } else if (word->lower[0] == 'x' && strlen(word->lower) > 1 && strlen(word->lower) < 6 &&
                   strspn(word->lower + 1, "0123456789") == strlen(word->lower) - 1) {
            scan->found->quantity = atoll(word->lower + 1);
            take(scan, i, 1);
        } else if (is_one_of(word, "qty quantity") && !word->ends_sentence) {
            bool is = is_one_of(next, "is of");
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

static const char order_words[] =
    "order orders ordr purchase invoice ord po ordernumber orderno ordernr order-no order-number orderid "
    "reference ref bestellung bestellnummer bestellnr auftrag commande cde pedido orden "
    "ordine encomenda bestelling ordernummer zam\u00f3wienie zamowienie zam\u00f3wienia nr sipari\u015f "
    "siparis \u0437\u0430\u043a\u0430\u0437 \u0437\u0430\u043a\u0430\u0437\u0430 \u8ba2\u5355 "
    "\u8ba2\u5355\u53f7 \u8a02\u55ae \u6ce8\u6587 \u6ce8\u6587\u756a\u53f7 \uc8fc\ubb38 "
    "\uc8fc\ubb38\ubc88\ud638 \u0637\u0644\u0628";
static const char fillers[] = "number no nr num id is was : my the n\u00b0 numero n\u00famero nummer code "
                              "placed from with of num\u00e9ro sayili numara numarasi "
                              "\u043d\u043e\u043c\u0435\u0440 \u2116 \u0631\u0642\u0645 reference ref";
static const char not_orders_before[] =
    "zip zipcode postcode postal plz cep street str house flat apartment apt room unit phone tel telephone "
    "mobile cell call fax whatsapp size model version sku item article isku ean door building block floor "
    "voltage year since iphone galaxy pixel windows ps playstation xbox";
static const char not_orders_behind[] =
    "cm mm m km kg g gr grams lb lbs oz ml l liter liters litre litres w watt watts v volt volts mah ah gb "
    "tb mhz hz inch inches ft feet days day weeks week months month hours hour hrs minutes min years year "
    "percent times street st road rd avenue ave people pieces pcs pairs degrees";

/* Right behind an order's word, fillers between: "order no. 1001", "Order: AB-1234" */
static bool names_order(const struct scan *scan, size_t at)
{
    for (size_t i = at; i > 0 && i + 4 > at; i--) {
        const struct word *word = &scan->words[i - 1];
        bool abbreviated = is_one_of(word, "no nr num ref ord");
        if (word->ends_sentence && !abbreviated)
            return false;
        if (is_one_of(word, order_words))
            return true;
        /* "meine Bestellung", "\u8ba2\u5355\u53f7": scripts without spaces glue other words to it */
        for (const char *const *glued =
                 (const char *const[]){"\u8ba2\u5355", "\u8a02\u55ae", "\u6ce8\u6587", "\uc8fc\ubb38",
                                       "\u0627\u0644\u0637\u0644\u0628", "bestell",
                                       "\u0437\u0430\u043a\u0430\u0437", NULL};
             *glued != NULL; glued++) {
            if (strstr(word->lower, *glued) != NULL)
                return true;
        }
        if (!is_one_of(word, fillers))
            return false;
    }
    return false;
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

/* Phone numbers: a + before, or digits in groups apart. */
static size_t phone_words(const struct scan *scan, size_t i)
{
    size_t count = 0, digits = 0;
    while (i + count < scan->count) {
        const struct word *word = &scan->words[i + count];
        if (word->taken || word->digits == 0 ||
            word->digits + (uint32_t)0 < word->len - (memchr(word->s, '-', word->len) != NULL ? 4u : 0u))
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
    return digits >= 8 && digits <= 15 && (plus || count >= 3) ? count : 0;
}

enum surety { SURELY_NONE, BARE, NAMED, MARKED, SURETIES };

static enum surety order_surety(const struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i];
    bool no_space = word->len <= WORD_LEN && memchr(word->s, '.', word->len) == NULL &&
                    memchr(word->s, ',', word->len) == NULL;
    if (word->taken || word->digits < 1 || !no_space)
        return SURELY_NONE;
    for (uint32_t k = 0; k < word->len; k++) {
        if (!isalnum((unsigned char)word->s[k]) && strchr("-_/", word->s[k]) == NULL)
            return SURELY_NONE;
    }
    bool named = names_order(scan, i) && word->digits >= 2 && word->len >= 3;
    if (is_market_number(word))
        return MARKED;
    if (sign_before(scan, word) == '#' && word->digits >= 2)
        return MARKED;
    const struct word *before = i > 0 ? word_at(scan, i - 1) : NULL, *behind = word_at(scan, i + 1);
    bool unit = !word->ends_sentence && is_one_of(behind, not_orders_behind);
    if (named && !unit)
        return NAMED;
    bool excluded =
        (before != NULL && !before->ends_sentence && is_one_of(before, not_orders_before)) || unit;
    bool year = word->len == 4 && all_digits(word) &&
                (strncmp(word->s, "19", 2) == 0 || strncmp(word->s, "20", 2) == 0);
    bool dotted = word->s + word->len < scan->text + scan->len && word->s[word->len] == '%';
    return !excluded && !year && !dotted && all_digits(word) && word->len >= 4 && word->len <= 20
               ? BARE
               : SURELY_NONE;
}

static void find_orders(struct scan *scan)
{
    struct entities *found = scan->found;
    for (size_t i = 0; i < scan->count; i++) {
        /* "#" and an order's word before win over the look of a phone number. */
        size_t phone = scan->words[i].taken || order_surety(scan, i) >= NAMED ? 0 : phone_words(scan, i);
        take(scan, i, phone);
    }
    for (int surety = MARKED; surety >= BARE; surety--) {
        for (size_t i = 0; i < scan->count; i++) {
            if (order_surety(scan, i) != (enum surety)surety)
                continue;
            const struct word *word = &scan->words[i];
            add_text(scan, found->order_numbers, &found->order_number_count,
                     arena_strndup(scan->arena, word->s, word->len));
        }
    }
}

void entities_find(const char *text, size_t len, day_t today, struct arena *arena,
                   struct entities *ret_entities)
{
    *ret_entities = (struct entities){.quantity = -1, .deadline_days = -1};
    struct scan scan = {.text = text, .len = len, .today = today, .arena = arena, .found = ret_entities};
    size_t most = len / 2 + 1;
    scan.words = arena_alloc(arena, (most < WORDS_MAX ? most : WORDS_MAX) * sizeof(*scan.words));
    cut_words(&scan);
    find_tracking(&scan);
    find_impatience(&scan);
    find_deadlines(&scan);
    find_amounts(&scan);
    find_dates(&scan);
    find_quantity(&scan);
    find_orders(&scan);
}
