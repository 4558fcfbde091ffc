#include "replyd/job.h"

#include "replyd/log.h"
#include "replyd/store.h"
#include "replyd/worker.h"

#include <string.h>

enum job_phase {
    JOB_REPLAYING, /* was the Idempotency-Key answered before? */
    JOB_WORKING,   /* the job's own statements */
    JOB_CLAIMING,  /* taking the Idempotency-Key, with the answer */
    JOB_ENDING,    /* the sync is sent */
};

/* Ends the transaction without storing anything; outside BEGIN this undoes what the pipeline did since its
 * last sync. */
const struct statement job_rollback = {"rollback", "ROLLBACK", 0};

static bool idempotent(const struct http_request *request)
{
    return request->route->idempotent && request->idempotency_key;
}

void job_queue(struct http_request *request, const struct job_ops *ops, void *data)
{
    struct worker *worker = request->worker;
    request->job = ops;
    request->job_data = data;
    if (!db_ready(worker->side) || worker->jobs.count >= worker->config->max_waiting) {
        metrics_add(&worker->metrics.rejected_busy, 1);
        http_problem(request, 503,
                     db_ready(worker->side) ? "Too many requests are waiting." : "The database is away.");
        return; /* who called the handler answers what is filled */
    }
    queue_push(&worker->jobs, request);
}

struct params *job_params(struct http_request *request)
{
    params_reset(&request->worker->params);
    return &request->worker->params;
}

void job_send(struct http_request *request, const struct statement *statement, int tag)
{
    struct job_runner *job = &request->worker->job;
    job->tags[job->sent++ % JOB_TAGS] = tag;
    db_send(request->worker->side, statement, &request->worker->params);
}

static void job_commit(struct job_runner *job)
{
    job->phase = JOB_ENDING;
    db_commit(job->worker->side);
}

static void job_claim(struct job_runner *job)
{
    struct http_request *request = job->request;
    struct store_key key = {request->shop_id, request->idempotency_key};
    job->phase = JOB_CLAIMING;
    params_reset(&job->worker->params);
    store_claim_params(&key, request->body_hash, request->status, buf_text(&request->reply),
                       request->reply.len, &job->worker->params);
    job_send(request, &store_claim, 0);
    db_flush(job->worker->side);
}

/* All that was sent has been answered: what comes next? */
static void job_advance(struct job_runner *job)
{
    struct http_request *request = job->request;
    if (request->job->finish && request->status == 0)
        request->job->finish(request);
    /* Only what was done is remembered: after a refusal the caller may mend the request and try again. */
    if (idempotent(request) && request->status < 400)
        job_claim(job);
    else
        job_commit(job);
}

static void job_work(struct job_runner *job)
{
    job->phase = JOB_WORKING;
    job->request->job->start(job->request);
    job->flushed = job->sent;
    if (job->sent == job->received)
        job_advance(job);
    else
        db_flush(job->worker->side);
}

static void job_replay(struct job_runner *job, const PGresult *result)
{
    struct http_request *request = job->request;
    struct store_replayed replayed;
    store_replay_decode(1, result, &replayed);
    if (!replayed.found) {
        job_work(job);
        return;
    }
    if (memcmp(replayed.request_hash, request->body_hash, sizeof request->body_hash) != 0 ||
        replayed.has_suggestion) {
        http_problem(request, 422, "This Idempotency-Key was used with another request.");
    } else {
        buf_truncate(&request->reply, 0);
        if (replayed.answer)
            buf_adds(&request->reply, replayed.answer);
        http_reply(request, replayed.status);
    }
    job_commit(job);
}

static void job_result(struct db_transaction *transaction, PGresult *result)
{
    struct job_runner *job = (struct job_runner *)transaction;
    struct http_request *request = job->request;
    int tag = job->tags[job->received++ % JOB_TAGS];
    switch ((enum job_phase)job->phase) {
    case JOB_REPLAYING:
        job_replay(job, result);
        break;
    case JOB_WORKING:
        request->job->result(request, tag, result);
        if (job->sent == job->received)
            job_advance(job);
        else if (job->sent != job->flushed)
            db_flush(job->worker->side);
        job->flushed = job->sent;
        break;
    case JOB_CLAIMING:
        if (PQntuples(result) == 0) { /* somebody else was first with this key: undo, and read what he got */
            job->lost = true;
            job_params(request);
            job_send(request, &job_rollback, 0);
        }
        job_commit(job);
        break;
    case JOB_ENDING:
        break; /* the rollback's */
    }
    PQclear(result);
}

static void job_done(struct db_transaction *transaction, enum db_status status, const char *error)
{
    struct job_runner *job = (struct job_runner *)transaction;
    struct http_request *request = job->request;
    job->request = NULL;
    if (status == DB_OK && job->lost) {
        buf_truncate(&request->reply, 0);
        request->header_count = 0;
        request->status = 0;
        queue_push(&job->worker->jobs, request);
        return;
    }
    if (status == DB_AWAY) {
        http_problem(request, 503, "The database is away.");
    } else if (status == DB_FAILED) {
        metrics_add(&job->worker->metrics.database_errors, 1);
        log_event(LOG_ERROR, "job_failed", "route=%s id=%s error=\"%s\"", request->route->path, request->id,
                  error);
        http_problem(request, 500, NULL);
    }
    worker_answer(request);
}

void job_start_next(struct worker *worker)
{
    struct job_runner *job = &worker->job;
    while (!job->request && worker->jobs.count && db_idle(worker->side)) {
        struct http_request *request = queue_pop(&worker->jobs);
        job->transaction = (struct db_transaction){job_result, job_done};
        job->request = request;
        job->sent = job->received = job->flushed = 0;
        job->lost = false;
        db_begin(worker->side, &job->transaction);
        if (idempotent(request)) {
            struct store_key key = {request->shop_id, request->idempotency_key};
            job->phase = JOB_REPLAYING;
            store_replay_params(&key, 1, &worker->params);
            job_send(request, &store_replay, 0);
            db_flush(worker->side);
            continue;
        }
        job_work(job);
    }
}

void job_fail_waiting(struct worker *worker)
{
    struct http_request *request;
    while ((request = queue_pop(&worker->jobs))) {
        metrics_add(&worker->metrics.rejected_busy, 1);
        http_problem(request, 503, "The database is away.");
        worker_answer(request);
    }
}
