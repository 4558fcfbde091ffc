/* A draft of every issue of duty, payment, refunds, reviews, disputes and mood on the fixture's order, for
 * reading: tests/golden/<name>.en.txt. */
#include "golden.h"

static void says(struct fixture *f, int intent)
{
    f->said.intent = intent;
    f->said.alternative_count = 0;
}

static void delivered(struct fixture *f)
{
    fixture_event(f, 0, "2026-02-28T11:00:00Z", SHIPMENT_STATE_DELIVERED, "Chicago", "US");
}

static void without_order(struct fixture *f)
{
    f->request.order_number = NULL;
    f->rows.order = NULL;
}

/* ---- duty ---- */

/* Held for a duty of 12.00; a return would cost 5.00 back and 5.00 out. */
static void duty(struct fixture *f)
{
    says(f, INTENT_DISPUTE_CUSTOMS_DUTY);
    fixture_event(f, 0, "2026-02-27T08:00:00Z", SHIPMENT_STATE_CUSTOMS_HELD, "Chicago", "US");
    f->parcels[0].customs_reason = CUSTOMS_REASON_DUTY_UNPAID;
    f->parcels[0].customs_party = CUSTOMS_PARTY_BUYER;
    f->parcels[0].customs_duty = (struct money){1200, "USD"};
    f->parcels[0].customs_pay_to = "China Post’s customs page";
    f->parcels[0].customs_act_by = at("2026-03-09");
    f->parcels[0].return_cost = (struct money){500, "USD"};
    f->order.tax_collected_by = TAX_COLLECTOR_CARRIER;
    f->order.duty_informed = TRI_FALSE;
    f->order.margin = 700;
}

static void duty_told(struct fixture *f)
{
    duty(f);
    f->order.duty_informed = TRI_TRUE;
}

static void duty_told_delivered(struct fixture *f)
{
    duty_told(f);
    delivered(f);
}

static void duty_told_withdrawal(struct fixture *f)
{
    duty_told(f);
    f->order.address.country = "DE";
    f->order.customer.country = "DE";
}

static void duty_borne(struct fixture *f)
{
    duty(f);
    f->parcels[0].customs_duty.minor = 700;
    f->said.mood = MOOD_UPSET;
}

static void duty_borne_delivered(struct fixture *f)
{
    duty_borne(f);
    delivered(f);
}

static void duty_split(struct fixture *f)
{
    duty(f);
}

static void duty_split_refund(struct fixture *f)
{
    duty(f);
    f->said.entities.wants_money = true;
}

static void duty_dear(struct fixture *f)
{
    duty(f);
    f->parcels[0].customs_duty.minor = 2600;
    f->said.mood = MOOD_ANGRY;
}

static void duty_dear_unknown(struct fixture *f)
{
    duty(f);
    f->parcels[0].customs_duty = (struct money){0};
    f->order.duty_informed = TRI_UNKNOWN;
}

static void taxed_twice(struct fixture *f)
{
    duty(f);
    f->order.tax_collected_by = TAX_COLLECTOR_PLATFORM;
}

static void taxed_twice_receipt(struct fixture *f)
{
    taxed_twice(f);
    f->request.message.has_attachments = true;
    f->parcels[0].customs_duty = (struct money){0};
}

/* ---- payment ---- */

static void fee(struct fixture *f)
{
    says(f, INTENT_DISPUTE_PAYMENT_FEE);
}

static void fee_marketplace(struct fixture *f)
{
    fee(f);
    f->order.platform = PLATFORM_ALIEXPRESS;
}

static void charged_twice(struct fixture *f)
{
    says(f, INTENT_REPORT_WRONG_CHARGE);
}

static void unpaid(struct fixture *f)
{
    says(f, INTENT_REPORT_WRONG_CHARGE);
    f->order.status = ORDER_STATUS_UNPAID;
    f->order.paid_at = MOMENT_NONE;
    f->order.shipment_count = 0;
}

static void cheaper_refused(struct fixture *f)
{
    says(f, INTENT_ASK_PRICE_ADJUSTMENT);
}

/* Bought for 34.90 on 2 February, 29.90 today. */
static void cheaper_now(struct fixture *f)
{
    static const struct case_product dress = {.sku = "BD-1",
                                              .price = {2990, "USD"},
                                              .stock = -1,
                                              .restock_on = MOMENT_NONE,
                                              .units_per_pack = -1,
                                              .weight_g = -1};

    cheaper_refused(f);
    f->shop.policy.price_adjustment_days = 30;
    f->rows.products = &dress;
    f->rows.product_count = 1;
}

static void cheaper_too_late(struct fixture *f)
{
    cheaper_now(f);
    f->shop.policy.price_adjustment_days = 14;
}

static void cheaper_unknown(struct fixture *f)
{
    cheaper_now(f);
    f->rows.product_count = 0;
}

static void false_value(struct fixture *f)
{
    says(f, INTENT_REQUEST_LOW_DECLARATION);
    f->order.tax_collected_by = TAX_COLLECTOR_SELLER;
}

static void false_value_no_order(struct fixture *f)
{
    says(f, INTENT_REQUEST_LOW_DECLARATION);
    without_order(f);
}

static void asked_for_money(struct fixture *f)
{
    says(f, INTENT_REPORT_SUSPICIOUS_FEE);
}

static void asked_for_money_due(struct fixture *f)
{
    duty(f);
    says(f, INTENT_REPORT_SUSPICIOUS_FEE);
}

static void asked_for_money_prepaid(struct fixture *f)
{
    asked_for_money(f);
    f->order.tax_collected_by = TAX_COLLECTOR_SELLER;
}

static void asked_for_money_no_order(struct fixture *f)
{
    asked_for_money(f);
    without_order(f);
}

/* ---- refunds ---- */

static void wants_money(struct fixture *f)
{
    says(f, INTENT_REQUEST_REFUND);
    delivered(f);
}

static void refund(struct fixture *f, int state, const char *when)
{
    says(f, INTENT_ASK_REFUND_STATUS);
    f->order.refund_state = state;
    f->order.refund_amount = 3990;
    f->order.refund_at = when ? at(when) : MOMENT_NONE;
}

static void refund_none(struct fixture *f)
{
    says(f, INTENT_ASK_REFUND_STATUS);
}

static void refund_requested(struct fixture *f)
{
    refund(f, REFUND_STATE_REQUESTED, NULL);
}

static void refund_approved(struct fixture *f)
{
    refund(f, REFUND_STATE_APPROVED, NULL);
}

static void refund_issued(struct fixture *f)
{
    refund(f, REFUND_STATE_ISSUED, "2026-02-26T09:00:00Z");
    f->order.refund_method = "PayPal";
}

static void refund_issued_long_ago(struct fixture *f)
{
    refund(f, REFUND_STATE_ISSUED, "2026-02-12T09:00:00Z");
    f->said.mood = MOOD_UPSET;
}

static void refund_rejected(struct fixture *f)
{
    refund(f, REFUND_STATE_REJECTED, NULL);
}

/* ---- reviews ---- */

static void invited(struct fixture *f)
{
    f->trigger = true;
    f->request.has_message = false;
    f->request.trigger = TRIGGER_REVIEW_INVITATION;
    /* the policy's three days ago */
    fixture_event(f, 0, "2026-02-27T11:00:00Z", SHIPMENT_STATE_DELIVERED, "Chicago", "US");
}

static void pleased(struct fixture *f)
{
    says(f, INTENT_LEAVE_POSITIVE_REVIEW);
    f->said.mood = MOOD_PLEASED;
    delivered(f);
}

static void half_content(struct fixture *f)
{
    says(f, INTENT_LEAVE_NEUTRAL_REVIEW);
    delivered(f);
}

static void displeased(struct fixture *f)
{
    says(f, INTENT_LEAVE_NEGATIVE_REVIEW);
    delivered(f);
}

static void displeased_no_order(struct fixture *f)
{
    displeased(f);
    without_order(f);
}

/* ---- disputes ---- */

static void threatens(struct fixture *f)
{
    says(f, INTENT_THREATEN_DISPUTE);
    f->said.mood = MOOD_ANGRY;
}

static void threatens_wants_money(struct fixture *f)
{
    threatens(f);
    f->said.entities.wants_money = true;
}

static void threatens_delivered(struct fixture *f)
{
    threatens(f);
    delivered(f);
}

static void threatens_on_time(struct fixture *f)
{
    threatens(f);
    f->parcels[0].promised_by = at("2026-03-20");
    fixture_event(f, 0, "2026-02-28T22:30:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
}

static void threatens_no_order(struct fixture *f)
{
    threatens(f);
    without_order(f);
}

static void disputed(struct fixture *f)
{
    f->trigger = true;
    f->request.has_message = false;
    f->request.trigger = TRIGGER_DISPUTE_OPENED;
    f->order.platform = PLATFORM_EBAY;
    f->order.dispute_kind = DISPUTE_KIND_PLATFORM_CASE;
    f->order.dispute_reason = "Item not received";
    f->order.dispute_opened_at = at("2026-03-01T10:00:00Z");
    f->order.dispute_respond_by = at("2026-03-05T10:00:00Z");
}

static void disputed_delivered(struct fixture *f)
{
    disputed(f);
    delivered(f);
    f->order.dispute_reason = NULL;
}

static void charged_back(struct fixture *f)
{
    disputed(f);
    f->order.platform = PLATFORM_OWN_SHOP;
    f->order.dispute_kind = DISPUTE_KIND_CHARGEBACK;
}

static void charged_back_delivered(struct fixture *f)
{
    charged_back(f);
    delivered(f);
}

/* ---- mood ---- */

static void complains(struct fixture *f)
{
    says(f, INTENT_COMPLAIN_SERVICE);
    f->said.mood = MOOD_ANGRY;
}

static void complains_no_order(struct fixture *f)
{
    complains(f);
    without_order(f);
}

static void complains_late(struct fixture *f)
{
    complains(f);
    f->request.message.received_at = at("2026-02-27T09:14:00Z");
}

static void thanks(struct fixture *f)
{
    says(f, INTENT_THANK);
}

static void greets(struct fixture *f)
{
    says(f, INTENT_GREET);
}

static void greets_no_order(struct fixture *f)
{
    greets(f);
    without_order(f);
}

static void wants_person(struct fixture *f)
{
    says(f, INTENT_REQUEST_HUMAN);
}

static void wants_person_no_order(struct fixture *f)
{
    wants_person(f);
    without_order(f);
}

static const struct golden goldens[] = {
    {"duty_informed", duty_told},
    {"duty_informed.delivered", duty_told_delivered},
    {"duty_informed.withdrawal", duty_told_withdrawal},
    {"duty_shared", duty_split},
    {"duty_shared.refund", duty_split_refund},
    {"duty_shared.borne", duty_borne},
    {"duty_shared.borne_delivered", duty_borne_delivered},
    {"duty_return", duty_dear},
    {"duty_return.unknown", duty_dear_unknown},
    {"tax_charged_twice", taxed_twice},
    {"tax_charged_twice.receipt", taxed_twice_receipt},
    {"payment_fee", fee},
    {"payment_fee.marketplace", fee_marketplace},
    {"duplicate_charge", charged_twice},
    {"paid_but_unpaid", unpaid},
    {"price_adjustment", cheaper_now},
    {"price_adjustment.refused", cheaper_refused},
    {"price_adjustment.too_late", cheaper_too_late},
    {"price_adjustment.unknown", cheaper_unknown},
    {"undervalue_request", false_value},
    {"undervalue_request.no_order", false_value_no_order},
    {"suspicious_fee", asked_for_money},
    {"suspicious_fee.due", asked_for_money_due},
    {"suspicious_fee.prepaid", asked_for_money_prepaid},
    {"suspicious_fee.no_order", asked_for_money_no_order},
    {"refund_request", wants_money},
    {"refund_status", refund_issued},
    {"refund_status.none", refund_none},
    {"refund_status.requested", refund_requested},
    {"refund_status.approved", refund_approved},
    {"refund_status.overdue", refund_issued_long_ago},
    {"refund_status.rejected", refund_rejected},
    {"review_invite", invited},
    {"positive_review", pleased},
    {"neutral_review", half_content},
    {"negative_review", displeased},
    {"negative_review.no_order", displeased_no_order},
    {"dispute_threat", threatens},
    {"dispute_threat.wants_money", threatens_wants_money},
    {"dispute_threat.delivered", threatens_delivered},
    {"dispute_threat.on_time", threatens_on_time},
    {"dispute_threat.no_order", threatens_no_order},
    {"dispute_opened", disputed},
    {"dispute_opened.delivered", disputed_delivered},
    {"dispute_opened.chargeback", charged_back},
    {"dispute_opened.contested", charged_back_delivered},
    {"service_complaint", complains},
    {"service_complaint.no_order", complains_no_order},
    {"service_complaint.late", complains_late},
    {"thanks", thanks},
    {"greeting", greets},
    {"greeting.no_order", greets_no_order},
    {"human_requested", wants_person},
    {"human_requested.no_order", wants_person_no_order},
};

int main(void)
{
    return golden_main(goldens, sizeof(goldens) / sizeof(*goldens));
}
