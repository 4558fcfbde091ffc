/* lexicon.h - words and phrases that stand for something: a hash table without pointers, made by
 * tools/train.c from files of lines "name: word prefix* two_words", held in the model. */
#ifndef REPLYD_UNDERSTAND_LEXICON_H
#define REPLYD_UNDERSTAND_LEXICON_H

#include "text.h"

#define LEXICON_PHRASE 4 /* words of the longest phrase */
#define LEXICON_PREFIX 3 /* letters of the shortest beginning of a word */

#define LEXICON_PHRASE_KEY 0u
#define LEXICON_PREFIX_KEY 0x5bd1e994u /* far from the other, so that "deliver*" is not "deliver" */

struct lexicon_entry {
    uint32_t key;   /* 0: free */
    uint32_t value; /* of the name, or LEXICON_GOES_ON */
};

/* The key is no phrase or beginning, but a longer one begins with it. */
#define LEXICON_GOES_ON 0xffffffffu

struct lexicon {
    const struct lexicon_entry *entries;
    uint32_t mask; /* entries - 1, a power of two */
};

/* The key of a phrase of words: begin with LEXICON_PHRASE_KEY, add each word's hash. */
static inline uint32_t lexicon_key(uint32_t key, uint32_t hash)
{
    key = (key ^ hash) * 0x9e3779b1u;
    return (key ^ key >> 15) | 1;
}

/* What stands at token `at`: the longest phrase, else the word, else its longest prefix. Returns its value or
 * -1, and the tokens that it takes. */
int lexicon_match(const struct lexicon *lexicon, const struct text *text, size_t at, size_t end,
                  size_t *ret_taken);

#endif
