#include "replyd/metrics.h"

#include <pthread.h>

#define WORKERS_MAX 64

/* Upper ends of the duration buckets, in microseconds. */
static const moment_t bucket_ends[METRICS_BUCKETS] = {500,   1000,   2500,   5000,   10000,   25000,
                                                      50000, 100000, 250000, 500000, 1000000, 2500000};

static struct metrics *registered[WORKERS_MAX];
static _Atomic int registered_count;

void metrics_register(struct metrics *metrics)
{
    int i = atomic_load(&registered_count);
    if (i >= WORKERS_MAX)
        return;
    registered[i] = metrics;
    atomic_store(&registered_count, i + 1); /* workers are made one after the other, by one thread */
}

void metrics_request(struct metrics *metrics, int status, moment_t taken)
{
    metrics_add(&metrics->requests[status >= 100 && status < 600 ? status / 100 : 0], 1);
    metrics_add(&metrics->duration_sum, taken > 0 ? (uint64_t)taken : 0);
    int bucket = 0;
    while (bucket < METRICS_BUCKETS && taken > bucket_ends[bucket])
        bucket++;
    metrics_add(&metrics->duration[bucket], 1);
}

static uint64_t total(size_t offset)
{
    uint64_t sum = 0;
    int count = atomic_load(&registered_count);
    for (int i = 0; i < count; i++) {
        const _Atomic uint64_t *counter = (const _Atomic uint64_t *)((const char *)registered[i] + offset);
        sum += atomic_load_explicit(counter, memory_order_relaxed);
    }
    return sum;
}

#define AT(member) offsetof(struct metrics, member)

static const struct metric_row {
    const char *name, *type, *help;
    size_t offset;
} rows[] = {
    {"replyd_suggestions_total", "counter", "Suggestions answered.", AT(suggestions)},
    {"replyd_read_batches_total", "counter", "Batches of reads sent.", AT(read_batches)},
    {"replyd_read_cases_total", "counter", "Cases read in these batches.", AT(read_cases)},
    {"replyd_write_batches_total", "counter", "Batches of suggestions stored.", AT(write_batches)},
    {"replyd_written_total", "counter", "Suggestions stored in these batches.", AT(written)},
    {"replyd_rejected_busy_total", "counter", "Requests answered 503: a full queue or no database.",
     AT(rejected_busy)},
    {"replyd_database_errors_total", "counter", "Transactions that failed.", AT(database_errors)},
    {"replyd_database_connections", "gauge", "Connections to PostgreSQL that are ready.", AT(database_up)},
};

uint64_t metrics_database_up(void)
{
    return total(AT(database_up));
}

void metrics_write(struct buf *out)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", rows[i].name, rows[i].help, rows[i].name,
                 rows[i].type, rows[i].name, (unsigned long long)total(rows[i].offset));

    buf_adds(out,
             "# HELP replyd_requests_total HTTP requests answered.\n# TYPE replyd_requests_total counter\n");
    for (size_t i = 1; i < 6; i++)
        buf_addf(out, "replyd_requests_total{status=\"%zuxx\"} %llu\n", i,
                 (unsigned long long)total(AT(requests) + i * sizeof(uint64_t)));

    buf_adds(out, "# HELP replyd_request_duration_seconds Time from the first line to the answer.\n"
                  "# TYPE replyd_request_duration_seconds histogram\n");
    uint64_t below = 0;
    for (size_t i = 0; i <= METRICS_BUCKETS; i++) {
        below += total(AT(duration) + i * sizeof(uint64_t));
        if (i < METRICS_BUCKETS)
            buf_addf(out, "replyd_request_duration_seconds_bucket{le=\"%g\"} %llu\n",
                     (double)bucket_ends[i] / 1e6, (unsigned long long)below);
    }
    buf_addf(
        out,
        "replyd_request_duration_seconds_bucket{le=\"+Inf\"} %llu\nreplyd_request_duration_seconds_sum %.6f\n"
        "replyd_request_duration_seconds_count %llu\n",
        (unsigned long long)below, (double)total(AT(duration_sum)) / 1e6, (unsigned long long)below);
}
