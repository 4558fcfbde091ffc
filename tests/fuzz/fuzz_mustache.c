/* Input: a template, then, each after a line "%%", the partials a, b, c. */
#include "fuzz.h"
#include "replyd/mustache.h"

#include <stdlib.h>
#include <string.h>

#define PARTIALS 3

static const char data_json[] =
    "{\"a\": {\"b\": {\"c\": 1.5}}, \"b\": true, \"n\": null, \"s\": \"<&\\\"'\\n>\","
    "\"l\": [1, \"x\", [2, 3], {\"a\": 4}], \"e\": []}";

static const struct mustache_node *find_partial(const char *name, size_t len, void *arg)
{
    struct mustache_node *const *partials = arg;

    return len == 1 && name[0] >= 'a' && name[0] < 'a' + PARTIALS ? partials[name[0] - 'a'] : NULL;
}

/* What every reader of the nodes relies on. */
static void check_nodes(const struct mustache_node *node)
{
    for (; node; node = node->next) {
        if (node->len == 0 || node->line < 1 || node->slot != -1 || !node->indent)
            abort();
        check_nodes(node->children);
    }
}

/* Takes the input up to the next separator off its front. */
static struct mustache_node *parse_part(struct arena *arena, const char **at, const char *end)
{
    const char *stop = memmem(*at, (size_t)(end - *at), "%%\n", 3);
    struct mustache_node *first = NULL;
    char error[200];

    mustache_parse(arena, *at, (size_t)((stop ? stop : end) - *at), &first, error);
    check_nodes(first);
    *at = stop ? stop + 3 : end;
    return first;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    json_t *json = json_loads(data_json, 0, NULL);
    struct value value = value_from_json(&arena, json);
    const char *at = (const char *)data, *end = at + size;
    struct mustache_node *partials[PARTIALS], *first = parse_part(&arena, &at, end);
    struct buf out = {0};

    for (int i = 0; i < PARTIALS; i++)
        partials[i] = parse_part(&arena, &at, end);
    mustache_render(first, &value, find_partial, partials, &out);
    buf_free(&out);
    json_decref(json);
    arena_free(&arena);
    return 0;
}
