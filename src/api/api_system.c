/* What runs without a key: liveness, readiness, metrics, the API's own description. */
#include "replyd/api.h"
#include "replyd/json.h"
#include "replyd/worker.h"

#include <string.h>

void api_healthz(struct http_request *request)
{
    buf_adds(&request->reply, "{\"status\":\"ok\"}");
    http_reply(request, 200);
}

/* Ready when every worker is: the next connection may go to any of them. */
void api_readyz(struct http_request *request)
{
    const struct worker *worker = request->worker;
    uint64_t connections = 3 * (uint64_t)worker->config->workers;
    if (worker->stop_by != MOMENT_NONE || metrics_database_up() < connections) {
        http_problem(request, 503,
                     worker->stop_by != MOMENT_NONE ? "The service is stopping."
                                                    : "The database is away, or its schema is another.");
        return;
    }
    buf_addf(&request->reply, "{\"status\":\"ready\",\"schema\":%d}", db_schema(worker->reader));
    http_reply(request, 200);
}

void api_metrics(struct http_request *request)
{
    metrics_write(&request->reply);
    request->content_type = "text/plain; version=0.0.4; charset=utf-8";
    http_reply(request, 200);
}

/* The embedded files openapi/openapi.yaml and .json (tools/embed.py). */
static void embedded_reply(struct http_request *request, const char *path, const char *type)
{
    for (const struct playbook_file *file = openapi_embedded; file->path; file++) {
        if (strcmp(file->path, path) == 0) {
            buf_add(&request->reply, file->data, file->len);
            request->content_type = type;
            http_reply_etag(request, "\"" REPLYD_VERSION "\"");
            return;
        }
    }
    http_problem(request, 404, NULL);
}

void api_openapi_yaml(struct http_request *request)
{
    embedded_reply(request, "openapi.yaml", "application/yaml");
}

void api_openapi_json(struct http_request *request)
{
    embedded_reply(request, "openapi.json", "application/json");
}

/* --- what the playbook knows --- */

void api_issues(struct http_request *request)
{
    const struct playbook *playbook = request->shop->playbook;
    struct buf *out = &request->reply;
    json_object_begin(out);
    json_key(out, "data");
    json_array_begin(out);
    for (int i = 0; i < playbook->issue_count; i++) {
        const struct issue_rule *issue = &playbook->issues[i];
        json_object_begin(out);
        json_kstring(out, "code", issue->code);
        json_kstring(out, "row", issue->row);
        json_kstring(out, "stage", words_stage[issue->stage]);
        json_kstring(out, "responsible_party", words_party[issue->party]);
        json_object_end(out);
    }
    json_array_end(out);
    json_knull(out, "next_cursor");
    json_object_end(out);
    http_reply_etag(request, arena_printf(&request->arena, "\"%s\"", playbook->version));
}

void api_intents(struct http_request *request)
{
    struct buf *out = &request->reply;
    json_object_begin(out);
    json_key(out, "data");
    json_array_begin(out);
    for (int i = 0; i < INTENT_COUNT; i++) {
        json_object_begin(out);
        json_kstring(out, "code", words_intent[i]);
        json_object_end(out);
    }
    json_array_end(out);
    json_knull(out, "next_cursor");
    json_object_end(out);
    http_reply_etag(request, arena_printf(&request->arena, "\"%s\"", understand_version()));
}
