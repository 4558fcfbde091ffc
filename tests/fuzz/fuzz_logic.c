/* Input: a JSON array [rule, data]. Run without facts and with some, known and unknown. */
#include "fuzz.h"
#include "replyd/logic.h"

#include <stdlib.h>

#define SLOTS 8

/* The paths "f0" ... "f7" are facts. */
static int resolve(const char *path, size_t len, void *arg)
{
    (void)arg;
    return len == 2 && path[0] == 'f' && path[1] >= '0' && path[1] < '0' + SLOTS ? path[1] - '0' : -1;
}

static void check_slot(int slot, void *arg)
{
    (void)arg;
    if (slot < 0 || slot >= SLOTS)
        abort();
}

static void evaluate(const json_t *rule, logic_resolve_fn *facts, const struct value *slots,
                     const struct value *data, struct arena *arena)
{
    const struct logic *logic;
    struct value result;
    struct buf out = {0};
    char error[200];

    if (logic_compile(arena, rule, facts, NULL, &logic, error) < 0)
        return;
    logic_facts(logic, check_slot, NULL);
    result = logic_eval(logic, slots, data, arena);
    if (!value_equal(&result, &result)) /* NaN must not get out; deeper than value_equal() goes is cut off */
        abort();
    value_write(&out, &result);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    json_t *input = json_loadb((const char *)data, size, 0, NULL);
    const json_t *rule = json_array_get(input, 0);
    struct value facts[SLOTS] = {value_number(5), value_string("text"), value_bool(true), VALUE_NULL_INIT};
    struct value value = value_from_json(&arena, json_array_get(input, 1));

    facts[4] = value;
    if (rule) {
        evaluate(rule, NULL, NULL, &value, &arena);
        evaluate(rule, resolve, facts, NULL, &arena);
    }
    json_decref(input);
    arena_free(&arena);
    return 0;
}
