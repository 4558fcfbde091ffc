/* The case that a draft is shown with where no order is named: order 1001 of Nancy Drew, whose parcel was due
 * ten days ago. */
#include "answer.h"

#include <string.h>

static moment_t at(const char *text)
{
    moment_t moment = MOMENT_NONE;
    day_t day;

    if (day_parse(text, strlen(text), &day) == 0)
        return day_end(day);
    moment_parse(text, strlen(text), &moment);
    return moment;
}

static struct case_shipment *example_parcel(struct arena *arena)
{
    struct case_shipment *parcel = arena_alloc(arena, sizeof(*parcel));
    struct case_event *event = arena_alloc(arena, sizeof(*event));

    *event = (struct case_event){.at = at("2026-02-08T22:30:00Z"),
                                 .text = "Departed",
                                 .city = "Shenzhen",
                                 .country = "CN",
                                 .code_system = -1,
                                 .state = SHIPMENT_STATE_DEPARTED};
    *parcel = (struct case_shipment){.tracking_number = "RB123456785CN",
                                     .carrier = "China Post",
                                     .service = "Registered",
                                     .tracking_url = "https://track.example.com/RB123456785CN",
                                     .carrier_kind = CARRIER_KIND_POST,
                                     .tracked = TRI_TRUE,
                                     .free_return = TRI_UNKNOWN,
                                     .shipped_at = at("2026-02-04T08:00:00Z"),
                                     .promised_by = at("2026-02-20"),
                                     .claim_by = at("2026-03-20"),
                                     .pickup_by = MOMENT_NONE,
                                     .customs_act_by = MOMENT_NONE,
                                     .weight_g = -1,
                                     .expected_weight_g = -1,
                                     .customs_reason = -1,
                                     .customs_party = -1,
                                     .return_reason = -1,
                                     .return_cause = -1,
                                     .events = event,
                                     .event_count = 1};
    return parcel;
}

void preview_example(struct arena *arena, moment_t *ret_as_of, struct case_rows *ret_rows)
{
    struct case_order *order = arena_alloc(arena, sizeof(*order));
    struct case_item *item = arena_alloc(arena, sizeof(*item));

    *item = (struct case_item){"BD-1", "Blue dress", "M", 1, 3490, {1600, "USD"}};
    *order = (struct case_order){
        .number = "1001",
        .status = ORDER_STATUS_SHIPPED,
        .platform = PLATFORM_OWN_SHOP,
        .currency = "USD",
        .total = 3990,
        .freight = 500,
        .margin = MONEY_NONE,
        .placed_at = at("2026-02-02T08:00:00Z"),
        .paid_at = at("2026-02-02T08:05:00Z"),
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
        .dispute_respond_by = MOMENT_NONE,
        .customer = {.name = "Nancy Drew", .email = "nancy@example.org", .country = "US", .language = "en"},
        .address = {.line1 = "12 Elm Road", .city = "River Heights", .postcode = "60601", .country = "US"},
        .items = item,
        .item_count = 1,
        .shipments = example_parcel(arena),
        .shipment_count = 1};
    *ret_as_of = at("2026-03-02T10:00:00Z");
    *ret_rows = (struct case_rows){.order = order};
}

/* What the example says nothing of but the rule requires: something of the fact's kind. */
static void fill(struct facts *facts, int fact)
{
    const struct fact_info *info = &facts_info[fact];
    const char *name = strrchr(info->path, '.');
    double today = facts_number(facts, FACT_TODAY);

    switch (info->type) {
    case FACT_TYPE_TEXT:
        if (strstr(info->path, "currency"))
            name = "USD";
        else
            name = arena_printf(facts->arena, "(%s)", name ? name + 1 : info->path);
        facts_set_text(facts, (enum fact)fact, name);
        break;
    case FACT_TYPE_WORD:
        facts_set_word(facts, (enum fact)fact, 0);
        break;
    case FACT_TYPE_FLAG:
        facts_set_flag(facts, (enum fact)fact, true);
        break;
    case FACT_TYPE_COUNT:
    case FACT_TYPE_NUMBER:
        facts_set_number(facts, (enum fact)fact, 2);
        break;
    case FACT_TYPE_MONEY:
        if (info->currency >= 0 && !facts_known(facts, (enum fact)info->currency))
            facts_set_text(facts, (enum fact)info->currency, "USD");
        facts_set_number(facts, (enum fact)fact, 1000);
        break;
    case FACT_TYPE_DATE:
        facts_set_number(facts, (enum fact)fact, today + 7);
        break;
    case FACT_TYPE_TIME:
        facts_set_number(facts, (enum fact)fact, (today + 7) * 86400);
        break;
    case FACT_TYPE_COUNTRY:
        facts_set_text(facts, (enum fact)fact, "US");
        break;
    case FACT_TYPE_LIST:
        break; /* what an element would hold is anybody's guess */
    }
}

void preview_fill(const struct issue_rule *issue, struct facts *facts)
{
    for (const int *fact = issue->requires; *fact >= 0; fact++) {
        if (!facts_known(facts, (enum fact) * fact))
            fill(facts, *fact);
    }
}
