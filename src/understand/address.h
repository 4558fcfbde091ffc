/* address.h - a postal address in a text: where the writer wants his parcel to go instead. */
#ifndef REPLYD_UNDERSTAND_ADDRESS_H
#define REPLYD_UNDERSTAND_ADDRESS_H

#include "replyd/arena.h"
#include "words.h"

/* The one address that the text announces ("send it to ...", "my new address: ..."), in one line; NULL: none
 * with a street and a number, or more than one between which nothing decides. Of two, the one that it shall
 * be sent to counts. The texts of old addresses and signatures are none. `ret_partial`: street and number
 * alone are put right, the place stays. */
const char *address_find(const struct word *words, size_t count, struct arena *arena, bool *ret_partial);

#endif
