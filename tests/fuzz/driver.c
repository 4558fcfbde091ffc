/* A small stand-in for libFuzzer: runs the seeds of a folder as they are, then mutations of them, the same
 * ones each time, 20,000 of them or for 3 seconds. A crash is the failure; as all is repeatable, a debugger
 * finds it again. */
#include "fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_RUNS 20000
#define MAX_SECONDS 3.0
#define MAX_SEEDS 256
#define MAX_SIZE 4096

struct input {
    uint8_t data[MAX_SIZE];
    size_t size;
};

static struct input seeds[MAX_SEEDS];
static size_t seed_count;
static uint64_t random_state = 0x9e3779b97f4a7c15u;

static uint64_t random_next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static size_t random_below(size_t limit)
{
    return limit ? (size_t)(random_next() % limit) : 0;
}

static bool load_seed(const char *folder, const char *name)
{
    struct input *seed = &seeds[seed_count];
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return false;
    }
    seed->size = fread(seed->data, 1, sizeof(seed->data), file);
    fclose(file);
    seed_count++;
    return true;
}

static bool load_seeds(const char *folder)
{
    struct dirent **names;
    int count = scandir(folder, &names, NULL, alphasort); /* sorted: every machine runs the same */
    bool loaded = count >= 0;

    for (int i = 0; i < count; i++) {
        if (names[i]->d_name[0] != '.' && seed_count < MAX_SEEDS)
            loaded = load_seed(folder, names[i]->d_name) && loaded;
        free(names[i]);
    }
    if (count < 0)
        perror(folder);
    else
        free(names);
    return loaded && seed_count > 0;
}

/* Puts `len` bytes at a random place, over what is there or between it. `bytes` are not of this input. */
static void put(struct input *input, const uint8_t *bytes, size_t len, bool between)
{
    size_t at = random_below(input->size + 1), tail = input->size - at;

    if (at + len > MAX_SIZE)
        return;
    if (between) {
        if (input->size + len > MAX_SIZE)
            return;
        memmove(input->data + at + len, input->data + at, tail);
        input->size += len;
    }
    memcpy(input->data + at, bytes, len);
    if (at + len > input->size)
        input->size = at + len;
}

static void cut(struct input *input)
{
    size_t at = random_below(input->size), len = 1 + random_below(8);

    if (len > input->size - at)
        len = input->size - at;
    memmove(input->data + at, input->data + at + len, input->size - at - len);
    input->size -= len;
}

/* A piece of any seed: brings tokens of the format to places where they do not belong. */
static void splice(struct input *input)
{
    const struct input *other = &seeds[random_below(seed_count)];
    size_t at = random_below(other->size), len = random_below(other->size - at + 1);

    put(input, other->data + at, len, random_below(2));
}

static void mutate(struct input *input)
{
    uint8_t byte = (uint8_t)random_next();

    switch (random_below(5)) {
    case 0:
        cut(input);
        break;
    case 1:
        put(input, &byte, 1, random_below(2));
        break;
    case 2:
        if (input->size > 0)
            input->data[random_below(input->size)] ^= (uint8_t)(1u << random_below(8));
        break;
    default:
        splice(input);
        break;
    }
}

/* In memory of its exact size, so that a sanitizer sees a read beyond it. */
static void run(const struct input *input)
{
    uint8_t *copy = malloc(input->size ? input->size : 1);

    if (!copy)
        abort();
    memcpy(copy, input->data, input->size);
    LLVMFuzzerTestOneInput(copy, input->size);
    free(copy);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static struct input input;
    double end = seconds() + MAX_SECONDS;
    int runs;

    if (argc != 2 || !load_seeds(argv[1])) {
        fprintf(stderr, "usage: %s FOLDER, with the seeds\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; i < seed_count; i++)
        run(&seeds[i]);
    for (runs = 0; runs < MAX_RUNS && seconds() < end; runs++) {
        input = seeds[random_below(seed_count)];
        for (size_t i = random_below(6); i < 6; i++)
            mutate(&input);
        run(&input);
    }
    printf("%zu seeds, %d mutations\n", seed_count, runs);
    return 0;
}
