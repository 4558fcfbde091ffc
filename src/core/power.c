#include "replyd/power.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VOLTS_MAX 3

struct power_country {
    char country[3];
    short volts[VOLTS_MAX]; /* ended by 0 where fewer */
    const char *plugs;      /* letters of IEC TR 60083: "AB" */
};

#include "power_gen.h"

static const struct power_country *country_of(const char *country)
{
    for (size_t i = 0; country && i < sizeof(power_countries) / sizeof(*power_countries); i++) {
        if (strcmp(power_countries[i].country, country) == 0)
            return &power_countries[i];
    }
    return NULL;
}

double power_volts(const char *country)
{
    const struct power_country *power = country_of(country);

    return power && power->volts[1] == 0 ? power->volts[0] : 0;
}

const char *power_plugs(const char *country, struct arena *arena)
{
    const struct power_country *power = country_of(country);
    const char *text = NULL;
    size_t count = power ? strlen(power->plugs) : 0;

    for (size_t i = 0; i < count; i++) {
        const char *between = i == 0 ? "" : i + 1 < count ? ", " : " and ";

        text = arena_printf(arena, "%s%s%c", text ? text : "", between, power->plugs[i]);
    }
    return text;
}

/* ---- voltage ---- */

#define NUMBERS_MAX 8
#define TOLERANCE 1.1001
#define MAINS_MIN 50 /* below it nothing is made for the mains */
#define HIGH_MIN 175 /* between the two classes of mains: 100 to 127 and 220 to 240 */

struct range {
    double low, high;
};

static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = text; (at = strcasestr(at, word)); at++) {
        if ((at == text || !isalpha((unsigned char)at[-1])) && !isalpha((unsigned char)at[len]))
            return true;
    }
    return false;
}

static bool runs_by_itself(const char *text)
{
    static const char *const words[] = {"usb", "battery", "batteries", "rechargeable", "solar"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (has_word(text, words[i]))
            return true;
    }
    return false;
}

/* What stands behind a number. */
enum unit { UNIT_NONE, UNIT_VOLT, UNIT_OTHER };

static enum unit unit_at(const char *at)
{
    static const char *const volts[] = {"vac", "vdc", "volts", "volt", "v"};

    while (*at == ' ')
        at++;
    for (size_t i = 0; i < sizeof(volts) / sizeof(*volts); i++) {
        size_t len = strlen(volts[i]);

        if (strncasecmp(at, volts[i], len) == 0 && !isalpha((unsigned char)at[len]))
            return UNIT_VOLT;
    }
    return isalpha((unsigned char)*at) && strncasecmp(at, "to ", 3) != 0 && strncasecmp(at, "or ", 3) != 0
               ? UNIT_OTHER
               : UNIT_NONE;
}

/* Between two numbers: from one to the other? */
static bool is_span(const char *from, const char *to)
{
    bool dash = false;

    for (; from < to; from++) {
        if (strchr("/,;|&+(", *from))
            return false;
        dash |= *from == '-' || *from == '~' || (unsigned char)*from == 0xE2 /* a longer dash */ ||
                strncasecmp(from, "to ", 3) == 0;
    }
    return dash;
}

struct number {
    double number;
    enum unit unit;
    bool span; /* from the number before to this one */
};

static int read_numbers(const char *text, struct number numbers[static NUMBERS_MAX])
{
    const char *behind = NULL;
    int count = 0;

    while (*text && count < NUMBERS_MAX) {
        char *end;

        if (!isdigit((unsigned char)*text)) {
            text++;
            continue;
        }
        numbers[count].number = strtod(text, &end);
        numbers[count].unit = unit_at(end);
        numbers[count++].span = behind && is_span(behind, text);
        text = behind = end;
    }
    return count;
}

/* A number without a unit has the next one's ("100-240 V", "50/60 Hz"); with no unit anywhere all are volts.
 */
static int read_ranges(const char *text, struct range ranges[static NUMBERS_MAX])
{
    struct number numbers[NUMBERS_MAX];
    int read = read_numbers(text, numbers), count = 0;
    enum unit unit = UNIT_VOLT;

    for (int i = 0; i < read; i++) {
        if (numbers[i].unit != UNIT_NONE)
            unit = UNIT_NONE;
    }
    for (int i = read; i-- > 0; unit = numbers[i].unit) {
        if (numbers[i].unit == UNIT_NONE)
            numbers[i].unit = unit;
    }
    for (int i = 0; i < read; i++) {
        double number = numbers[i].number;

        if (numbers[i].unit != UNIT_VOLT)
            continue;
        if (i > 0 && numbers[i].span && numbers[i - 1].unit == UNIT_VOLT)
            ranges[count - 1] =
                (struct range){fmin(ranges[count - 1].low, number), fmax(ranges[count - 1].high, number)};
        else
            ranges[count++] = (struct range){number, number};
    }
    return count;
}

static enum tristate range_fits(const struct range *range, double volts)
{
    if (range->high < MAINS_MIN)
        return TRI_UNKNOWN;
    if (range->low <= volts * TOLERANCE && range->high * TOLERANCE >= volts)
        return TRI_TRUE;
    return (range->low >= HIGH_MIN) != (volts >= HIGH_MIN) && (range->high >= HIGH_MIN) != (volts >= HIGH_MIN)
               ? TRI_FALSE
               : TRI_UNKNOWN;
}

/* Any of its voltages will do. */
static enum tristate any_fits(const struct range *ranges, int count, double volts)
{
    enum tristate fits = count > 0 ? TRI_FALSE : TRI_UNKNOWN;

    for (int i = 0; i < count; i++) {
        enum tristate one = range_fits(&ranges[i], volts);

        if (one == TRI_TRUE)
            return TRI_TRUE;
        if (one == TRI_UNKNOWN)
            fits = TRI_UNKNOWN;
    }
    return fits;
}

enum tristate power_voltage_fits(const char *voltage, const char *country)
{
    const struct power_country *power = country_of(country);
    struct range ranges[NUMBERS_MAX];
    enum tristate fits = TRI_UNKNOWN;
    int count;

    if (!voltage)
        return TRI_UNKNOWN;
    if (runs_by_itself(voltage))
        return TRI_TRUE;
    if (!power)
        return TRI_UNKNOWN;
    count = read_ranges(voltage, ranges);
    /* Where there are several mains, it must fit all. */
    for (int i = 0; i < VOLTS_MAX && power->volts[i] > 0; i++) {
        enum tristate one = any_fits(ranges, count, power->volts[i]);

        if (i > 0 && one != fits)
            return TRI_UNKNOWN;
        fits = one;
    }
    return fits;
}

/* ---- plugs ---- */

/* The sockets that take a plug (IEC TR 60083 and the standards of its types): the flat plug of two poles,
 * type C, goes into most round ones; the hybrid of E and F into both. */
static const struct {
    char plug;
    const char *sockets;
} takes[] = {
    {'A', "AB"}, {'B', "B"}, {'C', "CEFHJKLNO"}, {'D', "D"}, {'E', "EF"}, {'F', "EF"}, {'G', "G"}, {'H', "H"},
    {'I', "I"},  {'J', "J"}, {'K', "K"},         {'L', "L"}, {'M', "M"},  {'N', "N"},  {'O', "O"},
};

#define LETTERS_MAX 12 /* of a text that may be letters alone: "A, B, C" */

/* What shops call them: a country's name stands for what is sold as its plug. */
static const struct {
    const char *word;
    const char *plugs; /* "*": any socket */
} names[] = {
    {"universal", "*"}, {"usb", "*"},        {"battery", "*"},   {"batteries", "*"}, {"no plug", ""},
    {"us", "A"},        {"usa", "A"},        {"u.s.", "A"},      {"american", "A"},  {"japan", "A"},
    {"jp", "A"},        {"japanese", "A"},   {"eu", "C"},        {"europe", "C"},    {"european", "C"},
    {"europlug", "C"},  {"german", "F"},     {"germany", "F"},   {"de", "F"},        {"schuko", "F"},
    {"french", "E"},    {"france", "E"},     {"uk", "G"},        {"british", "G"},   {"gb", "G"},
    {"au", "I"},        {"australian", "I"}, {"australia", "I"}, {"swiss", "J"},     {"switzerland", "J"},
    {"italian", "L"},   {"italy", "L"},      {"israel", "H"},    {"brazil", "N"},    {"brazilian", "N"},
    {"danish", "K"},    {"korea", "F"},      {"korean", "F"},    {"kr", "F"},
};

/* "Type C/F", "C", "A, B": capitals that stand alone; in a sentence ("A US plug") only behind "type". */
static void read_letters(const char *plug, bool found[static 26])
{
    const char *type = strcasestr(plug, "type");

    for (const char *at = type ? type : plug; *at && (type || strlen(plug) <= LETTERS_MAX); at++) {
        bool alone = (at == plug || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[1]);

        if (*at >= 'A' && *at <= 'O' && alone)
            found[*at - 'A'] = true;
    }
    if (type && type[4] == ' ' && type[5] >= 'a' && type[5] <= 'o' && !isalnum((unsigned char)type[6]))
        found[type[5] - 'a'] = true;
}

enum tristate power_plug_fits(const char *plug, const char *country)
{
    const struct power_country *power = country_of(country);
    bool found[26] = {false}, any = false;

    if (!plug)
        return TRI_UNKNOWN;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (!has_word(plug, names[i].word))
            continue;
        if (*names[i].plugs == '*')
            return TRI_TRUE;
        if (*names[i].plugs)
            found[*names[i].plugs - 'A'] = true;
    }
    read_letters(plug, found);
    if (!power)
        return TRI_UNKNOWN;
    for (size_t i = 0; i < sizeof(takes) / sizeof(*takes); i++) {
        if (!found[takes[i].plug - 'A'])
            continue;
        any = true;
        /* It must fit whatever of the country's sockets he has, or one that all of them are mixed with. */
        if (strpbrk(power->plugs, takes[i].sockets))
            return TRI_TRUE;
    }
    return any ? TRI_FALSE : TRI_UNKNOWN;
}
