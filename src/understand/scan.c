#include "scan.h"

#include <ctype.h>

struct word word_rest(const struct scan *scan, const struct word *word, size_t from)
{
    struct word rest = {.s = word->s + from, .len = word->len - (uint32_t)from};
    rest.lower_len = (uint8_t)(word->lower_len - from);
    memcpy(rest.lower, word->lower + from, rest.lower_len);
    word_look_up(scan->vocabulary, &rest);
    return rest;
}

bool ends_clause(const struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i];

    return word->ends_sentence || (i + 1 < scan->count && word->s[word->len] == ',');
}

void join_words(const struct scan *scan, size_t from, size_t count, char out[static WORD_LEN + 1])
{
    size_t len = 0;
    for (size_t i = from; i < from + count && i < scan->count; i++) {
        const struct word *word = &scan->words[i];
        if (word->len + len > WORD_LEN || (i > from && scan->words[i - 1].ends_sentence)) {
            len = 0;
            break;
        }
        for (uint32_t k = 0; k < word->len; k++) {
            if (isalnum((unsigned char)word->s[k]))
                out[len++] = (char)toupper((unsigned char)word->s[k]);
        }
    }
    out[len] = '\0';
}

const char *phrase_at(const struct scan *scan, size_t i, enum phrase_kind kind, size_t *ret_used)
{
    const char *value;

    if (i >= scan->count || !word_on(&scan->words[i], ON_PHRASE))
        return NULL;
    value = vocabulary_phrase(scan->vocabulary, &scan->words[i], scan->count - i, kind, ret_used);
    return value && *value != '\0' ? value : NULL;
}
