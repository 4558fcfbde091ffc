/* arena, buf and json: where answers are made. */
#include "replyd/arena.h"
#include "replyd/json.h"

#include <float.h>
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void arena_gives_aligned_memory(void **state)
{
    struct arena arena = {0};

    (void)state;
    for (size_t size = 0; size < 5000; size += 7) {
        char *piece = arena_alloc(&arena, size);

        assert_int_equal((uintptr_t)piece % 16, 0);
        memset(piece, 'x', size);
    }
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(((char *)arena_zalloc(&arena, 100))[i], 0);
    assert_string_equal(arena_strndup(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_strdup(&arena, ""), "");
    assert_string_equal(arena_printf(&arena, "%d %s", 5, "things"), "5 things");
    arena_free(&arena);
}

/* After a few requests of the same size all fits into the block kept. */
static void arena_keeps_a_block(void **state)
{
    struct arena arena;
    const struct arena_block *kept = NULL;

    (void)state;
    arena_init(&arena);
    for (int request = 0; request < 10; request++) {
        kept = arena.blocks;
        for (int i = 0; i < 100; i++)
            memset(arena_alloc(&arena, 3000), 'x', 3000);
        if (request > 5)
            assert_ptr_equal(arena.blocks, kept);
        arena_reset(&arena);
    }
    arena_alloc(&arena, (size_t)8 << 20); /* a huge one is not kept */
    arena_reset(&arena);
    assert_ptr_equal(arena.blocks, kept);
    arena_free(&arena);
    arena_free(&arena);
    arena_reset(&arena);
    assert_null(arena.blocks);
}

static void buf_grows(void **state)
{
    struct buf buf = {0};

    (void)state;
    assert_string_equal(buf_text(&buf), "");
    buf_truncate(&buf, 0);
    buf_addf(&buf, "%s", "");
    assert_string_equal(buf_text(&buf), "");
    for (int i = 0; i < 1000; i++)
        buf_addf(&buf, "%03d,", i);
    assert_int_equal(buf.len, 4000);
    assert_memory_equal(buf.data + 3996, "999,", 5);
    buf_truncate(&buf, 4);
    buf_addc(&buf, 'x');
    buf_adds(&buf, "yz");
    buf_add(&buf, "\0", 1);
    assert_int_equal(buf.len, 8);
    assert_memory_equal(buf.data, "000,xyz\0", 9);
    buf_addf(&buf, "%300d", 1);
    assert_int_equal(buf.len, 308);
    buf_free(&buf);
    assert_null(buf.data);
}

static void commas_are_put(void **state)
{
    struct buf out = {0};

    (void)state;
    json_object_begin(&out);
    json_kstring(&out, "a", "x,");
    json_kint(&out, "b", -5);
    json_kbool(&out, "c", true);
    json_knull(&out, "d");
    json_kstring(&out, "e", NULL);
    json_key(&out, "f");
    json_array_begin(&out);
    json_array_begin(&out);
    json_array_end(&out);
    json_put_raw(&out, "{ \"g\":1 }\n", 10);
    json_put_raw(&out, "", 0);
    json_put_bool(&out, false);
    json_put_string(&out, ":");
    json_put_double(&out, 0.5);
    json_object_begin(&out);
    json_object_end(&out);
    json_array_end(&out);
    json_kint(&out, "h", INT64_MIN);
    json_object_end(&out);
    assert_string_equal(buf_text(&out), "{\"a\":\"x,\",\"b\":-5,\"c\":true,\"d\":null,\"e\":null,"
                                        "\"f\":[[],{ \"g\":1 },null,false,\":\",0.5,{}],"
                                        "\"h\":-9223372036854775808}");
    buf_addc(&out, '\n'); /* another line, another text */
    json_put_int(&out, 1);
    assert_non_null(strstr(buf_text(&out), "808}\n1"));
    buf_free(&out);
}

static void check_string(const char *bytes, size_t len, const char *expected)
{
    struct buf out = {0};
    json_t *read;

    json_put_stringn(&out, bytes, len);
    assert_string_equal(buf_text(&out), expected);
    read = json_loads(buf_text(&out), JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_non_null(read);
    json_decref(read);
    buf_free(&out);
}

#define CHECK_STRING(bytes, expected) check_string(bytes, sizeof(bytes) - 1, expected)
#define BAD "\xef\xbf\xbd"

static void strings_are_escaped(void **state)
{
    (void)state;
    CHECK_STRING("", "\"\"");
    CHECK_STRING("a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
    CHECK_STRING("\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\"");
    CHECK_STRING("\0\x01\x0b\x1f\x7f", "\"\\u0000\\u0001\\u000b\\u001f\x7f\"");
    CHECK_STRING("é \xe2\x80\xa8 漢 😀", "\"é \xe2\x80\xa8 漢 😀\"");
}

static void bad_utf8_is_replaced(void **state)
{
    (void)state;
    CHECK_STRING("a\x80z", "\"a" BAD "z\"");
    CHECK_STRING("\xc0\xaf", "\"" BAD BAD "\"");                 /* overlong */
    CHECK_STRING("\xe0\x9f\xbf", "\"" BAD BAD BAD "\"");         /* overlong */
    CHECK_STRING("\xed\xa0\x80", "\"" BAD BAD BAD "\"");         /* a surrogate */
    CHECK_STRING("\xf4\x90\x80\x80", "\"" BAD BAD BAD BAD "\""); /* beyond Unicode */
    CHECK_STRING("\xe2\x82", "\"" BAD BAD "\"");                 /* cut off */
    CHECK_STRING("\xe2\x82x\xff", "\"" BAD BAD "x" BAD "\"");
    CHECK_STRING("\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\""); /* the last one */
}

static void check_double(double value, const char *expected)
{
    struct buf out = {0};

    json_put_double(&out, value);
    assert_string_equal(buf_text(&out), expected);
    if (isfinite(value))
        assert_true(strtod(buf_text(&out), NULL) == value);
    buf_free(&out);
}

static void doubles_are_short(void **state)
{
    (void)state;
    check_double(0, "0");
    check_double(-0.0, "0");
    check_double(85, "85");
    check_double(-3, "-3");
    check_double(1.21, "1.21");
    check_double(0.1, "0.1");
    check_double(0.1 + 0.2, "0.30000000000000004");
    check_double(1e15, "1000000000000000");
    check_double(9007199254740993.0, "9007199254740992");
    check_double(1e300, "1e+300");
    check_double(1.0 / 3, "0.3333333333333333");
    check_double(DBL_MAX, "1.7976931348623157e+308");
    check_double(5e-324, "4.94065645841247e-324");
    check_double(NAN, "null");
    check_double(INFINITY, "null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_aligned_memory),
        cmocka_unit_test(arena_keeps_a_block),
        cmocka_unit_test(buf_grows),
        cmocka_unit_test(commas_are_put),
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(bad_utf8_is_replaced),
        cmocka_unit_test(doubles_are_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
