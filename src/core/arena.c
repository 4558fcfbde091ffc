#include "replyd/arena.h"

#include "mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
/* What is not handed out is poisoned, and pieces have a gap between them: the sanitizer sees an overrun
 * inside an arena as well as one outside of it. */
#include <sanitizer/asan_interface.h>
#define arena_poison(at, size) ASAN_POISON_MEMORY_REGION(at, size)
#define arena_unpoison(at, size) ASAN_UNPOISON_MEMORY_REGION(at, size)
#define ARENA_GAP 16
#else
#define arena_poison(at, size) ((void)0)
#define arena_unpoison(at, size) ((void)0)
#define ARENA_GAP 0
#endif

#define ARENA_ALIGN 16
#define ARENA_FIRST ((size_t)16 * 1024)
/* Blocks double up to this, and arena_reset() keeps none that is larger: one huge request must not hold its
 * memory for ever. */
#define ARENA_LARGEST ((size_t)1024 * 1024)

struct arena_block {
    struct arena_block *older;
    size_t size; /* of data */
    _Alignas(ARENA_ALIGN) char data[];
};

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

/* Makes all of the newest block free. */
static void arena_rewind(struct arena *arena)
{
    struct arena_block *block = arena->blocks;

    arena->next = block->data;
    arena->end = block->data + block->size;
    arena_poison(block->data, block->size);
}

static void arena_grow(struct arena *arena, size_t size)
{
    size_t want = arena->blocks ? arena->blocks->size * 2 : ARENA_FIRST;
    struct arena_block *block;

    if (want > ARENA_LARGEST)
        want = ARENA_LARGEST;
    if (want < size)
        want = size;
    block = mem_resize(NULL, sizeof(*block) + want);
    block->size = want;
    block->older = arena->blocks;
    arena->blocks = block;
    arena_rewind(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t padded;
    void *piece;

    if (size > SIZE_MAX / 2)
        mem_fail(); /* a size gone wrong */
    padded = (size + ARENA_GAP + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (!arena->blocks || padded > (size_t)(arena->end - arena->next))
        arena_grow(arena, padded);
    piece = arena->next;
    arena->next += padded;
    arena_unpoison(piece, size);
    return piece;
}

void *arena_zalloc(struct arena *arena, size_t size)
{
    return memset(arena_alloc(arena, size), 0, size);
}

char *arena_strndup(struct arena *arena, const char *s, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);

    if (len > 0)
        memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *s)
{
    return arena_strndup(arena, s, strlen(s));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0) /* only a text of more than 2 GiB */
        return arena_strndup(arena, "", 0);

    char *text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, args);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

static void arena_block_free(struct arena_block *block)
{
    arena_unpoison(block->data, block->size);
    free(block);
}

/* Keeps the largest block: requests that need several get along with one after a few rounds. */
void arena_reset(struct arena *arena)
{
    struct arena_block *kept = NULL;

    for (struct arena_block *block = arena->blocks, *older; block; block = older) {
        struct arena_block *spare = block;

        older = block->older;
        if (block->size <= ARENA_LARGEST && (!kept || block->size > kept->size)) {
            spare = kept;
            kept = block;
        }
        if (spare)
            arena_block_free(spare);
    }
    arena_init(arena);
    if (!kept)
        return;
    kept->older = NULL;
    arena->blocks = kept;
    arena_rewind(arena);
}

void arena_free(struct arena *arena)
{
    for (struct arena_block *block = arena->blocks, *older; block; block = older) {
        older = block->older;
        arena_block_free(block);
    }
    arena_init(arena);
}
