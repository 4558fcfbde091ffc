/* migrate.h - the database's schema: numbered migrations, compiled in from sql/NNNN-*.sql. */
#ifndef REPLYD_MIGRATE_H
#define REPLYD_MIGRATE_H

#include "replyd/db.h"

struct migration {
    int number;
    const char *name; /* "0001-shops.sql" */
    const char *sql;  /* one transaction that registers itself in replyd_data.migrations */
};

/* In order, ended by number 0 (made by tools/embed_sql.py). */
extern const struct migration migrations[];

/* The number of the newest one. */
int migrations_newest(void);

enum schema_state {
    SCHEMA_CURRENT,
    SCHEMA_ABSENT,     /* no migration has run */
    SCHEMA_OLDER,      /* `replyd migrate` is wanted */
    SCHEMA_NEWER,      /* a newer program has migrated it */
    SCHEMA_UNREADABLE, /* PQerrorMessage() says why */
};

/* Asks the database; waits for the answer. */
enum schema_state schema_current(PGconn *connection);

/* The same question for a pipeline: no parameters, one int4 column, the newest number (0: none). The
 * statement can only be prepared where schema_current() has found a schema. */
extern const struct statement schema_number;

/* What to tell people about a state other than SCHEMA_CURRENT, with the remedy. */
const char *schema_remedy(enum schema_state state);

/* Runs what is missing, one migration after the other, under an advisory lock: safe to run twice and by
 * several at once. A line for each in `out`. 0, or -1 with the reason as the last line. */
int migrate(PGconn *connection, struct buf *out);

/* Gives a role what the service needs and no more. 0, or -1 with the reason in `out`. */
int migrate_grant(PGconn *connection, const char *role, struct buf *out);

#endif
