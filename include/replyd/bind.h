/* bind.h - ties the names in a parsed template to facts, once, when the playbook is loaded.
 *
 * What a bound node holds, beside what mustache.h says:
 *   slot   the fact's number; with a level, the field's number in its list; of a partial: unused
 *   aux    BIND_... below, packed
 *   user   of a partial: what bind_partial_nodes() reads; of {{> issue}} slot is BIND_ISSUE, of {{> also}}
 * BIND_ALSO
 *
 * Names: a fact's path, or inside a list's section a field's name; in a section with a flag behind it:
 *   word   each of its words         {{#shipment.state.departed}}
 *   count  zero one two few many other (ICU's plural category), single (1), several (more)
 *   list   single, several */
#ifndef REPLYD_BIND_H
#define REPLYD_BIND_H

#include "replyd/facts.h"
#include "replyd/mustache.h"

#define BIND_DEPTH 4 /* list sections in each other */
#define BIND_ISSUE (-2)
#define BIND_ALSO (-3)

enum bind_flag { BIND_NONE, BIND_WORD, BIND_PLURAL, BIND_SINGLE, BIND_SEVERAL };
enum plural { PLURAL_ZERO, PLURAL_ONE, PLURAL_TWO, PLURAL_FEW, PLURAL_MANY, PLURAL_OTHER, PLURAL_COUNT };
extern const char *const plural_names[]; /* NULL-ended */

static inline int bind_aux(enum bind_flag flag, int index, int level)
{
    return index | flag << 8 | level << 12;
}

static inline int bind_index(const struct mustache_node *node) /* of the word or plural */
{
    return node->aux & 0xff;
}

static inline enum bind_flag bind_flag(const struct mustache_node *node)
{
    return node->aux >> 8 & 0xf;
}

/* 0: a fact; n: a field of the n-th list, from outside */
static inline int bind_level(const struct mustache_node *node)
{
    return node->aux >> 12;
}

struct binder {
    struct arena *arena;
    bool for_people; /* a draft: words, flags and lists can't be printed, {{{ }}} and {{& }} are refused */
    const char *language; /* of partials; NULL: none may be used */
    bool flat;            /* no list stands in another: what is written stays in proportion to the template */

    /* The source of a partial and its file's name; false: there is none. */
    bool (*find)(void *arg, const char *language, const char *name, size_t len, const char **ret_file,
                 const char **ret_source, size_t *ret_len);
    /* A fault: file, line and what. */
    void (*fault)(void *arg, const char *file, int line, const char *what);
    void *arg;

    struct bound_partial *partials; /* of all languages, each bound once for a place in lists */
};

/* Binds a template. `list` >= 0: it stands inside that list fact's section. Faults go to the binder. */
void bind_template(struct binder *binder, const char *file, struct mustache_node *first, int list);

/* The language's partial "frame", which stands around every draft, and its file's name; NULL: none. */
const struct mustache_node *bind_frame(struct binder *binder, const char **ret_file);

/* Refuses variables that may be null: neither `always`, nor in `required` (facts, ended by -1), nor inside a
 * section of their own. `body` is what {{> issue}} stands for, with its file. */
void bind_check(struct binder *binder, const char *file, const struct mustache_node *first,
                const char *body_file, const struct mustache_node *body, const int *required, int list);

/* The nodes of the partial that a bound node names; NULL: none, empty. */
const struct mustache_node *bind_partial_nodes(const struct mustache_node *node);

/* Calls `visit` for every fact that the template reads. */
void bind_facts(const struct mustache_node *first, void (*visit)(int slot, void *arg), void *arg);

#endif
