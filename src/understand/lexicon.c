#include "lexicon.h"

#include <stddef.h>

static const struct lexicon_entry *find(const struct lexicon *lexicon, uint32_t key)
{
    for (uint32_t i = key & lexicon->mask; lexicon->entries[i].key != 0; i = (i + 1) & lexicon->mask) {
        if (lexicon->entries[i].key == key)
            return &lexicon->entries[i];
    }
    return NULL;
}

/* The longest beginning of a word behind a phrase, whose key is given. */
static int match_prefix(const struct lexicon *lexicon, uint32_t phrase, const struct text *text,
                        const struct token *token)
{
    int value = -1;
    uint32_t hash = TEXT_HASH;
    for (uint32_t i = 0; i < token->len; i++) {
        hash = text_hash(hash, text->plain[token->start + i]);
        if (i + 1 < LEXICON_PREFIX)
            continue;
        const struct lexicon_entry *entry = find(lexicon, lexicon_key(LEXICON_PREFIX_KEY ^ phrase, hash));
        if (entry == NULL)
            break;
        if (entry->value != LEXICON_GOES_ON)
            value = (int)entry->value;
    }
    return value;
}

int lexicon_match(const struct lexicon *lexicon, const struct text *text, size_t at, size_t end,
                  size_t *ret_taken)
{
    int value = -1;
    uint32_t key = LEXICON_PHRASE_KEY ^ lexicon->language;
    for (size_t i = at; i < end && i - at < LEXICON_PHRASE; i++) {
        const struct token *token = &text->tokens[i];
        uint32_t before = key;
        key = lexicon_key(key, token->hash);
        const struct lexicon_entry *entry = find(lexicon, key);
        int found = entry != NULL && entry->value != LEXICON_GOES_ON ? (int)entry->value : -1;
        if (found < 0 && token->kind == TOKEN_WORD)
            found = match_prefix(lexicon, before, text, token);
        if (found >= 0) {
            value = found;
            *ret_taken = i - at + 1;
        }
        if (entry == NULL)
            break;
    }
    return value;
}

int lexicon_match_letters(const struct lexicon *lexicon, const uint32_t *letters, size_t len,
                          size_t *ret_taken)
{
    int value = -1;
    uint32_t key = LEXICON_SCRIPT_KEY ^ lexicon->language;

    *ret_taken = 1;
    for (size_t i = 0; i < len; i++) {
        key = lexicon_key(key, letters[i]);
        const struct lexicon_entry *entry = find(lexicon, key);
        if (entry == NULL)
            break;
        if (entry->value != LEXICON_GOES_ON) {
            value = (int)entry->value;
            *ret_taken = i + 1;
        }
    }
    return value;
}
