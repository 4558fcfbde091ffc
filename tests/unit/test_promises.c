/* What an answer may promise, ask and tell: money, dates, waiting, second wishes, names. Each test is a slip
 * that a draft once made. */
#include "fixture.h"

static struct playbook *playbook;
static struct compose_context *context;

static int setup(void **state)
{
    return fixture_new(state, playbook, context);
}

static void assert_says(struct fixture *f, const char *words)
{
    if (!strstr(fixture_text(f, "draft.text"), words))
        fail_msg("\"%s\" is not in:\n%s", words, fixture_text(f, "draft.text"));
}

static void assert_silent(struct fixture *f, const char *words)
{
    if (strstr(fixture_text(f, "draft.text"), words))
        fail_msg("\"%s\" is in:\n%s", words, fixture_text(f, "draft.text"));
}

static const json_t *step(const struct fixture *f, const char *action)
{
    const json_t *item;
    size_t i;

    json_array_foreach(fixture_at(f, "resolution.next_steps"), i, item)
    {
        if (strcmp(json_string_value(json_object_get(item, "action")), action) == 0)
            return item;
    }
    return NULL;
}

static void assert_due(const struct fixture *f, const char *action, const char *due)
{
    const char *day = json_string_value(json_object_get(step(f, action), "due"));

    assert_string_equal(day ? day : "(null)", due);
}

static const char auto_refund[] = "we refund you.";

/* ---- money ---- */

static void test_money_is_not_offered_twice(void **state)
{
    static const int statuses[] = {ORDER_STATUS_UNPAID, ORDER_STATUS_CANCELLED, ORDER_STATUS_REFUNDED};
    static const int refunds[] = {REFUND_STATE_APPROVED, REFUND_STATE_ISSUED, REFUND_STATE_COMPLETED};
    static const int wishes[] = {REFUND_STATE_REQUESTED, REFUND_STATE_REJECTED};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
        f->order.status = statuses[i];
        assert_issue(f, "unclear");
        assert_true(fixture_lists(f, "review_reasons", "missing_fact"));
    }
    f->order.status = ORDER_STATUS_SHIPPED;
    for (size_t i = 0; i < sizeof(refunds) / sizeof(*refunds); i++) {
        f->order.refund_state = refunds[i];
        assert_issue(f, "unclear");
        assert_silent(f, "refund");
    }
    for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes); i++) {
        f->order.refund_state = wishes[i];
        assert_issue(f, "overdue_tracked");
    }
}

static void test_disputes(void **state)
{
    struct fixture *f = *state;

    f->order.dispute_kind = DISPUTE_KIND_CHARGEBACK;
    f->order.dispute_respond_by = at("2026-03-09T12:00:00Z");
    assert_issue(f, "overdue_tracked");
    assert_string_equal(fixture_text(f, "draft.text"), "");
    assert_int_equal(json_array_size(fixture_at(f, "resolution.options")), 0);
    assert_true(fixture_lists(f, "review_reasons", "dispute"));
    assert_due(f, "follow_up", "2026-03-05");
    f->order.dispute_kind = DISPUTE_KIND_PLATFORM_CASE;
    fixture_run(f);
    assert_string_equal(fixture_text(f, "draft.text"), "");
    assert_int_equal(json_array_size(fixture_at(f, "resolution.options")), 2);
}

static void test_several_parcels(void **state)
{
    struct fixture *f = *state;

    fixture_parcel(f, 1, "RB00000002CN", "2026-02-18");
    fixture_event(f, 1, "2026-02-17T10:00:00Z", SHIPMENT_STATE_DELIVERED, NULL, NULL);
    f->order.shipment_count = 2;
    assert_issue(f, "overdue_tracked");
    assert_true(fixture_lists(f, "review_reasons", "missing_fact"));
    assert_true(json_is_null(fixture_at(f, "resolution.options.0.amount")));
    assert_says(f, "One parcel of your order 1001 was due by");
    assert_says(f, "- Refund: the price of what is in this parcel");
    assert_silent(f, "Blue Dress");
    assert_silent(f, "39.90");
    assert_silent(f, auto_refund);
    f->parcels[0].promised_by = at("2026-03-10");
    fixture_event(f, 0, "2026-02-27T21:15:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
    assert_issue(f, "split_shipment"); /* one is there, one is still under way */
}

static void test_unread_newest_scan(void **state)
{
    struct fixture *f = *state;

    fixture_event(f, 0, "2026-02-28T10:00:00Z", SHIPMENT_STATE_UNKNOWN, "Madrid", "ES");
    f->events[0][2].text = "Delivered, left at front door";
    assert_issue(f, "overdue_tracked"); /* though it was last known to have left */
    assert_true(fixture_lists(f, "review_reasons", "missing_fact"));
    assert_silent(f, auto_refund);
    assert_silent(f, "days late");
    assert_says(f, "28 February 2026, Madrid, Spain: “Delivered, left at front door”");
    assert_non_null(step(f, "contact_carrier"));
    f->parcels[0].promised_by = at("2026-03-10");
    assert_issue(f, "in_transit_on_time");
    assert_true(fixture_lists(f, "review_reasons", "missing_fact"));
    assert_silent(f, "on its way");
    assert_string_equal(fixture_text(f, "draft.subject"), "Your order 1001: where it stands");
}

/* Nothing but scans that are not understood. */
static void test_late_and_unread(void **state)
{
    struct fixture *f = *state;

    f->events[0][0].state = f->events[0][1].state = SHIPMENT_STATE_UNKNOWN;
    assert_issue(f, "overdue_tracked");
    assert_true(fixture_lists(f, "review_reasons", "missing_fact"));
    assert_silent(f, auto_refund);
}

static void test_high_value(void **state)
{
    struct fixture *f = *state;

    f->order.total = 200000;
    assert_issue(f, "overdue_tracked");
    assert_true(fixture_lists(f, "review_reasons", "high_value"));
    assert_silent(f, auto_refund);
    f->order.total = 30000;
    fixture_run(f);
    assert_false(fixture_lists(f, "review_reasons", "high_value"));
    assert_says(f, auto_refund);
    f->order.currency = "EUR"; /* no rate: what can't be compared may be high */
    fixture_run(f);
    assert_silent(f, auto_refund);
    assert_true(fixture_lists(f, "draft.missing", "order.total_in_policy_currency"));
}

static void test_nothing_paid(void **state)
{
    struct fixture *f = *state;

    f->order.total = 0;
    assert_issue(f, "overdue_tracked");
    assert_string_equal(fixture_text(f, "resolution.options.0.action"), "reship");
    assert_int_equal(json_array_size(fixture_at(f, "resolution.options")), 1);
    assert_silent(f, "efund");
    assert_string_equal(fixture_text(f, "draft.subject"), "Order 1001: a new parcel for you");
}

/* ---- the buyer's word, and silence ---- */

static void test_refund_date_follows_the_deadline(void **state)
{
    struct fixture *f = *state;

    assert_issue(f, "overdue_tracked");
    assert_says(f, "Without an answer by 5 March 2026 we refund you.");
    assert_says(f, "with you by 15 March 2026 at the latest");
}

static void assert_refund_chosen(struct fixture *f)
{
    assert_issue(f, "overdue_tracked");
    assert_says(f, "We are refunding your order in full: US$39.90, with you by 13 March 2026 at the latest.");
    assert_says(f, "If you would rather have a new parcel, free of charge, tell us by 3 March 2026.");
    assert_silent(f, "Which would you like");
    assert_silent(f, auto_refund);
    assert_string_equal(fixture_text(f, "draft.subject"), "Order 1001: your refund");
    assert_due(f, "issue_refund", "2026-03-03");
}

static void test_who_has_chosen_is_not_asked(void **state)
{
    struct fixture *f = *state;

    f->said.entities.wont_wait = true;
    assert_refund_chosen(f);
    f->said.entities.wont_wait = false;
    f->said.alternatives[0] = (struct intent_guess){INTENT_REQUEST_REFUND, 0.7};
    assert_refund_chosen(f);
    f->said.alternative_count = 0;
    f->said.intent = INTENT_REQUEST_REFUND;
    assert_refund_chosen(f);
    f->said.intent = INTENT_CANCEL_ORDER;
    assert_refund_chosen(f);
    f->order.protection_ends_on = at("2026-03-02"); /* no time for a second thought */
    fixture_run(f);
    assert_says(f, "with you by 12 March 2026");
    assert_silent(f, "rather");
    f->order.protection_ends_on = MOMENT_NONE;
    fixture_parcel(f, 1, "RB00000002CN", NULL); /* of two parcels: a person must look */
    f->order.shipment_count = 2;
    fixture_run(f);
    assert_silent(f, "We are refunding");
}

static void test_writing_again_moves_no_deadline(void **state)
{
    struct fixture *f = *state;
    char first[2000];

    assert_issue(f, "overdue_tracked");
    snprintf(first, sizeof(first), "%s", fixture_text(f, "draft.text"));
    f->contacts[0] = (struct case_contact){"m-1", "overdue_tracked", at("2026-02-28T10:00:00Z"), true,
                                           .follow_up_at = MOMENT_NONE};
    f->contacts[1] = (struct case_contact){"m-2", "overdue_tracked", at("2026-03-01T10:00:00Z"), false,
                                           .follow_up_at = MOMENT_NONE};
    f->rows.contact_count = 2;
    fixture_run(f);
    assert_string_not_equal(fixture_text(f, "draft.text"), first);
    assert_says(f, "We know that you have written to us about this before");
    assert_says(f, "Without an answer by 3 March 2026"); /* as it was told on the 28th */
    f->contacts[0].sent = false;
    fixture_run(f);
    assert_says(f, "Thank you for writing to us again.");
    assert_says(f, "Without an answer by 5 March 2026");
}

static void test_protection_ends_today(void **state)
{
    struct fixture *f = *state;

    f->order.protection_ends_on = at("2026-03-02");
    assert_issue(f, "overdue_tracked");
    assert_says(f, "Unless you tell us otherwise, we are refunding your order in full today: US$39.90");
    assert_silent(f, auto_refund);
    assert_silent(f, "Which would");
    assert_due(f, "issue_refund", "2026-03-02");
}

static void test_out_for_delivery(void **state)
{
    struct fixture *f = *state;

    fixture_event(f, 0, "2026-03-02T06:00:00Z", SHIPMENT_STATE_OUT_FOR_DELIVERY, "Chicago", "US");
    assert_issue(f, "overdue_tracked");
    assert_says(f, "Hi Nancy,\n\nIt is out for delivery today; if it does not reach you, you can have");
    assert_silent(f, auto_refund);
    f->parcels[0].promised_by = at("2026-03-02");
    assert_issue(f, "in_transit_on_time");
    assert_says(f, "Your order 1001 (Blue Dress) is out for delivery today.");
}

static void test_length(void **state)
{
    struct fixture *f = *state;
    int words = 0;

    f->order.item_count = 2;
    f->items[1] = (struct case_item){"X", "Belt", NULL, 2, 100, {0}};
    assert_issue(f, "overdue_tracked");
    for (const char *c = fixture_text(f, "draft.text"); *c; c += strcspn(c, " \n")) {
        c += strspn(c, " \n");
        words += *c != '-' && *c != '\0';
    }
    assert_in_range(words, 60, 135); /* with greeting, closing, and the three lines of tracking */
}

/* ---- waiting ---- */

static void on_time(struct fixture *f)
{
    f->parcels[0].promised_by = at("2026-03-10");
    f->said.intent = INTENT_TRACK_ORDER;
    fixture_event(f, 0, "2026-02-27T21:15:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
}

/* What stands still is looked into; the soothing words come only after what we do, by when, and what then. */
static void assert_stalled(struct fixture *f, const char *since)
{
    assert_says(f,
                "We are asking the carrier today to find out where your parcel is, and will write to you by "
                "5 March 2026.");
    assert_says(f, since);
    assert_says(f, "If there is nothing new by 17 March 2026, you get your money back (US$39.90). There is "
                   "nothing you need to do until then.");
    assert_silent(f, "on its way");
    assert_silent(f, auto_refund);
    assert_due(f, "contact_carrier", "2026-03-02");
}

static void test_soothing_needs_a_ground(void **state)
{
    struct fixture *f = *state;

    on_time(f);
    assert_issue(f, "in_transit_on_time");
    assert_true(json_is_false(fixture_at(f, "needs_review")));
    assert_says(f, "There is nothing you need to do until then.");

    f->parcels[0].promised_by = MOMENT_NONE;
    fixture_run(f);
    assert_true(fixture_lists(f, "review_reasons", "missing_fact"));
    assert_silent(f, "nothing you need to do");

    f->parcels[0].promised_by = at("2026-03-10");
    f->events[0][2].at = at("2026-02-24T00:00:00Z"); /* six days */
    assert_issue(f, "in_transit_on_time");
    assert_true(json_is_false(fixture_at(f, "needs_review")));
    assert_says(f, "There is nothing you need to do until then.");
    assert_null(step(f, "contact_carrier"));
    f->events[0][2].at = at("2026-02-23T23:59:59Z"); /* seven */
    assert_issue(f, "tracking_stalled");
    assert_stalled(f, "has had no new scan since 23 February 2026.");
}

static void test_only_a_label(void **state)
{
    struct fixture *f = *state;

    f->parcels[0].promised_by = at("2026-03-10");
    f->parcels[0].shipped_at = at("2026-02-28T00:00:00Z");
    f->parcels[0].event_count = 0;
    fixture_event(f, 0, "2026-02-28T08:00:00Z", SHIPMENT_STATE_LABEL_CREATED, NULL, NULL);
    assert_issue(f, "in_transit_on_time");
    assert_silent(f, "on its way");
    assert_true(json_is_false(fixture_at(f, "needs_review")));
    f->parcels[0].shipped_at = at("2026-02-27T23:59:59Z"); /* three days */
    f->events[0][0].at = at("2026-02-27T23:59:59Z");
    assert_issue(f, "tracking_stalled");
    assert_stalled(f, "27 February 2026");
}

static void test_never_scanned(void **state)
{
    struct fixture *f = *state;

    f->parcels[0].promised_by = at("2026-03-10");
    f->parcels[0].shipped_at = at("2026-02-28T00:00:00Z");
    f->parcels[0].event_count = 0;
    assert_issue(f, "in_transit_on_time");
    assert_null(step(f, "contact_carrier"));
    f->parcels[0].shipped_at = at("2026-02-27T23:59:59Z"); /* three days */
    assert_issue(f, "tracking_stalled");
    assert_stalled(f, "has had no scan since we sent it on 27 February 2026.");
}

static void test_look_again_at_the_promise(void **state)
{
    struct fixture *f = *state;

    on_time(f);
    fixture_run(f);
    assert_string_equal(fixture_text(f, "resolution.follow_up_at"), "2026-03-05T10:00:00Z");
    f->parcels[0].promised_by = at("2026-03-02");
    assert_issue(f, "in_transit_on_time");
    assert_string_equal(fixture_text(f, "resolution.follow_up_at"), "2026-03-03T10:00:00Z");
    f->parcels[0].promised_by = at("2026-03-03");
    fixture_run(f);
    assert_string_equal(fixture_text(f, "resolution.follow_up_at"), "2026-03-04T10:00:00Z");
}

static void test_untracked_is_not_tracked(void **state)
{
    struct fixture *f = *state;

    on_time(f);
    f->parcels[0].tracked = TRI_FALSE;
    f->parcels[0].event_count = 0;
    assert_issue(f, "in_transit_on_time");
    assert_says(
        f, "It travels without tracking, so we cannot see where it is. If it is not with you by 10 March "
           "2026, write to us and we will settle it.");
    assert_silent(f, "look at the tracking");
}

static void test_mood_of_waiting(void **state)
{
    struct fixture *f = *state;

    on_time(f);
    f->said.mood = MOOD_UPSET;
    fixture_run(f);
    assert_says(f, "We understand how hard the waiting is.");
    f->said.mood = MOOD_ANGRY;
    fixture_run(f);
    assert_says(f, "We understand how frustrating the waiting is.");
    assert_silent(f, "taking care");
}

/* ---- what else was said ---- */

static void test_severe_intents(void **state)
{
    static const struct {
        int intent;
        const char *issue, *reason, *priority;
    } severe[] = {{INTENT_REPORT_SAFETY, "safety_incident", "legal_or_safety", "high"},
                  {INTENT_THREATEN_DISPUTE, "dispute_threat", "dispute", "high"},
                  {INTENT_REQUEST_HUMAN, "human_requested", "human_requested", "normal"}};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(severe) / sizeof(*severe); i++) {
        f->said.intent = severe[i].intent;
        f->said.confidence = 0.9;
        assert_issue(f, severe[i].issue);
        assert_true(fixture_lists(f, "review_reasons", severe[i].reason));
        assert_string_equal(fixture_text(f, "issue.priority"), severe[i].priority);
        f->said.intent = INTENT_ASK_SIZE;
        f->said.alternatives[0] = (struct intent_guess){severe[i].intent, 0.5};
        assert_issue(f, "size_needs_measurements");
        assert_true(fixture_lists(f, "review_reasons", severe[i].reason));
        assert_string_equal(fixture_text(f, "issue.priority"), severe[i].priority);
        f->said.alternatives[0].confidence = 0.49;
        assert_issue(f, "size_needs_measurements");
        assert_false(fixture_lists(f, "review_reasons", severe[i].reason));
    }
}

static void test_secondary(void **state)
{
    struct fixture *f = *state;

    fixture_run(f);
    assert_int_equal(json_array_size(fixture_at(f, "issue.secondary")), 0);
    f->said.intent = INTENT_ASK_SIZE;
    f->said.alternatives[0] = (struct intent_guess){INTENT_TRACK_ORDER, 0.8};
    assert_issue(f, "size_needs_measurements");
    assert_string_equal(fixture_text(f, "issue.secondary.0"), "overdue_tracked");
}

static void test_a_parcel_that_is_not_there(void **state)
{
    struct fixture *f = *state;

    f->rows.order = NULL;
    f->request.order_number = NULL;
    f->said.entities.tracking_numbers[0] = "LP00123456789012";
    f->said.entities.tracking_number_count = 1;
    assert_issue(f, "order_not_found");
    assert_says(f, "We looked for parcel LP00123456789012 with the details");
    assert_string_equal(fixture_text(f, "draft.subject"), "We could not find parcel LP00123456789012");
}

static void test_thanks_with_a_wrong_number(void **state)
{
    struct fixture *f = *state;

    f->rows.order = NULL;
    f->said.intent = INTENT_THANK;
    assert_issue(f, "order_not_found");
    assert_says(f, "Thank you for your message. We could not find order 1001");
    assert_silent(f, "need one thing");
}

static void test_trigger_without_an_order(void **state)
{
    struct fixture *f = *state;

    f->rows.order = NULL;
    f->trigger = true;
    f->request.has_message = false;
    f->request.trigger = TRIGGER_PROMISED_DATE_PASSED;
    assert_issue(f, "order_not_found");
    assert_true(fixture_lists(f, "review_reasons", "missing_fact"));
}

static void test_mismatch_reason(void **state)
{
    struct fixture *f = *state;

    f->order.customer.email = NULL;
    assert_issue(f, "order_not_found");
    assert_string_equal(fixture_text(f, "resolution.reason"),
                        "Order 1001 could not be matched to the buyer who asks: nothing of it is told.");
}

/* ---- around the draft ---- */

static void test_claim_deadline(void **state)
{
    struct fixture *f = *state;

    f->parcels[0].claim_by = at("2026-03-01");
    assert_issue(f, "overdue_tracked");
    assert_null(step(f, "claim_from_carrier"));
    assert_non_null(step(f, "contact_carrier"));
    assert_non_null(strstr(fixture_text(f, "resolution.reason"), "too late to claim"));
    f->parcels[0].claim_by = MOMENT_NONE;
    fixture_run(f);
    assert_due(f, "claim_from_carrier", "(null)");
    assert_true(fixture_lists(f, "draft.missing", "shipment.claim_by"));
}

static void test_contacts_of_the_shop(void **state)
{
    struct fixture *f = *state;

    f->order.platform = PLATFORM_AMAZON;
    f->items[0].name = "Lamp http://evil.example/x";
    f->parcels[0].carrier = "DHL www.dhl.com";
    f->parcels[0].tracking_url = "https://t.17track.net/en?nums=1";
    f->request.agent.name = "Li www.li.example +86 123 456";
    f->shop.policy.signature = "Blue Lotus\nhttps://lotus.example\n+86 755 1234 5678";
    assert_issue(f, "overdue_tracked");
    assert_says(f, "Your order 1001 was due");
    assert_says(f, "- Tracking number: LX123456785CN\n- Tracking page: 17TRACK\n");
    assert_says(f, "\n\nKind regards,\nBlue Lotus");
    assert_silent(f, "www");
    assert_silent(f, "http");
    assert_silent(f, "86");
    assert_true(fixture_lists(f, "review_reasons", "platform_warning"));
    assert_string_equal(fixture_text(f, "draft.warnings.0.rule"), "platform");
}

static void test_signature_lines(void **state)
{
    struct fixture *f = *state;

    f->shop.policy.signature = "Kind regards,\n\nLi Xiao\nYour Shop\nMon to Fri, 9 to 5\n";
    fixture_run(f);
    assert_says(f, "\n\nKind regards,\nLi Xiao\nYour Shop\nMon to Fri, 9 to 5");
    f->shop.policy.signature = "Best regards";
    fixture_run(f);
    assert_says(f, "\n\nKind regards,\nLi Xiao\nBlue Lotus");
}

static void test_agent_without_a_gloss(void **state)
{
    struct fixture *f = *state;

    f->request.agent.language = "zh-CN";
    fixture_run(f);
    assert_string_equal(fixture_text(f, "draft.warnings.0.rule"), "gloss");
    assert_true(json_is_null(fixture_at(f, "draft.gloss")));
}

static void test_confidence_is_rounded(void **state)
{
    struct fixture *f = *state;

    f->said.confidence = 0.1034817174077034;
    assert_issue(f, "unclear");
    assert_string_equal(fixture_text(f, "resolution.evidence.1.fact"), "message.confidence");
    assert_true(json_equal(fixture_at(f, "resolution.evidence.1.value"), fixture_at(f, "intent.confidence")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_delete)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_money_is_not_offered_twice),
        TEST(test_disputes),
        TEST(test_several_parcels),
        TEST(test_unread_newest_scan),
        TEST(test_late_and_unread),
        TEST(test_high_value),
        TEST(test_nothing_paid),
        TEST(test_refund_date_follows_the_deadline),
        TEST(test_who_has_chosen_is_not_asked),
        TEST(test_writing_again_moves_no_deadline),
        TEST(test_protection_ends_today),
        TEST(test_out_for_delivery),
        TEST(test_length),
        TEST(test_soothing_needs_a_ground),
        TEST(test_only_a_label),
        TEST(test_never_scanned),
        TEST(test_look_again_at_the_promise),
        TEST(test_untracked_is_not_tracked),
        TEST(test_mood_of_waiting),
        TEST(test_severe_intents),
        TEST(test_secondary),
        TEST(test_a_parcel_that_is_not_there),
        TEST(test_thanks_with_a_wrong_number),
        TEST(test_trigger_without_an_order),
        TEST(test_mismatch_reason),
        TEST(test_claim_deadline),
        TEST(test_contacts_of_the_shop),
        TEST(test_signature_lines),
        TEST(test_agent_without_a_gloss),
        TEST(test_confidence_is_rounded),
    };
    int failed;

    playbook = fixture_playbook();
    context = compose_context_new();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    compose_context_free(context);
    playbook_free(playbook);
    return failed;
}
