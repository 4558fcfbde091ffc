/* mood.h - how the writer feels: learnt from examples (playbook/mood/<mood>), with words and phrases of
 * playbook/mood, shouting,
 * !!! and smileys as signals beside the grams. */
#ifndef REPLYD_UNDERSTAND_MOOD_H
#define REPLYD_UNDERSTAND_MOOD_H

#include "grams.h"

#include <stddef.h>

/* Adds the signals of a text as grams. `bytes` are what `text` was read from. */
void mood_add_signals(struct grams *grams, const struct lexicon *moods, const struct text *text,
                      const char *bytes, size_t len);

#endif
