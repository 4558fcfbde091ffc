#include "replyd/migrate.h"

#include <stdlib.h>
#include <string.h>

/* Any number that nobody else uses as an advisory lock: "replyd" in ASCII. */
#define LOCK "125780003420516"

const struct statement schema_number = {
    "schema_number", "SELECT coalesce(max(number), 0)::int4 FROM replyd_data.migrations", 0};

int migrations_newest(void)
{
    int newest = 0;
    for (const struct migration *migration = migrations; migration->number; migration++)
        newest = migration->number;
    return newest;
}

/* The number of the newest migration that has run; 0: none; -1: the database doesn't answer. */
static int number_found(PGconn *connection)
{
    PGresult *result = PQexec(connection, "SELECT to_regclass('replyd_data.migrations') IS NOT NULL");
    bool answered = PQresultStatus(result) == PGRES_TUPLES_OK;
    bool there = answered && PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    if (!there)
        return answered ? 0 : -1;
    result = PQexec(connection, schema_number.sql);
    int number = PQresultStatus(result) == PGRES_TUPLES_OK ? atoi(PQgetvalue(result, 0, 0)) : -1;
    PQclear(result);
    return number;
}

enum schema_state schema_current(PGconn *connection)
{
    int number = number_found(connection);
    if (number < 0)
        return SCHEMA_UNREADABLE;
    if (number == 0)
        return SCHEMA_ABSENT;
    if (number == migrations_newest())
        return SCHEMA_CURRENT;
    return number < migrations_newest() ? SCHEMA_OLDER : SCHEMA_NEWER;
}

const char *schema_remedy(enum schema_state state)
{
    static const char *const remedies[] = {
        [SCHEMA_CURRENT] = "the schema is current",
        [SCHEMA_ABSENT] = "the database has no schema yet: run `replyd migrate`",
        [SCHEMA_OLDER] = "the database's schema is older than this program: run `replyd migrate`",
        [SCHEMA_NEWER] = "the database's schema is newer than this program: install the newer replyd",
        [SCHEMA_UNREADABLE] =
            "the schema can't be read: is the role granted what it needs (`replyd migrate --grant-to`)?",
    };
    return remedies[state];
}

/* Runs SQL of one or more statements. 0, or -1 with the server's words in `out`. */
static int run(PGconn *connection, const char *sql, struct buf *out)
{
    PGresult *result = PQexec(connection, sql);
    bool fine = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!fine)
        buf_adds(out, PQresultErrorMessage(result));
    PQclear(result);
    return fine ? 0 : -1;
}

static int migrate_locked(PGconn *connection, struct buf *out)
{
    int number = number_found(connection);
    if (number < 0) {
        buf_adds(out, PQerrorMessage(connection));
        return -1;
    }
    if (number > migrations_newest()) {
        buf_addf(out, "%s\n", schema_remedy(SCHEMA_NEWER));
        return -1;
    }
    for (const struct migration *migration = &migrations[number]; migration->number; migration++) {
        if (run(connection, migration->sql, out) != 0) {
            PGresult *result = PQexec(connection, "ROLLBACK");
            PQclear(result);
            buf_addf(out, "%s failed; what ran before it is kept\n", migration->name);
            return -1;
        }
        buf_addf(out, "%s done\n", migration->name);
    }
    return 0;
}

int migrate(PGconn *connection, struct buf *out)
{
    if (run(connection, "SELECT pg_advisory_lock(" LOCK ")", out) != 0)
        return -1;
    int status = migrate_locked(connection, out);
    if (run(connection, "SELECT pg_advisory_unlock(" LOCK ")", out) != 0)
        return -1;
    return status;
}

int migrate_grant(PGconn *connection, const char *role, struct buf *out)
{
    char *name = PQescapeIdentifier(connection, role, strlen(role));
    if (!name) {
        buf_adds(out, PQerrorMessage(connection));
        return -1;
    }
    struct buf sql = {0};
    buf_addf(&sql,
             "BEGIN;"
             "GRANT USAGE ON SCHEMA replyd, replyd_data TO %1$s;"
             "GRANT SELECT ON ALL TABLES IN SCHEMA replyd TO %1$s;"
             "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA replyd_data TO %1$s;"
             "GRANT USAGE ON ALL SEQUENCES IN SCHEMA replyd_data TO %1$s;"
             /* shops and keys are the operator's; versions are moved by triggers with the owner's rights */
             "REVOKE INSERT, UPDATE, DELETE ON replyd_data.migrations, replyd_data.shops, "
             "replyd_data.api_keys FROM %1$s;"
             "COMMIT",
             name);
    int status = run(connection, sql.data, out);
    if (status != 0) {
        PGresult *result = PQexec(connection, "ROLLBACK");
        PQclear(result);
    }
    buf_free(&sql);
    PQfreemem(name);
    return status;
}
