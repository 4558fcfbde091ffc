/* mustache.h - Mustache (mustache.github.io/mustache.5), parsed once, rendered into a buf.
 *
 * The spec's suites comments, delimiters, interpolation, inverted, partials and sections pass whole. */
#ifndef REPLYD_MUSTACHE_H
#define REPLYD_MUSTACHE_H

#include "replyd/buf.h"
#include "replyd/value.h"

enum mustache_kind {
    MUSTACHE_TEXT,     /* text, len */
    MUSTACHE_VARIABLE, /* {{name}} */
    MUSTACHE_RAW,      /* {{{name}}} and {{&name}} */
    MUSTACHE_SECTION,  /* {{#name}} children */
    MUSTACHE_INVERTED, /* {{^name}} children */
    MUSTACHE_PARTIAL,  /* {{>name}} with its indentation */
};

/* One node of a parsed template. Everything lives in the arena given to mustache_parse(). */
struct mustache_node {
    enum mustache_kind kind;
    const char *text; /* the text, the name as written, or for "." "." */
    size_t len;
    int line;           /* 1-based, in the source */
    const char *indent; /* of a standalone partial, "" else */
    struct mustache_node *children, *next;
    int slot;         /* for the user: a fact's number; -1 after parsing */
    int aux;          /* for the user: e.g. which flag of a fact is meant; 0 after parsing */
    const void *user; /* for the user: e.g. the partial's nodes; NULL after parsing */
};

/* Parses `len` bytes. 0 and the first node (NULL for an empty template), or -1 and a message with the line:
 * an unclosed tag or section, a stray close, bad delimiters, nested deeper than 50. */
int mustache_parse(struct arena *arena, const char *source, size_t len, struct mustache_node **ret_first,
                   char ret_error[static 200]);

/* Finds a partial: its nodes, or NULL for an unknown one (renders as nothing). */
typedef const struct mustache_node *mustache_partial_fn(const char *name, size_t len, void *arg);

/* Renders against plain data, HTML-escaping {{variables}}, as the specification says. This is the conformance
 * runner's and the previews' entry; drafts are rendered by compose.c, which walks the same nodes over facts.
 * Sections test truth as logic_truthy() does. Partials go 20 deep; after a million nodes or 4 MiB it stops.
 */
void mustache_render(const struct mustache_node *first, const struct value *data,
                     mustache_partial_fn *partial, void *arg, struct buf *out);

#endif
