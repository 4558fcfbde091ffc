#include "cmd_db.h"
#include "replyd/cmd.h"
#include "replyd/migrate.h"

#include <getopt.h>
#include <stdio.h>

static const char usage[] =
    "usage: replyd migrate [--database-url URL] [--grant-to ROLE]\n\n"
    "Brings the database's schema up to date. Safe to run twice and by several at once.\n\n"
    "  --database-url URL   the database; REPLYD_DATABASE_URL without it\n"
    "  --grant-to ROLE      then gives the role what `replyd serve` needs, and no more\n";

int cmd_migrate(int argc, char **argv)
{
    static const struct option flags[] = {{"database-url", required_argument, NULL, 'd'},
                                          {"grant-to", required_argument, NULL, 'g'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    const char *url = NULL, *role = NULL;
    optind = 1;
    for (int flag; (flag = getopt_long(argc, argv, "h", flags, NULL)) != -1;) {
        if (flag == 'd')
            url = optarg;
        else if (flag == 'g')
            role = optarg;
        else {
            fputs(usage, flag == 'h' ? stdout : stderr);
            return flag == 'h' ? 0 : 2;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "replyd: migrate takes no \"%s\"\n\n%s", argv[optind], usage);
        return 2;
    }
    PGconn *connection = cmd_db_connect(url, false);
    if (!connection)
        return 1;
    struct buf out = {0};
    int failed = migrate(connection, &out) != 0 || (role && migrate_grant(connection, role, &out) != 0);
    if (!failed)
        buf_addf(&out, "the schema is current (%04d)\n", migrations_newest());
    fputs(buf_text(&out), failed ? stderr : stdout);
    buf_free(&out);
    PQfinish(connection);
    return failed;
}
