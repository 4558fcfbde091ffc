#include "replyd/tracking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int state_of(int code_system, const char *code, int before)
{
    return tracking_state(code_system, code, "China Post", "whatever", before);
}

static void codes_mean_states(void **state)
{
    (void)state;
    static const struct {
        int code_system;
        const char *code;
        int expected;
    } rows[] = {
        {CODE_SYSTEM_UPU, "EMA", SHIPMENT_STATE_IN_TRANSIT_ORIGIN},
        {CODE_SYSTEM_UPU, "EMC", SHIPMENT_STATE_DEPARTED},
        {CODE_SYSTEM_UPU, "EDC",
         SHIPMENT_STATE_ARRIVED_DESTINATION}, /* "returned from customs" is a release */
        {CODE_SYSTEM_UPU, "EME", SHIPMENT_STATE_CUSTOMS_HELD},
        {CODE_SYSTEM_UPU, "EMH", SHIPMENT_STATE_DELIVERY_FAILED},
        {CODE_SYSTEM_UPU, "EMI", SHIPMENT_STATE_DELIVERED},
        {CODE_SYSTEM_UPU, "emi", SHIPMENT_STATE_DELIVERED},
        {CODE_SYSTEM_AFTERSHIP, "Exception_011", SHIPMENT_STATE_RETURNED},
        {CODE_SYSTEM_AFTERSHIP, "Exception_014", SHIPMENT_STATE_UNKNOWN},
        {CODE_SYSTEM_AFTERSHIP, "AvailableForPickup_001", SHIPMENT_STATE_READY_FOR_PICKUP},
        {CODE_SYSTEM__17TRACK, "Exception_Lost", SHIPMENT_STATE_LOST},
        {CODE_SYSTEM__17TRACK, "InTransit_CustomsRequiringInformation", SHIPMENT_STATE_CUSTOMS_HELD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(state_of(rows[i].code_system, rows[i].code, SHIPMENT_STATE_UNKNOWN),
                         rows[i].expected);
}

static void what_is_not_listed_is_unknown(void **state)
{
    (void)state;
    assert_int_equal(state_of(CODE_SYSTEM_UPU, "EMZ", SHIPMENT_STATE_DEPARTED), SHIPMENT_STATE_UNKNOWN);
    assert_int_equal(state_of(CODE_SYSTEM_UPU, "", SHIPMENT_STATE_DEPARTED), SHIPMENT_STATE_UNKNOWN);
    assert_int_equal(state_of(CODE_SYSTEM_UPU, NULL, SHIPMENT_STATE_DEPARTED), SHIPMENT_STATE_UNKNOWN);
    assert_int_equal(state_of(-1, "EMI", SHIPMENT_STATE_UNKNOWN), SHIPMENT_STATE_UNKNOWN);
    assert_int_equal(state_of(CODE_SYSTEM_CARRIER, "EMI", SHIPMENT_STATE_UNKNOWN), SHIPMENT_STATE_UNKNOWN);
    /* a code of another system */
    assert_int_equal(state_of(CODE_SYSTEM_AFTERSHIP, "EMI", SHIPMENT_STATE_UNKNOWN), SHIPMENT_STATE_UNKNOWN);
}

static void moving_keeps_the_leg(void **state)
{
    (void)state;
    static const struct {
        int before, after;
    } rows[] = {
        {SHIPMENT_STATE_UNKNOWN, SHIPMENT_STATE_IN_TRANSIT_ORIGIN},
        {SHIPMENT_STATE_EXPORT_CUSTOMS, SHIPMENT_STATE_IN_TRANSIT_ORIGIN},
        {SHIPMENT_STATE_DEPARTED, SHIPMENT_STATE_DEPARTED},
        {SHIPMENT_STATE_IMPORT_CUSTOMS, SHIPMENT_STATE_ARRIVED_DESTINATION},
        {SHIPMENT_STATE_DELIVERY_FAILED, SHIPMENT_STATE_ARRIVED_DESTINATION},
        {SHIPMENT_STATE_RETURNING, SHIPMENT_STATE_RETURNING},
        {SHIPMENT_STATE_DELIVERED, SHIPMENT_STATE_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(state_of(CODE_SYSTEM_AFTERSHIP, "InTransit_003", rows[i].before), rows[i].after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_mean_states),
        cmocka_unit_test(what_is_not_listed_is_unknown),
        cmocka_unit_test(moving_keeps_the_leg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
