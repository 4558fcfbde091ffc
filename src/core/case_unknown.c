/* Rows of which nothing is known yet: 0 is a word, an amount and a moment too. */
#include "replyd/cases.h"

struct case_order case_order_unknown(void)
{
    return (struct case_order){.status = -1,
                               .platform = -1,
                               .total = MONEY_NONE,
                               .freight = MONEY_NONE,
                               .margin = MONEY_NONE,
                               .placed_at = MOMENT_NONE,
                               .paid_at = MOMENT_NONE,
                               .ship_by = MOMENT_NONE,
                               .new_ship_by = MOMENT_NONE,
                               .protection_ends_on = MOMENT_NONE,
                               .duty_informed = TRI_UNKNOWN,
                               .payment_failure = -1,
                               .tax_collected_by = -1,
                               .refund_state = -1,
                               .return_state = -1,
                               .dispute_kind = -1,
                               .refund_amount = MONEY_NONE,
                               .refund_at = MOMENT_NONE,
                               .return_at = MOMENT_NONE,
                               .dispute_opened_at = MOMENT_NONE,
                               .dispute_respond_by = MOMENT_NONE};
}

struct case_shipment case_shipment_unknown(void)
{
    return (struct case_shipment){.carrier_kind = -1,
                                  .tracked = TRI_UNKNOWN,
                                  .free_return = TRI_UNKNOWN,
                                  .shipped_at = MOMENT_NONE,
                                  .promised_by = MOMENT_NONE,
                                  .claim_by = MOMENT_NONE,
                                  .pickup_by = MOMENT_NONE,
                                  .customs_act_by = MOMENT_NONE,
                                  .weight_g = -1,
                                  .expected_weight_g = -1,
                                  .customs_reason = -1,
                                  .customs_party = -1,
                                  .return_reason = -1,
                                  .return_cause = -1};
}
