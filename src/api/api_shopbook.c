/* A shop's own words: its drafts and rules in place of the shipped ones, and how a draft would look. */
#include "replyd/api.h"
#include "replyd/job.h"
#include "replyd/objects.h"
#include "replyd/worker.h"

#include <string.h>

#define KEY "shop_id = $1 AND issue = $2"
#define DRAFT_KEY KEY " AND language = $3"
#define REPLACE                                                                                              \
    " DO UPDATE SET body = excluded.body, revision = nextval('replyd_data.revisions'), changed_at = now()"   \
    " RETURNING body::text, revision, NOT EXISTS (SELECT 1 FROM old)"

const struct statement template_put_statement = {
    "template_put",
    "WITH old AS MATERIALIZED (SELECT 1 FROM replyd_data.templates WHERE " DRAFT_KEY ")"
    " INSERT INTO replyd_data.templates (shop_id, issue, language, body) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (shop_id, issue, language)" REPLACE,
    4};
const struct statement template_get_statement = {
    "template_get", "SELECT body::text, revision FROM replyd_data.templates WHERE " DRAFT_KEY, 3};
const struct statement template_delete_statement = {
    "template_delete", "DELETE FROM replyd_data.templates WHERE " DRAFT_KEY " RETURNING revision", 3};
const struct statement rule_put_statement = {
    "rule_put",
    "WITH old AS MATERIALIZED (SELECT 1 FROM replyd_data.rules WHERE " KEY ")"
    " INSERT INTO replyd_data.rules (shop_id, issue, body) VALUES ($1, $2, $3)"
    " ON CONFLICT (shop_id, issue)" REPLACE,
    3};
const struct statement rule_get_statement = {
    "rule_get", "SELECT body::text, revision FROM replyd_data.rules WHERE " KEY, 2};
const struct statement rule_delete_statement = {
    "rule_delete", "DELETE FROM replyd_data.rules WHERE " KEY " RETURNING revision", 2};

/* The two kinds are stored alike; a rule has no language. */
static const struct shopbook_kind {
    const struct statement *put, *get, *delete;
    bool drafts;
} kinds[] = {
    [SHOPBOOK_DRAFT] = {&template_put_statement, &template_get_statement, &template_delete_statement, true},
    [SHOPBOOK_RULE] = {&rule_put_statement, &rule_get_statement, &rule_delete_statement, false},
};

static const struct shopbook_kind *kind_of(const struct http_request *request)
{
    return &kinds[request->route->arg];
}

/* The words that the path names. */
static struct own_words words_of(const struct http_request *request, const json_t *body)
{
    return (struct own_words){.issue = request->param[0],
                              .language = kind_of(request)->drafts ? request->param[1] : NULL,
                              .body = body};
}

static void words_send(struct http_request *request, const struct statement *statement, const char *body)
{
    struct params *params = job_params(request);
    params_int8(params, request->shop_id);
    params_text(params, request->param[0]);
    if (kind_of(request)->drafts)
        params_text(params, request->param[1]);
    if (body)
        params_jsonb(params, body, strlen(body));
    job_send(request, statement, 0);
}

/* Is there such an issue, and such a language? Else 404. */
static bool words_known(struct http_request *request)
{
    struct own_words words = words_of(request, NULL);
    const struct playbook *shipped = request->worker->playbook;
    if (playbook_issue(shipped, words.issue) && (!words.language || playbook_writes(shipped, words.language)))
        return true;
    http_problem(request, 404,
                 "There is no such issue (GET /v1/issues lists them), or no draft can be written "
                 "in that language.");
    return false;
}

static const char *revision_etag(struct http_request *request, int64_t revision)
{
    return arena_printf(&request->arena, "\"%lld\"", (long long)revision);
}

/* --- PUT --- */

static void put_start(struct http_request *request)
{
    words_send(request, kind_of(request)->put, request->job_data);
}

static void put_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    bool created = row_bool(result, 0, 2, false);
    buf_adds(&request->reply, row_text(result, 0, 0));
    http_header(request, "ETag", revision_etag(request, row_int8(result, 0, 1, 0)));
    if (created)
        http_header(request, "Location", request->path);
    http_reply(request, created ? 201 : 200);
}

/* Fits what holds for the shop now? Two puts at the same moment that do not fit together are found when the
 * shop is read: the shipped words stand in then, with a warning. */
static bool fits(struct http_request *request, const json_t *body, struct faults *faults)
{
    struct own_words words = words_of(request, body);
    struct playbook *tried;
    if (playbook_try_own(request->worker->playbook, request->shop->playbook, &words, faults, &tried) != 0)
        return false;
    playbook_free(tried);
    return true;
}

void api_shopbook_put(struct http_request *request)
{
    static const struct job_ops ops = {.start = put_start, .result = put_result};
    json_t *body = words_known(request) ? http_body_json(request) : NULL;
    if (!body)
        return;
    struct faults faults;
    faults_init(&faults, &request->arena);
    const char *text = fits(request, body, &faults) ? object_text(body, &request->arena) : NULL;
    json_decref(body);
    if (text)
        job_queue(request, &ops, (void *)(uintptr_t)text);
    else
        http_problem_faults(request, &faults);
}

/* --- GET --- */

static void get_start(struct http_request *request)
{
    words_send(request, kind_of(request)->get, NULL);
}

/* The shop's own, or those shipped: what PUT would carry to leave things as they are. */
static void get_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    if (PQntuples(result) > 0) {
        buf_adds(&request->reply, row_text(result, 0, 0));
        http_reply_etag(request, revision_etag(request, row_int8(result, 0, 1, 0)));
        return;
    }
    const struct playbook *shipped = request->worker->playbook;
    struct own_words words = words_of(request, NULL);
    json_t *body = playbook_words(shipped, words.issue, words.language);
    if (!body) {
        http_problem(request, 404, NULL);
        return;
    }
    buf_adds(&request->reply, object_text(body, &request->arena));
    json_decref(body);
    http_reply_etag(request, arena_printf(&request->arena, "\"shipped-%s\"", shipped->version));
}

void api_shopbook_get(struct http_request *request)
{
    static const struct job_ops ops = {.start = get_start, .result = get_result};
    if (words_known(request))
        job_queue(request, &ops, NULL);
}

/* --- DELETE --- */

static void delete_start(struct http_request *request)
{
    words_send(request, kind_of(request)->delete, NULL);
}

static void delete_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    if (PQntuples(result) == 0)
        http_problem(request, 404, "The shop has none of its own here: the shipped one holds.");
    else
        http_reply(request, 204);
}

/* A draft of the shop's own may lean on what its own rule requires, and the other way round. Words that were
 * unfit before are no reason to keep them. */
void api_shopbook_delete(struct http_request *request)
{
    static const struct job_ops ops = {.start = delete_start, .result = delete_result};
    if (!words_known(request))
        return;
    struct faults faults;
    faults_init(&faults, &request->arena);
    if (!fits(request, NULL, &faults))
        http_problem(request, 409, "What the shop has of its own for this issue leans on it: %s",
                     faults.first ? faults.first->detail : "");
    else
        job_queue(request, &ops, NULL);
}

/* --- POST /v1/templates/preview --- */

struct preview {
    const char *issue, *language, *order_number;
    const json_t *template; /* borrowed of `body` */
};

static const struct field preview_fields[] = {
    {"issue", .type = FIELD_CODE, .required = true, .offset = offsetof(struct preview, issue)},
    {"language", .type = FIELD_LANGUAGE, .required = true, .offset = offsetof(struct preview, language)},
    {"template", .type = FIELD_ANY, .offset = offsetof(struct preview, template)},
    {"order_number", .type = FIELD_CODE, .offset = offsetof(struct preview, order_number)},
    {NULL},
};

/* It goes the way of a suggestion that is not stored: one batch reads its case. */
void api_shopbook_preview(struct http_request *request)
{
    json_t *body = http_body_json(request);
    if (!body)
        return;
    struct faults faults;
    faults_init(&faults, &request->arena);
    struct preview *preview = arena_zalloc(&request->arena, sizeof *preview);
    fields_read(preview_fields, body, "", preview, &faults);
    /* the body is read again where it is needed, so that nothing is left to be let go of */
    preview->template = NULL;
    json_decref(body);
    if (faults.count > 0) {
        http_problem_faults(request, &faults);
        return;
    }
    request->job_data = preview;
    request->created_at = moment_now();
    request->suggest_request = (struct request){
        .trigger = -1, .order_number = preview->order_number, .as_of = request->created_at, .dry_run = true};
    request->want =
        (struct case_want){.as_of = request->created_at, .reads = CASE_READS_PRODUCT | CASE_READS_CUSTOMER};
    if (preview->order_number)
        request->want.order_numbers[request->want.order_number_count++] = preview->order_number;
    request->had_numbers = true;
}

/* Puts "/template" before what is wrong with the template. */
static void preview_refused(struct http_request *request, const struct faults *found)
{
    struct faults faults;
    faults_init(&faults, &request->arena);
    for (const struct fault *fault = found->first; fault; fault = fault->next)
        faults_add(&faults, arena_printf(&request->arena, "/template%s", fault->pointer), "%s",
                   fault->detail);
    http_problem_faults(request, &faults);
}

static void preview_show(struct http_request *request, const struct playbook *playbook)
{
    const struct preview *preview = request->job_data;
    const struct issue_rule *issue = playbook_issue(playbook, preview->issue);
    struct faults faults;
    faults_init(&faults, &request->arena);
    if (!issue)
        faults_add(&faults, "/issue", "there is no such issue: GET /v1/issues lists them");
    else if (!playbook_draft(issue, preview->language))
        faults_add(&faults, "/language", "there is no draft in it: give a \"template\"");
    if (preview->order_number && !request->rows.order)
        faults_add(&faults, "/order_number", "the shop has no such order");
    if (faults.count > 0) {
        http_problem_faults(request, &faults);
        return;
    }
    suggest_preview(playbook, request->worker->compose, request->shop, &request->suggest_request,
                    preview->order_number ? &request->rows : NULL, issue, preview->language, &request->arena,
                    &request->suggestion);
}

static void preview_compute(struct http_request *request)
{
    const struct preview *preview = request->job_data;
    json_t *body = json_loadb(buf_text(&request->body), request->body.len, JSON_ALLOW_NUL, NULL);
    const json_t *template = json_object_get(body, "template");
    struct own_words words = {preview->issue, preview->language, template};
    struct playbook *tried = NULL;
    struct faults faults;
    faults_init(&faults, &request->arena);
    if (!template || json_is_null(template) || !playbook_issue(request->shop->playbook, preview->issue))
        preview_show(request, request->shop->playbook);
    else if (playbook_try_own(request->worker->playbook, request->shop->playbook, &words, &faults, &tried) !=
             0)
        preview_refused(request, &faults);
    else
        preview_show(request, tried);
    playbook_free(tried);
    json_decref(body);
}

static void preview_reply(struct http_request *request, int status)
{
    if (request->status != 0)
        return;
    buf_add(&request->reply, buf_text(&request->suggestion.answer), request->suggestion.answer.len);
    http_reply(request, status);
}

/* Nothing is stored, so nothing is ever found under an Idempotency-Key but another endpoint's answer. */
static void preview_replay(struct http_request *request, const struct store_replayed *replayed)
{
    (void)replayed;
    http_problem(request, 422, "This Idempotency-Key was used with another request.");
}

const struct batched_ops shopbook_preview_batched = {preview_compute, preview_reply, preview_replay};
