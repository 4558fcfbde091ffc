#include "replyd/suggest.h"

#include "answer.h"
#include "replyd/html.h"

#include <string.h>

#define LANGUAGE_SURE 0.5 /* below it the customer's record says more about the language than the text */

/* "en" of "en-US" */
/* "pt" of "pt-BR"; BCP 47 has no case. */
static const char *base_language(const char *language, struct arena *arena)
{
    char *base = arena_strndup(arena, language, strcspn(language, "-_"));
    for (char *c = base; *c; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 32);
    }
    return base;
}

const char *suggest_language(const struct request *request, const struct understanding *said,
                             const struct facts *facts)
{
    const char *guess = said && strcmp(said->language, "und") != 0 ? said->language : NULL;
    const char *customer = facts_text(facts, FACT_CUSTOMER_LANGUAGE);
    const char *language = request->reply_language;

    if (!language && said)
        language = request->message.language;
    if (!language && guess && said->language_confidence >= LANGUAGE_SURE)
        language = guess;
    if (!language)
        language = customer ? customer : guess;
    return language ? base_language(language, facts->arena) : "en";
}

static bool holds(const struct answer *a, const struct logic *logic)
{
    struct value result;

    if (!logic)
        return true;
    result = logic_eval(logic, a->facts->slot, NULL, a->arena);
    return logic_truthy(&result);
}

/* ---- what is missing ---- */

static void add_missing(int fact, void *arg)
{
    struct answer *a = arg;

    if (facts_known(a->facts, fact) || a->missing_count == MISSING_MAX)
        return;
    for (int i = 0; i < a->missing_count; i++) {
        if (a->missing[i] == fact)
            return;
    }
    a->missing[a->missing_count++] = fact;
}

static bool takes_all(uint64_t mask)
{
    return (mask & (mask + 1)) == 0; /* "any", or nothing */
}

/* No rule fits though it is clear what is asked: what the rules for it would have needed to know. */
static void add_required(struct answer *a)
{
    uint64_t intent, trigger;

    diagnose_masks(a->facts, &intent, &trigger);
    for (const struct issue_rule *issue = a->playbook->issues; issue < a->issue; issue++) {
        if (!((issue->intents & intent) && !takes_all(issue->intents)) &&
            !((issue->triggers & trigger) && !takes_all(issue->triggers)))
            continue;
        for (const int *fact = issue->requires; *fact >= 0; fact++)
            add_missing(*fact, a);
    }
}

/* A step whose day can't be told. */
static void add_due(struct answer *a, const struct next_step_rule *step)
{
    struct value due;

    if (!step->due || !holds(a, step->when))
        return;
    due = logic_eval(step->due, a->facts->slot, NULL, a->arena);
    if (due.type == VALUE_NULL)
        logic_facts(step->due, add_missing, a);
}

static void find_missing(struct answer *a)
{
    for (int i = 0; i < a->issue->need_count; i++) {
        if (holds(a, a->issue->needs[i].when))
            add_missing(a->issue->needs[i].fact, a);
    }
    for (int i = 0; i < a->resolution.option_count; i++) {
        const struct resolved_option *option = &a->resolution.options[i];

        if (option->rule->amount && option->amount.type == VALUE_NULL)
            logic_facts(option->rule->amount, add_missing, a);
        if (option->rule->cost && option->cost.type == VALUE_NULL)
            logic_facts(option->rule->cost, add_missing, a);
    }
    for (int i = 0; i < a->issue->next_step_count; i++)
        add_due(a, &a->issue->next_steps[i]);
    if (a->issue == &a->playbook->issues[a->playbook->issue_count - 1] &&
        (!facts_flag(a->facts, FACT_MESSAGE_PRESENT) || facts_flag(a->facts, FACT_MESSAGE_CONFIDENT)))
        add_required(a);
}

/* ---- how long it holds ---- */

static moment_t earlier(const struct answer *a, moment_t until, moment_t candidate)
{
    return candidate > a->request->as_of && candidate < until ? candidate : until;
}

static moment_t earlier_value(const struct answer *a, moment_t until, const struct value *seconds)
{
    if (seconds->type != VALUE_NUMBER || !(seconds->number > 0 && seconds->number < 1e11))
        return until;
    return earlier(a, until, (moment_t)seconds->number * MOMENT_SECOND);
}

/* May midnight bring another answer, or another issue that is tried before this one? */
static bool changes_daily(const struct answer *a)
{
    uint64_t intent, trigger;

    if (a->issue->daily)
        return true;
    diagnose_masks(a->facts, &intent, &trigger);
    for (const struct issue_rule *issue = a->playbook->issues; issue < a->issue; issue++) {
        if (issue->daily_when && ((issue->intents & intent) || (issue->triggers & trigger)))
            return true;
    }
    return false;
}

/* Days with whose end the answer may turn, read by a rule or not. */
static const enum fact clocks[] = {
    FACT_SHIPMENT_PROMISED_BY, FACT_SHIPMENT_GRACE_ENDS_ON,  FACT_SHIPMENT_CLAIM_BY,
    FACT_SHIPMENT_PICKUP_BY,   FACT_SHIPMENT_CUSTOMS_ACT_BY, FACT_ORDER_DISPATCH_BY,
    FACT_ORDER_NEW_SHIP_BY,    FACT_LAW_WITHDRAWAL_ENDS_ON,  FACT_ORDER_PROTECTION_ENDS_ON,
};

static moment_t earliest_clock(const struct answer *a, moment_t until)
{
    for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
        if (facts_known(a->facts, clocks[i]))
            until = earlier(a, until, day_start((day_t)facts_number(a->facts, clocks[i]) + 1));
    }
    return earlier_value(a, until, &a->facts->slot[FACT_DISPUTE_RESPOND_BY]);
}

static moment_t valid_until(const struct answer *a)
{
    moment_t as_of = a->request->as_of, until = as_of + MOMENT_DAY;

    if (changes_daily(a))
        until = earlier(a, until, day_start(moment_day(as_of) + 1));
    until = earliest_clock(a, until);
    if (a->understanding && a->request->message.received_at != MOMENT_NONE)
        until = earlier(a, until,
                        a->request->message.received_at +
                            (moment_t)facts_number(a->facts, FACT_POLICY_LATE_REPLY_HOURS) * MOMENT_HOUR);
    if (a->issue->valid_until) {
        struct value moments = logic_eval(a->issue->valid_until, a->facts->slot, NULL, a->arena);

        until = earlier_value(a, until, &moments);
        for (uint32_t i = 0; moments.type == VALUE_ARRAY && i < moments.len; i++)
            until = earlier_value(a, until, &moments.items[i]);
    }
    return until;
}

/* ---- the steps ---- */

/* How often the buyer has written about this before (messages, not mails of ours), and since when he has an
 * answer. */
static void count_contacts(struct answer *a, const struct case_rows *rows)
{
    const struct case_contact *answered = NULL;
    int same = 0;

    for (int i = 0; i < rows->contact_count; i++) {
        const struct case_contact *contact = &rows->contacts[i];

        if (!contact->issue || strcmp(contact->issue, a->issue->code) != 0)
            continue;
        same++;
        if (contact->sent && !answered)
            answered = contact;
    }
    facts_set_number(a->facts, FACT_THREAD_SAME_ISSUE, same);
    facts_set_flag(a->facts, FACT_THREAD_ANSWERED, answered != NULL);
    if (answered)
        facts_set_number(a->facts, FACT_THREAD_ANSWERED_DAYS,
                         moment_day(a->request->as_of) - moment_day(answered->received_at));
}

static bool has_secondary(const struct answer *a, const struct issue_rule *issue)
{
    for (int i = 0; i < a->secondary_count; i++) {
        if (a->secondary[i] == issue)
            return true;
    }
    return false;
}

/* What else is asked for: the issue that each further intent would have been, where a rule takes it. */
static void find_secondary(struct answer *a)
{
    const struct value *intents = &a->facts->slot[FACT_MESSAGE_INTENTS];
    struct value primary = a->facts->slot[FACT_MESSAGE_INTENT];

    for (uint32_t i = 1; i < intents->len && a->secondary_count < SECONDARY_MAX; i++) {
        const struct issue_rule *issue;

        a->facts->slot[FACT_MESSAGE_INTENT] = *intents->items[i].members[FIELD_MESSAGE_INTENTS_INTENT].value;
        issue = diagnose(a->playbook, a->facts, a->arena);
        if (issue != a->issue && issue != &a->playbook->issues[a->playbook->issue_count - 1] &&
            !has_secondary(a, issue))
            a->secondary[a->secondary_count++] = issue;
    }
    a->facts->slot[FACT_MESSAGE_INTENT] = primary;
}

static void add_reviews(struct answer *a, const struct review_rule *reviews, int count)
{
    for (int i = 0; i < count; i++) {
        if (holds(a, reviews[i].when))
            a->reviews |= 1u << reviews[i].reason;
    }
}

/* The wished language's draft, else the English one; none where the rule says that no mail may go. */
static void choose_draft(struct answer *a)
{
    const char *wished = suggest_language(a->request, a->understanding, a->facts);
    const char *agent = a->request->agent.language;

    a->reply_language = wished;
    if (!holds(a, a->issue->draft_when))
        return;
    a->draft = playbook_draft(a->issue, wished);
    if (!a->draft) {
        a->draft = playbook_draft(a->issue, "en");
        a->other_language = a->draft ? wished : NULL;
        a->reply_language = a->draft ? "en" : wished;
    }
    if (!agent || !a->draft)
        return;
    agent = base_language(agent, a->arena);
    if (strcmp(agent, a->reply_language) == 0)
        return;
    a->gloss = playbook_draft(a->issue, agent);
    a->no_gloss = a->gloss ? NULL : agent;
}

static void reset(struct suggestion *suggestion)
{
    struct buf *const bufs[] = {&suggestion->subject,    &suggestion->text,   &suggestion->html,
                                &suggestion->facts_json, &suggestion->answer, &suggestion->note,
                                &suggestion->note2};

    for (size_t i = 0; i < sizeof(bufs) / sizeof(*bufs); i++)
        buf_truncate(bufs[i], 0);
}

void suggest(const struct playbook *playbook, struct compose_context *context, const struct shop *shop,
             const struct request *request, const struct understanding *understanding,
             const struct case_rows *rows, struct arena *arena, struct suggestion *ret_suggestion)
{
    struct facts *facts = arena_alloc(arena, sizeof(*facts));
    struct answer a = {.playbook = playbook,
                       .request = request,
                       .understanding = understanding,
                       .facts = facts,
                       .arena = arena,
                       .context = context,
                       .policy_version = shop->policy_version,
                       .note = &ret_suggestion->note,
                       .note2 = &ret_suggestion->note2};

    reset(ret_suggestion);
    facts_init(facts, arena);
    facts_build(facts, shop, request, understanding, rows);
    law_facts(playbook, facts);
    derive(playbook, facts, arena);
    a.issue = diagnose(playbook, facts, arena);
    find_secondary(&a);
    count_contacts(&a, rows);
    derive(playbook, facts, arena);
    resolve(a.issue, facts, request->as_of, arena, &a.resolution);
    derive(playbook, facts, arena);
    a.priority =
        playbook->high_priority && holds(&a, playbook->high_priority) ? PRIORITY_HIGH : a.issue->priority;
    add_reviews(&a, playbook->reviews, playbook->review_count);
    add_reviews(&a, a.issue->reviews, a.issue->review_count);
    find_missing(&a);
    a.valid_until = valid_until(&a);
    if (understanding)
        a.message_language = request->message.language ? request->message.language : understanding->language;
    choose_draft(&a);
    if (a.draft) {
        compose_draft(context, a.draft, facts, &ret_suggestion->subject, &ret_suggestion->text);
        html_draft(a.reply_language, buf_text(&ret_suggestion->text), ret_suggestion->text.len,
                   &ret_suggestion->html);
    }
    answer_body_write(&a, &ret_suggestion->subject, &ret_suggestion->text, &ret_suggestion->answer);
    facts_write(facts, &ret_suggestion->facts_json);
    ret_suggestion->issue = a.issue;
    ret_suggestion->priority = a.priority;
    ret_suggestion->reply_language = a.reply_language;
    ret_suggestion->order_number = facts_text(facts, FACT_ORDER_ASKED_NUMBER);
    ret_suggestion->order_told = facts_known(facts, FACT_ORDER_NUMBER);
}

void suggestion_free(struct suggestion *suggestion)
{
    struct buf *const bufs[] = {&suggestion->subject,    &suggestion->text,  &suggestion->html,
                                &suggestion->note,       &suggestion->note2, &suggestion->request_json,
                                &suggestion->facts_json, &suggestion->answer};

    for (size_t i = 0; i < sizeof(bufs) / sizeof(*bufs); i++)
        buf_free(bufs[i]);
}
