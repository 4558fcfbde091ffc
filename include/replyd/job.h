/* job.h - a request's own transaction on the worker's side connection: everything but suggestions.
 *
 * start() sends statements; each one's rows come to result(), which may send more; when none is left,
 * finish() fills the answer unless result() has (NULL: it always has), the transaction commits, and only then
 * the answer goes out. With an Idempotency-Key on an idempotent route the key is claimed first and the answer
 * stored in the same transaction. */
#ifndef REPLYD_JOB_H
#define REPLYD_JOB_H

#include "replyd/db.h"
#include "replyd/http.h"

struct job_ops {
    void (*start)(struct http_request *request);
    void (*result)(struct http_request *request, int tag, const PGresult *result);
    void (*finish)(struct http_request *request);
};

/* Queues the request; a full queue or a database that is away answers 503 at once. */
void job_queue(struct http_request *request, const struct job_ops *ops, void *data);

/* From start() or result(): the parameters to fill, then job_send(). `tag` comes back with the rows. */
struct params *job_params(struct http_request *request);
void job_send(struct http_request *request, const struct statement *statement, int tag);

/* Undoes what the transaction did. */
extern const struct statement job_rollback;

/* All statements that jobs use, job.c's own among them (job_rollback, store_replay, store_claim); prepared on
 * the side connection (src/api/routes.c). */
extern const struct statement *const job_statements[];

#endif
