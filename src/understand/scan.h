/* scan.h - what the scanners of entities share. Each looks at words and their neighbours and takes what it
 * found, so that a date or an amount is no order number; entities.c runs them, the surest first. */
#ifndef REPLYD_UNDERSTAND_SCAN_H
#define REPLYD_UNDERSTAND_SCAN_H

#include "entities.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

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
    size_t amount_at[UNDERSTAND_NUMBERS]; /* word of each amount */
    bool shoes, shoes_known;              /* see speaks_of_shoes() */
};

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A word behind the last is on no list and taken. */
static inline const struct word *word_at(const struct scan *scan, size_t i)
{
    static const struct word none = {.s = "", .lists = word_on_no_list, .taken = true};
    return i < scan->count ? &scan->words[i] : &none;
}

/* The byte before a word, to see a sign there: "#", "$". */
static inline char sign_before(const struct scan *scan, const struct word *word)
{
    return word->s > scan->text ? word->s[-1] : '\0';
}

/* The byte behind a word; '\0' at the text's end. */
static inline char byte_behind(const struct scan *scan, const struct word *word)
{
    const char *end = word->s + word->len;

    return end >= scan->text && end < scan->text + scan->len ? *end : '\0';
}

static inline void take(struct scan *scan, size_t from, size_t count)
{
    for (size_t i = from; i < from + count && i < scan->count; i++)
        scan->words[i].taken = true;
}

static inline bool all_digits(const struct word *word)
{
    return word->digits == word->len && word->len > 0;
}

/* A plain number of at most nine digits, or -1. */
static inline int64_t number_of(const struct word *word)
{
    return all_digits(word) && word->len <= 9 ? atoll(word->lower) : -1;
}

/* "two" is 2, "12" is 12; else -1. */
static inline int64_t count_of(const struct word *word)
{
    return word_on(word, ON_COUNT) ? word->value : number_of(word);
}

/* What stands behind the first `from` letters of a word, as a word: "eur" of "12eur". */
struct word word_rest(const struct scan *scan, const struct word *word, size_t from);

/* A comma or a sentence's end stands behind the word. */
bool ends_clause(const struct scan *scan, size_t i);

/* Joins words from `from` on, in capitals, without signs; "" if they don't fit. */
void join_words(const struct scan *scan, size_t from, size_t count, char out[static WORD_LEN + 1]);

/* What the longest phrase at word i stands for, of a kind (words.h), and the words that it takes; NULL: none,
 * or one that stands for nothing ("black friday" is no colour). */
const char *phrase_at(const struct scan *scan, size_t i, enum phrase_kind kind, size_t *ret_used);

/* Does a pattern of that name (words.h) match from one word to before another? The last one counts.
 * `ret_end`: behind its last word.
 */
bool says(const struct scan *scan, int said, size_t from, size_t to, size_t *ret_end);

/* "10 days", "48 hours", "a week" at word i: whole days, or -1. */
int64_t read_span(const struct scan *scan, size_t i, size_t *ret_used);

/* --- numbers with units: entities_measures.c --- */

enum unit { UNIT_NONE, UNIT_CM, UNIT_MM, UNIT_M, UNIT_INCH, UNIT_FEET, UNIT_KG, UNIT_POUND, UNIT_OTHER };

/* The unit of a word in lower case, or UNIT_NONE. */
enum unit unit_of(const char *word);

/* The sign of feet or inches at a place of the text, or UNIT_NONE. */
enum unit sign_of(const struct scan *scan, const char *s);

/* Digits with at most one point or comma and two digits behind it: the bytes read, or 0. */
size_t read_decimal(const char *s, size_t len, double *ret_value);

/* "1/2" and its like, or 0. */
double fraction_of(const struct word *word);

/* Does the text speak of shoes, or of a system in which shoes are counted? */
bool speaks_of_shoes(struct scan *scan);

/* --- the scanners, in the order in which they run --- */

void find_tracking(struct scan *scan);
void find_impatience(struct scan *scan);
void find_money_wish(struct scan *scan);
void find_measures(struct scan *scan);
void find_sizes(struct scan *scan);
void find_claims(struct scan *scan); /* also what the writer announces and that his foot is wide */
void find_deadlines(struct scan *scan);
void find_amounts(struct scan *scan);
void find_dates(struct scan *scan);
void find_names(struct scan *scan); /* colours, countries, carriers */
void find_quantity(struct scan *scan);
void find_price(struct scan *scan);
void find_orders(struct scan *scan);

#endif
