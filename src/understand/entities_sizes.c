/* Sizes that a text names: of shoes and clothes, in numbers with a system or letters. */
#include "scan.h"

#include <ctype.h>
#include <math.h>

static enum size_system system_at(const struct scan *scan, size_t i, size_t *ret_used)
{
    static const char *const names[] = {"", "EU", "US", "UK", "CN"};
    const char *name = i < scan->count ? phrase_at(scan, i, PHRASE_SIZE_SYSTEM, ret_used) : NULL;

    for (int k = SIZE_EU; name != NULL && k <= SIZE_CN; k++) {
        if (strcmp(names[k], name) == 0)
            return k;
    }
    return SIZE_ANY;
}

static enum size_sex sex_of(const struct word *word)
{
    if (word_listed(word, WORDS(" women womens woman ladies lady female wmns girls w ")))
        return SEX_WOMEN;
    if (word_listed(word, WORDS(" men mens man gents male m boys ")))
        return SEX_MEN;
    if (word_listed(word, WORDS(" kids kid children childrens child toddler baby infant youth ")))
        return SEX_CHILDREN;
    return SEX_UNKNOWN;
}

/* Is it what he gives for another? "Swap the M for L" */
static bool is_given(const struct scan *scan, size_t i)
{
    if (i == 0 || scan->words[i].ends_sentence ||
        !word_listed(&scan->words[i - 1], WORDS(" the my from size ")) ||
        !word_listed(word_at(scan, i + 1), WORDS(" for to ")))
        return false;
    for (size_t k = i; k > 0 && i - k < 5 && !scan->words[k - 1].ends_sentence; k--) {
        if (word_listed(&scan->words[k - 1], WORDS(" swap exchange change replace trade switch ")))
            return true;
    }
    return false;
}

/* Is the size his own? "I usually wear", "my size is" */
static bool is_worn(const struct scan *scan, size_t i)
{
    if (is_given(scan, i))
        return true;
    for (size_t k = i; k > 0 && i - k < 7 && !scan->words[k - 1].ends_sentence; k--) {
        const struct word *word = &scan->words[k - 1];

        if (word_listed(word, WORDS(" wear wears wearing wore usually normally im am typically always ")))
            return true;
        if (word_is(word, "my") && word_listed(&scan->words[k], WORDS(" size shoe usual normal own ")))
            return true;
    }
    return false;
}

static void add_size(struct scan *scan, size_t i, enum size_system system, enum size_sex sex,
                     const char *size)
{
    static const char *const names[] = {"", "EU ", "US ", "UK ", "CN "};
    struct entities *found = scan->found;
    struct size_said said = {.system = system, .sex = sex, .wears = is_worn(scan, i), .size = size};

    said.text = arena_printf(scan->arena, "%s%s", names[system], size);
    for (int k = 0; k < found->size_count; k++) {
        if (strcmp(found->sizes[k].text, said.text) == 0) {
            found->sizes[k].wears &= said.wears;
            return;
        }
    }
    if (found->size_count < UNDERSTAND_SIZES)
        found->sizes[found->size_count++] = said;
}

/* A number that can be a size: whole or half, 0 to 62 or of millimetres. */
static bool size_number(const struct scan *scan, size_t i, size_t *ret_used, const char **ret_size)
{
    const struct word *word = word_at(scan, i), *next;
    double value;
    size_t len = word->taken || word->len > 6 ? 0 : read_decimal(word->s, word->len, &value);
    enum unit unit;

    *ret_used = 1;
    if (len == 0)
        return false;
    if (len < word->len) {
        struct word rest = {.len = word->len - (uint32_t)len};
        memcpy(rest.lower, word->s + len, rest.len);
        if (fraction_of(&rest) == 0)
            return false;
        value += fraction_of(&rest);
    } else if (!word->ends_sentence && fraction_of(word_at(scan, i + 1)) == 0.5) {
        value += 0.5;
        *ret_used = 2;
    }
    if (value * 2 != floor(value * 2) || (value > 62 && (value < 100 || value > 320)))
        return false;
    next = word_at(scan, i + *ret_used);
    unit = word->ends_sentence ? UNIT_NONE : unit_of(next->lower);
    if ((unit != UNIT_NONE && !(unit == UNIT_INCH && next->lower_len == 2) && !word_on(next, ON_PHRASE)) ||
        sign_of(scan, word->s + word->len) != UNIT_NONE ||
        (unit == UNIT_CM || unit == UNIT_KG || unit == UNIT_FEET) || byte_behind(scan, word) == '%' ||
        sign_before(scan, word) == '#' || sign_before(scan, word) == '$')
        return false;
    *ret_size = value == floor(value) ? arena_printf(scan->arena, "%d", (int)value)
                                      : arena_printf(scan->arena, "%.1f", value);
    return true;
}

static bool has_money_near(const struct scan *scan, size_t i)
{
    for (size_t k = i; k > 0 && i - k < 5 && !scan->words[k - 1].ends_sentence; k--) {
        if (word_on(&scan->words[k - 1], ON_MONEY | ON_CURRENCY) ||
            word_listed(&scan->words[k - 1], WORDS(" paid price cost costs charged total for only do ")))
            return true;
    }
    return false;
}

/* "EU 42", "US women's 8", "UK size 8.5", "EU: 42" */
static size_t system_before(struct scan *scan, size_t i)
{
    size_t used, number_used, at;
    enum size_system system = system_at(scan, i, &used);
    enum size_sex sex = SEX_UNKNOWN;
    const char *size;
    bool euro = word_listed(&scan->words[i], WORDS(" euro eur "));

    if (system == SIZE_ANY)
        return 0;
    if (scan->words[i].s + scan->words[i].len < scan->text + scan->len &&
        scan->words[i].s[scan->words[i].len] == '$')
        return 0;
    if (word_is(&scan->words[i], "us") && scan->words[i].s[0] == 'u' && word_at(scan, i + 1)->digits == 0)
        return 0;
    at = i + used;
    if (scan->words[at - 1].ends_sentence)
        return 0;
    for (int k = 0; k < 3 && at < scan->count && scan->words[at].digits == 0; k++, at++) {
        enum size_sex named = sex_of(&scan->words[at]);
        if (named != SEX_UNKNOWN)
            sex = named;
        else if (!word_listed(&scan->words[at], WORDS(" size sizes shoe shoes s is number no ")))
            return 0;
    }
    if (i > 0 && sex == SEX_UNKNOWN)
        sex = sex_of(&scan->words[i - 1]);
    if (!size_number(scan, at, &number_used, &size) ||
        (euro && at == i + used && !speaks_of_shoes(scan) && has_money_near(scan, i)))
        return 0;
    if (at + number_used < scan->count && !scan->words[at + number_used - 1].ends_sentence &&
        word_on(&scan->words[at + number_used], ON_UNIT | ON_SPAN | ON_CURRENCY) &&
        system_at(scan, at + number_used, &used) == SIZE_ANY)
        return 0;
    if (sex == SEX_UNKNOWN && at + number_used < scan->count &&
        !scan->words[at + number_used - 1].ends_sentence)
        sex = sex_of(&scan->words[at + number_used]);
    add_size(scan, i, system, sex, size);
    take(scan, i, at + number_used - i);
    return at + number_used - i;
}

/* "9 US", "42 EU": where it is no amount. */
static size_t system_behind(struct scan *scan, size_t i)
{
    size_t used, number_used;
    const char *size;
    enum size_system system;
    enum size_sex sex;
    const struct word *word;

    if (!size_number(scan, i, &number_used, &size) || scan->words[i + number_used - 1].ends_sentence)
        return 0;
    system = system_at(scan, i + number_used, &used);
    if (system == SIZE_ANY)
        return 0;
    word = &scan->words[i + number_used];
    if (word_listed(word, WORDS(" us ")) && !isupper((unsigned char)word->s[0]) && !speaks_of_shoes(scan))
        return 0;
    if (word_listed(word, WORDS(" eu eur euro ")) &&
        (has_money_near(scan, i) ||
         (!speaks_of_shoes(scan) && !is_worn(scan, i) && !(i > 0 && word_is(&scan->words[i - 1], "size")))))
        return 0;
    if (i > 0 && word_on(&scan->words[i - 1], ON_ORDER | ON_TRACKING))
        return 0;
    sex = sex_of(word_at(scan, i + number_used + used));
    add_size(scan, i, system, sex, size);
    take(scan, i, number_used + used);
    return number_used + used;
}

/* "38/39", "38-39" */
static bool add_two(struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i];
    double first, second;
    size_t len = word->len > 9 ? 0 : read_decimal(word->s, word->len, &first), more;

    if (len == 0 || len + 1 >= word->len || (word->s[len] != '/' && word->s[len] != '-'))
        return false;
    more = read_decimal(word->s + len + 1, word->len - len - 1, &second);
    if (more == 0 || len + 1 + more != word->len || first > 62 || second <= first || second > first + 2)
        return false;
    add_size(scan, i, SIZE_ANY, SEX_UNKNOWN, arena_printf(scan->arena, "%g", first));
    add_size(scan, i, SIZE_ANY, SEX_UNKNOWN, arena_printf(scan->arena, "%g", second));
    take(scan, i, 1);
    return true;
}

/* "EU42", "UK8.5" */
static size_t system_glued(struct scan *scan, size_t i)
{
    static const char *const systems[] = {"", "eu", "us", "uk", "cn"};
    const struct word *word = &scan->words[i];
    double value;

    for (int k = SIZE_EU; k <= SIZE_CN; k++) {
        if (word->len < 3 || word->len > 7 || strncmp(word->lower, systems[k], 2) != 0 ||
            read_decimal(word->s + 2, word->len - 2, &value) != word->len - 2 ||
            value * 2 != floor(value * 2) || (value > 62 && (k != SIZE_CN || value < 200 || value > 330)))
            continue;
        add_size(scan, i, k, sex_of(word_at(scan, i + 1)), arena_printf(scan->arena, "%g", value));
        take(scan, i, 1);
        return 1;
    }
    return 0;
}

/* "size 42", "size M", "I wear a 38", "in XL", "medium size" */
static size_t size_named(struct scan *scan, size_t i)
{
    static const struct word_list wearing WORD_LIST = {" wear wears wearing "};
    const struct word *word = &scan->words[i];
    size_t at = i + 1, used;
    const char *size;
    bool named;

    if (word->lower[0] != 's' && word->lower[0] != 'w') /* most words */
        return 0;
    named = word_listed(word, WORDS(" size sizes sized sz "));

    if ((!named && !word_listed(word, &wearing)) || word->ends_sentence)
        return 0;
    while (at < scan->count && at < i + 4 && !scan->words[at - 1].ends_sentence &&
           word_listed(&scan->words[at],
                       WORDS(" is of in a an the number no size usually normally shoe for eu: ")))
        at++;
    if (at >= scan->count || scan->words[at - 1].ends_sentence || scan->words[at].taken)
        return 0;
    size = phrase_at(scan, at, PHRASE_SIZE, &used);
    if (size == NULL && named && add_two(scan, at))
        return at + 1 - i;
    if (size == NULL && (named || is_worn(scan, at)) && size_number(scan, at, &used, &size)) {
        size_t behind;
        size_t in = word_is(word_at(scan, at + used), "in") && !scan->words[at + used].ends_sentence;
        enum size_system system = system_at(scan, at + used + in, &behind);
        if (system != SIZE_ANY && !scan->words[at + used - 1].ends_sentence) {
            used += in + behind;
            add_size(scan, at, system, sex_of(word_at(scan, at + used)), size);
            take(scan, at, used);
            return at + used - i;
        }
        if (at + used < scan->count && !scan->words[at + used - 1].ends_sentence &&
            word_on(&scan->words[at + used], ON_UNIT | ON_SPAN | ON_CURRENCY))
            return 0;
    }
    if (size == NULL)
        return 0;
    add_size(scan, at, SIZE_ANY, SEX_UNKNOWN, size);
    take(scan, at, used);
    /* "size M or L", "size 38/39" */
    while (at + used + 1 < scan->count && !scan->words[at + used - 1].ends_sentence &&
           word_listed(&scan->words[at + used], WORDS(" or and "))) {
        size_t next = at + used + 1, more;
        size = scan->words[next].taken ? NULL : phrase_at(scan, next, PHRASE_SIZE, &more);
        if (size == NULL && !size_number(scan, next, &more, &size))
            break;
        add_size(scan, next, SIZE_ANY, SEX_UNKNOWN, size);
        take(scan, next, more);
        at = next;
        used = more;
    }
    return at + used - i;
}

/* Is the stop behind a letter one of a name ("M. Weber")? That of a sentence has nothing behind it, or
 * follows "an L". */
static bool stops_name(const struct scan *scan, const struct word *word, const struct word *before)
{
    const char *end = scan->text + scan->len, *at = word->s + word->len + 1;

    if (at > end || at[-1] != '.')
        return false;
    while (at < end && isspace((unsigned char)*at))
        at++;
    return at < end && !(isspace((unsigned char)at[-1]) && word_listed(before, WORDS(" a an the ")));
}

/* Letters alone: "XL" anywhere; "M" in capitals behind "in", "a" or "or", or last in "swap it for M"; a word
 * only beside "size". */
static size_t letters_alone(struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i],
                      *before = i > 0 ? &scan->words[i - 1] : word_at(scan, scan->count);
    size_t used;
    const char *size = phrase_at(scan, i, PHRASE_SIZE, &used);
    bool behind_size;

    if (size == NULL || word->taken)
        return 0;
    behind_size = i + used < scan->count && !scan->words[i + used - 1].ends_sentence &&
                  word_is(&scan->words[i + used], "size");
    if (!behind_size && word->len > 4 && strcmp(size, "One size") != 0)
        return 0;
    if (!behind_size && (word->len == 1 || word_is(word, "med"))) {
        const char *end = word->s + word->len;
        bool apostrophe = word->s > scan->text && (word->s[-1] == '\'' || (unsigned char)word->s[-1] == 0x99);
        if (!isupper((unsigned char)word->s[0]) || apostrophe ||
            (end < scan->text + scan->len && (*end == '&' || *end == '\'')) ||
            stops_name(scan, word, before) ||
            !(word_listed(
                  before,
                  WORDS(" in a an or and the an between either take want need order wearing wear ")) ||
              (word_listed(before, WORDS(" for to ")) && (word->ends_sentence || i + used == scan->count))))
            return 0;
    }
    if (word->digits > 0 && sign_before(scan, word) == '#')
        return 0;
    add_size(scan, i, SIZE_ANY, SEX_UNKNOWN, size);
    take(scan, i, used);
    return used;
}

void find_sizes(struct scan *scan)
{
    for (size_t i = 0; i < scan->count;) {
        size_t used = 0;

        if (!scan->words[i].taken) {
            used = system_before(scan, i);
            used = used > 0 || scan->words[i].digits == 0 ? used : system_behind(scan, i);
            used = used > 0 || scan->words[i].digits == 0 ? used : system_glued(scan, i);
            used = used > 0 ? used : size_named(scan, i);
            used = used > 0 ? used : letters_alone(scan, i);
        }
        i += used > 0 ? used : 1;
    }
}
