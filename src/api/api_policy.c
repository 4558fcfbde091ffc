/* GET and PUT /v1/policy. */
#include "replyd/api.h"
#include "replyd/job.h"
#include "replyd/objects.h"

#include <string.h>

void api_policy_get(struct http_request *request)
{
    const struct shop *shop = request->shop;
    policy_write(&shop->policy, &request->reply);
    http_reply_etag(request, arena_printf(&request->arena, "\"%lld\"", (long long)shop->policy_version));
}

/* Fields left out keep their value, null gives one its default again; triggers move the versions. */
const struct statement policy_put_statement = {
    "policy_put",
    "INSERT INTO replyd_data.policies AS p (shop_id, body) VALUES ($1::int8, jsonb_strip_nulls($2::jsonb))"
    " ON CONFLICT (shop_id) DO UPDATE SET body = jsonb_strip_nulls(p.body || $2::jsonb), changed_at = now()"
    " RETURNING body::text",
    2};

static void put_start(struct http_request *request)
{
    const char *body = request->job_data;
    struct params *params = job_params(request);
    params_int8(params, request->shop_id);
    params_jsonb(params, body, strlen(body));
    job_send(request, &policy_put_statement, 0);
}

/* Answers with the whole policy as it is now. */
static void put_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    struct policy policy;
    struct faults faults;
    faults_init(&faults, &request->arena);
    policy_defaults(&policy);
    json_t *stored = json_loads(row_text(result, 0, 0), 0, NULL);
    policy_read(stored, &policy, &faults);
    policy_write(&policy, &request->reply);
    json_decref(stored);
    http_reply(request, 200);
}

void api_policy_put(struct http_request *request)
{
    static const struct job_ops ops = {.start = put_start, .result = put_result};
    json_t *body = http_body_json(request);
    if (!body)
        return;
    struct policy policy;
    struct faults faults;
    faults_init(&faults, &request->arena);
    policy_defaults(&policy);
    policy_read(body, &policy, &faults);
    const char *text = faults.count == 0 ? object_text(body, &request->arena) : NULL;
    json_decref(body);
    if (text)
        job_queue(request, &ops, (void *)(uintptr_t)text);
    else
        http_problem_faults(request, &faults);
}
