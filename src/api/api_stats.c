/* GET /v1/stats. */
#include "replyd/api.h"
#include "replyd/job.h"
#include "replyd/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DAYS_DEFAULT 30

/* The last row that says something of a suggestion counts. Ids grow with the time they were made at, so a
 * range of them (a day wider, for clocks that differ) is read from the primary key. The row without a key is
 * the total. */
const struct statement stats_statement = {
    "stats",
    "WITH counted AS ("
    " SELECT CASE $4::text WHEN 'issue' THEN s.issue WHEN 'responsible_party' THEN s.responsible_party"
    "   WHEN 'stage' THEN s.stage ELSE to_char(s.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') END AS key,"
    "  f.outcome, CASE WHEN s.trigger IS NULL AND f.outcome IN ('sent', 'edited')"
    "   THEN greatest(0, extract(epoch FROM f.created_at - s.received_at) / 3600)::float8 END AS hours"
    " FROM replyd_data.suggestions s LEFT JOIN LATERAL ("
    "  SELECT f.outcome, f.created_at FROM replyd_data.feedback f"
    "   WHERE f.shop_id = s.shop_id AND f.suggestion_id = s.id ORDER BY f.number DESC LIMIT 1) f ON true"
    " WHERE s.shop_id = $1 AND s.created_at >= $2 AND s.created_at <= $3 AND s.id >= $5 AND s.id < $6"
    ") SELECT key, count(*)::int8, count(*) FILTER (WHERE outcome IN ('sent', 'edited'))::int8,"
    " count(outcome)::int8, count(*) FILTER (WHERE outcome = 'sent')::int8,"
    " (percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) * 100)::int8"
    " FROM counted GROUP BY GROUPING SETS ((key), ())"
    " ORDER BY (key IS NULL) DESC, CASE WHEN $4 = 'day' THEN 0 ELSE -count(*) END, key",
    6};

static const char *const groups[] = {"issue", "responsible_party", "stage", "day", NULL};
const char *const stats_arguments[] = {"from", "to", "group_by", NULL};

struct stats {
    moment_t from, to;
    const char *group;
};

/* The least id that is made at that moment: UUID version 7 begins with milliseconds. */
static void id_floor(moment_t moment, unsigned char ret_id[static 16])
{
    uint64_t ms = moment > 0 ? (uint64_t)moment / 1000 : 0;
    memset(ret_id, 0, 16);
    for (int i = 0; i < 6; i++)
        ret_id[i] = (unsigned char)(ms >> (40 - 8 * i));
}

static void stats_start(struct http_request *request)
{
    const struct stats *stats = request->job_data;
    struct params *params = job_params(request);
    unsigned char first[16], end[16];
    id_floor(stats->from - MOMENT_DAY, first);
    id_floor(stats->to + MOMENT_DAY, end);
    params_int8(params, request->shop_id);
    params_moment(params, stats->from);
    params_moment(params, stats->to);
    params_text(params, stats->group);
    params_uuid(params, first);
    params_uuid(params, end);
    job_send(request, &stats_statement, 0);
}

static void write_share(struct buf *out, const char *key, int64_t part, int64_t whole)
{
    json_key(out, key);
    if (whole > 0)
        json_put_double(out, round((double)part / (double)whole * 1e4) / 1e4);
    else
        json_put_null(out);
}

/* `total` is the number of all suggestions that were counted. */
static void write_count(struct buf *out, const PGresult *result, int row, int64_t total)
{
    enum { KEY, COUNT, ANSWERED, JUDGED, UNCHANGED, HUNDREDTHS };
    int64_t count = row_int8(result, row, COUNT, 0), hours = row_int8(result, row, HUNDREDTHS, -1);
    json_object_begin(out);
    if (!row_null(result, row, KEY))
        json_kstring(out, "key", row_text(result, row, KEY));
    json_kint(out, "count", count);
    write_share(out, "share", count, total > 0 ? total : 1);
    json_kint(out, "answered", row_int8(result, row, ANSWERED, 0));
    write_share(out, "sent_unchanged", row_int8(result, row, UNCHANGED, 0), row_int8(result, row, JUDGED, 0));
    json_key(out, "median_hours_to_answer");
    if (hours >= 0)
        json_put_double(out, (double)hours / 100);
    else
        json_put_null(out);
    json_object_end(out);
}

static void stats_result(struct http_request *request, int tag, const PGresult *result)
{
    (void)tag;
    const struct stats *stats = request->job_data;
    struct buf *out = &request->reply;
    char text[MOMENT_TEXT];
    int64_t total = row_int8(result, 0, 1, 0); /* the total's row is always there */
    json_object_begin(out);
    json_kstring(out, "from", moment_format(stats->from, text));
    json_kstring(out, "to", moment_format(stats->to, text));
    json_kstring(out, "group_by", stats->group);
    json_key(out, "total");
    write_count(out, result, 0, total);
    json_key(out, "data");
    json_array_begin(out);
    for (int row = 1; row < PQntuples(result); row++)
        write_count(out, result, row, total);
    json_array_end(out);
    json_object_end(out);
    http_reply_hashed(request);
}

void api_stats(struct http_request *request)
{
    static const struct job_ops ops = {.start = stats_start, .result = stats_result};
    struct faults faults;
    faults_init(&faults, &request->arena);
    struct stats *stats = arena_zalloc(&request->arena, sizeof *stats);
    const char *group = http_query(request, "group_by");
    stats->to = http_query_moment(request, "to", day_end, moment_now(), &faults);
    stats->from = http_query_moment(request, "from", day_start,
                                    day_start(moment_day(stats->to) - DAYS_DEFAULT), &faults);
    if (faults.count == 0 && stats->from > stats->to)
        faults_add(&faults, "", "from must not be after to");
    stats->group = groups[0];
    for (int i = 0; group && groups[i]; i++) {
        if (strcmp(groups[i], group) == 0)
            stats->group = groups[i];
    }
    if (group && strcmp(stats->group, group) != 0)
        faults_add(&faults, "", "group_by takes issue, responsible_party, stage or day");
    if (faults.count > 0)
        http_problem_faults(request, &faults);
    else
        job_queue(request, &ops, stats);
}
