/* names.h - how a mail greets and signs, out of names as shops and platforms have them. */
#ifndef REPLYD_CORE_NAMES_H
#define REPLYD_CORE_NAMES_H

#include "replyd/arena.h"

/* "Nancy" of "Nancy Drew", "NANCY DREW" and "nancy drew"; NULL where it can't be told: firms, titles,
 * initials, particles, "Drew, Nancy", "DREW Nancy", names in other scripts, and what is no name. */
const char *first_name(const char *name, struct arena *arena);

#define SIGNATURE_LINES 8

struct signature {
    const char *lines[SIGNATURE_LINES];
    int count;
};

/* The lines of a signature that stand below "Kind regards," and the agent's name: without empty ones, a
 * closing formula of its own, and the agent's name again. `text` and `agent` may be NULL. */
void signature_read(const char *text, const char *agent, struct arena *arena,
                    struct signature *ret_signature);

#endif
