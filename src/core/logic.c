#include "replyd/logic.h"

#include "replyd/json.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOGIC_MAX_DEPTH 100
/* Steps of one evaluation; 16 bytes of scratch are a step as well. Rules of a playbook take some hundred. */
#define LOGIC_FUEL ((size_t)1 << 20)
/* Of values: what reduce nests deeper is nobody's intention (and jansson reads no deeper). */
#define LOGIC_MAX_NESTING 2048

struct eval {
    const struct value *slots;
    const struct value *data; /* what `var` reads: in a body the element */
    struct arena *scratch;
    size_t fuel; /* 0: given up, everything is null */
};

struct compiler {
    struct arena *arena;
    logic_resolve_fn *resolve;
    void *arg;
    char *error;
    int depth;
    bool scoped; /* inside a body of map, filter, ... */
};

typedef struct value eval_fn(struct eval *ev, const struct logic *node);
typedef int compile_fn(struct compiler *c, const json_t *args, struct logic *node);

struct operator
{
    const char *name;
    uint32_t min_args, max_args;
    eval_fn *eval;
    unsigned mode;       /* for an eval function of several operators: which of them it is */
    compile_fn *compile; /* NULL: every argument is a rule */
};

#define ANY_ARGS UINT32_MAX

/* The keys of `missing` are known only when it runs; those that are facts are among these. */
struct fact_key {
    struct value path;
    int slot;
    const struct fact_key *next;
};

struct logic {
    const struct operator* op;
    const struct logic *args;
    uint32_t count;
    bool strict; /* there are facts: arithmetic and order on null give null */
    union {
        struct value constant;       /* of op_constant; of op_path the path */
        int slot;                    /* of op_fact */
        const struct fact_key *keys; /* of missing, missing_some */
    };
};

/* ---- spending ---- */

static bool spend(struct eval *ev, size_t steps)
{
    if (steps > ev->fuel) {
        ev->fuel = 0;
        return false;
    }
    ev->fuel -= steps;
    return true;
}

/* NULL when the evaluation has used up what it may. */
static void *eval_alloc(struct eval *ev, size_t size)
{
    return spend(ev, size / 16 + 1) ? arena_alloc(ev->scratch, size) : NULL;
}

static void spend_whole(struct eval *ev, const struct value *value, int depth);

/* Pays for a value with all that it holds. Whatever makes arrays or compares them does, or a few doublings in
 * reduce, [acc, acc], would make a small thing that takes for ever to walk. */
static void spend_parts(struct eval *ev, const struct value *value, int depth)
{
    for (uint32_t i = 0; i < value->len && ev->fuel > 0; i++)
        spend_whole(ev, value->type == VALUE_ARRAY ? &value->items[i] : value->members[i].value, depth + 1);
}

static void spend_whole(struct eval *ev, const struct value *value, int depth)
{
    if (depth > LOGIC_MAX_NESTING)
        ev->fuel = 0;
    else if (spend(ev, 1) && (value->type == VALUE_ARRAY || value->type == VALUE_OBJECT))
        spend_parts(ev, value, depth);
}

static struct value eval(struct eval *ev, const struct logic *node)
{
    struct value value;

    if (!spend(ev, 1))
        return VALUE_NULL_INIT;
    value = node->op->eval(ev, node);
    spend(ev, value.len / 64); /* whoever gets it will read it */
    return value;
}

static struct value eval_arg(struct eval *ev, const struct logic *node, uint32_t i)
{
    return eval(ev, &node->args[i]);
}

/* JSON has no NaN and no infinities: what is kept or given out is null instead. */
static struct value only_finite(struct value value)
{
    return value.type == VALUE_NUMBER && !isfinite(value.number) ? VALUE_NULL_INIT : value;
}

/* ---- values as JavaScript sees them ---- */

bool logic_truthy(const struct value *value)
{
    switch ((enum value_type)value->type) {
    case VALUE_NULL:
        return false;
    case VALUE_BOOL:
        return value->truth;
    case VALUE_NUMBER:
        return value->number != 0 && !isnan(value->number);
    case VALUE_STRING:
    case VALUE_ARRAY:
        return value->len > 0;
    case VALUE_OBJECT:
        break;
    }
    return true;
}

static size_t skip_digits(const char *s, size_t at)
{
    return at + strspn(s + at, "0123456789");
}

/* The length of the decimal number that `s` begins with, 0 if there is none. */
static size_t decimal_len(const char *s)
{
    size_t sign = *s == '+' || *s == '-', at, end, digits;

    if (strncmp(s + sign, "Infinity", 8) == 0)
        return sign + 8;
    at = skip_digits(s, sign);
    digits = at - sign;
    if (s[at] == '.') {
        end = skip_digits(s, at + 1);
        digits += end - at - 1;
        at = end;
    }
    if (digits == 0)
        return 0;
    if (s[at] == 'e' || s[at] == 'E') {
        size_t exponent = at + 1 + (s[at + 1] == '+' || s[at + 1] == '-');

        end = skip_digits(s, exponent);
        at = end > exponent ? end : at;
    }
    return at;
}

/* Reads a text as a number: `whole` all of it, as Number() does, or just its beginning, as parseFloat() does.
 */
static double text_number(const char *s, bool whole)
{
    static const char blank[] = " \t\n\v\f\r";
    size_t len;

    s += strspn(s, blank);
    if (whole && *s == '\0')
        return 0;
    len = decimal_len(s);
    if (len == 0 || (whole && s[len + strspn(s + len, blank)] != '\0'))
        return NAN;
    if (s[len] == 'x' || s[len] == 'X') /* strtod() would go on with hexadecimal */
        return 0;
    return strtod(s, NULL);
}

/* Number(), or parseFloat(). Arrays count as their text, so one element is that element. */
static double to_number(const struct value *value, bool whole)
{
    bool inside = false;

    while (value->type == VALUE_ARRAY && value->len > 0 && (value->len == 1 || !whole)) {
        value = &value->items[0];
        inside = true;
    }
    switch ((enum value_type)value->type) {
    case VALUE_NULL:
        return whole ? 0 : NAN;
    case VALUE_BOOL:
        return whole && !inside ? value->truth : NAN;
    case VALUE_NUMBER:
        return value->number;
    case VALUE_STRING:
        return text_number(value->string, whole);
    case VALUE_ARRAY:
        return whole && value->len == 0 ? 0 : NAN;
    case VALUE_OBJECT:
        break;
    }
    return NAN;
}

/* For counts and positions. */
static int64_t to_integer(const struct value *value)
{
    double number = to_number(value, true);

    if (isnan(number))
        return 0;
    return (int64_t)fmax(-1e15, fmin(1e15, number));
}

/* A text being measured (`to` NULL), then written. */
struct text {
    char *to;
    size_t len;
};

static void text_add(struct text *text, const char *s, size_t len)
{
    if (text->to && len > 0)
        memcpy(text->to + text->len, s, len);
    text->len += len;
}

/* Null (and what is no number) is nothing, arrays are their elements with commas. */
static void text_put(struct text *text, const struct value *value)
{
    char number[JSON_NUMBER_SIZE];

    switch ((enum value_type)value->type) {
    case VALUE_NULL:
        break;
    case VALUE_BOOL:
        text_add(text, value->truth ? "true" : "false", value->truth ? 4 : 5);
        break;
    case VALUE_NUMBER:
        if (isfinite(value->number))
            text_add(text, number, json_number(value->number, number));
        break;
    case VALUE_STRING:
        text_add(text, value->string, value->len);
        break;
    case VALUE_ARRAY:
        for (uint32_t i = 0; i < value->len; i++) {
            text_add(text, ",", i > 0);
            text_put(text, &value->items[i]);
        }
        break;
    case VALUE_OBJECT:
        text_add(text, "[object Object]", 15);
        break;
    }
}

/* Writes the values one after the other; a null if that is too much. */
static struct value text_join(struct eval *ev, const struct value *values, uint32_t count)
{
    struct text text = {0};

    for (uint32_t i = 0; i < count; i++) {
        spend_whole(ev, &values[i], 0);
        if (ev->fuel == 0)
            return VALUE_NULL_INIT;
        text_put(&text, &values[i]);
    }
    text.to = eval_alloc(ev, text.len + 1);
    if (!text.to)
        return VALUE_NULL_INIT;
    text.len = 0;
    for (uint32_t i = 0; i < count; i++)
        text_put(&text, &values[i]);
    text.to[text.len] = '\0';
    return (struct value){.type = VALUE_STRING, .len = (uint32_t)text.len, .string = text.to};
}

static struct value to_text(struct eval *ev, struct value value)
{
    return value.type == VALUE_STRING ? value : text_join(ev, &value, 1);
}

/* ---- reading data ---- */

static const struct value *array_get(const struct value *array, const char *digits, size_t len)
{
    uint64_t at = 0;

    if (len == 0 || len > 10 || (digits[0] == '0' && len > 1))
        return NULL;
    for (size_t i = 0; i < len; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return NULL;
        at = at * 10 + (uint64_t)(digits[i] - '0');
    }
    return at < array->len ? &array->items[at] : NULL;
}

/* What a dotted path leads to, or NULL. The empty path is the data itself. */
static const struct value *path_find(const struct value *data, const char *path, size_t len)
{
    const char *end = path + len;

    if (len == 0)
        return data;
    while (data) {
        const char *dot = memchr(path, '.', (size_t)(end - path));
        size_t step = (size_t)((dot ? dot : end) - path);

        data = data->type == VALUE_ARRAY ? array_get(data, path, step) : value_get(data, path, step);
        if (!dot)
            break;
        path = dot + 1;
    }
    return data;
}

static struct value found_or_default(struct eval *ev, const struct logic *node, const struct value *found,
                                     uint32_t default_arg)
{
    if (found)
        return *found;
    return node->count > default_arg ? eval_arg(ev, node, default_arg) : VALUE_NULL_INIT;
}

static struct value eval_constant(struct eval *ev, const struct logic *node)
{
    (void)ev;
    return node->constant;
}

/* An unknown fact is as one that is not there: the default applies. */
static struct value eval_fact(struct eval *ev, const struct logic *node)
{
    const struct value *fact = ev->slots ? &ev->slots[node->slot] : NULL;

    return found_or_default(ev, node, fact && fact->type != VALUE_NULL ? fact : NULL, 0);
}

static struct value eval_path(struct eval *ev, const struct logic *node)
{
    const struct value *found = path_find(ev->data, node->constant.string, node->constant.len);

    return found_or_default(ev, node, found, 0);
}

static struct value eval_var(struct eval *ev, const struct logic *node)
{
    struct value path = to_text(ev, eval_arg(ev, node, 0));

    if (path.type != VALUE_STRING)
        return VALUE_NULL_INIT;
    return found_or_default(ev, node, path_find(ev->data, path.string, path.len), 1);
}

static const struct value *key_find(struct eval *ev, const struct logic *node, const struct value *key)
{
    struct value path = to_text(ev, *key);

    if (path.type != VALUE_STRING)
        return NULL;
    for (const struct fact_key *fact = node->keys; fact; fact = fact->next) {
        if (value_equal(&fact->path, &path))
            return ev->slots ? &ev->slots[fact->slot] : NULL;
    }
    return path_find(ev->data, path.string, path.len);
}

/* Those of the keys that lead to nothing, null or "". */
static struct value keys_missing(struct eval *ev, const struct logic *node, const struct value *keys,
                                 uint32_t count)
{
    struct value *missing = eval_alloc(ev, count * sizeof(*missing));
    uint32_t len = 0;

    if (!missing)
        return VALUE_NULL_INIT;
    for (uint32_t i = 0; i < count; i++) {
        const struct value *found = key_find(ev, node, &keys[i]);

        if (!found || found->type == VALUE_NULL || (found->type == VALUE_STRING && found->len == 0))
            missing[len++] = keys[i];
    }
    return (struct value){.type = VALUE_ARRAY, .len = len, .items = missing};
}

/* All arguments at once; NULL when that is too much. */
static struct value *eval_args(struct eval *ev, const struct logic *node)
{
    struct value *values = eval_alloc(ev, node->count * sizeof(*values));

    for (uint32_t i = 0; values && i < node->count; i++)
        values[i] = only_finite(eval_arg(ev, node, i));
    return values;
}

static struct value eval_missing(struct eval *ev, const struct logic *node)
{
    const struct value *keys = eval_args(ev, node);

    if (!keys)
        return VALUE_NULL_INIT;
    if (node->count > 0 && keys[0].type == VALUE_ARRAY)
        return keys_missing(ev, node, keys[0].items, keys[0].len);
    return keys_missing(ev, node, keys, node->count);
}

static struct value eval_missing_some(struct eval *ev, const struct logic *node)
{
    struct value need = eval_arg(ev, node, 0), keys = eval_arg(ev, node, 1), missing;

    if (keys.type != VALUE_ARRAY)
        keys = (struct value){.type = VALUE_ARRAY};
    missing = keys_missing(ev, node, keys.items, keys.len);
    if ((double)keys.len - missing.len >= to_number(&need, true))
        missing.len = 0;
    return missing;
}

static struct value eval_known(struct eval *ev, const struct logic *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        if (eval_arg(ev, node, i).type == VALUE_NULL)
            return value_bool(false);
    }
    return value_bool(true);
}

static struct value eval_coalesce(struct eval *ev, const struct logic *node)
{
    struct value value = VALUE_NULL_INIT;

    for (uint32_t i = 0; i < node->count && value.type == VALUE_NULL; i++)
        value = eval_arg(ev, node, i);
    return value;
}

/* ---- conditions ---- */

static struct value eval_if(struct eval *ev, const struct logic *node)
{
    uint32_t i;

    for (i = 0; i + 1 < node->count; i += 2) {
        struct value condition = eval_arg(ev, node, i);

        if (logic_truthy(&condition))
            return eval_arg(ev, node, i + 1);
    }
    return i < node->count ? eval_arg(ev, node, i) : VALUE_NULL_INIT;
}

enum { UNTIL_FALSE, UNTIL_TRUE };

/* `and`, `or`: the first argument of the truth that ends it, else the last. */
static struct value eval_until(struct eval *ev, const struct logic *node)
{
    bool truth = node->op->mode == UNTIL_TRUE;
    struct value value = VALUE_NULL_INIT;

    for (uint32_t i = 0; i < node->count; i++) {
        value = eval_arg(ev, node, i);
        if (logic_truthy(&value) == truth)
            break;
    }
    return value;
}

enum { TRUTH, TRUTH_NOT };

static struct value eval_truth(struct eval *ev, const struct logic *node)
{
    struct value value = eval_arg(ev, node, 0);

    return value_bool(logic_truthy(&value) == (node->op->mode == TRUTH));
}

/* ---- comparison ---- */

static bool is_compound(const struct value *value)
{
    return value->type == VALUE_ARRAY || value->type == VALUE_OBJECT;
}

/* JavaScript compares arrays by identity, which data does not have; ours are equal by content. */
static bool equal_strictly(struct eval *ev, const struct value *a, const struct value *b)
{
    if (a->type != b->type)
        return false;
    if (is_compound(a))
        spend_whole(ev, a, 0);
    return ev->fuel > 0 && value_equal(a, b);
}

/* What operators with no use for an array or object take it as: its text. */
static struct value to_primitive(struct eval *ev, struct value value)
{
    return is_compound(&value) ? to_text(ev, value) : value;
}

static bool equal_loosely(struct eval *ev, const struct value *a, const struct value *b)
{
    struct value left, right;

    if (a->type == b->type)
        return equal_strictly(ev, a, b);
    if (a->type == VALUE_NULL || b->type == VALUE_NULL)
        return false;
    left = to_primitive(ev, *a);
    right = to_primitive(ev, *b);
    if (left.type == VALUE_STRING && right.type == VALUE_STRING)
        return value_equal(&left, &right);
    return to_number(&left, true) == to_number(&right, true);
}

enum { EQUAL = 0, EQUAL_NOT = 1, EQUAL_STRICTLY = 2 };

static struct value eval_equality(struct eval *ev, const struct logic *node)
{
    struct value a = eval_arg(ev, node, 0), b = eval_arg(ev, node, 1);
    bool strictly = node->op->mode & EQUAL_STRICTLY, wanted = !(node->op->mode & EQUAL_NOT);

    return value_bool((strictly ? equal_strictly(ev, &a, &b) : equal_loosely(ev, &a, &b)) == wanted);
}

enum order { ORDER_LESS = 1, ORDER_EQUAL = 2, ORDER_GREATER = 4, ORDER_NONE = 0 };

/* Two strings by their bytes, that is by code points; all else by number. */
static enum order value_order(const struct value *a, const struct value *b)
{
    double difference;

    if (a->type == VALUE_STRING && b->type == VALUE_STRING) {
        uint32_t common = a->len < b->len ? a->len : b->len;
        int order = memcmp(a->string, b->string, common);

        difference = order != 0 ? order : (double)a->len - b->len;
    } else {
        double left = to_number(a, true), right = to_number(b, true);

        /* no subtraction: infinities */
        difference = isnan(left) || isnan(right) ? (double)NAN : (left > right) - (left < right);
    }
    if (isnan(difference))
        return ORDER_NONE;
    return difference < 0 ? ORDER_LESS : difference > 0 ? ORDER_GREATER : ORDER_EQUAL;
}

/* Whether each argument stands to the next in one of the orders of the mode. */
static struct value eval_order(struct eval *ev, const struct logic *node)
{
    struct value left = to_primitive(ev, eval_arg(ev, node, 0));

    for (uint32_t i = 1; i < node->count; i++) {
        struct value right = to_primitive(ev, eval_arg(ev, node, i));

        if (node->strict && (left.type == VALUE_NULL || right.type == VALUE_NULL))
            return VALUE_NULL_INIT;
        if (!(value_order(&left, &right) & node->op->mode))
            return value_bool(false);
        left = right;
    }
    return value_bool(true);
}

/* ---- arithmetic ---- */

static struct value number_result(const struct logic *node, double number)
{
    if (node->strict && !isfinite(number)) /* 1 / 0 > 3 must not hold of facts */
        return VALUE_NULL_INIT;
    return value_number(number);
}

typedef double number_fn(double a, double b);

/* Folds all arguments. `whole`: see to_number(). */
static struct value eval_fold(struct eval *ev, const struct logic *node, number_fn *fold, bool whole)
{
    double total = 0;

    for (uint32_t i = 0; i < node->count; i++) {
        struct value value = eval_arg(ev, node, i);
        double number = to_number(&value, whole);

        if (node->strict && value.type == VALUE_NULL)
            return VALUE_NULL_INIT;
        total = i == 0 ? number : fold(total, number);
    }
    return number_result(node, total);
}

static double number_add(double a, double b)
{
    return a + b;
}

static double number_multiply(double a, double b)
{
    return a * b;
}

static double number_subtract(double a, double b)
{
    return a - b;
}

static double number_divide(double a, double b)
{
    return a / b;
}

/* Not fmin() and fmax(): these overlook a NaN. */
static double number_min(double a, double b)
{
    return isnan(a) || a < b ? a : b;
}

static double number_max(double a, double b)
{
    return isnan(a) || a > b ? a : b;
}

static struct value eval_add(struct eval *ev, const struct logic *node)
{
    return eval_fold(ev, node, number_add, false);
}

/* One argument is given back as it is, whatever it is; only `+` makes a number of it. */
static struct value eval_multiply(struct eval *ev, const struct logic *node)
{
    return node->count == 1 ? eval_arg(ev, node, 0) : eval_fold(ev, node, number_multiply, false);
}

/* With one argument its negative. */
/* One operand alone comes back as it is: so says the public suite, while the reference implementation negates
 * it. compile_subtract() keeps rules out of that quarrel. */
static struct value eval_subtract(struct eval *ev, const struct logic *node)
{
    return eval_fold(ev, node, number_subtract, true);
}

static struct value eval_divide(struct eval *ev, const struct logic *node)
{
    return eval_fold(ev, node, number_divide, true);
}

static struct value eval_modulo(struct eval *ev, const struct logic *node)
{
    return eval_fold(ev, node, fmod, true);
}

static struct value eval_min(struct eval *ev, const struct logic *node)
{
    return eval_fold(ev, node, number_min, true);
}

static struct value eval_max(struct eval *ev, const struct logic *node)
{
    return eval_fold(ev, node, number_max, true);
}

__extension__ typedef __int128 wide;

#define MILLION 1000000

/* In millionths. The whole part goes by itself: times a million it may be too much for a long long. */
static wide millionths(double number)
{
    double whole = trunc(number);

    return (wide)whole * MILLION + llround((number - whole) * MILLION);
}

/* Percent and amount are taken to a millionth and multiplied as integers: doubles would now and then put 41.5
 * a little below itself and lose a cent. NAN beyond a million percent or 2^53 minor units. */
static double percent_of(double percent, double minor)
{
    const wide unit = (wide)MILLION * MILLION * 100, half = unit / 2;
    wide product;

    if (!(fabs(percent) <= MILLION) || !(fabs(minor) <= 9007199254740992.0))
        return NAN;
    product = millionths(percent) * millionths(minor);
    return (double)((product + (product < 0 ? -half : half)) / unit);
}

static struct value eval_percent_of(struct eval *ev, const struct logic *node)
{
    struct value percent = eval_arg(ev, node, 0), minor = eval_arg(ev, node, 1);
    double amount;

    if (percent.type == VALUE_NULL || minor.type == VALUE_NULL)
        return VALUE_NULL_INIT;
    amount = percent_of(to_number(&percent, true), to_number(&minor, true));
    return isnan(amount) ? VALUE_NULL_INIT : value_number(amount);
}

/* ---- strings ---- */

static struct value eval_cat(struct eval *ev, const struct logic *node)
{
    const struct value *values = eval_args(ev, node);

    return values ? text_join(ev, values, node->count) : VALUE_NULL_INIT;
}

static bool array_has(struct eval *ev, const struct value *array, const struct value *item)
{
    for (uint32_t i = 0; i < array->len; i++) {
        if (equal_strictly(ev, &array->items[i], item))
            return true;
    }
    return false;
}

static struct value eval_in(struct eval *ev, const struct logic *node)
{
    struct value item = eval_arg(ev, node, 0), whole = eval_arg(ev, node, 1);

    if (whole.type == VALUE_ARRAY)
        return value_bool(spend(ev, whole.len / 4) && array_has(ev, &whole, &item));
    if (whole.type != VALUE_STRING || whole.len == 0 || item.type == VALUE_NULL)
        return value_bool(false);
    item = to_text(ev, item);
    return value_bool(item.type == VALUE_STRING && memmem(whole.string, whole.len, item.string, item.len));
}

static bool starts_character(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

static int64_t character_count(const struct value *string)
{
    int64_t count = 0;

    for (uint32_t i = 0; i < string->len; i++)
        count += starts_character(string->string[i]);
    return count;
}

/* The byte at which the character number `at` begins. */
static uint32_t character_offset(const struct value *string, int64_t at)
{
    for (uint32_t i = 0; i < string->len; i++) {
        if (starts_character(string->string[i]) && at-- == 0)
            return i;
    }
    return string->len;
}

/* Counts characters (code points) where JavaScript counts halves of some. A start below 0 counts from the
 * end, a length below 0 leaves out that many at the end. */
static struct value eval_substr(struct eval *ev, const struct logic *node)
{
    struct value string = to_text(ev, eval_arg(ev, node, 0)), start = eval_arg(ev, node, 1), part;
    int64_t total = character_count(&string), from = to_integer(&start), count;
    uint32_t first;

    if (string.type != VALUE_STRING)
        return VALUE_NULL_INIT;
    if (from < 0)
        from = from + total > 0 ? from + total : 0;
    if (from > total)
        from = total;
    count = total - from;
    if (node->count > 2) {
        struct value length = eval_arg(ev, node, 2);
        int64_t wanted = to_integer(&length);

        if (wanted < 0)
            wanted += count;
        count = wanted < 0 ? 0 : wanted < count ? wanted : count;
    }
    first = character_offset(&string, from);
    part = (struct value){.type = VALUE_STRING, .string = string.string + first};
    part.len = character_offset(&string, from + count) - first;
    return text_join(ev, &part, 1); /* a copy, to be ended with NUL */
}

/* ---- lists ---- */

/* Pays for the elements and makes them an array. */
static struct value array_of(struct eval *ev, const struct value *items, uint32_t len)
{
    struct value array = {.type = VALUE_ARRAY, .len = len, .items = items};

    spend_whole(ev, &array, 0);
    return array;
}

static struct value eval_array(struct eval *ev, const struct logic *node)
{
    const struct value *items = eval_args(ev, node);

    return items ? array_of(ev, items, node->count) : VALUE_NULL_INIT;
}

static struct value eval_merge(struct eval *ev, const struct logic *node)
{
    const struct value *values = eval_args(ev, node);
    struct value *items;
    uint32_t len = 0;
    size_t total = 0;

    for (uint32_t i = 0; values && i < node->count; i++)
        total += values[i].type == VALUE_ARRAY ? values[i].len : 1;
    items = eval_alloc(ev, total * sizeof(*items));
    if (!values || !items)
        return VALUE_NULL_INIT;
    for (uint32_t i = 0; i < node->count; i++) {
        if (values[i].type != VALUE_ARRAY)
            items[len++] = values[i];
        for (uint32_t j = 0; values[i].type == VALUE_ARRAY && j < values[i].len; j++)
            items[len++] = values[i].items[j];
    }
    return array_of(ev, items, len);
}

/* The first argument of map, filter, ...: what is no array is an empty one. */
static struct value eval_list(struct eval *ev, const struct logic *node)
{
    struct value list = eval_arg(ev, node, 0);

    return list.type == VALUE_ARRAY ? list : (struct value){.type = VALUE_ARRAY};
}

static struct value eval_body(struct eval *ev, const struct logic *node, const struct value *element)
{
    const struct value *outer = ev->data;
    struct value value;

    ev->data = element;
    value = eval_arg(ev, node, 1);
    ev->data = outer;
    return value;
}

static struct value eval_map(struct eval *ev, const struct logic *node)
{
    struct value list = eval_list(ev, node);
    struct value *items = eval_alloc(ev, list.len * sizeof(*items));

    if (!items)
        return VALUE_NULL_INIT;
    for (uint32_t i = 0; i < list.len; i++)
        items[i] = only_finite(eval_body(ev, node, &list.items[i]));
    return array_of(ev, items, list.len);
}

static struct value eval_filter(struct eval *ev, const struct logic *node)
{
    struct value list = eval_list(ev, node);
    struct value *items = eval_alloc(ev, list.len * sizeof(*items));
    uint32_t len = 0;

    if (!items)
        return VALUE_NULL_INIT;
    for (uint32_t i = 0; i < list.len; i++) {
        struct value keep = eval_body(ev, node, &list.items[i]);

        if (logic_truthy(&keep))
            items[len++] = list.items[i];
    }
    return array_of(ev, items, len);
}

/* What a step of reduce sees as data. It is made anew each time, for the step may return it or a part of it.
 */
struct reduction {
    struct value object, current, accumulator;
    struct value_member members[2];
};

static struct value eval_reduce(struct eval *ev, const struct logic *node)
{
    struct value list = eval_list(ev, node), total = VALUE_NULL_INIT;

    if (node->count > 2)
        total = eval_arg(ev, node, 2);
    for (uint32_t i = 0; i < list.len; i++) {
        struct reduction *step = eval_alloc(ev, sizeof(*step));

        if (!step)
            return VALUE_NULL_INIT;
        step->current = list.items[i];
        step->accumulator = only_finite(total);
        step->members[0] = (struct value_member){.name = "current", .value = &step->current};
        step->members[1] = (struct value_member){.name = "accumulator", .value = &step->accumulator};
        step->object = (struct value){.type = VALUE_OBJECT, .len = 2, .members = step->members};
        spend_whole(ev, &step->current, 0);
        total = eval_body(ev, node, &step->object);
    }
    return total;
}

/* Is there an element for which the body has that truth? */
static bool list_has(struct eval *ev, const struct logic *node, const struct value *list, bool truth)
{
    for (uint32_t i = 0; i < list->len; i++) {
        struct value value = eval_body(ev, node, &list->items[i]);

        if (logic_truthy(&value) == truth)
            return true;
    }
    return false;
}

static struct value eval_some(struct eval *ev, const struct logic *node)
{
    struct value list = eval_list(ev, node);

    return value_bool(list_has(ev, node, &list, true));
}

static struct value eval_none(struct eval *ev, const struct logic *node)
{
    return value_bool(!eval_some(ev, node).truth);
}

/* An empty list does not satisfy `all` in JsonLogic. */
static struct value eval_all(struct eval *ev, const struct logic *node)
{
    struct value list = eval_list(ev, node);

    return value_bool(list.len > 0 && !list_has(ev, node, &list, false));
}

/* `log` prints nothing here: rules are pure. */
static struct value eval_log(struct eval *ev, const struct logic *node)
{
    return eval_arg(ev, node, 0);
}

/* ---- the operators ---- */

static compile_fn compile_var, compile_missing, compile_known, compile_loop, compile_subtract;

static const struct operator op_constant = {.eval = eval_constant};
static const struct operator op_array = {.eval = eval_array};
static const struct operator op_fact = {.eval = eval_fact};
static const struct operator op_path = {.eval = eval_path};

static const struct operator operators[] = {
    {"var", 0, 2, eval_var, 0, compile_var},
    {"missing", 0, ANY_ARGS, eval_missing, 0, compile_missing},
    {"missing_some", 2, 2, eval_missing_some, 0, compile_missing},
    {"known", 1, ANY_ARGS, eval_known, 0, compile_known},
    {"coalesce", 1, ANY_ARGS, eval_coalesce, 0, NULL},
    {"if", 0, ANY_ARGS, eval_if, 0, NULL},
    {"?:", 0, ANY_ARGS, eval_if, 0, NULL},
    {"and", 1, ANY_ARGS, eval_until, UNTIL_FALSE, NULL},
    {"or", 1, ANY_ARGS, eval_until, UNTIL_TRUE, NULL},
    {"!", 1, 1, eval_truth, TRUTH_NOT, NULL},
    {"!!", 1, 1, eval_truth, TRUTH, NULL},
    {"==", 2, 2, eval_equality, EQUAL, NULL},
    {"!=", 2, 2, eval_equality, EQUAL_NOT, NULL},
    {"===", 2, 2, eval_equality, EQUAL_STRICTLY, NULL},
    {"!==", 2, 2, eval_equality, EQUAL_STRICTLY | EQUAL_NOT, NULL},
    {"<", 2, 3, eval_order, ORDER_LESS, NULL},
    {"<=", 2, 3, eval_order, ORDER_LESS | ORDER_EQUAL, NULL},
    {">", 2, 2, eval_order, ORDER_GREATER, NULL},
    {">=", 2, 2, eval_order, ORDER_GREATER | ORDER_EQUAL, NULL},
    {"+", 1, ANY_ARGS, eval_add, 0, NULL},
    {"*", 1, ANY_ARGS, eval_multiply, 0, NULL},
    {"-", 1, 2, eval_subtract, 0, compile_subtract},
    {"/", 2, 2, eval_divide, 0, NULL},
    {"%", 2, 2, eval_modulo, 0, NULL},
    {"min", 1, ANY_ARGS, eval_min, 0, NULL},
    {"max", 1, ANY_ARGS, eval_max, 0, NULL},
    {"percent_of", 2, 2, eval_percent_of, 0, NULL},
    {"cat", 0, ANY_ARGS, eval_cat, 0, NULL},
    {"substr", 2, 3, eval_substr, 0, NULL},
    {"in", 2, 2, eval_in, 0, NULL},
    {"merge", 0, ANY_ARGS, eval_merge, 0, NULL},
    {"map", 2, 2, eval_map, 0, compile_loop},
    {"filter", 2, 2, eval_filter, 0, compile_loop},
    {"reduce", 2, 3, eval_reduce, 0, compile_loop},
    {"all", 2, 2, eval_all, 0, compile_loop},
    {"none", 2, 2, eval_none, 0, compile_loop},
    {"some", 2, 2, eval_some, 0, compile_loop},
    {"log", 1, 1, eval_log, 0, NULL},
};

/* ---- compiling ---- */

static int compile(struct compiler *c, const json_t *json, struct logic *node);

__attribute__((format(printf, 2, 3))) static int compile_fail(struct compiler *c, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(c->error, 200, format, args);
    va_end(args);
    return -1;
}

static const struct operator* operator_find(const char *name)
{
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        if (strcmp(operators[i].name, name) == 0)
            return &operators[i];
    }
    return NULL;
}

/* {"op": x} is short for {"op": [x]}. */
static uint32_t args_count(const json_t *args)
{
    return json_is_array(args) ? (uint32_t)json_array_size(args) : 1;
}

static const json_t *args_get(const json_t *args, uint32_t i)
{
    return json_is_array(args) ? json_array_get(args, i) : args;
}

static struct logic *nodes_alloc(struct compiler *c, uint32_t count)
{
    return arena_zalloc(c->arena, count * sizeof(struct logic));
}

/* Compiles the arguments from the number `first` on; `body` is the one that runs on elements (or none:
 * ANY_ARGS). */
static int compile_args(struct compiler *c, const json_t *args, uint32_t first, uint32_t body,
                        struct logic *node)
{
    uint32_t count = args_count(args) - first;
    struct logic *nodes = nodes_alloc(c, count);
    bool scoped = c->scoped;
    int result = 0;

    for (uint32_t i = 0; i < count && result == 0; i++) {
        c->scoped = scoped || first + i == body;
        result = compile(c, args_get(args, first + i), &nodes[i]);
        c->scoped = scoped;
    }
    node->args = nodes;
    node->count = count;
    return result;
}

static int compile_subtract(struct compiler *c, const json_t *args, struct logic *node)
{
    if (c->resolve && args_count(args) == 1)
        return compile_fail(c, "\"-\" takes two operands here, since implementations disagree on one: write "
                               "{\"-\": [0, x]}");
    return compile_args(c, args, 0, ANY_ARGS, node);
}

static int compile_loop(struct compiler *c, const json_t *args, struct logic *node)
{
    return compile_args(c, args, 0, 1, node);
}

static bool reads_facts(const struct compiler *c)
{
    return c->resolve && !c->scoped;
}

/* The path of `var` may be written as text or number; null is the empty one. */
static struct value path_text(struct compiler *c, const json_t *json)
{
    char number[JSON_NUMBER_SIZE];

    if (json_is_string(json))
        return value_from_json(c->arena, json);
    if (!json_is_number(json))
        return value_string("");
    json_number(json_number_value(json), number);
    return value_string(arena_strdup(c->arena, number));
}

static int fail_no_fact(struct compiler *c, const struct operator* op, const struct value *path)
{
    return compile_fail(c, "\"%s\": \"%.120s\" is no fact", op->name, path->string);
}

static int compile_path(struct compiler *c, const struct operator* op, struct value path, struct logic *node)
{
    if (!reads_facts(c)) {
        node->op = &op_path;
        node->constant = path;
        return 0;
    }
    node->slot = c->resolve(path.string, path.len, c->arg);
    if (node->slot < 0)
        return fail_no_fact(c, op, &path);
    node->op = &op_fact;
    return 0;
}

static int compile_var(struct compiler *c, const json_t *args, struct logic *node)
{
    const json_t *path = args_count(args) > 0 ? args_get(args, 0) : NULL;

    if (json_is_object(path) || json_is_array(path) || json_is_boolean(path))
        return compile_args(c, args, 0, ANY_ARGS, node);
    if (compile_path(c, node->op, path_text(c, path), node) < 0)
        return -1;
    return path ? compile_args(c, args, 1, ANY_ARGS, node) : 0;
}

static int compile_known(struct compiler *c, const json_t *args, struct logic *node)
{
    uint32_t count = args_count(args);
    struct logic *nodes = nodes_alloc(c, count);

    for (uint32_t i = 0; i < count; i++) {
        if (!json_is_string(args_get(args, i)))
            return compile_fail(c, "\"known\" takes paths written as text");
        if (compile_path(c, node->op, path_text(c, args_get(args, i)), &nodes[i]) < 0)
            return -1;
    }
    node->args = nodes;
    node->count = count;
    return 0;
}

/* Keeps the text if it names a fact. `written_out`: no operator stands before it, so it surely is a key. */
static int keep_key(struct compiler *c, const struct value *text, bool written_out, struct logic *missing)
{
    int slot = c->resolve(text->string, text->len, c->arg);
    struct fact_key *key;

    if (slot < 0)
        return written_out ? fail_no_fact(c, missing->op, text) : 0;
    key = arena_alloc(c->arena, sizeof(*key));
    *key = (struct fact_key){.path = *text, .slot = slot, .next = missing->keys};
    missing->keys = key;
    return 0;
}

static int keep_keys_of(struct compiler *c, const struct value *value, bool written_out,
                        struct logic *missing)
{
    if (value->type == VALUE_STRING)
        return keep_key(c, value, written_out, missing);
    for (uint32_t i = 0; value->type == VALUE_ARRAY && i < value->len; i++) {
        if (keep_keys_of(c, &value->items[i], written_out, missing) < 0)
            return -1;
    }
    return 0;
}

static int keep_keys(struct compiler *c, const struct logic *node, bool written_out, struct logic *missing)
{
    if (node->op == &op_constant)
        return keep_keys_of(c, &node->constant, written_out, missing);
    written_out = written_out && node->op == &op_array;
    for (uint32_t i = 0; i < node->count; i++) {
        if (keep_keys(c, &node->args[i], written_out, missing) < 0)
            return -1;
    }
    return 0;
}

/* Any text below may become a key by way of `if` or `merge`; those that name facts are kept with their slots.
 */
static int compile_missing(struct compiler *c, const json_t *args, struct logic *node)
{
    if (compile_args(c, args, 0, ANY_ARGS, node) < 0)
        return -1;
    for (uint32_t i = 0; reads_facts(c) && i < node->count; i++) {
        if (keep_keys(c, &node->args[i], true, node) < 0)
            return -1;
    }
    return 0;
}

static int check_count(struct compiler *c, const struct operator* op, uint32_t count)
{
    const char *plural = op->min_args == 1 ? "" : "s";

    if (count >= op->min_args && count <= op->max_args)
        return 0;
    if (op->max_args == ANY_ARGS)
        return compile_fail(c, "\"%s\" takes at least %u argument%s, not %u", op->name, op->min_args, plural,
                            count);
    if (op->max_args == op->min_args)
        return compile_fail(c, "\"%s\" takes %u argument%s, not %u", op->name, op->min_args, plural, count);
    return compile_fail(c, "\"%s\" takes %u to %u arguments, not %u", op->name, op->min_args, op->max_args,
                        count);
}

static int compile_operator(struct compiler *c, const json_t *json, struct logic *node)
{
    void *member = json_object_iter((json_t *)json); /* not changed */
    const char *name = json_object_iter_key(member);
    const json_t *args = json_object_iter_value(member);

    node->op = operator_find(name);
    if (!node->op)
        return compile_fail(c, "unknown operator \"%.120s\"", name);
    if (check_count(c, node->op, args_count(args)) < 0)
        return -1;
    if (node->op->compile)
        return node->op->compile(c, args, node);
    return compile_args(c, args, 0, ANY_ARGS, node);
}

/* An array of constants is a constant. */
static int compile_array(struct compiler *c, const json_t *json, struct logic *node)
{
    bool constant = true;
    struct value *items;

    node->op = &op_array;
    if (compile_args(c, json, 0, ANY_ARGS, node) < 0)
        return -1;
    for (uint32_t i = 0; i < node->count; i++)
        constant = constant && node->args[i].op == &op_constant;
    if (!constant)
        return 0;
    items = arena_alloc(c->arena, node->count * sizeof(*items));
    for (uint32_t i = 0; i < node->count; i++)
        items[i] = node->args[i].constant;
    node->op = &op_constant;
    node->constant = (struct value){.type = VALUE_ARRAY, .len = node->count, .items = items};
    node->count = 0;
    return 0;
}

static int compile_any(struct compiler *c, const json_t *json, struct logic *node)
{
    if (json_is_array(json))
        return compile_array(c, json, node);
    if (json_is_object(json) && json_object_size(json) == 1)
        return compile_operator(c, json, node);
    /* JsonLogic takes other objects as they are; with facts it is a slip of the pen. */
    if (c->resolve && json_is_object(json) && json_object_size(json) > 1)
        return compile_fail(c,
                            "an operation is an object with one member, this has %zu, \"%.80s\" among them",
                            json_object_size(json), json_object_iter_key(json_object_iter((json_t *)json)));
    node->op = &op_constant;
    node->constant = value_from_json(c->arena, json);
    return 0;
}

static int compile(struct compiler *c, const json_t *json, struct logic *node)
{
    int result;

    if (c->depth == LOGIC_MAX_DEPTH)
        return compile_fail(c, "nested deeper than %d", LOGIC_MAX_DEPTH);
    node->strict = c->resolve != NULL;
    c->depth++;
    result = compile_any(c, json, node);
    c->depth--;
    return result;
}

int logic_compile(struct arena *arena, const json_t *rule, logic_resolve_fn *resolve, void *arg,
                  const struct logic **ret_logic, char ret_error[static 200])
{
    struct compiler c = {.arena = arena, .resolve = resolve, .arg = arg, .error = ret_error};
    struct logic *node = nodes_alloc(&c, 1);

    if (compile(&c, rule, node) < 0)
        return -1;
    *ret_logic = node;
    return 0;
}

struct value logic_eval(const struct logic *logic, const struct value *slots, const struct value *data,
                        struct arena *scratch)
{
    const struct value nothing = VALUE_NULL_INIT;
    struct eval ev = {.slots = slots, .data = data ? data : &nothing, .scratch = scratch, .fuel = LOGIC_FUEL};
    struct value value = eval(&ev, logic);

    spend_whole(&ev, &value, 0); /* so that nobody has to walk what is too deep or too large */
    return ev.fuel > 0 ? only_finite(value) : VALUE_NULL_INIT;
}

void logic_facts(const struct logic *logic, void (*visit)(int slot, void *arg), void *arg)
{
    if (logic->op == &op_fact)
        visit(logic->slot, arg);
    if (logic->op->compile == compile_missing) {
        for (const struct fact_key *key = logic->keys; key; key = key->next)
            visit(key->slot, arg);
    }
    for (uint32_t i = 0; i < logic->count; i++)
        logic_facts(&logic->args[i], visit, arg);
}
