/* grams.h - what the classifier sees of a text: hashed words, word pairs, runs of letters, concepts and their
 * pairs. */
#ifndef REPLYD_UNDERSTAND_GRAMS_H
#define REPLYD_UNDERSTAND_GRAMS_H

#include "lexicon.h"
#include "text.h"

/* Kinds of grams: the same letters in two kinds are two grams. */
enum gram_kind {
    GRAM_WORD,
    GRAM_PAIR,
    GRAM_SKIP,
    GRAM_LETTERS, /* of words */
    GRAM_SCRIPT,  /* of runs without spaces: they are the words there */
    GRAM_CONCEPT,
    GRAM_CONCEPT_PAIR,
    GRAM_SIGNAL, /* of a mood */
    GRAM_KINDS
};

/* A gram is its kind above its row of the model. */
#define GRAM_BITS 18
#define GRAM_ROWS (1u << GRAM_BITS)
#define GRAM_ROW(gram) ((gram) & (GRAM_ROWS - 1))
#define GRAM_KIND(gram) ((gram) >> GRAM_BITS)

/* A concept with this bit stands in the place of its words: they themselves give no grams. */
#define CONCEPT_REPLACES 0x40000000

#define GRAM_WORD_LETTERS 24 /* of a longer word only so many give runs of letters */

struct grams {
    uint32_t *ids; /* one that stands twice counts twice */
    size_t count, cap;
};

/* Adds the grams of the tokens `from` to `to` (not included), which are within one sentence. */
void grams_add(struct grams *grams, const struct text *text, size_t from, size_t to,
               const struct lexicon *concepts);
/* Adds those of all sentences. */
void grams_add_all(struct grams *grams, const struct text *text, const struct lexicon *concepts);
/* The same without the runs of letters of words; `use` is called with each word whose runs are wanted. */
void grams_add_words(struct grams *grams, const struct text *text, size_t from, size_t to,
                     const struct lexicon *concepts, void (*use)(void *arg, const struct token *token),
                     void *arg);
/* What mood.c has seen. */
void grams_add_signal(struct grams *grams, uint32_t what);
/* The runs of letters of a word. */
void grams_add_letters(struct grams *grams, const struct text *text, const struct token *token);

/* Adds what a word or a run of letters without spaces tells of the language: runs of letters with their
 * accents, the word. */
void grams_add_language(struct grams *grams, const struct text *text, const struct token *token);
void grams_free(struct grams *grams);

#endif
