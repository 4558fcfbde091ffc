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

static void test_convert(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        const char *from, *from_rate, *to, *to_rate;
        int64_t expected; /* -1: none */
    } cases[] = {
        {1000, "EUR", "1.08", "USD", "1", 1080},
        {1080, "USD", "1", "EUR", "1.08", 1000},
        {150, "EUR", "1.15", "USD", "1", 173}, /* 172.5, which doubles miss */
        {-150, "EUR", "1.15", "USD", "1", -173},
        {149, "EUR", "1.15", "USD", "1", 171}, /* 171.35 */
        {100, "USD", "1", "EUR", "3", 33},
        {200, "USD", "1", "EUR", "3", 67},
        {0, "USD", "1", "EUR", "3", 0},
        {1250, "EUR", "1.08", "CHF", "1.10", 1227}, /* 1227.27 */
        {900, "JPY", "0.0061", "USD", "1", 549},
        {549, "USD", "1", "JPY", "0.0061", 900},
        {1, "KWD", "3.25", "USD", "1", 0}, /* 0.325 */
        {1000, "KWD", "3.25", "USD", "1", 325},
        {325, "USD", "1", "KWD", "3.25", 1000},
        {100, "EUR", "1.08000000000000000", "USD", "1.0", 108},
        {MONEY_MINOR_MAX, "EUR", "0.99999999999999999", "USD", "1", MONEY_MINOR_MAX},
        {MONEY_MINOR_MAX, "EUR", "1", "USD", "1", MONEY_MINOR_MAX},
        {MONEY_MINOR_MAX, "EUR", "1.000000000001", "USD", "1", -1},
        {MONEY_MINOR_MAX + 1, "EUR", "0.1", "USD", "1", -1},
        {INT64_MIN, "EUR", "0.1", "USD", "1", -1},
        {MONEY_MINOR_MAX, "EUR", "99999999999999999999", "KWD", "0.000000000000000001", -1},
        {1, "EUR", "999999999999999999999", "USD", "1", -1},
        {1000, "EUR", NULL, "USD", "1", -1},
        {1000, "EUR", "1.08", "USD", NULL, -1},
        {1000, "EUR", "0.00", "USD", "1", -1},
        {1000, "EUR", "1", "USD", "0", -1},
        {1000, "EUR", "", "USD", "1", -1},
        {1000, "EUR", "-1", "USD", "1", -1},
        {1000, "EUR", "1.0.8", "USD", "1", -1},
        {1000, "EUR", "1e3", "USD", "1", -1},
        {1000, "XXX", "1", "USD", "1", -1},
        {1000, "USD", "1", "usd", "1", -1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int64_t got = 7;
        int status = money_convert(cases[i].minor, cases[i].from, cases[i].from_rate, cases[i].to,
                                   cases[i].to_rate, &got);
        if (cases[i].expected == -1 ? status != -1 || got != 7 : status != 0 || got != cases[i].expected)
            fail_msg("%zu: %d, %lld", i, status, (long long)got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digits),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_format_holds_any_value),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_percent),
        cmocka_unit_test(test_convert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
