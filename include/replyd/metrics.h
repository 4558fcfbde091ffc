/* metrics.h - counters of one worker, written by it alone and read by any (relaxed atomics), for GET
 * /metrics. */
#ifndef REPLYD_METRICS_H
#define REPLYD_METRICS_H

#include "replyd/buf.h"
#include "replyd/moment.h"

#include <stdatomic.h>

#define METRICS_BUCKETS 12

struct metrics {
    _Atomic uint64_t requests[6];                   /* by the status' first digit */
    _Atomic uint64_t duration[METRICS_BUCKETS + 1]; /* requests by time taken; the last: longer */
    _Atomic uint64_t duration_sum;                  /* microseconds */
    _Atomic uint64_t suggestions, read_batches, read_cases, write_batches, written;
    _Atomic uint64_t rejected_busy, database_errors, database_up; /* database_up: connections ready */
};

static inline void metrics_add(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

void metrics_request(struct metrics *metrics, int status, moment_t taken);

/* Database connections that are ready, of all workers together. */
uint64_t metrics_database_up(void);

/* The metrics of all workers, summed, in Prometheus' text format. Workers register when they are made. */
void metrics_register(struct metrics *metrics);
void metrics_write(struct buf *out);

#endif
