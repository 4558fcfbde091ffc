/* request.h - the body of POST /v1/suggestions, checked. */
#ifndef REPLYD_REQUEST_H
#define REPLYD_REQUEST_H

#include "replyd/fields.h"
#include "replyd/moment.h"

struct request_message {
    const char *id, *conversation_id, *channel, *subject, *text, *language;
    moment_t received_at; /* MOMENT_NONE: not said */
    bool has_attachments;
};

struct request {
    bool has_message;
    struct request_message message; /* when has_message */
    int trigger;                    /* enum trigger, -1 with a message */
    const char *conversation_id;    /* of the message or of the trigger; NULL: none */
    const char *order_number, *sku;
    struct {
        const char *name, *email, *id, *country;
    } buyer;
    struct {
        const char *name, *language;
    } agent;
    const char *reply_language; /* BCP 47, or NULL for "auto" */
    moment_t as_of;             /* always set: `now` if not said */
    bool dry_run;
};

/* Checks a parsed body. `now` fills `as_of`. Texts live in the arena of `faults`. Returns the number of
 * faults. */
int request_read(const json_t *body, moment_t now, struct request *ret_request, struct faults *faults);

/* Is it about an order? Else about a customer. */
bool trigger_has_order(int trigger);

#endif
