#include "words.h"

#define WORDS_GEN_TABLES
#include "words_gen.h"

#include "../core/mem.h"
#include "text.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <unicode/utf8.h>

#define GLOSSARIES (sizeof(gloss_tables) / sizeof(*gloss_tables))
#define TABLE_SIZE 4096u   /* a power of two, at least twice the words below and in playbook/words */
#define PHRASES_SIZE 2048u /* a power of two, at least twice the phrases of playbook/words */

_Static_assert(sizeof(phrase_table) / sizeof(*phrase_table) * 2 <= PHRASES_SIZE, "too many phrases");

const char *const word_currencies[] = {"USD", "EUR", "GBP", "JPY", "PLN", "TRY", "RUB",
                                       "INR", "CNY", "BRL", "KRW", "CHF", "CAD", "AUD"};

static const struct {
    uint32_t on;
    uint8_t value;
    const char *words;
} lists[] = {
    {ON_MONTH, 1, "jan january"},
    {ON_MONTH, 2, "feb february"},
    {ON_MONTH, 3, "mar march"},
    {ON_MONTH, 4, "apr april"},
    {ON_MONTH, 5, "may"},
    {ON_MONTH, 6, "jun june"},
    {ON_MONTH, 7, "jul july"},
    {ON_MONTH, 8, "aug august"},
    {ON_MONTH, 9, "sep sept september"},
    {ON_MONTH, 10, "oct october"},
    {ON_MONTH, 11, "nov november"},
    {ON_MONTH, 12, "dec december"},
    {ON_WEEKDAY, 0, "monday mon"},
    {ON_WEEKDAY, 1, "tuesday tue tues"},
    {ON_WEEKDAY, 2, "wednesday wed"},
    {ON_WEEKDAY, 3, "thursday thu thur thurs"},
    {ON_WEEKDAY, 4, "friday fri"},
    {ON_WEEKDAY, 5, "saturday sat"},
    {ON_WEEKDAY, 6, "sunday sun"},
    {ON_COUNT, 1, "one a an"},
    {ON_COUNT, 2, "two"},
    {ON_COUNT, 3, "three"},
    {ON_COUNT, 4, "four"},
    {ON_COUNT, 5, "five"},
    {ON_COUNT, 6, "six"},
    {ON_COUNT, 7, "seven"},
    {ON_COUNT, 8, "eight"},
    {ON_COUNT, 9, "nine"},
    {ON_COUNT, 10, "ten"},
    {ON_COUNT, 11, "eleven"},
    {ON_COUNT, 12, "twelve"},
    {ON_COUNT, 14, "fourteen"},
    {ON_COUNT, 15, "fifteen"},
    {ON_COUNT, 20, "twenty"},
    {ON_COUNT, 30, "thirty"},
    {ON_COUNT, 40, "forty"},
    {ON_COUNT, 50, "fifty"},
    {ON_CURRENCY, 0, "dollar dollars bucks usd"},
    {ON_CURRENCY, 1, "euro euros eur eu"},
    {ON_CURRENCY, 2, "pound pounds quid gbp sterling"},
    {ON_CURRENCY, 3, "yen jpy \u5186"},
    {ON_CURRENCY, 4, "z\u0142 zl zloty zlotych pln"},
    {ON_CURRENCY, 5, "lira tl"},
    {ON_CURRENCY, 6, "rubles roubles \u0440\u0443\u0431 \u0440\u0443\u0431\u043b\u0435\u0439"},
    {ON_CURRENCY, 7, "rupees rs"},
    {ON_CURRENCY, 8, "\u5143 yuan rmb"},
    {ON_CURRENCY, 9, "reais brl"},
    {ON_CURRENCY, 10, "\uc6d0"},
    {ON_CURRENCY, 11, "francs chf"},
    {ON_CURRENCY, 12, "cad"},
    {ON_CURRENCY, 13, "aud"},
    {ON_SPAN, 0, "hour hours hrs"},
    {ON_SPAN, 1, "day days"},
    {ON_SPAN, 7, "week weeks"},
    {ON_SPAN, 30, "month months"},
    {ON_NEAR_DAY, 8, "ereyesterday"}, /* other languages have a word for it */
    {ON_NEAR_DAY, 9, "yesterday"},
    {ON_NEAR_DAY, 10, "today tonight"},
    {ON_NEAR_DAY, 11, "tomorrow tmrw"},
    {ON_NEAR_DAY, 12, "overmorrow"},
    {ON_WHICH_DAY, 0, "last next this coming"},
    {ON_ARTICLE, 0, "the this coming"},
    {ON_KIND_OF_DAY, 0, "business working calendar more"},
    {ON_UNTIL, 0, "before by until till"},
    {ON_UNIT, 0,
     "pair pairs pc pcs piece pieces unit units set sets box boxes item items copies dozen dozens packs "
     "bottles "
     "cartons pallets x"},
    {ON_QUANTITY, 0, "qty quantity"},
    {ON_TRACKING, 0,
     "tracking track trackingnumber tracking-number awb waybill consignment suivi seguimiento "
     "sendungsnummer"},
    {ON_ORDER, 0,
     "order orders ordr purchase ord po ordernumber orderno ordernr order-no order-number orderid bestellung "
     "bestellnummer bestellnr auftrag commande cde pedido orden ordine encomenda bestelling "
     "zam\u00f3wienie zamowienie zam\u00f3wienia sipari\u015f siparis \u0637\u0644\u0628"},
    {ON_FILLER, 0,
     "number numbers no nr num id is was my the it n\u00b0 n numero n\u00famero nummer code placed from with "
     "of "
     "num\u00e9ro numara numaras\u0131 \u043d\u043e\u043c\u0435\u0440 \u2116 \u0631\u0642\u0645 reference "
     "ref"},
    {ON_ABBREVIATION, 0, "no nr num ref ord inv str st ave apt tel"},
    {ON_NOT_ORDER_BEFORE, 0,
     "invoice inv rechnung facture factura fattura ticket case ref reference claim complaint coupon voucher "
     "pin "
     "zip zipcode postcode postal plz cep street str strasse stra\u00dfe rue calle via rua ulica avenue "
     "house flat apartment apt suite room unit "
     "box phone tel "
     "telephone mobile cell call fax whatsapp size model version sku item article isku ean door building "
     "block floor voltage year since iphone galaxy pixel windows ps playstation xbox"},
    {ON_NOT_ORDER_BEHIND, 0,
     "cm mm m km kg g gr grams lb lbs oz ml l liter liters litre litres w watt watts v volt volts mah ah gb "
     "tb mhz hz inch inches ft feet day days week weeks month months hour hours hrs minutes min years year "
     "percent times street st road rd avenue ave people pieces pcs pairs degrees"},
    {ON_WAIT, 0, "wait waiting waited patience patient"},
    {ON_MONEY, 0, "money refund refunded reimburse pay"},
    {ON_UNDO, 0,
     "cancel cancels cancelled canceled cancelling canceling cancellation cancelation cancle cancell "
     "cancelling "
     "refund refunds refunded refunding reimburse reimbursed reimbursement"},
    {ON_NOT, 0,
     "not dont donot never no nor neither cant cannot couldnt didnt doesnt wont wouldnt shouldnt mustnt "
     "neednt "
     "havent hasnt hadnt isnt wasnt arent werent nobody without"},
    {ON_LINK, 0,
     "a an the my any your our this its be to i we you me us it for of get getting have having has had do "
     "did "
     "ask asked asking request requested requesting want wanted wanna need needs needed wish like going "
     "gonna "
     "intend mean meant plan planning looking interested interest intention reason money full complete "
     "partial "
     "just really simply actually even still yet either more longer want accept agree tell told say said "
     "order with been receive received got gotten see seen"},
    {ON_WISH, 0,
     "want wanna need like demand request require prefer expect insist please pls plz kindly give process "
     "issue "
     "must can could would and so but then now just simply therefore immediately hereby"},
    {ON_ELSE_BEFORE, 0,
     "in at paid pay paying cost costs price priced worth spent charged charge total amount sum fee live "
     "lives living "
     "reside address"},
    {ON_BETWEEN, 0, "me you us them about around almost nearly just only exactly roughly over"},
    {ON_STREET, 0,
     "street st str road rd avenue ave boulevard blvd lane ln drive dr court ct highway hwy parkway pkwy "
     "square terrace "
     "circle crescent"},
    {ON_AND, 0, "and or und oder et y e i"},
    {ON_NO_NAME, 0,
     "to on at in not no has hasnt had did didnt never still for and but or my our your his her their this "
     "that was were "
     "are a an i we you they it"},
};

const uint64_t word_on_no_list[WORD_LISTS_MOST / 64];

static uint32_t hash_of(const char *word, size_t len)
{
    uint32_t hash = 0x811c9dc5u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)word[i]) * 0x01000193u;
    return hash | 1;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* --- letters ---- */

#define APOSTROPHE "\u2019" /* the phones' */

/* A quotation mark between letters is an apostrophe. */
static bool is_apostrophe(const char *text, size_t len, size_t i)
{
    return i > 0 && i + 3 < len && memcmp(text + i, APOSTROPHE, 3) == 0 &&
           isalpha((unsigned char)text[i - 1]) &&
           ((unsigned char)text[i + 3] >= 0x80 || isalpha((unsigned char)text[i + 3]));
}

/* "\u0627\u0644\u0637\u0644\u0628" and its like: what is glued before an Arabic noun goes. */
static size_t without_article(char *word, size_t len)
{
    static const char *const glued[] = {"\u0648\u0627\u0644", "\u0628\u0627\u0644", "\u0641\u0627\u0644",
                                        "\u0643\u0627\u0644", "\u0648\u0644\u0644", "\u0627\u0644",
                                        "\u0644\u0644"};

    for (size_t i = 0; i < sizeof(glued) / sizeof(*glued); i++) {
        size_t prefix = strlen(glued[i]);

        if (len >= prefix + 6 && memcmp(word, glued[i], prefix) == 0) { /* three letters are left */
            memmove(word, word + prefix, len - prefix);
            return len - prefix;
        }
    }
    return len;
}

/* Small letters without accents and apostrophes; what does not fit is left out. Returns the bytes. */
static size_t fold(const char *s, size_t len, char out[static WORD_LEN + 1])
{
    const uint8_t *bytes = (const uint8_t *)s;
    size_t count = 0;

    for (int32_t i = 0; (size_t)i < len;) {
        UChar32 c;

        if (bytes[i] < 0x80) {
            c = bytes[i++];
            c = c >= 'A' && c <= 'Z' ? c | 32 : c;
        } else {
            U8_NEXT(bytes, i, (int32_t)len, c);
            c = c == 0x2019 || c == 0x2018 || c == 0x2bc ? '\''
                : c < 0                                  ? 0
                                                         : (UChar32)text_plain((uint32_t)c);
        }
        if (c == '\'' || c == 0)
            continue;
        if (count + (c == 0xdf ? 2 : (size_t)U8_LENGTH(c)) > WORD_LEN)
            break;
        if (c == 0xdf) {
            out[count++] = 's';
            c = 's';
        }
        U8_APPEND_UNSAFE(out, count, c);
    }
    if (count > 6 && ((unsigned char)out[0] == 0xd8 || (unsigned char)out[0] == 0xd9))
        count = without_article(out, count);
    out[count] = '\0';
    return count;
}

/* What the words and phrases of a language are in English. */
struct glossary {
    const char *language;
    struct gloss *table; /* hashed by the phrase, open addressing */
    uint32_t mask;
    bool parts_at_apostrophe; /* "l'adresse" is two words */
    bool latin;               /* its words may look English */
};

/* --- glossaries ---- */

#define GLOSS_WORDS 7    /* of the longest phrase */
#define GLOSS_ENGLISH 7  /* words of the longest English (tools/words.py) */
#define GLOSS_LETTERS 12 /* of the longest in a script without spaces */
#define GLOSS_STEM 3     /* letters of the shortest beginning of a word ("annul*") */

/* A phrase, folded, with a * behind a beginning of words. `english` NULL: only longer ones begin so. */
struct gloss {
    const char *phrase, *english;
    uint32_t hash, len;
};

static bool is_east(char lead)
{
    return (unsigned char)lead >= 0xe3 && (unsigned char)lead <= 0xed;
}

static size_t letter_len(char lead)
{
    unsigned char c = (unsigned char)lead;
    return c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static struct gloss *gloss_place(const struct glossary *glossary, const char *phrase, size_t len,
                                 uint32_t hash)
{
    uint32_t i = (hash ^ hash >> 15) & glossary->mask;

    while (glossary->table[i].phrase != NULL &&
           (glossary->table[i].hash != hash || glossary->table[i].len != len ||
            memcmp(glossary->table[i].phrase, phrase, len) != 0))
        i = (i + 1) & glossary->mask;
    return &glossary->table[i];
}

static void add_gloss(struct glossary *glossary, const char *phrase, size_t len, const char *english)
{
    uint32_t hash = hash_of(phrase, len);
    struct gloss *gloss = gloss_place(glossary, phrase, len, hash);

    if (gloss->phrase == NULL)
        *gloss = (struct gloss){.phrase = phrase, .hash = hash, .len = (uint32_t)len};
    if (english != NULL)
        gloss->english = english;
}

/* A phrase and the beginnings by which it is found: whole words, letters in a script without spaces. */
static void add_gloss_phrase(struct glossary *glossary, const char *phrase, const char *english)
{
    size_t len = strlen(phrase);

    add_gloss(glossary, phrase, len, english);
    for (size_t i = letter_len(*phrase); i < len; i += letter_len(phrase[i])) {
        if (phrase[i] == ' ' || is_east(*phrase))
            add_gloss(glossary, phrase, i, NULL);
    }
}

static char *fold_phrase(const char *phrase, struct arena *arena)
{
    char *folded = arena_alloc(arena, GLOSS_WORDS * (WORD_LEN + 1) + 2), *out = folded;

    while (*phrase != '\0') {
        size_t len = strcspn(phrase, " *");

        out += fold(phrase, len, out);
        phrase += len;
        if (*phrase != '\0')
            *out++ = *phrase++;
    }
    *out = '\0';
    return folded;
}

static void make_glossary(const struct gloss_table *from, struct arena *arena, struct glossary *ret)
{
    uint32_t keys = 0, size = 2;

    for (size_t i = 0; i < from->count; i++)
        keys +=
            1 + (uint32_t)(is_east(*from->rows[i].phrase) ? strlen(from->rows[i].phrase) / 3 : GLOSS_WORDS);
    while (size < keys * 2)
        size *= 2;
    *ret = (struct glossary){.language = from->language,
                             .table = arena_alloc(arena, size * sizeof(*ret->table)),
                             .mask = size - 1,
                             .parts_at_apostrophe = strstr(" fr it ", from->language) != NULL,
                             .latin = strstr(" zh ja ko ru ar ", from->language) == NULL};
    memset(ret->table, 0, size * sizeof(*ret->table));
    for (size_t i = 0; i < from->count; i++)
        add_gloss_phrase(ret, fold_phrase(from->rows[i].phrase, arena), from->rows[i].english);
}

/* The longest phrase that begins a run of letters without spaces: its English, and the bytes it takes. */
static const char *gloss_letters(const struct glossary *glossary, const char *s, size_t len, size_t *ret_used)
{
    const char *english = NULL;

    for (size_t end = letter_len(*s), letters = 1; end <= len && letters <= GLOSS_LETTERS; letters++) {
        const struct gloss *gloss = gloss_place(glossary, s, end, hash_of(s, end));

        if (gloss->phrase == NULL)
            break;
        if (gloss->english != NULL) {
            english = gloss->english;
            *ret_used = end;
        }
        end += end < len ? letter_len(s[end]) : 1;
    }
    return english;
}

/* By the longest beginning of a word that the glossary has. */
static const char *gloss_stem(const struct glossary *glossary, const struct word *word)
{
    char key[WORD_LEN + 2];
    size_t letters = 0, len = 0;
    const char *english = NULL;

    while (len < word->lower_len) {
        size_t more = letter_len(word->lower[len]);

        memcpy(key + len, word->lower + len, more);
        len += more;
        if (++letters < GLOSS_STEM || len > word->lower_len)
            continue;
        key[len] = '*';
        const struct gloss *gloss = gloss_place(glossary, key, len + 1, hash_of(key, len + 1));
        if (gloss->english != NULL)
            english = gloss->english;
    }
    return english;
}

/* The longest phrase that begins at a word: its English, and the words that it takes. */
static const char *gloss_words(const struct glossary *glossary, const struct word *words, size_t count,
                               size_t *ret_used)
{
    char key[GLOSS_WORDS * (WORD_LEN + 1)];
    const char *english = NULL;
    size_t len = 0;

    *ret_used = 1;
    for (size_t used = 1; used <= GLOSS_WORDS && used <= count; used++) {
        const struct word *word = &words[used - 1];

        if (word->digits > 0 || (used > 1 && word[-1].ends_sentence))
            break;
        if (used > 1)
            key[len++] = ' ';
        memcpy(key + len, word->lower, word->lower_len);
        len += word->lower_len;
        const struct gloss *gloss = gloss_place(glossary, key, len, hash_of(key, len));
        if (gloss->phrase == NULL)
            break;
        if (gloss->english != NULL) {
            english = gloss->english;
            *ret_used = used;
        }
    }
    return english != NULL || words->digits > 0 ? english : gloss_stem(glossary, words);
}

/* --- the vocabulary ---- */

struct vocabulary {
    struct {
        char word[24];
        uint32_t hash; /* 0: free */
        uint32_t on;
        uint16_t said;
        uint8_t value, phrases;
        uint64_t lists[WORD_LISTS_MOST / 64];
    } entries[TABLE_SIZE];
    size_t count;
    struct glossary glossaries[GLOSSARIES];
    struct arena arena;             /* of the glossaries */
    uint16_t phrases[PHRASES_SIZE]; /* 1 + place in phrase_table; 0: free */
};

/* The place of a word: its own or the free one where it would be. */
static uint32_t place_of(const struct vocabulary *vocabulary, const char *word, size_t len, uint32_t hash)
{
    uint32_t i = (hash ^ hash >> 15) & (TABLE_SIZE - 1);
    while (vocabulary->entries[i].hash != 0 &&
           (vocabulary->entries[i].hash != hash || memcmp(vocabulary->entries[i].word, word, len) != 0))
        i = (i + 1) & (TABLE_SIZE - 1);
    return i;
}

/* The entry of a word, made if it is new. */
static uint32_t add_word(struct vocabulary *vocabulary, const char *written, size_t written_len, uint32_t on,
                         uint8_t value)
{
    char word[WORD_LEN + 1];
    size_t len = fold(written, written_len, word);
    uint32_t hash = hash_of(word, len), place = place_of(vocabulary, word, len, hash);
    if (vocabulary->entries[place].hash == 0) {
        vocabulary->count++;
        assert(vocabulary->count * 2 <= TABLE_SIZE);
    }
    assert(len < sizeof(vocabulary->entries[0].word));
    memcpy(vocabulary->entries[place].word, word, len);
    vocabulary->entries[place].hash = hash;
    vocabulary->entries[place].on |= on;
    if (vocabulary->entries[place].value == 0)
        vocabulary->entries[place].value = value;
    return place;
}

static uint32_t phrase_hash(enum phrase_kind kind)
{
    return 0x811c9dc5u ^ (uint32_t)kind * 0x9e3779b1u;
}

static uint32_t phrase_hash_add(uint32_t hash, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)s[i]) * 0x01000193u;
    return hash;
}

static uint32_t phrase_place(uint32_t hash)
{
    return (hash ^ hash >> 13) & (PHRASES_SIZE - 1);
}

static void add_phrases(struct vocabulary *vocabulary)
{
    for (size_t i = 0; i < sizeof(phrase_table) / sizeof(*phrase_table); i++) {
        const char *phrase = phrase_table[i].phrase;
        enum phrase_kind kind = phrase_table[i].kind;
        bool shared = kind == PHRASE_CARRIER || kind == PHRASE_COUNTRY || kind == PHRASE_SIZE ||
                      kind == PHRASE_SIZE_SYSTEM;
        uint32_t place = phrase_place(phrase_hash_add(phrase_hash(kind), phrase, strlen(phrase)));

        while (vocabulary->phrases[place] != 0)
            place = (place + 1) & (PHRASES_SIZE - 1);
        vocabulary->phrases[place] = (uint16_t)(i + 1);
        place = add_word(vocabulary, phrase, strcspn(phrase, " "), ON_PHRASE | (shared ? ON_SHARED : 0), 0);
        vocabulary->entries[place].phrases |= (uint8_t)(1u << kind);
    }
}

static void add_list(struct vocabulary *vocabulary, const struct word_list *list)
{
    size_t number = (size_t)(list - __start_word_lists);

    for (const char *word = list->words + 1; *word != '\0';) {
        size_t len = strcspn(word, " ");
        uint32_t place = add_word(vocabulary, word, len, 0, 0);

        vocabulary->entries[place].lists[number / 64] |= UINT64_C(1) << number % 64;
        word += len + 1;
    }
}

struct vocabulary *vocabulary_new(void)
{
    struct vocabulary *vocabulary = mem_resize(NULL, sizeof(*vocabulary));
    memset(vocabulary, 0, sizeof(*vocabulary));
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        for (const char *word = lists[i].words; *word != '\0';) {
            size_t len = strcspn(word, " ");
            add_word(vocabulary, word, len, lists[i].on, lists[i].value);
            word += len + (word[len] == ' ');
        }
    }
    for (size_t i = 0; i < sizeof(said_words) / sizeof(*said_words); i++) {
        uint32_t place = add_word(vocabulary, said_words[i].word, strlen(said_words[i].word), 0, 0);
        vocabulary->entries[place].said = (uint16_t)(i + 1);
    }
    add_phrases(vocabulary);
    assert(__stop_word_lists - __start_word_lists <= WORD_LISTS_MOST);
    for (const struct word_list *list = __start_word_lists; list < __stop_word_lists; list++)
        add_list(vocabulary, list);
    for (size_t i = 0; i < GLOSSARIES; i++)
        make_glossary(&gloss_tables[i], &vocabulary->arena, &vocabulary->glossaries[i]);
    return vocabulary;
}

/* Do the first words make the phrase? */
static bool is_phrase(const char *phrase, const struct word *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strncmp(phrase, words[i].lower, words[i].lower_len) != 0)
            return false;
        phrase += words[i].lower_len;
        if (*phrase != (i + 1 < count ? ' ' : '\0'))
            return false;
        phrase++;
    }
    return true;
}

const char *vocabulary_phrase(const struct vocabulary *vocabulary, const struct word *words, size_t count,
                              enum phrase_kind kind, size_t *ret_used)
{
    uint32_t hash = phrase_hash(kind);
    const char *found = NULL;

    if ((words->phrases >> kind & 1) == 0)
        return NULL;
    for (size_t used = 1; used <= PHRASE_WORDS && used <= count; used++) {
        if (used > 1 && words[used - 2].ends_sentence)
            break;
        hash = used > 1 ? phrase_hash_add(hash, " ", 1) : hash;
        hash = phrase_hash_add(hash, words[used - 1].lower, words[used - 1].lower_len);
        for (uint32_t place = phrase_place(hash); vocabulary->phrases[place] != 0;
             place = (place + 1) & (PHRASES_SIZE - 1)) {
            size_t i = vocabulary->phrases[place] - 1u;

            if (phrase_table[i].kind == kind && is_phrase(phrase_table[i].phrase, words, used)) {
                found = phrase_table[i].value;
                *ret_used = used;
                break;
            }
        }
    }
    return found;
}

const struct said_pattern *said_pattern(const struct word *word, size_t number)
{
    const struct said_word *said = word->said > 0 ? &said_words[word->said - 1] : NULL;

    return said && number < said->start_count ? &said_table[said_starts[said->start + number]] : NULL;
}

bool word_says(const struct word *word, int group)
{
    return word->said > 0 && (said_words[word->said - 1].groups[group / 64] >> (unsigned)group % 64 & 1) != 0;
}

void vocabulary_free(struct vocabulary *vocabulary)
{
    if (vocabulary == NULL)
        return;
    arena_free(&vocabulary->arena);
    free(vocabulary);
}

void word_look_up(const struct vocabulary *vocabulary, struct word *word)
{
    word->lists = word_on_no_list;
    if (word->lower_len == 0 || word->lower_len >= sizeof(vocabulary->entries[0].word))
        return;
    uint32_t place =
        place_of(vocabulary, word->lower, word->lower_len, hash_of(word->lower, word->lower_len));
    word->on = vocabulary->entries[place].on;
    word->said = vocabulary->entries[place].said;
    word->value = vocabulary->entries[place].value;
    word->phrases = vocabulary->entries[place].phrases;
    word->lists = vocabulary->entries[place].lists;
}

/* --- cutting ---- */

static bool is_inside(const char *text, size_t len, size_t i, bool parts_at_apostrophe)
{
    unsigned char c = (unsigned char)text[i];
    if (c >= 0x80 || is_digit(text[i]) || ((c | 32) >= 'a' && (c | 32) <= 'z'))
        return true;
    /* Signs hold a word together between letters and digits only. */
    if (i == 0 || i + 1 >= len || (c != '-' && c != '_' && c != '/' && c != '.' && c != ',' && c != '\''))
        return false;
    unsigned char before = (unsigned char)text[i - 1], after = (unsigned char)text[i + 1];
    if (c == '.' || c == ',' || c == '/')
        return isdigit(before) && isdigit(after);
    if (c == '\'' && parts_at_apostrophe)
        return isdigit(before) && isdigit(after);
    return isalnum(before) && isalnum(after);
}

/* Currency signs, dashes and quotes of more than one byte end words as spaces do. */
static size_t sign_len(const char *text, size_t text_len, size_t at, bool parts_at_apostrophe)
{
    const char *s = text + at;
    if ((unsigned char)*s < 0x80)
        return 0;
    size_t len = text_len - at;
    static const char *const signs[] = {"\u20ac", "\u00a3", "\u00a5", "\u20b9", "\u20bd", "\u20a9",
                                        "\u20ba", "\u2013", "\u2014", "\u00a0", "\u2019", "\u201c",
                                        "\u201d", "\u00ba", "\u00b0", "\u00ab", "\u00bb", "\u00bf",
                                        "\u00a1", "\u300c", "\u300d", "\u30fb", "\u2026", "\u201e"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        size_t sign = strlen(signs[i]);
        if (len >= sign && memcmp(s, signs[i], sign) == 0)
            return !parts_at_apostrophe && is_apostrophe(text, text_len, at) ? 0 : sign;
    }
    return 0;
}

/* Does a script without spaces begin or end between the letters, or a number in it? */
static bool script_changes(char before, char next)
{
    return ((unsigned char)before >= 0x80 && is_digit(next)) ||
           (is_digit(before) && (unsigned char)next >= 0xe0) || is_east(before) != is_east(next);
}

static bool ends_sentence(const char *s, size_t len)
{
    if (*s == '\n')
        return true;
    if (*s != '.' && *s != '!' && *s != '?' && *s != ';')
        return false;
    return len < 2 || isspace((unsigned char)s[1]) || s[1] == '.' || s[1] == '!' || s[1] == '?';
}

/* The English words of a phrase, all over its bytes. Returns the new count. */
static size_t put_english(const struct vocabulary *vocabulary, const struct word *first,
                          const struct word *last, const char *english, struct word *words, size_t count)
{
    size_t before = count;

    while (*english != '\0' && count < WORDS_MAX) {
        size_t len = strcspn(english, " ");
        struct word *word = &words[count++];

        *word = (struct word){
            .s = first->s, .len = (uint32_t)(last->s + last->len - first->s), .lower_len = (uint8_t)len};
        memcpy(word->lower, english, len);
        word_look_up(vocabulary, word);
        english += len + (english[len] == ' ');
    }
    if (count > 0)
        words[count - 1].ends_sentence =
            last->ends_sentence || (count == before && words[count - 1].ends_sentence);
    return count;
}

/* A word that the glossary lacks: English only where it cannot be anything else. */
static void look_up_foreign(const struct vocabulary *vocabulary, const struct glossary *glossary,
                            struct word *word)
{
    word_look_up(vocabulary, word);
    if (!glossary->latin || word->digits > 0 ||
        word_on(word, ON_SHARED | ON_CURRENCY | ON_NOT_ORDER_BEHIND) || word->lower_len >= WORD_LEN)
        return;
    memmove(word->lower + 1, word->lower, word->lower_len + 1u);
    word->lower[0] = '~';
    word->lower_len++;
    word_look_up(vocabulary, word);
}

static size_t to_english(const struct vocabulary *vocabulary, const struct glossary *glossary,
                         const struct word *raw, size_t raw_count, struct word *words)
{
    size_t count = 0;

    for (size_t i = 0, used; i < raw_count && count < WORDS_MAX; i += used) {
        const char *english = gloss_words(glossary, &raw[i], raw_count - i, &used);

        if (english != NULL) {
            count = put_english(vocabulary, &raw[i], &raw[i + used - 1], english, words, count);
            continue;
        }
        words[count] = raw[i];
        look_up_foreign(vocabulary, glossary, &words[count++]);
    }
    return count;
}

/* Cuts a run of letters without spaces at the glossary's phrases; what lies between is one word. */
static size_t cut_letters(const struct glossary *glossary, const char *s, size_t len, struct word *words,
                          size_t count)
{
    size_t begin = 0, used = 0;

    for (size_t i = 0; i <= len; i += used) {
        bool known = i < len && gloss_letters(glossary, s + i, len - i, &used) != NULL;
        size_t ends[] = {i, known ? i + used : i}; /* what is unknown before, and the phrase */

        for (int k = 0; (known || i == len) && k < 2; k++) {
            if (ends[k] > begin && count < WORDS_MAX) {
                struct word *word = &words[count++];

                *word = (struct word){
                    .s = s + begin, .len = (uint32_t)(ends[k] - begin), .lists = word_on_no_list};
                word->lower_len = (uint8_t)fold(word->s, word->len, word->lower);
                begin = ends[k];
            }
        }
        if (!known)
            used = i < len ? letter_len(s[i]) : 1;
    }
    return count;
}

static const struct glossary *glossary_of(const struct vocabulary *vocabulary, const char *language)
{
    size_t len = strcspn(language, "-");

    for (size_t i = 0; i < GLOSSARIES; i++) {
        const struct glossary *glossary = &vocabulary->glossaries[i];

        if (strlen(glossary->language) == len && memcmp(glossary->language, language, len) == 0)
            return glossary;
    }
    return NULL;
}

static size_t cut_raw(const struct glossary *glossary, const char *text, size_t len, struct word *words)
{
    bool parts = glossary != NULL && glossary->parts_at_apostrophe;
    size_t count = 0;

    for (size_t i = 0; i < len && count < WORDS_MAX;) {
        size_t sign = sign_len(text, len, i, parts), start = i;
        if (sign > 0 || !is_inside(text, len, i, parts)) {
            if (count > 0 && sign == 0 && ends_sentence(text + i, len - i))
                words[count - 1].ends_sentence = true;
            i += sign > 0 ? sign : 1;
            continue;
        }
        char last;
        uint16_t digits = 0;
        do {
            digits = (uint16_t)(digits + is_digit(text[i]));
            last = text[i];
            i += letter_len(last);
        } while (i < len && is_inside(text, len, i, parts) && !script_changes(last, text[i]) &&
                 sign_len(text, len, i, parts) == 0);
        i = i < len ? i : len;
        if (glossary != NULL && is_east(text[start])) {
            count = cut_letters(glossary, text + start, i - start, words, count);
            continue;
        }
        struct word *word = &words[count++];
        *word = (struct word){
            .s = text + start, .len = (uint32_t)(i - start), .digits = digits, .lists = word_on_no_list};
        word->lower_len = (uint8_t)fold(word->s, word->len, word->lower);
    }
    return count;
}

size_t words_cut(const struct vocabulary *vocabulary, const char *language, const char *text, size_t len,
                 struct arena *arena, struct word **ret_words)
{
    const struct glossary *glossary = glossary_of(vocabulary, language);
    size_t most = len / 2 + 1; /* a sign or a letter of two bytes at least is between two */
    struct word *raw = arena_alloc(arena, (most < WORDS_MAX ? most : WORDS_MAX) * sizeof(*raw));
    size_t count = cut_raw(glossary, text, len, raw);

    *ret_words = raw;
    if (glossary != NULL) {
        most = most * GLOSS_ENGLISH;
        most = most < WORDS_MAX ? most : WORDS_MAX;
        *ret_words = arena_alloc(arena, most * sizeof(*raw));
        return to_english(vocabulary, glossary, raw, count, *ret_words);
    }
    for (size_t i = 0; i < count; i++)
        word_look_up(vocabulary, &raw[i]);
    return count;
}
