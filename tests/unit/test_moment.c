#include "replyd/moment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_moment_parse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *canonical; /* NULL: refused */
    } cases[] = {
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
        {"2026-03-02T09:14:00Z", "2026-03-02T09:14:00Z"},
        {"2026-03-02t09:14:00z", "2026-03-02T09:14:00Z"},
        {"2026-03-02T09:14:00+08:00", "2026-03-02T01:14:00Z"},
        {"2026-03-02T01:14:00+08:00", "2026-03-01T17:14:00Z"},
        {"2026-03-02T20:14:00-09:30", "2026-03-03T05:44:00Z"},
        {"2026-03-02T20:14:00-00:00", "2026-03-02T20:14:00Z"},
        {"2026-03-02T09:14:00.5Z", "2026-03-02T09:14:00.5Z"},
        {"2026-03-02T09:14:00.123456Z", "2026-03-02T09:14:00.123456Z"},
        {"2026-03-02T09:14:00.123456999Z", "2026-03-02T09:14:00.123456Z"},
        {"2026-03-02T09:14:00.000000Z", "2026-03-02T09:14:00Z"},
        {"2026-03-02T09:14:00.0000001+01:00", "2026-03-02T08:14:00Z"},
        {"1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.25Z"},
        {"1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"},
        {"2199-12-31T23:59:59.999999Z", "2199-12-31T23:59:59.999999Z"},
        {"2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"},
        {"2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
        {"2017-01-01T08:59:60+09:00", "2017-01-01T00:00:00Z"},
        {"2016-12-31T22:59:60Z", NULL},
        {"2016-12-31T23:59:61Z", NULL},
        {"2023-02-29T12:00:00Z", NULL},
        {"1900-02-29T12:00:00Z", NULL},
        {"2026-04-31T12:00:00Z", NULL},
        {"2026-00-10T12:00:00Z", NULL},
        {"2026-13-10T12:00:00Z", NULL},
        {"2026-01-00T12:00:00Z", NULL},
        {"2026-01-01T24:00:00Z", NULL},
        {"2026-01-01T12:60:00Z", NULL},
        {"1899-12-31T23:59:59Z", NULL},
        {"1900-01-01T00:00:00+00:01", NULL},
        {"2200-01-01T00:00:00Z", NULL},
        {"2199-12-31T23:59:59-00:01", NULL},
        {"2026-03-02T09:14:00", NULL},
        {"2026-03-02T09:14Z", NULL},
        {"2026-03-02 09:14:00Z", NULL},
        {"2026-03-02T09:14:00.Z", NULL},
        {"2026-03-02T09:14:00.1234567890Z", NULL},
        {"2026-03-02T09:14:00,5Z", NULL},
        {"2026-03-02T09:14:00+0800", NULL},
        {"2026-03-02T09:14:00+24:00", NULL},
        {"2026-03-02T09:14:00+08:60", NULL},
        {"2026-03-02T09:14:00ZZ", NULL},
        {"2026-03-02T9:14:000Z", NULL},
        {"2026-03-02T-1:14:00Z", NULL},
        {"2026-03-02", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        moment_t moment = 42;
        char out[MOMENT_TEXT];
        int result = moment_parse(cases[i].text, strlen(cases[i].text), &moment);
        if (result != (cases[i].canonical != NULL ? 0 : -1))
            fail_msg("%s: %d", cases[i].text, result);
        if (result == 0)
            assert_string_equal(moment_format(moment, out), cases[i].canonical);
        else
            assert_int_equal(moment, 42);
    }
}

static void test_moment_values(void **state)
{
    (void)state;
    moment_t moment;
    assert_int_equal(moment_parse("2026-03-02T09:14:00Z", 20, &moment), 0);
    assert_true(moment == INT64_C(1772442840) * MOMENT_SECOND);
    assert_int_equal(moment_parse("1969-12-31T23:59:59.75Z", 23, &moment), 0);
    assert_true(moment == -MOMENT_SECOND / 4);
    assert_int_equal(moment_day(moment), -1);
    assert_true(moment_now() > INT64_C(1700000000) * MOMENT_SECOND);
}

static void test_format_holds_any_value(void **state)
{
    (void)state;
    char out[MOMENT_TEXT], day[16];
    assert_true(strlen(moment_format(INT64_MIN, out)) < MOMENT_TEXT);
    assert_true(strlen(moment_format(INT64_MAX, out)) < MOMENT_TEXT);
    assert_true(strlen(day_format(INT32_MIN, day)) < sizeof(day));
    assert_true(strlen(day_format(INT32_MAX, day)) < sizeof(day));
}

static void test_day(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        day_t day;
    } cases[] = {{"1970-01-01", 0},     {"1969-12-31", -1},     {"2000-02-29", 11016}, {"2000-03-01", 11017},
                 {"2026-02-20", 20504}, {"1900-01-01", -25567}, {"2199-12-31", 84005}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        day_t day;
        char out[16];
        assert_int_equal(day_parse(cases[i].text, 10, &day), 0);
        assert_int_equal(day, cases[i].day);
        assert_string_equal(day_format(day, out), cases[i].text);
    }
    static const char *const refused[] = {"2023-02-29", "2026-1-01",  "2026-01-1",   "2026/01/01",
                                          "20260101",   "1899-12-31", "2026-01-011", "",
                                          "2026-01-0x", "2200-01-01"};
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        day_t day = 7;
        assert_int_equal(day_parse(refused[i], strlen(refused[i]), &day), -1);
        assert_int_equal(day, 7);
    }
}

/* Every day of the range there and back, each one after the other. */
static void test_civil_round_trip(void **state)
{
    (void)state;
    int last_year = 1899, last_month = 12, last_day = 31;
    for (day_t day = day_from_civil(1900, 1, 1); day <= day_from_civil(2199, 12, 31); day++) {
        int year, month, day_of_month;
        day_to_civil(day, &year, &month, &day_of_month);
        assert_int_equal(day_from_civil(year, month, day_of_month), day);
        assert_true(day_of_month == last_day + 1 || (day_of_month == 1 && month == last_month % 12 + 1));
        assert_true(year == last_year || (year == last_year + 1 && month == 1));
        last_year = year;
        last_month = month;
        last_day = day_of_month;
    }
}

static void test_day_bounds(void **state)
{
    (void)state;
    char out[MOMENT_TEXT];
    day_t day = day_from_civil(2026, 2, 20);
    assert_string_equal(moment_format(day_start(day), out), "2026-02-20T00:00:00Z");
    assert_string_equal(moment_format(day_end(day), out), "2026-02-20T23:59:59Z");
    assert_int_equal(moment_day(day_start(day)), day);
    assert_int_equal(moment_day(day_start(day) - 1), day - 1);
    assert_int_equal(moment_day(day_start(-1)), -1);
    assert_int_equal(moment_day(day_start(-1) - 1), -2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moment_parse),           cmocka_unit_test(test_moment_values),
        cmocka_unit_test(test_format_holds_any_value), cmocka_unit_test(test_day),
        cmocka_unit_test(test_civil_round_trip),       cmocka_unit_test(test_day_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
