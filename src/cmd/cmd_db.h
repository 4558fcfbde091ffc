/* cmd_db.h - what the commands that talk to the database have in common: one blocking connection. */
#ifndef REPLYD_CMD_DB_H
#define REPLYD_CMD_DB_H

#include <libpq-fe.h>
#include <stdbool.h>

/* Connects to `url`, or to REPLYD_DATABASE_URL's database where `url` is NULL. NULL with a message that names
 * the remedy. With `current` the schema must be this program's. */
PGconn *cmd_db_connect(const char *url, bool current);

/* Runs a statement with text parameters. The result (text) is the caller's to clear; NULL with the server's
 * message printed, unless the fault is `expected` (an SQLSTATE, or NULL): then NULL and *ret_expected is
 * true. */
PGresult *cmd_db_query(PGconn *connection, const char *sql, int count, const char *const *values,
                       const char *expected, bool *ret_expected);

#endif
