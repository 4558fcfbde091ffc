/* Order numbers: what a sign or a word names, else a number alone that is nothing else. */
#include "scan.h"

#include <ctype.h>

void entities_add_order(struct entities *entities, const char *number, bool bare)
{
    int i = 0;
    while (i < entities->order_number_count && strcmp(entities->order_numbers[i], number) != 0)
        i++;
    if (i == UNDERSTAND_NUMBERS)
        return;
    if (i == entities->order_number_count)
        entities->order_number_bare[entities->order_number_count++] = true;
    entities->order_numbers[i] = number;
    entities->order_number_bare[i] &= bare;
}

/* Scripts without spaces, and German, glue other words to the order's: "meineBestellung",
 * "\u8ba2\u5355\u53f7" */
static bool holds_order(const struct word *word)
{
    static const char *const glued[] = {"\u8ba2\u5355",
                                        "\u8a02\u55ae",
                                        "\u6ce8\u6587",
                                        "\uc8fc\ubb38",
                                        "\u0627\u0644\u0637\u0644\u0628",
                                        "bestell",
                                        "\u0437\u0430\u043a\u0430\u0437"};
    for (size_t i = 0; i < sizeof(glued) / sizeof(*glued); i++) {
        if (strstr(word->lower, glued[i]) != NULL)
            return true;
    }
    return false;
}

static bool sentence_ends(const struct word *word)
{
    return word->ends_sentence && !word_on(word, ON_ABBREVIATION);
}

/* Right behind an order's word, fillers between: "order no. 1001", "Order: AB-1234" */
static bool names_order(const struct scan *scan, size_t at)
{
    for (size_t i = at; i > 0 && i + 4 > at; i--) {
        const struct word *word = &scan->words[i - 1];
        if (sentence_ends(word))
            return false;
        if (word_on(word, ON_ORDER) || holds_order(word))
            return true;
        if (!word_on(word, ON_FILLER))
            return false;
    }
    return false;
}

/* Right behind a word of the lists, fillers and the words of `between` apart: "ticket no. 4471", "my zip code
 * is 90210" */
static bool names_other(const struct scan *scan, size_t at, uint32_t lists, uint32_t between)
{
    for (size_t i = at; i > 0 && i + 4 > at; i--) {
        const struct word *word = &scan->words[i - 1];
        if (sentence_ends(word))
            return false;
        if (word_on(word, lists))
            return true;
        if (!word_on(word, ON_FILLER | between))
            return false;
    }
    return false;
}

/* Is there something between two words, and nothing but such bytes? */
static bool joined_by(const struct word *word, const struct word *next, const char *bytes)
{
    const char *end = word->s + word->len;
    for (const char *s = end; s < next->s; s++) {
        if (strchr(bytes, *s) == NULL)
            return false;
    }
    return next->s > end;
}

/* "orders 1001, 1002 and 1003": the word where such a list begins. */
static size_t list_start(const struct scan *scan, size_t i)
{
    for (int more = 0; more < UNDERSTAND_NUMBERS && i > 1; more++) {
        const struct word *before = &scan->words[i - 1];
        bool and = word_on(before, ON_AND) && !before->ends_sentence;
        const struct word *number = and? &scan->words[i - 2] : before;
        bool listed = and? joined_by(number, before, " ,") : joined_by(number, &scan->words[i], " ,&+");
        /* groups of one number stand a mere space apart */
        if (!listed || !all_digits(number) ||
            (!and&&number->s + number->len + 1 == scan->words[i].s && number->s[number->len] == ' '))
            break;
        i -= and? 2 : 1;
    }
    return i;
}

/* Digits in groups joined by dashes: 112-1234567-1234567 (Amazon), 12-34567-89012 (eBay) */
static bool is_market_number(const struct word *word)
{
    static const char *const groups[] = {"3-7-7", "2-5-5"};
    char shape[WORD_LEN + 1];
    int len = 0, run = 0;
    for (uint32_t i = 0; i <= word->len && len < WORD_LEN - 4; i++) {
        char c = i < word->len ? word->s[i] : '\0';
        if (is_digit(c)) {
            run++;
        } else if (c != '-' && c != '\0') {
            return false;
        } else if (run > 9) {
            return false;
        } else {
            shape[len++] = (char)('0' + run);
            shape[len++] = c;
            run = 0;
        }
    }
    for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
        if (len == (int)strlen(groups[i]) + 1 && memcmp(shape, groups[i], (size_t)len) == 0)
            return true;
    }
    return false;
}

#define PHONE_DIGITS_MAX 15 /* ITU-T E.164 */

/* Phone numbers: a + before, or digits in groups apart. */
static size_t phone_words(const struct scan *scan, size_t i)
{
    size_t count = 0, digits = 0;
    /* No phone has more digits: a page of numbers is not read anew for each of them. */
    while (i + count < scan->count && digits <= PHONE_DIGITS_MAX) {
        const struct word *word = &scan->words[i + count];
        if (word->taken || word->digits == 0 ||
            word->digits < word->len - (memchr(word->s, '-', word->len) != NULL ? 4u : 0u))
            break;
        const char *end = word->s + word->len;
        digits += word->digits;
        count++;
        /* The next group is a space or a bracket away. */
        if (i + count >= scan->count || word->ends_sentence || scan->words[i + count].s - end > 2 ||
            memchr(end, ',', (size_t)(scan->words[i + count].s - end)) != NULL ||
            memchr(end, '#', (size_t)(scan->words[i + count].s - end)) != NULL)
            break;
    }
    bool plus = sign_before(scan, &scan->words[i]) == '+';
    return digits >= 8 && digits <= PHONE_DIGITS_MAX && (plus || count >= 3) ? count : 0;
}

/* "#", perhaps with a space behind it, or the wide one of Chinese and Japanese. */
static bool has_hash(const struct scan *scan, const struct word *word)
{
    static const char wide[] = "\uff03";
    const char *s = word->s;
    if (s > scan->text && s[-1] == ' ')
        s--;
    return (s > scan->text && s[-1] == '#') || (s - scan->text >= 3 && memcmp(s - 3, wide, 3) == 0);
}

static bool is_capital(const struct word *word)
{
    return word->len > 1 && isupper((unsigned char)word->s[0]) && !isupper((unsigned char)word->s[1]);
}

/* "1200 Peachtree St", "1200 N. Main Street": a street's name of one word, or two in capitals, behind a
 * number */
static bool names_house(const struct scan *scan, size_t i)
{
    const struct word *number = &scan->words[i], *last = number;
    for (size_t k = 1; k <= 3 && i + k < scan->count; k++) {
        const struct word *word = &scan->words[i + k];
        bool goes_on =
            joined_by(last, word, last == number ? " " : " .") && (!last->ends_sentence || last->len == 1);
        if (!goes_on || word->digits == word->len)
            return false;
        if (k > 1 && word_on(word, ON_STREET))
            return true;
        if (word_on(word, ON_NO_NAME | ON_FILLER) && !(word->len == 1 && isupper((unsigned char)word->s[0])))
            return false;
        if (k > 1 && !((is_capital(word) || word->len == 1) && (is_capital(last) || last->len == 1)))
            return false;
        last = word;
    }
    return false;
}

/* "Hauptstr. 1200", "Springfield IL 62704" */
static bool is_in_address(const struct scan *scan, size_t i)
{
    static const char *const streets[] = {"str", "strasse", "stra\u00dfe", "gasse", "platz"};
    const struct word *number = &scan->words[i],
                      *before = i > 0 ? &scan->words[i - 1] : word_at(scan, scan->count);
    for (size_t k = 0; k < sizeof(streets) / sizeof(*streets); k++) {
        size_t len = strlen(streets[k]);
        if (before->lower_len > len && strcmp(before->lower + before->lower_len - len, streets[k]) == 0 &&
            joined_by(before, number, " ."))
            return true;
    }
    return number->len == 5 && i > 1 && before->len == 2 && isupper((unsigned char)before->s[0]) &&
           isupper((unsigned char)before->s[1]) && is_capital(&scan->words[i - 2]) &&
           joined_by(&scan->words[i - 2], before, " ,") && joined_by(before, number, " ");
}

/* Could a number that nothing marks be an order's? */
static bool is_bare_number(const struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i], *behind = word_at(scan, i + 1);
    if (!all_digits(word) || word->len < 4 || word->len > 20)
        return false;
    bool year = word->len == 4 && (strncmp(word->s, "19", 2) == 0 || strncmp(word->s, "20", 2) == 0);
    bool phone = word->len >= 9 && word->s[0] == '0';
    bool percent = word->s + word->len < scan->text + scan->len && word->s[word->len] == '%';
    bool unit = !word->ends_sentence && word_on(behind, ON_NOT_ORDER_BEHIND);
    return !year && !phone && !percent && !unit && !names_house(scan, i) && !is_in_address(scan, i) &&
           !names_other(scan, i, ON_NOT_ORDER_BEFORE | ON_ELSE_BEFORE, ON_BETWEEN);
}

/* Letters, digits and the signs that a number holds inside. */
static bool has_number_form(const struct word *word)
{
    if (word->digits < 1 || word->len > WORD_LEN)
        return false;
    for (uint32_t k = 0; k < word->len; k++) {
        if (!isalnum((unsigned char)word->s[k]) && strchr("-_/", word->s[k]) == NULL)
            return false;
    }
    return true;
}

/* The letters before a number in the same word that name it: "order-" of "order-1002", "nr" of "order nr1002"
 */
static uint32_t glued_name(const struct scan *scan, const struct word *word, bool named)
{
    uint32_t letters = 0, len;
    while (letters < word->len && isalpha((unsigned char)word->s[letters]))
        letters++;
    len = letters + (letters < word->len && strchr("-_/", word->s[letters]) != NULL);
    if (letters == 0 || word->len > WORD_LEN || len + 2 > word->len || !is_digit(word->s[len]))
        return 0;
    struct word name = {.s = word->s, .len = letters, .lower_len = (uint8_t)letters};
    memcpy(name.lower, word->lower, letters);
    word_look_up(scan->vocabulary, &name);
    return word_on(&name, ON_ORDER) || (named && word_on(&name, ON_FILLER)) ? len : 0;
}

/* "1 0 0 2": the words of a number that is spelled, or 0 */
static size_t spelled_words(const struct scan *scan, size_t i)
{
    size_t count = 0;
    while (count < 20 && i + count < scan->count) {
        const struct word *word = &scan->words[i + count];
        if (word->len != 1 || word->digits != 1 || word->taken ||
            (count > 0 && (word->s - word[-1].s != 2 || word->s[-1] != ' ')))
            break;
        count++;
    }
    bool inside = i > 0 && scan->words[i - 1].digits == 1 && scan->words[i - 1].len == 1 &&
                  scan->words[i].s - scan->words[i - 1].s == 2;
    return count >= 3 && !inside ? count : 0;
}

enum surety { SURELY_NONE, BARE, NAMED, MARKED };

/* What a word says of an order's number; `number` is the likeliest reading, `other` the next, or NULL. */
struct order_reading {
    enum surety surety;
    const char *number, *other;
};

static struct order_reading read_spelled(const struct scan *scan, size_t i, size_t words)
{
    char digits[WORD_LEN + 1];
    join_words(scan, i, words, digits);
    enum surety surety = has_hash(scan, &scan->words[i]) ? MARKED
                         : names_order(scan, i)          ? NAMED
                         : words >= 4 && !names_other(scan, i, ON_NOT_ORDER_BEFORE | ON_ELSE_BEFORE, 0)
                             ? BARE
                             : SURELY_NONE;
    return (struct order_reading){.surety = surety, .number = arena_strdup(scan->arena, digits)};
}

static struct order_reading read_order(const struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i];
    size_t spelled = word->len == 1 ? spelled_words(scan, i) : 0;
    if (spelled > 0)
        return read_spelled(scan, i, spelled);
    if (word->taken || !has_number_form(word))
        return (struct order_reading){.surety = SURELY_NONE};
    bool named = names_order(scan, all_digits(word) ? list_start(scan, i) : i);
    uint32_t name = glued_name(scan, word, named);
    bool unit = !word->ends_sentence && word_on(word_at(scan, i + 1), ON_NOT_ORDER_BEHIND);
    struct order_reading reading = {.surety = SURELY_NONE};
    if (is_market_number(word))
        reading.surety = MARKED;
    else if (has_hash(scan, word) && word->digits >= 2 &&
             (named || !names_other(scan, i, ON_NOT_ORDER_BEFORE, 0)))
        reading.surety = MARKED;
    else if ((named || name > 0) && word->digits >= 2 && word->len >= 3 && !unit)
        reading.surety = NAMED;
    else if (is_bare_number(scan, i))
        reading.surety = BARE;
    if (reading.surety == SURELY_NONE)
        return reading;
    reading.number = arena_strndup(scan->arena, word->s, word->len);
    if (name > 0) {
        /* A shop's numbers may begin with "ORD-", hardly with "Bestellung-". */
        reading.other = name > 4 ? reading.number : reading.number + name;
        reading.number = name > 4 ? reading.number + name : reading.number;
    }
    return reading;
}

static const char *without_zeros(const char *number)
{
    const char *rest = number == NULL ? "" : number + strspn(number, "0");
    return is_digit(*rest) && rest > number ? rest : NULL;
}

/* The candidates of one surety: as written, or else as they may have been meant. */
static void add_orders(struct scan *scan, enum surety surety, bool as_written)
{
    for (size_t i = 0; i < scan->count && scan->found->order_number_count < UNDERSTAND_NUMBERS; i++) {
        struct order_reading reading = {.surety = SURELY_NONE};
        if (scan->words[i].digits > 0)
            reading = read_order(scan, i);
        if (reading.surety != surety)
            continue;
        const char *meant[] = {reading.other, without_zeros(reading.number), without_zeros(reading.other)};
        if (as_written)
            entities_add_order(scan->found, reading.number, surety == BARE);
        for (size_t k = 0; !as_written && k < sizeof(meant) / sizeof(*meant); k++) {
            if (meant[k] != NULL)
                entities_add_order(scan->found, meant[k], surety == BARE);
        }
    }
}

void find_orders(struct scan *scan)
{
    static const struct {
        enum surety surety;
        bool as_written;
    } steps[] = {{MARKED, true}, {NAMED, true}, {MARKED, false}, {NAMED, false}, {BARE, true}, {BARE, false}};
    for (size_t i = 0; i < scan->count; i++) {
        /* "#" and an order's word before win over the look of a phone number. */
        bool number = !scan->words[i].taken && scan->words[i].digits > 0;
        take(scan, i, number && read_order(scan, i).surety < NAMED ? phone_words(scan, i) : 0);
    }
    for (size_t k = 0; k < sizeof(steps) / sizeof(*steps); k++)
        add_orders(scan, steps[k].surety, steps[k].as_written);
}
