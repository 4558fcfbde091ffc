/* facts.h - the one document that every step reads and adds to: what is known about the message, the
 * order, its parcel, the customer, the shop's policy, and what follows from these and `as_of`.
 *
 * playbook/facts.json numbers the facts; the document is a flat array of values by that number, so that
 * rules and templates read a fact without hashing. How a type is held in a value:
 *
 *   text, word  string            flag  bool              count, number  number
 *   money       number: whole minor units of the currency named by the fact `currency`
 *   date        number: whole days since 1970-01-01, UTC
 *   time        number: whole seconds since then
 *   country     string: ISO 3166-1 alpha-2; people are shown the country's name
 *   list        array of objects, whose members are the fields in the order of facts.json */
#ifndef REPLYD_FACTS_H
#define REPLYD_FACTS_H

#include "facts_gen.h"
#include "replyd/buf.h"
#include "replyd/value.h"

enum fact_type {
    FACT_TYPE_TEXT,
    FACT_TYPE_WORD,
    FACT_TYPE_FLAG,
    FACT_TYPE_COUNT,
    FACT_TYPE_NUMBER,
    FACT_TYPE_MONEY,
    FACT_TYPE_DATE,
    FACT_TYPE_TIME,
    FACT_TYPE_COUNTRY,
    FACT_TYPE_LIST,
};

struct fact_info {
    const char *path; /* of a list's field: its name */
    enum fact_type type;
    const char *const *words; /* of a word: the list, NULL-ended */
    bool always;              /* never null */
    bool daily;               /* changes at midnight UTC by time alone */
    bool free;                /* free text: not told where it holds what the platform bans */
    unsigned reads;           /* enum case_reads: what it is made of, beside the order */
    int currency;             /* of money: the fact that holds its currency */
    const struct fact_info *fields;
    int field_count;
};

extern const struct fact_info facts_info[FACT_COUNT];

struct facts {
    struct value slot[FACT_COUNT];
    struct arena *arena; /* owns what the slots point to */
};

/* All facts unknown. */
void facts_init(struct facts *facts, struct arena *arena);

/* The text is copied; NULL or empty: unknown. A word < 0 is unknown. A number is a count, number, money, date
 * or time. */
void facts_set_text(struct facts *facts, enum fact fact, const char *text);
void facts_set_word(struct facts *facts, enum fact fact, int word);
void facts_set_flag(struct facts *facts, enum fact fact, bool flag);
void facts_set_number(struct facts *facts, enum fact fact, double number);

/* Makes the list fact `fact` have `count` elements with all fields null and returns the fields of all
 * elements, one element after the other: field f of element i is at [i * field_count + f]. */
struct value *facts_set_list(struct facts *facts, enum fact fact, int count);

static inline bool facts_known(const struct facts *facts, enum fact fact)
{
    return facts->slot[fact].type != VALUE_NULL;
}

/* Makes it unknown again. */
static inline void facts_unset(struct facts *facts, enum fact fact)
{
    facts->slot[fact] = VALUE_NULL_INIT;
}

/* For facts that the caller knows to be known. */
static inline double facts_number(const struct facts *facts, enum fact fact)
{
    return facts->slot[fact].number;
}

/* NULL when unknown */
const char *facts_text(const struct facts *facts, enum fact fact);

/* false when unknown */
bool facts_flag(const struct facts *facts, enum fact fact);

/* The number of the path's fact, or -1. `path` need not be NUL-ended. */
int facts_find(const char *path, size_t len);

/* Writes one fact as JSON, as the API shows it: money as {"amount","currency"}, dates as 2026-02-20, times as
 * RFC 3339. Unknown is null. */
void facts_write_value(const struct facts *facts, enum fact fact, struct buf *out);

/* The same for what a rule has just computed: null where it is out of range or its currency unknown. */
void facts_write_day(double day, struct buf *out);
void facts_write_time(double seconds, struct buf *out);
void facts_write_money(const struct facts *facts, double minor, int currency_fact, struct buf *out);

/* Writes the known facts as one JSON object, keyed by path in the order of facts.json, without the unknown.
 */
void facts_write(const struct facts *facts, struct buf *out);

/* Reads what facts_write() wrote (replay, tests, property tests). 0, or -1 with a message. */
int facts_read(struct facts *facts, const json_t *json, char ret_error[static 200]);

#endif
