/* words.h - a text cut into words for the scanners of entities, each with the lists of vocabulary that it is
 * on. */
#ifndef REPLYD_UNDERSTAND_WORDS_H
#define REPLYD_UNDERSTAND_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "facts_gen.h"
#include "words_gen.h"

#define WORDS_MAX 4000 /* of a text; what is behind them names nothing */
#define WORD_LEN 40    /* a longer word's `lower` is cut */

/* Lists of vocabulary; a word may be on several. */
enum {
    ON_MONTH = 1 << 0,    /* value 1 to 12 */
    ON_WEEKDAY = 1 << 1,  /* value 0 to 6, Monday first */
    ON_COUNT = 1 << 2,    /* "two": value 2 */
    ON_CURRENCY = 1 << 3, /* value: number of the currency in word_currencies */
    ON_SPAN = 1 << 4,     /* "weeks": value 7, the days of one; 0: hours */
    ON_NEAR_DAY = 1 << 5, /* "yesterday": value 9, the days from today plus 10 */
    ON_WHICH_DAY = 1 << 6,
    ON_ARTICLE = 1 << 7,
    ON_KIND_OF_DAY = 1 << 8,
    ON_UNTIL = 1 << 9,
    ON_UNIT = 1 << 10,
    ON_QUANTITY = 1 << 11,
    ON_TRACKING = 1 << 12,
    ON_ORDER = 1 << 13,
    ON_FILLER = 1 << 14,
    ON_ABBREVIATION = 1 << 15,
    ON_NOT_ORDER_BEFORE = 1 << 16,
    ON_NOT_ORDER_BEHIND = 1 << 17,
    ON_WAIT = 1 << 18,
    ON_ELSE_BEFORE = 1 << 19, /* a number alone behind it is an address or amount */
    ON_BETWEEN = 1 << 20,     /* may stand between "paid" and the amount */
    ON_STREET = 1 << 21,      /* ends a street's name */
    ON_AND = 1 << 22,
    ON_NO_NAME = 1 << 23, /* no part of a street's name */
    ON_MONEY = 1 << 24,   /* without such a word nobody asks for his money back */
    ON_UNDO = 1 << 25,    /* cancels or refunds */
    ON_NOT = 1 << 26,     /* denies what follows */
    ON_LINK = 1 << 27,    /* may stand between the denial or the wish and what is denied or wished */
    ON_WISH = 1 << 28,
    ON_PHRASE = 1 << 29, /* begins a phrase of playbook/words */
};

#define PHRASE_WORDS 5 /* of the longest */

struct word {
    const char *s; /* in the text */
    uint32_t len;
    uint32_t on;     /* lists */
    uint16_t digits; /* count of them */
    uint16_t said;   /* 1 + its place in the words of playbook/words/said, or 0 */
    uint8_t value;   /* by its list */
    uint8_t lower_len;
    bool taken;               /* is a part of something found */
    bool ends_sentence;       /* a sentence's or line's end stands between it and the next */
    char lower[WORD_LEN + 1]; /* ASCII letters in lower case, without an apostrophe */
};

extern const char *const word_currencies[];

/* The vocabulary, ready for looking up; read-only once made. */
struct vocabulary;
struct vocabulary *vocabulary_new(void);
void vocabulary_free(struct vocabulary *vocabulary);

/* The most words that a text is cut into: in UTF-8 no more fit, of other bytes the rest is left out. */
static inline size_t words_most(size_t len)
{
    return len / 2 + 1 < WORDS_MAX ? len / 2 + 1 : WORDS_MAX;
}

/* Cuts the text: runs of letters, digits and of the signs that numbers hold inside. Returns the count, at
 * most words_most(len). */
size_t words_cut(const struct vocabulary *vocabulary, const char *text, size_t len, struct word *words);

/* Looks up `lower`, for words that are made up of parts. */
void word_look_up(const struct vocabulary *vocabulary, struct word *word);

static inline bool word_on(const struct word *word, uint32_t lists)
{
    return (word->on & lists) != 0;
}

/* What the longest phrase of a kind that begins with the first of the words stands for, maybe "", and how
 * many of the words it takes; NULL: none. No sentence ends inside a phrase. */
const char *vocabulary_phrase(const struct vocabulary *vocabulary, const struct word *words, size_t count,
                              enum phrase_kind kind, size_t *ret_used);

/* A word or a gap and a word of what can be said. */
struct said_slot {
    uint16_t group;
    uint8_t gap; /* so many words may stand before it */
};

struct said_pattern {
    uint8_t said;   /* enum claim, or SAID_... */
    uint8_t denies; /* has a denial of its own */
    uint8_t slot_count;
    struct said_slot slots[SAID_SLOTS];
};

struct said_word {
    const char *word;
    uint64_t groups[SAID_GROUPS / 64];
    uint16_t start, start_count; /* the patterns that begin with it */
};

/* The patterns that begin with a word: the numbered one of them, by what they say; NULL behind the last. */
const struct said_pattern *said_pattern(const struct word *word, size_t number);

/* Does the word belong to a group of said words? */
bool word_says(const struct word *word, int group);

/* Is the word one of a list like " de la von "? */
bool word_listed(const struct word *word, const char *list);

static inline bool word_is(const struct word *word, const char *lower)
{
    return word->lower[0] == lower[0] && strcmp(word->lower, lower) == 0;
}

#endif
