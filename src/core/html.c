#include "replyd/html.h"

#include <string.h>

#define STYLE_BODY                                                                                           \
    "max-width:40em;margin:0 auto;padding:16px;color:#1a1a1a;background:#ffffff;"                            \
    "font:16px/1.6 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;overflow-wrap:anywhere"
#define STYLE_LIST "margin:0 0 1em;padding:0;padding-inline-start:1.4em"

bool html_rtl(const char *language)
{
    static const char *const rtl[] = {"ar", "fa", "he", "ur"};

    for (size_t i = 0; i < sizeof(rtl) / sizeof(*rtl); i++) {
        if (strncmp(rtl[i], language, 2) == 0 && (language[2] == '\0' || language[2] == '-'))
            return true;
    }
    return false;
}

static void add_escaped(struct buf *out, const char *text, size_t len)
{
    static const char *const entities[128] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};
    size_t plain = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c >= 128 || !entities[c])
            continue;
        buf_add(out, text + plain, i - plain);
        buf_adds(out, entities[c]);
        plain = i + 1;
    }
    buf_add(out, text + plain, len - plain);
}

static bool begins(const char *text, size_t len, const char *prefix)
{
    return len > strlen(prefix) && memcmp(text, prefix, strlen(prefix)) == 0;
}

/* The length of "Tracking page: ", a label of plain words and its colon; 0: none. */
static size_t label_len(const char *item, size_t len)
{
    static const char wide_colon[] = "\xef\xbc\x9a";
    size_t at = 0;

    while (at < len && !strchr("0123456789:,.;()<>\"\xef", item[at]))
        at++;
    if (begins(item + at, len - at, ":"))
        at++;
    else if (begins(item + at, len - at, wide_colon))
        at += strlen(wide_colon);
    else
        return 0;
    while (at < len && item[at] == ' ')
        at++;
    return at;
}

/* Where the web address begins that an item is about: behind its label, and up to the end. 0: the item is
 * none. */
static size_t item_url(const char *item, size_t len)
{
    size_t at = label_len(item, len);

    if (at == 0 || !(begins(item + at, len - at, "https://") || begins(item + at, len - at, "http://")))
        return 0;
    for (size_t i = at; i < len; i++) {
        if ((unsigned char)item[i] <= 0x20 || (unsigned char)item[i] >= 0x7f || strchr("<>\"'`", item[i]))
            return 0;
    }
    return at;
}

static void add_item(struct buf *out, const char *item, size_t len)
{
    size_t url = item_url(item, len);

    if (url == 0) {
        add_escaped(out, item, len);
        return;
    }
    add_escaped(out, item, url);
    buf_adds(out, "<a href=\"");
    add_escaped(out, item + url, len - url);
    buf_adds(out, "\">");
    add_escaped(out, item + url, len - url);
    buf_adds(out, "</a>");
}

enum block { BLOCK_NONE, BLOCK_PARAGRAPH, BLOCK_LIST };

static void close_block(struct buf *out, enum block block)
{
    static const char *const ends[] = {"", "</p>\n", "</li>\n</ul>\n"};

    buf_adds(out, ends[block]);
}

void html_draft(const char *language, const char *text, size_t len, struct buf *out)
{
    const char *end = text + len;
    enum block block = BLOCK_NONE;

    buf_adds(out, "<div lang=\"");
    add_escaped(out, language, strlen(language));
    buf_addf(out, "\" dir=\"%s\" style=\"%s\">\n", html_rtl(language) ? "rtl" : "ltr", STYLE_BODY);
    while (text < end) {
        const char *line_end = memchr(text, '\n', (size_t)(end - text));
        size_t line = (size_t)((line_end ? line_end : end) - text);
        bool item = line >= 2 && text[0] == '-' && text[1] == ' ';
        enum block wanted = line == 0 ? BLOCK_NONE : item ? BLOCK_LIST : BLOCK_PARAGRAPH;

        if (wanted != block) {
            close_block(out, block);
            if (wanted == BLOCK_PARAGRAPH)
                buf_adds(out, "<p style=\"margin:0 0 1em\">");
            else if (wanted == BLOCK_LIST)
                buf_adds(out, "<ul style=\"" STYLE_LIST "\">\n<li>");
        } else if (block == BLOCK_LIST) {
            buf_adds(out, "</li>\n<li>");
        } else if (block == BLOCK_PARAGRAPH) {
            buf_adds(out, "<br>\n");
        }
        block = wanted;
        if (item)
            add_item(out, text + 2, line - 2);
        else
            add_escaped(out, text, line);
        text += line + 1;
    }
    close_block(out, block);
    buf_adds(out, "</div>\n");
}
