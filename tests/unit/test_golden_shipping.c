/* Drafts about shipping, customs, the goods' record and the policy before the purchase, of the mails that are
 * sent without being asked for, and of the care for customers; see test_golden.c. */
#include "golden.h"

/* ---- the shop ---- */

static const char *const countries[] = {"US", "DE", "GB"};
static struct shipping_method methods[3];

static void method(int i, const char *code, const char *carrier, const char *name, int kind, int64_t min_days,
                   int64_t max_days, int64_t cents)
{
    methods[i] = (struct shipping_method){.code = code,
                                          .carrier = carrier,
                                          .name = name,
                                          .kind = kind,
                                          .tracked = true,
                                          .countries = {countries, 3},
                                          .min_days = min_days,
                                          .max_days = max_days,
                                          .handling_days = 2,
                                          .price = {cents, "USD"},
                                          .updated_at = MOMENT_NONE};
}

static void ways(struct fixture *f)
{
    method(0, "dhl", "DHL", "DHL Express", CARRIER_KIND_EXPRESS, 3, 5, 2490);
    method(1, "line", "YunExpress", "YunExpress line", CARRIER_KIND_LINE, 6, 10, 1400);
    method(2, "post", "China Post", "Registered post", CARRIER_KIND_POST, 12, 20, 490);
    f->shop.methods = methods;
    f->shop.method_count = 3;
}

static const struct case_product lamp_us = {.sku = "LAMP-US",
                                            .name = "Desk lamp 120 V",
                                            .price = {3700, "USD"},
                                            .voltage = "100-240 V",
                                            .plug = "A",
                                            .stock = 9,
                                            .restock_on = MOMENT_NONE,
                                            .units_per_pack = -1,
                                            .weight_g = 450};
static struct case_product lamp;

/* A question before the purchase, about the lamp, from the United States. */
static void asked(struct fixture *f, int intent)
{
    ways(f);
    lamp = (struct case_product){.sku = "LAMP",
                                 .name = "Desk lamp",
                                 .description = "Desk lamp with a folding arm, 48 cm tall",
                                 .material = "Aluminium",
                                 .price = {3500, "USD"},
                                 .voltage = "220-240 V",
                                 .plug = "C",
                                 .stock = 20,
                                 .restock_on = MOMENT_NONE,
                                 .units_per_pack = -1,
                                 .weight_g = 450,
                                 .alternatives = &lamp_us,
                                 .alternative_count = 1};
    f->rows.products = &lamp;
    f->rows.product_count = 1;
    f->rows.order = NULL;
    f->request.order_number = NULL;
    f->request.sku = "LAMP";
    f->request.buyer.country = "US";
    f->said.intent = intent;
}

static void nowhere(struct fixture *f)
{
    f->request.buyer.country = NULL;
}

static void of_nothing(struct fixture *f)
{
    f->request.sku = NULL;
    f->rows.product_count = 0;
}

static void unsent(struct fixture *f)
{
    ways(f);
    f->order.status = ORDER_STATUS_PAID;
    f->order.placed_at = at("2026-03-01T08:00:00Z");
    f->order.paid_at = at("2026-03-01T08:05:00Z");
    f->order.ship_by = at("2026-03-04");
    f->order.shipping_method = "post";
    f->order.freight = 490;
    f->order.shipment_count = 0;
    f->order.address.line1 = "12 Elm Road";
    f->order.address.city = "River Heights";
    f->order.address.postcode = "60601";
}

static void event(struct fixture *f, int trigger)
{
    f->trigger = true;
    f->request.has_message = false;
    f->request.trigger = trigger;
}

static void needed_by(struct fixture *f, const char *day)
{
    f->said.entities.deadline_on = moment_day(at(day));
}

/* ---- before the purchase ---- */

static void fast(struct fixture *f)
{
    asked(f, INTENT_ASK_DELIVERY_TIME);
    needed_by(f, "2026-03-15");
}

static void fast_order(struct fixture *f)
{
    unsent(f);
    f->said.intent = INTENT_ASK_DELIVERY_TIME;
    needed_by(f, "2026-03-15");
}

static void too_fast(struct fixture *f)
{
    asked(f, INTENT_ASK_DELIVERY_TIME);
    needed_by(f, "2026-03-06");
    f->said.mood = MOOD_UPSET;
}

static void by_dhl(struct fixture *f)
{
    asked(f, INTENT_ASK_SHIPPING_METHOD);
    f->said.entities.carrier = "DHL";
}

static void by_fedex(struct fixture *f)
{
    by_dhl(f);
    f->said.entities.carrier = "FedEx";
}

static void cost(struct fixture *f)
{
    asked(f, INTENT_ASK_SHIPPING_COST);
}

static void cost_nowhere(struct fixture *f)
{
    cost(f);
    nowhere(f);
}

static void cost_unserved(struct fixture *f)
{
    cost(f);
    f->request.buyer.country = "NO";
}

static void one_way(struct fixture *f)
{
    cost(f);
    of_nothing(f);
    f->shop.method_count = 1;
    methods[0].price.minor = 0;
    methods[0].min_days = 5;
}

static void how_long(struct fixture *f)
{
    asked(f, INTENT_ASK_DELIVERY_TIME);
}

static void how_long_nowhere(struct fixture *f)
{
    how_long(f);
    nowhere(f);
    f->request.message.received_at = at("2026-02-28T09:14:00Z");
}

static void how_long_unpaid(struct fixture *f)
{
    unsent(f);
    f->order.status = ORDER_STATUS_UNPAID;
    f->order.paid_at = MOMENT_NONE;
    f->said.intent = INTENT_ASK_DELIVERY_TIME;
}

static struct customs_rule rule;
static const char *const papers[] = {"a signed form"};

static void ruled(struct fixture *f, const char *country, int collector)
{
    rule = (struct customs_rule){.country = country,
                                 .duty_free_below = {2000, "USD"},
                                 .tax_threshold = {0, ""},
                                 .handling_fee = {500, "USD"},
                                 .duty_percent = 10,
                                 .tax_percent = 20,
                                 .collected_by = collector,
                                 .recipient_id = {"customs number", NULL},
                                 .buyer_documents = {papers, 1},
                                 .effective_from = MOMENT_NONE,
                                 .effective_to = MOMENT_NONE,
                                 .alert_from = MOMENT_NONE,
                                 .alert_to = MOMENT_NONE,
                                 .updated_at = MOMENT_NONE};
    f->shop.customs_rules = &rule;
    f->shop.customs_rule_count = 1;
}

static void duty(struct fixture *f)
{
    asked(f, INTENT_ASK_CUSTOMS_DUTY);
    ruled(f, "CH", TAX_COLLECTOR_CARRIER);
    f->request.buyer.country = "CH";
}

static void duty_prepaid(struct fixture *f)
{
    duty(f);
    rule.collected_by = TAX_COLLECTOR_SELLER;
    rule.recipient_id.kind = NULL;
    rule.buyer_documents.count = 0;
}

static void duty_unknown(struct fixture *f)
{
    duty(f);
    f->request.buyer.country = "NO";
}

static void duty_nowhere(struct fixture *f)
{
    duty(f);
    nowhere(f);
}

static void spec(struct fixture *f)
{
    asked(f, INTENT_ASK_PRODUCT_SPEC);
    f->request.buyer.country = "DE";
}

static void spec_sparse(struct fixture *f)
{
    spec(f);
    lamp.description = lamp.material = lamp.voltage = lamp.plug = NULL;
    lamp.weight_g = -1;
}

static void spec_of_nothing(struct fixture *f)
{
    spec(f);
    of_nothing(f);
}

static void misfit(struct fixture *f)
{
    asked(f, INTENT_ASK_PRODUCT_SPEC);
}

static void misfit_plug(struct fixture *f)
{
    misfit(f);
    lamp.voltage = "100-240 V";
    lamp.alternative_count = 0;
}

static void returns(struct fixture *f)
{
    asked(f, INTENT_ASK_RETURN_POLICY);
}

static void returns_by_law(struct fixture *f)
{
    returns(f);
    f->request.buyer.country = "DE";
}

static void no_returns(struct fixture *f)
{
    returns(f);
    f->shop.policy.return_window_days = 0;
}

/* ---- an order that has not left ---- */

static void thanks(struct fixture *f)
{
    unsent(f);
    event(f, TRIGGER_ORDER_PAID);
}

static void thanks_sparse(struct fixture *f)
{
    thanks(f);
    f->order.address.line1 = NULL;
    f->order.item_count = 0;
    f->order.paid_at = f->order.ship_by = MOMENT_NONE;
    f->order.shipping_method = NULL;
}

static const char *const payments[] = {"Visa", "Mastercard", "PayPal"};

static void rejected(struct fixture *f)
{
    unsent(f);
    event(f, TRIGGER_PAYMENT_REJECTED);
    f->order.status = ORDER_STATUS_CANCELLED;
    f->order.paid_at = MOMENT_NONE;
    f->order.payment_failure = PAYMENT_FAILURE_THREE_D_SECURE;
    f->shop.policy.payment_methods = (struct field_array){payments, 3};
}

static void rejected_marketplace(struct fixture *f)
{
    rejected(f);
    f->order.platform = PLATFORM_EBAY;
    f->order.payment_failure = -1;
}

static void jammed(struct fixture *f)
{
    unsent(f);
    event(f, TRIGGER_SHIPPING_METHOD_BACKLOG);
}

static void jammed_alone(struct fixture *f)
{
    jammed(f);
    f->shop.method_count = 0;
}

static void other_way(struct fixture *f)
{
    unsent(f);
    f->said.intent = INTENT_CHANGE_SHIPPING_METHOD;
}

static void strict_customs(struct fixture *f)
{
    unsent(f);
    event(f, TRIGGER_DESTINATION_CUSTOMS_ALERT);
    ruled(f, "US", TAX_COLLECTOR_CARRIER);
    rule.alert_from = at("2026-02-20T00:00:00Z");
    rule.alert_to = at("2026-03-15");
}

static struct holiday festival;

static void closed(struct fixture *f)
{
    festival = (struct holiday){.name = "Spring Festival",
                                .kind = HOLIDAY_KIND_SUSPENSION,
                                .from = at("2026-03-03T00:00:00Z"),
                                .to = at("2026-03-08"),
                                .updated_at = MOMENT_NONE};
    f->shop.holidays = &festival;
    f->shop.holiday_count = 1;
}

static void closed_before(struct fixture *f)
{
    unsent(f);
    event(f, TRIGGER_HOLIDAY_SUSPENSION);
    closed(f);
}

static void closed_asked(struct fixture *f)
{
    unsent(f);
    f->said.intent = INTENT_ASK_DISPATCH_TIME;
    closed(f);
}

static void closed_on_the_way(struct fixture *f)
{
    event(f, TRIGGER_HOLIDAY_SUSPENSION);
    closed(f);
    festival.from = at("2026-02-28T00:00:00Z");
    f->parcels[0].promised_by = at("2026-03-10");
}

static void bill(struct fixture *f)
{
    f->said.intent = INTENT_ASK_INVOICE;
}

static void bill_unpaid(struct fixture *f)
{
    unsent(f);
    bill(f);
    f->order.status = ORDER_STATUS_UNPAID;
    f->order.paid_at = MOMENT_NONE;
}

static void bill_marketplace(struct fixture *f)
{
    bill(f);
    f->order.platform = PLATFORM_EBAY;
}

/* ---- on its way, and there ---- */

static void on_its_way(struct fixture *f, int trigger)
{
    event(f, trigger);
    f->parcels[0].promised_by = at("2026-03-10");
}

static void sent(struct fixture *f)
{
    on_its_way(f, TRIGGER_ORDER_SHIPPED);
    f->parcels[0].event_count = 1;
}

static void sent_untracked(struct fixture *f)
{
    sent(f);
    f->parcels[0].tracked = TRI_FALSE;
    f->parcels[0].event_count = 0;
    f->parcels[0].tracking_url = NULL;
}

static void sent_late(struct fixture *f)
{
    sent(f);
    f->parcels[0].promised_by = at("2026-03-01");
}

static void arrived(struct fixture *f)
{
    on_its_way(f, TRIGGER_ARRIVED_IN_COUNTRY);
    fixture_event(f, 0, "2026-02-27T21:15:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
}

static void arrived_prepaid(struct fixture *f)
{
    on_its_way(f, TRIGGER_ARRIVED_AT_CUSTOMS);
    fixture_event(f, 0, "2026-02-27T21:15:00Z", SHIPMENT_STATE_IMPORT_CUSTOMS, "Chicago", "US");
    f->order.tax_collected_by = TAX_COLLECTOR_SELLER;
}

static void there(struct fixture *f)
{
    on_its_way(f, TRIGGER_DELIVERED);
    fixture_event(f, 0, "2026-03-01T10:00:00Z", SHIPMENT_STATE_DELIVERED, "Chicago", "US");
}

static void half_there(struct fixture *f)
{
    there(f);
    f->order.shipment_count = 2;
    fixture_parcel(f, 1, "LX123456794CN", "2026-03-12");
    fixture_event(f, 1, "2026-02-20T10:00:00Z", SHIPMENT_STATE_DEPARTED, "Shenzhen", "CN");
}

/* ---- care ---- */

static const struct case_customer_order bought[] = {{.number = "1001",
                                                     .status = ORDER_STATUS_COMPLETED,
                                                     .platform = PLATFORM_OWN_SHOP,
                                                     .currency = "USD",
                                                     .total = 3990,
                                                     .freight = 500,
                                                     .return_state = -1,
                                                     .dispute_kind = -1,
                                                     .first_item = "Blue Dress"}};
static struct case_customer_order placed;
static struct case_customer customer;

static void known(struct fixture *f, int trigger)
{
    event(f, trigger);
    f->rows.order = NULL;
    f->request.order_number = NULL;
    placed = bought[0];
    placed.placed_at = placed.paid_at = at("2025-11-14T08:00:00Z");
    customer = (struct case_customer){.name = "Nancy Drew",
                                      .email = "nancy@example.org",
                                      .country = "US",
                                      .language = "en",
                                      .birthday = MOMENT_NONE,
                                      .marketing_consent = TRI_TRUE,
                                      .orders = &placed,
                                      .order_count = 1};
    f->rows.customer = &customer;
}

static void greeted(struct fixture *f)
{
    known(f, TRIGGER_HOLIDAY_GREETING);
    closed(f);
    festival.name = "Easter";
    festival.countries = (struct field_array){countries, 1};
}

static struct promotion sale;

static void news(struct fixture *f)
{
    known(f, TRIGGER_PROMOTION_NEWS);
    sale = (struct promotion){
        .percent = 15, .from = at("2026-03-01T00:00:00Z"), .to = at("2026-03-14"), .updated_at = MOMENT_NONE};
    f->shop.promotions = &sale;
    f->shop.promotion_count = 1;
}

static void won_back(struct fixture *f)
{
    news(f);
    event(f, TRIGGER_WIN_BACK);
}

static void won_back_without_offer(struct fixture *f)
{
    won_back(f);
    f->shop.promotion_count = 0;
}

static const struct golden goldens[] = {
    {"fast_shipping", fast},
    {"fast_shipping.order", fast_order},
    {"fast_shipping_impossible", too_fast},
    {"carrier_available", by_dhl},
    {"carrier_unavailable", by_fedex},
    {"shipping_cost", cost},
    {"shipping_cost.nowhere", cost_nowhere},
    {"shipping_cost.unserved", cost_unserved},
    {"shipping_cost.one_way", one_way},
    {"delivery_time", how_long},
    {"delivery_time.nowhere", how_long_nowhere},
    {"delivery_time.unpaid", how_long_unpaid},
    {"customs_duty_info", duty},
    {"customs_duty_info.prepaid", duty_prepaid},
    {"customs_duty_info.unknown", duty_unknown},
    {"customs_duty_info.nowhere", duty_nowhere},
    {"product_spec", spec},
    {"product_spec.sparse", spec_sparse},
    {"product_spec.of_nothing", spec_of_nothing},
    {"spec_incompatible", misfit},
    {"spec_incompatible.plug", misfit_plug},
    {"return_policy_info", returns},
    {"return_policy_info.by_law", returns_by_law},
    {"return_policy_info.none", no_returns},
    {"order_thanks", thanks},
    {"order_thanks.sparse", thanks_sparse},
    {"payment_rejected", rejected},
    {"payment_rejected.marketplace", rejected_marketplace},
    {"method_backlog", jammed},
    {"method_backlog.alone", jammed_alone},
    {"method_backlog.asked", other_way},
    {"customs_alert_delay", strict_customs},
    {"holiday_delay", closed_before},
    {"holiday_delay.asked", closed_asked},
    {"holiday_delay.on_the_way", closed_on_the_way},
    {"invoice", bill},
    {"invoice.unpaid", bill_unpaid},
    {"invoice.marketplace", bill_marketplace},
    {"shipped_notice", sent},
    {"shipped_notice.untracked", sent_untracked},
    {"shipped_notice.late", sent_late},
    {"customs_arrival_notice", arrived},
    {"customs_arrival_notice.prepaid", arrived_prepaid},
    {"delivered_notice", there},
    {"delivered_notice.half", half_there},
    {"holiday_greeting", greeted},
    {"promotion_news", news},
    {"win_back", won_back},
    {"win_back.without_offer", won_back_without_offer},
};

int main(void)
{
    return golden_main(goldens, sizeof(goldens) / sizeof(*goldens));
}
