/* Facts: from rows to the document, and the document as JSON. */
#include "fixture.h"

static struct playbook *playbook;
static struct compose_context *context;

static int setup(void **state)
{
    return fixture_new(state, playbook, context);
}

static void build(struct fixture *f, struct facts *facts)
{
    arena_reset(&f->arena);
    facts_init(facts, &f->arena);
    facts_build(facts, &f->shop, &f->request, f->trigger ? NULL : &f->said, &f->rows);
}

static const char *state_of(struct fixture *f)
{
    static struct facts facts;
    const char *text;

    build(f, &facts);
    text = facts_text(&facts, FACT_SHIPMENT_STATE);
    return text ? text : "(null)";
}

static void scans_begin(struct fixture *f)
{
    f->parcels[0].event_count = 0;
}

static void scan(struct fixture *f, const char *when, int state)
{
    fixture_event(f, 0, when, state, NULL, NULL);
}

static void test_find(void **state)
{
    (void)state;
    assert_int_equal(facts_find("order.total.x", 11), FACT_ORDER_TOTAL);
    assert_int_equal(facts_find("order.tota", 10), -1);
    assert_int_equal(facts_find("", 0), -1);
    for (int i = 0; i < FACT_COUNT; i++)
        assert_int_equal(facts_find(facts_info[i].path, strlen(facts_info[i].path)), i);
}

static void test_states(void **state)
{
    struct fixture *f = *state;
    struct facts facts;

    scans_begin(f);
    assert_string_equal(state_of(f), "(null)");
    scan(f, "2026-02-10T10:00:00Z", SHIPMENT_STATE_UNKNOWN);
    assert_string_equal(state_of(f), "unknown");
    build(f, &facts);
    assert_false(facts_known(&facts, FACT_SHIPMENT_MOVING)); /* no guess */

    scans_begin(f);
    scan(f, "2026-02-10T10:00:00Z", SHIPMENT_STATE_DEPARTED);
    scan(f, "2026-02-11T10:00:00Z", SHIPMENT_STATE_UNKNOWN);
    assert_string_equal(state_of(f), "departed");

    scans_begin(f); /* same minute: the end counts */
    scan(f, "2026-02-10T10:00:00Z", SHIPMENT_STATE_DELIVERED);
    scan(f, "2026-02-10T10:00:00Z", SHIPMENT_STATE_OUT_FOR_DELIVERY);
    assert_string_equal(state_of(f), "delivered");

    scans_begin(f); /* a day without an hour is the whole day */
    scan(f, "2026-02-10T00:00:00Z", SHIPMENT_STATE_DELIVERED);
    scan(f, "2026-02-10T08:00:00Z", SHIPMENT_STATE_OUT_FOR_DELIVERY);
    assert_string_equal(state_of(f), "delivered");

    scans_begin(f); /* a late scan of the way there */
    scan(f, "2026-02-10T10:00:00Z", SHIPMENT_STATE_DELIVERED);
    scan(f, "2026-02-10T11:00:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION);
    assert_string_equal(state_of(f), "delivered");
    scan(f, "2026-02-12T11:00:00Z", SHIPMENT_STATE_RETURNING);
    assert_string_equal(state_of(f), "returning");
    scan(f, "2026-02-20T11:00:00Z", SHIPMENT_STATE_DELIVERED); /* to the sender */
    assert_string_equal(state_of(f), "returned");

    scans_begin(f); /* a label booked late */
    scan(f, "2026-02-10T10:00:00Z", SHIPMENT_STATE_DEPARTED);
    scan(f, "2026-02-11T10:00:00Z", SHIPMENT_STATE_LABEL_CREATED);
    assert_string_equal(state_of(f), "departed");

    scans_begin(f); /* lost and found */
    scan(f, "2026-02-10T10:00:00Z", SHIPMENT_STATE_LOST);
    scan(f, "2026-02-15T10:00:00Z", SHIPMENT_STATE_OUT_FOR_DELIVERY);
    assert_string_equal(state_of(f), "out_for_delivery");
}

static void test_since_and_export(void **state)
{
    struct fixture *f = *state;
    struct facts facts;

    scans_begin(f);
    scan(f, "2026-02-06T10:00:00Z", SHIPMENT_STATE_IN_TRANSIT_ORIGIN);
    scan(f, "2026-02-07T10:00:00Z", SHIPMENT_STATE_IN_TRANSIT_ORIGIN);
    build(f, &facts);
    assert_int_equal(facts_number(&facts, FACT_SHIPMENT_STATE_SINCE),
                     at("2026-02-06T10:00:00Z") / MOMENT_SECOND);
    assert_true(facts_known(&facts, FACT_SHIPMENT_EXPORTED));
    assert_false(facts_flag(&facts, FACT_SHIPMENT_EXPORTED));
    assert_int_equal(facts_number(&facts, FACT_SHIPMENT_SCAN_AGE_DAYS), 23);
    scan(f, "2026-02-08T10:00:00Z", SHIPMENT_STATE_OUT_FOR_DELIVERY);
    build(f, &facts);
    assert_false(facts_known(&facts, FACT_SHIPMENT_EXPORTED));
    scan(f, "2026-02-09T10:00:00Z", SHIPMENT_STATE_DEPARTED);
    build(f, &facts);
    assert_true(facts_flag(&facts, FACT_SHIPMENT_EXPORTED));
}

static void test_promise(void **state)
{
    struct fixture *f = *state;
    struct facts facts;

    f->request.as_of = at("2026-02-20T23:59:59Z");
    build(f, &facts);
    assert_false(facts_flag(&facts, FACT_SHIPMENT_PROMISE_PASSED));
    assert_int_equal(facts_number(&facts, FACT_SHIPMENT_OVERDUE_DAYS), 0);
    f->request.as_of = at("2026-02-21T00:00:00Z");
    build(f, &facts);
    assert_true(facts_flag(&facts, FACT_SHIPMENT_PROMISE_PASSED));
    assert_int_equal(facts_number(&facts, FACT_SHIPMENT_OVERDUE_DAYS), 1);
    assert_int_equal(facts_number(&facts, FACT_SHIPMENT_GRACE_ENDS_ON), day_from_civil(2026, 2, 27));
    f->parcels[0].promised_by = MOMENT_NONE;
    build(f, &facts);
    assert_false(facts_known(&facts, FACT_SHIPMENT_OVERDUE_DAYS));
    assert_false(facts_known(&facts, FACT_SHIPMENT_PROMISE_PASSED));
}

static void test_conflicts(void **state)
{
    struct fixture *f = *state;
    struct facts facts;

    build(f, &facts);
    assert_false(facts_flag(&facts, FACT_RECORD_CONFLICTING));
    scans_begin(f);
    scan(f, "2026-02-03T10:00:00Z", SHIPMENT_STATE_DELIVERED); /* before it was sent */
    build(f, &facts);
    assert_true(facts_flag(&facts, FACT_RECORD_CONFLICTING));
    assert_false(facts_known(&facts, FACT_SHIPMENT_DELIVERED_ON));
    assert_false(facts_known(&facts, FACT_SHIPMENT_SHIPPED_ON));
    f->parcels[0].shipped_at = at("2026-02-03T08:00:00Z");
    build(f, &facts);
    assert_false(facts_flag(&facts, FACT_RECORD_CONFLICTING));
    assert_true(facts_known(&facts, FACT_SHIPMENT_DELIVERED_ON));
    f->order.status = ORDER_STATUS_UNPAID;
    build(f, &facts);
    assert_true(facts_flag(&facts, FACT_RECORD_CONFLICTING));
    f->order.status = ORDER_STATUS_SHIPPED;
    f->parcels[0].promised_by = at("2026-01-20"); /* before the order */
    build(f, &facts);
    assert_true(facts_flag(&facts, FACT_RECORD_CONFLICTING));
    assert_false(facts_known(&facts, FACT_SHIPMENT_PROMISED_BY));
    f->parcels[0].promised_by = MOMENT_NONE;
    f->order.refund_amount = 4000; /* more than was paid */
    build(f, &facts);
    assert_true(facts_flag(&facts, FACT_RECORD_CONFLICTING));
    assert_false(facts_known(&facts, FACT_REFUND_AMOUNT));
}

static void test_not_shipped(void **state)
{
    struct fixture *f = *state;
    struct facts facts;

    f->order.status = ORDER_STATUS_PAID;
    f->order.ship_by = at("2026-02-28");
    f->order.shipment_count = 0;
    build(f, &facts);
    assert_true(facts_known(&facts, FACT_ORDER_SHIPPED));
    assert_false(facts_flag(&facts, FACT_ORDER_SHIPPED));
    assert_int_equal(facts_number(&facts, FACT_ORDER_DISPATCH_OVERDUE_DAYS), 2);
    f->order.shipment_count = 1;
    f->parcels[0].shipped_at = at("2026-03-05T00:00:00Z"); /* not yet */
    scans_begin(f);
    scan(f, "2026-03-01T10:00:00Z", SHIPMENT_STATE_LABEL_CREATED);
    build(f, &facts);
    assert_false(facts_flag(&facts, FACT_ORDER_SHIPPED));
    assert_false(facts_flag(&facts, FACT_SHIPMENT_MOVING));
    assert_false(facts_known(&facts, FACT_SHIPMENT_SHIPPED_ON));
    scan(f, "2026-03-01T12:00:00Z", SHIPMENT_STATE_IN_TRANSIT_ORIGIN);
    build(f, &facts);
    assert_true(facts_flag(&facts, FACT_ORDER_SHIPPED));
    assert_int_equal(facts_number(&facts, FACT_ORDER_DISPATCH_OVERDUE_DAYS), 0);
}

static void test_names(void **state)
{
    static const char *const names[][2] = {{"Nancy Drew", "Nancy"},
                                           {"nancy", "Nancy"},
                                           {"Mr. Drew", NULL},
                                           {"Dr Drew", NULL},
                                           {"Drew, Nancy", NULL},
                                           {"N. Drew", NULL},
                                           {"n@example.org", NULL},
                                           {"J\xc3\xb6rg Maier", "J\xc3\xb6rg"},
                                           {"X", NULL},
                                           {"7eleven Ltd", NULL},
                                           {"Anne-Marie Duval", "Anne-Marie"},
                                           {"MARIA", "Maria"},
                                           {"MARIA LOPEZ", "Maria"},
                                           {"J\xc3\x96RG-PETER O'BRIEN", "J\xc3\xb6rg-Peter"},
                                           {"LOPEZ Maria", NULL},
                                           {"ACME Ltd.", NULL},
                                           {"ACME GmbH", NULL},
                                           {"Acme Trading Co", NULL},
                                           {"Amazon Customer", NULL},
                                           {"The Gift Shop", NULL},
                                           {"Guest", NULL},
                                           {"van Dyck", NULL},
                                           {"Herrn Maier", NULL},
                                           {"\xe4\xbd\x90\xe8\x97\xa4", NULL},
                                           {"\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0 K", NULL},
                                           {"  Nancy  Drew", "Nancy"}};
    struct fixture *f = *state;
    struct facts facts;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *first;

        f->request.buyer.name = names[i][0];
        build(f, &facts);
        first = facts_text(&facts, FACT_BUYER_FIRST_NAME);
        assert_string_equal(first ? first : "(null)", names[i][1] ? names[i][1] : "(null)");
    }
}

static void test_tracking_page(void **state)
{
    static const char *const urls[][2] = {{"https://t.17track.net/en?nums=1", "17TRACK"},
                                          {"http://WWW.DHL.com:8080/x", "DHL"},
                                          {"https://dhl.com", "DHL"},
                                          {"https://notdhl.com", NULL},
                                          {"https://dhl.com.evil.example/", NULL},
                                          {"javascript:alert(1)", NULL},
                                          {"https://t.example/ x", NULL},
                                          {"https://user@dhl.com/", NULL},
                                          {"https:///x", NULL}};
    struct fixture *f = *state;
    struct facts facts;

    for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
        const char *page;

        f->parcels[0].tracking_url = urls[i][0];
        build(f, &facts);
        page = facts_text(&facts, FACT_SHIPMENT_TRACKING_PAGE);
        assert_string_equal(page ? page : "(null)", urls[i][1] ? urls[i][1] : "(null)");
    }
}

/* Free texts that hold an address or a phone: dropped where they are banned. */
static void test_screen(void **state)
{
    static const char *const banned[] = {
        "Lamp http://evil.example/x", "DHL www.dhl.com",       "t.17track.net", "Li +86 123 4567",
        "mail li@example.org",        "Tel. 0755/12 34 56 78", "shop.example"};
    static const char *const free[] = {"Blue Dress", "Dress No. 5, 2 x 3.5 m", "LX123456785CN",
                                       "St. Louis",  "case 2024-2025",         "Foo Co.,Ltd."};
    struct fixture *f = *state;
    struct facts facts;

    for (size_t i = 0; i < sizeof(banned) / sizeof(*banned); i++) {
        f->order.platform = PLATFORM_EBAY;
        f->items[0].name = f->parcels[0].carrier = f->request.agent.name = f->shop.name = banned[i];
        f->shop.policy.signature = banned[i];
        f->events[0][1].text = f->events[0][1].city = banned[i];
        build(f, &facts);
        assert_false(facts_known(&facts, FACT_ORDER_ITEM_NAME));
        assert_false(facts_known(&facts, FACT_SHIPMENT_CARRIER));
        assert_false(facts_known(&facts, FACT_AGENT_NAME));
        assert_false(facts_known(&facts, FACT_POLICY_SIGNATURE));
        assert_false(facts_known(&facts, FACT_SHIPMENT_LAST_EVENT_TEXT));
        assert_false(facts_known(&facts, FACT_SHIPMENT_LAST_EVENT_CITY));
        assert_string_equal(facts_text(&facts, FACT_SHOP_NAME), "demo");
        assert_int_equal(facts.slot[FACT_ORDER_ITEMS].items[0].members[FIELD_ORDER_ITEMS_NAME].value->type,
                         VALUE_NULL);
        assert_true(facts_flag(&facts, FACT_RECORD_WITHHELD));
        f->order.platform = PLATFORM_OWN_SHOP;
        build(f, &facts);
        assert_string_equal(facts_text(&facts, FACT_ORDER_ITEM_NAME), banned[i]);
        assert_false(facts_flag(&facts, FACT_RECORD_WITHHELD));
    }
    f->order.platform = PLATFORM_EBAY;
    f->parcels[0].carrier = f->request.agent.name = f->shop.name = NULL;
    f->shop.policy.signature = NULL;
    f->events[0][1].text = f->events[0][1].city = NULL;
    for (size_t i = 0; i < sizeof(free) / sizeof(*free); i++) {
        f->items[0].name = free[i];
        build(f, &facts);
        assert_string_equal(facts_text(&facts, FACT_ORDER_ITEM_NAME), free[i]);
        assert_false(facts_flag(&facts, FACT_RECORD_WITHHELD));
    }
}

static void test_money(void **state)
{
    struct fixture *f = *state;
    struct facts facts;
    json_t *fx = json_pack("{s:s}", "EUR", "1.08");

    f->order.currency = "EUR";
    build(f, &facts);
    assert_true(facts_known(&facts, FACT_ORDER_TOTAL));
    assert_false(facts_known(&facts, FACT_ORDER_TOTAL_IN_POLICY_CURRENCY)); /* no rate, no comparison */
    assert_int_equal(facts_number(&facts, FACT_POLICY_RESHIP_MAX), 3000);
    f->shop.policy.fx = fx;
    build(f, &facts);
    assert_int_equal(facts_number(&facts, FACT_ORDER_TOTAL_IN_POLICY_CURRENCY), 4309); /* 43.092 */
    f->order.currency = NULL;
    build(f, &facts);
    assert_false(facts_known(&facts, FACT_ORDER_TOTAL));
    assert_false(facts_known(&facts, FACT_COST_GOODS));
    f->shop.policy.currency = "JPY";
    build(f, &facts);
    assert_int_equal(facts_number(&facts, FACT_POLICY_RESHIP_MAX), 30);
    f->shop.policy.reship_max = (struct money){2000, "EUR"};
    build(f, &facts);
    assert_int_equal(facts_number(&facts, FACT_POLICY_RESHIP_MAX), 22); /* 20.00 EUR at 1.08 yen */
    f->shop.policy.fx = NULL;
    build(f, &facts);
    assert_int_equal(facts_number(&facts, FACT_POLICY_RESHIP_MAX), 0);
    json_decref(fx);
}

static void test_always(void **state)
{
    struct fixture *f = *state;
    struct facts facts;

    f->rows.order = NULL;
    f->request.order_number = NULL;
    f->trigger = true;
    f->request.trigger = TRIGGER_WIN_BACK;
    f->request.buyer.name = f->request.agent.name = NULL;
    build(f, &facts);
    for (int i = 0; i < FACT_COUNT; i++) {
        if (facts_info[i].always && !facts_known(&facts, i))
            fail_msg("%s is null", facts_info[i].path);
    }
    assert_string_equal(facts_text(&facts, FACT_ORDER_LOOKUP), "none");
}

static void test_read_faults(void **state)
{
    static const char *const bad[] = {
        "[]",
        "{\"a\": 1}",
        "{\"today\": 1}",
        "{\"today\": \"2026-13-01\"}",
        "{\"as_of\": \"now\"}",
        "{\"order.total\": {\"amount\": \"1.00\", \"currency\": \"USD\"}}",
        "{\"order.currency\": \"USD\", \"order.total\": {\"amount\": \"1.001\", \"currency\": \"USD\"}}",
        "{\"order.currency\": \"USD\", \"order.total\": {\"amount\": \"1.00\", \"currency\": \"EUR\"}}",
        "{\"shipment.state\": \"sunk\"}",
        "{\"shipment.overdue_days\": 1.5}",
        "{\"message.late\": 1}",
        "{\"order.number\": \"\"}",
        "{\"order.items\": {}}",
        "{\"order.items\": [1]}",
        "{\"order.items\": [{\"name\": \"x\"}]}",
        "{\"order.items\": [{\"quantity\": 1, \"nme\": \"x\"}]}"};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct facts facts;
        char error[200] = "";
        json_t *json = json_loads(bad[i], 0, NULL);

        facts_init(&facts, &f->arena);
        assert_non_null(json);
        if (facts_read(&facts, json, error) == 0)
            fail_msg("taken: %s", bad[i]);
        assert_true(error[0] != '\0');
        json_decref(json);
    }
}

static int64_t whole(const json_t *facts, const char *path)
{
    const json_t *value = json_object_get(facts, path);

    return json_is_boolean(value)   ? json_is_true(value)
           : json_is_integer(value) ? json_integer_value(value)
                                    : -1;
}

static const char *text_of(const json_t *facts, const char *path)
{
    const char *text = json_string_value(json_object_get(facts, path));

    return text ? text : "(null)";
}

static void run_at(struct fixture *f, const char *country, const char *delivered, const char *as_of,
                   json_t **ret_facts)
{
    f->order.address.country = f->order.customer.country = country;
    f->parcels[0].event_count = 2;
    if (delivered)
        fixture_event(f, 0, delivered, SHIPMENT_STATE_DELIVERED, NULL, NULL);
    f->request.as_of = f->request.message.received_at = at(as_of);
    *ret_facts = fixture_facts(f);
}

/* The longer of the policy's window and the law's, and the statutory guarantee, on both sides of their ends.
 */
static void test_windows(void **state)
{
    static const struct {
        int64_t days;
        const char *country, *delivered, *as_of, *ends;
        int64_t open, guarantee;
    } rows[] = {
        {30, "US", "2026-02-20T10:00:00Z", "2026-03-22T10:00:00Z", "2026-03-22", 1, -1},
        {30, "US", "2026-02-20T10:00:00Z", "2026-03-23T10:00:00Z", "2026-03-22", 0, -1},
        {7, "DE", "2026-02-20T10:00:00Z", "2026-03-06T10:00:00Z", "2026-03-06", 1, 1},
        {7, "DE", "2026-02-20T10:00:00Z", "2026-03-07T10:00:00Z", "2026-03-06", 0, 1},
        {30, "DE", NULL, "2026-03-02T10:00:00Z", "(null)", 1, 1},
        {30, "DE", "2026-02-20T10:00:00Z", "2028-02-20T10:00:00Z", "2026-03-22", 0, 1},
        {30, "DE", "2026-02-20T10:00:00Z", "2028-02-21T10:00:00Z", "2026-03-22", 0, 0},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        json_t *facts;

        f->shop.policy.return_window_days = rows[i].days;
        run_at(f, rows[i].country, rows[i].delivered, rows[i].as_of, &facts);
        assert_string_equal(text_of(facts, "window.ends_on"), rows[i].ends);
        assert_int_equal(whole(facts, "window.open"), rows[i].open);
        assert_int_equal(whole(facts, "law.guarantee"), rows[i].guarantee);
        json_decref(facts);
    }
    /* two years from a leap day end on the 28th */
    json_t *facts;
    f->order.placed_at = f->order.paid_at = f->parcels[0].shipped_at = at("2024-02-01T08:00:00Z");
    f->parcels[0].event_count = 0;
    fixture_event(f, 0, "2024-02-29T10:00:00Z", SHIPMENT_STATE_DELIVERED, NULL, NULL);
    f->request.as_of = at("2026-02-28T10:00:00Z");
    facts = fixture_facts(f);
    assert_string_equal(text_of(facts, "law.guarantee_ends_on"), "2026-02-28");
    json_decref(facts);
}

/* What the law knows of a country's customs, where the shop has no rule. */
static void test_customs_by_law(void **state)
{
    static const struct {
        const char *country, *as_of;
        int64_t known;
        const char *currency;
    } rows[] = {
        {"AQ", "2026-03-02T10:00:00Z", 0, "(null)"},
        {"GB", "2026-03-02T10:00:00Z", 1, "GBP"},
        {"DE", "2026-03-02T10:00:00Z", 1, "EUR"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        json_t *facts;

        run_at(f, rows[i].country, NULL, rows[i].as_of, &facts);
        assert_int_equal(whole(facts, "duty.known"), rows[i].known);
        assert_string_equal(text_of(facts, "duty.currency"), rows[i].currency);
        assert_int_equal(whole(facts, "duty.estimate"), -1);
        json_decref(facts);
    }
}

static void test_price_drop(void **state)
{
    static const struct {
        int64_t days;
        const char *ends;
        int64_t allowed;
    } rows[] = {{0, "(null)", 0}, {27, "2026-03-01", 0}, {28, "2026-03-02", 1}};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        json_t *facts;

        f->shop.policy.price_adjustment_days = rows[i].days;
        facts = fixture_facts(f);
        assert_string_equal(text_of(facts, "price_drop.ends_on"), rows[i].ends);
        assert_int_equal(whole(facts, "price_drop.allowed"), rows[i].allowed);
        json_decref(facts);
    }
}

/* Amounts of options are the order's, or without one the shop's. */
static void test_reply_currency(void **state)
{
    struct fixture *f = *state;
    struct facts facts;

    f->order.currency = "EUR";
    build(f, &facts);
    assert_string_equal(facts_text(&facts, FACT_REPLY_CURRENCY), "EUR");
    f->order.currency = "???";
    build(f, &facts);
    assert_string_equal(facts_text(&facts, FACT_REPLY_CURRENCY), "USD");
    f->rows.order = NULL;
    build(f, &facts);
    assert_string_equal(facts_text(&facts, FACT_REPLY_CURRENCY), "USD");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_delete)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_find),           TEST(test_states),         TEST(test_since_and_export),
        TEST(test_promise),        TEST(test_conflicts),      TEST(test_not_shipped),
        TEST(test_names),          TEST(test_tracking_page),  TEST(test_screen),
        TEST(test_money),          TEST(test_always),         TEST(test_read_faults),
        TEST(test_windows),        TEST(test_customs_by_law), TEST(test_price_drop),
        TEST(test_reply_currency),
    };
    int failed;

    playbook = fixture_playbook();
    context = compose_context_new();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    compose_context_free(context);
    playbook_free(playbook);
    return failed;
}
