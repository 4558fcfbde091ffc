/* What happened to parcels: POST with the order in the path or, as carriers' webhooks know it, without; GET.
 */
#include "replyd/api.h"
#include "replyd/job.h"
#include "replyd/json.h"
#include "replyd/objects_db.h"
#include "replyd/worker.h"

#include <stdlib.h>
#include <string.h>

/* --- POST --- */

struct event_job {
    const char *keys[OBJECT_KEYS_MAX]; /* the order may be NULL */
    const char **bodies;
    size_t count;
};

static void post_start(struct http_request *request)
{
    const struct event_job *job = request->job_data;
    objects_events_params(request->shop_id, job->keys, job->bodies, job->count, job_params(request));
    job_send(request, &objects_statements[OBJECT_EVENT][OBJECTS_PUT], 0);
}

static void post_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    const struct event_job *job = request->job_data;
    struct objects_outcome outcome;
    objects_decode(OBJECT_EVENT, OBJECTS_PUT, result, &outcome);
    if (outcome.status >= 400) {
        http_problem(request, outcome.status, "%s",
                     objects_detail(OBJECT_EVENT, outcome.status, job->keys, &request->arena));
        return;
    }
    json_object_begin(&request->reply);
    json_kint(&request->reply, "stored", outcome.stored);
    json_kint(&request->reply, "known", (int64_t)job->count - outcome.stored);
    json_object_end(&request->reply);
    http_reply(request, outcome.status);
}

static void events_post(struct http_request *request, const char *order, const char *tracking_number)
{
    static const struct job_ops ops = {.start = post_start, .result = post_result};
    struct event_job *job = arena_zalloc(&request->arena, sizeof(*job));
    struct faults faults;
    faults_init(&faults, &request->arena);
    job->keys[0] = order;
    job->keys[1] = tracking_number;
    object_check_keys(OBJECT_EVENT, job->keys, &faults);
    json_t *body = http_body_json(request);
    if (!body)
        return;
    if (object_check(OBJECT_EVENT, body, "", &faults) == 0)
        job->bodies = object_texts(body, &request->arena, &job->count);
    json_decref(body);
    if (faults.count > 0)
        http_problem_faults(request, &faults);
    else
        job_queue(request, &ops, job);
}

void api_event_post(struct http_request *request)
{
    events_post(request, request->param[0], request->param[1]);
}

void api_event_post_by_parcel(struct http_request *request)
{
    events_post(request, NULL, request->param[0]);
}

/* --- GET: a page, newest first --- */

struct page {
    int limit;
    moment_t before_at; /* the cursor: the last one of the page before */
    unsigned char before_id[16];
};

static void list_start(struct http_request *request)
{
    const struct page *page = request->job_data;
    objects_events_get_params(request->shop_id, request->param, page->limit + 1, page->before_at,
                              page->before_at == MOMENT_NONE ? NULL : page->before_id, job_params(request));
    job_send(request, &objects_statements[OBJECT_EVENT][OBJECTS_GET], 0);
}

/* "1772442840000000-0192..." */
static const char *cursor_write(const PGresult *result, int row, struct arena *arena)
{
    char id[ID_TEXT];
    id_text(row_uuid(result, row, 3), id);
    return arena_printf(arena, "%lld-%s", (long long)row_moment(result, row, 2), id);
}

static int cursor_read(const char *cursor, struct page *page)
{
    char *end;
    long long at = strtoll(cursor, &end, 10);
    if (end == cursor || *end != '-' || id_parse(end + 1, page->before_id) != 0)
        return -1;
    page->before_at = at;
    return 0;
}

static void list_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    const struct page *page = request->job_data;
    if (!row_bool(result, 0, 0, false)) {
        http_problem(request, 404, NULL);
        return;
    }
    struct buf *out = &request->reply;
    int count = row_null(result, 0, 1) ? 0 : PQntuples(result);
    int shown = count < page->limit ? count : page->limit;
    json_object_begin(out);
    json_key(out, "data");
    json_array_begin(out);
    for (int row = 0; row < shown; row++)
        json_put_raw(out, row_text(result, row, 1), strlen(row_text(result, row, 1)));
    json_array_end(out);
    json_kstring(out, "next_cursor", count > shown ? cursor_write(result, shown - 1, &request->arena) : NULL);
    json_object_end(out);
    http_reply_hashed(request);
}

const char *const event_list_arguments[] = {"limit", "cursor", NULL};

void api_event_list(struct http_request *request)
{
    static const struct job_ops ops = {.start = list_start, .result = list_result};
    struct page *page = arena_zalloc(&request->arena, sizeof(*page));
    struct faults faults;
    faults_init(&faults, &request->arena);
    object_check_keys(OBJECT_EVENT, request->param, &faults);
    page->limit = http_query_limit(request, &faults);
    page->before_at = MOMENT_NONE;
    const char *cursor = http_query(request, "cursor");
    if (cursor && cursor_read(cursor, page) < 0)
        faults_add(&faults, "", "cursor takes the next_cursor of an earlier reply");
    if (faults.count > 0)
        http_problem_faults(request, &faults);
    else
        job_queue(request, &ops, page);
}
