/* worker.h - one thread with everything of its own: a libmicrohttpd daemon in external epoll mode, three
 * database connections, queues, caches. No locks and no hand-over between workers.
 *
 * A turn: wait; take database results; run libmicrohttpd (handlers queue their requests); send the next batch
 * of reads; run the pure steps on what was read; send the next batch of writes; answer what is done. */
#ifndef REPLYD_WORKER_H
#define REPLYD_WORKER_H

#include "replyd/config.h"
#include "replyd/db.h"
#include "replyd/http.h"
#include "replyd/id.h"
#include "replyd/metrics.h"
#include "replyd/shops.h"

/* As many cases are read or suggestions stored at once. */
#define BATCH_MAX 256

struct queue {
    struct http_request *first, **last;
    int count;
};

void queue_init(struct queue *queue);
void queue_push(struct queue *queue, struct http_request *request);
struct http_request *queue_pop(struct queue *queue); /* NULL: empty */

/* Reads or writes for many requests in one transaction (batch.c). */
struct batch {
    struct db_transaction transaction; /* first: callbacks find the batch by it */
    struct worker *worker;
    struct http_request *requests[BATCH_MAX];
    int count;
    int steps[16], step_count, steps_done; /* which statements were sent, in order */
    PGresult *results[16];                 /* by step kind */
    int key_of[BATCH_MAX];                 /* request -> row of the admission statement */
    int want_count, want_of[BATCH_MAX];    /* the requests whose cases are read */
    struct case_want *wants[BATCH_MAX];
    int replay_count, replay_of[BATCH_MAX];
};

/* Statements that one job may have under way. */
#define JOB_TAGS 4096

/* The side connection's transaction (job.c). */
struct job_runner {
    struct db_transaction transaction;
    struct worker *worker;
    struct http_request *request; /* NULL: idle */
    int phase;                    /* enum job_phase */
    int tags[JOB_TAGS];           /* a ring: what the statements under way are */
    int sent, received, flushed;
    bool lost; /* somebody else was first with the Idempotency-Key */
};

struct worker {
    const struct config *config;
    const struct playbook *playbook;
    int number;
    int epoll_fd, listen_fd, stop_fd, daemon_fd;
    struct MHD_Daemon *daemon;
    struct db *reader, *writer, *side;
    struct queue waiting;  /* to be admitted and read */
    struct queue ready;    /* read: the pure steps, or the handler */
    struct queue storing;  /* suggestions to be stored */
    struct queue jobs;     /* for the side connection */
    struct queue answered; /* to be sent and resumed */
    struct batch read_batch, write_batch;
    struct job_runner job;
    struct params params;
    struct shops shops;
    struct understand_scratch *scratch;
    struct compose_context *compose;
    struct http_request *spare; /* freed requests, with their arenas, for reuse */
    int spare_count;
    struct id_source ids;
    struct metrics metrics;
    moment_t sweep_at; /* when old idempotency keys are deleted next */
    moment_t stop_by;  /* MOMENT_NONE: not stopping */
    int fatal;         /* exit status wanted by this worker; 0: none */
};

/* Makes a worker that listens on `listen_fd` (its own socket, SO_REUSEPORT). NULL with a message logged. */
struct worker *worker_new(const struct config *config, const struct playbook *playbook, int number,
                          int listen_fd, int stop_fd);

/* Runs until `stop_fd` is readable and the requests under way are answered, or `fatal` is set. */
void worker_run(struct worker *worker);
void worker_free(struct worker *worker);

/* A cleared request with a warm arena; and giving it back. */
struct http_request *worker_take_request(struct worker *worker);
void worker_give_request(struct worker *worker, struct http_request *request);

/* The answer is filled: it goes out at the end of the turn. */
void worker_answer(struct http_request *request);

/* batch.c */
void batch_read_start(struct worker *worker);   /* if the reader is idle and requests wait */
void batch_compute(struct worker *worker);      /* the pure steps for all that is ready */
void batch_write_start(struct worker *worker);  /* if the writer is idle and suggestions, or a sweep, wait */
void batch_fail_waiting(struct worker *worker); /* the database is away: 503 for all that wait */
extern const struct statement *const batch_read_statements[];
extern const struct statement *const batch_write_statements[];

/* job.c */
void job_start_next(struct worker *worker);
void job_fail_waiting(struct worker *worker);

#endif
