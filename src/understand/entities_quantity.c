/* How many the writer asks for, in single pieces or pairs: "30 pairs", "3 dozen", "20 packs of 12". */
#include "scan.h"

#define COUNT_MAX INT64_C(1000000)

static const struct word_list packs WORD_LIST = {
    " pack packs box boxes carton cartons pallet pallets case cases bundle bundles lot "
    "lots packet packets "};

/* "1,000", "1.000" and "1000" are a thousand; -1: no whole number. */
static int64_t whole_number(const struct word *word)
{
    int64_t value = 0;
    uint32_t group = 0;
    bool grouped = false;

    if (all_digits(word) || word->len > 9)
        return number_of(word);
    for (uint32_t i = 0; i < word->len; i++) {
        char c = word->s[i];

        if (is_digit(c)) {
            value = value * 10 + (c - '0');
            group++;
        } else if ((c == ',' || c == '.') && (grouped ? group == 3 : group > 0 && group <= 3)) {
            grouped = true;
            group = 0;
        } else {
            return -1;
        }
    }
    return grouped && group == 3 ? value : -1;
}

static bool is_dozen(const struct word *word)
{
    return word_listed(word, WORDS(" dozen dozens doz dz "));
}

static bool is_unit(const struct word *word)
{
    return (word_on(word, ON_UNIT) || is_dozen(word) || word_listed(word, &packs)) && !word_is(word, "x");
}

/* How many single ones "of" a unit holds: "packs of 12", "pairs per box" is unknown. */
static int64_t pack_size(const struct scan *scan, size_t unit, size_t *used)
{
    int64_t size;

    if (word_at(scan, unit)->ends_sentence || !word_is(word_at(scan, unit + 1), "of"))
        return -1;
    size = whole_number(word_at(scan, unit + 2));
    *used += size > 0 && size < 1000 ? 2 : 0;
    return size > 0 && size < 1000 ? size : -1;
}

/* `count` of the unit at a word. */
static size_t set_units(struct scan *scan, size_t unit, int64_t count)
{
    const struct word *word = word_at(scan, unit);
    size_t used = 1;
    int64_t size = 1;

    if (is_dozen(word)) {
        size = 12;
        used += !word->ends_sentence && is_unit(word_at(scan, unit + 1)); /* "3 dozen pairs" */
    } else if (word_listed(word, &packs)) {
        size = pack_size(scan, unit, &used);
        if (size < 0)
            scan->found->packs = count;
    }
    size = size < 0 ? 1 : size;
    scan->found->quantity = count <= COUNT_MAX ? count * size : -1;
    return used;
}

/* "10 kettles", "50 travel mugs": a count of things, and not of time, money or measures. */
static bool counts_things(const struct scan *scan, size_t i)
{
    static const struct word_list others WORD_LIST = {
        " minutes mins seconds secs years yrs times stars persons dollars bucks "
        "euros pounds cents inches feet yards "
        "meters metres miles kilos grams ounces lbs watts volts amps sizes colors "
        "colours photos pictures reviews "
        "emails mails messages orders parcels packages questions percent kids "
        "nights business working as is was this "
        "has its pieces address "};

    for (size_t k = i + 1; k <= i + 3 && !scan->words[k - 1].ends_sentence; k++) {
        const struct word *word = word_at(scan, k);

        if (word->lower_len < 3 || word->digits > 0 || word->taken || word_listed(word, &others) ||
            word_on(word,
                    ON_SPAN | ON_CURRENCY | ON_NOT_ORDER_BEHIND | ON_MONTH | ON_KIND_OF_DAY | ON_FILLER) ||
            word_listed(word, WORDS(" and but for the you "))) /* two letters: too short above */
            return false;
        if (word->lower[word->lower_len - 1] == 's' && word->lower[word->lower_len - 2] != 's')
            return true;
    }
    return false;
}

/* "I want to buy 50", "if I order 30", "a quote for 100", "50 of them" */
static bool is_asked_count(const struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i], *next = word_at(scan, i + 1);
    const struct word *before = i > 0 ? &scan->words[i - 1] : word_at(scan, scan->count);
    const struct word *back = i > 1 ? &scan->words[i - 2] : word_at(scan, scan->count);

    if ((!all_digits(word) && !(word_on(word, ON_COUNT) && word->value > 1)) || word->len > 5 ||
        sign_before(scan, word) == '#' || sign_before(scan, word) == '$' ||
        (!word->ends_sentence &&
         word_on(next, ON_SPAN | ON_CURRENCY | ON_NOT_ORDER_BEHIND | ON_MONTH | ON_KIND_OF_DAY)) ||
        (word->s + word->len < scan->text + scan->len && strchr("%$", word->s[word->len]) != NULL))
        return false;
    if (!word->ends_sentence && word_is(next, "of") &&
        word_listed(word_at(scan, i + 2), WORDS(" these them those this your the it ")) && word->len < 5)
        return !word_is(word_at(scan, i + 2), "the") || !word_on(word_at(scan, i + 3), ON_MONTH);
    if (before->ends_sentence)
        return false;
    if (word_listed(before, WORDS(" buy buying purchase purchasing ")))
        return word->len < 5;
    if (word_listed(before, WORDS(" order ordering ")))
        return word->len < 4 &&
               (word_is(before, "ordering") || word_listed(back, WORDS(" i we to ill could would can id ")));
    if (word_listed(before, WORDS(" take taking ")) && word_listed(back, WORDS(" i we ")) && i > 2 &&
        word_is(&scan->words[i - 3], "if"))
        return word->len < 5;
    if (word_listed(before, WORDS(" would do are ")) && word_listed(back, WORDS(" much what ")))
        return word->len < 6 && counts_things(scan, i);
    if (word_listed(before, WORDS(" need needs want take get cost for ")))
        return word->len < 6 && (counts_things(scan, i) ||
                                 (word_is(before, "for") && word->len < 5 &&
                                  word_listed(back, WORDS(" price prices quote quotation discount cost "))));
    return false;
}

/* One reading of the words at i: how many they take, or 0. */
static size_t read_quantity(struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i], *next = word_at(scan, i + 1);
    int64_t count = word_on(word, ON_COUNT) ? word->value : whole_number(word);
    size_t digits = strspn(word->lower, "0123456789");

    if (word_is(word, "half") && word_is(next, "a") && is_dozen(word_at(scan, i + 2))) {
        scan->found->quantity = 6;
        return 3;
    }
    if (word_listed(word, WORDS(" a an ")))
        count = !word->ends_sentence && is_dozen(next) ? 1 : -1;
    if (word_on(word, ON_COUNT) && word->value > 1 && !word->ends_sentence && word_is(next, "of") &&
        word_listed(word_at(scan, i + 2), WORDS(" these them those "))) { /* "ten of these" */
        scan->found->quantity = word->value;
        return 1;
    }
    /* "in one box" is how it is packed. */
    if (i > 0 && word_listed(&scan->words[i - 1], WORDS(" in into ")) && word_listed(next, &packs))
        return 0;
    if (word_listed(next, WORDS(" hundred thousand ")) && !word->ends_sentence && word_on(word, ON_COUNT) &&
        is_unit(word_at(scan, i + 2))) {
        count = word->value * (word_is(next, "hundred") ? 100 : 1000);
        return 2 + set_units(scan, i + 2, count);
    }
    if (count > 0 && !word->ends_sentence && is_unit(next))
        return 1 + set_units(scan, i + 1, count);
    if (digits > 0 && digits < 7 && word->lower[digits] != '\0' &&
        word->lower_len == word->len) { /* "30pcs", "3x" */
        struct word unit = word_rest(scan, word, digits);

        if (word_on(&unit, ON_UNIT) || is_dozen(&unit)) {
            scan->found->quantity = atoll(word->lower) * (is_dozen(&unit) ? 12 : 1);
            scan->found->packs = word_listed(&unit, &packs) ? scan->found->quantity : -1;
            return 1;
        }
    } else if (word->lower[0] == 'x' && word->lower_len > 1 && word->lower_len < 6 &&
               strspn(word->lower + 1, "0123456789") == word->lower_len - 1u) {
        scan->found->quantity = atoll(word->lower + 1);
        return 1;
    } else if (word_on(word, ON_QUANTITY) && !word->ends_sentence) {
        bool is = word_on(next, ON_FILLER);
        int64_t named = whole_number(word_at(scan, i + 1 + is));

        if (named > 0) {
            scan->found->quantity = named;
            return 2 + (size_t)is;
        }
    }
    return 0;
}

void find_quantity(struct scan *scan)
{
    for (size_t i = 0; i < scan->count && scan->found->quantity < 0; i++) {
        if (!scan->words[i].taken)
            take(scan, i, read_quantity(scan, i));
    }
    for (size_t i = 0; i < scan->count && scan->found->quantity < 0; i++) {
        const struct word *word = &scan->words[i];
        bool counts = word->digits > 0 || word_on(word, ON_COUNT);

        if (!word->taken && counts && is_asked_count(scan, i)) {
            scan->found->quantity = word_on(word, ON_COUNT) ? word->value : whole_number(word);
            take(scan, i, 1);
        }
    }
}
