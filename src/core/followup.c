#include "replyd/followup.h"

#include "replyd/guard.h"
#include "replyd/request.h"
#include "replyd/suggest.h"

#include <string.h>

static bool holds(const struct logic *logic, const struct facts *facts, struct arena *scratch)
{
    struct value result;

    if (!logic)
        return true;
    result = logic_eval(logic, facts->slot, NULL, scratch);
    return logic_truthy(&result);
}

static moment_t due_at(const struct followup_rule *rule, const struct facts *facts, struct arena *scratch)
{
    struct value due = logic_eval(rule->due, facts->slot, NULL, scratch);

    if (due.type != VALUE_NUMBER || !(due.number > 0 && due.number < 1e11))
        return MOMENT_NONE;
    return (moment_t)due.number * MOMENT_SECOND;
}

/* Is there an issue for it, with a mail that may go? */
static bool has_mail(const struct playbook *playbook, int trigger, struct facts *facts, struct arena *scratch)
{
    struct guard_warnings warnings = {.arena = scratch};
    struct value before = facts->slot[FACT_MESSAGE_TRIGGER];
    const struct issue_rule *issue;
    bool has;

    facts_set_word(facts, FACT_MESSAGE_TRIGGER, trigger);
    issue = diagnose(playbook, facts, scratch);
    has = issue != &playbook->issues[playbook->issue_count - 1] && holds(issue->draft_when, facts, scratch) &&
          guard_mail(playbook, guard_platform_of(facts), issue->code, facts, &warnings);
    facts->slot[FACT_MESSAGE_TRIGGER] = before;
    return has;
}

/* Of several unpaid orders of a customer the newest one speaks for all. */
static bool speaks(int trigger, const struct facts *facts)
{
    const struct value *orders = &facts->slot[FACT_CUSTOMER_UNPAID_ORDERS];
    const char *number = facts_text(facts, FACT_ORDER_NUMBER);
    const struct value *first;

    if (trigger != TRIGGER_SEVERAL_UNPAID_ORDERS)
        return true;
    if (orders->type != VALUE_ARRAY || orders->len == 0 || !number)
        return false;
    first = orders->items[0].members[FIELD_CUSTOMER_UNPAID_ORDERS_NUMBER].value;
    return first->type == VALUE_STRING && first->len == strlen(number) &&
           memcmp(first->string, number, first->len) == 0;
}

/* Is it not made yet, or, where an answer is promised, one that can be made of the order? */
static bool is_wanted(const struct followup_rule *rule, const struct facts *facts, moment_t due,
                      const moment_t *written)
{
    if (!written)
        return trigger_has_order(rule->trigger);
    return written[rule->trigger] < due && speaks(rule->trigger, facts);
}

bool followup_find(const struct playbook *playbook, bool of_customer, struct facts *facts, moment_t by,
                   const moment_t *written, struct arena *scratch, struct followup *ret_followup)
{
    moment_t now = (moment_t)facts_number(facts, FACT_AS_OF) * MOMENT_SECOND;

    for (int i = 0; i < playbook->followup_count; i++) {
        const struct followup_rule *rule = &playbook->followups[i];
        moment_t due;

        if (rule->of_customer != of_customer || !holds(rule->when, facts, scratch))
            continue;
        due = due_at(rule, facts, scratch);
        if (due == MOMENT_NONE || due > by || now - due > rule->days * MOMENT_DAY ||
            !is_wanted(rule, facts, due, written) || !has_mail(playbook, rule->trigger, facts, scratch))
            continue;
        *ret_followup = (struct followup){.trigger = rule->trigger, .due_at = due};
        return true;
    }
    return false;
}

void followup_promised(const struct playbook *playbook, struct facts *facts, moment_t promised_at,
                       moment_t by, struct arena *scratch, struct followup *ret_followup)
{
    if (!followup_find(playbook, false, facts, by, NULL, scratch, ret_followup))
        ret_followup->trigger = TRIGGER_PROMISED_DATE_PASSED;
    ret_followup->due_at = promised_at;
}
