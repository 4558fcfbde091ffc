/* A draft of every issue on the fixture's order, for reading: tests/golden/<name>.en.txt. To add one: a
 * function that makes the case, and a row in the table. */
#include "golden.h"

/* ---- not sent yet ---- */

static void unsent(struct fixture *f, int intent)
{
    f->said.intent = intent;
    f->order.status = ORDER_STATUS_PAID;
    f->order.placed_at = at("2026-02-28T08:00:00Z");
    f->order.paid_at = at("2026-02-28T08:05:00Z");
    f->order.ship_by = at("2026-03-04");
    f->order.shipment_count = 0;
}

static void cancelled(struct fixture *f)
{
    unsent(f, INTENT_CANCEL_ORDER);
}

static void cancelled_unpaid(struct fixture *f)
{
    cancelled(f);
    f->order.status = ORDER_STATUS_UNPAID;
}

static void cancelled_before(struct fixture *f)
{
    cancelled(f);
    f->order.status = ORDER_STATUS_REFUNDED;
    f->order.refund_state = REFUND_STATE_ISSUED;
    f->order.refund_amount = 3990;
    f->order.refund_at = at("2026-03-01T09:00:00Z");
}

static void not_sent(struct fixture *f)
{
    unsent(f, INTENT_ASK_DISPATCH_TIME);
}

static void not_sent_late(struct fixture *f)
{
    not_sent(f);
    f->order.ship_by = at("2026-03-01");
    f->order.new_ship_by = at("2026-03-06");
}

static void not_sent_late_no_day(struct fixture *f)
{
    not_sent_late(f);
    f->order.new_ship_by = MOMENT_NONE;
}

static void moved(struct fixture *f)
{
    f->said.intent = INTENT_CHANGE_ADDRESS;
    f->said.entities.new_address = "18 Ash Grove, Swansea SA2 8JD, United Kingdom";
}

static void moved_unsent(struct fixture *f)
{
    unsent(f, INTENT_CHANGE_ADDRESS);
    moved(f);
}

static void moved_unsent_no_address(struct fixture *f)
{
    moved_unsent(f);
    f->said.entities.new_address = NULL;
}

static void moved_unsent_marketplace(struct fixture *f)
{
    moved_unsent(f);
    f->order.platform = PLATFORM_EBAY;
}

static void moved_unsent_marketplace_unpaid(struct fixture *f)
{
    moved_unsent_marketplace(f);
    f->order.status = ORDER_STATUS_UNPAID;
    f->order.paid_at = MOMENT_NONE;
}

static void moved_unsent_unverified(struct fixture *f)
{
    moved_unsent(f);
    f->request.order_number = f->request.buyer.email = NULL;
    f->said.entities.order_numbers[0] = "1001";
    f->said.entities.order_number_count = 1;
}

/* ---- on its way, and not wanted there ---- */

static void on_its_way(struct fixture *f)
{
    f->parcels[0].promised_by = at("2026-03-10");
    fixture_event(f, 0, "2026-02-27T21:15:00Z", SHIPMENT_STATE_ARRIVED_DESTINATION, "Chicago", "US");
}

static void moved_low_value(struct fixture *f)
{
    on_its_way(f);
    moved(f);
    f->order.total = 2990;
}

static void moved_high_value(struct fixture *f)
{
    on_its_way(f);
    moved(f);
    f->parcels[0].carrier_phone = "+86 11183";
}

static void moved_high_value_marketplace(struct fixture *f)
{
    moved_high_value(f);
    f->order.platform = PLATFORM_AMAZON;
}

static void moved_to_collect(struct fixture *f)
{
    moved_high_value(f);
    fixture_event(f, 0, "2026-03-01T10:00:00Z", SHIPMENT_STATE_READY_FOR_PICKUP, "Chicago", "US");
    f->parcels[0].pickup_point = "Corner Books, 3 Mill Street";
    f->parcels[0].pickup_by = at("2026-03-09");
}

static void moved_out_today(struct fixture *f)
{
    moved_high_value(f);
    fixture_event(f, 0, "2026-03-02T06:00:00Z", SHIPMENT_STATE_OUT_FOR_DELIVERY, "Chicago", "US");
}

static void without_tracking(struct fixture *f)
{
    f->parcels[0].tracked = TRI_FALSE;
    f->parcels[0].event_count = 0;
}

static void moved_high_value_untracked(struct fixture *f)
{
    moved_high_value(f);
    without_tracking(f);
}

static void moved_low_value_untracked(struct fixture *f)
{
    moved_low_value(f);
    without_tracking(f);
}

static void unwanted_free(struct fixture *f)
{
    on_its_way(f);
    f->said.intent = INTENT_CANCEL_ORDER;
    f->parcels[0].free_return = TRI_TRUE;
}

static void unwanted_costly(struct fixture *f)
{
    unwanted_free(f);
    f->parcels[0].free_return = TRI_FALSE;
    f->parcels[0].return_cost = (struct money){1800, "USD"};
}

static void unwanted_dear(struct fixture *f)
{
    unwanted_costly(f);
    f->parcels[0].return_cost.minor = 8000;
    f->shop.policy.partial_refund_percent = 0;
}

static void unwanted_withdrawal(struct fixture *f)
{
    unwanted_costly(f);
    f->order.address.country = "DE";
}

/* ---- late, standing still, lost ---- */

static void late_in_grace(struct fixture *f)
{
    f->parcels[0].promised_by = at("2026-02-27");
}

static void late_last_day(struct fixture *f)
{
    f->parcels[0].promised_by = at("2026-02-23");
}

static void late_last_day_untracked(struct fixture *f)
{
    late_last_day(f);
    without_tracking(f);
}

static void late_wont_wait(struct fixture *f)
{
    late_in_grace(f);
    f->said.entities.wont_wait = true;
}

static void late_untracked_in_grace(struct fixture *f)
{
    late_in_grace(f);
    f->parcels[0].tracked = TRI_FALSE;
    f->parcels[0].event_count = 0;
}

static void late_in_season(struct fixture *f)
{
    static const struct holiday spring = {
        .name = "the Spring Festival", .kind = HOLIDAY_KIND_SUSPENSION, .updated_at = MOMENT_NONE};
    static struct holiday holiday;

    late_in_grace(f);
    holiday = spring;
    holiday.from = at("2026-02-14T00:00:00Z");
    holiday.to = at("2026-02-23");
    f->shop.holidays = &holiday;
    f->shop.holiday_count = 1;
}

static void late_untracked(struct fixture *f)
{
    f->parcels[0].tracked = TRI_FALSE;
    f->parcels[0].event_count = 0;
}

static void late_tracking_unknown(struct fixture *f)
{
    late_untracked(f);
    f->parcels[0].tracked = TRI_UNKNOWN;
    f->parcels[0].carrier_kind = CARRIER_KIND_ECONOMY;
}

static void late_untracked_nothing_paid(struct fixture *f)
{
    late_untracked(f);
    f->order.total = 0;
}

static void late_untracked_high_value(struct fixture *f)
{
    late_untracked(f);
    f->order.total = 45000;
}

static void lost(struct fixture *f)
{
    fixture_event(f, 0, "2026-02-26T10:00:00Z", SHIPMENT_STATE_LOST, "Chicago", "US");
}

static void lost_marketplace(struct fixture *f)
{
    lost(f);
    f->order.platform = PLATFORM_AMAZON;
}

static void stalled(struct fixture *f)
{
    f->said.intent = INTENT_TRACK_ORDER;
    f->parcels[0].promised_by = at("2026-03-10");
}

static void stalled_never_scanned(struct fixture *f)
{
    stalled(f);
    f->parcels[0].event_count = 0;
}

static void sent_without_parcel(struct fixture *f)
{
    f->said.intent = INTENT_TRACK_ORDER;
    f->order.shipment_count = 0;
}

static void stalled_wont_wait(struct fixture *f)
{
    stalled(f);
    f->said.entities.wont_wait = true;
}

/* ---- at customs ---- */

static void held(struct fixture *f, int reason, int party)
{
    f->said.intent = INTENT_REPORT_CUSTOMS_HOLD;
    f->parcels[0].customs_reason = reason;
    f->parcels[0].customs_party = party;
    f->parcels[0].return_cost = (struct money){1200, "USD"};
    fixture_event(f, 0, "2026-02-20T10:00:00Z", SHIPMENT_STATE_CUSTOMS_HELD, "Chicago", "US");
}

static void held_for_number(struct fixture *f)
{
    held(f, CUSTOMS_REASON_IDENTITY_NUMBER_MISSING, CUSTOMS_PARTY_BUYER);
    f->parcels[0].customs_document = "CPF";
    f->parcels[0].customs_pay_to = "Correios, Minhas Importa\xc3\xa7\xc3\xb5"
                                   "es";
    f->parcels[0].customs_act_by = at("2026-03-09");
}

static void held_for_duty(struct fixture *f)
{
    held(f, CUSTOMS_REASON_DUTY_UNPAID, CUSTOMS_PARTY_BUYER);
    f->parcels[0].customs_duty = (struct money){840, "USD"};
}

static void held_for_duty_marketplace(struct fixture *f)
{
    held_for_duty(f);
    f->order.platform = PLATFORM_AMAZON;
}

static void held_for_something(struct fixture *f)
{
    held(f, CUSTOMS_REASON_BUYER_DOCUMENT_MISSING, -1);
}

static void held_wont_wait(struct fixture *f)
{
    held_for_number(f);
    f->said.entities.wont_wait = true;
}

static void held_for_papers(struct fixture *f)
{
    held(f, CUSTOMS_REASON_DOCUMENTS_MISSING, CUSTOMS_PARTY_SELLER);
    f->parcels[0].customs_document = "commercial invoice";
}

static void held_for_description(struct fixture *f)
{
    held(f, CUSTOMS_REASON_VAGUE_DESCRIPTION, CUSTOMS_PARTY_SELLER);
}

static void held_for_value(struct fixture *f)
{
    held(f, CUSTOMS_REASON_UNDERVALUED, CUSTOMS_PARTY_SELLER);
}

static void held_for_dumping(struct fixture *f)
{
    held(f, CUSTOMS_REASON_ANTIDUMPING, CUSTOMS_PARTY_BUYER);
    f->parcels[0].customs_duty = (struct money){2000, "USD"};
    f->parcels[0].customs_act_by = at("2026-03-10");
}

static void held_for_dumping_dear(struct fixture *f)
{
    held_for_dumping(f);
    f->parcels[0].customs_duty = (struct money){6000, "USD"};
}

static void held_unknown(struct fixture *f)
{
    held(f, CUSTOMS_REASON_INSPECTION, CUSTOMS_PARTY_CUSTOMS);
}

static void held_prepaid(struct fixture *f)
{
    held_for_duty(f);
    f->order.incoterm = "DDP";
}

static void seized(struct fixture *f)
{
    held(f, CUSTOMS_REASON_RESTRICTED, CUSTOMS_PARTY_CUSTOMS);
    fixture_event(f, 0, "2026-02-26T10:00:00Z", SHIPMENT_STATE_SEIZED, "Chicago", "US");
}

/* ---- back with us, or on its way back ---- */

static void going_back(struct fixture *f, int reason, int cause)
{
    f->said.intent = INTENT_REPORT_RETURNED_PARCEL;
    f->parcels[0].return_reason = reason;
    f->parcels[0].return_cause = cause;
    fixture_event(f, 0, "2026-02-18T10:00:00Z", SHIPMENT_STATE_RETURNING, "Chicago", "US");
}

static void back_buyer(struct fixture *f)
{
    going_back(f, RETURN_REASON_NOT_COLLECTED, RETURN_CAUSE_BUYER);
    fixture_event(f, 0, "2026-02-28T10:00:00Z", SHIPMENT_STATE_RETURNED, "Shenzhen", "CN");
}

static void back_buyer_withdrawal(struct fixture *f)
{
    going_back(f, RETURN_REASON_REFUSED, RETURN_CAUSE_BUYER);
    f->order.address.country = "DE";
}

static void back_buyer_refund(struct fixture *f)
{
    back_buyer(f);
    f->said.entities.wants_money = true;
}

static void back_buyer_withdrawal_refund(struct fixture *f)
{
    back_buyer_withdrawal(f);
    f->said.entities.wants_money = true;
}

static void back_seller(struct fixture *f)
{
    back_buyer(f);
    f->parcels[0].return_reason = RETURN_REASON_WRONG_ADDRESS;
    f->parcels[0].return_cause = RETURN_CAUSE_SELLER;
}

static void back_other(struct fixture *f)
{
    going_back(f, RETURN_REASON_UNDELIVERABLE, RETURN_CAUSE_CARRIER);
}

static void back_other_wont_wait(struct fixture *f)
{
    back_other(f);
    f->said.entities.wont_wait = true;
}

static void back_not_exported(struct fixture *f)
{
    back_buyer(f);
    f->parcels[0].return_reason = RETURN_REASON_NOT_EXPORTED;
    f->parcels[0].return_cause = RETURN_CAUSE_CARRIER;
}

/* ---- at the door ---- */

static void delivered(struct fixture *f)
{
    f->said.intent = INTENT_REPORT_DELIVERED_NOT_RECEIVED;
    f->order.address.city = "River Heights";
    f->order.address.postcode = "60601";
    f->parcels[0].signed_by = "N DREW";
    fixture_event(f, 0, "2026-02-27T10:00:00Z", SHIPMENT_STATE_DELIVERED, "River Heights", "US");
    f->events[0][2].postcode = "60601";
}

static void delivered_sparse(struct fixture *f)
{
    delivered(f);
    f->events[0][2].city = f->events[0][2].postcode = f->parcels[0].signed_by = NULL;
}

static void delivered_wont_wait(struct fixture *f)
{
    delivered(f);
    f->said.entities.wont_wait = true;
}

static void delivered_elsewhere(struct fixture *f)
{
    delivered(f);
    f->said.intent = INTENT_REPORT_WRONG_DELIVERY;
    f->events[0][2].city = "Fresno";
    f->events[0][2].postcode = "93701";
}

static void delivered_elsewhere_untold(struct fixture *f)
{
    delivered_sparse(f);
    f->said.intent = INTENT_REPORT_WRONG_DELIVERY;
}

static void to_collect(struct fixture *f)
{
    f->parcels[0].pickup_point = "Post office 5, Main Street 2";
    f->parcels[0].pickup_by = at("2026-03-08");
    fixture_event(f, 0, "2026-02-27T10:00:00Z", SHIPMENT_STATE_READY_FOR_PICKUP, "Chicago", "US");
}

static void to_collect_passed(struct fixture *f)
{
    to_collect(f);
    f->parcels[0].pickup_by = at("2026-03-01");
}

static void tried(struct fixture *f)
{
    fixture_event(f, 0, "2026-03-01T10:00:00Z", SHIPMENT_STATE_DELIVERY_FAILED, "Chicago", "US");
}

static const struct golden goldens[] = {
    {"cancel_before_shipment", cancelled},
    {"cancel_before_shipment.unpaid", cancelled_unpaid},
    {"cancel_before_shipment.before", cancelled_before},
    {"not_shipped_yet", not_sent},
    {"dispatch_late", not_sent_late},
    {"dispatch_late.no_new_day", not_sent_late_no_day},
    {"change_address_before_shipment", moved_unsent},
    {"change_address_before_shipment.no_address", moved_unsent_no_address},
    {"change_address_before_shipment.marketplace", moved_unsent_marketplace},
    {"change_address_before_shipment.marketplace_unpaid", moved_unsent_marketplace_unpaid},
    {"change_address_before_shipment.unverified", moved_unsent_unverified},
    {"change_address_shipped_low_value", moved_low_value},
    {"change_address_shipped_low_value.untracked", moved_low_value_untracked},
    {"change_address_shipped_high_value", moved_high_value},
    {"change_address_shipped_high_value.marketplace", moved_high_value_marketplace},
    {"change_address_shipped_high_value.to_collect", moved_to_collect},
    {"change_address_shipped_high_value.out_today", moved_out_today},
    {"change_address_shipped_high_value.untracked", moved_high_value_untracked},
    {"unwanted_free_return", unwanted_free},
    {"unwanted_costly_return", unwanted_costly},
    {"unwanted_costly_return.dear", unwanted_dear},
    {"unwanted_costly_return.withdrawal", unwanted_withdrawal},
    {"overdue_grace", late_in_grace},
    {"overdue_grace.last_day", late_last_day},
    {"overdue_grace.last_day_untracked", late_last_day_untracked},
    {"overdue_grace.wont_wait", late_wont_wait},
    {"overdue_grace.untracked", late_untracked_in_grace},
    {"peak_season_delay", late_in_season},
    {"overdue_untracked", late_untracked},
    {"overdue_untracked.high_value", late_untracked_high_value},
    {"overdue_untracked.tracking_unknown", late_tracking_unknown},
    {"overdue_untracked.nothing_paid", late_untracked_nothing_paid},
    {"lost", lost},
    {"lost.marketplace", lost_marketplace},
    {"tracking_stalled", stalled},
    {"tracking_stalled.never_scanned", stalled_never_scanned},
    {"tracking_stalled.wont_wait", stalled_wont_wait},
    {"tracking_stalled.no_parcel", sent_without_parcel},
    {"customs_buyer_clearance", held_for_number},
    {"customs_buyer_clearance.duty", held_for_duty},
    {"customs_buyer_clearance.marketplace", held_for_duty_marketplace},
    {"customs_buyer_clearance.unnamed", held_for_something},
    {"customs_buyer_clearance.wont_wait", held_wont_wait},
    {"customs_documents_missing", held_for_papers},
    {"customs_documents_missing.vague", held_for_description},
    {"customs_undervalued", held_for_value},
    {"customs_antidumping", held_for_dumping},
    {"customs_antidumping.dear", held_for_dumping_dear},
    {"customs_seized", seized},
    {"customs_hold_unknown", held_unknown},
    {"customs_hold_unknown.prepaid", held_prepaid},
    {"returned_buyer_cause", back_buyer},
    {"returned_buyer_cause.refund", back_buyer_refund},
    {"returned_buyer_cause.withdrawal", back_buyer_withdrawal},
    {"returned_buyer_cause.withdrawal_refund", back_buyer_withdrawal_refund},
    {"returned_seller_cause", back_seller},
    {"returned_other_cause", back_other},
    {"returned_other_cause.wont_wait", back_other_wont_wait},
    {"returned_not_exported", back_not_exported},
    {"misdelivered", delivered_elsewhere},
    {"misdelivered.untold", delivered_elsewhere_untold},
    {"delivered_not_received", delivered},
    {"delivered_not_received.sparse", delivered_sparse},
    {"delivered_not_received.wont_wait", delivered_wont_wait},
    {"ready_for_pickup", to_collect},
    {"ready_for_pickup.passed", to_collect_passed},
    {"delivery_failed", tried},
};

int main(void)
{
    return golden_main(goldens, sizeof(goldens) / sizeof(*goldens));
}
