#include "replyd/db.h"

#include "replyd/log.h"
#include "replyd/migrate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#define CONNECT_TIMEOUT MOMENT_SECOND /* for one host */
#define BACKOFF_FIRST (20 * MOMENT_SECOND / 1000)
#define BACKOFF_MAX (2 * MOMENT_SECOND)
#define HOSTS_MAX 8

enum db_phase {
    DB_WAITING,    /* not connected; tries again at wake_at */
    DB_CONNECTING, /* PQconnectPoll() under way */
    DB_PREPARING,  /* settings and statements sent, sync not seen yet */
    DB_IDLE,
    DB_BUSY,
};

struct db {
    struct db_options options;
    enum db_phase phase;
    PGconn *conn;
    int fd;               /* as registered in epoll; -1: none */
    uint32_t watched;     /* epoll events asked for */
    int host, host_count; /* which of the URL's hosts is tried */
    moment_t wake_at, backoff;
    int schema;
    struct db_transaction *transaction;
    bool committed; /* the transaction's sync is sent */
    bool failed;    /* a statement of the transaction was refused */
    bool wrong_schema_told;
    char error[300];
};

static void db_start(struct db *db);

static uint32_t random_u32(void)
{
    uint32_t value;
    if (getrandom(&value, sizeof value, 0) != sizeof value)
        abort();
    return value;
}

/* The URL with only host number `host` of its lists, so that a dead first host can't eat all the time. */
static PGconn *connect_start(struct db *db)
{
    char *error = NULL;
    PQconninfoOption *parsed = PQconninfoParse(db->options.url, &error);
    if (!parsed) {
        snprintf(db->error, sizeof db->error, "database URL: %s", error ? error : "out of memory");
        PQfreemem(error);
        return NULL;
    }
    const char *names[64], *values[64];
    char pieces[3][256];
    int count = 0, piece = 0;
    db->host_count = 1;
    for (PQconninfoOption *option = parsed; option->keyword && count < 58; option++) {
        const char *value = option->val;
        if (!value)
            continue;
        if (strcmp(option->keyword, "host") == 0 || strcmp(option->keyword, "hostaddr") == 0 ||
            strcmp(option->keyword, "port") == 0) {
            int hosts = 1;
            for (const char *p = value; *p; p++)
                hosts += *p == ',';
            if (hosts > db->host_count)
                db->host_count = hosts;
            /* one port stands for all hosts */
            const char *start = value;
            for (int i = 0; hosts > 1 && i < db->host && strchr(start, ','); i++)
                start = strchr(start, ',') + 1;
            snprintf(pieces[piece], sizeof pieces[piece], "%.*s", (int)strcspn(start, ","), start);
            value = pieces[piece++];
        }
        names[count] = option->keyword;
        values[count++] = value;
    }
    names[count] = "application_name";
    char application[64];
    snprintf(application, sizeof application, "replyd %s", db->options.name);
    values[count++] = application;
    names[count] = "client_encoding";
    values[count++] = "UTF8";
    names[count] = "tcp_user_timeout";
    values[count++] = "5000";
    names[count] = NULL;
    values[count] = NULL;
    PGconn *conn = PQconnectStartParams(names, values, 0);
    PQconninfoFree(parsed);
    return conn;
}

/* While connecting, libpq may close its socket and open the next, mostly with the same number; a closed one
 * has left epoll by itself, and by then its number may be another thread's. */
static void db_watch(struct db *db, uint32_t events)
{
    int fd = db->conn ? PQsocket(db->conn) : -1;
    if (fd == db->fd && events == db->watched && db->phase != DB_CONNECTING)
        return;
    struct epoll_event event = {.events = events, .data.ptr = db};
    if (fd >= 0 && epoll_ctl(db->options.epoll_fd, EPOLL_CTL_MOD, fd, &event) != 0)
        epoll_ctl(db->options.epoll_fd, EPOLL_CTL_ADD, fd, &event);
    db->fd = fd;
    db->watched = events;
}

static void db_disconnect(struct db *db)
{
    db->fd = -1;
    db->watched = 0;
    PQfinish(db->conn);
    db->conn = NULL;
}

/* The one place that gives a connection up: tells the transaction under way, and plans the next try. */
static void db_teardown(struct db *db, const char *reason)
{
    bool was_up = db->phase == DB_IDLE || db->phase == DB_BUSY;
    if (was_up || db->backoff >= BACKOFF_MAX || db->backoff == 0)
        log_event(LOG_WARNING, "database_away", "connection=%s reason=\"%s\"", db->options.name, reason);
    snprintf(db->error, sizeof db->error, "%s", reason);
    db_disconnect(db);
    db->phase = DB_WAITING;
    db->host = (db->host + 1) % (db->host_count > 0 ? db->host_count : 1);
    if (was_up || db->backoff == 0)
        db->backoff = BACKOFF_FIRST;
    else if (db->host == 0 && db->backoff < BACKOFF_MAX)
        db->backoff *= 2;
    moment_t jitter = (moment_t)(random_u32() % (uint32_t)(db->backoff + 1));
    db->wake_at = moment_now() + db->backoff / 2 + jitter;

    struct db_transaction *transaction = db->transaction;
    db->transaction = NULL;
    if (transaction)
        transaction->on_done(transaction, DB_AWAY, db->error);
    if (was_up && db->options.on_state)
        db->options.on_state(db->options.arg);
}

static void db_push(struct db *db)
{
    int left = PQflush(db->conn);
    if (left < 0)
        db_teardown(db, PQerrorMessage(db->conn));
    else
        db_watch(db, EPOLLIN | (left ? (uint32_t)EPOLLOUT : 0));
}

/* Sends what a new connection needs, as one transaction of its own. */
static void db_prepare(struct db *db)
{
    bool fine = PQsetnonblocking(db->conn, 1) == 0 && PQenterPipelineMode(db->conn);
    for (const char *const *setting = db->options.settings; fine && setting && *setting; setting++)
        fine = PQsendQueryParams(db->conn, *setting, 0, NULL, NULL, NULL, NULL, 0);
    if (fine) {
        char limit[64];
        snprintf(limit, sizeof limit, "SET statement_timeout = %lld",
                 (long long)db->options.statement_timeout_ms);
        fine = PQsendQueryParams(db->conn, limit, 0, NULL, NULL, NULL, NULL, 0);
    }
    if (fine && db->options.expected_schema)
        fine = PQsendQueryParams(db->conn, schema_number.sql, 0, NULL, NULL, NULL, NULL, 1);
    for (const struct statement *const *each = db->options.statements; fine && each && *each; each++)
        fine = PQsendPrepare(db->conn, (*each)->name, (*each)->sql, (*each)->param_count, NULL);
    fine = fine && PQpipelineSync(db->conn);
    if (!fine) {
        db_teardown(db, PQerrorMessage(db->conn));
        return;
    }
    db->phase = DB_PREPARING;
    db->wake_at = moment_now() + db->options.timeout;
    db->schema = -1;
    db->failed = false;
    db_push(db);
}

static void db_connect_poll(struct db *db)
{
    switch (PQconnectPoll(db->conn)) {
    case PGRES_POLLING_READING:
        db_watch(db, EPOLLIN);
        break;
    case PGRES_POLLING_WRITING:
        db_watch(db, EPOLLOUT);
        break;
    case PGRES_POLLING_OK:
        db_prepare(db);
        break;
    default:
        db_teardown(db, PQerrorMessage(db->conn));
    }
}

static void db_start(struct db *db)
{
    db->conn = connect_start(db);
    if (!db->conn || PQstatus(db->conn) == CONNECTION_BAD) {
        db_teardown(db, db->conn ? PQerrorMessage(db->conn) : db->error);
        return;
    }
    db->phase = DB_CONNECTING;
    db->wake_at = moment_now() + CONNECT_TIMEOUT;
    db_watch(db, EPOLLOUT);
}

static void db_prepared(struct db *db)
{
    if (db->options.expected_schema && db->schema >= 0 && db->schema != db->options.expected_schema) {
        char reason[160];
        snprintf(reason, sizeof reason,
                 "schema is at version %d, this program needs %d: run `replyd migrate`%s", db->schema,
                 db->options.expected_schema,
                 db->schema > db->options.expected_schema ? " of the newer program" : "");
        db_teardown(db, reason);
        return;
    }
    if (db->failed) {
        db_teardown(db, db->error);
        return;
    }
    db->phase = DB_IDLE;
    db->backoff = BACKOFF_FIRST;
    db->wake_at = MOMENT_NONE;
    log_event(LOG_DEBUG, "database_ready", "connection=%s", db->options.name);
    if (db->options.on_state)
        db->options.on_state(db->options.arg);
}

static void db_failed(struct db *db, const PGresult *result)
{
    if (db->failed)
        return;
    db->failed = true;
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    /* No such table: the first statement of a new connection asks for the schema's number. */
    if (db->phase == DB_PREPARING && db->schema < 0 && state && strcmp(state, "42P01") == 0)
        db->schema = 0;
    snprintf(db->error, sizeof db->error, "%s %s", state ? state : "", message ? message : "unknown error");
    /* An open pipeline answers nothing more until its sync. */
    if (db->phase == DB_BUSY && !db->committed)
        db_commit(db);
}

static void db_finish(struct db *db)
{
    struct db_transaction *transaction = db->transaction;
    db->transaction = NULL;
    db->phase = DB_IDLE;
    db->wake_at = MOMENT_NONE;
    transaction->on_done(transaction, db->failed ? DB_FAILED : DB_OK, db->failed ? db->error : "");
}

/* Takes over one result. */
static void db_take(struct db *db, PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        if (db->phase == DB_PREPARING) {
            if (PQnfields(result) == 1 && PQntuples(result) == 1)
                db->schema = row_int4(result, 0, 0, 0);
        } else if (db->transaction && !db->failed) {
            db->transaction->on_result(db->transaction, result);
            return;
        }
        break;
    case PGRES_PIPELINE_SYNC:
        if (db->phase == DB_PREPARING)
            db_prepared(db);
        else if (db->phase == DB_BUSY)
            db_finish(db);
        break;
    case PGRES_PIPELINE_ABORTED:
        break;
    default:
        db_failed(db, result);
    }
    PQclear(result);
}

static void db_receive(struct db *db)
{
    if (!PQconsumeInput(db->conn)) {
        db_teardown(db, PQerrorMessage(db->conn));
        return;
    }
    /* Callbacks may tear the connection down or begin the next transaction: look anew each time. Between two
     * statements PQgetResult() gives one NULL. */
    int nulls = 0;
    while (db->conn && (db->phase == DB_BUSY || db->phase == DB_PREPARING) && nulls < 2 &&
           !PQisBusy(db->conn)) {
        PGresult *result = PQgetResult(db->conn);
        nulls = result ? 0 : nulls + 1;
        if (result)
            db_take(db, result);
    }
    if (db->conn && PQstatus(db->conn) == CONNECTION_BAD)
        db_teardown(db, PQerrorMessage(db->conn));
    else if (db->conn)
        db_push(db);
}

struct db *db_open(const struct db_options *options)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        abort();
    db->options = *options;
    db->fd = -1;
    db->schema = -1;
    db_start(db);
    return db;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    db_disconnect(db);
    struct db_transaction *transaction = db->transaction;
    db->transaction = NULL;
    if (transaction)
        transaction->on_done(transaction, DB_AWAY, "closing");
    free(db);
}

bool db_ready(const struct db *db)
{
    return db->phase == DB_IDLE || db->phase == DB_BUSY;
}

bool db_idle(const struct db *db)
{
    return db->phase == DB_IDLE;
}

int db_schema(const struct db *db)
{
    return db->schema;
}

void db_begin(struct db *db, struct db_transaction *transaction)
{
    db->transaction = transaction;
    db->phase = DB_BUSY;
    db->wake_at = moment_now() + db->options.timeout;
    db->committed = false;
    db->failed = false;
}

void db_send(struct db *db, const struct statement *statement, const struct params *params)
{
    if (!db->conn || db->failed)
        return; /* on_done tells */
    const char *values[PARAMS_MAX];
    int formats[PARAMS_MAX];
    params_arrays(params, values, formats);
    if (!PQsendQueryPrepared(db->conn, statement->name, params->count, values, params->length, formats, 1)) {
        db->failed = true;
        snprintf(db->error, sizeof db->error, "%s", PQerrorMessage(db->conn));
    }
}

void db_flush(struct db *db)
{
    if (!db->conn)
        return;
    if (db->failed) {
        db_commit(db);
        return;
    }
    if (!PQsendFlushRequest(db->conn))
        db_failed(db, NULL);
    db_push(db);
}

void db_commit(struct db *db)
{
    if (!db->conn || db->committed)
        return;
    db->committed = true;
    if (!PQpipelineSync(db->conn))
        db_teardown(db, PQerrorMessage(db->conn));
    else
        db_push(db);
}

void db_process(struct db *db, uint32_t epoll_events)
{
    moment_t now = moment_now();
    if (db->phase == DB_WAITING) {
        if (now >= db->wake_at)
            db_start(db);
    } else if (db->phase == DB_CONNECTING) {
        if (epoll_events)
            db_connect_poll(db);
        else if (now >= db->wake_at)
            db_teardown(db, "no answer within a second");
    } else if (epoll_events) {
        db_receive(db);
    } else if (db->wake_at != MOMENT_NONE && now >= db->wake_at) {
        db_teardown(db, "a transaction did not end in time");
    }
}

moment_t db_wake_at(const struct db *db)
{
    return db->wake_at;
}
