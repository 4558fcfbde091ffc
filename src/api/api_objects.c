/* PUT, GET, PATCH and DELETE of every kind of object that a shop sends in; the route's arg is the kind. */
#include "replyd/api.h"
#include "replyd/job.h"
#include "replyd/objects_db.h"

struct object_job {
    enum object_kind kind;
    const char *const *keys;
    const char *body; /* of a PUT; of a PATCH the patch */
};

/* Reads the path. NULL: answered. */
static struct object_job *object_job_new(struct http_request *request)
{
    struct object_job *job = arena_zalloc(&request->arena, sizeof(*job));
    struct faults faults;
    faults_init(&faults, &request->arena);
    job->kind = (enum object_kind)request->route->arg;
    job->keys = request->param;
    if (object_check_keys(job->kind, job->keys, &faults) == 0)
        return job;
    http_problem_faults(request, &faults);
    return NULL;
}

static void object_send(struct http_request *request, enum objects_verb verb, const char *body)
{
    const struct object_job *job = request->job_data;
    objects_params(job->kind, request->shop_id, job->keys, body, job_params(request));
    job_send(request, &objects_statements[job->kind][verb], verb);
}

/* True if the answer is a problem. */
static bool object_refused(struct http_request *request, const struct objects_outcome *outcome, bool parent)
{
    const struct object_job *job = request->job_data;
    if (outcome->status < 400)
        return false;
    bool detailed = outcome->status == 409 || parent;
    http_problem(request, outcome->status, detailed ? "%s" : NULL,
                 detailed ? objects_detail(job->kind, outcome->status, job->keys, &request->arena) : "");
    return true;
}

static const char *object_etag(struct http_request *request, int64_t revision)
{
    return arena_printf(&request->arena, "\"%lld\"", (long long)revision);
}

/* --- PUT --- */

static void object_stored(struct http_request *request, const PGresult *result)
{
    const struct object_job *job = request->job_data;
    struct objects_outcome outcome;
    objects_decode(job->kind, OBJECTS_PUT, result, &outcome);
    if (object_refused(request, &outcome, true))
        return;
    if (outcome.status == 201)
        http_header(request, "Location", request->path);
    if (!outcome.ignored)
        http_header(request, "ETag", object_etag(request, outcome.revision));
    buf_adds(&request->reply, outcome.ignored ? "{\"ignored\":true}" : outcome.body);
    http_reply(request, outcome.status);
}

static void put_start(struct http_request *request)
{
    const struct object_job *job = request->job_data;
    object_send(request, OBJECTS_PUT, job->body);
}

static void put_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    object_stored(request, result);
}

void api_object_put(struct http_request *request)
{
    static const struct job_ops ops = {.start = put_start, .result = put_result};
    struct object_job *job = object_job_new(request);
    json_t *body = job ? http_body_json(request) : NULL;
    if (!body)
        return;
    struct faults faults;
    faults_init(&faults, &request->arena);
    if (object_check(job->kind, body, "", &faults) == 0)
        job->body = object_text(body, &request->arena);
    json_decref(body);
    if (job->body)
        job_queue(request, &ops, job);
    else
        http_problem_faults(request, &faults);
}

/* --- PATCH: the row is held from the read to the write --- */

/* What is stored with the patch applied, or NULL with the faults. */
static const char *object_patched(const struct object_job *job, const char *stored, struct faults *faults)
{
    json_t *target = json_loads(stored, JSON_DECODE_ANY, NULL);
    json_t *patch = json_loads(job->body, JSON_DECODE_ANY, NULL);
    json_t *merged = object_merge(target, patch);
    bool fits = object_check(job->kind, merged, "", faults) == 0;
    const char *text = fits ? object_text(merged, faults->arena) : NULL;
    json_decref(merged);
    json_decref(patch);
    json_decref(target);
    return text;
}

static void patch_start(struct http_request *request)
{
    object_send(request, OBJECTS_LOCK, NULL);
}

static void patch_result(struct http_request *request, int tag, const PGresult *result)
{
    if (tag == OBJECTS_PUT) {
        object_stored(request, result);
        return;
    }
    const struct object_job *job = request->job_data;
    struct objects_outcome outcome;
    objects_decode(job->kind, OBJECTS_LOCK, result, &outcome);
    if (object_refused(request, &outcome, false))
        return;
    struct faults faults;
    faults_init(&faults, &request->arena);
    const char *patched = object_patched(job, outcome.body, &faults);
    if (patched)
        object_send(request, OBJECTS_PUT, patched);
    else
        http_problem_faults(request, &faults);
}

void api_object_patch(struct http_request *request)
{
    static const struct job_ops ops = {.start = patch_start, .result = patch_result};
    struct object_job *job = object_job_new(request);
    json_t *patch = job ? http_body_json(request) : NULL;
    if (!patch)
        return;
    job->body = object_text(patch, &request->arena);
    json_decref(patch);
    job_queue(request, &ops, job);
}

/* --- GET --- */

static void get_start(struct http_request *request)
{
    object_send(request, OBJECTS_GET, NULL);
}

static void get_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    const struct object_job *job = request->job_data;
    struct objects_outcome outcome;
    objects_decode(job->kind, OBJECTS_GET, result, &outcome);
    if (object_refused(request, &outcome, false))
        return;
    buf_adds(&request->reply, outcome.body);
    http_reply_etag(request, object_etag(request, outcome.revision));
}

void api_object_get(struct http_request *request)
{
    static const struct job_ops ops = {.start = get_start, .result = get_result};
    struct object_job *job = object_job_new(request);
    if (job)
        job_queue(request, &ops, job);
}

/* --- DELETE --- */

static void delete_start(struct http_request *request)
{
    object_send(request, OBJECTS_DELETE, NULL);
}

static void delete_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    const struct object_job *job = request->job_data;
    struct objects_outcome outcome;
    objects_decode(job->kind, OBJECTS_DELETE, result, &outcome);
    if (!object_refused(request, &outcome, false))
        http_reply(request, outcome.status);
}

void api_object_delete(struct http_request *request)
{
    static const struct job_ops ops = {.start = delete_start, .result = delete_result};
    struct object_job *job = object_job_new(request);
    if (job)
        job_queue(request, &ops, job);
}
