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

static int match_prefix(const struct lexicon *lexicon, const struct text *text, const struct token *token)
{
    int value = -1;
    uint32_t hash = TEXT_HASH;
    for (uint32_t i = 0; i < token->len; i++) {
        hash = text_hash(hash, text->plain[token->start + i]);
        if (i + 1 < LEXICON_PREFIX)
            continue;
        const struct lexicon_entry *entry =
            find(lexicon, lexicon_key(LEXICON_PREFIX_KEY ^ lexicon->language, hash));
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
        key = lexicon_key(key, text->tokens[i].hash);
        const struct lexicon_entry *entry = find(lexicon, key);
        if (entry == NULL)
            break;
        if (entry->value != LEXICON_GOES_ON) {
            value = (int)entry->value;
            *ret_taken = i - at + 1;
        }
    }
    if (value < 0 && text->tokens[at].kind == TOKEN_WORD) {
        value = match_prefix(lexicon, text, &text->tokens[at]);
        *ret_taken = 1;
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
