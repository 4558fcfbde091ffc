/* From the rows, the request and what the message says to the facts. Nothing is guessed: what no row says
 * stays unknown, and what two rows say differently becomes unknown and is marked as conflicting. */
#include "build.h"

#include "names.h"
#include "screen.h"

#include <math.h>
#include <string.h>

#define SPOKEN_AS_WELL 0.5 /* a second guess that is less sure than that is no second wish */

/* ---- message, people, policy ---- */

static void set_intent(struct value *field, int intent, double confidence)
{
    field[FIELD_MESSAGE_INTENTS_INTENT] = value_string(words_intent[intent]);
    field[FIELD_MESSAGE_INTENTS_CONFIDENCE] = value_number(round(confidence * 1e4) / 1e4);
}

/* The guesses are likeliest first: those that are sure enough stand in front. */
static void build_intents(const struct builder *b)
{
    const struct understanding *said = b->understanding;
    double sure = fmax(b->policy->unclear_below, SPOKEN_AS_WELL);
    struct value *field;
    int also = 0;

    while (also < said->alternative_count && said->alternatives[also].confidence >= sure)
        also++;
    field = facts_set_list(b->facts, FACT_MESSAGE_INTENTS, 1 + also);
    set_intent(field, said->intent, said->confidence);
    for (int i = 0; i < also; i++) {
        field += facts_info[FACT_MESSAGE_INTENTS].field_count;
        set_intent(field, said->alternatives[i].intent, said->alternatives[i].confidence);
    }
}

/* What the writer says has come to pass, in the order of the words. */
static void build_claims(const struct builder *b)
{
    const struct entities *said = &b->understanding->entities;
    struct value *field;

    if (said->late_days >= 0)
        facts_set_number(b->facts, FACT_MESSAGE_LATE_DAYS, (double)said->late_days);
    if (said->claims == 0)
        return;
    field = facts_set_list(b->facts, FACT_MESSAGE_CLAIMS, __builtin_popcount(said->claims));
    for (int claim = 0; claim < CLAIM_COUNT; claim++) {
        if ((said->claims >> claim & 1) == 0)
            continue;
        field[FIELD_MESSAGE_CLAIMS_CLAIM] = value_string(words_claim[claim]);
        field += facts_info[FACT_MESSAGE_CLAIMS].field_count;
    }
}

/* A street put right goes with the order's own place. */
static const char *new_address(const struct builder *b)
{
    const struct entities *said = &b->understanding->entities;

    if (!said->new_address || !said->address_partial || !b->order || !b->order->address.city)
        return said->new_address;
    return arena_printf(b->facts->arena, "%s, %s%s%s", said->new_address, b->order->address.city,
                        b->order->address.postcode ? " " : "",
                        b->order->address.postcode ? b->order->address.postcode : "");
}

static void build_message(const struct builder *b)
{
    const struct request_message *message = &b->request->message;
    const struct understanding *said = b->understanding;

    facts_set_flag(b->facts, FACT_MESSAGE_PRESENT, said != NULL);
    if (!said) {
        facts_set_word(b->facts, FACT_MESSAGE_TRIGGER, b->request->trigger);
        return;
    }
    facts_set_word(b->facts, FACT_MESSAGE_INTENT, said->intent);
    facts_set_number(b->facts, FACT_MESSAGE_CONFIDENCE, round(said->confidence * 1e4) / 1e4);
    facts_set_flag(b->facts, FACT_MESSAGE_CONFIDENT, said->confidence >= b->policy->unclear_below);
    facts_set_word(b->facts, FACT_MESSAGE_MOOD, said->mood);
    facts_set_flag(b->facts, FACT_MESSAGE_HAS_ATTACHMENTS, message->has_attachments);
    facts_set_flag(b->facts, FACT_MESSAGE_WONT_WAIT, said->entities.wont_wait);
    if (said->entities.wants_money || said->entities.refuses_money)
        facts_set_flag(b->facts, FACT_MESSAGE_WANTS_MONEY, said->entities.wants_money);
    facts_set_flag(b->facts, FACT_MESSAGE_KEEPS_ORDER, said->entities.stance == STANCE_REFUSES);
    facts_set_flag(b->facts, FACT_MESSAGE_ASKS_ONLY, said->entities.stance == STANCE_ASKS);
    facts_set_flag(b->facts, FACT_MESSAGE_PARTIAL, said->entities.partial);
    facts_set_flag(b->facts, FACT_MESSAGE_WANTS_RESHIP, said->entities.wants_reship);
    build_claims(b);
    facts_set_flag(b->facts, FACT_MESSAGE_PHOTO, message->has_attachments || said->entities.photo_announced);
    build_intents(b);
    facts_set_text(b->facts, FACT_MESSAGE_NEW_ADDRESS, new_address(b));
    if (said->entities.tracking_number_count > 0)
        facts_set_text(b->facts, FACT_MESSAGE_TRACKING_NUMBER, said->entities.tracking_numbers[0]);
    if (said->entities.deadline_days >= 0)
        facts_set_number(b->facts, FACT_MESSAGE_DEADLINE_DAYS, (double)said->entities.deadline_days);
    if (message->received_at != MOMENT_NONE) {
        moment_t age = b->as_of - message->received_at;

        facts_set_number(b->facts, FACT_MESSAGE_AGE_HOURS, age > 0 ? (double)age / MOMENT_HOUR : 0);
        facts_set_flag(b->facts, FACT_MESSAGE_LATE, age > b->policy->late_reply_hours * MOMENT_HOUR);
    }
}

/* False, and noted, where the platform bans links and phones and the text holds one. */
static bool may_tell(const struct builder *b, const char *text)
{
    if (facts_flag(b->facts, FACT_REPLY_LINKS) || !screen_holds_contact(text))
        return true;
    facts_set_flag(b->facts, FACT_RECORD_WITHHELD, true);
    return false;
}

/* The lines below the closing formula, which drafts write themselves, and the agent's name. */
static void build_signature(const struct builder *b)
{
    struct signature signature;
    struct value *field;
    int told = 0;

    signature_read(b->policy->signature, b->request->agent.name, b->facts->arena, &signature);
    for (int i = 0; i < signature.count; i++) {
        if (may_tell(b, signature.lines[i]))
            signature.lines[told++] = signature.lines[i];
    }
    if (told == 0)
        return;
    field = facts_set_list(b->facts, FACT_POLICY_SIGNATURE, told);
    for (int i = 0; i < told; i++, field += facts_info[FACT_POLICY_SIGNATURE].field_count)
        field[FIELD_POLICY_SIGNATURE_LINE] = value_string(signature.lines[i]);
}

/* Never null: a name that may not be told gives way to the shop's code. */
static void build_shop_name(const struct builder *b, const struct shop *shop)
{
    bool told = shop->name && *shop->name && may_tell(b, shop->name);

    facts_set_text(b->facts, FACT_SHOP_NAME, told ? shop->name : shop->code);
}

static void build_people(const struct builder *b, const struct shop *shop)
{
    const struct request *request = b->request;
    const char *name = request->buyer.name;
    const char *country = request->buyer.country;

    if (b->order) {
        name = name ? name : b->order->customer.name;
        country = country ? country : b->order->address.country;
        country = country ? country : b->order->customer.country;
        facts_set_text(b->facts, FACT_CUSTOMER_NAME, b->order->customer.name);
        facts_set_text(b->facts, FACT_CUSTOMER_COUNTRY, b->order->customer.country);
        facts_set_text(b->facts, FACT_CUSTOMER_LANGUAGE, b->order->customer.language);
    }
    facts_set_text(b->facts, FACT_BUYER_NAME, name);
    facts_set_text(b->facts, FACT_BUYER_FIRST_NAME, name ? first_name(name, b->facts->arena) : NULL);
    facts_set_text(b->facts, FACT_BUYER_COUNTRY, country);
    facts_set_text(b->facts, FACT_AGENT_NAME, request->agent.name);
    build_shop_name(b, shop);
}

/* What one unit of it is worth in the policy's currency; NULL: not said. */
static const char *rate_of(const struct policy *policy, const char *currency)
{
    return strcmp(currency, policy->currency) == 0 ? "1"
                                                   : json_string_value(json_object_get(policy->fx, currency));
}

int64_t money_between(const struct policy *policy, int64_t minor, const char *from, const char *to)
{
    int64_t converted;

    if (minor == MONEY_NONE || strcmp(from, to) == 0)
        return minor;
    return money_convert(minor, from, rate_of(policy, from), to, rate_of(policy, to), &converted) < 0
               ? MONEY_NONE
               : converted;
}

static int64_t policy_money(const struct policy *policy, int64_t minor, const char *currency)
{
    return money_between(policy, minor, currency, policy->currency);
}

int64_t order_money(const struct builder *b, const struct money *money)
{
    return money_in(b, money, b->order->currency);
}

int64_t money_in(const struct builder *b, const struct money *money, const char *currency)
{
    if (money->currency[0] == '\0' || !currency)
        return MONEY_NONE;
    return money_between(b->policy, money->minor, money->currency, currency);
}

static void build_policy(const struct builder *b)
{
    const struct policy *policy = b->policy;
    int64_t reship_max = llround(30 * pow(10, money_digits(policy->currency)));
    const struct {
        enum fact fact;
        double number;
    } numbers[] = {
        {FACT_POLICY_APOLOGY_DISCOUNT_PERCENT, policy->apology_discount_percent},
        {FACT_POLICY_LOST_DISCOUNT_PERCENT, policy->lost_discount_percent},
        {FACT_POLICY_PARTIAL_REFUND_PERCENT, policy->partial_refund_percent},
        {FACT_POLICY_DUTY_SPLIT_PERCENT, policy->duty_split_percent},
        {FACT_POLICY_GRACE_DAYS, (double)policy->grace_days},
        {FACT_POLICY_LATE_REPLY_HOURS, (double)policy->late_reply_hours},
        {FACT_POLICY_RETURN_WINDOW_DAYS, (double)policy->return_window_days},
        {FACT_POLICY_HANDLING_DAYS, (double)policy->handling_days},
        {FACT_POLICY_REFUND_DAYS_MIN, (double)policy->refund_days[0]},
        {FACT_POLICY_REFUND_DAYS_MAX, (double)policy->refund_days[1]},
        {FACT_POLICY_INVESTIGATION_DAYS, (double)policy->investigation_days},
        {FACT_POLICY_DOCUMENT_HOURS, (double)policy->document_hours},
        {FACT_POLICY_LOW_STOCK, (double)policy->low_stock},
        {FACT_POLICY_REVIEW_INVITE_AFTER_DAYS, (double)policy->review_invite_after_days},
        {FACT_POLICY_PRICE_ADJUSTMENT_DAYS, (double)policy->price_adjustment_days},
        {FACT_POLICY_UNCLEAR_BELOW, policy->unclear_below},
        {FACT_REPLY_REFUND_BY, b->today + (double)policy->refund_days[1]},
    };

    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        facts_set_number(b->facts, numbers[i].fact, numbers[i].number);
    facts_set_flag(b->facts, FACT_POLICY_FULL_REFUND_IF_NOT_AS_DESCRIBED,
                   policy->full_refund_if_not_as_described);
    facts_set_text(b->facts, FACT_POLICY_CURRENCY, policy->currency);
    facts_set_text(b->facts, FACT_POLICY_COUNTRY, policy->country);
    if (policy->reship_max.currency[0] != '\0')
        reship_max = policy_money(policy, policy->reship_max.minor, policy->reship_max.currency);
    /* A limit in a currency without a rate allows nothing: the careful side. */
    facts_set_number(b->facts, FACT_POLICY_RESHIP_MAX, reship_max == MONEY_NONE ? 0 : (double)reship_max);
}

static void build_payment_methods(const struct builder *b)
{
    const char *const *names = b->policy->payment_methods.items;
    int count = (int)b->policy->payment_methods.count;
    struct value *field;

    if (count == 0)
        return;
    field = facts_set_list(b->facts, FACT_POLICY_PAYMENT_METHODS, count);
    for (int i = 0; i < count; i++, field += facts_info[FACT_POLICY_PAYMENT_METHODS].field_count)
        field[FIELD_POLICY_PAYMENT_METHODS_NAME] = text_value(names[i]);
}

/* A promise of ours never runs past the day on which the platform's protection ends or a dispute must be
 * answered, while that is still to come. */
static int64_t within(const struct builder *b, int64_t day, moment_t end)
{
    return end != MOMENT_NONE && end > b->as_of ? min_int64(day, moment_day(end)) : day;
}

/* The days by which we promise to have papers or an answer. */
static void build_reply_days(const struct builder *b)
{
    int64_t documents = b->today + max_int64(1, (b->policy->document_hours + 23) / 24);
    int64_t answer = b->today + b->policy->investigation_days;

    if (b->order)
        answer = within(b, within(b, answer, b->order->protection_ends_on), b->order->dispute_respond_by);
    facts_set_number(b->facts, FACT_REPLY_DOCUMENT_BY, (double)documents);
    facts_set_number(b->facts, FACT_REPLY_INVESTIGATE_BY, (double)answer);
}

/* ---- which order, and whose ---- */

/* The number that the asker gave, of several in the text the one that was found, else the first that is
 * surely an order's. An order found by a tracking number has a number that he did not give. */
static const char *given_number(const struct builder *b, const struct case_order *found)
{
    const struct entities *entities = b->understanding ? &b->understanding->entities : NULL;

    if (b->request->order_number)
        return b->request->order_number;
    for (int i = 0; entities && i < entities->order_number_count; i++) {
        if (found ? strcasecmp(entities->order_numbers[i], found->number) == 0
                  : !entities->order_number_bare[i])
            return entities->order_numbers[i];
    }
    return NULL;
}

enum match { MATCH_NOT_ASKED, MATCH_YES, MATCH_NO };

/* A buyer who is named must be the order's customer. */
static enum match buyer_match(const struct request *request, const struct case_order *order)
{
    if (!request->buyer.email && !request->buyer.id)
        return MATCH_NOT_ASKED;
    return buyer_is_customer(request->buyer.email, request->buyer.id, order->customer.email,
                             order->customer.external_id)
               ? MATCH_YES
               : MATCH_NO;
}

static enum order_lookup lookup(const struct builder *b, const struct case_order *found, const char *given)
{
    if (!found && !given)
        return b->understanding ? ORDER_LOOKUP_MISSING : ORDER_LOOKUP_NONE;
    if (!found)
        return ORDER_LOOKUP_NOT_FOUND;
    switch (buyer_match(b->request, found)) {
    case MATCH_NO:
        return ORDER_LOOKUP_BUYER_MISMATCH;
    case MATCH_NOT_ASKED:
        return b->request->order_number || !b->understanding ? ORDER_LOOKUP_FOUND : ORDER_LOOKUP_UNVERIFIED;
    default:
        return ORDER_LOOKUP_FOUND;
    }
}

/* ---- the order ---- */

static bool negative(int64_t minor)
{
    return minor != MONEY_NONE && minor < 0;
}

/* What an item's goods cost the seller, in the order's currency; MONEY_NONE: unknown. The whole line is
 * converted, so that it is rounded once. */
static int64_t line_cost(const struct builder *b, const struct case_item *item)
{
    struct money line = item->unit_cost;

    if (line.currency[0] == '\0' || line.minor < 0 || item->quantity < 1 ||
        line.minor > MONEY_MINOR_MAX / item->quantity)
        return MONEY_NONE;
    line.minor *= item->quantity;
    return order_money(b, &line);
}

static void build_items(const struct builder *b)
{
    const struct case_order *order = b->order;
    bool priced = facts_known(b->facts, FACT_ORDER_CURRENCY);
    int64_t goods = order->item_count > 0 ? 0 : MONEY_NONE, line;
    struct value *field;

    if (order->item_count == 0)
        return;
    field = facts_set_list(b->facts, FACT_ORDER_ITEMS, order->item_count);
    for (int i = 0; i < order->item_count; i++, field += facts_info[FACT_ORDER_ITEMS].field_count) {
        const struct case_item *item = &order->items[i];

        field[FIELD_ORDER_ITEMS_SKU] = text_value(item->sku);
        field[FIELD_ORDER_ITEMS_NAME] = text_value(item->name);
        field[FIELD_ORDER_ITEMS_VARIANT] = text_value(item->variant);
        field[FIELD_ORDER_ITEMS_QUANTITY] = value_number((double)max_int64(1, item->quantity));
        if (item->quantity < 1 || negative(item->unit_price) || item->unit_cost.minor < 0)
            set_conflict(b);
        if (priced && item->unit_price >= 0)
            field[FIELD_ORDER_ITEMS_UNIT_PRICE] = value_number((double)item->unit_price);
        line = line_cost(b, item);
        goods = goods == MONEY_NONE || line == MONEY_NONE ? MONEY_NONE : goods + line;
    }
    facts_set_text(b->facts, FACT_ORDER_ITEM_NAME, order->items[0].name);
    facts_set_number(b->facts, FACT_ORDER_OTHER_ITEMS, order->item_count - 1);
    set_money(b, FACT_COST_GOODS, goods);
    if (goods != MONEY_NONE && order->freight >= 0)
        set_money(b, FACT_COST_RESHIP, goods + order->freight);
}

static void build_money(const struct builder *b)
{
    const struct case_order *order = b->order;

    set_amount(b, FACT_ORDER_TOTAL, order->total);
    set_amount(b, FACT_ORDER_FREIGHT, order->freight);
    set_money(b, FACT_ORDER_MARGIN, order->margin);
    if (order->currency && order->total >= 0)
        set_money(b, FACT_ORDER_TOTAL_IN_POLICY_CURRENCY,
                  policy_money(b->policy, order->total, order->currency));
    if (order->refund_amount != MONEY_NONE && order->total != MONEY_NONE &&
        order->refund_amount > order->total)
        set_conflict(b);
    else
        set_amount(b, FACT_REFUND_AMOUNT, order->refund_amount);
}

static void build_order_days(const struct builder *b)
{
    const struct case_order *order = b->order;

    if (order->paid_at != MOMENT_NONE && order->placed_at != MOMENT_NONE &&
        moment_day(order->paid_at) < moment_day(order->placed_at)) {
        set_conflict(b);
    } else {
        set_day(b, FACT_ORDER_PLACED_ON, order->placed_at);
        set_day(b, FACT_ORDER_PAID_ON, order->paid_at);
    }
    set_day_of_order(b, FACT_ORDER_SHIP_BY, order->ship_by);
    set_day_of_order(b, FACT_ORDER_NEW_SHIP_BY, order->new_ship_by);
    set_day_of_order(b, FACT_ORDER_PROTECTION_ENDS_ON, order->protection_ends_on);
    set_day_of_order(b, FACT_REFUND_ON, order->refund_at);
    set_day_of_order(b, FACT_RETURN_ON, order->return_at);
    set_day_of_order(b, FACT_DISPUTE_OPENED_ON, order->dispute_opened_at);
    set_time(b, FACT_DISPUTE_RESPOND_BY, order->dispute_respond_by);
}

/* "12 Elm Road, Berlin 10115"; NULL without a street. */
static const char *address_line(const struct builder *b)
{
    const char *line1 = b->order->address.line1, *city = b->order->address.city;
    const char *postcode = b->order->address.postcode;

    if (!line1)
        return NULL;
    return arena_printf(b->facts->arena, "%s%s%s%s%s", line1, city || postcode ? ", " : "", city ? city : "",
                        city && postcode ? " " : "", postcode ? postcode : "");
}

static void build_order(const struct builder *b)
{
    const struct case_order *order = b->order;

    facts_set_text(b->facts, FACT_ORDER_NUMBER, order->number);
    facts_set_word(b->facts, FACT_ORDER_STATUS, order->status);
    facts_set_word(b->facts, FACT_ORDER_PLATFORM, order->platform);
    if (order->platform >= 0)
        facts_set_flag(b->facts, FACT_ORDER_MARKETPLACE, order->platform != PLATFORM_OWN_SHOP);
    facts_set_text(b->facts, FACT_ORDER_CURRENCY,
                   order->currency && money_digits(order->currency) >= 0 ? order->currency : NULL);
    facts_set_text(b->facts, FACT_ORDER_NOTE, order->note);
    facts_set_text(b->facts, FACT_ORDER_SHIPPING_METHOD, order->shipping_method);
    facts_set_text(b->facts, FACT_ORDER_INCOTERM, order->incoterm);
    facts_set_text(b->facts, FACT_ORDER_COUNTRY, order->address.country);
    facts_set_text(b->facts, FACT_ORDER_ADDRESS, address_line(b));
    set_flag(b, FACT_ORDER_DUTY_INFORMED, order->duty_informed);
    facts_set_word(b->facts, FACT_ORDER_PAYMENT_FAILURE, order->payment_failure);
    facts_set_word(b->facts, FACT_ORDER_TAX_COLLECTED_BY, order->tax_collected_by);
    facts_set_word(b->facts, FACT_REFUND_STATE, order->refund_state);
    facts_set_text(b->facts, FACT_REFUND_METHOD, order->refund_method);
    facts_set_word(b->facts, FACT_RETURN_STATE, order->return_state);
    facts_set_text(b->facts, FACT_RETURN_TRACKING_NUMBER, order->return_tracking_number);
    facts_set_word(b->facts, FACT_DISPUTE_KIND, order->dispute_kind);
    facts_set_text(b->facts, FACT_DISPUTE_REASON, order->dispute_reason);
    build_order_days(b);
    build_items(b);
    build_money(b);
}

/* ---- all of it ---- */

/* Has anything left? And if not, is it late? */
static void build_progress(const struct builder *b)
{
    const struct case_order *order = b->order;
    moment_t ship_by = order->new_ship_by != MOMENT_NONE ? order->new_ship_by : order->ship_by;
    bool shipped = order->status == ORDER_STATUS_SHIPPED || order->status == ORDER_STATUS_COMPLETED;
    bool moved = false;

    for (int i = 0; i < order->shipment_count; i++)
        moved |= parcel_on_its_way(b, &order->shipments[i]);
    if (moved && order->status == ORDER_STATUS_UNPAID)
        set_conflict(b);
    shipped |= moved;
    if (shipped || order->status >= 0 || order->shipment_count > 0)
        facts_set_flag(b->facts, FACT_ORDER_SHIPPED, shipped);
    if (ship_by != MOMENT_NONE)
        facts_set_number(b->facts, FACT_ORDER_DISPATCH_OVERDUE_DAYS,
                         shipped ? 0 : max_int(0, b->today - moment_day(ship_by)));
}

void facts_build(struct facts *facts, const struct shop *shop, const struct request *request,
                 const struct understanding *understanding, const struct case_rows *rows)
{
    struct builder b = {.facts = facts,
                        .policy = &shop->policy,
                        .request = request,
                        .understanding = understanding,
                        .shop = shop,
                        .rows = rows,
                        .as_of = request->as_of,
                        .today = moment_day(request->as_of)};
    const char *asked = given_number(&b, rows->order);
    enum order_lookup found = lookup(&b, rows->order, asked);

    if (found == ORDER_LOOKUP_FOUND || found == ORDER_LOOKUP_UNVERIFIED)
        b.order = rows->order;
    if (b.order && !asked)
        asked = b.order->number;
    set_time(&b, FACT_AS_OF, b.as_of);
    facts_set_number(facts, FACT_TODAY, b.today);
    facts_set_word(facts, FACT_ORDER_LOOKUP, (int)found);
    facts_set_text(facts, FACT_ORDER_ASKED_NUMBER, asked);
    facts_set_flag(facts, FACT_BUYER_VERIFIED, b.order && buyer_match(request, b.order) == MATCH_YES);
    facts_set_flag(facts, FACT_ORDER_ASKED_IN_REQUEST, request->order_number != NULL);
    facts_set_flag(facts, FACT_RECORD_CONFLICTING, false);
    facts_set_flag(facts, FACT_RECORD_WITHHELD, false);
    facts_set_flag(facts, FACT_REPLY_LINKS, !b.order || b.order->platform <= PLATFORM_OWN_SHOP);
    facts_set_number(facts, FACT_SHIPMENT_COUNT, b.order ? b.order->shipment_count : 0);
    facts_set_number(facts, FACT_SHIPMENT_EVENT_COUNT, 0);
    facts_set_number(facts, FACT_THREAD_CONTACTS, rows->contact_count);
    facts_set_number(facts, FACT_THREAD_SAME_ISSUE, 0);
    build_message(&b);
    build_people(&b, shop);
    build_policy(&b);
    build_payment_methods(&b);
    facts_set_flag(facts, FACT_DUTY_KNOWN, false);
    facts_set_text(facts, FACT_REPLY_CURRENCY, shop->policy.currency);
    build_reply_days(&b);
    if (b.order) {
        build_order(&b);
        if (facts_known(facts, FACT_ORDER_CURRENCY))
            facts_set_text(facts, FACT_REPLY_CURRENCY, b.order->currency);
        build_method(&b);
        build_progress(&b);
    }
    if (b.order && b.order->shipment_count > 0) {
        const struct case_shipment *told = parcel_choose(&b);

        build_parcel(&b, told);
        build_parcels(&b, told);
    }
    if (b.order)
        build_calendar(&b, shop);
    build_customer(&b);
    if (!b.order && !request->has_message && facts_known(facts, FACT_CUSTOMER_PLATFORM))
        facts_set_flag(facts, FACT_REPLY_LINKS,
                       strcmp(facts_text(facts, FACT_CUSTOMER_PLATFORM), words_platform[PLATFORM_OWN_SHOP]) ==
                           0);
    build_signature(&b);
    build_holiday(&b);
    product_choose(&b);
    build_product(&b);
    build_size(&b);
    build_quote(&b);
    build_methods(&b);
    build_duty(&b);
    if (!facts_flag(facts, FACT_REPLY_LINKS))
        screen_facts(facts);
}
