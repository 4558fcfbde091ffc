#include "replyd/bind.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const plural_names[] = {"zero", "one", "two", "few", "many", "other", NULL};

/* Where a template stands: inside which lists. */
struct place {
    int lists[BIND_DEPTH];
    int depth;
};

/* A partial, parsed for one place in lists: names mean other things elsewhere. */
struct bound_partial {
    const char *language, *name, *file;
    struct place place;
    struct mustache_node *first;
    bool busy; /* being bound: naming it now is a circle */
    struct bound_partial *next;
};

__attribute__((format(printf, 4, 5))) static void fault(struct binder *binder, const char *file, int line,
                                                        const char *format, ...)
{
    char text[400];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    binder->fault(binder->arg, file, line, text);
}

static bool named(const char *name, const char *text, size_t len)
{
    return strncmp(name, text, len) == 0 && name[len] == '\0';
}

static int find_name(const char *const *names, const char *text, size_t len)
{
    for (int i = 0; names && names[i]; i++) {
        if (named(names[i], text, len))
            return i;
    }
    return -1;
}

/* The fact or field that a node is bound to. */
static const struct fact_info *bound_info(const struct mustache_node *node, const struct place *place)
{
    int level = bind_level(node);

    return level == 0 ? &facts_info[node->slot] : &facts_info[place->lists[level - 1]].fields[node->slot];
}

/* Innermost list first, then the facts. */
static bool bind_path(const struct place *place, const char *path, size_t len, struct mustache_node *node)
{
    for (int level = place->depth; level > 0; level--) {
        const struct fact_info *list = &facts_info[place->lists[level - 1]];

        for (int i = 0; i < list->field_count; i++) {
            if (named(list->fields[i].path, path, len)) {
                node->slot = i;
                node->aux = bind_aux(BIND_NONE, 0, level);
                return true;
            }
        }
    }
    node->slot = facts_find(path, len);
    node->aux = 0;
    return node->slot >= 0;
}

static bool bind_flag_name(const struct fact_info *info, const char *flag, size_t len,
                           struct mustache_node *node)
{
    int level = bind_level(node);
    int index;

    if (info->type == FACT_TYPE_WORD && (index = find_name(info->words, flag, len)) >= 0) {
        node->aux = bind_aux(BIND_WORD, index, level);
        return true;
    }
    if (info->type == FACT_TYPE_COUNT && (index = find_name(plural_names, flag, len)) >= 0) {
        node->aux = bind_aux(BIND_PLURAL, index, level);
        return true;
    }
    if (info->type != FACT_TYPE_COUNT && info->type != FACT_TYPE_LIST)
        return false;
    if (!named("single", flag, len) && !named("several", flag, len))
        return false;
    node->aux = bind_aux(named("single", flag, len) ? BIND_SINGLE : BIND_SEVERAL, 0, level);
    return true;
}

/* False, with a fault: no such name. */
static bool bind_name(struct binder *binder, const char *file, const struct place *place,
                      struct mustache_node *node)
{
    const char *dot = memrchr(node->text, '.', node->len);
    size_t prefix = dot ? (size_t)(dot - node->text) : 0;

    if (bind_path(place, node->text, node->len, node))
        return true;
    if (dot && prefix > 0 && bind_path(place, node->text, prefix, node)) {
        if (bind_flag_name(bound_info(node, place), dot + 1, node->len - prefix - 1, node))
            return true;
        fault(binder, file, node->line, "{{%.*s}}: %.*s has no flag \"%.*s\"", (int)node->len, node->text,
              (int)prefix, node->text, (int)(node->len - prefix - 1), dot + 1);
    } else {
        fault(binder, file, node->line, "{{%.*s}}: no such fact in facts.json", (int)node->len, node->text);
    }
    node->slot = -1;
    return false;
}

static void bind_variable(struct binder *binder, const char *file, const struct place *place,
                          struct mustache_node *node)
{
    const struct fact_info *info;
    int len = (int)node->len;

    if (node->kind == MUSTACHE_RAW) {
        fault(binder, file, node->line, "{{{%.*s}}} and {{&%.*s}} are not for drafts: write {{%.*s}}", len,
              node->text, len, node->text, len, node->text);
        return;
    }
    if (!bind_name(binder, file, place, node))
        return;
    info = bound_info(node, place);
    if (bind_flag(node) != BIND_NONE)
        fault(binder, file, node->line, "{{%.*s}}: a flag is for sections, it can't be printed", len,
              node->text);
    else if (info->type == FACT_TYPE_LIST || info->type == FACT_TYPE_FLAG)
        fault(binder, file, node->line, "{{%.*s}}: a %s is for sections, it can't be printed", len,
              node->text, info->type == FACT_TYPE_LIST ? "list" : "flag");
    else if (info->type == FACT_TYPE_WORD && binder->for_people)
        fault(binder, file, node->line,
              "{{%.*s}}: a word of the program is not for people: write a section for each, {{#%.*s.%s}}...",
              len, node->text, len, node->text, info->words[0]);
    else
        return;
    node->slot = -1;
}

static void bind_nodes(struct binder *binder, const char *file, struct place *place,
                       struct mustache_node *first);

static void bind_section(struct binder *binder, const char *file, struct place *place,
                         struct mustache_node *node)
{
    bool list;

    if (!bind_name(binder, file, place, node))
        return;
    list = node->kind == MUSTACHE_SECTION && bind_flag(node) == BIND_NONE &&
           bound_info(node, place)->type == FACT_TYPE_LIST;
    if (list && place->depth == (binder->flat ? 1 : BIND_DEPTH)) {
        fault(binder, file, node->line, "lists stand in each other deeper than %d",
              binder->flat ? 1 : BIND_DEPTH);
        return;
    }
    if (list)
        place->lists[place->depth++] = node->slot;
    bind_nodes(binder, file, place, node->children);
    if (list)
        place->depth--;
}

static bool same_place(const struct place *a, const struct place *b)
{
    return a->depth == b->depth && memcmp(a->lists, b->lists, sizeof(*a->lists) * a->depth) == 0;
}

static struct bound_partial *find_partial(struct binder *binder, const struct place *place, const char *name,
                                          size_t len)
{
    for (struct bound_partial *p = binder->partials; p; p = p->next) {
        if (named(p->name, name, len) && strcmp(p->language, binder->language) == 0 &&
            same_place(&p->place, place))
            return p;
    }
    return NULL;
}

/* Parses and binds a partial for this place. NULL: there is none. */
static struct bound_partial *add_partial(struct binder *binder, const struct place *place, const char *name,
                                         size_t len)
{
    struct bound_partial *partial;
    const char *file, *source;
    size_t source_len;
    char error[200];
    struct place inside = *place;

    if (!binder->find(binder->arg, binder->language, name, len, &file, &source, &source_len))
        return NULL;
    if (source_len > 0 &&
        source[source_len - 1] == '\n') /* the file's end is no line's end where it is put */
        source_len--;
    partial = arena_zalloc(binder->arena, sizeof(*partial));
    *partial = (struct bound_partial){.language = arena_strdup(binder->arena, binder->language),
                                      .name = arena_strndup(binder->arena, name, len),
                                      .file = file,
                                      .place = *place,
                                      .busy = true,
                                      .next = binder->partials};
    binder->partials = partial;
    if (mustache_parse(binder->arena, source, source_len, &partial->first, error) < 0) {
        fault(binder, file, 0, "%s", error);
        partial->first = NULL;
    }
    bind_nodes(binder, file, &inside, partial->first);
    partial->busy = false;
    return partial;
}

static bool is_frame(const char *file)
{
    const char *name = strrchr(file, '/');

    return name && strcmp(name, "/frame.mustache") == 0;
}

static void bind_partial(struct binder *binder, const char *file, const struct place *place,
                         struct mustache_node *node)
{
    struct bound_partial *partial;

    bool issue = named("issue", node->text, node->len), also = named("also", node->text, node->len);

    if ((issue || also) && is_frame(file)) {
        node->slot = issue ? BIND_ISSUE : BIND_ALSO;
        return;
    }
    if (issue || also || named("frame", node->text, node->len)) {
        fault(binder, file, node->line,
              "{{> %.*s}}: the frame stands around every draft by itself and alone holds {{> issue}} and {{> "
              "also}}",
              (int)node->len, node->text);
        return;
    }
    if (!binder->language) {
        fault(binder, file, node->line, "{{> %.*s}}: partials are for drafts only", (int)node->len,
              node->text);
        return;
    }
    partial = find_partial(binder, place, node->text, node->len);
    if (!partial)
        partial = add_partial(binder, place, node->text, node->len);
    if (!partial)
        fault(binder, file, node->line, "{{> %.*s}}: there is no file partials/%s/%.*s.mustache",
              (int)node->len, node->text, binder->language, (int)node->len, node->text);
    else if (partial->busy)
        fault(binder, file, node->line, "{{> %.*s}} leads back to itself", (int)node->len, node->text);
    else
        node->user = partial;
}

static void bind_nodes(struct binder *binder, const char *file, struct place *place,
                       struct mustache_node *first)
{
    for (struct mustache_node *node = first; node; node = node->next) {
        switch (node->kind) {
        case MUSTACHE_TEXT:
            break;
        case MUSTACHE_VARIABLE:
        case MUSTACHE_RAW:
            bind_variable(binder, file, place, node);
            break;
        case MUSTACHE_SECTION:
        case MUSTACHE_INVERTED:
            bind_section(binder, file, place, node);
            break;
        case MUSTACHE_PARTIAL:
            bind_partial(binder, file, place, node);
            break;
        }
    }
}

static struct place place_of(int list)
{
    struct place place = {.depth = list >= 0};

    place.lists[0] = list;
    return place;
}

void bind_template(struct binder *binder, const char *file, struct mustache_node *first, int list)
{
    struct place place = place_of(list);

    bind_nodes(binder, file, &place, first);
}

const struct mustache_node *bind_partial_nodes(const struct mustache_node *node)
{
    const struct bound_partial *partial = node->user;

    return partial ? partial->first : NULL;
}

const struct mustache_node *bind_frame(struct binder *binder, const char **ret_file)
{
    const struct place nowhere = {.depth = 0};
    struct bound_partial *frame = find_partial(binder, &nowhere, "frame", strlen("frame"));

    if (!frame)
        frame = add_partial(binder, &nowhere, "frame", strlen("frame"));
    if (!frame)
        return NULL;
    *ret_file = frame->file;
    return frame->first;
}

/* ---- what is known where ---- */

struct knowledge {
    bool facts[FACT_COUNT];
    uint32_t fields[BIND_DEPTH]; /* bit f: field f of the list of that level */
    struct place place;
};

struct check {
    struct binder *binder;
    const char *body_file;
    const struct mustache_node *body;
};

static bool is_known(const struct knowledge *known, const struct mustache_node *node)
{
    int level = bind_level(node);

    if (bound_info(node, &known->place)->always)
        return true;
    return level == 0 ? known->facts[node->slot] : (known->fields[level - 1] >> node->slot & 1) != 0;
}

static void check_nodes(const struct check *check, const char *file, struct knowledge *known,
                        const struct mustache_node *first);

static void check_section(const struct check *check, const char *file, const struct knowledge *known,
                          const struct mustache_node *node)
{
    struct knowledge inside = *known;
    int level = bind_level(node);

    if (node->slot < 0)
        return;
    if (node->kind == MUSTACHE_SECTION) {
        if (level == 0)
            inside.facts[node->slot] = true;
        else
            inside.fields[level - 1] |= 1u << node->slot;
        if (bind_flag(node) == BIND_NONE && bound_info(node, &known->place)->type == FACT_TYPE_LIST) {
            inside.fields[inside.place.depth] = 0;
            inside.place.lists[inside.place.depth++] = node->slot;
        }
    }
    check_nodes(check, file, &inside, node->children);
}

static void check_nodes(const struct check *check, const char *file, struct knowledge *known,
                        const struct mustache_node *first)
{
    for (const struct mustache_node *node = first; node; node = node->next) {
        const struct bound_partial *partial = node->user;

        switch (node->kind) {
        case MUSTACHE_TEXT:
        case MUSTACHE_RAW:
            break;
        case MUSTACHE_VARIABLE:
            if (node->slot >= 0 && !is_known(known, node))
                fault(check->binder, file, node->line,
                      "{{%.*s}} may be unknown here: put it inside {{#%.*s}}...{{/%.*s}} or add it to the "
                      "rule's "
                      "\"requires\"",
                      (int)node->len, node->text, (int)node->len, node->text, (int)node->len, node->text);
            break;
        case MUSTACHE_SECTION:
        case MUSTACHE_INVERTED:
            check_section(check, file, known, node);
            break;
        case MUSTACHE_PARTIAL:
            if (node->slot == BIND_ISSUE)
                check_nodes(check, check->body_file, known, check->body);
            else if (partial)
                check_nodes(check, partial->file, known, partial->first);
            break;
        }
    }
}

void bind_check(struct binder *binder, const char *file, const struct mustache_node *first,
                const char *body_file, const struct mustache_node *body, const int *required, int list)
{
    struct check check = {.binder = binder, .body_file = body_file, .body = body};
    struct knowledge known = {.place = place_of(list)};

    for (; *required >= 0; required++)
        known.facts[*required] = true;
    check_nodes(&check, file, &known, first);
}

void bind_facts(const struct mustache_node *first, void (*visit)(int slot, void *arg), void *arg)
{
    for (const struct mustache_node *node = first; node; node = node->next) {
        if (node->kind == MUSTACHE_PARTIAL)
            bind_facts(bind_partial_nodes(node), visit, arg);
        else if (node->kind != MUSTACHE_TEXT && node->slot >= 0 && bind_level(node) == 0)
            visit(node->slot, arg);
        bind_facts(node->children, visit, arg);
    }
}
