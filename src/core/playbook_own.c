/* A shop's own rules and drafts. They stand among the shipped files as if they were files, and the issues
 * that they belong to are loaded again: one loader, one check. What is not the shop's own is borrowed. */
#include "playbook_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the bodies ---- */

#define RULE_MAX ((size_t)64 * 1024)
#define LANGUAGE_LEN 35 /* BCP 47's longest that is in use */

struct draft_body {
    const char *subject, *text, *also;
};

static const struct field draft_fields[] = {
    {"subject", .type = FIELD_TEXT, .required = true, .max = 500,
     .offset = offsetof(struct draft_body, subject)},
    {"text", .type = FIELD_TEXT, .required = true, .multiline = true, .max = 20000,
     .offset = offsetof(struct draft_body, text)},
    {"also", .type = FIELD_TEXT, .multiline = true, .max = 5000, .offset = offsetof(struct draft_body, also)},
    {NULL},
};

static const char *path_of(struct arena *arena, const struct own_words *words)
{
    return words->language ? arena_printf(arena, "issues/%s/%s.mustache", words->issue, words->language)
                           : arena_printf(arena, "issues/%s/rule.json", words->issue);
}

/* Lines end with \n alone, and there is no line end at the text's. */
static void add_lines(struct buf *out, const char *text)
{
    size_t start = out->len;

    for (; *text; text++) {
        if (*text != '\r')
            buf_addc(out, *text);
        else if (text[1] != '\n')
            buf_addc(out, '\n');
    }
    while (out->len > start && out->data[out->len - 1] == '\n')
        buf_truncate(out, out->len - 1);
}

/* A line "---" would part the file at another place than the body does. */
static void check_lines(const char *text, const char *pointer, struct faults *faults)
{
    for (const char *at = text; at && (at = strstr(at, "---")); at += 3) {
        bool ends = at[3] == '\0' || at[3] == '\n' || at[3] == '\r';

        if ((at == text || at[-1] == '\n' || at[-1] == '\r') && ends) {
            faults_add(faults, pointer,
                       "must not hold a line \"---\": what is said in a letter about another issue goes into "
                       "\"also\"");
            return;
        }
    }
}

/* The file that says the same as the body. NULL with a fault. */
static const struct playbook_file *draft_file(struct arena *arena, const struct own_words *words,
                                              struct faults *faults)
{
    struct draft_body body = {0};
    struct playbook_file *file;
    struct buf text = {0};

    if (fields_read(draft_fields, words->body, "", &body, faults) > 0)
        return NULL;
    check_lines(body.text, "/text", faults);
    check_lines(body.also, "/also", faults);
    buf_addf(&text, "Subject: %s\n\n", body.subject);
    add_lines(&text, body.text);
    buf_addc(&text, '\n');
    if (body.also) {
        buf_adds(&text, "---\n");
        add_lines(&text, body.also);
        buf_addc(&text, '\n');
    }
    file = arena_alloc(arena, sizeof(*file));
    *file = (struct playbook_file){path_of(arena, words), arena_strndup(arena, buf_text(&text), text.len),
                                   text.len};
    buf_free(&text);
    return file;
}

static const struct playbook_file *find_file(const struct playbook *playbook, const char *path)
{
    int from = 0, to = playbook->file_count;

    while (from < to) {
        int middle = (from + to) / 2, order = strcmp(playbook->files[middle]->path, path);

        if (order == 0)
            return playbook->files[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static json_t *file_json(const struct playbook_file *file)
{
    return file ? json_loadb(file->data, file->len, 0, NULL) : NULL;
}

static const char *const iterating[] = {"map", "filter", "reduce", "all", "some", "none", NULL};

static bool iterates(const char *operation)
{
    for (int i = 0; iterating[i]; i++) {
        if (strcmp(iterating[i], operation) == 0)
            return true;
    }
    return false;
}

/* What a rule takes must be in proportion to its size: a list is not gone through inside of another. */
static bool iterates_twice(const json_t *json, bool inside)
{
    const json_t *value;
    const char *key;
    size_t i;

    json_array_foreach(json, i, value)
    {
        if (iterates_twice(value, inside))
            return true;
    }
    inside |= json_is_string(json_object_get(json, "each"));
    json_object_foreach((json_t *)json, key, value)
    {
        bool again = iterates(key) && json_is_array(value);

        if ((again && inside) || iterates_twice(value, inside || again))
            return true;
    }
    return false;
}

/* What a rule leaves out is as in the shipped one. */
static void put_defaults(json_t *rule, const struct playbook *shipped, const char *path)
{
    static const char *const keys[] = {"row", "stage", "party", NULL};
    json_t *theirs = file_json(find_file(shipped, path));

    for (int i = 0; keys[i]; i++) {
        if (!json_object_get(rule, keys[i]))
            json_object_set(rule, keys[i], json_object_get(theirs, keys[i]));
    }
    json_decref(theirs);
}

static const struct playbook_file *rule_file(struct arena *arena, const struct playbook *shipped,
                                             const struct own_words *words, struct faults *faults)
{
    struct playbook_file *file;
    json_t *rule;
    char *text;

    if (!json_is_object(words->body)) {
        faults_add(faults, "", "must be an object, as rule.json of an issue is");
        return NULL;
    }
    if (iterates_twice(words->body, false))
        faults_add(faults, "",
                   "must not go through a list inside of another (map, filter, reduce, all, some, "
                   "none; and \"each\" of an option)");
    rule = json_deep_copy(words->body);
    file = arena_alloc(arena, sizeof(*file));
    file->path = path_of(arena, words);
    put_defaults(rule, shipped, file->path);
    text = json_dumps(rule, JSON_COMPACT);
    json_decref(rule);
    if (!text || strlen(text) > RULE_MAX) {
        faults_add(faults, "", "must be JSON of at most %zu bytes", RULE_MAX);
        free(text);
        return NULL;
    }
    file->data = arena_strdup(arena, text);
    file->len = strlen(text);
    free(text);
    return file;
}

/* ---- faults ---- */

/* What is being loaded, and where its faults go. */
struct own {
    const struct playbook *shipped;
    struct playbook *playbook;
    struct loader loader;
    const struct own_words *words; /* that are put; NULL: several */
    struct faults *faults;
    const char *blamed; /* the language whose draft the first fault is in; "": the rule */
};

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* The language of a draft or a partial; NULL: another file. */
static const char *language_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');

    if (has_prefix(path, "partials/"))
        return arena_strndup(arena, path + 9, strcspn(path + 9, "/"));
    return slash && dot > slash && strcmp(dot, ".mustache") == 0
               ? arena_strndup(arena, slash + 1, (size_t)(dot - slash - 1))
               : NULL;
}

/* "options[0].reason" -> "/options/0/reason" */
static const char *rule_pointer(struct arena *arena, const char *place)
{
    char *pointer = *place ? arena_printf(arena, "/%s", place) : arena_strdup(arena, "");
    char *to = pointer;

    for (const char *at = pointer; *at; at++) {
        if (*at != ']')
            *to++ = *at == '.' || *at == '[' ? '/' : *at;
    }
    *to = '\0';
    return pointer;
}

/* The member that a line of a draft's file comes from, and the line in it. */
static const char *draft_pointer(const struct playbook_file *file, int line, int *ret_line)
{
    const char *rule_line = file ? memmem(file->data, file->len, "\n---\n", 5) : NULL;
    int also = 0;

    *ret_line = line > 2 ? line - 2 : line;
    if (line <= 1)
        return line == 1 ? "/subject" : "";
    for (const char *at = rule_line ? file->data : NULL; at && at <= rule_line; at++)
        also += *at == '\n';
    if (!rule_line || line <= also + 1)
        return "/text";
    *ret_line = line - also - 1;
    return "/also";
}

static const char *skip_line(const char *text, int *ret_line)
{
    int used = 0;

    *ret_line = 0;
    if (sscanf(text, "line %d%n", ret_line, &used) < 1)
        return text;
    text += used;
    return text + strspn(text, ": ");
}

/* A fault in the draft that is put. */
static void draft_fault(struct own *own, const char *file, const char *place, const char *what)
{
    struct arena *arena = own->faults->arena;
    int line, there, own_line;
    const char *pointer, *detail = skip_line(what, &there);

    skip_line(place, &line);
    if (line == 0)
        line = there;
    if (has_prefix(file, "partials/") || strstr(what, "there is no partials/")) {
        faults_add(own->faults, "", "%s: %s", file, what);
        return;
    }
    pointer = draft_pointer(load_file(&own->loader, file), line, &own_line);
    if (strcmp(place, "behind ---") == 0 || has_prefix(what, "behind ---"))
        pointer = "/also";
    if (line > 1)
        detail = arena_printf(arena, "line %d: %s", own_line, detail);
    faults_add(own->faults, pointer, "%s", detail);
}

/* "file: place: what" as a fault of the body that is put: where the file is another, the rule leaves a draft
 * without what it needs, or the other way round. */
static void own_fault(struct loader *loader, const char *file, const char *place, const char *what)
{
    struct own *own = loader->arg;
    struct arena *arena = own->faults->arena;
    const char *language = language_of(arena, file), *in_rule = strstr(file, ".json: ");

    if (!own->blamed)
        own->blamed = language ? language : "";
    if (!own->words)
        faults_add(own->faults, "", "%s: %s%s%s", file, place, *place ? ": " : "", what);
    else if (own->words->language && language && strcmp(language, own->words->language) == 0)
        draft_fault(own, file, place, what);
    else if (!own->words->language && !language)
        faults_add(own->faults, rule_pointer(arena, in_rule ? in_rule + 7 : place), "%s", what);
    else
        faults_add(own->faults, own->words->language ? "" : "/requires", "%s: %s%s%s", file, place,
                   *place ? ": " : "", what);
}

/* ---- the shop's playbook ---- */

/* A copy that borrows, with files of its own order. */
static void own_begin(struct own *own, const struct playbook *now, int more)
{
    struct arena arena = {0};
    struct playbook *playbook = arena_alloc(&arena, sizeof(*playbook));
    struct issue_rule *issues = arena_alloc(&arena, now->issue_count * sizeof(*issues));
    const struct playbook_file **files =
        arena_alloc(&arena, (now->file_count + more + 1) * sizeof(const struct playbook_file *));

    memcpy(issues, now->issues, now->issue_count * sizeof(*issues));
    memcpy(files, now->files, now->file_count * sizeof(const struct playbook_file *));
    *playbook = *now;
    playbook->issues = issues;
    playbook->files = files;
    playbook->arena = arena;
    own->playbook = playbook;
}

static struct issue_rule *own_issues(const struct own *own)
{
    return (struct issue_rule *)own->playbook->issues; /* which own_begin() made */
}

/* Puts the file in its place among the others; NULL: takes it out. */
static void put_file(struct playbook *playbook, const char *path, const struct playbook_file *file)
{
    const struct playbook_file **files = playbook->files;
    int at = 0, rest;

    while (at < playbook->file_count && strcmp(files[at]->path, path) < 0)
        at++;
    if (at < playbook->file_count && strcmp(files[at]->path, path) == 0) {
        if (file) {
            files[at] = file;
            return;
        }
        rest = --playbook->file_count - at;
        memmove(&files[at], &files[at + 1], rest * sizeof(*files));
    } else if (file) {
        rest = playbook->file_count++ - at;
        memmove(&files[at + 1], &files[at], rest * sizeof(*files));
        files[at] = file;
    }
}

bool playbook_writes(const struct playbook *playbook, const char *language)
{
    char path[sizeof("partials//frame.mustache") + LANGUAGE_LEN];

    if (strlen(language) > LANGUAGE_LEN || strchr(language, '/'))
        return false;
    snprintf(path, sizeof(path), "partials/%s/frame.mustache", language);
    return find_file(playbook, path) != NULL;
}

/* Is there such an issue, and a frame in that language? */
static bool is_known(const struct own *own, const struct own_words *words, struct faults *faults)
{
    if (!playbook_issue(own->playbook, words->issue)) {
        faults_add(faults, "", "there is no issue \"%s\": GET /v1/issues lists them", words->issue);
        return false;
    }
    if (words->language && !playbook_writes(own->shipped, words->language)) {
        faults_add(faults, "", "there are no drafts in \"%s\" yet: no greeting and closing to put around one",
                   words->language);
        return false;
    }
    return true;
}

static bool put_words(struct own *own, const struct own_words *words)
{
    struct arena *arena = &own->playbook->arena;
    const char *path = path_of(arena, words);
    const struct playbook_file *file;
    int before = own->faults->count;

    if (!is_known(own, words, own->faults))
        return false;
    if (!words->body)
        file = find_file(own->shipped, path);
    else
        file = words->language ? draft_file(arena, words, own->faults)
                               : rule_file(arena, own->shipped, words, own->faults);
    if (own->faults->count > before)
        return false;
    put_file(own->playbook, path, file);
    return true;
}

static void load_begin(struct own *own)
{
    struct loader *loader = &own->loader;
    json_t *general;

    *loader = (struct loader){.playbook = own->playbook,
                              .arena = &own->playbook->arena,
                              .files = own->playbook->files,
                              .file_count = own->playbook->file_count,
                              .on_fault = own_fault,
                              .arg = own};
    loader->binder = load_binder(loader);
    loader->binder.flat = true;
    loader->binder.partials = own->playbook->partials; /* whole already: only read */
    general = load_json(loader, "playbook.json");
    load_groups(loader, general);
    json_decref(general);
}

static void load_end(struct own *own)
{
    own->playbook->partials = own->loader.binder.partials;
    json_decref(own->loader.groups);
    arena_free(&own->loader.scratch);
}

/* Loads the issue again from its files as they are now. False, and it stays as it was. */
static bool load_issue(struct own *own, const char *code)
{
    struct issue_rule *issue = (struct issue_rule *)playbook_issue(own->playbook, code),
                      *last = own_issues(own) + own->playbook->issue_count - 1;
    struct issue_rule fresh = {.code = issue->code, .own_unfit = issue->own_unfit};
    struct bound_partial *partials = own->loader.binder.partials;

    own->loader.files = own->playbook->files;
    own->loader.file_count = own->playbook->file_count;
    own->loader.fault_count = 0;
    own->blamed = NULL;
    load_rule(&own->loader, fresh.code, &fresh);
    load_links(&own->loader, &fresh, own_issues(own), own->playbook->issue_count);
    if (issue == last)
        load_fallback(&own->loader, &fresh);
    if (own->loader.fault_count > 0) {
        own->loader.binder.partials = partials; /* one with a fault would be taken for whole */
        return false;
    }
    *issue = fresh;
    return true;
}

/* "shipped-own"; the shipped one's where nothing is the shop's own. */
static const char *own_version(const struct own *own)
{
    struct playbook *playbook = own->playbook;
    uint64_t hash = LOAD_HASH_START;
    bool any = false;

    for (int i = 0; i < playbook->file_count; i++) {
        if (find_file(own->shipped, playbook->files[i]->path) == playbook->files[i])
            continue;
        any = true;
        hash = load_hash(hash, playbook->files[i]);
    }
    return any ? arena_printf(&playbook->arena, "%s-%016llx", own->shipped->version, (unsigned long long)hash)
               : own->shipped->version;
}

/* Every issue that names others means those of this playbook. */
static void own_end(struct own *own)
{
    struct playbook *playbook = own->playbook;
    struct issue_rule *issues = own_issues(own);

    for (int i = 0; i < playbook->issue_count; i++) {
        size_t size = issues[i].underlying_count * sizeof(*issues[i].underlying);
        struct underlying_rule *copy = size > 0 ? arena_alloc(&playbook->arena, size) : NULL;

        if (size > 0)
            issues[i].underlying = memcpy(copy, issues[i].underlying, size);
        load_links(&own->loader, &issues[i], issues, playbook->issue_count);
    }
    load_end(own);
    playbook_mark_reads(playbook, issues, NULL);
    playbook->version = own_version(own);
}

size_t playbook_own_size(const struct playbook *shipped, const struct playbook *playbook)
{
    size_t size = 0;

    for (int i = 0; i < playbook->file_count; i++) {
        if (find_file(shipped, playbook->files[i]->path) != playbook->files[i])
            size += playbook->files[i]->len;
    }
    return size;
}

int playbook_try_own(const struct playbook *shipped, const struct playbook *now,
                     const struct own_words *words, struct faults *faults, struct playbook **ret_playbook)
{
    struct own own = {.shipped = shipped, .words = words, .faults = faults};
    bool fits;

    own_begin(&own, now, 1);
    if (!put_words(&own, words)) {
        playbook_free(own.playbook);
        return -1;
    }
    if (words->body && playbook_own_size(shipped, own.playbook) > OWN_WORDS_MAX)
        faults_add(faults, "", "a shop's own rules and drafts may take %zu bytes in all: delete one first",
                   OWN_WORDS_MAX);
    load_begin(&own);
    fits = load_issue(&own, words->issue) && faults->count == 0;
    own_end(&own);
    if (!fits) {
        playbook_free(own.playbook);
        return -1;
    }
    *ret_playbook = own.playbook;
    return 0;
}

/* Takes what can't be used out again, until what is left can: the draft that the first fault is in, or else
 * the rule, or else one after the other. */
static void load_fitting(struct own *own, const struct own_words *words, int count, const char *issue)
{
    const struct own_words *left[64];
    int left_count = 0;

    for (int i = 0; i < count; i++) {
        if (strcmp(words[i].issue, issue) != 0)
            continue;
        if (left_count < 64 && put_words(own, &words[i]))
            left[left_count++] = &words[i];
        else
            ((struct issue_rule *)playbook_issue(own->playbook, issue))->own_unfit = true;
    }
    while (left_count > 0 && !load_issue(own, issue)) {
        const char *path;
        int out = 0;

        for (int i = 0; i < left_count; i++) {
            if (!left[i]->language)
                out = i;
        }
        for (int i = 0; i < left_count; i++) {
            if (left[i]->language && strcmp(left[i]->language, own->blamed) == 0)
                out = i;
        }
        path = path_of(&own->playbook->arena, left[out]);
        put_file(own->playbook, path, find_file(own->shipped, path));
        ((struct issue_rule *)playbook_issue(own->playbook, issue))->own_unfit = true;
        left[out] = left[--left_count];
    }
}

struct playbook *playbook_own(const struct playbook *shipped, const struct own_words *words, int count,
                              struct faults *faults)
{
    struct own own = {.shipped = shipped, .faults = faults};

    own_begin(&own, shipped, count);
    load_begin(&own);
    for (int i = 0; i < count; i++) {
        bool done = false;

        if (!playbook_issue(shipped, words[i].issue)) {
            is_known(&own, &words[i], faults); /* which says so */
            continue;
        }

        for (int before = 0; before < i; before++)
            done |= strcmp(words[before].issue, words[i].issue) == 0;
        if (!done)
            load_fitting(&own, words, count, words[i].issue);
    }
    own_end(&own);
    return own.playbook;
}

/* "Subject: ...", an empty line, the text, "---", the rest: the other way round of draft_file(). */
static json_t *draft_body_of(const struct playbook_file *file)
{
    const char *text = file->data + strlen("Subject: "), *end = file->data + file->len,
               *line_end = memchr(text, '\n', (size_t)(end - text)), *body = line_end + 2,
               *rule_line = memmem(body, (size_t)(end - body), "\n---\n", 5),
               *body_end = rule_line ? rule_line : end;
    json_t *json = json_object();

    while (body_end > body && body_end[-1] == '\n')
        body_end--;
    json_object_set_new(json, "subject", json_stringn(text, (size_t)(line_end - text)));
    json_object_set_new(json, "text", json_stringn(body, (size_t)(body_end - body)));
    if (rule_line) {
        rule_line += 5;
        while (end > rule_line && end[-1] == '\n')
            end--;
        json_object_set_new(json, "also", json_stringn(rule_line, (size_t)(end - rule_line)));
    }
    return json;
}

json_t *playbook_words(const struct playbook *playbook, const char *issue, const char *language)
{
    struct arena arena = {0};
    struct own_words words = {.issue = issue, .language = language};
    const struct playbook_file *file = NULL;

    if (playbook_issue(playbook, issue))
        file = find_file(playbook, path_of(&arena, &words));
    arena_free(&arena);
    if (!file)
        return NULL;
    return language ? draft_body_of(file) : file_json(file);
}
