#include "replyd/suggest.h"

#include "answer.h"
#include "replyd/html.h"

#include <string.h>

#define LANGUAGE_SURE 0.5 /* below it the customer's record says more about the language than the text */

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

/* "any" of so many words */
static bool takes_all(uint64_t mask, int words)
{
    return mask == (UINT64_C(1) << words) - 1;
}

/* No rule fits though it is clear what is asked: what the rules for it would have needed to know. */
static void add_required(struct answer *a)
{
    uint64_t intent, trigger;

    diagnose_masks(a->facts, &intent, &trigger);
    intent &= ~(UINT64_C(1) << INTENT_OUT_OF_SCOPE); /* asks for nothing that a rule could answer */
    for (const struct issue_rule *issue = a->playbook->issues; issue < a->issue; issue++) {
        if (!((issue->intents & intent) && !takes_all(issue->intents, INTENT_COUNT)) &&
            !((issue->triggers & trigger) && !takes_all(issue->triggers, TRIGGER_COUNT)))
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
    for (int i = 0; i < a->secondary_count; i++) {
        if (a->secondary[i]->daily)
            return true;
    }
    diagnose_masks(a->facts, &intent, &trigger);
    for (const struct issue_rule *issue = a->playbook->issues; issue < a->issue; issue++) {
        if (issue->daily_when && ((issue->intents & intent) || (issue->triggers & trigger)))
            return true;
    }
    return false;
}

/* Days with whose end the answer may turn, read by a rule or not. */
static const enum fact clocks[] = {
    FACT_SHIPMENT_PROMISED_BY,
    FACT_SHIPMENT_GRACE_ENDS_ON,
    FACT_SHIPMENT_CLAIM_BY,
    FACT_SHIPMENT_PICKUP_BY,
    FACT_SHIPMENT_CUSTOMS_ACT_BY,
    FACT_ORDER_DISPATCH_BY,
    FACT_ORDER_NEW_SHIP_BY,
    FACT_LAW_WITHDRAWAL_ENDS_ON,
    FACT_ORDER_PROTECTION_ENDS_ON,
    FACT_PROMOTION_TO,
    FACT_WINDOW_ENDS_ON,
    FACT_PRICE_DROP_ENDS_ON,
    FACT_LAW_GUARANTEE_ENDS_ON,
    FACT_DUTY_ALERT_TO,
    FACT_PRODUCT_RESTOCK_ON,
    FACT_WANTED_DEADLINE_ON,
    FACT_CALENDAR_TO,
    FACT_REFUND_DUE_BY,
    FACT_RETURN_REFUND_DUE,
};

static moment_t earliest_clock(const struct answer *a, moment_t until)
{
    for (size_t i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
        if (facts_known(a->facts, clocks[i]))
            until = earlier(a, until, day_start((day_t)facts_number(a->facts, clocks[i]) + 1));
    }
    if (a->promise_ends != MOMENT_NONE)
        until = earlier(a, until, a->promise_ends);
    return earlier_value(a, until, &a->facts->slot[FACT_DISPUTE_RESPOND_BY]);
}

/* The moments that an issue's rule names. */
static moment_t earliest_own(const struct answer *a, const struct issue_rule *issue, moment_t until)
{
    struct value moments;

    if (!issue->valid_until)
        return until;
    moments = logic_eval(issue->valid_until, a->facts->slot, NULL, a->arena);
    until = earlier_value(a, until, &moments);
    for (uint32_t i = 0; moments.type == VALUE_ARRAY && i < moments.len; i++)
        until = earlier_value(a, until, &moments.items[i]);
    return until;
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
    until = earliest_own(a, a->issue, until);
    for (int i = 0; i < a->secondary_count; i++)
        until = earliest_own(a, a->secondary[i], until);
    return until;
}

/* ---- the steps ---- */

/* Consolations that the buyer has been offered, and whether his money was promised. */
static void recall_offers(struct answer *a, const struct case_rows *rows)
{
    uint64_t offered = 0;
    bool promised = false, answered = false;
    struct value *field;

    for (int i = 0; i < rows->contact_count; i++) {
        if (!rows->contacts[i].sent)
            continue;
        offered |= rows->contacts[i].offered & a->playbook->consolations;
        promised |= rows->contacts[i].promised_refund;
        answered = true;
    }
    if (answered)
        facts_set_flag(a->facts, FACT_THREAD_PROMISED_REFUND, promised);
    if (!offered)
        return;
    field = facts_set_list(a->facts, FACT_THREAD_OFFERED, __builtin_popcountll(offered));
    for (int action = 0; action < OPTION_ACTION_COUNT; action++) {
        if (!(offered >> action & 1))
            continue;
        field[FIELD_THREAD_OFFERED_ACTION] = value_string(words_option_action[action]);
        field += facts_info[FACT_THREAD_OFFERED].field_count;
    }
}

/* How often the buyer has written about this before (messages, not mails of ours), since when he has an
 * answer, and whether the day that the latest one named has passed. */
static void count_contacts(struct answer *a, const struct issue_rule *issue, const struct case_rows *rows)
{
    const struct case_contact *answered = NULL, *latest = NULL;
    day_t today = moment_day(a->request->as_of);
    int same = 0;

    for (int i = 0; i < rows->contact_count; i++) {
        const struct case_contact *contact = &rows->contacts[i];

        if (!contact->issue || strcmp(contact->issue, issue->code) != 0)
            continue;
        same++;
        if (!contact->sent)
            continue;
        answered = answered ? answered : contact;
        latest = contact;
    }
    facts_set_number(a->facts, FACT_THREAD_SAME_ISSUE, same);
    facts_set_flag(a->facts, FACT_THREAD_ANSWERED, answered != NULL);
    facts_unset(a->facts, FACT_THREAD_ANSWERED_DAYS);
    facts_unset(a->facts, FACT_THREAD_PROMISED_BY);
    if (answered)
        facts_set_number(a->facts, FACT_THREAD_ANSWERED_DAYS, today - moment_day(answered->received_at));
    a->promise_ends = MOMENT_NONE;
    if (!latest || latest->follow_up_at == MOMENT_NONE)
        return;
    if (moment_day(latest->follow_up_at) < today)
        facts_set_number(a->facts, FACT_THREAD_PROMISED_BY, moment_day(latest->follow_up_at));
    else
        a->promise_ends = day_start(moment_day(latest->follow_up_at) + 1);
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
        if (issue == a->issue || issue == &a->playbook->issues[a->playbook->issue_count - 1] ||
            has_secondary(a, issue))
            continue;
        a->secondary_intent[a->secondary_count] = a->facts->slot[FACT_MESSAGE_INTENT];
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

/* Facts as they are for this issue, and what is proposed for it. */
static void settle(struct answer *a, const struct issue_rule *issue, const struct case_rows *rows,
                   struct resolution *ret_resolution)
{
    count_contacts(a, issue, rows);
    derive(a->playbook, a->facts, a->arena);
    resolve(issue, a->facts, a->request->as_of, a->arena, ret_resolution);
    derive(a->playbook, a->facts, a->arena);
    if (a->priority != PRIORITY_HIGH)
        a->priority = a->playbook->high_priority && holds(a, a->playbook->high_priority) ? PRIORITY_HIGH
                                                                                         : issue->priority;
    add_reviews(a, a->playbook->reviews, a->playbook->review_count);
    add_reviews(a, issue->reviews, issue->review_count);
}

static bool covers(const struct issue_rule *issue, const char *code)
{
    for (const char *const *covered = issue->covers; *covered; covered++) {
        if (strcmp(*covered, code) == 0)
            return true;
    }
    return false;
}

static void write_also(struct answer *a, const struct issue_rule *issue, const struct playbook_template *main,
                       struct buf *out)
{
    const struct playbook_template *draft = main ? playbook_draft(issue, main->language) : NULL;

    if (draft && draft->also)
        compose_also(a->context, draft, a->facts, out);
}

/* What else the letter asks for, each with the facts as they are for it: its paragraph in the draft, its
 * reasons for a person to look, and the day by which it promises an answer. The earliest such day or
 * MOMENT_NONE. */
static moment_t settle_secondary(struct answer *a, const struct case_rows *rows)
{
    struct value primary = a->facts->slot[FACT_MESSAGE_INTENT];
    moment_t first = MOMENT_NONE;

    for (int i = 0; i < a->secondary_count; i++) {
        size_t before = a->also->len;
        struct resolution resolution;
        int priority = a->priority;

        a->facts->slot[FACT_MESSAGE_INTENT] = a->secondary_intent[i];
        settle(a, a->secondary[i], rows, &resolution);
        if (covers(a->issue, a->secondary[i]->code)) {
            a->priority = priority; /* the same matter, which has its own */
        } else if (holds(a, a->secondary[i]->draft_when)) {
            write_also(a, a->secondary[i], a->draft, a->also);
            write_also(a, a->secondary[i], a->gloss, a->also_gloss);
        }
        if (a->also->len > before && resolution.follow_up_at != MOMENT_NONE &&
            (first == MOMENT_NONE || resolution.follow_up_at < first))
            first = resolution.follow_up_at;
    }
    a->facts->slot[FACT_MESSAGE_INTENT] = primary;
    return first;
}

/* The wished language's draft, else the English one. */
static void choose_draft(struct answer *a)
{
    const char *wished = suggest_language(a->request, a->understanding, a->facts);
    const char *agent = a->request->agent.language;

    a->reply_language = wished;
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

/* The rule says that no mail may go. */
static void drop_draft(struct answer *a)
{
    a->reply_language = suggest_language(a->request, a->understanding, a->facts);
    a->draft = a->gloss = NULL;
    a->other_language = a->no_gloss = NULL;
}

/* Writes the draft and checks it against the rules of the platform that it goes through; none where the
 * platform forbids such a mail. */
static void guard_draft(struct answer *a, struct buf *subject, struct buf *text)
{
    struct guard_warnings *breaches = arena_zalloc(a->arena, sizeof(*breaches));
    int platform = guard_platform_of(a->facts);

    a->breaches = breaches;
    breaches->arena = a->arena;
    if (!guard_mail(a->playbook, platform, a->issue->code, a->facts, breaches))
        drop_draft(a);
    if (a->draft) {
        compose_draft(a->context, a->draft, a->facts, a->also, subject, text);
        guard_text(a->playbook, platform, a->issue->code, a->draft->language, a->facts, buf_text(subject),
                   buf_text(text), breaches);
    }
    if (breaches->count > 0)
        a->reviews |= 1u << REVIEW_REASON_PLATFORM_WARNING;
}

/* What the next answer must know of this one, if it goes out. */
static void keep_promises(const struct answer *a, struct suggestion *ret)
{
    /* actions that give money back or say when it will come, where others offer it as one of two ways */
    static const int refunds[] = {RESOLUTION_ACTION_REFUND,
                                  RESOLUTION_ACTION_CANCEL_AND_REFUND,
                                  RESOLUTION_ACTION_RETURN_AND_REFUND,
                                  RESOLUTION_ACTION_REFUND_TAX,
                                  RESOLUTION_ACTION_ADJUST_PRICE,
                                  RESOLUTION_ACTION_ACCEPT_WITHDRAWAL,
                                  RESOLUTION_ACTION_ACCEPT_RETURN};

    ret->offered = NULL;
    for (int i = 0; a->draft && i < a->resolution.option_count; i++) {
        const struct resolved_option *option = &a->resolution.options[i];
        const char *word = words_option_action[option->rule->action];

        if (option->offer)
            ret->offered = ret->offered ? arena_printf(a->arena, "%s,%s", ret->offered, word) : word;
    }
    /* who chose the money of two ways is told that it comes */
    ret->promised_refund = a->draft && (facts_flag(a->facts, FACT_REPLY_REFUND_CHOSEN) ||
                                        facts_flag(a->facts, FACT_REPLY_PRICE_CHOSEN) ||
                                        facts_flag(a->facts, FACT_REPLY_REFUND_TODAY));
    for (size_t i = 0; a->draft && i < sizeof(refunds) / sizeof(*refunds); i++)
        ret->promised_refund |= a->resolution.action == refunds[i];
    ret->follow_up_at = a->draft ? a->resolution.follow_up_at : MOMENT_NONE;
}

static void reset(struct suggestion *suggestion)
{
    struct buf *const bufs[] = {&suggestion->subject,    &suggestion->text,   &suggestion->html,
                                &suggestion->facts_json, &suggestion->answer, &suggestion->note,
                                &suggestion->note2,      &suggestion->also,   &suggestion->also_gloss};

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
                       .note2 = &ret_suggestion->note2,
                       .also = &ret_suggestion->also,
                       .also_gloss = &ret_suggestion->also_gloss};
    moment_t first;

    reset(ret_suggestion);
    facts_init(facts, arena);
    facts_build(facts, shop, request, understanding, rows);
    law_facts(playbook, &shop->policy, facts);
    recall_offers(&a, rows);
    derive(playbook, facts, arena);
    a.issue = diagnose(playbook, facts, arena);
    find_secondary(&a);
    choose_draft(&a);
    first = settle_secondary(&a, rows);
    settle(&a, a.issue, rows, &a.resolution);
    if (first != MOMENT_NONE &&
        (a.resolution.follow_up_at == MOMENT_NONE || first < a.resolution.follow_up_at))
        a.resolution.follow_up_at = first;
    if (!holds(&a, a.issue->draft_when))
        drop_draft(&a);
    guard_draft(&a, &ret_suggestion->subject, &ret_suggestion->text);
    find_missing(&a);
    a.valid_until = valid_until(&a);
    if (understanding)
        a.message_language = request->message.language ? request->message.language : understanding->language;
    if (a.draft) {
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
    keep_promises(&a, ret_suggestion);
}

void suggest_preview(const struct playbook *playbook, struct compose_context *context,
                     const struct shop *shop, const struct request *request, const struct case_rows *rows,
                     const struct issue_rule *issue, const char *language, struct arena *arena,
                     struct suggestion *ret_suggestion)
{
    struct facts *facts = arena_alloc(arena, sizeof(*facts));
    struct request asked = *request;
    struct case_rows example;
    struct answer a = {.playbook = playbook,
                       .request = &asked,
                       .facts = facts,
                       .arena = arena,
                       .context = context,
                       .issue = issue,
                       .draft = playbook_draft(issue, language),
                       .reply_language = language,
                       .note = &ret_suggestion->note,
                       .note2 = &ret_suggestion->note2,
                       .also = &ret_suggestion->also,
                       .also_gloss = &ret_suggestion->also_gloss};

    reset(ret_suggestion);
    facts_init(facts, arena);
    if (!rows) {
        preview_example(arena, &asked.as_of, &example);
        asked.order_number = example.order->number;
    }
    facts_build(facts, shop, &asked, NULL, rows ? rows : &example);
    law_facts(playbook, &shop->policy, facts);
    derive(playbook, facts, arena);
    if (!rows)
        preview_fill(issue, facts);
    settle(&a, issue, rows ? rows : &example, &a.resolution);
    guard_draft(&a, &ret_suggestion->subject, &ret_suggestion->text);
    find_missing(&a);
    for (const int *fact = issue->requires; *fact >= 0; fact++)
        add_missing(*fact, &a);
    if (a.draft)
        html_draft(language, buf_text(&ret_suggestion->text), ret_suggestion->text.len,
                   &ret_suggestion->html);
    answer_preview_write(&a, ret_suggestion, &ret_suggestion->answer);
}

void suggestion_free(struct suggestion *suggestion)
{
    struct buf *const bufs[] = {&suggestion->subject,    &suggestion->text,   &suggestion->html,
                                &suggestion->note,       &suggestion->note2,  &suggestion->request_json,
                                &suggestion->facts_json, &suggestion->answer, &suggestion->also,
                                &suggestion->also_gloss};

    for (size_t i = 0; i < sizeof(bufs) / sizeof(*bufs); i++)
        buf_free(bufs[i]);
}
