#include "replyd/tracking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int state_of(int code_system, const char *code, int before)
{
    return tracking_state(code_system, code, "China Post", "whatever", before);
}

static void codes_mean_states(void **state)
{
    (void)state;
    static const struct {
        int code_system;
        const char *code;
        int expected;
    } rows[] = {
        {CODE_SYSTEM_UPU, "EMA", SHIPMENT_STATE_IN_TRANSIT_ORIGIN},
        {CODE_SYSTEM_UPU, "EMC", SHIPMENT_STATE_DEPARTED},
        {CODE_SYSTEM_UPU, "EDC",
         SHIPMENT_STATE_ARRIVED_DESTINATION}, /* "returned from customs" is a release */
        {CODE_SYSTEM_UPU, "EME", SHIPMENT_STATE_CUSTOMS_HELD},
        {CODE_SYSTEM_UPU, "EMH", SHIPMENT_STATE_DELIVERY_FAILED},
        {CODE_SYSTEM_UPU, "EMI", SHIPMENT_STATE_DELIVERED},
        {CODE_SYSTEM_UPU, "emi", SHIPMENT_STATE_DELIVERED},
        {CODE_SYSTEM_AFTERSHIP, "Exception_011", SHIPMENT_STATE_RETURNED},
        {CODE_SYSTEM_AFTERSHIP, "Exception_014", SHIPMENT_STATE_UNKNOWN},
        {CODE_SYSTEM_AFTERSHIP, "AvailableForPickup_001", SHIPMENT_STATE_READY_FOR_PICKUP},
        {CODE_SYSTEM__17TRACK, "Exception_Lost", SHIPMENT_STATE_LOST},
        {CODE_SYSTEM__17TRACK, "InTransit_CustomsRequiringInformation", SHIPMENT_STATE_CUSTOMS_HELD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(state_of(rows[i].code_system, rows[i].code, SHIPMENT_STATE_UNKNOWN),
                         rows[i].expected);
}

static void what_is_not_listed_is_unknown(void **state)
{
    (void)state;
    assert_int_equal(state_of(CODE_SYSTEM_UPU, "EMZ", SHIPMENT_STATE_DEPARTED), SHIPMENT_STATE_UNKNOWN);
    assert_int_equal(state_of(CODE_SYSTEM_UPU, "", SHIPMENT_STATE_DEPARTED), SHIPMENT_STATE_UNKNOWN);
    assert_int_equal(state_of(CODE_SYSTEM_UPU, NULL, SHIPMENT_STATE_DEPARTED), SHIPMENT_STATE_UNKNOWN);
    assert_int_equal(state_of(-1, "EMI", SHIPMENT_STATE_UNKNOWN), SHIPMENT_STATE_UNKNOWN);
    assert_int_equal(state_of(CODE_SYSTEM_CARRIER, "EMI", SHIPMENT_STATE_UNKNOWN), SHIPMENT_STATE_UNKNOWN);
    /* a code of another system */
    assert_int_equal(state_of(CODE_SYSTEM_AFTERSHIP, "EMI", SHIPMENT_STATE_UNKNOWN), SHIPMENT_STATE_UNKNOWN);
}

static void moving_keeps_the_leg(void **state)
{
    (void)state;
    static const struct {
        int before, after;
    } rows[] = {
        {SHIPMENT_STATE_UNKNOWN, SHIPMENT_STATE_IN_TRANSIT_ORIGIN},
        {SHIPMENT_STATE_EXPORT_CUSTOMS, SHIPMENT_STATE_IN_TRANSIT_ORIGIN},
        {SHIPMENT_STATE_DEPARTED, SHIPMENT_STATE_DEPARTED},
        {SHIPMENT_STATE_IMPORT_CUSTOMS, SHIPMENT_STATE_ARRIVED_DESTINATION},
        {SHIPMENT_STATE_DELIVERY_FAILED, SHIPMENT_STATE_ARRIVED_DESTINATION},
        {SHIPMENT_STATE_RETURNING, SHIPMENT_STATE_RETURNING},
        {SHIPMENT_STATE_DELIVERED, SHIPMENT_STATE_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(state_of(CODE_SYSTEM_AFTERSHIP, "InTransit_003", rows[i].before), rows[i].after);
}

/* Texts as carriers and aggregators write them. MOVING: keeps the leg that the parcel was on. */
#define MOVING SHIPMENT_STATE_COUNT

static const struct {
    int state;
    struct {
        const char *text, *carrier;
    } said[80];
} texts[] = {
    {SHIPMENT_STATE_LABEL_CREATED,
     {
         {"Shipping label created, USPS awaiting item"},
         {"Label Created"},
         {"Electronic Shipping Info Received"},
         {"Pre-Shipment Info Sent to USPS, USPS Awaiting Item"},
         {"Shipment information received"},
         {"Shipper created a label, UPS has not received the package yet.", "UPS"},
         {"Shipment information sent to FedEx"},
         {"We're expecting it", "Evri"},
         {"Electronic information submitted by shipper", "Canada Post"},
         {"Info Received"},
         {"The instruction data for this shipment have been provided by the sender to DHL electronically"},
         {"Order Processed: Ready for UPS"},
         {"Parcel data received"},
         {"Sender is preparing item"},
         {"Shipping information received by Australia Post", "Australia Post"},
         {"Awaiting collection by courier"},
         {"Package ready for shipping from warehouse"},
         {"Departed Shipping Partner Facility, USPS Awaiting Item", "USPS"},
     }},
    {SHIPMENT_STATE_IN_TRANSIT_ORIGIN,
     {
         {"Posting/Collection"},
         {"Shipment picked up", "DHL Express"},
         {"Picked up", "FedEx"},
         {"Accepted at USPS Origin Facility"},
         {"Origin Scan", "UPS"},
         {"Acceptance", "USPS"},
         {"Item accepted at the Post Office", "Canada Post"},
         {"Parcel collected from sender"},
         {"Arrival at outward office of exchange"},
         {"Item returned from export Customs/Security"},
         {"Export customs clearance complete"},
         {"Hand over to airline", "Cainiao"},
         {"Delivered to air carrier"},
         {"Arrived at departure transport hub"},
         {"We've got it", "Evri"},
         {"Left FedEx origin facility", "FedEx"},
         {"Picked up by carrier", "YunExpress"},
         {"Accepted by carrier", "Cainiao"},
         {"International shipment release - Export"},
         {"Item held at outward office of exchange"},
         {"Received by line-haul", "AliExpress Standard Shipping"},
         {"Leave the warehouse", "Cainiao"},
         {"4PX picked up shipment.", "4PX"},
     }},
    {SHIPMENT_STATE_EXPORT_CUSTOMS,
     {
         {"Item presented to export Customs/Security"},
         {"Export customs clearance started"},
         {"Export clearance start", "Cainiao"},
         {"In export customs"},
     }},
    {SHIPMENT_STATE_DEPARTED,
     {
         {"Departure from outward office of exchange"},
         {"Dispatch from outward office of exchange", "Japan Post"},
         {"Departed country of origin"},
         {"Leaving from departure country/region"},
         {"Left from departure country/region"},
         {"Flight has departed"},
         {"Airline departed", "Yanwen"},
         {"The flight CZ329 from GUANGZHOU has departed"},
         {"International dispatch", "USPS"},
         {"Item Leaving the UK", "Royal Mail"},
         {"International item has left originating country and is en route to Canada", "Canada Post"},
         {"In transit to destination country"},
         {"Arrived in transit country/region"},
         {"Departed from transit country/region"},
         {"Arrival at transit office of exchange"},
         {"On its way to the destination country"},
         {"Flight departed, HKG-LHR, estimated arrival 12:00", "YunExpress"},
     }},
    {SHIPMENT_STATE_ARRIVED_DESTINATION,
     {
         {"Arrival at inward office of exchange"},
         {"Departure from inward office of exchange"},
         {"Item returned from import Customs"},
         {"ITEM RETURNED FROM IMPORT CUSTOMS", "China Post"},
         {"Returned from Import Customs due to Import Authorised; Taxes and / or Duties to be Paid"},
         {"Item held at inward Office of Exchange"},
         {"Arrived at destination country/region"},
         {"Arrived in destination country"},
         {"Arrived at destination airport"},
         {"Arrived at linehaul office", "Cainiao"},
         {"Handed over from linehaul office"},
         {"Import customs clearance complete"},
         {"Import clearance success", "YunExpress"},
         {"International shipment release - Import", "FedEx"},
         {"Released From Import Customs"},
         {"Inbound Out of Customs", "USPS"},
         {"Received by local delivery company"},
         {"Arrived at local delivery center"},
         {"At local FedEx facility", "FedEx"},
         {"At destination sort facility", "FedEx"},
         {"Arrived at Delivery Facility in PARIS - FRANCE", "DHL"},
         {"Arrival at Unit"},
         {"Processing at delivery Post Office", "Japan Post"},
         {"Held at delivery depot/delivery office"},
         {"Awaiting for transit to final delivery office"},
         {"Item handed over to delivery partner"},
         {"Delivered to local courier for onward delivery"},
         {"Retention", "Japan Post"},
         {"Tendered to authorized agent for final delivery", "FedEx"},
         {"Arrived at Post Office", "USPS"},
     }},
    {SHIPMENT_STATE_IMPORT_CUSTOMS,
     {
         {"Item presented to import Customs"},
         {"Handed over to customs"},
         {"Import customs clearance started"},
         {"Arrived at customs", "Cainiao"},
         {"Inbound Into Customs"},
         {"In Customs", "Japan Post"},
         {"Customs clearance in progress"},
         {"Clearance event", "DHL"},
         {"Clearance processing", "4PX"},
         {"In transit - Package available for clearance", "FedEx"},
         {"Item presented to Canada Border Services Agency for customs review", "Canada Post"},
         {"The parcel has not cleared customs yet"},
         {"Shipment hasn't cleared customs"},
         {"Item has not yet been released from import customs"},
         {"Your parcel will be cleared through customs"},
         {"Parcel is being cleared by customs"},
         {"Awaiting release from customs"},
         {"Customs clearance will be completed soon"},
         {"Delivered to customs"},
         {"This item is still being assessed by the destination customs authority.", "Royal Mail"},
         {"Your package is pending release from a Government Agency. Once they release it, your package will "
          "be on its way.",
          "UPS"},
         {"Import Scan", "UPS"},
     }},
    {SHIPMENT_STATE_CUSTOMS_HELD,
     {
         {"Held by import Customs"},
         {"Item held by export Customs/Security"},
         {"Held by customs"},
         {"Held in Customs", "USPS"},
         {"Shipment held at customs"},
         {"Parcel on hold at customs"},
         {"Customs clearance delay", "DHL"},
         {"Clearance delay", "FedEx"},
         {"Detained by customs"},
         {"Delayed in customs clearance"},
         {"Customs requires additional information"},
         {"Documents required for customs clearance"},
         {"Awaiting payment of duties and taxes"},
         {"Duties and taxes are due"},
         {"Customs fees to be paid by the recipient"},
         {"Your parcel will be released from customs after payment"},
         {"Released from customs after payment"},
         {"Not released by customs"},
         {"Held by Import Customs due to Invoice Missing / Inappropriate"},
         {"Import clearance failed", "YunExpress"},
         {"Item held by customs, additional documents required"},
         {"We're holding your item at Leeds as there is a fee to pay.", "Royal Mail"},
         {"Held by customs until released by broker"},
     }},
    {SHIPMENT_STATE_OUT_FOR_DELIVERY,
     {
         {"Out for Delivery"},
         {"Out for Delivery, Expected Delivery by 9:00pm", "USPS"},
         {"Item out for physical delivery"},
         {"On FedEx vehicle for delivery", "FedEx"},
         {"With delivery courier", "DHL"},
         {"Shipment is out with courier for delivery", "DHL Express"},
         {"Onboard for delivery", "Australia Post"},
         {"Your parcel is being delivered today"},
         {"Loaded onto the delivery vehicle"},
         {"Allocated to delivery staff"},
         {"Out For Delivery Today", "UPS"},
         {"OutForDelivery"},
         {"Package out for delivery. It will be delivered today."},
         {"Delivery attempt 1 failed; parcel is out for delivery again"},
         {"Shipment cleared customs and out for delivery"},
     }},
    {SHIPMENT_STATE_READY_FOR_PICKUP,
     {
         {"Available for Pickup"},
         {"Ready for collection"},
         {"Arrived at pick-up point"},
         {"Item arrival at collection point for pick-up (by recipient)"},
         {"Delivered to UPS Access Point Location and awaiting customer pickup", "UPS"},
         {"Your parcel has been delivered to the parcelshop"},
         {"Awaiting collection by recipient as requested", "DHL"},
         {"Ready to be picked up at the post office"},
         {"Item available for pickup at Post Office", "Canada Post"},
         {"Awaiting collection", "Australia Post"},
         {"Ready to collect", "Evri"},
         {"If not collected by 12 June it will be returned to sender"},
         {"You can collect your parcel from the service point"},
         {"Your item has been delivered to your nominated collection point at Tesco and it's now ready for "
          "you to collect.",
          "Royal Mail"},
         {"Final Notice; Item will be returned to sender if not collected within 10 days", "Canada Post"},
     }},
    {SHIPMENT_STATE_DELIVERY_FAILED,
     {
         {"Delivery attempt failed"},
         {"Attempted delivery"},
         {"Held by customs, delivery attempt failed"},
         {"Unsuccessful item delivery"},
         {"Attempted/Unsuccessful physical delivery"},
         {"Notice Left (No Authorized Recipient Available)", "USPS"},
         {"Undelivered"},
         {"Not delivered - addressee absent"},
         {"The parcel could not be delivered"},
         {"Unable to deliver item, problem with address"},
         {"Delivery exception: customer not available", "FedEx"},
         {"Recipient refused delivery"},
         {"Refused by addressee"},
         {"Insufficient address"},
         {"Undeliverable as addressed"},
         {"Unclaimed"},
         {"Business closed"},
         {"Sorry, we missed you"},
         {"Delivery attempted; recipient not home", "DHL"},
         {"Attempted delivery. Notice card left indicating where and when to pick up item", "Canada Post"},
         {"Absence. Attempted delivery", "Japan Post"},
         {"We couldn't deliver your parcel today"},
         {"Delivery attempt made, parcel will be available for pickup tomorrow"},
         {"The customer was not available on the 1st attempt. A 2nd attempt will be made.", "UPS"},
         {"Addressee cannot be located"},
     }},
    {SHIPMENT_STATE_DELIVERED,
     {
         {"Delivered"},
         {"DELIVERED!"},
         {"Delivered, In/At Mailbox", "USPS"},
         {"Delivered, Front Door/Porch"},
         {"Delivered to neighbour"},
         {"Delivered to a neighbor, see notice"},
         {"Delivered to parcel locker"},
         {"Delivered in safe place"},
         {"Delivered, Left with Individual", "USPS"},
         {"Delivered, To Agent", "USPS"},
         {"Delivered - Signed for by: SMITH", "DHL"},
         {"Final delivery"},
         {"Final delivery - Collected at counter", "Japan Post"},
         {"Recipient not home, delivered to neighbour"},
         {"Your parcel has been delivered to your letterbox"},
         {"Left with neighbour"},
         {"Package delivered to reception"},
         {"Parcel picked up by recipient"},
         {"Collected by the customer"},
         {"Signed for by J DOE"},
         {"Signed", "Cainiao"},
         {"Delivery successful."},
         {"Ｄｅｌｉｖｅｒｅｄ"},
         {"It's been delivered", "Evri"},
         {"Marked as delivered"},
         {"Delivered to Agent for Final Delivery", "USPS"},
         {"Delivered, Individual Picked Up at Post Office", "USPS"},
         {"Delivered - Left in a safe place", "Australia Post"},
         {"Shipment has been successfully delivered.", "YunExpress"},
         {"Left your parcel with the neighbour"},
     }},
    {SHIPMENT_STATE_RETURNING,
     {
         {"Return to Sender"},
         {"Returning package to shipper", "FedEx"},
         {"Your item is being returned to the sender"},
         {"Unclaimed/Being Returned to Sender", "USPS"},
         {"This item will now be returned to the sender.", "Royal Mail"},
         {"On its way back to the sender"},
         {"Refused by the recipient, returned to sender"},
         {"Your item was returned to the sender on May 5 because the addressee moved", "USPS"},
         {"Item unclaimed by recipient, item being returned to sender", "Canada Post"},
         {"RTO initiated"},
         {"Undeliverable: incorrect address, returning to sender"},
         {"Sorry, we were unable to deliver this item as it was not possible to identify the delivery "
          "address. It will now be returned to the sender.",
          "Royal Mail"},
         {"Holding period exceeded - Returned to Sender. Refused", "Royal Mail"},
         {"Recipient not located at address provided. Item being returned to sender.", "Canada Post"},
         {"Returned to sender by customs"},
     }},
    {SHIPMENT_STATE_RETURNED,
     {
         {"Returned to sender"},
         {"The returned package was received by the sender"},
         {"Delivered to sender"},
         {"Delivered, To Original Sender", "USPS"},
         {"Return delivered"},
         {"Returned to shipper"},
         {"Has been returned to the seller"},
         {"Delivered back to sender"},
     }},
    {SHIPMENT_STATE_LOST,
     {
         {"Package lost"},
         {"Lost in transit"},
         {"Declared lost by carrier"},
         {"Parcel is missing"},
     }},
    {SHIPMENT_STATE_SEIZED,
     {
         {"Seized by customs"},
         {"Confiscated by the authorities"},
         {"Destroyed by customs"},
         {"Held by customs: prohibited goods, confiscated"},
     }},
    {MOVING,
     {
         {"In Transit"},
         {"In Transit to Next Facility, Arriving Late", "USPS"},
         {"Arrived at USPS Regional Facility"},
         {"Departed USPS Regional Facility", "USPS"},
         {"Arrived at DHL Sort Facility LEIPZIG - GERMANY", "DHL"},
         {"Processed at LEIPZIG - GERMANY", "DHL"},
         {"Departed Facility in HONG KONG - HONG KONG SAR", "DHL"},
         {"Departure Scan", "UPS"},
         {"[Dalingshan Town] Departed from sorting center", "Cainiao"},
         {"Inbound in sorting center"},
         {"Customs hold lifted"},
         {"Released from customs hold"},
         {"Shipment released from customs"},
         {"Customs clearance completed"},
         {"Customs clearance processing complete"},
         {"Cleared customs"},
         {"Your parcel cleared customs successfully"},
         {"Out of foreign customs"},
         {"No longer held by customs"},
         {"Held by customs, now released"},
         {"Delivered to local hub"},
         {"Delivered to the sorting center"},
         {"Returned to facility"},
         {"Returned to delivery office after round"},
         {"Item processed", "Canada Post"},
         {"On its way", "Royal Mail"},
         {"On the way", "UPS"},
         {"Lost parcel has been found"},
         {"Weather delay"},
         {"Received by logistics company"},
         {"Delivered to carrier"},
         {"Preparing for delivery"},
         {"Clearance processing complete at LOS ANGELES GATEWAY - USA", "DHL"},
         {"[Shenzhen] Shipment arrived at facility and measured.", "YunExpress"},
         {"Held at customs - released"},
     }},
    {SHIPMENT_STATE_UNKNOWN,
     {
         {"Delivery expected tomorrow"},
         {"Your parcel will be delivered on Tuesday between 10:00 a.m. and 11:00 a.m."},
         {"Not yet delivered"},
         {"The parcel has not been delivered yet"},
         {"Expected to be delivered by Friday"},
         {"You will be notified once the package has been delivered"},
         {"We will text you when your parcel is delivered"},
         {"To be delivered to neighbour"},
         {"Will be delivered to a safe place as you instructed"},
         {"Estimated delivery date updated"},
         {"Delivered to partner"},
         {"Delivery complete expected by 6 pm"},
         {"SMS delivered"},
         {"Delivered Duty Paid (DDP)"},
         {"Returned by customs"},
         {"Returned from abroad"},
         {"It cannot be returned"},
         {"Will be available for pickup tomorrow"},
         {"Not available for pickup"},
         {"Will be out for delivery soon"},
         {"Parcel may be lost"},
         {"Shipment information received by partner system X"},
         {"Shipment cancelled"},
         {"Customs declaration number 123"},
         {"Customs data received"},
         {"Import terminated", "China Post"},
         {"Export cancellation", "EMS"},
         {"Return label created"},
         {"A delivery attempt will be made tomorrow"},
         {"Shipment on hold"},
         {"Refused entry by customs"},
         {"Duties paid"},
         {"Signature required"},
         {"Package destroyed"},
         {"Exception"},
         {"Alert"},
         {"Expired"},
         {"Pending"},
         {"Not found"},
         {"whatever"},
         {"asdf qwer zxcv 12345"},
         {"0x1f 8b 08 00"},
         {"..."},
         {" "},
         {"Contact customer service"},
         {"Please rate your experience"},
         {"Delivery"},
         {"Customer"},
         {"GZ-HUB-77"},
         {"Zásilka je připravena k odeslání ze skladu"},
         {"Pachetul a fost preluat"},
         {"Η αποστολή παραδόθηκε"},
         {"Csomag úton"},
         {"Siuntinys išsiųstas"},
         {"พัสดุถึงปลายทาง"},
         {"החבילה נמסרה"},
         {"Đã giao hàng thành công"},
         {"undeliver ed"},
         {"redelivered"},
         {"Deliveredly"},
         {"Order #12 / 2 pcs"},
         {"Customs clearance status updated. Note - The Customs clearance process may start while the "
          "shipment is in transit to the destination.",
          "DHL"},
         {"Delivered yesterday to the wrong house"},
         {"Delivered? Not yet"},
         {"In case of absence the parcel will be delivered to a neighbour"},
     }},
};

static int text_state(const char *text, const char *carrier)
{
    int first = tracking_state(-1, NULL, carrier, text, SHIPMENT_STATE_UNKNOWN);
    int abroad = tracking_state(-1, NULL, carrier, text, SHIPMENT_STATE_DEPARTED);

    if (first == SHIPMENT_STATE_IN_TRANSIT_ORIGIN && abroad == SHIPMENT_STATE_DEPARTED)
        return MOVING;
    assert_int_equal(first, abroad);
    return first;
}

static const char *state_name(int state)
{
    return state == MOVING ? "moving" : words_shipment_state[state];
}

static void words_mean_states(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (size_t k = 0; texts[i].said[k].text; k++) {
            const char *text = texts[i].said[k].text, *carrier = texts[i].said[k].carrier;
            int found = text_state(text, carrier);
            if (found == texts[i].state)
                continue;
            print_error("\"%s\" (%s) is %s, not %s\n", text, carrier ? carrier : "any carrier",
                        state_name(found), state_name(texts[i].state));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void letters_are_folded(void **state)
{
    (void)state;
    static const char *const delivered[] = {
        "dElIvErEd",
        "  --delivered--  ",
        "d\u00e9liv\u00e9red",
        "de\u0301livered",
        "deli\u00advered",
        "\uff24\uff25\uff2c\uff29\uff36\uff25\uff32\uff25\uff24",
        "\u2705delivered\U0001f4e6",
        "\xff\xfe delivered \xc3",
        "\xe9\xe8\xe0\x80 delivered",
        "delivered\x01\x02",
    };
    for (size_t i = 0; i < sizeof delivered / sizeof *delivered; i++)
        assert_int_equal(text_state(delivered[i], NULL), SHIPMENT_STATE_DELIVERED);
    assert_int_equal(text_state("deli vered", NULL), SHIPMENT_STATE_UNKNOWN);
    assert_int_equal(text_state("delivered\u0434", NULL), SHIPMENT_STATE_UNKNOWN);
}

/* A text that is cut must not end in a word that it doesn't have. */
static void long_texts_are_cut(void **state)
{
    (void)state;
    char text[400];

    memset(text, ' ', sizeof text);
    memcpy(text + 291, "delivered", 10);
    assert_int_equal(text_state(text, NULL), SHIPMENT_STATE_DELIVERED);
    memcpy(text + 291, "deliveredx", 11);
    assert_int_equal(text_state(text, NULL), SHIPMENT_STATE_UNKNOWN);
    memset(text, ' ', sizeof text);
    memcpy(text + 290, "delivered \xc3\xa9", 13);
    assert_int_equal(text_state(text, NULL), SHIPMENT_STATE_DELIVERED);
    memset(text, ' ', sizeof text);
    memcpy(text + 301, "delivered", 10);
    assert_int_equal(text_state(text, NULL), SHIPMENT_STATE_UNKNOWN);
    memset(text, 'x', 299);
    memcpy(text + 299, "\xc3\xa9", 3);
    assert_int_equal(text_state(text, NULL), SHIPMENT_STATE_UNKNOWN);
}

static void a_carrier_has_its_own_words(void **state)
{
    (void)state;
    static const struct {
        const char *text, *carrier;
        int expected;
    } rows[] = {
        {"Collected", NULL, SHIPMENT_STATE_UNKNOWN},
        {"Collected", "Royal Mail", SHIPMENT_STATE_DELIVERED},
        {"Collected", "Royal Mail Tracked 24", SHIPMENT_STATE_DELIVERED},
        {"Collected", "ROYAL-MAIL", SHIPMENT_STATE_DELIVERED},
        {"Collected", "Royal Post", SHIPMENT_STATE_UNKNOWN},
        {"Picked up", "FedEx International Economy", SHIPMENT_STATE_IN_TRANSIT_ORIGIN},
        {"Picked up", "Unheard-of Couriers", SHIPMENT_STATE_UNKNOWN},
        {"Import Scan", "UPS Saver", SHIPMENT_STATE_IMPORT_CUSTOMS},
        {"Import Scan", "Upsilon Logistics", SHIPMENT_STATE_UNKNOWN},
        {"Import Scan", "", SHIPMENT_STATE_UNKNOWN},
        /* what anybody's words say by a longer phrase is stronger */
        {"Not collected", "Royal Mail", SHIPMENT_STATE_DELIVERY_FAILED},
        /* of two alike, the carrier's own */
        {"Delivered to agent", NULL, SHIPMENT_STATE_UNKNOWN},
        {"Delivered to agent", "USPS", SHIPMENT_STATE_DELIVERED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(text_state(rows[i].text, rows[i].carrier), rows[i].expected);
}

static void a_code_goes_before_words(void **state)
{
    (void)state;
    static const struct {
        int code_system;
        const char *code, *text;
        int expected;
    } rows[] = {
        {CODE_SYSTEM_AFTERSHIP, "Delivered_001", "Out for delivery", SHIPMENT_STATE_DELIVERED},
        {CODE_SYSTEM_UPU, "EDC", "Item returned from import Customs", SHIPMENT_STATE_ARRIVED_DESTINATION},
        /* it says nothing */
        {CODE_SYSTEM_AFTERSHIP, "Exception", "Package lost", SHIPMENT_STATE_LOST},
        {CODE_SYSTEM__17TRACK, "Exception_Destroyed", "Seized and destroyed by customs",
         SHIPMENT_STATE_SEIZED},
        {CODE_SYSTEM_UPU, "EMZ", "Final delivery", SHIPMENT_STATE_DELIVERED},
        {CODE_SYSTEM_CARRIER, "DLV", "Delivered", SHIPMENT_STATE_DELIVERED},
        {CODE_SYSTEM_UPU, NULL, "Delivered", SHIPMENT_STATE_DELIVERED},
        {-1, "EMI", "Delivered", SHIPMENT_STATE_DELIVERED},
        {-1, NULL, NULL, SHIPMENT_STATE_UNKNOWN},
        {-1, NULL, "", SHIPMENT_STATE_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(
            tracking_state(rows[i].code_system, rows[i].code, NULL, rows[i].text, SHIPMENT_STATE_UNKNOWN),
            rows[i].expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_mean_states),           cmocka_unit_test(what_is_not_listed_is_unknown),
        cmocka_unit_test(moving_keeps_the_leg),        cmocka_unit_test(words_mean_states),
        cmocka_unit_test(letters_are_folded),          cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(a_carrier_has_its_own_words), cmocka_unit_test(a_code_goes_before_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
