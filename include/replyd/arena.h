/* arena.h - memory that is freed all at once.
 *
 * Every request owns one arena; what its steps make lives exactly as long as the request.
 * Running out of memory ends the process: nothing sensible can be answered then. */
#ifndef REPLYD_ARENA_H
#define REPLYD_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first; arena_reset() keeps the largest */
    char *next, *end;           /* the free part of the newest block */
};

/* Makes an empty arena; allocates nothing until the first use. `{0}` is the same. */
void arena_init(struct arena *arena);

/* Returns `size` bytes, 16-byte aligned, not cleared; never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* Like arena_alloc(), cleared to zero. */
void *arena_zalloc(struct arena *arena, size_t size);

/* Copies `len` bytes of `s` and ends them with NUL. */
char *arena_strndup(struct arena *arena, const char *s, size_t len);
char *arena_strdup(struct arena *arena, const char *s);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0), nonnull(2)));

/* Forgets everything, keeping one block for the next request: no malloc after warm-up. */
void arena_reset(struct arena *arena);

/* Gives all memory back; the arena is empty again and may be used. */
void arena_free(struct arena *arena);

#endif
