/* Every route of the service, and every statement that their jobs use. */
#include "replyd/api.h"
#include "replyd/job.h"
#include "replyd/objects_db.h"
#include "replyd/router.h"
#include "replyd/store.h"

#define BODY_MAX ((size_t)1024 * 1024)
#define BATCH_BODY_MAX ((size_t)8 * 1024 * 1024)
#define INGEST_MAX ((size_t)8 * 1024 * 1024)

/* A table is read by its columns. */
/* clang-format off */

/* The four of a kind of object. */
#define OBJECT(at, kind)                                                                        \
    {"PUT", at, SCOPE_INGEST_BIT, BODY_MAX, .handle = api_object_put, .arg = kind},             \
    {"GET", at, SCOPE_INGEST_BIT, 0, .handle = api_object_get, .arg = kind},                    \
    {"PATCH", at, SCOPE_INGEST_BIT, BODY_MAX, .handle = api_object_patch, .arg = kind},         \
    {"DELETE", at, SCOPE_INGEST_BIT, 0, .handle = api_object_delete, .arg = kind}

/* The three of a shop's own words. */
#define WORDS(at, kind)                                                                         \
    {"PUT", at, SCOPE_ADMIN_BIT, BODY_MAX, .handle = api_shopbook_put, .arg = kind},            \
    {"GET", at, SCOPE_ADMIN_BIT, 0, .handle = api_shopbook_get, .arg = kind},                   \
    {"DELETE", at, SCOPE_ADMIN_BIT, 0, .handle = api_shopbook_delete, .arg = kind}

#define EVENTS "/v1/orders/{number}/shipments/{tracking_number}/events"

const struct route routes[] = {
    /* suggestions */
    {"POST", "/v1/suggestions", SCOPE_SUGGEST_BIT, BODY_MAX, .handle = api_suggestion_post, .batched = &suggestion_batched},
    {"GET", "/v1/suggestions", SCOPE_SUGGEST_BIT, 0, .handle = api_suggestion_list,
     .query = suggestion_list_arguments},
    {"POST", "/v1/suggestions/batch", SCOPE_SUGGEST_BIT, BATCH_BODY_MAX, .handle = api_suggestion_batch,
     .part_done = api_suggestion_batch_part},
    {"GET", "/v1/suggestions/{id}", SCOPE_SUGGEST_BIT, 0, .handle = api_suggestion_get},
    {"POST", "/v1/suggestions/{id}/feedback", SCOPE_SUGGEST_BIT, BODY_MAX, .handle = api_suggestion_feedback,
     .idempotent = true},
    {"GET", "/v1/followups", SCOPE_SUGGEST_BIT, 0, .handle = api_followups, .query = followup_arguments},
    {"POST", "/v1/drafts/check", SCOPE_SUGGEST_BIT, BODY_MAX, .handle = api_draft_check},
    {"POST", "/v1/buyers/erase", SCOPE_SUGGEST_BIT, BODY_MAX, .handle = api_buyer_erase, .idempotent = true},

    /* orders and logistics in */
    OBJECT("/v1/products/{sku}", OBJECT_PRODUCT),
    OBJECT("/v1/orders/{number}", OBJECT_ORDER),
    OBJECT("/v1/orders/{number}/shipments/{tracking_number}", OBJECT_SHIPMENT),
    {"POST", EVENTS, SCOPE_INGEST_BIT, BODY_MAX, .handle = api_event_post, .idempotent = true},
    {"GET", EVENTS, SCOPE_INGEST_BIT, 0, .handle = api_event_list, .query = event_list_arguments},
    {"DELETE", EVENTS, SCOPE_INGEST_BIT, 0, .handle = api_object_delete, .arg = OBJECT_EVENT},
    {"POST", "/v1/shipments/{tracking_number}/events", SCOPE_INGEST_BIT, BODY_MAX,
     .handle = api_event_post_by_parcel, .idempotent = true},
    OBJECT("/v1/shipping-methods/{code}", OBJECT_SHIPPING_METHOD),
    OBJECT("/v1/holidays/{code}", OBJECT_HOLIDAY),
    OBJECT("/v1/promotions/{code}", OBJECT_PROMOTION),
    OBJECT("/v1/customs-rules/{country}", OBJECT_CUSTOMS_RULE),
    {"POST", "/v1/ingest", SCOPE_INGEST_BIT, INGEST_MAX, .handle = api_ingest, .idempotent = true},

    /* shop */
    {"GET", "/v1/policy", SCOPE_ADMIN_BIT, 0, .handle = api_policy_get},
    {"PUT", "/v1/policy", SCOPE_ADMIN_BIT, BODY_MAX, .handle = api_policy_put},
    {"GET", "/v1/stats", SCOPE_SUGGEST_BIT, 0, .handle = api_stats, .query = stats_arguments},
    WORDS("/v1/templates/{issue}/{language}", SHOPBOOK_DRAFT),
    {"POST", "/v1/templates/preview", SCOPE_ADMIN_BIT, BODY_MAX, .handle = api_shopbook_preview,
     .batched = &shopbook_preview_batched},
    WORDS("/v1/rules/{issue}", SHOPBOOK_RULE),
    {"GET", "/v1/issues", SCOPE_SUGGEST_BIT, 0, .handle = api_issues},
    {"GET", "/v1/intents", SCOPE_SUGGEST_BIT, 0, .handle = api_intents},

    /* the service itself */
    {"GET", "/healthz", SCOPE_NONE, 0, .handle = api_healthz},
    {"GET", "/readyz", SCOPE_NONE, 0, .handle = api_readyz},
    {"GET", "/metrics", SCOPE_NONE, 0, .handle = api_metrics},
    {"GET", "/openapi.yaml", SCOPE_NONE, 0, .handle = api_openapi_yaml},
    {"GET", "/openapi.json", SCOPE_NONE, 0, .handle = api_openapi_json},
    {NULL},
};

#define OBJECT_STATEMENTS(kind)                                                                 \
    &objects_statements[kind][OBJECTS_PUT], &objects_statements[kind][OBJECTS_GET],             \
    &objects_statements[kind][OBJECTS_LOCK], &objects_statements[kind][OBJECTS_DELETE]

const struct statement *const job_statements[] = {
    &job_rollback,
    &store_replay,
    &store_claim,
    &store_get,
    &cases_statements[CASES_ORDERS],
    &cases_statements[CASES_ITEMS],
    &cases_statements[CASES_SHIPMENTS],
    &cases_statements[CASES_EVENTS],
    &cases_statements[CASES_CUSTOMER],
    &followup_orders_statement,
    &followup_customers_statement,
    &followup_written_statement,
    &suggestion_list_statement,
    &feedback_statement,
    &buyer_erase_statement,
    &stats_statement,
    OBJECT_STATEMENTS(OBJECT_PRODUCT),
    OBJECT_STATEMENTS(OBJECT_ORDER),
    OBJECT_STATEMENTS(OBJECT_SHIPMENT),
    &objects_statements[OBJECT_EVENT][OBJECTS_PUT],
    &objects_statements[OBJECT_EVENT][OBJECTS_GET],
    &objects_statements[OBJECT_EVENT][OBJECTS_DELETE],
    OBJECT_STATEMENTS(OBJECT_SHIPPING_METHOD),
    OBJECT_STATEMENTS(OBJECT_HOLIDAY),
    OBJECT_STATEMENTS(OBJECT_PROMOTION),
    OBJECT_STATEMENTS(OBJECT_CUSTOMS_RULE),
    &policy_put_statement,
    &template_put_statement,
    &template_get_statement,
    &template_delete_statement,
    &rule_put_statement,
    &rule_get_statement,
    &rule_delete_statement,
    NULL,
};
