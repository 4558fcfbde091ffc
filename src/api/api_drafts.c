/* POST /v1/drafts/check. */
#include "replyd/api.h"
#include "replyd/guard.h"
#include "replyd/job.h"
#include "replyd/json.h"
#include "replyd/store.h"
#include "replyd/suggest.h"
#include "replyd/worker.h"

#include <string.h>

struct draft_check {
    int platform;
    const char *text, *suggestion_id;
    unsigned char id[16];
};

static const struct field check_fields[] = {
    {"platform", .type = FIELD_WORD, .words = words_platform,
     .offset = offsetof(struct draft_check, platform)},
    {"text", .type = FIELD_PROSE, .required = true, .max = 20000,
     .offset = offsetof(struct draft_check, text)},
    {"suggestion_id", .type = FIELD_TEXT, .offset = offsetof(struct draft_check, suggestion_id)},
    {NULL},
};

static void reply_with(struct http_request *request, const struct guard_warnings *warnings)
{
    struct buf *out = &request->reply;
    json_object_begin(out);
    json_key(out, "warnings");
    json_array_begin(out);
    for (int i = 0; i < warnings->count; i++)
        answer_warning_write(out, warnings->list[i].rule, warnings->list[i].excerpt,
                             warnings->list[i].detail);
    json_array_end(out);
    json_object_end(out);
    http_reply(request, 200);
}

/* Its facts as they were stored; those of an older program that has other facts count for nothing. */
static void read_facts(const json_t *json, struct facts *facts)
{
    char error[200];
    if (json && facts_read(facts, json, error) != 0)
        facts_init(facts, facts->arena);
}

/* By the rules of the day on which the draft would be sent: today. `stored` NULL: without a suggestion. */
static void check(struct http_request *request, const struct draft_check *asked, const struct stored *stored)
{
    const struct playbook *playbook = request->worker->playbook;
    struct guard_warnings *warnings = arena_zalloc(&request->arena, sizeof *warnings);
    struct facts *facts = arena_alloc(&request->arena, sizeof *facts);
    json_t *record = stored ? json_loads(stored->facts, 0, NULL) : NULL;
    json_t *answer = stored ? json_loads(stored->answer, 0, NULL) : NULL;
    const char *language = json_string_value(json_object_get(json_object_get(answer, "draft"), "language"));
    int platform = asked->platform;
    warnings->arena = &request->arena;
    facts_init(facts, &request->arena);
    read_facts(record, facts);
    facts_set_number(facts, FACT_TODAY, moment_day(moment_now()));
    if (platform < 0)
        platform = guard_platform_of(facts);
    if (stored)
        guard_mail(playbook, platform, stored->issue, facts, warnings);
    guard_text(playbook, platform, stored ? stored->issue : NULL, language, facts, NULL, asked->text,
               warnings);
    if (stored)
        guard_edited(playbook, request->worker->scratch, answer, record, moment_day(stored->as_of),
                     asked->text, warnings);
    reply_with(request, warnings);
    json_decref(record);
    json_decref(answer);
}

static void check_start(struct http_request *request)
{
    const struct draft_check *asked = request->job_data;
    store_get_params(request->shop_id, asked->id, job_params(request));
    job_send(request, &store_get, 0);
}

static void check_result(struct http_request *request, int tag, const PGresult *result)
{
    struct stored stored;
    (void)tag;
    if (store_get_decode(result, &stored) != 0)
        http_problem(request, 404, NULL);
    else
        check(request, request->job_data, &stored);
}

void api_draft_check(struct http_request *request)
{
    static const struct job_ops ops = {.start = check_start, .result = check_result};
    json_t *body = http_body_json(request);
    if (!body)
        return;
    struct faults faults;
    faults_init(&faults, &request->arena);
    struct draft_check *asked = arena_zalloc(&request->arena, sizeof *asked);
    asked->platform = -1;
    fields_read(check_fields, body, "", asked, &faults);
    if (faults.count == 0 && asked->platform < 0 && !asked->suggestion_id)
        faults_add(&faults, "/platform", "must be given where there is no suggestion_id");
    json_decref(body);
    if (faults.count > 0)
        http_problem_faults(request, &faults);
    else if (asked->suggestion_id && id_parse(asked->suggestion_id, asked->id) != 0)
        http_problem(request, 404, NULL);
    else if (asked->suggestion_id)
        job_queue(request, &ops, asked);
    else
        check(request, asked, NULL);
}
