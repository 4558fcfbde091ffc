/* value.h - what rules compute with and templates print: JSON's types, in 16 bytes, owned by an arena.
 *
 * Facts are an array of these (facts.h); JsonLogic (logic.h) and Mustache (mustache.h) read them. */
#ifndef REPLYD_VALUE_H
#define REPLYD_VALUE_H

#include "replyd/arena.h"
#include "replyd/buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum value_type { VALUE_NULL, VALUE_BOOL, VALUE_NUMBER, VALUE_STRING, VALUE_ARRAY, VALUE_OBJECT };

struct value;

struct value_member {
    const char *name;
    const struct value *value;
};

struct value {
    uint8_t type; /* enum value_type */
    bool truth;   /* of a VALUE_BOOL */
    uint32_t len; /* bytes of a string (NUL-ended all the same), items of an array, members of an object */
    union {
        double number;
        const char *string;
        const struct value *items;
        const struct value_member *members;
    };
};

#define VALUE_NULL_INIT ((struct value){.type = VALUE_NULL})

static inline struct value value_bool(bool truth)
{
    return (struct value){.type = VALUE_BOOL, .truth = truth};
}

static inline struct value value_number(double number)
{
    return (struct value){.type = VALUE_NUMBER, .number = number};
}

/* The string is not copied. NULL gives a null value. */
struct value value_string(const char *s);

/* The member of that name, or NULL. */
const struct value *value_get(const struct value *object, const char *name, size_t len);

/* Copies a jansson value into the arena. */
struct value value_from_json(struct arena *arena, const json_t *json);

/* Same type and same content. */
bool value_equal(const struct value *a, const struct value *b);

/* Writes it as JSON (see json.h about commas). */
void value_write(struct buf *out, const struct value *value);

#endif
