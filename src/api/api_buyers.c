/* POST /v1/buyers/erase. */
#include "replyd/api.h"
#include "replyd/job.h"

#include <string.h>

/* A buyer is known by his address or id: what he was named by, or what his orders say of him. Whoever asked
 * about his orders without naming a buyer was told of them, so that goes too, and so does the rest of such
 * conversations; a stranger's question that only named his order number stays the stranger's.
 * Feedback goes with its suggestion. */
const struct statement buyer_erase_statement = {
    "buyer_erase",
    "WITH orders AS MATERIALIZED ("
    " SELECT o.number, lower(o.customer_email) AS email, o.customer_id AS id FROM replyd.orders o"
    "  WHERE o.shop_id = $1 AND (lower(o.customer_email) = lower($2) OR o.customer_id = $3)"
    "), people AS MATERIALIZED ("
    " SELECT lower($2::text) AS email, $3::text AS id UNION SELECT email, id FROM orders"
    "), own AS MATERIALIZED ("
    " SELECT s.id, s.conversation_id FROM people p, replyd_data.suggestions s"
    "  WHERE s.shop_id = $1 AND s.buyer_email = p.email"
    " UNION SELECT s.id, s.conversation_id FROM people p, replyd_data.suggestions s"
    "  WHERE s.shop_id = $1 AND s.buyer_id = p.id"
    " UNION SELECT s.id, s.conversation_id FROM orders o, replyd_data.suggestions s"
    "  WHERE s.shop_id = $1 AND s.order_number = o.number AND s.buyer_email IS NULL AND s.buyer_id IS NULL"
    "), told AS MATERIALIZED ("
    " SELECT id FROM own"
    " UNION SELECT s.id FROM own JOIN replyd_data.suggestions s ON s.conversation_id = own.conversation_id"
    "  WHERE s.shop_id = $1 AND s.buyer_email IS NULL AND s.buyer_id IS NULL"
    ")"
    " DELETE FROM replyd_data.suggestions s USING told WHERE s.shop_id = $1 AND s.id = told.id",
    3};

struct erasure {
    const char *email, *id;
};

static const struct field erase_fields[] = {
    {"email", .type = FIELD_EMAIL, .offset = offsetof(struct erasure, email)},
    {"id", .type = FIELD_CODE, .offset = offsetof(struct erasure, id)},
    {NULL},
};

static void erase_start(struct http_request *request)
{
    const struct erasure *erasure = request->job_data;
    struct params *params = job_params(request);
    params_int8(params, request->shop_id);
    params_text(params, erasure->email);
    params_text(params, erasure->id);
    job_send(request, &buyer_erase_statement, 0);
}

static void erase_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    (void)result;
    http_reply(request, 204);
}

void api_buyer_erase(struct http_request *request)
{
    static const struct job_ops ops = {.start = erase_start, .result = erase_result};
    json_t *body = http_body_json(request);
    if (!body)
        return;
    struct faults faults;
    faults_init(&faults, &request->arena);
    struct erasure *erasure = arena_zalloc(&request->arena, sizeof *erasure);
    fields_read(erase_fields, body, "", erasure, &faults);
    if (faults.count == 0 && !erasure->email == !erasure->id)
        faults_add(&faults, "", "name the buyer by \"email\" or by \"id\", one of the two");
    json_decref(body);
    if (faults.count > 0)
        http_problem_faults(request, &faults);
    else
        job_queue(request, &ops, erasure);
}
