/* answer.h - all that an answer tells, gathered by suggest.c and written by answer.c. */
#ifndef REPLYD_CORE_ANSWER_H
#define REPLYD_CORE_ANSWER_H

#include "replyd/suggest.h"

#define MISSING_MAX 64
#define SECONDARY_MAX UNDERSTAND_ALTERNATIVES

struct answer {
    const struct playbook *playbook;
    const struct request *request;
    const struct understanding *understanding; /* NULL for a trigger */
    struct facts *facts;
    struct arena *arena;
    struct compose_context *context;
    int64_t policy_version;
    const struct issue_rule *issue;
    int priority;
    const struct issue_rule *secondary[SECONDARY_MAX];
    int secondary_count;
    struct resolution resolution;
    const char *message_language;          /* NULL for a trigger */
    const char *reply_language;            /* the draft's */
    const char *other_language;            /* that was wished for and has no draft; NULL: none */
    const struct playbook_template *draft; /* NULL: no mail is proposed */
    const struct playbook_template *gloss; /* NULL: none */
    const char *no_gloss;                  /* the agent's language, which has no draft; NULL: none */
    int missing[MISSING_MAX];              /* facts */
    int missing_count;
    moment_t valid_until;
    uint32_t reviews;         /* bit i: enum review_reason i */
    struct buf *note, *note2; /* for sentences on their way into JSON */
};

void answer_body_write(struct answer *answer, const struct buf *subject, const struct buf *text,
                       struct buf *out);

#endif
