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
#define PRODUCT(type, member)                                                                                \
    {                                                                                                        \
        COLUMN_##type, offsetof(struct case_product, member), NULL                                           \
    }
#define BOUGHT(type, member)                                                                                 \
    {                                                                                                        \
        COLUMN_##type, offsetof(struct case_customer_order, member), NULL                                    \
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
#define BOUGHT_WORD(member, list)                                                                            \
    {                                                                                                        \
        COLUMN_WORD, offsetof(struct case_customer_order, member), words_##list                              \
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
enum { SHIPMENT_RETURN_COST = 24, SHIPMENT_CUSTOMS_DUTY = 26, SHIPMENT_ITEMS = 28 }; /* money: two columns */

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

enum { PRODUCT_ASKED = 1, PRODUCT_OF, PRODUCT_RANK, PRODUCT_FIRST };
static const struct column product_columns[] = {
    PRODUCT(TEXT, sku),
    PRODUCT(TEXT, name),
    PRODUCT(TEXT, description),
    PRODUCT(TEXT, material),
    PRODUCT(TEXT, unit_of_sale),
    PRODUCT(TEXT, low_price_reason),
    PRODUCT(TEXT, voltage),
    PRODUCT(TEXT, plug),
    PRODUCT(TEXT, manual_url),
    PRODUCT(COUNT, stock),
    PRODUCT(TIME, restock_on),
    PRODUCT(COUNT, units_per_pack),
    PRODUCT(FLAG, quality_guarantee),
};
enum {
    PRODUCT_WEIGHT = 17,
    PRODUCT_PRICE = 18,
    PRODUCT_FLOOR_PRICE = 20,
    PRODUCT_COST = 22,
    PRODUCT_VARIANTS = 24,
    PRODUCT_SIZES,
    PRODUCT_TIERS,
};
_Static_assert(PRODUCT_FIRST + sizeof product_columns / sizeof *product_columns == PRODUCT_WEIGHT,
               "the columns stand in the order of the SELECT list");

enum { CUSTOMER_NAMED = 1, CUSTOMER_REVIEWS, CUSTOMER_FIRST, CUSTOMER_CURRENCY = 6 };
static const struct column bought_columns[] = {
    BOUGHT(TEXT, number),
    BOUGHT_WORD(status, order_status),
    BOUGHT_WORD(platform, platform),
    BOUGHT(TEXT, currency),
    BOUGHT(AMOUNT, total),
    BOUGHT(AMOUNT, freight),
    BOUGHT(TIME, placed_at),
    BOUGHT(TIME, paid_at),
    BOUGHT(TEXT, address.line1),
    BOUGHT(TEXT, address.city),
    BOUGHT(TEXT, address.postcode),
    BOUGHT(TEXT, address.country),
    BOUGHT_WORD(return_state, return_state),
    BOUGHT_WORD(dispute_kind, dispute_kind),
    BOUGHT(TEXT, first_item),
    BOUGHT(TEXT, first_sku),
};
enum {
    CUSTOMER_NAME = 19,
    CUSTOMER_EMAIL,
    CUSTOMER_COUNTRY,
    CUSTOMER_LANGUAGE,
    CUSTOMER_ID,
    CUSTOMER_BIRTHDAY,
    CUSTOMER_CONSENT
};
_Static_assert(CUSTOMER_FIRST + sizeof bought_columns / sizeof *bought_columns == CUSTOMER_NAME,
               "the columns stand in the order of the SELECT list");

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

#define ROWS_VERSION_NONE 0xcbf29ce484222325 /* before any row */

/* Adds a row: a sum, for rows of one statement come in no order that can be relied on. A product's cost is no
 * part of the order. */
static int64_t version_add(int64_t version, enum cases_statement statement, const PGresult *result, int row)
{
    int end = PQnfields(result) - (statement == CASES_ITEMS ? 2 : 0);
    return (int64_t)((uint64_t)version + hash_row(ROWS_VERSION_NONE + statement, result, row, 1, end));
}

void cases_versions(enum cases_statement statement, struct case_want *const *wants, const PGresult *result,
                    int64_t *ret_versions)
{
    for (int row = 0; row < PQntuples(result); row++) {
        int i = row_int4(result, row, 0, 0) / CASE_CANDIDATES;
        const struct case_want *want = wants[i];
        bool named = want->buyer_email || want->buyer_id;
        if (statement == CASES_ORDERS &&
            (!named ||
             buyer_is_customer(want->buyer_email, want->buyer_id, row_text(result, row, ORDER_CUSTOMER_EMAIL),
                               row_text(result, row, ORDER_CUSTOMER_ID))))
            ret_versions[i] = (int64_t)ROWS_VERSION_NONE;
        if (ret_versions[i] != 0)
            ret_versions[i] = version_add(ret_versions[i], statement, result, row);
    }
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

static void add_version(const struct case_want *want, enum cases_statement statement, const PGresult *result,
                        int row)
{
    struct case_order *order = order_of(want);
    order->rows_version = version_add(order->rows_version, statement, result, row);
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
        order->rows_version = (int64_t)ROWS_VERSION_NONE;
        add_version(want, CASES_ORDERS, result, row);
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
        add_version(want, CASES_ITEMS, result, row);
    }
}

/* What a column holds of JSON, which the caller lets go. Never fails: NULL is no list. */
static json_t *read_json(const PGresult *result, int row, int column)
{
    const char *text = row_text(result, row, column);
    return text ? json_loads(text, 0, NULL) : NULL;
}

/* A list that a replaced view spoils loses what is faulty, and the answer goes on without. */
static void read_contents(struct case_shipment *shipment, const PGresult *result, int row,
                          struct arena *arena)
{
    json_t *list = read_json(result, row, SHIPMENT_ITEMS);
    struct case_content *contents = arena_alloc(arena, (json_array_size(list) + 1) * sizeof *contents);
    shipment->contents = contents;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i), *quantity = json_object_get(item, "quantity");
        const char *sku = json_string_value(json_object_get(item, "sku"));
        if (sku)
            contents[shipment->content_count++] = (struct case_content){
                .sku = arena_strdup(arena, sku),
                .quantity = json_is_integer(quantity) ? json_integer_value(quantity) : 1,
            };
    }
    json_decref(list);
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
        read_contents(shipment, result, row, want->arena);
        add_version(want, CASES_SHIPMENTS, result, row);
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
        add_version(want, CASES_EVENTS, result, row);
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

/* Words with commas between them, as bits. */
static uint64_t read_words(const PGresult *result, int row, int column, const char *const *words)
{
    const char *text = row_text(result, row, column);
    uint64_t bits = 0;
    while (text && *text) {
        size_t len = strcspn(text, ",");
        for (int i = 0; words[i]; i++)
            if (strlen(words[i]) == len && memcmp(words[i], text, len) == 0)
                bits |= UINT64_C(1) << i;
        text += len + (text[len] == ',');
    }
    return bits;
}
_Static_assert(OPTION_ACTION_COUNT <= 64, "case_contact.offered has a bit for each");

static void decode_contacts(struct case_want *const *wants, const PGresult *result)
{
    enum {
        MESSAGE_ID = 1,
        ISSUE,
        RECEIVED_AT,
        SENT,
        BUYER_EMAIL,
        BUYER_ID,
        OFFERED,
        PROMISED_REFUND,
        FOLLOW_UP_AT
    };
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
            .offered = read_words(result, row, OFFERED, words_option_action),
            .promised_refund = row_bool(result, row, PROMISED_REFUND, false),
            .follow_up_at = row_moment(result, row, FOLLOW_UP_AT),
        };
    }
}

/* --- products --- */

static void read_lists(struct case_product *product, const PGresult *result, int row, struct arena *arena)
{
    struct faults faults;
    faults_init(&faults, arena);
    json_t *list = read_json(result, row, PRODUCT_VARIANTS);
    product->variant_count = variants_read(list, &faults, &product->variants);
    json_decref(list);
    list = read_json(result, row, PRODUCT_SIZES);
    product->size_count = sizes_read(list, &faults, &product->sizes);
    json_decref(list);
    list = read_json(result, row, PRODUCT_TIERS);
    product->tier_count = tiers_read(list, &faults, &product->tiers);
    json_decref(list);
}

static void read_product(struct case_product *product, const PGresult *result, int row, struct arena *arena)
{
    *product = (struct case_product){0};
    read_columns(product_columns, COUNT_OF(product_columns), result, row, PRODUCT_FIRST, NULL, arena,
                 product);
    int64_t weight = row_numeric(result, row, PRODUCT_WEIGHT, 3);
    product->weight_g = weight < 0 ? -1 : (double)weight / 1000;
    product->price = read_money(result, row, PRODUCT_PRICE);
    product->floor_price = read_money(result, row, PRODUCT_FLOOR_PRICE);
    product->cost = read_money(result, row, PRODUCT_COST);
    if (product->stock < 0)
        product->stock = -1;
    if (product->units_per_pack < 1)
        product->units_per_pack = -1;
    read_lists(product, result, row, arena);
}

/* The case that a row of products belongs to, or NULL. What the request names needs no order. */
static struct case_want *product_want(struct case_want *const *wants, const PGresult *result, int row)
{
    return row_bool(result, row, PRODUCT_ASKED, false) ? wants[row_int4(result, row, 0, 0) / CASE_CANDIDATES]
                                                       : want_of(wants, result, row);
}

static bool has_product(const struct case_rows *rows, const char *sku)
{
    for (int i = 0; i < rows->product_count; i++)
        if (strcmp(rows->products[i].sku, sku) == 0)
            return true;
    return false;
}

/* How many alternatives follow a product's row. */
static int alternatives_behind(const PGresult *result, int row)
{
    int next = row + 1;
    while (next < PQntuples(result) && row_int8(result, next, PRODUCT_RANK, 0) > 0)
        next++;
    return next - row - 1;
}

static void decode_products(struct case_want *const *wants, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        struct case_want *want = product_want(wants, result, row);
        int behind = alternatives_behind(result, row), first = row + 1;
        int main = row;
        row += behind;
        if (!want || has_product(want->rows, row_text(result, main, PRODUCT_OF)))
            continue;
        struct case_product *products = (struct case_product *)want->rows->products;
        if (!products)
            want->rows->products = products =
                arena_alloc(want->arena, (CASE_PRODUCTS_MAX + 1) * sizeof *products);
        struct case_product *product = &products[want->rows->product_count++];
        read_product(product, result, main, want->arena);
        struct case_product *alternatives =
            arena_alloc(want->arena, (size_t)(behind + 1) * sizeof *alternatives);
        product->alternatives = alternatives;
        product->alternative_count = behind;
        for (int i = 0; i < behind; i++)
            read_product(&alternatives[i], result, first + i, want->arena);
    }
}

/* --- the customer --- */

/* The order's customer is told of only to whom the order is. Without an order it is the buyer who is named.
 */
static struct case_want *customer_want(struct case_want *const *wants, const PGresult *result, int row)
{
    struct case_want *want = wants[row_int4(result, row, 0, 0) / CASE_CANDIDATES];
    if (row_bool(result, row, CUSTOMER_NAMED, false))
        return want->found < 0 ? want : NULL;
    want = want_of(wants, result, row);
    const struct case_order *order = want ? want->rows->order : NULL;
    bool named = want && (want->buyer_email || want->buyer_id);
    if (!order || (!order->customer.email && !order->customer.external_id))
        return NULL;
    return !named || buyer_is_customer(want->buyer_email, want->buyer_id, order->customer.email,
                                       order->customer.external_id)
               ? want
               : NULL;
}

/* Fills what no newer order has said. */
static void read_profile(struct case_customer *customer, const PGresult *result, int row, struct arena *arena)
{
    const struct {
        const char **text;
        int column;
    } texts[] = {{&customer->name, CUSTOMER_NAME},
                 {&customer->email, CUSTOMER_EMAIL},
                 {&customer->country, CUSTOMER_COUNTRY},
                 {&customer->language, CUSTOMER_LANGUAGE},
                 {&customer->external_id, CUSTOMER_ID}};
    for (int i = 0; i < COUNT_OF(texts); i++)
        if (!*texts[i].text)
            *texts[i].text = read_text(arena, result, row, texts[i].column);
    if (customer->birthday == MOMENT_NONE)
        customer->birthday = row_moment(result, row, CUSTOMER_BIRTHDAY);
    if (customer->marketing_consent == TRI_UNKNOWN)
        customer->marketing_consent = read_flag(result, row, CUSTOMER_CONSENT);
}

static struct case_customer *new_customer(const struct case_want *want, const PGresult *result, int row)
{
    struct case_customer *customer = arena_zalloc(want->arena, sizeof *customer);
    customer->reviews = row_int8(result, row, CUSTOMER_REVIEWS, 0);
    customer->birthday = MOMENT_NONE;
    customer->marketing_consent = TRI_UNKNOWN;
    customer->orders =
        arena_alloc(want->arena, CASE_CUSTOMER_ORDERS_MAX * sizeof(struct case_customer_order));
    if (!want->rows->order) {
        customer->email = want->buyer_email;
        customer->external_id = want->buyer_id;
    }
    return customer;
}

/* Rows come newest first; a customer without orders has one that names none. */
static void decode_customers(struct case_want *const *wants, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        struct case_want *want = customer_want(wants, result, row);
        if (!want)
            continue;
        if (!want->rows->customer)
            want->rows->customer = new_customer(want, result, row);
        struct case_customer *customer = (struct case_customer *)want->rows->customer;
        if (row_null(result, row, CUSTOMER_FIRST) || customer->order_count == CASE_CUSTOMER_ORDERS_MAX)
            continue;
        struct case_customer_order *orders = (struct case_customer_order *)customer->orders;
        read_columns(bought_columns, COUNT_OF(bought_columns), result, row, CUSTOMER_FIRST,
                     row_text(result, row, CUSTOMER_CURRENCY), want->arena, &orders[customer->order_count++]);
        read_profile(customer, result, row, want->arena);
    }
}

void cases_decode_one(enum cases_statement statement, struct case_want *const *wants, int count,
                      const PGresult *result)
{
    switch (statement) {
    case CASES_ORDERS:
        decode_orders(wants, count, result);
        break;
    case CASES_ITEMS:
        decode_items(wants, result);
        break;
    case CASES_SHIPMENTS:
        decode_shipments(wants, result);
        break;
    case CASES_EVENTS:
        decode_events(wants, result);
        break;
    case CASES_CONTACTS:
        decode_contacts(wants, result);
        break;
    case CASES_PRODUCTS:
        decode_products(wants, result);
        break;
    case CASES_CUSTOMER:
        decode_customers(wants, result);
        break;
    case CASES_LOOKUP:
    case CASES_STATEMENTS:
        break;
    }
}

void cases_decode(struct case_want *const *wants, int count, const PGresult *const results[CASES_STATEMENTS])
{
    for (int statement = CASES_ORDERS; statement < CASES_STATEMENTS; statement++)
        cases_decode_one((enum cases_statement)statement, wants, count, results[statement]);
}
