/* guard.h - what a platform forbids in a mail, checked before a draft leaves and when an agent has edited it.
 * The rules are dated data: playbook/platforms/<platform>.json, with everywhere.json for all of them, and
 * phrases by language in platforms/words/<language>.json (schema/platform.json, schema/platform_words.json).
 * Pure. */
#ifndef REPLYD_GUARD_H
#define REPLYD_GUARD_H

#include "replyd/facts.h"
#include "replyd/logic.h"
#include "replyd/moment.h"

enum guard_check {
    GUARD_LINKS,
    GUARD_EMAILS,
    GUARD_PHONES, /* long bare digits only beside a phrase of `words` */
    GUARD_WORDS,  /* more than `most` sentences hold a phrase of `words` */
    GUARD_NEAR,   /* phrases of the first list and of the second, no more than `reach` sentences apart */
    GUARD_LACKS,  /* the mail of one of `issues` holds no phrase of `words` */
    GUARD_MAIL,   /* the mail of one of `issues` must not be sent at all */
    GUARD_ORDER_NUMBER, /* the order's number is not in it */
    GUARD_PLACEHOLDERS,
    GUARD_CHECKS,
};

struct guard_rule {
    const char *code;   /* "links"; what warnings call it */
    const char *detail; /* for the agent */
    const char *source;
    int check;                 /* enum guard_check */
    moment_t from, until;      /* `until` MOMENT_NONE: until now */
    const char *const *words;  /* names of lists, NULL-ended */
    const char *const *issues; /* codes, NULL-ended */
    int most, reach;
    const struct logic *when; /* over the facts; NULL: always */
};

/* The rules of one file, and the platforms whose rules hold as well. */
struct guard_platform {
    const struct guard_rule *rules;
    int rule_count;
    uint32_t like; /* bit i: enum platform i */
};

/* A phrase in its plain form; see schema/platform_words.json for what its signs mean. */
struct guard_phrase {
    const char *text;
    bool hides; /* "! ...": where it stands nothing else of its list counts */
};

struct guard_list {
    const char *name, *language;
    bool option;                        /* of "options": how the choice `name` is told in a draft */
    const struct guard_phrase *phrases; /* sorted by their first byte */
    int count;
    uint16_t first[257]; /* phrases that begin with byte b: first[b] up to first[b + 1] */
};

/* What load_platforms() reads; empty without files. */
struct guard {
    struct guard_platform everywhere, platform[PLATFORM_COUNT];
    const struct guard_list *lists;
    int list_count;
};

struct playbook;

#define GUARD_WARNINGS_MAX 50

/* Texts live in the arena. The same rule and excerpt are told once. */
struct guard_warning {
    const char *rule, *excerpt, *detail;
};

struct guard_warnings {
    struct arena *arena;
    struct guard_warning list[GUARD_WARNINGS_MAX];
    int count;
};

void guard_warn(struct guard_warnings *warnings, const char *rule, const char *excerpt, const char *detail);

/* The platform (enum platform) that a mail goes through: the order's, else the own shop; that of a mail that
 * nobody asked for and that belongs to no order, the customer's.
 */
int guard_platform_of(const struct facts *facts);

/* May the mail of this issue be sent there at all? False with a warning for each rule that bans it. */
bool guard_mail(const struct playbook *playbook, int platform, const char *issue, const struct facts *facts,
                struct guard_warnings *warnings);

/* Adds a warning for each breach, with its sentence. `facts` says the day and what `when` reads; what it
 * names (numbers, goods, people) is no breach. `issue` may be NULL, as may `language`: all that is known
 * then. */
void guard_text(const struct playbook *playbook, int platform, const char *issue, const char *language,
                const struct facts *facts, const char *subject, const char *text,
                struct guard_warnings *warnings);

/* What an agent's text says that the suggestion's facts do not hold, and what its draft says that the text no
 * longer does. `answer` is the stored answer, `facts` its facts as stored. */
struct understand_scratch;
void guard_edited(const struct playbook *playbook, struct understand_scratch *scratch, const json_t *answer,
                  const json_t *facts, day_t today, const char *text, struct guard_warnings *warnings);

/* Does the text tell of this option (enum option_action)? */
bool guard_tells_option(const struct playbook *playbook, int action, const char *text, struct arena *arena);

#endif
