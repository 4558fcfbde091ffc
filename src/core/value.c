#include "replyd/value.h"

#include "replyd/json.h"

#include <string.h>

/* jansson parses no deeper than this. What a rule nests deeper itself is cut off here, or the stack would be.
 */
#define VALUE_MAX_DEPTH 2048

struct value value_string(const char *s)
{
    if (!s)
        return VALUE_NULL_INIT;
    return (struct value){.type = VALUE_STRING, .len = (uint32_t)strlen(s), .string = s};
}

const struct value *value_get(const struct value *object, const char *name, size_t len)
{
    if (object->type != VALUE_OBJECT)
        return NULL;
    for (uint32_t i = 0; i < object->len; i++) {
        const struct value_member *member = &object->members[i];

        if (strlen(member->name) == len && memcmp(member->name, name, len) == 0)
            return member->value;
    }
    return NULL;
}

static struct value value_copy(struct arena *arena, const json_t *json, int depth);

static struct value value_copy_string(struct arena *arena, const json_t *json)
{
    size_t len = json_string_length(json);

    return (struct value){.type = VALUE_STRING,
                          .len = (uint32_t)len,
                          .string = arena_strndup(arena, json_string_value(json), len)};
}

static struct value value_copy_array(struct arena *arena, const json_t *json, int depth)
{
    size_t count = json_array_size(json);
    struct value *items = arena_alloc(arena, count * sizeof(*items));

    for (size_t i = 0; i < count; i++)
        items[i] = value_copy(arena, json_array_get(json, i), depth + 1);
    return (struct value){.type = VALUE_ARRAY, .len = (uint32_t)count, .items = items};
}

static struct value value_copy_object(struct arena *arena, const json_t *json, int depth)
{
    json_t *object = (json_t *)json; /* jansson's iterators want it so; nothing is changed */
    size_t count = json_object_size(json), i = 0;
    struct value_member *members = arena_alloc(arena, count * sizeof(*members));
    struct value *values = arena_alloc(arena, count * sizeof(*values));
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        values[i] = value_copy(arena, value, depth + 1);
        members[i] = (struct value_member){.name = arena_strdup(arena, name), .value = &values[i]};
        i++;
    }
    return (struct value){.type = VALUE_OBJECT, .len = (uint32_t)count, .members = members};
}

static struct value value_copy(struct arena *arena, const json_t *json, int depth)
{
    if (!json || depth > VALUE_MAX_DEPTH)
        return VALUE_NULL_INIT;
    switch (json_typeof(json)) {
    case JSON_TRUE:
    case JSON_FALSE:
        return value_bool(json_is_true(json));
    case JSON_INTEGER:
    case JSON_REAL:
        return value_number(json_number_value(json));
    case JSON_STRING:
        return value_copy_string(arena, json);
    case JSON_ARRAY:
        return value_copy_array(arena, json, depth);
    case JSON_OBJECT:
        return value_copy_object(arena, json, depth);
    case JSON_NULL:
        break;
    }
    return VALUE_NULL_INIT;
}

struct value value_from_json(struct arena *arena, const json_t *json)
{
    return value_copy(arena, json, 0);
}

static bool value_equal_at(const struct value *a, const struct value *b, int depth);

static bool value_equal_items(const struct value *a, const struct value *b, int depth)
{
    for (uint32_t i = 0; i < a->len; i++) {
        if (!value_equal_at(&a->items[i], &b->items[i], depth + 1))
            return false;
    }
    return true;
}

/* In any order. */
static bool value_equal_members(const struct value *a, const struct value *b, int depth)
{
    for (uint32_t i = 0; i < a->len; i++) {
        const struct value_member *member = &a->members[i];
        const struct value *other = value_get(b, member->name, strlen(member->name));

        if (!other || !value_equal_at(member->value, other, depth + 1))
            return false;
    }
    return true;
}

static bool value_equal_at(const struct value *a, const struct value *b, int depth)
{
    if (a->type != b->type || depth > VALUE_MAX_DEPTH)
        return false;
    switch ((enum value_type)a->type) {
    case VALUE_BOOL:
        return a->truth == b->truth;
    case VALUE_NUMBER:
        return a->number == b->number;
    case VALUE_STRING:
        return a->len == b->len && memcmp(a->string, b->string, a->len) == 0;
    case VALUE_ARRAY:
        return a->len == b->len && value_equal_items(a, b, depth);
    case VALUE_OBJECT:
        return a->len == b->len && value_equal_members(a, b, depth);
    case VALUE_NULL:
        break;
    }
    return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
    return value_equal_at(a, b, 0);
}

static void value_write_at(struct buf *out, const struct value *value, int depth);

static void value_write_items(struct buf *out, const struct value *array, int depth)
{
    json_array_begin(out);
    for (uint32_t i = 0; i < array->len; i++)
        value_write_at(out, &array->items[i], depth + 1);
    json_array_end(out);
}

static void value_write_members(struct buf *out, const struct value *object, int depth)
{
    json_object_begin(out);
    for (uint32_t i = 0; i < object->len; i++) {
        json_put_string(out, object->members[i].name); /* anybody's: escaped */
        buf_addc(out, ':');
        value_write_at(out, object->members[i].value, depth + 1);
    }
    json_object_end(out);
}

static void value_write_at(struct buf *out, const struct value *value, int depth)
{
    switch ((enum value_type)(depth > VALUE_MAX_DEPTH ? VALUE_NULL : value->type)) {
    case VALUE_NULL:
        json_put_null(out);
        break;
    case VALUE_BOOL:
        json_put_bool(out, value->truth);
        break;
    case VALUE_NUMBER:
        json_put_double(out, value->number);
        break;
    case VALUE_STRING:
        json_put_stringn(out, value->string, value->len);
        break;
    case VALUE_ARRAY:
        value_write_items(out, value, depth);
        break;
    case VALUE_OBJECT:
        value_write_members(out, value, depth);
        break;
    }
}

void value_write(struct buf *out, const struct value *value)
{
    value_write_at(out, value, 0);
}
