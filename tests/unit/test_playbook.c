/* Loading a playbook: every slip is told, with its file, place and remedy, all at once. */
#include "fixture.h"

#define FILES_MAX 400

/* The shipped playbook with some files changed. */
struct changed {
    struct playbook_file files[FILES_MAX];
    int count;
    struct buf faults, order;
    struct playbook *playbook;
};

static void changed_init(struct changed *c)
{
    *c = (struct changed){.count = 0};
    for (const struct playbook_file *file = playbook_embedded; file->path; file++) {
        assert_true(c->count < FILES_MAX - 10);
        c->files[c->count++] = *file;
    }
}

/* NULL text takes the file away. */
static void change(struct changed *c, const char *path, const char *text)
{
    int i = 0;

    while (i < c->count && strcmp(c->files[i].path, path) != 0)
        i++;
    if (!text)
        c->files[i] = c->files[--c->count];
    else if (i == c->count)
        c->count++;
    if (text)
        c->files[i] = (struct playbook_file){path, text, strlen(text)};
}

/* Only these of the shipped issues (NULL ends them), in this order: tests of single rules and drafts must not
 * depend on what else is shipped. */
static void keep(struct changed *c, const char *const *issues)
{
    int count = 0;

    for (int i = 0; i < c->count; i++) {
        const char *code = c->files[i].path + strlen("issues/");
        const char *const *kept = issues;

        if (strncmp(c->files[i].path, "platforms/", strlen("platforms/")) == 0)
            continue; /* they name issues */
        if (strncmp(c->files[i].path, "issues/", strlen("issues/")) == 0) {
            while (*kept && (strncmp(code, *kept, strlen(*kept)) != 0 || code[strlen(*kept)] != '/'))
                kept++;
        }
        if (*kept)
            c->files[count++] = c->files[i];
    }
    c->count = count;
    buf_truncate(&c->order, 0);
    for (; *issues; issues++)
        buf_addf(&c->order, "%s\n", *issues);
    change(c, "order.txt", c->order.data);
}

static void changed_init_few(struct changed *c)
{
    static const char *const few[] = {
        "order_not_found", "order_number_missing", "overdue_tracked", "in_transit_on_time", "unclear", NULL};

    changed_init(c);
    keep(c, few);
}

static int load(struct changed *c)
{
    c->files[c->count] = (struct playbook_file){NULL, NULL, 0};
    return playbook_load(c->files, &c->faults, &c->playbook);
}

static void changed_free(struct changed *c)
{
    playbook_free(c->playbook);
    buf_free(&c->faults);
    buf_free(&c->order);
}

static void assert_fault(const char *path, const char *text, const char *fault)
{
    struct changed c;

    changed_init_few(&c);
    change(&c, path, text);
    assert_int_equal(load(&c), -1);
    if (!strstr(buf_text(&c.faults), fault))
        fail_msg("\"%s\" is not in:\n%s", fault, buf_text(&c.faults));
    changed_free(&c);
}

#define RULE "issues/overdue_tracked/rule.json"
#define HEAD                                                                                                 \
    "{\"row\": \"A03\", \"stage\": \"after_sale\", \"party\": \"carrier\", \"intents\": [\"track_order\"], " \
    "\"reason\": \"Late.\", "
#define ACTION "\"action\": \"refund\"}"

static void test_rule_faults(void **state)
{
    (void)state;
    assert_fault(RULE, NULL, RULE ": is missing");
    assert_fault(RULE, "{\n", RULE ": line ");
    assert_fault(RULE, "[]", RULE ": must be an object");
    assert_fault(RULE, HEAD "\"wen\": true, " ACTION, "\"wen\" is not known here");
    assert_fault(RULE, HEAD "\"requires\": [\"order.totl\"], " ACTION,
                 "requires[0]: there is no fact \"order.totl\"");
    assert_fault(RULE, HEAD "\"needs\": [\"order.totl\"], " ACTION,
                 "needs[0]: there is no fact \"order.totl\"");
    assert_fault(RULE, HEAD "\"needs\": [{\"fact\": \"order.totl\"}], " ACTION,
                 "needs[0].fact: there is no fact \"order.totl\"");
    assert_fault(RULE, HEAD "\"needs\": [{\"when\": true}], " ACTION, "needs[0].fact: must be a text");
    assert_fault(RULE, HEAD "\"needs\": [{\"fact\": \"order.total\", \"wen\": true}], " ACTION,
                 "needs[0]: \"wen\" is not known here");
    assert_fault(RULE, HEAD "\"triggers\": [\"delivred\"], " ACTION,
                 "triggers[0]: \"delivred\" is none of its words");
    assert_fault(RULE, HEAD "\"options\": [{\"action\": \"refund_all\", \"reason\": \"x\"}], " ACTION,
                 "options[0].action: \"refund_all\"");
    assert_fault(RULE, HEAD "\"options\": [{\"action\": \"wait\"}], " ACTION, "options[0].reason: must say");
    assert_fault(RULE, HEAD "\"when\": {\"var\": \"shipment.stat\"}, " ACTION, "when: ");
    assert_fault(RULE, HEAD "\"when\": {\"==\": [{\"var\": \"shipment.state\"}, \"deliverd\"]}, " ACTION,
                 "shipment.state is never \"deliverd\"");
    assert_fault(RULE,
                 HEAD "\"when\": {\"in\": [{\"var\": \"shipment.state\"}, [\"lost\", \"gone\"]]}, " ACTION,
                 "shipment.state is never \"gone\"");
    assert_fault(RULE,
                 HEAD
                 "\"when\": {\"<\": [{\"var\": \"order.total\"}, {\"var\": \"policy.reship_max\"}]}, " ACTION,
                 "mixes amounts");
    assert_fault(RULE,
                 HEAD "\"options\": [{\"action\": \"wait\", \"reason\": \"x\","
                      " \"cost\": {\"var\": \"shipment.customs.duty\"}}], " ACTION,
                 "options[0].cost: must be in the order's currency");
    assert_fault(RULE, HEAD "\"underlying\": [\"overdu\"], " ACTION, "there is no issue \"overdu\"");
    assert_fault(RULE, HEAD "\"underlying\": [{\"issue\": \"unclear\", \"if\": true}], " ACTION,
                 "\"if\" is not known here");
    assert_fault(RULE, HEAD "\"underlying\": [{\"when\": true}], " ACTION,
                 "underlying[0].issue: must be a text");
    assert_fault(RULE, HEAD "\"review\": [\"dispute\", \"hm\"], " ACTION, "review[1]: \"hm\"");
    assert_fault(RULE, HEAD "\"action\": [{\"action\": \"refund\", \"when\": true}]}", "the last action");
    assert_fault(RULE,
                 "{\"row\": \"A03\", \"stage\": \"after_sale\", \"party\": \"carrier\", \"reason\": "
                 "\"{{order.note}}\", " ACTION,
                 "{{order.note}} may be unknown here");
    assert_fault(RULE,
                 "{\"row\": \"A03\", \"stage\": \"after_sale\", \"party\": \"carrier\", \"intents\": "
                 "[\"@nothing\"], \"reason\": \"x\", " ACTION,
                 "there is no group \"@nothing\"");
}

#define FOLLOWUPS "followups.json"
#define DUE "\"when\": true, \"due\": {\"var\": \"as_of\"}, \"days\": 7"

static void test_followup_faults(void **state)
{
    (void)state;
    assert_fault(FOLLOWUPS, "{\"followup\": []}", "\"followup\" is not known here");
    assert_fault(FOLLOWUPS, "{\"followups\": [{\"trigger\": \"delivred\", " DUE "}]}",
                 "followups[0].trigger: \"delivred\" is none of its words");
    assert_fault(FOLLOWUPS, "{\"followups\": [{" DUE "}]}", "followups[0].trigger: must be a word");
    assert_fault(FOLLOWUPS,
                 "{\"followups\": [{\"trigger\": \"delivered\", " DUE "}, {\"trigger\": \"delivered\", " DUE
                 "}]}",
                 "followups[1]: \"trigger\" stands there twice");
    assert_fault(FOLLOWUPS, "{\"followups\": [{\"trigger\": \"delivered\", \"of\": \"shop\", " DUE "}]}",
                 "followups[0].of: \"shop\" is none of its words");
    assert_fault(FOLLOWUPS, "{\"followups\": [{\"trigger\": \"delivered\", \"due\": 1, \"days\": 7}]}",
                 "followups[0]: must have \"when\" and \"due\"");
    assert_fault(FOLLOWUPS, "{\"followups\": [{\"trigger\": \"delivered\", \"when\": true, \"days\": 7}]}",
                 "followups[0]: must have \"when\" and \"due\"");
    assert_fault(FOLLOWUPS,
                 "{\"followups\": [{\"trigger\": \"delivered\", \"when\": true, \"due\": 1, \"days\": 0}]}",
                 "followups[0].days: must be a whole number, 1 to 366");
    assert_fault(
        FOLLOWUPS,
        "{\"followups\": [{\"trigger\": \"delivered\", \"when\": {\"var\": \"order.totl\"}, \"due\": 1, "
        "\"days\": 7}]}",
        "followups[0].when: ");
}

#define LAW "law/test.json"
#define ENTRY(rest) "{\"entries\": [{\"source\": \"Act 1\", " rest "}]}"
#define WITHDRAWAL "\"topic\": \"withdrawal\", \"days\": 14, \"countries\": [\"CH\"]"

static void test_law_faults(void **state)
{
    struct changed c;

    (void)state;
    assert_fault(LAW, "[]", LAW ": must be an object");
    assert_fault(LAW, "{\"entries\": {}}", LAW ": entries: must be a list");
    assert_fault(LAW, "{\"entry\": []}", "\"entry\" is not known here");
    assert_fault(LAW, "{\"entries\": [7]}", LAW ": entries[0]: ");
    assert_fault(LAW, ENTRY(WITHDRAWAL), LAW ": entries[0]");
    assert_fault(LAW, ENTRY(WITHDRAWAL ", \"from\": \"2026-02-30\""), "entries[0]/from: ");
    assert_fault(LAW, ENTRY(WITHDRAWAL ", \"from\": \"2026-02-03\", \"until\": \"2026-02-02\""),
                 "\"until\" must not be before \"from\"");
    assert_fault(LAW, ENTRY(WITHDRAWAL ", \"from\": \"2026-02-03\", \"month\": 2"), "entries[0]");
    assert_fault(LAW, ENTRY(WITHDRAWAL ", \"from\": \"2026-02-03\", \"months\": 2"),
                 "\"months\" says nothing about withdrawal");
    assert_fault(LAW, ENTRY("\"topic\": \"guarantee\", \"from\": \"2026-02-03\", \"countries\": [\"CH\"]"),
                 "an entry about guarantee needs \"months\"");
    assert_fault(LAW, ENTRY("\"topic\": \"withdrawl\", \"from\": \"2026-02-03\", \"countries\": [\"CH\"]"),
                 "entries[0]/topic: ");
    assert_fault(
        LAW,
        ENTRY("\"topic\": \"withdrawal\", \"days\": 14, \"from\": \"2026-02-03\", \"countries\": [\"UK\"]"),
        "entries[0]/countries/0: ");
    assert_fault(
        LAW,
        ENTRY("\"topic\": \"withdrawal\", \"days\": 14, \"from\": \"2026-02-03\", \"countries\": [\"@eea\"]"),
        "there is no group \"@eea\"");
    assert_fault(
        LAW,
        "{\"entries\": [{\"topic\": \"withdrawal\", \"days\": 14, \"from\": \"2026-02-03\", \"countries\": "
        "[\"CH\"]}]}",
        "entries[0]"); /* whence is it known? */
    assert_fault(
        LAW,
        ENTRY(
            "\"topic\": \"import_duty\", \"from\": \"2026-02-03\", \"countries\": [\"CH\"], \"free_below\": "
            "{\"amount\": \"5\", \"currency\": \"CHF\"}, \"each\": {\"amount\": \"3\", \"currency\": "
            "\"CHF\"}"),
        "\"each\" and \"each_below\" go together");
    assert_fault(
        LAW,
        ENTRY("\"topic\": \"withdrawal\", \"days\": 30, \"from\": \"2026-02-03\", \"countries\": [\"GB\"]"),
        "GB has another entry about withdrawal on the same days");
    changed_init(&c); /* a country that has none yet */
    change(&c, LAW, ENTRY(WITHDRAWAL ", \"from\": \"2026-02-03\""));
    assert_int_equal(load(&c), 0);
    assert_int_equal(law_find(c.playbook, LAW_WITHDRAWAL, "CH", day_from_civil(2026, 2, 3))->days, 14);
    assert_null(law_find(c.playbook, LAW_WITHDRAWAL, "CH", day_from_civil(2026, 2, 2)));
    changed_free(&c);
}

#define DERIVED(fact, value)                                                                                 \
    "{\"languages\": [], \"derived\": [{\"fact\": \"" fact "\", \"value\": " value "}]}"

static void test_order_faults(void **state)
{
    (void)state;
    assert_fault("order.txt", NULL, "order.txt: is missing");
    assert_fault("order.txt", "order_not_found\norder_not_found\nunclear\n",
                 "order.txt: line 2: \"order_not_found\" stands there twice");
    assert_fault("order.txt", "unclear\n", "issues/overdue_tracked: is not in order.txt");
    assert_fault("order.txt",
                 "unclear\norder_number_missing\norder_not_found\nin_transit_on_time\noverdue_tracked\n",
                 "the last issue (overdue_tracked) takes what no other fits");
    assert_fault("playbook.json", NULL, "playbook.json: is missing");
    assert_fault("playbook.json", DERIVED("order.high", "true"), "derived[0].fact: there is no fact");
    assert_fault("playbook.json", DERIVED("order.number", "true"), "only flags and numbers are worked out");
    assert_fault("playbook.json", DERIVED("order.settled", "{\"<\": [1, {\"var\": \"today\"}]}"),
                 "order.settled reads today, which changes daily");
    assert_fault("playbook.json",
                 "{\"languages\": [], \"derived\": [{\"fact\": \"order.refundable\", \"value\": {\"var\": "
                 "\"order.settled\"}}, {\"fact\": \"order.settled\", \"value\": true}]}",
                 "derived[0]: reads order.settled, which is worked out later");
    assert_fault("playbook.json", "{\"languages\": [], \"reason_more\": \"{{order.numbr}}\"}", "order.numbr");
    assert_fault("playbook.json", "{\"languages\": [], \"reason_more\": 1}", "reason_more");
    assert_fault("facts.json", "{}", "facts.json: is not the one");
}

#define DRAFT "issues/overdue_tracked/en.mustache"

static void test_draft_faults(void **state)
{
    (void)state;
    assert_fault(DRAFT, "Hello\n\nx\n", DRAFT ": must begin with \"Subject: ...\"");
    assert_fault(DRAFT, "Subject: x\ny\n", DRAFT ": must begin with");
    assert_fault(DRAFT, "Subject: x\n\n{{order.note}}\n",
                 DRAFT ": line 3: {{order.note}} may be unknown here");
    assert_fault(DRAFT, "Subject: {{order.note}}\n\nx\n",
                 DRAFT ": line 1: {{order.note}} may be unknown here");
    assert_fault(DRAFT, "Subject: x\n\ny\n{{order.nuber}}\n",
                 DRAFT ": line 4: {{order.nuber}}: no such fact");
    assert_fault(DRAFT, "Subject: x\n\n{{{order.number}}}\n", "are not for drafts");
    assert_fault(DRAFT, "Subject: x\n\n{{&order.number}}\n", "are not for drafts");
    assert_fault(DRAFT, "Subject: x\n\n{{> trcking}}\n", "there is no file partials/en/trcking.mustache");
    assert_fault(DRAFT, "Subject: x\n\n{{#shipment.state.sunk}}x{{/shipment.state.sunk}}\n",
                 "shipment.state has no flag \"sunk\"");
    assert_fault(DRAFT,
                 "Subject: x\n\n{{#order.note}}{{/order.note}}{{^order.note}}{{order.note}}{{/order.note}}\n",
                 "may be unknown here");
    assert_fault(DRAFT, "Subject: x\n\n{{#shipment.state}}{{shipment.state}}{{/shipment.state}}\n",
                 "is not for people");
    assert_fault(DRAFT, "Subject: x\n\n{{reply.links}}\n", "can't be printed");
    assert_fault(DRAFT, "Subject: x\n\n{{#options}}{{amount}}{{/options}}\n",
                 "{{amount}} may be unknown here");
    assert_fault(DRAFT, "Subject: x\n\n{{#options}}\n", DRAFT ": ");
    assert_fault(DRAFT, "Subject: x\n\n{{> issue}}\n", "the frame stands around every draft");
    assert_fault("partials/en/tracking.mustache", "{{> tracking}}", "leads back to itself");
    assert_fault("partials/en/frame.mustache", NULL, "there is no partials/en/frame.mustache");
    assert_fault("partials/en/order.mustache", "{{order.note}}",
                 "partials/en/order.mustache: line 1: {{order.note}} may be unknown");
}

static void test_all_faults_at_once(void **state)
{
    struct changed c;

    (void)state;
    changed_init_few(&c);
    change(&c, RULE, HEAD "\"requires\": [\"a.b\", \"c.d\"], \"when\": {\"var\": \"e.f\"}, " ACTION);
    change(&c, DRAFT, "Subject: x\n\n{{g.h}}\n");
    assert_int_equal(load(&c), -1);
    assert_non_null(strstr(c.faults.data, "\"a.b\""));
    assert_non_null(strstr(c.faults.data, "\"c.d\""));
    assert_non_null(strstr(c.faults.data, "e.f"));
    assert_non_null(strstr(c.faults.data, "{{g.h}}"));
    changed_free(&c);
}

static void test_guards(void **state)
{
    struct changed c;

    (void)state;
    changed_init_few(&c);
    change(
        &c, DRAFT,
        "Subject: x\n\n{{#order.note}}{{order.note}}{{/order.note}} "
        "{{#options}}{{#amount}}{{amount}}{{/amount}}{{/options}}\n"
        "{{#order.items.several}}several{{/"
        "order.items.several}}{{#order.other_items.few}}{{order.other_items}}{{/order.other_items.few}}\n");
    if (load(&c) < 0)
        fail_msg("%s", c.faults.data);
    assert_non_null(playbook_issue(c.playbook, "overdue_tracked"));
    assert_null(playbook_issue(c.playbook, "overdue"));
    changed_free(&c);
}

/* A playbook's version tells its bytes apart, not the order in which they were read. */
static void test_version(void **state)
{
    struct changed a, b;
    struct playbook_file first;

    (void)state;
    changed_init(&a);
    changed_init(&b);
    first = b.files[0];
    b.files[0] = b.files[1];
    b.files[1] = first;
    assert_int_equal(load(&a), 0);
    assert_int_equal(load(&b), 0);
    assert_string_equal(a.playbook->version, b.playbook->version);
    changed_free(&b);
    changed_init(&b);
    change(&b, "partials/en/greeting.mustache", "Hello!\n");
    assert_int_equal(load(&b), 0);
    assert_string_not_equal(a.playbook->version, b.playbook->version);
    changed_free(&a);
    changed_free(&b);
}

static void test_check(void **state)
{
    struct changed c;
    struct buf out = {0};

    (void)state;
    changed_init(&c);
    assert_int_equal(load(&c), 0);
    if (playbook_check(c.playbook, c.files, &out) > 0)
        fail_msg("%s", out.data);
    assert_null(strstr(out.data, "intent track_order"));
    changed_free(&c);

    changed_init_few(&c);
    change(&c, "issues/in_transit_on_time/en.mustache", NULL);
    change(&c, "issues/in_transit_on_time/en.mustach", "x");
    change(&c, RULE,
           "{\"row\": \"A03\", \"stage\": \"after_sale\", \"party\": \"carrier\", \"intents\": "
           "[\"@where_is_it\", \"change_shipping_method\"], \"reason\": \"x\", " ACTION);
    change(&c, DRAFT, "Subject: x\n\ny\n");
    change(&c, FOLLOWUPS, "{\"followups\": [{\"trigger\": \"order_unpaid\", " DUE "}]}");
    if (load(&c) < 0)
        fail_msg("%s", c.faults.data);
    buf_truncate(&out, 0);
    assert_int_equal(playbook_check(c.playbook, c.files, &out), 4);
    assert_non_null(
        strstr(out.data, "followups.json: followups[0]: no issue takes the trigger \"order_unpaid\""));
    assert_non_null(strstr(out.data, "issues/in_transit_on_time/en.mustache: is missing"));
    assert_non_null(
        strstr(out.data, "issues/in_transit_on_time/rule.json: is never reached: overdue_tracked"));
    assert_non_null(strstr(out.data, "issues/in_transit_on_time/en.mustach: belongs to nothing"));
    changed_free(&c);
    buf_free(&out);
}

/* What a rule may say beyond what the shipped ones do: choices by the state, ranks, options for every
 * element, the options of another issue. */
static void test_rule_language(void **state)
{
    struct fixture f;
    struct changed c;
    struct compose_context *context = compose_context_new();

    (void)state;
    changed_init_few(&c);
    change(&c, "order.txt",
           "order_number_missing\norder_not_found\nsettle\noverdue_tracked\nin_transit_on_time\nunclear\n");
    change(&c, "issues/settle/rule.json",
           "{\"row\": \"A33\", \"stage\": \"after_sale\", \"party\": \"seller\", \"intents\": "
           "[\"threaten_dispute\"],"
           "\"requires\": [\"order.number\"],"
           "\"underlying\": [\"in_transit_on_time\", {\"issue\": \"overdue_tracked\", \"when\": {\"==\": [1, "
           "2]}},"
           "{\"issue\": \"overdue_tracked\", \"when\": {\"known\": [\"order.number\"]}}],"
           "\"action\": [{\"action\": \"wait\", \"when\": {\"==\": [1, 2]}}, {\"action\": "
           "\"propose_settlement\"}],"
           "\"reason\": \"{{#issue.underlying}}As for {{issue.underlying}}.{{/issue.underlying}}\"}");
    change(&c, "issues/settle/en.mustache", "Subject: x\n\n{{> options}}\n");
    change(&c, RULE,
           HEAD "\"requires\": [\"order.items\"], \"options\": ["
                "{\"action\": \"reship\", \"rank\": 3, \"reason\": \"r\"},"
                "{\"action\": \"resend\", \"each\": \"order.items\", \"when\": {\">\": [{\"var\": "
                "\"quantity\"}, 1]}, \"rank\": {\"var\": \"unit_price\"},"
                " \"amount\": {\"var\": \"unit_price\"}, \"offer\": false, \"reason\": \"{{quantity}} of "
                "{{#name}}{{name}}{{/name}}\"}], " ACTION);
    change(&c, DRAFT, "Subject: x\n\ny\n");
    if (load(&c) < 0)
        fail_msg("%s", c.faults.data);
    fixture_init(&f, c.playbook, context);
    f.said.intent = INTENT_THREATEN_DISPUTE;
    f.items[1] = (struct case_item){"A", "Ring", NULL, 2, 2, {0}};
    f.items[2] = (struct case_item){"B", "Shoe", NULL, 3, 1, {0}};
    f.order.item_count = 3;
    fixture_run(&f);
    assert_string_equal(fixture_text(&f, "issue.code"), "settle");
    assert_string_equal(fixture_text(&f, "resolution.action"), "propose_settlement");
    assert_string_equal(fixture_text(&f, "resolution.reason"), "As for overdue_tracked.");
    assert_int_equal(json_array_size(fixture_at(&f, "resolution.options")), 3);
    assert_string_equal(fixture_text(&f, "resolution.options.0.reason"), "3 of Shoe");
    assert_string_equal(fixture_text(&f, "resolution.options.0.amount.amount"), "0.01");
    assert_true(json_is_false(fixture_at(&f, "resolution.options.0.offer_to_buyer")));
    assert_string_equal(fixture_text(&f, "resolution.options.1.reason"), "2 of Ring");
    assert_string_equal(fixture_text(&f, "resolution.options.2.action"), "reship");
    assert_null(strstr(fixture_text(&f, "draft.text"), "Refund"));
    assert_non_null(strstr(fixture_text(&f, "draft.text"), "- New parcel"));
    fixture_free(&f);
    compose_context_free(context);
    changed_free(&c);
}

/* Other languages: their plurals, days, amounts; the agent's own beside the buyer's. */
static void test_languages(void **state)
{
    struct fixture f;
    struct changed c;
    struct compose_context *context = compose_context_new();
    static const char body[] =
        "Subject: "
        "{{order.number}}\n\n{{shipment.promised_by}}\n{{#order.total}}{{order.total}}{{/order.total}}\n"
        "{{#shipment.overdue_days.many}}many{{/"
        "shipment.overdue_days.many}}{{#shipment.overdue_days.few}}few{{/shipment.overdue_days.few}}\n";
    static const char frame[] = "{{> issue}}\n";

    (void)state;
    changed_init_few(&c);
    change(&c, "issues/overdue_tracked/ru.mustache", body);
    change(&c, "issues/overdue_tracked/zh.mustache",
           "Subject: x\n\n\xe6\x82\xa8\n\xe5\xa5\xbd\n{{shipment.promised_by}}\n");
    change(&c, "partials/ru/frame.mustache", frame);
    change(&c, "partials/zh/frame.mustache", frame);
    if (load(&c) < 0)
        fail_msg("%s", c.faults.data);
    fixture_init(&f, c.playbook, context);
    f.request.reply_language = "ru";
    f.request.agent.language = "zh-Hans";
    fixture_run(&f);
    assert_non_null(strstr(fixture_text(&f, "draft.text"),
                           "20 \xd1\x84\xd0\xb5\xd0\xb2\xd1\x80\xd0\xb0\xd0\xbb\xd1\x8f 2026"));
    assert_non_null(strstr(fixture_text(&f, "draft.text"), "39,90\xc2\xa0$ many"));
    assert_string_equal(fixture_text(&f, "draft.gloss.language"), "zh");
    assert_string_equal(fixture_text(&f, "draft.gloss.text"), "\xe6\x82\xa8\xe5\xa5\xbd"
                                                              "2026\xe5\xb9\xb4"
                                                              "2\xe6\x9c\x88"
                                                              "20\xe6\x97\xa5");
    f.request.as_of = at("2026-03-14T10:00:00Z"); /* 22 days: few */
    fixture_run(&f);
    assert_non_null(strstr(fixture_text(&f, "draft.text"), "few"));
    fixture_free(&f);
    compose_context_free(context);
    changed_free(&c);
}

static void test_read_dir(void **state)
{
    struct arena arena = {0};
    const struct playbook_file *files;
    struct playbook *playbook, *shipped = fixture_playbook();
    struct buf faults = {0};

    (void)state;
    assert_int_equal(playbook_read_dir(PLAYBOOK_DIR, &arena, &files), 0);
    if (playbook_load(files, &faults, &playbook) < 0)
        fail_msg("%s", faults.data);
    assert_string_equal(playbook->version, shipped->version);
    assert_int_equal(playbook_read_dir("/nowhere", &arena, &files), -1);
    playbook_free(playbook);
    playbook_free(shipped);
    arena_free(&arena);
}

/* Rows of products and customers are read for those intents and triggers alone whose rules read them. */
static void test_reads(void **state)
{
    static const struct {
        const char *rule, *draft; /* of overdue_tracked, which takes track_order */
        unsigned reads;
    } cases[] = {
        {"\"when\": {\"known\": [\"order.number\"]}", "y\n", 0},
        {"\"when\": {\"known\": [\"product.sku\"]}", "y\n", CASE_READS_PRODUCT},
        {"\"when\": {\"known\": [\"methods\"]}", "y\n", CASE_READS_PRODUCT},
        {"\"when\": {\"known\": [\"customer.orders\", \"wanted.variant\"]}", "y\n",
         CASE_READS_PRODUCT | CASE_READS_CUSTOMER},
        {"\"needs\": [\"customer.birthday\"]", "y\n", CASE_READS_CUSTOMER},
        {"\"requires\": [\"quote.total\"]", "y\n", CASE_READS_PRODUCT},
        {"\"evidence\": [\"duty.percent\"]", "y\n", CASE_READS_PRODUCT},
        {"\"draft_when\": {\"var\": \"customer.known\"}", "y\n", CASE_READS_CUSTOMER},
        {"\"review\": [{\"reason\": \"high_value\", \"when\": {\"var\": \"customer.known\"}}]", "y\n",
         CASE_READS_CUSTOMER},
        {"\"options\": [{\"action\": \"reship\", \"cost\": {\"var\": \"price_drop.amount\"}, \"reason\": "
         "\"r\"}]",
         "y\n", CASE_READS_PRODUCT},
        {"\"next_steps\": [{\"actor\": \"seller\", \"action\": \"follow_up\", \"when\": {\"var\": "
         "\"power.plug_fits\"}}]",
         "y\n", CASE_READS_PRODUCT},
        {"\"priority\": \"low\"", "{{#product.name}}{{product.name}}{{/product.name}}\n", CASE_READS_PRODUCT},
    };
    uint64_t track = UINT64_C(1) << INTENT_TRACK_ORDER, thank = UINT64_C(1) << INTENT_THANK;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct changed c;
        struct buf rule = {0}, draft = {0};

        changed_init_few(&c);
        buf_addf(&rule, HEAD "%s, " ACTION, cases[i].rule);
        buf_addf(&draft, "Subject: x\n\n%s", cases[i].draft);
        change(&c, RULE, buf_text(&rule));
        change(&c, DRAFT, buf_text(&draft));
        if (load(&c) < 0)
            fail_msg("%zu: %s", i, c.faults.data);
        if (playbook_reads(c.playbook, track, 0, 0) != cases[i].reads)
            fail_msg("%s", rule.data);
        assert_int_equal(playbook_reads(c.playbook, thank, 0, 0), 0);
        assert_int_equal(playbook_reads(c.playbook, thank | track, 0, 0), cases[i].reads);
        assert_int_equal(playbook_reads(c.playbook, 0, 0, UINT64_C(1) << TRIGGER_WIN_BACK), 0);
        changed_free(&c);
        buf_free(&rule);
        buf_free(&draft);
    }
}

/* What most messages are about pays for nothing that it does not use. */
static void test_parcels_read_nothing_more(void **state)
{
    static const int parcel[] = {INTENT_TRACK_ORDER, INTENT_REPORT_NOT_RECEIVED,
                                 INTENT_REPORT_DELIVERED_NOT_RECEIVED};
    struct changed c;

    (void)state;
    changed_init(&c);
    assert_int_equal(load(&c), 0);
    for (size_t i = 0; i < sizeof(parcel) / sizeof(*parcel); i++)
        assert_int_equal(playbook_reads(c.playbook, UINT64_C(1) << parcel[i], 0, 0), 0);
    /* but to check what the buyer says of the pieces takes their weights */
    assert_int_equal(
        playbook_reads(c.playbook, UINT64_C(1) << INTENT_TRACK_ORDER, UINT64_C(1) << CLAIM_PIECES_MISSING, 0),
        CASE_READS_PRODUCT);
    changed_free(&c);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rule_faults),  cmocka_unit_test(test_followup_faults),
        cmocka_unit_test(test_law_faults),   cmocka_unit_test(test_order_faults),
        cmocka_unit_test(test_draft_faults), cmocka_unit_test(test_all_faults_at_once),
        cmocka_unit_test(test_guards),       cmocka_unit_test(test_version),
        cmocka_unit_test(test_check),        cmocka_unit_test(test_rule_language),
        cmocka_unit_test(test_languages),    cmocka_unit_test(test_read_dir),
        cmocka_unit_test(test_reads),        cmocka_unit_test(test_parcels_read_nothing_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
