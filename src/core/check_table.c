/* `replyd check --table`: which issue each intent and trigger comes to in the main states of an order, so
 * that a person sees what ends in the last one, which takes what no rule fits. */
#include "replyd/suggest.h"

#include <string.h>

#define NOW (day_start(day_from_civil(2026, 3, 2)) + 10 * MOMENT_HOUR)

/* A parcel that left `sent` days ago and was promised in `promised` days; `sent` 0: none. */
struct state {
    const char *name;
    bool order;
    int status, sent, promised, scan;
};

static const struct state states[] = {
    {"no_order", false, 0, 0, 0, 0},
    {"unpaid", true, ORDER_STATUS_UNPAID, 0, 0, 0},
    {"paid", true, ORDER_STATUS_PAID, 0, 0, 0},
    {"on_the_way", true, ORDER_STATUS_SHIPPED, 6, 10, SHIPMENT_STATE_DEPARTED},
    {"overdue", true, ORDER_STATUS_SHIPPED, 30, -12, SHIPMENT_STATE_DEPARTED},
    {"customs_held", true, ORDER_STATUS_SHIPPED, 10, 8, SHIPMENT_STATE_CUSTOMS_HELD},
    {"ready_for_pickup", true, ORDER_STATUS_SHIPPED, 10, 8, SHIPMENT_STATE_READY_FOR_PICKUP},
    {"delivery_failed", true, ORDER_STATUS_SHIPPED, 10, 8, SHIPMENT_STATE_DELIVERY_FAILED},
    {"delivered", true, ORDER_STATUS_COMPLETED, 12, 2, SHIPMENT_STATE_DELIVERED},
    {"returned", true, ORDER_STATUS_SHIPPED, 20, 2, SHIPMENT_STATE_RETURNED},
    {"lost", true, ORDER_STATUS_SHIPPED, 20, 2, SHIPMENT_STATE_LOST},
    {"cancelled", true, ORDER_STATUS_CANCELLED, 0, 0, 0},
};
#define STATES ((int)(sizeof(states) / sizeof(*states)))

struct record {
    struct shop shop;
    struct request request;
    struct understanding said;
    struct case_order order;
    struct case_item item;
    struct case_shipment parcel;
    struct case_event event;
    struct case_product product;
    struct case_rows rows;
};

static moment_t days_from_now(int days)
{
    return NOW + (moment_t)days * MOMENT_DAY;
}

static void make_parcel(struct record *r, const struct state *state)
{
    r->event = (struct case_event){.at = days_from_now(-2),
                                   .text = "scan",
                                   .city = "Chicago",
                                   .country = "US",
                                   .code_system = -1,
                                   .state = state->scan};
    r->parcel = case_shipment_unknown();
    r->parcel.tracking_number = "LX123456785CN";
    r->parcel.carrier = "China Post";
    r->parcel.carrier_kind = CARRIER_KIND_POST;
    r->parcel.tracked = TRI_TRUE;
    r->parcel.free_return = TRI_TRUE;
    r->parcel.shipped_at = days_from_now(-state->sent);
    r->parcel.promised_by = day_end(moment_day(days_from_now(state->promised)));
    r->parcel.events = &r->event;
    r->parcel.event_count = 1;
}

static void make_order(struct record *r, const struct state *state)
{
    r->item = (struct case_item){"SKU-1", "Item", NULL, 1, 3490, {1600, "USD"}};
    r->order = case_order_unknown();
    r->order.number = "1001";
    r->order.status = state->status;
    r->order.platform = PLATFORM_OWN_SHOP;
    r->order.currency = "USD";
    r->order.total = 3990;
    r->order.freight = 500;
    r->order.margin = 1000;
    r->order.placed_at = days_from_now(-state->sent - 1);
    r->order.paid_at = state->status == ORDER_STATUS_UNPAID ? MOMENT_NONE : days_from_now(-state->sent - 1);
    r->order.items = &r->item;
    r->order.item_count = 1;
    r->order.shipments = &r->parcel;
    r->order.shipment_count = state->sent > 0;
    r->order.customer.name = "Nancy Drew";
    r->order.customer.email = "nancy@example.org";
    r->order.customer.country = r->order.address.country = "US";
}

static void make(struct record *r, const struct state *state, int intent, int trigger)
{
    *r = (struct record){.request = {.has_message = trigger < 0, .trigger = trigger, .as_of = NOW}};
    policy_defaults(&r->shop.policy);
    r->request.message.text = "";
    r->request.message.received_at = NOW;
    r->request.buyer.email = "nancy@example.org";
    r->request.order_number = state->order ? "1001" : NULL;
    r->request.sku = state->order ? NULL : "SKU-1";
    r->said = (struct understanding){
        .language = "en",
        .language_confidence = 1,
        .intent = intent,
        .confidence = 1,
        .mood = MOOD_NEUTRAL,
        .entities = {.quantity = -1, .packs = -1, .deadline_days = -1, .deadline_on = -1, .late_days = -1}};
    r->product = (struct case_product){.sku = "SKU-1",
                                       .name = "Item",
                                       .price = {3490, "USD"},
                                       .stock = 9,
                                       .restock_on = MOMENT_NONE,
                                       .units_per_pack = -1,
                                       .weight_g = -1,
                                       .quality_guarantee = TRI_UNKNOWN};
    make_order(r, state);
    make_parcel(r, state);
    r->rows = (struct case_rows){
        .order = state->order ? &r->order : NULL, .products = &r->product, .product_count = 1};
}

static const struct issue_rule *issue_of(const struct playbook *playbook, const struct state *state,
                                         int intent, int trigger, struct arena *arena)
{
    struct record *r = arena_alloc(arena, sizeof(*r));
    struct facts *facts = arena_alloc(arena, sizeof(*facts));

    make(r, state, intent, trigger);
    facts_init(facts, arena);
    facts_build(facts, &r->shop, &r->request, trigger < 0 ? &r->said : NULL, &r->rows);
    law_facts(playbook, &r->shop.policy, facts);
    derive(playbook, facts, arena);
    return diagnose(playbook, facts, arena);
}

/* The issues of one intent or trigger, each with its states. Returns how many states fall to the last issue.
 */
static int write_one(const struct playbook *playbook, const char *what, const char *name, int intent,
                     int trigger, struct buf *out)
{
    const struct issue_rule *issues[STATES], *last = &playbook->issues[playbook->issue_count - 1];
    struct arena arena = {0};
    int unclear = 0;

    for (int i = 0; i < STATES; i++) {
        issues[i] = issue_of(playbook, &states[i], intent, trigger, &arena);
        unclear += issues[i] == last;
        arena_reset(&arena);
    }
    arena_free(&arena);
    buf_addf(out, "%s %s\n", what, name);
    for (int i = 0; i < STATES; i++) {
        bool told = false;

        for (int k = 0; k < i; k++)
            told |= issues[k] == issues[i];
        if (told)
            continue;
        buf_addf(out, "  %-34s", issues[i]->code);
        for (int k = i; k < STATES; k++) {
            if (issues[k] == issues[i])
                buf_addf(out, " %s", states[k].name);
        }
        buf_addc(out, '\n');
    }
    return unclear;
}

void playbook_table(const struct playbook *playbook, struct buf *out)
{
    int unclear = 0;

    for (int intent = 0; intent < INTENT_COUNT; intent++)
        unclear += write_one(playbook, "intent", words_intent[intent], intent, -1, out);
    for (int trigger = 0; trigger < TRIGGER_COUNT; trigger++)
        unclear += write_one(playbook, "trigger", words_trigger[trigger], 0, trigger, out);
    buf_addf(out, "%d of %d combinations end in %s\n", unclear, (INTENT_COUNT + TRIGGER_COUNT) * STATES,
             playbook->issues[playbook->issue_count - 1].code);
}
