/* tracking.h - carriers' and aggregators' status codes -> shipment states (playbook/tracking/, compiled in).
 *
 * A code means something only together with its system; one that isn't in the table is unknown, never a
 * guess. */
#ifndef REPLYD_TRACKING_H
#define REPLYD_TRACKING_H

#include "facts_gen.h"

/* The state (enum shipment_state) that an event without one puts the parcel in. `code_system` is an enum
 * code_system or -1; `code`, `carrier` and `text` may be NULL. A scan that says no more than "moving" keeps
 * the leg of the journey that the parcel was on: `before` is the last state that tells one (neither unknown
 * nor customs_held, which is of either country), or unknown. */
int tracking_state(int code_system, const char *code, const char *carrier, const char *text, int before);

#endif
