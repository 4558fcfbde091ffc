#include "replyd/size.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NO                                                                                                   \
    {                                                                                                        \
        NAN, NAN                                                                                             \
    }
#define DRESS(bust, waist, hip)                                                                              \
    {                                                                                                        \
        bust, waist, hip, NO, NO, NO                                                                         \
    }
#define RANGE(from, to)                                                                                      \
    {                                                                                                        \
        from, to                                                                                             \
    }

/* Gaps of a centimetre, as charts have them; XL before S: a chart may stand in any order. */
static const struct size_row dress[] = {
    {"XL", DRESS(RANGE(100, 104), RANGE(82, 86), RANGE(108, 112))},
    {"S", DRESS(RANGE(84, 88), RANGE(66, 70), RANGE(92, 96))},
    {"M", DRESS(RANGE(89, 93), RANGE(71, 75), RANGE(97, 101))},
    {"L", DRESS(RANGE(94, 99), RANGE(76, 81), RANGE(102, 107))},
};
static const struct size_row shirt[] = {
    {"M", {RANGE(92, 98), NO, NO, RANGE(68, 70), RANGE(60, 62), NO}},
    {"L", {RANGE(98, 104), NO, NO, RANGE(70, 72), RANGE(62, 64), NO}},
};
static const struct size_row skirt[] = {
    {"36", {NO, NO, NO, RANGE(50, 54), NO, NO}},
    {"38", {NO, NO, NO, RANGE(55, 60), NO, NO}},
};
#define FOOT(from, to)                                                                                       \
    {                                                                                                        \
        NO, NO, NO, NO, NO, RANGE(from, to)                                                                  \
    }
static const struct size_row shoes[] = {
    {"EU 40", FOOT(25.0, 25.4)}, {"EU 41", FOOT(25.5, 25.9)}, {"EU 42", FOOT(26.1, 26.5)}};
static const struct size_row dog[] = {{"S", DRESS(RANGE(25, 30), NO, NO)},
                                      {"M", DRESS(RANGE(31, 36), NO, NO)}};
static const struct size_row bare[] = {{"S", DRESS(NO, NO, NO)}};

#define CHART(chart) chart, sizeof(chart) / sizeof(*(chart))

/* `said` in the form "bust=88 waist=70"; expected: status size/smaller, "wide", "?" and what is asked. */
static const struct {
    const struct size_row *rows;
    size_t row_count;
    const char *said, *expected;
} cases[] = {
    {CHART(dress), "bust=86 waist=68 hip=94", "recommended S"},
    {CHART(dress), "bust=91 waist=73 hip=99", "recommended M"},
    /* both ends of a row belong to it, and between two rows is a gap */
    /* 98 is of both: the other measure decides, if there is one */
    {CHART(shirt), "bust=98 length=69", "recommended M ?sleeve"},
    {CHART(shirt), "bust=98 length=71", "recommended L ?sleeve"},
    {CHART(shirt), "bust=98", "between L/M ?length ?sleeve"},
    {CHART(dress), "bust=84", "recommended S ?waist ?hip"},
    {CHART(dress), "bust=88", "recommended S ?waist ?hip"},
    {CHART(dress), "bust=88.1", "between M/S ?waist ?hip"},
    {CHART(dress), "bust=88.9", "between M/S ?waist ?hip"},
    {CHART(dress), "bust=89", "recommended M ?waist ?hip"},
    {CHART(dress), "bust=99.5", "between XL/L ?waist ?hip"},
    /* measures that point to different sizes */
    {CHART(dress), "bust=86 waist=68 hip=99", "between M/S"},
    {CHART(dress), "bust=86 waist=73 hip=105", "between L/S"},
    {CHART(dress), "bust=88.5 waist=72", "between M/S ?hip"},
    /* hand measuring: 1 cm above the largest, 2 cm below the smallest */
    {CHART(dress), "bust=105", "recommended XL ?waist ?hip"},
    {CHART(dress), "bust=105.1", "none_fits XL ?waist ?hip"},
    {CHART(dress), "bust=82", "recommended S ?waist ?hip"},
    {CHART(dress), "bust=81.9", "none_fits S ?waist ?hip"},
    {CHART(dress), "bust=98 hip=113.5", "none_fits XL ?waist"},
    {CHART(dress), "bust=81 waist=68", "recommended S ?hip"},
    {CHART(dress), "bust=81 waist=63 hip=80", "none_fits S"},
    /* what is missing */
    {CHART(dress), "", "needs_measurements ?bust ?waist ?hip"},
    {CHART(dress), "foot=25", "needs_measurements ?bust ?waist ?hip"},
    {CHART(shirt), "sleeve=61", "needs_measurements ?bust ?length"},
    /* what nobody measures */
    {CHART(dress), "waist=7 bust=90", "implausible waist=7! ?hip"},
    {CHART(dress), "bust=890", "implausible bust=890! ?waist ?hip"},
    {CHART(dog), "bust=28", "recommended S"},
    {CHART(dog), "bust=7", "implausible bust=7!"},
    /* length and sleeve beside a girth; where rows touch both fit */
    {CHART(shirt), "bust=95 length=69 sleeve=61", "recommended M"},
    {CHART(shirt), "bust=95 length=69 sleeve=63", "between L/M"},
    {CHART(shirt), "bust=98", "between L/M ?length ?sleeve"},
    {CHART(skirt), "length=52", "recommended 36"},
    {CHART(skirt), "length=54.5", "between 38/36"},
    /* feet by the chart */
    {CHART(shoes), "foot=25.5", "recommended EU 41"},
    {CHART(shoes), "foot=26", "between EU 42/EU 41"},
    {CHART(shoes), "foot=25.2 wide", "recommended EU 41 wide"},
    {CHART(shoes), "foot=26 wide", "recommended EU 42 wide"},
    {CHART(shoes), "foot=26.3 wide", "recommended EU 42"},
    {CHART(shoes), "foot=26.7", "recommended EU 42"},
    {CHART(shoes), "foot=26.8", "none_fits EU 42"},
    {CHART(shoes), "foot=24", "recommended EU 40"},
    {CHART(shoes), "foot=23.9", "none_fits EU 40"},
    {CHART(shoes), "foot=7", "implausible foot=7!"},
    {CHART(shoes), "", "needs_measurements ?foot"},
    {CHART(dress), "bust=86 wide", "recommended S ?waist ?hip"},
    /* without a chart feet go by the Paris point: EU = 1.5 (cm + 1.5) */
    {NULL, 0, "foot=25", "recommended EU 40"},
    {NULL, 0, "foot=24.5", "recommended EU 39"},
    {NULL, 0, "foot=25.5", "between EU 41/EU 40"},
    {NULL, 0, "foot=26", "recommended EU 41"},
    {NULL, 0, "foot=25 wide", "recommended EU 41 wide"},
    {NULL, 0, "foot=25.5 wide", "recommended EU 41 wide"},
    {NULL, 0, "foot=70", "implausible foot=70!"},
    {NULL, 0, "shoes", "needs_measurements ?foot"},
    {NULL, 0, "bust=88", "-"},
    {CHART(bare), "bust=88", "-"},
};

static int measure_of(const char *name, size_t len)
{
    for (int m = 0; m < MEASURE_COUNT; m++) {
        if (strlen(words_measure[m]) == len && strncmp(words_measure[m], name, len) == 0)
            return m;
    }
    return -1;
}

static void ask(const struct size_row *rows, size_t count, const char *said, struct size_answer *answer)
{
    struct measure_said measures[UNDERSTAND_MEASURES];
    struct size_question question = {.rows = rows, .row_count = (int)count, .measures = measures};

    while (*said != '\0') {
        size_t len = strcspn(said, " "), name = strcspn(said, "=");

        if (strncmp(said, "wide", len) == 0) {
            question.wide_foot = true;
        } else if (strncmp(said, "shoes", len) == 0) {
            question.shoes = true;
        } else {
            int measure = measure_of(said, name);

            question.shoes |= measure == MEASURE_FOOT;
            measures[question.measure_count++] =
                (struct measure_said){.measure = measure, .cm = atof(said + name + 1)};
        }
        said += len + (said[len] == ' ');
    }
    size_find(&question, answer);
}

static void describe(const struct size_row *rows, const struct size_answer *answer, char out[static 200])
{
    int len = snprintf(out, 200, "%s", answer->status < 0 ? "-" : words_size_status[answer->status]);

    if (answer->row >= 0 || answer->scale[0] != '\0')
        len += snprintf(out + len, 200 - (size_t)len, " %s",
                        answer->row >= 0 ? rows[answer->row].size : answer->scale);
    if (answer->smaller >= 0 || answer->scale_smaller[0] != '\0')
        len += snprintf(out + len, 200 - (size_t)len, "/%s",
                        answer->smaller >= 0 ? rows[answer->smaller].size : answer->scale_smaller);
    if (answer->wide)
        len += snprintf(out + len, 200 - (size_t)len, " wide");
    for (int i = 0; i < answer->reason_count; i++) {
        if (answer->reasons[i].implausible)
            len += snprintf(out + len, 200 - (size_t)len, " %s=%g!",
                            words_measure[answer->reasons[i].measure], answer->reasons[i].cm);
    }
    for (int m = 0; m < MEASURE_COUNT; m++) {
        if (answer->asked[m])
            len += snprintf(out + len, 200 - (size_t)len, " ?%s", words_measure[m]);
    }
}

static void test_cases(void **state)
{
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct size_answer answer;
        char found[200];

        ask(cases[i].rows, cases[i].row_count, cases[i].said, &answer);
        describe(cases[i].rows, &answer, found);
        if (strcmp(found, cases[i].expected) != 0) {
            print_error("%zu \"%s\": \"%s\", not \"%s\"\n", i, cases[i].said, found, cases[i].expected);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* The range told is that of the size told. */
static void test_reasons(void **state)
{
    struct size_answer answer;

    (void)state;
    ask(CHART(dress), "bust=91 waist=73.5", &answer);
    assert_int_equal(answer.reason_count, 2);
    assert_int_equal(answer.reasons[0].measure, MEASURE_BUST);
    assert_true(answer.reasons[0].range.from == 89 && answer.reasons[0].range.to == 93);
    assert_true(answer.reasons[1].cm == 73.5 && answer.reasons[1].range.to == 75);
    ask(NULL, 0, "foot=25", &answer);
    assert_true(isnan(answer.reasons[0].range.from));
}

/* A foot one millimetre longer never gets a smaller shoe. */
static void test_monotone(void **state)
{
    int last = 0;

    (void)state;
    for (int mm = 200; mm <= 320; mm++) {
        struct size_answer answer;
        char said[20];

        snprintf(said, sizeof(said), "foot=%.1f", mm / 10.0);
        ask(NULL, 0, said, &answer);
        assert_true(atoi(answer.scale + 3) >= last);
        assert_true(atoi(answer.scale + 3) <= last + 1 || last == 0);
        last = atoi(answer.scale + 3);
    }
    assert_int_equal(last, 50);
}

static void test_feet(void **state)
{
    static const struct {
        enum size_system system;
        const char *size;
        enum size_sex said, sex;
        double cm; /* 0: not known */
    } feet[] = {
        {SIZE_EU, "42", SEX_UNKNOWN, SEX_UNKNOWN, 26.5}, {SIZE_ANY, "42", SEX_UNKNOWN, SEX_UNKNOWN, 26.5},
        {SIZE_CN, "260", SEX_UNKNOWN, SEX_UNKNOWN, 26},  {SIZE_CN, "42", SEX_UNKNOWN, SEX_UNKNOWN, 26.5},
        {SIZE_UK, "8", SEX_UNKNOWN, SEX_UNKNOWN, 26.44}, {SIZE_US, "9", SEX_MEN, SEX_UNKNOWN, 26.44},
        {SIZE_US, "9", SEX_UNKNOWN, SEX_MEN, 26.44},     {SIZE_US, "10", SEX_WOMEN, SEX_MEN, 26.44},
        {SIZE_US, "9", SEX_UNKNOWN, SEX_UNKNOWN, 0},     {SIZE_US, "9", SEX_CHILDREN, SEX_UNKNOWN, 0},
        {SIZE_ANY, "12", SEX_UNKNOWN, SEX_UNKNOWN, 0},   {SIZE_EU, "260", SEX_UNKNOWN, SEX_UNKNOWN, 0},
        {SIZE_ANY, "XL", SEX_UNKNOWN, SEX_UNKNOWN, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(feet) / sizeof(*feet); i++) {
        struct size_said said = {.system = feet[i].system, .size = feet[i].size, .sex = feet[i].said};
        double cm = size_foot(&said, feet[i].sex);

        if (feet[i].cm > 0 ? !(fabs(cm - feet[i].cm) < 0.01) : !isnan(cm))
            fail_msg("%zu: %g, not %g", i, cm, feet[i].cm);
    }
}

/* A size that he wears is a foot; one that he only names is not measured by. */
static void test_worn(void **state)
{
    struct size_said us9 = {.system = SIZE_US, .size = "9", .text = "US 9", .sex = SEX_MEN, .wears = true};
    struct size_said eu41 = {.system = SIZE_EU, .size = "41", .text = "EU 41", .wears = true};
    struct size_said m = {.size = "M", .text = "M", .wears = true};
    struct size_question question = {.rows = shoes, .row_count = 3, .worn = &us9};
    struct size_answer answer;

    (void)state;
    size_find(&question, &answer);
    assert_int_equal(answer.status, SIZE_STATUS_RECOMMENDED);
    assert_string_equal(shoes[answer.row].size, "EU 42");
    question.worn = &eu41;
    size_find(&question, &answer);
    assert_string_equal(shoes[answer.row].size, "EU 41");
    question = (struct size_question){.rows = dress, .row_count = 4, .worn = &m};
    size_find(&question, &answer);
    assert_int_equal(answer.status, SIZE_STATUS_NEEDS_MEASUREMENTS);
}

static void test_labels(void **state)
{
    static const struct {
        const char *label, *size;
        bool same;
    } labels[] = {
        {"EU 42", "42", true},
        {"42", "EU 42", true},
        {"EU 42", "EU 42", true},
        {"EU42", "EU 42", true},
        {"US 8", "EU 8", false},
        {"EU 42 / UK 8", "UK 8", true},
        {"EU 42 / UK 8", "EU 8", false},
        {"M", "m", true},
        {"XL", "L", false},
        {"L", "XL", false},
        {"2XL", "2XL", true},
        {"M (38-40)", "M", true},
        {"42", "42.5", false},
        {"42.5", "42.5", true},
        {"142", "42", false},
        {"", "M", false},
        {"M", "", false},
        {NULL, "M", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
        if (size_same(labels[i].label, labels[i].size) != labels[i].same)
            fail_msg("%s and %s", labels[i].label, labels[i].size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),    cmocka_unit_test(test_reasons),
                                       cmocka_unit_test(test_monotone), cmocka_unit_test(test_feet),
                                       cmocka_unit_test(test_worn),     cmocka_unit_test(test_labels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
