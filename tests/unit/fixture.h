/* fixture.h - one case by hand: order 1001 of Nancy Drew, a tracked parcel by China Post that was promised by
 * 2026-02-20 and left Shenzhen on the 4th; the answer is for 2026-03-02T10:00Z. Tests change what they are
 * about. */
#ifndef REPLYD_TESTS_FIXTURE_H
#define REPLYD_TESTS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "replyd/suggest.h"

struct fixture {
    struct arena arena;
    const struct playbook *playbook;
    struct compose_context *context;
    struct shop shop;
    struct request request;
    struct understanding said;
    bool trigger;
    struct case_order order;
    struct case_item items[3];
    struct case_shipment parcels[3];
    struct case_event events[3][8];
    struct case_contact contacts[4];
    struct case_rows rows;
    struct suggestion answer;
    json_t *json; /* of the answer */
};

static inline moment_t at(const char *text)
{
    moment_t moment = MOMENT_NONE;
    day_t day;

    if (strlen(text) == 10) {
        assert_int_equal(day_parse(text, 10, &day), 0);
        return day_end(day);
    }
    assert_int_equal(moment_parse(text, strlen(text), &moment), 0);
    return moment;
}

static inline void fixture_parcel(struct fixture *f, int i, const char *number, const char *promised)
{
    f->parcels[i] = case_shipment_unknown();
    f->parcels[i].tracking_number = number;
    f->parcels[i].carrier = "China Post";
    f->parcels[i].tracking_url = "https://track.example.com/t?n=1";
    f->parcels[i].carrier_kind = CARRIER_KIND_POST;
    f->parcels[i].tracked = TRI_TRUE;
    f->parcels[i].shipped_at = at("2026-02-04T08:00:00Z");
    f->parcels[i].promised_by = promised ? at(promised) : MOMENT_NONE;
    f->parcels[i].claim_by = at("2026-03-20");
    f->parcels[i].events = f->events[i];
}

static inline void fixture_event(struct fixture *f, int parcel, const char *when, int state, const char *city,
                                 const char *country)
{
    f->events[parcel][f->parcels[parcel].event_count++] = (struct case_event){
        .at = at(when), .text = "scan", .city = city, .country = country, .code_system = -1, .state = state};
}

static inline void fixture_policy(struct policy *policy)
{
    *policy = (struct policy){.currency = "USD",
                              .apology_discount_percent = 5,
                              .lost_discount_percent = 10,
                              .partial_refund_percent = 20,
                              .duty_split_percent = 50,
                              .grace_days = 7,
                              .late_reply_hours = 24,
                              .return_window_days = 30,
                              .handling_days = 3,
                              .investigation_days = 3,
                              .document_hours = 24,
                              .low_stock = 5,
                              .review_invite_after_days = 3,
                              .refund_days = {5, 10},
                              .unclear_below = 0.5,
                              .full_refund_if_not_as_described = true};
}

static inline void fixture_init(struct fixture *f, const struct playbook *playbook,
                                struct compose_context *context)
{
    *f = (struct fixture){.playbook = playbook, .context = context};
    f->shop = (struct shop){.id = 1, .policy_version = 3, .code = "demo", .name = "Blue Lotus"};
    fixture_policy(&f->shop.policy);
    f->request = (struct request){.has_message = true,
                                  .trigger = -1,
                                  .conversation_id = "c-17",
                                  .order_number = "1001",
                                  .as_of = at("2026-03-02T10:00:00Z")};
    f->request.message = (struct request_message){.id = "m-81",
                                                  .text = "Hi, my order still has not arrived!",
                                                  .received_at = at("2026-03-02T09:14:00Z")};
    f->request.buyer.name = "Nancy Drew";
    f->request.buyer.email = "nancy@example.org";
    f->request.agent.name = "Li Xiao";
    f->said = (struct understanding){.language = "en",
                                     .language_confidence = 0.99,
                                     .intent = INTENT_REPORT_NOT_RECEIVED,
                                     .confidence = 0.97,
                                     .alternatives = {{INTENT_TRACK_ORDER, 0.02}},
                                     .alternative_count = 1,
                                     .mood = MOOD_NEUTRAL,
                                     .entities = {.quantity = -1, .deadline_days = -1, .deadline_on = -1}};
    f->items[0] = (struct case_item){"BD-1", "Blue Dress", "M", 1, 3490, {1600, "USD"}};
    f->order = case_order_unknown();
    f->order.number = "1001";
    f->order.status = ORDER_STATUS_SHIPPED;
    f->order.platform = PLATFORM_OWN_SHOP;
    f->order.currency = "USD";
    f->order.total = 3990;
    f->order.freight = 500;
    f->order.placed_at = at("2026-02-02T08:00:00Z");
    f->order.paid_at = at("2026-02-02T08:05:00Z");
    f->order.items = f->items;
    f->order.item_count = 1;
    f->order.shipments = f->parcels;
    f->order.shipment_count = 1;
    f->order.customer.name = "Nancy Drew";
    f->order.customer.email = "Nancy@Example.org";
    f->order.customer.country = "US";
    f->order.customer.language = "en";
    f->order.address.country = "US";
    fixture_parcel(f, 0, "LX123456785CN", "2026-02-20");
    fixture_event(f, 0, "2026-02-05T06:00:00Z", SHIPMENT_STATE_IN_TRANSIT_ORIGIN, "Shenzhen", "CN");
    fixture_event(f, 0, "2026-02-08T22:30:00Z", SHIPMENT_STATE_DEPARTED, "Shenzhen", "CN");
    f->rows = (struct case_rows){.order = &f->order, .contacts = f->contacts};
}

static inline void fixture_free(struct fixture *f)
{
    json_decref(f->json);
    suggestion_free(&f->answer);
    arena_free(&f->arena);
}

/* cmocka's set-up and its end, for programs that keep one playbook and context for all their tests. */
static inline int fixture_new(void **state, const struct playbook *playbook, struct compose_context *context)
{
    struct fixture *f = calloc(1, sizeof(*f));

    fixture_init(f, playbook, context);
    *state = f;
    return 0;
}

static inline int fixture_delete(void **state)
{
    fixture_free(*state);
    free(*state);
    return 0;
}

/* Runs the steps; the answer's text and JSON are in the fixture. */
static inline void fixture_run(struct fixture *f)
{
    arena_reset(&f->arena);
    suggest(f->playbook, f->context, &f->shop, &f->request, f->trigger ? NULL : &f->said, &f->rows, &f->arena,
            &f->answer);
    json_decref(f->json);
    f->json = json_loadb(f->answer.answer.data, f->answer.answer.len, 0, NULL);
    assert_non_null(f->json);
}

/* The facts of the fixture as JSON; the caller's to free. */
static inline json_t *fixture_facts(struct fixture *f)
{
    json_t *json;

    fixture_run(f);
    json = json_loadb(f->answer.facts_json.data, f->answer.facts_json.len, 0, NULL);
    assert_non_null(json);
    return json;
}

/* The answer's value at "a.b.0.c", or NULL. */
static inline const json_t *fixture_at(const struct fixture *f, const char *path)
{
    const json_t *json = f->json;
    char name[64];

    while (json && *path) {
        size_t len = strcspn(path, ".");

        snprintf(name, sizeof(name), "%.*s", (int)len, path);
        json =
            json_is_array(json) ? json_array_get(json, strtoul(name, NULL, 10)) : json_object_get(json, name);
        path += len + (path[len] == '.');
    }
    return json;
}

static inline const char *fixture_text(const struct fixture *f, const char *path)
{
    const char *text = json_string_value(fixture_at(f, path));

    return text ? text : "(null)";
}

/* Runs the steps: they come to this issue. */
static inline void assert_issue(struct fixture *f, const char *issue)
{
    fixture_run(f);
    assert_string_equal(fixture_text(f, "issue.code"), issue);
}

static inline bool fixture_lists(const struct fixture *f, const char *path, const char *word)
{
    const json_t *list = fixture_at(f, path), *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (json_is_string(item) && strcmp(json_string_value(item), word) == 0)
            return true;
    }
    return false;
}

static inline struct playbook *fixture_playbook(void)
{
    struct playbook *playbook = NULL;
    struct buf faults = {0};

    if (playbook_load(playbook_embedded, &faults, &playbook) < 0)
        fail_msg("the playbook has faults:\n%s", buf_text(&faults));
    buf_free(&faults);
    return playbook;
}

#endif
