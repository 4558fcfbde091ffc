#include "replyd/understand.h"

#include "../core/mem.h"
#include "entities.h"
#include "language.h"
#include "mail.h"
#include "model.h"
#include "mood.h"

#include <string.h>

/* What a sentence must reach to name an intent beside the primary one. */
#define SENTENCE_SURE 0.5f
/* What a part of a sentence must, which has less to go by. */
#define CLAUSE_SURE 0.97f
/* A clause has two words at least; one of fewer than four may name a fault of the goods and nothing else. */
#define CLAUSE_WORDS 2
#define CLAUSE_LONG 4
/* What it must reach to take the place of what the whole text is taken for: with something more urgent, or
 * with its equal that comes earlier. Measured: tests/corpus/NOTES.md. */
#define SENTENCE_URGENT 0.97f
#define SENTENCE_ASKED 0.8f /* beside a greeting or thanks */
#define SENTENCE_EARLIER 0.99f
/* What an intent of the whole text must reach to be an alternative. */
#define POSSIBLE 0.02f

/* Words that join what could be two sentences. */
static const struct {
    const char *language, *words;
} joining[] = {
    {"en", "and but also plus"},
    {"de", "und aber auch ausserdem"},
    {"fr", "et mais aussi"},
    {"es", "y pero tambien ademas"},
    {"it", "e ma anche inoltre"},
    {"pt", "e mas tambem alem"},
    {"nl", "en maar ook"},
    {"pl", "i ale oraz tez"},
    {"ru", "\u0438 \u0430 \u043d\u043e \u0442\u0430\u043a\u0436\u0435"},
    {"tr", "ve ama ayrica fakat"},
    {"ar",
     "\u0648\u0644\u0643\u0646 \u0648\u0623\u064a\u0636\u0627 \u0644\u0643\u0646 \u0643\u0645\u0627\u0646"},
};
#define JOINS 4
#define JOINING (sizeof(joining) / sizeof(*joining))

struct understand_scratch {
    uint32_t joins[JOINING + 1][JOINS]; /* hashes of these words; the last row of languages that have none */
    size_t joins_of;                    /* the row of the language of the text */
    struct model model;
    struct vocabulary *vocabulary;
    struct buf own;   /* subject and body, as the writer wrote them now */
    struct buf plain; /* of a mail in HTML */
    struct text text;
    struct grams grams;
    struct word_memory *words;
};

/* The more urgent comes first where a text has several intents (scenarios.md, section 1). */
enum urgency { URGENCY_COURTESY, URGENCY_QUESTION, URGENCY_PROBLEM, URGENCY_ALARM };

static enum urgency urgency_of(int intent)
{
    switch (intent) {
    case INTENT_THREATEN_DISPUTE:
    case INTENT_REQUEST_HUMAN:
    case INTENT_REPORT_SAFETY:
        return URGENCY_ALARM;
    case INTENT_THANK:
    case INTENT_GREET:
    case INTENT_OUT_OF_SCOPE:
        return URGENCY_COURTESY;
    case INTENT_LEAVE_POSITIVE_REVIEW:
    case INTENT_COMPLAIN_SERVICE: /* names no problem: what is named beside it comes first */
        return URGENCY_COURTESY;
    case INTENT_ASK_DISPATCH_TIME:
    case INTENT_TRACK_ORDER:
    case INTENT_ASK_INVOICE:
    case INTENT_ASK_REFUND_STATUS:
    case INTENT_ASK_USAGE_HELP:
    case INTENT_ASK_PRICE_ADJUSTMENT:
        return URGENCY_QUESTION;
    case INTENT_REPORT_PAYMENT_FAILED:
        return URGENCY_PROBLEM;
    default: /* before the order is placed there are questions only */
        return intent < INTENT_CANCEL_ORDER ? URGENCY_QUESTION : URGENCY_PROBLEM;
    }
}

struct understand_scratch *understand_scratch_new(void)
{
    struct understand_scratch *scratch = mem_resize(NULL, sizeof(*scratch));
    *scratch = (struct understand_scratch){
        .model = model_embedded(), .vocabulary = vocabulary_new(), .words = word_memory_new()};
    for (size_t k = 0; k < JOINING; k++) {
        text_read(&scratch->text, joining[k].words, strlen(joining[k].words));
        for (size_t i = 0; i < JOINS && scratch->text.tokens[i].kind == TOKEN_WORD; i++)
            scratch->joins[k][i] = scratch->text.tokens[i].hash;
    }
    return scratch;
}

void understand_scratch_free(struct understand_scratch *scratch)
{
    if (scratch == NULL)
        return;
    vocabulary_free(scratch->vocabulary);
    buf_free(&scratch->own);
    buf_free(&scratch->plain);
    text_free(&scratch->text);
    grams_free(&scratch->grams);
    word_memory_free(scratch->words);
    free(scratch);
}

static int best_of(const float p[static MODEL_COLUMNS], int count)
{
    int best = 0;
    for (int i = 1; i < count; i++) {
        if (p[i] > p[best])
            best = i;
    }
    return best;
}

/* What the sentences, and their clauses, say for themselves. */
struct heard {
    float
        said[MODEL_COLUMNS]; /* of each intent that a sentence is sure of, the highest probability; else 0 */
    int at[MODEL_COLUMNS];   /* the first sentence that is */
    float part[MODEL_COLUMNS]; /* as `said`, of clauses */
    int part_at[MODEL_COLUMNS];
};

static void hear_sentence(const struct model *model, const struct model_sum *sum, int at, struct heard *heard)
{
    float p[MODEL_COLUMNS];
    model_probabilities(model, sum, p);
    int best = best_of(p, (int)model->head->classes);
    if (p[best] < SENTENCE_SURE)
        return;
    if (heard->said[best] == 0)
        heard->at[best] = at;
    if (p[best] > heard->said[best])
        heard->said[best] = p[best];
}

static bool is_fault(int intent)
{
    return intent == INTENT_REPORT_DAMAGED || intent == INTENT_REPORT_DEFECTIVE ||
           intent == INTENT_REPORT_WRONG_ITEM || intent == INTENT_REPORT_MISSING_ITEM ||
           intent == INTENT_REPORT_NOT_AS_DESCRIBED;
}

/* Opinions stand in many a sentence about something else: a clause of them says little. */
static bool is_opinion(int intent)
{
    return intent == INTENT_LEAVE_NEUTRAL_REVIEW || intent == INTENT_LEAVE_NEGATIVE_REVIEW;
}

struct summing {
    struct understand_scratch *scratch;
    struct model_sum *sum;
    struct mood_sum *moods; /* NULL: not wanted */
};

static void merge_moods(struct mood_sum *sum, const struct mood_sum *more)
{
    for (int column = 0; column < MOOD_COLUMNS; column++)
        sum->column[column] += more->column[column];
    sum->grams += more->grams;
}

static void add_word_sums(void *arg, const struct token *token)
{
    const struct summing *summing = arg;
    struct understand_scratch *scratch = summing->scratch;
    const struct word_sums *word =
        word_sums_of(scratch->words, &scratch->model, &scratch->text, token, &scratch->grams);
    model_merge(summing->sum, &word->intents);
    if (summing->moods != NULL)
        merge_moods(summing->moods, &word->moods);
}

static void sum_tokens(struct understand_scratch *scratch, size_t from, size_t to, struct model_sum *ret_sum,
                       struct mood_sum *moods)
{
    *ret_sum = (struct model_sum){0};
    scratch->grams.count = 0;
    struct summing summing = {scratch, ret_sum, moods};
    grams_add_words(&scratch->grams, &scratch->text, from, to, &scratch->model.concepts, add_word_sums,
                    &summing);
    model_add(&scratch->model, scratch->grams.ids, scratch->grams.count, ret_sum);
    if (moods != NULL)
        model_add_moods(&scratch->model, scratch->grams.ids, scratch->grams.count, moods);
}

/* Does the word join what could be two sentences? */
static bool joins(const struct understand_scratch *scratch, const struct token *token)
{
    for (size_t i = 0; i < JOINS; i++) {
        if (token->hash == scratch->joins[scratch->joins_of][i])
            return true;
    }
    return false;
}

static void hear_clause(struct understand_scratch *scratch, size_t from, size_t to, struct heard *heard)
{
    float p[MODEL_COLUMNS];
    struct model_sum sum;
    sum_tokens(scratch, from, to, &sum, NULL);
    model_probabilities(&scratch->model, &sum, p);
    int best = best_of(p, (int)scratch->model.head->classes);
    if (p[best] < CLAUSE_SURE || is_opinion(best) || (to - from < CLAUSE_LONG && !is_fault(best)))
        return;
    if (heard->part[best] == 0)
        heard->part_at[best] = (int)from;
    if (p[best] > heard->part[best])
        heard->part[best] = p[best];
}

/* "The zip is broken, and could you send me an invoice": what the parts of a sentence say each for itself. */
static void hear_clauses(struct understand_scratch *scratch, size_t from, size_t to, struct heard *heard)
{
    const struct text *text = &scratch->text;
    size_t begin = from;
    for (size_t i = from + CLAUSE_WORDS; i + CLAUSE_WORDS <= to; i++) {
        bool joined = joins(scratch, &text->tokens[i]);
        if (i < begin + CLAUSE_WORDS || (!joined && !text->tokens[i].paused))
            continue;
        hear_clause(scratch, begin, i, heard);
        begin = joined ? i + 1 : i;
    }
    if (begin > from)
        hear_clause(scratch, begin, to, heard);
}

/* The probabilities of the whole text, and what its sentences say for themselves. */
static void score_text(struct understand_scratch *scratch, float whole[static MODEL_COLUMNS],
                       struct heard *ret_heard, struct mood_sum *moods)
{
    const struct model *model = &scratch->model;
    const struct text *text = &scratch->text;
    struct model_sum total = {0};
    size_t from = 0;
    memset(ret_heard, 0, sizeof(*ret_heard));
    for (size_t i = 0; i < text->token_count; i++) {
        if (text->tokens[i].kind != TOKEN_END)
            continue;
        struct model_sum sentence;
        sum_tokens(scratch, from, i, &sentence, moods);
        model_merge(&total, &sentence);
        if (from > 0 || i + 1 < text->token_count)
            hear_sentence(model, &sentence, (int)from, ret_heard);
        hear_clauses(scratch, from, i, ret_heard);
        from = i + 1;
    }
    model_probabilities(model, &total, whole);
}

/* Does a fault of the goods, once stated, win over what is asked for it? The border table of intents. */
static bool is_remedy(int intent)
{
    return intent == INTENT_REQUEST_REFUND || intent == INTENT_REQUEST_RETURN;
}

static bool is_money_back(int intent)
{
    return intent == INTENT_CANCEL_ORDER || intent == INTENT_REQUEST_REFUND;
}

/* "I will not wait any longer" sounds like a cancellation, but says how urgent the other wish is. */
static bool only_impatient(const struct entities *entities, int intent)
{
    return is_money_back(intent) && entities->wont_wait && entities->stance == STANCE_NONE &&
           !entities->wants_money;
}

/* Money that was taken and should not have been. */
static bool is_charge(int intent)
{
    return intent == INTENT_DISPUTE_CUSTOMS_DUTY || intent == INTENT_DISPUTE_PAYMENT_FEE ||
           intent == INTENT_REPORT_WRONG_CHARGE;
}

/* A clause is a weaker witness: it takes the place of a question about an order with a fault ("the zip is
 * broken, and could you send me an invoice"), of a charge with a fault that stands before it ("wrong colour,
 * and I was charged duty"), and of anything else with a threat or a call for a person. Before the order, "if
 * it breaks" is a question as well. */
static bool clause_wins(const struct heard *heard, int first, int other)
{
    if (heard->part[other] == 0)
        return false;
    if (is_fault(other) && is_charge(first))
        return heard->part[first] > 0 && heard->part_at[other] < heard->part_at[first];
    if (urgency_of(other) <= urgency_of(first))
        return false;
    return is_fault(other) ? first >= INTENT_CANCEL_ORDER
                           : other == INTENT_THREATEN_DISPUTE || other == INTENT_REQUEST_HUMAN;
}

/* A greeting or thanks are what a text is about only if nothing else is asked: the border table of intents.
 */
static bool is_courtesy(int intent)
{
    return intent == INTENT_GREET || intent == INTENT_THANK;
}

/* The primary intent is the most urgent one, not the first; among equals the first. The whole text is the
 * better judge of what it is about, so that only a sentence that is sure takes its place. */
static void choose_primary(const struct heard *heard, int classes, struct understanding *found)
{
    int first = found->intent;
    for (int i = 0; i < classes; i++) {
        /* who has sent it back and wants his money asks how far it is */
        bool same = first == INTENT_ASK_REFUND_STATUS && i == INTENT_REQUEST_REFUND;
        float said = same || only_impatient(&found->entities, i) ? 0 : heard->said[i];
        bool unsure = found->confidence < SENTENCE_SURE && heard->said[first] < said;
        bool urgent = (urgency_of(i) > urgency_of(first) || (unsure && urgency_of(i) == urgency_of(first))) &&
                      said >= SENTENCE_URGENT;
        bool earlier = urgency_of(i) == urgency_of(first) && urgency_of(i) > URGENCY_COURTESY &&
                       said >= SENTENCE_EARLIER && heard->said[first] > 0 && heard->at[i] < heard->at[first];
        bool fault = is_remedy(first) && is_fault(i) && said >= SENTENCE_URGENT;
        bool asked = is_courtesy(first) && urgency_of(i) > URGENCY_COURTESY && said >= SENTENCE_ASKED;
        if (urgent || earlier || fault || asked || clause_wins(heard, first, i))
            first = i;
    }
    float alone = heard->said[first] > heard->part[first] ? heard->said[first] : heard->part[first];
    /* the rest of a text may blur what one of its sentences says plainly */
    bool blurred = found->confidence < SENTENCE_SURE && alone >= SENTENCE_URGENT;
    if (first == found->intent && !blurred)
        return;
    found->intent = first;
    found->confidence = alone;
}

/* The other intents: those that a sentence is sure of, the most urgent first, then the next guesses for the
 * whole. */
static void choose_alternatives(const float whole[static MODEL_COLUMNS], const struct heard *heard,
                                int classes, struct understanding *ret)
{
    float rank[MODEL_COLUMNS], said[MODEL_COLUMNS];
    for (int i = 0; i < classes; i++) {
        said[i] = heard->said[i] > heard->part[i] ? heard->said[i] : heard->part[i];
        bool spoken = said[i] > 0 && urgency_of(i) > URGENCY_COURTESY;
        rank[i] = spoken ? 1 + (float)urgency_of(i) + said[i] : whole[i];
    }
    rank[ret->intent] = 0;
    for (int k = 0; k < UNDERSTAND_ALTERNATIVES; k++) {
        int best = best_of(rank, classes);
        if (rank[best] < POSSIBLE)
            break;
        double confidence = said[best] > whole[best] ? said[best] : whole[best];
        ret->alternatives[ret->alternative_count++] =
            (struct intent_guess){.intent = best, .confidence = confidence};
        rank[best] = 0;
    }
}

/* Who refuses to cancel, or would only if something comes to pass, asks for what another sentence is sure of,
 * else for his order. What he asks about is left out where no cancellation or refund is in question. */
static void weigh_stance(float whole[static MODEL_COLUMNS], struct heard *heard, int classes,
                         struct understanding *found)
{
    float *said = heard->said;
    bool money_back = is_money_back(found->intent) || said[INTENT_CANCEL_ORDER] > 0 ||
                      said[INTENT_REQUEST_REFUND] > 0 || found->entities.wants_money;

    if (!money_back) {
        found->entities.partial = false;
        if (found->entities.stance == STANCE_ASKS)
            found->entities.stance = STANCE_NONE;
    }
    if (found->entities.keeps_address) {
        found->entities.new_address = NULL;
        said[INTENT_CHANGE_ADDRESS] = heard->part[INTENT_CHANGE_ADDRESS] = whole[INTENT_CHANGE_ADDRESS] = 0;
        found->intent = found->intent == INTENT_CHANGE_ADDRESS ? INTENT_TRACK_ORDER : found->intent;
    }
    if (found->entities.stance != STANCE_REFUSES)
        return;
    whole[INTENT_CANCEL_ORDER] = whole[INTENT_REQUEST_REFUND] = 0;
    said[INTENT_CANCEL_ORDER] = said[INTENT_REQUEST_REFUND] = 0;
    heard->part[INTENT_CANCEL_ORDER] = heard->part[INTENT_REQUEST_REFUND] = 0;
    if (is_money_back(found->intent)) {
        int best = best_of(said, classes);

        found->intent = said[best] > 0 && urgency_of(best) > URGENCY_COURTESY ? best : INTENT_TRACK_ORDER;
        /* His words decide it, however unsure the classifier was; a person looks at it anyway. */
        found->confidence = found->confidence < SENTENCE_SURE ? SENTENCE_SURE : found->confidence;
    }
}

/* Who asks to mend, for a part or for the warranty asks for the repair of what he says is broken: the border
 * table of intents. */
static void weigh_repair(float whole[static MODEL_COLUMNS], struct heard *heard, struct understanding *found)
{
    if (heard->said[INTENT_REQUEST_REPAIR] < SENTENCE_EARLIER)
        return;
    whole[INTENT_REPORT_DEFECTIVE] = 0;
    heard->said[INTENT_REPORT_DEFECTIVE] = heard->part[INTENT_REPORT_DEFECTIVE] = 0;
    if (found->intent == INTENT_REPORT_DEFECTIVE) {
        found->intent = INTENT_REQUEST_REPAIR;
        found->confidence = heard->said[INTENT_REQUEST_REPAIR];
    }
}

static void find_entities(const struct understand_scratch *scratch, const char *language, const char *text,
                          size_t text_len, moment_t as_of, struct arena *arena, struct entities *ret_entities)
{
    entities_find(scratch->vocabulary, language, buf_text(&scratch->own), scratch->own.len, moment_day(as_of),
                  arena, ret_entities);
    int own = ret_entities->order_number_count;
    /* The number may stand only in the mail that is quoted below. */
    if ((own == 0 || ret_entities->order_number_bare[0]) && text_len > scratch->own.len) {
        struct entities quoted;
        char *plain = arena_strndup(arena, text, text_len);
        entities_find(scratch->vocabulary, language, plain, text_plain_signs(plain, text_len),
                      moment_day(as_of), arena, &quoted);
        for (int i = 0; i < quoted.order_number_count; i++) {
            if (own == 0 || !quoted.order_number_bare[i])
                entities_add_order(ret_entities, quoted.order_numbers[i], quoted.order_number_bare[i]);
        }
    }
}

static int mood_of(struct understand_scratch *scratch, struct mood_sum *moods)
{
    scratch->grams.count = 0;
    mood_add_signals(&scratch->grams, &scratch->model.moods, &scratch->text, buf_text(&scratch->own),
                     scratch->own.len);
    model_add_moods(&scratch->model, scratch->grams.ids, scratch->grams.count, moods);
    return scratch->text.token_count > 0 ? model_mood(&scratch->model, moods) : MOOD_NEUTRAL;
}

/* Does the intent hang on what is said of a cancellation, a refund or the address? */
static bool hangs_on_stance(const struct heard *heard, int intent)
{
    static const int stanced[] = {INTENT_CANCEL_ORDER, INTENT_REQUEST_REFUND, INTENT_CHANGE_ADDRESS};

    for (size_t i = 0; i < sizeof(stanced) / sizeof(*stanced); i++) {
        if (intent == stanced[i] || heard->said[stanced[i]] > 0 || heard->part[stanced[i]] > 0)
            return true;
    }
    return false;
}

static void read_own(struct understand_scratch *scratch, const char *subject, const char *text,
                     size_t text_len)
{
    struct buf *own = &scratch->own;

    buf_truncate(own, 0);
    if (subject != NULL) {
        buf_adds(own, mail_subject(subject));
        buf_addc(own, '\n');
    }
    mail_clean(text, text_len, &scratch->plain, own);
    buf_truncate(own, own->data ? text_plain_signs(own->data, own->len) : 0);
    text_read(&scratch->text, buf_text(own), own->len);
}

/* `only_intent`: what the intent does not hang on is not looked for. */
static void understand_text(struct understand_scratch *scratch, const char *subject, const char *text,
                            size_t text_len, moment_t as_of, struct arena *arena, bool only_intent,
                            struct understanding *ret)
{
    struct model *model = &scratch->model;
    struct understanding found = {0};
    float whole[MODEL_COLUMNS];
    struct heard heard;
    struct mood_sum moods = {0};
    int classes = (int)model->head->classes;

    read_own(scratch, subject, text, text_len);
    found.language =
        language_of(model, &scratch->text, scratch->words, &scratch->grams, &found.language_confidence);
    model->concepts.language = model->moods.language =
        lexicon_language(strcmp(found.language, "und") == 0 ? "en" : found.language);
    scratch->joins_of = 0;
    while (scratch->joins_of < JOINING && strcmp(joining[scratch->joins_of].language, found.language) != 0)
        scratch->joins_of++;
    score_text(scratch, whole, &heard, only_intent ? NULL : &moods);
    found.intent = best_of(whole, classes);
    found.confidence = whole[found.intent];
    if (!only_intent || hangs_on_stance(&heard, found.intent)) {
        find_entities(scratch, found.language, text, text_len, as_of, arena, &found.entities);
        weigh_stance(whole, &heard, classes, &found);
    }
    weigh_repair(whole, &heard, &found);
    if (scratch->text.token_count == 0) {
        found.intent = INTENT_OUT_OF_SCOPE;
        found.confidence = 0;
    } else {
        choose_primary(&heard, classes, &found);
        choose_alternatives(whole, &heard, classes, &found);
    }
    if (!only_intent)
        found.mood = mood_of(scratch, &moods);
    *ret = found;
}

void understand(struct understand_scratch *scratch, const char *subject, const char *text, size_t text_len,
                moment_t as_of, struct arena *arena, struct understanding *ret_understanding)
{
    understand_text(scratch, subject, text, text_len, as_of, arena, false, ret_understanding);
}

void understand_intent(struct understand_scratch *scratch, const char *text, size_t text_len,
                       struct arena *arena, struct understanding *ret_understanding)
{
    understand_text(scratch, NULL, text, text_len, 0, arena, true, ret_understanding);
}

const char *understand_version(void)
{
    return model_embedded().head->version;
}

/* A sentence at a time, and one that is full in halves, so that none is left out. */
static void add_values(struct understand_scratch *scratch, const char *language, const char *text, size_t len,
                       day_t today, struct arena *arena, struct named_values *values)
{
    struct entities *found = arena_alloc(arena, sizeof(*found));
    size_t middle = len / 2;

    entities_find_values(scratch->vocabulary, language, text, len, today, arena, found);
    while (middle < len && text[middle] != ' ')
        middle++;
    if ((found->amount_count == UNDERSTAND_NUMBERS || found->date_count == UNDERSTAND_NUMBERS) &&
        middle < len) {
        add_values(scratch, language, text, middle, today, arena, values);
        add_values(scratch, language, text + middle + 1, len - middle - 1, today, arena, values);
    }
    for (int i = 0; i < found->amount_count; i++)
        values->amounts[values->amount_count++] = found->amounts[i];
    for (int i = 0; i < found->date_count; i++)
        values->days[values->day_count++] = found->dates[i];
}

void understand_values(struct understand_scratch *scratch, const char *language, const char *text, size_t len,
                       day_t today, struct arena *arena, struct named_values *ret_values)
{
    size_t from = 0;

    /* a value has a digit or three letters at least; a full sentence is read again in halves */
    *ret_values = (struct named_values){.amounts = arena_alloc(arena, (2 * len + 8) * sizeof(struct money)),
                                        .days = arena_alloc(arena, (2 * len + 8) * sizeof(day_t))};
    for (size_t i = 0; i <= len; i++) {
        bool ends = i == len || text[i] == '\n' ||
                    (strchr(".!?", text[i]) && (i + 1 == len || text[i + 1] == ' ' || text[i + 1] == '\n'));

        if (!ends)
            continue;
        if (i > from)
            add_values(scratch, language, text + from, i - from, today, arena, ret_values);
        from = i + 1;
    }
}
