/* train - makes the classifier from the playbook's example messages, deterministically.
 *
 * train PLAYBOOK MODEL.bin MODEL.S MODEL.d SOURCE...
 *
 * Reads PLAYBOOK/intents/<intent>/<language>.txt (a message a line), PLAYBOOK/concepts and PLAYBOOK/mood
 * (lexicons); writes the model (src/understand/model.h), an assembler stub that takes it in, and a depfile. A
 * model is kept under the hash of all that made it (these files and the SOURCEs) in $XDG_CACHE_HOME/replyd,
 * so that a second build folder does not train again.
 *
 * Multinomial logistic regression by stochastic gradient descent: one thread, one seed, averaged over the
 * last epochs; a gram weighs its inverse document frequency times a factor of its kind. tests/corpus/NOTES.md
 * says what was tried. */
#include "../src/core/mem.h"
#include "../src/understand/model.h"
#include "../src/understand/mood.h"
#include "facts_gen.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#define COLUMNS MODEL_COLUMNS
#define EPOCHS 15
#define AVERAGED 10    /* epochs at the end */
#define RATE 3.0       /* of learning at the start; falls to 0 */
#define DECAY 1e-6     /* of the weights touched, per step and rate */
#define SMOOTHING 0.05 /* of the labels */
#define DROPPED 0.3    /* grams left out at random */
#define NOISY 0.5      /* messages read with typing errors */
#define TYPO 0.03      /* per letter of these */
/* The messages of a file are written to differ, so that those left out are harder than what buyers write:
 * measured on tests/corpus, the temperature found on them is too high by so much. */
#define SHARPER 0.9f
#define LEXICON_SIZE 262144u /* entries while it is made; half of them at most are used */

/* How much a gram of each kind weighs beside its rarity. */
static const float kind_weight[GRAM_KINDS] = {
    [GRAM_WORD] = 2,   [GRAM_PAIR] = 2,    [GRAM_SKIP] = 1,         [GRAM_LETTERS] = 1,
    [GRAM_SCRIPT] = 2, [GRAM_CONCEPT] = 4, [GRAM_CONCEPT_PAIR] = 2,
};

struct example {
    const char *text;
    int intent;   /* -1: only its language is known */
    int language; /* of model_languages */
    int mood;     /* enum mood; -1: not known */
};

struct corpus {
    struct example *examples;
    size_t count, cap;
    size_t labelled; /* of them, those with an intent: they come first */
    int intents;
    struct lexicon_entry *concepts, *moods; /* LEXICON_SIZE of each */
    uint32_t language;                      /* lexicon_language() of the file that is being read */
    int language_number;                    /* its place in model_languages */
    int mood;                               /* of the messages that are being read, or -1 */
    uint64_t key;                           /* a hash of all files read */
    FILE *depfile;
};

struct weights {
    float (*rows)[COLUMNS];
    float bias[COLUMNS];
};

/* What one reading of a message needs, used again for all. */
struct reading {
    struct text text;
    struct grams grams;
    struct lexicon concepts;
    const float *gram_weight;
};

static _Noreturn void __attribute__((format(printf, 1, 2))) fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("train: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

/* --- chance, always the same -------------------------------------------------------------------------------
 */

#define CHANCE_SEED 0x9e3779b97f4a7c15u
static _Thread_local uint64_t chance_state = CHANCE_SEED;

static uint32_t chance(void)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (uint32_t)(chance_state >> 32);
}

static bool chance_of(double probability)
{
    return chance() < probability * 4294967296.0;
}

static void shuffle(size_t *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = chance() % i, item = items[i - 1];
        items[i - 1] = items[other];
        items[other] = item;
    }
}

/* --- files -------------------------------------------------------------------------------------------------
 */

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
    const unsigned char *u = bytes;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ u[i]) * 0x100000001b3u;
    return hash;
}

/* The whole file, NUL-ended; it goes into the key. NULL if there is none. */
static char *read_file(struct corpus *corpus, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    struct stat info;
    if (fstat(fileno(file), &info) < 0)
        fail("%s: %s", path, strerror(errno));
    size_t size = (size_t)info.st_size;
    char *bytes = mem_resize(NULL, size + 1);
    if (fread(bytes, 1, size, file) != size)
        fail("%s: cannot read it", path);
    bytes[size] = '\0';
    fclose(file);
    fprintf(corpus->depfile, " \\\n  %s", path);
    corpus->key = hash_bytes(corpus->key, bytes, size + 1);
    return bytes;
}

static int is_text(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > 4 && strcmp(entry->d_name + len - 4, ".txt") == 0;
}

static void set_language(struct corpus *corpus, const char *name, const char *path)
{
    size_t len = strlen(name) - 4;

    corpus->language = lexicon_language(name);
    for (int i = 0; i < MODEL_LANGUAGES; i++) {
        if (strlen(model_languages[i]) == len && memcmp(model_languages[i], name, len) == 0) {
            corpus->language_number = i;
            return;
        }
    }
    fail("%s: a language that src/understand/language.h does not name", path);
}

/* Calls `use` with each .txt file of a folder, in the order of their names; the names are the languages. */
static void each_file(struct corpus *corpus, const char *folder, int label,
                      void (*use)(struct corpus *corpus, char *bytes, const char *path, int label))
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_text, alphasort);
    if (count < 0)
        return;
    fprintf(corpus->depfile, " \\\n  %s", folder);
    for (int i = 0; i < count; i++) {
        char path[4096];
        if (snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name) >= (int)sizeof(path))
            fail("%s: too long a path", folder);
        char *bytes = read_file(corpus, path);
        if (bytes == NULL)
            fail("%s: %s", path, strerror(errno));
        corpus->key = hash_bytes(corpus->key, entries[i]->d_name, strlen(entries[i]->d_name));
        corpus->key = hash_bytes(corpus->key, &label, sizeof(label));
        set_language(corpus, entries[i]->d_name, path);
        use(corpus, bytes, path, label);
        free(entries[i]);
    }
    free(entries);
}

static void use_messages(struct corpus *corpus, char *bytes, const char *path, int intent)
{
    (void)path;
    char *rest;
    for (char *line = strtok_r(bytes, "\r\n", &rest); line != NULL; line = strtok_r(NULL, "\r\n", &rest)) {
        if (corpus->count == corpus->cap) {
            corpus->cap = corpus->cap ? corpus->cap * 2 : 4096;
            corpus->examples = mem_resize(corpus->examples, corpus->cap * sizeof(*corpus->examples));
        }
        corpus->examples[corpus->count++] = (struct example){
            .text = line, .intent = intent, .language = corpus->language_number, .mood = corpus->mood};
    }
}

/* --- lexicons ----------------------------------------------------------------------------------------------
 */

/* The first file to name a phrase has it. */
static void lexicon_put(struct lexicon_entry *entries, uint32_t size, uint32_t key, uint32_t value)
{
    uint32_t i = key & (size - 1);
    while (entries[i].key != 0 && entries[i].key != key)
        i = (i + 1) & (size - 1);
    if (entries[i].key == 0 || entries[i].value == LEXICON_GOES_ON)
        entries[i] = (struct lexicon_entry){.key = key, .value = value};
}

/* The same in a table that is at most two thirds full: most words are looked up in vain, which should be
 * quick. */
static struct lexicon_entry *lexicon_pack(const struct lexicon_entry *entries, uint32_t *ret_size)
{
    uint32_t used = 0, size = 2;
    for (uint32_t i = 0; i < LEXICON_SIZE; i++)
        used += entries[i].key != 0;
    if (used > LEXICON_SIZE / 2)
        fail("a lexicon has %u entries; %u fit", used, LEXICON_SIZE / 2);
    while (size < used * 3 / 2)
        size *= 2;
    struct lexicon_entry *packed = calloc(size, sizeof(*packed));
    if (packed == NULL)
        mem_fail();
    for (uint32_t i = 0; i < LEXICON_SIZE; i++) {
        if (entries[i].key != 0)
            lexicon_put(packed, size, entries[i].key, entries[i].value);
    }
    *ret_size = size;
    return packed;
}

/* "parcel", "deliver*", "never_came", "drop_ship*" */
static void lexicon_put_phrase(struct lexicon_entry *entries, uint32_t language, char *phrase, uint32_t value,
                               const char *path)
{
    static struct text text;
    size_t len = strlen(phrase);
    bool beginning = phrase[len - 1] == '*';
    for (char *c = phrase; *c != '\0'; c++) {
        if (*c == '_')
            *c = ' ';
    }
    text_read(&text, phrase, len - beginning);
    if (text.token_count < 2 || text.token_count > LEXICON_PHRASE + 1)
        fail("%s: '%s': one to %d words are a phrase", path, phrase, LEXICON_PHRASE);
    if (text.token_count == 2 &&
        text.tokens[0].kind == TOKEN_SCRIPT) { /* stands anywhere in a run of letters */
        const struct token *token = &text.tokens[0];
        uint32_t key = LEXICON_SCRIPT_KEY ^ language;
        for (uint32_t i = 0; i < token->len; i++) {
            key = lexicon_key(key, text.plain[token->start + i]);
            lexicon_put(entries, LEXICON_SIZE, key, i + 1 < token->len ? LEXICON_GOES_ON : value);
        }
        return;
    }
    uint32_t key = LEXICON_PHRASE_KEY ^ language;
    size_t whole = text.token_count - 1 - beginning;
    for (size_t i = 0; i < whole; i++) {
        key = lexicon_key(key, text.tokens[i].hash);
        lexicon_put(entries, LEXICON_SIZE, key, i + 1 < whole || beginning ? LEXICON_GOES_ON : value);
    }
    const struct token *last = &text.tokens[whole];
    if (beginning && last->len < LEXICON_PREFIX)
        fail("%s: '%s': a beginning is three letters or more", path, phrase);
    for (uint32_t i = LEXICON_PREFIX; beginning && i <= last->len; i++) {
        uint32_t part = lexicon_key(LEXICON_PREFIX_KEY ^ key, text_hash_word(text.plain + last->start, i));
        lexicon_put(entries, LEXICON_SIZE, part, i < last->len ? LEXICON_GOES_ON : value);
    }
}

/* Lines of "name: phrases" */
static void use_lexicon(struct lexicon_entry *entries, uint32_t language, char *bytes, const char *path,
                        uint32_t (*value_of)(const char *))
{
    char *rest;
    for (char *line = strtok_r(bytes, "\r\n", &rest); line != NULL; line = strtok_r(NULL, "\r\n", &rest)) {
        char *colon = strchr(line, ':'), *more;
        if (*line == '#')
            continue;
        if (colon == NULL)
            fail("%s: '%s': a line is \"name: words\"", path, line);
        *colon = '\0';
        uint32_t value = value_of(line);
        for (char *phrase = strtok_r(colon + 1, " \t", &more); phrase != NULL;
             phrase = strtok_r(NULL, " \t", &more))
            lexicon_put_phrase(entries, language, phrase, value, path);
    }
}

/* A concept is the hash of its name, so that languages share it. "=thing" stands in the place of its words.
 */
static uint32_t concept_value(const char *name)
{
    uint32_t hash = (uint32_t)hash_bytes(0xcbf29ce484222325u, name, strlen(name)) & INT32_MAX;
    return *name == '=' ? hash | CONCEPT_REPLACES : hash & ~(uint32_t)CONCEPT_REPLACES;
}

/* "angry 3": the mood above its strength */
static uint32_t mood_value(const char *name)
{
    for (uint32_t i = 0; words_mood[i] != NULL; i++) {
        size_t len = strlen(words_mood[i]);
        if (strncmp(name, words_mood[i], len) == 0 && name[len] == ' ')
            return i << 8 | (uint32_t)(atoi(name + len) & 0xff);
    }
    fail("mood '%s': unknown", name);
}

static void use_concepts(struct corpus *corpus, char *bytes, const char *path, int label)
{
    (void)label;
    use_lexicon(corpus->concepts, corpus->language, bytes, path, concept_value);
}

static void use_moods(struct corpus *corpus, char *bytes, const char *path, int label)
{
    (void)label;
    use_lexicon(corpus->moods, corpus->language, bytes, path, mood_value);
}

static void read_playbook(struct corpus *corpus, const char *playbook)
{
    char folder[4096];
    for (; words_intent[corpus->intents] != NULL; corpus->intents++) {
        snprintf(folder, sizeof(folder), "%s/intents/%s", playbook, words_intent[corpus->intents]);
        each_file(corpus, folder, corpus->intents, use_messages);
    }
    if (corpus->intents > MODEL_CLASSES)
        fail("%d intents; %d fit a row of the model", corpus->intents, MODEL_CLASSES);
    if (corpus->count == 0)
        fail("%s/intents: no messages", playbook);
    corpus->labelled = corpus->count;
    snprintf(folder, sizeof(folder), "%s/languages", playbook);
    each_file(corpus, folder, -1, use_messages);
    for (corpus->mood = 0; corpus->mood < MOOD_COUNT; corpus->mood++) {
        snprintf(folder, sizeof(folder), "%s/mood/%s", playbook, words_mood[corpus->mood]);
        each_file(corpus, folder, -1, use_messages);
    }
    corpus->concepts = calloc(LEXICON_SIZE, sizeof(*corpus->concepts));
    corpus->moods = calloc(LEXICON_SIZE, sizeof(*corpus->moods));
    if (corpus->concepts == NULL || corpus->moods == NULL)
        mem_fail();
    snprintf(folder, sizeof(folder), "%s/concepts", playbook);
    each_file(corpus, folder, 0, use_concepts);
    snprintf(folder, sizeof(folder), "%s/mood", playbook);
    each_file(corpus, folder, 0, use_moods);
}

/* --- training ----------------------------------------------------------------------------------------------
 */

static struct reading new_reading(const struct corpus *corpus, const float *gram_weight)
{
    return (struct reading){.concepts = {.entries = corpus->concepts, .mask = LEXICON_SIZE - 1},
                            .gram_weight = gram_weight};
}

static void free_reading(struct reading *reading)
{
    text_free(&reading->text);
    grams_free(&reading->grams);
}

static void read_message(struct reading *reading, const char *message, int language)
{
    text_read(&reading->text, message, strlen(message));
    reading->grams.count = 0;
    reading->concepts.language = lexicon_language(model_languages[language]);
    grams_add_all(&reading->grams, &reading->text, &reading->concepts);
}

/* Rare grams weigh more; grams that no message has weigh nothing. */
static float *gram_weights(const struct corpus *corpus, struct reading *reading)
{
    float *weight = calloc(GRAM_ROWS, sizeof(*weight));
    size_t *seen = calloc(GRAM_ROWS, sizeof(*seen));
    uint8_t *kind = calloc(GRAM_ROWS, 1);
    if (weight == NULL || seen == NULL || kind == NULL)
        mem_fail();
    for (size_t i = 0; i < corpus->labelled; i++) {
        read_message(reading, corpus->examples[i].text, corpus->examples[i].language);
        for (size_t k = 0; k < reading->grams.count; k++) {
            uint32_t row = GRAM_ROW(reading->grams.ids[k]);
            weight[row] += seen[row] != i + 1;
            seen[row] = i + 1;
            kind[row] = (uint8_t)GRAM_KIND(reading->grams.ids[k]);
        }
    }
    for (size_t row = 0; row < GRAM_ROWS; row++) {
        if (weight[row] > 0)
            weight[row] = logf(1 + (float)corpus->labelled / weight[row]) * kind_weight[kind[row]];
    }
    free(seen);
    free(kind);
    return weight;
}

/* The letter without its accent, as phones without the right keyboard write it; for German ae, oe, ue now and
 * then. */
static void put_plain(UChar32 c, bool german, char **out)
{
    static const char *const umlauts[] = {"\u00e4"
                                          "ae",
                                          "\u00f6"
                                          "oe",
                                          "\u00fc"
                                          "ue"};
    int32_t len = 0;

    for (size_t i = 0; german && i < 3; i++) {
        UChar32 umlaut;
        int32_t at = 0;
        U8_NEXT_UNSAFE(umlauts[i], at, umlaut);
        if (umlaut == c) {
            memcpy(*out, umlauts[i] + at, 2);
            *out += 2;
            return;
        }
    }
    c = (UChar32)text_plain((uint32_t)c);
    if (c != 0)
        U8_APPEND_UNSAFE(*out, len, c);
    *out += len;
}

/* The message as a hasty hand would write it: letters lost, doubled, swapped, wrong; maybe no capitals, no
 * accents and no signs. */
static const char *make_noise(const char *message)
{
    static _Thread_local char *noisy;
    noisy = mem_resize(noisy, strlen(message) * 3 + 8);
    bool lower = chance_of(0.15), bare = chance_of(0.15), plain = chance_of(0.3), german = chance_of(0.5);
    char *out = noisy;
    for (int32_t i = 0; message[i] != '\0';) {
        UChar32 c, next;
        int32_t ahead;
        U8_NEXT_UNSAFE(message, i, c);
        ahead = i;
        U8_NEXT_UNSAFE(message, ahead, next);
        int32_t len = 0;
        if (lower)
            c = u_tolower(c);
        if (bare && c < 0x80 && strchr(".,?!", (int)c) != NULL) {
            *out++ = ' ';
        } else if (!u_isalpha(c) || !chance_of(TYPO)) {
            if (plain && c >= 0xc0 && c < 0x250)
                put_plain(c, german, &out);
            else
                U8_APPEND_UNSAFE(out, len, c);
        } else {
            uint32_t fault = chance() % 100;
            if (fault < 35)
                continue;
            if (fault < 60) {
                U8_APPEND_UNSAFE(out, len, c);
                U8_APPEND_UNSAFE(out, len, c);
            } else if (fault < 85 && u_isalpha(next)) {
                U8_APPEND_UNSAFE(out, len, next);
                U8_APPEND_UNSAFE(out, len, c);
                i = ahead;
            } else if (c < 0x80) {
                out[len++] = (char)('a' + chance() % 26);
            }
        }
        out += len;
    }
    *out = '\0';
    return noisy;
}

/* The logits of what was read; returns the inverse length of its vector. */
static float score(const struct reading *reading, const struct weights *weights, float logit[COLUMNS])
{
    float squares = 0;
    for (int column = 0; column < COLUMNS; column++)
        logit[column] = 0;
    for (size_t i = 0; i < reading->grams.count; i++) {
        uint32_t row = GRAM_ROW(reading->grams.ids[i]);
        float weight = reading->gram_weight[row];
        squares += weight * weight;
        for (int column = 0; column < COLUMNS; column++)
            logit[column] += weight * weights->rows[row][column];
    }
    float inverse = squares > 0 ? 1 / sqrtf(squares) : 0;
    for (int column = 0; column < COLUMNS; column++)
        logit[column] = logit[column] * inverse + weights->bias[column];
    return inverse;
}

static void softmax(float *logit, int count, float temperature)
{
    float most = -INFINITY, total = 0;
    for (int i = 0; i < count; i++)
        most = fmaxf(most, logit[i]);
    for (int i = 0; i < count; i++) {
        logit[i] = expf((logit[i] - most) / temperature);
        total += logit[i];
    }
    for (int i = 0; i < count; i++)
        logit[i] /= total;
}

static void drop_grams(struct grams *grams)
{
    size_t kept = 0;
    for (size_t i = 0; i < grams->count; i++) {
        if (!chance_of(DROPPED))
            grams->ids[kept++] = grams->ids[i];
    }
    grams->count = kept;
}

static void learn(const struct corpus *corpus, struct reading *reading, struct weights *weights, int intent,
                  float rate)
{
    float error[COLUMNS];
    float inverse = score(reading, weights, error);
    softmax(error, corpus->intents, 1);
    for (int column = 0; column < COLUMNS; column++) {
        if (column >= corpus->intents)
            error[column] = 0;
        else
            error[column] -=
                (float)(SMOOTHING / corpus->intents) + (column == intent ? (float)(1 - SMOOTHING) : 0);
    }
    float keep = 1 - rate * (float)DECAY;
    for (size_t i = 0; i < reading->grams.count; i++) {
        uint32_t row = GRAM_ROW(reading->grams.ids[i]);
        float step = rate * reading->gram_weight[row] * inverse;
        for (int column = 0; column < COLUMNS; column++)
            weights->rows[row][column] = weights->rows[row][column] * keep - step * error[column];
    }
    for (int column = 0; column < corpus->intents; column++)
        weights->bias[column] -= rate * 0.01f * error[column];
}

static struct weights new_weights(void)
{
    struct weights weights = {.rows = calloc(GRAM_ROWS, sizeof(*weights.rows))};
    if (weights.rows == NULL)
        mem_fail();
    return weights;
}

/* Moves the mean of `count` weights to take in these. */
static void average(struct weights *mean, const struct weights *weights, int count)
{
    float part = 1 / (float)count;
    for (size_t row = 0; row < GRAM_ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++)
            mean->rows[row][column] += (weights->rows[row][column] - mean->rows[row][column]) * part;
    }
    for (int column = 0; column < COLUMNS; column++)
        mean->bias[column] += (weights->bias[column] - mean->bias[column]) * part;
}

static struct weights train(const struct corpus *corpus, struct reading *reading, const size_t *given,
                            size_t count)
{
    size_t *order = memcpy(mem_resize(NULL, count * sizeof(*order)), given, count * sizeof(*order));
    struct weights weights = new_weights(), mean = new_weights();
    double steps = (double)count * EPOCHS, step = 0;
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
        shuffle(order, count);
        for (size_t i = 0; i < count; i++, step++) {
            const struct example *example = &corpus->examples[order[i]];
            read_message(reading, chance_of(NOISY) ? make_noise(example->text) : example->text,
                         example->language);
            drop_grams(&reading->grams);
            learn(corpus, reading, &weights, example->intent, (float)(RATE * (1 - step / steps)));
        }
        if (epoch >= EPOCHS - AVERAGED)
            average(&mean, &weights, epoch - (EPOCHS - AVERAGED) + 1);
    }
    free(weights.rows);
    free(order);
    return mean;
}

/* The model's bytes: the head and the rows, the lexicons, the rows of languages. */
struct image {
    struct model_head *head;
    struct model_row *rows;
    int8_t (*language_rows)[LANGUAGE_COLUMNS];
    int8_t (*mood_rows)[MOOD_COLUMNS];
    char *bytes;
    size_t size;
};

/* --- languages ---------------------------------------------------------------------------------------------
 */

#define LANGUAGE_EPOCHS 6
#define LANGUAGE_RATE 2.0
#define LANGUAGE_MOST 9000  /* messages of one language in an epoch, so that none is likelier than another */
#define FRAGMENTS 0.4       /* messages of which only a few words are read: two words are common */
#define FRAGMENT_WORDS 4    /* at most */
#define FRAGMENT_LETTERS 10 /* without spaces */
#define ACCENTS_DROPPED 0.3

struct language_weights {
    float (*rows)[LANGUAGE_COLUMNS];
    float bias[LANGUAGE_COLUMNS];
};

/* One to four words from anywhere in the message, or some letters of a script without spaces. */
static const char *fragment_of(const char *message)
{
    static _Thread_local char *fragment;
    size_t len = strlen(message), words = 1, from = 0, end;
    fragment = mem_resize(fragment, len + 1);
    for (size_t i = 0; i < len; i++)
        words += message[i] == ' ';
    bool east = (unsigned char)message[0] >= 0xe3 && words < len / 24 + 2;
    size_t first = chance() % words, most = 1 + chance() % FRAGMENT_WORDS;
    for (size_t i = 0; i < first; i++)
        from += strcspn(message + from, " ") + 1;
    end = from;
    for (size_t i = 0; i < most && end < len; i++)
        end += strcspn(message + end, " ") + (i + 1 < most);
    if (east) {
        size_t letters = 2 + chance() % FRAGMENT_LETTERS, at = chance() % len;
        while (at > 0 && (message[at] & 0xc0) == 0x80)
            at--;
        from = end = at;
        for (; letters > 0 && end < len; letters--) {
            end++;
            while (end < len && (message[end] & 0xc0) == 0x80)
                end++;
        }
    }
    end = end < len ? end : len;
    memcpy(fragment, message + from, end - from);
    fragment[end - from] = '\0';
    return fragment;
}

static void learn_language(struct reading *reading, struct language_weights *weights, int language,
                           float rate)
{
    const struct grams *grams = &reading->grams;
    float error[LANGUAGE_COLUMNS], inverse = grams->count > 0 ? 1 / sqrtf((float)grams->count) : 0;
    for (int column = 0; column < LANGUAGE_COLUMNS; column++) {
        error[column] = 0;
        for (size_t i = 0; i < grams->count; i++)
            error[column] += weights->rows[LANGUAGE_ROW(grams->ids[i])][column];
        error[column] = error[column] * inverse + weights->bias[column];
    }
    softmax(error, MODEL_LANGUAGES, 1);
    for (int column = 0; column < LANGUAGE_COLUMNS; column++)
        error[column] = column < MODEL_LANGUAGES ? error[column] - (column == language) : 0;
    for (size_t i = 0; i < grams->count; i++) {
        for (int column = 0; column < LANGUAGE_COLUMNS; column++)
            weights->rows[LANGUAGE_ROW(grams->ids[i])][column] -= rate * inverse * error[column];
    }
    for (int column = 0; column < LANGUAGE_COLUMNS; column++)
        weights->bias[column] -= rate * 0.01f * error[column];
}

static void train_languages(const struct corpus *corpus, struct language_weights *weights)
{
    struct reading reading = {0};
    size_t *order = mem_resize(NULL, corpus->count * sizeof(*order));
    double steps = (double)corpus->count * LANGUAGE_EPOCHS, step = 0;
    chance_state = CHANCE_SEED;
    for (size_t i = 0; i < corpus->count; i++)
        order[i] = i;
    for (int epoch = 0; epoch < LANGUAGE_EPOCHS; epoch++) {
        int seen[MODEL_LANGUAGES] = {0};
        shuffle(order, corpus->count);
        for (size_t i = 0; i < corpus->count; i++, step++) {
            const struct example *example = &corpus->examples[order[i]];
            if (seen[example->language]++ >= LANGUAGE_MOST)
                continue;
            const char *message = chance_of(FRAGMENTS) ? fragment_of(example->text) : example->text;
            text_read(&reading.text, message, strlen(message));
            if (chance_of(ACCENTS_DROPPED))
                memcpy(reading.text.marked, reading.text.plain,
                       reading.text.letter_count * sizeof(*reading.text.plain));
            reading.grams.count = 0;
            for (size_t k = 0; k < reading.text.token_count; k++) {
                const struct token *token = &reading.text.tokens[k];
                if (token->kind == TOKEN_WORD || token->kind == TOKEN_SCRIPT)
                    grams_add_language(&reading.grams, &reading.text, token);
            }
            learn_language(&reading, weights, example->language, (float)(LANGUAGE_RATE * (1 - step / steps)));
        }
    }
    free(order);
    text_free(&reading.text);
    grams_free(&reading.grams);
}

/* --- moods -------------------------------------------------------------------------------------------------
 */

#define MOOD_EPOCHS 12
#define MOOD_RATE 1.0

struct mood_weights {
    float (*rows)[MOOD_COLUMNS];
    float bias[MOOD_COLUMNS];
};

static void learn_mood(const struct grams *grams, struct mood_weights *weights, int mood, float rate)
{
    float error[MOOD_COLUMNS], inverse = grams->count > 0 ? 1 / sqrtf((float)grams->count) : 0;
    for (int column = 0; column < MOOD_COLUMNS; column++) {
        error[column] = 0;
        for (size_t i = 0; i < grams->count; i++)
            error[column] += weights->rows[MOOD_ROW(grams->ids[i])][column];
        error[column] = error[column] * inverse + weights->bias[column];
    }
    softmax(error, MOOD_COLUMNS, 1);
    for (int column = 0; column < MOOD_COLUMNS; column++)
        error[column] -= column == mood;
    for (size_t i = 0; i < grams->count; i++) {
        float *row = weights->rows[MOOD_ROW(grams->ids[i])];
        for (int column = 0; column < MOOD_COLUMNS; column++)
            row[column] -= rate * inverse * error[column];
    }
    for (int column = 0; column < MOOD_COLUMNS; column++)
        weights->bias[column] -= rate * 0.01f * error[column];
}

/* Questions and greetings are neutral, most of them; one in so many stands beside the examples, so that plain
 * words stay so. */
#define PLAIN_ONE_IN 8

static int mood_of(const struct example *example, size_t i)
{
    const char *intent = example->intent >= 0 ? words_intent[example->intent] : "";
    bool plain =
        strncmp(intent, "ask_", 4) == 0 || strncmp(intent, "change_", 7) == 0 || strcmp(intent, "greet") == 0;
    return example->mood < 0 && plain && i % PLAIN_ONE_IN == 0 ? MOOD_NEUTRAL : example->mood;
}

static void train_moods(const struct corpus *corpus, struct mood_weights *weights)
{
    struct reading reading = new_reading(corpus, NULL);
    struct lexicon moods = {.entries = corpus->moods, .mask = LEXICON_SIZE - 1};
    size_t count = 0, *order = mem_resize(NULL, (corpus->count + 1) * sizeof(*order));
    chance_state = CHANCE_SEED;
    for (size_t i = 0; i < corpus->count; i++) {
        if (mood_of(&corpus->examples[i], i) >= 0)
            order[count++] = i;
    }
    double steps = (double)count * MOOD_EPOCHS, step = 0;
    for (int epoch = 0; epoch < MOOD_EPOCHS; epoch++) {
        shuffle(order, count);
        for (size_t i = 0; i < count; i++, step++) {
            const struct example *example = &corpus->examples[order[i]];
            const char *message = chance_of(NOISY) ? make_noise(example->text) : example->text;
            read_message(&reading, message, example->language);
            moods.language = reading.concepts.language;
            mood_add_signals(&reading.grams, &moods, &reading.text, message, strlen(message));
            drop_grams(&reading.grams);
            learn_mood(&reading.grams, weights, mood_of(example, order[i]),
                       (float)(MOOD_RATE * (1 - step / steps)));
        }
    }
    free(order);
    free_reading(&reading);
}

static void quantise_moods(const struct mood_weights *weights, struct image *image)
{
    for (int column = 0; column < MOOD_COLUMNS; column++) {
        float most = 1e-9f;
        for (size_t row = 0; row < MOOD_ROWS; row++)
            most = fmaxf(most, fabsf(weights->rows[row][column]));
        for (size_t row = 0; row < MOOD_ROWS; row++)
            image->mood_rows[row][column] = (int8_t)lrintf(weights->rows[row][column] / most * 127);
        image->head->mood_scale[column] = most / 127;
        image->head->mood_bias[column] = weights->bias[column];
    }
}

static void quantise_languages(const struct language_weights *weights, struct image *image)
{
    for (int column = 0; column < LANGUAGE_COLUMNS; column++) {
        float most = 1e-9f;
        for (size_t row = 0; row < LANGUAGE_ROWS; row++)
            most = fmaxf(most, fabsf(weights->rows[row][column]));
        for (size_t row = 0; row < LANGUAGE_ROWS; row++)
            image->language_rows[row][column] = (int8_t)lrintf(weights->rows[row][column] / most * 127);
        image->head->language_scale[column] = most / 127;
        image->head->language_bias[column] = weights->bias[column];
    }
}

/* --- calibration -------------------------------------------------------------------------------------------
 */

struct fit {
    double loss, accuracy;
};

static struct fit measure(const struct corpus *corpus, struct reading *reading, const struct weights *weights,
                          const size_t *items, size_t count, float temperature)
{
    struct fit fit = {0};
    for (size_t i = 0; i < count; i++) {
        const struct example *example = &corpus->examples[items[i]];
        float p[COLUMNS];
        read_message(reading, example->text, example->language);
        score(reading, weights, p);
        softmax(p, corpus->intents, temperature);
        int best = 0;
        for (int k = 1; k < corpus->intents; k++) {
            if (p[k] > p[best])
                best = k;
        }
        fit.loss -= log(fmax(p[example->intent], 1e-9)) / (double)count;
        fit.accuracy += (best == example->intent) / (double)count;
    }
    return fit;
}

/* The temperature at which a tenth of the messages, left out of the training, is predicted best. */
static float calibrate(const struct corpus *corpus, struct reading *reading, const size_t *order)
{
    size_t out = corpus->labelled / 10;
    struct weights weights = train(corpus, reading, order + out, corpus->labelled - out);
    float best = 1;
    struct fit best_fit = {.loss = INFINITY};
    for (int percent = 40; percent <= 150; percent += 5) {
        struct fit fit = measure(corpus, reading, &weights, order, out, (float)percent / 100);
        if (fit.loss < best_fit.loss) {
            best_fit = fit;
            best = (float)percent / 100;
        }
    }
    printf("left out %zu of %zu messages: accuracy %.3f, loss %.3f, temperature %.2f\n", out,
           corpus->labelled, best_fit.accuracy, best_fit.loss, (double)best);
    free(weights.rows);
    return best;
}

/* --- the model ---------------------------------------------------------------------------------------------
 */

static struct image new_image(const struct corpus *corpus)
{
    struct image image = {.size = sizeof(struct model_head) + GRAM_ROWS * sizeof(struct model_row)};
    uint32_t concepts_size, moods_size;
    struct lexicon_entry *concepts = lexicon_pack(corpus->concepts, &concepts_size);
    struct lexicon_entry *moods = lexicon_pack(corpus->moods, &moods_size);
    size_t concepts_at = image.size, moods_at = concepts_at + concepts_size * sizeof(*concepts);
    size_t languages_at = moods_at + moods_size * sizeof(*moods);
    size_t mood_rows_at = languages_at + LANGUAGE_ROWS * LANGUAGE_COLUMNS;
    image.size = mood_rows_at + MOOD_ROWS * MOOD_COLUMNS;
    image.bytes = calloc(1, image.size);
    if (image.bytes == NULL)
        mem_fail();
    image.head = (struct model_head *)image.bytes;
    image.rows = (struct model_row *)(image.bytes + sizeof(*image.head));
    image.mood_rows = (int8_t(*)[MOOD_COLUMNS])(image.bytes + mood_rows_at);
    image.language_rows = (int8_t(*)[LANGUAGE_COLUMNS])(image.bytes + languages_at);
    *image.head = (struct model_head){.magic = MODEL_MAGIC,
                                      .rows = GRAM_ROWS,
                                      .classes = (uint32_t)corpus->intents,
                                      .concepts = concepts_size,
                                      .moods = moods_size};
    memcpy(image.bytes + concepts_at, concepts, concepts_size * sizeof(*concepts));
    memcpy(image.bytes + moods_at, moods, moods_size * sizeof(*moods));
    free(concepts);
    free(moods);
    return image;
}

/* Rows hold weight times gram weight, so that the program adds rows and nothing else. A row's largest weight
 * is 7 times its scale. */
static void quantise_row(const float *values, int count, float unit, struct model_row *row)
{
    float most = 0;
    for (int i = 0; i < count; i++)
        most = fmaxf(most, fabsf(values[i]));
    int scale = (int)ceilf(most / unit / 7);
    memset(row->weights, 0x88, sizeof(row->weights));
    row->scale = (uint8_t)scale;
    for (int i = 0; i < count && scale > 0; i++) {
        int weight = (int)lrintf(values[i] / unit / (float)scale) + 8;
        uint8_t *both = &row->weights[i % 30];
        *both = i < 30 ? (uint8_t)((*both & 0xf0) | weight) : (uint8_t)((*both & 15) | weight << 4);
    }
}

static void quantise(const struct corpus *corpus, const struct weights *weights, const float *gram_weight,
                     float temperature, struct image *image)
{
    float column_most[COLUMNS] = {0}, square_most = 1e-9f, values[COLUMNS];
    for (size_t row = 0; row < GRAM_ROWS; row++) {
        square_most = fmaxf(square_most, gram_weight[row] * gram_weight[row]);
        for (int column = 0; column < corpus->intents; column++)
            column_most[column] =
                fmaxf(column_most[column], fabsf(weights->rows[row][column] * gram_weight[row]));
    }
    image->head->square = square_most / 255;
    for (size_t row = 0; row < GRAM_ROWS; row++) {
        for (int column = 0; column < corpus->intents; column++)
            values[column] =
                weights->rows[row][column] * gram_weight[row] / fmaxf(column_most[column], 1e-9f);
        quantise_row(values, corpus->intents, 1.0f / (7 * MODEL_SCALE_MAX), &image->rows[row]);
        image->rows[row].square = (uint8_t)lrintf(gram_weight[row] * gram_weight[row] / image->head->square);
    }
    for (int column = 0; column < corpus->intents; column++) {
        image->head->scale[column] = column_most[column] / (7 * MODEL_SCALE_MAX) / temperature;
        image->head->bias[column] = weights->bias[column] / temperature;
    }
}

static void stamp(struct image *image)
{
    size_t from = offsetof(struct model_head, scale);
    uint64_t hash = hash_bytes(0xcbf29ce484222325u, image->bytes + from, image->size - from);
    snprintf(image->head->version, sizeof(image->head->version), "%016llx", (unsigned long long)hash);
}

/* What is learnt side by side; each begins with the same chance. */
struct lesson {
    const struct corpus *corpus;
    const float *gram_weight;
    const size_t *order;
    float temperature;
    struct weights weights;
    struct language_weights languages;
    struct mood_weights moods;
};

static void *learn_temperature(void *arg)
{
    struct lesson *lesson = arg;
    struct reading reading = new_reading(lesson->corpus, lesson->gram_weight);
    chance_state = CHANCE_SEED;
    lesson->temperature = SHARPER * calibrate(lesson->corpus, &reading, lesson->order);
    free_reading(&reading);
    return NULL;
}

static void *learn_languages_and_moods(void *arg)
{
    struct lesson *lesson = arg;
    train_languages(lesson->corpus, &lesson->languages);
    train_moods(lesson->corpus, &lesson->moods);
    return NULL;
}

static void *learn_intents(void *arg)
{
    struct lesson *lesson = arg;
    struct reading reading = new_reading(lesson->corpus, lesson->gram_weight);
    chance_state = CHANCE_SEED;
    lesson->weights = train(lesson->corpus, &reading, lesson->order, lesson->corpus->labelled);
    free_reading(&reading);
    return NULL;
}

static void make_model(const struct corpus *corpus, struct image *image)
{
    struct reading reading = new_reading(corpus, NULL);
    float *gram_weight = gram_weights(corpus, &reading);
    size_t *order = mem_resize(NULL, corpus->labelled * sizeof(*order));
    struct lesson lesson = {.corpus = corpus, .gram_weight = gram_weight, .order = order};
    pthread_t threads[2];
    lesson.languages.rows = calloc(LANGUAGE_ROWS, sizeof(*lesson.languages.rows));
    lesson.moods.rows = calloc(MOOD_ROWS, sizeof(*lesson.moods.rows));
    if (lesson.languages.rows == NULL || lesson.moods.rows == NULL)
        mem_fail();
    for (size_t i = 0; i < corpus->labelled; i++)
        order[i] = i;
    shuffle(order, corpus->labelled);
    if (pthread_create(&threads[0], NULL, learn_temperature, &lesson) != 0 ||
        pthread_create(&threads[1], NULL, learn_languages_and_moods, &lesson) != 0)
        fail("no thread can be made");
    learn_intents(&lesson);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    quantise(corpus, &lesson.weights, gram_weight, lesson.temperature, image);
    quantise_languages(&lesson.languages, image);
    quantise_moods(&lesson.moods, image);
    stamp(image);
    free(lesson.weights.rows);
    free(lesson.languages.rows);
    free(lesson.moods.rows);
    free(order);
    free(gram_weight);
    free_reading(&reading);
}

/* --- results and their cache -------------------------------------------------------------------------------
 */

static bool write_file(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return false;
    bool written = fwrite(bytes, 1, len, file) == len;
    return fclose(file) == 0 && written;
}

/* False where there is no place for a cache. */
static bool cache_path(uint64_t key, char *out, size_t size)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    char folder[3800];
    if (cache != NULL && *cache == '/')
        snprintf(folder, sizeof(folder), "%s", cache);
    else if (home != NULL && *home == '/')
        snprintf(folder, sizeof(folder), "%s/.cache", home);
    else
        return false;
    mkdir(folder, 0755);
    if (snprintf(out, size, "%s/replyd", folder) >= (int)size)
        return false;
    mkdir(out, 0755);
    return snprintf(out, size, "%s/replyd/model-%016llx.bin", folder, (unsigned long long)key) < (int)size;
}

static bool cache_read(const char *path, struct image *image)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    bool whole = fread(image->bytes, image->size, 1, file) == 1 && fgetc(file) == EOF;
    fclose(file);
    return whole && image->head->magic == MODEL_MAGIC;
}

/* Builds that run at once must not see each other's half a file. */
static void cache_write(const char *path, const struct image *image)
{
    char part[4200];
    snprintf(part, sizeof(part), "%s.%ld", path, (long)getpid());
    if (!write_file(part, image->bytes, image->size) || rename(part, path) < 0)
        unlink(part);
}

static void write_assembly(const char *path, const char *model, const char *version)
{
    char text[5000];
    int len =
        snprintf(text, sizeof(text),
                 "/* Made by tools/train.c: model %s */\n"
                 "    .section .rodata\n    .global model_data\n    .type model_data, %%object\n"
                 "    .balign 64\nmodel_data:\n    .incbin \"%s\"\n    .size model_data, . - model_data\n"
                 "    .section .note.GNU-stack,\"\",%%progbits\n",
                 version, model);
    if (!write_file(path, text, (size_t)len))
        fail("%s: %s", path, strerror(errno));
}

int main(int argc, char **argv)
{
    if (argc < 5)
        fail("usage: train PLAYBOOK MODEL.bin MODEL.S MODEL.d SOURCE...");
    const char *playbook = argv[1], *model = argv[2], *assembly = argv[3], *depfile = argv[4];
    struct corpus corpus = {.mood = -1, .key = 0xcbf29ce484222325u, .depfile = fopen(depfile, "w")};
    if (corpus.depfile == NULL)
        fail("%s: %s", depfile, strerror(errno));
    fprintf(corpus.depfile, "%s:", model);
    for (int i = 5; i < argc; i++) {
        char *source = read_file(&corpus, argv[i]);
        if (source == NULL)
            fail("%s: %s", argv[i], strerror(errno));
        free(source);
    }
    read_playbook(&corpus, playbook);
    fputc('\n', corpus.depfile);
    fclose(corpus.depfile);

    struct image image = new_image(&corpus);
    char cached[4096];
    bool cache = cache_path(corpus.key, cached, sizeof(cached));
    if (!cache || !cache_read(cached, &image)) {
        make_model(&corpus, &image);
        if (cache)
            cache_write(cached, &image);
    }
    if (!write_file(model, image.bytes, image.size))
        fail("%s: %s", model, strerror(errno));
    write_assembly(assembly, model, image.head->version);
    free(image.bytes);
    return 0;
}
