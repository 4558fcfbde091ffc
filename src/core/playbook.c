#include "replyd/playbook.h"

#include "playbook_load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- faults ---- */

void load_fault(struct loader *loader, const char *file, const char *place, const char *format, ...)
{
    char what[500], line[1000];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    loader->fault_count++;
    if (loader->on_fault) {
        loader->on_fault(loader, file, place, what);
        return;
    }
    snprintf(line, sizeof(line), "%s: %s%s%s\n", file, place, *place ? ": " : "", what);
    if (!strstr(buf_text(loader->faults), line))
        buf_adds(loader->faults, line);
}

static void bind_fault(void *arg, const char *file, int line, const char *what)
{
    char place[24] = "";

    if (line > 0)
        snprintf(place, sizeof(place), "line %d", line);
    load_fault(arg, file, place, "%s", what);
}

/* ---- files ---- */

static int by_path(const void *a, const void *b)
{
    return strcmp((*(const struct playbook_file *const *)a)->path,
                  (*(const struct playbook_file *const *)b)->path);
}

static const struct playbook_file *copy_file(struct arena *arena, const struct playbook_file *file)
{
    struct playbook_file *copy = arena_alloc(arena, sizeof(*copy));

    *copy = (struct playbook_file){arena_strdup(arena, file->path),
                                   arena_strndup(arena, file->data, file->len), file->len};
    return copy;
}

/* They are kept: a shop's own words are loaded among them. Those compiled in stay where they are. */
static void sort_files(struct loader *loader, const struct playbook_file *files)
{
    while (files[loader->file_count].path)
        loader->file_count++;
    loader->files = arena_alloc(loader->arena, (loader->file_count + 1) * sizeof(*loader->files));
    for (int i = 0; i < loader->file_count; i++)
        loader->files[i] = files == playbook_embedded ? &files[i] : copy_file(loader->arena, &files[i]);
    qsort(loader->files, (size_t)loader->file_count, sizeof(*loader->files), by_path);
}

const struct playbook_file *load_file(const struct loader *loader, const char *path)
{
    const struct playbook_file key = {.path = path}, *wanted = &key, **found;

    found = bsearch(&wanted, loader->files, (size_t)loader->file_count, sizeof(*loader->files), by_path);
    return found ? *found : NULL;
}

static bool find_partial(void *arg, const char *language, const char *name, size_t len, const char **ret_file,
                         const char **ret_source, size_t *ret_len)
{
    struct loader *loader = arg;
    const char *path = arena_printf(&loader->scratch, "partials/%s/%.*s.mustache", language, (int)len, name);
    const struct playbook_file *file = load_file(loader, path);

    if (!file)
        return false;
    *ret_file = file->path;
    *ret_source = file->data;
    *ret_len = file->len;
    return true;
}

struct binder load_binder(struct loader *loader)
{
    return (struct binder){.arena = loader->arena, .find = find_partial, .fault = bind_fault, .arg = loader};
}

uint64_t load_hash(uint64_t hash, const struct playbook_file *file)
{
    for (const char *c = file->path; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    hash = (hash ^ file->len) * UINT64_C(0x100000001b3);
    for (size_t c = 0; c < file->len; c++)
        hash = (hash ^ (unsigned char)file->data[c]) * UINT64_C(0x100000001b3);
    return hash;
}

static const char *hash_files(const struct loader *loader)
{
    uint64_t hash = LOAD_HASH_START;

    for (int i = 0; i < loader->file_count; i++)
        hash = load_hash(hash, loader->files[i]);
    return arena_printf(loader->arena, "%016llx", (unsigned long long)hash);
}

/* Facts are numbered when the program is built: a folder with other facts needs another program. */
static void check_facts(struct loader *loader)
{
    const struct playbook_file *theirs = load_file(loader, "facts.json"), *ours = playbook_embedded;

    while (ours->path && strcmp(ours->path, "facts.json") != 0)
        ours++;
    if (theirs && ours->path &&
        (theirs->len != ours->len || memcmp(theirs->data, ours->data, ours->len) != 0))
        load_fault(loader, "facts.json", "",
                   "is not the one that this program was built with: leave it out or build anew");
}

/* ---- JSON ---- */

/* Puts the words of a group where a list says "@group". */
static void put_groups(struct loader *loader, const char *path, json_t *json)
{
    const char *key;
    json_t *value;

    if (json_is_object(json)) {
        json_object_foreach(json, key, value) put_groups(loader, path, value);
    }
    for (size_t i = 0; i < json_array_size(json); i++) {
        const char *text = json_string_value(value = json_array_get(json, i));
        json_t *group = text && *text == '@' ? json_object_get(loader->groups, text + 1) : NULL;

        if (!text || *text != '@') {
            put_groups(loader, path, value);
            continue;
        }
        if (!json_is_array(group))
            load_fault(loader, path, "", "there is no group \"%s\" in playbook.json", text);
        json_array_remove(json, i);
        for (size_t word = 0; word < json_array_size(group); word++)
            json_array_insert(json, i + word, json_array_get(group, word));
        i += json_array_size(group) - 1; /* wraps for an empty one, and the loop brings it back */
    }
}

json_t *load_json(struct loader *loader, const char *path)
{
    const struct playbook_file *file = load_file(loader, path);
    json_error_t error;
    json_t *json;

    if (!file) {
        load_fault(loader, path, "", "is missing");
        return NULL;
    }
    json = json_loadb(file->data, file->len, JSON_REJECT_DUPLICATES, &error);
    if (!json) {
        load_fault(loader, path, "", "line %d: %s", error.line, error.text);
        return NULL;
    }
    if (loader->groups)
        put_groups(loader, path, json);
    return json;
}

/* ---- what holds for every issue ---- */

static void load_claims(struct loader *loader, const struct spot *spot)
{
    static const char *const keys[] = {"claim", "intents", "fact", "agree", "contradict", NULL};
    int count = spot_count(spot);
    struct claim_rule *claims = arena_zalloc(loader->arena, count * sizeof(*claims));

    for (int i = 0; i < count; i++) {
        struct spot item = spot_item(spot, i), claim = spot_member(&item, "claim"),
                    intents = spot_member(&item, "intents"), fact = spot_member(&item, "fact"),
                    agree = spot_member(&item, "agree"), contradict = spot_member(&item, "contradict");
        const char *path = spot_text(&fact, true);

        spot_keys(&item, keys);
        claims[i] = (struct claim_rule){.claim = spot_word(&claim, words_claim, true, 0),
                                        .intents = spot_words(&intents, words_intent, INTENT_COUNT),
                                        .fact = path ? facts_find(path, strlen(path)) : 0,
                                        .agree = spot_logic(&agree, -1),
                                        .contradict = spot_logic(&contradict, -1)};
        if (claims[i].fact < 0)
            load_fault(loader, spot->file, fact.place, "there is no fact \"%s\" in facts.json", path);
    }
    loader->playbook->claims = claims;
    loader->playbook->claim_count = count;
}

struct derived_check {
    const struct spot *spot;
    int fact;
    const bool *late; /* facts that are derived, but not yet */
};

static void check_derived_reads(int slot, void *arg)
{
    const struct derived_check *check = arg;
    const struct spot *spot = check->spot;

    if (check->late[slot])
        load_fault(spot->loader, spot->file, spot->place,
                   "reads %s, which is worked out later: put it before", facts_info[slot].path);
    if (facts_info[slot].daily && !facts_info[check->fact].daily)
        load_fault(spot->loader, spot->file, spot->place,
                   "%s reads %s, which changes daily: facts.json must say so of it as well",
                   facts_info[check->fact].path, facts_info[slot].path);
}

static int derived_fact(const struct spot *spot)
{
    const char *path = spot_text(spot, true);
    int fact = path ? facts_find(path, strlen(path)) : -1;

    if (path && fact < 0)
        load_fault(spot->loader, spot->file, spot->place, "there is no fact \"%s\" in facts.json", path);
    if (fact < 0)
        return 0;
    if (facts_info[fact].type == FACT_TYPE_TEXT || facts_info[fact].type == FACT_TYPE_WORD ||
        facts_info[fact].type == FACT_TYPE_COUNTRY || facts_info[fact].type == FACT_TYPE_LIST)
        load_fault(spot->loader, spot->file, spot->place, "only flags and numbers are worked out");
    return fact;
}

static void load_derived(struct loader *loader, const struct spot *spot)
{
    static const char *const keys[] = {"fact", "value", NULL};
    int count = spot_count(spot);
    struct derived_rule *derived = arena_zalloc(loader->arena, count * sizeof(*derived));
    bool late[FACT_COUNT] = {false};

    for (int i = 0; i < count; i++) {
        struct spot item = spot_item(spot, i), fact = spot_member(&item, "fact"),
                    value = spot_member(&item, "value");

        spot_keys(&item, keys);
        derived[i] = (struct derived_rule){derived_fact(&fact), spot_logic(&value, -1)};
        late[derived[i].fact] = true;
        if (!value.json)
            load_fault(loader, spot->file, item.place, "must have a \"value\"");
    }
    for (int i = 0; i < count; i++) {
        struct spot item = spot_item(spot, i);

        if (derived[i].value)
            logic_facts(derived[i].value, check_derived_reads,
                        &(struct derived_check){&item, derived[i].fact, late});
        late[derived[i].fact] = false;
    }
    loader->playbook->derived = derived;
    loader->playbook->derived_count = count;
}

void load_groups(struct loader *loader, json_t *general)
{
    loader->groups = json_incref(json_object_get(general, "groups"));
    put_groups(loader, "playbook.json", general);
}

static void load_general(struct loader *loader)
{
    static const char *const keys[] = {"languages",     "groups",       "derived",
                                       "high_priority", "reason_more",  "review",
                                       "claims",        "consolations", NULL};
    static const int none[] = {-1};
    json_t *json = load_json(loader, "playbook.json");
    struct spot top = {.loader = loader, .file = "playbook.json", .place = "", .json = json};
    struct spot languages, derived, high, more, review, claims, consolations;

    if (!json)
        return;
    spot_keys(&top, keys);
    load_groups(loader, json);
    languages = spot_member(&top, "languages");
    derived = spot_member(&top, "derived");
    high = spot_member(&top, "high_priority");
    more = spot_member(&top, "reason_more");
    review = spot_member(&top, "review");
    claims = spot_member(&top, "claims");
    consolations = spot_member(&top, "consolations");
    loader->playbook->languages = spot_texts(&languages);
    load_derived(loader, &derived);
    loader->playbook->high_priority = spot_logic(&high, -1);
    if (more.json)
        loader->playbook->reason_more = spot_reason(&more, none, -1);
    loader->playbook->reviews = spot_reviews(&review, &loader->playbook->review_count);
    load_claims(loader, &claims);
    loader->playbook->consolations = spot_words(&consolations, words_option_action, OPTION_ACTION_COUNT);
    json_decref(json);
}

/* ---- issues ---- */

static int find_issue(const struct issue_rule *issues, int count, const char *code)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(issues[i].code, code) == 0)
            return i;
    }
    return -1;
}

/* order.txt: a code a line; empty lines and "#" comments are free. */
static int read_order(struct loader *loader, struct issue_rule **ret_issues)
{
    const struct playbook_file *file = load_file(loader, "order.txt");
    const char *at = file ? file->data : "", *end = at + (file ? file->len : 0);
    struct issue_rule *issues;
    int count = 0, line = 0, lines = 1;

    for (const char *c = at; c < end; c++)
        lines += *c == '\n';
    issues = *ret_issues = arena_zalloc(loader->arena, lines * sizeof(*issues));
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((line_end ? line_end : end) - at);
        const char *code;

        line++;
        while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\r'))
            len--;
        code = arena_strndup(loader->arena, at, len);
        at = line_end ? line_end + 1 : end;
        if (*code == '\0' || *code == '#')
            continue;
        if (find_issue(issues, count, code) >= 0)
            load_fault(loader, "order.txt", "", "line %d: \"%s\" stands there twice", line, code);
        else
            issues[count++].code = code;
    }
    if (count == 0)
        load_fault(loader, "order.txt", "", "is missing or names no issue");
    return count;
}

/* Folders that order.txt forgot would never be asked. */
static void check_folders(struct loader *loader, const struct issue_rule *issues, int count)
{
    for (int i = 0; i < loader->file_count; i++) {
        const char *path = loader->files[i]->path;
        const char *code, *slash;

        if (strncmp(path, "issues/", 7) != 0)
            continue;
        slash = strchr(path + 7, '/');
        code = slash ? arena_strndup(&loader->scratch, path + 7, (size_t)(slash - path - 7)) : path + 7;
        if (find_issue(issues, count, code) < 0)
            load_fault(loader, arena_printf(&loader->scratch, "issues/%s", code), "", "is not in order.txt");
    }
}

void load_links(struct loader *loader, struct issue_rule *rule, struct issue_rule *issues, int count)
{
    const char *file = arena_printf(&loader->scratch, "issues/%s/rule.json", rule->code);

    for (int i = 0; i < rule->underlying_count; i++) {
        struct underlying_rule *under = &rule->underlying[i];
        int found = find_issue(issues, count, under->code);

        if (found < 0)
            load_fault(loader, file, "underlying", "there is no issue \"%s\"", under->code);
        else
            under->issue = &issues[found];
    }
    for (const char *const *code = rule->covers; code && *code; code++) {
        if (find_issue(issues, count, *code) < 0)
            load_fault(loader, file, "covers", "there is no issue \"%s\"", *code);
    }
}

void load_fallback(struct loader *loader, const struct issue_rule *last)
{
    bool any = last->intents == (UINT64_C(1) << INTENT_COUNT) - 1 &&
               last->triggers == (UINT64_C(1) << TRIGGER_COUNT) - 1;

    if (!any || !last->unsure || last->when || (last->requires && *last->requires >= 0))
        load_fault(loader, "order.txt", "",
                   "the last issue (%s) takes what no other fits: its rule needs \"intents\": \"any\", "
                   "\"triggers\": "
                   "\"any\", \"unsure\": true and neither \"when\" nor \"requires\"",
                   last->code);
}

static void load_issues(struct loader *loader)
{
    struct issue_rule *issues;
    int count = read_order(loader, &issues);

    for (int i = 0; i < count; i++)
        load_rule(loader, issues[i].code, &issues[i]);
    check_folders(loader, issues, count);
    for (int i = 0; i < count; i++)
        load_links(loader, &issues[i], issues, count);
    if (count > 0)
        load_fallback(loader, &issues[count - 1]);
    loader->playbook->issues = issues;
    loader->playbook->issue_count = count;
    if (loader->fault_count == 0)
        playbook_mark_reads(loader->playbook, issues, (struct claim_rule *)loader->playbook->claims);
}

int playbook_load(const struct playbook_file *files, struct buf *faults_out, struct playbook **ret_playbook)
{
    struct arena arena = {0};
    struct playbook *playbook = arena_zalloc(&arena, sizeof(*playbook));
    struct loader loader = {.playbook = playbook, .arena = &arena, .faults = faults_out};

    loader.binder = load_binder(&loader);
    sort_files(&loader, files);
    playbook->version = hash_files(&loader);
    check_facts(&loader);
    load_general(&loader);
    load_laws(&loader);
    load_issues(&loader);
    load_platforms(&loader);
    load_followups(&loader);
    json_decref(loader.groups);
    arena_free(&loader.scratch);
    playbook->files = loader.files;
    playbook->file_count = loader.file_count;
    playbook->partials = loader.binder.partials;
    playbook->arena = arena; /* which holds the playbook itself */
    if (loader.fault_count > 0) {
        playbook_free(playbook);
        return -1;
    }
    *ret_playbook = playbook;
    return 0;
}

void playbook_free(struct playbook *playbook)
{
    struct arena arena;

    if (!playbook)
        return;
    arena = playbook->arena;
    arena_free(&arena);
}

const struct issue_rule *playbook_issue(const struct playbook *playbook, const char *code)
{
    int found = find_issue(playbook->issues, playbook->issue_count, code);

    return found < 0 ? NULL : &playbook->issues[found];
}

const struct playbook_template *playbook_draft(const struct issue_rule *issue, const char *language)
{
    for (int i = 0; i < issue->draft_count; i++) {
        if (strcmp(issue->drafts[i].language, language) == 0)
            return &issue->drafts[i];
    }
    return NULL;
}
