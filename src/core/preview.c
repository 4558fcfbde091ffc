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
    *parcel = case_shipment_unknown();
    parcel->tracking_number = "RB123456785CN";
    parcel->carrier = "China Post";
    parcel->service = "Registered";
    parcel->tracking_url = "https://track.example.com/RB123456785CN";
    parcel->carrier_kind = CARRIER_KIND_POST;
    parcel->tracked = TRI_TRUE;
    parcel->shipped_at = at("2026-02-04T08:00:00Z");
    parcel->promised_by = at("2026-02-20");
    parcel->claim_by = at("2026-03-20");
    parcel->events = event;
    parcel->event_count = 1;
    return parcel;
}

void preview_example(struct arena *arena, moment_t *ret_as_of, struct case_rows *ret_rows)
{
    struct case_order *order = arena_alloc(arena, sizeof(*order));
    struct case_item *item = arena_alloc(arena, sizeof(*item));

    *item = (struct case_item){"BD-1", "Blue dress", "M", 1, 3490, {1600, "USD"}};
    *order = case_order_unknown();
    order->number = "1001";
    order->status = ORDER_STATUS_SHIPPED;
    order->platform = PLATFORM_OWN_SHOP;
    order->currency = "USD";
    order->total = 3990;
    order->freight = 500;
    order->placed_at = at("2026-02-02T08:00:00Z");
    order->paid_at = at("2026-02-02T08:05:00Z");
    order->customer.name = "Nancy Drew";
    order->customer.email = "nancy@example.org";
    order->customer.country = "US";
    order->customer.language = "en";
    order->address.line1 = "12 Elm Road";
    order->address.city = "River Heights";
    order->address.postcode = "60601";
    order->address.country = "US";
    order->items = item;
    order->item_count = 1;
    order->shipments = example_parcel(arena);
    order->shipment_count = 1;
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
