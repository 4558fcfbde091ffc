#include "replyd/facts.h"

#include "replyd/json.h"
#include "replyd/moment.h"
#include "replyd/money.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Years 1900 to 2199, what moment.h reads: anything else in a slot is a slip of a rule and shown as unknown.
 */
#define DAY_MIN (-25567)
#define DAY_MAX 84005

void facts_init(struct facts *facts, struct arena *arena)
{
    memset(facts->slot, 0, sizeof(facts->slot));
    facts->arena = arena;
}

void facts_set_text(struct facts *facts, enum fact fact, const char *text)
{
    facts->slot[fact] = text && *text ? value_string(arena_strdup(facts->arena, text)) : VALUE_NULL_INIT;
}

void facts_set_word(struct facts *facts, enum fact fact, int word)
{
    facts->slot[fact] = word < 0 ? VALUE_NULL_INIT : value_string(facts_info[fact].words[word]);
}

void facts_set_flag(struct facts *facts, enum fact fact, bool flag)
{
    facts->slot[fact] = value_bool(flag);
}

void facts_set_number(struct facts *facts, enum fact fact, double number)
{
    facts->slot[fact] = value_number(number);
}

struct value *facts_set_list(struct facts *facts, enum fact fact, int count)
{
    const struct fact_info *info = &facts_info[fact];
    size_t total = (size_t)count * info->field_count;
    struct value *fields = arena_zalloc(facts->arena, total * sizeof(*fields));
    struct value_member *members = arena_alloc(facts->arena, total * sizeof(*members));
    struct value *items = arena_zalloc(facts->arena, count * sizeof(*items));

    for (size_t i = 0; i < total; i++)
        members[i] = (struct value_member){info->fields[i % info->field_count].path, &fields[i]};
    for (int i = 0; i < count; i++)
        items[i] = (struct value){.type = VALUE_OBJECT,
                                  .len = (uint32_t)info->field_count,
                                  .members = members + (size_t)i * info->field_count};
    facts->slot[fact] = (struct value){.type = VALUE_ARRAY, .len = (uint32_t)count, .items = items};
    return fields;
}

const char *facts_text(const struct facts *facts, enum fact fact)
{
    return facts->slot[fact].type == VALUE_STRING ? facts->slot[fact].string : NULL;
}

bool facts_flag(const struct facts *facts, enum fact fact)
{
    return facts->slot[fact].type == VALUE_BOOL && facts->slot[fact].truth;
}

int facts_find(const char *path, size_t len)
{
    for (int i = 0; i < FACT_COUNT; i++) {
        if (strncmp(facts_info[i].path, path, len) == 0 && facts_info[i].path[len] == '\0')
            return i;
    }
    return -1;
}

void facts_write_day(double day, struct buf *out)
{
    char text[16];

    if (day >= DAY_MIN && day <= DAY_MAX)
        json_put_string(out, day_format((day_t)day, text));
    else
        json_put_null(out);
}

void facts_write_time(double seconds, struct buf *out)
{
    char text[MOMENT_TEXT];

    if (seconds >= DAY_MIN * 86400.0 && seconds < (DAY_MAX + 1) * 86400.0)
        json_put_string(out, moment_format((moment_t)seconds * MOMENT_SECOND, text));
    else
        json_put_null(out);
}

void facts_write_money(const struct facts *facts, double minor, int currency_fact, struct buf *out)
{
    const char *currency = facts_text(facts, currency_fact);

    if (currency && fabs(minor) <= (double)MONEY_MINOR_MAX)
        money_write(llround(minor), currency, out);
    else
        json_put_null(out);
}

static void write_list(const struct facts *facts, const struct fact_info *info, const struct value *list,
                       struct buf *out);

static void write_value(const struct facts *facts, const struct fact_info *info, const struct value *value,
                        struct buf *out)
{
    if (value->type == VALUE_NULL) {
        json_put_null(out);
        return;
    }
    switch (info->type) {
    case FACT_TYPE_TEXT:
    case FACT_TYPE_WORD:
    case FACT_TYPE_COUNTRY:
        json_put_stringn(out, value->string, value->len);
        break;
    case FACT_TYPE_FLAG:
        json_put_bool(out, value->truth);
        break;
    case FACT_TYPE_COUNT:
    case FACT_TYPE_NUMBER:
        json_put_double(out, value->number);
        break;
    case FACT_TYPE_MONEY:
        facts_write_money(facts, value->number, info->currency, out);
        break;
    case FACT_TYPE_DATE:
        facts_write_day(value->number, out);
        break;
    case FACT_TYPE_TIME:
        facts_write_time(value->number, out);
        break;
    case FACT_TYPE_LIST:
        write_list(facts, info, value, out);
        break;
    }
}

static void write_list(const struct facts *facts, const struct fact_info *info, const struct value *list,
                       struct buf *out)
{
    json_array_begin(out);
    for (uint32_t i = 0; i < list->len; i++) {
        json_object_begin(out);
        for (int field = 0; field < info->field_count; field++) {
            const struct value *value = list->items[i].members[field].value;

            if (value->type == VALUE_NULL)
                continue;
            json_key(out, info->fields[field].path);
            write_value(facts, &info->fields[field], value, out);
        }
        json_object_end(out);
    }
    json_array_end(out);
}

void facts_write_value(const struct facts *facts, enum fact fact, struct buf *out)
{
    write_value(facts, &facts_info[fact], &facts->slot[fact], out);
}

void facts_write(const struct facts *facts, struct buf *out)
{
    json_object_begin(out);
    for (int i = 0; i < FACT_COUNT; i++) {
        if (!facts_known(facts, i))
            continue;
        json_key(out, facts_info[i].path);
        facts_write_value(facts, i, out);
    }
    json_object_end(out);
}

struct reader {
    struct facts *facts;
    const char *path; /* of the fact being read */
    char *error;      /* 200 bytes */
};

static int refuse(const struct reader *reader, const char *wanted)
{
    snprintf(reader->error, 200, "%s must be %s", reader->path, wanted);
    return -1;
}

static int read_word(const struct reader *reader, const struct fact_info *info, const json_t *json,
                     struct value *ret_value)
{
    const char *text = json_string_value(json);

    for (int i = 0; text && info->words[i]; i++) {
        if (strcmp(info->words[i], text) == 0) {
            *ret_value = value_string(info->words[i]);
            return 0;
        }
    }
    return refuse(reader, "a word of its list");
}

static int read_money(const struct reader *reader, const struct fact_info *info, const json_t *json,
                      struct value *ret_value)
{
    const char *amount = json_string_value(json_object_get(json, "amount"));
    const char *currency = json_string_value(json_object_get(json, "currency"));
    const char *right_currency = facts_text(reader->facts, info->currency);
    int64_t minor;

    if (!amount || !currency || !right_currency || strcmp(currency, right_currency) != 0 ||
        money_parse(amount, currency, &minor) < 0)
        return refuse(reader, "{\"amount\", \"currency\"} in the currency of its order or policy");
    *ret_value = value_number((double)minor);
    return 0;
}

static int read_value(const struct reader *reader, const struct fact_info *info, const json_t *json,
                      struct value *ret_value)
{
    size_t len = json_string_length(json);
    moment_t moment;
    day_t day;

    switch (info->type) {
    case FACT_TYPE_TEXT:
    case FACT_TYPE_COUNTRY:
        if (!json_is_string(json) || len == 0 || memchr(json_string_value(json), '\0', len))
            return refuse(reader, "a text that is not empty");
        *ret_value = value_string(arena_strndup(reader->facts->arena, json_string_value(json), len));
        return 0;
    case FACT_TYPE_WORD:
        return read_word(reader, info, json, ret_value);
    case FACT_TYPE_FLAG:
        if (!json_is_boolean(json))
            return refuse(reader, "true or false");
        *ret_value = value_bool(json_is_true(json));
        return 0;
    case FACT_TYPE_COUNT:
    case FACT_TYPE_NUMBER:
        if (!json_is_number(json) ||
            (info->type == FACT_TYPE_COUNT && json_number_value(json) != floor(json_number_value(json))))
            return refuse(reader, info->type == FACT_TYPE_COUNT ? "a whole number" : "a number");
        *ret_value = value_number(json_number_value(json));
        return 0;
    case FACT_TYPE_MONEY:
        return read_money(reader, info, json, ret_value);
    case FACT_TYPE_DATE:
        if (!json_is_string(json) || day_parse(json_string_value(json), len, &day) < 0)
            return refuse(reader, "a date, YYYY-MM-DD");
        *ret_value = value_number(day);
        return 0;
    case FACT_TYPE_TIME:
        if (!json_is_string(json) || moment_parse(json_string_value(json), len, &moment) < 0)
            return refuse(reader, "a time, RFC 3339");
        *ret_value = value_number(floor((double)moment / MOMENT_SECOND));
        return 0;
    case FACT_TYPE_LIST:
        break; /* a list holds no lists */
    }
    return refuse(reader, "of another type");
}

static int read_list(const struct reader *reader, enum fact fact, const json_t *json)
{
    const struct fact_info *info = &facts_info[fact];
    struct value *fields;
    const json_t *item;
    size_t i;

    if (!json_is_array(json) || json_array_size(json) > 1000)
        return refuse(reader, "a list of at most 1000 objects");
    fields = facts_set_list(reader->facts, fact, (int)json_array_size(json));
    json_array_foreach(json, i, item)
    {
        size_t known = 0;

        for (int f = 0; f < info->field_count; f++, fields++) {
            const json_t *value = json_object_get(item, info->fields[f].path);

            if (!value) {
                if (info->fields[f].always)
                    return refuse(reader, "a list whose elements have all fields that are never null");
                continue;
            }
            known++;
            if (read_value(reader, &info->fields[f], value, fields) < 0)
                return -1;
        }
        if (!json_is_object(item) || known != json_object_size(item))
            return refuse(reader, "a list of objects with its fields only");
    }
    return 0;
}

static int read_fact(struct reader *reader, enum fact fact, const json_t *json)
{
    const json_t *value = json_object_get(json, facts_info[fact].path);

    if (!value)
        return 0;
    reader->path = facts_info[fact].path;
    return facts_info[fact].type == FACT_TYPE_LIST
               ? read_list(reader, fact, value)
               : read_value(reader, &facts_info[fact], value, &reader->facts->slot[fact]);
}

int facts_read(struct facts *facts, const json_t *json, char ret_error[static 200])
{
    struct reader reader = {.facts = facts, .path = "the document", .error = ret_error};
    const char *key;
    json_t *value;

    if (!json_is_object(json))
        return refuse(&reader, "an object of facts by path");
    json_object_foreach((json_t *)json, key, value)
    {
        if (facts_find(key, strlen(key)) < 0) {
            snprintf(ret_error, 200, "no such fact: %.100s", key);
            return -1;
        }
    }
    /* Texts first: amounts need the currency that a text fact names. */
    for (int i = 0; i < FACT_COUNT; i++) {
        if (facts_info[i].type == FACT_TYPE_TEXT && read_fact(&reader, i, json) < 0)
            return -1;
    }
    for (int i = 0; i < FACT_COUNT; i++) {
        if (facts_info[i].type != FACT_TYPE_TEXT && read_fact(&reader, i, json) < 0)
            return -1;
    }
    return 0;
}
