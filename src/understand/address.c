/* A house's number beside a street's name is where an address is; from there it goes on to both sides for as
 * long as the words are names, numbers and what stands between them. Addresses that nothing announces are
 * left alone: most are signatures. */
#include "address.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#define ADDRESS_WORDS 24 /* a longer run is a list of names */
#define BACK 12          /* words before an address that may announce it */
#define CLOSE 5          /* words before it that may take it back, or say that it is a signature */

static const struct word_list announcing WORD_LIST = {
    " address adress addres addess adres addresses destination to at in "
    "live lives living moved place details "
    "deliver ship send here instead new redirect forward "};
/* Close before an address that is surely the one meant, of two. */
static const struct word_list sending WORD_LIST = {
    " send ship deliver redirect forward change instead new to "};
/* What shows that only a part of the address on record was wrong. */
static const struct word_list correcting WORD_LIST = {" not wrong typo mistake correct corrected mistyped "};
static const struct word_list taking_back WORD_LIST = {
    " not dont doesnt old from of longer stop never previous former wrong was were "
    "typed wrote says shows lived left sold written "};
static const struct word_list closing WORD_LIST = {
    " thanks thank thx regards sincerely best cheers yours greetings faithfully "};

/* Capitals that begin a sentence, not a name. */
static const struct word_list no_names WORD_LIST = {
    " please pls thanks thank thx best kind regards sincerely cheers yours "
    "faithfully greetings many i im we my our the "
    "it its this that these can could would will hi hello hey dear order "
    "orders tracking instead and but if as is not "
    "send ship deliver change update correct use put new old address adress "
    "addres delivery shipping sent from to at in "
    "name same also or so because since when where what how you your he she "
    "they name phone tel mobile email urgent why thats with one got "};
/* Small words inside of addresses. */
static const struct word_list joints WORD_LIST = {
    " de del della delle di da do dos das la le les du des el al van der den "
    "dem von zu zum zur am im an auf upon under "
    "of on ul no nr apt apto apartment appt flat unit room block floor fl "
    "house villa suite ste building bldg kv tv th "
    "nd rd st izq dcha bis district village lot box po c o km str strasse rue "
    "via viale piazza calle avenida av rua "
    "ulica straat weg platz allee gade vei gata jalan jl "};
/* A number behind them is not the street's. */
static const struct word_list parts_of_house WORD_LIST = {
    " room flat apt apto apartment unit block floor house building "
    "bldg suite ste box lot no nr number zip postcode "
    "code order orders size villa warehouse door gate "};

static bool listed(const struct word_list *list, const struct word *word)
{
    return word_listed(word, list);
}

static bool is_capital(const struct word *word)
{
    const uint8_t *bytes = (const uint8_t *)word->s;
    int32_t at = 0, len = (int32_t)word->len;
    UChar32 c;

    U8_NEXT(bytes, at, len, c);
    return c >= 0 && u_isalpha(c) && !u_islower(c);
}

static bool is_name(const struct word *word)
{
    return word->digits == 0 && is_capital(word) && !listed(&no_names, word);
}

/* "12", "12a", "18-44", "3/4" */
static bool is_house_number(const struct word *word)
{
    static const char *const ordinals[] = {"st", "nd", "rd", "th"};

    for (size_t i = 0; i < sizeof(ordinals) / sizeof(*ordinals); i++) {
        if (word->len > 2 && word->lower_len == word->len &&
            strcmp(word->lower + word->lower_len - 2, ordinals[i]) == 0)
            return false;
    }
    return !word->taken && word->digits > 0 && word->len <= 6 && word->digits + 2 >= (int)word->len &&
           word->s[0] >= '0' && word->s[0] <= '9' && !memchr(word->s, '.', word->len);
}

static bool is_street(const struct word *word)
{
    static const char *const ends[] = {"str",    "strasse", "stra\u00dfe", "gasse",
                                       "straat", "gade",    "gatan",       "vej"};

    if (word_on(word, ON_STREET))
        return true;
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        size_t len = strlen(ends[i]);

        if (word->lower_len > len && strcmp(word->lower + word->lower_len - len, ends[i]) == 0)
            return true;
    }
    return false;
}

/* May the two words stand in one address? A full stop may only end an abbreviation, or a number before small
 * letters. */
static bool go_together(const struct word *a, const struct word *b)
{
    const char *gap = a->s + a->len;
    int lines = 0;
    bool stop = false;

    for (; gap < b->s; gap++) {
        if ((unsigned char)*gap < 0x80 && !strchr(" ,.-/'\"#()\t\r\n", *gap))
            return false;
        lines += *gap == '\n';
        stop |= *gap == '.';
    }
    if (lines > 1)
        return false;
    return !stop || b->digits > 0 || (a->len <= 3 && a->digits == 0) || is_street(a) ||
           word_on(a, ON_ABBREVIATION) || (a->digits > 0 && !is_capital(b));
}

static bool is_part(const struct word *word)
{
    if (word->taken || word->len > WORD_LEN)
        return false;
    return word->digits > 0 || is_name(word) || is_street(word) || listed(&joints, word);
}

/* "Baker" of "12 Baker Court"; of "1420 bay st" the street itself */
static bool has_street_behind(const struct word *words, size_t count, size_t i)
{
    for (size_t k = 1; k <= 3 && i + k < count && go_together(&words[i + k - 1], &words[i + k]); k++) {
        const struct word *word = &words[i + k];
        const char *end =
            word[-1].s + word[-1].len; /* behind the word's beginning where both stand for one phrase */

        if (k == 1 && is_name(word))
            return true;
        if (word->digits > 0 || (word->s > end && memchr(end, ',', (size_t)(word->s - end))))
            return false;
        if (k > 1 && is_street(word))
            return true;
    }
    return false;
}

static bool has_street_before(const struct word *words, size_t i)
{
    const struct word *word = i > 0 ? &words[i - 1] : NULL;

    if (word && i > 1 && listed(WORDS(" box "), word) && listed(WORDS(" o po p.o pobox "), &words[i - 2]))
        return !words[i].taken; /* "P.O. Box 77" */
    return word && go_together(word, &words[i]) && !word->taken && !listed(&parts_of_house, word) &&
           (is_name(word) || is_street(word));
}

static bool is_anchor(const struct word *words, size_t count, size_t i)
{
    const struct word *before = i > 0 ? &words[i - 1] : NULL;

    if (!is_house_number(&words[i]) || (words[i].s[-(i > 0)] == '#'))
        return false;
    if (before && word_on(before, ON_ORDER | ON_TRACKING))
        return false;
    if (i + 1 < count && words[i + 1].digits == words[i + 1].len &&
        words[i + 1].s == words[i].s + words[i].len + 1 && words[i + 1].s[-1] == ' ')
        return false; /* a telephone's number */
    return has_street_behind(words, count, i) || has_street_before(words, i);
}

struct run {
    size_t first, last;
};

static struct run run_of(const struct word *words, size_t count, size_t anchor)
{
    struct run run = {anchor, anchor};
    size_t small = 0;

    while (run.first > 0 && is_part(&words[run.first - 1]) &&
           go_together(&words[run.first - 1], &words[run.first]))
        run.first--;
    /* "1420 bay st, toronto": up to the street's word all belongs to it. */
    if (!has_street_before(words, anchor) && !is_name(&words[anchor + 1])) {
        while (!is_street(&words[anchor + ++small]))
            continue;
        run.last += small;
    }
    while (run.last + 1 < count && is_part(&words[run.last + 1]) &&
           go_together(&words[run.last], &words[run.last + 1]))
        run.last++;
    /* Written without capitals: what follows a comma is the place. */
    while (small > 0 && run.last + 1 < count && run.last - anchor < 8 && !words[run.last + 1].taken &&
           go_together(&words[run.last], &words[run.last + 1]) && !listed(&no_names, &words[run.last + 1]) &&
           !listed(&announcing, &words[run.last + 1]))
        run.last++;
    /* A small word at an end is of the sentence around. */
    while (run.first < anchor && !is_capital(&words[run.first]) && words[run.first].digits == 0 &&
           !is_street(&words[run.first]) && !listed(&parts_of_house, &words[run.first]))
        run.first++;
    while (small == 0 && run.last > anchor && listed(&joints, &words[run.last]) &&
           !is_capital(&words[run.last]) && !is_street(&words[run.last]) && words[run.last].digits == 0)
        run.last--;
    return run;
}

/* Does a word of the list stand among the words before, not farther back than `floor`, and in the same
 * sentence if asked? */
static bool before_says(const struct word *words, size_t first, size_t back, size_t floor, bool same_sentence,
                        const struct word_list *list)
{
    for (size_t k = 1; k <= back && k + floor <= first; k++) {
        const struct word *word = &words[first - k];

        if (same_sentence && word->ends_sentence && k > 1)
            return false;
        if (listed(list, word))
            return true;
    }
    return false;
}

/* "... is my old address" */
static bool is_taken_back(const struct word *words, size_t count, size_t last)
{
    if (last + 1 >= count || words[last].ends_sentence || !listed(WORDS(" is was where "), &words[last + 1]))
        return false;
    for (size_t i = last + 1; i < last + CLOSE && i + 1 < count && !words[i].ends_sentence; i++) {
        if (listed(WORDS(" old wrong previous lived "), &words[i + 1]))
            return true;
    }
    return false;
}

/* `floor`: behind the address before it, whose words say nothing of this one: "from 12 Elm Road to 44 Oak
 * Street" */
static bool is_announced(const struct word *words, size_t count, struct run run, size_t floor)
{
    return before_says(words, run.first, BACK, 0, false, &announcing) &&
           !before_says(words, run.first, CLOSE, floor, true, &taking_back) &&
           !before_says(words, run.first, CLOSE, floor, false, &closing) &&
           !is_taken_back(words, count, run.last);
}

/* "Is my address correct? I live at ..." */
static bool is_only_checked(const struct word *words, size_t count)
{
    for (size_t i = 0; i + 3 < count; i++) {
        if (listed(WORDS(" is was did "), &words[i]) && listed(WORDS(" my the i "), &words[i + 1])) {
            for (size_t k = i + 2; k < i + 8 && k < count && !words[k - 1].ends_sentence; k++) {
                if (listed(WORDS(" correct right correctly "), &words[k]))
                    return true;
            }
        }
    }
    return false;
}

/* A street and a number and no place behind them, where the text says that something was wrong. */
static bool is_correction(const struct word *words, size_t count, struct run run)
{
    bool wrong = false;

    for (size_t i = 0; i < count; i++)
        wrong |= (i < run.first || i > run.last) && listed(&correcting, &words[i]);
    return wrong && run.last - run.first < 5 &&
           !memchr(words[run.first].s, ',', (size_t)(words[run.last].s - words[run.first].s));
}

/* "2 Lamps" is none. */
static bool is_whole(const struct word *words, struct run run)
{
    size_t count = run.last - run.first + 1;

    return count <= ADDRESS_WORDS &&
           (count > 2 || is_street(&words[run.first]) || is_street(&words[run.last]));
}

/* In one line: a line's end becomes a comma. */
static const char *one_line(const struct word *first, const struct word *last, struct arena *arena)
{
    const char *s = first->s, *end = last->s + last->len;
    char *line = arena_alloc(arena, (size_t)(end - s) * 2 + 1), *out = line;

    for (; s < end; s++) {
        bool space = *s == ' ' || *s == '\t' || *s == '\r' || *s == '\n';

        if (*s == '\n' && out > line && out[-1] != ',' &&
            !(out[-1] == ' ' && out > line + 1 && out[-2] == ',')) {
            out -= out[-1] == ' ';
            *out++ = ',';
        }
        if (!space)
            *out++ = *s;
        else if (out > line && out[-1] != ' ')
            *out++ = ' ';
    }
    *out = '\0';
    return line;
}

const char *address_find(const struct word *words, size_t count, struct arena *arena, bool *ret_partial)
{
    struct run found[2] = {{0}}; /* announced, and sent to */
    int times[2] = {0};
    size_t floor = 0;

    *ret_partial = false;
    for (size_t i = 0; i < count; i++) {
        struct run run;

        if (!is_anchor(words, count, i))
            continue;
        run = run_of(words, count, i);
        if (is_whole(words, run) && is_announced(words, count, run, floor)) {
            bool sent = before_says(words, run.first, CLOSE, floor, true, &sending);

            found[sent] = run;
            times[sent]++;
        }
        i = run.last;
        floor = run.last + 1;
    }
    if (times[1] > 1 || (times[1] == 0 && times[0] != 1) || is_only_checked(words, count))
        return NULL;
    found[0] = times[1] == 1 ? found[1] : found[0];
    *ret_partial = is_correction(words, count, found[0]);
    return one_line(&words[found[0].first], &words[found[0].last], arena);
}
