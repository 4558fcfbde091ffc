/* The answer as the API shows it: one walk, keys in the order of the contract, so that the same facts give
 * the same bytes. */
#include "answer.h"

#include "replyd/html.h"
#include "replyd/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char html_null[] = "\"html\":null";

static void write_moment(struct buf *out, const char *key, moment_t moment)
{
    char text[MOMENT_TEXT];

    json_kstring(out, key, moment == MOMENT_NONE ? NULL : moment_format(moment, text));
}

static void write_guess(struct buf *out, int intent, double confidence)
{
    json_kstring(out, "code", words_intent[intent]);
    json_key(out, "confidence");
    json_put_double(out, round(confidence * 1e4) / 1e4);
}

static void write_intent(const struct answer *a, struct buf *out)
{
    const struct understanding *said = a->understanding;

    json_key(out, "intent");
    if (!said) {
        json_put_null(out);
        return;
    }
    json_object_begin(out);
    write_guess(out, said->intent, said->confidence);
    json_key(out, "alternatives");
    json_array_begin(out);
    for (int i = 0; i < said->alternative_count; i++) {
        json_object_begin(out);
        write_guess(out, said->alternatives[i].intent, said->alternatives[i].confidence);
        json_object_end(out);
    }
    json_array_end(out);
    json_object_end(out);
}

static void write_issue(const struct answer *a, struct buf *out)
{
    json_key(out, "issue");
    json_object_begin(out);
    json_kstring(out, "code", a->issue->code);
    json_kstring(out, "stage", words_stage[a->issue->stage]);
    json_kstring(out, "priority", words_priority[a->priority]);
    json_kstring(out, "responsible_party", words_party[a->issue->party]);
    json_key(out, "secondary");
    json_array_begin(out);
    for (int i = 0; i < a->secondary_count; i++)
        json_put_string(out, a->secondary[i]->code);
    json_array_end(out);
    json_object_end(out);
}

/* Measures by the names of a size chart, in centimetres. */
static void write_measurements(const struct entities *entities, struct buf *out)
{
    if (entities->measure_count == 0 && entities->height_cm <= 0 && entities->weight_kg <= 0)
        return;
    json_key(out, "measurements");
    json_object_begin(out);
    for (int i = 0; i < entities->measure_count; i++) {
        char key[24];

        snprintf(key, sizeof(key), "%s_cm", words_measure[entities->measures[i].measure]);
        json_key(out, key);
        json_put_double(out, entities->measures[i].cm);
    }
    if (entities->height_cm > 0) {
        json_key(out, "height_cm");
        json_put_double(out, entities->height_cm);
    }
    if (entities->weight_kg > 0) {
        json_key(out, "weight_kg");
        json_put_double(out, round(entities->weight_kg * 10) / 10);
    }
    json_object_end(out);
}

static void write_wanted(const struct entities *entities, struct buf *out)
{
    char day[16];

    if (entities->price.currency[0] != '\0') {
        json_key(out, "price");
        money_write(entities->price.minor, entities->price.currency, out);
    }
    if (entities->deadline_on >= 0)
        json_kstring(out, "deadline_on", day_format((day_t)entities->deadline_on, day));
    if (entities->size_count > 0)
        json_kstring(out, "size", entities->sizes[0].text);
    write_measurements(entities, out);
    if (entities->color_count > 0)
        json_kstring(out, "color", entities->colors[0]);
    if (entities->country)
        json_kstring(out, "country", entities->country);
    if (entities->carrier)
        json_kstring(out, "carrier", entities->carrier);
}

/* What was found in the text, and the order number that was looked for, wherever it came from. */
static void write_entities(const struct answer *a, struct buf *out)
{
    const struct entities *entities = a->understanding ? &a->understanding->entities : NULL;
    const char *number = facts_text(a->facts, FACT_ORDER_ASKED_NUMBER);
    char day[16];

    json_key(out, "entities");
    json_object_begin(out);
    if (number)
        json_kstring(out, "order_number", number);
    if (entities && entities->tracking_number_count > 0)
        json_kstring(out, "tracking_number", entities->tracking_numbers[0]);
    if (entities && entities->amount_count > 0) {
        json_key(out, "amount");
        money_write(entities->amounts[0].minor, entities->amounts[0].currency, out);
    }
    if (entities && entities->date_count > 0)
        json_kstring(out, "date", day_format(entities->dates[0], day));
    if (entities && entities->quantity >= 0)
        json_kint(out, "quantity", entities->quantity);
    if (entities && entities->deadline_days >= 0)
        json_kint(out, "deadline_days", entities->deadline_days);
    if (entities)
        write_wanted(entities, out);
    json_object_end(out);
}

static void write_amount(const struct answer *a, struct buf *out, const char *key, const struct value *amount,
                         int currency)
{
    json_key(out, key);
    if (amount->type == VALUE_NUMBER)
        facts_write_money(a->facts, amount->number, currency, out);
    else
        json_put_null(out);
}

static void write_reason(struct answer *a, struct buf *out, const struct mustache_node *reason, int list,
                         int element)
{
    buf_truncate(a->note, 0);
    compose_reason(a->context, reason, a->facts, list, element, a->note);
    json_key(out, "reason");
    json_put_stringn(out, buf_text(a->note), a->note->len);
}

/* The rule's own words, and what the playbook adds to every issue's. */
static void write_issue_reason(struct answer *a, struct buf *out)
{
    buf_truncate(a->note, 0);
    buf_truncate(a->note2, 0);
    compose_reason(a->context, a->issue->reason, a->facts, -1, -1, a->note);
    if (a->playbook->reason_more)
        compose_reason(a->context, a->playbook->reason_more, a->facts, -1, -1, a->note2);
    if (a->note2->len > 0) {
        buf_addc(a->note, ' ');
        buf_add(a->note, buf_text(a->note2), a->note2->len);
    }
    json_key(out, "reason");
    json_put_stringn(out, buf_text(a->note), a->note->len);
}

static void write_options(struct answer *a, struct buf *out)
{
    json_key(out, "options");
    json_array_begin(out);
    for (int i = 0; i < a->resolution.option_count; i++) {
        const struct resolved_option *option = &a->resolution.options[i];

        json_object_begin(out);
        json_kstring(out, "action", words_option_action[option->rule->action]);
        json_kbool(out, "recommended", i == 0);
        json_kbool(out, "offer_to_buyer", option->offer);
        write_amount(a, out, "amount", &option->amount, option->rule->currency);
        write_amount(a, out, "cost_to_seller", &option->cost, FACT_REPLY_CURRENCY);
        write_reason(a, out, option->rule->reason, option->rule->each, option->element);
        json_object_end(out);
    }
    json_array_end(out);
}

static void write_next_steps(const struct answer *a, struct buf *out)
{
    json_key(out, "next_steps");
    json_array_begin(out);
    for (int i = 0; i < a->issue->next_step_count; i++) {
        const struct next_step_rule *step = &a->issue->next_steps[i];
        struct value due = VALUE_NULL_INIT, when = value_bool(true);

        if (step->when)
            when = logic_eval(step->when, a->facts->slot, NULL, a->arena);
        if (!logic_truthy(&when))
            continue;
        if (step->due)
            due = logic_eval(step->due, a->facts->slot, NULL, a->arena);
        json_object_begin(out);
        json_kstring(out, "actor", words_party[step->actor]);
        json_kstring(out, "action", words_next_step[step->action]);
        json_key(out, "due");
        facts_write_day(due.type == VALUE_NUMBER ? floor(due.number) : NAN, out);
        json_object_end(out);
    }
    json_array_end(out);
}

static void write_resolution(struct answer *a, struct buf *out)
{
    json_key(out, "resolution");
    json_object_begin(out);
    json_kstring(out, "action", facts_text(a->facts, FACT_RESOLUTION_ACTION));
    json_kstring(out, "rule", a->issue->code);
    write_issue_reason(a, out);
    json_key(out, "evidence");
    json_array_begin(out);
    for (const int *fact = a->issue->evidence; *fact >= 0; fact++) {
        if (!facts_known(a->facts, *fact))
            continue;
        json_object_begin(out);
        json_kstring(out, "fact", facts_info[*fact].path);
        json_key(out, "value");
        facts_write_value(a->facts, *fact, out);
        json_object_end(out);
    }
    json_array_end(out);
    write_options(a, out);
    write_next_steps(a, out);
    write_moment(out, "follow_up_at", a->resolution.follow_up_at);
    json_object_end(out);
}

static bool claim_holds(const struct answer *a, const struct logic *logic)
{
    struct value result;

    if (!logic)
        return false;
    result = logic_eval(logic, a->facts->slot, NULL, a->arena);
    return logic_truthy(&result);
}

static bool list_has(const struct value *list, int field, const char *word)
{
    for (uint32_t i = 0; list->type == VALUE_ARRAY && i < list->len; i++) {
        if (strcmp(list->items[i].members[field].value->string, word) == 0)
            return true;
    }
    return false;
}

/* By the words of the text, or by what it asks for. */
static bool is_claimed(const struct facts *facts, const struct claim_rule *claim)
{
    if (list_has(&facts->slot[FACT_MESSAGE_CLAIMS], FIELD_MESSAGE_CLAIMS_CLAIM, words_claim[claim->claim]))
        return true;
    for (int intent = 0; intent < INTENT_COUNT; intent++) {
        if ((claim->intents >> intent & 1) &&
            list_has(&facts->slot[FACT_MESSAGE_INTENTS], FIELD_MESSAGE_INTENTS_INTENT, words_intent[intent]))
            return true;
    }
    return false;
}

static void write_claims(const struct answer *a, struct buf *out)
{
    json_key(out, "claims");
    json_array_begin(out);
    for (int i = 0; i < a->playbook->claim_count; i++) {
        const struct claim_rule *claim = &a->playbook->claims[i];
        enum verdict verdict = VERDICT_UNKNOWN;

        if (!is_claimed(a->facts, claim))
            continue;
        if (claim_holds(a, claim->agree))
            verdict = VERDICT_AGREE;
        else if (claim_holds(a, claim->contradict))
            verdict = VERDICT_CONTRADICT;
        json_object_begin(out);
        json_kstring(out, "claim", words_claim[claim->claim]);
        json_kstring(out, "verdict", words_verdict[verdict]);
        json_kstring(out, "fact", facts_info[claim->fact].path);
        json_object_end(out);
    }
    json_array_end(out);
}

static void write_gloss(struct answer *a, struct buf *out)
{
    json_key(out, "gloss");
    if (!a->gloss) {
        json_put_null(out);
        return;
    }
    buf_truncate(a->note, 0);
    compose_draft(a->context, a->gloss, a->facts, a->also_gloss, a->note, a->note2);
    json_object_begin(out);
    json_kstring(out, "language", a->gloss->language);
    json_key(out, "text");
    json_put_stringn(out, buf_text(a->note2), a->note2->len);
    json_object_end(out);
}

void answer_warning_write(struct buf *out, const char *rule, const char *excerpt, const char *detail)
{
    json_object_begin(out);
    json_kstring(out, "rule", rule);
    json_kstring(out, "excerpt", excerpt);
    json_kstring(out, "detail", detail);
    json_object_end(out);
}

static void write_warning(struct buf *out, const char *rule, const char *detail)
{
    answer_warning_write(out, rule, "", detail);
}

/* Facts that the draft should tell and the record does not hold, and what the agent must know of it. */
static void write_notes(struct answer *a, struct buf *out)
{
    json_key(out, "missing");
    json_array_begin(out);
    for (int i = 0; i < a->missing_count; i++)
        json_put_string(out, facts_info[a->missing[i]].path);
    json_array_end(out);
    json_key(out, "warnings");
    json_array_begin(out);
    if (a->other_language)
        write_warning(out, "language",
                      arena_printf(a->arena, "There is no draft in \"%s\": it is written in \"%s\".",
                                   a->other_language, a->reply_language));
    if (a->no_gloss)
        write_warning(out, "gloss",
                      arena_printf(a->arena, "There is no draft in \"%s\" to read along with.", a->no_gloss));
    if (facts_flag(a->facts, FACT_RECORD_WITHHELD))
        write_warning(
            out, "platform",
            "A text on record holds a link or a phone number, which the platform bans: it is left out.");
    for (int i = 0; i < a->breaches->count; i++) {
        const struct guard_warning *breach = &a->breaches->list[i];

        answer_warning_write(out, breach->rule, breach->excerpt, breach->detail);
    }
    if (!a->draft)
        write_warning(out, "no_draft", "No mail is proposed for this case.");
    if (a->issue->own_unfit)
        write_warning(out, "own_words",
                      "The shop's own rule or draft for this issue can't be used any more: the shipped one "
                      "stands in its place until it is put again.");
    json_array_end(out);
}

void answer_preview_write(struct answer *a, const struct suggestion *made, struct buf *out)
{
    json_object_begin(out);
    json_key(out, "subject");
    json_put_stringn(out, buf_text(&made->subject), made->subject.len);
    json_key(out, "text");
    json_put_stringn(out, buf_text(&made->text), made->text.len);
    json_key(out, "html");
    json_put_stringn(out, buf_text(&made->html), made->html.len);
    write_notes(a, out);
    json_object_end(out);
}

static void write_draft(struct answer *a, const struct buf *subject, const struct buf *text, struct buf *out)
{
    json_key(out, "draft");
    json_object_begin(out);
    json_kstring(out, "language", a->reply_language);
    json_key(out, "subject");
    json_put_stringn(out, buf_text(subject), subject->len);
    json_key(out, "text");
    json_put_stringn(out, buf_text(text), text->len);
    json_knull(out, "html");
    write_gloss(a, out);
    write_notes(a, out);
    json_object_end(out);
}

void answer_body_write(struct answer *a, const struct buf *subject, const struct buf *text, struct buf *out)
{
    const struct request *request = a->request;

    json_object_begin(out);
    json_kstring(out, "message_id", request->has_message ? request->message.id : NULL);
    json_kstring(out, "conversation_id", request->conversation_id);
    json_kstring(out, "order_number", facts_text(a->facts, FACT_ORDER_ASKED_NUMBER));
    json_key(out, "language");
    json_object_begin(out);
    json_kstring(out, "message", a->message_language);
    json_kstring(out, "reply", a->reply_language);
    json_object_end(out);
    write_intent(a, out);
    write_issue(a, out);
    json_kstring(out, "sentiment", facts_text(a->facts, FACT_MESSAGE_MOOD));
    write_entities(a, out);
    write_resolution(a, out);
    write_claims(a, out);
    write_draft(a, subject, text, out);
    write_moment(out, "valid_until", a->valid_until);
    json_kbool(out, "needs_review", a->reviews != 0);
    json_key(out, "review_reasons");
    json_array_begin(out);
    for (int i = 0; i < REVIEW_REASON_COUNT; i++) {
        if (a->reviews >> i & 1)
            json_put_string(out, words_review_reason[i]);
    }
    json_array_end(out);
    json_key(out, "versions");
    json_object_begin(out);
    json_kstring(out, "playbook", a->playbook->version);
    json_kstring(out, "model", understand_version());
    json_kint(out, "policy", a->policy_version);
    json_object_end(out);
    json_object_end(out);
}

void answer_write(const char *stored, size_t len, const char *id, const char *created_at, enum answer_age age,
                  const struct buf *html, struct buf *out)
{
    const char *place = html ? memmem(stored, len, html_null, sizeof(html_null) - 1) : NULL;
    const char *rest = stored + 1; /* behind the brace */

    json_object_begin(out);
    json_kstring(out, "id", id);
    json_kstring(out, "created_at", created_at);
    if (age != ANSWER_NEW)
        json_kbool(out, "stale", age == ANSWER_STALE);
    buf_addc(out, ',');
    if (place) {
        const char *null = place + sizeof(html_null) - 1 - strlen("null");

        buf_add(out, rest, (size_t)(null - rest));
        json_put_stringn(out, buf_text(html), html->len);
        rest = null + strlen("null");
    }
    buf_add(out, rest, (size_t)(stored + len - rest));
}

int answer_html(const char *stored, size_t len, struct buf *out)
{
    json_t *answer = json_loadb(stored, len, 0, NULL);
    const json_t *draft = json_object_get(answer, "draft"), *text = json_object_get(draft, "text");
    const char *language = json_string_value(json_object_get(draft, "language"));
    int result = -1;

    if (language && json_string_length(text) > 0) {
        html_draft(language, json_string_value(text), json_string_length(text), out);
        result = 0;
    }
    json_decref(answer);
    return result;
}
