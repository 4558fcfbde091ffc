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
/* What an intent of the whole text must reach to be an alternative. */
#define POSSIBLE 0.02f

struct understand_scratch {
    struct model model;
    struct language_words *language_words;
    struct vocabulary *vocabulary;
    struct buf own; /* subject and body, as the writer wrote them now */
    struct text text;
    struct grams grams;
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
    default:
        return intent < INTENT_CANCEL_ORDER ? URGENCY_QUESTION : URGENCY_PROBLEM;
    }
}

struct understand_scratch *understand_scratch_new(void)
{
    struct understand_scratch *scratch = mem_resize(NULL, sizeof(*scratch));
    *scratch = (struct understand_scratch){
        .model = model_embedded(), .language_words = language_words_new(), .vocabulary = vocabulary_new()};
    return scratch;
}

void understand_scratch_free(struct understand_scratch *scratch)
{
    if (scratch == NULL)
        return;
    language_words_free(scratch->language_words);
    vocabulary_free(scratch->vocabulary);
    buf_free(&scratch->own);
    text_free(&scratch->text);
    grams_free(&scratch->grams);
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

/* Raises the intents that a sentence alone is sure of: `said` keeps the highest probability of each. */
static void hear_sentence(const struct model *model, const struct model_sum *sum,
                          float said[static MODEL_COLUMNS])
{
    float p[MODEL_COLUMNS];
    model_probabilities(model, sum, p);
    int best = best_of(p, (int)model->head->classes);
    if (p[best] >= SENTENCE_SURE && p[best] > said[best])
        said[best] = p[best];
}

/* The probabilities of the whole text, and what its sentences say for themselves. */
static void score_text(struct understand_scratch *scratch, float whole[static MODEL_COLUMNS],
                       float said[static MODEL_COLUMNS])
{
    const struct model *model = &scratch->model;
    const struct text *text = &scratch->text;
    struct model_sum total = {0};
    size_t from = 0;
    memset(said, 0, MODEL_COLUMNS * sizeof(*said));
    for (size_t i = 0; i < text->token_count; i++) {
        if (text->tokens[i].kind != TOKEN_END)
            continue;
        struct model_sum sentence = {0};
        scratch->grams.count = 0;
        grams_add(&scratch->grams, text, from, i, &model->concepts);
        model_add(model, scratch->grams.ids, scratch->grams.count, &sentence);
        model_merge(&total, &sentence);
        if (from > 0 || i + 1 < text->token_count)
            hear_sentence(model, &sentence, said);
        from = i + 1;
    }
    model_probabilities(model, &total, whole);
}

/* The other intents: those that a sentence is sure of, the most urgent first, then the next guesses for the
 * whole. */
static void choose_alternatives(const float whole[static MODEL_COLUMNS],
                                const float said[static MODEL_COLUMNS], int classes,
                                struct understanding *ret)
{
    float rank[MODEL_COLUMNS];
    for (int i = 0; i < classes; i++) {
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

static bool is_money_back(int intent)
{
    return intent == INTENT_CANCEL_ORDER || intent == INTENT_REQUEST_REFUND;
}

/* Who refuses to cancel, or would only if something comes to pass, asks for what another sentence is sure of,
 * else for his order. What he asks about is left out where no cancellation or refund is in question. */
static void weigh_stance(float whole[static MODEL_COLUMNS], float said[static MODEL_COLUMNS], int classes,
                         struct understanding *found)
{
    bool money_back = is_money_back(found->intent) || said[INTENT_CANCEL_ORDER] > 0 ||
                      said[INTENT_REQUEST_REFUND] > 0 || found->entities.wants_money;

    if (!money_back) {
        found->entities.partial = false;
        if (found->entities.stance == STANCE_ASKS)
            found->entities.stance = STANCE_NONE;
    }
    if (found->entities.keeps_address) {
        found->entities.new_address = NULL;
        said[INTENT_CHANGE_ADDRESS] = whole[INTENT_CHANGE_ADDRESS] = 0;
        found->intent = found->intent == INTENT_CHANGE_ADDRESS ? INTENT_TRACK_ORDER : found->intent;
    }
    if (found->entities.stance != STANCE_REFUSES)
        return;
    whole[INTENT_CANCEL_ORDER] = whole[INTENT_REQUEST_REFUND] = 0;
    said[INTENT_CANCEL_ORDER] = said[INTENT_REQUEST_REFUND] = 0;
    if (is_money_back(found->intent)) {
        int best = best_of(said, classes);

        found->intent = said[best] > 0 && urgency_of(best) > URGENCY_COURTESY ? best : INTENT_TRACK_ORDER;
        /* His words decide it, however unsure the classifier was; a person looks at it anyway. */
        found->confidence = found->confidence < SENTENCE_SURE ? SENTENCE_SURE : found->confidence;
    }
}

static void find_entities(const struct understand_scratch *scratch, const char *text, size_t text_len,
                          moment_t as_of, struct arena *arena, struct entities *ret_entities)
{
    entities_find(scratch->vocabulary, buf_text(&scratch->own), scratch->own.len, moment_day(as_of), arena,
                  ret_entities);
    int own = ret_entities->order_number_count;
    /* The number may stand only in the mail that is quoted below. */
    if ((own == 0 || ret_entities->order_number_bare[0]) && text_len > scratch->own.len) {
        struct entities quoted;
        entities_find(scratch->vocabulary, text, text_len, moment_day(as_of), arena, &quoted);
        for (int i = 0; i < quoted.order_number_count; i++) {
            if (own == 0 || !quoted.order_number_bare[i])
                entities_add_order(ret_entities, quoted.order_numbers[i], quoted.order_number_bare[i]);
        }
    }
}

void understand(struct understand_scratch *scratch, const char *subject, const char *text, size_t text_len,
                moment_t as_of, struct arena *arena, struct understanding *ret_understanding)
{
    struct buf *own = &scratch->own;
    buf_truncate(own, 0);
    if (subject != NULL) {
        buf_adds(own, mail_subject(subject));
        buf_addc(own, '\n');
    }
    mail_clean(text, text_len, own);
    text_read(&scratch->text, buf_text(own), own->len);

    float whole[MODEL_COLUMNS], said[MODEL_COLUMNS];
    score_text(scratch, whole, said);
    int classes = (int)scratch->model.head->classes, intent = best_of(whole, classes);
    struct understanding found = {.intent = intent, .confidence = whole[intent]};
    find_entities(scratch, text, text_len, as_of, arena, &found.entities);
    weigh_stance(whole, said, classes, &found);
    if (scratch->text.token_count == 0) {
        found.intent = INTENT_OUT_OF_SCOPE;
        found.confidence = 0;
    } else {
        choose_alternatives(whole, said, classes, &found);
    }
    found.language = language_of(scratch->language_words, &scratch->text, &found.language_confidence);
    found.mood = mood_of(&scratch->model.moods, &scratch->text, buf_text(own), own->len);
    *ret_understanding = found;
}

const char *understand_version(void)
{
    return model_embedded().head->version;
}
