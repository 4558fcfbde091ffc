/* language.h - in which language a text is written: by its script and what the model has learnt of its
 * letters and words. */
#ifndef REPLYD_UNDERSTAND_LANGUAGE_H
#define REPLYD_UNDERSTAND_LANGUAGE_H

#include "word_sums.h"

/* A BCP 47 tag, "und" if nothing can be said; confidence from 0 to 1. `grams` is memory that is used again.
 */
const char *language_of(const struct model *model, const struct text *text, struct word_memory *memory,
                        struct grams *grams, double *ret_confidence);

#endif
