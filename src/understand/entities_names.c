/* Colours, countries and carriers that a text names, by the lists of playbook/words. */
#include "scan.h"

#include <ctype.h>

static bool starts_capital(const struct word *word)
{
    return isupper((unsigned char)word->s[0]);
}

/* --- colours --- */

/* "Green Street", "Mr Brown", "Kind regards, Nancy Black" */
static bool is_persons(const struct scan *scan, size_t i, size_t used)
{
    const struct word *word = &scan->words[i], *next = word_at(scan, i + used);

    if (!starts_capital(word))
        return false;
    if (!scan->words[i + used - 1].ends_sentence && word_on(next, ON_STREET))
        return true;
    if (i == 0 || scan->words[i - 1].ends_sentence)
        return false;
    return word_listed(&scan->words[i - 1], WORDS(" mr mrs ms miss dr ")) ||
           (i + used >= scan->count && starts_capital(&scan->words[i - 1]) && i > 1 &&
            (scan->words[i - 2].ends_sentence ||
             word_listed(&scan->words[i - 2], WORDS(" regards thanks wishes "))));
}

static void add_color(struct scan *scan, const char *color)
{
    struct entities *found = scan->found;

    for (int i = 0; i < found->color_count; i++) {
        if (strcmp(found->colors[i], color) == 0)
            return;
    }
    if (found->color_count < UNDERSTAND_COLORS)
        found->colors[found->color_count++] = color;
}

/* --- countries --- */

enum { COUNTRY_NONE, COUNTRY_BARE, COUNTRY_LIVES, COUNTRY_TO, COUNTRY_SENT_TO };

/* "us" is a pronoun, "US" a country; "US$" is a currency. */
static bool is_name_of_country(const struct scan *scan, size_t i, size_t used)
{
    const struct word *word = &scan->words[i];
    const char *end = word->s + word->len;

    if (used == 1 && (word_is(word, "us") || word_is(word, "gb")))
        return end - word->s == 2 && isupper((unsigned char)word->s[0]) &&
               isupper((unsigned char)word->s[1]) && !(end < scan->text + scan->len && (*end == '$'));
    if (used == 2 && word->len == 1) /* "U.S." */
        return isupper((unsigned char)word->s[0]) && end < scan->text + scan->len && *end == '.';
    return true;
}

static int country_rank(const struct scan *scan, size_t i)
{
    int rank = COUNTRY_BARE;
    bool near = true;

    for (size_t k = i; k > 0 && i - k < 7; k--) {
        const struct word *word = &scan->words[k - 1];

        if (word->ends_sentence)
            break;
        near &= rank == COUNTRY_BARE;
        if (near && word_is(word, "from")) {
            bool lives =
                k > 1 && word_listed(&scan->words[k - 2],
                                     WORDS(" im am are were writing customer buyer hello hi greetings "
                                           "order ordering ordered message "));
            return lives ? COUNTRY_LIVES : COUNTRY_NONE;
        }
        if (near &&
            word_listed(word,
                        WORDS(" made manufactured produced origin not outside except warehouse stock ")))
            return COUNTRY_NONE;
        if (near && word_listed(word, WORDS(" to into for ")))
            rank = COUNTRY_TO;
        else if (near && word_is(word, "in"))
            rank = k > 1 && word_listed(&scan->words[k - 2],
                                        WORDS(" made manufactured produced warehouse stock based "
                                              "located store "))
                       ? (k > 2 && word_listed(&scan->words[k - 2], WORDS(" based located ")) &&
                                  word_listed(&scan->words[k - 3], WORDS(" am im are were "))
                              ? COUNTRY_LIVES
                              : COUNTRY_NONE)
                       : COUNTRY_LIVES;
        if (rank == COUNTRY_NONE)
            return rank;
        near &= word_listed(word, WORDS(" the my or and to ")) || word_on(word, ON_PHRASE);
        if (rank == COUNTRY_TO &&
            word_listed(word, WORDS(" ship send deliver shipping delivery shipped post sent "
                                    "freight shipment sending delivering shipment ")))
            return COUNTRY_SENT_TO;
    }
    return rank;
}

static void find_country(struct scan *scan, size_t i, int *best)
{
    size_t used;
    const char *country = phrase_at(scan, i, PHRASE_COUNTRY, &used);
    int rank;

    if (country == NULL) {
        country = phrase_at(scan, i, PHRASE_COUNTRY_LIKE, &used);
        if (country == NULL || !starts_capital(&scan->words[i]) || country_rank(scan, i) <= COUNTRY_BARE)
            return;
    }
    if (!is_name_of_country(scan, i, used))
        return;
    rank = country_rank(scan, i);
    if (rank > *best) {
        *best = rank;
        scan->found->country = country;
    }
}

/* --- all of them --- */

static void find_carrier(struct scan *scan, size_t i)
{
    size_t used;
    const char *carrier = phrase_at(scan, i, PHRASE_CARRIER, &used);

    if (carrier == NULL || scan->found->carrier != NULL)
        return;
    for (size_t k = i; k > 0 && i - k < 3 && !scan->words[k - 1].ends_sentence; k--) {
        if (word_listed(&scan->words[k - 1], WORDS(" not without except no dont instead than avoid ")))
            return;
    }
    scan->found->carrier = carrier;
}

/* A phrase that stands for nothing hides what is in it. */
static size_t skipped(const struct scan *scan, size_t i)
{
    static const enum phrase_kind kinds[] = {PHRASE_COLOR, PHRASE_COUNTRY, PHRASE_CARRIER};
    size_t most = 0;

    for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
        size_t used = 0;
        const char *value =
            vocabulary_phrase(scan->vocabulary, &scan->words[i], scan->count - i, kinds[k], &used);

        if (value != NULL && *value == '\0' && used > most)
            most = used;
    }
    return most;
}

/* A colour that he does not want, beside one that he does: "I only see red, do you have it in blue?", "not
 * black", "other than white", "blue does not suit me". */
static bool is_other_color(const struct scan *scan, size_t i, size_t used)
{
    const struct word *next = word_at(scan, i + used);

    for (size_t k = i; k > 0 && k + 4 > i && !scan->words[k - 1].ends_sentence; k--) {
        if (word_listed(&scan->words[k - 1], WORDS(" not only than besides except instead apart ")))
            return true;
    }
    return !scan->words[i + used - 1].ends_sentence &&
           (word_listed(next, WORDS(" doesnt isnt wont ")) ||
            (word_listed(next, WORDS(" does is will ")) && word_is(word_at(scan, i + used + 1), "not")));
}

void find_names(struct scan *scan)
{
    struct entities *found = scan->found;
    int best = COUNTRY_NONE;
    size_t color_end = 0, skip_end = 0, used;

    for (size_t i = 0; i < scan->count; i++) {
        const char *color;

        if (scan->words[i].taken || !word_on(&scan->words[i], ON_PHRASE) || i < skip_end)
            continue;
        skip_end = i + skipped(scan, i);
        if (skip_end > i)
            continue;
        color = i >= color_end ? phrase_at(scan, i, PHRASE_COLOR, &used) : NULL;
        if (color != NULL && !is_persons(scan, i, used)) {
            if (!is_other_color(scan, i, used))
                add_color(scan, color);
            else if (found->other_color_count < UNDERSTAND_COLORS)
                found->other_colors[found->other_color_count++] = color;
            color_end = i + used;
        }
        find_country(scan, i, &best);
        find_carrier(scan, i);
    }
    if (found->color_count > 0)
        return;
    for (int i = 0; i < found->other_color_count; i++)
        add_color(scan, found->other_colors[i]);
    found->other_color_count = 0;
}
