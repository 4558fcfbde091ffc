/* objects.h - the kinds of objects that a shop sends in (api.md, "Orders and logistics in"): their fields,
 * keys and the checks that need more than one field. Pure; the handlers are api_objects.c, api_events.c and
 * api_ingest.c.
 *
 * Records may contradict each other (delivered before it was shipped) and are stored all the same: refused is
 * only what can't be meant. */
#ifndef REPLYD_OBJECTS_H
#define REPLYD_OBJECTS_H

#include "replyd/fields.h"

enum object_kind {
    OBJECT_PRODUCT,
    OBJECT_ORDER,
    OBJECT_SHIPMENT,
    OBJECT_EVENT,
    OBJECT_SHIPPING_METHOD,
    OBJECT_HOLIDAY,
    OBJECT_PROMOTION,
    OBJECT_CUSTOMS_RULE,
    OBJECT_KINDS,
};

#define OBJECT_KEYS_MAX 2
#define OBJECT_NICKNAMES 2

/* A part of an object's key, in the order of the path. */
struct object_key {
    const char *name;                        /* as in the path and in ingest: "tracking_number" */
    const char *nicknames[OBJECT_NICKNAMES]; /* what ingest takes as well, or NULL */
    enum field_type type;
};

struct object_info {
    const struct object_key *keys;
    int key_count;
    const struct field *fields;
    size_t list_max; /* the body may also be a list of 1 to so many; 0: it may not */
};

extern const struct object_info objects_info[OBJECT_KINDS];

/* What ingest calls the kinds: "shipping_method"; NULL-ended. */
extern const char *const object_words[];

/* Checks a body. Returns the number of faults. */
int object_check(enum object_kind kind, const json_t *body, const char *pointer, struct faults *faults);

/* Checks the keys of a path. Returns the number of faults. */
int object_check_keys(enum object_kind kind, const char *const keys[], struct faults *faults);

/* Reads the key of an ingest line: {"order": "1001", "tracking_number": "LX1"}, the values alone in a list,
 * or for a key of one part a string. An event's may leave out the order. Texts are copied into the faults'
 * arena; a part that is left out is NULL. Returns the number of faults. */
int object_read_keys(enum object_kind kind, const json_t *json, const char *pointer, const char *ret_keys[],
                     struct faults *faults);

/* Applies a JSON merge patch (RFC 7396) and returns the result, a new value; `target` may be NULL. */
json_t *object_merge(const json_t *target, const json_t *patch);

/* The body as text, numbers in their shortest form; lives in the arena. */
const char *object_text(const json_t *body, struct arena *arena);

/* The same of each element of a list, or of the one body. */
const char **object_texts(const json_t *body, struct arena *arena, size_t *ret_count);

#endif
