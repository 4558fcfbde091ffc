#include "model.h"

#include <math.h>

/* Rows that 16-bit sums hold without overflow: 258 * 127 < 32768. */
#define BLOCK 256
/* Rows ahead that are asked for: each is a cache line somewhere in megabytes. */
#define AHEAD 12

/* Vector extensions, so that sums of bytes stay in registers on every processor. */
typedef int8_t bytes_t __attribute__((vector_size(16)));
typedef int16_t shorts_t __attribute__((vector_size(32)));

/* model.S, made by tools/train.c */
extern const struct model_head model_data;

struct model model_embedded(void)
{
    const struct model_head *head = &model_data;
    const int8_t(*rows)[MODEL_COLUMNS] = (const int8_t(*)[MODEL_COLUMNS])(head + 1);
    const struct lexicon_entry *concepts = (const struct lexicon_entry *)(rows + head->rows);
    return (struct model){
        .head = head,
        .rows = rows,
        .concepts = {.entries = concepts, .mask = head->concepts - 1},
        .moods = {.entries = concepts + head->concepts, .mask = head->moods - 1},
    };
}

/* At most BLOCK rows. */
static void add_block(const struct model *model, const uint32_t *grams, size_t count, struct model_sum *sum)
{
    /* One by one: an array of them would not stay in registers. */
    shorts_t a = {0}, b = {0}, c = {0}, d = {0};
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch(model->rows[GRAM_ROW(grams[i + AHEAD < count ? i + AHEAD : i])]);
        const bytes_t *row = (const bytes_t *)model->rows[GRAM_ROW(grams[i])];
        a += __builtin_convertvector(row[0], shorts_t);
        b += __builtin_convertvector(row[1], shorts_t);
        c += __builtin_convertvector(row[2], shorts_t);
        d += __builtin_convertvector(row[3], shorts_t);
    }
    for (int column = 0; column < 16; column++) {
        sum->column[column] += a[column];
        sum->column[column + 16] += b[column];
        sum->column[column + 32] += c[column];
        sum->column[column + 48] += d[column];
    }
}

void model_add(const struct model *model, const uint32_t *grams, size_t count, struct model_sum *sum)
{
    for (size_t i = 0; i < count; i += BLOCK)
        add_block(model, grams + i, count - i < BLOCK ? count - i : BLOCK, sum);
}

void model_merge(struct model_sum *sum, const struct model_sum *more)
{
    for (int column = 0; column < MODEL_COLUMNS; column++)
        sum->column[column] += more->column[column];
}

void model_probabilities(const struct model *model, const struct model_sum *sum,
                         float out[static MODEL_COLUMNS])
{
    const struct model_head *head = model->head;
    float squares = (float)(sum->column[MODEL_SQUARE_HIGH] * INT64_C(128) + sum->column[MODEL_SQUARE_LOW]);
    float norm = squares > 0 ? 1 / sqrtf(squares * head->square) : 0;
    float most = -INFINITY, total = 0;
    for (uint32_t i = 0; i < head->classes; i++) {
        out[i] = (float)sum->column[i] * head->scale[i] * norm + head->bias[i];
        most = fmaxf(most, out[i]);
    }
    for (uint32_t i = 0; i < head->classes; i++) {
        out[i] = expf(out[i] - most);
        total += out[i];
    }
    for (uint32_t i = 0; i < head->classes; i++)
        out[i] /= total;
}
