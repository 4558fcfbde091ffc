#include "replyd/suggest.h"

#include <string.h>

bool diagnose_holds(const struct issue_rule *issue, const struct facts *facts, struct arena *scratch)
{
    struct value result;

    for (const int *fact = issue->requires; *fact >= 0; fact++) {
        if (!facts_known(facts, *fact))
            return false;
    }
    if (!issue->when)
        return true;
    result = logic_eval(issue->when, facts->slot, NULL, scratch);
    return logic_truthy(&result);
}

static int word_index(const char *const *words, const char *word)
{
    for (int i = 0; word && words[i]; i++) {
        if (strcmp(words[i], word) == 0)
            return i;
    }
    return -1;
}

void diagnose_masks(const struct facts *facts, uint64_t *ret_intent, uint64_t *ret_trigger)
{
    int intent = word_index(words_intent, facts_text(facts, FACT_MESSAGE_INTENT));
    int trigger = word_index(words_trigger, facts_text(facts, FACT_MESSAGE_TRIGGER));

    *ret_intent = intent < 0 ? 0 : UINT64_C(1) << intent;
    *ret_trigger = trigger < 0 ? 0 : UINT64_C(1) << trigger;
}

const struct issue_rule *diagnose(const struct playbook *playbook, const struct facts *facts,
                                  struct arena *scratch)
{
    bool unsure = facts_flag(facts, FACT_MESSAGE_PRESENT) && !facts_flag(facts, FACT_MESSAGE_CONFIDENT);
    int last = playbook->issue_count - 1;
    uint64_t intent, trigger;

    diagnose_masks(facts, &intent, &trigger);
    for (int i = 0; i < last; i++) {
        const struct issue_rule *issue = &playbook->issues[i];

        if (((issue->intents & intent) || (issue->triggers & trigger)) && (!unsure || issue->unsure) &&
            diagnose_holds(issue, facts, scratch))
            return issue;
    }
    return &playbook->issues[last];
}
