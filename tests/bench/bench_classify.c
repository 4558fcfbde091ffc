/* bench_classify [FILE.tsv] - how many messages of about 120 characters are understood a second on one core.
 */
#include "replyd/understand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MESSAGES 2000
#define ROUNDS 30
#define LENGTH 120

/* Messages of just that length, joined and cut from the file's texts: real words, all different. */
static size_t read_messages(FILE *file, char messages[MESSAGES][LENGTH + 1])
{
    size_t count = 0, filled = 0;
    char *line = NULL;
    size_t cap = 0;
    while (count < MESSAGES && getline(&line, &cap, file) >= 0) {
        const char *tab = strchr(line, '\t');
        for (const char *c = tab != NULL ? tab + 1 : line; *c != '\0' && count < MESSAGES; c++) {
            messages[count][filled++] = *c == '\n' ? ' ' : *c;
            if (filled == LENGTH) {
                messages[count++][filled] = '\0';
                filled = 0;
            }
        }
    }
    free(line);
    return count;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static char messages[MESSAGES][LENGTH + 1];
    const char *path = argc > 1 ? argv[1] : "tests/corpus/en.tsv";
    FILE *file = fopen(path, "r");
    size_t count = file != NULL ? read_messages(file, messages) : 0;
    if (count == 0) {
        fprintf(stderr, "bench_classify: %s: no messages\n", path);
        return 1;
    }
    fclose(file);
    struct understand_scratch *scratch = understand_scratch_new();
    struct arena arena = {0};
    struct understanding found;
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double start = seconds();
        for (size_t i = 0; i < count; i++) {
            understand(scratch, NULL, messages[i], LENGTH, 0, &arena, &found);
            arena_reset(&arena);
        }
        double rate = (double)count / (seconds() - start);
        best = rate > best ? rate : best;
    }
    printf("%.0f messages of %d characters a second on one core\n", best, LENGTH);
    arena_free(&arena);
    understand_scratch_free(scratch);
    return 0;
}
