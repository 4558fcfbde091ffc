/* The facts of parcels, clocks, calendar and law, at both sides of every boundary; and records that
 * contradict each other. */
#include "fixture.h"

static struct playbook *playbook;
static struct compose_context *context;

static int setup(void **state)
{
    return fixture_new(state, playbook, context);
}

/* The fact as it is shown: "true", "2026-03-05", "39.90", "delivered" or "null". */
static const char *fact(struct fixture *f, const char *path)
{
    static char text[200];
    json_t *facts = fixture_facts(f);
    const json_t *value = json_object_get(facts, path), *amount = json_object_get(value, "amount");

    if (amount)
        value = amount;
    if (!value || json_is_null(value))
        strcpy(text, "null");
    else if (json_is_boolean(value))
        strcpy(text, json_is_true(value) ? "true" : "false");
    else if (json_is_number(value))
        snprintf(text, sizeof(text), "%g", json_number_value(value));
    else
        snprintf(text, sizeof(text), "%s", json_string_value(value));
    json_decref(facts);
    return text;
}

#define assert_fact(f, path, expected)                                                                       \
    do {                                                                                                     \
        const char *shown = fact(f, path);                                                                   \
        if (strcmp(shown, expected) != 0)                                                                    \
            fail_msg("%s is %s, not %s", path, shown, expected);                                             \
    } while (0)

static void scans_begin(struct fixture *f)
{
    f->parcels[0].event_count = 0;
}

static void scan(struct fixture *f, const char *when, int state)
{
    fixture_event(f, 0, when, state, NULL, NULL);
}

static void scan_in(struct fixture *f, const char *when, int state, const char *country)
{
    fixture_event(f, 0, when, state, NULL, country);
}

/* ---- clocks ---- */

static void test_reply_days(void **state)
{
    static const struct {
        int hours;
        const char *by;
    } documents[] = {{0, "2026-03-03"},  {1, "2026-03-03"},  {24, "2026-03-03"},
                     {25, "2026-03-04"}, {48, "2026-03-04"}, {49, "2026-03-05"}};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(documents) / sizeof(*documents); i++) {
        f->shop.policy.document_hours = documents[i].hours;
        assert_fact(f, "reply.document_by", documents[i].by);
    }
    assert_fact(f, "reply.investigate_by", "2026-03-05");
    f->order.protection_ends_on = at("2026-03-05");
    assert_fact(f, "reply.investigate_by", "2026-03-05");
    f->order.protection_ends_on = at("2026-03-04");
    assert_fact(f, "reply.investigate_by", "2026-03-04");
    f->order.protection_ends_on = at("2026-03-02"); /* today is still within */
    assert_fact(f, "reply.investigate_by", "2026-03-02");
    f->order.protection_ends_on = at("2026-03-01"); /* over: it binds nothing any more */
    assert_fact(f, "reply.investigate_by", "2026-03-05");
    f->order.dispute_kind = DISPUTE_KIND_PLATFORM_CASE;
    f->order.dispute_respond_by = at("2026-03-03T12:00:00Z");
    assert_fact(f, "reply.investigate_by", "2026-03-03");
    f->order.dispute_respond_by = at("2026-03-02T09:59:59Z");
    assert_fact(f, "reply.investigate_by", "2026-03-05");
}

static const char *valid_until(struct fixture *f)
{
    fixture_run(f);
    return fixture_text(f, "valid_until");
}

/* The shipped playbook, whose last rule reads nothing that changes daily. */
static struct playbook *playbook_without_days(void)
{
    static const char rule[] =
        "{\"row\": \"A38\", \"stage\": \"after_sale\", \"party\": \"unknown\", \"intents\": \"any\","
        " \"triggers\": \"any\", \"unsure\": true, \"action\": \"handover\", \"reason\": \"None fits.\"}";
    static const char draft[] = "Subject: Hello\n\nWe have received your message.\n";
    static struct playbook_file files[1000];
    struct playbook *changed = NULL;
    struct buf faults = {0};
    size_t count = 0;

    for (; playbook_embedded[count].path; count++) {
        assert_true(count + 1 < sizeof(files) / sizeof(*files));
        files[count] = playbook_embedded[count];
        if (strcmp(files[count].path, "issues/unclear/rule.json") == 0)
            files[count] = (struct playbook_file){files[count].path, rule, strlen(rule)};
        if (strcmp(files[count].path, "issues/unclear/en.mustache") == 0)
            files[count] = (struct playbook_file){files[count].path, draft, strlen(draft)};
    }
    files[count] = (struct playbook_file){NULL, NULL, 0};
    if (playbook_load(files, &faults, &changed) < 0)
        fail_msg("%s", buf_text(&faults));
    buf_free(&faults);
    return changed;
}

/* The issue reads none of these days; the answer may turn with them all the same. */
static void test_valid_until(void **state)
{
    struct fixture *f = *state;
    struct playbook *without_days = playbook_without_days();
    moment_t *days[] = {&f->order.protection_ends_on, &f->parcels[0].claim_by, &f->parcels[0].pickup_by,
                        &f->parcels[0].customs_act_by, &f->order.new_ship_by};

    f->playbook = without_days;
    f->trigger = true;
    f->request.has_message = false;
    f->request.trigger = TRIGGER_WIN_BACK;
    f->parcels[0].promised_by = f->parcels[0].claim_by = MOMENT_NONE;
    assert_string_equal(valid_until(f), "2026-03-03T10:00:00Z");
    for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++) {
        *days[i] = at("2026-03-02");
        assert_string_equal(valid_until(f), "2026-03-03T00:00:00Z");
        *days[i] = at("2026-03-03");
        assert_string_equal(valid_until(f), "2026-03-03T10:00:00Z");
        *days[i] = at("2026-03-01"); /* can't turn again */
        assert_string_equal(valid_until(f), "2026-03-03T10:00:00Z");
        *days[i] = MOMENT_NONE;
    }
    f->parcels[0].promised_by = at("2026-03-02");
    assert_string_equal(valid_until(f), "2026-03-03T00:00:00Z");
    f->parcels[0].promised_by = at("2026-02-23"); /* grace ends today */
    assert_string_equal(valid_until(f), "2026-03-03T00:00:00Z");
    f->parcels[0].promised_by = at("2026-02-22");
    assert_string_equal(valid_until(f), "2026-03-03T10:00:00Z");
    f->order.dispute_respond_by = at("2026-03-02T15:30:00Z");
    assert_string_equal(valid_until(f), "2026-03-02T15:30:00Z");
    f->order.dispute_respond_by = at("2026-03-02T10:00:00Z");
    assert_string_equal(valid_until(f), "2026-03-03T10:00:00Z");
    playbook_free(without_days);
}

static void test_dispatch(void **state)
{
    struct fixture *f = *state;

    f->order.status = ORDER_STATUS_PAID;
    f->order.shipment_count = 0;
    f->order.placed_at = f->order.paid_at = at("2026-02-26T08:00:00Z");
    f->shop.policy.handling_days = 4;
    assert_fact(f, "order.dispatch_by", "2026-03-02"); /* paid and four days */
    assert_fact(f, "order.dispatch_late", "false");
    f->shop.policy.handling_days = 3;
    assert_fact(f, "order.dispatch_late", "true");
    f->order.ship_by = at("2026-03-02");
    assert_fact(f, "order.dispatch_by", "2026-03-02");
    assert_fact(f, "order.dispatch_late", "false");
    f->order.ship_by = at("2026-03-01");
    assert_fact(f, "order.dispatch_late", "true");
    assert_fact(f, "order.dispatch_new_by", "null");
    f->order.new_ship_by = at("2026-03-02");
    assert_fact(f, "order.dispatch_new_by", "2026-03-02");
    f->order.new_ship_by = at("2026-03-01");
    assert_fact(f, "order.dispatch_new_by", "null");
    f->order.status = ORDER_STATUS_SHIPPED;
    assert_fact(f, "order.dispatch_late", "false");
    f->order.status = -1; /* nothing is known */
    assert_fact(f, "order.dispatch_late", "null");
    f->order.status = ORDER_STATUS_PAID;
    f->order.ship_by = f->order.paid_at = MOMENT_NONE;
    assert_fact(f, "order.dispatch_by", "null");
    assert_fact(f, "order.dispatch_late", "null");
}

static void test_parcel_clocks(void **state)
{
    struct fixture *f = *state;

    f->parcels[0].claim_by = at("2026-03-02");
    assert_fact(f, "shipment.claim_open", "true");
    f->parcels[0].claim_by = at("2026-03-01");
    assert_fact(f, "shipment.claim_open", "false");
    f->parcels[0].claim_by = MOMENT_NONE;
    assert_fact(f, "shipment.claim_open", "null");
    assert_fact(f, "shipment.pickup_left_days", "null");
    f->parcels[0].pickup_by = at("2026-03-05");
    assert_fact(f, "shipment.pickup_left_days", "3");
    f->parcels[0].pickup_by = at("2026-03-02");
    assert_fact(f, "shipment.pickup_left_days", "0");
    f->parcels[0].pickup_by = at("2026-02-27");
    assert_fact(f, "shipment.pickup_left_days", "0");
}

static void test_never_scanned(void **state)
{
    struct fixture *f = *state;

    scans_begin(f);
    f->parcels[0].shipped_at = at("2026-02-27T23:00:00Z");
    assert_fact(f, "shipment.never_scanned", "true");
    assert_fact(f, "shipment.stalled", "true");
    f->parcels[0].shipped_at = at("2026-02-28T00:00:00Z");
    assert_fact(f, "shipment.never_scanned", "false");
    f->parcels[0].shipped_at = at("2026-02-20T00:00:00Z");
    scan(f, "2026-02-21T10:00:00Z", SHIPMENT_STATE_LABEL_CREATED); /* says that the carrier was told */
    assert_fact(f, "shipment.never_scanned", "true");
    scan(f, "2026-02-22T10:00:00Z", SHIPMENT_STATE_UNKNOWN); /* he has it, whatever that says */
    assert_fact(f, "shipment.never_scanned", "false");
    scans_begin(f);
    f->parcels[0].tracked = TRI_FALSE;
    assert_fact(f, "shipment.never_scanned", "false");
    f->parcels[0].tracked = TRI_TRUE;
    f->parcels[0].shipped_at = MOMENT_NONE;
    assert_fact(f, "shipment.never_scanned", "null");
}

/* ---- money ---- */

static void test_costs(void **state)
{
    struct fixture *f = *state;

    assert_fact(f, "cost.return", "null");
    assert_fact(f, "cost.return_and_refund", "null"); /* not the total alone */
    assert_fact(f, "cost.outbound", "5.00");
    assert_fact(f, "cost.partial_refund", "7.98");
    f->parcels[0].free_return = TRI_TRUE;
    assert_fact(f, "cost.return", "0.00");
    assert_fact(f, "cost.return_and_refund", "39.90");
    f->parcels[0].free_return = TRI_FALSE;
    assert_fact(f, "cost.return", "null");
    f->parcels[0].return_cost = (struct money){850, "USD"};
    assert_fact(f, "cost.return", "8.50");
    assert_fact(f, "cost.return_and_refund", "48.40");
    f->order.total = 3000;
    assert_fact(f, "order.within_reship_max", "true");
    f->order.total = 3001;
    assert_fact(f, "order.within_reship_max", "false");
    f->order.currency = "EUR";
    assert_fact(f, "order.within_reship_max", "null");
}

/* ---- calendar ---- */

static void holiday(struct fixture *f, const char *from, const char *to, const char *countries)
{
    static struct holiday holidays[2];
    static const char *listed[2];

    listed[0] = countries;
    holidays[0] = (struct holiday){.name = "Spring Festival",
                                   .kind = HOLIDAY_KIND_SUSPENSION,
                                   .from = day_start(moment_day(at(from))),
                                   .to = at(to),
                                   .countries = {listed, countries ? 1 : 0}};
    f->shop.holidays = holidays;
    f->shop.holiday_count = 1;
}

static void test_calendar(void **state)
{
    struct fixture *f = *state;

    assert_fact(f, "calendar.overlap", "false");
    f->shop.policy.country = "CN";
    holiday(f, "2026-02-01", "2026-02-03", NULL); /* it left on the 4th */
    assert_fact(f, "calendar.overlap", "false");
    assert_fact(f, "calendar.name", "null");
    holiday(f, "2026-02-01", "2026-02-04", NULL);
    assert_fact(f, "calendar.overlap", "true");
    assert_fact(f, "calendar.name", "Spring Festival");
    assert_fact(f, "calendar.kind", "suspension");
    assert_fact(f, "calendar.from", "2026-02-01");
    assert_fact(f, "calendar.to", "2026-02-04");
    holiday(f, "2026-03-02", "2026-03-20", NULL);
    assert_fact(f, "calendar.overlap", "true");
    holiday(f, "2026-03-03", "2026-03-20", NULL); /* has not begun */
    assert_fact(f, "calendar.overlap", "false");
    holiday(f, "2026-02-01", "2026-02-04", "CN");
    assert_fact(f, "calendar.overlap", "true");
    holiday(f, "2026-02-01", "2026-02-04", "US"); /* where it goes */
    assert_fact(f, "calendar.overlap", "true");
    holiday(f, "2026-02-01", "2026-02-04", "DE");
    assert_fact(f, "calendar.overlap", "false");
    holiday(f, "2026-02-12", "2026-02-20", "CN");
    scan(f, "2026-02-11T10:00:00Z", SHIPMENT_STATE_DELIVERED);
    assert_fact(f, "calendar.overlap", "false");
    holiday(f, "2026-02-11", "2026-02-20", "CN");
    assert_fact(f, "calendar.overlap", "true");
    f->parcels[0].shipped_at = MOMENT_NONE;
    assert_fact(f, "calendar.overlap", "null");
}

static void test_calendar_before_dispatch(void **state)
{
    struct fixture *f = *state;

    f->order.status = ORDER_STATUS_PAID;
    f->order.shipment_count = 0;
    f->order.placed_at = f->order.paid_at = at("2026-03-01T08:00:00Z");
    f->order.ship_by = at("2026-03-06");
    holiday(f, "2026-03-06", "2026-03-09", NULL);
    assert_fact(f, "calendar.overlap", "true");
    holiday(f, "2026-03-07", "2026-03-09", NULL);
    assert_fact(f, "calendar.overlap", "false");
    f->order.ship_by = MOMENT_NONE; /* three days of handling: until the 4th */
    holiday(f, "2026-03-04", "2026-03-09", NULL);
    assert_fact(f, "calendar.overlap", "true");
    holiday(f, "2026-03-05", "2026-03-09", NULL);
    assert_fact(f, "calendar.overlap", "false");
    const struct shipping_method slow = {.code = "slow", .handling_days = 4};
    f->shop.methods = &slow;
    f->shop.method_count = 1;
    assert_fact(f, "calendar.overlap", "false"); /* not this order's */
    f->order.shipping_method = "slow";
    assert_fact(f, "calendar.overlap", "true");
    f->order.status = -1;
    assert_fact(f, "calendar.overlap", "null");
}

static void test_methods_read(void **state)
{
    struct fixture *f = *state;
    struct faults faults;
    const struct shipping_method *methods;
    int count;
    json_t *list =
        json_loads("[[\"a\",{\"carrier\":\"DHL\",\"name\":\"Fast\",\"kind\":\"express\",\"tracked\":true,"
                   "\"countries\":[\"US\",\"DE\"],\"min_days\":2,\"max_days\":5,\"handling_days\":0,"
                   "\"price\":{\"amount\":\"19.00\",\"currency\":\"USD\"},"
                   "\"per_kg\":{\"amount\":\"4\",\"currency\":\"EUR\"},"
                   "\"free_over\":{\"amount\":\"900\",\"currency\":\"JPY\"}}],"
                   "[\"b\",{\"countries\":null}],[\"c\",{\"min_days\":-1}],[\"d\",{\"countries\":[]}]]",
                   0, NULL);

    faults_init(&faults, &f->arena);
    assert_int_equal(methods_read(list, &faults, &methods, &count), 1);
    json_decref(list);
    assert_string_equal(faults.first->pointer, "/2/1/min_days");
    assert_int_equal(count, 3);
    assert_string_equal(methods[0].code, "a");
    assert_string_equal(methods[0].carrier, "DHL");
    assert_string_equal(methods[0].name, "Fast");
    assert_int_equal(methods[0].kind, CARRIER_KIND_EXPRESS);
    assert_true(methods[0].tracked);
    assert_int_equal(methods[0].countries.count, 2);
    assert_string_equal(((const char *const *)methods[0].countries.items)[1], "DE");
    assert_int_equal(methods[0].min_days, 2);
    assert_int_equal(methods[0].max_days, 5);
    assert_int_equal(methods[0].handling_days, 0);
    assert_int_equal(methods[0].price.minor, 1900);
    assert_string_equal(methods[0].per_kg.currency, "EUR");
    assert_int_equal(methods[0].free_over.minor, 900);
    assert_string_equal(methods[1].code, "b");
    assert_null(methods[1].name);
    assert_null(methods[1].countries.items); /* everywhere */
    assert_int_equal(methods[1].kind, -1);
    assert_int_equal(methods[1].min_days, -1);
    assert_int_equal(methods[1].max_days, -1);
    assert_int_equal(methods[1].handling_days, -1);
    assert_string_equal(methods[1].price.currency, "");
    assert_string_equal(methods[2].code, "d");
    assert_non_null(methods[2].countries.items); /* nowhere */
    assert_int_equal(methods[2].countries.count, 0);
}

static void test_money_of_another_currency(void **state)
{
    struct fixture *f = *state;
    json_t *fx = json_pack("{s:s,s:s}", "CHF", "1.10", "CNY", "0.141");

    f->parcels[0].return_cost = (struct money){2500, "CHF"};
    f->parcels[0].customs_duty = (struct money){1000, "JPY"};
    f->items[0].unit_cost = (struct money){850, "CNY"};
    f->items[0].quantity = 10;
    assert_fact(f, "shipment.return_cost", "25.00");
    assert_fact(f, "shipment.return_cost_currency", "CHF");
    assert_fact(f, "shipment.return_cost_in_order_currency", "null");
    assert_fact(f, "cost.return", "null");
    assert_fact(f, "cost.goods", "null");
    f->parcels[0].free_return = TRI_TRUE; /* an amount is on record */
    assert_fact(f, "cost.return", "null");
    f->shop.policy.fx = fx;
    assert_fact(f, "shipment.return_cost", "25.00");
    assert_fact(f, "cost.return", "27.50");
    assert_fact(f, "cost.goods", "11.99"); /* 11.985, the line rounded once */
    f->items[0].quantity = MONEY_MINOR_MAX / 850;
    assert_fact(f, "cost.goods", "1409999999.72"); /* of CNY 9999999998.00 */
    f->items[0].quantity++;
    assert_fact(f, "cost.goods", "null");
    assert_fact(f, "shipment.customs.duty", "1000");
    assert_fact(f, "shipment.customs.duty_in_order_currency", "null");
    assert_fact(f, "shipment.customs.our_share", "null");
    f->parcels[0].customs_duty = (struct money){2501, "CHF"};
    assert_fact(f, "shipment.customs.our_share", "13.76"); /* of 27.51 */
    assert_fact(f, "shipment.customs.buyer_share", "12.50");
    f->order.currency = "CHF"; /* from the policy's into the order's */
    f->parcels[0].customs_duty = (struct money){1101, "USD"};
    assert_fact(f, "shipment.customs.duty_in_order_currency", "10.01");
    assert_fact(f, "cost.return", "25.00");
    f->order.currency = NULL;
    assert_fact(f, "shipment.customs.duty", "11.01");
    assert_fact(f, "shipment.customs.duty_in_order_currency", "null");
    f->shop.policy.fx = NULL;
    json_decref(fx);
}

static void test_calendar_read(void **state)
{
    struct fixture *f = *state;
    json_t *list = json_loads(
        "[{\"name\": \"A\", \"kind\": \"peak\", \"from\": \"2026-02-10\", \"to\": \"2026-02-12\"},"
        " {\"name\": \"B\", \"from\": \"2026-02-01\", \"to\": \"2026-02-28\", \"countries\": null},"
        " {\"name\": \"no days\"}, {\"name\": 7, \"from\": \"2026-02-10\", \"to\": \"2026-03-12\"}]",
        0, NULL);
    struct arena arena = {0};
    struct faults faults;

    faults_init(&faults, &arena);
    assert_int_equal(calendar_read(list, &faults, &f->shop.holidays, &f->shop.holiday_count), 1);
    assert_string_equal(faults.first->pointer, "/3/name");
    assert_int_equal(f->shop.holiday_count, 2);
    assert_fact(f, "calendar.name", "B"); /* ends last */
    assert_fact(f, "calendar.kind", "null");
    f->shop.holiday_count = 1;
    assert_fact(f, "calendar.kind", "peak");
    f->order.platform = PLATFORM_EBAY;
    assert_fact(f, "calendar.name", "A");
    json_decref(list);
    arena_free(&arena);
}

/* ---- states ---- */

static void test_delivered_to_the_sender(void **state)
{
    struct fixture *f = *state;

    scan_in(f, "2026-02-20T10:00:00Z", SHIPMENT_STATE_DELIVERED, "CN"); /* Shenzhen was its first scan */
    assert_fact(f, "shipment.state", "returned");
    assert_fact(f, "shipment.delivered_on", "null");
    assert_fact(f, "record.conflicting", "false");
    f->order.address.country = NULL;
    f->order.customer.country = NULL;
    assert_fact(f, "shipment.state", "returned"); /* it was abroad */
    f->order.address.country = "CN";              /* a parcel within the country */
    assert_fact(f, "shipment.state", "delivered");

    f->order.address.country = "US";
    scans_begin(f); /* the shop's country, where no scan says whence it came */
    f->shop.policy.country = "CN";
    scan_in(f, "2026-02-20T10:00:00Z", SHIPMENT_STATE_DELIVERED, "CN");
    assert_fact(f, "shipment.state", "returned");
    scans_begin(f);
    scan_in(f, "2026-02-20T10:00:00Z", SHIPMENT_STATE_DELIVERED, "US");
    assert_fact(f, "shipment.state", "delivered");
    scans_begin(f);
    scan_in(f, "2026-02-20T10:00:00Z", SHIPMENT_STATE_DELIVERED, NULL);
    assert_fact(f, "shipment.state", "delivered");

    scans_begin(f); /* refused, and delivered on its way back */
    scan_in(f, "2026-02-18T10:00:00Z", SHIPMENT_STATE_RETURNING, "US");
    scan_in(f, "2026-02-20T10:00:00Z", SHIPMENT_STATE_DELIVERED, NULL);
    assert_fact(f, "shipment.state", "returned");

    scans_begin(f); /* "delivered" to the airline: it went on */
    scan_in(f, "2026-02-05T10:00:00Z", SHIPMENT_STATE_IN_TRANSIT_ORIGIN, "CN");
    scan_in(f, "2026-02-06T10:00:00Z", SHIPMENT_STATE_DELIVERED, "CN");
    scan_in(f, "2026-02-08T10:00:00Z", SHIPMENT_STATE_DEPARTED, "CN");
    assert_fact(f, "shipment.state", "departed");
    scan_in(f, "2026-02-18T10:00:00Z", SHIPMENT_STATE_DELIVERED, "US");
    assert_fact(f, "shipment.state", "delivered");
    assert_fact(f, "shipment.delivered_on", "2026-02-18");
    assert_fact(f, "record.conflicting", "false");
}

/* Two ends of one parcel, as two carriers tell them. */
static void test_two_ends(void **state)
{
    static const struct {
        int first, then;
        const char *state; /* "null": they contradict each other */
    } ends[] = {
        {SHIPMENT_STATE_DELIVERED, SHIPMENT_STATE_DELIVERED, "delivered"},
        {SHIPMENT_STATE_DELIVERED, SHIPMENT_STATE_LOST, "null"},
        {SHIPMENT_STATE_DELIVERED, SHIPMENT_STATE_RETURNED, "null"},
        {SHIPMENT_STATE_DELIVERED, SHIPMENT_STATE_SEIZED, "null"},
        {SHIPMENT_STATE_LOST, SHIPMENT_STATE_DELIVERED, "delivered"},
        {SHIPMENT_STATE_LOST, SHIPMENT_STATE_RETURNED, "returned"},
        {SHIPMENT_STATE_RETURNED, SHIPMENT_STATE_DELIVERED, "returned"},
        {SHIPMENT_STATE_RETURNED, SHIPMENT_STATE_LOST, "null"},
        {SHIPMENT_STATE_SEIZED, SHIPMENT_STATE_RETURNED, "returned"},
        {SHIPMENT_STATE_SEIZED, SHIPMENT_STATE_DELIVERED, "null"},
    };
    static const char *const seconds[] = {"2026-02-20T10:00:00Z", "2026-02-20T10:00:01Z",
                                          "2026-02-24T10:00:00Z"};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        for (size_t k = 0; k < sizeof(seconds) / sizeof(*seconds); k++) {
            bool conflict = strcmp(ends[i].state, "null") == 0;

            scans_begin(f);
            scan(f, "2026-02-20T10:00:00Z", ends[i].first);
            scan(f, seconds[k], ends[i].then);
            assert_fact(f, "shipment.state", ends[i].state);
            assert_fact(f, "record.conflicting", conflict ? "true" : "false");
            if (conflict) {
                assert_fact(f, "shipment.moving", "null");
                assert_fact(f, "shipment.delivered_on", "null");
                assert_fact(f, "shipment.shipped_on", "2026-02-04"); /* not in doubt */
                assert_true(fixture_lists(f, "review_reasons", "conflicting_facts"));
                assert_fact(f, "order.refundable", "false");
            }
        }
    }
    scans_begin(f); /* said, taken back, and said again */
    scan(f, "2026-02-20T10:00:00Z", SHIPMENT_STATE_DELIVERED);
    scan(f, "2026-02-21T10:00:00Z", SHIPMENT_STATE_LOST);
    scan(f, "2026-02-22T10:00:00Z", SHIPMENT_STATE_DELIVERED);
    assert_fact(f, "record.conflicting", "true");
    scan(f, "2026-02-23T10:00:00Z", SHIPMENT_STATE_OUT_FOR_DELIVERY); /* it is on its way after all */
    assert_fact(f, "record.conflicting", "false");
    assert_fact(f, "shipment.state", "out_for_delivery");

    scans_begin(f); /* a day alone and an hour of it */
    scan(f, "2026-02-20T00:00:00Z", SHIPMENT_STATE_DELIVERED);
    scan(f, "2026-02-20T09:00:00Z", SHIPMENT_STATE_RETURNED);
    assert_fact(f, "record.conflicting", "true");
}

static void test_disorder(void **state)
{
    struct fixture *f = *state;

    scans_begin(f); /* what came in late of the way there */
    scan(f, "2026-02-20T10:00:00Z", SHIPMENT_STATE_DELIVERED);
    scan(f, "2026-02-21T10:00:00Z", SHIPMENT_STATE_IMPORT_CUSTOMS);
    scan(f, "2026-02-21T11:00:00Z", SHIPMENT_STATE_LABEL_CREATED);
    assert_fact(f, "shipment.state", "delivered");
    assert_fact(f, "record.conflicting", "false");
    assert_fact(f, "shipment.customs.held", "false");
    scan(f, "2026-02-22T10:00:00Z", SHIPMENT_STATE_UNKNOWN);
    assert_fact(f, "shipment.state", "delivered");
    assert_fact(f, "shipment.unread", "true");
}

/* The text of no draft may tell what two records say differently. */
static void assert_not_told(struct fixture *f, const char *words)
{
    fixture_run(f);
    if (strstr(fixture_text(f, "draft.text"), words))
        fail_msg("\"%s\" is told:\n%s", words, fixture_text(f, "draft.text"));
}

static void test_days_that_contradict(void **state)
{
    struct fixture *f = *state;

    scans_begin(f);
    scan(f, "2026-02-03T10:00:00Z", SHIPMENT_STATE_DELIVERED); /* it left on the 4th */
    assert_fact(f, "record.conflicting", "true");
    assert_fact(f, "shipment.state", "null");
    assert_fact(f, "shipment.moving", "null");
    assert_fact(f, "shipment.shipped_on", "null");
    assert_not_told(f, "delivered");
    scans_begin(f);
    scan(f, "2026-02-04T07:00:00Z", SHIPMENT_STATE_DELIVERED); /* on the same day: clocks differ */
    assert_fact(f, "shipment.state", "delivered");
    f->parcels[0].shipped_at = MOMENT_NONE;
    scans_begin(f);
    scan(f, "2026-02-02T01:00:00Z", SHIPMENT_STATE_DELIVERED);
    assert_fact(f, "record.conflicting", "false");
    scans_begin(f);
    scan(f, "2026-02-01T23:59:59Z",
         SHIPMENT_STATE_DELIVERED); /* before it was ordered: another parcel's number? */
    assert_fact(f, "record.conflicting", "true");
    assert_fact(f, "shipment.state", "null");
    scans_begin(f);
    f->parcels[0].shipped_at = at("2026-02-01T23:59:59Z");
    assert_fact(f, "record.conflicting", "true");
    assert_fact(f, "shipment.shipped_on", "null");
}

/* Each day that can't be before the order was placed. */
static void test_days_before_the_order(void **state)
{
    struct fixture *f = *state;
    const struct {
        moment_t *day;
        const char *fact;
    } days[] = {{&f->order.ship_by, "order.ship_by"},
                {&f->order.new_ship_by, "order.new_ship_by"},
                {&f->order.protection_ends_on, "order.protection_ends_on"},
                {&f->order.refund_at, "refund.on"},
                {&f->order.return_at, "return.on"},
                {&f->order.dispute_opened_at, "dispute.opened_on"},
                {&f->parcels[0].claim_by, "shipment.claim_by"},
                {&f->parcels[0].pickup_by, "shipment.pickup_by"},
                {&f->parcels[0].customs_act_by, "shipment.customs.act_by"}};

    for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++) {
        moment_t before = *days[i].day;

        *days[i].day = at("2026-02-01");
        assert_fact(f, days[i].fact, "null");
        assert_fact(f, "record.conflicting", "true");
        *days[i].day = at("2026-02-02");
        assert_fact(f, days[i].fact, "2026-02-02");
        assert_fact(f, "record.conflicting", "false");
        *days[i].day = before;
    }
}

static void test_negative_amounts(void **state)
{
    struct fixture *f = *state;
    const struct {
        int64_t *amount;
        const char *fact;
    } amounts[] = {{&f->order.total, "order.total"},
                   {&f->order.freight, "order.freight"},
                   {&f->order.refund_amount, "refund.amount"},
                   {&f->parcels[0].return_cost.minor, "shipment.return_cost"},
                   {&f->parcels[0].customs_duty.minor, "shipment.customs.duty"},
                   {&f->items[0].unit_cost.minor, "cost.goods"},
                   {&f->items[0].unit_price, NULL}};

    f->parcels[0].return_cost = f->parcels[0].customs_duty = (struct money){0, "USD"};
    for (size_t i = 0; i < sizeof(amounts) / sizeof(*amounts); i++) {
        int64_t before = *amounts[i].amount;

        *amounts[i].amount = -1;
        if (amounts[i].fact)
            assert_fact(f, amounts[i].fact, "null");
        assert_fact(f, "record.conflicting", "true");
        assert_not_told(f, "-0.01");
        *amounts[i].amount = 0;
        if (amounts[i].fact)
            assert_fact(f, amounts[i].fact, "0.00");
        assert_fact(f, "record.conflicting", "false");
        *amounts[i].amount = before;
    }
    f->order.total = -1;
    assert_fact(f, "cost.refund", "null");
    assert_fact(f, "order.total_in_policy_currency", "null");
    assert_fact(f, "cost.partial_refund", "null");
    f->order.total = 3990;
    f->order.margin = -500; /* a loss is no slip */
    assert_fact(f, "record.conflicting", "false");
    f->items[0].quantity = 0;
    assert_fact(f, "record.conflicting", "true");
    assert_fact(f, "cost.goods", "null");
}

/* ---- customs ---- */

static void test_customs_held(void **state)
{
    struct fixture *f = *state;

    assert_fact(f, "shipment.customs.held", "false");
    scan(f, "2026-02-12T10:00:00Z", SHIPMENT_STATE_CUSTOMS_HELD);
    assert_fact(f, "shipment.customs.held", "true");
    scan(f, "2026-02-13T10:00:00Z", SHIPMENT_STATE_UNKNOWN);
    assert_fact(f, "shipment.customs.held", "true");
    scan(f, "2026-02-14T10:00:00Z",
         SHIPMENT_STATE_IMPORT_CUSTOMS); /* clearance goes on, no reason is known */
    assert_fact(f, "shipment.customs.held", "false");
    f->parcels[0].customs_reason = CUSTOMS_REASON_UNDERVALUED;
    assert_fact(f, "shipment.customs.held", "true");
    scan(f, "2026-02-15T10:00:00Z",
         SHIPMENT_STATE_ARRIVED_DESTINATION); /* "returned from customs": released */
    assert_fact(f, "shipment.customs.held", "false");
    scan(f, "2026-02-16T10:00:00Z", SHIPMENT_STATE_CUSTOMS_HELD); /* and again */
    assert_fact(f, "shipment.customs.held", "true");
    scan(f, "2026-02-17T10:00:00Z", SHIPMENT_STATE_OUT_FOR_DELIVERY);
    assert_fact(f, "shipment.customs.held", "false");
}

/* The shop knows the reason; the scans say less. */
static void test_customs_reason(void **state)
{
    static const struct {
        int state;
        const char *held;
    } states[] = {{SHIPMENT_STATE_DEPARTED, "true"},          {SHIPMENT_STATE_ARRIVED_DESTINATION, "true"},
                  {SHIPMENT_STATE_IMPORT_CUSTOMS, "true"},    {SHIPMENT_STATE_CUSTOMS_HELD, "true"},
                  {SHIPMENT_STATE_OUT_FOR_DELIVERY, "false"}, {SHIPMENT_STATE_READY_FOR_PICKUP, "false"},
                  {SHIPMENT_STATE_DELIVERY_FAILED, "false"},  {SHIPMENT_STATE_DELIVERED, "false"},
                  {SHIPMENT_STATE_RETURNING, "false"},        {SHIPMENT_STATE_SEIZED, "false"}};
    struct fixture *f = *state;

    f->parcels[0].customs_reason = CUSTOMS_REASON_DUTY_UNPAID;
    for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
        scans_begin(f);
        scan(f, "2026-02-08T10:00:00Z", SHIPMENT_STATE_DEPARTED);
        scan(f, "2026-02-12T10:00:00Z", states[i].state);
        assert_fact(f, "shipment.customs.held", states[i].held);
    }
    scans_begin(f);
    assert_fact(f, "shipment.customs.held", "true");
    scan(f, "2026-02-12T10:00:00Z", SHIPMENT_STATE_UNKNOWN);
    assert_fact(f, "shipment.customs.held", "true");
}

/* ---- where it was delivered ---- */

static void test_place(void **state)
{
    static const struct {
        const char *city, *postcode, *to_city, *to_postcode, *matches;
    } places[] = {
        {NULL, NULL, "Leeds", "LS1 4HT", "null"},
        {"Leeds", "LS1 4HT", NULL, NULL, "null"},
        {NULL, "ls14ht", "Leeds", "LS1 4HT", "true"},
        {"Leeds", "LS2 4HT", "Leeds", "LS1 4HT", "false"},
        {"York", "LS1 4HT", "Leeds", "LS1 4HT", "true"},
        {NULL, "90210-1234", NULL, "90210", "true"},
        {NULL, "90210", NULL, "90211", "false"},
        {NULL, "D-10115", NULL, "10115", "true"},
        {NULL, "LS1", NULL, "LS1 4HT", "null"}, /* the district alone proves nothing */
        {"Leeds", "LS1", "Leeds", "LS1 4HT", "true"},
        {NULL, "-", NULL, "10115", "null"},
        {"SAO PAULO", NULL, "S\u00e3o Paulo", "01310-100", "true"},
        {"K\u00d6LN", NULL, "K\u00f6ln", NULL, "true"},
        {"New York", NULL, "York", NULL, "null"},
        {"Leeds", NULL, "Bristol", NULL, "false"},
        {"MUENCHEN", NULL, "M\u00fcnchen", NULL, "true"},
        {"Saint Louis", NULL, "St. Louis", NULL, "true"},
        {"Saint Louis", NULL, "San Jose", NULL, "false"},
        {"Muenchen", NULL, "Munich", NULL, "null"},
        {"Koeln", NULL, "Cologne", NULL, "null"},
        {"BROOKLYN", NULL, "New York", NULL, "null"},
        {"Brooklyn", NULL, "Cologne", NULL, "false"}, /* each has other names, but no common one */
        {"River Hts", NULL, "River Heights", NULL, "null"},
        {"Bristol Distribution Center", NULL, "Leeds", NULL, "null"},
        {"Leeds", "LS1 4HT", "Bristol", NULL, "false"},
        {"\u041c\u043e\u0441\u043a\u0432\u0430", NULL, "Moscow", NULL, "null"}, /* in two scripts */
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        f->order.address.city = places[i].to_city;
        f->order.address.postcode = places[i].to_postcode;
        scans_begin(f);
        fixture_event(f, 0, "2026-02-20T10:00:00Z", SHIPMENT_STATE_DELIVERED, places[i].city, "US");
        f->events[0][0].postcode = places[i].postcode;
        if (strcmp(fact(f, "shipment.place_matches"), places[i].matches) != 0)
            fail_msg("%zu: not %s", i, places[i].matches);
        assert_fact(f, "shipment.delivered_city", places[i].city ? places[i].city : "null");
        assert_fact(f, "shipment.delivered_postcode", places[i].postcode ? places[i].postcode : "null");
    }
    for (int same = 0; same < 3; same++) { /* another country: of the same postcode nothing is said */
        f->order.address.city = f->order.address.postcode = NULL;
        f->order.address.country = same == 0 ? "US" : "PR";
        scans_begin(f);
        fixture_event(f, 0, "2026-02-20T10:00:00Z", SHIPMENT_STATE_DELIVERED, NULL, "US");
        if (same == 2)
            f->order.address.postcode = f->events[0][0].postcode = "00901";
        assert_fact(f, "shipment.place_matches", same == 1 ? "false" : "null");
    }
    fixture_event(f, 0, "2026-02-25T10:00:00Z", SHIPMENT_STATE_RETURNING, "Leeds", "US");
    assert_fact(f, "shipment.delivered_city", "null");
    assert_fact(f, "shipment.place_matches", "null");
}

/* ---- law ---- */

static void test_withdrawal(void **state)
{
    struct fixture *f = *state;

    assert_fact(f, "law.withdrawal", "null"); /* of the United States nothing is said */
    assert_fact(f, "law.withdrawal_days", "null");
    f->order.address.country = "DE";
    assert_fact(f, "law.withdrawal", "true"); /* before the delivery as well */
    assert_fact(f, "law.withdrawal_days", "14");
    assert_fact(f, "law.withdrawal_ends_on", "null");
    assert_fact(f, "law.source", "Directive 2011/83/EU, art. 9");
    scan(f, "2026-02-16T10:00:00Z", SHIPMENT_STATE_DELIVERED);
    assert_fact(f, "law.withdrawal", "true");
    assert_fact(f, "law.withdrawal_ends_on", "2026-03-02");
    f->request.as_of = at("2026-03-02T23:59:59Z");
    assert_fact(f, "law.withdrawal", "true");
    f->request.as_of = at("2026-03-03T00:00:00Z");
    assert_fact(f, "law.withdrawal", "false");
    f->order.address.country = NULL;
    f->request.buyer.country = "GB";
    assert_fact(f, "law.withdrawal_days", "14");
    f->order.address.country = "US"; /* where it goes counts */
    assert_fact(f, "law.withdrawal_days", "null");
}

/* Of several parcels the last one counts. */
static void test_withdrawal_of_several(void **state)
{
    struct fixture *f = *state;

    f->order.address.country = "FR";
    f->order.shipment_count = 2;
    fixture_parcel(f, 1, "LX000000005CN", "2026-02-20");
    scan(f, "2026-02-16T10:00:00Z", SHIPMENT_STATE_DELIVERED);
    assert_fact(f, "law.withdrawal", "true");               /* the other is under way */
    f->said.entities.tracking_numbers[0] = "LX123456785CN"; /* the delivered one is asked about */
    f->said.entities.tracking_number_count = 1;
    assert_fact(f, "shipment.state", "delivered");
    assert_fact(f, "law.withdrawal", "null");
    assert_fact(f, "law.withdrawal_ends_on", "null");
}

static void test_law_find(void **state)
{
    static const struct {
        enum law_topic topic;
        const char *country, *day;
        bool found;
    } laws[] = {
        {LAW_WITHDRAWAL, "GR", "2014-06-13", true},    {LAW_WITHDRAWAL, "GR", "2014-06-12", false},
        {LAW_WITHDRAWAL, "CH", "2026-01-01", false},   {LAW_GUARANTEE, "PT", "2022-01-01", true},
        {LAW_GUARANTEE, "PT", "2021-12-31", false},    {LAW_REJECTION, "GB", "2015-10-01", true},
        {LAW_REJECTION, "DE", "2026-01-01", false},    {LAW_IMPORT_DUTY, "FR", "2026-06-30", false},
        {LAW_IMPORT_DUTY, "FR", "2026-07-01", true},   {LAW_IMPORT_DUTY, "FR", "2028-06-30", true},
        {LAW_IMPORT_DUTY, "FR", "2028-07-01", false},  {LAW_IMPORT_DUTY, "US", "2025-08-28", false},
        {LAW_IMPORT_DUTY, "US", "2025-08-29", true},   {LAW_IMPORT_TAX, "GB", "2021-01-01", true},
        {LAW_RECIPIENT_ID, "BR", "2020-01-01", true},  {LAW_RECIPIENT_ID, "DE", "2026-01-01", false},
        {LAW_RECIPIENT_ID, "BR", "2019-12-31", false}, {LAW_RECIPIENT_ID, "US", "2026-01-01", false},
        {LAW_RECIPIENT_ID, "KR", "2020-12-01", true},  {LAW_RECIPIENT_ID, "KR", "2020-11-30", false},
        {LAW_RECIPIENT_ID, "IN", "2018-01-12", true},  {LAW_RECIPIENT_ID, "IN", "2018-01-11", false},
        {LAW_RECIPIENT_ID, "CN", "2016-06-01", true},  {LAW_RECIPIENT_ID, "CN", "2016-05-31", false},
        {LAW_IMPORT_TAX, "BR", "2023-08-01", true},    {LAW_IMPORT_TAX, "BR", "2023-07-31", false},
        {LAW_IMPORT_TAX, "FR", "2021-07-01", true},    {LAW_IMPORT_TAX, "FR", "2021-06-30", false},
    };
    const struct law *law;

    (void)state;
    for (size_t i = 0; i < sizeof(laws) / sizeof(*laws); i++) {
        law = law_find(playbook, laws[i].topic, laws[i].country, moment_day(at(laws[i].day)));
        if ((law != NULL) != laws[i].found)
            fail_msg("%zu: %s %s", i, laws[i].country, laws[i].day);
    }
    for (int i = 0; i < playbook->law_count; i++)
        assert_true(playbook->laws[i].source[0] != '\0' && playbook->laws[i].countries.count > 0);
    law = law_find(playbook, LAW_IMPORT_DUTY, "DE", moment_day(at("2026-07-01")));
    assert_int_equal(law->each.minor, 300);
    assert_int_equal(law->each_below.minor, 15000);
    assert_int_equal(law->countries.count, 27);
    assert_null(law_find(playbook, LAW_WITHDRAWAL, NULL, 20000));
}

/* ---- a new address ---- */

static void test_new_address(void **state)
{
    struct fixture *f = *state;

    assert_fact(f, "message.new_address", "null");
    f->said.entities.new_address = "12 Elm Street, Leeds";
    assert_fact(f, "message.new_address", "12 Elm Street, Leeds");
    f->order.platform = PLATFORM_EBAY;
    f->said.entities.new_address = "12 Elm Street, Leeds www.example.com";
    assert_fact(f, "message.new_address", "null");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_delete)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_reply_days),
        TEST(test_valid_until),
        TEST(test_dispatch),
        TEST(test_parcel_clocks),
        TEST(test_never_scanned),
        TEST(test_costs),
        TEST(test_calendar),
        TEST(test_calendar_before_dispatch),
        TEST(test_calendar_read),
        TEST(test_methods_read),
        TEST(test_money_of_another_currency),
        TEST(test_delivered_to_the_sender),
        TEST(test_two_ends),
        TEST(test_disorder),
        TEST(test_days_that_contradict),
        TEST(test_days_before_the_order),
        TEST(test_negative_amounts),
        TEST(test_customs_held),
        TEST(test_customs_reason),
        TEST(test_place),
        TEST(test_withdrawal),
        TEST(test_withdrawal_of_several),
        TEST(test_law_find),
        TEST(test_new_address),
    };
    int failed;

    playbook = fixture_playbook();
    context = compose_context_new();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    compose_context_free(context);
    playbook_free(playbook);
    return failed;
}
