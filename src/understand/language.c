#include "language.h"

#include <math.h>
#include <string.h>

#define WIDE_LETTER 3      /* a Han, kana or Hangul letter says as much as so many Latin ones */
#define LETTERS_HEARD 200  /* of a longer text the beginning tells its language as well */
#define LANGUAGE_LEAST 0.2 /* a probability below it says nothing */

static bool has_letter(const struct text *text, const uint32_t *letters)
{
    for (size_t i = 0; i < text->letter_count; i++) {
        for (const uint32_t *letter = letters; *letter != 0; letter++) {
            if (text->marked[i] == *letter)
                return true;
        }
    }
    return false;
}

/* Neighbours in the script that are not ours to answer: better said than taken for Russian or Arabic. */
static const uint32_t ukrainian[] = {0x456, 0x457, 0x454, 0x491, 0},
                      persian[] = {0x67e, 0x686, 0x698, 0x6af, 0x6cc, 0};

static bool is_one_of(const char *language, const char *const *languages)
{
    while (*languages != NULL && strcmp(*languages, language) != 0)
        languages++;
    return *languages != NULL;
}

/* The likeliest language, of a few where the script leaves no others (NULL: of all). */
static const char *likeliest(const struct model *model, const struct text *text, struct word_memory *memory,
                             struct grams *grams, const char *const *of, double *ret_confidence)
{
    const struct model_head *head = model->head;
    int32_t sum[LANGUAGE_COLUMNS] = {0};
    float logit[MODEL_LANGUAGES], most = -INFINITY, total = 0;
    int best = -1;
    size_t count = 0;

    for (size_t i = 0, letters = 0; i < text->token_count && letters < LETTERS_HEARD; i++) {
        const struct token *token = &text->tokens[i];
        if (token->kind == TOKEN_WORD) {
            const struct word_sums *word = word_sums_of(memory, model, text, token, grams);
            for (int column = 0; column < LANGUAGE_COLUMNS; column++)
                sum[column] += word->languages[column];
            count += word->language_grams;
        } else if (token->kind == TOKEN_SCRIPT) {
            grams->count = 0;
            grams_add_language(grams, text, token);
            model_add_language(model, grams->ids, grams->count, sum);
            count += grams->count;
        } else {
            continue;
        }
        letters += token->len;
    }
    float inverse = count > 0 ? 1 / sqrtf((float)count) : 0;
    for (int i = 0; i < MODEL_LANGUAGES; i++) {
        logit[i] = (float)sum[i] * head->language_scale[i] * inverse + head->language_bias[i];
        if (of != NULL && !is_one_of(model_languages[i], of))
            logit[i] = -INFINITY;
        if (logit[i] > most) {
            most = logit[i];
            best = i;
        }
    }
    for (int i = 0; i < MODEL_LANGUAGES; i++)
        total += expf(logit[i] - most);
    *ret_confidence = 1 / total;
    return *ret_confidence < LANGUAGE_LEAST ? "und" : model_languages[best];
}

const char *language_of(const struct model *model, const struct text *text, struct word_memory *memory,
                        struct grams *grams, double *ret_confidence)
{
    static const char *const eastern[] = {"zh", "ja", NULL};
    const uint32_t *of = text->scripts;
    uint32_t east = (of[SCRIPT_HAN] + of[SCRIPT_KANA] + of[SCRIPT_HANGUL]) * WIDE_LETTER;
    uint32_t all = east + of[SCRIPT_LATIN] + of[SCRIPT_CYRILLIC] + of[SCRIPT_ARABIC] + of[SCRIPT_OTHER];
    uint32_t most = of[SCRIPT_LATIN];
    const char *tag = NULL;
    *ret_confidence = 0;
    if (all == 0)
        return "und";
    if (east > most) {
        most = east;
        tag = of[SCRIPT_HANGUL] > of[SCRIPT_HAN] + of[SCRIPT_KANA] ? "ko"
              : of[SCRIPT_KANA] * 4 > of[SCRIPT_HAN]
                  ? "ja"
                  : likeliest(model, text, memory, grams, eastern, ret_confidence);
    }
    if (of[SCRIPT_CYRILLIC] > most) {
        most = of[SCRIPT_CYRILLIC];
        tag = has_letter(text, ukrainian) ? "uk" : "ru";
    }
    if (of[SCRIPT_ARABIC] > most) {
        most = of[SCRIPT_ARABIC];
        tag = has_letter(text, persian) ? "fa" : "ar";
    }
    if (of[SCRIPT_OTHER] > most)
        return "und";
    if (tag == NULL)
        return likeliest(model, text, memory, grams, NULL, ret_confidence);
    *ret_confidence = (double)most / all;
    return tag;
}
