#include "replyd/cmd.h"
#include "replyd/understand.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BINS 15
#define CONFUSIONS 20

static const char help[] =
    "usage: replyd eval [--wrong] FILE.tsv...\n\n"
    "Classifies the messages of files of lines \"label TAB text\" and measures how well: accuracy,\n"
    "how far the confidence is from the truth (expected calibration error), and how many are heard in\n"
    "the language that the file's name tells (de.tsv, mood.de.tsv). Of one file also the accuracy of each\n"
    "intent (the worst first) and the likeliest confusions; of several a line each and the mean.\n"
    "Where all labels are moods, moods.\n"
    "A label may be \"primary|secondary,...\": then also how many of the secondary ones are heard, and\n"
    "how many are heard that nobody named.\n\n"
    "  --wrong  writes every line that is taken for something else\n";

/* What an alternative must reach to count as heard: what the facts take for a further wish. */
#define HEARD 0.5

/* What the labels are: intents or moods. */
struct labels {
    const char *const *words;
    int count;
};

struct tally {
    int total, right, in_language; /* heard in the language of the file's name */
    int of[INTENT_COUNT], right_of[INTENT_COUNT], confused[INTENT_COUNT][INTENT_COUNT];
    double confidence[BINS];
    int in_bin[BINS], right_in_bin[BINS];
    int several;                    /* lines that tell their secondary intents */
    int secondary, heard, misheard; /* named; of these found; found and not named */
};

static int label_find(const struct labels *labels, const char *label)
{
    for (int i = 0; i < labels->count; i++) {
        if (strcmp(labels->words[i], label) == 0)
            return i;
    }
    return -1;
}

static void tally_add(struct tally *tally, int label, int guess, double confidence)
{
    int bin = (int)(confidence * BINS);
    bin = bin < BINS ? bin : BINS - 1;
    tally->total++;
    tally->right += label == guess;
    tally->of[label]++;
    tally->right_of[label] += label == guess;
    tally->confused[label][guess]++;
    tally->confidence[bin] += confidence;
    tally->in_bin[bin]++;
    tally->right_in_bin[bin] += label == guess;
}

static double share(int part, int whole)
{
    return whole > 0 ? (double)part / whole : 0;
}

static double macro_accuracy(const struct tally *tally, int labels)
{
    double sum = 0;
    int seen = 0;
    for (int i = 0; i < labels; i++) {
        sum += share(tally->right_of[i], tally->of[i]);
        seen += tally->of[i] > 0;
    }
    return seen > 0 ? sum / seen : 0;
}

static double calibration_error(const struct tally *tally)
{
    double error = 0;
    for (int bin = 0; bin < BINS; bin++)
        error += fabs(tally->confidence[bin] - tally->right_in_bin[bin]);
    return tally->total > 0 ? error / tally->total : 0;
}

/* The worst first: repeatedly the lowest that is left. */
static void print_labels(const struct tally *tally, const struct labels *labels)
{
    bool printed[INTENT_COUNT] = {0};
    printf("\n%-32s %8s %6s %6s\n", "label", "accuracy", "right", "of");
    for (;;) {
        int worst = -1;
        for (int i = 0; i < labels->count; i++) {
            if (!printed[i] && tally->of[i] > 0 &&
                (worst < 0 ||
                 share(tally->right_of[i], tally->of[i]) < share(tally->right_of[worst], tally->of[worst])))
                worst = i;
        }
        if (worst < 0)
            return;
        printed[worst] = true;
        printf("%-32s %8.3f %6d %6d\n", labels->words[worst], share(tally->right_of[worst], tally->of[worst]),
               tally->right_of[worst], tally->of[worst]);
    }
}

static void print_confusions(struct tally *tally, const struct labels *labels)
{
    printf("\n%5s  %-32s %s\n", "times", "label", "taken for");
    for (int k = 0; k < CONFUSIONS; k++) {
        int most = 0, label = 0, guess = 0;
        for (int i = 0; i < labels->count; i++) {
            for (int j = 0; j < labels->count; j++) {
                if (i != j && tally->confused[i][j] > most) {
                    most = tally->confused[i][j];
                    label = i;
                    guess = j;
                }
            }
        }
        if (most == 0)
            return;
        printf("%5d  %-32s %s\n", most, labels->words[label], labels->words[guess]);
        tally->confused[label][guess] = 0;
    }
}

/* `names` is "ask_invoice,thank", or empty. Returns how many labels are not known. */
static int tally_secondary(struct tally *tally, const struct labels *labels, char *names,
                           const struct understanding *found)
{
    uint64_t wanted = 0;
    int unknown = 0;
    char *rest = NULL;
    for (char *name = strtok_r(names, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest)) {
        int label = label_find(labels, name);
        unknown += label < 0;
        wanted |= label < 0 ? 0 : UINT64_C(1) << label;
    }
    tally->several++;
    tally->secondary += __builtin_popcountll(wanted);
    for (int i = 0; i < found->alternative_count; i++) {
        if (found->alternatives[i].confidence < HEARD)
            continue;
        bool right = (wanted >> found->alternatives[i].intent & 1) != 0;
        tally->heard += right;
        tally->misheard += !right;
    }
    return unknown;
}

/* Reads and classifies all lines. Returns the number of lines without a known label, or -1. */
static int evaluate(FILE *file, const char *language, const struct labels *labels, bool mood, bool wrong,
                    struct tally *tally)
{
    struct understand_scratch *scratch = understand_scratch_new();
    struct arena arena = {0};
    char *line = NULL;
    size_t cap = 0;
    int unknown = 0;
    for (ssize_t len; (len = getline(&line, &cap, file)) >= 0;) {
        line[strcspn(line, "\r\n")] = '\0';
        char *tab = strchr(line, '\t');
        if (tab != NULL)
            *tab = '\0';
        char *bar = tab != NULL ? strchr(line, '|') : NULL;
        if (bar != NULL)
            *bar = '\0';
        int label = tab != NULL ? label_find(labels, line) : -1;
        if (label < 0) {
            unknown += *line != '\0' && *line != '#';
            continue;
        }
        struct understanding found;
        understand(scratch, NULL, tab + 1, strlen(tab + 1), moment_now(), &arena, &found);
        int guess = mood ? found.mood : found.intent;
        bool in_language = strcmp(found.language, language) == 0;
        tally->in_language += in_language;
        if (wrong && (guess != label || !in_language))
            printf("%s\t%s %.2f %s\t%s\n", line, labels->words[guess], found.confidence, found.language,
                   tab + 1);
        tally_add(tally, label, mood ? found.mood : found.intent, mood ? 1 : found.confidence);
        if (bar != NULL)
            unknown += tally_secondary(tally, labels, bar + 1, &found);
        arena_reset(&arena);
    }
    bool failed = ferror(file);
    free(line);
    arena_free(&arena);
    understand_scratch_free(scratch);
    return failed ? -1 : unknown;
}

static bool begins_with_mood(FILE *file)
{
    char word[64];
    bool mood =
        fscanf(file, "%63s", word) == 1 && label_find(&(struct labels){words_mood, MOOD_COUNT}, word) >= 0;
    rewind(file);
    return mood;
}

/* "de" of "tests/corpus/mood.de.tsv"; "" if the name tells none. */
static void language_of_file(const char *path, char ret_language[static 8])
{
    size_t end = strlen(path), begin;

    if (end > 4 && strcmp(path + end - 4, ".tsv") == 0)
        end -= 4;
    for (begin = end; begin > 0 && path[begin - 1] != '.' && path[begin - 1] != '/';)
        begin--;
    snprintf(ret_language, 8, "%.*s", end - begin < 8 ? (int)(end - begin) : 0, path + begin);
}

struct measured {
    double macro, error, language;
};

static int measure(const char *path, bool alone, bool wrong, struct measured *ret)
{
    static struct tally tally;
    char language[8];
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        fprintf(stderr, "replyd eval: %s: %s\n", path, strerror(errno));
        return 1;
    }
    memset(&tally, 0, sizeof(tally));
    language_of_file(path, language);
    bool mood = begins_with_mood(file);
    struct labels labels =
        mood ? (struct labels){words_mood, MOOD_COUNT} : (struct labels){words_intent, INTENT_COUNT};
    int unknown = evaluate(file, language, &labels, mood, wrong, &tally);
    fclose(file);
    if (unknown < 0 || tally.total == 0) {
        fprintf(stderr, "replyd eval: %s: no line \"label TAB text\" could be read\n", path);
        return 1;
    }
    *ret = (struct measured){.macro = macro_accuracy(&tally, labels.count),
                             .error = mood ? 0 : calibration_error(&tally),
                             .language = share(tally.in_language, tally.total)};
    if (!alone) {
        printf("%-28s %8d %8.4f %8.4f %8.4f %8.4f\n", path, tally.total, share(tally.right, tally.total),
               ret->macro, ret->error, ret->language);
        return 0;
    }
    printf(
        "messages                   %d\naccuracy                   %.4f\nmacro accuracy             %.4f\n",
        tally.total, share(tally.right, tally.total), ret->macro);
    if (!mood)
        printf("expected calibration error %.4f\n", ret->error);
    printf("heard as '%s'%*s %.4f\n", language, 14 - (int)strlen(language), "", ret->language);
    if (tally.several > 0)
        printf("secondary intents          %d, heard %d, heard and not named %d\n", tally.secondary,
               tally.heard, tally.misheard);
    if (unknown > 0)
        printf("lines without a known label %d\n", unknown);
    print_labels(&tally, &labels);
    print_confusions(&tally, &labels);
    return 0;
}

int cmd_eval(int argc, char **argv)
{
    bool wrong = argc > 1 && strcmp(argv[1], "--wrong") == 0;
    int first = 1 + wrong, count = argc - first, failed = 0;
    struct measured sum = {0};

    if (count < 1 || argv[first][0] == '-') {
        bool asked = argc > 1 && strcmp(argv[1], "--help") == 0;
        fputs(help, asked ? stdout : stderr);
        return asked ? 0 : 2;
    }
    if (count > 1)
        printf("%-28s %8s %8s %8s %8s %8s\n", "file", "messages", "accuracy", "macro", "ECE", "language");
    for (int i = first; i < argc; i++) {
        struct measured one = {0};

        failed |= measure(argv[i], count == 1, wrong, &one);
        sum.macro += one.macro / count;
        sum.error += one.error / count;
        sum.language += one.language / count;
    }
    if (count > 1 && !failed)
        printf("%-28s %8s %8s %8.4f %8.4f %8.4f\n", "mean", "", "", sum.macro, sum.error, sum.language);
    return failed;
}
