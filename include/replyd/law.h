/* law.h - dated rules of countries (the files of playbook/law), each with its source: few, and each sure. A
 * country without an entry is not one without a law: it is one that we say nothing of. */
#ifndef REPLYD_LAW_H
#define REPLYD_LAW_H

#include "replyd/facts.h"
#include "replyd/fields.h"
#include "replyd/moment.h"
#include "replyd/money.h"

enum law_topic {
    LAW_WITHDRAWAL,  /* to send back what was bought at a distance, for no reason: `days` after delivery */
    LAW_GUARANTEE,   /* the seller answers for faults: `months` after delivery at least */
    LAW_REJECTION,   /* faulty goods may be rejected for the money at once: `days` after delivery */
    LAW_IMPORT_TAX,  /* `at_sale_up_to`: up to that value the tax is taken when the goods are sold */
    LAW_IMPORT_DUTY, /* `free_below`, and `each` for every tariff category of a parcel `each_below` that value
                      */
    LAW_RECIPIENT_ID, /* customs ask for `recipient_id`, to be given at `given_at` */
    LAW_TOPICS,
};

struct law {
    int topic;
    struct field_array countries; /* of const char * */
    moment_t from, until;         /* `until` MOMENT_NONE: until now */
    int64_t days, months;
    struct money at_sale_up_to, free_below, each, each_below;
    const char *recipient_id, *given_at;
    const char *source;
    const char *about; /* for people; NULL: none */
};

struct playbook;
struct policy;

/* What holds for the country on the day, or NULL: not known. */
const struct law *law_find(const struct playbook *playbook, enum law_topic topic, const char *country,
                           day_t day);

/* Adds what the law of the order's country, else of the buyer's, says today, and what customs take where the
 * parcel is to go, unless the shop has a rule of its own. Amounts are compared by the policy's rates. */
void law_facts(const struct playbook *playbook, const struct policy *policy, struct facts *facts);

#endif
