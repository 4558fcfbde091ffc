#include "mail.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINES_OF_HEAD 4   /* "From:" must have "Sent:" or "To:" so near */
#define LONGEST_TAG 2000  /* bytes */
#define LONGEST_INTRO 300 /* bytes of "On ... wrote:" */

static bool begins(const char *s, size_t len, const char *with)
{
    /* Nearly all lines differ in the first letter. */
    if (len == 0 || (s[0] | 32) != (with[0] | 32))
        return false;
    size_t with_len = strlen(with);
    return len >= with_len && strncasecmp(s, with, with_len) == 0;
}

static bool begins_any(const char *s, size_t len, const char *const *with)
{
    for (; *with != NULL; with++) {
        if (begins(s, len, *with))
            return true;
    }
    return false;
}

static bool contains(const char *s, size_t len, const char *what)
{
    return memmem(s, len, what, strlen(what)) != NULL;
}

/* --- HTML --------------------------------------------------------------------------------------------------
 */

static const char *const tags[] = {
    "a",      "b",    "blockquote", "body",  "br",       "center", "code",  "div",   "em",     "font",
    "footer", "h1",   "h2",         "h3",    "h4",       "head",   "hr",    "html",  "i",      "img",
    "li",     "link", "meta",       "o:p",   "ol",       "p",      "pre",   "s",     "script", "section",
    "small",  "span", "strong",     "style", "sub",      "sup",    "table", "tbody", "td",     "th",
    "title",  "tr",   "u",          "ul",    "!doctype", "!--",    NULL};
static const char *const tags_of_lines[] = {"p",  "br", "div", "li", "tr",    "h1",         "h2", "h3",
                                            "h4", "td", "ul",  "ol", "table", "blockquote", NULL};
static const char *const tags_of_hidden[] = {"style", "script", "head", "title", "blockquote", NULL};

static const struct {
    const char *name, *text;
} references[] = {{"&nbsp;", " "},  {"&amp;", "&"}, {"&lt;", "<"},   {"&gt;", ">"},
                  {"&quot;", "\""}, {"&#39;", "'"}, {"&apos;", "'"}, {"&rsquo;", "'"}};

/* The tag's number in `list`, or -1; `s` is behind "<" or "</". */
static int tag_find(const char *s, size_t len, const char *const *list)
{
    for (int i = 0; list[i] != NULL; i++) {
        size_t name = strlen(list[i]);
        if (len > name && strncasecmp(s, list[i], name) == 0 && strchr("> /\t\r\n", s[name]) != NULL &&
            s[name] != '\0')
            return i;
        if (list[i][0] == '!' && len > name && strncasecmp(s, list[i], name) == 0)
            return i;
    }
    return -1;
}

/* The length of the HTML tag at `s`, or 0: "<3" and "<me@example.com>" are text. */
static size_t tag_len(const char *s, size_t len)
{
    size_t closing = len > 1 && s[1] == '/';
    if (len < 3 || tag_find(s + 1 + closing, len - 1 - closing, tags) < 0)
        return 0;
    const char *end = memchr(s, '>', len < LONGEST_TAG ? len : LONGEST_TAG);
    return end != NULL ? (size_t)(end - s) + 1 : 0;
}

/* Where the element that begins at `s` ends, if what it holds isn't the writer's text now; else just behind
 * its tag. */
static size_t hidden_len(const char *s, size_t len, size_t tag)
{
    int hidden = tag_find(s + 1, len - 1, tags_of_hidden);
    if (hidden < 0)
        return tag;
    char closing[16] = "</";
    strcat(closing, tags_of_hidden[hidden]);
    for (size_t i = tag; i + strlen(closing) < len; i++) {
        const char *next = memchr(s + i, '<', len - i);
        if (next == NULL)
            break;
        i = (size_t)(next - s);
        if (begins(next, len - i, closing))
            return i;
    }
    return len;
}

static size_t add_reference(const char *s, size_t len, struct buf *out)
{
    for (size_t i = 0; i < sizeof(references) / sizeof(*references); i++) {
        if (begins(s, len, references[i].name)) {
            buf_adds(out, references[i].text);
            return strlen(references[i].name);
        }
    }
    buf_addc(out, '&');
    return 1;
}

static void strip_html(const char *s, size_t len, struct buf *out)
{
    for (size_t i = 0; i < len;) {
        size_t tag = s[i] == '<' ? tag_len(s + i, len - i) : 0;
        if (tag > 0) {
            size_t closing = s[i + 1] == '/';
            bool line = tag_find(s + i + 1 + closing, len - i - 1 - closing, tags_of_lines) >= 0;
            i += hidden_len(s + i, len - i, tag);
            buf_addc(out, line ? '\n' : ' ');
        } else if (s[i] == '&') {
            i += add_reference(s + i, len - i, out);
        } else {
            size_t run = 1;
            while (i + run < len && s[i + run] != '<' && s[i + run] != '&')
                run++;
            buf_add(out, s + i, run);
            i += run;
        }
    }
}

/* --- lines -------------------------------------------------------------------------------------------------
 */

/* Heads of a mail that is quoted below, from its first word to its last. */
static const struct {
    const char *first, *last;
} intros[] = {
    {"On ", "wrote:"},         {"Am ", "schrieb"},     {"Le ", "crit :"},    {"Le ", "crit:"},
    {"El ", "escribi\u00f3:"}, {"Il ", "ha scritto:"}, {"Em ", "escreveu:"}, {"Op ", "schreef"},
    {"W dniu ", "pisze:"},     {"Dnia ", "napisa"},    {"Den ", "skrev"},    {"\u5728", "\u5199\u9053"},
};
static const char *const heads[] = {"From:",
                                    "Von:",
                                    "De :",
                                    "De:",
                                    "Da:",
                                    "Van:",
                                    "Od:",
                                    "Kimden:",
                                    "\u041e\u0442:",      /* ru: From */
                                    "\u0645\u0646:",      /* ar */
                                    "\u5dee\u51fa\u4eba", /* ja */
                                    "\ubcf4\ub0b8 ",      /* ko */
                                    "\ubcf4\ub0b8\uc0ac\ub78c",
                                    "Fra:",
                                    "Fr\u00e5n:",
                                    "\u53d1\u4ef6\u4eba",
                                    "\u5dee\u51fa\u4eba",
                                    NULL};
static const char *const heads_next[] = {"Sent:",
                                         "Date:",
                                         "To:",
                                         "Subject:",
                                         "Gesendet:",
                                         "Datum:",
                                         "An:",
                                         "Betreff:",
                                         "Envoy",
                                         "Enviado",
                                         "Inviato",
                                         "Verzonden",
                                         "Data:",
                                         "Para:",
                                         "Cc:",
                                         "Wys",
                                         "Do:",
                                         "\u53d1\u9001\u65f6\u95f4",
                                         "\u65e5\u671f",
                                         "\u65e5\u6642",
                                         "\u041e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e",
                                         "\u0414\u0430\u0442\u0430:",
                                         "\u041a\u043e\u043c\u0443:", /* ru: Sent, Date, To */
                                         "\u0422\u0435\u043c\u0430:", /* Subject */
                                         "G\u00f6nderme",
                                         "Tarih:",
                                         "Kime:",
                                         "Konu:",
                                         "\u9001\u4fe1\u65e5\u6642",
                                         "\u5b9b\u5148",
                                         "\u4ef6\u540d",
                                         "\ubcf4\ub0b8 \ub0a0\uc9dc",
                                         "\ubc1b\ub294 ",
                                         "\uc81c\ubaa9",
                                         "\u062a\u0627\u0631\u064a\u062e",
                                         "\u0625\u0644\u0649:",
                                         "\u0627\u0644\u0645\u0648\u0636\u0648\u0639",
                                         "\u0627\u0644\u062a\u0627\u0631\u064a\u062e",
                                         NULL};
static const char *const ends[] = {
    "-----Original",
    "----- Original",
    "---- Original",
    "----Original",
    "-----Urspr",
    "---------- Forwarded",
    "________________________________",
    "Begin forwarded message",
    "CONFIDENTIALITY",
    "This e-mail and any",
    "This email and any",
    "This message and any",
    "This e-mail is confidential",
    "This email is confidential",
    "This message is intended",
    "This message (including",
    "The information in this e",
    "The information contained in this",
    "Diese E-Mail enth",
    "Diese Nachricht ist vertraulich",
    "Ce message et toutes",
    "Ce message est confidentiel",
    "Este mensaje y sus",
    "Este mensaje es confidencial",
    "Este correo electr",
    "Esta mensagem",
    "Questo messaggio",
    "Le informazioni contenute in",
    "Dit bericht is",
    "De informatie in dit",
    "Ta wiadomo",
    "Tre\u015b\u0107 tej wiadomo",
    "Bu e-posta",
    "----- Mensaje original",
    "-----Mensaje original",
    "-----Message d'origine",
    "-----Messaggio originale",
    "-----Mensagem original",
    "-----Oorspronkelijk",
    "-----\u539f\u59cb\u90ae\u4ef6",
    "------------------ \u539f\u59cb\u90ae\u4ef6",
    "-----\u539f\u59cb\u4fe1\u4ef6",
    "-----Original Message-----",
    "-----\uc6d0\ubcf8",
    "-------- \u041f\u0435\u0440\u0435\u0441\u044b\u043b\u0430\u0435\u043c\u043e\u0435",
    "-----\u0418\u0441\u0445\u043e\u0434\u043d\u043e\u0435",
    "---------- Weitergeleitete",
    "---------- Mensaje reenviado",
    "---------- Message transf",
    "---------- Messaggio inoltrato",
    "---------- Mensagem encaminhada",
    "---------- Doorgestuurd",
    "---------- \u041f\u0435\u0440\u0435\u0441\u043b\u0430\u043d\u043d\u043e\u0435",
    "Disclaimer:",
    "DISCLAIMER",
    NULL};
static const char *const skipped[] = {"Sent from my",
                                      "Sent from Yahoo",
                                      "Sent from Mail",
                                      "Sent from Outlook",
                                      "Sent via",
                                      "Get Outlook for",
                                      "Von meinem iPhone",
                                      "Gesendet von",
                                      "Envoy\u00e9 de mon",
                                      "Enviado desde mi",
                                      "Inviato da iPhone",
                                      "Inviato dal mio",
                                      "Enviado do meu",
                                      "Verzonden vanaf",
                                      "Wys\u0142ane z",
                                      "Envoy\u00e9 depuis",
                                      "Envoy\u00e9 \u00e0 partir",
                                      "Enviado a partir",
                                      "Verstuurd vanaf",
                                      "Verstuurd via",
                                      "iPhone'umdan g",
                                      "iPhone\u2019umdan g",
                                      "\u041e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e \u0441",
                                      "\u53d1\u81ea\u6211\u7684",
                                      "\u5f9e\u6211\u7684",
                                      "\u6765\u81ea\u6211\u7684",
                                      "iPhone\u304b\u3089\u9001\u4fe1",
                                      "\ub098\uc758 iPhone",
                                      "\ub0b4 iPhone",
                                      "\u0623\u064f\u0631\u0633\u0644\u062a \u0645\u0646",
                                      "\u062a\u0645 \u0627\u0644\u0625\u0631\u0633\u0627\u0644 \u0645\u0646",
                                      NULL};

struct lines {
    const char *s, *end;
};

/* The next line without its end and the spaces around it. */
static bool next_line(struct lines *lines, const char **ret_line, size_t *ret_len)
{
    if (lines->s >= lines->end)
        return false;
    const char *line = lines->s;
    const char *end = memchr(line, '\n', (size_t)(lines->end - line));
    lines->s = end != NULL ? end + 1 : lines->end;
    end = end != NULL ? end : lines->end;
    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    while (end > line && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
        end--;
    *ret_line = line;
    *ret_len = (size_t)(end - line);
    return true;
}

/* "... <ann@example.com> ...:" in any language: an address and digits in a line that ends with a colon. */
static bool is_address_intro(const char *line, size_t len)
{
    const char *at = memchr(line, '@', len);
    bool colon = len > 0 && (line[len - 1] == ':' || (len > 3 && memcmp(line + len - 3, "\uff1a", 3) == 0));
    int digits = 0;

    for (size_t i = 0; i < len; i++)
        digits += line[i] >= '0' && line[i] <= '9';
    return at != NULL && colon && digits >= 3 && len <= LONGEST_INTRO && memchr(line, '<', len) != NULL;
}

/* "On Monday Ann <ann@example.com> wrote:", maybe broken over two lines */
static bool is_intro(const char *line, struct lines rest)
{
    size_t len = (size_t)(rest.s - line);
    for (size_t i = 0; i < sizeof(intros) / sizeof(*intros); i++) {
        if (!begins(line, len, intros[i].first))
            continue;
        const char *second;
        size_t second_len, whole = len;
        if (!contains(line, len, intros[i].last) && next_line(&rest, &second, &second_len))
            whole = (size_t)(second + second_len - line);
        const char *last = memmem(line, whole, intros[i].last, strlen(intros[i].last));
        if (last == NULL || whole > LONGEST_INTRO)
            continue;
        /* "On Monday he wrote: no" is no head: there is a date or an address in it, and nothing behind it. */
        const char *behind = last + strlen(intros[i].last);
        size_t left = (size_t)(line + whole - behind);
        bool numbered = false;
        for (const char *c = line; c < last; c++)
            numbered |= (*c >= '0' && *c <= '9') || *c == '@';
        if (numbered &&
            (left < 3 || memchr(behind, '\n', left < 4 ? left : 4) != NULL || contains(behind, left, ":")))
            return true;
    }
    return false;
}

static bool is_head(const char *line, size_t len, struct lines rest)
{
    while (len > 0 && (*line == '*' || *line == ' ')) { /* bold in text made from HTML */
        line++;
        len--;
    }
    if (!begins_any(line, len, heads))
        return false;
    for (int i = 0; i < LINES_OF_HEAD && next_line(&rest, &line, &len); i++) {
        if (begins_any(line, len, heads_next) ||
            (len > 0 && *line == '*' && begins_any(line + 1, len - 1, heads_next)))
            return true;
    }
    return false;
}

static bool is_signature(const char *line, size_t len)
{
    return len == 2 && line[0] == '-' && line[1] == '-';
}

static bool has_word(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)s[i] >= 0x80 || (s[i] >= '0' && s[i] <= '9') ||
            ((s[i] | 32) >= 'a' && (s[i] | 32) <= 'z'))
            return true;
    }
    return false;
}

static void keep_own_lines(const char *s, size_t len, struct buf *out)
{
    struct lines lines = {.s = s, .end = s + len};
    const char *line;
    size_t line_len;
    while (next_line(&lines, &line, &line_len)) {
        if (line_len == 0 || *line == '>' || begins_any(line, line_len, skipped))
            continue;
        if (is_signature(line, line_len) || begins_any(line, line_len, ends) || is_intro(line, lines) ||
            is_address_intro(line, line_len) || is_head(line, line_len, lines))
            break;
        buf_add(out, line, line_len);
        buf_addc(out, '\n');
    }
}

void mail_clean(const char *text, size_t len, struct buf *plain, struct buf *out)
{
    size_t before = out->len;
    if (memchr(text, '<', len) == NULL) {
        keep_own_lines(text, len, out);
    } else {
        buf_truncate(plain, 0);
        strip_html(text, len, plain);
        keep_own_lines(buf_text(plain), plain->len, out);
    }
    if (!has_word(buf_text(out) + before, out->len - before)) {
        buf_truncate(out, before);
        buf_add(out, text, len);
    }
}

const char *mail_subject(const char *subject)
{
    static const char *const marks[] = {
        "Re:", "Fwd:", "Fw:", "AW:", "WG:", "SV:", "RV:", "TR:", "Antw:", "Odp:", "YNT:", "RES:", NULL};
    for (bool again = true; again;) {
        again = false;
        while (*subject == ' ')
            subject++;
        for (const char *const *mark = marks; *mark != NULL && !again; mark++) {
            if (begins(subject, strlen(subject), *mark)) {
                subject += strlen(*mark);
                again = true;
            }
        }
    }
    return subject;
}
