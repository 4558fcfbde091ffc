/* check_corpus.c - the example messages of a playbook: enough of each intent in each language, and no two
 * that say the same.
 *
 * Two lines are alike when their runs of letters (3 in scripts without spaces, 4 elsewhere) are the same to
 * ALIKE of all that either has. Min-hashing finds the candidates without comparing every line with every
 * other. */
#include "check_corpus.h"

#include "../core/mem.h"
#include "../understand/text.h"
#include "facts_gen.h"

#include <dirent.h>
#include <stdint.h>
#include <string.h>

#define LEAST_ENGLISH 150 /* lines of an intent */
#define LEAST_OTHER 50
#define ALIKE 0.8
#define SHORTEST 12   /* letters; shorter ones are alike by nature */
#define HASHES 24     /* of a line */
#define BAND 2        /* of them that must agree: at 0.8 all but one in 50,000 pairs do somewhere */
#define LINE_MOST 400 /* letters that are compared */

struct line {
    char *text;
    const char *intent, *language;
    int number;
    uint32_t *runs; /* hashes of its runs of letters, sorted, each once */
    size_t run_count;
    uint32_t least[HASHES];
};

struct corpus_check {
    struct line *lines;
    size_t count, cap;
    struct text text;
    struct buf *out;
    int faults;
};

static uint32_t mix(uint32_t hash)
{
    hash ^= hash >> 16;
    hash *= 0x7feb352du;
    hash ^= hash >> 15;
    hash *= 0x846ca68bu;
    return hash ^ hash >> 16;
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* The line's letters with a space between words, as the classifier reads them. */
static size_t letters_of(const struct text *text, uint32_t letters[static LINE_MOST])
{
    size_t count = 0;

    for (size_t i = 0; i < text->token_count; i++) {
        const struct token *token = &text->tokens[i];

        if (token->kind == TOKEN_END || token->kind == TOKEN_SIGN)
            continue;
        for (uint32_t k = 0; k < token->len && count < LINE_MOST - 1; k++)
            letters[count++] = text->plain[token->start + k];
        if (count < LINE_MOST - 1)
            letters[count++] = ' ';
    }
    return count;
}

static void read_runs(struct corpus_check *check, struct line *line)
{
    uint32_t letters[LINE_MOST];
    size_t count, run, kept = 0;
    bool east = strcmp(line->language, "zh") == 0 || strcmp(line->language, "ja") == 0 ||
                strcmp(line->language, "ko") == 0;

    text_read(&check->text, line->text, strlen(line->text));
    count = letters_of(&check->text, letters);
    run = east ? 3 : 4;
    if (count < (east ? SHORTEST / 2 : SHORTEST))
        return;
    line->runs = mem_resize(NULL, count * sizeof(*line->runs));
    for (size_t i = 0; i + run <= count; i++)
        line->runs[line->run_count++] = text_hash_word(letters + i, run);
    qsort(line->runs, line->run_count, sizeof(*line->runs), by_value);
    for (size_t i = 0; i < line->run_count; i++) {
        if (i == 0 || line->runs[i] != line->runs[i - 1])
            line->runs[kept++] = line->runs[i];
    }
    line->run_count = kept;
    for (uint32_t h = 0; h < HASHES; h++) {
        line->least[h] = UINT32_MAX;
        for (size_t i = 0; i < kept; i++) {
            uint32_t hash = mix(line->runs[i] ^ h * 0x9e3779b1u);
            line->least[h] = hash < line->least[h] ? hash : line->least[h];
        }
    }
}

static double likeness(const struct line *a, const struct line *b)
{
    size_t i = 0, k = 0, both = 0;

    while (i < a->run_count && k < b->run_count) {
        uint32_t x = a->runs[i], y = b->runs[k];

        both += x == y;
        i += x <= y;
        k += y <= x;
    }
    return (double)both / (double)(a->run_count + b->run_count - both);
}

static void report(struct corpus_check *check, const struct line *a, const struct line *b)
{
    buf_addf(check->out, "intents/%s/%s.txt:%d and intents/%s/%s.txt:%d say the same: \"%s\"\n", a->intent,
             a->language, a->number, b->intent, b->language, b->number, a->text);
    check->faults++;
}

struct band {
    uint64_t key;
    uint32_t line;
};

static int by_key(const void *a, const void *b)
{
    const struct band *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* Compares the lines that agree in a band; a pair is reported in the first band that brings it together. */
static void compare_band(struct corpus_check *check, struct band *bands, int band)
{
    size_t count = 0;

    for (size_t i = 0; i < check->count; i++) {
        const uint32_t *least = check->lines[i].least + band * BAND;

        if (check->lines[i].run_count > 0)
            bands[count++] = (struct band){.key = (uint64_t)least[0] << 32 | least[1], .line = (uint32_t)i};
    }
    qsort(bands, count, sizeof(*bands), by_key);
    for (size_t i = 1; i < count; i++) {
        if (bands[i].key != bands[i - 1].key)
            continue;
        const struct line *a = &check->lines[bands[i - 1].line], *b = &check->lines[bands[i].line];
        bool before = false;

        for (int k = 0; k < band; k++)
            before |= memcmp(a->least + k * BAND, b->least + k * BAND, BAND * sizeof(*a->least)) == 0;
        if (!before && strcmp(a->language, b->language) == 0 && likeness(a, b) >= ALIKE)
            report(check, a, b);
    }
}

/* Returns the lines of the file, or -1 if there is none. */
static int read_file(struct corpus_check *check, const char *dir, const char *intent, const char *language)
{
    char path[4096], *text = NULL;
    size_t cap = 0;
    int number = 0;

    snprintf(path, sizeof(path), "%s/intents/%s/%s.txt", dir, intent, language);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return -1;
    for (ssize_t len; (len = getline(&text, &cap, file)) > 0;) {
        text[strcspn(text, "\r\n")] = '\0';
        number++;
        if (check->count == check->cap) {
            check->cap = check->cap ? check->cap * 2 : 4096;
            check->lines = mem_resize(check->lines, check->cap * sizeof(*check->lines));
        }
        struct line *line = &check->lines[check->count++];
        *line = (struct line){.text = strdup(text), .intent = intent, .language = language, .number = number};
        if (line->text == NULL)
            mem_fail();
        if (*text == '\0') {
            buf_addf(check->out, "intents/%s/%s.txt:%d: an empty line\n", intent, language, number);
            check->faults++;
        }
        read_runs(check, line);
    }
    free(text);
    fclose(file);
    return number;
}

int check_corpus(const char *dir, struct buf *out)
{
    static const char *const languages[] = {"en", "ar", "de", "es", "fr", "it", "ja",
                                            "ko", "nl", "pl", "pt", "ru", "tr", "zh"};
    struct corpus_check check = {.out = out};
    char path[4096];

    snprintf(path, sizeof(path), "%s/intents", dir);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return 0; /* a shop's own playbook has none */
    closedir(folder);
    for (size_t k = 0; k < sizeof(languages) / sizeof(*languages); k++) {
        for (int i = 0; words_intent[i] != NULL; i++) {
            int lines = read_file(&check, dir, words_intent[i], languages[k]),
                least = k == 0 ? LEAST_ENGLISH : LEAST_OTHER;

            if (lines < least) {
                buf_addf(out, "intents/%s/%s.txt: %d messages; at least %d are needed\n", words_intent[i],
                         languages[k], lines < 0 ? 0 : lines, least);
                check.faults++;
            }
        }
    }
    struct band *bands = mem_resize(NULL, (check.count + 1) * sizeof(*bands));
    for (int band = 0; band < HASHES / BAND; band++)
        compare_band(&check, bands, band);
    buf_addf(out, "%zu messages\n", check.count);
    for (size_t i = 0; i < check.count; i++) {
        free(check.lines[i].text);
        free(check.lines[i].runs);
    }
    free(check.lines);
    free(bands);
    text_free(&check.text);
    return check.faults;
}
