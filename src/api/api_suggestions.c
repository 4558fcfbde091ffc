/* POST /v1/suggestions, GET by id, list, feedback. */
#include "replyd/api.h"
#include "replyd/job.h"
#include "replyd/json.h"
#include "replyd/suggestion.h"
#include "replyd/worker.h"

#include <stdlib.h>
#include <string.h>

/* --- POST /v1/suggestions --- */

void suggestion_accept(struct http_request *request, const json_t *body)
{
    struct faults faults;
    faults_init(&faults, &request->arena);
    request->created_at = moment_now();
    int count = suggestion_read(body, request->created_at, request->worker->playbook,
                                request->worker->scratch, &request->arena, &request->suggest_request,
                                &request->understanding, &request->want, &faults);
    if (count > 0) {
        http_problem_faults(request, &faults);
        return;
    }
    request->had_numbers = case_want_sure(&request->want);
    id_make(&request->worker->ids, request->suggestion_id);
}

void api_suggestion_post(struct http_request *request)
{
    json_t *body = http_body_json(request);
    if (body)
        suggestion_accept(request, body);
    json_decref(body);
}

static void suggestion_compute(struct http_request *request)
{
    struct suggestion *suggestion = &request->suggestion;
    const struct understanding *understanding =
        suggestion_understanding(&request->suggest_request, &request->understanding);
    buf_truncate(&suggestion->request_json, 0);
    buf_add(&suggestion->request_json, buf_text(&request->body), request->body.len);
    suggest(request->shop->playbook, request->worker->compose, request->shop, &request->suggest_request,
            understanding, &request->rows, &request->arena, suggestion);
    suggestion_store_row(request->shop_id, &request->suggest_request, understanding, &request->rows,
                         suggestion, &request->store_row);
    memcpy(request->store_row.id, request->suggestion_id, sizeof request->store_row.id);
    request->store_row.created_at = request->created_at;
    request->store_row.idempotency_key = request->idempotency_key;
    request->store_row.request_hash = request->body_hash;
}

/* Writes a stored answer as it is shown. */
static void answer_show(const unsigned char id[16], moment_t created_at, const char *stored, size_t len,
                        enum answer_age age, const struct buf *html, struct buf *out)
{
    char text[ID_TEXT], created[MOMENT_TEXT];
    answer_write(stored, len, id_text(id, text), moment_format(created_at, created), age, html, out);
}

/* The same, with the HTML made again from the stored draft. */
static void answer_show_stored(const unsigned char id[16], moment_t created_at, const char *stored,
                               enum answer_age age, struct buf *out)
{
    struct buf html = {0};
    size_t len = strlen(stored);
    bool has_html = answer_html(stored, len, &html) == 0;
    answer_show(id, created_at, stored, len, age, has_html ? &html : NULL, out);
    buf_free(&html);
}

static void suggestion_headers(struct http_request *request, const unsigned char id[16])
{
    char text[ID_TEXT];
    http_header(request, "Location", arena_printf(&request->arena, "/v1/suggestions/%s", id_text(id, text)));
}

static void suggestion_reply(struct http_request *request, int status)
{
    struct suggestion *suggestion = &request->suggestion;
    answer_show(request->suggestion_id, request->created_at, buf_text(&suggestion->answer),
                suggestion->answer.len, ANSWER_NEW, suggestion->html.len > 0 ? &suggestion->html : NULL,
                &request->reply);
    if (status == 201)
        suggestion_headers(request, request->suggestion_id);
    http_reply(request, status);
}

static void suggestion_replay(struct http_request *request, const struct store_replayed *replayed)
{
    answer_show_stored(replayed->id, replayed->created_at, replayed->answer, ANSWER_NEW, &request->reply);
    suggestion_headers(request, replayed->id);
    http_reply(request, replayed->status);
}

const struct batched_ops suggestion_batched = {suggestion_compute, suggestion_reply, suggestion_replay};

/* --- stored answers, and whether their orders' rows are still the same --- */

struct kept {
    unsigned char id[16];
    moment_t created_at;
    const char *answer;
    int64_t rows_hash;
    int want; /* its place among the wants; -1: no order was asked for */
};

struct kept_list {
    struct kept *kept;
    int count;
    struct case_want **wants;
    int64_t *versions;
    int want_count;
};

/* What a job sends beside the statement that reads the stored answers is tagged with its cases_statement. */
#define TAG_STORED (-1)
static const enum cases_statement order_reads[] = {CASES_ORDERS, CASES_ITEMS, CASES_SHIPMENTS, CASES_EVENTS};

static void kept_begin(struct kept_list *list, int max, struct arena *arena)
{
    *list = (struct kept_list){.kept = arena_zalloc(arena, (size_t)max * sizeof *list->kept),
                               .wants = arena_zalloc(arena, (size_t)max * sizeof(struct case_want *)),
                               .versions = arena_zalloc(arena, (size_t)max * sizeof *list->versions)};
}

/* Copies what must outlive the rows. */
static void kept_add(struct kept_list *list, int64_t shop_id, const unsigned char id[16],
                     const struct stored *stored, struct arena *arena)
{
    struct kept *kept = &list->kept[list->count++];
    *kept = (struct kept){.created_at = stored->created_at,
                          .answer = arena_strdup(arena, stored->answer),
                          .rows_hash = stored->rows_hash,
                          .want = -1};
    memcpy(kept->id, id, sizeof kept->id);
    if (!stored->order_number)
        return;
    struct case_want *want = arena_zalloc(arena, sizeof *want);
    *want = (struct case_want){.shop_id = shop_id,
                               .order_numbers = {arena_strdup(arena, stored->order_number)},
                               .order_number_count = 1,
                               .as_of = stored->as_of};
    want->buyer_email = stored->buyer_email ? arena_strdup(arena, stored->buyer_email) : NULL;
    want->buyer_id = stored->buyer_id ? arena_strdup(arena, stored->buyer_id) : NULL;
    kept->want = list->want_count;
    list->wants[list->want_count++] = want;
}

/* Reads the orders' rows again. */
static void kept_check(const struct kept_list *list, struct http_request *request)
{
    for (size_t i = 0; i < sizeof order_reads / sizeof *order_reads && list->want_count > 0; i++) {
        cases_params(order_reads[i], list->wants, list->want_count, job_params(request));
        job_send(request, &cases_statements[order_reads[i]], (int)order_reads[i]);
    }
}

static enum answer_age kept_age(const struct kept_list *list, const struct kept *kept)
{
    return kept->want >= 0 && list->versions[kept->want] != kept->rows_hash ? ANSWER_STALE : ANSWER_VALID;
}

static void kept_show(const struct kept_list *list, const struct kept *kept, struct buf *out)
{
    answer_show_stored(kept->id, kept->created_at, kept->answer, kept_age(list, kept), out);
}

/* --- GET /v1/suggestions/{id} --- */

struct by_id {
    unsigned char id[16];
    const char *id_text;
    struct kept_list list; /* of one */
};

/* Reads the {id} of the path; NULL and 404 where it is none: such a suggestion does not exist. */
static struct by_id *read_id(struct http_request *request)
{
    struct by_id *by_id = arena_zalloc(&request->arena, sizeof *by_id);
    if (id_parse(request->param[0], by_id->id) != 0) {
        http_problem(request, 404, NULL);
        return NULL;
    }
    by_id->id_text = request->param[0];
    return by_id;
}

static void get_start(struct http_request *request)
{
    const struct by_id *by_id = request->job_data;
    store_get_params(request->shop_id, by_id->id, job_params(request));
    job_send(request, &store_get, TAG_STORED);
}

static void get_result(struct http_request *request, int tag, const PGresult *result)
{
    struct by_id *by_id = request->job_data;
    struct stored stored;
    if (tag != TAG_STORED) {
        cases_versions((enum cases_statement)tag, by_id->list.wants, result, by_id->list.versions);
        return;
    }
    if (store_get_decode(result, &stored) != 0) {
        http_problem(request, 404, NULL);
        return;
    }
    kept_begin(&by_id->list, 1, &request->arena);
    kept_add(&by_id->list, request->shop_id, by_id->id, &stored, &request->arena);
    kept_check(&by_id->list, request);
}

static void get_finish(struct http_request *request)
{
    const struct by_id *by_id = request->job_data;
    const struct kept *kept = &by_id->list.kept[0];
    bool stale = kept_age(&by_id->list, kept) == ANSWER_STALE;
    kept_show(&by_id->list, kept, &request->reply);
    http_reply_etag(request,
                    arena_printf(&request->arena, "\"%s%s\"", by_id->id_text, stale ? "-stale" : ""));
}

void api_suggestion_get(struct http_request *request)
{
    static const struct job_ops ops = {.start = get_start, .result = get_result, .finish = get_finish};
    struct by_id *by_id = read_id(request);
    if (by_id)
        job_queue(request, &ops, by_id);
}

/* --- GET /v1/suggestions --- */

const struct statement suggestion_list_statement = {
    "suggestion_list",
    "SELECT s.id, s.created_at, s.answer::text, s.as_of, s.order_number, s.rows_hash, s.buyer_email, "
    "s.buyer_id FROM replyd_data.suggestions s"
    " WHERE s.shop_id = $1"
    " AND ($2::text IS NULL OR s.conversation_id = $2)"
    " AND ($3::text IS NULL OR s.message_id = $3)"
    " AND ($4::text IS NULL OR s.order_number = $4)"
    " AND ($5::text IS NULL OR s.issue = $5)"
    " AND ($6::timestamptz IS NULL OR s.created_at >= $6)"
    " AND ($7::uuid IS NULL OR s.id < $7)"
    " ORDER BY s.id DESC LIMIT $8",
    8};

const char *const suggestion_list_arguments[] = {"conversation_id", "message_id", "order_number", "issue",
                                                 "since",           "limit",      "cursor",       NULL};

#define FILTER_ISSUE 3

struct list {
    const char *filters[4]; /* the first four arguments */
    moment_t since;
    bool has_cursor;
    unsigned char cursor[16];
    int limit;
    bool more;
    struct kept_list kept;
};

static void list_start(struct http_request *request)
{
    const struct list *list = request->job_data;
    struct params *params = job_params(request);
    params_int8(params, request->shop_id);
    for (int i = 0; i < 4; i++)
        params_text(params, list->filters[i]);
    params_moment(params, list->since);
    if (list->has_cursor)
        params_uuid(params, list->cursor);
    else
        params_null(params);
    params_int8(params, list->limit + 1);
    job_send(request, &suggestion_list_statement, TAG_STORED);
}

static void list_result(struct http_request *request, int tag, const PGresult *result)
{
    enum { ID, CREATED_AT, ANSWER, AS_OF, ORDER, ROWS_HASH, BUYER_EMAIL, BUYER_ID };
    struct list *list = request->job_data;
    if (tag != TAG_STORED) {
        cases_versions((enum cases_statement)tag, list->kept.wants, result, list->kept.versions);
        return;
    }
    int count = PQntuples(result), shown = count > list->limit ? list->limit : count;
    list->more = count > shown;
    kept_begin(&list->kept, shown, &request->arena);
    for (int row = 0; row < shown; row++) {
        struct stored stored = {.created_at = row_moment(result, row, CREATED_AT),
                                .as_of = row_moment(result, row, AS_OF),
                                .order_number = row_text(result, row, ORDER),
                                .rows_hash = row_int8(result, row, ROWS_HASH, 0),
                                .buyer_email = row_text(result, row, BUYER_EMAIL),
                                .buyer_id = row_text(result, row, BUYER_ID),
                                .answer = row_text(result, row, ANSWER)};
        kept_add(&list->kept, request->shop_id, row_uuid(result, row, ID), &stored, &request->arena);
    }
    kept_check(&list->kept, request);
}

static void list_finish(struct http_request *request)
{
    const struct list *list = request->job_data;
    struct buf *out = &request->reply, one = {0};
    json_object_begin(out);
    json_key(out, "data");
    json_array_begin(out);
    for (int i = 0; i < list->kept.count; i++) {
        buf_truncate(&one, 0);
        kept_show(&list->kept, &list->kept.kept[i], &one);
        json_put_raw(out, one.data, one.len);
    }
    buf_free(&one);
    json_array_end(out);
    char cursor[ID_TEXT];
    if (list->more)
        id_text(list->kept.kept[list->kept.count - 1].id, cursor);
    json_kstring(out, "next_cursor", list->more ? cursor : NULL);
    json_object_end(out);
    http_reply_hashed(request);
}

static bool word_known(const char *const *words, const char *text)
{
    while (*words && strcmp(*words, text) != 0)
        words++;
    return *words != NULL;
}

void api_suggestion_list(struct http_request *request)
{
    static const struct job_ops ops = {.start = list_start, .result = list_result, .finish = list_finish};
    struct faults faults;
    faults_init(&faults, &request->arena);
    struct list *list = arena_zalloc(&request->arena, sizeof *list);
    for (int i = 0; i < 4; i++)
        list->filters[i] = http_query(request, suggestion_list_arguments[i]);
    list->limit = http_query_limit(request, &faults);
    list->since = http_query_moment(request, "since", day_start, MOMENT_NONE, &faults);
    const char *cursor = http_query(request, "cursor");
    const char *issue = list->filters[FILTER_ISSUE];
    if (issue && !word_known(words_issue, issue))
        faults_add(&faults, "", "issue \"%s\" is none of the issues that there are", issue);
    list->has_cursor = cursor != NULL;
    if (cursor && id_parse(cursor, list->cursor) != 0)
        faults_add(&faults, "", "cursor takes the next_cursor of an earlier reply");
    if (faults.count > 0)
        http_problem_faults(request, &faults);
    else
        job_queue(request, &ops, list);
}

/* --- POST /v1/suggestions/{id}/feedback --- */

const struct statement feedback_statement = {
    "feedback",
    "INSERT INTO replyd_data.feedback (shop_id, suggestion_id, outcome, text, issue, note)"
    " SELECT s.shop_id, s.id, $3, $4, $5, $6 FROM replyd_data.suggestions s WHERE s.shop_id = $1 AND s.id = "
    "$2"
    " RETURNING suggestion_id",
    6};

struct feedback {
    struct by_id *by_id;
    int outcome, issue; /* issue -1: not said */
    const char *text, *note;
};

static const struct field feedback_fields[] = {
    {"outcome", FIELD_WORD, .required = true, .words = words_outcome,
     .offset = offsetof(struct feedback, outcome)},
    {"text", FIELD_PROSE, .max = 20000, .offset = offsetof(struct feedback, text)},
    {"issue", FIELD_WORD, .words = words_issue, .offset = offsetof(struct feedback, issue)},
    {"note", FIELD_PROSE, .max = 5000, .offset = offsetof(struct feedback, note)},
    {NULL},
};

static void feedback_start(struct http_request *request)
{
    const struct feedback *feedback = request->job_data;
    struct params *params = job_params(request);
    params_int8(params, request->shop_id);
    params_uuid(params, feedback->by_id->id);
    params_text(params, words_outcome[feedback->outcome]);
    params_text(params, feedback->text);
    params_text(params, feedback->issue < 0 ? NULL : words_issue[feedback->issue]);
    params_text(params, feedback->note);
    job_send(request, &feedback_statement, 0);
}

static void feedback_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    if (PQntuples(result) == 0)
        http_problem(request, 404, NULL);
    else
        http_reply(request, 204);
}

void api_suggestion_feedback(struct http_request *request)
{
    static const struct job_ops ops = {.start = feedback_start, .result = feedback_result};
    struct feedback *feedback = arena_zalloc(&request->arena, sizeof *feedback);
    feedback->issue = -1;
    feedback->by_id = read_id(request);
    json_t *body = feedback->by_id ? http_body_json(request) : NULL;
    if (!body)
        return;
    struct faults faults;
    faults_init(&faults, &request->arena);
    fields_read(feedback_fields, body, "", feedback, &faults);
    json_decref(body);
    if (faults.count > 0)
        http_problem_faults(request, &faults);
    else
        job_queue(request, &ops, feedback);
}
