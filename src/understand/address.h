/* address.h - a postal address in a text: where the writer wants his parcel to go instead. */
#ifndef REPLYD_UNDERSTAND_ADDRESS_H
#define REPLYD_UNDERSTAND_ADDRESS_H

#include "replyd/arena.h"
#include "words.h"

/* The one address that the text announces ("send it to ...", "my new address: ..."), in one line; NULL: none
 * with a street and a number, or more than one. The texts of old addresses and signatures are none. `text` is
 * NUL-ended. */
const char *address_find(const struct word *words, size_t count, struct arena *arena);

#endif
