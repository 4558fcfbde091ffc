#include "replyd/buf.h"

#include "mem.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#define BUF_FIRST ((size_t)256)

/* Makes room for `more` bytes and the NUL. */
static void buf_reserve(struct buf *buf, size_t more)
{
    size_t cap = buf->cap ? buf->cap : BUF_FIRST;

    if (more < buf->cap - buf->len) /* there is room, NUL included; 0 - 0 while there is nothing yet */
        return;
    if (more > SIZE_MAX / 4 - buf->len)
        mem_fail();
    while (cap - buf->len <= more)
        cap *= 2;
    buf->data = mem_resize(buf->data, cap);
    buf->cap = cap;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    buf_reserve(buf, len);
    if (len > 0)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void buf_adds(struct buf *buf, const char *s)
{
    buf_add(buf, s, strlen(s));
}

void buf_addc(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list args;
    size_t room;
    int len;

    buf_reserve(buf, 0);
    room = buf->cap - buf->len;
    va_start(args, format);
    len = vsnprintf(buf->data + buf->len, room, format, args);
    va_end(args);
    if (len >= 0 && (size_t)len >= room) {
        buf_reserve(buf, (size_t)len);
        va_start(args, format);
        len = vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
        va_end(args);
    }
    if (len > 0)
        buf->len += (size_t)len;
    buf->data[buf->len] = '\0';
}

void buf_truncate(struct buf *buf, size_t len)
{
    assert(len <= buf->len);
    buf->len = len;
    if (buf->data)
        buf->data[len] = '\0';
}

const char *buf_text(const struct buf *buf)
{
    return buf->data ? buf->data : "";
}

void buf_free(struct buf *buf)
{
    free(buf->data);
    *buf = (struct buf){0};
}
