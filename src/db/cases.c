/* The batch read of cases: every statement takes all cases' wants as arrays and gives plain rows, which are
 * merged by their slot (cases_decode.c): case * CASE_CANDIDATES + candidate order number.
 *
 * LATERAL (... OFFSET 0) keeps the planner from turning a want into a join with a whole view, which is what
 * makes views that aggregate as fast as our own tables. Columns are cast so that a replaced view may have
 * kindred types. */
#include "replyd/cases_db.h"

#include <assert.h>
#include <string.h>

const char *const cases_settings[] = {
    /* The arrays' lengths and contents must not change the plan: plan once. */
    "SET plan_cache_mode = force_generic_plan",
    /* With a want list of unknown length the planner likes to read whole tables. */
    "SET enable_hashjoin = off",
    "SET enable_mergejoin = off",
    /* A plan made while a table was empty must not be a scan when it is full. */
    "SET enable_seqscan = off",
    "SET enable_bitmapscan = off",
    "SET jit = off",
    NULL,
};

const struct statement cases_statements[CASES_STATEMENTS] = {
    [CASES_LOOKUP] = {"cases_lookup",
                      "SELECT w.slot, s.order_number::text"
                      " FROM unnest($1::int4[], $2::int8[], $3::text[]) AS w(slot, shop_id, tracking_number),"
                      " LATERAL (SELECT s.order_number FROM replyd.shipments s"
                      "  WHERE s.shop_id = w.shop_id AND s.tracking_number = w.tracking_number"
                      "   AND s.order_number IS NOT NULL ORDER BY s.order_number LIMIT 4) s",
                      3},
    [CASES_ORDERS] =
        {"cases_orders",
         "SELECT w.slot, o.number::text, o.currency::text, o.status::text, o.platform::text,"
         " o.total::numeric, o.freight::numeric, o.margin::numeric, o.note::text,"
         " o.placed_at::timestamptz, o.paid_at::timestamptz, o.ship_by::timestamptz,"
         " o.new_ship_by::timestamptz, o.protection_ends_on::timestamptz, o.shipping_method::text,"
         " o.duty_informed::bool, o.payment_failure::text, o.tax_collected_by::text, o.incoterm::text,"
         " o.customer_name::text, o.customer_email::text, o.customer_country::text,"
         " o.customer_language::text, o.customer_id::text, o.address_line1::text, o.address_city::text,"
         " o.address_postcode::text, o.address_country::text, o.refund_state::text,"
         " o.refund_amount::numeric, o.refund_method::text, o.refund_at::timestamptz,"
         " o.return_state::text, o.return_tracking_number::text, o.return_at::timestamptz,"
         " o.dispute_kind::text, o.dispute_reason::text, o.dispute_opened_at::timestamptz,"
         " o.dispute_respond_by::timestamptz"
         " FROM unnest($1::int4[], $2::int8[], $3::text[]) AS w(slot, shop_id, number),"
         " LATERAL (SELECT * FROM replyd.orders o"
         "  WHERE o.shop_id = w.shop_id AND o.number = w.number OFFSET 0) o",
         3},
    [CASES_ITEMS] =
        {"cases_items",
         "SELECT w.slot, i.sku::text, coalesce(i.name, p.name)::text, i.variant::text, i.quantity::int8,"
         " i.unit_price::numeric, p.cost::numeric, p.cost_currency::text"
         " FROM unnest($1::int4[], $2::int8[], $3::text[]) AS w(slot, shop_id, number),"
         " LATERAL (SELECT * FROM replyd.order_items i"
         "  WHERE i.shop_id = w.shop_id AND i.order_number = w.number ORDER BY i.position OFFSET 0) i"
         " LEFT JOIN LATERAL (SELECT p.name, p.cost, p.cost_currency FROM replyd.products p"
         "  WHERE p.shop_id = w.shop_id AND p.sku = i.sku OFFSET 0) p ON true",
         3},
    [CASES_SHIPMENTS] =
        {"cases_shipments",
         "SELECT w.slot, coalesce(s.tracking_number::text, ''), s.carrier::text, s.service::text, "
         "s.tracking_url::text,"
         " s.carrier_phone::text, s.signed_by::text, s.pickup_point::text, s.carrier_kind::text, "
         "s.tracked::bool,"
         " s.free_return::bool, s.shipped_at::timestamptz, s.promised_by::timestamptz, "
         "s.claim_by::timestamptz,"
         " s.pickup_by::timestamptz, s.customs_act_by::timestamptz, s.weight_g::int8, "
         "s.expected_weight_g::int8,"
         " s.customs_reason::text, s.customs_party::text, s.return_reason::text, s.return_cause::text,"
         " s.customs_document::text, s.customs_pay_to::text, s.return_cost::numeric, "
         "s.return_cost_currency::text,"
         " s.customs_duty::numeric, s.customs_duty_currency::text, s.items::text,"
         /* not seen, but what came in later makes a stored answer stale */
         " (SELECT count(*) FROM replyd.shipment_events e WHERE e.shop_id = w.shop_id AND e.order_number = "
         "w.number"
         "   AND e.tracking_number = s.tracking_number AND e.at > w.as_of)"
         " FROM unnest($1::int4[], $2::int8[], $3::text[], $4::timestamptz[]) AS w(slot, shop_id, number, "
         "as_of),"
         " LATERAL (SELECT * FROM replyd.shipments s"
         "  WHERE s.shop_id = w.shop_id AND s.order_number = w.number"
         "  ORDER BY s.shipped_at, s.tracking_number OFFSET 0) s",
         4},
    [CASES_EVENTS] = {"cases_events",
                      "SELECT w.slot, s.tracking_number::text, e.at::timestamptz, e.text::text, "
                      "e.code::text, e.city::text,"
                      " e.postcode::text, e.country::text, e.code_system::text, e.state::text"
                      " FROM unnest($1::int4[], $2::int8[], $3::text[], $4::timestamptz[]) AS w(slot, "
                      "shop_id, number, as_of),"
                      " LATERAL (SELECT s.tracking_number FROM replyd.shipments s"
                      "  WHERE s.shop_id = w.shop_id AND s.order_number = w.number OFFSET 0) s,"
                      " LATERAL (SELECT * FROM replyd.shipment_events e"
                      "  WHERE e.shop_id = w.shop_id AND e.order_number = w.number AND e.tracking_number = "
                      "s.tracking_number"
                      "   AND e.at <= w.as_of ORDER BY e.at DESC, e.id DESC LIMIT 32) e",
                      4},
    [CASES_CONTACTS] =
        {"cases_contacts",
         /* By conversation, else by order: the other one is null and finds nothing. Of either the newest rows
          * alone are looked at, before what is asked of message_id: nobody's retries make it a long read. */
         "SELECT w.slot, c.message_id::text, c.issue::text, c.received_at::timestamptz, c.sent::bool,"
         " c.buyer_email::text, c.buyer_id::text, c.offered, c.promised_refund, c.follow_up_at"
         " FROM unnest($1::int4[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])"
         "  AS w(slot, shop_id, conversation_id, number, message_id, as_of),"
         " LATERAL (SELECT m.message_id, (array_agg(m.issue ORDER BY m.id DESC))[1] AS issue,"
         "   min(m.received_at) AS received_at, bool_or(m.sent) AS sent,"
         /* of the answer that went out; where none did, of the newest */
         "   (array_agg(array_to_string(m.offered, ',') ORDER BY m.sent DESC, m.id DESC))[1] AS offered,"
         "   (array_agg(m.promised_refund ORDER BY m.sent DESC, m.id DESC))[1] AS promised_refund,"
         "   (array_agg(m.follow_up_at ORDER BY m.sent DESC, m.id DESC))[1] AS follow_up_at,"
         "   max(m.buyer_email) AS buyer_email, max(m.buyer_id) AS buyer_id FROM ("
         "    (SELECT * FROM replyd.contacts c"
         "      WHERE c.shop_id = w.shop_id AND c.conversation_id = w.conversation_id AND c.received_at < "
         "w.as_of"
         "      ORDER BY c.received_at DESC LIMIT 200)"
         "    UNION ALL"
         "    (SELECT * FROM replyd.contacts c"
         "      WHERE c.shop_id = w.shop_id AND c.order_number = w.number AND c.received_at < w.as_of"
         "      ORDER BY c.received_at DESC LIMIT 200)) m"
         "  WHERE m.message_id IS DISTINCT FROM w.message_id"
         "  GROUP BY m.message_id ORDER BY min(m.received_at) DESC, m.message_id DESC LIMIT 50) c",
         6},
    [CASES_PRODUCTS] =
        {"cases_products",
         /* What is asked for, then the order's, each before its alternatives. */
         "SELECT w.slot, k.asked, k.sku, r.rank::int8, r.sku::text, r.name::text, r.description::text,"
         " r.material::text, r.unit_of_sale::text, r.low_price_reason::text, r.voltage::text, r.plug::text,"
         " r.manual_url::text, r.stock::int8, r.restock_on::timestamptz, r.units_per_pack::int8,"
         " r.quality_guarantee::bool, r.weight_g::numeric, r.price::numeric, r.price_currency::text,"
         " r.floor_price::numeric, r.floor_price_currency::text, r.cost::numeric, r.cost_currency::text,"
         " CASE WHEN r.rank = 0 THEN r.variants END::text, CASE WHEN r.rank = 0 THEN r.size_chart END::text,"
         " CASE WHEN r.rank = 0 THEN r.price_tiers END::text"
         " FROM unnest($1::int4[], $2::int8[], $3::text[], $4::text[]) AS w(slot, shop_id, number, sku),"
         " LATERAL ((SELECT true AS asked, w.sku AS sku, 0 AS position WHERE w.sku IS NOT NULL)"
         "  UNION ALL"
         "  (SELECT false, i.sku::text, min(i.position)::int4 FROM replyd.order_items i"
         "    WHERE i.shop_id = w.shop_id AND i.order_number = w.number AND i.sku IS NOT NULL"
         "    GROUP BY i.sku ORDER BY 3 LIMIT 50)) k,"
         " LATERAL ((SELECT 0 AS rank, p.* FROM replyd.products p"
         "   WHERE p.shop_id = w.shop_id AND p.sku = k.sku)"
         "  UNION ALL"
         "  (SELECT a.rank, q.* FROM replyd.products p,"
         "    unnest(p.alternatives::text[]) WITH ORDINALITY AS a(sku, rank),"
         "    LATERAL (SELECT * FROM replyd.products q"
         "     WHERE q.shop_id = w.shop_id AND q.sku = a.sku OFFSET 0) q"
         "   WHERE p.shop_id = w.shop_id AND p.sku = k.sku AND a.sku <> k.sku ORDER BY a.rank LIMIT 20)) r",
         4},
    [CASES_CUSTOMER] =
        {"cases_customer",
         /* The order's customer; without an order the buyer whom the request names, who stands in a case's
          * first slot. By address; by id only where no two addresses differ. */
         "SELECT w.slot, k.named, k.reviews, o.number::text, o.status::text, o.platform::text,"
         " o.currency::text, o.total::numeric, o.freight::numeric, o.placed_at::timestamptz,"
         " o.paid_at::timestamptz, o.address_line1::text, o.address_city::text, o.address_postcode::text,"
         " o.address_country::text, o.return_state::text, o.dispute_kind::text, i.name::text, i.sku::text,"
         " o.customer_name::text, o.customer_email::text, o.customer_country::text,"
         " o.customer_language::text, o.customer_id::text,"
         " o.customer_birthday::date::timestamp AT TIME ZONE 'UTC', o.customer_marketing_consent::bool"
         " FROM unnest($1::int4[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])"
         "  AS w(slot, shop_id, number, email, id, as_of),"
         " LATERAL (SELECT n.*,"
         "   (SELECT count(*) FROM ("
         "      (SELECT r.review FROM replyd.reviews r WHERE r.shop_id = w.shop_id"
         "         AND r.buyer_email = lower(n.email) AND r.received_at < w.as_of LIMIT 200)"
         "      UNION (SELECT r.review FROM replyd.reviews r WHERE r.shop_id = w.shop_id"
         "         AND r.buyer_id = n.id AND r.received_at < w.as_of LIMIT 200)) x) AS reviews"
         "  FROM ((SELECT false AS named, o.customer_email::text AS email, o.customer_id::text AS id"
         "     FROM replyd.orders o WHERE o.shop_id = w.shop_id AND o.number = w.number OFFSET 0)"
         "   UNION ALL"
         "   (SELECT true, w.email, w.id WHERE (w.email IS NOT NULL OR w.id IS NOT NULL)"
         "     AND NOT EXISTS (SELECT FROM replyd.orders o"
         "      WHERE o.shop_id = w.shop_id AND o.number = w.number))) n OFFSET 0) k"
         " LEFT JOIN LATERAL ("
         "   (SELECT * FROM replyd.orders o WHERE o.shop_id = w.shop_id"
         "      AND lower(o.customer_email) = lower(k.email)"
         "      AND (o.placed_at <= w.as_of OR o.placed_at IS NULL)"
         "     ORDER BY o.placed_at DESC NULLS LAST LIMIT 200)"
         "   UNION ALL"
         "   (SELECT * FROM (SELECT * FROM replyd.orders o"
         "      WHERE o.shop_id = w.shop_id AND o.customer_id = k.id"
         "      AND (o.placed_at <= w.as_of OR o.placed_at IS NULL)"
         "     ORDER BY o.placed_at DESC NULLS LAST LIMIT 200) o"
         "    WHERE k.email IS NULL OR o.customer_email IS NULL)) o ON true"
         " LEFT JOIN LATERAL (SELECT i.sku, coalesce(i.name, (SELECT p.name FROM replyd.products p"
         "    WHERE p.shop_id = w.shop_id AND p.sku = i.sku)) AS name FROM replyd.order_items i"
         "   WHERE i.shop_id = w.shop_id AND i.order_number = o.number ORDER BY i.position LIMIT 1) i ON true"
         " ORDER BY w.slot, o.placed_at DESC NULLS LAST, o.number DESC",
         6},
};
_Static_assert(CASE_CANDIDATES == 4 && CASE_EVENTS_MAX == 32 && CASE_CONTACTS_MAX == 50 &&
                   CASE_PRODUCTS_MAX == 50 && CASE_ALTERNATIVES_MAX == 20 && CASE_CUSTOMER_ORDERS_MAX == 200,
               "the statements' limits are written out in their text");

/* --- parameters --- */

typedef void put_item(struct params *params, const struct case_want *want, int candidate);

static void put_shop(struct params *params, const struct case_want *want, int candidate)
{
    (void)candidate;
    params_item_int8(params, want->shop_id);
}

static void put_order_number(struct params *params, const struct case_want *want, int candidate)
{
    params_item_text(params, candidate < want->order_number_count ? want->order_numbers[candidate] : NULL);
}

static void put_tracking_number(struct params *params, const struct case_want *want, int candidate)
{
    params_item_text(params, want->tracking_numbers[candidate]);
}

static void put_as_of(struct params *params, const struct case_want *want, int candidate)
{
    (void)candidate;
    params_item_moment(params, want->as_of);
}

static void put_conversation(struct params *params, const struct case_want *want, int candidate)
{
    (void)candidate;
    params_item_text(params, want->conversation_id);
}

static void put_order_without_conversation(struct params *params, const struct case_want *want, int candidate)
{
    if (want->conversation_id)
        params_item_null(params);
    else
        put_order_number(params, want, candidate);
}

static void put_message(struct params *params, const struct case_want *want, int candidate)
{
    (void)candidate;
    params_item_text(params, want->message_id);
}

/* What the request names stands in a case's first slot. */
static void put_sku(struct params *params, const struct case_want *want, int candidate)
{
    params_item_text(params, candidate == 0 ? want->sku : NULL);
}

static void put_buyer_email(struct params *params, const struct case_want *want, int candidate)
{
    params_item_text(params, candidate == 0 ? want->buyer_email : NULL);
}

static void put_buyer_id(struct params *params, const struct case_want *want, int candidate)
{
    params_item_text(params, candidate == 0 ? want->buyer_id : NULL);
}

/* How many slots of a case a statement looks at. */
typedef int slots_of(const struct case_want *want);

static int slots_by_order(const struct case_want *want)
{
    return want->order_number_count;
}

static int slots_by_tracking(const struct case_want *want)
{
    return case_want_sure(want) ? 0 : want->tracking_number_count;
}

static int slots_of_contacts(const struct case_want *want)
{
    return want->conversation_id ? 1 : want->order_number_count;
}

static int slots_by_order_and(const struct case_want *want, bool named)
{
    return want->order_number_count > 0 ? want->order_number_count : named;
}

static int slots_of_products(const struct case_want *want)
{
    return want->reads & CASE_READS_PRODUCT ? slots_by_order_and(want, want->sku) : 0;
}

static int slots_of_customer(const struct case_want *want)
{
    return want->reads & CASE_READS_CUSTOMER ? slots_by_order_and(want, want->buyer_email || want->buyer_id)
                                             : 0;
}

struct parameter {
    enum pg_type type;
    put_item *put;
};

/* What follows the slots in each statement's parameters. */
static const struct {
    slots_of *slots;
    struct parameter parameters[6]; /* ended by a NULL put */
} shapes[CASES_STATEMENTS] = {
    [CASES_LOOKUP] = {slots_by_tracking, {{PG_INT8, put_shop}, {PG_TEXT, put_tracking_number}}},
    [CASES_ORDERS] = {slots_by_order, {{PG_INT8, put_shop}, {PG_TEXT, put_order_number}}},
    [CASES_ITEMS] = {slots_by_order, {{PG_INT8, put_shop}, {PG_TEXT, put_order_number}}},
    [CASES_SHIPMENTS] = {slots_by_order,
                         {{PG_INT8, put_shop}, {PG_TEXT, put_order_number}, {PG_TIMESTAMPTZ, put_as_of}}},
    [CASES_EVENTS] = {slots_by_order,
                      {{PG_INT8, put_shop}, {PG_TEXT, put_order_number}, {PG_TIMESTAMPTZ, put_as_of}}},
    [CASES_CONTACTS] = {slots_of_contacts,
                        {{PG_INT8, put_shop},
                         {PG_TEXT, put_conversation},
                         {PG_TEXT, put_order_without_conversation},
                         {PG_TEXT, put_message},
                         {PG_TIMESTAMPTZ, put_as_of}}},
    [CASES_PRODUCTS] = {slots_of_products,
                        {{PG_INT8, put_shop}, {PG_TEXT, put_order_number}, {PG_TEXT, put_sku}}},
    [CASES_CUSTOMER] = {slots_of_customer,
                        {{PG_INT8, put_shop},
                         {PG_TEXT, put_order_number},
                         {PG_TEXT, put_buyer_email},
                         {PG_TEXT, put_buyer_id},
                         {PG_TIMESTAMPTZ, put_as_of}}},
};

bool cases_params(enum cases_statement statement, struct case_want *const *wants, int count,
                  struct params *params)
{
    slots_of *slots = shapes[statement].slots;
    bool needed = false;
    params_reset(params);
    for (int i = 0; i < count; i++)
        needed |= slots(wants[i]) > 0;
    if (!needed)
        return false;
    params_array_begin(params, PG_INT4);
    for (int i = 0; i < count; i++)
        for (int candidate = 0; candidate < slots(wants[i]); candidate++)
            params_item_int4(params, i * CASE_CANDIDATES + candidate);
    params_array_end(params);
    for (const struct parameter *parameter = shapes[statement].parameters; parameter->put; parameter++) {
        params_array_begin(params, parameter->type);
        for (int i = 0; i < count; i++)
            for (int candidate = 0; candidate < slots(wants[i]); candidate++)
                parameter->put(params, wants[i], candidate);
        params_array_end(params);
    }
    return true;
}

bool case_want_sure(const struct case_want *want)
{
    for (int i = 0; i < want->order_number_count; i++)
        if (!want->order_number_bare[i])
            return true;
    return false;
}

/* Puts a number behind the sure ones and before the bare, of which the last makes room if need be. */
static void add_sure_number(struct case_want *want, const char *number)
{
    int at = 0, count = want->order_number_count;
    while (at < count && !want->order_number_bare[at])
        at++;
    if (at == CASE_CANDIDATES)
        return;
    int moved = count < CASE_CANDIDATES ? count - at : CASE_CANDIDATES - 1 - at;
    memmove(&want->order_numbers[at + 1], &want->order_numbers[at],
            (size_t)moved * sizeof *want->order_numbers);
    memmove(&want->order_number_bare[at + 1], &want->order_number_bare[at],
            (size_t)moved * sizeof *want->order_number_bare);
    want->order_numbers[at] = number;
    want->order_number_bare[at] = false;
    want->order_number_count = at + 1 + moved;
}

void cases_lookup_decode(struct case_want *const *wants, int count, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        int slot = row_int4(result, row, 0, 0);
        assert(slot / CASE_CANDIDATES < count);
        struct case_want *want = wants[slot / CASE_CANDIDATES];
        add_sure_number(want, arena_strdup(want->arena, row_text(result, row, 1)));
    }
}
