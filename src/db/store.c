#include "replyd/store.h"

#include <string.h>

/* Keys are taken in the order of their index: two batches that want the same ones wait for each other in one
 * direction only. An older row than 24 hours is taken over; of a key that stands twice in a batch the first
 * wins. */
const struct statement store_insert = {
    "store_insert",
    "WITH sent AS MATERIALIZED ("
    " SELECT * FROM unnest($1::int8[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], "
    "$6::text[],"
    "  $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], "
    "$15::text[],"
    "  $16::text[], $17::text[], $18::int8[], $19::json[], $20::json[], $21::json[], $22::text[], "
    "$23::bytea[],"
    "  $24::text[], $25::bool[], $26::timestamptz[])"
    " WITH ORDINALITY AS sent(shop_id, id, created_at, as_of, received_at, conversation_id, message_id, "
    "order_number,"
    "  buyer_email, buyer_id, trigger, intent, issue, stage, priority, responsible_party, language, "
    "rows_hash,"
    "  request, facts, answer, key, request_hash, offered, promised_refund, follow_up_at, position)"
    "), won AS ("
    " INSERT INTO replyd_data.idempotency AS i (shop_id, key, request_hash, suggestion_id, created_at)"
    " SELECT DISTINCT ON (shop_id, key) shop_id, key, request_hash, id, now() FROM sent WHERE key IS NOT NULL"
    " ORDER BY shop_id, key, position"
    " ON CONFLICT (shop_id, key) DO UPDATE SET request_hash = excluded.request_hash,"
    "  suggestion_id = excluded.suggestion_id, status = NULL, body = NULL, created_at = excluded.created_at"
    "  WHERE i.created_at <= now() - interval '24 hours'"
    " RETURNING i.shop_id, i.suggestion_id"
    "), stored AS ("
    " INSERT INTO replyd_data.suggestions (shop_id, id, created_at, as_of, received_at, conversation_id, "
    "message_id,"
    "  order_number, buyer_email, buyer_id, trigger, intent, issue, stage, priority, responsible_party, "
    "language,"
    "  rows_hash, offered, promised_refund, follow_up_at, request, facts, answer)"
    " SELECT shop_id, id, created_at, as_of, coalesce(received_at, as_of), conversation_id, message_id, "
    "order_number,"
    "  lower(buyer_email), buyer_id, trigger, intent, issue, stage, priority, responsible_party, language,"
    "  rows_hash, string_to_array(offered, ','), promised_refund, follow_up_at, request, facts, answer FROM "
    "sent"
    " WHERE key IS NULL OR (shop_id, id) IN (SELECT shop_id, suggestion_id FROM won) ORDER BY shop_id, id"
    " ON CONFLICT DO NOTHING)"
    " SELECT position FROM sent WHERE key IS NOT NULL AND (shop_id, id) IN (SELECT shop_id, suggestion_id "
    "FROM won)",
    26};

/* The statement's parameters in their order: arrays of one member of all rows. */
enum member_type {
    MEMBER_INT8,
    MEMBER_UUID,
    MEMBER_TIME,
    MEMBER_TEXT,
    MEMBER_JSON,
    MEMBER_HASH,
    MEMBER_FLAG
};
static const struct {
    enum member_type type;
    size_t offset;
} members[] = {
    {MEMBER_INT8, offsetof(struct store_row, shop_id)},
    {MEMBER_UUID, offsetof(struct store_row, id)},
    {MEMBER_TIME, offsetof(struct store_row, created_at)},
    {MEMBER_TIME, offsetof(struct store_row, as_of)},
    {MEMBER_TIME, offsetof(struct store_row, received_at)},
    {MEMBER_TEXT, offsetof(struct store_row, conversation_id)},
    {MEMBER_TEXT, offsetof(struct store_row, message_id)},
    {MEMBER_TEXT, offsetof(struct store_row, order_number)},
    {MEMBER_TEXT, offsetof(struct store_row, buyer_email)},
    {MEMBER_TEXT, offsetof(struct store_row, buyer_id)},
    {MEMBER_TEXT, offsetof(struct store_row, trigger)},
    {MEMBER_TEXT, offsetof(struct store_row, intent)},
    {MEMBER_TEXT, offsetof(struct store_row, issue)},
    {MEMBER_TEXT, offsetof(struct store_row, stage)},
    {MEMBER_TEXT, offsetof(struct store_row, priority)},
    {MEMBER_TEXT, offsetof(struct store_row, responsible_party)},
    {MEMBER_TEXT, offsetof(struct store_row, language)},
    {MEMBER_INT8, offsetof(struct store_row, rows_hash)},
    {MEMBER_JSON, offsetof(struct store_row, request)},
    {MEMBER_JSON, offsetof(struct store_row, facts)},
    {MEMBER_JSON, offsetof(struct store_row, answer)},
    {MEMBER_TEXT, offsetof(struct store_row, idempotency_key)},
    {MEMBER_HASH, offsetof(struct store_row, request_hash)},
    {MEMBER_TEXT, offsetof(struct store_row, offered)},
    {MEMBER_FLAG, offsetof(struct store_row, promised_refund)},
    {MEMBER_TIME, offsetof(struct store_row, follow_up_at)},
};

static const enum pg_type type_of_member[] = {
    [MEMBER_INT8] = PG_INT8, [MEMBER_UUID] = PG_UUID, [MEMBER_TIME] = PG_TIMESTAMPTZ,
    [MEMBER_TEXT] = PG_TEXT, [MEMBER_JSON] = PG_JSON, [MEMBER_HASH] = PG_BYTEA,
    [MEMBER_FLAG] = PG_BOOL,
};

static void put_json(struct params *params, const struct buf *json)
{
    params_item_textn(params, json->data, json->len);
}

static void put_hash(struct params *params, const unsigned char *hash)
{
    if (hash)
        params_item_bytes(params, hash, STORE_HASH);
    else
        params_item_null(params);
}

static void put_member(struct params *params, enum member_type type, const void *member)
{
    switch (type) {
    case MEMBER_INT8:
        params_item_int8(params, *(const int64_t *)member);
        break;
    case MEMBER_UUID:
        params_item_uuid(params, member);
        break;
    case MEMBER_TIME:
        params_item_moment(params, *(const moment_t *)member);
        break;
    case MEMBER_TEXT:
        params_item_text(params, *(const char *const *)member);
        break;
    case MEMBER_JSON:
        put_json(params, *(const struct buf *const *)member);
        break;
    case MEMBER_HASH:
        put_hash(params, *(const unsigned char *const *)member);
        break;
    case MEMBER_FLAG:
        params_item_bool(params, *(const bool *)member);
        break;
    }
}

void store_insert_params(const struct store_row *const *rows, int count, struct params *params)
{
    params_reset(params);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        params_array_begin(params, type_of_member[members[i].type]);
        for (int row = 0; row < count; row++)
            put_member(params, members[i].type, (const char *)rows[row] + members[i].offset);
        params_array_end(params);
    }
}

void store_insert_decode(const struct store_row *const *rows, int count, const PGresult *result,
                         bool *ret_stored)
{
    for (int row = 0; row < count; row++)
        ret_stored[row] = !rows[row]->idempotency_key;
    for (int won = 0; won < PQntuples(result); won++)
        ret_stored[row_int8(result, won, 0, 1) - 1] = true;
}

const struct statement store_replay = {
    "store_replay",
    "SELECT w.position, i.request_hash, i.suggestion_id, s.created_at, coalesce(s.answer::text, i.body),"
    " coalesce(i.status, 201)::int4, s.id IS NOT NULL"
    " FROM unnest($1::int8[], $2::text[]) WITH ORDINALITY AS w(shop_id, key, position)"
    " JOIN replyd_data.idempotency i ON i.shop_id = w.shop_id AND i.key = w.key"
    "  AND i.created_at > now() - interval '24 hours'"
    " LEFT JOIN replyd_data.suggestions s ON s.shop_id = i.shop_id AND s.id = i.suggestion_id",
    2};

void store_replay_params(const struct store_key *keys, int count, struct params *params)
{
    params_reset(params);
    params_array_begin(params, PG_INT8);
    for (int i = 0; i < count; i++)
        params_item_int8(params, keys[i].shop_id);
    params_array_end(params);
    params_array_begin(params, PG_TEXT);
    for (int i = 0; i < count; i++)
        params_item_text(params, keys[i].key);
    params_array_end(params);
}

void store_replay_decode(int count, const PGresult *result, struct store_replayed *ret_replayed)
{
    enum { POSITION, REQUEST_HASH, ID, CREATED_AT, ANSWER, STATUS, HAS_SUGGESTION };
    memset(ret_replayed, 0, (size_t)count * sizeof *ret_replayed);
    for (int row = 0; row < PQntuples(result); row++) {
        struct store_replayed *replayed = &ret_replayed[row_int8(result, row, POSITION, 1) - 1];
        *replayed = (struct store_replayed){
            .found = true,
            .has_suggestion = row_bool(result, row, HAS_SUGGESTION, false),
            .created_at = row_moment(result, row, CREATED_AT),
            .answer = row_text(result, row, ANSWER),
            .status = row_int4(result, row, STATUS, 201),
        };
        memcpy(replayed->request_hash, PQgetvalue(result, row, REQUEST_HASH), STORE_HASH);
        if (replayed->has_suggestion)
            memcpy(replayed->id, row_uuid(result, row, ID), sizeof replayed->id);
    }
}

const struct statement store_claim = {
    "store_claim",
    "INSERT INTO replyd_data.idempotency AS i (shop_id, key, request_hash, status, body)"
    " VALUES ($1::int8, $2::text, $3::bytea, $4::int8, $5::text)"
    " ON CONFLICT (shop_id, key) DO UPDATE SET request_hash = excluded.request_hash, suggestion_id = NULL,"
    "  status = excluded.status, body = excluded.body, created_at = excluded.created_at"
    "  WHERE i.created_at <= now() - interval '24 hours'"
    " RETURNING i.shop_id",
    5};

void store_claim_params(const struct store_key *key, const unsigned char request_hash[static STORE_HASH],
                        int status, const char *body, size_t body_len, struct params *params)
{
    params_reset(params);
    params_int8(params, key->shop_id);
    params_text(params, key->key);
    params_bytes(params, request_hash, STORE_HASH);
    params_int8(params, status);
    if (body)
        params_textn(params, body, body_len);
    else
        params_null(params);
}

const struct statement store_sweep = {"store_sweep",
                                      "DELETE FROM replyd_data.idempotency WHERE (shop_id, key) IN (SELECT "
                                      "shop_id, key FROM replyd_data.idempotency"
                                      " WHERE created_at <= now() - interval '24 hours' ORDER BY shop_id, "
                                      "key LIMIT 1000 FOR UPDATE SKIP LOCKED)",
                                      0};

const struct statement store_get = {
    "store_get",
    "SELECT created_at, as_of, conversation_id, message_id, order_number, issue, language, rows_hash, "
    "request, facts,"
    " answer, buyer_email, buyer_id FROM replyd_data.suggestions WHERE shop_id = $1::int8 AND id = $2::uuid",
    2};

void store_get_params(int64_t shop_id, const unsigned char id[static 16], struct params *params)
{
    params_reset(params);
    params_int8(params, shop_id);
    params_uuid(params, id);
}

int store_get_decode(const PGresult *result, struct stored *ret_stored)
{
    enum {
        CREATED_AT,
        AS_OF,
        CONVERSATION,
        MESSAGE,
        ORDER,
        ISSUE,
        LANGUAGE,
        ROWS_HASH,
        REQUEST,
        FACTS,
        ANSWER,
        BUYER_EMAIL,
        BUYER_ID
    };
    if (PQntuples(result) == 0)
        return -1;
    *ret_stored = (struct stored){
        .created_at = row_moment(result, 0, CREATED_AT),
        .as_of = row_moment(result, 0, AS_OF),
        .conversation_id = row_text(result, 0, CONVERSATION),
        .message_id = row_text(result, 0, MESSAGE),
        .order_number = row_text(result, 0, ORDER),
        .issue = row_text(result, 0, ISSUE),
        .language = row_text(result, 0, LANGUAGE),
        .rows_hash = row_int8(result, 0, ROWS_HASH, 0),
        .buyer_email = row_text(result, 0, BUYER_EMAIL),
        .buyer_id = row_text(result, 0, BUYER_ID),
        .request = row_text(result, 0, REQUEST),
        .facts = row_text(result, 0, FACTS),
        .answer = row_text(result, 0, ANSWER),
    };
    return 0;
}
