#include "replyd/objects_db.h"

#include <string.h>

/* SQL is read as SQL. */
/* clang-format off */

/* Every write asks first whether the shop sends such objects in at all, or has put views over tables of its own in
 * place of ours (sql/README.md): what was written then would never be read. */
#define MAY(view) "WITH may AS (SELECT replyd_data.is_own('" view "') AS own),"
#define MAY_ALWAYS "WITH may AS (SELECT true AS own),"

#define WHERE_ONE(key) " WHERE shop_id = $1::int8 AND " key " = $2::text"
#define WHERE_PARCEL " WHERE shop_id = $1::int8 AND order_number = $2::text AND tracking_number = $3::text"

/* Older news are dropped where the row is, so that two writers can't pass each other between a look and a write.
 * Columns: own, parent exists, created (null: nothing written), body, revision. */
#define UPSERT(may, table, keys, source, parent)                                                             \
    may " written AS ("                                                                                      \
    " INSERT INTO replyd_data." table " AS t (shop_id, " keys ", body) " source                              \
    " ON CONFLICT (shop_id, " keys ") DO UPDATE"                                                             \
    " SET body = excluded.body, revision = excluded.revision, changed_at = now()"                            \
    " WHERE NOT coalesce(excluded.updated_at < t.updated_at, false)"                                         \
    " RETURNING xmax = 0 AS created, body::text AS body, revision)"                                          \
    " SELECT may.own, " parent ", w.created, w.body, w.revision FROM may LEFT JOIN written AS w ON true"
#define GET(table, where) "SELECT body::text, revision FROM replyd_data." table where
#define LOCK(may, table, where)                                                                              \
    may " found AS (SELECT body::text AS body FROM replyd_data." table where " FOR UPDATE)"                  \
    " SELECT may.own, f.body FROM may LEFT JOIN found AS f ON true"
#define DELETE(may, table, where)                                                                            \
    may " gone AS (DELETE FROM replyd_data." table where " AND (SELECT own FROM may) RETURNING 1)"           \
    " SELECT may.own, EXISTS (SELECT FROM gone) FROM may"

#define ONE_KEY(word, table, key, may)                                                                       \
    {                                                                                                        \
        [OBJECTS_PUT] = {word "_put", UPSERT(may, table, key, "SELECT $1::int8, $2::text, $3::jsonb"         \
                                             " FROM may WHERE may.own", "true"), 3},                         \
        [OBJECTS_GET] = {word "_get", GET(table, WHERE_ONE(key)), 2},                                        \
        [OBJECTS_LOCK] = {word "_lock", LOCK(may, table, WHERE_ONE(key)), 2},                                \
        [OBJECTS_DELETE] = {word "_delete", DELETE(may, table, WHERE_ONE(key)), 2},                          \
    }

#define MAY_SHIPMENTS MAY("shipments")
#define MAY_EVENTS MAY("shipment_events")

static const char shipment_put[] =
    UPSERT(MAY_SHIPMENTS, "shipments", "order_number, tracking_number",
           "SELECT $1::int8, o.number, $3::text, $4::jsonb FROM may, replyd_data.orders AS o"
           " WHERE may.own AND o.shop_id = $1::int8 AND o.number = $2::text FOR KEY SHARE OF o",
           "EXISTS (SELECT FROM replyd_data.orders AS o WHERE o.shop_id = $1::int8 AND o.number = $2::text)");

/* A number may stand under several orders that were packed together. The parcel is held, or two who send the
 * same events in another order would wait for each other; its order too, as everywhere before its parcels, for
 * those who delete it. Columns: own, parcel exists, how many were new. */
static const char event_put[] =
    MAY_EVENTS " parcels AS ("
    " SELECT s.order_number, s.tracking_number FROM may, replyd_data.shipments AS s JOIN replyd_data.orders AS o"
    " ON o.shop_id = s.shop_id AND o.number = s.order_number"
    " WHERE may.own AND s.shop_id = $1::int8 AND ($2::text IS NULL OR s.order_number = $2::text)"
    " AND s.tracking_number = $3::text ORDER BY s.order_number FOR KEY SHARE OF o FOR NO KEY UPDATE OF s),"
    " written AS ("
    " INSERT INTO replyd_data.events (shop_id, order_number, tracking_number, body)"
    " SELECT $1::int8, p.order_number, p.tracking_number, e.body::jsonb"
    " FROM parcels AS p CROSS JOIN unnest($4::text[]) AS e(body)"
    " ON CONFLICT DO NOTHING RETURNING at, digest)"
    " SELECT may.own, EXISTS (SELECT FROM parcels), (SELECT count(DISTINCT (at, digest)) FROM written) FROM may";

static const char event_get[] =
    "SELECT EXISTS (SELECT FROM replyd_data.shipments" WHERE_PARCEL "), e.body::text, e.at, e.digest"
    " FROM (SELECT) AS one LEFT JOIN ("
    " SELECT body, at, digest FROM replyd_data.events" WHERE_PARCEL
    " AND ($5::timestamptz IS NULL OR (at, digest) < ($5::timestamptz, $6::uuid))"
    " ORDER BY at DESC, digest DESC LIMIT $4::int8) AS e ON true"
    " ORDER BY e.at DESC, e.digest DESC";

static const char event_delete[] =
    MAY_EVENTS " gone AS (DELETE FROM replyd_data.events" WHERE_PARCEL " AND (SELECT own FROM may))"
    " SELECT may.own, EXISTS (SELECT FROM replyd_data.shipments" WHERE_PARCEL ") FROM may";

const struct statement objects_statements[OBJECT_KINDS][OBJECTS_VERBS] =
    {
        [OBJECT_PRODUCT] = ONE_KEY("product", "products", "sku", MAY("products")),
        [OBJECT_ORDER] = ONE_KEY("order", "orders", "number", MAY("orders")),
        [OBJECT_SHIPMENT] =
            {
                [OBJECTS_PUT] = {"shipment_put", shipment_put, 4},
                [OBJECTS_GET] = {"shipment_get", GET("shipments", WHERE_PARCEL), 3},
                [OBJECTS_LOCK] = {"shipment_lock", LOCK(MAY_SHIPMENTS, "shipments", WHERE_PARCEL), 3},
                [OBJECTS_DELETE] = {"shipment_delete", DELETE(MAY_SHIPMENTS, "shipments", WHERE_PARCEL), 3},
            },
        [OBJECT_EVENT] =
            {
                [OBJECTS_PUT] = {"event_put", event_put, 4},
                [OBJECTS_GET] = {"event_get", event_get, 6},
                [OBJECTS_DELETE] = {"event_delete", event_delete, 3},
            },
        [OBJECT_SHIPPING_METHOD] = ONE_KEY("shipping_method", "shipping_methods", "code", MAY_ALWAYS),
        [OBJECT_HOLIDAY] = ONE_KEY("holiday", "holidays", "code", MAY_ALWAYS),
        [OBJECT_PROMOTION] = ONE_KEY("promotion", "promotions", "code", MAY_ALWAYS),
        [OBJECT_CUSTOMS_RULE] = ONE_KEY("customs_rule", "customs_rules", "country", MAY_ALWAYS),
};

/* clang-format on */

static void keys_params(enum object_kind kind, int64_t shop_id, const char *const keys[],
                        struct params *params)
{
    params_reset(params);
    params_int8(params, shop_id);
    for (int i = 0; i < objects_info[kind].key_count; i++)
        params_text(params, keys[i]);
}

void objects_params(enum object_kind kind, int64_t shop_id, const char *const keys[], const char *body,
                    struct params *params)
{
    keys_params(kind, shop_id, keys, params);
    if (body)
        params_jsonb(params, body, strlen(body));
}

void objects_events_params(int64_t shop_id, const char *const keys[], const char *const *bodies, size_t count,
                           struct params *params)
{
    keys_params(OBJECT_EVENT, shop_id, keys, params);
    params_array_begin(params, PG_TEXT);
    for (size_t i = 0; i < count; i++)
        params_item_text(params, bodies[i]);
    params_array_end(params);
}

void objects_events_get_params(int64_t shop_id, const char *const keys[], int limit, moment_t before_at,
                               const unsigned char *before_id, struct params *params)
{
    keys_params(OBJECT_EVENT, shop_id, keys, params);
    params_int8(params, limit);
    params_moment(params, before_at);
    if (before_id)
        params_uuid(params, before_id);
    else
        params_null(params);
}

/* own, parent, created, body, revision */
static void decode_put(const PGresult *result, struct objects_outcome *outcome)
{
    if (!row_bool(result, 0, 1, false)) {
        outcome->status = 404;
        return;
    }
    outcome->ignored = row_null(result, 0, 2);
    outcome->status = row_bool(result, 0, 2, false) ? 201 : 200;
    outcome->body = row_text(result, 0, 3);
    outcome->revision = row_int8(result, 0, 4, 0);
}

void objects_decode(enum object_kind kind, enum objects_verb verb, const PGresult *result,
                    struct objects_outcome *ret_outcome)
{
    *ret_outcome = (struct objects_outcome){.status = 404};
    if (verb == OBJECTS_GET) {
        if (PQntuples(result) == 0)
            return;
        ret_outcome->status = 200;
        ret_outcome->body = row_text(result, 0, 0);
        ret_outcome->revision = row_int8(result, 0, 1, 0);
    } else if (!row_bool(result, 0, 0, false)) {
        ret_outcome->status = 409;
    } else if (verb == OBJECTS_LOCK) {
        ret_outcome->body = row_text(result, 0, 1);
        ret_outcome->status = ret_outcome->body ? 200 : 404;
    } else if (verb == OBJECTS_DELETE) {
        ret_outcome->status = row_bool(result, 0, 1, false) ? 204 : 404;
    } else if (kind == OBJECT_EVENT) {
        ret_outcome->stored = row_int8(result, 0, 2, 0);
        if (row_bool(result, 0, 1, false))
            ret_outcome->status = ret_outcome->stored > 0 ? 201 : 200;
    } else {
        decode_put(result, ret_outcome);
    }
}

const char *objects_detail(enum object_kind kind, int status, const char *const keys[], struct arena *arena)
{
    if (status == 409)
        return arena_printf(
            arena, "This shop's objects of kind \"%s\" are read from its own tables: change them there.",
            object_words[kind]);
    if (kind == OBJECT_EVENT && !keys[0])
        return arena_printf(arena, "There is no parcel %s.", keys[1]);
    if (kind == OBJECT_EVENT)
        return arena_printf(arena, "There is no parcel %s of an order %s.", keys[1], keys[0]);
    return arena_printf(arena, "There is no order %s.", keys[0]);
}
