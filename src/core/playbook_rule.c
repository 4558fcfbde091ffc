/* A rule's JSON, read and checked: every name in it must mean something. */
#include "playbook_load.h"

#include <string.h>

_Static_assert(INTENT_COUNT <= 64 && TRIGGER_COUNT <= 64, "issue_rule holds intents and triggers as 64 bits");

/* ---- places in the file ---- */

#define SPOT_FAULT(spot, ...) load_fault((spot)->loader, (spot)->file, (spot)->place, __VA_ARGS__)

struct spot spot_member(const struct spot *spot, const char *key)
{
    struct spot member = *spot;

    member.json = json_object_get(spot->json, key);
    member.place = *spot->place ? arena_printf(&spot->loader->scratch, "%s.%s", spot->place, key)
                                : arena_strdup(&spot->loader->scratch, key);
    return member;
}

struct spot spot_item(const struct spot *spot, int index)
{
    struct spot item = *spot;

    item.json = json_array_get(spot->json, (size_t)index);
    item.place = arena_printf(&spot->loader->scratch, "%s[%d]", spot->place, index);
    return item;
}

static int find_word(const char *const *words, const char *text)
{
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0)
            return i;
    }
    return -1;
}

void spot_keys(const struct spot *spot, const char *const *keys)
{
    const char *key;
    json_t *value;

    if (!json_is_object(spot->json)) {
        SPOT_FAULT(spot, "must be an object");
        return;
    }
    json_object_foreach((json_t *)spot->json, key, value)
    {
        if (find_word(keys, key) < 0 && strcmp(key, "$schema") != 0 && strcmp(key, "about") != 0)
            SPOT_FAULT(spot, "\"%s\" is not known here", key);
    }
}

const char *spot_text(const struct spot *spot, bool required)
{
    const char *text = json_string_value(spot->json);

    if ((required && !spot->json) || (spot->json && (!text || !*text)))
        SPOT_FAULT(spot, "must be a text");
    return text ? arena_strdup(spot->loader->arena, text) : NULL;
}

static int word_of(const struct spot *spot, const char *const *words)
{
    const char *text = json_string_value(spot->json);
    int word = text ? find_word(words, text) : -1;

    if (!text)
        SPOT_FAULT(spot, "must be a word");
    else if (word < 0)
        SPOT_FAULT(spot, "\"%s\" is none of its words (facts.json lists them: %s, %s ...)", text, words[0],
                   words[1] ? words[1] : "");
    return word;
}

int spot_word(const struct spot *spot, const char *const *words, bool required, int missing)
{
    if (!spot->json && !required)
        return missing;
    return word_of(spot, words);
}

bool spot_flag(const struct spot *spot, bool missing)
{
    if (!spot->json)
        return missing;
    if (!json_is_boolean(spot->json))
        SPOT_FAULT(spot, "must be true or false");
    return json_is_true(spot->json);
}

int spot_count(const struct spot *spot)
{
    if (spot->json && !json_is_array(spot->json))
        SPOT_FAULT(spot, "must be a list");
    return (int)json_array_size(spot->json);
}

uint64_t spot_words(const struct spot *spot, const char *const *words, int count)
{
    uint64_t mask = 0;

    if (spot->json && json_is_string(spot->json) && strcmp(json_string_value(spot->json), "any") == 0)
        return count == 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
    for (int i = 0; i < spot_count(spot); i++) {
        struct spot item = spot_item(spot, i);
        int word = word_of(&item, words);

        if (word >= 0)
            mask |= UINT64_C(1) << word;
    }
    return mask;
}

const char *const *spot_texts(const struct spot *spot)
{
    int count = spot_count(spot);
    const char **texts = arena_zalloc(spot->loader->arena, (count + 1) * sizeof(*texts));
    int used = 0;

    for (int i = 0; i < count; i++) {
        struct spot item = spot_item(spot, i);
        const char *text = spot_text(&item, true);

        if (text)
            texts[used++] = text;
    }
    return texts;
}

/* The fact of that name; -1 with a fault. */
static int fact_of(const struct spot *spot)
{
    const char *path = spot_text(spot, true);
    int fact = path ? facts_find(path, strlen(path)) : -1;

    if (path && fact < 0)
        SPOT_FAULT(spot, "there is no fact \"%s\" in facts.json", path);
    return fact;
}

const int *spot_facts(const struct spot *spot)
{
    int count = spot_count(spot);
    int *facts = arena_alloc(spot->loader->arena, (count + 1) * sizeof(*facts));
    int used = 0;

    for (int i = 0; i < count; i++) {
        struct spot item = spot_item(spot, i);
        int fact = fact_of(&item);

        if (fact >= 0)
            facts[used++] = fact;
    }
    facts[used] = -1;
    return facts;
}

/* ---- what a compiler of JsonLogic can't know ---- */

/* The fact that {"var": "path"} reads, or -1. */
static int var_fact(const json_t *json)
{
    const json_t *path = json_object_get(json, "var");

    if (json_is_array(path))
        path = json_array_get(path, 0);
    return json_is_string(path) ? facts_find(json_string_value(path), json_string_length(path)) : -1;
}

static void lint_word(const struct spot *spot, int fact, const json_t *constant)
{
    const json_t *item;
    size_t i;

    if (json_is_string(constant) && find_word(facts_info[fact].words, json_string_value(constant)) < 0)
        SPOT_FAULT(spot, "%s is never \"%s\": facts.json lists its words", facts_info[fact].path,
                   json_string_value(constant));
    json_array_foreach(constant, i, item) lint_word(spot, fact, item);
}

/* A word compared with something that it can never be is a slip of the pen. */
static void lint_words(const struct spot *spot, const json_t *arguments)
{
    const json_t *argument;
    size_t i;

    json_array_foreach(arguments, i, argument)
    {
        int fact = var_fact(argument);

        if (fact >= 0 && facts_info[fact].type == FACT_TYPE_WORD)
            lint_word(spot, fact, json_array_get(arguments, 1 - (i & 1)));
    }
}

static const char *const comparing[] = {"==", "===", "!=", "!==", "in", NULL};
static const char *const reckoning[] = {"==", "===", "!=", "!==", "<",   "<=",       ">",
                                        ">=", "+",   "-",  "min", "max", "coalesce", NULL};

/* The currency fact of an amount, -1: no amount, -2: of several. */
static int currency_of(const json_t *json)
{
    int fact = var_fact(json);
    int currency = -1;
    const json_t *arguments, *argument;
    const char *name;
    size_t i;

    if (fact >= 0)
        return facts_info[fact].currency;
    if (!json_is_object(json) || json_object_size(json) != 1)
        return -1;
    name = json_object_iter_key(json_object_iter((json_t *)json));
    arguments = json_object_get(json, name);
    if (strcmp(name, "percent_of") == 0)
        return currency_of(json_array_get(arguments, 1));
    if (find_word(reckoning, name) < 0)
        return -1;
    json_array_foreach(arguments, i, argument)
    {
        int other = currency_of(argument);

        if (other != -1 && currency != -1 && other != currency)
            return -2;
        if (other != -1)
            currency = other;
    }
    return currency;
}

static void lint(const struct spot *spot, const json_t *json)
{
    const json_t *value;
    const char *key;
    size_t i;

    if (json_is_array(json)) {
        json_array_foreach(json, i, value) lint(spot, value);
        return;
    }
    json_object_foreach((json_t *)json, key, value)
    {
        if (find_word(comparing, key) >= 0)
            lint_words(spot, value);
        if (currency_of(json) == -2)
            SPOT_FAULT(spot,
                       "\"%s\" mixes amounts of several currencies: use the fact that is converted, such as "
                       "order.total_in_policy_currency",
                       key);
        else
            lint(spot, value);
    }
}

static int resolve_fact(const char *path, size_t len, void *arg)
{
    (void)arg;
    return facts_find(path, len);
}

const struct logic *spot_logic(const struct spot *spot, int list)
{
    const struct logic *logic = NULL;
    char error[200];
    json_t *rule;

    if (!spot->json)
        return NULL;
    lint(spot, spot->json);
    rule = list < 0 ? json_incref((json_t *)spot->json)
                    : json_pack("{s:[{s:s},O]}", "map", "var", facts_info[list].path, spot->json);
    if (logic_compile(spot->loader->arena, rule, resolve_fact, NULL, &logic, error) < 0)
        SPOT_FAULT(spot, "%s", error);
    json_decref(rule);
    return logic;
}

const struct mustache_node *spot_reason(const struct spot *spot, const int *required, int list)
{
    struct loader *loader = spot->loader;
    struct binder *binder = &loader->binder;
    const char *place = arena_printf(&loader->scratch, "%s: %s", spot->file, spot->place);
    const char *source = spot_text(spot, false);
    struct mustache_node *first;
    char error[200];

    if (!source)
        return NULL;
    if (mustache_parse(loader->arena, source, strlen(source), &first, error) < 0) {
        SPOT_FAULT(spot, "%s", error);
        return NULL;
    }
    binder->for_people = false;
    binder->language = NULL;
    bind_template(binder, place, first, list);
    bind_check(binder, place, first, NULL, NULL, required, list);
    return first;
}

/* ---- the rule ---- */

/* "action": one word, or a list of {"action", "when"}, of which the first that holds counts. */
static void read_actions(const struct spot *spot, struct issue_rule *rule)
{
    static const char *const keys[] = {"action", "when", NULL};
    struct action_rule *actions;

    rule->action_count = json_is_array(spot->json) ? spot_count(spot) : 1;
    actions = arena_zalloc(spot->loader->arena, rule->action_count * sizeof(*actions));
    for (int i = 0; i < rule->action_count; i++) {
        struct spot item = spot_item(spot, i), action = spot_member(&item, "action"),
                    when = spot_member(&item, "when");

        if (!json_is_array(spot->json)) {
            actions[i].action = word_of(spot, words_resolution_action);
            continue;
        }
        spot_keys(&item, keys);
        actions[i].action = word_of(&action, words_resolution_action);
        actions[i].when = spot_logic(&when, -1);
        if (!when.json != (i == rule->action_count - 1))
            SPOT_FAULT(&item, "the last action, and only it, has no \"when\"");
    }
    rule->actions = actions;
}

static void read_option(const struct spot *spot, const int *required, struct option_rule *option)
{
    static const char *const keys[] = {"action", "each",  "when",   "amount", "cost",
                                       "rank",   "offer", "reason", NULL};
    struct spot action = spot_member(spot, "action"), each = spot_member(spot, "each"),
                when = spot_member(spot, "when"), amount = spot_member(spot, "amount"),
                cost = spot_member(spot, "cost"), rank = spot_member(spot, "rank"),
                offer = spot_member(spot, "offer"), reason = spot_member(spot, "reason");
    const char *list = spot_text(&each, false);

    spot_keys(spot, keys);
    option->action = word_of(&action, words_option_action);
    option->each = list ? facts_find(list, strlen(list)) : -1;
    if (list && (option->each < 0 || facts_info[option->each].type != FACT_TYPE_LIST)) {
        SPOT_FAULT(&each, "\"%s\" is no list in facts.json", list);
        option->each = -1;
    }
    option->when = spot_logic(&when, option->each);
    option->amount = spot_logic(&amount, option->each);
    option->currency = currency_of(amount.json);
    if (option->currency < 0)
        option->currency = FACT_REPLY_CURRENCY;
    option->cost = spot_logic(&cost, option->each);
    if (currency_of(cost.json) != -1 && currency_of(cost.json) != FACT_ORDER_CURRENCY &&
        currency_of(cost.json) != FACT_REPLY_CURRENCY)
        SPOT_FAULT(&cost, "must be in the order's currency, or the reply's");
    option->rank = spot_logic(&rank, option->each);
    option->offer = spot_logic(&offer, option->each);
    if (!reason.json)
        SPOT_FAULT(&reason, "must say in a sentence why");
    option->reason = spot_reason(&reason, required, option->each);
}

/* Facts by name, or with the condition under which they are needed. */
static void read_needs(const struct spot *spot, struct issue_rule *rule)
{
    static const char *const keys[] = {"fact", "when", NULL};
    int count = spot_count(spot);
    struct need_rule *needs = arena_zalloc(spot->loader->arena, (count + 1) * sizeof(*needs));

    for (int i = 0; i < count; i++) {
        struct spot item = spot_item(spot, i), name = item;

        if (!json_is_string(item.json)) {
            struct spot when = spot_member(&item, "when");

            spot_keys(&item, keys);
            name = spot_member(&item, "fact");
            needs[rule->need_count].when = spot_logic(&when, -1);
        }
        needs[rule->need_count].fact = fact_of(&name);
        if (needs[rule->need_count].fact >= 0)
            rule->need_count++;
    }
    rule->needs = needs;
}

/* Issues by name, or with the condition under which they are tried; playbook.c finds them. */
static void read_underlying(const struct spot *spot, struct issue_rule *rule)
{
    static const char *const keys[] = {"issue", "when", NULL};
    int count = spot_count(spot);

    rule->underlying = arena_zalloc(spot->loader->arena, (count + 1) * sizeof(*rule->underlying));
    for (int i = 0; i < count; i++) {
        struct underlying_rule *under = &rule->underlying[rule->underlying_count];
        struct spot item = spot_item(spot, i), name = item;

        if (!json_is_string(item.json)) {
            struct spot when = spot_member(&item, "when");

            spot_keys(&item, keys);
            name = spot_member(&item, "issue");
            under->when = spot_logic(&when, -1);
        }
        under->code = spot_text(&name, true);
        if (under->code)
            rule->underlying_count++;
    }
}

static void read_next_step(const struct spot *spot, struct next_step_rule *step)
{
    static const char *const keys[] = {"actor", "action", "when", "due", NULL};
    struct spot actor = spot_member(spot, "actor"), action = spot_member(spot, "action"),
                when = spot_member(spot, "when"), due = spot_member(spot, "due");

    spot_keys(spot, keys);
    *step = (struct next_step_rule){.actor = spot_word(&actor, words_party, false, PARTY_SELLER),
                                    .action = word_of(&action, words_next_step),
                                    .when = spot_logic(&when, -1),
                                    .due = spot_logic(&due, -1)};
}

const struct review_rule *spot_reviews(const struct spot *spot, int *ret_count)
{
    static const char *const keys[] = {"reason", "when", NULL};
    int count = spot_count(spot);
    struct review_rule *reviews = arena_zalloc(spot->loader->arena, count * sizeof(*reviews));

    for (int i = 0; i < count; i++) {
        struct spot item = spot_item(spot, i), reason, when;

        if (json_is_string(item.json)) {
            reviews[i].reason = word_of(&item, words_review_reason);
            continue;
        }
        spot_keys(&item, keys);
        reason = spot_member(&item, "reason");
        when = spot_member(&item, "when");
        reviews[i].reason = word_of(&reason, words_review_reason);
        reviews[i].when = spot_logic(&when, -1);
    }
    *ret_count = count;
    return reviews;
}

static void read_lists(const struct spot *top, struct issue_rule *rule)
{
    struct spot options = spot_member(top, "options"), steps = spot_member(top, "next_steps"),
                reviews = spot_member(top, "review");
    struct option_rule *option_rules;
    struct next_step_rule *step_rules;

    rule->option_count = spot_count(&options);
    option_rules = arena_zalloc(top->loader->arena, rule->option_count * sizeof(*option_rules));
    for (int i = 0; i < rule->option_count; i++) {
        struct spot item = spot_item(&options, i);

        read_option(&item, rule->requires, &option_rules[i]);
    }
    rule->options = option_rules;
    rule->next_step_count = spot_count(&steps);
    step_rules = arena_zalloc(top->loader->arena, rule->next_step_count * sizeof(*step_rules));
    for (int i = 0; i < rule->next_step_count; i++) {
        struct spot item = spot_item(&steps, i);

        read_next_step(&item, &step_rules[i]);
    }
    rule->next_steps = step_rules;
    rule->reviews = spot_reviews(&reviews, &rule->review_count);
}

static void note_daily(int fact, void *arg)
{
    bool *daily = arg;

    *daily |= facts_info[fact].daily;
}

static void note_logic(const struct logic *logic, bool *daily)
{
    if (logic)
        logic_facts(logic, note_daily, daily);
}

/* What may be another tomorrow although no row changed. */
static void mark_daily(struct issue_rule *rule)
{
    note_logic(rule->when, &rule->daily_when);
    rule->daily = rule->daily_when;
    for (int i = 0; i < rule->need_count; i++)
        note_logic(rule->needs[i].when, &rule->daily);
    for (int i = 0; i < rule->action_count; i++)
        note_logic(rule->actions[i].when, &rule->daily);
    rule->daily |= rule->underlying_count > 0; /* as the others' rules may */
    for (int i = 0; i < rule->option_count; i++) {
        note_logic(rule->options[i].when, &rule->daily);
        note_logic(rule->options[i].amount, &rule->daily);
        note_logic(rule->options[i].cost, &rule->daily);
        bind_facts(rule->options[i].reason, note_daily, &rule->daily);
    }
    bind_facts(rule->reason, note_daily, &rule->daily);
    for (int i = 0; i < rule->draft_count; i++) {
        bind_facts(rule->drafts[i].subject, note_daily, &rule->daily);
        bind_facts(rule->drafts[i].body, note_daily, &rule->daily);
        bind_facts(rule->drafts[i].also, note_daily, &rule->daily);
        bind_facts(rule->drafts[i].frame, note_daily, &rule->daily);
    }
}

/* ---- drafts ---- */

/* The line "---" alone, at its first dash, or `end`. */
static const char *find_rule_line(const char *from, const char *end)
{
    for (const char *at = from; at && at < end; at = memchr(at, '\n', (size_t)(end - at))) {
        at += *at == '\n';
        if (end - at >= 3 && memcmp(at, "---", 3) == 0 && (end - at == 3 || at[3] == '\n'))
            return at;
    }
    return end;
}

static void refuse_own_options(int fact, void *arg)
{
    const struct spot *spot = arg;

    if (fact == FACT_OPTIONS || fact == FACT_REPLY_CHOICES)
        SPOT_FAULT(spot, "behind --- %s can't be read: the options are those of the letter's main issue",
                   facts_info[fact].path);
}

/* What stands behind "---", from `from` on. Line ends stand for all before, so that its nodes know their
 * lines. */
static void read_also(struct loader *loader, const struct playbook_file *file, const char *from,
                      const struct issue_rule *rule, struct playbook_template *draft)
{
    const char *end = file->data + file->len;
    size_t lines = 0, len = (size_t)(end - from);
    struct mustache_node *also;
    char error[200], *source;

    for (const char *c = file->data; c < from; c++)
        lines += *c == '\n';
    source = arena_alloc(loader->arena, lines + len);
    memset(source, '\n', lines);
    memcpy(source + lines, from, len);
    if (find_rule_line(from, end) != end)
        load_fault(loader, file->path, "", "has more than one line \"---\"");
    if (mustache_parse(loader->arena, source, lines + len, &also, error) < 0) {
        load_fault(loader, file->path, "behind ---", "%s", error);
        return;
    }
    bind_template(&loader->binder, file->path, also, -1);
    bind_check(&loader->binder, file->path, also, NULL, NULL, rule->requires, -1);
    bind_facts(also, refuse_own_options, &(struct spot){.loader = loader, .file = file->path, .place = ""});
    draft->also = also;
}

/* "Subject: ...", an empty line, the body; then, behind "---", what is said when another issue is the main
 * one. */
static void read_draft(struct loader *loader, const struct playbook_file *file, const char *language,
                       const struct issue_rule *rule, struct playbook_template *draft)
{
    static const char prefix[] = "Subject: ";
    const size_t prefix_len = sizeof(prefix) - 1;
    const char *end = memchr(file->data, '\n', file->len), *file_end = file->data + file->len, *rule_line;
    struct mustache_node *subject, *body;
    struct binder *binder = &loader->binder;
    const char *frame_file = NULL;
    char error[200];

    draft->language = language;
    if (!end || (size_t)(end - file->data) <= prefix_len || memcmp(file->data, prefix, prefix_len) != 0 ||
        (size_t)(end - file->data) + 1 >= file->len || end[1] != '\n') {
        load_fault(loader, file->path, "", "must begin with \"Subject: ...\" and an empty line");
        return;
    }
    rule_line = find_rule_line(end + 1, file_end);
    /* The body is parsed from the end of the first line on, so that its nodes know their lines. */
    if (mustache_parse(loader->arena, file->data + prefix_len, (size_t)(end - file->data) - prefix_len,
                       &subject, error) < 0 ||
        mustache_parse(loader->arena, end, (size_t)(rule_line - end), &body, error) < 0) {
        load_fault(loader, file->path, "", "%s", error);
        return;
    }
    binder->for_people = true;
    binder->language = language;
    draft->subject = subject;
    draft->body = body;
    draft->frame = bind_frame(binder, &frame_file);
    if (!draft->frame)
        load_fault(loader, file->path, "", "there is no partials/%s/frame.mustache to put it in", language);
    bind_template(binder, file->path, subject, -1);
    bind_template(binder, file->path, body, -1);
    bind_check(binder, file->path, subject, NULL, NULL, rule->requires, -1);
    bind_check(binder, frame_file, draft->frame, file->path, body, rule->requires, -1);
    if (rule_line < file_end)
        read_also(loader, file, rule_line + 3, rule, draft);
}

static void read_drafts(struct loader *loader, struct issue_rule *rule)
{
    const char *folder = arena_printf(&loader->scratch, "issues/%s/", rule->code);
    size_t len = strlen(folder);
    struct playbook_template *drafts = NULL;

    for (int pass = 0; pass < 2; pass++) { /* count, then read */
        int count = 0;

        for (int i = 0; i < loader->file_count; i++) {
            const struct playbook_file *file = loader->files[i];
            const char *name = file->path + len;
            const char *dot = strncmp(file->path, folder, len) == 0 ? strrchr(name, '.') : NULL;

            if (!dot || strcmp(dot, ".mustache") != 0)
                continue;
            if (drafts)
                read_draft(loader, file, arena_strndup(loader->arena, name, (size_t)(dot - name)), rule,
                           &drafts[count]);
            count++;
        }
        if (!drafts)
            drafts = arena_zalloc(loader->arena, (count + 1) * sizeof(*drafts));
        rule->draft_count = count;
    }
    rule->drafts = drafts;
}

void load_rule(struct loader *loader, const char *code, struct issue_rule *rule)
{
    static const char *const keys[] = {"row",        "stage",     "party",       "priority",   "intents",
                                       "triggers",   "unsure",    "requires",    "needs",      "when",
                                       "action",     "reason",    "evidence",    "options",    "underlying",
                                       "next_steps", "follow_up", "valid_until", "draft_when", "review",
                                       "covers",     NULL};
    const char *path = arena_printf(&loader->scratch, "issues/%s/rule.json", code);
    json_t *json = load_json(loader, path);
    struct spot top = {.loader = loader, .file = path, .place = "", .json = json};

    if (!json)
        return;
    spot_keys(&top, keys);

#define MEMBER(key) (&(struct spot[]){spot_member(&top, key)}[0])
    rule->row = spot_text(MEMBER("row"), true);
    rule->stage = spot_word(MEMBER("stage"), words_stage, true, 0);
    rule->party = spot_word(MEMBER("party"), words_party, true, 0);
    rule->priority = spot_word(MEMBER("priority"), words_priority, false, PRIORITY_NORMAL);
    rule->intents = spot_words(MEMBER("intents"), words_intent, INTENT_COUNT);
    rule->triggers = spot_words(MEMBER("triggers"), words_trigger, TRIGGER_COUNT);
    rule->unsure = spot_flag(MEMBER("unsure"), false);
    rule->requires = spot_facts(MEMBER("requires"));
    read_needs(MEMBER("needs"), rule);
    rule->when = spot_logic(MEMBER("when"), -1);
    read_actions(MEMBER("action"), rule);
    rule->reason = spot_reason(MEMBER("reason"), rule->requires, -1);
    if (!rule->reason)
        load_fault(loader, path, "reason", "must say in a sentence why");
    rule->evidence = spot_facts(MEMBER("evidence"));
    read_underlying(MEMBER("underlying"), rule);
    rule->follow_up = spot_logic(MEMBER("follow_up"), -1);
    rule->valid_until = spot_logic(MEMBER("valid_until"), -1);
    rule->draft_when = spot_logic(MEMBER("draft_when"), -1);
    rule->covers = spot_texts(MEMBER("covers"));
#undef MEMBER
    read_lists(&top, rule);
    read_drafts(loader, rule);
    mark_daily(rule);
    json_decref(json);
}
