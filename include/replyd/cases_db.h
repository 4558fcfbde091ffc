/* cases_db.h - reads the rows of many cases with one set of statements.
 *
 * The caller sends what cases_params() fills and hands the results to cases_decode(); nothing here touches a
 * connection. All statements read the views of schema `replyd` (sql/README.md) and name the shop of each
 * want.
 *
 *   for each statement: if (cases_params(statement, wants, count, &params)) send it
 *   with the result of CASES_LOOKUP: cases_lookup_decode(wants, count, result), and the others see its
 * numbers cases_decode(wants, count, results); */
#ifndef REPLYD_CASES_DB_H
#define REPLYD_CASES_DB_H

#include "replyd/cases.h"
#include "replyd/db.h"

#define CASE_CANDIDATES 4
#define CASE_CONTACTS_MAX 50

/* What to read for one case. */
struct case_want {
    int64_t shop_id;
    /* The first whose customer is the named buyer wins, else the first that exists. */
    const char *order_numbers[CASE_CANDIDATES];
    bool order_number_bare[CASE_CANDIDATES]; /* may be something else: it comes behind what was looked up */
    int order_number_count;
    const char *tracking_numbers[CASE_CANDIDATES]; /* tried when no order number is sure */
    int tracking_number_count;
    moment_t as_of; /* events after it and contacts not before it are not seen */
    const char *conversation_id, *message_id;
    const char *buyer_email, *buyer_id; /* as the request names the buyer, or NULL */
    const char *sku;                    /* of the product that the request names, or NULL */
    unsigned reads;                     /* enum case_reads: what is read beside the order */
    struct arena *arena;                /* owns what is read */
    struct case_rows *rows;             /* where cases_decode() puts it */
    int found;                          /* set by cases_decode(): which order number exists; -1: none */
};

/* Is there an order number that is not bare? Then nothing is looked up by tracking number. */
bool case_want_sure(const struct case_want *want);

enum cases_statement {
    CASES_LOOKUP, /* tracking number -> order number */
    CASES_ORDERS,
    CASES_ITEMS,
    CASES_SHIPMENTS,
    CASES_EVENTS,
    CASES_CONTACTS,
    CASES_PRODUCTS,
    CASES_CUSTOMER,
    CASES_STATEMENTS
};
extern const struct statement cases_statements[CASES_STATEMENTS];

/* SETs for every new reader connection, before the statements are prepared: nested index loops under generic
 * plans, whatever the statistics say. NULL-ended. */
extern const char *const cases_settings[];

/* Fills a statement's parameters (they are reset first). False: no case needs it, don't send it. */
bool cases_params(enum cases_statement statement, struct case_want *const *wants, int count,
                  struct params *params);

/* Gives each want the order numbers that its tracking numbers were found under, before its bare ones. */
void cases_lookup_decode(struct case_want *const *wants, int count, const PGresult *result);

/* Fills the rows of every want from one result per statement, NULL where none was sent; results[CASES_LOOKUP]
 * is not looked at. */
void cases_decode(struct case_want *const *wants, int count, const PGresult *const results[CASES_STATEMENTS]);

/* The same, a statement at a time as its result comes in, in the order of the enum: CASES_ORDERS first (NULL:
 * it was not sent), which forgets what was read before. CASES_LOOKUP has a function of its own. */
void cases_decode_one(enum cases_statement statement, struct case_want *const *wants, int count,
                      const PGresult *result);

/* For `stale`: case_order.rows_version of each want as its rows are now, of the first order number it names;
 * 0 where there is no such order, or it is not the named buyer's. `ret_versions` begins as zeros and is fed
 * the results of CASES_ORDERS, CASES_ITEMS, CASES_SHIPMENTS and CASES_EVENTS in this order. */
void cases_versions(enum cases_statement statement, struct case_want *const *wants, const PGresult *result,
                    int64_t *ret_versions);

#endif
