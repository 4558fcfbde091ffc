#include "replyd/tracking.h"

#include "tracking_text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct tracking_code {
    const char *code;
    int state;
};

struct tracking_codes {
    const struct tracking_code *codes;
    size_t count;
};

struct tracking_page {
    const char *host, *name;
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

/* The state that a code stands for, TRACKING_MOVING, or unknown: none, not listed, or one that says nothing.
 */
static int code_state(int code_system, const char *code)
{
    if (code_system < 0 || !code)
        return SHIPMENT_STATE_UNKNOWN;
    const struct tracking_codes *table = &tracking_tables[code_system];
    const struct tracking_code *found =
        table->count ? bsearch(code, table->codes, table->count, sizeof *table->codes, code_compare) : NULL;
    return found ? found->state : SHIPMENT_STATE_UNKNOWN;
}

int tracking_state(int code_system, const char *code, const char *carrier, const char *text, int before)
{
    int state = code_state(code_system, code);

    if (state == SHIPMENT_STATE_UNKNOWN && text)
        state = tracking_text_state(carrier, text);
    return state == TRACKING_MOVING ? leg_after(before) : state;
}

const char *tracking_page_name(const char *host)
{
    size_t len = strlen(host);

    for (size_t i = 0; i < sizeof tracking_pages / sizeof *tracking_pages; i++) {
        size_t tail = strlen(tracking_pages[i].host);

        if (tail <= len && strcasecmp(host + len - tail, tracking_pages[i].host) == 0 &&
            (tail == len || host[len - tail - 1] == '.'))
            return tracking_pages[i].name;
    }
    return NULL;
}
