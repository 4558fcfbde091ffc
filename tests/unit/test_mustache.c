#include "replyd/mustache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static char error[200];

/* Pairs of name and source, NULL-ended. */
static const struct mustache_node *find_partial(const char *name, size_t len, void *arg)
{
    const char *const *partials = arg;
    struct mustache_node *first = NULL;

    for (; *partials; partials += 2) {
        if (strlen(partials[0]) == len && memcmp(partials[0], name, len) == 0)
            mustache_parse(&arena, partials[1], strlen(partials[1]), &first, error);
    }
    return first;
}

static void render(const char *source, const char *data, const char *const *partials, struct buf *out)
{
    json_t *json = json_loads(data, JSON_DECODE_ANY, NULL);
    struct value value = value_from_json(&arena, json);
    struct mustache_node *first = NULL;

    if (mustache_parse(&arena, source, strlen(source), &first, error) < 0)
        fail_msg("%s: %s", source, error);
    mustache_render(first, &value, partials ? find_partial : NULL, (void *)partials, out);
    json_decref(json);
}

static void check(const char *source, const char *data, const char *const *partials, const char *expected)
{
    struct buf out = {0};

    render(source, data, partials, &out);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static void refused(const char *source, const char *message)
{
    struct mustache_node *first = NULL;

    assert_int_equal(mustache_parse(&arena, source, strlen(source), &first, error), -1);
    assert_null(first);
    assert_string_equal(error, message);
}

static int release(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void values_are_put(void **state)
{
    (void)state;
    check("{{a}} {{b}} {{c}} {{d}} {{e}}|{{f}}|{{g}}",
          "{\"a\": 1.21, \"b\": 85, \"c\": true, \"d\": \"x\", \"e\": null, \"f\": [1]}", NULL,
          "1.21 85 true x ||");
    check("{{s}} {{{s}}} {{&s}}", "{\"s\": \"<a href='x'>&\\\"\"}", NULL,
          "&lt;a href=&#39;x&#39;&gt;&amp;&quot; <a href='x'>&\" <a href='x'>&\"");
    check("{{a.b}} {{#a}}{{b}}{{c}}{{/a}}", "{\"a\": {\"b\": 1}, \"c\": 2}", NULL, "1 12");
    check("", "{}", NULL, "");
}

static void sections_test_truth(void **state)
{
    const char *data = "{\"zero\": 0, \"empty\": \"\", \"none\": [], \"one\": 1, \"list\": [1, 2]}";

    (void)state;
    check("{{#zero}}x{{/zero}}{{#empty}}x{{/empty}}{{#none}}x{{/none}}{{#unknown}}x{{/unknown}}", data, NULL,
          "");
    check("{{^zero}}a{{/zero}}{{^empty}}b{{/empty}}{{^none}}c{{/none}}{{^one}}d{{/one}}", data, NULL, "abc");
    check("{{#list}}{{.}}, {{/list}}{{#one}}{{.}}{{/one}}", data, NULL, "1, 2, 1");
}

static void lines_stand_alone(void **state)
{
    (void)state;
    check("a\r\n  {{#x}} \t\r\n  b\r\n{{/x}}\r\nc", "{\"x\": true}", NULL, "a\r\n  b\r\nc");
    check("  {{! a\n b }}  ", "{}", NULL, "");
    check("{{#x}}{{/x}}\n", "{\"x\": true}", NULL, "\n");
    check("{{#x}}\n{{/x}}\n", "{\"x\": true}", NULL, "");
    check(" {{x}}\n", "{\"x\": \"\"}", NULL, " \n");
    check("{{! a }}\r", "{}", NULL, "\r");
}

static void partials_are_indented(void **state)
{
    const char *const partials[] = {"p", "1\n\n{{{x}}}\n  {{>q}}\n2\n", "q", "3\n4\n", "r", "5\n6", NULL};

    (void)state;
    check("  {{>p}}\n|", "{\"x\": \"a\\nb\"}", partials, "  1\n\n  a\nb\n    3\n    4\n  2\n|");
    check("- {{>r}}\n  {{>r}}\n", "{}", partials, "- 5\n6\n  5\n  6");
    check("[{{>unknown}}]", "{}", partials, "[]");
    check("[{{>p}}]", "{}", NULL, "[]");
}

static void delimiters_change(void **state)
{
    const char *const partials[] = {"p", "{{x}}", NULL};

    (void)state;
    check("{{=<% %>=}}<%x%> {{x}} <%{x}%> <%>p%> <%={{ }}=%>{{x}}", "{\"x\": \"&\"}", partials,
          "&amp; {{x}} & &amp; &amp;");
    check("{{=| |=}}|x| |! no ||#y|a|/y|", "{\"x\": 1, \"y\": true}", NULL, "1 a");
    check("{{{ x }}} {{{x}}}}", "{\"x\": 1}", NULL, "1 1}");
}

static void mistakes_are_named(void **state)
{
    (void)state;
    refused("a\n\n{{b", "line 3: a tag is never closed");
    refused("{{{b}}", "line 1: a tag is never closed");
    refused("a\n{{#b}}\n", "line 2: section \"b\" is never closed");
    refused("\n{{/b}}", "line 2: \"/b\" closes nothing");
    refused("{{#a}}\n{{^b}}\n{{/a}}", "line 3: \"/a\" where \"b\" of line 2 is open");
    refused("{{=<%=}}", "line 1: bad delimiters: \"<%\"");
    refused("{{=a b c=}}", "line 1: bad delimiters: \"a b c\"");
    refused("{{=a= =b=}}", "line 1: bad delimiters: \"a= =b\"");
    refused("{{ }}", "line 1: a tag without a name");
    refused("{{a b}}", "line 1: a name with white space in it: \"a b\"");
    refused("{{<layout}}", "line 1: \"<layout\": inheritance is not supported");
}

static void nodes_say_where_they_are(void **state)
{
    const char *source = "one\n{{#a}}\ntwo {{b.c}}\n{{/a}}\n  {{>p}}\n";
    struct mustache_node *node = NULL;

    (void)state;
    assert_int_equal(mustache_parse(&arena, source, strlen(source), &node, error), 0);
    assert_int_equal(node->kind, MUSTACHE_TEXT);
    assert_int_equal(node->line, 1);
    node = node->next;
    assert_int_equal(node->kind, MUSTACHE_SECTION);
    assert_int_equal(node->line, 2);
    assert_int_equal(node->children->line, 3);
    assert_int_equal(node->children->next->kind, MUSTACHE_VARIABLE);
    assert_memory_equal(node->children->next->text, "b.c", 3);
    assert_int_equal(node->children->next->len, 3);
    assert_int_equal(node->children->next->slot, -1);
    assert_string_equal(node->children->next->indent, "");
    node = node->next;
    assert_int_equal(node->kind, MUSTACHE_PARTIAL);
    assert_string_equal(node->indent, "  ");
    assert_int_equal(node->line, 5);
    assert_null(node->next);
}

static void sections_nest_50_deep(void **state)
{
    struct buf source = {0};
    struct mustache_node *first = NULL;

    (void)state;
    for (int i = 0; i < 50; i++)
        buf_adds(&source, "{{#a}}");
    for (int i = 0; i < 50; i++)
        buf_adds(&source, "{{/a}}");
    assert_int_equal(mustache_parse(&arena, source.data, source.len, &first, error), 0);
    buf_truncate(&source, 50 * 6);
    buf_adds(&source, "\n{{#a}}");
    refused(source.data, "line 2: sections nested deeper than 50");
    buf_free(&source);
}

static void work_is_limited(void **state)
{
    const char *const partials[] = {"self", "x{{>self}}", "twice", "{{>twice}}{{>twice}}", NULL};
    struct buf source = {0}, out = {0};

    (void)state;
    check("{{>self}}", "{}", partials, "xxxxxxxxxxxxxxxxxxxx");
    check("{{>twice}}", "{}", partials, "");
    for (int i = 0; i < 40; i++)
        buf_adds(&source, "{{#l}}");
    buf_adds(&source, "0123456789");
    for (int i = 0; i < 40; i++)
        buf_adds(&source, "{{/l}}");
    render(source.data, "{\"l\": [1, 2, 3, 4]}", NULL, &out);
    assert_in_range(out.len, 1, (4 << 20) + 10);
    buf_free(&source);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(values_are_put, release),
        cmocka_unit_test_teardown(sections_test_truth, release),
        cmocka_unit_test_teardown(lines_stand_alone, release),
        cmocka_unit_test_teardown(partials_are_indented, release),
        cmocka_unit_test_teardown(delimiters_change, release),
        cmocka_unit_test_teardown(mistakes_are_named, release),
        cmocka_unit_test_teardown(nodes_say_where_they_are, release),
        cmocka_unit_test_teardown(sections_nest_50_deep, release),
        cmocka_unit_test_teardown(work_is_limited, release),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
