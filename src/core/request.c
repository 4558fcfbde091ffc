#include "replyd/request.h"

#include "facts_gen.h"

#include <string.h>
#include <strings.h>

#define TEXT_MAX 20000

/* The body as it stands, before what depends on two fields is looked at. */
struct request_body {
    struct request request; /* first: what needs no second look goes straight in */
    const json_t *message;
    const char *reply_language;
};

static const struct field message_fields[] = {
    {"id", .type = FIELD_CODE, .offset = offsetof(struct request_message, id)},
    {"conversation_id", .type = FIELD_CODE, .offset = offsetof(struct request_message, conversation_id)},
    {"channel", .type = FIELD_CODE, .max = 50, .offset = offsetof(struct request_message, channel)},
    {"subject", .type = FIELD_PROSE, .max = 1000, .offset = offsetof(struct request_message, subject)},
    {"text", .type = FIELD_PROSE, .required = true, .max = TEXT_MAX,
     .offset = offsetof(struct request_message, text)},
    {"received_at", .type = FIELD_TIME, .offset = offsetof(struct request_message, received_at)},
    {"language", .type = FIELD_LANGUAGE, .offset = offsetof(struct request_message, language)},
    {"has_attachments", .type = FIELD_FLAG, .offset = offsetof(struct request_message, has_attachments)},
    {NULL},
};

static const struct field buyer_fields[] = {
    {"name", .type = FIELD_TEXT, .max = 200, .offset = offsetof(struct request, buyer.name)},
    {"email", .type = FIELD_EMAIL, .offset = offsetof(struct request, buyer.email)},
    {"id", .type = FIELD_CODE, .offset = offsetof(struct request, buyer.id)},
    {"country", .type = FIELD_COUNTRY, .offset = offsetof(struct request, buyer.country)},
    {NULL},
};

static const struct field agent_fields[] = {
    {"name", .type = FIELD_TEXT, .max = 200, .offset = offsetof(struct request, agent.name)},
    {"language", .type = FIELD_LANGUAGE, .offset = offsetof(struct request, agent.language)},
    {NULL},
};

static const struct field body_fields[] = {
    {"message", .type = FIELD_ANY, .offset = offsetof(struct request_body, message)},
    {"trigger", .type = FIELD_WORD, .words = words_trigger,
     .offset = offsetof(struct request_body, request.trigger)},
    {"conversation_id", .type = FIELD_CODE, .offset = offsetof(struct request_body, request.conversation_id)},
    {"order_number", .type = FIELD_CODE, .offset = offsetof(struct request_body, request.order_number)},
    {"sku", .type = FIELD_CODE, .offset = offsetof(struct request_body, request.sku)},
    {"buyer", .type = FIELD_OBJECT, .fields = buyer_fields, .offset = offsetof(struct request_body, request)},
    {"agent", .type = FIELD_OBJECT, .fields = agent_fields, .offset = offsetof(struct request_body, request)},
    {"reply_language", .type = FIELD_CODE, .offset = offsetof(struct request_body, reply_language)},
    {"as_of", .type = FIELD_TIME, .offset = offsetof(struct request_body, request.as_of)},
    {"dry_run", .type = FIELD_FLAG, .offset = offsetof(struct request_body, request.dry_run)},
    {NULL},
};

/* These are about a customer, not about one of his orders. */
bool trigger_has_order(int trigger)
{
    return trigger != TRIGGER_SEVERAL_UNPAID_ORDERS && trigger != TRIGGER_HOLIDAY_GREETING &&
           trigger != TRIGGER_PROMOTION_NEWS && trigger != TRIGGER_WIN_BACK;
}

/* The years that a shop's mail can be from; RFC 3339 would take more. */
static void check_sane(moment_t moment, const char *pointer, struct faults *faults)
{
    if (moment != MOMENT_NONE &&
        (moment < day_start(day_from_civil(2000, 1, 1)) || moment >= day_start(day_from_civil(2100, 1, 1))))
        faults_add(faults, pointer, "must be in the years 2000 to 2099");
}

static bool given(const json_t *body, const char *name)
{
    const json_t *value = json_object_get(body, name);
    return value && !json_is_null(value);
}

/* What a trigger is about: an order, or a customer. An address that is wrong has its fault already. */
static void check_trigger(const struct request *request, const json_t *body, struct faults *faults)
{
    const json_t *buyer = json_object_get(body, "buyer");
    if (request->trigger < 0)
        return;
    if (trigger_has_order(request->trigger) && !given(body, "order_number"))
        faults_add(faults, "/order_number", "a \"%s\" trigger names the order",
                   words_trigger[request->trigger]);
    if (!trigger_has_order(request->trigger) && !given(buyer, "email") && !given(buyer, "id"))
        faults_add(faults, "/buyer", "a \"%s\" trigger names the customer by \"email\" or \"id\"",
                   words_trigger[request->trigger]);
}

static void check_reply_language(struct request_body *read, struct faults *faults)
{
    const char *language = read->reply_language;
    if (!language || strcasecmp(language, "auto") == 0)
        return;
    if (fields_text_fits(FIELD_LANGUAGE, language))
        read->request.reply_language = language;
    else
        faults_add(faults, "/reply_language",
                   "must be \"auto\" or a BCP 47 language such as \"en\" or \"pt-BR\"");
}

/* Exactly one of message and trigger; only a trigger has a conversation_id beside it. */
static void check_either(const json_t *body, struct faults *faults)
{
    bool message = given(body, "message"), trigger = given(body, "trigger");
    if (!message && !trigger)
        faults_add(faults, "", "needs a \"message\" or a \"trigger\"");
    else if (message && trigger)
        faults_add(faults, "/trigger", "must not stand beside a \"message\": send one of the two");
    if (message && given(body, "conversation_id"))
        faults_add(faults, "/conversation_id", "belongs in \"message\"; only a \"trigger\" has it here");
}

int request_read(const json_t *body, moment_t now, struct request *ret_request, struct faults *faults)
{
    int before = faults->count;
    struct request_body read = {
        .request = {.trigger = -1, .as_of = now, .message = {.received_at = MOMENT_NONE}},
    };
    struct request *request = &read.request;
    fields_read(body_fields, body, "", &read, faults);
    if (!json_is_object(body))
        return faults->count - before;
    check_either(body, faults);
    if (read.message) {
        request->has_message = true;
        fields_read(message_fields, read.message, "/message", &request->message, faults);
        request->conversation_id = request->message.conversation_id;
        check_sane(request->message.received_at, "/message/received_at", faults);
    } else {
        check_trigger(request, body, faults);
    }
    check_sane(request->as_of, "/as_of", faults);
    check_reply_language(&read, faults);
    if (faults->count == before)
        *ret_request = *request;
    return faults->count - before;
}
