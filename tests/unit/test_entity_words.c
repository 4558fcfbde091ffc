/* Entities in every language: tests/entities/<language>.tsv, lines "what it names TAB text", read on Friday
 * 2026-02-20. What it names is words like "amount:39.90EUR date:2026-03-05 deadline:3 quantity:30 size:EU_42
 * bust:88 height:172 weight:68 color:navy country:DE carrier:DHL order:1001 tracking:RB123456785CN
 * stance:refuses money late:12 claim:not_received wont_wait reship partial photo", in any order, or "-" for
 * nothing. */
#include "../../src/understand/entities.h"
#include "../../src/understand/text.h"
#include "replyd/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TODAY 20504 /* 2026-02-20, a Friday */

static void describe(const struct entities *found, struct buf *out)
{
    static const char *const stances[] = {"", "demands", "asks", "refuses"};
    char text[32];

    for (int i = 0; i < found->order_number_count; i++)
        buf_addf(out, " order:%s", found->order_numbers[i]);
    for (int i = 0; i < found->tracking_number_count; i++)
        buf_addf(out, " tracking:%s", found->tracking_numbers[i]);
    for (int i = 0; i < found->amount_count; i++)
        buf_addf(out, " amount:%s%s", money_format(found->amounts[i].minor, found->amounts[i].currency, text),
                 found->amounts[i].currency);
    for (int i = 0; i < found->date_count; i++)
        buf_addf(out, " date:%s", day_format(found->dates[i], text));
    for (int i = 0; i < found->measure_count; i++)
        buf_addf(out, " %s:%g", words_measure[found->measures[i].measure], found->measures[i].cm);
    for (int i = 0; i < found->size_count; i++) {
        buf_adds(out, " size:");
        for (const char *s = found->sizes[i].text; *s != '\0'; s++)
            buf_addc(out, *s == ' ' ? '_' : *s);
    }
    for (int i = 0; i < found->color_count; i++) {
        buf_adds(out, " color:");
        for (const char *s = found->colors[i]; *s != '\0'; s++)
            buf_addc(out, *s == ' ' ? '_' : *s);
    }
    for (int i = 0; i < CLAIM_COUNT; i++) {
        if (found->claims >> i & 1)
            buf_addf(out, " claim:%s", words_claim[i]);
    }
    if (found->deadline_days >= 0)
        buf_addf(out, " deadline:%lld", (long long)found->deadline_days);
    if (found->quantity >= 0)
        buf_addf(out, " quantity:%lld", (long long)found->quantity);
    if (found->late_days >= 0)
        buf_addf(out, " late:%lld", (long long)found->late_days);
    if (found->height_cm > 0)
        buf_addf(out, " height:%g", found->height_cm);
    if (found->weight_kg > 0)
        buf_addf(out, " weight:%g", found->weight_kg);
    if (found->country != NULL)
        buf_addf(out, " country:%s", found->country);
    if (found->carrier != NULL) {
        buf_adds(out, " carrier:");
        for (const char *s = found->carrier; *s != '\0'; s++)
            buf_addc(out, *s == ' ' ? '_' : *s);
    }
    if (found->stance != STANCE_NONE)
        buf_addf(out, " stance:%s", stances[found->stance]);
    buf_adds(out, found->wants_money ? " money" : "");
    buf_adds(out, found->wont_wait ? " wont_wait" : "");
    buf_adds(out, found->wants_reship ? " reship" : "");
    buf_adds(out, found->partial ? " partial" : "");
    buf_adds(out, found->photo_announced ? " photo" : "");
}

/* Every word of one stands in the other. */
static bool has_words(char *words, const char *in)
{
    char *rest, padded[2000];

    snprintf(padded, sizeof(padded), "%s ", in);
    for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        char key[200];

        snprintf(key, sizeof(key), " %s ", word);
        if (strcmp(word, "-") != 0 && strstr(padded, key) == NULL)
            return false;
    }
    return true;
}

static int count_words(const char *s)
{
    int count = 0;

    for (; *s != '\0'; s++)
        count += *s != ' ' && *s != '-' && (s[1] == ' ' || s[1] == '\0');
    return count;
}

static int check_file(const struct vocabulary *vocabulary, const char *path, const char *language)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    int wrong = 0, number = 0;
    struct arena arena = {0};

    assert_non_null(file);
    while (getline(&line, &cap, file) > 0) {
        char *text = strchr(line, '\t'), expected[1000];
        struct entities found;
        struct buf said = {0};

        number++;
        if (line[0] == '#')
            continue;
        assert_non_null(text);
        *text++ = '\0';
        text[strcspn(text, "\n")] = '\0';
        char *plain = arena_strdup(&arena, text);
        entities_find(vocabulary, language, plain, text_plain_signs(plain, strlen(plain)), TODAY, &arena,
                      &found);
        describe(&found, &said);
        snprintf(expected, sizeof(expected), "%s", line);
        if (!has_words(expected, buf_text(&said)) || count_words(line) != count_words(buf_text(&said))) {
            print_error("%s:%d: \"%s\":\n   finds%s\n     not %s\n", path, number, text,
                        said.len > 0 ? buf_text(&said) : " -", line);
            wrong++;
        }
        buf_free(&said);
        arena_reset(&arena);
    }
    arena_free(&arena);
    free(line);
    fclose(file);
    return wrong;
}

static void test_languages(void **state)
{
    struct vocabulary *vocabulary = vocabulary_new();
    const char *only = getenv("ENTITIES_LANGUAGE"); /* one of them, while it is written */
    DIR *folder = opendir(ENTITIES_DIR);
    int wrong = 0, files = 0;

    (void)state;
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[4096], language[8];
        size_t len = strcspn(entry->d_name, ".");

        if (len < 2 || len > 6 || strcmp(entry->d_name + len, ".tsv") != 0)
            continue;
        memcpy(language, entry->d_name, len);
        language[len] = '\0';
        if (only != NULL && strcmp(only, language) != 0)
            continue;
        snprintf(path, sizeof(path), "%s/%s", ENTITIES_DIR, entry->d_name);
        wrong += check_file(vocabulary, path, language);
        files++;
    }
    closedir(folder);
    vocabulary_free(vocabulary);
    assert_int_equal(wrong, 0);
    assert_true(files > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_languages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
