/* logic.h - JsonLogic (jsonlogic.com): compiled once when the playbook is loaded, evaluated without malloc.
 *
 * The public test suite passes whole (tests/conformance.c). Beside the standard operators there are these of
 * our own, for money and days, which JsonLogic's doubles and loose strings would get wrong:
 *   {"known": ["path", ...]}        true when none of the named facts is null
 *   {"percent_of": [p, minor]}      p percent of an amount in minor units, rounded half away from zero
 *   {"coalesce": [a, b, ...]}       the first that is not null, else null
 * `min`, `max` are JsonLogic's own. Arithmetic and order (+ - * / % < <= > >= min max percent_of) on a null
 * *fact* gives null, and a null is falsy: a rule on unknown facts does not fire by accident. */
#ifndef REPLYD_LOGIC_H
#define REPLYD_LOGIC_H

#include "replyd/value.h"

struct logic; /* a compiled rule */

/* Tells the compiler which paths are facts. Returns the slot of `path`, or a negative number: not a fact. */
typedef int logic_resolve_fn(const char *path, size_t len, void *arg);

/* Compiles a rule; everything it needs is copied into `arena`. `resolve` NULL: every `var` is looked up in
 * the data by name (the conformance runner). With it, every constant `var` path outside of
 * map/filter/reduce/... must be a fact. Returns 0, or -1 with a message for people in `ret_error` (an unknown
 * operator, a `var` that is no fact, wrong shape, deeper than 100). */
int logic_compile(struct arena *arena, const json_t *rule, logic_resolve_fn *resolve, void *arg,
                  const struct logic **ret_logic, char ret_error[static 200]);

/* Evaluates. `slots` are the facts by number (NULL without facts), `data` is what `var` reads where it is no
 * fact (NULL: null). What the result or its parts need beyond its inputs is taken from `scratch`. A rule that
 * takes more than a million steps or 16 MiB gives null. */
struct value logic_eval(const struct logic *logic, const struct value *slots, const struct value *data,
                        struct arena *scratch);

/* JsonLogic's truthiness: false for null, false, 0, "", []. */
bool logic_truthy(const struct value *value);

/* Calls `visit` for every fact slot that the rule reads. */
void logic_facts(const struct logic *logic, void (*visit)(int slot, void *arg), void *arg);

#endif
