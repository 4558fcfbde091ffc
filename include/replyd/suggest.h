/* suggest.h - the pure steps in a row: facts, diagnose, resolve, compose, answer. No I/O, clock or locks. */
#ifndef REPLYD_SUGGEST_H
#define REPLYD_SUGGEST_H

#include "replyd/cases.h"
#include "replyd/compose.h"
#include "replyd/facts.h"
#include "replyd/playbook.h"
#include "replyd/request.h"
#include "replyd/shop.h"
#include "replyd/understand.h"

/* Zeroed before its first use; may be used again for the next request, keeping the memory of its bufs. */
struct suggestion {
    const struct issue_rule *issue;
    int priority;               /* enum priority */
    const char *reply_language; /* of the draft */
    const char *order_number;   /* that was asked for; NULL: none */
    bool order_told;            /* the order was found and belongs to the buyer, as far as can be said */
    const char *offered;        /* the option actions that the buyer is offered, with commas; NULL: none */
    bool promised_refund;       /* the draft promises money back */
    moment_t follow_up_at;      /* MOMENT_NONE: none */
    struct buf subject, text;   /* the draft; empty where no mail may be sent */
    struct buf html;
    struct buf note, note2;  /* scratch */
    struct buf also;         /* scratch: paragraphs on the letter's further issues */
    struct buf also_gloss;   /* the same in the gloss's language */
    struct buf request_json; /* the caller's: suggest() leaves it alone */
    struct buf facts_json;
    struct buf answer; /* without `id` and `created_at`, and with "html":null: see answer_write() */
};

/* Everything from the rows to the answer's body. Deterministic. `understanding` is NULL for a trigger. What
 * it makes beside the bufs lives in `arena`. */
void suggest(const struct playbook *playbook, struct compose_context *context, const struct shop *shop,
             const struct request *request, const struct understanding *understanding,
             const struct case_rows *rows, struct arena *arena, struct suggestion *ret_suggestion);

void suggestion_free(struct suggestion *suggestion);

/* Shows the issue's draft in that language with the order's facts, as if it came to this issue; rows NULL:
 * with those of an example. Fills subject, text, html, and `answer` with {"subject", "text", "html",
 * "missing", "warnings"}. */
void suggest_preview(const struct playbook *playbook, struct compose_context *context,
                     const struct shop *shop, const struct request *request, const struct case_rows *rows,
                     const struct issue_rule *issue, const char *language, struct arena *arena,
                     struct suggestion *ret_suggestion);

/* Have the order's rows changed since? A new answer does not say. */
enum answer_age { ANSWER_NEW, ANSWER_VALID, ANSWER_STALE };

/* Makes the answer that is sent from the one that is stored: puts `id`, `created_at` and `stale` in front and
 * the draft's HTML in its place (NULL: stays null). */
void answer_write(const char *stored, size_t len, const char *id, const char *created_at, enum answer_age age,
                  const struct buf *html, struct buf *out);

/* Writes the HTML of a stored answer's draft. 0, or -1 where the answer holds no draft that could be sent. */
int answer_html(const char *stored, size_t len, struct buf *out);

/* Writes a warning as drafts and POST /v1/drafts/check show it. */
void answer_warning_write(struct buf *out, const char *rule, const char *excerpt, const char *detail);

/* --- the steps, for tests and benchmarks --- */

/* The language to answer in (base code, "en"): as wished for, as the buyer writes, the customer's. */
const char *suggest_language(const struct request *request, const struct understanding *understanding,
                             const struct facts *facts);

/* Rows, request and understanding to facts, with all that follows from them and as_of. */
void facts_build(struct facts *facts, const struct shop *shop, const struct request *request,
                 const struct understanding *understanding, const struct case_rows *rows);

/* Works out the facts that follow from others: before issues are tried, again when it is known which one it
 * is and what the buyer was told before, and again when options and dates stand. */
void derive(const struct playbook *playbook, struct facts *facts, struct arena *scratch);

/* The first issue whose rule fits; never NULL. */
const struct issue_rule *diagnose(const struct playbook *playbook, const struct facts *facts,
                                  struct arena *scratch);

/* The bits of the message's intent and of the trigger, as issue_rule has them; 0: none. */
void diagnose_masks(const struct facts *facts, uint64_t *ret_intent, uint64_t *ret_trigger);

/* Does the rule hold on the facts, whatever the intent? */
bool diagnose_holds(const struct issue_rule *issue, const struct facts *facts, struct arena *scratch);

struct resolved_option {
    const struct option_rule *rule;
    int element; /* with `each`: of the list; else -1 */
    struct value amount, cost;
    double rank;
    bool offer;
};

struct resolution {
    int action; /* enum resolution_action, -1: the rule gives none for these facts */
    const struct resolved_option *options; /* ranked; the first is recommended */
    int option_count;
    moment_t follow_up_at; /* MOMENT_NONE: none */
};

/* Options, action and follow-up; adds what drafts need of them to the facts. */
void resolve(const struct issue_rule *issue, struct facts *facts, moment_t as_of, struct arena *scratch,
             struct resolution *ret_resolution);

#endif
