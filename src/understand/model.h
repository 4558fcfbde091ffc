/* model.h - the trained classifier: for each gram one cache line of weights, a byte a class; compiled in as
 * it is.
 *
 * tools/train.c writes it, little endian, in this order: the head, GRAM_ROWS rows, the lexicons of concepts
 * and of moods. A text's logits are the sums of its grams' rows, scaled by class and by the length of its
 * vector of gram weights, whose squares are summed on the way in the row's last two bytes. */
#ifndef REPLYD_UNDERSTAND_MODEL_H
#define REPLYD_UNDERSTAND_MODEL_H

#include "grams.h"

#define MODEL_MAGIC 0x316d6c70u /* "plm1" */
#define MODEL_COLUMNS 64
#define MODEL_SQUARE_HIGH 62 /* the square of the gram's weight: units of 128 and of 1, times `square` */
#define MODEL_SQUARE_LOW 63
#define MODEL_CLASSES 62 /* at most */

struct model_head {
    uint32_t magic, rows, classes;
    uint32_t concepts, moods; /* entries of the lexicons, powers of two */
    float square;
    char version[20]; /* hex, a hash of all that follows it */
    float scale[MODEL_COLUMNS], bias[MODEL_COLUMNS];
    char padding[20];
};
_Static_assert(sizeof(struct model_head) % 64 == 0, "rows begin on a cache line");

struct model {
    const struct model_head *head;
    const int8_t (*rows)[MODEL_COLUMNS];
    struct lexicon concepts, moods;
};

/* Sums of rows: of a sentence, of a text. */
struct model_sum {
    int32_t column[MODEL_COLUMNS];
};

/* The model that is compiled in. */
struct model model_embedded(void);

void model_add(const struct model *model, const uint32_t *grams, size_t count, struct model_sum *sum);
void model_merge(struct model_sum *sum, const struct model_sum *more);

/* The probabilities of the classes. */
void model_probabilities(const struct model *model, const struct model_sum *sum,
                         float out[static MODEL_COLUMNS]);

#endif
