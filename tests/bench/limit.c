/* The database's own limit for suggestions: what is left when everything but PostgreSQL's part is taken away.
 *
 *   limit SHOP CONNECTIONS BATCH SECONDS        (REPLYD_DATABASE_URL)
 *
 * Each connection has a thread that does nothing but this: the statements that replyd reads BATCH cases with,
 * and the one that stores BATCH suggestions, in libpq's pipeline, one commit a batch. The cases and the bytes
 * stored are those of suggestions that replyd has stored before in this shop; only ids are new. Prints one
 * JSON object. */
#include "replyd/cases_db.h"
#include "replyd/store.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES 2000
#define BATCH_LIMIT 256

struct sample {
    struct store_row row;
    struct buf json[3];
};

struct bench {
    const char *url, *shop;
    int batch;
    moment_t start, end;
    struct sample samples[SAMPLES];
    int sample_count;
};

struct client {
    const struct bench *bench;
    pthread_t thread;
    int number;
    PGconn *conn;
    struct params params;
    uint64_t done, counted;
    char ids[BATCH_LIMIT][2][48]; /* of this batch's conversations and messages */
};

static void die(const char *what, const char *why)
{
    fprintf(stderr, "limit: %s: %s\n", what, why);
    exit(1);
}

static PGconn *open_connection(const struct bench *bench)
{
    PGconn *conn = PQconnectdb(bench->url);
    if (PQstatus(conn) != CONNECTION_OK)
        die("connect", PQerrorMessage(conn));
    return conn;
}

/* --- what was stored before --- */

static const char sample_sql[] =
    "SELECT s.shop_id, extract(epoch FROM s.as_of)::int8 * 1000000, "
    "s.order_number,"
    " s.buyer_email, s.intent, s.issue, s.stage, s.priority, s.responsible_party, s.language, s.rows_hash,"
    " s.request, s.facts, s.answer, array_to_string(s.offered, ','), s.promised_refund,"
    " extract(epoch FROM s.follow_up_at)::int8 * 1000000"
    " FROM replyd_data.suggestions s JOIN replyd_data.shops USING (shop_id) WHERE code = $1 ORDER BY id DESC "
    "LIMIT 2000";

static const char *text(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

static void read_sample(const PGresult *result, int row, struct sample *sample)
{
    for (int i = 0; i < 3; i++)
        buf_adds(&sample->json[i], PQgetvalue(result, row, 11 + i));
    moment_t as_of = atoll(PQgetvalue(result, row, 1));
    sample->row = (struct store_row){
        .shop_id = atoll(PQgetvalue(result, row, 0)),
        .created_at = as_of,
        .as_of = as_of,
        .received_at = as_of,
        .order_number = text(result, row, 2),
        .buyer_email = text(result, row, 3),
        .intent = text(result, row, 4),
        .issue = text(result, row, 5),
        .stage = text(result, row, 6),
        .priority = text(result, row, 7),
        .responsible_party = text(result, row, 8),
        .language = text(result, row, 9),
        .rows_hash = atoll(PQgetvalue(result, row, 10)),
        .offered = text(result, row, 14),
        .promised_refund = *PQgetvalue(result, row, 15) == 't',
        .follow_up_at = text(result, row, 16) ? atoll(text(result, row, 16)) : MOMENT_NONE,
        .request = &sample->json[0],
        .facts = &sample->json[1],
        .answer = &sample->json[2],
    };
}

static void read_samples(struct bench *bench)
{
    PGconn *conn = open_connection(bench);
    PGresult *result = PQexecParams(conn, sample_sql, 1, NULL, &bench->shop, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        die("samples", PQerrorMessage(conn));
    bench->sample_count = PQntuples(result);
    if (bench->sample_count < bench->batch)
        die("samples", "too few suggestions are stored: load replyd first");
    for (int i = 0; i < bench->sample_count; i++)
        read_sample(result, i, &bench->samples[i]); /* the result is kept: the samples' texts are its */
    PQfinish(conn);
}

/* --- the loop --- */

static void prepare(const struct client *client, const struct statement *statement)
{
    PGresult *result = PQprepare(client->conn, statement->name, statement->sql, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        die(statement->name, PQerrorMessage(client->conn));
    PQclear(result);
}

static void send_statement(struct client *client, const struct statement *statement)
{
    const char *values[PARAMS_MAX];
    int formats[PARAMS_MAX];
    params_arrays(&client->params, values, formats);
    if (!PQsendQueryPrepared(client->conn, statement->name, client->params.count, values,
                             client->params.length, formats, 1))
        die(statement->name, PQerrorMessage(client->conn));
}

/* Ends the transaction and takes all its results. */
static void sync_all(struct client *client)
{
    if (!PQpipelineSync(client->conn))
        die("sync", PQerrorMessage(client->conn));
    for (bool end = false; !end;) {
        PGresult *result = PQgetResult(client->conn); /* NULL after each statement's */
        ExecStatusType status = result ? PQresultStatus(result) : PGRES_TUPLES_OK;
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_PIPELINE_SYNC)
            die("result", PQerrorMessage(client->conn));
        end = status == PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
}

static const struct sample *sample_at(const struct client *client, int i)
{
    return &client->bench->samples[(client->done + (uint64_t)i + (uint64_t)client->number * 777) %
                                   (uint64_t)client->bench->sample_count];
}

static void make_ids(struct client *client)
{
    long long run = (long long)client->bench->start;
    for (int i = 0; i < client->bench->batch; i++) {
        unsigned long long number = client->done + (uint64_t)i;
        snprintf(client->ids[i][0], sizeof client->ids[i][0], "c-%lld-%d-%llu", run, client->number, number);
        snprintf(client->ids[i][1], sizeof client->ids[i][1], "m-%lld-%d-%llu", run, client->number, number);
    }
}

static void read_batch(struct client *client)
{
    struct case_want wants[BATCH_LIMIT], *list[BATCH_LIMIT];
    for (int i = 0; i < client->bench->batch; i++) {
        const struct store_row *row = &sample_at(client, i)->row;
        wants[i] = (struct case_want){.shop_id = row->shop_id,
                                      .order_numbers = {row->order_number},
                                      .order_number_count = row->order_number ? 1 : 0,
                                      .as_of = row->as_of,
                                      .conversation_id = client->ids[i][0],
                                      .message_id = client->ids[i][1]};
        list[i] = &wants[i];
    }
    for (int i = CASES_ORDERS; i < CASES_STATEMENTS; i++) {
        if (cases_params((enum cases_statement)i, list, client->bench->batch, &client->params))
            send_statement(client, &cases_statements[i]);
    }
    sync_all(client);
}

/* Version 7: grows with time, as replyd's do. */
static void make_id(struct client *client, uint64_t number, unsigned char id[16])
{
    uint64_t ms = (uint64_t)(moment_now() / 1000);
    for (int i = 0; i < 6; i++)
        id[i] = (unsigned char)(ms >> (40 - 8 * i));
    id[6] = 0x70;
    id[7] = (unsigned char)client->number;
    memcpy(id + 8, &number, 8);
    id[8] = 0x80;
}

static void write_batch(struct client *client)
{
    struct store_row rows[BATCH_LIMIT];
    const struct store_row *list[BATCH_LIMIT];
    for (int i = 0; i < client->bench->batch; i++) {
        rows[i] = sample_at(client, i)->row;
        rows[i].created_at = moment_now();
        rows[i].conversation_id = client->ids[i][0];
        rows[i].message_id = client->ids[i][1];
        make_id(client, (client->done + (uint64_t)i) << 8, rows[i].id);
        list[i] = &rows[i];
    }
    store_insert_params(list, client->bench->batch, &client->params);
    send_statement(client, &store_insert);
    sync_all(client);
}

static void *run(void *arg)
{
    struct client *client = arg;
    client->conn = open_connection(client->bench);
    for (const char *const *setting = cases_settings; *setting; setting++)
        PQclear(PQexec(client->conn, *setting));
    for (int i = CASES_ORDERS; i < CASES_STATEMENTS; i++)
        prepare(client, &cases_statements[i]);
    prepare(client, &store_insert);
    if (!PQenterPipelineMode(client->conn))
        die("pipeline", PQerrorMessage(client->conn));
    for (moment_t now = moment_now(); now < client->bench->end; now = moment_now()) {
        make_ids(client);
        read_batch(client);
        write_batch(client);
        client->done += (uint64_t)client->bench->batch;
        if (now >= client->bench->start)
            client->counted += (uint64_t)client->bench->batch;
    }
    PQfinish(client->conn);
    params_free(&client->params);
    return NULL;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    static struct client clients[64];
    bench.url = getenv("REPLYD_DATABASE_URL");
    if (argc != 5 || !bench.url) {
        fprintf(stderr, "usage: REPLYD_DATABASE_URL=URL limit SHOP CONNECTIONS BATCH SECONDS\n");
        return 2;
    }
    int count = atoi(argv[2]);
    double seconds = atof(argv[4]);
    bench.shop = argv[1];
    bench.batch = atoi(argv[3]);
    if (count < 1 || count > 64 || bench.batch < 1 || bench.batch > BATCH_LIMIT)
        die("usage", "1 to 64 connections, batches of 1 to 256");
    read_samples(&bench);
    bench.start = moment_now() + MOMENT_SECOND;
    bench.end = bench.start + (moment_t)(seconds * (double)MOMENT_SECOND);
    for (int i = 0; i < count; i++) {
        clients[i] = (struct client){.bench = &bench, .number = i};
        if (pthread_create(&clients[i].thread, NULL, run, &clients[i]) != 0)
            die("thread", "none to be had");
    }
    uint64_t counted = 0;
    for (int i = 0; i < count; i++) {
        pthread_join(clients[i].thread, NULL);
        counted += clients[i].counted;
    }
    printf("{\"connections\": %d, \"batch\": %d, \"per_second\": %.1f}\n", count, bench.batch,
           (double)counted / seconds);
    return 0;
}
