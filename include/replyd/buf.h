/* buf.h - a growing run of bytes, always ended by a NUL that `len` does not count. */
#ifndef REPLYD_BUF_H
#define REPLYD_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
    char *data; /* NULL while empty and never grown */
    size_t len, cap;
};

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_adds(struct buf *buf, const char *s);
void buf_addc(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes the length `len`, which is at most the present one. */
void buf_truncate(struct buf *buf, size_t len);

/* The text, "" while empty. */
const char *buf_text(const struct buf *buf);

void buf_free(struct buf *buf);

#endif
