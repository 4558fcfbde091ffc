#include "replyd/config.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum option_type { OPTION_TEXT, OPTION_COUNT };

struct option_row {
    const char *flag; /* "listen" is --listen and REPLYD_LISTEN */
    enum option_type type;
    size_t offset;
    const char *fallback; /* NULL: none */
    int64_t min, max;
    const char *help;
};

#define AT(member) offsetof(struct config, member)

static const struct option_row options[] = {
    {"database-url", OPTION_TEXT, AT(database_url), NULL, 0, 0, "PostgreSQL, as libpq reads it (required)"},
    {"listen", OPTION_TEXT, AT(listen), "127.0.0.1:8080", 0, 0, "address and port to serve on"},
    {"playbook", OPTION_TEXT, AT(playbook), NULL, 0, 0, "folder to use instead of the playbook compiled in"},
    {"workers", OPTION_COUNT, AT(workers), "0", 0, 64, "threads; 0: one for every two cores"},
    {"max-connections", OPTION_COUNT, AT(max_connections), "10000", 1, 1000000, "open HTTP connections"},
    {"max-waiting", OPTION_COUNT, AT(max_waiting), "2000", 1, 100000,
     "requests waiting for the database, per worker; more get 503"},
    {"idle-timeout", OPTION_COUNT, AT(idle_timeout), "75", 1, 3600,
     "seconds until a silent connection is closed"},
    {"statement-timeout", OPTION_COUNT, AT(statement_timeout), "3000", 10, 600000,
     "milliseconds a query of a suggestion may take; ten times that for lists and ingest"},
    {"stop-timeout", OPTION_COUNT, AT(stop_timeout), "10", 0, 600,
     "seconds a stop waits for requests under way"},
    {"log-level", OPTION_TEXT, AT(log_level), "info", 0, 0, "debug, info, warning or error"},
};
#define OPTION_COUNT_ALL (sizeof options / sizeof *options)

static void variable_name(const struct option_row *row, char out[static 64])
{
    int used = snprintf(out, 64, "REPLYD_%s", row->flag);
    for (int i = 0; i < used; i++) {
        if (out[i] == '-')
            out[i] = '_';
        else if (out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - 'a' + 'A');
    }
}

static int option_store(const struct option_row *row, const char *where, const char *value,
                        struct config *config)
{
    char *at = (char *)config + row->offset;
    if (row->type == OPTION_TEXT) {
        memcpy(at, &value, sizeof value);
        return 0;
    }
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno || end == value || *end || number < row->min || number > row->max) {
        fprintf(stderr, "replyd: %s takes a whole number from %lld to %lld, not \"%s\"\n", where,
                (long long)row->min, (long long)row->max, value);
        return 2;
    }
    int64_t stored = number;
    memcpy(at, &stored, sizeof stored);
    return 0;
}

static const struct option_row *option_find(const char *name, size_t len)
{
    for (size_t i = 0; i < OPTION_COUNT_ALL; i++) {
        if (strlen(options[i].flag) == len && memcmp(options[i].flag, name, len) == 0)
            return &options[i];
    }
    return NULL;
}

static int config_read_flags(int argc, char **argv, struct config *config)
{
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i];
        bool markdown = strcmp(arg, "--help=markdown") == 0; /* for README */
        if (markdown || strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) {
            struct buf help = {0};
            config_help(&help, markdown);
            fputs(buf_text(&help), stdout);
            buf_free(&help);
            return 1;
        }
        size_t len = strcspn(arg, "=");
        const struct option_row *row =
            strncmp(arg, "--", 2) == 0 && len > 2 ? option_find(arg + 2, len - 2) : NULL;
        if (!row) {
            fprintf(stderr, "replyd: unknown flag \"%s\"; see `replyd serve --help`\n", arg);
            return 2;
        }
        const char *value = arg[len] == '=' ? arg + len + 1 : argv[++i];
        if (!value) {
            fprintf(stderr, "replyd: %s needs a value\n", arg);
            return 2;
        }
        if (option_store(row, arg, value, config) != 0)
            return 2;
    }
    return 0;
}

int config_read(int argc, char **argv, struct config *ret_config)
{
    struct config config = {0};
    for (size_t i = 0; i < OPTION_COUNT_ALL; i++) {
        char variable[64];
        variable_name(&options[i], variable);
        const char *value = getenv(variable);
        if (!value || !*value)
            value = options[i].fallback;
        if (value && option_store(&options[i], variable, value, &config) != 0)
            return 2;
    }
    int status = config_read_flags(argc, argv, &config);
    if (status != 0)
        return status;
    if (!config.database_url) {
        fputs("replyd: which database? Set REPLYD_DATABASE_URL or --database-url\n", stderr);
        return 2;
    }
    *ret_config = config;
    return 0;
}

void config_help(struct buf *out, bool markdown)
{
    if (markdown)
        buf_adds(out, "| flag | variable | default | what it is |\n|---|---|---|---|\n");
    else
        buf_adds(out, "usage: replyd serve [--FLAG VALUE ...]\n\nServes the API until SIGTERM or Ctrl-C. "
                      "Every flag has an "
                      "environment variable.\n\n");
    for (size_t i = 0; i < OPTION_COUNT_ALL; i++) {
        const struct option_row *row = &options[i];
        char variable[64];
        variable_name(row, variable);
        if (markdown)
            buf_addf(out, "| `--%s` | `%s` | %s%s%s | %s |\n", row->flag, variable, row->fallback ? "`" : "",
                     row->fallback ? row->fallback : "", row->fallback ? "`" : "", row->help);
        else
            buf_addf(out, "  --%-19s %-27s %s%s%s%s\n", row->flag, variable, row->help,
                     row->fallback ? " [" : "", row->fallback ? row->fallback : "", row->fallback ? "]" : "");
    }
}
