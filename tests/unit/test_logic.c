#include "replyd/logic.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static char error[200];

/* The facts of these tests; "none" is not known. */
enum { FACT_DAYS, FACT_NONE, FACT_STATE, FACT_EMPTY, FACT_ITEMS, FACT_END };
static const char *const fact_paths[] = {"order.days", "none", "order.state", "empty", "order.items"};

static int resolve(const char *path, size_t len, void *arg)
{
    (void)arg;
    for (int i = 0; i < FACT_END; i++) {
        if (strlen(fact_paths[i]) == len && memcmp(fact_paths[i], path, len) == 0)
            return i;
    }
    return -1;
}

static json_t *parse(const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);

    assert_non_null(json);
    return json;
}

static struct value parse_value(const char *text)
{
    json_t *json = parse(text);
    struct value value = value_from_json(&arena, json);

    json_decref(json);
    return value;
}

static const struct logic *compile(const char *rule, logic_resolve_fn *facts)
{
    const struct logic *logic = NULL;
    json_t *json = parse(rule);
    int result = logic_compile(&arena, json, facts, NULL, &logic, error);

    json_decref(json); /* nothing may point into it */
    assert_int_equal(result, logic ? 0 : -1);
    return logic;
}

static void check(const char *rule, logic_resolve_fn *facts, const char *data, const char *expected)
{
    struct value slots[FACT_END] = {
        [FACT_DAYS] = value_number(10),
        [FACT_STATE] = value_string("shipped"),
        [FACT_EMPTY] = value_string(""),
        [FACT_ITEMS] = parse_value("[{\"sku\": \"a\", \"qty\": 1}, {\"sku\": \"b\", \"qty\": null}]"),
    };
    const struct logic *logic = compile(rule, facts);
    struct value input = parse_value(data), result;
    struct buf text = {0};

    if (!logic)
        fail_msg("%s: %s", rule, error);
    result = logic_eval(logic, facts ? slots : NULL, &input, &arena);
    value_write(&text, &result);
    if (strcmp(buf_text(&text), expected) != 0)
        fail_msg("%s gives %s, not %s", rule, buf_text(&text), expected);
    buf_free(&text);
}

static void plain(const char *rule, const char *data, const char *expected)
{
    check(rule, NULL, data, expected);
}

static void with_facts(const char *rule, const char *expected)
{
    check(rule, resolve, "null", expected);
}

static void refused(const char *rule, logic_resolve_fn *facts, const char *message)
{
    if (compile(rule, facts))
        fail_msg("%s is compiled", rule);
    assert_string_equal(error, message);
}

static int release(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void coercions_are_javascripts(void **state)
{
    (void)state;
    plain("{\"==\": [null, 0]}", "null", "false");
    plain("{\"==\": [null, null]}", "null", "true");
    plain("{\"==\": [true, \"1\"]}", "null", "true");
    plain("{\"==\": [\" 12 \", 12]}", "null", "true");
    plain("{\"==\": [\"\", 0]}", "null", "true");
    plain("{\"==\": [[1, 2], \"1,2\"]}", "null", "true");
    plain("{\"==\": [[2], 2]}", "null", "true");
    plain("{\"<\": [null, 1]}", "null", "true");
    plain("{\"<\": [\"abc\", 1]}", "null", "false");
    plain("{\"<\": [\"10\", \"9\"]}", "null", "true"); /* as strings! */
    plain("{\"<\": [\"10\", 9]}", "null", "false");
    plain("{\"<\": [\"2026-01-31\", \"2026-02-01\", \"2026-02-01T\"]}", "null", "true");
    plain("{\"+\": [\"3.5 kg\", \"1e2\", \".5\"]}", "null", "104");
    plain("{\"+\": [\"0x10\"]}", "null", "0");
    plain("{\"+\": [\"x\"]}", "null", "null");
    plain("{\"*\": [[\"2\"], \"3\"]}", "null", "6");
    plain("{\"-\": [\"5\"]}", "null", "5"); /* as the public suite says */
    plain("{\"-\": [\"5kg\"]}", "null", "null");
    plain("{\"%\": [-7, 3]}", "null", "-1");
    plain("{\"max\": [\"10\", 9]}", "null", "10");
    plain("{\"min\": [1, \"x\"]}", "null", "null");
    plain("{\"/\": [1, 0]}", "null", "null");
    plain("{\">\": [{\"/\": [1, 0]}, 5]}", "null", "true");
}

static void texts(void **state)
{
    (void)state;
    plain("{\"cat\": [1.21, \" \", 85, null, true, [1, [2, null]], \"é\"]}", "null", "\"1.21 85true1,2,é\"");
    plain("{\"substr\": [\"Größe 漢字\", -2]}", "null", "\"漢字\"");
    plain("{\"substr\": [\"Größe\", 2, 2]}", "null", "\"öß\"");
    plain("{\"substr\": [\"abc\", -9, 2]}", "null", "\"ab\"");
    plain("{\"substr\": [\"abc\", 9]}", "null", "\"\"");
    plain("{\"substr\": [\"abc\", 1, -9]}", "null", "\"\"");
    plain("{\"substr\": [12345, 1, 2]}", "null", "\"23\"");
    plain("{\"in\": [[1], [2, [1]]]}", "null", "true");
    plain("{\"in\": [1, [\"1\"]]}", "null", "false");
    plain("{\"in\": [\"a\", null]}", "null", "false");
    plain("{\"in\": [12, \"0123\"]}", "null", "true");
}

static void data_is_read_by_path(void **state)
{
    const char *data = "{\"a\": [{\"b\": 1}, [5]], \"n\": null}";

    (void)state;
    plain("{\"var\": \"a.0.b\"}", data, "1");
    plain("{\"var\": \"a.1.0\"}", data, "5");
    plain("{\"var\": [\"a.01.0\", \"no\"]}", data, "\"no\"");
    plain("{\"var\": [\"a.2\", {\"+\": [1, 1]}]}", data, "2");
    plain("{\"var\": [\"a.4294967296\", 0]}", data, "0");
    plain("{\"var\": [\"n\", 3]}", data, "null"); /* it is there */
    plain("{\"var\": {\"cat\": [\"a.\", 0, \".b\"]}}", data, "1");
    plain("{\"var\": \"\"}", "5", "5");
}

static void bodies_read_the_element(void **state)
{
    const char *data = "{\"list\": [{\"q\": 1}, {\"q\": 3}], \"q\": 100}";

    (void)state;
    plain("{\"filter\": [{\"var\": \"list\"}, {\">\": [{\"var\": \"q\"}, 2]}]}", data, "[{\"q\":3}]");
    plain("{\"map\": [{\"var\": \"list\"}, {\"var\": \"list\"}]}", data, "[null,null]");
    plain("{\"map\": [5, {\"var\": \"\"}]}", data, "[]");
    plain("{\"reduce\": [[1, 2], {\"var\": \"\"}, 0]}", data,
          "{\"current\":2,\"accumulator\":{\"current\":1,\"accumulator\":0}}");
    plain("{\"+\": [{\"var\": \"q\"}, {\"reduce\": [{\"var\": \"list\"}, {\"var\": \"current.q\"}, 0]}]}",
          data, "103");
    plain("{\"map\": [[[1, 2], [3]], {\"map\": [{\"var\": \"\"}, {\"-\": [0, {\"var\": \"\"}]}]}]}", data,
          "[[-1,-2],[-3]]");
    plain("{\"map\": [[\"x\"], {\"+\": [{\"var\": \"\"}]}]}", data, "[null]"); /* no NaN in JSON */
}

static void facts_are_read_by_slot(void **state)
{
    (void)state;
    with_facts("{\"var\": \"order.days\"}", "10");
    with_facts("{\"var\": \"none\"}", "null");
    with_facts("{\"var\": [\"none\", 5]}", "5");
    with_facts("{\"var\": [\"order.days\", 5]}", "10");
    with_facts("{\"and\": [{\">\": [{\"var\": \"order.days\"}, 7]}, {\"==\": [{\"var\": \"order.state\"}, "
               "\"shipped\"]}]}",
               "true");
    with_facts("{\"map\": [{\"var\": \"order.items\"}, {\"var\": \"sku\"}]}", "[\"a\",\"b\"]");
    with_facts("{\"var\": {\"cat\": [\"order.\", \"days\"]}}", "null"); /* only constant paths are facts */
}

static void unknown_facts_give_null(void **state)
{
    static const char *const operations[] = {
        "{\"<\": [%s, 5]}",   "{\"<\": [1, %s]}",           "{\"<=\": [1, 2, %s]}",
        "{\">\": [%s, 5]}",   "{\">=\": [%s, 0]}",          "{\"+\": [1, %s]}",
        "{\"*\": [%s, 2]}",   "{\"-\": [5, %s]}",           "{\"-\": [%s, 5]}",
        "{\"/\": [%s, 2]}",   "{\"%%\": [%s, 2]}",          "{\"min\": [1, %s]}",
        "{\"max\": [%s, 1]}", "{\"percent_of\": [10, %s]}", "{\"percent_of\": [%s, 10]}",
    };
    char rule[200];

    (void)state;
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        snprintf(rule, sizeof(rule), operations[i], "{\"var\": \"none\"}");
        with_facts(rule, "null");
    }
    with_facts("{\"if\": [{\"<\": [{\"var\": \"none\"}, 5]}, \"yes\", \"no\"]}", "\"no\"");
    with_facts("{\"/\": [{\"var\": \"order.days\"}, 0]}", "null");
    with_facts("{\"map\": [{\"var\": \"order.items\"}, {\"<\": [{\"var\": \"qty\"}, 5]}]}", "[true,null]");
    with_facts("{\"==\": [{\"var\": \"none\"}, null]}", "true");
    with_facts("{\"!=\": [{\"var\": \"none\"}, \"x\"]}", "true");
}

static void known_and_coalesce(void **state)
{
    (void)state;
    with_facts("{\"known\": [\"order.days\", \"empty\"]}", "true");
    with_facts("{\"known\": [\"order.days\", \"none\"]}", "false");
    with_facts("{\"known\": \"none\"}", "false");
    plain("{\"known\": [\"a.b\"]}", "{\"a\": {\"b\": 0}}", "true");
    plain("{\"known\": [\"a.b\", \"a.c\"]}", "{\"a\": {\"b\": 0}}", "false");
    with_facts("{\"coalesce\": [{\"var\": \"none\"}, {\"var\": \"order.days\"}, 1]}", "10");
    with_facts("{\"coalesce\": [{\"var\": \"none\"}, false]}", "false");
    with_facts("{\"coalesce\": [null, {\"var\": \"none\"}]}", "null");
}

static void missing_works_on_facts(void **state)
{
    (void)state;
    with_facts("{\"missing\": [\"order.days\", \"none\", \"empty\"]}", "[\"none\",\"empty\"]");
    with_facts(
        "{\"missing\": {\"merge\": [\"none\", {\"if\": [{\"var\": \"order.days\"}, [\"empty\"], []]}]}}",
        "[\"none\",\"empty\"]");
    with_facts("{\"missing_some\": [2, [\"order.days\", \"order.state\", \"none\"]]}", "[]");
    with_facts("{\"missing_some\": [3, [\"order.days\", \"order.state\", \"none\"]]}", "[\"none\"]");
    with_facts("{\"map\": [{\"var\": \"order.items\"}, {\"missing\": [\"qty\", \"sku\"]}]}",
               "[[],[\"qty\"]]");
}

static void percentages_are_exact(void **state)
{
    (void)state;
    plain("{\"percent_of\": [10, 1990]}", "null", "199");
    plain("{\"percent_of\": [10, 1995]}", "null", "200");
    plain("{\"percent_of\": [10, -1995]}", "null", "-200");
    plain("{\"percent_of\": [-10, 1994]}", "null", "-199");
    plain("{\"percent_of\": [8.3, 500]}", "null", "42");   /* 41.5 */
    plain("{\"percent_of\": [0.29, 5000]}", "null", "15"); /* 14.5, and 14.499999999999998 in doubles */
    plain("{\"percent_of\": [1.1, 50]}", "null", "1");     /* 0.55 */
    plain("{\"percent_of\": [33.333333, 3]}", "null", "1");
    plain("{\"percent_of\": [50, 0.5]}", "null", "0");
    plain("{\"percent_of\": [100, 9007199254740991]}", "null", "9007199254740991");
    plain("{\"percent_of\": [10, \"x\"]}", "null", "null");
    plain("{\"percent_of\": [1e7, 1]}", "null", "null");
    plain("{\"percent_of\": [null, 1]}", "null", "null");
}

static void mistakes_are_named(void **state)
{
    (void)state;
    refused("{\"foo\": [1]}", NULL, "unknown operator \"foo\"");
    refused("{\"and\": [true, {\"is\": 1}]}", NULL, "unknown operator \"is\"");
    refused("{\"==\": [1]}", NULL, "\"==\" takes 2 arguments, not 1");
    refused("{\"<\": [1, 2, 3, 4]}", NULL, "\"<\" takes 2 to 3 arguments, not 4");
    refused("{\"!\": []}", NULL, "\"!\" takes 1 argument, not 0");
    refused("{\"+\": []}", NULL, "\"+\" takes at least 1 argument, not 0");
    refused("{\"known\": [1]}", NULL, "\"known\" takes paths written as text");
    refused("{\"-\": [3]}", resolve,
            "\"-\" takes two operands here, since implementations disagree on one: write {\"-\": [0, x]}");
    refused("{\"var\": \"order.dayz\"}", resolve, "\"var\": \"order.dayz\" is no fact");
    refused("{\"var\": \"\"}", resolve, "\"var\": \"\" is no fact");
    refused("{\"known\": [\"order.days\", \"order\"]}", resolve, "\"known\": \"order\" is no fact");
    refused("{\"missing\": [\"order.days\", \"x\"]}", resolve, "\"missing\": \"x\" is no fact");
    refused("{\"missing_some\": [1, [\"x\", {\"var\": \"empty\"}]]}", resolve,
            "\"missing_some\": \"x\" is no fact");
    refused("{\"<\": [1, 2], \">\": [1, 2]}", resolve,
            "an operation is an object with one member, this has 2, \"<\" among them");
}

static void nest(char *rule, int depth)
{
    rule[0] = '\0';
    for (int i = 1; i < depth; i++)
        strcat(rule, "{\"!\":[");
    strcat(rule, "1");
    for (int i = 1; i < depth; i++)
        strcat(rule, "]}");
}

static void depth_is_limited(void **state)
{
    char rule[2000];

    (void)state;
    nest(rule, 100);
    plain(rule, "null", "false");
    nest(rule, 101);
    refused(rule, NULL, "nested deeper than 100");
}

/* What doubles at each step: a rule that would never end, or fill the memory, gives null. */
static void work_is_limited(void **state)
{
    static const char *const bodies[] = {
        "[{\"var\": \"accumulator\"}, {\"var\": \"accumulator\"}]",
        "{\"merge\": [{\"var\": \"accumulator\"}, {\"var\": \"accumulator\"}]}",
        "{\"cat\": [{\"var\": \"accumulator\"}, {\"var\": \"accumulator\"}]}",
    };
    struct buf rule = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        buf_truncate(&rule, 0);
        buf_adds(&rule, "{\"reduce\": [[0");
        for (int j = 0; j < 60; j++)
            buf_adds(&rule, ",0");
        buf_addf(&rule, "], %s, \"x\"]}", bodies[i]);
        plain(buf_text(&rule), "null", "null");
        arena_reset(&arena);
    }
    buf_free(&rule);
}

static void mark(int slot, void *arg)
{
    bool *seen = arg;

    seen[slot] = true;
}

static void facts_read_are_named(void **state)
{
    const struct logic *logic = compile(
        "{\"if\": [{\"known\": [\"none\"]}, {\"map\": [{\"var\": \"order.items\"}, {\"var\": \"empty\"}]},"
        " {\"missing\": [\"order.state\"]}]}",
        resolve);
    bool seen[FACT_END] = {false};

    (void)state;
    assert_non_null(logic);
    logic_facts(logic, mark, seen);
    assert_true(seen[FACT_NONE] && seen[FACT_ITEMS] && seen[FACT_STATE]);
    assert_false(seen[FACT_EMPTY] || seen[FACT_DAYS]);
}

static void truth(void **state)
{
    const struct value values[] = {VALUE_NULL_INIT,   value_bool(false), value_number(0),
                                   value_number(NAN), value_string(""),  parse_value("[]")};
    const struct value object = parse_value("{}"), zero = value_string("0");

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        assert_false(logic_truthy(&values[i]));
    assert_true(logic_truthy(&object));
    assert_true(logic_truthy(&zero));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(coercions_are_javascripts, release),
        cmocka_unit_test_teardown(texts, release),
        cmocka_unit_test_teardown(data_is_read_by_path, release),
        cmocka_unit_test_teardown(bodies_read_the_element, release),
        cmocka_unit_test_teardown(facts_are_read_by_slot, release),
        cmocka_unit_test_teardown(unknown_facts_give_null, release),
        cmocka_unit_test_teardown(known_and_coalesce, release),
        cmocka_unit_test_teardown(missing_works_on_facts, release),
        cmocka_unit_test_teardown(percentages_are_exact, release),
        cmocka_unit_test_teardown(mistakes_are_named, release),
        cmocka_unit_test_teardown(depth_is_limited, release),
        cmocka_unit_test_teardown(work_is_limited, release),
        cmocka_unit_test_teardown(facts_read_are_named, release),
        cmocka_unit_test_teardown(truth, release),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
