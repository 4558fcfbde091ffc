/* shop.h - what a worker keeps of a shop: its policy, calendar and shipping methods, and its version,
 * reloaded when the version moved. */
#ifndef REPLYD_SHOP_H
#define REPLYD_SHOP_H

#include "replyd/fields.h"
#include "replyd/moment.h"
#include "replyd/money.h"

#define POLICY_FX_MAX 32

/* api.md, "Shop": the numbers there are the defaults. */
struct policy {
    const char *currency;                                        /* "USD" where the shop named none */
    const char *country;                                         /* NULL: not said */
    const char *signature;                                       /* NULL: none */
    const json_t *fx;                                            /* currency -> rate, or NULL */
    struct field_array languages, payment_methods, cors_origins; /* of const char * */
    struct money reship_max; /* currency "": 30.00 of the shop's currency */
    double apology_discount_percent, lost_discount_percent, partial_refund_percent, duty_split_percent;
    int64_t grace_days, late_reply_hours, return_window_days, handling_days, investigation_days,
        document_hours, low_stock, review_invite_after_days, price_adjustment_days;
    int64_t refund_days[2];
    double unclear_below;
    bool full_refund_if_not_as_described;
};

extern const struct field policy_fields[];

void policy_defaults(struct policy *policy);

/* Reads a policy body (whole or part) over what `policy` holds. Returns the number of faults. */
int policy_read(const json_t *body, struct policy *policy, struct faults *faults);

/* Writes all of it as the API shows it. */
void policy_write(const struct policy *policy, struct buf *out);

/* An entry of the shop's calendar (PUT /v1/holidays): days on which nothing is sent, or a season when all is
 * slow. */
struct holiday {
    const char *name;             /* NULL: none given */
    int kind;                     /* enum holiday_kind, -1: not said */
    moment_t from, to;            /* MOMENT_NONE: not said */
    struct field_array countries; /* of const char *; none: where the shop is */
    moment_t updated_at;
};

extern const struct field holiday_fields[];

/* Reads a list of entries as they were put; those that say no days are left out. Texts live in the faults'
 * arena. Returns the number of faults; a faulty entry is left out. */
int calendar_read(const json_t *list, struct faults *faults, const struct holiday **ret_holidays,
                  int *ret_count);

/* A way in which the shop sends parcels (PUT /v1/shipping-methods); orders name it by its code. */
struct shipping_method {
    const char *code;
    const char *carrier, *name;            /* NULL: not said */
    int kind;                              /* enum carrier_kind, -1: not said */
    bool tracked;                          /* false where it is not said */
    struct field_array countries;          /* of const char *; items NULL: everywhere */
    int64_t min_days, max_days;            /* under way; -1: not said */
    int64_t handling_days;                 /* until it is handed over; -1: not said */
    struct money price, per_kg, free_over; /* currency "": not said */
    moment_t updated_at;
};

extern const struct field shipping_method_fields[];

/* Reads a list of [code, body], as they were put. Texts live in the faults' arena. Returns the number of
 * faults; a faulty method is left out. */
int methods_read(const json_t *list, struct faults *faults, const struct shipping_method **ret_methods,
                 int *ret_count);

/* So much percent off from one moment to another (PUT /v1/promotions). */
struct promotion {
    double percent;
    moment_t from, to;       /* both known */
    struct field_array skus; /* of const char *; items NULL: all products */
    moment_t updated_at;
};

extern const struct field promotion_fields[];

/* Reads a list of bodies as they were put; those that say no percentage or days are left out. Texts live in
 * the faults' arena. Returns the number of faults; a faulty one is left out. */
int promotions_read(const json_t *list, struct faults *faults, const struct promotion **ret_promotions,
                    int *ret_count);

/* What a country's customs ask of what is sent there (PUT /v1/customs-rules): the shop's own word, before
 * playbook/law. */
struct customs_rule {
    const char *country;                                                   /* ISO 3166-1 alpha-2 */
    struct money duty_free_below, tax_threshold, fixed_duty, handling_fee; /* currency "": not said */
    double duty_percent, tax_percent;                                      /* -1: not said */
    int collected_by;                                                      /* enum tax_collector, -1 */
    struct {
        const char *kind, *pattern;
    } recipient_id;
    struct field_array buyer_documents;                          /* of const char * */
    const char *origin, *source;                                 /* NULL: not said */
    moment_t effective_from, effective_to, alert_from, alert_to; /* MOMENT_NONE: not said */
    moment_t updated_at;
};

extern const struct field customs_rule_fields[];

/* Reads a list of [country, body], one of each body of a country. Texts live in the faults' arena.
 * Returns the number of faults; a faulty rule is left out. */
int customs_rules_read(const json_t *list, struct faults *faults, const struct customs_rule **ret_rules,
                       int *ret_count);

struct playbook;

struct shop {
    int64_t id;
    int64_t version;        /* moves with every change of keys, policy, templates, rules, calendar, methods */
    int64_t policy_version; /* counts changes of the policy alone: `versions.policy` */
    const char *code, *name;
    struct policy policy;
    const struct holiday *holidays; /* in the order of their codes */
    int holiday_count;
    const struct shipping_method *methods; /* in the order of their codes */
    int method_count;
    const struct promotion *promotions; /* in the order of their codes */
    int promotion_count;
    const struct customs_rule *customs_rules; /* by country, each country's as they were put */
    int customs_rule_count;
    const struct playbook *playbook; /* the shipped one, or with the shop's own rules and drafts in it */
    json_t *document;                /* the policy as stored; what `policy` borrows */
    struct arena arena;              /* owns the texts */
};

#endif
