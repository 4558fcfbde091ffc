/* entities.h - numbers, amounts, dates and deadlines that a text names, found by hand-written scanners. */
#ifndef REPLYD_UNDERSTAND_ENTITIES_H
#define REPLYD_UNDERSTAND_ENTITIES_H

#include "replyd/understand.h"
#include "words.h"

/* Finds what the text names, which is in that language (words_cut()). Relative days count from `today`. Texts
 * of the result live in the arena. */
void entities_find(const struct vocabulary *vocabulary, const char *language, const char *text, size_t len,
                   day_t today, struct arena *arena, struct entities *ret_entities);

/* Only amounts and dates, at most UNDERSTAND_NUMBERS of each. */
void entities_find_values(const struct vocabulary *vocabulary, const char *language, const char *text,
                          size_t len, day_t today, struct arena *arena, struct entities *ret_entities);

/* Adds a candidate order number, which must live as long as the entities; one that is there already may
 * become sure. */
void entities_add_order(struct entities *entities, const char *number, bool bare);

#endif
