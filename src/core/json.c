#include "replyd/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool json_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What was written last tells whether a comma is due, so the writer needs no state: a complete value ends
 * with a quote, a bracket, a digit or a letter. After white space a text of its own begins (a head, a line of
 * NDJSON). */
static void json_comma(struct buf *out)
{
    char last = out->len > 0 ? out->data[out->len - 1] : '\n';

    if (!json_is_space(last) && !strchr("{[,:", last))
        buf_addc(out, ',');
}

static void json_literal(struct buf *out, const char *text, size_t len)
{
    json_comma(out);
    buf_add(out, text, len);
}

void json_object_begin(struct buf *out)
{
    json_literal(out, "{", 1);
}

void json_object_end(struct buf *out)
{
    buf_addc(out, '}');
}

void json_array_begin(struct buf *out)
{
    json_literal(out, "[", 1);
}

void json_array_end(struct buf *out)
{
    buf_addc(out, ']');
}

void json_put_null(struct buf *out)
{
    json_literal(out, "null", 4);
}

void json_put_bool(struct buf *out, bool value)
{
    if (value)
        json_literal(out, "true", 4);
    else
        json_literal(out, "false", 5);
}

/* printf() is a tenth of an answer's cost when every number goes through it. */
static size_t json_digits(int64_t value, char ret_text[static 24])
{
    char backwards[24];
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
    size_t count = 0, len = 0;

    do {
        backwards[count++] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (value < 0)
        ret_text[len++] = '-';
    while (count > 0)
        ret_text[len++] = backwards[--count];
    ret_text[len] = '\0';
    return len;
}

void json_put_int(struct buf *out, int64_t value)
{
    char text[24];

    json_literal(out, text, json_digits(value, text));
}

size_t json_number(double value, char ret_text[static JSON_NUMBER_SIZE])
{
    int len = 0;

    if (!isfinite(value))
        return (size_t)snprintf(ret_text, JSON_NUMBER_SIZE, "null");
    if (value == 0)
        value = 0; /* people need no "-0" */
    if (value == trunc(value) && fabs(value) < 0x1p53)
        return json_digits((int64_t)value, ret_text);
    if (value == trunc(value) && fabs(value) < 1e21)
        return (size_t)snprintf(ret_text, JSON_NUMBER_SIZE, "%.0f", value);
    for (int digits = 15; digits <= 17; digits++) {
        len = snprintf(ret_text, JSON_NUMBER_SIZE, "%.*g", digits, value);
        if (strtod(ret_text, NULL) == value)
            break;
    }
    return (size_t)len;
}

void json_put_double(struct buf *out, double value)
{
    char text[JSON_NUMBER_SIZE];

    json_literal(out, text, json_number(value, text));
}

/* The length of the valid UTF-8 sequence of more than one byte at `s`, 0 if there is none: overlong forms,
 * surrogates and what is beyond U+10FFFF are not valid. */
static size_t json_utf8_len(const unsigned char *s, size_t left)
{
    static const struct {
        unsigned char first, last, low, high; /* of the lead byte, of the byte after it */
        size_t len;
    } forms[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        size_t len = forms[i].len;

        if (s[0] < forms[i].first || s[0] > forms[i].last)
            continue;
        if (left < len || s[1] < forms[i].low || s[1] > forms[i].high)
            return 0;
        for (size_t at = 2; at < len; at++) {
            if ((s[at] & 0xc0) != 0x80)
                return 0;
        }
        return len;
    }
    return 0;
}

static void json_escape(struct buf *out, unsigned char c)
{
    static const char short_forms[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};

    if (c == '"' || c == '\\')
        buf_add(out, (char[]){'\\', (char)c}, 2);
    else if (c < sizeof(short_forms) && short_forms[c])
        buf_add(out, (char[]){'\\', short_forms[c]}, 2);
    else
        buf_addf(out, "\\u%04x", c);
}

/* The bytes from `at` on that can be copied as they are. */
static size_t json_plain_run(const unsigned char *s, size_t at, size_t len)
{
    size_t start = at;

    for (;;) {
        while (at < len && s[at] < 0x80 && s[at] >= 0x20 && s[at] != '"' && s[at] != '\\')
            at++;
        size_t step = at < len && s[at] >= 0x80 ? json_utf8_len(s + at, len - at) : 0;

        if (step == 0)
            return at - start;
        at += step;
    }
}

static void json_quote(struct buf *out, const char *text, size_t len)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t at = 0;

    buf_addc(out, '"');
    while (at < len) {
        size_t run = json_plain_run(s, at, len);

        buf_add(out, s + at, run);
        at += run;
        if (at == len)
            break;
        if (s[at] < 0x80)
            json_escape(out, s[at]);
        else
            buf_adds(out, "\xef\xbf\xbd"); /* U+FFFD */
        at++;
    }
    buf_addc(out, '"');
}

void json_key(struct buf *out, const char *key)
{
    json_comma(out);
    buf_addc(out, '"');
    buf_adds(out, key); /* ours: nothing to escape */
    buf_add(out, "\":", 2);
}

void json_put_stringn(struct buf *out, const char *s, size_t len)
{
    if (!s) {
        json_put_null(out);
        return;
    }
    json_comma(out);
    json_quote(out, s, len);
}

void json_put_string(struct buf *out, const char *s)
{
    json_put_stringn(out, s, s ? strlen(s) : 0);
}

void json_put_raw(struct buf *out, const char *json, size_t len)
{
    while (len > 0 && json_is_space(json[len - 1])) /* json_comma() looks at the last byte */
        len--;
    if (len > 0)
        json_literal(out, json, len);
    else
        json_put_null(out);
}

void json_kstring(struct buf *out, const char *key, const char *value)
{
    json_key(out, key);
    json_put_string(out, value);
}

void json_kint(struct buf *out, const char *key, int64_t value)
{
    json_key(out, key);
    json_put_int(out, value);
}

void json_kbool(struct buf *out, const char *key, bool value)
{
    json_key(out, key);
    json_put_bool(out, value);
}

void json_knull(struct buf *out, const char *key)
{
    json_key(out, key);
    json_put_null(out);
}
