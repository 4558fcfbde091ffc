/* language.h - in which language a text is written: by its script, else by small words and accents. */
#ifndef REPLYD_UNDERSTAND_LANGUAGE_H
#define REPLYD_UNDERSTAND_LANGUAGE_H

#include "text.h"

struct language_words;

/* The table of small words, ready for looking up. */
struct language_words *language_words_new(void);
void language_words_free(struct language_words *words);

/* A BCP 47 tag, "und" if nothing can be said; confidence from 0 to 1. */
const char *language_of(const struct language_words *words, const struct text *text, double *ret_confidence);

#endif
