/* Measures of the body and of clothes, in centimetres. */
#include "scan.h"

#include <ctype.h>
#include <math.h>

#define CM_PER_INCH 2.54
#define CM_PER_FOOT 30.48
#define KG_PER_POUND 0.45359237

/* Behind those of facts.json. */
enum { MEASURE_HEIGHT = MEASURE_COUNT, MEASURE_WEIGHT, MEASURE_OTHER, MEASURE_NONE };

struct number {
    double value;
    enum unit unit;
    size_t used; /* words */
};

/* --- numbers with units --- */

enum unit unit_of(const char *s)
{
    static const struct {
        enum unit unit;
        const char *words;
    } units[] = {
        {UNIT_CM, " cm cms centimeter centimeters centimetre centimetres "},
        {UNIT_MM, " mm millimeter millimeters millimetre millimetres "},
        {UNIT_M, " m meter meters metre metres mtr "},
        {UNIT_INCH, " in inch inches ins inchs \" "},
        {UNIT_FEET, " ft feet foot "},
        {UNIT_KG, " kg kgs kilo kilos kilogram kilograms "},
        {UNIT_POUND, " lb lbs pound pounds "},
        {UNIT_OTHER,
         " g gr ml l day days week weeks year years percent usd eur gbp dollars euro euros pairs pair pcs "
         "pieces hours v w watt "},
    };
    char key[24];
    size_t len = strlen(s);

    if (len == 0 || len > 20)
        return UNIT_NONE;
    key[0] = ' ';
    memcpy(key + 1, s, len);
    memcpy(key + 1 + len, " ", 2);
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        if (strstr(units[i].words, key) != NULL)
            return units[i].unit;
    }
    return UNIT_NONE;
}

/* The sign behind a number: ", \u2033, \u201d, '', ', \u2032, \u2019 */
enum unit sign_of(const struct scan *scan, const char *s)
{
    static const struct {
        enum unit unit;
        const char *sign;
    } signs[] = {{UNIT_INCH, "\""},     {UNIT_INCH, "\u2033"}, {UNIT_INCH, "\u201d"}, {UNIT_INCH, "''"},
                 {UNIT_FEET, "\u2032"}, {UNIT_FEET, "\u2019"}, {UNIT_FEET, "'"}};
    size_t left = (size_t)(scan->text + scan->len - s);

    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        size_t len = strlen(signs[i].sign);
        if (left >= len && memcmp(s, signs[i].sign, len) == 0)
            return signs[i].unit;
    }
    return UNIT_NONE;
}

/* Digits with at most one point or comma and two digits behind it: the bytes read, or 0. */
size_t read_decimal(const char *s, size_t len, double *ret_value)
{
    size_t i = 0, digits = 0, behind = 0;
    double value = 0, place = 1;
    bool point = false;

    for (; i < len; i++) {
        if (is_digit(s[i])) {
            if (++digits > 6 || (point && ++behind > 2))
                return 0;
            value = point ? value + (s[i] - '0') * (place /= 10) : value * 10 + (s[i] - '0');
        } else if ((s[i] == '.' || s[i] == ',') && !point && i > 0 && i + 1 < len && is_digit(s[i + 1])) {
            point = true;
        } else {
            break;
        }
    }
    *ret_value = round(value * 100) / 100;
    return digits > 0 ? i : 0;
}

/* What stands behind the digits of the word: "1/2" of "34 1/2" is 0.5, else 0. */
double fraction_of(const struct word *word)
{
    static const struct {
        const char *word;
        double value;
    } fractions[] = {{"1/2", 0.5},    {"1/4", 0.25},    {"3/4", 0.75},
                     {"\u00bd", 0.5}, {"\u00bc", 0.25}, {"\u00be", 0.75}};

    for (size_t i = 0; i < sizeof(fractions) / sizeof(*fractions); i++) {
        if (word_is(word, fractions[i].word))
            return fractions[i].value;
    }
    return 0;
}

/* "5'6", "5ft6", "5 ft 6 in", "5 feet 6": the inches behind the feet. */
static void read_inches(const struct scan *scan, size_t i, struct number *number)
{
    const struct word *next = word_at(scan, i + number->used);
    double inches;
    size_t digits = read_decimal(next->s, next->len, &inches);
    const char *last = scan->words[i + number->used - 1].s;

    if (digits == 0 || inches >= 12 || next->taken || scan->words[i + number->used - 1].ends_sentence ||
        next->s - last > 12)
        return;
    if (digits < next->len && unit_of(next->lower + digits) != UNIT_INCH)
        return;
    number->value += inches / 12;
    number->used++;
    if (digits == next->len && !next->ends_sentence &&
        unit_of(word_at(scan, i + number->used)->lower) == UNIT_INCH)
        number->used++;
}

/* "25.5", "88cm", "34 1/2 inches", "38\"", "5'6", "88-90 cm" */
static bool read_number(const struct scan *scan, size_t i, struct number *ret)
{
    const struct word *word = &scan->words[i], *next = word_at(scan, i + 1);
    struct number number = {.unit = UNIT_NONE, .used = 1};
    size_t len = word->taken || word->len > 16 ? 0 : read_decimal(word->s, word->len, &number.value);
    const char *rest = word->s + len, *end = word->s + word->len;
    double second;
    size_t more;

    if (len == 0)
        return false;
    if (rest < end && *rest == '-' &&
        (more = read_decimal(rest + 1, (size_t)(end - rest) - 1, &second)) > 0) {
        if (second < number.value || second > number.value * 1.2 + 2)
            return false;
        number.value = (number.value + second) / 2;
        len += 1 + more;
        rest += 1 + more;
    }
    if (rest < end && (*rest == '\'' || sign_of(scan, rest) == UNIT_FEET)) { /* "5'6" */
        size_t sign = *rest == '\'' ? 1 : 3;
        double inches;
        more =
            read_decimal(rest + sign, (size_t)(end - rest) > sign ? (size_t)(end - rest) - sign : 0, &inches);
        if (more == 0 || inches >= 12 || number.value < 1 || number.value > 8)
            return false;
        number.value += inches / 12;
        number.unit = UNIT_FEET;
        *ret = number;
        return true;
    }
    if (rest < end) {
        struct word unit = {.len = (uint32_t)(end - rest)};
        if (end - rest >= 2 && fraction_of(&unit) == 0 && (size_t)(end - rest) == 2 &&
            (unsigned char)*rest == 0xc2) {
            memcpy(unit.lower, rest, 2);
            number.value += fraction_of(&unit);
            if (fraction_of(&unit) == 0)
                return false;
        } else {
            char letters[20];
            size_t count = 0;
            for (; rest < end && count < sizeof(letters) - 1; rest++)
                letters[count++] = (char)tolower((unsigned char)*rest);
            letters[count] = '\0';
            if (strncmp(letters, "ft", 2) == 0 && count > 2 &&
                read_decimal(letters + 2, count - 2, &second) > 0) {
                number.value += second < 12 ? second / 12 : 0;
                number.unit = UNIT_FEET;
                *ret = number;
                return second < 12;
            }
            number.unit = unit_of(letters);
            if (number.unit == UNIT_NONE)
                return false;
        }
    }
    if (number.unit == UNIT_NONE) {
        double fraction = word->ends_sentence ? 0 : fraction_of(next);
        if (fraction > 0) {
            number.value += fraction;
            number.used++;
            end = next->s + next->len;
        }
        number.unit = sign_of(scan, end);
        next = word_at(scan, i + number.used);
        if (number.unit == UNIT_NONE && !scan->words[i + number.used - 1].ends_sentence) {
            number.unit = unit_of(next->lower);
            /* "88 in waist" is no inch where a measure follows at once */
            number.used += number.unit != UNIT_NONE && number.unit != UNIT_OTHER;
        }
    }
    if (number.unit == UNIT_FEET && number.value > 1 && number.value < 9)
        read_inches(scan, i, &number);
    *ret = number;
    return true;
}

/* --- which measure --- */

static int measure_of(const char *name)
{
    static const char *const beside[] = {"height", "weight", "other"};

    for (int i = 0; i < MEASURE_COUNT; i++) {
        if (strcmp(words_measure[i], name) == 0)
            return i;
    }
    for (int i = 0; i < 3; i++) {
        if (strcmp(beside[i], name) == 0)
            return MEASURE_HEIGHT + i;
    }
    return MEASURE_NONE;
}

static bool is_between(const struct scan *scan, size_t i)
{
    static const struct word_list between WORD_LIST = {
        " is are of about around approx approximately circa measures "
        "measuring measured size = my and at a in it its "
        "like the exactly measurement measurements circumference wide long "
        "just only has be would roughly cm inches "
        "inch says was left right both i have big than to nearly almost "};
    return word_listed(&scan->words[i], &between);
}

/* Where the measure's name is told that begins at word i; it counts once. */
struct name {
    int measure;
    size_t at, used;
};

static bool read_name(const struct scan *scan, size_t i, struct name *ret)
{
    const char *name = scan->words[i].taken ? NULL : phrase_at(scan, i, PHRASE_MEASURE, &ret->used);

    if (name == NULL)
        return false;
    ret->at = i;
    ret->measure = measure_of(name);
    return true;
}

/* --- plausible units --- */

/* Centimetres by the unit, without one by what the number can only be: a bust of 34 is in inches. */
static double to_cm(int measure, double value, enum unit unit)
{
    if (unit == UNIT_NONE) {
        bool girth = measure == MEASURE_BUST || measure == MEASURE_WAIST || measure == MEASURE_HIP;
        if (measure == MEASURE_FOOT)
            unit = value >= 100 ? UNIT_MM : value > 7 && value <= 13 ? UNIT_INCH : UNIT_CM;
        else if (measure == MEASURE_HEIGHT)
            unit = value < 3 ? UNIT_M : value < 8 ? UNIT_FEET : value <= 84 ? UNIT_INCH : UNIT_CM;
        else
            unit = (girth && value >= 20 && value < 50) ||
                           (measure == MEASURE_SLEEVE && value >= 15 && value < 37)
                       ? UNIT_INCH
                       : UNIT_CM;
    }
    switch (unit) {
    case UNIT_MM:
        return value / 10;
    case UNIT_M:
        return value * 100;
    case UNIT_INCH:
        return value * CM_PER_INCH;
    case UNIT_FEET:
        return value * CM_PER_FOOT;
    default:
        return value;
    }
}

static bool is_length(enum unit unit)
{
    return unit == UNIT_NONE || (unit >= UNIT_CM && unit <= UNIT_FEET);
}

/* The unit that the text tells for other measures: "34 28 36 inches" */
static void add_measure(struct scan *scan, int measure, const struct number *number, enum unit common)
{
    struct entities *found = scan->found;
    enum unit unit = number->unit == UNIT_NONE && measure <= MEASURE_SLEEVE ? common : number->unit;
    double cm;

    if (measure == MEASURE_WEIGHT) {
        if (found->weight_kg <= 0 && (unit == UNIT_NONE || unit == UNIT_KG || unit == UNIT_POUND))
            found->weight_kg = unit == UNIT_POUND ? number->value * KG_PER_POUND : number->value;
        return;
    }
    if (measure >= MEASURE_OTHER || !is_length(unit))
        return;
    cm = round(to_cm(measure, number->value, unit) * 10) / 10;
    if (measure == MEASURE_HEIGHT) {
        found->height_cm = found->height_cm > 0 ? found->height_cm : cm;
        return;
    }
    for (int i = 0; i < found->measure_count; i++) {
        if (found->measures[i].measure == measure) {
            /* The shoe must fit the longer foot. */
            if (measure == MEASURE_FOOT && cm > found->measures[i].cm)
                found->measures[i].cm = cm;
            return;
        }
    }
    if (cm > 0 && found->measure_count < UNDERSTAND_MEASURES)
        found->measures[found->measure_count++] = (struct measure_said){.measure = measure, .cm = cm};
}

/* "88-70-95", "90/60/90": bust, waist, hip, where the text speaks of measures. */
static bool find_three(struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i];
    double values[3];
    size_t at = 0, len;
    int count = 0;
    bool named = false;

    if (word->taken || word->digits < 6 || word->len > 20)
        return false;
    while (count < 3 && at < word->len &&
           (len = read_decimal(word->s + at, word->len - at, &values[count])) > 0) {
        at += len;
        count++;
        if (at < word->len && (word->s[at] == '-' || word->s[at] == '/'))
            at++;
        else
            break;
    }
    if (count != 3 || at != word->len)
        return false;
    for (size_t k = i; k > 0 && i - k < 6; k--)
        named |= word_listed(
            &scan->words[k - 1],
            WORDS(" measurements measures measurement figure body bwh size sizes bust bust/waist/hips i "));
    for (int k = 0; k < 3; k++)
        named &= values[k] >= 20 && values[k] <= 160;
    if (!named)
        return false;
    for (int k = 0; k < 3; k++)
        add_measure(scan, MEASURE_BUST + k, &(struct number){.value = values[k]},
                    values[0] < 50 ? UNIT_INCH : UNIT_CM);
    take(scan, i, 1);
    return true;
}

static bool has_shoes(const struct scan *scan)
{
    for (size_t i = 0; i < scan->count; i++) {
        if (word_listed(
                &scan->words[i],
                WORDS(
                    " shoe shoes boot boots sneaker sneakers sandal sandals heels slipper slippers trainers "
                    "loafers pumps foot feet footwear ")) ||
            (i > 0 && word_listed(&scan->words[i], WORDS(" eu uk cn ")) &&
             word_is(&scan->words[i - 1], "in")))
            return true;
    }
    return false;
}

bool speaks_of_shoes(struct scan *scan)
{
    if (!scan->shoes_known) {
        scan->shoes = has_shoes(scan);
        scan->shoes_known = true;
    }
    return scan->shoes;
}

#define NAME_NEAR 6 /* words between a measure's name and its number */

void find_measures(struct scan *scan)
{
    struct name before = {.measure = MEASURE_NONE};
    enum unit common = UNIT_NONE;
    bool named = false;

    /* Most texts name no measure and are done here. */
    for (size_t i = 0; i < scan->count; i++) {
        struct name name;
        if (scan->words[i].digits == 0 && word_on(&scan->words[i], ON_PHRASE))
            named |= read_name(scan, i, &name);
        else if (scan->words[i].digits > 0 && find_three(scan, i))
            continue;
        named |= i > 0 && scan->words[i - 1].digits > 0 &&
                 word_listed(&scan->words[i], WORDS(" kg kgs lb lbs pounds cm mm m ft feet "));
        named |= scan->words[i].digits > 0 && scan->words[i].digits < scan->words[i].len;
    }
    if (!named)
        return;
    for (size_t i = 0; i < scan->count; i++) {
        struct number number;
        if (scan->words[i].digits > 0 && read_number(scan, i, &number) &&
            (number.unit == UNIT_CM || number.unit == UNIT_INCH || number.unit == UNIT_MM))
            common = number.unit;
    }
    for (size_t i = 0; i < scan->count; i++) {
        struct number number;
        struct name name;
        int measure = MEASURE_NONE;
        size_t behind = 0;

        if (scan->words[i].ends_sentence && scan->words[i].digits == 0 && !read_name(scan, i, &name) &&
            before.measure != MEASURE_NONE && byte_behind(scan, &scan->words[i]) != '\n')
            before.measure = MEASURE_NONE;
        if (scan->words[i].digits == 0) {
            if (read_name(scan, i, &name)) {
                before = name;
                i += name.used - 1;
            } else if (before.measure != MEASURE_NONE &&
                       (!is_between(scan, i) || i - before.at - before.used >= NAME_NEAR)) {
                before.measure = MEASURE_NONE;
            }
            continue;
        }
        if (!read_number(scan, i, &number))
            continue;
        if (number.unit == UNIT_OTHER || sign_before(scan, &scan->words[i]) == '#' ||
            sign_before(scan, &scan->words[i]) == '$') {
            before.measure = MEASURE_NONE;
            continue;
        }
        if (before.measure != MEASURE_NONE) {
            measure = before.measure;
        } else if (number.unit == UNIT_FEET && number.value > 3.5 && number.value < 8) {
            measure = MEASURE_HEIGHT;
        } else if (!ends_clause(scan, i + number.used - 1)) {
            behind = i + number.used;
            for (int k = 0;
                 k < 2 && behind < scan->count &&
                 word_listed(&scan->words[behind], WORDS(" in around round the for of my long wide at "));
                 k++)
                behind++;
            if (behind < scan->count && read_name(scan, behind, &name)) {
                struct number next;
                size_t after = behind + name.used;
                bool again = after < scan->count && !ends_clause(scan, after - 1) &&
                             scan->words[after].digits > 0 && read_number(scan, after, &next) &&
                             number.unit == UNIT_NONE && next.unit != UNIT_OTHER &&
                             word_at(scan, after + 1)->digits == 0 &&
                             !word_on(word_at(scan, after + next.used), ON_PHRASE);
                /* "42 bust 88": the name is that of the number behind it */
                if (!again) {
                    measure = name.measure;
                    behind = behind + name.used - 1;
                }
            }
        }
        if (measure == MEASURE_NONE && (number.unit == UNIT_KG || number.unit == UNIT_POUND) &&
            (scan->found->height_cm > 0 ||
             (i > 0 && word_listed(&scan->words[i - 1], WORDS(" am im weigh and ")))) &&
            number.value >= 30)
            measure = MEASURE_WEIGHT;
        if (measure == MEASURE_NONE && (number.unit == UNIT_CM || number.unit == UNIT_M) && i > 0 &&
            word_listed(&scan->words[i - 1], WORDS(" am im "))) {
            double cm = to_cm(MEASURE_HEIGHT, number.value, number.unit);
            measure = cm > 90 && cm < 230 ? MEASURE_HEIGHT : MEASURE_NONE;
        }
        if (measure == MEASURE_NONE && (number.unit == UNIT_CM || number.unit == UNIT_MM)) {
            double cm = to_cm(MEASURE_FOOT, number.value, number.unit);
            measure = cm >= 15 && cm <= 33 && speaks_of_shoes(scan) ? MEASURE_FOOT : MEASURE_NONE;
        }
        if (measure == MEASURE_NONE)
            continue;
        if (number.unit == UNIT_NONE && measure == MEASURE_FOOT && before.measure == MEASURE_FOOT &&
            scan->words[i - 1].digits == 0 && word_is(&scan->words[i - 1], "size") && number.value > 33)
            continue; /* "my foot is size 42" */
        if (number.unit == UNIT_NONE && measure == MEASURE_FOOT && number.value > 33 && number.value < 100)
            continue; /* a size */
        add_measure(scan, measure, &number, common);
        take(scan, i, number.used);
        i += number.used - 1;
        i = behind > i ? behind : i;
        before.measure = MEASURE_NONE;
    }
}
