/* lexicon.h - words and phrases that stand for something: a hash table without pointers, made by
 * tools/train.c from files of lines "name: word prefix* two_words three_words_pre*", a file a language, held
 * in the model. */
#ifndef REPLYD_UNDERSTAND_LEXICON_H
#define REPLYD_UNDERSTAND_LEXICON_H

#include "text.h"

#define LEXICON_PHRASE 8 /* words of the longest phrase */
#define LEXICON_PREFIX 3 /* letters of the shortest beginning of a word */

/* Where keys begin: far from each other, so that "deliver*" is not "deliver". */
#define LEXICON_PHRASE_KEY 0u
#define LEXICON_PREFIX_KEY 0x5bd1e994u
#define LEXICON_SCRIPT_KEY 0x27d4eb2eu

struct lexicon_entry {
    uint32_t key;   /* 0: free */
    uint32_t value; /* of the name, or LEXICON_GOES_ON */
};

/* The key is no phrase or beginning, but a longer one begins with it. */
#define LEXICON_GOES_ON 0xffffffffu

struct lexicon {
    const struct lexicon_entry *entries;
    uint32_t mask;     /* entries - 1, a power of two */
    uint32_t language; /* lexicon_language() of the text: "die" is another word in each */
};

/* The key of a phrase of words: begin with LEXICON_PHRASE_KEY ^ language, add each word's hash. */
static inline uint32_t lexicon_key(uint32_t key, uint32_t hash)
{
    key = (key ^ hash) * 0x9e3779b1u;
    return (key ^ key >> 15) | 1;
}

/* What tells a language's words from another's, by the two letters of its tag. */
static inline uint32_t lexicon_language(const char *tag)
{
    return lexicon_key((unsigned char)tag[0], (unsigned char)tag[1]) & ~1u;
}

/* Asks for the place where a token's phrases would be: megabytes of entries are not in the cache. */
static inline void lexicon_prefetch(const struct lexicon *lexicon, const struct token *token)
{
    uint32_t key = lexicon_key(LEXICON_PHRASE_KEY ^ lexicon->language, token->hash);

    __builtin_prefetch(&lexicon->entries[key & lexicon->mask]);
}

/* What stands at token `at`: the longest phrase, else the word, else its longest prefix. Returns its value or
 * -1, and the tokens that it takes. */
int lexicon_match(const struct lexicon *lexicon, const struct text *text, size_t at, size_t end,
                  size_t *ret_taken);

/* What stands at a letter of a script without spaces: the longest word. Returns its value or -1, and the
 * letters that it takes, 1 if there is none. */
int lexicon_match_letters(const struct lexicon *lexicon, const uint32_t *letters, size_t len,
                          size_t *ret_taken);

#endif
