#include "replyd/tracking.h"

#include <stddef.h>
#include <stdlib.h>
#include <strings.h>

/* In the tables: moving, on which leg isn't said. */
#define TRACKING_MOVING SHIPMENT_STATE_COUNT

struct tracking_code {
    const char *code;
    int state;
};

struct tracking_codes {
    const struct tracking_code *codes;
    size_t count;
};

#include "tracking_gen.h"

static int code_compare(const void *key, const void *element)
{
    return strcasecmp(key, ((const struct tracking_code *)element)->code);
}

/* On which leg a parcel goes on from a state. */
static int leg_after(int before)
{
    switch (before) {
    case SHIPMENT_STATE_DEPARTED:
    case SHIPMENT_STATE_RETURNING:
        return before;
    case SHIPMENT_STATE_ARRIVED_DESTINATION:
    case SHIPMENT_STATE_IMPORT_CUSTOMS:
    case SHIPMENT_STATE_OUT_FOR_DELIVERY:
    case SHIPMENT_STATE_READY_FOR_PICKUP:
    case SHIPMENT_STATE_DELIVERY_FAILED:
        return SHIPMENT_STATE_ARRIVED_DESTINATION;
    case SHIPMENT_STATE_LOST:
    case SHIPMENT_STATE_SEIZED:
    case SHIPMENT_STATE_DELIVERED:
    case SHIPMENT_STATE_RETURNED:
        return SHIPMENT_STATE_UNKNOWN; /* it had arrived, if only at its end: back, or a late scan? */
    default:
        return SHIPMENT_STATE_IN_TRANSIT_ORIGIN;
    }
}

int tracking_state(int code_system, const char *code, const char *carrier, const char *text, int before)
{
    (void)carrier, (void)text; /* what carriers write in words is not read yet */
    if (code_system < 0 || !code)
        return SHIPMENT_STATE_UNKNOWN;
    const struct tracking_codes *table = &tracking_tables[code_system];
    const struct tracking_code *found =
        table->count ? bsearch(code, table->codes, table->count, sizeof *table->codes, code_compare) : NULL;
    if (!found)
        return SHIPMENT_STATE_UNKNOWN;
    return found->state == TRACKING_MOVING ? leg_after(before) : found->state;
}
