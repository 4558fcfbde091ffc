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
    struct value secondary_intent[SECONDARY_MAX]; /* what asks for it */
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
    moment_t
        promise_ends; /* when the day that an earlier answer named is over; MOMENT_NONE: none is to come */
    moment_t valid_until;
    const struct guard_warnings *breaches; /* of the platform's rules */
    uint32_t reviews;                      /* bit i: enum review_reason i */
    struct buf *note, *note2;              /* for sentences on their way into JSON */
    struct buf *also, *also_gloss;         /* what the draft and its gloss say of the secondary issues */
};

/* What a preview shows of it. */
void answer_preview_write(struct answer *answer, const struct suggestion *made, struct buf *out);

/* preview.c: an example case, and something for each fact that the issue requires and nobody knows. */
void preview_example(struct arena *arena, moment_t *ret_as_of, struct case_rows *ret_rows);
void preview_fill(const struct issue_rule *issue, struct facts *facts);

void answer_body_write(struct answer *answer, const struct buf *subject, const struct buf *text,
                       struct buf *out);

#endif
