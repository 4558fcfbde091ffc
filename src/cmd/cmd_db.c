#include "cmd_db.h"

#include "replyd/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libpq would print notices on standard error; none of ours is for people. */
static void ignore_notice(void *arg, const PGresult *result)
{
    (void)arg, (void)result;
}

PGconn *cmd_db_connect(const char *url, bool current)
{
    if (!url)
        url = getenv("REPLYD_DATABASE_URL");
    if (!url || !*url) {
        fputs("replyd: which database? Set REPLYD_DATABASE_URL or give --database-url, "
              "for example postgresql://user@host/database\n",
              stderr);
        return NULL;
    }
    const char *names[] = {"dbname", "application_name", "connect_timeout", NULL};
    const char *values[] = {url, "replyd", "10", NULL};
    PGconn *connection = PQconnectdbParams(names, values, 1); /* the first one is read as a URL */
    if (PQstatus(connection) != CONNECTION_OK) {
        fprintf(stderr, "replyd: can't connect to the database: %s", PQerrorMessage(connection));
        PQfinish(connection);
        return NULL;
    }
    PQsetNoticeReceiver(connection, ignore_notice, NULL);
    enum schema_state state = current ? schema_current(connection) : SCHEMA_CURRENT;
    if (state != SCHEMA_CURRENT) {
        fprintf(stderr, "replyd: %s\n", schema_remedy(state));
        PQfinish(connection);
        return NULL;
    }
    return connection;
}

PGresult *cmd_db_query(PGconn *connection, const char *sql, int count, const char *const *values,
                       const char *expected, bool *ret_expected)
{
    PGresult *result = PQexecParams(connection, sql, count, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return result;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (expected && state && strcmp(state, expected) == 0)
        *ret_expected = true;
    else
        fprintf(stderr, "replyd: the database refused: %s", PQerrorMessage(connection));
    PQclear(result);
    return NULL;
}
