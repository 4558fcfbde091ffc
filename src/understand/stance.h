/* stance.h - does the writer ask for the cancellation or the refund that he writes of, or forbid it, or ask
 * about it? */
#ifndef REPLYD_UNDERSTAND_STANCE_H
#define REPLYD_UNDERSTAND_STANCE_H

#include "replyd/understand.h"
#include "words.h"

/* Fills in `stance`, `partial` and `wants_reship`. The classifier hears what a text is about; whether its
 * writer wants it or forbids it hangs on small words, which are read here. */
void stance_find(const struct word *words, size_t count, struct entities *found);

#endif
