#include "cmd_db.h"
#include "replyd/cmd.h"
#include "replyd/digest.h"

#include <getopt.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: replyd key create --shop CODE --scope suggest[,ingest,admin] [--database-url URL]\n"
    "       replyd key list --shop CODE [--database-url URL]\n"
    "       replyd key revoke ID [--database-url URL]\n\n"
    "  --shop CODE          the shop that the key belongs to\n"
    "  --scope LIST         what it may do; admin includes the others\n"
    "  ID                   as `replyd key list` shows it\n"
    "  --database-url URL   the database; REPLYD_DATABASE_URL without it\n\n"
    "A new key is printed once, alone on standard output: only its hash is stored.\n";

#define KEY_PREFIX "rk_"
#define KEY_BYTES 32
#define KEY_TEXT (sizeof KEY_PREFIX - 1 + (KEY_BYTES * 8 + 5) / 6) /* without the NUL */

struct options {
    const char *verb, *shop, *scope, *id, *url;
};

/* "rk_" and base64url without padding. */
static void key_print(const unsigned char bytes[static KEY_BYTES], char out[static KEY_TEXT + 1])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    memcpy(out, KEY_PREFIX, sizeof KEY_PREFIX - 1);
    unsigned int bits = 0, held = 0;
    size_t used = sizeof KEY_PREFIX - 1;
    for (size_t i = 0; i < KEY_BYTES; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 6; held -= 6)
            out[used++] = alphabet[bits >> (held - 6) & 63];
    }
    out[used++] = alphabet[bits << (6 - held) & 63];
    out[used] = '\0';
}

/* The hash as PostgreSQL reads a bytea. */
static void hash_print(const char *key, char out[static 2 * DIGEST_LEN + 3])
{
    unsigned char digest[DIGEST_LEN];
    digest_sha256(key, strlen(key), digest);
    memcpy(out, "\\x", 2);
    for (size_t i = 0; i < DIGEST_LEN; i++)
        sprintf(out + 2 + 2 * i, "%02x", digest[i]);
}

static int key_create(PGconn *connection, const struct options *options)
{
    unsigned char bytes[KEY_BYTES];
    char key[KEY_TEXT + 1], hash[2 * DIGEST_LEN + 3];
    if (gnutls_rnd(GNUTLS_RND_KEY, bytes, sizeof bytes) != 0) {
        fputs("replyd: the system gives no random bytes\n", stderr);
        return 1;
    }
    key_print(bytes, key);
    hash_print(key, hash);
    bool malformed = false;
    PGresult *result = cmd_db_query(
        connection,
        "INSERT INTO replyd_data.api_keys (shop_id, hash, scopes)"
        " SELECT shop_id, $2::bytea, string_to_array($3, ',') FROM replyd_data.shops WHERE code = $1"
        " RETURNING key_id",
        3, (const char *const[]){options->shop, hash, options->scope}, "23514", &malformed);
    if (!result) {
        if (malformed)
            fprintf(stderr,
                    "replyd: --scope takes suggest, ingest and admin, with commas between, not \"%s\"\n",
                    options->scope);
        return malformed ? 2 : 1;
    }
    bool made = PQntuples(result) == 1;
    if (made) {
        fprintf(stderr, "key %s for shop \"%s\" (%s); it is shown this once:\n", PQgetvalue(result, 0, 0),
                options->shop, options->scope);
        puts(key);
    } else {
        fprintf(stderr, "replyd: there is no shop \"%s\": make it with replyd shop create %s --name NAME\n",
                options->shop, options->shop);
    }
    PQclear(result);
    return made ? 0 : 1;
}

static int key_list(PGconn *connection, const struct options *options)
{
    PGresult *result =
        cmd_db_query(connection,
                     "SELECT k.key_id, array_to_string(k.scopes, ','),"
                     " to_char(k.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),"
                     " coalesce('revoked ' || to_char(k.revoked_at AT TIME ZONE 'UTC', "
                     "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), 'valid')"
                     " FROM replyd_data.api_keys k JOIN replyd_data.shops s ON s.shop_id = k.shop_id"
                     " WHERE s.code = $1 ORDER BY k.created_at, k.key_id",
                     1, (const char *const[]){options->shop}, NULL, NULL);
    if (!result)
        return 1;
    for (int row = 0; row < PQntuples(result); row++)
        printf("%s\t%s\t%s\t%s\n", PQgetvalue(result, row, 0), PQgetvalue(result, row, 1),
               PQgetvalue(result, row, 2), PQgetvalue(result, row, 3));
    PQclear(result);
    return 0;
}

static int key_revoke(PGconn *connection, const struct options *options)
{
    bool malformed = false;
    PGresult *result = cmd_db_query(connection,
                                    "UPDATE replyd_data.api_keys SET revoked_at = coalesce(revoked_at, now())"
                                    " WHERE key_id = $1::uuid RETURNING shop_id",
                                    1, (const char *const[]){options->id}, "22P02", &malformed);
    if (!result && !malformed)
        return 1;
    bool found = result && PQntuples(result) > 0;
    PQclear(result);
    fprintf(found ? stdout : stderr,
            found ? "key %s revoked\n" : "replyd: there is no key %s: `replyd key list` shows the ids\n",
            options->id);
    return found ? 0 : 1;
}

static const struct verb {
    const char *name;
    bool takes_id, needs_shop, needs_scope;
    int (*run)(PGconn *connection, const struct options *options);
} verbs[] = {
    {"create", .needs_shop = true, .needs_scope = true, .run = key_create},
    {"list", .needs_shop = true, .run = key_list},
    {"revoke", .takes_id = true, .run = key_revoke},
};

static const struct verb *verb_find(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

/* 0; 1: help was printed; 2: a message was. */
static int read_options(int argc, char **argv, struct options *options, const struct verb **ret_verb)
{
    static const struct option flags[] = {{"shop", required_argument, NULL, 's'},
                                          {"scope", required_argument, NULL, 'c'},
                                          {"database-url", required_argument, NULL, 'd'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    optind = 1;
    for (int flag; (flag = getopt_long(argc, argv, "h", flags, NULL)) != -1;) {
        if (flag == 's')
            options->shop = optarg;
        else if (flag == 'c')
            options->scope = optarg;
        else if (flag == 'd')
            options->url = optarg;
        else {
            fputs(usage, flag == 'h' ? stdout : stderr);
            return flag == 'h' ? 1 : 2;
        }
    }
    const struct verb *verb = optind < argc ? verb_find(argv[optind++]) : NULL;
    if (verb && verb->takes_id && optind < argc)
        options->id = argv[optind++];
    const char *lacks = !verb                                  ? "one of create, list and revoke"
                        : verb->takes_id && !options->id       ? "the key's ID"
                        : verb->needs_shop && !options->shop   ? "--shop CODE"
                        : verb->needs_scope && !options->scope ? "--scope suggest[,ingest,admin]"
                                                               : NULL;
    if (lacks)
        fprintf(stderr, "replyd: key needs %s\n\n%s", lacks, usage);
    else if (optind < argc)
        fprintf(stderr, "replyd: key takes no \"%s\"\n\n%s", argv[optind], usage);
    *ret_verb = verb;
    return lacks || optind < argc ? 2 : 0;
}

int cmd_key(int argc, char **argv)
{
    struct options options = {0};
    const struct verb *verb;
    int status = read_options(argc, argv, &options, &verb);
    if (status != 0)
        return status == 1 ? 0 : status;
    PGconn *connection = cmd_db_connect(options.url, true);
    if (!connection)
        return 1;
    status = verb->run(connection, &options);
    PQfinish(connection);
    return status;
}
