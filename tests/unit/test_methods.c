/* Shipping methods to a country, customs there, the customer's orders, parcels' contents, and the calendar
 * ahead. */
#include "fixture.h"

struct trade {
    struct fixture fixture;
    struct facts facts;
    struct case_product product;
    struct shipping_method methods[4];
    struct customs_rule rules[3];
    struct holiday holidays[3];
    struct case_customer customer;
    struct case_customer_order orders[6];
    struct case_content contents[2];
};

static struct money usd(int64_t minor)
{
    return (struct money){minor, "USD"};
}

static int set_up(void **state)
{
    struct trade *t = calloc(1, sizeof(*t));

    fixture_init(&t->fixture, NULL, NULL);
    t->fixture.said.entities = (struct entities){
        .quantity = -1, .packs = -1, .deadline_days = -1, .deadline_on = -1, .late_days = -1};
    t->fixture.shop.methods = t->methods;
    t->fixture.shop.customs_rules = t->rules;
    t->fixture.shop.holidays = t->holidays;
    t->fixture.shop.policy.country = "CN";
    t->customer = (struct case_customer){
        .name = "Nancy Drew", .birthday = MOMENT_NONE, .marketing_consent = TRI_UNKNOWN, .orders = t->orders};
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    struct trade *t = *state;

    json_decref((json_t *)t->fixture.shop.policy.fx);
    fixture_free(&t->fixture);
    free(t);
    return 0;
}

static void build(struct trade *t)
{
    facts_init(&t->facts, &t->fixture.arena);
    facts_build(&t->facts, &t->fixture.shop, &t->fixture.request,
                t->fixture.trigger ? NULL : &t->fixture.said, &t->fixture.rows);
}

static void without_order(struct trade *t)
{
    t->fixture.rows.order = NULL;
    t->fixture.request.order_number = NULL;
    t->fixture.request.sku = "LAMP-1";
    t->product = (struct case_product){.sku = "LAMP-1",
                                       .price = usd(2000),
                                       .stock = -1,
                                       .restock_on = MOMENT_NONE,
                                       .units_per_pack = -1,
                                       .weight_g = 300,
                                       .quality_guarantee = TRI_UNKNOWN};
    t->fixture.rows.products = &t->product;
    t->fixture.rows.product_count = 1;
}

#define UNKNOWN (-1)

static void expect(const struct trade *t, enum fact fact, double number)
{
    double found = facts_known(&t->facts, fact) ? facts_number(&t->facts, fact) : UNKNOWN;

    if (found != number)
        fail_msg("%s should be %g, not %g", facts_info[fact].path, number, found);
}

static void expect_flag(const struct trade *t, enum fact fact, enum tristate flag)
{
    enum tristate found =
        facts_known(&t->facts, fact) ? (enum tristate)facts_flag(&t->facts, fact) : TRI_UNKNOWN;

    if (found != flag)
        fail_msg("%s should be %d, not %d", facts_info[fact].path, flag, found);
}

static double day(const char *text)
{
    return moment_day(at(text));
}

static const struct value *field(const struct trade *t, enum fact list, int element, int member)
{
    const struct value *value = &t->facts.slot[list];

    assert_int_equal(value->type, VALUE_ARRAY);
    assert_true((uint32_t)element < value->len);
    return value->items[element].members[member].value;
}

static double number_at(const struct trade *t, int element, int member)
{
    const struct value *value = field(t, FACT_METHODS, element, member);

    return value->type == VALUE_NUMBER ? value->number : UNKNOWN;
}

static struct shipping_method *add_method(struct trade *t, const char *code, int64_t min, int64_t max,
                                          int64_t price)
{
    struct shipping_method *method = &t->methods[t->fixture.shop.method_count++];

    *method = (struct shipping_method){
        .code = code, .carrier = code, .kind = -1, .min_days = min, .max_days = max, .handling_days = -1};
    if (price >= 0)
        method->price = usd(price);
    return method;
}

/* ---- what a method costs ---- */

static void test_weight(void **state)
{
    /* 2.00 and 10.01 a kilogram: a tenth that was begun counts, and so does a cent */
    static const struct {
        double weight_g;
        double cost;
    } rows[] = {{1, 301},    {100, 301},   {100.5, 401}, {101, 401},   {200, 401},
                {999, 1201}, {1000, 1201}, {1001, 1302}, {-1, UNKNOWN}};
    struct trade *t = *state;

    without_order(t);
    t->fixture.request.buyer.country = "US";
    add_method(t, "post", 5, 9, 200)->per_kg = usd(1001);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        t->product.weight_g = rows[i].weight_g;
        build(t);
        assert_true(number_at(t, 0, FIELD_METHODS_COST) == rows[i].cost);
    }
}

static void test_free_over(void **state)
{
    struct trade *t = *state;
    struct shipping_method *method = add_method(t, "post", 5, 9, 700);

    /* the order: 39.90 with 5.00 freight */
    method->free_over = usd(3491);
    build(t);
    assert_true(number_at(t, 0, FIELD_METHODS_COST) == 700);
    assert_true(number_at(t, 0, FIELD_METHODS_SURCHARGE) == 200);
    assert_false(field(t, FACT_METHODS, 0, FIELD_METHODS_FREE)->truth);
    method->free_over = usd(3490);
    build(t);
    assert_true(number_at(t, 0, FIELD_METHODS_COST) == 0);
    assert_true(number_at(t, 0, FIELD_METHODS_SURCHARGE) == 0);
    assert_true(field(t, FACT_METHODS, 0, FIELD_METHODS_FREE)->truth);
    method->free_over = (struct money){100, "EUR"}; /* no rate */
    build(t);
    assert_true(number_at(t, 0, FIELD_METHODS_COST) == 700);
    method->price = (struct money){700, "EUR"};
    build(t);
    assert_true(number_at(t, 0, FIELD_METHODS_COST) == UNKNOWN);
    t->fixture.shop.policy.fx = json_pack("{s:s}", "EUR", "1.1");
    method->free_over = (struct money){0};
    build(t);
    assert_true(number_at(t, 0, FIELD_METHODS_COST) == 770);
}

/* Only to the country, cheapest first, what has no price last. */
static void test_list(void **state)
{
    static const char *const us[] = {"US"}, *const de[] = {"DE"};
    struct trade *t = *state;

    add_method(t, "unpriced", 1, 2, -1);
    add_method(t, "dear", 2, 4, 2000)->countries = (struct field_array){us, 1};
    add_method(t, "elsewhere", 2, 4, 1)->countries = (struct field_array){de, 1};
    add_method(t, "cheap", 9, 20, 100);
    build(t);
    assert_int_equal(t->facts.slot[FACT_METHODS].len, 3);
    assert_string_equal(field(t, FACT_METHODS, 0, FIELD_METHODS_CODE)->string, "cheap");
    assert_string_equal(field(t, FACT_METHODS, 1, FIELD_METHODS_CODE)->string, "dear");
    assert_string_equal(field(t, FACT_METHODS, 2, FIELD_METHODS_CODE)->string, "unpriced");
    assert_true(field(t, FACT_METHODS, 2, FIELD_METHODS_FASTEST)->truth);
    assert_false(field(t, FACT_METHODS, 0, FIELD_METHODS_FASTEST)->truth);
    expect(t, FACT_DELIVERY_MIN_DAYS, 1);
    expect(t, FACT_DELIVERY_MAX_DAYS, 20);
    t->fixture.order.shipping_method = "dear";
    build(t);
    assert_true(field(t, FACT_METHODS, 1, FIELD_METHODS_CURRENT)->truth);
    expect(t, FACT_DELIVERY_MIN_DAYS, 2);
    expect(t, FACT_DELIVERY_MAX_DAYS, 4);
}

/* The longest time, with three days of handling, from the 2nd of March. */
static void test_deadline(void **state)
{
    static const struct {
        const char *on;
        bool cheap, quick;
    } rows[] = {{"2026-03-08", false, false},
                {"2026-03-09", false, true},
                {"2026-03-14", false, true},
                {"2026-03-15", true, true}};
    struct trade *t = *state;

    without_order(t);
    t->fixture.said.entities.country = "FR";
    add_method(t, "cheap", 5, 10, 100);
    add_method(t, "quick", 2, 4, 2000);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        t->fixture.said.entities.deadline_on = (int64_t)day(rows[i].on);
        build(t);
        assert_int_equal(field(t, FACT_METHODS, 0, FIELD_METHODS_FITS)->truth, rows[i].cheap);
        assert_int_equal(field(t, FACT_METHODS, 1, FIELD_METHODS_FITS)->truth, rows[i].quick);
        expect_flag(t, FACT_DELIVERY_DEADLINE_MET, (enum tristate)rows[i].quick);
        assert_true(number_at(t, 0, FIELD_METHODS_ARRIVES_BY) == day("2026-03-15"));
    }
    assert_true(number_at(t, 1, FIELD_METHODS_SURCHARGE) == 1900);
    t->fixture.said.entities.country = NULL;
    build(t);
    expect_flag(t, FACT_DELIVERY_DEADLINE_MET, TRI_UNKNOWN);
}

static void test_carrier(void **state)
{
    static const char *const de[] = {"DE"};
    static const struct {
        const char *carrier, *country;
        enum tristate served;
    } rows[] = {{"DHL", "DE", TRI_TRUE},    {"DHL", "US", TRI_FALSE},   {"DHL", NULL, TRI_UNKNOWN},
                {"FedEx", "DE", TRI_FALSE}, {"FedEx", NULL, TRI_FALSE}, {"post", NULL, TRI_TRUE},
                {NULL, "DE", TRI_UNKNOWN}};
    struct trade *t = *state;

    without_order(t);
    add_method(t, "DHL Express", 2, 4, 2000)->countries = (struct field_array){de, 1};
    add_method(t, "Post", 5, 9, 100);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        t->fixture.said.entities.carrier = rows[i].carrier;
        t->fixture.said.entities.country = rows[i].country;
        build(t);
        expect_flag(t, FACT_DELIVERY_CARRIER_SERVED, rows[i].served);
    }
}

/* ---- customs ---- */

static struct customs_rule *add_rule(struct trade *t, const char *country, const char *from, const char *to)
{
    struct customs_rule *rule = &t->rules[t->fixture.shop.customs_rule_count++];

    *rule = (struct customs_rule){.country = country,
                                  .duty_percent = -1,
                                  .tax_percent = -1,
                                  .collected_by = -1,
                                  .effective_from = from ? day_start((day_t)day(from)) : MOMENT_NONE,
                                  .effective_to = to ? at(to) : MOMENT_NONE,
                                  .alert_from = MOMENT_NONE,
                                  .alert_to = MOMENT_NONE,
                                  .updated_at = MOMENT_NONE};
    return rule;
}

static void test_rule_of_the_day(void **state)
{
    static const struct {
        const char *from, *to, *origin;
        enum tristate known;
    } rows[] = {{NULL, NULL, NULL, TRI_TRUE},          {"2026-03-02", "2026-03-02", NULL, TRI_TRUE},
                {"2026-03-03", NULL, NULL, TRI_FALSE}, {NULL, "2026-03-01", NULL, TRI_FALSE},
                {NULL, NULL, "CN", TRI_TRUE},          {NULL, NULL, "DE", TRI_FALSE}};
    struct trade *t = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        t->fixture.shop.customs_rule_count = 0;
        add_rule(t, "US", rows[i].from, rows[i].to)->origin = rows[i].origin;
        build(t);
        expect_flag(t, FACT_DUTY_KNOWN, rows[i].known);
    }
    /* this origin's before any's, the later before the earlier */
    t->fixture.shop.customs_rule_count = 0;
    add_rule(t, "US", "2026-01-01", NULL)->duty_percent = 1;
    add_rule(t, "US", "2025-01-01", NULL)->duty_percent = 2;
    build(t);
    expect(t, FACT_DUTY_PERCENT, 1);
    t->rules[1].origin = "CN";
    build(t);
    expect(t, FACT_DUTY_PERCENT, 2);
}

/* The goods are worth 34.90. */
static void test_estimate(void **state)
{
    struct trade *t = *state;
    struct customs_rule *rule = add_rule(t, "US", NULL, NULL);

    rule->duty_percent = 10;
    rule->tax_percent = 20;
    build(t);
    expect(t, FACT_DUTY_VALUE, 3490);
    expect(t, FACT_DUTY_ESTIMATE, 349 + 768); /* duty and tax: the carrier's fee is not known */
    rule->handling_fee = usd(500);
    build(t);
    expect(t, FACT_DUTY_ESTIMATE, 349 + 768 + 500); /* 20 % of 38.39 */
    rule->fixed_duty = usd(100);
    build(t);
    expect(t, FACT_DUTY_ESTIMATE, 449 + 788 + 500);
    rule->tax_percent = -1;
    build(t);
    expect(t, FACT_DUTY_ESTIMATE, UNKNOWN);
    rule->tax_threshold = usd(3491);
    build(t);
    expect(t, FACT_DUTY_ESTIMATE, 449 + 500);
    rule->duty_free_below = usd(3490); /* not below it */
    build(t);
    expect_flag(t, FACT_DUTY_BELOW_THRESHOLD, TRI_FALSE);
    expect(t, FACT_DUTY_ESTIMATE, 449 + 500);
    rule->duty_free_below = usd(3491);
    build(t);
    expect_flag(t, FACT_DUTY_BELOW_THRESHOLD, TRI_TRUE);
    expect(t, FACT_DUTY_ESTIMATE, 0); /* nothing due, nothing to handle */
    rule->duty_free_below = (struct money){3491, "EUR"};
    build(t);
    expect_flag(t, FACT_DUTY_BELOW_THRESHOLD, TRI_UNKNOWN);
    expect(t, FACT_DUTY_ESTIMATE, UNKNOWN);
}

static void test_collector(void **state)
{
    static const struct {
        int order, rule;
        const char *incoterm;
        enum tristate prepaid;
    } rows[] = {{-1, -1, NULL, TRI_UNKNOWN},
                {-1, TAX_COLLECTOR_CARRIER, NULL, TRI_FALSE},
                {-1, TAX_COLLECTOR_SELLER, NULL, TRI_TRUE},
                {TAX_COLLECTOR_CARRIER, TAX_COLLECTOR_SELLER, NULL, TRI_FALSE},
                {TAX_COLLECTOR_UNKNOWN, TAX_COLLECTOR_PLATFORM, NULL, TRI_TRUE},
                {TAX_COLLECTOR_UNKNOWN, -1, "DDP", TRI_TRUE},
                {TAX_COLLECTOR_UNKNOWN, -1, "DAP", TRI_UNKNOWN}};
    struct trade *t = *state;
    struct customs_rule *rule = add_rule(t, "US", NULL, NULL);

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        t->fixture.order.tax_collected_by = rows[i].order;
        t->fixture.order.incoterm = rows[i].incoterm;
        rule->collected_by = rows[i].rule;
        build(t);
        expect_flag(t, FACT_DUTY_PREPAID, rows[i].prepaid);
    }
}

static void test_alert(void **state)
{
    static const struct {
        const char *from, *to;
        enum tristate on;
    } rows[] = {{NULL, NULL, TRI_FALSE},
                {"2026-03-02", "2026-03-02", TRI_TRUE},
                {"2026-03-03", "2026-03-09", TRI_FALSE},
                {"2026-02-01", "2026-03-01", TRI_FALSE},
                {"2026-03-01", NULL, TRI_TRUE}};
    struct trade *t = *state;
    struct customs_rule *rule = add_rule(t, "US", NULL, NULL);

    build(t);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        rule->alert_from = rows[i].from ? day_start((day_t)day(rows[i].from)) : MOMENT_NONE;
        rule->alert_to = rows[i].to ? at(rows[i].to) : MOMENT_NONE;
        build(t);
        expect_flag(t, FACT_DUTY_ALERT, rows[i].on);
    }
    t->fixture.shop.customs_rule_count = 0;
    build(t);
    expect_flag(t, FACT_DUTY_ALERT, TRI_UNKNOWN);
}

/* ---- the customer ---- */

static struct case_customer_order *add_order(struct trade *t, const char *number, int status,
                                             const char *placed, int64_t total, int64_t freight)
{
    struct case_customer_order *order = &t->orders[t->customer.order_count++];

    *order = (struct case_customer_order){.number = number,
                                          .status = status,
                                          .platform = PLATFORM_OWN_SHOP,
                                          .currency = "USD",
                                          .total = total,
                                          .freight = freight,
                                          .placed_at = at(placed),
                                          .paid_at = MOMENT_NONE,
                                          .return_state = -1,
                                          .dispute_kind = -1,
                                          .first_item = "Hat"};
    order->address.line1 = "1 Elm Street";
    order->address.postcode = "90210";
    return order;
}

static void test_purchases(void **state)
{
    struct trade *t = *state;

    t->fixture.rows.customer = &t->customer;
    add_order(t, "1001", ORDER_STATUS_SHIPPED, "2026-02-02", 4000, 500);
    add_order(t, "1000", ORDER_STATUS_CANCELLED, "2026-01-20", 9900, 500);
    add_order(t, "999", ORDER_STATUS_COMPLETED, "2026-01-02", 2000, 500);
    build(t);
    expect(t, FACT_CUSTOMER_ORDERS, 2);
    expect(t, FACT_CUSTOMER_SPENT, 6000);
    expect(t, FACT_CUSTOMER_AVERAGE, 3000);
    expect(t, FACT_CUSTOMER_CYCLE_DAYS, UNKNOWN); /* two are no habit */
    expect_flag(t, FACT_CUSTOMER_KNOWN, TRI_TRUE);
    expect(t, FACT_CUSTOMER_LAST_ORDER_ON, day("2026-02-02"));
    add_order(t, "998", ORDER_STATUS_COMPLETED, "2025-12-23", 1000, 500)->return_state =
        RETURN_STATE_RECEIVED;
    t->orders[0].currency = "EUR"; /* no rate: not counted */
    build(t);
    expect(t, FACT_CUSTOMER_SPENT, 3000);
    expect(t, FACT_CUSTOMER_AVERAGE, 1500);
    expect(t, FACT_CUSTOMER_CYCLE_DAYS, 10);
    expect(t, FACT_CUSTOMER_RETURNS, 1);
    t->customer.order_count = 1;
    build(t);
    expect_flag(t, FACT_CUSTOMER_KNOWN, TRI_FALSE); /* this one alone */
}

static void test_combined(void **state)
{
    struct trade *t = *state;

    t->fixture.rows.order = NULL;
    t->fixture.request.order_number = NULL;
    t->fixture.trigger = true;
    t->fixture.rows.customer = &t->customer;
    add_order(t, "1", ORDER_STATUS_UNPAID, "2026-02-03", 2000, 500);
    build(t);
    expect(t, FACT_CUSTOMER_UNPAID_TOTAL, 2000);
    expect(t, FACT_CUSTOMER_COMBINED_SAVING, UNKNOWN); /* one is no two */
    add_order(t, "2", ORDER_STATUS_UNPAID, "2026-02-02", 3000, 800)->address.line1 = "1, elm street";
    add_order(t, "3", ORDER_STATUS_UNPAID, "2026-02-01", 4000, 300)->address.line1 = "2 Oak Street";
    add_order(t, "4", ORDER_STATUS_PAID, "2026-02-01", 4000, 300);
    build(t);
    assert_int_equal(t->facts.slot[FACT_CUSTOMER_UNPAID_ORDERS].len, 2);
    expect(t, FACT_CUSTOMER_UNPAID_TOTAL, 5000);
    expect(t, FACT_CUSTOMER_COMBINED_SAVING, 500);
    expect(t, FACT_CUSTOMER_COMBINED_TOTAL, 4500);
    t->orders[1].freight = MONEY_NONE;
    build(t);
    expect(t, FACT_CUSTOMER_COMBINED_SAVING, UNKNOWN);
    expect(t, FACT_CUSTOMER_UNPAID_TOTAL, 5000);
    t->orders[1].platform = PLATFORM_EBAY;
    build(t);
    assert_int_equal(t->facts.slot[FACT_CUSTOMER_UNPAID_ORDERS].len, 1);
}

/* ---- parcels ---- */

static void test_weights(void **state)
{
    static const struct {
        int64_t weight, expected;
        enum tristate under, right;
    } rows[] = {
        {1000, 1000, TRI_FALSE, TRI_TRUE},   {950, 1000, TRI_FALSE, TRI_TRUE},
        {949, 1000, TRI_TRUE, TRI_FALSE},    {1050, 1000, TRI_FALSE, TRI_TRUE},
        {1051, 1000, TRI_FALSE, TRI_FALSE},  {80, 100, TRI_FALSE, TRI_TRUE},
        {79, 100, TRI_TRUE, TRI_FALSE},      {-1, 1000, TRI_UNKNOWN, TRI_UNKNOWN},
        {500, -1, TRI_UNKNOWN, TRI_UNKNOWN},
    };
    struct trade *t = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        t->fixture.parcels[0].weight_g = rows[i].weight;
        t->fixture.parcels[0].expected_weight_g = rows[i].expected;
        build(t);
        expect_flag(t, FACT_SHIPMENT_UNDERWEIGHT, rows[i].under);
        expect_flag(t, FACT_SHIPMENT_WEIGHT_RIGHT, rows[i].right);
    }
    /* by what is in it: 2 x 300 g, packing not counted */
    without_order(t);
    t->fixture.rows.order = &t->fixture.order;
    t->fixture.request.order_number = "1001";
    t->contents[0] = (struct case_content){"LAMP-1", 2};
    t->fixture.parcels[0].contents = t->contents;
    t->fixture.parcels[0].content_count = 1;
    t->fixture.parcels[0].expected_weight_g = -1;
    t->fixture.parcels[0].weight_g = 900;
    build(t);
    expect_flag(t, FACT_SHIPMENT_WEIGHT_RIGHT, TRI_TRUE);
    t->fixture.parcels[0].weight_g = 569;
    build(t);
    expect_flag(t, FACT_SHIPMENT_UNDERWEIGHT, TRI_TRUE);
    assert_string_equal(facts_text(&t->facts, FACT_SHIPMENT_CONTENTS), "2 x LAMP-1");
}

static void test_inspected(void **state)
{
    static const struct {
        const char *text;
        enum tristate inspected;
    } rows[] = {{"scan", TRI_FALSE},
                {"Inspected and opened by customs", TRI_TRUE},
                {"Handed over to customs", TRI_FALSE},
                {"Item opened at the depot", TRI_FALSE}};
    struct trade *t = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        t->fixture.events[0][1].text = rows[i].text;
        build(t);
        expect_flag(t, FACT_SHIPMENT_INSPECTED, rows[i].inspected);
    }
}

static void test_parcels(void **state)
{
    struct trade *t = *state;

    fixture_parcel(&t->fixture, 1, "LX2", "2026-03-10");
    fixture_event(&t->fixture, 1, "2026-02-20T10:00:00Z", SHIPMENT_STATE_DELIVERED, NULL, "US");
    t->fixture.parcels[1].tracked = TRI_FALSE;
    t->fixture.order.shipment_count = 2;
    build(t);
    assert_int_equal(t->facts.slot[FACT_PARCELS].len, 2);
    expect(t, FACT_SHIPMENT_UNDELIVERED, 1);
    assert_string_equal(field(t, FACT_PARCELS, 0, FIELD_PARCELS_NUMBER)->string, "LX123456785CN");
    assert_int_equal(field(t, FACT_PARCELS, 1, FIELD_PARCELS_NUMBER)->type, VALUE_NULL);
    assert_true(field(t, FACT_PARCELS, 1, FIELD_PARCELS_DELIVERED_ON)->number == day("2026-02-20"));
}

/* ---- the calendar ---- */

static void add_holiday(struct trade *t, const char *name, int kind, const char *from, const char *to,
                        const char *const *country)
{
    t->holidays[t->fixture.shop.holiday_count++] = (struct holiday){.name = name,
                                                                    .kind = kind,
                                                                    .from = day_start((day_t)day(from)),
                                                                    .to = at(to),
                                                                    .countries = {country, country ? 1 : 0},
                                                                    .updated_at = MOMENT_NONE};
}

/* A parcel that is promised by the 10th of March. */
static void test_suspension_ahead(void **state)
{
    static const char *const us[] = {"US"}, *const cn[] = {"CN"};
    static const struct {
        const char *from;
        int kind;
        const char *const *country;
        bool exported;
        enum tristate overlap;
    } rows[] = {
        {"2026-03-10", HOLIDAY_KIND_SUSPENSION, us, true, TRI_TRUE},
        {"2026-03-11", HOLIDAY_KIND_SUSPENSION, us, true, TRI_FALSE},
        {"2026-03-10", HOLIDAY_KIND_PEAK, us, true, TRI_FALSE},
        {"2026-03-02", HOLIDAY_KIND_PEAK, us, true, TRI_TRUE},
        {"2026-03-05", HOLIDAY_KIND_SUSPENSION, cn, true, TRI_FALSE},
        {"2026-03-05", HOLIDAY_KIND_SUSPENSION, cn, false, TRI_TRUE},
        {"2026-03-05", HOLIDAY_KIND_SUSPENSION, NULL, true, TRI_FALSE},
        {"2026-03-05", HOLIDAY_KIND_SUSPENSION, NULL, false, TRI_TRUE},
        {"2026-03-02", HOLIDAY_KIND_SUSPENSION, cn, true, TRI_TRUE},
    };
    struct trade *t = *state;

    t->fixture.parcels[0].promised_by = at("2026-03-10");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        t->fixture.parcels[0].event_count = rows[i].exported ? 2 : 1;
        t->fixture.shop.holiday_count = 0;
        add_holiday(t, "Holiday", rows[i].kind, rows[i].from, "2026-03-20", rows[i].country);
        build(t);
        expect_flag(t, FACT_CALENDAR_OVERLAP, rows[i].overlap);
    }
}

static void test_greeting(void **state)
{
    static const char *const us[] = {"US"}, *const cn[] = {"CN"};
    static const struct {
        const char *from, *to;
        const char *const *country;
        bool told;
    } rows[] = {{"2026-03-09", "2026-03-12", us, true},  {"2026-03-10", "2026-03-12", us, false},
                {"2026-02-20", "2026-03-02", us, true},  {"2026-02-20", "2026-03-01", us, false},
                {"2026-03-02", "2026-03-12", cn, false}, {"2026-03-02", "2026-03-12", NULL, false}};
    struct trade *t = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        t->fixture.shop.holiday_count = 0;
        add_holiday(t, "Spring Day", -1, rows[i].from, rows[i].to, rows[i].country);
        build(t);
        assert_int_equal(facts_known(&t->facts, FACT_HOLIDAY_NAME), rows[i].told);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_weight),    TEST(test_free_over), TEST(test_list),
        TEST(test_deadline),  TEST(test_carrier),   TEST(test_rule_of_the_day),
        TEST(test_estimate),  TEST(test_collector), TEST(test_alert),
        TEST(test_purchases), TEST(test_combined),  TEST(test_weights),
        TEST(test_inspected), TEST(test_parcels),   TEST(test_suspension_ahead),
        TEST(test_greeting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
