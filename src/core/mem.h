/* mem.h - the one place that decides what happens without memory: the process ends (see arena.h). */
#ifndef REPLYD_CORE_MEM_H
#define REPLYD_CORE_MEM_H

#include <stdio.h>
#include <stdlib.h>

static inline _Noreturn void mem_fail(void)
{
    fputs("replyd: out of memory\n", stderr);
    abort();
}

/* realloc() that does not fail; `old` NULL makes a new piece. */
static inline void *mem_resize(void *old, size_t size)
{
    void *piece = realloc(old, size ? size : 1);

    if (!piece)
        mem_fail();
    return piece;
}

#endif
