/* config.h - what `replyd serve` can be told, by flag or environment variable. One table makes both and
 * --help. */
#ifndef REPLYD_CONFIG_H
#define REPLYD_CONFIG_H

#include "replyd/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct config {
    const char *database_url;
    const char *listen;   /* HOST:PORT or [HOST]:PORT */
    const char *playbook; /* folder; NULL: the one compiled in */
    const char *log_level;
    int64_t workers;           /* threads; 0: one per two cores, at least one */
    int64_t max_connections;   /* HTTP connections, all workers together */
    int64_t max_waiting;       /* requests waiting for the database, per worker; more get 503 */
    int64_t idle_timeout;      /* seconds until a silent connection is closed */
    int64_t statement_timeout; /* milliseconds, for suggestions; lists and ingest have ten times that */
    int64_t stop_timeout;      /* seconds that a stop waits for requests under way */
};

/* Fills the defaults, then the environment, then the flags. 0; 1: --help was printed; 2: a message was
 * printed. */
int config_read(int argc, char **argv, struct config *ret_config);

/* Prints the table as --help shows it, or as README's table with `markdown`. */
void config_help(struct buf *out, bool markdown);

#endif
