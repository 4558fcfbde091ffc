/* Drafts about the goods themselves, for reading: tests/golden/<name>.en.txt. To add one: a function that
 * makes the case, and a row in the table. */
#include "golden.h"

/* ---- the record ---- */

static const struct case_variant variants[] = {
    {.sku = "BD-1-BM", .name = "blue, M", .color = "blue", .size = "M", .stock = 4},
    {.sku = "BD-1-BL", .name = "blue, L", .color = "blue", .size = "L", .stock = 5},
    {.sku = "BD-1-RM", .name = "red, M", .color = "red", .size = "M", .stock = 0},
};

static const struct case_product cotton = {.sku = "BD-2",
                                           .name = "Cotton Dress",
                                           .price = {2900, "USD"},
                                           .stock = 7,
                                           .restock_on = MOMENT_NONE,
                                           .units_per_pack = -1,
                                           .weight_g = -1};

static struct case_product dress;

/* The order's product is on record. */
static void on_record(struct fixture *f)
{
    dress = (struct case_product){.sku = "BD-1",
                                  .name = "Blue Dress",
                                  .manual_url = "https://shop.example.com/care.pdf",
                                  .price = {3490, "USD"},
                                  .cost = {1600, "USD"},
                                  .stock = 9,
                                  .restock_on = MOMENT_NONE,
                                  .units_per_pack = -1,
                                  .weight_g = -1,
                                  .variants = variants,
                                  .variant_count = 3,
                                  .alternatives = &cotton,
                                  .alternative_count = 1};
    f->rows.products = &dress;
    f->rows.product_count = 1;
}

static void delivered(struct fixture *f, int intent)
{
    on_record(f);
    f->said.intent = intent;
    f->parcels[0].return_cost = (struct money){1200, "USD"};
    fixture_event(f, 0, "2026-02-19T10:00:00Z", SHIPMENT_STATE_DELIVERED, "Chicago", "US");
}

static void with_photo(struct fixture *f)
{
    f->request.message.has_attachments = true;
}

static void two_items(struct fixture *f)
{
    f->items[1] = (struct case_item){"HT-1", "Straw Hat", NULL, 1, 1500, {700, "USD"}};
    f->order.item_count = 2;
}

static void in_germany(struct fixture *f)
{
    f->order.address.country = f->order.customer.country = "DE";
}

/* Sent and delivered long ago. */
static void delivered_on(struct fixture *f, const char *sent, const char *when)
{
    f->order.placed_at = f->order.paid_at = f->parcels[0].shipped_at = at(sent);
    f->parcels[0].promised_by = at(when);
    f->parcels[0].event_count = 0;
    fixture_event(f, 0, when, SHIPMENT_STATE_DELIVERED, "Chicago", "US");
}

/* ---- wrong, short, faulty ---- */

static void wrong(struct fixture *f)
{
    delivered(f, INTENT_REPORT_WRONG_ITEM);
}

static void wrong_photo(struct fixture *f)
{
    wrong(f);
    with_photo(f);
}

static void wrong_refund(struct fixture *f)
{
    wrong_photo(f);
    f->said.entities.wants_money = true;
}

static void wrong_angry_late(struct fixture *f)
{
    wrong(f);
    two_items(f);
    f->said.mood = MOOD_ANGRY;
    f->request.message.received_at = at("2026-02-28T09:14:00Z");
}

static void missing(struct fixture *f)
{
    delivered(f, INTENT_REPORT_MISSING_ITEM);
}

static void missing_light(struct fixture *f)
{
    missing(f);
    two_items(f);
    f->parcels[0].weight_g = 300;
    f->parcels[0].expected_weight_g = 500;
}

static void missing_full_weight(struct fixture *f)
{
    missing(f);
    f->parcels[0].weight_g = f->parcels[0].expected_weight_g = 500;
}

static void missing_refund(struct fixture *f)
{
    missing(f);
    f->said.entities.wants_money = true;
}

static void damaged(struct fixture *f)
{
    delivered(f, INTENT_REPORT_DAMAGED);
}

static void damaged_photo(struct fixture *f)
{
    damaged(f);
    with_photo(f);
}

static void damaged_refund(struct fixture *f)
{
    damaged_photo(f);
    f->said.entities.wants_money = true;
}

static void damaged_new(struct fixture *f)
{
    damaged_photo(f);
    f->said.entities.wants_reship = true;
}

static void damaged_part(struct fixture *f)
{
    damaged(f);
    two_items(f);
    f->said.mood = MOOD_UPSET;
}

static void defective(struct fixture *f)
{
    delivered(f, INTENT_REPORT_DEFECTIVE);
}

static void defective_unstocked(struct fixture *f)
{
    defective(f);
    with_photo(f);
    dress.stock = 0;
}

static void not_as_described(struct fixture *f)
{
    delivered(f, INTENT_REPORT_NOT_AS_DESCRIBED);
}

static void not_as_described_photo(struct fixture *f)
{
    not_as_described(f);
    with_photo(f);
    f->shop.policy.full_refund_if_not_as_described = false;
}

/* ---- sent back, exchanged, mended, explained ---- */

static void returned(struct fixture *f)
{
    delivered(f, INTENT_REQUEST_RETURN);
}

static void returned_withdrawal(struct fixture *f)
{
    returned(f);
    in_germany(f);
    f->parcels[0].free_return = TRI_TRUE;
}

static void returned_chosen(struct fixture *f)
{
    returned(f);
    f->said.entities.wants_money = true;
}

static void returned_too_late(struct fixture *f)
{
    returned(f);
    delivered_on(f, "2026-01-06T10:00:00Z", "2026-01-20T10:00:00Z");
}

static void returned_too_late_guarantee(struct fixture *f)
{
    returned_too_late(f);
    in_germany(f);
    f->shop.policy.partial_refund_percent = 0;
}

static void exchanged(struct fixture *f)
{
    delivered(f, INTENT_REQUEST_EXCHANGE);
    f->request.message.text = "Could I have the blue one in L instead?";
    f->said.entities.sizes[0] = (struct size_said){.size = "L", .text = "L"};
    f->said.entities.size_count = 1;
}

static void exchanged_gone(struct fixture *f)
{
    delivered(f, INTENT_REQUEST_EXCHANGE);
    f->request.message.text = "Could I have it in red instead?";
    f->said.entities.colors[0] = "red";
    f->said.entities.color_count = 1;
}

static void exchanged_open(struct fixture *f)
{
    delivered(f, INTENT_REQUEST_EXCHANGE);
    f->request.message.text = "Could I exchange it?";
}

static void mended(struct fixture *f)
{
    delivered(f, INTENT_REQUEST_REPAIR);
    in_germany(f);
}

static void mended_too_late(struct fixture *f)
{
    mended(f);
    delivered_on(f, "2023-01-06T10:00:00Z", "2023-01-20T10:00:00Z");
}

static void explained(struct fixture *f)
{
    delivered(f, INTENT_ASK_USAGE_HELP);
}

static void explained_no_manual(struct fixture *f)
{
    explained(f);
    dress.manual_url = NULL;
}

/* ---- parcels ---- */

static const struct case_content hat[] = {{"HT-1", 1}}, blue_dress[] = {{"BD-1", 1}};

static void split(struct fixture *f)
{
    delivered(f, INTENT_REPORT_MISSING_ITEM);
    two_items(f);
    fixture_parcel(f, 1, "LX223456785CN", "2026-03-12");
    fixture_event(f, 1, "2026-02-27T21:15:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
    f->order.shipment_count = 2;
    f->parcels[0].contents = blue_dress;
    f->parcels[1].contents = hat;
    f->parcels[0].content_count = f->parcels[1].content_count = 1;
}

static void split_late(struct fixture *f)
{
    split(f);
    f->parcels[1].promised_by = at("2026-02-25");
    f->parcels[0].content_count = f->parcels[1].content_count = 0;
}

static void going_back(struct fixture *f)
{
    delivered(f, INTENT_ASK_REFUND_STATUS);
    f->order.return_state = RETURN_STATE_POSTED;
    f->order.return_at = at("2026-02-26T10:00:00Z");
    f->order.return_tracking_number = "RX123456785US";
}

static void gone_back(struct fixture *f)
{
    going_back(f);
    f->order.return_state = RETURN_STATE_RECEIVED;
}

static void gone_back_long_ago(struct fixture *f)
{
    gone_back(f);
    f->order.return_at = at("2026-02-16T10:00:00Z");
}

/* ---- danger ---- */

static void dangerous(struct fixture *f)
{
    delivered(f, INTENT_REPORT_SAFETY);
}

/* ---- not sent yet ---- */

static void unsent(struct fixture *f)
{
    on_record(f);
    f->said.intent = INTENT_CHANGE_ITEM;
    f->order.status = ORDER_STATUS_PAID;
    f->order.placed_at = at("2026-02-28T08:00:00Z");
    f->order.paid_at = at("2026-02-28T08:05:00Z");
    f->order.ship_by = at("2026-03-04");
    f->order.shipment_count = 0;
}

static void cannot_ship(struct fixture *f)
{
    unsent(f);
    f->trigger = true;
    f->request.has_message = false;
    f->request.trigger = TRIGGER_SELLER_CANNOT_SHIP;
    dress.stock = 0;
    dress.restock_on = at("2026-03-20");
}

static void cannot_ship_nothing(struct fixture *f)
{
    cannot_ship(f);
    dress.restock_on = MOMENT_NONE;
    dress.alternative_count = 0;
}

static void changed(struct fixture *f)
{
    unsent(f);
    f->request.message.text = "Could I have L instead?";
    f->said.entities.sizes[0] = (struct size_said){.size = "L", .text = "L"};
    f->said.entities.size_count = 1;
}

static void changed_open(struct fixture *f)
{
    unsent(f);
    f->request.message.text = "I would like to change something.";
}

static void changed_unknown(struct fixture *f)
{
    changed(f);
    f->rows.product_count = 0;
}

static void changed_gone(struct fixture *f)
{
    unsent(f);
    f->request.message.text = "Could I have it in red instead?";
    f->said.entities.colors[0] = "red";
    f->said.entities.color_count = 1;
}

static void changed_sent(struct fixture *f)
{
    changed(f);
    f->order.status = ORDER_STATUS_SHIPPED;
    f->order.placed_at = f->order.paid_at = at("2026-02-02T08:05:00Z");
    f->order.shipment_count = 1;
    f->parcels[0].promised_by = at("2026-03-10");
    f->parcels[0].return_cost = (struct money){1200, "USD"};
    fixture_event(f, 0, "2026-02-27T21:15:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
}

static const struct golden goldens[] = {
    {"wrong_item", wrong},
    {"wrong_item.photo", wrong_photo},
    {"wrong_item.refund", wrong_refund},
    {"wrong_item.angry_late", wrong_angry_late},
    {"missing_item", missing},
    {"missing_item.light", missing_light},
    {"missing_item.full_weight", missing_full_weight},
    {"missing_item.refund", missing_refund},
    {"damaged", damaged},
    {"damaged.photo", damaged_photo},
    {"damaged.refund", damaged_refund},
    {"damaged.new", damaged_new},
    {"damaged.part", damaged_part},
    {"defective", defective},
    {"defective.unstocked", defective_unstocked},
    {"not_as_described", not_as_described},
    {"not_as_described.photo", not_as_described_photo},
    {"return_in_window", returned},
    {"return_in_window.withdrawal", returned_withdrawal},
    {"return_in_window.chosen", returned_chosen},
    {"return_out_of_window", returned_too_late},
    {"return_out_of_window.guarantee", returned_too_late_guarantee},
    {"exchange", exchanged},
    {"exchange.gone", exchanged_gone},
    {"exchange.open", exchanged_open},
    {"repair", mended},
    {"repair.too_late", mended_too_late},
    {"usage_help", explained},
    {"usage_help.no_manual", explained_no_manual},
    {"split_shipment", split},
    {"split_shipment.late", split_late},
    {"return_in_progress", going_back},
    {"return_in_progress.here", gone_back},
    {"return_in_progress.late", gone_back_long_ago},
    {"safety_incident", dangerous},
    {"seller_cannot_ship", cannot_ship},
    {"seller_cannot_ship.nothing", cannot_ship_nothing},
    {"change_item_possible", changed},
    {"change_item_possible.open", changed_open},
    {"change_item_possible.unknown", changed_unknown},
    {"change_item_out_of_stock", changed_gone},
    {"change_item_shipped", changed_sent},
};

int main(void)
{
    return golden_main(goldens, sizeof(goldens) / sizeof(*goldens));
}
