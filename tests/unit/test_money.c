#include "replyd/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_digits(void **state)
{
    (void)state;
    static const struct {
        const char *currency;
        int digits;
    } cases[] = {{"USD", 2}, {"EUR", 2},   {"ZWG", 2},  {"AED", 2},  {"JPY", 0},  {"KRW", 0},
                 {"XPF", 0}, {"KWD", 3},   {"TND", 3},  {"XYZ", -1}, {"usd", -1}, {"US", -1},
                 {"", -1},   {"USDX", -1}, {"SD ", -1}, {"XAU", -1}, {"XXX", -1}, {"XTS", -1}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        if (money_digits(cases[i].currency) != cases[i].digits)
            fail_msg("%s: %d", cases[i].currency, money_digits(cases[i].currency));
    }
}

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *amount, *currency;
        int64_t minor;
        const char *canonical; /* NULL: refused */
    } cases[] = {
        {"12.5", "USD", 1250, "12.50"},
        {"12.50", "USD", 1250, "12.50"},
        {"0", "USD", 0, "0.00"},
        {"-0", "USD", 0, "0.00"},
        {"0.01", "EUR", 1, "0.01"},
        {"-0.01", "EUR", -1, "-0.01"},
        {"-3", "EUR", -300, "-3.00"},
        {"1999", "EUR", 199900, "1999.00"},
        {"007", "EUR", 700, "7.00"},
        {"12.5000", "USD", 1250, "12.50"},
        {"300", "JPY", 300, "300"},
        {"300.00", "JPY", 300, "300"},
        {"1.234", "KWD", 1234, "1.234"},
        {"1.2", "KWD", 1200, "1.200"},
        {"10000000000", "USD", INT64_C(1000000000000), "10000000000.00"},
        {"-10000000000.00", "USD", INT64_C(-1000000000000), "-10000000000.00"},
        {"1000000000000", "JPY", INT64_C(1000000000000), "1000000000000"},
        {"10000000000.01", "USD", 0, NULL},
        {"1000000000001", "JPY", 0, NULL},
        {"99999999999999999999999999", "USD", 0, NULL},
        {"12.505", "USD", 0, NULL},
        {"300.5", "JPY", 0, NULL},
        {"1.2345", "KWD", 0, NULL},
        {"1e3", "USD", 0, NULL},
        {"1,000.00", "USD", 0, NULL},
        {"12,50", "EUR", 0, NULL},
        {"+1", "USD", 0, NULL},
        {".5", "USD", 0, NULL},
        {"5.", "USD", 0, NULL},
        {"5.0.0", "USD", 0, NULL},
        {"", "USD", 0, NULL},
        {"-", "USD", 0, NULL},
        {"--1", "USD", 0, NULL},
        {" 1", "USD", 0, NULL},
        {"1 ", "USD", 0, NULL},
        {"0x10", "USD", 0, NULL},
        {"nan", "USD", 0, NULL},
        {"\xd9\xa1", "USD", 0, NULL},
        {"1", "XYZ", 0, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int64_t minor = 42;
        char out[32];
        int result = money_parse(cases[i].amount, cases[i].currency, &minor);
        if (result != (cases[i].canonical != NULL ? 0 : -1))
            fail_msg("%s %s: %d", cases[i].amount, cases[i].currency, result);
        assert_true(minor == (result == 0 ? cases[i].minor : 42));
        if (result == 0)
            assert_string_equal(money_format(minor, cases[i].currency, out), cases[i].canonical);
    }
}

static void test_format_holds_any_value(void **state)
{
    (void)state;
    char out[32];
    assert_string_equal(money_format(INT64_MIN, "USD", out), "-92233720368547758.08");
    assert_string_equal(money_format(INT64_MAX, "KWD", out), "9223372036854775.807");
    assert_string_equal(money_format(-5, "KWD", out), "-0.005");
}

static void test_write(void **state)
{
    (void)state;
    struct buf out = {0};
    money_write(1250, "USD", &out);
    assert_string_equal(buf_text(&out), "{\"amount\":\"12.50\",\"currency\":\"USD\"}");
    buf_free(&out);
}

static void test_percent(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        double percent;
        int64_t expected;
    } cases[] = {{1000, 10, 100},   {999, 50, 500},
                 {-999, 50, -500},  {1001, 50, 501},
                 {500, 33.3, 167},  {-500, 33.3, -167},
                 {50, 0.7, 0},      {4990, 15, 749},
                 {5, 10, 1},        {4, 10, 0},
                 {0, 50, 0},        {1250, 0, 0},
                 {1250, 100, 1250}, {1250, -20, -250},
                 {1250, 250, 3125}, {MONEY_MINOR_MAX, 99.999999, MONEY_MINOR_MAX - 10000}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int64_t got = money_percent(cases[i].minor, cases[i].percent);
        if (got != cases[i].expected)
            fail_msg("%lld, %g: %lld", (long long)cases[i].minor, cases[i].percent, (long long)got);
    }
    assert_true(money_percent(1000, __builtin_nan("")) == 0);
    assert_true(money_percent(MONEY_MINOR_MAX, __builtin_inf()) == MONEY_MINOR_MAX * 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digits),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_format_holds_any_value),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_percent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
