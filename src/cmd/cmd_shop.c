#include "cmd_db.h"
#include "replyd/cmd.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: replyd shop create CODE --name NAME [--database-url URL]\n"
    "       replyd shop list [--database-url URL]\n\n"
    "  CODE                 what commands call the shop: a-z, 0-9, _ and -, at most 63\n"
    "  --name NAME          what buyers call it\n"
    "  --database-url URL   the database; REPLYD_DATABASE_URL without it\n";

struct options {
    const char *verb, *code, *name, *url;
};

static int shop_create(PGconn *connection, const struct options *options)
{
    bool malformed = false;
    PGresult *result =
        cmd_db_query(connection,
                     "INSERT INTO replyd_data.shops (code, name) VALUES ($1, $2)"
                     " ON CONFLICT (code) DO NOTHING RETURNING shop_id",
                     2, (const char *const[]){options->code, options->name}, "23514", &malformed);
    if (!result) {
        if (malformed)
            fprintf(stderr,
                    "replyd: \"%s\" can't be a shop's code (a-z, 0-9, _ and -, at most 63), or the name is "
                    "empty\n",
                    options->code);
        return malformed ? 2 : 1;
    }
    bool made = PQntuples(result) == 1;
    PQclear(result);
    if (made)
        printf(
            "shop \"%s\" created; a key for it: replyd key create --shop %s --scope suggest,ingest,admin\n",
            options->code, options->code);
    else
        fprintf(stderr, "replyd: there is a shop \"%s\" already; nothing was changed\n", options->code);
    return made ? 0 : 1;
}

static int shop_list(PGconn *connection)
{
    PGresult *result = cmd_db_query(connection, "SELECT code, name FROM replyd_data.shops ORDER BY shop_id",
                                    0, NULL, NULL, NULL);
    if (!result)
        return 1;
    for (int row = 0; row < PQntuples(result); row++)
        printf("%s\t%s\n", PQgetvalue(result, row, 0), PQgetvalue(result, row, 1));
    PQclear(result);
    return 0;
}

/* 0; 1: help was printed; 2: a message was. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option flags[] = {{"name", required_argument, NULL, 'n'},
                                          {"database-url", required_argument, NULL, 'd'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    optind = 1;
    for (int flag; (flag = getopt_long(argc, argv, "h", flags, NULL)) != -1;) {
        if (flag == 'n')
            options->name = optarg;
        else if (flag == 'd')
            options->url = optarg;
        else {
            fputs(usage, flag == 'h' ? stdout : stderr);
            return flag == 'h' ? 1 : 2;
        }
    }
    options->verb = optind < argc ? argv[optind++] : "";
    bool creates = strcmp(options->verb, "create") == 0;
    if (creates && optind < argc)
        options->code = argv[optind++];
    if (optind == argc && (creates ? options->code && options->name : strcmp(options->verb, "list") == 0))
        return 0;
    if (creates && options->code && !options->name)
        fputs("replyd: what do buyers call the shop? Give --name NAME\n\n", stderr);
    fputs(usage, stderr);
    return 2;
}

int cmd_shop(int argc, char **argv)
{
    struct options options = {0};
    int status = read_options(argc, argv, &options);
    if (status != 0)
        return status == 1 ? 0 : status;
    PGconn *connection = cmd_db_connect(options.url, true);
    if (!connection)
        return 1;
    status = options.code ? shop_create(connection, &options) : shop_list(connection);
    PQfinish(connection);
    return status;
}
