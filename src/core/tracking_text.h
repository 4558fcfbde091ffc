/* tracking_text.h - carriers' own words -> shipment states (playbook/tracking/texts/, compiled in). */
#ifndef REPLYD_CORE_TRACKING_TEXT_H
#define REPLYD_CORE_TRACKING_TEXT_H

#include "facts_gen.h"

/* In the tables: moving, on which leg isn't said. */
#define TRACKING_MOVING SHIPMENT_STATE_COUNT

/* The state that an event's words tell, TRACKING_MOVING, or unknown where no phrase is known. Any bytes; of a
 * long text the beginning counts. `carrier` is the parcel's, as the shop writes it: its own words count
 * before those that are anybody's. It may be NULL. */
int tracking_text_state(const char *carrier, const char *text);

#endif
