/* Reads playbook/platforms: a file for each platform, everywhere.json, and words/<language>.json. */
#include "playbook_load.h"

#include <stdlib.h>
#include <string.h>

static const char *const words_check[] = {
    [GUARD_LINKS] = "links",
    [GUARD_EMAILS] = "emails",
    [GUARD_PHONES] = "phones",
    [GUARD_WORDS] = "words",
    [GUARD_NEAR] = "near",
    [GUARD_LACKS] = "lacks",
    [GUARD_MAIL] = "mail",
    [GUARD_ORDER_NUMBER] = "order_number",
    [GUARD_PLACEHOLDERS] = "placeholders",
    [GUARD_CHECKS] = NULL,
};

static moment_t spot_day(const struct spot *rule, const char *key, bool required, bool end)
{
    struct spot spot = spot_member(rule, key);
    const char *text = spot_text(&spot, required);
    day_t day;

    if (!text)
        return MOMENT_NONE;
    if (day_parse(text, strlen(text), &day) < 0) {
        load_fault(rule->loader, rule->file, spot.place, "\"%s\" is no date like 2026-02-20", text);
        return MOMENT_NONE;
    }
    return end ? day_end(day) : day_start(day);
}

static int spot_small(const struct spot *rule, const char *key)
{
    struct spot spot = spot_member(rule, key);

    if (spot.json && (!json_is_integer(spot.json) || json_integer_value(spot.json) < 0 ||
                      json_integer_value(spot.json) > 100))
        load_fault(rule->loader, rule->file, spot.place, "must be a whole number, 0 to 100");
    return (int)json_integer_value(spot.json);
}

static int count_texts(const char *const *texts)
{
    int count = 0;

    while (texts[count])
        count++;
    return count;
}

static void check_rule(const struct spot *spot, const struct guard_rule *rule)
{
    const struct guard *guard = &spot->loader->playbook->guard;
    int lists = count_texts(rule->words), issues = count_texts(rule->issues);

    if ((rule->check == GUARD_NEAR && lists != 2) ||
        ((rule->check == GUARD_WORDS || rule->check == GUARD_LACKS) && lists == 0))
        load_fault(spot->loader, spot->file, spot->place, "\"%s\" needs %s", words_check[rule->check],
                   rule->check == GUARD_NEAR ? "two lists of \"words\"" : "\"words\"");
    if ((rule->check == GUARD_MAIL || rule->check == GUARD_LACKS) && issues == 0)
        load_fault(spot->loader, spot->file, spot->place, "\"%s\" needs \"issues\"",
                   words_check[rule->check]);
    for (int i = 0; i < lists; i++) {
        bool found = false;

        for (int k = 0; k < guard->list_count; k++)
            found |= !guard->lists[k].option && strcmp(guard->lists[k].name, rule->words[i]) == 0;
        if (!found)
            load_fault(spot->loader, spot->file, spot->place, "no file of platforms/words has a list \"%s\"",
                       rule->words[i]);
    }
}

static void load_rule_of(const struct spot *spot, struct guard_rule *rule)
{
    static const char *const keys[] = {"rule", "check", "words", "issues", "most",   "reach",
                                       "when", "from",  "until", "source", "detail", NULL};
    struct spot code = spot_member(spot, "rule"), check = spot_member(spot, "check"),
                words = spot_member(spot, "words"), issues = spot_member(spot, "issues"),
                when = spot_member(spot, "when"), source = spot_member(spot, "source"),
                detail = spot_member(spot, "detail");

    spot_keys(spot, keys);
    *rule = (struct guard_rule){.code = spot_text(&code, true),
                                .detail = spot_text(&detail, true),
                                .source = spot_text(&source, true),
                                .check = spot_word(&check, words_check, true, 0),
                                .from = spot_day(spot, "from", true, false),
                                .until = spot_day(spot, "until", false, true),
                                .words = spot_texts(&words),
                                .issues = spot_texts(&issues),
                                .most = spot_small(spot, "most"),
                                .reach = spot_small(spot, "reach"),
                                .when = spot_logic(&when, -1)};
    check_rule(spot, rule);
}

static void load_platform(struct loader *loader, const char *name, struct guard_platform *platform)
{
    static const char *const keys[] = {"like", "rules", NULL};
    const char *path = arena_printf(&loader->scratch, "platforms/%s.json", name);
    struct spot top = {.loader = loader, .file = path, .place = ""}, like, rules;
    struct guard_rule *list;
    json_t *json;

    if (!load_file(loader, path))
        return;
    top.json = json = load_json(loader, path);
    if (!json)
        return;
    spot_keys(&top, keys);
    like = spot_member(&top, "like");
    rules = spot_member(&top, "rules");
    list = arena_zalloc(loader->arena, (spot_count(&rules) + 1) * sizeof(*list));
    for (int i = 0; i < spot_count(&rules); i++) {
        struct spot rule = spot_item(&rules, i);

        load_rule_of(&rule, &list[i]);
    }
    *platform = (struct guard_platform){.rules = list, .rule_count = spot_count(&rules)};
    if (like.json)
        platform->like = (uint32_t)spot_words(&like, words_platform, PLATFORM_COUNT);
    json_decref(json);
}

/* ---- words ---- */

static int by_first(const void *a, const void *b)
{
    const struct guard_phrase *one = a, *two = b;
    int diff = (unsigned char)one->text[0] - (unsigned char)two->text[0];

    return diff ? diff : strcmp(one->text, two->text);
}

static void load_list(const struct spot *spot, const char *name, const char *language, bool option,
                      struct guard_list *list)
{
    struct loader *loader = spot->loader;
    const char *const *texts = spot_texts(spot);
    struct guard_phrase *phrases;
    int next = 0;

    *list = (struct guard_list){.name = arena_strdup(loader->arena, name),
                                .language = language,
                                .option = option,
                                .count = count_texts(texts)};
    phrases = arena_zalloc(loader->arena, (list->count + 1) * sizeof(*phrases));
    for (int i = 0; i < list->count; i++) {
        bool hides = strncmp(texts[i], "! ", 2) == 0;
        const char *text = texts[i] + (hides ? 2 : 0);

        if (*text == '\0' || *text == '*' || *text == '.' || strpbrk(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            load_fault(loader, spot->file, spot->place, "\"%s\" must begin with a word and be in lower case",
                       texts[i]);
        phrases[i] = (struct guard_phrase){.text = text, .hides = hides};
    }
    qsort(phrases, (size_t)list->count, sizeof(*phrases), by_first);
    for (int byte = 0; byte <= 256; byte++) {
        while (next < list->count && (unsigned char)phrases[next].text[0] < byte)
            next++;
        list->first[byte] = (uint16_t)next;
    }
    list->phrases = phrases;
}

static int count_lists(const json_t *json)
{
    return (int)(json_object_size(json_object_get(json, "lists")) +
                 json_object_size(json_object_get(json, "options")));
}

static int load_lists(struct spot *top, const char *key, const char *language, struct guard_list *lists)
{
    struct spot spot = spot_member(top, key);
    const char *name;
    json_t *value;
    int count = 0;

    if (spot.json && !json_is_object(spot.json))
        load_fault(top->loader, top->file, spot.place, "must be an object: a name and its phrases");
    json_object_foreach((json_t *)spot.json, name, value)
    {
        struct spot list = spot_member(&spot, name);

        load_list(&list, name, language, strcmp(key, "options") == 0, &lists[count++]);
    }
    return count;
}

static void load_words(struct loader *loader)
{
    static const char at[] = "platforms/words/";
    static const char *const keys[] = {"lists", "options", NULL};
    struct guard *guard = &loader->playbook->guard;
    struct guard_list *lists = NULL;

    for (int i = 0; i < loader->file_count; i++) {
        struct spot top = {.loader = loader, .file = loader->files[i]->path, .place = ""};
        const char *name = top.file + sizeof(at) - 1, *language;
        struct guard_list *more;
        json_t *json;

        if (strncmp(top.file, at, sizeof(at) - 1) != 0)
            continue;
        top.json = json = load_json(loader, top.file);
        if (!json)
            continue;
        spot_keys(&top, keys);
        language = arena_strndup(loader->arena, name, strcspn(name, "."));
        more = arena_zalloc(loader->arena, (guard->list_count + count_lists(json) + 1) * sizeof(*more));
        if (guard->list_count > 0)
            memcpy(more, lists, guard->list_count * sizeof(*more));
        lists = more;
        guard->list_count += load_lists(&top, "lists", language, lists + guard->list_count);
        guard->list_count += load_lists(&top, "options", language, lists + guard->list_count);
        json_decref(json);
    }
    guard->lists = lists;
}

static void check_issues(struct loader *loader, const char *file, const struct guard_platform *platform)
{
    for (int i = 0; i < platform->rule_count; i++) {
        for (const char *const *code = platform->rules[i].issues; *code; code++) {
            if (!playbook_issue(loader->playbook, *code))
                load_fault(loader, file, arena_printf(&loader->scratch, "rules[%d].issues", i),
                           "there is no issue \"%s\"", *code);
        }
    }
}

void load_platforms(struct loader *loader)
{
    struct guard *guard = &loader->playbook->guard;

    load_words(loader);
    load_platform(loader, "everywhere", &guard->everywhere);
    for (int i = 0; i < PLATFORM_COUNT; i++)
        load_platform(loader, words_platform[i], &guard->platform[i]);
    if (loader->fault_count > 0)
        return;
    check_issues(loader, "platforms/everywhere.json", &guard->everywhere);
    for (int i = 0; i < PLATFORM_COUNT; i++)
        check_issues(loader, arena_printf(&loader->scratch, "platforms/%s.json", words_platform[i]),
                     &guard->platform[i]);
}
