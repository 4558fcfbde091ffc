#include "text.h"

#include "../core/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#define NUMBER_LEN 5 /* longer numbers are all alike */

/* Where a code point goes. */
enum sort { SORT_GAP, SORT_LETTER, SORT_SCRIPT, SORT_DIGIT, SORT_SIGN, SORT_END, SORT_JOIN, SORT_DROP };

/* The writer of tokens: what it needs to know beyond the text. */
struct reader {
    struct text *text;
    const UNormalizer2 *nfkc_cf, *nfc;
    uint32_t last;     /* the last code point put, for composing; 0: none */
    bool upper, lower; /* seen in the word that is being read */
    bool paused;       /* a comma or its like since the last token */
    uint32_t repeated; /* times that `last` stands in a row */
};

uint32_t text_hash_word(const uint32_t *letters, size_t count)
{
    uint32_t hash = TEXT_HASH;
    for (size_t i = 0; i < count; i++)
        hash = text_hash(hash, letters[i]);
    return hash;
}

static enum sort sort_of_ascii(uint32_t c)
{
    if ((c | 32) >= 'a' && (c | 32) <= 'z')
        return SORT_LETTER;
    if (c >= '0' && c <= '9')
        return SORT_DIGIT;
    switch (c) {
    case '?':
    case '!':
    case '%':
    case '#':
    case '$':
        return SORT_SIGN;
    case '.':
    case '\n':
    case ';':
        return SORT_END;
    case '\'':
    case '`':
        return SORT_JOIN;
    default:
        return SORT_GAP;
    }
}

static enum script script_of(uint32_t c)
{
    if (c < 0x250 || (c >= 0x1e00 && c < 0x1f00))
        return SCRIPT_LATIN;
    if (c >= 0x400 && c < 0x530)
        return SCRIPT_CYRILLIC;
    if ((c >= 0x3041 && c <= 0x30ff) || (c >= 0x31f0 && c <= 0x31ff))
        return SCRIPT_KANA;
    if ((c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x20000 && c <= 0x3ffff) ||
        c == 0x3005)
        return SCRIPT_HAN;
    if ((c >= 0xac00 && c <= 0xd7a3) || (c >= 0x1100 && c <= 0x11ff))
        return SCRIPT_HANGUL;
    if ((c >= 0x600 && c <= 0x77f) || (c >= 0x8a0 && c <= 0x8ff))
        return SCRIPT_ARABIC;
    return SCRIPT_OTHER;
}

static enum sort sort_of(uint32_t c)
{
    if (c < 0x80)
        return sort_of_ascii(c);
    switch (c) {
    case 0x2019: /* right single quotation mark, the usual apostrophe of phones */
    case 0x2018:
    case 0x2bc:
    case 0xb4:
        return SORT_JOIN;
    case 0x3002: /* ideographic, Arabic and other ends */
    case 0xff61:
    case 0x6d4:
    case 0x2026:
    case 0x2028:
    case 0x2029:
        return SORT_END;
    case 0x61f:
    case 0xbf:
        return SORT_SIGN;
    case 0x640: /* Arabic tatweel only stretches a word */
        return SORT_DROP;
    default:
        break;
    }
    int8_t type = u_charType((UChar32)c);
    uint32_t mask = U_MASK(type);
    if (mask & U_GC_L_MASK) {
        switch (script_of(c)) {
        case SCRIPT_HAN:
        case SCRIPT_KANA:
        case SCRIPT_HANGUL:
            return SORT_SCRIPT;
        default:
            return (c >= 0xe00 && c < 0x0f00) || (c >= 0x1780 && c < 0x1800) ? SORT_SCRIPT : SORT_LETTER;
        }
    }
    if (mask & U_GC_M_MASK)
        return c >= 0xe00 && c < 0x0f00 ? SORT_SCRIPT : SORT_DROP;
    if (mask & U_GC_ND_MASK)
        return SORT_DIGIT;
    if (mask & (U_GC_SC_MASK | U_GC_SO_MASK | U_GC_SK_MASK))
        return SORT_SIGN;
    return SORT_GAP;
}

/* The letter without its accent, so that "où" and "ou", "größe" and "grosse", "أ" and "ا" meet. */
static uint32_t plain_of(const UNormalizer2 *nfc, uint32_t c)
{
    switch (c) {
    case 0x131: /* dotless i */
        return 'i';
    case 0xf8:
        return 'o';
    case 0x142:
        return 'l';
    case 0x111:
    case 0xf0:
        return 'd';
    case 0x153:
        return 'o';
    case 0xe6:
        return 'a';
    case 0x451: /* Cyrillic io */
        return 0x435;
    case 0x649: /* Arabic alef maksura, teh marbuta */
        return 0x64a;
    case 0x629:
        return 0x647;
    default:
        break;
    }
    bool accented = (c >= 0xc0 && c < 0x250) || (c >= 0x1e00 && c < 0x1f00) || (c >= 0x622 && c <= 0x626);
    for (int i = 0; accented && i < 3; i++) {
        UChar buffer[8];
        UErrorCode error = U_ZERO_ERROR;
        int32_t len = unorm2_getRawDecomposition(nfc, (UChar32)c, buffer, 8, &error);
        if (len < 1 || U_FAILURE(error))
            break;
        c = buffer[0];
    }
    return c;
}

uint32_t text_plain(uint32_t c)
{
    UErrorCode error = U_ZERO_ERROR;

    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c | 32u : c;
    if (U_MASK(u_charType((UChar32)c)) & U_GC_M_MASK || c == 0x640)
        return 0;
    c = plain_of(unorm2_getNFCInstance(&error), (uint32_t)u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT));
    return c >= 'A' && c <= 'Z' ? c | 32u : c;
}

static void put_letter(struct reader *reader, uint32_t plain, uint32_t marked)
{
    struct text *text = reader->text;
    if (text->letter_count == text->letter_cap) {
        text->letter_cap = text->letter_cap ? text->letter_cap * 2 : 512;
        text->plain = mem_resize(text->plain, text->letter_cap * sizeof(*text->plain));
        text->marked = mem_resize(text->marked, text->letter_cap * sizeof(*text->marked));
    }
    text->plain[text->letter_count] = plain;
    text->marked[text->letter_count++] = marked;
}

static struct token *put_token(struct reader *reader, enum token_kind kind)
{
    struct text *text = reader->text;
    if (text->token_count == text->token_cap) {
        text->token_cap = text->token_cap ? text->token_cap * 2 : 128;
        text->tokens = mem_resize(text->tokens, text->token_cap * sizeof(*text->tokens));
    }
    struct token *token = &text->tokens[text->token_count++];
    *token = (struct token){
        .start = (uint32_t)text->letter_count, .kind = (uint8_t)kind, .paused = reader->paused};
    reader->paused = false;
    return token;
}

/* The token that is still growing, or NULL. */
static struct token *open_token(const struct reader *reader, enum token_kind kind)
{
    struct text *text = reader->text;
    struct token *last = text->token_count > 0 ? &text->tokens[text->token_count - 1] : NULL;
    return last != NULL && last->kind == kind && last->hash == 0 ? last : NULL;
}

/* "5 stars" is not "1 star", but of longer numbers only the length matters. */
static void blur_number(struct text *text, struct token *token)
{
    token->len = token->len < NUMBER_LEN ? token->len : NUMBER_LEN;
    for (uint32_t i = 0; i < token->len; i++)
        text->plain[token->start + i] = '0';
}

/* Ends the growing token: its hash is known now. */
static void close_token(struct reader *reader)
{
    struct text *text = reader->text;
    struct token *last = text->token_count > 0 ? &text->tokens[text->token_count - 1] : NULL;
    if (last == NULL || last->hash != 0)
        return;
    last->len = (uint32_t)text->letter_count - last->start;
    if (last->kind == TOKEN_NUMBER && last->len > 1)
        blur_number(text, last);
    last->hash = text_hash_word(text->plain + last->start, last->len) | 1;
    last->shouted = last->kind == TOKEN_WORD && reader->upper && !reader->lower && last->len >= 3;
    reader->upper = reader->lower = false;
    reader->repeated = 0;
}

static void put_end(struct reader *reader)
{
    close_token(reader);
    struct text *text = reader->text;
    if (text->token_count == 0 || text->tokens[text->token_count - 1].kind == TOKEN_END)
        return;
    put_token(reader, TOKEN_END)->hash = 1;
}

static void put_sign(struct reader *reader, uint32_t c)
{
    close_token(reader);
    struct text *text = reader->text;
    if (c == 0x61f || c == 0xbf)
        c = '?';
    /* "!!!": the first one has ended the sentence. */
    size_t count = text->token_count;
    count -= count > 0 && text->tokens[count - 1].kind == TOKEN_END;
    const struct token *last = count > 0 ? &text->tokens[count - 1] : NULL;
    bool again = last != NULL && last->kind == TOKEN_SIGN && text->plain[last->start] == c;
    if (!again) {
        put_token(reader, TOKEN_SIGN);
        put_letter(reader, c, c);
        close_token(reader);
    }
    if (c == '?' || c == '!')
        put_end(reader);
}

static void begin_token(struct reader *reader, enum token_kind kind)
{
    close_token(reader);
    put_token(reader, kind);
}

/* A word keeps the digits behind its letters (a12); a number ends at its first letter (128 gb). */
static void put_digit(struct reader *reader, uint32_t c)
{
    struct token *token = open_token(reader, TOKEN_WORD);
    if (token == NULL && open_token(reader, TOKEN_NUMBER) == NULL)
        begin_token(reader, TOKEN_NUMBER);
    uint32_t digit = token != NULL ? '0' : '0' + (uint32_t)u_charDigitValue((UChar32)c);
    reader->repeated = 0;
    put_letter(reader, digit, digit);
}

static void put_folded(struct reader *reader, uint32_t c, enum token_kind kind)
{
    if (open_token(reader, kind) == NULL)
        begin_token(reader, kind);
    uint32_t plain = c < 0x80 ? c : plain_of(reader->nfc, c);
    reader->repeated = plain == reader->last && reader->repeated > 0 ? reader->repeated + 1 : 1;
    reader->last = plain;
    if (reader->repeated > 2) /* "sooooo" is "soo" */
        return;
    reader->text->scripts[script_of(c)]++;
    put_letter(reader, plain, c);
}

/* Joins a mark or a Hangul vowel to the letter before it. */
static bool compose(struct reader *reader, uint32_t c)
{
    struct text *text = reader->text;
    bool may = (c >= 0x300 && c < 0x370) || c == 0x3099 || c == 0x309a || (c >= 0x1161 && c < 0x1200) ||
               (c >= 0x653 && c <= 0x655);
    if (!may || text->letter_count == 0 || text->token_count == 0 ||
        text->tokens[text->token_count - 1].hash != 0)
        return false;
    UChar32 both = unorm2_composePair(reader->nfc, (UChar32)text->marked[text->letter_count - 1], (UChar32)c);
    if (both < 0)
        return false;
    text->marked[text->letter_count - 1] = (uint32_t)both;
    text->plain[text->letter_count - 1] = plain_of(reader->nfc, (uint32_t)both);
    return true;
}

static bool is_pause(uint32_t c)
{
    return c == ',' || c == ';' || c == ':' || c == 0x2013 || c == 0x2014 || c == 0x60c || c == 0x61b ||
           c == 0x3001;
}

static void put_code_point(struct reader *reader, uint32_t c)
{
    if (c >= 0x300 && compose(reader, c))
        return;
    switch (sort_of(c)) {
    case SORT_LETTER:
        put_folded(reader, c, TOKEN_WORD);
        break;
    case SORT_SCRIPT:
        put_folded(reader, c, TOKEN_SCRIPT);
        break;
    case SORT_DIGIT:
        put_digit(reader, c);
        break;
    case SORT_SIGN:
        put_sign(reader, c);
        break;
    case SORT_END:
        put_end(reader);
        break;
    case SORT_GAP:
        close_token(reader);
        reader->paused |= is_pause(c);
        break;
    case SORT_JOIN:
    case SORT_DROP:
        break;
    }
}

/* Scripts whose letters fold to themselves need not ask ICU. */
static bool folds_to_itself(uint32_t c)
{
    return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fe) ||
           (c >= 0xac00 && c <= 0xd7a3) || (c >= 0x430 && c <= 0x45f) || (c >= 0x627 && c <= 0x64a);
}

static void put_raw(struct reader *reader, uint32_t c)
{
    if (folds_to_itself(c)) {
        reader->lower = true;
        put_code_point(reader, c);
        return;
    }
    bool upper = u_isupper((UChar32)c);
    reader->upper |= upper;
    reader->lower |= !upper && u_islower((UChar32)c);
    UChar folded[32];
    UErrorCode error = U_ZERO_ERROR;
    int32_t len = unorm2_getDecomposition(reader->nfkc_cf, (UChar32)c, folded, 32, &error);
    if (len < 0 || U_FAILURE(error)) {
        put_code_point(reader, c);
        return;
    }
    for (int32_t i = 0; i < len;) {
        UChar32 part;
        U16_NEXT(folded, i, len, part);
        put_code_point(reader, (uint32_t)part);
    }
}

/* Signs that no address holds. */
static bool ends_link(char c)
{
    return (unsigned char)c <= ' ' || c == '<' || c == '>' || c == '"' || c == '(' || c == ')' || c == '[' ||
           c == ']' || c == '|';
}

/* The length of a web or mail address that begins at `s`, or 0. */
static size_t link_len(const char *s, size_t len)
{
    size_t end = 0, at = 0, dots = 0;
    while (end < len && !ends_link(s[end])) {
        if (s[end] == '@')
            at = end;
        if (s[end] == '.' && end > 0 && end + 1 < len && (s[end + 1] | 32) >= 'a' && (s[end + 1] | 32) <= 'z')
            dots += end > at;
        end++;
    }
    bool web = (end > 10 && strncasecmp(s, "http", 4) == 0 && memmem(s, end, "://", 3) != NULL) ||
               (end > 6 && strncasecmp(s, "www.", 4) == 0);
    bool mail = at > 0 && dots > 0 && end - at > 3;
    return web || mail ? end : 0;
}

static void put_link(struct reader *reader)
{
    close_token(reader);
    put_token(reader, TOKEN_LINK);
    put_letter(reader, '@', '@');
    close_token(reader);
}

/* The code point at `*at`, which moves behind it. A byte that begins none is one 0xfffd. */
static uint32_t decode(const char *s, size_t len, size_t *at)
{
    const unsigned char *u = (const unsigned char *)s + *at;
    size_t left = len - *at, more = *u >= 0xf0 ? 3 : *u >= 0xe0 ? 2 : 1;
    uint32_t least = more == 3 ? 0x10000 : more == 2 ? 0x800 : 0x80;
    uint32_t c = *u & (0x3fu >> more);
    bool valid = *u >= 0xc2 && *u <= 0xf4 && left > more;
    for (size_t i = 1; valid && i <= more; i++) {
        valid = (u[i] & 0xc0) == 0x80;
        c = c << 6 | (u[i] & 0x3f);
    }
    valid = valid && c >= least && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
    *at += valid ? more + 1 : 1;
    return valid ? c : 0xfffd;
}

/* "l'article" is two words, "don't" is one: what follows the apostrophe tells. */
static bool parts_words(const char *s, size_t len)
{
    for (size_t i = 0; i < 3; i++) {
        if (i >= len || !((unsigned char)s[i] >= 0x80 || ((s[i] | 32) >= 'a' && (s[i] | 32) <= 'z')))
            return false;
    }
    return true;
}

/* An end only where a space follows: not in 39.90 or file.txt. */
static bool inside_word(const char *s, size_t len)
{
    return len > 0 && (unsigned char)s[0] > ' ' && s[0] != '.';
}

static bool word_begins(const char *s, size_t i)
{
    return i == 0 || ends_link(s[i - 1]);
}

void text_read(struct text *text, const char *s, size_t len)
{
    UErrorCode error = U_ZERO_ERROR;
    struct reader reader = {.text = text,
                            .nfkc_cf = unorm2_getNFKCCasefoldInstance(&error),
                            .nfc = unorm2_getNFCInstance(&error)};
    text->letter_count = text->token_count = 0;
    memset(text->scripts, 0, sizeof(text->scripts));
    size_t count = 0;
    for (size_t i = 0; i < len && count < TEXT_MAX; count++) {
        unsigned char byte = (unsigned char)s[i];
        size_t link = byte > ' ' && byte < 0x80 && word_begins(s, i) ? link_len(s + i, len - i) : 0;
        if (link > 0) {
            put_link(&reader);
            i += link;
            continue;
        }
        uint32_t c = byte < 0x80 ? byte : decode(s, len, &i);
        i += byte < 0x80;
        if ((c == '.' && inside_word(s + i, len - i)) ||
            ((c == '\'' || c == 0x2019) && parts_words(s + i, len - i))) {
            close_token(&reader);
        } else if (c < 0x80) {
            bool upper = c >= 'A' && c <= 'Z';
            reader.upper |= upper;
            reader.lower |= c >= 'a' && c <= 'z';
            put_code_point(&reader, upper ? c | 32u : c);
        } else {
            put_raw(&reader, c);
        }
    }
    put_end(&reader);
}

/* What stands for a sign of another script, or NULL. */
static const char *plain_sign(uint32_t c)
{
    switch (c) {
    case 0x3002: /* ideographic full stop */
    case 0xff61:
    case 0x6d4:
        return ". ";
    case 0xff0c: /* commas */
    case 0x3001:
    case 0x60c:
        return ", ";
    case 0xff1f:
    case 0x61f:
        return "? ";
    case 0xff01:
        return "! ";
    case 0xff1b:
    case 0x61b:
        return "; ";
    case 0xff1a:
        return ": ";
    case 0x3000: /* ideographic space */
        return " ";
    case 0x66b: /* Arabic decimal and thousands separators */
        return ".";
    case 0x66c:
        return ",";
    default:
        return NULL;
    }
}

size_t text_plain_signs(char *s, size_t len)
{
    size_t out = 0;

    for (size_t i = 0; i < len;) {
        if ((unsigned char)s[i] < 0x80) {
            s[out++] = s[i++];
            continue;
        }
        size_t begin = i;
        uint32_t c = decode(s, len, &i);
        const char *sign = plain_sign(c);
        int digit = c >= 0x660 ? u_charDigitValue((UChar32)c) : -1;

        if (sign != NULL) {
            while (*sign != '\0')
                s[out++] = *sign++;
        } else if (digit >= 0) {
            s[out++] = (char)('0' + digit);
        } else if (c > 0xff01 && c < 0xff5f) {
            s[out++] = (char)(c - 0xff01 + '!');
        } else {
            memmove(s + out, s + begin, i - begin);
            out += i - begin;
        }
    }
    return out;
}

void text_free(struct text *text)
{
    free(text->plain);
    free(text->marked);
    free(text->tokens);
    *text = (struct text){0};
}
