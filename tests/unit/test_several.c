/* Several wishes in one letter, and what was said before in its conversation. */
#include "golden.h"

static struct playbook *playbook;
static struct compose_context *context;

static int setup(void **state)
{
    return fixture_new(state, playbook, context);
}

static void say(struct fixture *f, int intent, int also)
{
    f->said.intent = intent;
    f->said.alternatives[0] = (struct intent_guess){also, 0.93};
    f->said.alternative_count = 1;
}

static void assert_several(struct fixture *f, const char *issue, const char *secondary)
{
    fixture_run(f);
    assert_string_equal(fixture_text(f, "issue.code"), issue);
    assert_int_equal(json_array_size(fixture_at(f, "issue.secondary")), 1);
    assert_string_equal(fixture_text(f, "issue.secondary.0"), secondary);
}

static const char *text(const struct fixture *f)
{
    return fixture_text(f, "draft.text");
}

static void assert_says(const struct fixture *f, const char *words)
{
    if (!strstr(text(f), words))
        fail_msg("\"%s\" is not in:\n%s", words, text(f));
}

static void assert_silent(const struct fixture *f, const char *words)
{
    if (strstr(text(f), words))
        fail_msg("\"%s\" is in:\n%s", words, text(f));
}

static bool offers(const struct fixture *f, const char *action)
{
    const json_t *option;
    size_t i;

    json_array_foreach(fixture_at(f, "resolution.options"), i, option)
    {
        if (strcmp(json_string_value(json_object_get(option, "action")), action) == 0)
            return true;
    }
    return false;
}

static void unsent(struct fixture *f)
{
    f->order.status = ORDER_STATUS_PAID;
    f->order.placed_at = at("2026-02-28T08:00:00Z");
    f->order.paid_at = at("2026-02-28T08:05:00Z");
    f->order.ship_by = at("2026-03-04");
    f->order.shipment_count = 0;
}

static void on_its_way(struct fixture *f)
{
    f->parcels[0].promised_by = at("2026-03-10");
    fixture_event(f, 0, "2026-02-27T21:15:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
}

/* ---- several in one letter ---- */

static void test_late_and_moved(void **state)
{
    struct fixture *f = *state;

    say(f, INTENT_REPORT_NOT_RECEIVED, INTENT_CHANGE_ADDRESS);
    f->said.entities.new_address = "18 Ash Grove, Swansea SA2 8JD, United Kingdom";
    assert_several(f, "overdue_tracked", "change_address_shipped_high_value");
    assert_golden(f, "several.late_and_moved");
    assert_true(offers(f, "full_refund"));
    assert_false(offers(f, "hold_at_carrier")); /* the options are the main issue's */
    assert_non_null(strstr(buf_text(&f->answer.html), "As for the address"));
}

static void test_moved_and_when(void **state)
{
    struct fixture *f = *state;

    unsent(f);
    say(f, INTENT_CHANGE_ADDRESS, INTENT_ASK_DISPATCH_TIME);
    f->said.entities.new_address = "18 Ash Grove, Swansea SA2 8JD, United Kingdom";
    assert_several(f, "change_address_before_shipment", "not_shipped_yet");
    assert_golden(f, "several.moved_and_when");
}

static void test_when_and_moved(void **state)
{
    struct fixture *f = *state;

    unsent(f);
    f->order.ship_by = at("2026-03-01");
    say(f, INTENT_ASK_DISPATCH_TIME, INTENT_CHANGE_ADDRESS);
    assert_several(f, "dispatch_late", "change_address_before_shipment");
    assert_golden(f, "several.when_and_moved");
    assert_string_equal(fixture_text(f, "issue.priority"), "high");
    /* the other way round the letter is as urgent */
    say(f, INTENT_CHANGE_ADDRESS, INTENT_ASK_DISPATCH_TIME);
    assert_several(f, "change_address_before_shipment", "dispatch_late");
    assert_string_equal(fixture_text(f, "issue.priority"), "high");
    f->order.ship_by = at("2026-03-04");
    assert_several(f, "change_address_before_shipment", "not_shipped_yet");
    assert_string_equal(fixture_text(f, "issue.priority"), "normal");
}

static void test_cancelled_and_moved(void **state)
{
    struct fixture *f = *state;

    unsent(f);
    say(f, INTENT_CHANGE_ADDRESS, INTENT_CANCEL_ORDER);
    f->said.entities.stance = STANCE_ASKS;
    assert_several(f, "change_address_before_shipment", "cancel_before_shipment");
    assert_golden(f, "several.moved_and_cancel");
}

static void test_customs_and_moved(void **state)
{
    struct fixture *f = *state;

    on_its_way(f);
    fixture_event(f, 0, "2026-02-28T06:15:00Z", SHIPMENT_STATE_CUSTOMS_HELD, "Chicago", "US");
    f->parcels[0].customs_reason = CUSTOMS_REASON_DUTY_UNPAID;
    f->parcels[0].customs_party = CUSTOMS_PARTY_BUYER;
    f->parcels[0].customs_duty = (struct money){1200, "USD"};
    f->parcels[0].customs_act_by = at("2026-03-12");
    say(f, INTENT_CHANGE_ADDRESS, INTENT_REPORT_CUSTOMS_HOLD);
    assert_several(f, "change_address_shipped_high_value", "customs_buyer_clearance");
    assert_golden(f, "several.moved_and_customs");
}

/* No rule is for the one, which a person answers; the other is answered all the same. */
static void test_unclear_and_lost(void **state)
{
    struct fixture *f = *state;

    fixture_event(f, 0, "2026-02-25T06:15:00Z", SHIPMENT_STATE_LOST, "Chicago", "US");
    say(f, INTENT_OUT_OF_SCOPE, INTENT_REPORT_NOT_RECEIVED);
    assert_several(f, "unclear", "lost");
    assert_golden(f, "several.unclear_and_lost");
    assert_string_equal(fixture_text(f, "issue.priority"), "high");
    assert_true(fixture_lists(f, "review_reasons", "out_of_scope"));
    assert_false(offers(f, "lost_discount"));
}

static void test_covered(void **state)
{
    struct fixture *f = *state;

    on_its_way(f);
    say(f, INTENT_CHANGE_ADDRESS, INTENT_TRACK_ORDER);
    assert_several(f, "change_address_shipped_high_value", "in_transit_on_time");
    assert_silent(f, "As for your parcel"); /* the mail tells where it is */
    /* what nobody is sure of is not answered */
    f->said.alternatives[0].confidence = 0.49;
    fixture_run(f);
    assert_int_equal(json_array_size(fixture_at(f, "issue.secondary")), 0);
    f->said.alternatives[0].confidence = 0.5;
    fixture_run(f);
    assert_int_equal(json_array_size(fixture_at(f, "issue.secondary")), 1);
}

/* The first of the days that are promised is when the letter is looked at again. */
static void test_first_promise_counts(void **state)
{
    struct fixture *f = *state;
    char alone[32], both[32];

    unsent(f);
    f->order.ship_by = MOMENT_NONE;
    f->shop.policy.handling_days = -1;
    say(f, INTENT_ASK_DISPATCH_TIME, INTENT_ASK_DISPATCH_TIME);
    fixture_run(f);
    snprintf(alone, sizeof(alone), "%s", fixture_text(f, "resolution.follow_up_at"));
    say(f, INTENT_CHANGE_ADDRESS, INTENT_ASK_DISPATCH_TIME);
    f->said.entities.new_address = "18 Ash Grove, Swansea SA2 8JD, United Kingdom";
    fixture_run(f);
    snprintf(both, sizeof(both), "%s", fixture_text(f, "resolution.follow_up_at"));
    assert_string_equal(fixture_text(f, "issue.code"), "change_address_before_shipment");
    assert_true(strcmp(both, alone) <= 0);
}

/* ---- what was said before ---- */

static struct case_contact *wrote(struct fixture *f, int i, const char *issue, const char *when, bool sent)
{
    static const char *const ids[] = {"m-1", "m-2", "m-3", "m-4"};

    f->contacts[i] = (struct case_contact){ids[i], issue, at(when), sent, .follow_up_at = MOMENT_NONE};
    f->rows.contact_count = i + 1;
    return &f->contacts[i];
}

static void test_consolation_once(void **state)
{
    struct fixture *f = *state;
    struct case_contact *before;

    fixture_event(f, 0, "2026-02-25T06:15:00Z", SHIPMENT_STATE_LOST, "Chicago", "US");
    before = wrote(f, 0, "lost", "2026-02-28T10:00:00Z", true);
    before->offered = UINT64_C(1) << OPTION_ACTION_FULL_REFUND | UINT64_C(1) << OPTION_ACTION_RESHIP;
    fixture_run(f);
    assert_true(offers(f, "lost_discount"));
    assert_says(f, "off your next order");
    before->offered |= UINT64_C(1) << OPTION_ACTION_LOST_DISCOUNT;
    fixture_run(f);
    assert_false(offers(f, "lost_discount"));
    assert_true(offers(f, "full_refund")); /* a right is no consolation */
    assert_silent(f, "off your next order");
    before->issue = "in_transit_on_time"; /* whatever it was offered for */
    fixture_run(f);
    assert_false(offers(f, "lost_discount"));
    before->sent = false; /* nobody has seen it */
    fixture_run(f);
    assert_true(offers(f, "lost_discount"));
}

static void test_broken_promise(void **state)
{
    struct fixture *f = *state;
    struct case_contact *before;

    on_its_way(f);
    f->said.intent = INTENT_TRACK_ORDER;
    before = wrote(f, 0, "in_transit_on_time", "2026-02-26T10:00:00Z", true);
    before->follow_up_at = at("2026-03-01T23:59:59Z");
    fixture_run(f);
    assert_golden(f, "in_transit_on_time.promise_broken");
    f->said.mood = MOOD_ANGRY;
    fixture_run(f);
    assert_says(f, "all the more as you were to hear from us by 1 March 2026 and did not.");
    f->said.mood = MOOD_NEUTRAL;
    before->follow_up_at = at("2026-03-02T00:00:00Z"); /* the day is not over, and tomorrow it is broken */
    fixture_run(f);
    assert_silent(f, "You were to hear");
    assert_string_equal(fixture_text(f, "valid_until"), "2026-03-03T00:00:00Z");
    before->follow_up_at = at("2026-03-01T12:00:00Z");
    before->sent = false;
    fixture_run(f);
    assert_silent(f, "You were to hear");
    before->sent = true;
    before->issue = "overdue_tracked"; /* another matter */
    fixture_run(f);
    assert_silent(f, "You were to hear");
    before->issue = "in_transit_on_time";
    wrote(f, 1, "in_transit_on_time", "2026-03-01T15:00:00Z", true)->follow_up_at =
        at("2026-03-05T12:00:00Z");
    fixture_run(f);
    assert_silent(f, "You were to hear"); /* the word given since counts */
}

/* The verdict on the claim; NULL: it is not one of the answer's. */
static const char *verdict(const struct fixture *f, const char *claim)
{
    const json_t *item;
    size_t i;

    json_array_foreach(fixture_at(f, "claims"), i, item)
    {
        if (strcmp(json_string_value(json_object_get(item, "claim")), claim) == 0)
            return json_string_value(json_object_get(item, "verdict"));
    }
    return NULL;
}

static void test_claim_of_a_promise(void **state)
{
    struct fixture *f = *state;

    fixture_run(f);
    assert_null(verdict(f, "promised_refund"));
    assert_string_equal(verdict(f, "not_received"), "unknown");
    say(f, INTENT_TRACK_ORDER, INTENT_REPORT_DAMAGED); /* a second wish claims as well */
    fixture_run(f);
    assert_string_equal(verdict(f, "received_damaged"), "unknown");
    assert_null(verdict(f, "not_received"));
    assert_null(verdict(f, "pieces_missing"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_delete)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_late_and_moved),
        TEST(test_moved_and_when),
        TEST(test_when_and_moved),
        TEST(test_cancelled_and_moved),
        TEST(test_customs_and_moved),
        TEST(test_unclear_and_lost),
        TEST(test_covered),
        TEST(test_first_promise_counts),
        TEST(test_consolation_once),
        TEST(test_broken_promise),
        TEST(test_claim_of_a_promise),
    };
    int failed;

    playbook = fixture_playbook();
    context = compose_context_new();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    compose_context_free(context);
    playbook_free(playbook);
    return failed;
}
