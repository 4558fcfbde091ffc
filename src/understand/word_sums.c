#include "word_sums.h"

#include "../core/mem.h"

#include <string.h>

#define WORDS 1024u /* a power of two; half a megabyte */

struct word_memory {
    struct word_sums words[WORDS + 1]; /* the last one is of words too long to be remembered */
};

struct word_memory *word_memory_new(void)
{
    struct word_memory *memory = mem_resize(NULL, sizeof(*memory));
    memset(memory, 0, sizeof(*memory));
    return memory;
}

void word_memory_free(struct word_memory *memory)
{
    free(memory);
}

static void sum_up(struct word_sums *sums, const struct model *model, const struct text *text,
                   const struct token *token, struct grams *grams)
{
    memset(&sums->intents, 0, sizeof(sums->intents));
    memset(sums->languages, 0, sizeof(sums->languages));
    memset(&sums->moods, 0, sizeof(sums->moods));
    size_t before = grams->count;
    grams_add_letters(grams, text, token);
    model_add(model, grams->ids + before, grams->count - before, &sums->intents);
    model_add_moods(model, grams->ids + before, grams->count - before, &sums->moods);
    grams->count = before;
    grams_add_language(grams, text, token);
    sums->language_grams = (uint32_t)(grams->count - before);
    model_add_language(model, grams->ids + before, grams->count - before, sums->languages);
    grams->count = before;
}

const struct word_sums *word_sums_of(struct word_memory *memory, const struct model *model,
                                     const struct text *text, const struct token *token, struct grams *grams)
{
    const uint32_t *letters = text->marked + token->start;
    size_t size = token->len * sizeof(*letters);
    if (token->len > GRAM_WORD_LETTERS) {
        sum_up(&memory->words[WORDS], model, text, token, grams);
        return &memory->words[WORDS];
    }
    struct word_sums *sums = &memory->words[(token->hash ^ token->hash >> 16) % WORDS];
    if (sums->len != token->len || memcmp(sums->letters, letters, size) != 0) {
        sums->len = token->len;
        memcpy(sums->letters, letters, size);
        sum_up(sums, model, text, token, grams);
    }
    return sums;
}
