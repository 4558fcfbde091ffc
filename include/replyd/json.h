/* json.h - writes JSON into a buf. Reading is jansson's; writing is ours because every answer is written
 * once, in a fixed order, straight into the bytes that are sent and stored.
 *
 * Values are json_put_...: json_string(), json_null() are jansson's, and a second one of that name in the
 * process would be called by jansson itself.
 *
 * Commas are put by the writer: call json_key() then one value in an object, values alone in an array.
 * A text begins where the buf is empty or ends with white space (NDJSON's lines, a head). */
#ifndef REPLYD_JSON_H
#define REPLYD_JSON_H

#include "replyd/buf.h"

#include <stdbool.h>
#include <stdint.h>

void json_object_begin(struct buf *out);
void json_object_end(struct buf *out);
void json_array_begin(struct buf *out);
void json_array_end(struct buf *out);
/* A key of ours: it is not escaped. */
void json_key(struct buf *out, const char *key);

void json_put_null(struct buf *out);
void json_put_bool(struct buf *out, bool value);
void json_put_int(struct buf *out, int64_t value);
/* Shortest text that reads back as the same double, a whole number without a point; not finite: null. */
void json_put_double(struct buf *out, double value);
/* That text by itself, for templates and `cat`; returns its length. */
#define JSON_NUMBER_SIZE 32
size_t json_number(double value, char ret_text[static JSON_NUMBER_SIZE]);
/* NULL is written as null. Bytes that are not valid UTF-8 become U+FFFD. */
void json_put_string(struct buf *out, const char *s);
void json_put_stringn(struct buf *out, const char *s, size_t len);
/* Puts text that is JSON already, without white space at its end; none at all becomes null. */
void json_put_raw(struct buf *out, const char *json, size_t len);

/* key and value in one */
void json_kstring(struct buf *out, const char *key, const char *value);
void json_kint(struct buf *out, const char *key, int64_t value);
void json_kbool(struct buf *out, const char *key, bool value);
void json_knull(struct buf *out, const char *key);

#endif
