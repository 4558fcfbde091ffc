/* objects_db.h - the rows of the objects that a shop sends in (replyd_data.orders, ...): one statement for
 * each kind and verb, what to send with it and what its answer means. Parameters in, rows out, no connection.
 */
#ifndef REPLYD_OBJECTS_DB_H
#define REPLYD_OBJECTS_DB_H

#include "replyd/db.h"
#include "replyd/objects.h"

enum objects_verb {
    OBJECTS_PUT, /* stores, unless what is stored is newer; of events: stores those that are new */
    OBJECTS_GET,
    OBJECTS_LOCK,   /* GET that holds the row until the transaction ends; not of events */
    OBJECTS_DELETE, /* of events: all of a parcel */
    OBJECTS_VERBS,
};

extern const struct statement objects_statements[OBJECT_KINDS][OBJECTS_VERBS];

/* Fills shop, keys and, for OBJECTS_PUT of other kinds than events, the body. */
void objects_params(enum object_kind kind, int64_t shop_id, const char *const keys[], const char *body,
                    struct params *params);

/* For OBJECTS_PUT of events: the parcel, by order and number or (order NULL) by number alone, and the bodies.
 */
void objects_events_params(int64_t shop_id, const char *const keys[], const char *const *bodies, size_t count,
                           struct params *params);

/* For OBJECTS_GET of events: the newest first, at most `limit`, before the one that `before_at` and
 * `before_id` name (MOMENT_NONE, NULL: from the newest). Rows: exists (bool), body, at, id (uuid); one with a
 * null body if there is none. */
void objects_events_get_params(int64_t shop_id, const char *const keys[], int limit, moment_t before_at,
                               const unsigned char *before_id, struct params *params);

/* What came of it. */
struct objects_outcome {
    int status;   /* 200, 201, 204; 404; 409: the shop's objects of this kind are read from its own tables */
    bool ignored; /* what is stored is newer */
    const char *body; /* as stored; lives as long as the result */
    int64_t revision; /* of the body */
    int64_t stored;   /* of events: how many were new */
};
void objects_decode(enum object_kind kind, enum objects_verb verb, const PGresult *result,
                    struct objects_outcome *ret_outcome);

/* What to tell the caller of an OBJECTS_PUT that got 404 or of anything that got 409; in the arena. */
const char *objects_detail(enum object_kind kind, int status, const char *const keys[], struct arena *arena);

#endif
