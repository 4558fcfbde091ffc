/* Input: the carrier's name, a line end, an event's words. Any bytes are read; large and small letters are
 * one. */
#include "fuzz.h"
#include "replyd/tracking.h"

#include <stdlib.h>
#include <string.h>

static int state_of(const char *carrier, const char *text)
{
    int state = tracking_state(-1, NULL, carrier, text, SHIPMENT_STATE_DEPARTED);

    if (state < 0 || state >= SHIPMENT_STATE_COUNT)
        abort();
    return state;
}

static void shout(char *s)
{
    for (; *s; s++)
        if (*s >= 'a' && *s <= 'z')
            *s = (char)(*s - 'a' + 'A');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *carrier = malloc(size + 1), *text;

    if (!carrier)
        abort();
    memcpy(carrier, data, size);
    carrier[size] = '\0';
    text = strchr(carrier, '\n');
    if (text) {
        *text++ = '\0';
        int state = state_of(carrier, text);
        shout(carrier);
        shout(text);
        if (state_of(carrier, text) != state)
            abort();
        state_of(NULL, text);
    }
    free(carrier);
    return 0;
}
