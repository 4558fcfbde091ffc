/* model.h - the trained classifier: for each gram half a cache line of weights, four bits a class; compiled
 * in as it is.
 *
 * tools/train.c writes it, little endian, in this order: the head, GRAM_ROWS rows, the lexicons of concepts
 * and of moods, the rows of languages and of moods. A text's logits are the sums of its grams' rows, scaled
 * by class and by the length of its vector of gram weights, whose squares are summed on the way. */
#ifndef REPLYD_UNDERSTAND_MODEL_H
#define REPLYD_UNDERSTAND_MODEL_H

#include "grams.h"

#define MODEL_MAGIC 0x346d6c70u /* "plm4" */
#define MODEL_COLUMNS 64
#define MODEL_CLASSES 60 /* at most */
#define MODEL_SCALE_MAX 63

/* The weights of a gram, from -7 to 7 times its scale: class i in the low half of byte i, class 30 + i in the
 * high half; each half is 8 more than the weight. */
struct model_row {
    uint8_t weights[30];
    uint8_t scale;  /* up to MODEL_SCALE_MAX */
    uint8_t square; /* of the gram's own weight, in units of the head's `square` */
};

/* Where a class stands in sums. */
static inline int model_column(int intent)
{
    return intent < 30 ? intent : intent + 2;
}

/* Languages: a row of weights for a gram of their own, a byte a language. */
#define LANGUAGE_BITS 15
#define LANGUAGE_ROWS (1u << LANGUAGE_BITS)
#define LANGUAGE_ROW(gram) ((gram) & (LANGUAGE_ROWS - 1))
#define LANGUAGE_COLUMNS 32

/* Those that are answered come first; the others are told from them (playbook/languages). */
static const char *const model_languages[] = {"ar", "de", "en", "es", "fr", "it", "ja", "ko",
                                              "nl", "pl", "pt", "ru", "tr", "zh", "cs", "da",
                                              "fi", "hu", "id", "nb", "ro", "sv", "vi"};
#define MODEL_LANGUAGES ((int)(sizeof(model_languages) / sizeof(*model_languages)))

/* Moods: a row of four bytes for a gram. */
#define MOOD_BITS 16
#define MOOD_ROWS (1u << MOOD_BITS)
#define MOOD_ROW(gram) ((gram) & (MOOD_ROWS - 1))
#define MOOD_COLUMNS 4

struct model_head {
    uint32_t magic, rows, classes;
    uint32_t concepts, moods; /* entries of the lexicons, powers of two */
    float square;
    char version[20]; /* hex, a hash of all that follows it */
    float scale[MODEL_COLUMNS], bias[MODEL_COLUMNS];
    float language_scale[LANGUAGE_COLUMNS], language_bias[LANGUAGE_COLUMNS];
    float mood_scale[MOOD_COLUMNS], mood_bias[MOOD_COLUMNS];
    char padding[52];
};
_Static_assert(sizeof(struct model_head) % 64 == 0, "rows begin on a cache line");

struct model {
    const struct model_head *head;
    const struct model_row *rows;
    struct lexicon concepts, moods;
    const int8_t (*language_rows)[LANGUAGE_COLUMNS];
    const int8_t (*mood_rows)[MOOD_COLUMNS];
};

/* Sums of rows: of a sentence, of a text. */
struct model_sum {
    int32_t column[MODEL_COLUMNS];
    int32_t squares;
};

/* The same of moods. */
struct mood_sum {
    int32_t column[MOOD_COLUMNS];
    uint32_t grams;
};

/* The model that is compiled in. */
struct model model_embedded(void);

void model_add(const struct model *model, const uint32_t *grams, size_t count, struct model_sum *sum);
void model_merge(struct model_sum *sum, const struct model_sum *more);

/* Adds the rows of languages. */
void model_add_language(const struct model *model, const uint32_t *grams, size_t count,
                        int32_t sum[static LANGUAGE_COLUMNS]);

/* Adds the rows of moods. */
void model_add_moods(const struct model *model, const uint32_t *grams, size_t count, struct mood_sum *sum);

/* The likeliest mood (enum mood). */
int model_mood(const struct model *model, const struct mood_sum *sum);

/* The probabilities of the classes. */
void model_probabilities(const struct model *model, const struct model_sum *sum,
                         float out[static MODEL_COLUMNS]);

#endif
