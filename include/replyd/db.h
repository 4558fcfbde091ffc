/* db.h - one non-blocking connection to PostgreSQL in pipeline mode, driven by its worker's epoll.
 *
 * Work comes as transactions: a transaction is one or more prepared statements between two syncs, all or
 * nothing. Only one runs at a time on a connection; batching is the caller's, by putting many rows in one
 * statement. */
#ifndef REPLYD_DB_H
#define REPLYD_DB_H

#include "replyd/buf.h"
#include "replyd/moment.h"

#include <libpq-fe.h>
#include <stdbool.h>

/* A prepared statement; prepared on every new connection under its name. */
struct statement {
    const char *name;
    const char *sql;
    int param_count;
};

/* Parameters of one execution, in PostgreSQL's binary format. */
#define PARAMS_MAX 32
struct params {
    struct buf bytes; /* all values, one after the other; used again for the next execution */
    int count;
    size_t start[PARAMS_MAX];
    int length[PARAMS_MAX]; /* -1: NULL */
    size_t array;           /* of the array being built: where its length stands */
};

void params_reset(struct params *params);
void params_free(struct params *params);
void params_null(struct params *params);
void params_text(struct params *params, const char *s); /* NULL: SQL NULL */
void params_textn(struct params *params, const char *s, size_t len);
void params_bytes(struct params *params, const void *bytes, size_t len); /* bytea */
void params_int8(struct params *params, int64_t value);
void params_bool(struct params *params, bool value);
void params_moment(struct params *params, moment_t moment); /* timestamptz; MOMENT_NONE: NULL */
void params_uuid(struct params *params, const unsigned char uuid[16]);
void params_jsonb(struct params *params, const char *json, size_t len);

/* The arrays that libpq takes, of `count` elements; they point into the parameters. */
void params_arrays(const struct params *params, const char *ret_values[static PARAMS_MAX],
                   int ret_formats[static PARAMS_MAX]);

/* A one-dimensional array: begin, one item after the other, end. `type` is the element's OID below. */
enum pg_type {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_INT8 = 20,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_JSON = 114,
    PG_FLOAT8 = 701,
    PG_DATE = 1082,
    PG_TIMESTAMPTZ = 1184,
    PG_UUID = 2950,
    PG_JSONB = 3802
};
void params_array_begin(struct params *params, enum pg_type type);
void params_array_end(struct params *params);
void params_item_null(struct params *params);
void params_item_text(struct params *params, const char *s); /* NULL: SQL NULL; text and json arrays */
void params_item_textn(struct params *params, const char *s, size_t len);
void params_item_bytes(struct params *params, const void *bytes, size_t len);
void params_item_int8(struct params *params, int64_t value);
void params_item_int4(struct params *params, int32_t value);
void params_item_bool(struct params *params, bool value);
void params_item_moment(struct params *params, moment_t moment);
void params_item_uuid(struct params *params, const unsigned char uuid[16]);

/* Reading binary results. The column must have the type; NULL gives the stated value. */
bool row_null(const PGresult *result, int row, int column);
const char *row_text(const PGresult *result, int row,
                     int column); /* NULL; NUL-ended; valid as long as the result; also json */
const char *row_jsonb(const PGresult *result, int row, int column);             /* NULL */
int64_t row_int8(const PGresult *result, int row, int column, int64_t if_null); /* int8 */
int32_t row_int4(const PGresult *result, int row, int column, int32_t if_null); /* int4 */
bool row_bool(const PGresult *result, int row, int column, bool if_null);
moment_t row_moment(const PGresult *result, int row, int column);           /* timestamptz; MOMENT_NONE */
const unsigned char *row_uuid(const PGresult *result, int row, int column); /* 16 bytes, or NULL */
/* numeric, as whole units of 10^-digits (12.5 with digits 2 gives 1250), rounded half away from zero; NULL,
 * NaN or out of range give INT64_MIN */
int64_t row_numeric(const PGresult *result, int row, int column, int digits);

/* --- the connection --- */

enum db_status {
    DB_OK,     /* committed */
    DB_FAILED, /* PostgreSQL refused a statement; nothing of the transaction is stored; the connection lives
                  on */
    DB_AWAY,   /* the connection went away; a write may or may not be stored */
};

struct db;

/* One transaction: the statements between db_send() and db_commit(). */
struct db_transaction {
    /* A statement's rows, in the order sent; the callee owns `result` and calls PQclear(). More may be sent
     * from here while db_commit() has not been called. */
    void (*on_result)(struct db_transaction *transaction, PGresult *result);
    /* The end, called once. `error` is PostgreSQL's message (for logs), "" with DB_OK. The connection is idle
     * again, so the next transaction may be begun from here. */
    void (*on_done)(struct db_transaction *transaction, enum db_status status, const char *error);
};

struct db_options {
    const char *name;             /* for logs and application_name: "reader" */
    const char *url;              /* libpq's; several hosts are tried one after the other, a second each */
    const char *const *settings;  /* "SET ..." statements for every new connection, NULL-ended */
    int64_t statement_timeout_ms; /* PostgreSQL's own limit, set beside these */
    const struct statement *const *statements; /* prepared on every new connection, NULL-ended */
    moment_t timeout;            /* a transaction without an end for so long: the connection is given up */
    int expected_schema;         /* newest migration that this program knows; 0: not checked */
    int epoll_fd;                /* where the socket is watched; events come with data.ptr = the db */
    void (*on_state)(void *arg); /* connected, or gone; NULL: not told */
    void *arg;
};

/* Starts connecting; never blocks, never gives up: reconnects with jittered back-off. */
struct db *db_open(const struct db_options *options);

/* Hangs up; a transaction under way ends with DB_AWAY. NULL is fine. */
void db_close(struct db *db);

/* Connected, statements prepared, schema as expected. */
bool db_ready(const struct db *db);

/* Ready and no transaction under way. */
bool db_idle(const struct db *db);

/* The schema's version as found on connecting; -1 while not known. */
int db_schema(const struct db *db);

/* Begins a transaction on an idle connection; db_send() any number of statements, then db_commit(). */
void db_begin(struct db *db, struct db_transaction *transaction);
void db_send(struct db *db, const struct statement *statement, const struct params *params);
/* Asks for the results so far, leaving the transaction open for more. */
void db_flush(struct db *db);
void db_commit(struct db *db);

/* The socket has something, or a time has come. Calls back. */
void db_process(struct db *db, uint32_t epoll_events);

/* When db_process() wants to be called at the latest (moment_now()'s clock); MOMENT_NONE: no wish. */
moment_t db_wake_at(const struct db *db);

#endif
