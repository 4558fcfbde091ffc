#include "check_corpus.h"
#include "replyd/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The files of a folder, or those compiled in. */
static int open_files(const char *dir, struct arena *arena, const struct playbook_file **ret_files)
{
    if (!dir) {
        *ret_files = playbook_embedded;
        return 0;
    }
    if (playbook_read_dir(dir, arena, ret_files) == 0)
        return 0;
    fprintf(stderr, "replyd: cannot read the playbook \"%s\": %s\n", dir, strerror(errno));
    return -1;
}

static int load(const struct playbook_file *files, struct playbook **ret_playbook)
{
    struct buf faults = {0};
    int status = playbook_load(files, &faults, ret_playbook);
    fputs(buf_text(&faults), stderr);
    buf_free(&faults);
    return status;
}

int cmd_open_playbook(const char *dir, struct playbook **ret_playbook)
{
    struct arena arena = {0};
    const struct playbook_file *files;
    int status = open_files(dir, &arena, &files);
    if (status == 0 && load(files, ret_playbook) != 0) {
        fputs("replyd: this playbook can't be used\n", stderr);
        status = -1;
    }
    arena_free(&arena);
    return status;
}

static int check(const char *dir)
{
    struct arena arena = {0};
    const struct playbook_file *files;
    struct playbook *playbook = NULL;
    int faults = -1;
    if (open_files(dir, &arena, &files) == 0 && load(files, &playbook) == 0) {
        struct buf out = {0};
        faults = playbook_check(playbook, files, &out) + (dir ? check_corpus(dir, &out) : 0);
        fputs(buf_text(&out), stdout);
        printf("%d issues, %d faults\n", playbook->issue_count, faults);
        buf_free(&out);
    }
    playbook_free(playbook);
    arena_free(&arena);
    return faults == 0 ? 0 : 1;
}

static int table(const char *dir)
{
    struct playbook *playbook;
    struct buf out = {0};
    if (cmd_open_playbook(dir, &playbook) != 0)
        return 1;
    playbook_table(playbook, &out);
    fputs(buf_text(&out), stdout);
    buf_free(&out);
    playbook_free(playbook);
    return 0;
}

int cmd_check(int argc, char **argv)
{
    bool wants_table = argc > 1 && strcmp(argv[1], "--table") == 0;
    int first = wants_table ? 2 : 1;
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        puts(
            "usage: replyd check [--table] [DIR]\n\nChecks the playbook in DIR, or the one compiled in: "
            "that every "
            "rule and draft parses,\n"
            "names facts that exist and uses only what its rule guarantees or it guards; that every issue "
            "has a draft\n"
            "in every language; that every rule can be reached; of a DIR also that every intent has example\n"
            "messages enough in every language, and no two that say the same. Exit status 0: no fault.\n\n"
            "--table: which issue each intent and trigger comes to in the main states of an order.");
        return 0;
    }
    if (argc > first + 1 || (argc == first + 1 && argv[first][0] == '-')) {
        fputs("replyd: usage: replyd check [--table] [DIR]\n", stderr);
        return 2;
    }
    const char *dir = argc == first + 1 ? argv[first] : NULL;
    return wants_table ? table(dir) : check(dir);
}
