/* `replyd suggest`: the same steps as POST /v1/suggestions, one after the other on one blocking connection.
 */
#include "replyd/cmd.h"
#include "replyd/http.h"
#include "replyd/id.h"
#include "replyd/shops.h"
#include "replyd/suggestion.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BODY_MAX ((size_t)1 << 20)

static const char usage[] =
    "usage: replyd suggest --shop CODE [--database-url URL] [--playbook DIR] < request.json\n\n"
    "Reads the body of a POST /v1/suggestions from standard input and prints the answer.\n"
    "The database is REPLYD_DATABASE_URL's unless --database-url names another.\n";

struct run {
    const char *shop_code, *database_url, *playbook_dir;
    PGconn *conn;
    struct playbook *playbook;
    struct arena arena;
    struct params params;
    struct shops shops;
    struct shop *shop;
    struct request request;
    struct understanding understanding;
    struct case_want want;
    struct case_rows rows;
    struct suggestion suggestion;
    struct understand_scratch *scratch;
    struct compose_context *compose;
};

static int read_flags(int argc, char **argv, struct run *run)
{
    static const struct option flags[] = {{"shop", required_argument, NULL, 's'},
                                          {"database-url", required_argument, NULL, 'd'},
                                          {"playbook", required_argument, NULL, 'p'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    run->database_url = getenv("REPLYD_DATABASE_URL");
    run->playbook_dir = getenv("REPLYD_PLAYBOOK");
    optind = 1;
    for (int flag; (flag = getopt_long(argc, argv, "h", flags, NULL)) != -1;) {
        if (flag == 's')
            run->shop_code = optarg;
        else if (flag == 'd')
            run->database_url = optarg;
        else if (flag == 'p')
            run->playbook_dir = optarg;
        else {
            fputs(usage, flag == 'h' ? stdout : stderr);
            return flag == 'h' ? 1 : 2;
        }
    }
    if (optind < argc || !run->shop_code || !run->database_url) {
        fprintf(stderr, "replyd: %s\n\n%s",
                !run->shop_code      ? "which shop? Give --shop CODE"
                : !run->database_url ? "which database? Set REPLYD_DATABASE_URL"
                                     : "too many words",
                usage);
        return 2;
    }
    return 0;
}

/* The rows of one statement, or NULL with a message. */
static PGresult *execute(struct run *run, const struct statement *statement)
{
    const char *values[PARAMS_MAX];
    int formats[PARAMS_MAX];
    params_arrays(&run->params, values, formats);
    PGresult *result = PQexecParams(run->conn, statement->sql, run->params.count, NULL, values,
                                    run->params.length, formats, 1);
    if (PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK)
        return result;
    fprintf(stderr, "replyd: %s", PQerrorMessage(run->conn));
    PQclear(result);
    return NULL;
}

static const struct statement shop_find = {
    "shop_find", "SELECT s.shop_id, s.version FROM replyd_data.shops s WHERE s.code = $1", 1};

static int load_shop(struct run *run)
{
    params_reset(&run->params);
    params_text(&run->params, run->shop_code);
    PGresult *found = execute(run, &shop_find);
    if (!found)
        return -1;
    int count = PQntuples(found);
    int64_t id = count ? row_int8(found, 0, 0, 0) : 0, version = count ? row_int8(found, 0, 1, 0) : 0;
    PQclear(found);
    if (count == 0) {
        fprintf(stderr, "replyd: there is no shop \"%s\"; `replyd shop list` shows those there are\n",
                run->shop_code);
        return -1;
    }
    shops_load_params(&id, 1, &run->params);
    PGresult *loaded = execute(run, &shops_load);
    if (!loaded)
        return -1;
    run->shops.playbook = run->playbook;
    shops_load_decode(&run->shops, loaded);
    PQclear(loaded);
    run->shop = shops_get(&run->shops, id, version);
    return run->shop ? 0 : -1;
}

static int read_case(struct run *run)
{
    struct case_want *want = &run->want;
    PGresult *results[CASES_STATEMENTS] = {0};
    int status = 0;
    for (int i = 0; i < CASES_STATEMENTS && status == 0; i++) {
        if (!cases_params((enum cases_statement)i, &want, 1, &run->params))
            continue;
        results[i] = execute(run, &cases_statements[i]);
        status = results[i] ? 0 : -1;
        if (i == CASES_LOOKUP && results[i])
            cases_lookup_decode(&want, 1, results[i]);
    }
    if (status == 0)
        cases_decode(&want, 1, (const PGresult *const *)results);
    for (int i = 0; i < CASES_STATEMENTS; i++)
        PQclear(results[i]);
    return status;
}

static int keep(struct run *run, const unsigned char id[16], moment_t created_at)
{
    struct store_row row;
    const struct store_row *rows = &row;
    suggestion_store_row(run->shop->id, &run->request,
                         suggestion_understanding(&run->request, &run->understanding), &run->rows,
                         &run->suggestion, &row);
    memcpy(row.id, id, sizeof row.id);
    row.created_at = created_at;
    store_insert_params(&rows, 1, &run->params);
    PGresult *stored = execute(run, &store_insert);
    PQclear(stored);
    return stored ? 0 : -1;
}

static int read_body(struct buf *body)
{
    char piece[65536];
    size_t got;
    while ((got = fread(piece, 1, sizeof piece, stdin)) > 0) {
        buf_add(body, piece, got);
        if (body->len > BODY_MAX) {
            fputs("replyd: the request is larger than 1 MiB\n", stderr);
            return -1;
        }
    }
    return ferror(stdin) ? -1 : 0;
}

/* Reads and checks standard input; a problem goes to standard output, as the API would answer it. */
static int read_request(struct run *run, struct buf *body, moment_t now)
{
    struct buf problem = {0};
    struct faults faults;
    json_error_t error;
    if (read_body(body) != 0)
        return -1;
    faults_init(&faults, &run->arena);
    json_t *json = json_loadb(buf_text(body), body->len,
                              JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
    int status = 0;
    if (!json)
        status = 400;
    else if (suggestion_read(json, now, run->playbook, run->scratch, &run->arena, &run->request,
                             &run->understanding, &run->want, &faults) > 0)
        status = 422;
    if (status != 0) {
        problem_write(&problem, status,
                      json ? NULL
                           : arena_printf(&run->arena, "The body is not JSON: %s (line %d, column %d).",
                                          error.text, error.line, error.column),
                      &faults, NULL);
        puts(buf_text(&problem));
        buf_free(&problem);
    }
    json_decref(json);
    return status ? -1 : 0;
}

static int answer(struct run *run, struct buf *body)
{
    moment_t now = moment_now();
    if (cmd_open_playbook(run->playbook_dir, &run->playbook) != 0 || read_request(run, body, now) != 0 ||
        load_shop(run) != 0)
        return 1;
    run->want.shop_id = run->shop->id;
    run->want.arena = &run->arena;
    run->want.rows = &run->rows;
    suggestion_wants_more(run->shop->playbook, &run->request, &run->understanding, &run->want);
    if (read_case(run) != 0)
        return 1;
    buf_add(&run->suggestion.request_json, buf_text(body), body->len);
    suggest(run->shop->playbook, run->compose, run->shop, &run->request,
            suggestion_understanding(&run->request, &run->understanding), &run->rows, &run->arena,
            &run->suggestion);
    unsigned char id[16];
    struct id_source ids = {0};
    id_make(&ids, id);
    if (!run->request.dry_run && keep(run, id, now) != 0)
        return 1;

    char text[ID_TEXT], created[MOMENT_TEXT];
    struct buf out = {0};
    answer_write(buf_text(&run->suggestion.answer), run->suggestion.answer.len, id_text(id, text),
                 moment_format(now, created), ANSWER_NEW,
                 run->suggestion.html.len ? &run->suggestion.html : NULL, &out);
    puts(buf_text(&out));
    buf_free(&out);
    return 0;
}

int cmd_suggest(int argc, char **argv)
{
    struct run run = {0};
    int status = read_flags(argc, argv, &run);
    if (status != 0)
        return status == 1 ? 0 : status;
    run.conn = PQconnectdb(run.database_url);
    run.scratch = understand_scratch_new();
    run.compose = compose_context_new();
    struct buf body = {0};
    if (PQstatus(run.conn) != CONNECTION_OK) {
        fprintf(stderr, "replyd: cannot reach the database: %s", PQerrorMessage(run.conn));
        status = 1;
    } else {
        status = answer(&run, &body);
    }
    PQfinish(run.conn);
    buf_free(&body);
    suggestion_free(&run.suggestion);
    shops_release(&run.shops, run.shop);
    shops_free(&run.shops);
    params_free(&run.params);
    compose_context_free(run.compose);
    understand_scratch_free(run.scratch);
    playbook_free(run.playbook);
    arena_free(&run.arena);
    return status;
}
