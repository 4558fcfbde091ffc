#include "words.h"

#define WORDS_GEN_TABLES
#include "words_gen.h"

#include "../core/mem.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

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
    {ON_NEAR_DAY, 9, "yesterday"},
    {ON_NEAR_DAY, 10, "today tonight"},
    {ON_NEAR_DAY, 11, "tomorrow tmrw"},
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

struct vocabulary {
    struct {
        char word[24];
        uint32_t hash; /* 0: free */
        uint32_t on;
        uint16_t said;
        uint8_t value;
    } entries[TABLE_SIZE];
    size_t count;
    uint16_t phrases[PHRASES_SIZE]; /* 1 + place in phrase_table; 0: free */
};

static uint32_t hash_of(const char *word, size_t len)
{
    uint32_t hash = 0x811c9dc5u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)word[i]) * 0x01000193u;
    return hash | 1;
}

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
static uint32_t add_word(struct vocabulary *vocabulary, const char *word, size_t len, uint32_t on,
                         uint8_t value)
{
    uint32_t hash = hash_of(word, len), place = place_of(vocabulary, word, len, hash);
    if (vocabulary->entries[place].hash == 0) {
        vocabulary->count++;
        assert(vocabulary->count * 2 <= TABLE_SIZE);
    }
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
        uint32_t place =
            phrase_place(phrase_hash_add(phrase_hash(phrase_table[i].kind), phrase, strlen(phrase)));

        while (vocabulary->phrases[place] != 0)
            place = (place + 1) & (PHRASES_SIZE - 1);
        vocabulary->phrases[place] = (uint16_t)(i + 1);
        add_word(vocabulary, phrase, strcspn(phrase, " "), ON_PHRASE, 0);
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
    free(vocabulary);
}

void word_look_up(const struct vocabulary *vocabulary, struct word *word)
{
    if (word->lower_len == 0 || word->lower_len >= sizeof(vocabulary->entries[0].word))
        return;
    uint32_t place =
        place_of(vocabulary, word->lower, word->lower_len, hash_of(word->lower, word->lower_len));
    word->on = vocabulary->entries[place].on;
    word->said = vocabulary->entries[place].said;
    word->value = vocabulary->entries[place].value;
}

bool word_listed(const struct word *word, const char *list)
{
    char key[WORD_LEN + 3];

    key[0] = ' ';
    memcpy(key + 1, word->lower, word->lower_len);
    memcpy(key + 1 + word->lower_len, " ", 2);
    return strstr(list, key) != NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_inside(const char *text, size_t len, size_t i)
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
    return isalnum(before) && isalnum(after);
}

#define APOSTROPHE "\u2019" /* the phones' */

/* A quotation mark between letters is an apostrophe. */
static bool is_apostrophe(const char *text, size_t len, size_t i)
{
    return i > 0 && i + 3 < len && memcmp(text + i, APOSTROPHE, 3) == 0 &&
           isalpha((unsigned char)text[i - 1]) && isalpha((unsigned char)text[i + 3]);
}

/* Currency signs, dashes and quotes of more than one byte end words as spaces do. */
static size_t sign_len(const char *text, size_t text_len, size_t at)
{
    const char *s = text + at;
    if ((unsigned char)*s < 0x80)
        return 0;
    size_t len = text_len - at;
    static const char *const signs[] = {"\u20ac", "\u00a3", "\u00a5", "\u20b9", "\u20bd", "\u20a9", "\u20ba",
                                        "\u2013", "\u2014", "\u00a0", "\u2019", "\u201c", "\u201d", "\uff03",
                                        "\uff1a", "\u3002", "\uff0c", "\u00ba", "\u00b0"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        size_t sign = strlen(signs[i]);
        if (len >= sign && memcmp(s, signs[i], sign) == 0)
            return is_apostrophe(text, text_len, at) ? 0 : sign;
    }
    return 0;
}

/* True if a script without spaces changes to or from digits between the two bytes. */
static bool script_changes(const char *s)
{
    return ((unsigned char)s[-1] >= 0x80 && is_digit(s[0])) ||
           (is_digit(s[-1]) && (unsigned char)s[0] >= 0xe0);
}

static bool ends_sentence(const char *s, size_t len)
{
    if (*s == '\n')
        return true;
    if (*s != '.' && *s != '!' && *s != '?' && *s != ';')
        return false;
    return len < 2 || isspace((unsigned char)s[1]) || s[1] == '.' || s[1] == '!' || s[1] == '?';
}

static void lower_word(struct word *word)
{
    size_t out = 0;
    for (uint32_t i = 0; i < word->len && out < WORD_LEN; i++) {
        char c = word->s[i];
        if (i + 3 < word->len && memcmp(word->s + i, APOSTROPHE, 3) == 0)
            i += 2;
        else if (c != '\'')
            word->lower[out++] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
    }
    word->lower[out] = '\0';
    word->lower_len = (uint8_t)out;
}

size_t words_cut(const struct vocabulary *vocabulary, const char *text, size_t len, struct word *words)
{
    size_t count = 0, most = words_most(len);
    for (size_t i = 0; i < len && count < most;) {
        size_t sign = sign_len(text, len, i);
        if (sign > 0 || !is_inside(text, len, i)) {
            if (count > 0 && sign == 0 && ends_sentence(text + i, len - i))
                words[count - 1].ends_sentence = true;
            i += sign > 0 ? sign : 1;
            continue;
        }
        struct word *word = &words[count++];
        word->s = text + i;
        word->on = word->digits = word->said = word->value = 0;
        word->taken = word->ends_sentence = false;
        do {
            word->digits = (uint16_t)(word->digits + is_digit(text[i]));
            i++;
        } while (i < len && is_inside(text, len, i) && !script_changes(text + i) &&
                 sign_len(text, len, i) == 0);
        word->len = (uint32_t)(text + i - word->s);
        lower_word(word);
        word_look_up(vocabulary, word);
    }
    return count;
}
