/* POST /v1/ingest: many objects of any kind as lines of JSON, in one transaction; a line that is refused does
 * not stop the others. */
#include "replyd/api.h"
#include "replyd/job.h"
#include "replyd/json.h"
#include "replyd/objects_db.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINES_MAX 1000

struct line {
    int number; /* from 1, as in the body */
    int kind;   /* enum object_kind, -1 */
    const char *keys[OBJECT_KEYS_MAX];
    const char **bodies; /* NULL: refused before it was sent; several of a list of events */
    size_t body_count;
    const char *problem; /* JSON, when refused */
    int status;
    bool ignored;
};

struct ingest {
    struct line lines[LINES_MAX];
    int count;
};

/* --- reading --- */

struct line_body {
    int kind;
    const json_t *key, *body;
};
static const struct field line_fields[] = {
    {"kind", .type = FIELD_WORD, .required = true, .words = object_words,
     .offset = offsetof(struct line_body, kind)},
    {"key", .type = FIELD_ANY, .required = true, .offset = offsetof(struct line_body, key)},
    {"body", .type = FIELD_ANY, .required = true, .offset = offsetof(struct line_body, body)},
    {NULL},
};

static void line_refuse(struct http_request *request, struct line *line, int status, const char *detail,
                        const struct faults *faults)
{
    struct buf problem = {0};
    problem_write(&problem, status, detail, faults, request->id);
    line->status = status;
    line->problem = arena_strndup(&request->arena, buf_text(&problem), problem.len);
    buf_free(&problem);
}

/* Of events each one; the list that customs rules may be is one object. */
static const char **line_texts(const json_t *body, enum object_kind kind, struct arena *arena,
                               size_t *ret_count)
{
    if (kind == OBJECT_EVENT)
        return object_texts(body, arena, ret_count);
    const char **texts = arena_alloc(arena, sizeof(*texts));
    texts[0] = object_text(body, arena);
    *ret_count = 1;
    return texts;
}

static void line_check(struct http_request *request, struct line *line, const json_t *json)
{
    struct line_body read = {.kind = -1};
    struct faults faults;
    faults_init(&faults, &request->arena);
    fields_read(line_fields, json, "", &read, &faults);
    line->kind = read.kind;
    if (read.kind >= 0 && read.key)
        object_read_keys((enum object_kind)read.kind, read.key, "/key", line->keys, &faults);
    if (read.kind >= 0 && read.body)
        object_check((enum object_kind)read.kind, read.body, "/body", &faults);
    if (faults.count > 0)
        line_refuse(request, line, 422, NULL, &faults);
    else
        line->bodies = line_texts(read.body, (enum object_kind)read.kind, &request->arena, &line->body_count);
}

static void line_read(struct http_request *request, struct line *line, const char *text, size_t len)
{
    json_error_t error;
    json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!json) {
        line_refuse(
            request, line, 400,
            arena_printf(&request->arena, "The line is not JSON: %s (column %d).", error.text, error.column),
            NULL);
        return;
    }
    line_check(request, line, json);
    json_decref(json);
}

static bool is_blank(const char *text, size_t len)
{
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\r'))
        len--;
    return len == 0;
}

/* False: more lines than may be. Blank ones count in the numbers, not among the 1,000. */
static bool lines_read(struct http_request *request, struct ingest *ingest)
{
    const char *at = buf_text(&request->body), *end = at + request->body.len;
    for (int number = 1; at < end; number++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((newline ? newline : end) - at);
        if (!is_blank(at, len)) {
            if (ingest->count == LINES_MAX)
                return false;
            struct line *line = &ingest->lines[ingest->count++];
            *line = (struct line){.number = number, .kind = -1};
            line_read(request, line, at, len);
        }
        at += len + 1;
    }
    return true;
}

/* --- storing --- */

/* Parcels and their events are one step: both hold the parcel. */
static int line_step(const struct line *line)
{
    return line->kind == OBJECT_EVENT ? OBJECT_SHIPMENT : line->kind;
}

/* An event's order may be unsaid: such come last. */
static int compare_keys(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) : !a - !b;
}

/* Orders come before their parcels and these before their events, so that lines may stand in any order; and
 * every writer takes the rows in the same order, so that two can't wait for each other. What says the same
 * object again stays in its place. */
static int compare_lines(const void *a, const void *b)
{
    const struct line *x = *(const struct line *const *)a, *y = *(const struct line *const *)b;
    int by = line_step(x) - line_step(y);
    for (int i = OBJECT_KEYS_MAX; i-- > 0 && by == 0;)
        by = compare_keys(x->keys[i], y->keys[i]);
    if (by == 0)
        by = x->kind - y->kind;
    return by != 0 ? by : x->number - y->number;
}

static void line_send(struct http_request *request, const struct line *line, int tag)
{
    enum object_kind kind = (enum object_kind)line->kind;
    if (kind == OBJECT_EVENT)
        objects_events_params(request->shop_id, line->keys, line->bodies, line->body_count,
                              job_params(request));
    else
        objects_params(kind, request->shop_id, line->keys, line->bodies[0], job_params(request));
    job_send(request, &objects_statements[kind][OBJECTS_PUT], tag);
}

static void ingest_start(struct http_request *request)
{
    struct ingest *ingest = request->job_data;
    struct line **sorted = arena_alloc(&request->arena, sizeof(struct line *) * LINES_MAX);
    size_t count = 0;
    for (int i = 0; i < ingest->count; i++) {
        if (ingest->lines[i].bodies)
            sorted[count++] = &ingest->lines[i];
    }
    qsort(sorted, count, sizeof(*sorted), compare_lines);
    for (size_t i = 0; i < count; i++)
        line_send(request, sorted[i], (int)(sorted[i] - ingest->lines));
}

static void ingest_result(struct http_request *request, int tag, const PGresult *result)
{
    struct ingest *ingest = request->job_data;
    struct line *line = &ingest->lines[tag];
    enum object_kind kind = (enum object_kind)line->kind;
    struct objects_outcome outcome;
    objects_decode(kind, OBJECTS_PUT, result, &outcome);
    if (outcome.status >= 400) {
        line_refuse(request, line, outcome.status,
                    objects_detail(kind, outcome.status, line->keys, &request->arena), NULL);
        return;
    }
    line->status = outcome.status;
    line->ignored = outcome.ignored;
}

static void ingest_finish(struct http_request *request)
{
    const struct ingest *ingest = request->job_data;
    struct buf *out = &request->reply;
    for (int i = 0; i < ingest->count; i++) {
        const struct line *line = &ingest->lines[i];
        json_object_begin(out);
        json_kint(out, "line", line->number);
        json_kint(out, "status", line->status);
        if (line->ignored)
            json_kbool(out, "ignored", true);
        if (line->problem) {
            json_key(out, "problem");
            json_put_raw(out, line->problem, strlen(line->problem));
        }
        json_object_end(out);
        buf_addc(out, '\n');
    }
    http_reply(request, 200);
}

/* The names that lines of JSON go by. */
static bool type_fits(struct http_request *request)
{
    static const char *const types[] = {
        "application/x-ndjson", "application/ndjson",      "application/jsonl",
        "application/x-jsonl",  "application/jsonlines",   "application/json-lines",
        "application/json",     "application/x-jsonlines", NULL};
    const char *given = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Content-Type");
    size_t len = given ? strcspn(given, "; ") : 0;
    for (const char *const *type = types; *type; type++) {
        if (strlen(*type) == len && strncasecmp(*type, given, len) == 0)
            return true;
    }
    return false;
}

void api_ingest(struct http_request *request)
{
    static const struct job_ops ops = {
        .start = ingest_start, .result = ingest_result, .finish = ingest_finish};
    if (!type_fits(request)) {
        http_problem(request, 415, "Send `Content-Type: application/x-ndjson`.");
        return;
    }
    struct ingest *ingest = arena_alloc(&request->arena, sizeof(*ingest));
    ingest->count = 0;
    if (!lines_read(request, ingest)) {
        http_problem(request, 413, "Send at most %d lines at once.", LINES_MAX);
    } else if (ingest->count == 0) {
        http_problem(request, 422, "Send a line of JSON for each object.");
    } else {
        request->content_type = "application/x-ndjson";
        job_queue(request, &ops, ingest);
    }
}
