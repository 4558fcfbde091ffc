/* api.h - the handlers that the route table (src/api/routes.c) names; one endpoint or family of them = one
 * api_*.c. */
#ifndef REPLYD_API_H
#define REPLYD_API_H

#include "replyd/http.h"

/* api_suggestions.c */
void api_suggestion_post(struct http_request *request);
void api_suggestion_get(struct http_request *request);
void api_suggestion_list(struct http_request *request);
void api_suggestion_feedback(struct http_request *request);
extern const struct statement suggestion_list_statement, feedback_statement;
extern const char *const suggestion_list_arguments[];
extern const struct batched_ops suggestion_batched;
/* Reads and understands what is asked; a body that does not fit is answered. */
void suggestion_accept(struct http_request *request, const json_t *body);

/* api_batch.c */
void api_suggestion_batch(struct http_request *request);
void api_suggestion_batch_part(struct http_request *request);

/* api_buyers.c */
void api_buyer_erase(struct http_request *request);
void api_draft_check(struct http_request *request);
extern const struct statement buyer_erase_statement;

/* api_followups.c */
void api_followups(struct http_request *request);
extern const struct statement followup_orders_statement, followup_customers_statement,
    followup_written_statement;
extern const char *const followup_arguments[];

/* api_stats.c */
void api_stats(struct http_request *request);
extern const struct statement stats_statement;
extern const char *const stats_arguments[];

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
extern const char *const event_list_arguments[];

/* api_ingest.c */
void api_ingest(struct http_request *request);

/* api_policy.c */
void api_policy_get(struct http_request *request);
void api_policy_put(struct http_request *request);
extern const struct statement policy_put_statement;

/* api_shopbook.c; the route's arg is the kind */
enum shopbook_words { SHOPBOOK_DRAFT, SHOPBOOK_RULE };
void api_shopbook_put(struct http_request *request);
void api_shopbook_get(struct http_request *request);
void api_shopbook_delete(struct http_request *request);
void api_shopbook_preview(struct http_request *request);
extern const struct batched_ops shopbook_preview_batched;
extern const struct statement template_put_statement, template_get_statement, template_delete_statement;
extern const struct statement rule_put_statement, rule_get_statement, rule_delete_statement;

#endif
