/* Parameters and rows are each other's reverse: what the server would send back for a value is what was sent.
 */
#include "replyd/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A result of one row whose columns are the parameters. */
static PGresult *echo(struct params *params)
{
    PGresAttDesc columns[PARAMS_MAX] = {0};
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    for (int i = 0; i < params->count; i++)
        columns[i] = (PGresAttDesc){.name = "c", .format = 1};
    assert_true(PQsetResultAttrs(result, params->count, columns));
    for (int i = 0; i < params->count; i++) {
        char *value = params->length[i] < 0 ? NULL : params->bytes.data + params->start[i];
        assert_true(PQsetvalue(result, 0, i, value, params->length[i]));
    }
    return result;
}

static void scalars_come_back(void **state)
{
    (void)state;
    struct params params = {0};
    const unsigned char uuid[16] = "0123456789abcdef";
    params_text(&params, "grüße");
    params_text(&params, NULL);
    params_textn(&params, "abcdef", 3);
    params_int8(&params, -2);
    params_bool(&params, true);
    params_bool(&params, false);
    params_moment(&params, 0);
    params_moment(&params, MOMENT_NONE);
    params_uuid(&params, uuid);
    params_jsonb(&params, "{}", 2);
    params_text(&params, "");
    PGresult *row = echo(&params);
    assert_string_equal(row_text(row, 0, 0), "grüße");
    assert_null(row_text(row, 0, 1));
    assert_string_equal(row_text(row, 0, 2), "abc");
    assert_int_equal(row_int8(row, 0, 3, 7), -2);
    assert_int_equal(row_int8(row, 0, 1, 7), 7);
    assert_true(row_bool(row, 0, 4, false));
    assert_false(row_bool(row, 0, 5, true));
    assert_true(row_bool(row, 0, 1, true));
    assert_int_equal(row_moment(row, 0, 6), 0);
    assert_int_equal(row_moment(row, 0, 7), MOMENT_NONE);
    assert_memory_equal(row_uuid(row, 0, 8), uuid, 16);
    assert_string_equal(row_jsonb(row, 0, 9), "{}");
    assert_string_equal(row_text(row, 0, 10), "");
    PQclear(row);
    params_free(&params);
}

static void arrays_have_the_wire_format(void **state)
{
    (void)state;
    static const unsigned char expected[] = {
        0,   0,   0, 1, 0, 0, 0,   1,   0,   0,
        0,   23,  0, 0, 0, 3, 0,   0,   0,   1, /* the header: 3 int4, one null */
        0,   0,   0, 4, 0, 0, 0,   5,   255, 255,
        255, 255, 0, 0, 0, 4, 255, 255, 255, 254, /* 5, null, -2 */
    };
    static const unsigned char empty[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25};
    struct params params = {0};
    params_array_begin(&params, PG_INT4);
    params_item_int4(&params, 5);
    params_item_null(&params);
    params_item_int4(&params, -2);
    params_array_end(&params);
    params_array_begin(&params, PG_TEXT);
    params_array_end(&params);
    params_int8(&params, 9);
    assert_int_equal(params.count, 3);
    assert_int_equal(params.length[0], sizeof expected);
    assert_memory_equal(params.bytes.data + params.start[0], expected, sizeof expected);
    assert_int_equal(params.length[1], sizeof empty);
    assert_memory_equal(params.bytes.data + params.start[1], empty, sizeof empty);
    assert_int_equal(params.length[2], 8);
    params_reset(&params);
    assert_int_equal(params.count, 0);
    params_free(&params);
}

/* A numeric as it comes over the wire: digits of base 10000, the weight of the first, the sign. */
static int64_t numeric(int weight, int sign, int digits, int count, const int *places)
{
    struct params params = {0};
    unsigned char bytes[64] = {(unsigned char)(count >> 8),  (unsigned char)count,
                               (unsigned char)(weight >> 8), (unsigned char)weight,
                               (unsigned char)(sign >> 8),   (unsigned char)sign};
    for (int i = 0; i < count; i++) {
        bytes[8 + 2 * i] = (unsigned char)(places[i] >> 8);
        bytes[9 + 2 * i] = (unsigned char)places[i];
    }
    params_bytes(&params, bytes, (size_t)(8 + 2 * count));
    PGresult *row = echo(&params);
    int64_t value = row_numeric(row, 0, 0, digits);
    PQclear(row);
    params_free(&params);
    return value;
}
#define NUMERIC(weight, sign, digits, ...)                                                                   \
    numeric(weight, sign, digits, (int)(sizeof((int[]){__VA_ARGS__}) / sizeof(int)), (int[]){__VA_ARGS__})

static void numerics_become_minor_units(void **state)
{
    (void)state;
    enum { PLUS = 0, MINUS = 0x4000, NOT_A_NUMBER = 0xC000 };
    assert_int_equal(numeric(0, PLUS, 2, 0, NULL), 0);
    assert_int_equal(NUMERIC(0, PLUS, 2, 39, 9000), 3990);   /* 39.90 */
    assert_int_equal(NUMERIC(0, MINUS, 2, 39, 9000), -3990); /* -39.90 */
    assert_int_equal(NUMERIC(1, PLUS, 0, 1, 2345), 12345);   /* 12345 */
    assert_int_equal(NUMERIC(1, PLUS, 2, 1), 1000000);       /* 10000, zeros left out */
    assert_int_equal(NUMERIC(0, PLUS, 3, 1, 2345), 1235);    /* 1.2345 rounds up */
    assert_int_equal(NUMERIC(0, MINUS, 3, 1, 2345), -1235);  /* and away from zero */
    assert_int_equal(NUMERIC(0, PLUS, 0, 1, 4999), 1);       /* 1.4999 */
    assert_int_equal(NUMERIC(0, PLUS, 0, 1, 5000), 2);       /* 1.5 */
    assert_int_equal(NUMERIC(-1, PLUS, 2, 50), 1);           /* 0.0050 */
    assert_int_equal(NUMERIC(-1, PLUS, 2, 49), 0);           /* 0.0049 */
    assert_int_equal(NUMERIC(-2, PLUS, 4, 5000), 1);         /* 0.00005000 */
    assert_int_equal(NUMERIC(-3, PLUS, 2, 9999), 0);         /* far too small */
    assert_int_equal(NUMERIC(4, PLUS, 0, 900, 0, 0, 0, 1), INT64_C(9000000000000000001));
    assert_int_equal(NUMERIC(4, PLUS, 2, 922, 3372, 368, 5477, 5806), INT64_MIN); /* out of range */
    assert_int_equal(NUMERIC(500, PLUS, 2, 1), INT64_MIN);
    assert_int_equal(NUMERIC(0, NOT_A_NUMBER, 2, 0), INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_come_back),
        cmocka_unit_test(arrays_have_the_wire_format),
        cmocka_unit_test(numerics_become_minor_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
