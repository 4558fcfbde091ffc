/* Runs the public test suites:
 *   conformance jsonlogic FILE...   arrays of "# comment" and [rule, data, expected]
 * (jsonlogic.com/tests.json) conformance mustache FILE...    {"tests": [{name, data, template, partials,
 * expected}]}  (mustache/spec) Prints every failure and, as the last line, "N passed, M failed". */
#include "replyd/json.h"
#include "replyd/logic.h"
#include "replyd/mustache.h"

#include <stdio.h>
#include <string.h>

struct tally {
    int passed, failed;
};

struct partials {
    struct arena *arena;
    const json_t *sources;
    const char *error; /* of one that does not parse */
};

static void print_value(const char *label, const struct value *value)
{
    struct buf text = {0};

    value_write(&text, value);
    printf("    %-9s %s\n", label, buf_text(&text));
    buf_free(&text);
}

static void print_json(const char *label, const json_t *json, struct arena *arena)
{
    struct value value = value_from_json(arena, json);

    print_value(label, &value);
}

static bool logic_case(const json_t *test, struct arena *arena)
{
    const json_t *rule = json_array_get(test, 0);
    struct value data = value_from_json(arena, json_array_get(test, 1));
    struct value expected = value_from_json(arena, json_array_get(test, 2)), got;
    const struct logic *logic;
    char error[200];

    if (logic_compile(arena, rule, NULL, NULL, &logic, error) < 0) {
        printf("FAIL compiling: %s\n", error);
        print_json("rule", rule, arena);
        return false;
    }
    got = logic_eval(logic, NULL, &data, arena);
    if (value_equal(&got, &expected))
        return true;
    printf("FAIL\n");
    print_json("rule", rule, arena);
    print_value("data", &data);
    print_value("expected", &expected);
    print_value("got", &got);
    return false;
}

static const struct mustache_node *find_partial(const char *name, size_t len, void *arg)
{
    struct partials *partials = arg;
    const json_t *source = json_object_getn(partials->sources, name, len);
    struct mustache_node *first = NULL;
    char error[200];

    if (!source)
        return NULL;
    if (mustache_parse(partials->arena, json_string_value(source), json_string_length(source), &first,
                       error) < 0)
        partials->error = arena_printf(partials->arena, "partial %.*s: %s", (int)len, name, error);
    return first;
}

static bool mustache_case(const json_t *test, struct arena *arena)
{
    const json_t *source = json_object_get(test, "template");
    struct partials partials = {.arena = arena, .sources = json_object_get(test, "partials")};
    struct value data = value_from_json(arena, json_object_get(test, "data"));
    struct value expected = value_from_json(arena, json_object_get(test, "expected")), got;
    struct mustache_node *first = NULL;
    struct buf out = {0};
    char error[200];

    if (mustache_parse(arena, json_string_value(source), json_string_length(source), &first, error) < 0)
        partials.error = error;
    else
        mustache_render(first, &data, find_partial, &partials, &out);
    got = value_string(arena_strndup(arena, buf_text(&out), out.len));
    buf_free(&out);
    if (!partials.error && value_equal(&got, &expected))
        return true;
    printf("FAIL %s %s\n", json_string_value(json_object_get(test, "name")),
           partials.error ? partials.error : "");
    print_json("template", source, arena);
    print_value("data", &data);
    print_json("partials", partials.sources, arena);
    print_value("expected", &expected);
    print_value("got", &got);
    return false;
}

typedef bool case_fn(const json_t *test, struct arena *arena);

static void run_cases(const json_t *tests, case_fn *run, struct tally *tally)
{
    struct arena arena = {0};
    const json_t *test;
    size_t i;

    json_array_foreach(tests, i, test)
    {
        if (json_is_string(test)) /* a heading */
            continue;
        if (run(test, &arena))
            tally->passed++;
        else
            tally->failed++;
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void run_file(const char *path, case_fn *run, struct tally *tally)
{
    json_error_t error;
    json_t *suite = json_load_file(path, 0, &error);
    const json_t *tests = json_is_object(suite) ? json_object_get(suite, "tests") : suite;

    if (json_array_size(tests) == 0) {
        printf("FAIL %s: %s\n", path, suite ? "no tests in it" : error.text);
        tally->failed++;
    }
    run_cases(tests, run, tally);
    json_decref(suite);
}

int main(int argc, char **argv)
{
    struct tally tally = {0};
    case_fn *run = NULL;

    if (argc > 2 && strcmp(argv[1], "jsonlogic") == 0)
        run = logic_case;
    if (argc > 2 && strcmp(argv[1], "mustache") == 0)
        run = mustache_case;
    if (!run) {
        fprintf(stderr, "usage: %s jsonlogic|mustache FILE...\n", argv[0]);
        return 2;
    }
    for (int i = 2; i < argc; i++)
        run_file(argv[i], run, &tally);
    printf("%d passed, %d failed\n", tally.passed, tally.failed);
    return tally.failed > 0;
}
