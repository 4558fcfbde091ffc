/* fields.h - a JSON body described as a table: a row = name, type, limits, where it goes. One walk finds all
 * faults.
 *
 *   static const struct field buyer_fields[] = {
 *       {"name", FIELD_TEXT, .max = 200, .offset = offsetof(struct buyer, name)}, ..., {NULL}};
 *
 * Unknown names are refused, so that a typo is seen. Null is accepted for every field that is not required
 * and leaves the member untouched. */
#ifndef REPLYD_FIELDS_H
#define REPLYD_FIELDS_H

#include "replyd/arena.h"
#include "replyd/buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
    FIELD_TEXT,    /* const char *; one line that is not blank, no control characters. With multiline \r \n \t
                    * may be    in it, and an empty one that is not required counts as not given */
    FIELD_PROSE,   /* const char *; what somebody wrote: any characters but NUL; empty as above */
    FIELD_CODE,    /* const char *; printable characters without spaces around (numbers, SKUs, ids) */
    FIELD_WORD,    /* int, the index in `words` */
    FIELD_FLAG,    /* bool */
    FIELD_COUNT,   /* int64_t, whole, min to max */
    FIELD_NUMBER,  /* double, min to max */
    FIELD_MONEY,   /* struct money; {"amount", "currency"}; not negative unless min < 0 */
    FIELD_DECIMAL, /* const char *; a decimal string above 0 such as a rate */
    FIELD_CURRENCY,  /* const char *; ISO 4217 */
    FIELD_COUNTRY,   /* const char *; ISO 3166-1 alpha-2, upper case */
    FIELD_LANGUAGE,  /* const char *; BCP 47 */
    FIELD_EMAIL,     /* const char * */
    FIELD_URL,       /* const char *; http or https */
    FIELD_TIME,      /* moment_t; RFC 3339 */
    FIELD_DAY_END,   /* moment_t; a date (its end) or a time: what is called _by, _on, to */
    FIELD_DAY_START, /* moment_t; a date (its start) or a time: what is called from */
    FIELD_OBJECT,    /* the struct that `fields` describes, at offset */
    FIELD_ARRAY,     /* struct field_array; elements described by `fields` (objects) or `element` */
    FIELD_ANY,       /* const json_t *, borrowed: checked by the caller */
    FIELD_MAP, /* const json_t *, borrowed; an object with free keys whose values are of type `element` */
    FIELD_TYPE_COUNT,
};

struct field {
    const char *name; /* NULL ends the table */
    enum field_type type;
    bool required;
    bool multiline;
    double min, max; /* of texts: max characters (0: 500, of codes 200); of counts and numbers: the range,
                      * both 0: any; of arrays and maps: how many elements (max 0: 1000) */
    const char *const *words;
    const struct field *fields;
    size_t size; /* of one array element as stored; 0: checked, not stored */
    enum field_type
        element; /* of arrays without `fields`, and of maps; with `words`, and the default limits */
    size_t offset;
};

struct field_array {
    const void *items; /* in the arena; for `element` arrays: const char *[] , ... */
    size_t count;
};

struct fault {
    const char *pointer; /* RFC 6901, "" for the whole body */
    const char *detail;  /* what is wrong and what would be right, for people */
    struct fault *next;
};

struct faults {
    struct arena *arena;
    struct fault *first, **last;
    int count; /* all; only the first FAULTS_MAX are kept */
};
#define FAULTS_MAX 100

void faults_init(struct faults *faults, struct arena *arena);
void faults_add(struct faults *faults, const char *pointer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Checks `json` against the table and, where `out` is not NULL, stores the values at their offsets; texts are
 * copied into the faults' arena. `pointer` is the body's own, "" at the top. The struct must have been filled
 * with its defaults. Faults are added to `faults`; returns how many there were. */
int fields_read(const struct field *fields, const json_t *json, const char *pointer, void *out,
                struct faults *faults);

/* True if a text by itself would do as such a field: for path parameters, keys of maps and special words. Not
 * for types that aren't texts. */
bool fields_text_fits(enum field_type type, const char *text);

#endif
