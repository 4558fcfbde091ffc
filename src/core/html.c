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

/* The length of a web address that begins here, without the point or bracket that ends its sentence; 0: none.
 */
static size_t url_len(const char *text, size_t len)
{
    size_t scheme = len > 8 && memcmp(text, "https://", 8) == 0  ? 8
                    : len > 7 && memcmp(text, "http://", 7) == 0 ? 7
                                                                 : 0;
    size_t end = scheme;

    if (scheme == 0)
        return 0;
    while (end < len && (unsigned char)text[end] > 0x20 && (unsigned char)text[end] < 0x7f &&
           !strchr("<>\"'`", text[end]))
        end++;
    while (end > scheme && strchr(".,;:!?)]", text[end - 1]))
        end--;
    return end > scheme ? end : 0;
}

static void add_line(struct buf *out, const char *line, size_t len)
{
    size_t plain = 0;

    for (size_t i = 0; i < len; i++) {
        size_t url = line[i] == 'h' ? url_len(line + i, len - i) : 0;

        if (url == 0)
            continue;
        add_escaped(out, line + plain, i - plain);
        buf_adds(out, "<a href=\"");
        add_escaped(out, line + i, url);
        buf_adds(out, "\">");
        add_escaped(out, line + i, url);
        buf_adds(out, "</a>");
        plain = i + url;
        i = plain - 1;
    }
    add_escaped(out, line + plain, len - plain);
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
        add_line(out, item ? text + 2 : text, item ? line - 2 : line);
        text += line + 1;
    }
    close_block(out, block);
    buf_adds(out, "</div>\n");
}
