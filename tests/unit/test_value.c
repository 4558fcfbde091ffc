#include "replyd/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static struct value parse(const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    struct value value;

    assert_non_null(json);
    value = value_from_json(&arena, json);
    json_decref(json); /* nothing may point into it */
    return value;
}

static bool equal(const char *a, const char *b)
{
    struct value left = parse(a), right = parse(b);

    assert_int_equal(value_equal(&left, &right), value_equal(&right, &left));
    return value_equal(&left, &right);
}

static int release(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void values_are_small(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct value), 16);
}

static void json_is_copied(void **state)
{
    const char *text = "{\"a\":[1,2.5,\"x\",true,false,null,{}],\"b\":{\"c\":\"\\u0000y\"}}";
    struct value value = parse(text);
    const struct value *a = value_get(&value, "a", 1), *b = value_get(&value, "bcd", 1);
    struct buf out = {0};

    (void)state;
    assert_int_equal(a->len, 7);
    assert_true(a->items[1].number == 2.5);
    assert_string_equal(a->items[2].string, "x");
    assert_int_equal(value_get(b, "c", 1)->len, 2);
    value_write(&out, &value);
    assert_string_equal(buf_text(&out), text);
    buf_free(&out);
}

static void members_are_found_by_whole_name(void **state)
{
    struct value value = parse("{\"ab\": 1, \"a\": 2}"), array = parse("[1]");

    (void)state;
    assert_true(value_get(&value, "a", 1)->number == 2);
    assert_null(value_get(&value, "abc", 3));
    assert_null(value_get(&value, "a\0b", 3));
    assert_null(value_get(&value, "", 0));
    assert_null(value_get(&array, "a", 1));
}

static void equality_is_of_type_and_content(void **state)
{
    (void)state;
    assert_true(equal("null", "null"));
    assert_true(equal("1", "1.0"));
    assert_true(equal("\"x\"", "\"x\""));
    assert_true(equal("[1, [2, {}]]", "[1, [2, {}]]"));
    assert_true(equal("{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}"));
    assert_false(equal("1", "\"1\""));
    assert_false(equal("0", "false"));
    assert_false(equal("true", "false"));
    assert_false(equal("\"a\"", "\"a\\u0000\""));
    assert_false(equal("[1]", "[1, 2]"));
    assert_false(equal("{\"a\": 1}", "{\"b\": 1}"));
    assert_false(equal("{\"a\": 1}", "{\"a\": null}"));
}

static void null_string_is_null(void **state)
{
    (void)state;
    assert_int_equal(value_string(NULL).type, VALUE_NULL);
    assert_int_equal(value_string("abc").len, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_small),
        cmocka_unit_test_teardown(json_is_copied, release),
        cmocka_unit_test_teardown(members_are_found_by_whole_name, release),
        cmocka_unit_test_teardown(equality_is_of_type_and_content, release),
        cmocka_unit_test(null_string_is_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
