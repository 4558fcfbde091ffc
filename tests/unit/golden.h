/* golden.h - tests/golden/<name>.en.txt holds a whole mail, for reading; REPLYD_GOLDEN_WRITE=1 writes it
 * anew. */
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

#endif
