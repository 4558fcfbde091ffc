#include "replyd/suggest.h"

#include <math.h>
#include <string.h>

#define OPTIONS_MAX 32

struct resolver {
    struct facts *facts;
    struct arena *scratch;
};

static struct value eval(const struct resolver *resolver, const struct logic *logic)
{
    return logic_eval(logic, resolver->facts->slot, NULL, resolver->scratch);
}

static bool holds(const struct resolver *resolver, const struct logic *when)
{
    struct value result;

    if (!when)
        return true;
    result = eval(resolver, when);
    return logic_truthy(&result);
}

/* One option's numbers: worked out once, or once for every element of a list. */
struct option_values {
    struct value when, amount, cost, rank, offer;
};

static struct value eval_or(const struct resolver *resolver, const struct logic *logic, struct value missing)
{
    return logic ? eval(resolver, logic) : missing;
}

static struct value element_of(const struct value *value, const struct logic *logic, int element)
{
    if (!logic || element < 0)
        return *value;
    return value->type == VALUE_ARRAY && (uint32_t)element < value->len ? value->items[element]
                                                                        : VALUE_NULL_INIT;
}

static double number_or(const struct value *value, double missing)
{
    return value->type == VALUE_NUMBER && isfinite(value->number) ? value->number : missing;
}

/* An amount is whole minor units, or unknown. */
static struct value money_of(struct value value)
{
    if (value.type != VALUE_NUMBER || !(fabs(value.number) <= (double)MONEY_MINOR_MAX))
        return VALUE_NULL_INIT;
    return value_number(round(value.number));
}

/* Stable: equal ranks stay as the rule has them. */
static int insert_ranked(struct resolved_option *options, int count, struct resolved_option option)
{
    int at = count;

    if (count == OPTIONS_MAX)
        return count;
    while (at > 0 && options[at - 1].rank > option.rank) {
        options[at] = options[at - 1];
        at--;
    }
    options[at] = option;
    return count + 1;
}

/* A consolation that the buyer was offered before is not offered again. */
static bool is_offered(const struct facts *facts, int action)
{
    const struct value *offered = &facts->slot[FACT_THREAD_OFFERED];

    for (uint32_t i = 0; offered->type == VALUE_ARRAY && i < offered->len; i++) {
        if (strcmp(offered->items[i].members[FIELD_THREAD_OFFERED_ACTION].value->string,
                   words_option_action[action]) == 0)
            return true;
    }
    return false;
}

static int add_options(const struct resolver *resolver, const struct option_rule *rule,
                       struct resolved_option *options, int count)
{
    struct option_values values = {.when = eval_or(resolver, rule->when, value_bool(true)),
                                   .amount = eval_or(resolver, rule->amount, VALUE_NULL_INIT),
                                   .cost = eval_or(resolver, rule->cost, VALUE_NULL_INIT),
                                   .rank = eval_or(resolver, rule->rank, value_number(0)),
                                   .offer = eval_or(resolver, rule->offer, value_bool(true))};
    bool each = rule->each >= 0;
    int times = 1;

    if (each)
        times = facts_known(resolver->facts, rule->each) ? (int)resolver->facts->slot[rule->each].len : 0;
    for (int i = 0; i < times; i++) {
        int element = each ? i : -1;
        struct value when = element_of(&values.when, rule->when, element);
        struct value rank = element_of(&values.rank, rule->rank, element);
        struct value offer = element_of(&values.offer, rule->offer, element);

        if (!logic_truthy(&when))
            continue;
        count = insert_ranked(
            options, count,
            (struct resolved_option){.rule = rule,
                                     .element = element,
                                     .amount = money_of(element_of(&values.amount, rule->amount, element)),
                                     .cost = money_of(element_of(&values.cost, rule->cost, element)),
                                     .rank = number_or(&rank, INFINITY),
                                     .offer = logic_truthy(&offer)});
    }
    return count;
}

/* What drafts say of the options: those that the buyer is offered. */
static void set_option_facts(struct facts *facts, const struct resolution *resolution)
{
    int offered = 0;
    struct value *field;

    for (int i = 0; i < resolution->option_count; i++)
        offered += resolution->options[i].offer;
    facts_set_number(facts, FACT_REPLY_CHOICES, offered);
    if (offered == 0)
        return;
    field = facts_set_list(facts, FACT_OPTIONS, offered);
    for (int i = 0; i < resolution->option_count; i++) {
        const struct resolved_option *option = &resolution->options[i];

        if (!option->offer)
            continue;
        field[FIELD_OPTIONS_ACTION] = value_string(words_option_action[option->rule->action]);
        /* Both are the same where an order is told, and without one no amount of an order's is known. */
        if (option->amount.type == VALUE_NUMBER &&
            (option->rule->currency == FACT_REPLY_CURRENCY || option->rule->currency == FACT_ORDER_CURRENCY))
            field[FIELD_OPTIONS_AMOUNT] = option->amount;
        field[FIELD_OPTIONS_RECOMMENDED] = value_bool(i == 0);
        field += facts_info[FACT_OPTIONS].field_count;
    }
}

/* Waiting never goes past the day when the platform's protection ends or a dispute must be answered. */
static moment_t follow_up(const struct resolver *resolver, const struct issue_rule *issue, moment_t as_of)
{
    struct value hours = eval_or(resolver, issue->follow_up, VALUE_NULL_INIT);
    const struct facts *facts = resolver->facts;
    moment_t at, ends[2] = {MOMENT_NONE, MOMENT_NONE};

    if (hours.type != VALUE_NUMBER || !(hours.number >= 0 && hours.number <= 24 * 365))
        return MOMENT_NONE;
    at = as_of + (moment_t)(hours.number * (double)MOMENT_HOUR);
    if (facts_known(facts, FACT_ORDER_PROTECTION_ENDS_ON))
        ends[0] = day_end((day_t)facts_number(facts, FACT_ORDER_PROTECTION_ENDS_ON));
    if (facts_known(facts, FACT_DISPUTE_RESPOND_BY))
        ends[1] = (moment_t)facts_number(facts, FACT_DISPUTE_RESPOND_BY) * MOMENT_SECOND;
    for (int i = 0; i < 2; i++) {
        if (ends[i] > as_of && ends[i] < at)
            at = ends[i];
    }
    return at;
}

void resolve(const struct issue_rule *issue, struct facts *facts, moment_t as_of, struct arena *scratch,
             struct resolution *ret_resolution)
{
    struct resolver resolver = {.facts = facts, .scratch = scratch};
    struct resolved_option *options = arena_alloc(scratch, OPTIONS_MAX * sizeof(*options));
    struct resolution resolution = {.action = -1, .options = options};
    const struct issue_rule *source = issue; /* whose options are used */

    facts_set_text(facts, FACT_ISSUE_CODE, issue->code);
    facts_unset(facts, FACT_ISSUE_UNDERLYING); /* of a further issue of the letter that was resolved before */
    facts_unset(facts, FACT_REPLY_DATE);
    facts_unset(facts, FACT_OPTIONS);
    for (int i = 0; i < issue->underlying_count; i++) {
        const struct underlying_rule *under = &issue->underlying[i];

        if (!holds(&resolver, under->when) || !diagnose_holds(under->issue, facts, scratch))
            continue;
        source = under->issue;
        facts_set_text(facts, FACT_ISSUE_UNDERLYING, source->code);
        break;
    }
    resolution.follow_up_at = follow_up(&resolver, issue, as_of);
    if (resolution.follow_up_at != MOMENT_NONE)
        facts_set_number(facts, FACT_REPLY_DATE, moment_day(resolution.follow_up_at));
    for (int i = 0; i < source->option_count; i++) {
        if (!is_offered(facts, source->options[i].action))
            resolution.option_count =
                add_options(&resolver, &source->options[i], options, resolution.option_count);
    }
    for (int i = 0; i < issue->action_count && resolution.action < 0; i++) {
        if (holds(&resolver, issue->actions[i].when))
            resolution.action = issue->actions[i].action;
    }
    facts_set_word(facts, FACT_RESOLUTION_ACTION, resolution.action);
    set_option_facts(facts, &resolution);
    *ret_resolution = resolution;
}
