/* Drafts before the purchase: the goods, the size, the price, paying; see test_golden.c. */
#include "golden.h"

/* ---- the shop ---- */

static const char *const countries[] = {"US", "DE"};
static const struct shipping_method post = {.code = "post",
                                            .carrier = "China Post",
                                            .name = "Registered post",
                                            .kind = CARRIER_KIND_POST,
                                            .tracked = true,
                                            .countries = {countries, 2},
                                            .min_days = 12,
                                            .max_days = 20,
                                            .handling_days = 2,
                                            .price = {490, "USD"},
                                            .updated_at = MOMENT_NONE};
static const char *const payment_methods[] = {"Visa", "Mastercard", "PayPal"};
static const struct case_product linen = {.sku = "LB-1",
                                          .name = "Linen blouse",
                                          .price = {2400, "USD"},
                                          .stock = 9,
                                          .restock_on = MOMENT_NONE,
                                          .units_per_pack = -1,
                                          .weight_g = 250,
                                          .material = "linen"};
static const struct case_variant variants[] = {{"BD-1-B-M", "Blue, M", "blue", "M", 20},
                                               {"BD-1-B-L", "Blue, L", "blue", "L", 0},
                                               {"BD-1-G-M", "Green, M", "green", "M", 3}};
static const double bust[3][2] = {{82, 86}, {87, 91}, {92, 96}}, waist[3][2] = {{62, 66}, {67, 71}, {72, 76}},
                    hip[3][2] = {{88, 92}, {93, 97}, {98, 102}};
static const struct case_tier tiers[] = {{10, {3100, "USD"}, false, false}, {50, {2800, "USD"}, false, true}};
static struct case_size sizes[3];
static struct case_product product;
static struct promotion promotion;

/* A question before the purchase, about the dress, from Germany. */
static void asked(struct fixture *f, int intent, const char *text)
{
    static const char *const names[] = {"S", "M", "L"};

    for (int i = 0; i < 3; i++)
        sizes[i] = (struct case_size){
            .size = names[i], .bust = {bust[i], 2}, .waist = {waist[i], 2}, .hip = {hip[i], 2}};
    product = (struct case_product){.sku = "BD-1",
                                    .name = "Blue Dress",
                                    .material = "55% linen, 45% cotton",
                                    .low_price_reason =
                                        "it comes from our own workshop, without a dealer in between",
                                    .price = {3490, "USD"},
                                    .floor_price = {2500, "USD"},
                                    .stock = 23,
                                    .restock_on = MOMENT_NONE,
                                    .units_per_pack = -1,
                                    .weight_g = 400,
                                    .quality_guarantee = TRI_TRUE,
                                    .variants = variants,
                                    .variant_count = 3,
                                    .sizes = sizes,
                                    .size_count = 3,
                                    .tiers = tiers,
                                    .tier_count = 2,
                                    .alternatives = &linen,
                                    .alternative_count = 1};
    f->shop.methods = &post;
    f->shop.method_count = 1;
    f->shop.policy.payment_methods = (struct field_array){payment_methods, 3};
    f->rows.order = NULL;
    f->rows.products = &product;
    f->rows.product_count = 1;
    f->request.order_number = NULL;
    f->request.sku = "BD-1";
    f->request.buyer.country = "DE";
    f->request.message.text = text;
    f->said.intent = intent;
    f->said.alternative_count = 0;
}

static void nothing_on_record(struct fixture *f)
{
    product = (struct case_product){.sku = "BD-1",
                                    .name = "Blue Dress",
                                    .stock = -1,
                                    .restock_on = MOMENT_NONE,
                                    .units_per_pack = -1,
                                    .weight_g = -1};
    f->shop.method_count = 0;
}

static void no_product(struct fixture *f)
{
    f->rows.product_count = 0;
    f->request.sku = NULL;
}

static void promoted(struct fixture *f)
{
    promotion = (struct promotion){
        .percent = 20, .from = at("2026-03-01T00:00:00Z"), .to = at("2026-03-08"), .updated_at = MOMENT_NONE};
    f->shop.promotions = &promotion;
    f->shop.promotion_count = 1;
}

/* ---- the goods ---- */

static void quality(struct fixture *f)
{
    asked(f, INTENT_ASK_PRODUCT_QUALITY, "What is this dress made of?");
}

static void quality_unknown(struct fixture *f)
{
    quality(f);
    nothing_on_record(f);
}

static void quality_of_what(struct fixture *f)
{
    quality(f);
    no_product(f);
}

static void variant(struct fixture *f)
{
    asked(f, INTENT_ASK_VARIANT, "Do you have it in green?");
    f->said.entities.colors[0] = "green";
    f->said.entities.color_count = 1;
}

static void variant_any(struct fixture *f)
{
    asked(f, INTENT_ASK_VARIANT, "Which colours are there?");
}

static void variant_none(struct fixture *f)
{
    asked(f, INTENT_ASK_VARIANT, "Do you have it in red?");
    f->said.entities.colors[0] = "red";
    f->said.entities.color_count = 1;
}

static void stock(struct fixture *f)
{
    asked(f, INTENT_ASK_STOCK, "Is it in stock?");
}

static void stock_unknown(struct fixture *f)
{
    stock(f);
    nothing_on_record(f);
}

static void stock_out(struct fixture *f)
{
    stock(f);
    product.variant_count = 0;
    product.stock = 0;
    product.restock_on = at("2026-03-20");
}

static void stock_short(struct fixture *f)
{
    stock(f);
    f->said.entities.quantity = 30;
}

static void recommendation(struct fixture *f)
{
    asked(f, INTENT_ASK_RECOMMENDATION, "What would you recommend?");
}

static void recommendation_none(struct fixture *f)
{
    recommendation(f);
    no_product(f);
}

/* ---- the size ---- */

static void size_of(struct fixture *f, double bust_cm, double waist_cm, double hip_cm)
{
    asked(f, INTENT_ASK_SIZE, "Which size?");
    f->said.entities.measures[0] = (struct measure_said){.measure = MEASURE_BUST, .cm = bust_cm};
    f->said.entities.measures[1] = (struct measure_said){.measure = MEASURE_WAIST, .cm = waist_cm};
    f->said.entities.measures[2] = (struct measure_said){.measure = MEASURE_HIP, .cm = hip_cm};
    f->said.entities.measure_count = 3;
}

static void size_fits(struct fixture *f)
{
    size_of(f, 89, 69, 95);
}

static void size_two(struct fixture *f)
{
    size_of(f, 91.5, 71.5, 97.5);
}

static void size_wrong(struct fixture *f)
{
    size_of(f, 89, 7, 95);
}

static void size_none(struct fixture *f)
{
    size_of(f, 140, 130, 145);
}

static void size_not_said(struct fixture *f)
{
    asked(f, INTENT_ASK_SIZE, "Which size?");
}

/* ---- the price ---- */

static void bulk(struct fixture *f)
{
    asked(f, INTENT_ASK_BULK_ORDER, "What would 20 pieces cost?");
    f->said.entities.quantity = 20;
}

static void bulk_dozen(struct fixture *f)
{
    bulk(f);
    product.unit_of_sale = "dozen";
    product.units_per_pack = 12;
    product.tier_count = 0;
    f->said.entities.quantity = 30;
}

static void bulk_not_said(struct fixture *f)
{
    bulk(f);
    f->said.entities.quantity = -1;
    f->request.buyer.country = NULL;
}

static void wholesale(struct fixture *f)
{
    bulk(f);
    f->said.entities.quantity = 60;
}

static void resale(struct fixture *f)
{
    bulk_not_said(f);
    f->said.entities.resale = true;
}

static void discount(struct fixture *f)
{
    asked(f, INTENT_ASK_DISCOUNT, "Can you make it cheaper?");
}

static void discount_twenty(struct fixture *f)
{
    discount(f);
    f->said.entities.quantity = 20;
}

static void discount_now(struct fixture *f)
{
    discount(f);
    promoted(f);
}

static void price(struct fixture *f)
{
    asked(f, INTENT_ASK_PRICE, "How much is it?");
}

static void price_now(struct fixture *f)
{
    price(f);
    promoted(f);
    f->request.buyer.country = NULL;
}

static void how_to_order(struct fixture *f)
{
    asked(f, INTENT_ASK_HOW_TO_ORDER, "How do I order?");
}

/* ---- paying ---- */

static void unpaid(struct fixture *f, int intent)
{
    f->said.intent = intent;
    f->said.alternative_count = 0;
    f->shop.policy.payment_methods = (struct field_array){payment_methods, 3};
    f->order.status = ORDER_STATUS_UNPAID;
    f->order.placed_at = at("2026-02-28T08:00:00Z");
    f->order.paid_at = MOMENT_NONE;
    f->order.shipment_count = 0;
}

static void failed(struct fixture *f)
{
    unpaid(f, INTENT_REPORT_PAYMENT_FAILED);
}

static void failed_known(struct fixture *f)
{
    failed(f);
    f->order.payment_failure = PAYMENT_FAILURE_THREE_D_SECURE;
}

static void failed_paid(struct fixture *f)
{
    failed(f);
    f->order.status = ORDER_STATUS_PAID;
    f->order.paid_at = at("2026-02-28T08:05:00Z");
}

static void how_to_pay(struct fixture *f)
{
    unpaid(f, INTENT_ASK_PAYMENT_METHODS);
    no_product(f);
    f->rows.order = NULL;
    f->request.order_number = NULL;
}

static void how_to_pay_order(struct fixture *f)
{
    unpaid(f, INTENT_ASK_PAYMENT_METHODS);
}

static void reminded(struct fixture *f)
{
    unpaid(f, 0);
    f->trigger = true;
    f->request.has_message = false;
    f->request.trigger = TRIGGER_ORDER_UNPAID;
    f->request.message = (struct request_message){.received_at = MOMENT_NONE};
    promoted(f);
}

static void combine_which(struct fixture *f)
{
    unpaid(f, INTENT_ASK_COMBINE_ORDERS);
}

static struct case_customer_order orders[2];
static struct case_customer customer;

static void combine(struct fixture *f)
{
    unpaid(f, INTENT_ASK_COMBINE_ORDERS);
    for (int i = 0; i < 2; i++)
        orders[i] = (struct case_customer_order){
            .number = i == 0 ? "1002" : "1001",
            .status = ORDER_STATUS_UNPAID,
            .platform = PLATFORM_OWN_SHOP,
            .currency = "USD",
            .total = i == 0 ? 2490 : 3990,
            .freight = 500,
            .placed_at = at("2026-02-28T08:00:00Z"),
            .paid_at = MOMENT_NONE,
            .address = {.line1 = "12 Elm Road", .city = "Chicago", .postcode = "60601", .country = "US"},
            .return_state = -1,
            .dispute_kind = -1};
    f->order.address.line1 = "12 Elm Road";
    f->order.address.city = "Chicago";
    f->order.address.postcode = "60601";
    customer = (struct case_customer){.name = "Nancy Drew",
                                      .email = "nancy@example.org",
                                      .birthday = MOMENT_NONE,
                                      .marketing_consent = TRI_UNKNOWN,
                                      .orders = orders,
                                      .order_count = 2};
    f->rows.customer = &customer;
}

static const struct golden goldens[] = {
    {"product_quality", quality},
    {"product_quality.unknown", quality_unknown},
    {"product_quality.of_what", quality_of_what},
    {"variant_available", variant},
    {"variant_available.any", variant_any},
    {"variant_unavailable", variant_none},
    {"in_stock", stock},
    {"in_stock.unknown", stock_unknown},
    {"out_of_stock", stock_out},
    {"out_of_stock.too_few", stock_short},
    {"product_recommendation", recommendation},
    {"product_recommendation.none", recommendation_none},
    {"size_recommended", size_fits},
    {"size_between", size_two},
    {"size_implausible", size_wrong},
    {"size_needs_measurements", size_not_said},
    {"size_needs_measurements.none_fits", size_none},
    {"bulk_quote", bulk},
    {"bulk_quote.dozen", bulk_dozen},
    {"bulk_quote.not_said", bulk_not_said},
    {"wholesale_quote", wholesale},
    {"wholesale_quote.resale", resale},
    {"discount_refused", discount},
    {"discount_bulk", discount_twenty},
    {"discount_promotion", discount_now},
    {"price_info", price},
    {"price_info.promotion", price_now},
    {"order_guidance", how_to_order},
    {"payment_failed", failed},
    {"payment_failed.known", failed_known},
    {"payment_failed.paid", failed_paid},
    {"payment_guidance", how_to_pay},
    {"payment_guidance.unpaid", how_to_pay_order},
    {"unpaid_reminder", reminded},
    {"combine_orders", combine},
    {"combine_orders.which", combine_which},
};

int main(void)
{
    return golden_main(goldens, sizeof(goldens) / sizeof(*goldens));
}
