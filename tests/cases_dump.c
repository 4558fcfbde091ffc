/* Reads cases as a worker does and prints what was read, one JSON line a case: cases_dump URL < wants
 *
 * A want is a line of words: shop_id as_of order=NUMBER ... bare=NUMBER ... tracking=NUMBER ...
 * conversation=ID message=ID email=ADDRESS id=ID sku=SKU reads=product,customer. All lines are one batch. */
#include "replyd/cases_db.h"
#include "replyd/json.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WANTS_MAX 512

static struct case_want wants[WANTS_MAX];
static struct case_rows rows[WANTS_MAX];
static struct arena arena;

static void word_read(struct case_want *want, char *word)
{
    char *value = strchr(word, '=');
    if (!value)
        return;
    *value++ = '\0';
    value = arena_strdup(&arena, value);
    if (strcmp(word, "bare") == 0)
        want->order_number_bare[want->order_number_count] = true;
    if (strcmp(word, "order") == 0 || strcmp(word, "bare") == 0)
        want->order_numbers[want->order_number_count++] = value;
    else if (strcmp(word, "tracking") == 0)
        want->tracking_numbers[want->tracking_number_count++] = value;
    else if (strcmp(word, "conversation") == 0)
        want->conversation_id = value;
    else if (strcmp(word, "message") == 0)
        want->message_id = value;
    else if (strcmp(word, "email") == 0)
        want->buyer_email = value;
    else if (strcmp(word, "id") == 0)
        want->buyer_id = value;
    else if (strcmp(word, "sku") == 0)
        want->sku = value;
    else if (strcmp(word, "reads") == 0)
        want->reads = (strstr(value, "product") ? CASE_READS_PRODUCT : 0u) |
                      (strstr(value, "customer") ? CASE_READS_CUSTOMER : 0u);
}

static int wants_read(void)
{
    char line[2000];
    int count = 0;
    while (count < WANTS_MAX && fgets(line, sizeof line, stdin)) {
        struct case_want *want = &wants[count];
        char *word = strtok(line, " \n"), *as_of = strtok(NULL, " \n");
        *want = (struct case_want){.shop_id = atoll(word), .arena = &arena, .rows = &rows[count]};
        if (moment_parse(as_of, strlen(as_of), &want->as_of) != 0)
            return -1;
        while ((word = strtok(NULL, " \n")))
            word_read(want, word);
        count++;
    }
    return count;
}

static PGresult *execute(PGconn *connection, enum cases_statement statement, struct params *params)
{
    const char *values[PARAMS_MAX];
    int formats[PARAMS_MAX];
    assert(params->count == cases_statements[statement].param_count);
    params_arrays(params, values, formats);
    PGresult *result = PQexecPrepared(connection, cases_statements[statement].name, params->count, values,
                                      params->length, formats, 1);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        fprintf(stderr, "%s: %s", cases_statements[statement].name, PQerrorMessage(connection));
        exit(1);
    }
    return result;
}

static void prepare(PGconn *connection)
{
    for (const char *const *setting = cases_settings; *setting; setting++)
        PQclear(PQexec(connection, *setting));
    for (int i = 0; i < CASES_STATEMENTS; i++) {
        PGresult *result = PQprepare(connection, cases_statements[i].name, cases_statements[i].sql, 0, NULL);
        if (PQresultStatus(result) != PGRES_COMMAND_OK) {
            fprintf(stderr, "%s: %s", cases_statements[i].name, PQerrorMessage(connection));
            exit(1);
        }
        PQclear(result);
    }
}

/* --- printing: names as in cases.h, unknown left out --- */

static void text(struct buf *out, const char *key, const char *value)
{
    if (value)
        json_kstring(out, key, value);
}

static void word(struct buf *out, const char *key, int value, const char *const *words)
{
    if (value >= 0)
        json_kstring(out, key, words[value]);
}

static void number(struct buf *out, const char *key, int64_t value, int64_t unknown)
{
    if (value != unknown)
        json_kint(out, key, value);
}

static void amount(struct buf *out, const char *key, const struct money *money)
{
    if (money->currency[0] == '\0')
        return;
    json_key(out, key);
    money_write(money->minor, money->currency, out);
}

static void when(struct buf *out, const char *key, moment_t moment)
{
    char formatted[MOMENT_TEXT];
    if (moment != MOMENT_NONE)
        json_kstring(out, key, moment_format(moment, formatted));
}

static void flag(struct buf *out, const char *key, enum tristate value)
{
    if (value != TRI_UNKNOWN)
        json_kbool(out, key, value == TRI_TRUE);
}

static void print_event(struct buf *out, const struct case_event *event)
{
    json_object_begin(out);
    when(out, "at", event->at);
    text(out, "text", event->text);
    text(out, "code", event->code);
    word(out, "code_system", event->code_system, words_code_system);
    word(out, "state", event->state, words_shipment_state);
    text(out, "city", event->city);
    text(out, "postcode", event->postcode);
    text(out, "country", event->country);
    json_object_end(out);
}

static void print_shipment(struct buf *out, const struct case_shipment *shipment)
{
    json_object_begin(out);
    text(out, "tracking_number", shipment->tracking_number);
    text(out, "carrier", shipment->carrier);
    text(out, "service", shipment->service);
    text(out, "tracking_url", shipment->tracking_url);
    text(out, "carrier_phone", shipment->carrier_phone);
    text(out, "signed_by", shipment->signed_by);
    text(out, "pickup_point", shipment->pickup_point);
    word(out, "carrier_kind", shipment->carrier_kind, words_carrier_kind);
    flag(out, "tracked", shipment->tracked);
    flag(out, "free_return", shipment->free_return);
    when(out, "shipped_at", shipment->shipped_at);
    when(out, "promised_by", shipment->promised_by);
    when(out, "claim_by", shipment->claim_by);
    when(out, "pickup_by", shipment->pickup_by);
    when(out, "customs_act_by", shipment->customs_act_by);
    number(out, "weight_g", shipment->weight_g, -1);
    number(out, "expected_weight_g", shipment->expected_weight_g, -1);
    amount(out, "return_cost", &shipment->return_cost);
    amount(out, "customs_duty", &shipment->customs_duty);
    word(out, "customs_reason", shipment->customs_reason, words_customs_reason);
    word(out, "customs_party", shipment->customs_party, words_customs_party);
    word(out, "return_reason", shipment->return_reason, words_return_reason);
    word(out, "return_cause", shipment->return_cause, words_return_cause);
    text(out, "customs_document", shipment->customs_document);
    text(out, "customs_pay_to", shipment->customs_pay_to);
    if (shipment->content_count > 0) {
        json_key(out, "contents");
        json_object_begin(out);
        for (int i = 0; i < shipment->content_count; i++)
            json_kint(out, shipment->contents[i].sku, shipment->contents[i].quantity);
        json_object_end(out);
    }
    json_key(out, "events");
    json_array_begin(out);
    for (int i = 0; i < shipment->event_count; i++)
        print_event(out, &shipment->events[i]);
    json_array_end(out);
    json_object_end(out);
}

static void print_item(struct buf *out, const struct case_item *item)
{
    json_object_begin(out);
    text(out, "sku", item->sku);
    text(out, "name", item->name);
    text(out, "variant", item->variant);
    number(out, "quantity", item->quantity, -1);
    number(out, "unit_price", item->unit_price, MONEY_NONE);
    amount(out, "unit_cost", &item->unit_cost);
    json_object_end(out);
}

static void print_order(struct buf *out, const struct case_order *order)
{
    json_object_begin(out);
    text(out, "number", order->number);
    word(out, "status", order->status, words_order_status);
    word(out, "platform", order->platform, words_platform);
    text(out, "currency", order->currency);
    number(out, "total", order->total, MONEY_NONE);
    number(out, "freight", order->freight, MONEY_NONE);
    number(out, "margin", order->margin, MONEY_NONE);
    text(out, "note", order->note);
    when(out, "placed_at", order->placed_at);
    when(out, "paid_at", order->paid_at);
    when(out, "ship_by", order->ship_by);
    when(out, "new_ship_by", order->new_ship_by);
    when(out, "protection_ends_on", order->protection_ends_on);
    text(out, "shipping_method", order->shipping_method);
    text(out, "incoterm", order->incoterm);
    flag(out, "duty_informed", order->duty_informed);
    word(out, "payment_failure", order->payment_failure, words_payment_failure);
    word(out, "tax_collected_by", order->tax_collected_by, words_tax_collector);
    text(out, "customer_name", order->customer.name);
    text(out, "customer_email", order->customer.email);
    text(out, "customer_country", order->customer.country);
    text(out, "customer_language", order->customer.language);
    text(out, "customer_id", order->customer.external_id);
    text(out, "address_line1", order->address.line1);
    text(out, "address_city", order->address.city);
    text(out, "address_postcode", order->address.postcode);
    text(out, "address_country", order->address.country);
    word(out, "refund_state", order->refund_state, words_refund_state);
    number(out, "refund_amount", order->refund_amount, MONEY_NONE);
    text(out, "refund_method", order->refund_method);
    when(out, "refund_at", order->refund_at);
    word(out, "return_state", order->return_state, words_return_state);
    text(out, "return_tracking_number", order->return_tracking_number);
    when(out, "return_at", order->return_at);
    word(out, "dispute_kind", order->dispute_kind, words_dispute_kind);
    text(out, "dispute_reason", order->dispute_reason);
    when(out, "dispute_opened_at", order->dispute_opened_at);
    when(out, "dispute_respond_by", order->dispute_respond_by);
    json_key(out, "items");
    json_array_begin(out);
    for (int i = 0; i < order->item_count; i++)
        print_item(out, &order->items[i]);
    json_array_end(out);
    json_key(out, "shipments");
    json_array_begin(out);
    for (int i = 0; i < order->shipment_count; i++)
        print_shipment(out, &order->shipments[i]);
    json_array_end(out);
    json_kint(out, "rows_version", order->rows_version);
    json_object_end(out);
}

static void range(struct buf *out, const char *key, const struct field_array *cm)
{
    const double *ends = cm->items;
    if (cm->count != 2)
        return;
    json_key(out, key);
    json_array_begin(out);
    json_put_double(out, ends[0]);
    json_put_double(out, ends[1]);
    json_array_end(out);
}

static void print_lists(struct buf *out, const struct case_product *product)
{
    json_key(out, "variants");
    json_array_begin(out);
    for (int i = 0; i < product->variant_count; i++) {
        const struct case_variant *variant = &product->variants[i];
        json_object_begin(out);
        text(out, "sku", variant->sku);
        text(out, "name", variant->name);
        text(out, "color", variant->color);
        text(out, "size", variant->size);
        number(out, "stock", variant->stock, -1);
        json_object_end(out);
    }
    json_array_end(out);
    json_key(out, "size_chart");
    json_array_begin(out);
    for (int i = 0; i < product->size_count; i++) {
        const struct case_size *size = &product->sizes[i];
        json_object_begin(out);
        text(out, "size", size->size);
        range(out, "bust_cm", &size->bust);
        range(out, "waist_cm", &size->waist);
        range(out, "hip_cm", &size->hip);
        range(out, "length_cm", &size->length);
        range(out, "sleeve_cm", &size->sleeve);
        range(out, "foot_cm", &size->foot);
        json_object_end(out);
    }
    json_array_end(out);
    json_key(out, "price_tiers");
    json_array_begin(out);
    for (int i = 0; i < product->tier_count; i++) {
        const struct case_tier *tier = &product->tiers[i];
        json_object_begin(out);
        json_kint(out, "min_quantity", tier->min_quantity);
        amount(out, "unit_price", &tier->unit_price);
        json_kbool(out, "freight_included", tier->freight_included);
        json_kbool(out, "wholesale", tier->wholesale);
        json_object_end(out);
    }
    json_array_end(out);
}

static void print_product(struct buf *out, const struct case_product *product)
{
    json_object_begin(out);
    text(out, "sku", product->sku);
    text(out, "name", product->name);
    text(out, "description", product->description);
    text(out, "material", product->material);
    text(out, "unit_of_sale", product->unit_of_sale);
    text(out, "low_price_reason", product->low_price_reason);
    text(out, "voltage", product->voltage);
    text(out, "plug", product->plug);
    text(out, "manual_url", product->manual_url);
    amount(out, "price", &product->price);
    amount(out, "floor_price", &product->floor_price);
    amount(out, "cost", &product->cost);
    number(out, "stock", product->stock, -1);
    when(out, "restock_on", product->restock_on);
    number(out, "units_per_pack", product->units_per_pack, -1);
    if (product->weight_g >= 0) {
        json_key(out, "weight_g");
        json_put_double(out, product->weight_g);
    }
    flag(out, "quality_guarantee", product->quality_guarantee);
    print_lists(out, product);
    json_key(out, "alternatives");
    json_array_begin(out);
    for (int i = 0; i < product->alternative_count; i++)
        print_product(out, &product->alternatives[i]);
    json_array_end(out);
    json_object_end(out);
}

static void print_customer(struct buf *out, const struct case_customer *customer)
{
    json_object_begin(out);
    text(out, "name", customer->name);
    text(out, "email", customer->email);
    text(out, "country", customer->country);
    text(out, "language", customer->language);
    text(out, "id", customer->external_id);
    when(out, "birthday", customer->birthday);
    flag(out, "marketing_consent", customer->marketing_consent);
    json_kint(out, "reviews", customer->reviews);
    json_key(out, "orders");
    json_array_begin(out);
    for (int i = 0; i < customer->order_count; i++) {
        const struct case_customer_order *order = &customer->orders[i];
        json_object_begin(out);
        text(out, "number", order->number);
        word(out, "status", order->status, words_order_status);
        word(out, "platform", order->platform, words_platform);
        text(out, "currency", order->currency);
        number(out, "total", order->total, MONEY_NONE);
        number(out, "freight", order->freight, MONEY_NONE);
        when(out, "placed_at", order->placed_at);
        when(out, "paid_at", order->paid_at);
        text(out, "line1", order->address.line1);
        text(out, "city", order->address.city);
        text(out, "postcode", order->address.postcode);
        text(out, "country", order->address.country);
        word(out, "return_state", order->return_state, words_return_state);
        word(out, "dispute_kind", order->dispute_kind, words_dispute_kind);
        text(out, "first_item", order->first_item);
        json_object_end(out);
    }
    json_array_end(out);
    json_object_end(out);
}

static void print_rows(struct buf *out, const struct case_rows *read)
{
    json_object_begin(out);
    if (read->order) {
        json_key(out, "order");
        print_order(out, read->order);
    }
    json_key(out, "contacts");
    json_array_begin(out);
    for (int i = 0; i < read->contact_count; i++) {
        const struct case_contact *contact = &read->contacts[i];
        json_object_begin(out);
        text(out, "message_id", contact->message_id);
        text(out, "issue", contact->issue);
        when(out, "received_at", contact->received_at);
        json_kbool(out, "sent", contact->sent);
        json_kbool(out, "promised_refund", contact->promised_refund);
        when(out, "follow_up_at", contact->follow_up_at);
        json_key(out, "offered");
        json_array_begin(out);
        for (int action = 0; words_option_action[action]; action++)
            if (contact->offered >> action & 1)
                json_put_string(out, words_option_action[action]);
        json_array_end(out);
        json_object_end(out);
    }
    json_array_end(out);
    if (read->product_count > 0) {
        json_key(out, "products");
        json_array_begin(out);
        for (int i = 0; i < read->product_count; i++)
            print_product(out, &read->products[i]);
        json_array_end(out);
    }
    if (read->customer) {
        json_key(out, "customer");
        print_customer(out, read->customer);
    }
    json_object_end(out);
}

int main(int argc, char **argv)
{
    struct case_want *batch[WANTS_MAX];
    PGresult *results[CASES_STATEMENTS] = {0};
    struct params params = {0};
    struct buf out = {0};
    if (argc != 2) {
        fputs("usage: cases_dump URL < wants\n", stderr);
        return 2;
    }
    int count = wants_read();
    PGconn *connection = PQconnectdb(argv[1]);
    if (count < 0 || PQstatus(connection) != CONNECTION_OK) {
        fprintf(stderr, "%s", count < 0 ? "as_of: RFC 3339\n" : PQerrorMessage(connection));
        return 1;
    }
    prepare(connection);
    for (int i = 0; i < count; i++)
        batch[i] = &wants[i];
    for (int statement = 0; statement < CASES_STATEMENTS; statement++) {
        if (!cases_params(statement, batch, count, &params))
            continue;
        results[statement] = execute(connection, statement, &params);
        if (statement == CASES_LOOKUP)
            cases_lookup_decode(batch, count, results[statement]);
    }
    cases_decode(batch, count, (const PGresult *const *)results);
    for (int i = 0; i < count; i++) {
        print_rows(&out, &rows[i]);
        buf_addc(&out, '\n');
    }
    fwrite(out.data, 1, out.len, stdout);
    for (int statement = 0; statement < CASES_STATEMENTS; statement++)
        PQclear(results[statement]);
    PQfinish(connection);
    params_free(&params);
    buf_free(&out);
    arena_free(&arena);
    return 0;
}
