/* Voltage and plug as shops write them, against a country's mains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "replyd/power.h"

static void test_voltage(void **state)
{
    static const struct {
        const char *voltage, *country;
        enum tristate fits;
    } rows[] = {
        {"220 V", "US", TRI_FALSE},
        {"220V", "DE", TRI_TRUE},
        {"230V AC", "GB", TRI_TRUE},
        {"240 volts", "CN", TRI_TRUE},
        {"110V", "US", TRI_TRUE},
        {"110V", "DE", TRI_FALSE},
        {"110 V", "JP", TRI_TRUE},
        {"120 V", "JP", TRI_UNKNOWN}, /* a fifth too much */
        {"100V", "US", TRI_UNKNOWN},
        {"100-240V ~ 50/60Hz", "US", TRI_TRUE},
        {"100-240V ~ 50/60Hz", "DE", TRI_TRUE},
        {"AC 100–240 V, 1.5A", "JP", TRI_TRUE},
        {"100V to 240V", "AU", TRI_TRUE},
        {"220-240V 50Hz 2000W", "US", TRI_FALSE},
        {"220V~240V", "FR", TRI_TRUE},
        {"110/220V", "US", TRI_TRUE},
        {"110V or 220V", "DE", TRI_TRUE},
        {"220", "US", TRI_FALSE}, /* a voltage is volts */
        {"220", "DE", TRI_TRUE},
        {"5 V USB", "US", TRI_TRUE},
        {"USB-C 5V/2A", "XX", TRI_TRUE},
        {"3.7 V rechargeable", "DE", TRI_TRUE},
        {"2 x AA batteries", "DE", TRI_TRUE},
        {"12V DC", "DE", TRI_UNKNOWN}, /* from where? */
        {"2000W", "DE", TRI_UNKNOWN},
        {"50/60Hz", "DE", TRI_UNKNOWN},
        {"", "DE", TRI_UNKNOWN},
        {"dual voltage", "DE", TRI_UNKNOWN},
        {"220V", "BR", TRI_UNKNOWN}, /* two mains */
        {"127/220V", "BR", TRI_TRUE},
        {"220V", "XX", TRI_UNKNOWN},
        {"220V", NULL, TRI_UNKNOWN},
        {NULL, "US", TRI_UNKNOWN},
        {"1 2 3 4 5 6 7 8 9 10 11 12", "US", TRI_UNKNOWN},
        {"9999999999999999999999999999999999999999999V", "US", TRI_FALSE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (power_voltage_fits(rows[i].voltage, rows[i].country) != rows[i].fits)
            fail_msg("\"%s\" in %s should be %d", rows[i].voltage, rows[i].country, rows[i].fits);
    }
}

static void test_plugs(void **state)
{
    static const struct {
        const char *plug, *country;
        enum tristate fits;
    } rows[] = {
        {"US", "US", TRI_TRUE},
        {"US plug", "DE", TRI_FALSE},
        {"EU", "DE", TRI_TRUE},
        {"EU plug", "GB", TRI_FALSE},
        {"Type C", "FR", TRI_TRUE},
        {"C", "CH", TRI_TRUE},
        {"Type F", "FR", TRI_TRUE},
        {"Schuko", "CH", TRI_FALSE},
        {"UK 3-pin", "IE", TRI_TRUE},
        {"UK", "US", TRI_FALSE},
        {"type b", "US", TRI_TRUE},
        {"B", "JP", TRI_TRUE},
        {"AU", "NZ", TRI_TRUE},
        {"US, EU, UK", "GB", TRI_TRUE},
        {"A, B", "DE", TRI_FALSE},
        {"Universal", "XX", TRI_TRUE},
        {"USB", "DE", TRI_TRUE},
        {"grounded", "DE", TRI_UNKNOWN},
        {"A standard plug", "DE", TRI_UNKNOWN},
        {"EU", "XX", TRI_UNKNOWN},
        {NULL, "DE", TRI_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (power_plug_fits(rows[i].plug, rows[i].country) != rows[i].fits)
            fail_msg("\"%s\" in %s should be %d", rows[i].plug, rows[i].country, rows[i].fits);
    }
}

static void test_mains(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_true(power_volts("US") == 120);
    assert_true(power_volts("DE") == 230);
    assert_true(power_volts("BR") == 0); /* 127 and 220 */
    assert_true(power_volts("XX") == 0);
    assert_true(power_volts(NULL) == 0);
    assert_string_equal(power_plugs("US", &arena), "A and B");
    assert_string_equal(power_plugs("GB", &arena), "G");
    assert_string_equal(power_plugs("IT", &arena), "C, F and L");
    assert_null(power_plugs("XX", &arena));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_voltage),
        cmocka_unit_test(test_plugs),
        cmocka_unit_test(test_mains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
