/* suggestion.h - a suggestion's way between the request and the database: what to read for it, and what to
 * keep. Shared by POST /v1/suggestions and `replyd suggest`, which therefore give the same answer. */
#ifndef REPLYD_SUGGESTION_H
#define REPLYD_SUGGESTION_H

#include "replyd/cases_db.h"
#include "replyd/store.h"
#include "replyd/suggest.h"

/* Reads and understands a body. Returns the number of faults; with none, `ret_understanding` is filled for a
 * message and `ret_want` says what to read for what
 * the playbook may make of it (its shop, arena and rows are the caller's to set). */
int suggestion_read(const json_t *body, moment_t now, const struct playbook *playbook,
                    struct understand_scratch *scratch, struct arena *arena, struct request *ret_request,
                    struct understanding *ret_understanding, struct case_want *ret_want,
                    struct faults *faults);

/* Adds to the want what a shop's own playbook may need beside it. True if there is any: read again. */
bool suggestion_wants_more(const struct playbook *playbook, const struct request *request,
                           const struct understanding *understanding, struct case_want *want);

/* The understanding to hand on: NULL for a trigger. */
const struct understanding *suggestion_understanding(const struct request *request,
                                                     const struct understanding *understanding);

/* The row to keep. `id`, `created_at` and the idempotency key are the caller's to set. */
void suggestion_store_row(int64_t shop_id, const struct request *request,
                          const struct understanding *understanding, const struct case_rows *rows,
                          const struct suggestion *suggestion, struct store_row *ret_row);

#endif
