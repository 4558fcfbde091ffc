/* Amounts with a currency, and the price that the writer proposes. */
#include "scan.h"

#include <ctype.h>

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
        if (!is_digit(s[i]) && strchr(".,' ", s[i]) == NULL)
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

/* "12 500", "1 234,56": does the number at word i go on with thousands that stand apart? */
static bool has_thousands_behind(const struct scan *scan, size_t i)
{
    const struct word *word = word_at(scan, i), *next = word_at(scan, i + 1);

    return all_digits(word) && word->len <= 3 && next->digits >= 3 && word->s + word->len + 1 == next->s &&
           word->s[word->len] == ' ' && strspn(next->s, "0123456789") == 3;
}

/* "$39.90" or "39,90 EUR" at word i; takes the words. */
static bool find_amount(struct scan *scan, size_t i, struct money *ret_money)
{
    const struct word *word = &scan->words[i], *next = word_at(scan, i + 1);
    size_t first = i, last = i, len = word->len;
    while (first > 0 && has_thousands_behind(scan, first - 1))
        first--;
    const char *end = word->s + word->len, *begin = scan->words[first].s, *found = sign_ending(scan, begin);
    char code[4] = "";
    size_t digits = strspn(word->lower, "0123456789.,");
    if (has_thousands_behind(scan, i))
        return false; /* read with its end */
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
    } else if (first > 0 && !scan->words[first - 1].ends_sentence &&
               currency_word(&scan->words[first - 1], code)) {
        first--;
    } else {
        return false;
    }
    take(scan, first, last - first + 1);
    memcpy(ret_money->currency, code, 4);
    return read_amount(begin, len + (size_t)(word->s - begin), code, &ret_money->minor) == 0;
}

void find_amounts(struct scan *scan)
{
    struct entities *found = scan->found;
    for (size_t i = 0; i < scan->count; i++) {
        struct money money;
        if (scan->words[i].taken || !is_digit(scan->words[i].s[0]) || !find_amount(scan, i, &money))
            continue;
        if (found->amount_count < UNDERSTAND_NUMBERS) {
            scan->amount_at[found->amount_count] = i;
            found->amounts[found->amount_count++] = money;
        }
    }
}

/* "can you do 20?": a number that nothing else names. */
static const char *plain_price(const struct scan *scan, size_t i)
{
    const struct word *word = word_at(scan, i), *next = word_at(scan, i + 1);
    size_t digits = strspn(word->lower, "0123456789.,");

    if (word->taken || !is_digit(word->lower[0]) || digits != word->len || word->len > 8 ||
        (word->s + word->len < scan->text + scan->len && word->s[word->len] == '%') ||
        (!word->ends_sentence &&
         (word_on(next, ON_UNIT | ON_SPAN | ON_NOT_ORDER_BEHIND | ON_MONTH | ON_KIND_OF_DAY) ||
          word_listed(next, WORDS(" of off percent discount or ")))))
        return NULL;
    return arena_strndup(scan->arena, word->s, word->len);
}

/* "do 20", "you take 20"; not "I take 38" */
static bool may_offer(const struct scan *scan, size_t i)
{
    return word_listed(&scan->words[i - 1], WORDS(" do accept about offer is to at it ")) ||
           (i > 1 && word_is(&scan->words[i - 1], "take") && word_is(&scan->words[i - 2], "you"));
}

/* "is $25 ok?", "$25 would be fine" */
static bool is_ok_asked(const struct scan *scan, size_t i)
{
    bool asks = i > 0 && word_listed(&scan->words[i - 1], WORDS(" is would be "));

    for (size_t k = i + 1; k < i + 5 && k < scan->count && !scan->words[k - 1].ends_sentence; k++) {
        asks |= word_listed(&scan->words[k], WORDS(" would be is "));
        if (asks && word_listed(&scan->words[k], WORDS(" ok okay possible fine acceptable doable ")))
            return true;
    }
    return false;
}

#define PRICES_HEARD 40u /* numbers; a page of them is not read for each */
#define OFFER_NEAR 4     /* words between what offers and the price */

/* The price that the writer proposes: an amount, or a plain number, right behind what offers one. */
void find_price(struct scan *scan)
{
    struct entities *found = scan->found;
    size_t from = 0, end, left = PRICES_HEARD;

    for (size_t i = 0; i < scan->count; i++) {
        bool amount = false;
        size_t back = i > 8 ? i - 8 : 0;
        const char *plain;

        if (scan->words[i].ends_sentence && !is_digit(scan->words[i].s[0])) {
            from = i + 1;
            continue;
        }
        if (!is_digit(scan->words[i].s[0]) || left == 0)
            continue;
        left--;
        for (int k = 0; k < found->amount_count; k++) {
            if (scan->amount_at[k] == i) {
                amount = true;
                plain = NULL;
                back = back > from ? back : from;
                if ((is_ok_asked(scan, i) ||
                     (says(scan, SAID_OFFER, back, i, &end) && i - end <= OFFER_NEAR)) &&
                    !says(scan, SAID_NO_OFFER, back, i, &end)) {
                    found->price = found->amounts[k];
                    return;
                }
            }
        }
        plain = amount ? NULL : plain_price(scan, i);
        back = back > from ? back : from;
        if (plain != NULL && found->price_plain == NULL && i > 0 && !word_on(&scan->words[i - 1], ON_UNTIL) &&
            says(scan, SAID_OFFER, back, i, &end) && i - end <= 1 && may_offer(scan, i) &&
            !says(scan, SAID_NO_OFFER, back, i, &end)) {
            found->price_plain = plain;
            take(scan, i, 1);
        }
        if (scan->words[i].ends_sentence)
            from = i + 1;
    }
}
