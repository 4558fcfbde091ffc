/* word_sums.h - what the letters of a word add to the sums of intents and languages, remembered: most words
 * of a message have been seen before, and a word has dozens of runs of letters. The sums are the same with
 * and without it. */
#ifndef REPLYD_UNDERSTAND_WORD_SUMS_H
#define REPLYD_UNDERSTAND_WORD_SUMS_H

#include "model.h"

struct word_sums {
    uint32_t letters[GRAM_WORD_LETTERS]; /* with their accents */
    uint32_t len;                        /* 0: free */
    uint32_t language_grams;
    struct model_sum intents;
    int32_t languages[LANGUAGE_COLUMNS];
    struct mood_sum moods;
};

/* The sums of one thread's words. */
struct word_memory;
struct word_memory *word_memory_new(void);
void word_memory_free(struct word_memory *memory);

/* The sums of a TOKEN_WORD; valid until the next call. `grams` is memory that is used again. */
const struct word_sums *word_sums_of(struct word_memory *memory, const struct model *model,
                                     const struct text *text, const struct token *token, struct grams *grams);

#endif
