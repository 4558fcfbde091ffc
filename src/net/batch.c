/* Reads and writes for many requests at once.
 *
 * A read batch admits every waiting request (which shop does its key name, and in which version?) and reads
 * the cases of those that are suggestions, in one transaction. What could not be known when it was sent (a
 * shop not cached, a key never seen, an order number to be found by its tracking number) puts the request
 * back for the next batch. */
#include "replyd/log.h"
#include "replyd/store.h"
#include "replyd/suggestion.h"
#include "replyd/worker.h"

#include <stdlib.h>
#include <string.h>

/* Puts back more often than this mean that the shop changes faster than it can be read. */
#define TRIES_MAX 6
#define SWEEP_EVERY (60 * MOMENT_SECOND)

enum step { STEP_LOAD, STEP_ADMIT, STEP_REPLAY, STEP_CASES, STEP_COUNT = STEP_CASES + CASES_STATEMENTS };

static const struct statement admit_statement = {
    "admit",
    "SELECT w.i::int4 - 1, k.shop_id, s.version,"
    " (CASE WHEN 'suggest' = ANY (k.scopes) THEN 1 ELSE 0 END"
    " | CASE WHEN 'ingest' = ANY (k.scopes) THEN 2 ELSE 0 END"
    " | CASE WHEN 'admin' = ANY (k.scopes) THEN 7 ELSE 0 END)::int4"
    " FROM unnest($1::bytea[]) WITH ORDINALITY AS w(hash, i)"
    " JOIN replyd_data.api_keys k ON k.hash = w.hash AND k.revoked_at IS NULL"
    " JOIN replyd_data.shops s ON s.shop_id = k.shop_id",
    1};

const struct statement *const batch_read_statements[] = {&shops_load,
                                                         &admit_statement,
                                                         &store_replay,
                                                         &cases_statements[CASES_LOOKUP],
                                                         &cases_statements[CASES_ORDERS],
                                                         &cases_statements[CASES_ITEMS],
                                                         &cases_statements[CASES_SHIPMENTS],
                                                         &cases_statements[CASES_EVENTS],
                                                         &cases_statements[CASES_CONTACTS],
                                                         &cases_statements[CASES_PRODUCTS],
                                                         &cases_statements[CASES_CUSTOMER],
                                                         NULL};
const struct statement *const batch_write_statements[] = {&store_insert, &store_sweep, NULL};

static void put_back(struct http_request *request)
{
    if (++request->tries > TRIES_MAX) {
        http_problem(request, 503, "The shop's settings change too fast to be read.");
        worker_answer(request);
    } else {
        queue_push(&request->worker->waiting, request);
    }
}

static void batch_clear(struct batch *batch)
{
    for (int i = 0; i < STEP_COUNT; i++) {
        PQclear(batch->results[i]);
        batch->results[i] = NULL;
    }
    batch->count = batch->step_count = batch->steps_done = 0;
    batch->want_count = batch->replay_count = 0;
}

/* Takes requests from a queue; one that failed in company goes alone. */
static void batch_take(struct batch *batch, struct queue *queue)
{
    while (queue->first && batch->count < BATCH_MAX) {
        if (batch->count > 0 && queue->first->alone)
            break;
        struct http_request *request = queue_pop(queue);
        batch->requests[batch->count++] = request;
        if (request->alone)
            break;
    }
}

static void batch_result(struct db_transaction *transaction, PGresult *result)
{
    struct batch *batch = (struct batch *)transaction;
    batch->results[batch->steps[batch->steps_done++]] = result;
}

static void batch_send(struct batch *batch, struct db *db, int step, const struct statement *statement)
{
    batch->steps[batch->step_count++] = step;
    db_send(db, statement, &batch->worker->params);
}

/* What to do with the requests of a transaction that failed. */
static void batch_failed(struct batch *batch, struct queue *queue, enum db_status status, const char *error)
{
    struct worker *worker = batch->worker;
    metrics_add(&worker->metrics.database_errors, 1);
    if (status == DB_FAILED)
        log_event(LOG_ERROR, "batch_failed", "count=%d id=%s error=\"%s\"", batch->count,
                  batch->requests[0]->id, error);
    for (int i = 0; i < batch->count; i++) {
        struct http_request *request = batch->requests[i];
        if (status == DB_AWAY) {
            http_problem(request, 503, "The database is away.");
            worker_answer(request);
        } else if (batch->count > 1) {
            request->alone = true;
            queue_push(queue, request);
        } else {
            http_problem(request, 500, NULL);
            worker_answer(request);
        }
    }
    batch_clear(batch);
}

/* --- reading --- */

/* One row of the admission for each distinct key: mostly there is one key, so a linear look is cheap. */
static void send_admission(struct batch *batch, struct db *db)
{
    struct params *params = &batch->worker->params;
    params_reset(params);
    params_array_begin(params, PG_BYTEA);
    const unsigned char *distinct[BATCH_MAX];
    int count = 0;
    for (int i = 0; i < batch->count; i++) {
        int found = 0;
        while (found < count && memcmp(distinct[found], batch->requests[i]->key_hash, HTTP_KEY_HASH) != 0)
            found++;
        if (found == count) {
            distinct[count++] = batch->requests[i]->key_hash;
            params_item_bytes(params, batch->requests[i]->key_hash, HTTP_KEY_HASH);
        }
        batch->key_of[i] = found;
    }
    params_array_end(params);
    batch_send(batch, db, STEP_ADMIT, &admit_statement);
}

static void send_loads(struct batch *batch, struct db *db)
{
    int64_t ids[BATCH_MAX];
    int count = 0;
    for (int i = 0; i < batch->count; i++) {
        struct http_request *request = batch->requests[i];
        bool listed = !request->load_shop;
        for (int j = 0; j < count && !listed; j++)
            listed = ids[j] == request->shop_id;
        if (!listed)
            ids[count++] = request->shop_id;
        request->load_shop = false;
    }
    if (count == 0)
        return;
    shops_load_params(ids, count, &batch->worker->params);
    batch_send(batch, db, STEP_LOAD, &shops_load);
}

static void send_replays(struct batch *batch, struct db *db)
{
    struct store_key keys[BATCH_MAX];
    for (int i = 0; i < batch->count; i++) {
        struct http_request *request = batch->requests[i];
        if (!request->route->batched || !request->idempotency_key || !request->shop_id)
            continue;
        keys[batch->replay_count] = (struct store_key){request->shop_id, request->idempotency_key};
        batch->replay_of[batch->replay_count++] = i;
    }
    if (batch->replay_count == 0)
        return;
    store_replay_params(keys, batch->replay_count, &batch->worker->params);
    batch_send(batch, db, STEP_REPLAY, &store_replay);
}

static void send_cases(struct batch *batch, struct db *db)
{
    struct params *params = &batch->worker->params;
    for (int i = 0; i < batch->count; i++) {
        struct http_request *request = batch->requests[i];
        request->case_sent = request->route->batched && request->status == 0 && request->shop_id != 0;
        if (!request->case_sent)
            continue;
        request->want.shop_id = request->shop_id;
        request->want.arena = &request->arena;
        request->want.rows = &request->rows;
        request->rows = (struct case_rows){0};
        batch->want_of[batch->want_count] = i;
        batch->wants[batch->want_count++] = &request->want;
    }
    if (batch->want_count == 0)
        return;
    for (int statement = 0; statement < CASES_STATEMENTS; statement++) {
        if (cases_params((enum cases_statement)statement, batch->wants, batch->want_count, params))
            batch_send(batch, db, STEP_CASES + statement, &cases_statements[statement]);
    }
    metrics_add(&batch->worker->metrics.read_cases, (uint64_t)batch->want_count);
}

/* Which row of the admission's result belongs to a distinct key, or -1. */
static int admission_row(const PGresult *admission, int key)
{
    for (int row = 0; row < PQntuples(admission); row++) {
        if (row_int4(admission, row, 0, -1) == key)
            return row;
    }
    return -1;
}

/* Lets a request in: 0; or -1 and it is answered or put back. */
static int admit(struct batch *batch, int i)
{
    struct http_request *request = batch->requests[i];
    struct worker *worker = batch->worker;
    const PGresult *admission = batch->results[STEP_ADMIT];
    int row = admission_row(admission, batch->key_of[i]);
    if (row < 0) {
        http_problem(request, 401, "The key is unknown or revoked.");
        http_header(request, "WWW-Authenticate", "Bearer realm=\"replyd\", error=\"invalid_token\"");
        worker_answer(request);
        return -1;
    }
    request->scopes = row_int4(admission, row, 3, 0);
    if (!(request->scopes & (int)request->route->scope)) {
        http_problem(request, 403, NULL);
        worker_answer(request);
        return -1;
    }
    int64_t shop_id = row_int8(admission, row, 1, 0), version = row_int8(admission, row, 2, 0);
    bool right_shop = request->shop_id == shop_id;
    request->shop_id = shop_id;
    shops_set_hint(&worker->shops, request->key_hash, shop_id);
    request->shop = shops_get(&worker->shops, shop_id, version);
    if (!request->shop || (request->route->batched && !right_shop)) {
        request->load_shop = !request->shop;
        http_forget_shop(request);
        put_back(request);
        return -1;
    }
    return 0;
}

/* Answers with what the Idempotency-Key was answered with before. */
static void replay(struct http_request *request, const struct store_replayed *replayed)
{
    if (memcmp(replayed->request_hash, request->body_hash, sizeof request->body_hash) != 0) {
        request->key_misused = true;
        http_problem(request, 422, "This Idempotency-Key was used with another request.");
    } else if (replayed->has_suggestion) {
        request->route->batched->replay(request, replayed);
    } else {
        http_problem(request, 409, "What this Idempotency-Key was answered with has been erased.");
    }
    worker_answer(request);
}

/* The rows belong to this request and this shop; on with it. */
static void read_done(struct http_request *request)
{
    if (request->status != 0) /* its body did not fit; told only to who may ask */
        worker_answer(request);
    else if (request->route->batched && !request->case_sent)
        put_back(request);
    else
        queue_push(&request->worker->ready, request);
}

/* The lookup found order numbers by tracking number, or a rule of the shop's own needs more rows: read again
 * with these. */
static bool wants_again(struct http_request *request)
{
    bool looked_up = case_want_sure(&request->want) && !request->had_numbers;
    bool more = request->shop->playbook != request->worker->playbook &&
                suggestion_wants_more(request->shop->playbook, &request->suggest_request,
                                      &request->understanding, &request->want);
    request->had_numbers |= looked_up;
    return looked_up || more;
}

static void batch_read_done(struct db_transaction *transaction, enum db_status status, const char *error)
{
    struct batch *batch = (struct batch *)transaction;
    struct worker *worker = batch->worker;
    if (status != DB_OK) {
        batch_failed(batch, &worker->waiting, status, error);
        return;
    }
    if (batch->results[STEP_LOAD])
        shops_load_decode(&worker->shops, batch->results[STEP_LOAD]);
    struct store_replayed replayed[BATCH_MAX];
    const struct store_replayed *replay_for[BATCH_MAX] = {0};
    if (batch->replay_count > 0) {
        store_replay_decode(batch->replay_count, batch->results[STEP_REPLAY], replayed);
        for (int i = 0; i < batch->replay_count; i++)
            replay_for[batch->replay_of[i]] = &replayed[i];
    }
    if (batch->want_count > 0) {
        cases_decode(batch->wants, batch->want_count, (const PGresult *const *)&batch->results[STEP_CASES]);
        if (batch->results[STEP_CASES + CASES_LOOKUP])
            cases_lookup_decode(batch->wants, batch->want_count, batch->results[STEP_CASES + CASES_LOOKUP]);
    }
    for (int i = 0; i < batch->count; i++) {
        struct http_request *request = batch->requests[i];
        if (admit(batch, i) != 0)
            continue;
        if (replay_for[i] && replay_for[i]->found) {
            replay(request, replay_for[i]);
        } else if (request->case_sent && wants_again(request)) {
            http_forget_shop(request);
            queue_push(&worker->waiting, request);
        } else {
            read_done(request);
        }
    }
    batch_clear(batch);
}

void batch_read_start(struct worker *worker)
{
    struct batch *batch = &worker->read_batch;
    if (!worker->waiting.count || !db_idle(worker->reader))
        return;
    batch_take(batch, &worker->waiting);
    batch->transaction = (struct db_transaction){batch_result, batch_read_done};
    metrics_add(&worker->metrics.read_batches, 1);
    struct db *db = worker->reader;
    db_begin(db, &batch->transaction);
    send_loads(batch, db);
    send_admission(batch, db);
    send_replays(batch, db);
    send_cases(batch, db);
    db_commit(db);
}

void batch_fail_waiting(struct worker *worker)
{
    /* what waits comes last: a part of a list that is answered may send another one there */
    struct queue *queues[] = {&worker->ready, &worker->storing, &worker->waiting};
    for (size_t i = 0; i < sizeof queues / sizeof *queues; i++) {
        struct http_request *request;
        while ((request = queue_pop(queues[i]))) {
            metrics_add(&worker->metrics.rejected_busy, 1);
            http_problem(request, 503, "The database is away.");
            worker_answer(request);
        }
    }
}

/* --- the pure steps --- */

void batch_compute(struct worker *worker)
{
    struct http_request *request;
    while ((request = queue_pop(&worker->ready))) {
        if (!request->route->batched) {
            request->route->handle(request);
            if (request->status)
                worker_answer(request);
            continue;
        }
        request->route->batched->compute(request);
        if (request->suggest_request.dry_run) {
            request->route->batched->reply(request, 200);
            worker_answer(request);
        } else if (!db_ready(worker->writer) || worker->storing.count >= worker->config->max_waiting) {
            metrics_add(&worker->metrics.rejected_busy, 1);
            http_problem(request, 503, "Suggestions can't be stored now.");
            worker_answer(request);
        } else {
            queue_push(&worker->storing, request);
        }
    }
}

/* --- writing --- */

static void batch_write_done(struct db_transaction *transaction, enum db_status status, const char *error)
{
    struct batch *batch = (struct batch *)transaction;
    struct worker *worker = batch->worker;
    if (status != DB_OK) {
        batch_failed(batch, &worker->storing, status, error);
        return;
    }
    const struct store_row *rows[BATCH_MAX];
    bool stored[BATCH_MAX];
    for (int i = 0; i < batch->count; i++)
        rows[i] = &batch->requests[i]->store_row;
    store_insert_decode(rows, batch->count, batch->results[0], stored);
    for (int i = 0; i < batch->count; i++) {
        struct http_request *request = batch->requests[i];
        if (!stored[i]) { /* somebody else was first with this Idempotency-Key: read what he got */
            http_forget_shop(request);
            queue_push(&worker->waiting, request);
            continue;
        }
        metrics_add(&worker->metrics.suggestions, 1);
        request->route->batched->reply(request, 201);
        worker_answer(request);
    }
    metrics_add(&worker->metrics.written, (uint64_t)batch->count);
    batch_clear(batch);
}

static void batch_sweep_done(struct db_transaction *transaction, enum db_status status, const char *error)
{
    struct batch *batch = (struct batch *)transaction;
    if (status != DB_OK)
        log_event(LOG_WARNING, "sweep_failed", "error=\"%s\"", error);
    batch_clear(batch);
}

/* Deletes old idempotency keys, a bounded number at a time, when the writer has nothing better to do. */
static void batch_sweep(struct worker *worker)
{
    struct batch *batch = &worker->write_batch;
    worker->sweep_at = moment_now() + SWEEP_EVERY;
    batch->transaction = (struct db_transaction){batch_result, batch_sweep_done};
    params_reset(&worker->params);
    db_begin(worker->writer, &batch->transaction);
    batch_send(batch, worker->writer, 0, &store_sweep);
    db_commit(worker->writer);
}

void batch_write_start(struct worker *worker)
{
    struct batch *batch = &worker->write_batch;
    if (!db_idle(worker->writer))
        return;
    if (!worker->storing.count) {
        if (moment_now() >= worker->sweep_at)
            batch_sweep(worker);
        return;
    }
    batch_take(batch, &worker->storing);
    const struct store_row *rows[BATCH_MAX];
    for (int i = 0; i < batch->count; i++)
        rows[i] = &batch->requests[i]->store_row;
    batch->transaction = (struct db_transaction){batch_result, batch_write_done};
    metrics_add(&worker->metrics.write_batches, 1);
    store_insert_params(rows, batch->count, &worker->params);
    db_begin(worker->writer, &batch->transaction);
    batch_send(batch, worker->writer, 0, &store_insert);
    db_commit(worker->writer);
}
