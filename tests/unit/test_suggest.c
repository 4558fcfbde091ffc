/* The pure steps on cases made by hand: both sides of every threshold, whose order it is, and what the drafts
 * say. */
#include "golden.h"

static struct playbook *playbook;
static struct compose_context *context;

static int setup(void **state)
{
    return fixture_new(state, playbook, context);
}

/* ---- the parcel is late, or not ---- */

static void test_overdue(void **state)
{
    struct fixture *f = *state;

    assert_issue(f, "overdue_tracked");
    assert_string_equal(fixture_text(f, "resolution.action"), "refund_or_reship");
    assert_string_equal(fixture_text(f, "resolution.rule"), "overdue_tracked");
    assert_string_equal(fixture_text(f, "resolution.reason"),
                        "Promised by 2026-02-20, 10 days late, tracked: past the grace of 7.");
    assert_string_equal(fixture_text(f, "resolution.evidence.0.fact"), "shipment.promised_by");
    assert_string_equal(fixture_text(f, "resolution.evidence.0.value"), "2026-02-20");
    assert_string_equal(fixture_text(f, "resolution.options.0.action"), "full_refund");
    assert_true(json_is_true(fixture_at(f, "resolution.options.0.recommended")));
    assert_string_equal(fixture_text(f, "resolution.options.0.amount.amount"), "39.90");
    assert_string_equal(fixture_text(f, "resolution.options.1.action"), "reship");
    assert_false(json_is_true(fixture_at(f, "resolution.options.1.recommended")));
    assert_true(json_is_null(fixture_at(f, "resolution.options.1.amount")));
    assert_string_equal(fixture_text(f, "resolution.options.1.cost_to_seller.amount"), "21.00");
    assert_string_equal(fixture_text(f, "resolution.next_steps.0.action"), "claim_from_carrier");
    assert_string_equal(fixture_text(f, "resolution.next_steps.0.due"), "2026-03-20");
    assert_string_equal(fixture_text(f, "resolution.follow_up_at"), "2026-03-05T10:00:00Z");
    assert_string_equal(fixture_text(f, "valid_until"), "2026-03-03T00:00:00Z");
    assert_string_equal(fixture_text(f, "issue.priority"), "high");
    assert_string_equal(fixture_text(f, "claims.0.verdict"), "unknown");
    assert_true(json_is_false(fixture_at(f, "needs_review")));
    assert_int_equal(json_array_size(fixture_at(f, "draft.missing")), 0);
    assert_golden(f, "overdue_tracked");
}

/* The answer at a second of another day, to a message whose age does not matter. */
static void assert_issue_at(struct fixture *f, const char *as_of, const char *issue)
{
    f->request.message.received_at = MOMENT_NONE;
    f->request.as_of = at(as_of);
    assert_issue(f, issue);
}

static void test_grace_both_sides(void **state)
{
    struct fixture *f = *state;

    assert_issue_at(f, "2026-02-27T23:59:59Z", "overdue_grace"); /* seven days late: the last of the grace */
    assert_string_equal(fixture_text(f, "resolution.action"), "wait");
    assert_string_equal(fixture_text(f, "valid_until"), "2026-02-28T00:00:00Z");
    assert_issue_at(f, "2026-02-28T00:00:00Z", "overdue_tracked");
    f->parcels[0].tracked = TRI_FALSE;
    assert_issue(f, "overdue_untracked");
    assert_issue_at(f, "2026-02-27T23:59:59Z", "overdue_grace");
}

/* With a fresh scan: late or not, but not stalled. */
static void test_promise_both_sides(void **state)
{
    struct fixture *f = *state;

    fixture_event(f, 0, "2026-02-19T21:15:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
    assert_issue_at(f, "2026-02-20T23:59:59Z", "in_transit_on_time");
    assert_string_equal(fixture_text(f, "valid_until"), "2026-02-21T00:00:00Z");
    assert_issue_at(f, "2026-02-21T00:00:00Z", "overdue_grace");
    f->parcels[0].tracked = TRI_FALSE;
    assert_issue(f, "overdue_grace");
    assert_issue_at(f, "2026-02-20T23:59:59Z", "in_transit_on_time");
}

/* Standing still counts until the promised day has passed; from then on the parcel is late. */
static void test_stalled_both_sides(void **state)
{
    struct fixture *f = *state;

    assert_issue_at(f, "2026-02-14T23:59:59Z", "in_transit_on_time"); /* six days after the last scan */
    assert_string_equal(fixture_text(f, "valid_until"), "2026-02-15T00:00:00Z");
    assert_issue_at(f, "2026-02-15T00:00:00Z", "tracking_stalled");
    assert_string_equal(fixture_text(f, "resolution.action"), "investigate");
    assert_issue_at(f, "2026-02-20T23:59:59Z", "tracking_stalled");
    assert_issue_at(f, "2026-02-21T00:00:00Z", "overdue_grace");
    f->parcels[0].tracked = TRI_FALSE; /* no scans are expected of it */
    assert_issue_at(f, "2026-02-20T23:59:59Z", "in_transit_on_time");
}

/* Sent on the 4th. */
static void test_never_scanned_both_sides(void **state)
{
    struct fixture *f = *state;

    f->parcels[0].event_count = 0;
    assert_issue_at(f, "2026-02-06T23:59:59Z", "in_transit_on_time");
    assert_string_equal(fixture_text(f, "valid_until"), "2026-02-07T00:00:00Z");
    assert_issue_at(f, "2026-02-07T00:00:00Z", "tracking_stalled");
    f->parcels[0].tracked = TRI_FALSE;
    assert_issue(f, "in_transit_on_time");
}

static void test_untracked(void **state)
{
    struct fixture *f = *state;

    f->parcels[0].tracked = TRI_FALSE;
    assert_issue(f, "overdue_untracked");
    assert_string_equal(fixture_text(f, "resolution.action"), "refund");
    f->parcels[0].tracked = TRI_UNKNOWN; /* but it was scanned */
    assert_issue(f, "overdue_tracked");
    f->parcels[0].event_count = 0;
    assert_issue(f, "overdue_tracked");
    assert_true(fixture_lists(f, "review_reasons", "missing_fact"));
    assert_true(fixture_lists(f, "draft.missing", "shipment.tracked"));
    assert_null(strstr(fixture_text(f, "resolution.reason"), ", tracked"));
    f->parcels[0].carrier_kind = CARRIER_KIND_ECONOMY;
    assert_issue(f, "overdue_untracked");
    assert_true(fixture_lists(f, "review_reasons", "missing_fact"));
}

static void test_stopped_states(void **state)
{
    static const struct {
        int state;
        const char *issue, *verdict;
    } stopped[] = {{SHIPMENT_STATE_DELIVERED, "delivered_not_received", "contradict"},
                   {SHIPMENT_STATE_RETURNING, "returned_other_cause", "agree"},
                   {SHIPMENT_STATE_RETURNED, "returned_other_cause", "agree"},
                   {SHIPMENT_STATE_LOST, "lost", "agree"},
                   {SHIPMENT_STATE_SEIZED, "customs_seized", "agree"},
                   {SHIPMENT_STATE_CUSTOMS_HELD, "customs_hold_unknown", "agree"},
                   {SHIPMENT_STATE_READY_FOR_PICKUP, "ready_for_pickup", "agree"},
                   {SHIPMENT_STATE_DELIVERY_FAILED, "delivery_failed", "agree"}};
    struct fixture *f = *state;

    fixture_event(f, 0, "2026-02-25T10:00:00Z", 0, NULL, NULL);
    for (size_t i = 0; i < sizeof(stopped) / sizeof(*stopped); i++) {
        f->events[0][2].state = stopped[i].state;
        f->order.refund_state = -1;
        assert_issue(f, stopped[i].issue);
        assert_string_equal(fixture_text(f, "claims.0.verdict"), stopped[i].verdict);
        f->order.refund_state = REFUND_STATE_ISSUED; /* what is settled is a person's to answer */
        assert_issue(f, "unclear");
        assert_true(fixture_lists(f, "review_reasons", "missing_fact"));
        assert_true(json_is_true(fixture_at(f, "needs_review")));
    }
}

static void test_on_time(void **state)
{
    struct fixture *f = *state;

    f->parcels[0].promised_by = at("2026-03-10");
    f->said.intent = INTENT_TRACK_ORDER;
    fixture_event(f, 0, "2026-02-27T21:15:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
    assert_issue(f, "in_transit_on_time");
    assert_true(json_is_false(fixture_at(f, "needs_review")));
    assert_string_equal(fixture_text(f, "resolution.action"), "ask_patience");
    assert_string_equal(fixture_text(f, "issue.priority"), "normal");
    assert_int_equal(json_array_size(fixture_at(f, "resolution.options")), 0);
    assert_golden(f, "in_transit_on_time");
    f->parcels[0].promised_by = MOMENT_NONE;
    assert_issue(f, "in_transit_on_time");
    assert_true(fixture_lists(f, "draft.missing", "shipment.promised_by"));
    assert_golden(f, "in_transit_on_time.no_promise");
}

static void test_trigger(void **state)
{
    struct fixture *f = *state;

    f->trigger = true;
    f->request.has_message = false;
    f->request.trigger = TRIGGER_PROMISED_DATE_PASSED;
    assert_issue(f, "overdue_tracked");
    assert_true(json_is_null(fixture_at(f, "intent")));
    assert_true(json_is_null(fixture_at(f, "sentiment")));
    assert_true(json_is_null(fixture_at(f, "language.message")));
    assert_true(json_is_null(fixture_at(f, "message_id")));
    f->request.trigger = TRIGGER_WIN_BACK; /* no rule yet: no mail */
    assert_issue(f, "unclear");
    assert_string_equal(fixture_text(f, "draft.text"), "");
    assert_true(json_is_true(fixture_at(f, "needs_review")));
}

/* ---- whose order ---- */

static void assert_untold(struct fixture *f)
{
    static const char *const secrets[] = {"Blue Dress", "LX123456785CN", "2026-02",
                                          "39.90",      "Shenzhen",      "Example.org"};

    for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
        assert_null(strstr(f->answer.answer.data, secrets[i]));
        assert_null(strstr(f->answer.facts_json.data, secrets[i]));
    }
    assert_false(f->answer.order_told);
}

static void test_mismatch(void **state)
{
    struct fixture *f = *state;
    char text[4096];

    f->request.buyer.email = "other@example.org";
    f->request.buyer.name = NULL;
    assert_issue(f, "order_not_found");
    assert_true(json_is_true(fixture_at(f, "needs_review")));
    assert_true(fixture_lists(f, "review_reasons", "buyer_mismatch"));
    assert_untold(f);
    snprintf(text, sizeof(text), "%s", fixture_text(f, "draft.text"));
    assert_golden(f, "order_not_found");

    f->rows.order = NULL; /* the same words for an order that is not there */
    assert_issue(f, "order_not_found");
    assert_string_equal(fixture_text(f, "draft.text"), text);
    assert_false(fixture_lists(f, "review_reasons", "buyer_mismatch"));
    assert_true(json_is_false(fixture_at(f, "needs_review")));
}

/* A parcel's number that leads to another buyer's order must not give that order's number away. */
static void test_mismatch_by_parcel(void **state)
{
    struct fixture *f = *state;

    f->request.order_number = NULL;
    f->request.buyer.name = NULL;
    f->said.entities.tracking_numbers[0] = "LX123456785CN";
    f->said.entities.tracking_number_count = 1;
    assert_issue(f, "overdue_tracked");
    assert_string_equal(fixture_text(f, "order_number"), "1001");
    f->request.buyer.email = "other@example.org";
    assert_issue(f, "order_not_found");
    assert_true(fixture_lists(f, "review_reasons", "buyer_mismatch"));
    assert_true(json_is_null(fixture_at(f, "order_number")));
    assert_null(strstr(f->answer.answer.data, "1001"));
    assert_null(strstr(f->answer.facts_json.data, "1001"));
}

static void test_identity(void **state)
{
    struct fixture *f = *state;

    f->request.buyer.id = "77"; /* one more name, which the record does not have: the address still matches */
    assert_issue(f, "overdue_tracked");
    f->order.customer.external_id = "78";
    assert_issue(f, "order_not_found");
    f->order.customer.external_id = "77";
    f->order.customer.email = NULL;
    assert_issue(f, "overdue_tracked");
    f->request.buyer.id = NULL; /* a name that can't be compared is no match */
    assert_issue(f, "order_not_found");
    f->request.buyer.email = NULL;
    assert_issue(f, "overdue_tracked");
}

static void test_unsure_mismatch(void **state)
{
    struct fixture *f = *state;

    f->request.buyer.email = "other@example.org";
    f->request.buyer.name = NULL;
    f->said.confidence = 0.2;
    assert_issue(f, "order_not_found");
    assert_true(fixture_lists(f, "review_reasons", "low_confidence"));
    assert_untold(f);
}

static void test_number_in_text(void **state)
{
    struct fixture *f = *state;

    f->request.order_number = NULL;
    f->said.entities.order_numbers[0] = "1001";
    f->said.entities.order_number_count = 1;
    assert_issue(f, "overdue_tracked");
    assert_false(fixture_lists(f, "review_reasons", "buyer_unverified"));
    f->request.buyer.email = NULL;
    assert_issue(f, "overdue_tracked");
    assert_true(fixture_lists(f, "review_reasons", "buyer_unverified"));
    assert_string_equal(fixture_text(f, "order_number"), "1001");
    assert_string_equal(fixture_text(f, "entities.order_number"), "1001");
    f->rows.order = NULL;
    assert_issue(f, "order_not_found");
    /* A bare number that is no order's is none. */
    f->said.entities.order_number_bare[0] = true;
    assert_issue(f, "order_number_missing");
    f->said.entities.order_numbers[1] = "1003";
    f->said.entities.order_number_count = 2;
    assert_issue(f, "order_not_found");
    assert_string_equal(fixture_text(f, "entities.order_number"), "1003");
    f->said.entities.order_number_bare[0] = false;
    f->said.intent = INTENT_ASK_STOCK; /* a number in a question that needs no order */
    assert_issue(f, "in_stock");
}

static void test_number_missing(void **state)
{
    struct fixture *f = *state;

    f->request.order_number = NULL;
    f->rows.order = NULL;
    assert_issue(f, "order_number_missing");
    assert_true(json_is_null(fixture_at(f, "order_number")));
    assert_string_equal(fixture_text(f, "valid_until"),
                        "2026-03-03T09:14:00Z"); /* then the reply is a late one */
    assert_golden(f, "order_number_missing");
    f->said.intent = INTENT_ASK_SIZE; /* needs none */
    assert_issue(f, "size_needs_measurements");
}

/* ---- unclear ---- */

static void test_unclear(void **state)
{
    struct fixture *f = *state;

    f->said.confidence = 0.49;
    assert_issue(f, "unclear");
    assert_true(fixture_lists(f, "review_reasons", "low_confidence"));
    assert_false(fixture_lists(f, "review_reasons", "missing_fact"));
    assert_string_equal(fixture_text(f, "intent.alternatives.0.code"), "track_order");
    assert_golden(f, "unclear");
    f->rows.order = NULL;
    f->request.order_number = NULL;
    fixture_run(f);
    assert_non_null(strstr(fixture_text(f, "draft.text"), "such as an order number or a photo, simply"));
    f->request.message.has_attachments = true;
    fixture_run(f);
    assert_non_null(strstr(fixture_text(f, "draft.text"), "such as an order number, simply"));
    f->rows.order = &f->order;
    f->request.order_number = "1001";
    fixture_run(f);
    assert_non_null(strstr(fixture_text(f, "draft.text"), "add anything, simply"));
    f->said.confidence = 0.5;
    assert_issue(f, "overdue_tracked");
    f->said.intent = INTENT_OUT_OF_SCOPE;
    assert_issue(f, "unclear");
    assert_true(fixture_lists(f, "review_reasons", "out_of_scope"));
}

/* ---- several parcels ---- */

static void assert_parcel(struct fixture *f, const char *number)
{
    json_t *facts = fixture_facts(f);
    const char *chosen = json_string_value(json_object_get(facts, "shipment.number"));

    assert_string_equal(chosen ? chosen : "(null)", number);
    json_decref(facts);
}

static void test_parcels(void **state)
{
    struct fixture *f = *state;

    f->order.shipment_count = 3;
    fixture_parcel(f, 1, "RB00000002CN", "2026-02-18");
    fixture_parcel(f, 2, "RB00000003CN", NULL);
    assert_parcel(f, "RB00000002CN"); /* earliest promise */
    f->said.entities.tracking_numbers[0] = "rb 0000 0003 cn";
    f->said.entities.tracking_number_count = 1;
    assert_parcel(f, "RB00000003CN"); /* named */
    f->said.entities.tracking_numbers[0] = "ZZ99";
    fixture_event(f, 1, "2026-02-17T10:00:00Z", SHIPMENT_STATE_DELIVERED, NULL, NULL);
    assert_parcel(f, "LX123456785CN"); /* undelivered before delivered, promised before not */
    fixture_event(f, 0, "2026-02-16T10:00:00Z", SHIPMENT_STATE_DELIVERED, NULL, NULL);
    assert_parcel(f, "RB00000003CN");
    fixture_event(f, 2, "2026-02-15T10:00:00Z", SHIPMENT_STATE_DELIVERED, NULL, NULL);
    assert_parcel(f, "RB00000002CN"); /* the last delivered */
}

/* ---- how it is said ---- */

static void test_marketplace(void **state)
{
    struct fixture *f = *state;

    f->order.platform = PLATFORM_AMAZON;
    assert_issue(f, "overdue_tracked");
    assert_null(strstr(fixture_text(f, "draft.text"), "http"));
    assert_non_null(
        strstr(fixture_text(f, "draft.text"), "- Tracking page: on the carrier\xe2\x80\x99s own site\n"));
    assert_null(strstr(f->answer.html.data, "<a "));
    assert_golden(f, "overdue_tracked.marketplace");
}

static void test_late_and_upset(void **state)
{
    struct fixture *f = *state;

    f->request.message.received_at = at("2026-03-01T09:59:59Z");
    assert_issue(f, "overdue_tracked");
    assert_non_null(strstr(fixture_text(f, "draft.text"), "We are sorry for our late reply."));
    f->said.mood = MOOD_UPSET;
    f->request.agent.name = NULL;
    fixture_run(f);
    assert_golden(f, "overdue_tracked.late_upset");
    f->request.message.received_at = at("2026-03-01T10:00:00Z"); /* 24 hours are not late */
    fixture_run(f);
    assert_null(strstr(fixture_text(f, "draft.text"), "late reply"));
    f->said.mood = MOOD_ANGRY;
    fixture_run(f);
    assert_non_null(strstr(fixture_text(f, "draft.text"), "how frustrating"));
    assert_string_equal(fixture_text(f, "sentiment"), "angry");
}

static void test_priority(void **state)
{
    struct fixture *f = *state;

    f->parcels[0].promised_by = at("2026-03-10");
    fixture_event(f, 0, "2026-02-27T21:15:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
    assert_issue(f, "in_transit_on_time");
    assert_string_equal(fixture_text(f, "issue.priority"), "normal");
    f->said.mood = MOOD_ANGRY;
    fixture_run(f);
    assert_string_equal(fixture_text(f, "issue.priority"), "high");
    f->said.mood = MOOD_NEUTRAL;
    f->order.note = "gift, please wrap";
    fixture_run(f);
    assert_string_equal(fixture_text(f, "issue.priority"), "high");
}

static void test_repeated(void **state)
{
    struct fixture *f = *state;

    f->parcels[0].promised_by = at("2026-03-10");
    fixture_event(f, 0, "2026-02-27T21:15:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
    f->contacts[0] = (struct case_contact){"m-1", "in_transit_on_time", at("2026-02-26T10:00:00Z"), true,
                                           .follow_up_at = MOMENT_NONE};
    f->contacts[1] =
        (struct case_contact){"m-2", "thanks", at("2026-02-27T10:00:00Z"), true, .follow_up_at = MOMENT_NONE};
    f->rows.contact_count = 2;
    assert_issue(f, "in_transit_on_time");
    assert_false(fixture_lists(f, "review_reasons", "repeated_contact"));
    f->contacts[1].issue = "in_transit_on_time";
    fixture_run(f);
    assert_true(fixture_lists(f, "review_reasons", "repeated_contact"));
    assert_string_equal(fixture_text(f, "issue.priority"), "high");
}

static void test_missing(void **state)
{
    struct fixture *f = *state;

    f->items[0].unit_cost = (struct money){0};
    f->parcels[0].tracking_url = NULL;
    f->parcels[0].event_count = 0;
    f->items[1] = (struct case_item){"X", "Belt", NULL, 2, 100, {0}};
    f->order.item_count = 2;
    f->request.buyer.name = "Mr. Drew";
    assert_issue(f, "overdue_tracked");
    assert_true(json_is_null(fixture_at(f, "resolution.options.1.cost_to_seller")));
    assert_true(fixture_lists(f, "draft.missing", "cost.reship"));
    assert_true(fixture_lists(f, "draft.missing", "shipment.tracking_url"));
    assert_true(fixture_lists(f, "draft.missing", "shipment.last_event.on"));
    assert_golden(f, "overdue_tracked.sparse");
}

static void test_values_make_no_structure(void **state)
{
    struct fixture *f = *state;

    f->items[0].name = "- Dress\r\nBcc: x@example.org\n\n{{order.total}} <b>\xe2\x80\xae";
    f->request.buyer.name = "Na\x01ncy <script>";
    assert_issue(f, "overdue_tracked");
    assert_non_null(strstr(fixture_text(f, "draft.text"), "(- Dress Bcc: x@example.org {order.total} <b>)"));
    assert_null(strstr(fixture_text(f, "draft.text"), "{{"));
    assert_null(strchr(fixture_text(f, "draft.subject"), '\n'));
    assert_null(strstr(f->answer.html.data, "<b>"));
    assert_null(strstr(f->answer.html.data, "<script>"));
    f->request.order_number = "10\r\n01";
    f->rows.order = NULL;
    assert_issue(f, "order_not_found");
    assert_string_equal(fixture_text(f, "draft.subject"), "We could not find order 10 01");
}

static void test_other_language(void **state)
{
    struct fixture *f = *state;

    f->request.reply_language = "sw";
    f->request.agent.language = "en";
    assert_issue(f, "overdue_tracked");
    assert_string_equal(fixture_text(f, "language.reply"), "en");
    assert_string_equal(fixture_text(f, "draft.language"), "en");
    assert_string_equal(fixture_text(f, "draft.warnings.0.rule"), "language");
    assert_true(json_is_null(fixture_at(f, "draft.gloss")));
    f->request.reply_language = "en-US";
    fixture_run(f);
    assert_int_equal(json_array_size(fixture_at(f, "draft.warnings")), 0);
}

static void test_protection_end(void **state)
{
    struct fixture *f = *state;

    f->order.protection_ends_on = at("2026-03-04");
    assert_issue(f, "overdue_tracked");
    assert_string_equal(fixture_text(f, "resolution.follow_up_at"), "2026-03-04T23:59:59Z");
}

/* ---- the answer's bytes ---- */

static void test_answer_write(void **state)
{
    struct fixture *f = *state;
    static const char begin[] =
        "{\"id\":\"0192\",\"created_at\":\"2026-03-02T10:00:00Z\",\"message_id\":\"m-81\",";
    struct buf out = {0}, html = {0};
    json_t *json;

    f->request.conversation_id = "a \"html\":null b";
    fixture_run(f);
    assert_int_equal(answer_html(f->answer.answer.data, f->answer.answer.len, &html), 0);
    assert_string_equal(html.data, f->answer.html.data);
    answer_write(f->answer.answer.data, f->answer.answer.len, "0192", "2026-03-02T10:00:00Z", ANSWER_NEW,
                 &html, &out);
    assert_memory_equal(out.data, begin, strlen(begin));
    json = json_loadb(out.data, out.len, 0, NULL);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json_object_get(json, "draft"), "html")),
                        html.data);
    assert_string_equal(json_string_value(json_object_get(json, "conversation_id")), "a \"html\":null b");
    json_decref(json);
    buf_free(&out);
    buf_free(&html);
}

static void test_same_bytes(void **state)
{
    struct fixture *f = *state;
    char *first;

    fixture_run(f);
    first = strdup(f->answer.answer.data);
    fixture_run(f);
    assert_string_equal(first, f->answer.answer.data);
    free(first);
}

/* What the facts' JSON holds is all that the document held. */
static void test_facts_replay(void **state)
{
    struct fixture *f = *state;
    struct facts facts;
    struct buf again = {0};
    char error[200] = "";
    json_t *json = fixture_facts(f);

    facts_init(&facts, &f->arena);
    if (facts_read(&facts, json, error) < 0)
        fail_msg("%s", error);
    for (int i = 0; i < FACT_COUNT; i++)
        assert_false(facts_info[i].always && !facts_known(&facts, i));
    facts_write(&facts, &again);
    assert_string_equal(again.data, f->answer.facts_json.data);
    json_decref(json);
    buf_free(&again);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_delete)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_overdue),
        TEST(test_grace_both_sides),
        TEST(test_promise_both_sides),
        TEST(test_untracked),
        TEST(test_stalled_both_sides),
        TEST(test_never_scanned_both_sides),
        TEST(test_stopped_states),
        TEST(test_on_time),
        TEST(test_trigger),
        TEST(test_mismatch),
        TEST(test_mismatch_by_parcel),
        TEST(test_identity),
        TEST(test_unsure_mismatch),
        TEST(test_number_in_text),
        TEST(test_number_missing),
        TEST(test_unclear),
        TEST(test_parcels),
        TEST(test_marketplace),
        TEST(test_late_and_upset),
        TEST(test_priority),
        TEST(test_repeated),
        TEST(test_missing),
        TEST(test_values_make_no_structure),
        TEST(test_other_language),
        TEST(test_protection_end),
        TEST(test_answer_write),
        TEST(test_same_bytes),
        TEST(test_facts_replay),
    };
    int failed;

    playbook = fixture_playbook();
    context = compose_context_new();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    compose_context_free(context);
    playbook_free(playbook);
    return failed;
}
