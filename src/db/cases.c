/* The batch read of cases: every statement takes all cases' wants as arrays and gives plain rows, which are
 * merged here by their slot: case * CASE_CANDIDATES + candidate order number.
 *
 * LATERAL (... OFFSET 0) keeps the planner from turning a want into a join with a whole view, which is what
 * makes views that aggregate as fast as our own tables. Columns are cast so that a replaced view may have
 * kindred types. */
#include "replyd/cases_db.h"

#include "replyd/money.h"
#include "replyd/tracking.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

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
         " s.customs_duty::numeric, s.customs_duty_currency::text,"
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
         /* by conversation, else by order: the other one is null and finds nothing */
         "SELECT w.slot, c.message_id::text, c.issue::text, c.received_at::timestamptz, c.sent::bool,"
         " c.buyer_email::text, c.buyer_id::text"
         " FROM unnest($1::int4[], $2::int8[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])"
         "  AS w(slot, shop_id, conversation_id, number, message_id, as_of),"
         " LATERAL (SELECT m.message_id, (array_agg(m.issue ORDER BY m.id DESC))[1] AS issue,"
         "   min(m.received_at) AS received_at, bool_or(m.sent) AS sent,"
         "   max(m.buyer_email) AS buyer_email, max(m.buyer_id) AS buyer_id FROM ("
         "    SELECT * FROM replyd.contacts c WHERE c.shop_id = w.shop_id AND c.conversation_id = "
         "w.conversation_id"
         "    UNION ALL"
         "    SELECT * FROM replyd.contacts c WHERE c.shop_id = w.shop_id AND c.order_number = w.number) m"
         "  WHERE m.message_id IS NOT NULL AND m.message_id IS DISTINCT FROM w.message_id"
         "   AND m.received_at < w.as_of"
         "  GROUP BY m.message_id ORDER BY min(m.received_at) DESC, m.message_id DESC LIMIT 50) c",
         6},
};
_Static_assert(CASE_CANDIDATES == 4 && CASE_EVENTS_MAX == 32 && CASE_CONTACTS_MAX == 50,
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

/* How many slots of a case a statement looks at. */
typedef int slots_of(const struct case_want *want);

static int slots_by_order(const struct case_want *want)
{
    return want->order_number_count;
}

static int slots_by_tracking(const struct case_want *want)
{
    return want->order_number_count ? 0 : want->tracking_number_count;
}

static int slots_of_contacts(const struct case_want *want)
{
    return want->conversation_id ? 1 : want->order_number_count;
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
};

void cases_params(enum cases_statement statement, struct case_want *const *wants, int count,
                  struct params *params)
{
    slots_of *slots = shapes[statement].slots;
    params_reset(params);
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
}

bool cases_lookup_params(struct case_want *const *wants, int count, struct params *params)
{
    bool needed = false;
    for (int i = 0; i < count; i++)
        needed |= slots_by_tracking(wants[i]) > 0;
    if (needed)
        cases_params(CASES_LOOKUP, wants, count, params);
    return needed;
}

void cases_lookup_decode(struct case_want *const *wants, int count, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        int slot = row_int4(result, row, 0, 0);
        assert(slot / CASE_CANDIDATES < count);
        struct case_want *want = wants[slot / CASE_CANDIDATES];
        if (want->order_number_count < CASE_CANDIDATES)
            want->order_numbers[want->order_number_count++] =
                arena_strdup(want->arena, row_text(result, row, 1));
    }
}

/* --- rows --- */

enum column_type { COLUMN_TEXT, COLUMN_WORD, COLUMN_TIME, COLUMN_FLAG, COLUMN_COUNT, COLUMN_AMOUNT };

/* One column of a statement, in the order of its SELECT list, and the member that it fills. */
struct column {
    enum column_type type;
    size_t offset;
    const char *const *words;
};

#define ORDER(type, member)                                                                                  \
    {                                                                                                        \
        COLUMN_##type, offsetof(struct case_order, member), NULL                                             \
    }
#define SHIPMENT(type, member)                                                                               \
    {                                                                                                        \
        COLUMN_##type, offsetof(struct case_shipment, member), NULL                                          \
    }
#define EVENT(type, member)                                                                                  \
    {                                                                                                        \
        COLUMN_##type, offsetof(struct case_event, member), NULL                                             \
    }
#define ORDER_WORD(member, list)                                                                             \
    {                                                                                                        \
        COLUMN_WORD, offsetof(struct case_order, member), words_##list                                       \
    }
#define SHIPMENT_WORD(member, list)                                                                          \
    {                                                                                                        \
        COLUMN_WORD, offsetof(struct case_shipment, member), words_##list                                    \
    }
#define EVENT_WORD(member, list)                                                                             \
    {                                                                                                        \
        COLUMN_WORD, offsetof(struct case_event, member), words_##list                                       \
    }

enum { ORDER_CURRENCY = 2 }; /* the column, which the amounts need */
static const struct column order_columns[] = {
    ORDER(TEXT, number),
    ORDER(TEXT, currency),
    ORDER_WORD(status, order_status),
    ORDER_WORD(platform, platform),
    ORDER(AMOUNT, total),
    ORDER(AMOUNT, freight),
    ORDER(AMOUNT, margin),
    ORDER(TEXT, note),
    ORDER(TIME, placed_at),
    ORDER(TIME, paid_at),
    ORDER(TIME, ship_by),
    ORDER(TIME, new_ship_by),
    ORDER(TIME, protection_ends_on),
    ORDER(TEXT, shipping_method),
    ORDER(FLAG, duty_informed),
    ORDER_WORD(payment_failure, payment_failure),
    ORDER_WORD(tax_collected_by, tax_collector),
    ORDER(TEXT, incoterm),
    ORDER(TEXT, customer.name),
    ORDER(TEXT, customer.email),
    ORDER(TEXT, customer.country),
    ORDER(TEXT, customer.language),
    ORDER(TEXT, customer.external_id),
    ORDER(TEXT, address.line1),
    ORDER(TEXT, address.city),
    ORDER(TEXT, address.postcode),
    ORDER(TEXT, address.country),
    ORDER_WORD(refund_state, refund_state),
    ORDER(AMOUNT, refund_amount),
    ORDER(TEXT, refund_method),
    ORDER(TIME, refund_at),
    ORDER_WORD(return_state, return_state),
    ORDER(TEXT, return_tracking_number),
    ORDER(TIME, return_at),
    ORDER_WORD(dispute_kind, dispute_kind),
    ORDER(TEXT, dispute_reason),
    ORDER(TIME, dispute_opened_at),
    ORDER(TIME, dispute_respond_by),
};

static const struct column shipment_columns[] = {
    SHIPMENT(TEXT, tracking_number),
    SHIPMENT(TEXT, carrier),
    SHIPMENT(TEXT, service),
    SHIPMENT(TEXT, tracking_url),
    SHIPMENT(TEXT, carrier_phone),
    SHIPMENT(TEXT, signed_by),
    SHIPMENT(TEXT, pickup_point),
    SHIPMENT_WORD(carrier_kind, carrier_kind),
    SHIPMENT(FLAG, tracked),
    SHIPMENT(FLAG, free_return),
    SHIPMENT(TIME, shipped_at),
    SHIPMENT(TIME, promised_by),
    SHIPMENT(TIME, claim_by),
    SHIPMENT(TIME, pickup_by),
    SHIPMENT(TIME, customs_act_by),
    SHIPMENT(COUNT, weight_g),
    SHIPMENT(COUNT, expected_weight_g),
    SHIPMENT_WORD(customs_reason, customs_reason),
    SHIPMENT_WORD(customs_party, customs_party),
    SHIPMENT_WORD(return_reason, return_reason),
    SHIPMENT_WORD(return_cause, return_cause),
    SHIPMENT(TEXT, customs_document),
    SHIPMENT(TEXT, customs_pay_to),
};
enum { SHIPMENT_RETURN_COST = 24, SHIPMENT_CUSTOMS_DUTY = 26 }; /* each beside its currency */

enum { EVENT_TRACKING_NUMBER = 1 };
static const struct column event_columns[] = {
    EVENT(TIME, at),
    EVENT(TEXT, text),
    EVENT(TEXT, code),
    EVENT(TEXT, city),
    EVENT(TEXT, postcode),
    EVENT(TEXT, country),
    EVENT_WORD(code_system, code_system),
    EVENT_WORD(state, shipment_state),
};

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof(array)[0]))

static const char *read_text(struct arena *arena, const PGresult *result, int row, int column)
{
    if (row_null(result, row, column))
        return NULL;
    return arena_strndup(arena, PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}

/* The index of a word in its list; -1: null, or a word that a replaced view made up. */
static int read_word(const PGresult *result, int row, int column, const char *const *words)
{
    const char *word = row_text(result, row, column);
    for (int i = 0; word && words[i]; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return -1;
}

/* Minor units; MONEY_NONE where unknown, too large to count with, or of another currency than the order's. */
static int64_t read_amount(const PGresult *result, int row, int column, const char *currency,
                           const char *of_order)
{
    if (!currency || !of_order || strcmp(currency, of_order) != 0)
        return MONEY_NONE;
    int digits = money_digits(currency);
    int64_t minor = digits < 0 ? INT64_MIN : row_numeric(result, row, column, digits);
    return minor < -MONEY_MINOR_MAX || minor > MONEY_MINOR_MAX ? MONEY_NONE : minor;
}

static enum tristate read_flag(const PGresult *result, int row, int column)
{
    return row_null(result, row, column)          ? TRI_UNKNOWN
           : row_bool(result, row, column, false) ? TRI_TRUE
                                                  : TRI_FALSE;
}

/* Fills the members of `out` from the columns `first` and on. */
static void read_columns(const struct column *columns, int count, const PGresult *result, int row, int first,
                         const char *currency, struct arena *arena, void *out)
{
    for (int i = 0; i < count; i++) {
        char *member = (char *)out + columns[i].offset;
        int column = first + i;
        switch (columns[i].type) {
        case COLUMN_TEXT:
            *(const char **)member = read_text(arena, result, row, column);
            break;
        case COLUMN_WORD:
            *(int *)member = read_word(result, row, column, columns[i].words);
            break;
        case COLUMN_TIME:
            *(moment_t *)member = row_moment(result, row, column);
            break;
        case COLUMN_FLAG:
            *(enum tristate *)member = read_flag(result, row, column);
            break;
        case COLUMN_COUNT:
            *(int64_t *)member = row_int8(result, row, column, -1);
            break;
        case COLUMN_AMOUNT:
            *(int64_t *)member = read_amount(result, row, column, currency, currency);
            break;
        }
    }
}

/* FNV-1a over a row's columns as they came over the wire, lengths too, so that no two rows read alike. */
static uint64_t hash_row(uint64_t hash, const PGresult *result, int row, int first, int end)
{
    for (int column = first; column < end; column++) {
        const char *value = PQgetvalue(result, row, column);
        int len = PQgetlength(result, row, column);
        hash = (hash ^ (row_null(result, row, column) ? UINT64_MAX : (uint64_t)len)) * 0x100000001b3;
        for (int i = 0; i < len; i++)
            hash = (hash ^ (unsigned char)value[i]) * 0x100000001b3;
    }
    return hash;
}

/* The case that a row belongs to; NULL: a candidate order number that wasn't the first to exist. */
static struct case_want *want_of(struct case_want *const *wants, const PGresult *result, int row)
{
    int slot = row_int4(result, row, 0, 0);
    struct case_want *want = wants[slot / CASE_CANDIDATES];
    return want->found == slot % CASE_CANDIDATES ? want : NULL;
}

/* case_rows shows the order as const to the steps; here it is still being made. */
static struct case_order *order_of(const struct case_want *want)
{
    return (struct case_order *)want->rows->order;
}

static void add_hash(const struct case_want *want, const PGresult *result, int row, int end)
{
    struct case_order *order = order_of(want);
    order->rows_version = (int64_t)hash_row((uint64_t)order->rows_version, result, row, 1, end);
}

static void decode_orders(struct case_want *const *wants, int count, const PGresult *result)
{
    for (int i = 0; i < count; i++) {
        *wants[i]->rows = (struct case_rows){0};
        wants[i]->found = -1;
    }
    for (int row = 0; row < PQntuples(result); row++) {
        int slot = row_int4(result, row, 0, 0);
        struct case_want *want = wants[slot / CASE_CANDIDATES];
        if (want->found < 0 || slot % CASE_CANDIDATES < want->found)
            want->found = slot % CASE_CANDIDATES;
    }
    for (int row = 0; row < PQntuples(result); row++) {
        struct case_want *want = want_of(wants, result, row);
        if (!want || want->rows->order)
            continue;
        struct case_order *order = arena_zalloc(want->arena, sizeof *order);
        read_columns(order_columns, COUNT_OF(order_columns), result, row, 1,
                     row_text(result, row, ORDER_CURRENCY), want->arena, order);
        want->rows->order = order;
        order->rows_version = (int64_t)0xcbf29ce484222325;
        add_hash(want, result, row, PQnfields(result));
    }
}

static void decode_items(struct case_want *const *wants, const PGresult *result)
{
    enum { SKU = 1, NAME, VARIANT, QUANTITY, UNIT_PRICE, COST, COST_CURRENCY };
    for (int row = 0; row < PQntuples(result); row++) {
        struct case_want *want = want_of(wants, result, row);
        if (want)
            order_of(want)->item_count++;
    }
    for (int row = 0; row < PQntuples(result); row++) {
        struct case_want *want = want_of(wants, result, row);
        if (!want)
            continue;
        struct case_order *order = order_of(want);
        if (!order->items) {
            order->items = arena_alloc(want->arena, (size_t)order->item_count * sizeof *order->items);
            order->item_count = 0;
        }
        order->items[order->item_count++] = (struct case_item){
            .sku = read_text(want->arena, result, row, SKU),
            .name = read_text(want->arena, result, row, NAME),
            .variant = read_text(want->arena, result, row, VARIANT),
            .quantity = row_int8(result, row, QUANTITY, 1),
            .unit_price = read_amount(result, row, UNIT_PRICE, order->currency, order->currency),
            .unit_cost =
                read_amount(result, row, COST, row_text(result, row, COST_CURRENCY), order->currency),
        };
        add_hash(want, result, row, COST); /* a product's cost is no part of the order */
    }
}

static void decode_shipments(struct case_want *const *wants, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        struct case_want *want = want_of(wants, result, row);
        if (want)
            order_of(want)->shipment_count++;
    }
    for (int row = 0; row < PQntuples(result); row++) {
        struct case_want *want = want_of(wants, result, row);
        if (!want)
            continue;
        struct case_order *order = order_of(want);
        if (!order->shipments) {
            order->shipments =
                arena_zalloc(want->arena, (size_t)order->shipment_count * sizeof *order->shipments);
            order->shipment_count = 0;
        }
        struct case_shipment *shipment = &order->shipments[order->shipment_count++];
        read_columns(shipment_columns, COUNT_OF(shipment_columns), result, row, 1, order->currency,
                     want->arena, shipment);
        shipment->return_cost = read_amount(result, row, SHIPMENT_RETURN_COST,
                                            row_text(result, row, SHIPMENT_RETURN_COST + 1), order->currency);
        shipment->customs_duty =
            read_amount(result, row, SHIPMENT_CUSTOMS_DUTY, row_text(result, row, SHIPMENT_CUSTOMS_DUTY + 1),
                        order->currency);
        add_hash(want, result, row, PQnfields(result));
    }
}

/* The parcel that a row of events belongs to; NULL: no such, or `want` is NULL. */
static struct case_shipment *shipment_of(const struct case_want *want, const PGresult *result, int row)
{
    const char *tracking_number = row_text(result, row, EVENT_TRACKING_NUMBER);
    struct case_order *order = want ? order_of(want) : NULL;
    for (int i = 0; order && i < order->shipment_count; i++)
        if (strcmp(order->shipments[i].tracking_number, tracking_number) == 0)
            return &order->shipments[i];
    return NULL;
}

/* The last state of the first `count` events that tells on which leg the parcel is. */
static int leg_before(const struct case_event *events, int count)
{
    for (int i = count - 1; i >= 0; i--)
        if (events[i].state != SHIPMENT_STATE_UNKNOWN && events[i].state != SHIPMENT_STATE_CUSTOMS_HELD)
            return events[i].state;
    return SHIPMENT_STATE_UNKNOWN;
}

/* Events come newest first: reading the rows from the end puts the oldest first. */
static void decode_events(struct case_want *const *wants, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        struct case_shipment *shipment = shipment_of(want_of(wants, result, row), result, row);
        if (shipment)
            shipment->event_count++;
    }
    for (int row = PQntuples(result) - 1; row >= 0; row--) {
        struct case_want *want = want_of(wants, result, row);
        struct case_shipment *shipment = shipment_of(want, result, row);
        if (!shipment)
            continue;
        struct case_event *events = (struct case_event *)shipment->events;
        if (!events) {
            shipment->events = events =
                arena_alloc(want->arena, (size_t)shipment->event_count * sizeof *events);
            shipment->event_count = 0;
        }
        struct case_event *event = &events[shipment->event_count];
        read_columns(event_columns, COUNT_OF(event_columns), result, row, 2, NULL, want->arena, event);
        if (event->state < 0)
            event->state = tracking_state(event->code_system, event->code, shipment->carrier, event->text,
                                          leg_before(events, shipment->event_count));
        shipment->event_count++;
        add_hash(want, result, row, PQnfields(result));
    }
}

/* Is the contact one of the same buyer? Said by the conversation, else by who asks, else by the order's
 * customer. */
static bool same_buyer(const struct case_want *want, const char *email, const char *id)
{
    if (want->conversation_id)
        return true;
    const struct case_order *order = want->rows->order;
    bool named = want->buyer_email || want->buyer_id;
    const char *want_email = named ? want->buyer_email : order->customer.email;
    const char *want_id = named ? want->buyer_id : order->customer.external_id;
    return (want_email && email && strcasecmp(want_email, email) == 0) ||
           (want_id && id && strcmp(want_id, id) == 0);
}

/* The case that a row of contacts belongs to, or NULL. A conversation needs no order. */
static struct case_want *contact_want(struct case_want *const *wants, const PGresult *result, int row)
{
    enum { BUYER_EMAIL = 5, BUYER_ID };
    int slot = row_int4(result, row, 0, 0);
    struct case_want *want = wants[slot / CASE_CANDIDATES];
    if (!want->conversation_id)
        want = want_of(wants, result, row);
    return want && same_buyer(want, row_text(result, row, BUYER_EMAIL), row_text(result, row, BUYER_ID))
               ? want
               : NULL;
}

static void decode_contacts(struct case_want *const *wants, const PGresult *result)
{
    enum { MESSAGE_ID = 1, ISSUE, RECEIVED_AT, SENT };
    for (int row = 0; row < PQntuples(result); row++) {
        struct case_want *want = contact_want(wants, result, row);
        if (want)
            want->rows->contact_count++;
    }
    for (int row = PQntuples(result) - 1; row >= 0; row--) { /* the newest come first */
        struct case_want *want = contact_want(wants, result, row);
        if (!want)
            continue;
        struct case_contact *contacts = (struct case_contact *)want->rows->contacts;
        if (!contacts) {
            contacts = arena_alloc(want->arena, (size_t)want->rows->contact_count * sizeof *contacts);
            want->rows->contacts = contacts;
            want->rows->contact_count = 0;
        }
        contacts[want->rows->contact_count++] = (struct case_contact){
            .message_id = read_text(want->arena, result, row, MESSAGE_ID),
            .issue = read_text(want->arena, result, row, ISSUE),
            .received_at = row_moment(result, row, RECEIVED_AT),
            .sent = row_bool(result, row, SENT, false),
        };
    }
}

void cases_decode(struct case_want *const *wants, int count, const PGresult *const results[CASES_STATEMENTS])
{
    decode_orders(wants, count, results[CASES_ORDERS]);
    decode_items(wants, results[CASES_ITEMS]);
    decode_shipments(wants, results[CASES_SHIPMENTS]);
    decode_events(wants, results[CASES_EVENTS]);
    decode_contacts(wants, results[CASES_CONTACTS]);
}
