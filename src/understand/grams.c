#include "grams.h"

#include "../core/mem.h"

#include <stdlib.h>

#define EDGE ((uint32_t)'<') /* stands before and after a word's letters */
#define GRAM_MIN 2
#define GRAM_MAX 5
#define SCRIPT_GRAM_MAX 3
#define CONCEPTS 24     /* of a sentence, that are taken */
#define CONCEPT_REACH 4 /* so far apart two still make a pair */

static void add(struct grams *grams, enum gram_kind kind, uint32_t hash)
{
    hash ^= (kind + 1) * 0x9e3779b1u;
    hash ^= hash >> 16;
    hash *= 0x7feb352du;
    hash ^= hash >> 15;
    hash *= 0x846ca68bu;
    hash ^= hash >> 16;
    grams->ids[grams->count++] = (uint32_t)kind << GRAM_BITS | hash >> (32 - GRAM_BITS);
}

static void reserve(struct grams *grams, size_t more)
{
    if (grams->count + more <= grams->cap)
        return;
    grams->cap = (grams->count + more) * 2;
    grams->ids = mem_resize(grams->ids, grams->cap * sizeof(*grams->ids));
}

/* Runs of 2 to 5 letters of a word with its edges. */
static void add_word_letters(struct grams *grams, const uint32_t *letters, size_t len)
{
    uint32_t edged[GRAM_WORD_LETTERS + 2];
    size_t count = len < GRAM_WORD_LETTERS ? len : GRAM_WORD_LETTERS;
    edged[0] = edged[count + 1] = EDGE;
    for (size_t i = 0; i < count; i++)
        edged[i + 1] = letters[i];
    count += 2;
    reserve(grams, count * GRAM_MAX);
    for (size_t i = 0; i + GRAM_MIN <= count; i++) {
        uint32_t hash = text_hash(TEXT_HASH, edged[i]);
        for (size_t n = GRAM_MIN; n <= GRAM_MAX && i + n <= count; n++) {
            hash = text_hash(hash, edged[i + n - 1]);
            add(grams, GRAM_LETTERS, hash);
        }
    }
}

/* Without spaces between words, runs of 1 to 3 letters take their place. */
static void add_script_letters(struct grams *grams, const uint32_t *letters, size_t len)
{
    reserve(grams, len * SCRIPT_GRAM_MAX);
    for (size_t i = 0; i < len; i++) {
        uint32_t hash = TEXT_HASH;
        for (size_t n = 1; n <= SCRIPT_GRAM_MAX && i + n <= len; n++) {
            hash = text_hash(hash, letters[i + n - 1]);
            add(grams, GRAM_SCRIPT, hash);
        }
    }
}

static void add_concepts(struct grams *grams, const uint32_t *found, size_t count)
{
    reserve(grams, count * (CONCEPT_REACH + 1));
    for (size_t i = 0; i < count; i++) {
        add(grams, GRAM_CONCEPT, text_hash(TEXT_HASH, found[i]));
        for (size_t j = i + 1; j < count && j <= i + CONCEPT_REACH; j++)
            add(grams, GRAM_CONCEPT_PAIR, text_hash(text_hash(TEXT_HASH, found[i]), found[j]));
    }
}

/* The words before the one that is being added. */
struct context {
    uint32_t before, before_that; /* 0: the sentence begins */
};

static void add_word(struct grams *grams, struct context *context, uint32_t hash)
{
    reserve(grams, 3);
    add(grams, GRAM_WORD, hash);
    add(grams, GRAM_PAIR, text_hash(context->before, hash));
    if (context->before_that != 0)
        add(grams, GRAM_SKIP, text_hash(context->before_that, hash));
    context->before_that = context->before;
    context->before = hash;
}

/* The concepts in a run of letters without spaces. */
static size_t find_in_script(const struct text *text, const struct token *token,
                             const struct lexicon *concepts, uint32_t found[CONCEPTS], size_t count)
{
    for (size_t i = 0, taken; i < token->len && count < CONCEPTS; i += taken) {
        int value = lexicon_match_letters(concepts, text->plain + token->start + i, token->len - i, &taken);
        if (value >= 0)
            found[count++] = (uint32_t)value;
    }
    return count;
}

void grams_add_signal(struct grams *grams, uint32_t what)
{
    reserve(grams, 1);
    add(grams, GRAM_SIGNAL, text_hash(TEXT_HASH, what));
}

void grams_add_letters(struct grams *grams, const struct text *text, const struct token *token)
{
    add_word_letters(grams, text->plain + token->start, token->len);
}

void grams_add_words(struct grams *grams, const struct text *text, size_t from, size_t to,
                     const struct lexicon *concepts, void (*use)(void *arg, const struct token *token),
                     void *arg)
{
    struct context context = {0};
    uint32_t found[CONCEPTS];
    size_t count = 0;
    for (size_t i = from, taken; i < to; i += taken) {
        taken = 1;
        lexicon_prefetch(concepts, &text->tokens[i + 3 < to ? i + 3 : i]);
        int concept = lexicon_match(concepts, text, i, to, &taken);
        if (concept >= 0 && count < CONCEPTS)
        found[count++] = (uint32_t) concept;
        if (concept < 0 && text->tokens[i].kind == TOKEN_SCRIPT)
            count = find_in_script(text, &text->tokens[i], concepts, found, count);
        if (concept >= 0 && concept & CONCEPT_REPLACES) {
            add_word(grams, &context, (uint32_t) concept);
            continue;
        }
        for (size_t k = i; k < i + taken; k++) {
            const struct token *token = &text->tokens[k];
            add_word(grams, &context, token->hash);
            if (token->kind == TOKEN_WORD)
                use(arg, token);
            else if (token->kind == TOKEN_SCRIPT)
                add_script_letters(grams, text->plain + token->start, token->len);
        }
    }
    if (from < to) {
        reserve(grams, 1);
        add(grams, GRAM_PAIR, text_hash(context.before, 0));
    }
    add_concepts(grams, found, count);
}

struct letters_too {
    struct grams *grams;
    const struct text *text;
};

static void use_letters(void *arg, const struct token *token)
{
    const struct letters_too *too = arg;
    grams_add_letters(too->grams, too->text, token);
}

void grams_add(struct grams *grams, const struct text *text, size_t from, size_t to,
               const struct lexicon *concepts)
{
    struct letters_too too = {grams, text};
    grams_add_words(grams, text, from, to, concepts, use_letters, &too);
}

void grams_add_all(struct grams *grams, const struct text *text, const struct lexicon *concepts)
{
    size_t from = 0;
    for (size_t i = 0; i < text->token_count; i++) {
        if (text->tokens[i].kind == TOKEN_END) {
            grams_add(grams, text, from, i, concepts);
            from = i + 1;
        }
    }
}

#define LANGUAGE_GRAM_MAX 4

void grams_add_language(struct grams *grams, const struct text *text, const struct token *token)
{
    uint32_t edged[GRAM_WORD_LETTERS + 2];
    size_t count = token->len < GRAM_WORD_LETTERS ? token->len : GRAM_WORD_LETTERS;
    edged[0] = edged[count + 1] = EDGE;
    for (size_t k = 0; k < count; k++)
        edged[k + 1] = text->marked[token->start + k];
    count += 2;
    reserve(grams, count * LANGUAGE_GRAM_MAX + 1);
    for (size_t k = 0; k < count; k++) {
        uint32_t hash = TEXT_HASH;
        for (size_t n = 1; n <= LANGUAGE_GRAM_MAX && k + n <= count; n++) {
            hash = text_hash(hash, edged[k + n - 1]);
            if (n > 1 || edged[k] != EDGE)
                add(grams, GRAM_LETTERS, hash);
        }
    }
    if (token->kind == TOKEN_WORD)
        add(grams, GRAM_WORD, token->hash);
}

void grams_free(struct grams *grams)
{
    free(grams->ids);
    *grams = (struct grams){0};
}
