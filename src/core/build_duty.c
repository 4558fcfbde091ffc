/* What customs take and ask where the parcel goes: the shop's own rule of the day. Where it has none,
 * law_facts() says what playbook/law has. */
#include "build.h"

#include <string.h>
#include <strings.h>

static bool is_on(moment_t from, moment_t to, moment_t moment)
{
    return (from == MOMENT_NONE || from <= moment) && (to == MOMENT_NONE || moment <= to);
}

static bool concerns(const struct builder *b, const struct customs_rule *rule)
{
    const char *country = facts_text(b->facts, FACT_WANTED_COUNTRY);

    return country && strcmp(rule->country, country) == 0 &&
           (!rule->origin || (b->policy->country && strcmp(rule->origin, b->policy->country) == 0));
}

/* The rule of the day: one for this origin before one for all, the later before the earlier. */
static const struct customs_rule *rule_of(const struct builder *b)
{
    const struct customs_rule *best = NULL;

    for (int i = 0; i < b->shop->customs_rule_count; i++) {
        const struct customs_rule *rule = &b->shop->customs_rules[i];

        if (!concerns(b, rule) || !is_on(rule->effective_from, rule->effective_to, b->as_of))
            continue;
        if (!best || (rule->origin && !best->origin) ||
            (!rule->origin == !best->origin && rule->effective_from > best->effective_from))
            best = rule;
    }
    return best;
}

static void build_alert(const struct builder *b)
{
    bool known = false;
    moment_t until = MOMENT_NONE;

    for (int i = 0; i < b->shop->customs_rule_count; i++) {
        const struct customs_rule *rule = &b->shop->customs_rules[i];

        if (!concerns(b, rule))
            continue;
        known = true;
        if ((rule->alert_from == MOMENT_NONE && rule->alert_to == MOMENT_NONE) ||
            !is_on(rule->alert_from, rule->alert_to, b->as_of))
            continue;
        facts_set_flag(b->facts, FACT_DUTY_ALERT, true);
        until = rule->alert_to > until ? rule->alert_to : until;
    }
    if (known && !facts_known(b->facts, FACT_DUTY_ALERT))
        facts_set_flag(b->facts, FACT_DUTY_ALERT, false);
    set_day(b, FACT_DUTY_ALERT_TO, until);
}

/* What they reckon from: the goods of the order, without the freight, or of what is asked about. */
static struct money value_of(const struct builder *b)
{
    const struct case_order *order = b->order;
    struct money value = {0};

    if (order && (!b->request->sku || b->item)) {
        if (order->total == MONEY_NONE || order->total < 0 || !facts_known(b->facts, FACT_ORDER_CURRENCY))
            return value;
        value.minor = order->total;
        if (order->freight != MONEY_NONE && order->freight > 0 && order->freight <= order->total)
            value.minor -= order->freight;
        memcpy(value.currency, facts_text(b->facts, FACT_ORDER_CURRENCY), sizeof(value.currency));
        return value;
    }
    if (facts_known(b->facts, FACT_QUOTE_GOODS)) {
        value.minor = (int64_t)facts_number(b->facts, FACT_QUOTE_GOODS);
        memcpy(value.currency, facts_text(b->facts, FACT_PRODUCT_CURRENCY), sizeof(value.currency));
        return value;
    }
    return b->product ? b->product->price : value;
}

/* What the order's record says comes before what holds for the country. */
static void build_collector(const struct builder *b, const struct customs_rule *rule)
{
    int by = b->order ? b->order->tax_collected_by : -1;
    bool ddp = b->order && b->order->incoterm && strcasecmp(b->order->incoterm, "DDP") == 0;

    if (by < 0 || by == TAX_COLLECTOR_UNKNOWN)
        by = rule ? rule->collected_by : -1;
    facts_set_word(b->facts, FACT_DUTY_COLLECTED_BY, by);
    if (ddp || by == TAX_COLLECTOR_SELLER || by == TAX_COLLECTOR_PLATFORM)
        facts_set_flag(b->facts, FACT_DUTY_PREPAID, true);
    else if (by == TAX_COLLECTOR_CARRIER)
        facts_set_flag(b->facts, FACT_DUTY_PREPAID, false);
}

/* Of the first amount that the rule names. */
static const char *currency_of(const struct customs_rule *rule)
{
    const struct money *const amounts[] = {&rule->duty_free_below, &rule->tax_threshold, &rule->fixed_duty,
                                           &rule->handling_fee};

    for (size_t i = 0; i < sizeof(amounts) / sizeof(*amounts); i++) {
        if (amounts[i]->currency[0])
            return amounts[i]->currency;
    }
    return NULL;
}

/* Less than a limit; unknown where they can't be compared. */
static enum tristate under(const struct builder *b, const struct money *value, const struct money *limit)
{
    int64_t amount = money_in(b, value, limit->currency);

    if (!limit->currency[0] || amount == MONEY_NONE)
        return TRI_UNKNOWN;
    return amount < limit->minor ? TRI_TRUE : TRI_FALSE;
}

/* Nothing below its limit; else so much percent and a fixed amount, of which one must be on record. With a
 * limit on record that can't be compared it is unknown. */
static int64_t duty_of(const struct builder *b, const struct customs_rule *rule, const struct money *value,
                       const char *currency)
{
    enum tristate free = under(b, value, &rule->duty_free_below);
    int64_t amount = money_in(b, value, currency), fixed = money_in(b, &rule->fixed_duty, currency);

    if (free == TRI_TRUE)
        return 0;
    if ((rule->duty_free_below.currency[0] && free == TRI_UNKNOWN) || amount == MONEY_NONE ||
        (rule->duty_percent < 0 && !rule->fixed_duty.currency[0]) ||
        (rule->fixed_duty.currency[0] && fixed == MONEY_NONE))
        return MONEY_NONE;
    return (rule->duty_percent > 0 ? money_percent(amount, rule->duty_percent) : 0) +
           (fixed == MONEY_NONE ? 0 : fixed);
}

/* The same for the tax, which is taken of the value and the duty. */
static int64_t tax_of(const struct builder *b, const struct customs_rule *rule, const struct money *value,
                      int64_t duty, const char *currency)
{
    enum tristate free = under(b, value, &rule->tax_threshold);
    int64_t amount = money_in(b, value, currency);

    if (free == TRI_TRUE)
        return 0;
    if ((rule->tax_threshold.currency[0] && free == TRI_UNKNOWN) || amount == MONEY_NONE ||
        rule->tax_percent < 0)
        return MONEY_NONE;
    return money_percent(amount + duty, rule->tax_percent);
}

/* Duty and tax must be known. A carrier's fee comes on top where it is on record and he has something to
 * collect; without one on record the draft speaks of duty and tax alone. */
static void build_estimate(const struct builder *b, const struct customs_rule *rule,
                           const struct money *value)
{
    const char *currency = facts_text(b->facts, FACT_REPLY_CURRENCY);
    int64_t duty = duty_of(b, rule, value, currency), tax, fee = money_in(b, &rule->handling_fee, currency);

    if (duty == MONEY_NONE)
        return;
    tax = tax_of(b, rule, value, duty, currency);
    if (tax == MONEY_NONE)
        return;
    if (duty + tax == 0 || facts_flag(b->facts, FACT_DUTY_PREPAID) || !rule->handling_fee.currency[0])
        fee = 0;
    if (fee != MONEY_NONE)
        set_money(b, FACT_DUTY_ESTIMATE, duty + tax + fee);
}

static void build_documents(const struct builder *b, const struct customs_rule *rule)
{
    const char *const *documents = rule->buyer_documents.items;
    int count = (int)rule->buyer_documents.count;
    struct value *field;

    if (count == 0)
        return;
    field = facts_set_list(b->facts, FACT_DUTY_DOCUMENTS, count);
    for (int i = 0; i < count; i++, field += facts_info[FACT_DUTY_DOCUMENTS].field_count)
        field[FIELD_DUTY_DOCUMENTS_NAME] = text_value(documents[i]);
}

void build_duty(const struct builder *b)
{
    const struct customs_rule *rule = rule_of(b);
    struct money value = value_of(b);
    const char *currency;

    build_collector(b, rule);
    build_alert(b);
    set_amount(b, FACT_DUTY_VALUE, money_in(b, &value, facts_text(b->facts, FACT_REPLY_CURRENCY)));
    if (!rule)
        return;
    facts_set_flag(b->facts, FACT_DUTY_KNOWN, true);
    currency = currency_of(rule);
    facts_set_text(b->facts, FACT_DUTY_CURRENCY, currency);
    if (rule->duty_percent >= 0)
        facts_set_number(b->facts, FACT_DUTY_PERCENT, rule->duty_percent);
    if (rule->tax_percent >= 0)
        facts_set_number(b->facts, FACT_DUTY_TAX_PERCENT, rule->tax_percent);
    set_money(b, FACT_DUTY_FREE_BELOW, money_in(b, &rule->duty_free_below, currency));
    set_money(b, FACT_DUTY_TAX_THRESHOLD, money_in(b, &rule->tax_threshold, currency));
    set_money(b, FACT_DUTY_FIXED, money_in(b, &rule->fixed_duty, currency));
    set_money(b, FACT_DUTY_HANDLING_FEE, money_in(b, &rule->handling_fee, currency));
    set_flag(b, FACT_DUTY_BELOW_THRESHOLD, under(b, &value, &rule->duty_free_below));
    build_estimate(b, rule, &value);
    facts_set_text(b->facts, FACT_DUTY_RECIPIENT_ID, rule->recipient_id.kind);
    build_documents(b, rule);
}
