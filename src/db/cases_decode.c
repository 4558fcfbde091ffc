/* What the statements of cases.c gave, as the structs of cases.h. */
#include "replyd/cases_db.h"

#include "replyd/money.h"
#include "replyd/tracking.h"

#include <string.h>
#include <strings.h>

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

enum {
    ORDER_CURRENCY = 2,
    ORDER_CUSTOMER_EMAIL = 20,
    ORDER_CUSTOMER_ID = 23
}; /* columns that are looked at */
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

/* Minor units; MONEY_NONE where unknown or too large to count with. */
static int64_t read_amount(const PGresult *result, int row, int column, const char *currency)
{
    int digits = currency ? money_digits(currency) : -1;
    int64_t minor = digits < 0 ? INT64_MIN : row_numeric(result, row, column, digits);
    return minor < -MONEY_MINOR_MAX || minor > MONEY_MINOR_MAX ? MONEY_NONE : minor;
}

/* An amount whose currency is the column behind it. */
static struct money read_money(const PGresult *result, int row, int column)
{
    const char *currency = row_text(result, row, column + 1);
    struct money money = {.minor = read_amount(result, row, column, currency)};
    if (money.minor == MONEY_NONE)
        return (struct money){0};
    memcpy(money.currency, currency, sizeof(money.currency)); /* three letters: it has digits */
    return money;
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
            *(int64_t *)member = read_amount(result, row, column, currency);
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

/* The case that a row belongs to; NULL: a candidate order number that was not chosen. */
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

/* Chooses each case's order: the first candidate that is of the buyer who asks, else the first that exists.
 * Until all rows were seen, those of others count from CASE_CANDIDATES on. */
static void choose_orders(struct case_want *const *wants, int count, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        int slot = row_int4(result, row, 0, 0), rank = slot % CASE_CANDIDATES;
        struct case_want *want = wants[slot / CASE_CANDIDATES];
        if (!buyer_is_customer(want->buyer_email, want->buyer_id, row_text(result, row, ORDER_CUSTOMER_EMAIL),
                               row_text(result, row, ORDER_CUSTOMER_ID)))
            rank += CASE_CANDIDATES;
        if (want->found < 0 || rank < want->found)
            want->found = rank;
    }
    for (int i = 0; i < count; i++)
        if (wants[i]->found >= 0)
            wants[i]->found %= CASE_CANDIDATES;
}

static void decode_orders(struct case_want *const *wants, int count, const PGresult *result)
{
    for (int i = 0; i < count; i++) {
        *wants[i]->rows = (struct case_rows){0};
        wants[i]->found = -1;
    }
    choose_orders(wants, count, result);
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
    enum { SKU = 1, NAME, VARIANT, QUANTITY, UNIT_PRICE, COST };
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
            .unit_price = read_amount(result, row, UNIT_PRICE, order->currency),
            .unit_cost = read_money(result, row, COST),
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
        shipment->return_cost = read_money(result, row, SHIPMENT_RETURN_COST);
        shipment->customs_duty = read_money(result, row, SHIPMENT_CUSTOMS_DUTY);
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
