/* playbook.h - the knowledge, loaded: rules, drafts and partials, in the order in which issues are tried.
 *
 *   playbook.json                    languages, groups of words, facts that follow from others, what holds
 * for every issue, claims order.txt                        the issues as they are tried; the last takes what
 * none fits issues/<issue>/rule.json         schema/rule.json says what stands in it
 *   issues/<issue>/<lang>.mustache   "Subject: ...", an empty line, the body; behind a line "---" alone, the
 *                                    paragraph that answers this issue in a letter about another one
 *   partials/<lang>/<name>.mustache  "frame" stands around every draft
 *   followups.json                   mails that are due by the record: see followup.h
 *   law/<name>.json                  dated rules of countries: see law.h
 *   platforms/<platform>.json        what a platform forbids in mails: see guard.h
 *
 * A playbook is read-only once loaded and may be shared by threads. The default one is compiled into the
 * program (every file of playbook/ as bytes); --playbook DIR reads a folder of the same shape. */
#ifndef REPLYD_PLAYBOOK_H
#define REPLYD_PLAYBOOK_H

#include "replyd/facts.h"
#include "replyd/fields.h"
#include "replyd/guard.h"
#include "replyd/law.h"
#include "replyd/logic.h"
#include "replyd/mustache.h"

/* One file, by its path below playbook/ */
struct playbook_file {
    const char *path;
    const char *data;
    size_t len;
};

/* The files compiled in, ended by a NULL path (made by tools/embed.py). */
extern const struct playbook_file playbook_embedded[];

/* A draft in one language, parsed and bound to facts: see bind.h for what the nodes hold. */
struct playbook_template {
    const char *language; /* "en" */
    const struct mustache_node *subject;
    const struct mustache_node *body;
    const struct mustache_node *also; /* what is said of it in a letter about another issue; NULL: nothing */
    const struct mustache_node
        *frame; /* the whole mail; {{> issue}} in it is the body, {{> also}} the rest */
};

struct action_rule {
    int action;               /* enum resolution_action */
    const struct logic *when; /* NULL: always */
};

struct option_rule {
    int action;               /* enum option_action */
    int each;                 /* a list fact: one option for every element; -1: one option */
    const struct logic *when; /* NULL: always; these four give an array, one for each element, with `each` */
    const struct logic *amount; /* minor units; NULL: no money moves */
    int currency;               /* the fact that names the amount's: the order's, but of what others ask */
    const struct logic *cost;   /* to the seller, in the order's; null: unknown, then `missing` says so */
    const struct logic
        *rank; /* a number; lower comes first, NULL is 0, equal ones stay in the rule's order */
    const struct logic *offer; /* offered to the buyer? NULL: yes */
    const struct mustache_node *reason;
};

struct next_step_rule {
    int actor;                /* enum party */
    int action;               /* enum next_step */
    const struct logic *when; /* NULL: always */
    const struct logic *due;  /* whole days since 1970; NULL: none */
};

struct review_rule {
    int reason;               /* enum review_reason */
    const struct logic *when; /* NULL: always */
};

struct need_rule {
    int fact;
    const struct logic *when; /* NULL: always */
};

/* What a buyer says with an intent, and what the record says to it. */
struct claim_rule {
    int claim;        /* enum claim */
    uint64_t intents; /* bit i: enum intent i */
    int fact;         /* that decides */
    unsigned reads;   /* as of an issue_rule */
    const struct logic *agree, *contradict;
};

/* A fact that follows from others. */
struct derived_rule {
    int fact; /* a flag, or what is held as a number */
    const struct logic *value;
};

/* A mail that is due by the record, without a message. */
struct followup_rule {
    int trigger;      /* enum trigger */
    bool of_customer; /* looked for in customers, not in orders */
    const struct logic *when;
    const struct logic *due; /* seconds since 1970 */
    int days;                /* after `due` it makes sense no more */
};

/* An issue whose options another may use: where its own rule fits, and `when` holds as well. */
struct underlying_rule {
    const char *code;
    const struct logic *when; /* NULL: always */
    const struct issue_rule *issue;
};

struct issue_rule {
    const char *code; /* "overdue_tracked" */
    const char *row;  /* "A03", of the scenarios */
    int stage, party, priority;
    uint64_t intents;              /* bit i: enum intent i */
    uint64_t triggers;             /* bit i: enum trigger i */
    unsigned reads;                /* enum case_reads: rows that its facts are made of */
    bool unsure;                   /* fits a message of uncertain intent as well */
    bool daily_when;               /* whether it fits may change at midnight UTC by time alone */
    bool daily;                    /* or what is answered then */
    const int *requires;           /* facts that must be known, ended by -1 */
    const struct need_rule *needs; /* facts that the draft should tell: `missing` names the unknown ones */
    int need_count;
    const struct logic *when;          /* NULL: always */
    const struct action_rule *actions; /* the first that holds */
    int action_count;
    const struct mustache_node *reason;
    const int *evidence; /* facts, ended by -1 */
    const struct option_rule *options;
    int option_count;
    struct underlying_rule *underlying; /* issues whose options are used: the first that fits */
    int underlying_count;
    const struct next_step_rule *next_steps;
    int next_step_count;
    const struct logic *follow_up;   /* hours from as_of; NULL: none */
    const struct logic *valid_until; /* seconds since 1970, or an array of such; NULL: no moment of its own */
    const struct logic *draft_when;  /* false: no mail to send; NULL: always */
    const struct review_rule *reviews; /* always given with this issue, when they hold */
    int review_count;
    const char *const *covers;              /* issues of which this one's mail says enough; NULL-ended */
    const struct playbook_template *drafts; /* by language */
    int draft_count;
    bool own_unfit; /* the shop's own rule or draft is on record, but can't be used: see playbook_own() */
};

struct playbook {
    const struct issue_rule *issues; /* in the order of order.txt; the last is the fallback */
    int issue_count;
    const char *const *languages;       /* that every issue has a draft in; NULL-ended */
    const struct derived_rule *derived; /* in their order: each may read those before it */
    int derived_count;
    const struct logic *high_priority;
    const struct mustache_node *reason_more; /* follows every issue's reason; may be NULL */
    const struct review_rule *reviews;
    int review_count;
    const struct claim_rule *claims;
    int claim_count;
    uint64_t consolations; /* bit i: enum option_action i, which a conversation is offered once */
    unsigned reads;        /* enum case_reads: what holds for every issue */
    const struct followup_rule *followups; /* in the order of their urgency; see followup.h */
    int followup_count;
    const struct law *laws; /* see law_find() */
    int law_count;
    struct guard guard;                 /* see guard_text() */
    const char *version;                /* a hash of all its files; of a shop's own, "shipped-own" */
    const struct playbook_file **files; /* by path */
    int file_count;
    struct bound_partial *partials; /* parsed and bound: see bind.h */
    struct arena arena;
};

/* Loads and binds. 0, or -1 with every fault in `faults_out`, a line each: file, place, what and remedy. */
int playbook_load(const struct playbook_file *files, struct buf *faults_out, struct playbook **ret_playbook);

/* Reads a folder into memory for playbook_load(); the result is ended by a NULL path. 0 or -1 with errno. */
int playbook_read_dir(const char *dir, struct arena *arena, const struct playbook_file **ret_files);

void playbook_free(struct playbook *playbook);

/* --- a shop's own words (src/core/playbook_own.c) --- */

/* A rule or draft in place of the shipped one. */
struct own_words {
    const char *issue;
    const char *language; /* of a draft; NULL: a rule */
    const json_t *body;   /* as PUT carries it; NULL: the shipped one holds again */
};

/* Checks what a shop puts in place of what holds for it `now` (its own playbook or the shipped one): 0 and
 * the playbook as it would be, or -1 and all faults, by the body's pointers: the body's shape and size, names
 * that mean nothing, facts that may be unknown, drafts that a rule leaves without a fact. It borrows of both.
 */
int playbook_try_own(const struct playbook *shipped, const struct playbook *now,
                     const struct own_words *words, struct faults *faults, struct playbook **ret_playbook);

/* The playbook of a shop: the shipped one, of which it borrows, with the shop's own words in it. Words that
 * can't be used (any more) are left out with a fault that names them: the shipped ones stand in their place.
 */
struct playbook *playbook_own(const struct playbook *shipped, const struct own_words *words, int count,
                              struct faults *faults);

/* Can drafts be written in that language: is there a frame to put around them? */
bool playbook_writes(const struct playbook *playbook, const char *language);

/* The body of the rule or draft in force; json_decref() it. NULL: there is no such. */
json_t *playbook_words(const struct playbook *playbook, const char *issue, const char *language);

/* What a shop's own words may take in all, as JSON; PUT refuses more. */
#define OWN_WORDS_MAX ((size_t)512 * 1024)

/* How much it is now. */
size_t playbook_own_size(const struct playbook *shipped, const struct playbook *playbook);

/* The issue of that code, or NULL. */
const struct issue_rule *playbook_issue(const struct playbook *playbook, const char *code);

/* The issue's draft in that language, or NULL. */
const struct playbook_template *playbook_draft(const struct issue_rule *issue, const char *language);

/* Which rows beside the order (enum case_reads) a message of one of these intents, or that makes one of these
 * claims, or one of these triggers may need, whichever issue it comes to. Bit i: enum intent, claim, trigger
 * i. */
unsigned playbook_reads(const struct playbook *playbook, uint64_t intents, uint64_t claims,
                        uint64_t triggers);

/* `replyd check`: what loading does not refuse but a reviewer must know: drafts missing in a language that
 * playbook.json claims, rules that can never be reached, files that belong to nothing; and, as notes, intents
 * and triggers that no rule takes. Writes a line each; returns how many faults (notes are none). */
int playbook_check(const struct playbook *playbook, const struct playbook_file *files, struct buf *out);

/* `replyd check --table`: for each intent and trigger the issues that it comes to in the main states of an
 * order. */
void playbook_table(const struct playbook *playbook, struct buf *out);

#endif
