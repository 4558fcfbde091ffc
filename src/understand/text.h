/* text.h - from bytes to tokens: the one reading of a text that features, language and mood share.
 *
 * Any bytes are accepted. Letters are NFKC case-folded and stand twice: `plain` without accents (what the
 * classifier sees: buyers leave them out) and `marked` with them (what tells languages apart). */
#ifndef REPLYD_UNDERSTAND_TEXT_H
#define REPLYD_UNDERSTAND_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Code points that are read of one text; what is behind them is not looked at. */
#define TEXT_MAX 20000

enum token_kind {
    TOKEN_WORD,   /* letters, maybe with digits behind them; an apostrophe inside is left out */
    TOKEN_SCRIPT, /* a run of a script that is written without spaces, or of Hangul */
    TOKEN_NUMBER, /* digits; of two or more, written 0 each, only the count matters */
    TOKEN_SIGN,   /* one of ? ! % # currency, emoji; runs of the same count once */
    TOKEN_LINK,   /* an address on the web or of mail */
    TOKEN_END,    /* a sentence's or a line's end */
};

struct token {
    uint32_t start, len; /* in `plain` and `marked` */
    uint32_t hash;
    uint8_t kind;
    bool shouted; /* a word of three letters or more, all capitals */
    bool paused;  /* a comma or its like stands before it */
};

enum script {
    SCRIPT_LATIN,
    SCRIPT_HAN,
    SCRIPT_KANA,
    SCRIPT_HANGUL,
    SCRIPT_CYRILLIC,
    SCRIPT_ARABIC,
    SCRIPT_OTHER,
    SCRIPT_COUNT
};

struct text {
    uint32_t *plain, *marked;
    size_t letter_count, letter_cap;
    struct token *tokens; /* never ends a sentence twice; the last one is a TOKEN_END unless there is none */
    size_t token_count, token_cap;
    uint32_t scripts[SCRIPT_COUNT]; /* letters of each */
};

/* Reads a text over what was there before; the memory is used again. */
void text_read(struct text *text, const char *s, size_t len);
void text_free(struct text *text);

/* One step of the hash of words and n-grams. */
#define TEXT_HASH 0x811c9dc5u

static inline uint32_t text_hash(uint32_t hash, uint32_t value)
{
    return (hash ^ value) * 0x01000193u;
}

/* A small letter without its accent, as in `plain`; 0 for a mark that is none by itself. */
uint32_t text_plain(uint32_t c);

/* Other scripts' digits, full-width letters and the signs of Chinese, Japanese and Arabic become ASCII ones,
 * in place; an end or a pause gets a space behind it. Returns the bytes that are left: never more. */
size_t text_plain_signs(char *s, size_t len);

/* The hash of a word as a token of it would have, for tables of words: "don't" and "dont" are one. */
uint32_t text_hash_word(const uint32_t *letters, size_t count);

#endif
