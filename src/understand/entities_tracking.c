/* Parcels' numbers: S10 by its check digit, carriers' own by their shape, others by the words before. */
#include "scan.h"

#include <ctype.h>

static bool s10_shaped(const char *s, size_t len)
{
    if (len != 13 || !isupper((unsigned char)s[0]) || !isupper((unsigned char)s[1]) ||
        !isupper((unsigned char)s[11]) || !isupper((unsigned char)s[12]))
        return false;
    for (int i = 2; i < 11; i++) {
        if (!is_digit(s[i]))
            return false;
    }
    return true;
}

bool s10_valid(const char *s, size_t len)
{
    static const int weights[8] = {8, 6, 4, 2, 3, 5, 9, 7};
    if (!s10_shaped(s, len))
        return false;
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += weights[i] * (s[2 + i] - '0');
    int check = 11 - sum % 11;
    check = check == 10 ? 0 : check == 11 ? 5 : check;
    return s[10] - '0' == check;
}

/* Carriers' own forms: letters, then so many letters or digits, then letters. */
static const struct {
    const char *prefix;
    int least, most;
    const char *suffix;
} shapes[] = {
    {"1Z", 16, 16, ""}, /* UPS */
    {"YT", 16, 16, ""}, /* YunExpress */
    {"LP", 14, 14, ""}, /* Cainiao */
    {"4PX", 10, 16, ""}, {"4PX", 8, 14, "CN"}, {"UD", 9, 11, "YP"}, {"UG", 9, 11, "YP"},
    {"UR", 9, 11, "YP"}, /* Yanwen */
    {"YW", 12, 15, ""},  {"JD", 11, 20, ""},   {"JJD", 11, 20, ""}, {"JVGL", 10, 20, ""},
    {"TBA", 12, 12, ""}, {"SF", 12, 13, ""},   {"GM", 15, 20, ""},  {"CNG", 12, 18, ""},
    {"SYAE", 9, 12, ""}, {"SYRM", 9, 12, ""},  {"WNB", 12, 16, ""}, {"CJ", 10, 14, ""},
};

static bool has_shape(const char *number)
{
    size_t len = strlen(number);
    for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
        size_t prefix = strlen(shapes[i].prefix), suffix = strlen(shapes[i].suffix);
        if (len < prefix + suffix || strncmp(number, shapes[i].prefix, prefix) != 0 ||
            strcmp(number + len - suffix, shapes[i].suffix) != 0)
            continue;
        int middle = (int)(len - prefix - suffix), digits = 0;
        for (size_t k = prefix; k < len - suffix; k++)
            digits += is_digit(number[k]);
        if (middle >= shapes[i].least && middle <= shapes[i].most && digits * 3 >= middle * 2)
            return true;
    }
    /* USPS: 20 to 22 digits that begin with 9 */
    return len >= 20 && len <= 22 && number[0] == '9' && strspn(number, "0123456789") == len;
}

/* "tracking number is 123": a long number right behind such words, whatever its form. */
static bool names_tracking(const struct scan *scan, size_t at)
{
    for (size_t i = at; i > 0 && i + 5 > at; i--) {
        const struct word *word = &scan->words[i - 1];
        if (word->ends_sentence && sign_before(scan, &scan->words[i]) != '#')
            return false;
        if (word_on(word, ON_TRACKING))
            return true;
        if (!word_on(word, ON_FILLER))
            return false;
    }
    return false;
}

/* The number that begins at word i: how many words it takes, or 0. Of digits alone in groups it takes all it
 * can. */
static size_t read_tracking(const struct scan *scan, size_t i, char number[static WORD_LEN + 1])
{
    const struct word *word = &scan->words[i];
    size_t found = 0;
    if (word->digits == 0 && (word->len > 4 || word_at(scan, i + 1)->digits == 0))
        return 0;
    for (size_t words = 1; words <= 7 && (found == 0 || all_digits(word)); words++) {
        const struct word *last = word_at(scan, i + words - 1);
        if (last->digits == 0 && last->len > 4) /* no group of a number */
            break;
        join_words(scan, i, words, number);
        size_t len = strlen(number);
        bool named = words == 1 && word->digits >= 6 && len >= 8 && names_tracking(scan, i);
        /* Written in one piece it is meant for one, be it misspelt or a carrier's that does not check. */
        bool misspelt = words == 1 && s10_shaped(number, len);
        if (s10_valid(number, len) || misspelt || has_shape(number) || named)
            found = words;
    }
    join_words(scan, i, found, number);
    return found;
}

static void add_text(struct scan *scan, const char *texts[UNDERSTAND_NUMBERS], int *count, const char *s)
{
    for (int i = 0; i < *count; i++) {
        if (strcmp(texts[i], s) == 0)
            return;
    }
    if (*count < UNDERSTAND_NUMBERS)
        texts[(*count)++] = arena_strdup(scan->arena, s);
}

void find_tracking(struct scan *scan)
{
    struct entities *found = scan->found;
    for (size_t i = 0; i < scan->count; i++) {
        char number[WORD_LEN + 1];
        size_t words = scan->words[i].taken ? 0 : read_tracking(scan, i, number);
        if (words == 0)
            continue;
        add_text(scan, found->tracking_numbers, &found->tracking_number_count, number);
        take(scan, i, words);
    }
}
