/* GET /v1/followups. A page is made in rounds: the next orders that may have something due are found by their
 * number, their cases read as those of suggestions are, and the rules of playbook/followups.json tried on
 * them; when no orders are left, customers are looked at likewise, by e-mail address. */
#include "replyd/api.h"
#include "replyd/followup.h"
#include "replyd/job.h"
#include "replyd/json.h"
#include "replyd/worker.h"

#include <stdlib.h>
#include <string.h>

#define ROUND_MAX 250
#define ROUNDS_MAX 8

/* What is long over has nothing due. A date that is unknown may be any; when an order was completed is on no
 * record, but its review may still be asked for. A dispute or a failed payment is a matter of a closed order,
 * too. No round looks at more rows than so many, whatever there is of old orders: `last` is the one that it
 * ended with then. */
const struct statement followup_orders_statement = {
    "followup_orders",
    "WITH fits AS MATERIALIZED ("
    " SELECT * FROM (SELECT o.number::text AS number, o.status::text AS status, o.placed_at::timestamptz AS "
    "placed_at,"
    "   o.payment_failure::text AS payment_failure, o.dispute_kind::text AS dispute_kind,"
    "   o.customer_email::text AS email, o.customer_id::text AS id"
    "   FROM replyd.orders o WHERE o.shop_id = $1 AND o.number > $2 ORDER BY o.number LIMIT 10000) s"
    "  WHERE (s.placed_at IS NULL OR s.placed_at > $3::timestamptz"
    "    - CASE s.status WHEN 'completed' THEN interval '90 days' ELSE interval '180 days' END)"
    "   AND (s.status IS NULL OR s.status NOT IN ('cancelled', 'refunded') OR s.dispute_kind IS NOT NULL"
    "    OR (s.status = 'cancelled' AND s.payment_failure IS NOT NULL))"
    "  LIMIT 250"
    ") SELECT a.last, f.number, f.email, f.id, f.status = 'unpaid'"
    " FROM (SELECT CASE WHEN (SELECT count(*) FROM fits) < 250 THEN"
    "   (SELECT o.number::text FROM replyd.orders o WHERE o.shop_id = $1 AND o.number > $2"
    "     ORDER BY o.number OFFSET 9999 LIMIT 1) END AS last) a"
    " LEFT JOIN fits f ON true ORDER BY f.number",
    3};

/* Who buys again and again, and agreed to be written to. */
const struct statement followup_customers_statement = {
    "followup_customers",
    "WITH seen AS MATERIALIZED ("
    " SELECT lower(o.customer_email) AS email,"
    "  count(*) FILTER (WHERE o.status IN ('paid', 'packed', 'shipped', 'completed')) AS orders,"
    "  bool_or(o.customer_marketing_consent) AS consent, max(o.placed_at::timestamptz) AS placed_at"
    "  FROM replyd.orders o WHERE o.shop_id = $1 AND lower(o.customer_email) > $2"
    "  GROUP BY lower(o.customer_email) ORDER BY lower(o.customer_email) LIMIT 5000"
    "), fits AS ("
    " SELECT * FROM seen s WHERE s.orders >= 3 AND s.consent AND s.placed_at > $3::timestamptz - interval '3 "
    "years'"
    "  ORDER BY s.email LIMIT 250"
    ") SELECT a.last, NULL::text, f.email, NULL::text, true"
    " FROM (SELECT CASE WHEN count(*) = 5000 THEN max(email) END AS last FROM seen) a LEFT JOIN fits f ON "
    "true"
    " ORDER BY f.email",
    3};

/* For which moment each trigger's mail was last made, for the order or for the customer; and, without a
 * trigger, when an answer that was sent is to be followed up: the newest of all on the order. */
const struct statement followup_written_statement = {
    "followup_written",
    "SELECT w.i::int4 - 1, x.trigger, x.at"
    " FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS w(number, email, id, i),"
    " LATERAL ((SELECT s.trigger, max(s.as_of) AS at FROM replyd_data.suggestions s"
    "   WHERE s.shop_id = $1 AND s.order_number = w.number AND s.trigger IS NOT NULL GROUP BY s.trigger)"
    "  UNION ALL"
    "  (SELECT s.trigger, max(s.as_of) FROM replyd_data.suggestions s"
    "   WHERE s.shop_id = $1 AND s.buyer_email = lower(w.email) AND s.trigger IN ('several_unpaid_orders', "
    "'win_back')"
    "   GROUP BY s.trigger)"
    "  UNION ALL"
    "  (SELECT s.trigger, max(s.as_of) FROM replyd_data.suggestions s"
    "   WHERE s.shop_id = $1 AND s.buyer_id = w.id AND s.trigger IN ('several_unpaid_orders', 'win_back')"
    "   GROUP BY s.trigger)"
    "  UNION ALL"
    "  (SELECT NULL, n.follow_up_at FROM (SELECT s.id, s.follow_up_at FROM replyd_data.suggestions s"
    "    WHERE s.shop_id = $1 AND s.order_number = w.number ORDER BY s.id DESC LIMIT 1) n"
    "   WHERE n.follow_up_at IS NOT NULL AND (SELECT f.outcome IN ('sent', 'edited') FROM "
    "replyd_data.feedback f"
    "    WHERE f.shop_id = $1 AND f.suggestion_id = n.id ORDER BY f.number DESC LIMIT 1))"
    "  OFFSET 0) x",
    4};

const char *const followup_arguments[] = {"due_before", "limit", "cursor", NULL};

/* What a job sends beside the reads of cases, which are tagged with their cases_statement. */
enum { TAG_NEXT = -1, TAG_WRITTEN = -2 };
static const enum cases_statement reads[] = {CASES_ORDERS, CASES_ITEMS, CASES_SHIPMENTS, CASES_EVENTS,
                                             CASES_CUSTOMER};

/* An order or a customer that is looked at. */
struct candidate {
    struct case_want want;
    struct case_rows rows;
    const char *email, *id;
    bool several; /* the customer's own rows are looked at, too */
    moment_t written[TRIGGER_COUNT];
    moment_t promised_at; /* MOMENT_NONE: nothing is */
};

struct entry {
    struct followup due;
    bool promised;
    const char *number, *email, *id; /* number NULL: of a customer */
};

struct followups {
    moment_t by, as_of;
    int limit, rounds;
    bool of_customers;  /* the orders are done */
    bool more_rows;     /* behind this round's */
    const char *cursor; /* the last number or address that was looked at */
    struct candidate *candidates;
    struct case_want *wants[ROUND_MAX];
    int count;
    struct entry *entries;
    int entry_count;
    bool more; /* there may be a next page */
};

/* --- the cursor: "o" or "c", and the text in hex --- */

static const char *cursor_write(const struct followups *job, struct arena *arena)
{
    size_t len = strlen(job->cursor);
    char *text = arena_alloc(arena, 2 * len + 2), *at = text;
    *at++ = job->of_customers ? 'c' : 'o';
    for (size_t i = 0; i < len; i++, at += 2) {
        at[0] = "0123456789abcdef"[(unsigned char)job->cursor[i] >> 4];
        at[1] = "0123456789abcdef"[(unsigned char)job->cursor[i] & 15];
    }
    *at = '\0';
    return text;
}

/* The text of a cursor; NULL: it is none of ours. What is no text of hex fails as a percent escape would. */
static const char *cursor_read(const char *cursor, bool *ret_customers, struct arena *arena)
{
    size_t len = strlen(cursor);
    if (len % 2 == 0 || (*cursor != 'o' && *cursor != 'c'))
        return NULL;
    struct buf escaped = {0};
    for (size_t i = 1; i < len; i += 2)
        buf_addf(&escaped, "%%%c%c", cursor[i], cursor[i + 1]);
    *ret_customers = *cursor == 'c';
    const char *text = http_decode(arena, buf_text(&escaped), escaped.len, false);
    buf_free(&escaped);
    return text;
}

/* --- a round --- */

static void send_next(struct http_request *request)
{
    struct followups *job = request->job_data;
    struct params *params = job_params(request);
    params_int8(params, request->shop_id);
    params_text(params, job->cursor);
    params_moment(params, job->as_of);
    job->rounds++;
    job_send(request, job->of_customers ? &followup_customers_statement : &followup_orders_statement,
             TAG_NEXT);
}

/* A replaced view may hold what no request may name. */
static const char *read_fitting(const PGresult *result, int row, int column, enum field_type type,
                                struct arena *arena)
{
    const char *text = row_text(result, row, column);
    return text && fields_text_fits(type, text) ? arena_strdup(arena, text) : NULL;
}

enum { LAST, NUMBER, EMAIL, ID, SEVERAL };

static void read_candidate(struct followups *job, struct http_request *request, const PGresult *result,
                           int row)
{
    struct arena *arena = &request->arena;
    struct candidate *candidate = &job->candidates[job->count];
    *candidate = (struct candidate){.email = read_fitting(result, row, EMAIL, FIELD_EMAIL, arena),
                                    .id = read_fitting(result, row, ID, FIELD_CODE, arena),
                                    .several = row_bool(result, row, SEVERAL, false),
                                    .promised_at = MOMENT_NONE};
    struct case_want *want = &candidate->want;
    const char *number = read_fitting(result, row, NUMBER, FIELD_CODE, arena);
    if (job->of_customers ? !candidate->email : !number)
        return;
    *want = (struct case_want){.shop_id = request->shop_id,
                               .order_numbers = {number},
                               .order_number_count = number ? 1 : 0,
                               .as_of = job->as_of,
                               .buyer_email = number ? NULL : candidate->email,
                               .reads = candidate->several ? CASE_READS_CUSTOMER : 0,
                               .arena = arena,
                               .rows = &candidate->rows};
    for (int trigger = 0; trigger < TRIGGER_COUNT; trigger++)
        candidate->written[trigger] = MOMENT_NONE;
    job->wants[job->count++] = want;
}

static void put_column(const struct followups *job, struct params *params, int column)
{
    params_array_begin(params, PG_TEXT);
    for (int i = 0; i < job->count; i++) {
        const struct candidate *candidate = &job->candidates[i];
        const char *text = column == NUMBER      ? candidate->want.order_numbers[0]
                           : !candidate->several ? NULL
                           : column == EMAIL     ? candidate->email
                                                 : candidate->id;
        params_item_text(params, text);
    }
    params_array_end(params);
}

static void send_reads(struct http_request *request)
{
    struct followups *job = request->job_data;
    cases_decode_one(CASES_ORDERS, job->wants, job->count, NULL);
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        if (cases_params(reads[i], job->wants, job->count, job_params(request)))
            job_send(request, &cases_statements[reads[i]], (int)reads[i]);
    }
    struct params *params = job_params(request);
    params_int8(params, request->shop_id);
    put_column(job, params, NUMBER);
    put_column(job, params, EMAIL);
    put_column(job, params, ID);
    job_send(request, &followup_written_statement, TAG_WRITTEN);
}

/* Behind the last row of a round: another one, of customers after all orders, or the end. */
static void go_on(struct http_request *request)
{
    struct followups *job = request->job_data;
    bool last = !job->more_rows && job->of_customers;
    if (!job->more_rows && !job->of_customers) {
        job->of_customers = true;
        job->cursor = "";
    }
    job->more = !last && (job->entry_count == job->limit || job->rounds == ROUNDS_MAX);
    if (!last && !job->more)
        send_next(request);
}

static void read_next(struct http_request *request, const PGresult *result)
{
    struct followups *job = request->job_data;
    int rows = PQntuples(result); /* at least one */
    int key = job->of_customers ? EMAIL : NUMBER;
    bool full = rows == ROUND_MAX;
    const char *last = full ? row_text(result, rows - 1, key) : row_text(result, 0, LAST);
    job->count = 0;
    job->more_rows = last != NULL;
    for (int row = 0; row < rows && !row_null(result, row, key); row++)
        read_candidate(job, request, result, row);
    job->cursor = last ? arena_strdup(&request->arena, last) : job->cursor;
    if (job->count > 0)
        send_reads(request);
    else
        go_on(request);
}

static void read_written(struct followups *job, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        struct candidate *candidate = &job->candidates[row_int4(result, row, 0, 0)];
        const char *trigger = row_text(result, row, 1);
        moment_t at = row_moment(result, row, 2);
        if (!trigger)
            candidate->promised_at = at;
        for (int i = 0; trigger && i < TRIGGER_COUNT; i++) {
            if (strcmp(words_trigger[i], trigger) == 0 && at > candidate->written[i])
                candidate->written[i] = at;
        }
    }
}

/* --- what is due --- */

/* Is there something? `scratch` is the caller's to reset. */
static bool find_due(const struct http_request *request, const struct candidate *candidate,
                     struct arena *scratch, struct entry *ret_entry)
{
    const struct followups *job = request->job_data;
    const struct playbook *playbook = request->shop->playbook;
    const struct request asked = {.trigger =
                                      job->of_customers ? TRIGGER_WIN_BACK : TRIGGER_PROMISED_DATE_PASSED,
                                  .order_number = candidate->want.order_numbers[0],
                                  .buyer = {.email = candidate->want.buyer_email},
                                  .message = {.received_at = MOMENT_NONE},
                                  .as_of = job->as_of};
    struct facts *facts = arena_alloc(scratch, sizeof *facts);
    facts_init(facts, scratch);
    facts_build(facts, request->shop, &asked, NULL, &candidate->rows);
    law_facts(playbook, &request->shop->policy, facts);
    derive(playbook, facts, scratch);
    *ret_entry = (struct entry){
        .number = candidate->want.order_numbers[0], .email = candidate->email, .id = candidate->id};
    if (candidate->promised_at != MOMENT_NONE && candidate->promised_at <= job->by) {
        ret_entry->promised = true;
        followup_promised(playbook, facts, candidate->promised_at, job->by, scratch, &ret_entry->due);
        return true;
    }
    return followup_find(playbook, job->of_customers, facts, job->by, candidate->written, scratch,
                         &ret_entry->due);
}

static void find_all(struct http_request *request)
{
    struct followups *job = request->job_data;
    struct arena scratch = {0};
    for (int i = 0; i < job->count; i++) {
        const struct candidate *candidate = &job->candidates[i];
        if (job->entry_count == job->limit) {
            const struct candidate *last = &job->candidates[i - 1];
            job->cursor = job->of_customers ? last->email : last->want.order_numbers[0];
            job->more_rows = true;
            break;
        }
        arena_reset(&scratch);
        job->entry_count += find_due(request, candidate, &scratch, &job->entries[job->entry_count]);
    }
    arena_free(&scratch);
}

static void followups_result(struct http_request *request, int tag, const PGresult *result)
{
    struct followups *job = request->job_data;
    switch (tag) {
    case TAG_NEXT:
        read_next(request, result);
        break;
    case TAG_WRITTEN:
        read_written(job, result);
        find_all(request);
        go_on(request);
        break;
    default:
        cases_decode_one((enum cases_statement)tag, job->wants, job->count, result);
    }
}

/* --- the answer --- */

static int by_due(const void *a, const void *b)
{
    const struct entry *one = a, *two = b;
    if (one->due.due_at != two->due.due_at)
        return one->due.due_at < two->due.due_at ? -1 : 1;
    return strcmp(one->number ? one->number : one->email, two->number ? two->number : two->email);
}

static void write_customer(struct buf *out, const char *key, const struct entry *entry, bool nulls)
{
    json_key(out, key);
    if (!entry->email && !entry->id) {
        json_put_null(out);
        return;
    }
    json_object_begin(out);
    if (entry->email || nulls)
        json_kstring(out, "email", entry->email);
    if (entry->id || nulls)
        json_kstring(out, "id", entry->id);
    json_object_end(out);
}

static void write_entry(struct buf *out, const struct entry *entry)
{
    const char *trigger = words_trigger[entry->due.trigger];
    bool of_order = trigger_has_order(entry->due.trigger);
    char text[MOMENT_TEXT];
    json_object_begin(out);
    json_kstring(out, "due_at", moment_format(entry->due.due_at, text));
    json_kstring(out, "reason", entry->promised ? "promised_answer" : trigger);
    json_kstring(out, "order_number", of_order ? entry->number : NULL);
    write_customer(out, "customer", entry, true);
    json_key(out, "request");
    json_object_begin(out);
    json_kstring(out, "trigger", trigger);
    if (of_order)
        json_kstring(out, "order_number", entry->number);
    else
        write_customer(out, "buyer", entry, false);
    json_object_end(out);
    json_object_end(out);
}

static void followups_finish(struct http_request *request)
{
    const struct followups *job = request->job_data;
    struct buf *out = &request->reply;
    qsort(job->entries, (size_t)job->entry_count, sizeof *job->entries, by_due);
    json_object_begin(out);
    json_key(out, "data");
    json_array_begin(out);
    for (int i = 0; i < job->entry_count; i++)
        write_entry(out, &job->entries[i]);
    json_array_end(out);
    json_kstring(out, "next_cursor", job->more ? cursor_write(job, &request->arena) : NULL);
    json_object_end(out);
    http_reply_hashed(request);
}

void api_followups(struct http_request *request)
{
    static const struct job_ops ops = {
        .start = send_next, .result = followups_result, .finish = followups_finish};
    struct faults faults;
    faults_init(&faults, &request->arena);
    struct followups *job = arena_zalloc(&request->arena, sizeof *job);
    const char *cursor = http_query(request, "cursor");
    moment_t now = moment_now();
    job->limit = http_query_limit(request, &faults);
    job->by = http_query_moment(request, "due_before", day_start, now, &faults);
    job->as_of = job->by > now ? job->by : now;
    job->cursor = cursor ? cursor_read(cursor, &job->of_customers, &request->arena) : "";
    if (!job->cursor)
        faults_add(&faults, "", "cursor takes the next_cursor of an earlier reply");
    if (faults.count > 0) {
        http_problem_faults(request, &faults);
        return;
    }
    job->candidates = arena_alloc(&request->arena, ROUND_MAX * sizeof *job->candidates);
    job->entries = arena_alloc(&request->arena, (size_t)job->limit * sizeof *job->entries);
    job_queue(request, &ops, job);
}
