#include "replyd/worker.h"

#include "replyd/digest.h"
#include "replyd/job.h"
#include "replyd/log.h"
#include "replyd/migrate.h"
#include "replyd/router.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <unistd.h>

#define SPARE_MAX 512 /* requests kept warm */
#define EVENTS_MAX 16
/* So much of a body that is too large is read and dropped, for the client to see the answer. */
#define DRAIN_MAX ((size_t)16 * 1024 * 1024)
/* Room for a request's head and a piece of its body; 10,000 idle connections hold this much each. */
#define CONNECTION_MEMORY (16 * 1024)

/* --- small helpers --- */

void queue_init(struct queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
    queue->count = 0;
}

void queue_push(struct queue *queue, struct http_request *request)
{
    request->next = NULL;
    *queue->last = request;
    queue->last = &request->next;
    queue->count++;
}

struct http_request *queue_pop(struct queue *queue)
{
    struct http_request *request = queue->first;
    if (!request)
        return NULL;
    queue->first = request->next;
    if (!queue->first)
        queue->last = &queue->first;
    queue->count--;
    return request;
}

struct http_request *worker_take_request(struct worker *worker)
{
    struct http_request *request = worker->spare;
    if (request) {
        worker->spare = request->next;
        worker->spare_count--;
        request->next = NULL;
    } else {
        request = calloc(1, sizeof *request);
        if (!request)
            abort();
    }
    return request;
}

static void request_destroy(struct http_request *request)
{
    arena_free(&request->arena);
    buf_free(&request->body);
    buf_free(&request->reply);
    suggestion_free(&request->suggestion);
    free(request);
}

void worker_give_request(struct worker *worker, struct http_request *request)
{
    http_forget_shop(request);
    if (worker->spare_count >= SPARE_MAX || request->body.cap > 64 * 1024 || request->reply.cap > 64 * 1024) {
        request_destroy(request);
        return;
    }
    /* Keep the memory, forget the rest. */
    struct arena arena = request->arena;
    struct buf body = request->body, reply = request->reply;
    struct suggestion suggestion = request->suggestion;
    arena_reset(&arena);
    buf_truncate(&body, 0);
    buf_truncate(&reply, 0);
    *request = (struct http_request){.arena = arena, .body = body, .reply = reply, .suggestion = suggestion};
    request->next = worker->spare;
    worker->spare = request;
    worker->spare_count++;
}

void worker_answer(struct http_request *request)
{
    if (request->parent)
        request->parent->route->part_done(request->parent);
    else if (request->suspended)
        queue_push(&request->worker->answered, request);
}

/* --- libmicrohttpd's callbacks --- */

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
    return http_request_new(cls, connection, uri);
}

/* Query and path stay raw: the router and http_query() decode their pieces, after splitting. */
static size_t on_unescape(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **request_cls,
                         enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    struct worker *worker = cls;
    struct http_request *request = *request_cls;
    *request_cls = NULL;
    if (!request)
        return;
    if (request->status) {
        moment_t taken = moment_now() - request->started;
        metrics_request(&worker->metrics, request->status, taken);
        /* A 503 is one of many, told once by what caused it (and counted). */
        bool fault = request->status == 500;
        log_event(fault ? LOG_WARNING : LOG_DEBUG, "request", "method=%s route=%s status=%d ms=%.1f id=%s",
                  request->method, request->route ? request->route->path : "-", request->status,
                  (double)taken / 1000, request->id);
    }
    worker_give_request(worker, request);
}

static void on_mhd_log(void *cls, const char *format, va_list args)
{
    (void)cls;
    char text[256];
    vsnprintf(text, sizeof text, format, args);
    log_event(LOG_DEBUG, "microhttpd", "text=\"%s\"", text);
}

/* Reads `Authorization: Bearer KEY` into key_hash. */
static bool read_key(struct http_request *request)
{
    const char *given = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Authorization");
    if (!given || strncasecmp(given, "Bearer ", 7) != 0)
        return false;
    given += 7 + strspn(given + 7, " ");
    size_t len = strlen(given);
    if (len == 0 || len > 200)
        return false;
    digest_sha256(given, len, request->key_hash);
    return true;
}

static bool read_idempotency_key(struct http_request *request)
{
    const char *given = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Idempotency-Key");
    if (!given || strcmp(request->method, "POST") != 0)
        return true;
    size_t len = strlen(given);
    for (size_t i = 0; i < len; i++) {
        if (given[i] < ' ' || given[i] > '~')
            len = 0;
    }
    if (len == 0 || len > 200) {
        http_problem(request, 400, "Idempotency-Key takes 1 to 200 printable ASCII characters.");
        return false;
    }
    request->idempotency_key = arena_strdup(&request->arena, given);
    return true;
}

/* Is the body too large, and is it better to say so before it comes? A client in the middle of sending sees a
 * broken pipe instead of the answer, so a body of bearable size is rather read and dropped. */
static bool body_refused(struct http_request *request)
{
    const char *length = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Content-Length");
    unsigned long long len = length ? strtoull(length, NULL, 10) : 0;
    bool waits = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Expect") != NULL;
    request->body_too_large = len > request->route->max_body;
    return request->body_too_large && (waits || len > DRAIN_MAX);
}

/* What can be refused before the body is read. true: the answer is filled. */
static bool refuse_early(struct http_request *request)
{
    struct worker *worker = request->worker;
    if (http_refuse_head(request))
        return true;
    char allow[64];
    int found = router_match(request, &request->route, allow);
    if (found != 0) {
        if (found == 400)
            http_problem(request, 400, "The path has a bad percent escape or is not UTF-8.");
        else
            http_problem(request, found, NULL);
        if (found == 405)
            http_header(request, "Allow", arena_strdup(&request->arena, allow));
        return true;
    }
    if (body_refused(request)) {
        http_problem(request, 413, "The body may have %zu bytes here.", request->route->max_body);
        http_header(request, "Connection", "close");
        return true;
    }
    if (request->route->scope == SCOPE_NONE)
        return false;
    if (worker->stop_by != MOMENT_NONE) {
        http_problem(request, 503, "The service is stopping.");
        http_header(request, "Connection", "close");
        return true;
    }
    if (!read_key(request)) {
        http_problem(request, 401, NULL);
        return true;
    }
    return !read_idempotency_key(request);
}

static enum MHD_Result take_body(struct http_request *request, const char *data, size_t *size)
{
    request->received += *size;
    if (request->received > request->route->max_body)
        request->body_too_large = true;
    if (request->received > DRAIN_MAX)
        return MHD_NO;
    if (!request->body_too_large)
        buf_add(&request->body, data, *size);
    *size = 0;
    return MHD_YES;
}

/* The whole request is here. Answers it, or suspends it into the waiting queue. */
static enum MHD_Result dispatch(struct http_request *request)
{
    struct worker *worker = request->worker;
    const struct route *route = request->route;
    if (request->body_too_large) {
        http_problem(request, 413, "The body may have %zu bytes here.", route->max_body);
        http_header(request, "Connection", "close");
        return http_send(request);
    }
    bool refused = http_refuse_query(request); /* told only to who may ask */
    if (route->scope == SCOPE_NONE) {
        if (!refused)
            route->handle(request);
        return http_send(request);
    }
    if (!db_ready(worker->reader) || worker->waiting.count >= worker->config->max_waiting) {
        metrics_add(&worker->metrics.rejected_busy, 1);
        http_problem(request, 503,
                     db_ready(worker->reader) ? "Too many requests are waiting." : "The database is away.");
        return http_send(request);
    }
    if (request->idempotency_key) {
        struct buf hashed = {0};
        buf_addf(&hashed, "%s\n", request->path);
        buf_add(&hashed, buf_text(&request->body), request->body.len);
        digest_sha256(hashed.data, hashed.len, request->body_hash);
        buf_free(&hashed);
    }
    request->shop_id = shops_hint(&worker->shops, request->key_hash);
    if (route->batched && !refused)
        route->handle(request);
    MHD_suspend_connection(request->connection);
    request->suspended = true;
    request->phase = HTTP_WAITING;
    queue_push(&worker->waiting, request);
    return MHD_YES;
}

static enum MHD_Result on_access(void *cls, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *data, size_t *size,
                                 void **request_cls)
{
    (void)cls;
    (void)connection;
    (void)url;
    (void)version;
    struct http_request *request = *request_cls;
    if (!request)
        return MHD_NO;
    switch (request->phase) {
    case HTTP_HEAD:
        http_request_head(request, method);
        request->phase = HTTP_READING;
        return refuse_early(request) ? http_send(request) : MHD_YES;
    case HTTP_READING:
        return *size > 0 ? take_body(request, data, size) : dispatch(request);
    case HTTP_WAITING:
    case HTTP_ANSWERED:
        break;
    }
    *size = 0; /* what still comes in after an early answer is dropped */
    return MHD_YES;
}

/* --- the turn --- */

/* Sends what is answered. Returns whether anything was resumed: libmicrohttpd must be run again then. */
static bool send_answers(struct worker *worker)
{
    bool any = false;
    struct http_request *request;
    while ((request = queue_pop(&worker->answered))) {
        request->suspended = false;
        if (http_send(request) != MHD_YES)
            log_event(LOG_WARNING, "answer_lost", "id=%s", request->id);
        MHD_resume_connection(request->connection);
        any = true;
    }
    return any;
}

static void on_database_state(void *arg)
{
    struct worker *worker = arg;
    uint64_t up = 0;
    struct db *all[] = {worker->reader, worker->writer, worker->side};
    for (int i = 0; i < 3; i++)
        up += all[i] && db_ready(all[i]);
    atomic_store_explicit(&worker->metrics.database_up, up, memory_order_relaxed);
    if (worker->reader && !db_ready(worker->reader))
        batch_fail_waiting(worker);
    if (worker->side && !db_ready(worker->side))
        job_fail_waiting(worker);
}

static int wait_ms(struct worker *worker)
{
    if (worker->waiting.count && db_idle(worker->reader))
        return 0;
    MHD_UNSIGNED_LONG_LONG mhd_ms;
    int ms = MHD_get_timeout(worker->daemon, &mhd_ms) == MHD_YES && mhd_ms < 1000 ? (int)mhd_ms : 1000;
    moment_t now = moment_now();
    moment_t times[] = {db_wake_at(worker->reader), db_wake_at(worker->writer), db_wake_at(worker->side),
                        worker->stop_by};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        if (times[i] == MOMENT_NONE)
            continue;
        moment_t left = (times[i] - now + 999) / 1000;
        if (left < ms)
            ms = left < 0 ? 0 : (int)left;
    }
    return ms;
}

static void begin_stop(struct worker *worker)
{
    if (worker->stop_by != MOMENT_NONE)
        return;
    worker->stop_by = moment_now() + worker->config->stop_timeout * MOMENT_SECOND;
    epoll_ctl(worker->epoll_fd, EPOLL_CTL_DEL, worker->stop_fd, NULL);
    int fd = MHD_quiesce_daemon(worker->daemon);
    if (fd >= 0)
        close(fd);
}

/* One turn; the order is told in worker.h. */
static void worker_turn(struct worker *worker)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(worker->epoll_fd, events, EVENTS_MAX, wait_ms(worker));
    struct db *all[] = {worker->reader, worker->writer, worker->side};
    uint32_t seen[3] = {0};
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr == &worker->stop_fd)
            begin_stop(worker);
        for (int j = 0; j < 3; j++)
            seen[j] |= events[i].data.ptr == all[j] ? events[i].events : 0;
    }
    for (int j = 0; j < 3; j++)
        db_process(all[j], seen[j]);
    MHD_run(worker->daemon);
    batch_read_start(worker);
    batch_compute(worker);
    batch_write_start(worker);
    job_start_next(worker);
    /* Run right after resuming, or libmicrohttpd sleeps on it; what arrives meanwhile may be answered at
     * once. */
    while (send_answers(worker))
        MHD_run(worker->daemon);
}

static bool work_under_way(const struct worker *worker)
{
    return worker->waiting.count || worker->ready.count || worker->storing.count || worker->jobs.count ||
           worker->read_batch.count || worker->write_batch.count || worker->job.request;
}

void worker_run(struct worker *worker)
{
    while (!worker->fatal) {
        worker_turn(worker);
        int schema = db_schema(worker->reader);
        if (!db_ready(worker->reader) && schema >= 0 && schema != migrations_newest()) {
            log_event(LOG_ERROR, "schema", "found=%d needed=%d remedy=\"run `replyd migrate`\"", schema,
                      migrations_newest());
            worker->fatal = 1;
        }
        if (worker->stop_by != MOMENT_NONE && (!work_under_way(worker) || moment_now() >= worker->stop_by))
            break;
    }
}

/* --- making and unmaking --- */

static const char *const writer_settings[] = {"SET plan_cache_mode = force_generic_plan", "SET jit = off",
                                              NULL};
static const char *const side_settings[] = {"SET jit = off", NULL};

static struct db *open_connection(struct worker *worker, const char *name, const char *const *settings,
                                  const struct statement *const *statements, int64_t timeout_ms)
{
    struct db_options options = {
        .name = name,
        .url = worker->config->database_url,
        .settings = settings,
        .statement_timeout_ms = timeout_ms,
        .statements = statements,
        .timeout = timeout_ms * 1000 + 2 * MOMENT_SECOND,
        .expected_schema = migrations_newest(),
        .epoll_fd = worker->epoll_fd,
        .on_state = on_database_state,
        .arg = worker,
    };
    return db_open(&options);
}

static int watch(struct worker *worker, int fd, void *ptr)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = ptr};
    return epoll_ctl(worker->epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static bool start_daemon(struct worker *worker)
{
    int64_t workers = worker->config->workers > 0 ? worker->config->workers : 1;
    worker->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_access, worker,
        MHD_OPTION_EXTERNAL_LOGGER, on_mhd_log, NULL, MHD_OPTION_LISTEN_SOCKET, worker->listen_fd,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, worker, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, worker, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)((worker->config->max_connections + workers - 1) / workers), MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)worker->config->idle_timeout, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!worker->daemon)
        return false;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(worker->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    worker->daemon_fd = info ? info->epoll_fd : -1;
    return worker->daemon_fd >= 0 && watch(worker, worker->daemon_fd, worker->daemon) == 0;
}

struct worker *worker_new(const struct config *config, const struct playbook *playbook, int number,
                          int listen_fd, int stop_fd)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        abort();
    worker->config = config;
    worker->playbook = worker->shops.playbook = playbook;
    worker->number = number;
    worker->listen_fd = listen_fd;
    worker->stop_fd = stop_fd;
    worker->stop_by = MOMENT_NONE;
    struct queue *queues[] = {&worker->waiting, &worker->ready, &worker->storing, &worker->jobs,
                              &worker->answered};
    for (size_t i = 0; i < sizeof queues / sizeof *queues; i++)
        queue_init(queues[i]);
    worker->read_batch.worker = worker->write_batch.worker = worker->job.worker = worker;
    worker->scratch = understand_scratch_new();
    worker->compose = compose_context_new();
    worker->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    metrics_register(&worker->metrics);
    if (worker->epoll_fd < 0 || watch(worker, stop_fd, &worker->stop_fd) != 0 || !start_daemon(worker)) {
        log_event(LOG_ERROR, "worker_start", "number=%d errno=%d", number, errno);
        worker_free(worker);
        return NULL;
    }
    worker->reader =
        open_connection(worker, "reader", cases_settings, batch_read_statements, config->statement_timeout);
    worker->writer =
        open_connection(worker, "writer", writer_settings, batch_write_statements, config->statement_timeout);
    worker->side =
        open_connection(worker, "side", side_settings, job_statements, 10 * config->statement_timeout);
    return worker;
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    /* Stopping a daemon with suspended connections is undefined: first answer whoever still waits. */
    db_close(worker->reader);
    db_close(worker->writer);
    db_close(worker->side);
    if (worker->daemon) {
        batch_fail_waiting(worker);
        job_fail_waiting(worker);
        do
            MHD_run(worker->daemon);
        while (send_answers(worker));
        MHD_stop_daemon(worker->daemon);
    }
    while (worker->spare) {
        struct http_request *request = worker->spare;
        worker->spare = request->next;
        request_destroy(request);
    }
    shops_free(&worker->shops);
    params_free(&worker->params);
    understand_scratch_free(worker->scratch);
    compose_context_free(worker->compose);
    if (worker->epoll_fd >= 0)
        close(worker->epoll_fd);
    free(worker);
}
