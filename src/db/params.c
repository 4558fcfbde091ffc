/* Parameters in PostgreSQL's binary format: big-endian numbers, times since 2000, arrays with a header of 20
 * bytes. */
#include "replyd/db.h"

#include <assert.h>
#include <string.h>

#define PG_EPOCH (INT64_C(946684800) * MOMENT_SECOND) /* 2000-01-01 as a moment */

/* Where the fields of an array's header stand. */
enum {
    ARRAY_DIMENSIONS = 0,
    ARRAY_HAS_NULL = 4,
    ARRAY_TYPE = 8,
    ARRAY_COUNT = 12,
    ARRAY_HEADER = 20,
    ARRAY_EMPTY = 12
};

static void put_int4(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (24 - 8 * i));
}

static uint32_t get_int4(const unsigned char *from)
{
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

static void put_int8(unsigned char *to, uint64_t value)
{
    put_int4(to, (uint32_t)(value >> 32));
    put_int4(to + 4, (uint32_t)value);
}

void params_reset(struct params *params)
{
    buf_truncate(&params->bytes, 0);
    params->count = 0;
}

void params_free(struct params *params)
{
    buf_free(&params->bytes);
    *params = (struct params){0};
}

static void begin(struct params *params)
{
    assert(params->count < PARAMS_MAX);
    params->start[params->count] = params->bytes.len;
}

static void end(struct params *params)
{
    params->length[params->count] = (int)(params->bytes.len - params->start[params->count]);
    params->count++;
}

void params_null(struct params *params)
{
    begin(params);
    params->length[params->count++] = -1;
}

void params_bytes(struct params *params, const void *bytes, size_t len)
{
    begin(params);
    buf_add(&params->bytes, bytes, len);
    end(params);
}

void params_textn(struct params *params, const char *s, size_t len)
{
    params_bytes(params, s, len);
}

void params_text(struct params *params, const char *s)
{
    if (!s)
        params_null(params);
    else
        params_bytes(params, s, strlen(s));
}

void params_int8(struct params *params, int64_t value)
{
    unsigned char bytes[8];
    put_int8(bytes, (uint64_t)value);
    params_bytes(params, bytes, sizeof bytes);
}

void params_bool(struct params *params, bool value)
{
    params_bytes(params, value ? "\1" : "\0", 1);
}

void params_moment(struct params *params, moment_t moment)
{
    if (moment == MOMENT_NONE)
        params_null(params);
    else
        params_int8(params, moment - PG_EPOCH);
}

void params_uuid(struct params *params, const unsigned char uuid[16])
{
    params_bytes(params, uuid, 16);
}

void params_jsonb(struct params *params, const char *json, size_t len)
{
    begin(params);
    buf_addc(&params->bytes, 1); /* the format's version */
    buf_add(&params->bytes, json, len);
    end(params);
}

void params_array_begin(struct params *params, enum pg_type type)
{
    unsigned char header[ARRAY_HEADER] = {0};
    begin(params);
    params->array = params->bytes.len;
    put_int4(header + ARRAY_DIMENSIONS, 1);
    put_int4(header + ARRAY_TYPE, (uint32_t)type);
    put_int4(header + ARRAY_COUNT + 4, 1); /* the lower bound */
    buf_add(&params->bytes, header, sizeof header);
}

static unsigned char *array_header(struct params *params)
{
    return (unsigned char *)params->bytes.data + params->array;
}

void params_array_end(struct params *params)
{
    unsigned char *header = array_header(params);
    if (!get_int4(header + ARRAY_COUNT)) { /* an empty array has no dimension */
        put_int4(header + ARRAY_DIMENSIONS, 0);
        buf_truncate(&params->bytes, params->array + ARRAY_EMPTY);
    }
    end(params);
}

static void item_begin(struct params *params, uint32_t len)
{
    unsigned char prefix[4];
    unsigned char *count = array_header(params) + ARRAY_COUNT;
    put_int4(count, get_int4(count) + 1);
    put_int4(prefix, len);
    buf_add(&params->bytes, prefix, sizeof prefix);
}

void params_item_null(struct params *params)
{
    put_int4(array_header(params) + ARRAY_HAS_NULL, 1);
    item_begin(params, UINT32_MAX);
}

void params_item_bytes(struct params *params, const void *bytes, size_t len)
{
    item_begin(params, (uint32_t)len);
    buf_add(&params->bytes, bytes, len);
}

void params_item_textn(struct params *params, const char *s, size_t len)
{
    params_item_bytes(params, s, len);
}

void params_item_text(struct params *params, const char *s)
{
    if (!s)
        params_item_null(params);
    else
        params_item_bytes(params, s, strlen(s));
}

void params_item_int8(struct params *params, int64_t value)
{
    unsigned char bytes[8];
    put_int8(bytes, (uint64_t)value);
    params_item_bytes(params, bytes, sizeof bytes);
}

void params_item_int4(struct params *params, int32_t value)
{
    unsigned char bytes[4];
    put_int4(bytes, (uint32_t)value);
    params_item_bytes(params, bytes, sizeof bytes);
}

void params_item_bool(struct params *params, bool value)
{
    params_item_bytes(params, value ? "\1" : "\0", 1);
}

void params_item_moment(struct params *params, moment_t moment)
{
    if (moment == MOMENT_NONE)
        params_item_null(params);
    else
        params_item_int8(params, moment - PG_EPOCH);
}

void params_item_uuid(struct params *params, const unsigned char uuid[16])
{
    params_item_bytes(params, uuid, 16);
}

void params_arrays(const struct params *params, const char *ret_values[static PARAMS_MAX],
                   int ret_formats[static PARAMS_MAX])
{
    for (int i = 0; i < params->count; i++) {
        ret_values[i] = params->length[i] < 0 ? NULL : params->bytes.data + params->start[i];
        ret_formats[i] = 1;
    }
}
