#include "model.h"

#include <math.h>
#include <string.h>

/* Rows that 16-bit sums hold without overflow: 64 * 8 * 63 < 32768, of bytes 256 * 127. */
#define BLOCK 64
#define LANGUAGE_BLOCK 256
/* Rows ahead that are asked for: each is a cache line somewhere in megabytes. */
#define AHEAD 12

/* Wider vectors where the processor has them. Sanitizers don't go with functions that are chosen while
 * loading. */
#if defined(__x86_64__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) &&                           \
    !defined(__SANITIZE_ADDRESS__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

/* Vector extensions, so that sums of bytes stay in registers on every processor. */
typedef int8_t bytes_t __attribute__((vector_size(16)));
typedef uint8_t halves_t __attribute__((vector_size(16)));
typedef int16_t shorts_t __attribute__((vector_size(32)));
#define FLOATS 4
typedef float floats_t __attribute__((vector_size(16)));
typedef int32_t ints_t __attribute__((vector_size(16)));

/* model.S, made by tools/train.c */
extern const struct model_head model_data;

struct model model_embedded(void)
{
    const struct model_head *head = &model_data;
    const struct model_row *rows = (const struct model_row *)(head + 1);
    const struct lexicon_entry *concepts = (const struct lexicon_entry *)(rows + head->rows);
    const struct lexicon_entry *moods = concepts + head->concepts;
    const int8_t(*language_rows)[LANGUAGE_COLUMNS] = (const int8_t(*)[LANGUAGE_COLUMNS])(moods + head->moods);
    return (struct model){
        .head = head,
        .rows = rows,
        .concepts = {.entries = concepts, .mask = head->concepts - 1},
        .moods = {.entries = moods, .mask = head->moods - 1},
        .language_rows = language_rows,
        .mood_rows = (const int8_t(*)[MOOD_COLUMNS])(language_rows + LANGUAGE_ROWS),
    };
}

/* At most BLOCK rows. */
WIDE static void add_block(const struct model *model, const uint32_t *grams, size_t count,
                           struct model_sum *sum)
{
    /* One by one: an array of them would not stay in registers. */
    shorts_t a = {0}, b = {0}, c = {0}, d = {0};
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch(&model->rows[GRAM_ROW(grams[i + AHEAD < count ? i + AHEAD : i])]);
        const struct model_row *row = &model->rows[GRAM_ROW(grams[i])];
        const halves_t *halves = (const halves_t *)row;
        int16_t scale = row->scale;
        a += __builtin_convertvector((bytes_t)(halves[0] & 15) - 8, shorts_t) * scale;
        b += __builtin_convertvector((bytes_t)(halves[1] & 15) - 8, shorts_t) * scale;
        c += __builtin_convertvector((bytes_t)(halves[0] >> 4) - 8, shorts_t) * scale;
        d += __builtin_convertvector((bytes_t)(halves[1] >> 4) - 8, shorts_t) * scale;
        sum->squares += row->square;
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
    sum->squares += more->squares;
}

static inline floats_t higher_of(floats_t a, floats_t b)
{
    ints_t higher = a > b;
    return (floats_t)(((ints_t)a & higher) | ((ints_t)b & ~higher));
}

/* e^x of each for x from -87 to 0, to six digits: 2^n by the exponent's bits, the rest by a polynomial
 * (Cephes, expf). */
static inline floats_t exp_negative(floats_t x)
{
    x = higher_of(x, (floats_t){0} - 87.0f);
    ints_t n = __builtin_convertvector(x * 1.44269504f - 0.5f, ints_t);
    floats_t whole = __builtin_convertvector(n, floats_t);
    floats_t r = x - whole * 0.693359375f + whole * 2.12194440e-4f;
    floats_t p = 1.9875691500e-4f * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    return p * (floats_t)((n + 127) << 23);
}

/* Turns logits into probabilities; a column behind the last class must be -INFINITY. */
WIDE static void softmax(float logit[static MODEL_COLUMNS])
{
    floats_t part[MODEL_COLUMNS / FLOATS], highest, sum = {0};
    float most, total = 0;
    memcpy(part, logit, sizeof(part));
    highest = part[0];
    for (int i = 1; i < MODEL_COLUMNS / FLOATS; i++)
        highest = higher_of(part[i], highest);
    most = highest[0];
    for (int i = 1; i < FLOATS; i++)
        most = highest[i] > most ? highest[i] : most;
    for (int i = 0; i < MODEL_COLUMNS / FLOATS; i++) {
        part[i] = exp_negative(part[i] - most);
        sum += part[i];
    }
    for (int i = 0; i < FLOATS; i++)
        total += sum[i];
    for (int i = 0; i < MODEL_COLUMNS / FLOATS; i++)
        part[i] /= total;
    memcpy(logit, part, sizeof(part));
}

void model_probabilities(const struct model *model, const struct model_sum *sum,
                         float out[static MODEL_COLUMNS])
{
    const struct model_head *head = model->head;
    float norm = sum->squares > 0 ? 1 / sqrtf((float)sum->squares * head->square) : 0;
    for (int i = 0; i < MODEL_CLASSES; i++)
        out[i] = (float)sum->column[model_column(i)] * head->scale[i] * norm + head->bias[i];
    for (uint32_t i = head->classes; i < MODEL_COLUMNS; i++)
        out[i] = -INFINITY;
    softmax(out);
}

/* At most LANGUAGE_BLOCK rows. */
WIDE static void add_language_block(const struct model *model, const uint32_t *grams, size_t count,
                                    int32_t sum[static LANGUAGE_COLUMNS])
{
    shorts_t a = {0}, b = {0};
    for (size_t i = 0; i < count; i++) {
        const bytes_t *row = (const bytes_t *)model->language_rows[LANGUAGE_ROW(grams[i])];
        a += __builtin_convertvector(row[0], shorts_t);
        b += __builtin_convertvector(row[1], shorts_t);
    }
    for (int column = 0; column < 16; column++) {
        sum[column] += a[column];
        sum[column + 16] += b[column];
    }
}

void model_add_language(const struct model *model, const uint32_t *grams, size_t count,
                        int32_t sum[static LANGUAGE_COLUMNS])
{
    for (size_t i = 0; i < count; i += LANGUAGE_BLOCK)
        add_language_block(model, grams + i, count - i < LANGUAGE_BLOCK ? count - i : LANGUAGE_BLOCK, sum);
}

void model_add_moods(const struct model *model, const uint32_t *grams, size_t count, struct mood_sum *sum)
{
    for (size_t i = 0; i < count; i++) {
        const int8_t *row = model->mood_rows[MOOD_ROW(grams[i])];
        for (int column = 0; column < MOOD_COLUMNS; column++)
            sum->column[column] += row[column];
    }
    sum->grams += (uint32_t)count;
}

int model_mood(const struct model *model, const struct mood_sum *sum)
{
    const struct model_head *head = model->head;
    float inverse = sum->grams > 0 ? 1 / sqrtf((float)sum->grams) : 0, most = -INFINITY;
    int best = 0;
    for (int i = 0; i < MOOD_COLUMNS; i++) {
        float logit = (float)sum->column[i] * head->mood_scale[i] * inverse + head->mood_bias[i];
        if (logit > most) {
            most = logit;
            best = i;
        }
    }
    return best;
}
