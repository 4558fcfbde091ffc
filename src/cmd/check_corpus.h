/* check_corpus.h - are the example messages of a playbook enough, and all different? */
#ifndef REPLYD_CMD_CHECK_CORPUS_H
#define REPLYD_CMD_CHECK_CORPUS_H

#include "replyd/buf.h"

/* Checks DIR/intents, tells faults a line each and the count of messages; returns the count of faults, 0
 * where there is no such folder. */
int check_corpus(const char *dir, struct buf *out);

#endif
