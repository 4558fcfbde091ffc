/* Random but consistent cases, each from its number alone: whatever the record says, a draft holds no
 * placeholder, no double space, no orphan mark, no amount or day that the facts do not hold, nothing that its
 * platform forbids; what is recommended costs nobody less than nothing; no draft means that a person looks;
 * the same case gives the same bytes; and every issue is reached.
 *
 * REPLYD_PROPERTY=5000 runs so many cases (100,000 are the default); REPLYD_PROPERTY_FROM=N begins at case
 * N; REPLYD_PROPERTY_TABLE=1 prints how often each issue came up, and which intents and triggers ended in
 * `unclear`. */
#include "fixture.h"

#include "replyd/guard.h"

#include <ctype.h>

#define CASES 100000
#define CASES_TO_REACH_ALL 20000
#define FAULTS_SHOWN 12

static uint64_t seed;

static uint64_t next(void)
{
    uint64_t z = (seed += UINT64_C(0x9E3779B97F4A7C15)); /* splitmix64 */

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int upto(int n) /* 0 to n - 1 */
{
    return (int)(next() % (uint64_t)n);
}

static int between(int low, int high)
{
    return low + upto(high - low + 1);
}

static bool chance(int percent)
{
    return upto(100) < percent;
}

#define PICK(...)                                                                                            \
    pick(((const char *const[]){__VA_ARGS__}), sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static const char *pick(const char *const *list, size_t count)
{
    return list[upto((int)count)];
}

static int word_or_none(int count, int percent)
{
    return chance(percent) ? upto(count) : -1;
}

/* ---- a case ---- */

struct random_case {
    struct fixture f;
    struct case_product products[2], others[3];
    struct case_variant variants[4];
    struct case_size sizes[3];
    double ranges[3][4][2];
    struct case_tier tiers[3];
    struct shipping_method methods[3];
    struct promotion promotion;
    struct holiday holidays[2];
    struct customs_rule customs;
    struct case_customer customer;
    struct case_customer_order orders[4];
    struct case_content contents[3];
    const char *currency;
    moment_t now;
};

static moment_t days_from(const struct random_case *c, int days)
{
    return c->now + (moment_t)days * MOMENT_DAY;
}

/* The end of a day, or unknown. */
static moment_t day_or_none(const struct random_case *c, int low, int high, int percent)
{
    return chance(percent) ? day_end(moment_day(days_from(c, between(low, high)))) : MOMENT_NONE;
}

static struct money some(const struct random_case *c, int low, int high)
{
    struct money money = {between(low, high), ""};

    strcpy(money.currency, c->currency);
    return money;
}

static struct money some_or_none(const struct random_case *c, int low, int high, int percent)
{
    return chance(percent) ? some(c, low, high) : (struct money){0, ""};
}

static void make_policy(struct random_case *c)
{
    struct policy *policy = &c->f.shop.policy;
    static const char *const methods[] = {"Visa", "Mastercard", "PayPal"};

    policy->currency = c->currency;
    policy->country = chance(70) ? "CN" : NULL;
    policy->signature = chance(30) ? PICK("The Blue Lotus team", "Best wishes,\nBlue Lotus",
                                          "Blue Lotus\nwww.bluelotus.example", "Call us: +86 755 1234 5678")
                                   : NULL;
    if (chance(60))
        policy->payment_methods = (struct field_array){methods, (size_t)between(1, 3)};
    policy->partial_refund_percent = between(0, 40);
    policy->apology_discount_percent = between(0, 10);
    policy->lost_discount_percent = between(0, 15);
    policy->duty_split_percent = between(0, 100);
    policy->grace_days = between(0, 14);
    policy->return_window_days = between(0, 60);
    policy->handling_days = between(0, 7);
    policy->investigation_days = between(1, 7);
    policy->document_hours = between(1, 72);
    policy->price_adjustment_days = chance(50) ? between(1, 30) : 0;
    policy->review_invite_after_days = between(0, 10);
    policy->full_refund_if_not_as_described = chance(70);
}

static void make_shop(struct random_case *c)
{
    static const char *const destinations[] = {"US", "DE", "GB", "FR", "BR"};
    static const char *const goods[] = {"BD-1"};

    make_policy(c);
    for (int i = 0; i < 3; i++)
        c->methods[i] = (struct shipping_method){
            .code = PICK("post", "express", "line"),
            .carrier = chance(80) ? PICK("DHL", "China Post", "YunExpress") : NULL,
            .name = chance(70) ? PICK("Registered post", "Express", "Special line") : NULL,
            .kind = word_or_none(CARRIER_KIND_COUNT, 80),
            .tracked = chance(60),
            .countries = chance(40) ? (struct field_array){destinations, (size_t)between(1, 5)}
                                    : (struct field_array){0},
            .min_days = chance(80) ? between(2, 10) : -1,
            .max_days = chance(80) ? between(10, 30) : -1,
            .handling_days = chance(50) ? between(0, 4) : -1,
            .price = some_or_none(c, 0, 3000, 80),
            .per_kg = some_or_none(c, 0, 2000, 40),
            .free_over = some_or_none(c, 1000, 9000, 30),
            .updated_at = MOMENT_NONE};
    c->methods[0].code = "post";
    c->methods[1].code = "express";
    c->methods[2].code = "line";
    c->f.shop.methods = c->methods;
    c->f.shop.method_count = between(0, 3);
    c->promotion = (struct promotion){.percent = between(5, 50),
                                      .from = days_from(c, -between(0, 20)),
                                      .to = day_end(moment_day(days_from(c, between(-3, 20)))),
                                      .updated_at = MOMENT_NONE};
    if (chance(30))
        c->promotion.skus = (struct field_array){goods, 1};
    c->f.shop.promotions = &c->promotion;
    c->f.shop.promotion_count = chance(45);
    for (int i = 0; i < 2; i++) {
        int from = between(-20, 20);

        c->holidays[i] =
            (struct holiday){.name = chance(80) ? PICK("Chinese New Year", "Golden Week", "Christmas") : NULL,
                             .kind = upto(HOLIDAY_KIND_COUNT),
                             .from = day_start(moment_day(days_from(c, from))),
                             .to = day_end(moment_day(days_from(c, from + between(0, 15)))),
                             .updated_at = MOMENT_NONE};
        if (chance(30))
            c->holidays[i].countries = (struct field_array){destinations, (size_t)between(1, 5)};
    }
    c->f.shop.holidays = c->holidays;
    c->f.shop.holiday_count = chance(35) ? between(1, 2) : 0;
    c->customs = (struct customs_rule){.country = pick(destinations, 5),
                                       .duty_free_below = some_or_none(c, 0, 15000, 60),
                                       .tax_threshold = some_or_none(c, 0, 15000, 30),
                                       .fixed_duty = some_or_none(c, 100, 500, 20),
                                       .handling_fee = some_or_none(c, 100, 1500, 30),
                                       .duty_percent = chance(50) ? between(0, 30) : -1,
                                       .tax_percent = chance(50) ? between(0, 25) : -1,
                                       .collected_by = word_or_none(TAX_COLLECTOR_COUNT, 60),
                                       .recipient_id = {chance(30) ? "CPF" : NULL, NULL},
                                       .effective_from = MOMENT_NONE,
                                       .effective_to = MOMENT_NONE,
                                       .alert_from = MOMENT_NONE,
                                       .alert_to = MOMENT_NONE,
                                       .updated_at = MOMENT_NONE};
    if (chance(50)) {
        c->customs.alert_from = days_from(c, -between(0, 5));
        c->customs.alert_to = day_end(moment_day(days_from(c, between(0, 20))));
    }
    c->f.shop.customs_rules = &c->customs;
    c->f.shop.customs_rule_count = chance(50);
}

static void make_product(struct random_case *c, struct case_product *product, const char *sku,
                         const char *name)
{
    *product = (struct case_product){.sku = sku,
                                     .name = chance(95) ? name : NULL,
                                     .description = chance(40) ? "A light one for summer." : NULL,
                                     .material = chance(60) ? PICK("100% cotton", "polyester", "oak") : NULL,
                                     .unit_of_sale = chance(30) ? PICK("piece", "dozen", "pair") : NULL,
                                     .low_price_reason = chance(30) ? "we buy straight from the maker" : NULL,
                                     .voltage = chance(40) ? PICK("220 V", "110-240 V", "110 V") : NULL,
                                     .plug = chance(30) ? PICK("EU plug", "type C", "US plug") : NULL,
                                     .manual_url = chance(40) ? "https://shop.example.com/manual.pdf" : NULL,
                                     .price = some_or_none(c, 500, 9000, 90),
                                     .floor_price = some_or_none(c, 300, 4000, 50),
                                     .cost = some_or_none(c, 200, 3000, 60),
                                     .stock = chance(80) ? (chance(30) ? 0 : upto(40)) : -1,
                                     .restock_on = day_or_none(c, -5, 30, 40),
                                     .units_per_pack = chance(20) ? 12 : -1,
                                     .weight_g = chance(60) ? between(50, 3000) : -1,
                                     .quality_guarantee = (enum tristate)between(-1, 1)};
}

static void make_products(struct random_case *c)
{
    static const char *const names[] = {"BD-1", "BD-2", "BD-3"};
    struct case_product *first = &c->products[0];

    make_product(c, first, "BD-1", "Blue Dress");
    make_product(c, &c->products[1], "BD-9", "Gift Card Holder");
    for (int i = 0; i < 3; i++)
        make_product(c, &c->others[i], names[i], PICK("Cotton Dress", "Silk Dress", "[NEW] Linen Dress"));
    c->variants[0] = (struct case_variant){
        .sku = "BD-1-BM", .name = "blue, M", .color = "blue", .size = "M", .stock = chance(30) ? 0 : upto(9)};
    c->variants[1] = (struct case_variant){
        .sku = "BD-1-RM", .name = "red, M", .color = "red", .size = "M", .stock = chance(30) ? 0 : upto(9)};
    c->variants[2] = (struct case_variant){.sku = "BD-1-BL",
                                           .name = "blue, L",
                                           .color = "blue",
                                           .size = "L",
                                           .stock = chance(20) ? -1 : upto(9)};
    first->variants = c->variants;
    first->variant_count = chance(60) ? between(1, 3) : 0;
    for (int i = 0; i < 3; i++) {
        static const char *const letters[] = {"S", "M", "L"};

        for (int k = 0; k < 4; k++) {
            c->ranges[i][k][0] = 70 + 8 * i + 4 * k;
            c->ranges[i][k][1] = c->ranges[i][k][0] + 6;
        }
        c->sizes[i] = (struct case_size){.size = letters[i],
                                         .bust = {c->ranges[i][2], 2},
                                         .waist = {c->ranges[i][0], 2},
                                         .hip = {c->ranges[i][3], 2}};
    }
    first->sizes = c->sizes;
    first->size_count = chance(60) ? 3 : 0;
    for (int i = 0; i < 3; i++)
        c->tiers[i] = (struct case_tier){.min_quantity = (i + 1) * between(5, 20),
                                         .unit_price = some(c, 2000 - 400 * i, 2300 - 400 * i),
                                         .freight_included = chance(30),
                                         .wholesale = i == 2};
    first->tiers = c->tiers;
    first->tier_count = chance(60) ? between(1, 3) : 0;
    first->alternatives = c->others;
    first->alternative_count = chance(60) ? between(1, 3) : 0;
    c->f.rows.products = c->products;
    c->f.rows.product_count = between(0, 2);
}

static void make_customer(struct random_case *c)
{
    c->customer = (struct case_customer){.name = "Nancy Drew",
                                         .email = "nancy@example.org",
                                         .country = "US",
                                         .language = "en",
                                         .birthday = MOMENT_NONE,
                                         .marketing_consent = (enum tristate)between(-1, 1),
                                         .orders = c->orders,
                                         .order_count = between(0, 4),
                                         .reviews = upto(3)};
    for (int i = 0; i < 4; i++)
        c->orders[i] = (struct case_customer_order){
            .number = PICK("2001", "2002", "2003", "2004"),
            .status = chance(40) ? ORDER_STATUS_UNPAID : upto(ORDER_STATUS_COUNT),
            .platform = upto(PLATFORM_COUNT),
            .currency = c->currency,
            .total = between(1000, 9000),
            .freight = chance(80) ? between(0, 900) : MONEY_NONE,
            .placed_at = days_from(c, -between(1 + 30 * i, 30 + 30 * i)),
            .paid_at = MOMENT_NONE,
            .address = {"12 Elm Road", "River Heights", "60601", "US"},
            .return_state = -1,
            .dispute_kind = -1,
            .first_item = chance(80) ? "Blue Dress" : NULL};
    if (chance(80))
        c->f.rows.customer = &c->customer;
}

/* ---- its parcels ---- */

/* The ways of a parcel, each begun at its first step. */
static const int *way_of(int *ret_steps)
{
    static const int ways[][8] = {
        {SHIPMENT_STATE_LABEL_CREATED, SHIPMENT_STATE_IN_TRANSIT_ORIGIN, SHIPMENT_STATE_EXPORT_CUSTOMS,
         SHIPMENT_STATE_DEPARTED, SHIPMENT_STATE_ARRIVED_DESTINATION, SHIPMENT_STATE_IMPORT_CUSTOMS,
         SHIPMENT_STATE_OUT_FOR_DELIVERY, SHIPMENT_STATE_DELIVERED},
        {SHIPMENT_STATE_IN_TRANSIT_ORIGIN, SHIPMENT_STATE_DEPARTED, SHIPMENT_STATE_IMPORT_CUSTOMS,
         SHIPMENT_STATE_CUSTOMS_HELD, SHIPMENT_STATE_SEIZED, -1, -1, -1},
        {SHIPMENT_STATE_IN_TRANSIT_ORIGIN, SHIPMENT_STATE_ARRIVED_DESTINATION, SHIPMENT_STATE_CUSTOMS_HELD,
         -1, -1, -1, -1, -1},
        {SHIPMENT_STATE_DEPARTED, SHIPMENT_STATE_ARRIVED_DESTINATION, SHIPMENT_STATE_OUT_FOR_DELIVERY,
         SHIPMENT_STATE_DELIVERY_FAILED, SHIPMENT_STATE_READY_FOR_PICKUP, SHIPMENT_STATE_RETURNING,
         SHIPMENT_STATE_RETURNED, -1},
        {SHIPMENT_STATE_IN_TRANSIT_ORIGIN, SHIPMENT_STATE_DEPARTED, SHIPMENT_STATE_LOST, -1, -1, -1, -1, -1},
        {SHIPMENT_STATE_IN_TRANSIT_ORIGIN, SHIPMENT_STATE_RETURNING, SHIPMENT_STATE_RETURNED, -1, -1, -1, -1,
         -1},
        {SHIPMENT_STATE_IN_TRANSIT_ORIGIN, SHIPMENT_STATE_UNKNOWN, -1, -1, -1, -1, -1, -1},
    };
    const int *way = ways[upto(sizeof(ways) / sizeof(*ways))];

    *ret_steps = 0;
    while (*ret_steps < 8 && way[*ret_steps] >= 0)
        (*ret_steps)++;
    return way;
}

static void make_events(struct random_case *c, int i, int days)
{
    struct case_shipment *parcel = &c->f.parcels[i];
    int steps, done;
    const int *way = way_of(&steps);
    int64_t span = (int64_t)days * MOMENT_DAY;

    done = chance(8) ? 0 : between(1, steps);
    for (int k = 0; k < done; k++) {
        bool abroad = way[k] == SHIPMENT_STATE_ARRIVED_DESTINATION || k > 3;

        c->f.events[i][k] = (struct case_event){
            .at = parcel->shipped_at + span * (k + 1) / (steps + 1),
            .text = chance(90)
                        ? PICK("scan", "Processed", "Call +1 800 555 0199 now", "See www.carrier.example")
                        : NULL,
            .city = chance(80) ? (abroad ? PICK("River Heights", "Chicago", "Berlin") : "Shenzhen") : NULL,
            .postcode = chance(30) ? PICK("60601", "10115") : NULL,
            .country = chance(80) ? (abroad ? PICK("US", "DE") : "CN") : NULL,
            .code_system = -1,
            .state = way[k]};
    }
    parcel->event_count = done;
}

static void make_parcel(struct random_case *c, int i, int days)
{
    static const char *const numbers[] = {"LX123456785CN", "1234567890", "RB123456785SG"};
    struct case_shipment *parcel = &c->f.parcels[i];

    *parcel = (struct case_shipment){
        .tracking_number = numbers[i],
        .carrier = chance(85) ? PICK("China Post", "DHL", "YunExpress") : NULL,
        .service = chance(30) ? "ePacket" : NULL,
        .tracking_url =
            chance(70) ? PICK("https://track.example.com/t?n=1", "https://www.dhl.com/track?id=1") : NULL,
        .carrier_phone = chance(30) ? "+86 11183" : NULL,
        .signed_by = chance(20) ? PICK("N. Drew", "neighbour") : NULL,
        .pickup_point = chance(40) ? "Post office, 5 Main Street" : NULL,
        .carrier_kind = word_or_none(CARRIER_KIND_COUNT, 85),
        .tracked = chance(60) ? TRI_TRUE : (enum tristate)between(-1, 1),
        .free_return = (enum tristate)between(-1, 1),
        .shipped_at = chance(92) ? days_from(c, -days) : MOMENT_NONE,
        .promised_by = day_or_none(c, -20, 20, 85),
        .claim_by = day_or_none(c, -10, 30, 50),
        .pickup_by = day_or_none(c, -4, 12, 50),
        .customs_act_by = day_or_none(c, -4, 12, 40),
        .weight_g = chance(50) ? between(100, 2000) : -1,
        .expected_weight_g = chance(50) ? between(100, 2000) : -1,
        .return_cost = some_or_none(c, 0, 4000, 50),
        .customs_duty = some_or_none(c, 100, 4000, 50),
        .customs_reason = word_or_none(CUSTOMS_REASON_COUNT, 60),
        .customs_party = word_or_none(CUSTOMS_PARTY_COUNT, 50),
        .return_reason = word_or_none(RETURN_REASON_COUNT, 60),
        .return_cause = word_or_none(RETURN_CAUSE_COUNT, 60),
        .customs_document = chance(30) ? PICK("CPF number", "a copy of the invoice") : NULL,
        .customs_pay_to = chance(30) ? PICK("customs", "www.correios.com.br") : NULL,
        .contents = c->contents,
        .content_count = chance(50) ? 1 : 0,
        .events = c->f.events[i]};
    c->contents[0] = (struct case_content){"BD-1", 1};
    if (parcel->shipped_at != MOMENT_NONE)
        make_events(c, i, days);
}

/* ---- its order ---- */

static void make_order(struct random_case *c)
{
    struct case_order *order = &c->f.order;
    int placed = between(1, 70), sent = between(0, placed), parcels;

    order->status = chance(55) ? ORDER_STATUS_SHIPPED : upto(ORDER_STATUS_COUNT);
    order->platform = chance(10) ? -1 : upto(PLATFORM_COUNT);
    order->currency = c->currency;
    order->total = chance(95) ? between(500, chance(10) ? 90000 : 9000) : MONEY_NONE;
    order->freight = chance(80) ? between(0, 400) : MONEY_NONE;
    order->margin = chance(40) ? between(0, 3000) : MONEY_NONE;
    order->note = chance(10) ? "please pack it as a gift" : NULL;
    order->placed_at = days_from(c, -placed);
    order->paid_at =
        order->status == ORDER_STATUS_UNPAID || chance(5) ? MOMENT_NONE : days_from(c, -placed) + 300;
    order->ship_by = day_or_none(c, -8, 8, 50);
    order->new_ship_by = day_or_none(c, -3, 10, 25);
    order->protection_ends_on = day_or_none(c, -5, 40, 40);
    order->shipping_method = chance(50) ? PICK("post", "express", "line", "Air Mail") : NULL;
    order->incoterm = chance(20) ? PICK("DDP", "DAP") : NULL;
    order->duty_informed = (enum tristate)between(-1, 1);
    order->payment_failure = word_or_none(PAYMENT_FAILURE_COUNT, 30);
    order->tax_collected_by = word_or_none(TAX_COLLECTOR_COUNT, 50);
    order->customer.country = order->address.country = PICK("US", "DE", "GB", "BR", "FR", "AU");
    if (chance(70)) {
        order->address.line1 = "12 Elm Road";
        order->address.city = "River Heights";
        order->address.postcode = "60601";
    }
    if (chance(20)) {
        order->refund_state = upto(REFUND_STATE_COUNT);
        order->refund_amount = order->total == MONEY_NONE || chance(20) ? MONEY_NONE
                               : chance(60)                             ? order->total
                                                                        : between(100, (int)order->total);
        order->refund_at = chance(80) ? days_from(c, -between(0, sent)) : MONEY_NONE;
        order->refund_method = chance(50) ? PICK("PayPal", "card") : NULL;
    }
    if (chance(15)) {
        order->return_state = upto(RETURN_STATE_COUNT);
        order->return_at = chance(80) ? days_from(c, -between(0, sent)) : MOMENT_NONE;
        order->return_tracking_number = chance(50) ? "RR123456785US" : NULL;
    }
    if (chance(8)) {
        order->dispute_kind = upto(DISPUTE_KIND_COUNT);
        order->dispute_reason =
            chance(70) ? PICK("item not received", "damaged", "not as described", "") : NULL;
        order->dispute_opened_at = days_from(c, -between(0, 5));
        order->dispute_respond_by = chance(80) ? days_from(c, between(-1, 8)) : MOMENT_NONE;
    }
    c->f.items[0] = (struct case_item){"BD-1",
                                       chance(95) ? "Blue Dress" : NULL,
                                       chance(60) ? PICK("M", "blue, M") : NULL,
                                       between(1, 3),
                                       chance(80) ? between(500, 4000) : MONEY_NONE,
                                       some_or_none(c, 200, 1500, 60)};
    c->f.items[1] = (struct case_item){"BD-9", "Gift Card Holder", NULL, 1, 900, {0, ""}};
    order->item_count = chance(90) ? between(1, 2) : 0;
    parcels = order->status == ORDER_STATUS_SHIPPED || order->status == ORDER_STATUS_COMPLETED
                  ? (chance(85) ? 1 : upto(4))
                  : chance(15);
    for (int i = 0; i < parcels; i++)
        make_parcel(c, i, sent);
    order->shipment_count = parcels;
    if (chance(12)) {
        c->f.rows.order = NULL;
        if (chance(70))
            c->f.request.order_number = NULL;
    }
    if (chance(4))
        c->f.request.buyer.email = "somebody@else.example";
    if (chance(6))
        c->f.request.buyer.email = NULL;
}

/* ---- what is asked ---- */

static void make_message(struct random_case *c)
{
    struct understanding *said = &c->f.said;
    struct entities *named = &said->entities;

    *named = (struct entities){
        .quantity = -1, .packs = -1, .deadline_days = -1, .deadline_on = -1, .late_days = -1};
    said->intent = upto(INTENT_COUNT);
    said->confidence = chance(92) ? 0.9 : 0.3;
    said->mood = upto(MOOD_COUNT);
    said->alternatives[0] = (struct intent_guess){upto(INTENT_COUNT), chance(25) ? 0.8 : 0.02};
    said->alternative_count = 1;
    c->f.request.message.received_at = c->now - (moment_t)between(1, 80) * 3600;
    c->f.request.message.has_attachments = chance(30);
    if (chance(25))
        named->quantity = between(1, 200);
    if (chance(5))
        named->packs = between(1, 20);
    if (chance(25)) {
        named->deadline_days = between(0, 30);
        named->deadline_on = moment_day(c->now) + named->deadline_days;
    }
    if (chance(25))
        named->colors[named->color_count++] = PICK("blue", "red", "green");
    if (chance(25))
        named->sizes[named->size_count++] = (struct size_said){SIZE_ANY, chance(40), SEX_UNKNOWN, "M", "M"};
    if (chance(35))
        named->measures[named->measure_count++] =
            (struct measure_said){MEASURE_WAIST, chance(10) ? 7 : between(66, 96)};
    if (chance(25))
        named->measures[named->measure_count++] = (struct measure_said){MEASURE_BUST, between(74, 104)};
    if (chance(20))
        named->measures[named->measure_count++] = (struct measure_said){MEASURE_HIP, between(78, 108)};
    named->resale = chance(5);
    if (chance(30))
        named->country = PICK("US", "DE", "GB", "BR", "ZA");
    if (chance(15))
        named->carrier = PICK("DHL", "FedEx", "China Post");
    if (chance(10))
        named->price = some(c, 500, 3000);
    if (chance(15))
        named->new_address = "18 Ash Grove, Swansea SA2 8JD, United Kingdom";
    named->photo_announced = chance(15);
    named->wont_wait = chance(10);
    named->wants_money = chance(12);
    named->wants_reship = chance(5);
    named->stance = (enum stance)upto(4);
    named->partial = chance(4);
    if (chance(12))
        named->claims = 1u << upto(CLAIM_COUNT);
    if (chance(5))
        named->late_days = between(1, 30);
    if (chance(60))
        c->f.request.sku = "BD-1";
}

/* The last scan, and the order's state with it. */
static void arrive(struct random_case *c, int status, int state)
{
    struct case_shipment *parcel = &c->f.parcels[0];

    c->f.order.status = status;
    if (c->f.order.shipment_count == 0)
        make_parcel(c, 0, 20);
    if (state < 0) {
        c->f.order.shipment_count = 0;
        return;
    }
    if (c->f.order.shipment_count == 0)
        c->f.order.shipment_count = 1;
    if (parcel->shipped_at == MOMENT_NONE)
        parcel->shipped_at = days_from(c, -20);
    if (parcel->event_count == 0)
        make_events(c, 0, 15);
    if (parcel->event_count > 0)
        c->f.events[0][parcel->event_count - 1].state = state;
}

/* Most letters and triggers come when they should: without this their issues would hardly be met. */
static void steer(struct random_case *c)
{
    static const struct {
        int trigger, status, state;
    } when[] = {
        {TRIGGER_ORDER_UNPAID, ORDER_STATUS_UNPAID, -1},
        {TRIGGER_PAYMENT_REJECTED, ORDER_STATUS_UNPAID, -1},
        {TRIGGER_ORDER_PAID, ORDER_STATUS_PAID, -1},
        {TRIGGER_SELLER_CANNOT_SHIP, ORDER_STATUS_PAID, -1},
        {TRIGGER_SHIPPING_METHOD_BACKLOG, ORDER_STATUS_PAID, -1},
        {TRIGGER_DESTINATION_CUSTOMS_ALERT, ORDER_STATUS_PAID, -1},
        {TRIGGER_ORDER_SHIPPED, ORDER_STATUS_SHIPPED, SHIPMENT_STATE_IN_TRANSIT_ORIGIN},
        {TRIGGER_ARRIVED_AT_CUSTOMS, ORDER_STATUS_SHIPPED, SHIPMENT_STATE_IMPORT_CUSTOMS},
        {TRIGGER_HELD_BY_CUSTOMS, ORDER_STATUS_SHIPPED, SHIPMENT_STATE_CUSTOMS_HELD},
        {TRIGGER_ARRIVED_IN_COUNTRY, ORDER_STATUS_SHIPPED, SHIPMENT_STATE_ARRIVED_DESTINATION},
        {TRIGGER_READY_FOR_PICKUP, ORDER_STATUS_SHIPPED, SHIPMENT_STATE_READY_FOR_PICKUP},
        {TRIGGER_DELIVERY_FAILED, ORDER_STATUS_SHIPPED, SHIPMENT_STATE_DELIVERY_FAILED},
        {TRIGGER_DELIVERED, ORDER_STATUS_COMPLETED, SHIPMENT_STATE_DELIVERED},
        {TRIGGER_RETURNED_TO_SENDER, ORDER_STATUS_SHIPPED, SHIPMENT_STATE_RETURNED},
        {TRIGGER_REVIEW_INVITATION, ORDER_STATUS_COMPLETED, SHIPMENT_STATE_DELIVERED},
        {TRIGGER_POSITIVE_REVIEW, ORDER_STATUS_COMPLETED, SHIPMENT_STATE_DELIVERED},
    };
    int intent = c->f.said.intent;

    if (chance(40))
        return;
    for (size_t i = 0; c->f.trigger && i < sizeof(when) / sizeof(*when); i++) {
        if (when[i].trigger == c->f.request.trigger)
            arrive(c, when[i].status, when[i].state);
    }
    if (c->f.trigger && c->f.request.trigger == TRIGGER_DISPUTE_OPENED)
        c->f.order.dispute_kind = upto(DISPUTE_KIND_COUNT);
    if (!c->f.trigger && intent >= INTENT_REPORT_DELIVERED_NOT_RECEIVED &&
        intent <= INTENT_LEAVE_NEGATIVE_REVIEW)
        arrive(c, ORDER_STATUS_COMPLETED, SHIPMENT_STATE_DELIVERED);
    if (!c->f.trigger && intent >= INTENT_CANCEL_ORDER && intent <= INTENT_ASK_DISPATCH_TIME && chance(50))
        arrive(c, ORDER_STATUS_PAID, -1);
    if (!c->f.trigger && intent == INTENT_ASK_SIZE) {
        c->f.request.sku = "BD-1";
        c->f.rows.product_count = 1;
        c->products[0].size_count = 3;
    }
}

static void make_thread(struct random_case *c)
{
    int count = chance(20) ? between(1, 3) : 0;

    for (int i = 0; i < count; i++)
        c->f.contacts[i] =
            (struct case_contact){.message_id = PICK("m-1", "m-2", "m-3"),
                                  .issue = c->f.playbook->issues[upto(c->f.playbook->issue_count)].code,
                                  .received_at = days_from(c, -between(1, 12)),
                                  .sent = chance(60),
                                  .offered = chance(40) ? UINT64_C(1) << upto(OPTION_ACTION_COUNT) : 0,
                                  .promised_refund = chance(20),
                                  .follow_up_at = chance(50) ? days_from(c, between(-5, 5)) : MOMENT_NONE};
    c->f.rows.contact_count = count;
}

static void make(struct random_case *c, uint64_t number, const struct playbook *playbook,
                 struct compose_context *context)
{
    seed = number * UINT64_C(0x2545F4914F6CDD1D) + 7;
    fixture_init(&c->f, playbook, context);
    c->now = c->f.request.as_of = day_start(day_from_civil(2026, 1, 1) + upto(400)) + upto(86400);
    c->currency = PICK("USD", "EUR", "GBP", "JPY");
    make_shop(c);
    make_order(c);
    make_products(c);
    make_customer(c);
    make_thread(c);
    c->f.trigger = chance(35);
    if (c->f.trigger) {
        c->f.request.has_message = false;
        c->f.request.trigger = upto(TRIGGER_COUNT);
        c->f.request.sku = chance(20) ? "BD-1" : NULL;
    } else {
        make_message(c);
    }
    steer(c);
}

/* ---- what must hold ---- */

struct known {
    double amounts[400]; /* as digits without signs: "39.90" and "3990" alike */
    int amount_count;
    day_t days[400];
    int day_count;
};

static double digits_of(const char *text)
{
    double digits = 0;

    for (; *text; text++) {
        if (isdigit((unsigned char)*text))
            digits = digits * 10 + (*text - '0');
    }
    return digits;
}

/* All that the facts or an answer say. */
static void know(struct known *known, const json_t *json)
{
    const char *key, *text = json_string_value(json);
    const json_t *amount = json_object_get(json, "amount");
    json_t *value;
    size_t i;
    day_t day;

    if (json_is_string(amount) && known->amount_count < 400)
        known->amounts[known->amount_count++] = digits_of(json_string_value(amount));
    if (text && strlen(text) >= 10 && day_parse(text, 10, &day) == 0 && known->day_count < 400)
        known->days[known->day_count++] = day;
    json_object_foreach((json_t *)json, key, value) know(known, value);
    json_array_foreach((json_t *)json, i, value) know(known, value);
}

static bool knows_amount(const struct known *known, double digits)
{
    for (int i = 0; i < known->amount_count; i++) {
        if (known->amounts[i] == digits)
            return true;
    }
    return false;
}

static bool knows_day(const struct known *known, day_t day)
{
    for (int i = 0; i < known->day_count; i++) {
        if (known->days[i] == day)
            return true;
    }
    return false;
}

/* The first amount ("US$39.90", "€1,200.00") that is not known, or NULL. */
static const char *strange_amount(const struct known *known, const char *text)
{
    static const char *const signs[] = {"$", "€", "£", "¥"};

    for (const char *at = text; *at; at++) {
        for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
            size_t len = strlen(signs[i]), digits;
            char number[40];

            if (strncmp(at, signs[i], len) != 0)
                continue;
            digits = strspn(at + len, "0123456789.,");
            while (digits > 0 && !isdigit((unsigned char)at[len + digits - 1]))
                digits--;
            snprintf(number, sizeof(number), "%.*s", (int)digits, at + len);
            if (digits > 0 && !knows_amount(known, digits_of(number)))
                return at;
        }
    }
    return NULL;
}

/* The first day ("2 March 2026") that is not known, or NULL. */
static const char *strange_day(const struct known *known, const char *text)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};

    for (int month = 0; month < 12; month++) {
        for (const char *at = strstr(text, months[month]); at; at = strstr(at + 1, months[month])) {
            const char *day = at - 1, *year = at + strlen(months[month]) + 1;

            if (at == text || year[-1] != ' ') /* no day before it, no year behind it */
                continue;
            while (day > text && isdigit((unsigned char)day[-1]))
                day--;
            if (isdigit((unsigned char)*day) && strspn(year, "0123456789") >= 4 &&
                !knows_day(known, day_from_civil(atoi(year), month + 1, atoi(day))))
                return day;
        }
    }
    return NULL;
}

static const char *orphan(const char *text)
{
    static const char *const marks[] = {"  ", " ,", " .",   "..",     "()",  ",,", " ;", " :",   "{{",
                                        "}}", "“”", ",.",   ".,",     ":.",  "( ", " )", "- \n", "\n\n\n",
                                        " ?", " !", "null", "(null)", "NaN", "?.", "!."};

    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
        const char *found = strstr(text, marks[i]);

        if (found && !(strcmp(marks[i], "..") == 0 && strncmp(found, "...", 3) == 0))
            return found;
    }
    return NULL;
}

static void know_facts(struct known *known, const struct fixture *f)
{
    json_t *facts = json_loadb(f->answer.facts_json.data, f->answer.facts_json.len, 0, NULL);

    know(known, facts);
    json_decref(facts);
    know(known, fixture_at(f, "resolution.options"));
}

/* What is said of another issue in the same letter has the facts that it has when it is the main one. */
static void know_secondary(struct known *known, struct random_case *c)
{
    struct fixture *f = &c->f;
    struct understanding said = f->said;
    json_t *json = f->json;

    if (f->trigger || json_array_size(fixture_at(f, "issue.secondary")) == 0)
        return;
    f->json = NULL;
    f->said.intent = said.alternatives[0].intent;
    f->said.alternatives[0].intent = said.intent;
    fixture_run(f);
    know_facts(known, f);
    json_decref(f->json);
    f->json = json;
    f->said = said;
}

/* What is wrong with the answer, or NULL; where in the text it stands is in `ret_at`. */
static const char *fault_of(struct random_case *c, const char **ret_at)
{
    struct fixture *f = &c->f;
    const char *text = fixture_text(f, "draft.text"), *subject = fixture_text(f, "draft.subject");
    const json_t *options = fixture_at(f, "resolution.options"), *option,
                 *warnings = fixture_at(f, "draft.warnings");
    struct known known = {0};
    size_t i;

    *ret_at = text;
    /* a mail that waits for its day needs nobody */
    if (!*text && !json_is_true(fixture_at(f, "needs_review")) &&
        !json_is_string(fixture_at(f, "resolution.follow_up_at")))
        return "no draft, and nobody is to look";
    if (!*text != !*subject)
        return "half a draft";
    if ((*ret_at = orphan(text)) || (*ret_at = orphan(subject)))
        return "an orphan";
    *ret_at = text;
    json_array_foreach(warnings, i, option)
    {
        const char *rule = json_string_value(json_object_get(option, "rule"));

        *ret_at = json_string_value(json_object_get(option, "excerpt"));
        if (strcmp(rule, "no_draft") != 0 && strcmp(rule, "mail_banned") != 0 &&
            strcmp(rule, "platform") != 0)
            return rule;
        if (strcmp(rule, "mail_banned") == 0 &&
            (*text || !fixture_lists(f, "review_reasons", "platform_warning")))
            return "a mail that is banned";
    }
    option = json_array_get(options, 0);
    *ret_at = json_string_value(json_object_get(json_object_get(option, "cost_to_seller"), "amount"));
    if (*ret_at && **ret_at == '-')
        return "a recommended option earns";
    know_facts(&known, f);
    know_secondary(&known, c);
    if ((*ret_at = strange_amount(&known, text)) || (*ret_at = strange_amount(&known, subject)))
        return "an amount that is not known";
    if ((*ret_at = strange_day(&known, text)) || (*ret_at = strange_day(&known, subject)))
        return "a day that is not known";
    return NULL;
}

static long number_of(const char *name, long otherwise)
{
    const char *text = getenv(name);

    return text ? atol(text) : otherwise;
}

struct tally {
    long *issues; /* by place in order.txt */
    long intents[INTENT_COUNT], intent_unclear[INTENT_COUNT], triggers[TRIGGER_COUNT],
        trigger_unclear[TRIGGER_COUNT];
};

static void count(struct tally *tally, const struct random_case *c, const struct playbook *playbook)
{
    int issue = (int)(c->f.answer.issue - playbook->issues);
    bool unclear = issue == playbook->issue_count - 1;

    tally->issues[issue]++;
    if (c->f.trigger) {
        tally->triggers[c->f.request.trigger]++;
        tally->trigger_unclear[c->f.request.trigger] += unclear;
    } else if (c->f.said.confidence > 0.5) {
        tally->intents[c->f.said.intent]++;
        tally->intent_unclear[c->f.said.intent] += unclear;
    }
}

static void print_table(const struct tally *tally, const struct playbook *playbook)
{
    for (int i = 0; i < playbook->issue_count; i++)
        printf("%8ld %s\n", tally->issues[i], playbook->issues[i].code);
    for (int i = 0; i < INTENT_COUNT; i++) {
        if (tally->intent_unclear[i] > 0)
            printf("unclear: intent %s, %ld of %ld\n", words_intent[i], tally->intent_unclear[i],
                   tally->intents[i]);
    }
    for (int i = 0; i < TRIGGER_COUNT; i++) {
        if (tally->trigger_unclear[i] > 0)
            printf("unclear: trigger %s, %ld of %ld\n", words_trigger[i], tally->trigger_unclear[i],
                   tally->triggers[i]);
    }
}

static void test_drafts_of_random_cases(void **state)
{
    struct playbook *playbook = fixture_playbook();
    struct compose_context *context = compose_context_new();
    struct random_case *c = calloc(1, sizeof(*c));
    struct tally tally = {.issues = calloc((size_t)playbook->issue_count, sizeof(long))};
    long cases = number_of("REPLYD_PROPERTY", CASES), from = number_of("REPLYD_PROPERTY_FROM", 0), faults = 0,
         unreached = 0;
    struct buf first = {0};

    (void)state;
    for (long i = from; i < from + cases; i++) {
        struct arena arena = c->f.arena;
        struct suggestion answer = c->f.answer;
        const char *fault, *at;

        memset(c, 0, sizeof(*c));
        make(c, (uint64_t)i, playbook, context);
        c->f.arena = arena; /* the memory of the last one is used again */
        c->f.answer = answer;
        fixture_run(&c->f);
        count(&tally, c, playbook);
        fault = fault_of(c, &at);
        if (!fault && i % 16 == 0) {
            fixture_run(&c->f);
            buf_truncate(&first, 0);
            buf_add(&first, buf_text(&c->f.answer.answer), c->f.answer.answer.len);
            fixture_run(&c->f);
            fault = first.len == c->f.answer.answer.len &&
                            memcmp(first.data, c->f.answer.answer.data, first.len) == 0
                        ? NULL
                        : "other bytes the second time";
            at = "";
        }
        if (fault && ++faults <= number_of("REPLYD_PROPERTY_SHOW", FAULTS_SHOWN))
            fprintf(stderr, "case %ld: %s: %s: \"%.120s\"\n--- %s\n%s\n---\n", i,
                    fixture_text(&c->f, "issue.code"), fault, at ? at : "",
                    fixture_text(&c->f, "draft.subject"), fixture_text(&c->f, "draft.text"));
        json_decref(c->f.json);
        c->f.json = NULL;
    }
    if (getenv("REPLYD_PROPERTY_TABLE"))
        print_table(&tally, playbook);
    for (int i = 0; cases >= CASES_TO_REACH_ALL && i < playbook->issue_count; i++) {
        if (tally.issues[i] == 0) {
            fprintf(stderr, "%s was never reached\n", playbook->issues[i].code);
            unreached++;
        }
    }
    buf_free(&first);
    free(tally.issues);
    fixture_free(&c->f);
    free(c);
    compose_context_free(context);
    playbook_free(playbook);
    assert_int_equal(faults, 0);
    assert_int_equal(unreached, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_drafts_of_random_cases)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
