/* A shop's playbook: its own words in it, all else borrowed, and the shipped one left as it was. */
#include "fixture.h"

static struct playbook *shipped;
static struct arena arena;
static struct faults faults;

static int start(void **state)
{
    struct buf loading = {0};

    (void)state;
    assert_int_equal(playbook_load(playbook_embedded, &loading, &shipped), 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    playbook_free(shipped);
    arena_free(&arena);
    return 0;
}

static int begin(void **state)
{
    (void)state;
    arena_reset(&arena);
    faults_init(&faults, &arena);
    return 0;
}

static json_t *json(const char *text)
{
    json_t *parsed = json_loads(text, 0, NULL);

    assert_non_null(parsed);
    return parsed;
}

static const char draft[] = "{\"subject\": \"s\", \"text\": \"t\"}";

static void test_nothing_of_ones_own(void **state)
{
    struct playbook *playbook = playbook_own(shipped, NULL, 0, &faults);

    (void)state;
    assert_string_equal(playbook->version, shipped->version);
    assert_int_equal(playbook_own_size(shipped, playbook), 0);
    assert_int_equal(faults.count, 0);
    playbook_free(playbook);
}

/* Issues stay in their order, and those that name others mean the shop's. */
static void test_the_shipped_one_is_borrowed(void **state)
{
    json_t *body = json(draft);
    const struct own_words words = {"overdue_tracked", "en", body};
    struct playbook *playbook = playbook_own(shipped, &words, 1, &faults);
    int linked = 0;

    (void)state;
    assert_int_equal(faults.count, 0);
    assert_int_equal(playbook->issue_count, shipped->issue_count);
    for (int i = 0; i < playbook->issue_count; i++) {
        const struct issue_rule *own = &playbook->issues[i], *theirs = &shipped->issues[i];

        assert_ptr_equal(own->code, theirs->code);
        assert_int_equal(own->reads, theirs->reads);
        if (strcmp(own->code, "overdue_tracked") != 0)
            assert_ptr_equal(own->drafts, theirs->drafts);
        for (int u = 0; u < own->underlying_count; u++) {
            assert_ptr_equal(own->underlying[u].issue,
                             playbook->issues + (theirs->underlying[u].issue - shipped->issues));
            linked++;
        }
    }
    assert_true(linked > 0);
    assert_ptr_not_equal(playbook_issue(playbook, "overdue_tracked")->drafts,
                         playbook_issue(shipped, "overdue_tracked")->drafts);
    assert_int_equal(playbook_own_size(shipped, playbook), strlen("Subject: s\n\nt\n"));
    playbook_free(playbook);
    json_decref(body);
}

/* The version follows the words, not when they were put. */
static void test_version(void **state)
{
    json_t *one = json(draft), *two = json("{\"subject\": \"s\", \"text\": \"t2\"}");
    const struct own_words first = {"overdue_tracked", "en", one}, second = {"overdue_tracked", "en", two};
    struct playbook *a = playbook_own(shipped, &first, 1, &faults), *b = NULL, *c = NULL, *d = NULL;
    const struct own_words none = {"overdue_tracked", "en", NULL};

    (void)state;
    assert_int_equal(playbook_try_own(shipped, a, &second, &faults, &b), 0);
    assert_string_not_equal(a->version, b->version);
    assert_int_equal(playbook_try_own(shipped, b, &first, &faults, &c), 0);
    assert_string_equal(a->version, c->version);
    assert_int_equal(playbook_try_own(shipped, c, &none, &faults, &d), 0);
    assert_string_equal(d->version, shipped->version);
    /* each borrows of the one that it was made of */
    playbook_free(d);
    playbook_free(c);
    playbook_free(b);
    playbook_free(a);
    json_decref(one);
    json_decref(two);
}

/* A rule of the shop's own may read what the shipped one does not. */
static void test_reads(void **state)
{
    json_t *body = playbook_words(shipped, "overdue_tracked", NULL), *option;
    const struct own_words words = {"overdue_tracked", NULL, body};
    uint64_t track = UINT64_C(1) << INTENT_TRACK_ORDER;
    struct playbook *playbook;

    (void)state;
    option = json_array_get(json_object_get(body, "options"), 0);
    json_object_set_new(option, "rank", json("{\"var\": \"customer.orders\"}"));
    playbook = playbook_own(shipped, &words, 1, &faults);
    assert_int_equal(faults.count, 0);
    assert_int_equal(playbook_reads(shipped, track, 0, 0), 0);
    assert_int_equal(playbook_reads(playbook, track, 0, 0), CASE_READS_CUSTOMER);
    playbook_free(playbook);
    json_decref(body);
}

/* What is left of words of which some can't be used. */
static void test_unfit(void **state)
{
    json_t *good = json(draft), *bad = json("{\"subject\": \"s\", \"text\": \"{{order.gone}}\"}"),
           *worse = json("{\"text\": 7}"),
           *rule =
               json("{\"action\": \"refund_or_reship\", \"reason\": \"x\", \"intents\": [\"track_order\"]}");
    const struct {
        struct own_words words[2];
        int count, fitting;
        bool unfit;
    } cases[] = {
        {{{"overdue_tracked", "en", good}, {"overdue_tracked", NULL, rule}}, 2, 2, false},
        {{{"overdue_tracked", NULL, rule}},
         1,
         0,
         true}, /* the shipped draft needs what it does not require */
        {{{"overdue_tracked", "en", bad}, {"overdue_tracked", NULL, rule}}, 2, 0, true},
        {{{"overdue_tracked", "en", worse}, {"overdue_tracked", NULL, rule}}, 2, 0, true},
        {{{"overdue_tracked", "en", bad}, {"overdue_tracked", "xx", good}}, 2, 0, true},
        {{{"overdue_tracked", "xx", good}, {"overdue_tracked", "en", good}}, 2, 1, true},
        {{{"no_such_issue", "en", good}, {"overdue_tracked", "en", good}}, 2, 1, false},
        {{{"overdue_tracked", "en", good}, {"overdue_tracked", NULL, bad}}, 2, 1, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct playbook *playbook = playbook_own(shipped, cases[i].words, cases[i].count, &faults);
        int own = playbook->file_count;

        for (int file = 0; file < shipped->file_count; file++)
            own -= playbook->files[file] == shipped->files[file];
        if (own != cases[i].fitting ||
            playbook_issue(playbook, "overdue_tracked")->own_unfit != cases[i].unfit)
            fail_msg("%zu: %d of them", i, own);
        if (own == 0)
            assert_string_equal(playbook->version, shipped->version);
        playbook_free(playbook);
    }
    json_decref(good);
    json_decref(bad);
    json_decref(worse);
    json_decref(rule);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_nothing_of_ones_own, begin),
        cmocka_unit_test_setup(test_the_shipped_one_is_borrowed, begin),
        cmocka_unit_test_setup(test_version, begin),
        cmocka_unit_test_setup(test_reads, begin),
        cmocka_unit_test_setup(test_unfit, begin),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
