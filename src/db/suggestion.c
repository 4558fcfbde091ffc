#include "replyd/suggestion.h"

#include <string.h>

static void want_fill(struct case_want *want, const struct request *request,
                      const struct understanding *understanding)
{
    if (request->order_number) {
        want->order_numbers[want->order_number_count++] = request->order_number;
    } else if (understanding) {
        const struct entities *found = &understanding->entities;
        /* A bare number is an order's only if the buyer who names it can be compared. */
        bool named = request->buyer.email || request->buyer.id;
        for (int i = 0; i < found->order_number_count && want->order_number_count < CASE_CANDIDATES; i++) {
            if (found->order_number_bare[i] && !named)
                continue;
            want->order_number_bare[want->order_number_count] = found->order_number_bare[i];
            want->order_numbers[want->order_number_count++] = found->order_numbers[i];
        }
        for (int i = 0; i < found->tracking_number_count && i < CASE_CANDIDATES; i++)
            want->tracking_numbers[want->tracking_number_count++] = found->tracking_numbers[i];
    }
    want->as_of = request->as_of;
    want->conversation_id = request->conversation_id;
    want->message_id = request->has_message ? request->message.id : NULL;
    want->buyer_email = request->buyer.email;
    want->buyer_id = request->buyer.id;
    want->sku = request->sku;
}

/* A further intent that is less sure than this is nobody's question, whatever the shop's `unclear_below`. */
#define ALSO_FROM 0.25

static unsigned reads_for(const struct playbook *playbook, const struct request *request,
                          const struct understanding *understanding)
{
    if (!understanding)
        return playbook_reads(playbook, 0, 0, UINT64_C(1) << request->trigger);
    uint64_t intents = UINT64_C(1) << understanding->intent;
    for (int i = 0; i < understanding->alternative_count; i++)
        if (understanding->alternatives[i].confidence >= ALSO_FROM)
            intents |= UINT64_C(1) << understanding->alternatives[i].intent;
    return playbook_reads(playbook, intents, understanding->entities.claims, 0);
}

int suggestion_read(const json_t *body, moment_t now, const struct playbook *playbook,
                    struct understand_scratch *scratch, struct arena *arena, struct request *ret_request,
                    struct understanding *ret_understanding, struct case_want *ret_want,
                    struct faults *faults)
{
    if (request_read(body, now, ret_request, faults) > 0)
        return faults->count;
    const struct request_message *message = &ret_request->message;
    if (ret_request->has_message)
        understand(scratch, message->subject, message->text, strlen(message->text), ret_request->as_of, arena,
                   ret_understanding);
    *ret_want = (struct case_want){0};
    const struct understanding *understanding = suggestion_understanding(ret_request, ret_understanding);
    want_fill(ret_want, ret_request, understanding);
    ret_want->reads = reads_for(playbook, ret_request, understanding);
    return 0;
}

bool suggestion_wants_more(const struct playbook *playbook, const struct request *request,
                           const struct understanding *understanding, struct case_want *want)
{
    if (!request->has_message && request->trigger < 0)
        return false;
    unsigned reads =
        reads_for(playbook, request, suggestion_understanding(request, understanding)) & ~want->reads;
    want->reads |= reads;
    return reads != 0;
}

const struct understanding *suggestion_understanding(const struct request *request,
                                                     const struct understanding *understanding)
{
    return request->has_message ? understanding : NULL;
}

void suggestion_store_row(int64_t shop_id, const struct request *request,
                          const struct understanding *understanding, const struct case_rows *rows,
                          const struct suggestion *suggestion, struct store_row *ret_row)
{
    const struct case_order *order = suggestion->order_told ? rows->order : NULL;
    *ret_row = (struct store_row){
        .shop_id = shop_id,
        .as_of = request->as_of,
        .received_at = request->has_message ? request->message.received_at : MOMENT_NONE,
        .conversation_id = request->conversation_id,
        .message_id = request->has_message ? request->message.id : NULL,
        .order_number = suggestion->order_number,
        .buyer_email = request->buyer.email ? request->buyer.email
                       : order              ? order->customer.email
                                            : NULL,
        .buyer_id = request->buyer.id ? request->buyer.id
                    : order           ? order->customer.external_id
                                      : NULL,
        .trigger = request->has_message ? NULL : words_trigger[request->trigger],
        .intent = request->has_message ? words_intent[understanding->intent] : NULL,
        .issue = suggestion->issue->code,
        .stage = words_stage[suggestion->issue->stage],
        .priority = words_priority[suggestion->priority],
        .responsible_party = words_party[suggestion->issue->party],
        .language = suggestion->reply_language,
        .rows_hash = order ? order->rows_version : 0,
        .offered = suggestion->offered,
        .promised_refund = suggestion->promised_refund,
        .follow_up_at = suggestion->follow_up_at,
        .request = &suggestion->request_json,
        .facts = &suggestion->facts_json,
        .answer = &suggestion->answer,
    };
}
