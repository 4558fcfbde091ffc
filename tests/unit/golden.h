/* golden.h - tests/golden/<name>.en.txt holds a whole mail, for reading; REPLYD_GOLDEN_WRITE=1 writes it
 * anew. A table of goldens has a row for each: its name, and the function that makes the case. */
#ifndef REPLYD_TESTS_GOLDEN_H
#define REPLYD_TESTS_GOLDEN_H

#include "fixture.h"

static inline void assert_golden(struct fixture *f, const char *name)
{
    char path[400], held[8192];
    struct buf mail = {0};
    size_t len;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s.en.txt", GOLDEN_DIR, name);
    buf_addf(&mail, "Subject: %s\n\n%s\n", fixture_text(f, "draft.subject"), fixture_text(f, "draft.text"));
    if (getenv("REPLYD_GOLDEN_WRITE")) {
        file = fopen(path, "w");
        assert_non_null(file);
        fputs(mail.data, file);
        fclose(file);
    }
    file = fopen(path, "r");
    if (!file)
        fail_msg("%s is missing", path);
    len = fread(held, 1, sizeof(held) - 1, file);
    held[len] = '\0';
    fclose(file);
    assert_string_equal(mail.data, held);
    assert_null(strstr(mail.data, "{{"));
    assert_null(strstr(mail.data, "  "));
    buf_free(&mail);
}

struct golden {
    const char *name; /* "<issue>" or "<issue>.<what is special>" */
    void (*make)(struct fixture *f);
};

static struct playbook *golden_playbook;
static struct compose_context *golden_context;

static inline void golden_case(void **state)
{
    const struct golden *golden = *state;
    struct fixture *f = calloc(1, sizeof(*f));
    char issue[64];

    fixture_init(f, golden_playbook, golden_context);
    golden->make(f);
    fixture_run(f);
    snprintf(issue, sizeof(issue), "%.*s", (int)strcspn(golden->name, "."), golden->name);
    assert_string_equal(fixture_text(f, "issue.code"), issue);
    assert_golden(f, golden->name);
    fixture_free(f);
    free(f);
}

/* Runs a table of goldens; the program's exit status. */
static inline int golden_main(const struct golden *goldens, size_t count)
{
    struct CMUnitTest *tests = calloc(count, sizeof(*tests));
    int failed;

    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){
            .name = goldens[i].name, .test_func = golden_case, .initial_state = (void *)&goldens[i]};
    golden_playbook = fixture_playbook();
    golden_context = compose_context_new();
    failed = _cmocka_run_group_tests("goldens", tests, count, NULL, NULL);
    compose_context_free(golden_context);
    playbook_free(golden_playbook);
    free(tests);
    return failed;
}

#endif
