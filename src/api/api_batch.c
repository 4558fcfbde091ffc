/* POST /v1/suggestions/batch: every request of the list goes the way of a POST of its own, as a part without
 * a connection, through the same reads and inserts; when the last one is answered, so is the batch. Messages
 * of one conversation go one after another, as they were received: each is an earlier contact of the next. */
#include "replyd/api.h"
#include "replyd/json.h"
#include "replyd/router.h"
#include "replyd/worker.h"

#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 100

struct suggestion_batch {
    struct http_request *parts[PARTS_MAX];
    bool held[PARTS_MAX]; /* not on its way yet: an earlier contact isn't answered */
    int count, answered;
};

/* Are both of one conversation, or without one about the same order? */
static bool same_talk(const struct request *a, const struct request *b)
{
    const char *one = a->message.conversation_id, *other = b->message.conversation_id;

    if (!one && !other) {
        one = a->order_number;
        other = b->order_number;
    }
    return one && other && strcmp(one, other) == 0;
}

static moment_t moment_of(const struct http_request *part)
{
    const struct request *asked = &part->suggest_request;

    return asked->message.received_at != MOMENT_NONE ? asked->message.received_at : asked->as_of;
}

/* Does a part have to wait for another that isn't answered? What doesn't fit is answered from the start. */
static bool has_to_wait(const struct suggestion_batch *batch, int number)
{
    const struct http_request *part = batch->parts[number];

    for (int i = 0; i < batch->count && !part->status && part->suggest_request.trigger < 0; i++) {
        const struct http_request *other = batch->parts[i];

        if (i == number || other->status || other->suggest_request.trigger >= 0 ||
            other->suggest_request.dry_run || !same_talk(&part->suggest_request, &other->suggest_request))
            continue;
        if (moment_of(other) < moment_of(part) || (moment_of(other) == moment_of(part) && i < number))
            return true;
    }
    return false;
}

static const struct route *suggestion_route(void)
{
    const struct route *route = routes;
    while (route->batched != &suggestion_batched)
        route++;
    return route;
}

/* A part's Idempotency-Key follows from the batch's; no caller can send one with a control character. Its
 * hash is the whole batch's: the key with another list is refused. */
static void part_key(struct http_request *part, const struct http_request *batch, int number)
{
    if (!batch->idempotency_key)
        return;
    part->idempotency_key = arena_printf(&part->arena, "%s\x1f%d", batch->idempotency_key, number);
    memcpy(part->body_hash, batch->body_hash, sizeof part->body_hash);
}

static struct http_request *part_new(struct http_request *batch, const json_t *body, int number)
{
    struct worker *worker = batch->worker;
    struct http_request *part = worker_take_request(worker);
    char *text = json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!text)
        abort();
    part->worker = worker;
    part->parent = batch;
    part->phase = HTTP_WAITING;
    part->route = suggestion_route();
    part->id = arena_strdup(&part->arena, batch->id);
    part->started = batch->started;
    part->shop_id = batch->shop_id;
    memcpy(part->key_hash, batch->key_hash, sizeof part->key_hash);
    part_key(part, batch, number);
    buf_adds(&part->body, text);
    free(text);
    suggestion_accept(part, body);
    return part;
}

struct batch_body {
    const json_t *requests;
};

static const struct field batch_fields[] = {
    {"requests", .type = FIELD_ANY, .required = true, .offset = offsetof(struct batch_body, requests)},
    {NULL},
};

/* The list of requests in the body, or NULL with a problem answered. */
static const json_t *read_list(struct http_request *request, const json_t *body)
{
    struct faults faults;
    struct batch_body read = {0};
    faults_init(&faults, &request->arena);
    fields_read(batch_fields, body, "", &read, &faults);
    if (read.requests && !json_is_array(read.requests))
        faults_add(&faults, "/requests", "must be a list of 1 to %d requests", PARTS_MAX);
    else if (read.requests &&
             (json_array_size(read.requests) == 0 || json_array_size(read.requests) > PARTS_MAX))
        faults_add(&faults, "/requests", "takes 1 to %d requests, not %zu", PARTS_MAX,
                   json_array_size(read.requests));
    if (faults.count == 0)
        return read.requests;
    http_problem_faults(request, &faults);
    return NULL;
}

void api_suggestion_batch(struct http_request *request)
{
    struct worker *worker = request->worker;
    json_t *body = http_body_json(request);
    if (!body)
        return;
    const json_t *list = read_list(request, body);
    if (list && worker->waiting.count + (int)json_array_size(list) > worker->config->max_waiting) {
        metrics_add(&worker->metrics.rejected_busy, 1);
        http_problem(request, 503, "Too many requests are waiting.");
    } else if (list) {
        struct suggestion_batch *batch = arena_zalloc(&request->arena, sizeof *batch);
        request->job_data = batch;
        batch->count = (int)json_array_size(list);
        for (int i = 0; i < batch->count; i++)
            batch->parts[i] = part_new(request, json_array_get(list, (size_t)i), i);
        for (int i = 0; i < batch->count; i++) {
            batch->held[i] = has_to_wait(batch, i);
            if (!batch->held[i])
                queue_push(&worker->waiting, batch->parts[i]);
        }
    }
    json_decref(body);
}

static void write_results(const struct suggestion_batch *batch, struct buf *out)
{
    json_object_begin(out);
    json_key(out, "results");
    json_array_begin(out);
    for (int i = 0; i < batch->count; i++) {
        const struct http_request *part = batch->parts[i];
        json_object_begin(out);
        json_kint(out, "status", part->status);
        json_key(out, part->status < 400 ? "suggestion" : "problem");
        json_put_raw(out, buf_text(&part->reply), part->reply.len);
        json_object_end(out);
    }
    json_array_end(out);
    json_object_end(out);
}

void api_suggestion_batch_part(struct http_request *request)
{
    struct suggestion_batch *batch = request->job_data;
    if (++batch->answered < batch->count) {
        for (int i = 0; i < batch->count; i++) {
            if (batch->held[i] && !has_to_wait(batch, i)) {
                batch->held[i] = false;
                queue_push(&request->worker->waiting, batch->parts[i]);
            }
        }
        return;
    }
    bool misused = false;
    for (int i = 0; i < batch->count; i++)
        misused = misused || batch->parts[i]->key_misused;
    if (misused) {
        http_problem(request, 422, "This Idempotency-Key was used with another request.");
    } else {
        write_results(batch, &request->reply);
        http_reply(request, 200);
    }
    for (int i = 0; i < batch->count; i++)
        worker_give_request(request->worker, batch->parts[i]);
    worker_answer(request);
}
