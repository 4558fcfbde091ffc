/* Reads playbook/followups.json. */
#include "playbook_load.h"

#define DAYS_MAX 366

static const char *const words_of[] = {"order", "customer", NULL};

static void load_followup(const struct spot *spot, struct followup_rule *rule)
{
    static const char *const keys[] = {"trigger", "of", "when", "due", "days", NULL};
    struct spot trigger = spot_member(spot, "trigger"), of = spot_member(spot, "of"),
                when = spot_member(spot, "when"), due = spot_member(spot, "due"),
                days = spot_member(spot, "days");

    spot_keys(spot, keys);
    *rule = (struct followup_rule){.trigger = spot_word(&trigger, words_trigger, true, 0),
                                   .of_customer = spot_word(&of, words_of, false, 0) == 1,
                                   .when = spot_logic(&when, -1),
                                   .due = spot_logic(&due, -1),
                                   .days = (int)json_integer_value(days.json)};
    if (!when.json || !due.json)
        load_fault(spot->loader, spot->file, spot->place, "must have \"when\" and \"due\"");
    if (!json_is_integer(days.json) || json_integer_value(days.json) < 1 ||
        json_integer_value(days.json) > DAYS_MAX)
        load_fault(spot->loader, spot->file, days.place, "must be a whole number, 1 to %d", DAYS_MAX);
}

static void check_twice(const struct spot *spot, const struct followup_rule *rules, int count)
{
    for (int i = 0; i < count; i++) {
        if (rules[i].trigger == rules[count].trigger)
            load_fault(spot->loader, spot->file, spot->place, "\"trigger\" stands there twice");
    }
}

void load_followups(struct loader *loader)
{
    static const char *const keys[] = {"followups", NULL};
    struct spot top = {.loader = loader, .file = "followups.json", .place = ""}, list;
    struct followup_rule *rules;
    json_t *json;

    if (!load_file(loader, top.file))
        return;
    top.json = json = load_json(loader, top.file);
    if (!json)
        return;
    spot_keys(&top, keys);
    list = spot_member(&top, "followups");
    rules = arena_zalloc(loader->arena, (spot_count(&list) + 1) * sizeof(*rules));
    for (int i = 0; i < spot_count(&list); i++) {
        struct spot rule = spot_item(&list, i);

        load_followup(&rule, &rules[i]);
        check_twice(&rule, rules, i);
    }
    loader->playbook->followups = rules;
    loader->playbook->followup_count = spot_count(&list);
    json_decref(json);
}
