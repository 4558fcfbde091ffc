/* words.h - a text cut into words for the scanners of entities, each with the lists of vocabulary that it is
 * on. */
#ifndef REPLYD_UNDERSTAND_WORDS_H
#define REPLYD_UNDERSTAND_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "facts_gen.h"
#include "replyd/arena.h"
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
    ON_SHARED = 1 << 30, /* means the same in every language: carriers, countries, sizes, units, currencies */
};

/* Words in one string, a space before, between and behind them. Every list of the program stands in one
 * section, so that a vocabulary knows of each of its words on which lists it is, and asking costs a bit test.
 */
struct word_list {
    const char *words;
};
#define WORD_LIST __attribute__((section("word_lists"), used))
#define WORDS(literal)                                                                                       \
    (__extension__({                                                                                         \
        static const struct word_list list_ WORD_LIST = {literal};                                           \
        &list_;                                                                                              \
    }))
#define WORD_LISTS_MOST 256
extern const struct word_list __start_word_lists[], __stop_word_lists[];

#define PHRASE_WORDS 5 /* of the longest */

struct word {
    const char *s;         /* in the text */
    const uint64_t *lists; /* bits: the word lists that it is on */
    uint32_t len;
    uint32_t on;     /* lists */
    uint16_t digits; /* count of them */
    uint16_t said;   /* 1 + its place in the words of playbook/words/said, or 0 */
    uint8_t phrases; /* bits: the kinds of phrases that it begins (enum phrase_kind) */
    uint8_t value;   /* by its list */
    uint8_t lower_len;
    bool taken;         /* is a part of something found */
    bool ends_sentence; /* a sentence's or line's end stands between it and the next */
    /* In lower case, without accents and apostrophes; in another language than English the English word that
     * its glossary has for it. A word that is English by its looks only has a ~ before it. */
    char lower[WORD_LEN + 1];
};

extern const char *const word_currencies[];

/* The vocabulary, ready for looking up; read-only once made. */
struct vocabulary;
struct vocabulary *vocabulary_new(void);
void vocabulary_free(struct vocabulary *vocabulary);

/* Cuts the text: runs of letters, digits and of the signs that numbers hold inside. `language` is the text's,
 * BCP 47: where it has a glossary (playbook/words/gloss.<language>.json), words and phrases stand as their
 * English ones, each over the bytes of the whole phrase. Returns the count, at most WORDS_MAX; the words live
 * in the arena. */
size_t words_cut(const struct vocabulary *vocabulary, const char *language, const char *text, size_t len,
                 struct arena *arena, struct word **ret_words);

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

/* The phrases of a language and what they are in English. */
struct gloss_table {
    const char *language;
    const struct gloss_row {
        const char *phrase, *english;
    } * rows;
    size_t count;
};

/* The patterns that begin with a word: the numbered one of them, by what they say; NULL behind the last. */
const struct said_pattern *said_pattern(const struct word *word, size_t number);

/* Does the word belong to a group of said words? */
bool word_says(const struct word *word, int group);

static inline bool word_listed(const struct word *word, const struct word_list *list)
{
    size_t number = (size_t)(list - __start_word_lists);

    return (word->lists[number / 64] >> number % 64 & 1) != 0;
}

/* What every word has that is on no list. */
extern const uint64_t word_on_no_list[WORD_LISTS_MOST / 64];

static inline bool word_is(const struct word *word, const char *lower)
{
    return word->lower[0] == lower[0] && strcmp(word->lower, lower) == 0;
}

#endif
