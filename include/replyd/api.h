/* api.h - the handlers that the route table (src/api/routes.c) names; one endpoint or family of them = one api_*.c. */
#ifndef REPLYD_API_H
#define REPLYD_API_H

#include "replyd/http.h"

/* api_suggestions.c */
void api_suggestion_post(struct http_request *request);
void api_suggestion_get(struct http_request *request);
void api_suggestion_list(struct http_request *request);
void api_suggestion_feedback(struct http_request *request);
extern const struct statement suggestion_list_statement, feedback_statement;

/* What batch.c asks of a suggestion: the pure steps on what was read; the answer as made, or as stored before. */
void suggestion_compute(struct http_request *request);
void suggestion_reply_made(struct http_request *request, int status);
void suggestion_reply_stored(struct http_request *request, const struct store_replayed *replayed);

/* api_system.c */
void api_healthz(struct http_request *request);
void api_readyz(struct http_request *request);
void api_metrics(struct http_request *request);
void api_openapi_yaml(struct http_request *request);
void api_openapi_json(struct http_request *request);
void api_issues(struct http_request *request);
void api_intents(struct http_request *request);
extern const struct playbook_file openapi_embedded[];

/* api_objects.c; the route's arg is the enum object_kind */
void api_object_put(struct http_request *request);
void api_object_get(struct http_request *request);
void api_object_patch(struct http_request *request);
void api_object_delete(struct http_request *request);

/* api_events.c */
void api_event_post(struct http_request *request);
void api_event_post_by_parcel(struct http_request *request);
void api_event_list(struct http_request *request);

/* api_ingest.c */
void api_ingest(struct http_request *request);

/* api_policy.c */
void api_policy_get(struct http_request *request);
void api_policy_put(struct http_request *request);
extern const struct statement policy_put_statement;

#endif
