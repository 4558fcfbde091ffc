/* tracking.h - what carriers and aggregators say of a parcel -> shipment states (playbook/tracking/, compiled
 * in).
 *
 * A code means something only together with its system. Where it is absent, not listed or says nothing, the
 * event's words are read; what isn't in the tables is unknown, never a guess. */
#ifndef REPLYD_TRACKING_H
#define REPLYD_TRACKING_H

#include "facts_gen.h"

/* The state (enum shipment_state) that an event without one puts the parcel in. `code_system` is an enum
 * code_system or -1; `code`, `carrier` and `text` may be NULL, and are any bytes. A scan that says no more
 * than "moving" keeps the leg of the journey that the parcel was on: `before` is the last state that tells
 * one (neither unknown nor customs_held, which is of either country), or unknown. */
int tracking_state(int code_system, const char *code, const char *carrier, const char *text, int before);

/* The name that people know a tracking page by, from its host ("t.17track.net": "17TRACK"), or NULL. */
const char *tracking_page_name(const char *host);

#endif
