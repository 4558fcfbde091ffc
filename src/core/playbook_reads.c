/* Which rows beside the order a rule wants read: those that the facts are made of which it or its drafts
 * read, straight or by way of facts that follow from others. */
#include "playbook_load.h"

/* What each fact is made of, and what has been seen so far. */
struct seen {
    unsigned of_fact[FACT_COUNT];
    unsigned reads;
};

static void see_fact(int fact, void *arg)
{
    struct seen *seen = arg;

    seen->reads |= seen->of_fact[fact];
}

static void see_logic(const struct logic *logic, struct seen *seen)
{
    if (logic)
        logic_facts(logic, see_fact, seen);
}

static void see_template(const struct mustache_node *first, struct seen *seen)
{
    bind_facts(first, see_fact, seen);
}

static void see_list(const int *facts, struct seen *seen)
{
    for (; facts && *facts >= 0; facts++)
        see_fact(*facts, seen);
}

static void see_reviews(const struct review_rule *reviews, int count, struct seen *seen)
{
    for (int i = 0; i < count; i++)
        see_logic(reviews[i].when, seen);
}

static void see_options(const struct issue_rule *rule, struct seen *seen)
{
    for (int i = 0; i < rule->option_count; i++) {
        const struct option_rule *option = &rule->options[i];

        if (option->each >= 0)
            see_fact(option->each, seen);
        see_logic(option->when, seen);
        see_logic(option->amount, seen);
        see_logic(option->cost, seen);
        see_logic(option->rank, seen);
        see_logic(option->offer, seen);
        see_template(option->reason, seen);
    }
}

static void see_drafts(const struct issue_rule *rule, struct seen *seen)
{
    for (int i = 0; i < rule->draft_count; i++) {
        see_template(rule->drafts[i].subject, seen);
        see_template(rule->drafts[i].body, seen);
        see_template(rule->drafts[i].also, seen);
        see_template(rule->drafts[i].frame, seen);
    }
}

static unsigned reads_of(const struct issue_rule *rule, struct seen *seen)
{
    seen->reads = 0;
    see_list(rule->requires, seen);
    see_list(rule->evidence, seen);
    see_logic(rule->when, seen);
    for (int i = 0; i < rule->need_count; i++) {
        see_fact(rule->needs[i].fact, seen);
        see_logic(rule->needs[i].when, seen);
    }
    for (int i = 0; i < rule->action_count; i++)
        see_logic(rule->actions[i].when, seen);
    for (int i = 0; i < rule->next_step_count; i++) {
        see_logic(rule->next_steps[i].when, seen);
        see_logic(rule->next_steps[i].due, seen);
    }
    for (int i = 0; i < rule->underlying_count; i++)
        see_logic(rule->underlying[i].when, seen);
    see_logic(rule->follow_up, seen);
    see_logic(rule->valid_until, seen);
    see_logic(rule->draft_when, seen);
    see_template(rule->reason, seen);
    see_reviews(rule->reviews, rule->review_count, seen);
    see_options(rule, seen);
    see_drafts(rule, seen);
    return seen->reads;
}

/* What holds for every issue. */
static unsigned reads_always(const struct playbook *playbook, struct seen *seen)
{
    seen->reads = 0;
    see_logic(playbook->high_priority, seen);
    see_template(playbook->reason_more, seen);
    see_reviews(playbook->reviews, playbook->review_count, seen);
    return seen->reads;
}

static unsigned reads_of_claim(const struct claim_rule *claim, struct seen *seen)
{
    seen->reads = 0;
    see_fact(claim->fact, seen);
    see_logic(claim->agree, seen);
    see_logic(claim->contradict, seen);
    return seen->reads;
}

void playbook_mark_reads(struct playbook *playbook, struct issue_rule *issues, struct claim_rule *claims)
{
    struct seen seen = {.reads = 0};

    for (int fact = 0; fact < FACT_COUNT; fact++)
        seen.of_fact[fact] = facts_info[fact].reads;
    for (int i = 0; i < playbook->derived_count; i++) {
        seen.reads = 0;
        see_logic(playbook->derived[i].value, &seen);
        seen.of_fact[playbook->derived[i].fact] |= seen.reads;
    }
    playbook->reads = reads_always(playbook, &seen);
    for (int i = 0; i < playbook->issue_count; i++)
        issues[i].reads = reads_of(&issues[i], &seen);
    for (int i = 0; claims && i < playbook->claim_count; i++)
        claims[i].reads = reads_of_claim(&claims[i], &seen);
}

unsigned playbook_reads(const struct playbook *playbook, uint64_t intents, uint64_t claims, uint64_t triggers)
{
    unsigned reads = playbook->reads;

    for (int i = 0; i < playbook->issue_count; i++) {
        const struct issue_rule *rule = &playbook->issues[i];

        if (!(rule->intents & intents) && !(rule->triggers & triggers))
            continue;
        reads |= rule->reads;
        /* an issue whose options are used stands in for this one's */
        for (int under = 0; under < rule->underlying_count; under++)
            reads |= rule->underlying[under].issue->reads;
    }
    for (int i = 0; i < playbook->claim_count; i++) {
        const struct claim_rule *claim = &playbook->claims[i];

        if ((claim->intents & intents) || (claims >> claim->claim & 1))
            reads |= claim->reads;
    }
    return reads;
}
