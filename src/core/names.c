#include "names.h"

#include "replyd/buf.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

/* Not a name when it begins with one of these: titles, and particles of a family name. */
static const char *const no_first[] = {
    "mr",     "mrs",      "ms",     "miss",  "mx",     "dr",      "prof", "professor", "sir",   "madam",
    "lady",   "lord",     "herr",   "herrn", "frau",   "sr",      "sra",  "srta",      "senor", "señor",
    "señora", "don",      "doña",   "sig",   "signor", "signora", "dott", "ing",       "m",     "mme",
    "mlle",   "monsieur", "madame", "van",   "von",    "vom",     "zu",   "zum",       "zur",   "de",
    "del",    "della",    "den",    "der",   "di",     "da",      "do",   "dos",       "das",   "du",
    "des",    "la",       "le",     "les",   "el",     "al",      "bin",  "ibn",       "ben",   "ter",
    "ten",    "st",       "san",    "the",   "my",     "dear",    "hi",   "hello",     "mein",  "an",
    "family", "familie",  "to",     "for",
};

/* Not a person's when one of these stands anywhere in it. */
static const char *const no_person[] = {
    "gmbh",      "mbh",     "ug",       "ag",        "kg",      "ohg",         "ev",       "ltd",
    "limited",   "llc",     "llp",      "inc",       "corp",    "corporation", "co",       "company",
    "plc",       "pty",     "pte",      "bv",        "nv",      "sa",          "sas",      "sarl",
    "sl",        "srl",     "spa",      "oy",        "ab",      "as",          "aps",      "kft",
    "sro",       "zoo",     "shop",     "store",     "trading", "group",       "holding",  "services",
    "solutions", "school",  "hotel",    "office",    "team",    "amazon",      "ebay",     "aliexpress",
    "wish",      "paypal",  "customer", "customers", "guest",   "gast",        "kunde",    "client",
    "cliente",   "gift",    "buyer",    "user",      "member",  "recipient",   "receiver", "anonymous",
    "unknown",   "unnamed", "test",     "admin",     "info",    "sales",       "account",  "seller",
    "order",     "null",    "none",     "undefined", "name",    "noname",      "nobody",   "someone",
};

static bool listed(const char *const *list, size_t count, const char *word, size_t len)
{
    for (size_t i = 0; i < count; i++) {
        if (strncasecmp(list[i], word, len) == 0 && list[i][len] == '\0')
            return true;
    }
    return false;
}

#define LISTED(list, word, len) listed(list, sizeof(list) / sizeof(*(list)), word, len)

#define WORD_MAX 64 /* UTF-16 units of a word; a longer one is no name */

struct letters {
    int count, upper, lower;
    bool foreign; /* of another script, or no letter at all */
};

static int32_t to_units(const char *word, size_t len, UChar units[static WORD_MAX])
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t count = 0;

    u_strFromUTF8(units, WORD_MAX, &count, word, (int32_t)len, &status);
    return U_FAILURE(status) ? -1 : count;
}

/* Stand between the parts of a name. */
static bool is_joint(UChar32 c)
{
    return c == '-' || c == '\'' || c == 0x2019;
}

static struct letters letters_of(const char *word, size_t len)
{
    UChar units[WORD_MAX];
    int32_t count = to_units(word, len, units), at = 0;
    struct letters letters = {.foreign = count < 0};
    UErrorCode status = U_ZERO_ERROR;
    UChar32 c;

    while (at < count) {
        U16_NEXT(units, at, count, c);
        letters.count++;
        letters.upper += u_isupper(c);
        letters.lower += u_islower(c);
        if (!is_joint(c) && (!u_isalpha(c) || uscript_getScript(c, &status) != USCRIPT_LATIN))
            letters.foreign = true;
    }
    return letters;
}

/* A capital at the start and behind each dash and apostrophe. The word is a name by letters_of(), so Latin.
 */
static const char *title_case(const char *word, size_t len, struct arena *arena)
{
    UChar units[WORD_MAX];
    int32_t count = to_units(word, len, units), written = 0;
    char text[WORD_MAX * 3 + 1];
    UErrorCode status = U_ZERO_ERROR;

    for (int32_t i = 0; i < count; i++)
        units[i] = (UChar)(i == 0 || is_joint(units[i - 1]) ? u_toupper(units[i]) : u_tolower(units[i]));
    u_strToUTF8(text, sizeof(text), &written, units, count, &status);
    return U_FAILURE(status) ? NULL : arena_strndup(arena, text, (size_t)written);
}

/* What the words behind the first one say of it. */
struct rest {
    bool person;
    bool upper, lower, mixed; /* words that are written so */
};

static struct rest rest_of(const char *at)
{
    struct rest rest = {.person = true};

    while (*(at += strspn(at, " "))) {
        size_t len = strcspn(at, " "), bare = len;
        struct letters letters;

        while (bare > 0 && at[bare - 1] == '.')
            bare--;
        letters = letters_of(at, len);
        if (LISTED(no_person, at, bare))
            rest.person = false;
        if (letters.count > 1) {
            rest.upper |= letters.lower == 0;
            rest.lower |= letters.upper == 0;
            rest.mixed |= letters.upper > 0 && letters.lower > 0;
        }
        at += len;
    }
    return rest;
}

const char *first_name(const char *name, struct arena *arena)
{
    struct letters letters;
    struct rest rest;
    size_t len;

    name += strspn(name, " ");
    len = strcspn(name, " ");
    letters = letters_of(name, len);
    rest = rest_of(name + len);
    if (letters.count < 2 || letters.foreign || !rest.person || name[strcspn(name, ",@&/0123456789")] ||
        LISTED(no_first, name, len) || LISTED(no_person, name, len))
        return NULL;
    if (letters.lower == 0)
        /* "DREW Nancy" has the family name in front, "ACME Nord" is a firm */
        return rest.mixed || rest.lower ? NULL : title_case(name, len, arena);
    return letters.upper == 0 ? title_case(name, len, arena) : arena_strndup(arena, name, len);
}

/* ---- signatures ---- */

/* Closing formulas that may stand without a comma behind them. */
static const char *const closings[] = {
    "kind regards",
    "best regards",
    "warm regards",
    "regards",
    "best",
    "best wishes",
    "many thanks",
    "thanks",
    "thank you",
    "cheers",
    "sincerely",
    "yours sincerely",
    "yours faithfully",
    "yours truly",
    "yours",
    "sincerely yours",
    "mit freundlichen grüßen",
    "mit freundlichen grüssen",
    "freundliche grüße",
    "viele grüße",
    "beste grüße",
    "liebe grüße",
    "cordialement",
    "bien cordialement",
    "saludos",
    "un saludo",
    "atentamente",
    "cordiali saluti",
    "distinti saluti",
    "atenciosamente",
    "met vriendelijke groet",
    "z poważaniem",
    "с уважением",
    "saygılarımla",
    "此致",
    "敬具",
    "よろしくお願いいたします",
};

static bool is_closing(const char *line, size_t len)
{
    while (len > 0 && strchr(".!", line[len - 1]))
        len--;
    return len > 0 && (line[len - 1] == ',' || LISTED(closings, line, len));
}

void signature_read(const char *text, const char *agent, struct arena *arena, struct signature *ret_signature)
{
    const char *at = text ? text : "";
    bool first = true;
    size_t len, end;

    ret_signature->count = 0;
    for (; *at && ret_signature->count < SIGNATURE_LINES; at += len) {
        at += strspn(at, " \t\r\n");
        end = len = strcspn(at, "\r\n");
        while (end > 0 && (at[end - 1] == ' ' || at[end - 1] == '\t'))
            end--;
        if (end == 0 || (first && is_closing(at, end)) ||
            (agent && strncasecmp(agent, at, end) == 0 && agent[end] == '\0'))
            continue;
        first = false;
        ret_signature->lines[ret_signature->count++] = arena_strndup(arena, at, end);
    }
}
