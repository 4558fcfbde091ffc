/* mood.h - how the writer feels: words and phrases of playbook/mood, shouting, !!!, smileys. */
#ifndef REPLYD_UNDERSTAND_MOOD_H
#define REPLYD_UNDERSTAND_MOOD_H

#include "lexicon.h"

/* `bytes` are what `text` was read from. Gives enum mood. */
int mood_of(const struct lexicon *moods, const struct text *text, const char *bytes, size_t len);

#endif
