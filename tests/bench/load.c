/* Loads a server with POST requests over keep-alive connections, each with one request under way, and tells
 * how many a second were answered and how long each took.
 *
 *   load PORT PATH BODIES CONNECTIONS SECONDS WARMUP FIRST     (REPLYD_KEY: the key)
 *
 * BODIES is a file with a body a line; they are sent in turn. In each, every run of ten # is replaced with a
 * number that counts the requests from FIRST, so that ids are new. The first WARMUP seconds are not counted.
 * Prints one JSON object; times in milliseconds. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MARK "##########"
#define MARK_LEN 10
#define MARKS_MAX 4
#define REPLY_MAX (256 * 1024)
#define EVENTS_MAX 256

/* A request as it is sent, and where its numbers go. */
struct request {
    char *bytes;
    size_t len, marks[MARKS_MAX];
    int mark_count;
};

struct connection {
    int fd;
    double sent_at;
    char *reply;
    size_t have, want; /* want 0: the head is not whole yet */
    int status;
};

struct load {
    const char *path, *key;
    int port, connection_count;
    double seconds, warmup;
    uint64_t number;
    struct request *requests;
    size_t request_count, next;
    struct connection *connections;
    int epoll_fd;
    float *times; /* of the answers that count */
    size_t time_count, time_max, failed;
};

static void die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void add_request(struct load *load, const char *body)
{
    load->requests = realloc(load->requests, (load->request_count + 1) * sizeof *load->requests);
    struct request request = {0};
    int len = asprintf(&request.bytes,
                       "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
                       "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                       load->path, load->port, load->key, strlen(body), body);
    if (len < 0 || !load->requests)
        die("memory");
    request.len = (size_t)len;
    for (char *at = request.bytes; request.mark_count < MARKS_MAX && (at = strstr(at, MARK)); at += MARK_LEN)
        request.marks[request.mark_count++] = (size_t)(at - request.bytes);
    load->requests[load->request_count++] = request;
}

static void read_bodies(struct load *load, const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    if (!file)
        die(path);
    while ((len = getline(&line, &size, file)) > 0) {
        line[strcspn(line, "\n")] = '\0';
        add_request(load, line);
    }
    free(line);
    fclose(file);
    if (load->request_count == 0)
        die("no bodies");
}

static void send_next(struct load *load, struct connection *connection)
{
    struct request *request = &load->requests[load->next++ % load->request_count];
    char digits[MARK_LEN + 1];
    snprintf(digits, sizeof digits, "%010llu", (unsigned long long)(load->number++ % 10000000000ULL));
    for (int i = 0; i < request->mark_count; i++)
        memcpy(request->bytes + request->marks[i], digits, MARK_LEN);
    connection->have = connection->want = 0;
    connection->sent_at = now();
    if (write(connection->fd, request->bytes, request->len) != (ssize_t)request->len)
        die("write");
}

static void open_connection(struct load *load, struct connection *connection)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)load->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    connection->fd = socket(AF_INET, SOCK_STREAM, 0);
    connection->reply = malloc(REPLY_MAX + 1);
    if (connection->fd < 0 || !connection->reply ||
        connect(connection->fd, (struct sockaddr *)&address, sizeof address) != 0)
        die("connect");
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(load->epoll_fd, EPOLL_CTL_ADD, connection->fd, &event) != 0)
        die("epoll_ctl");
}

/* Once the head is whole: how much of a reply there is to come. */
static void read_head(struct connection *connection)
{
    char *end = strstr(connection->reply, "\r\n\r\n");
    if (!end)
        return;
    *end = '\0';
    const char *length = strcasestr(connection->reply, "\r\nContent-Length:");
    if (!length || sscanf(connection->reply, "HTTP/1.1 %d", &connection->status) != 1)
        die("a reply that is not understood");
    *end = '\r';
    connection->want = (size_t)(end + 4 - connection->reply) + strtoul(length + 17, NULL, 10);
}

/* Takes what has come in. True: the reply is whole. */
static bool receive(struct connection *connection)
{
    ssize_t got = read(connection->fd, connection->reply + connection->have, REPLY_MAX - connection->have);
    if (got <= 0)
        die("read");
    connection->have += (size_t)got;
    connection->reply[connection->have] = '\0';
    if (connection->want == 0)
        read_head(connection);
    return connection->want > 0 && connection->have >= connection->want;
}

static void note(struct load *load, const struct connection *connection, double at)
{
    if (connection->status / 100 != 2) {
        if (load->failed++ == 0)
            fprintf(stderr, "load: the first refusal: %.1000s\n", connection->reply);
    } else if (load->time_count < load->time_max) {
        load->times[load->time_count++] = (float)((at - connection->sent_at) * 1000);
    }
}

static void run(struct load *load)
{
    struct epoll_event events[EVENTS_MAX];
    double start = now() + load->warmup, end = start + load->seconds;
    for (int i = 0; i < load->connection_count; i++)
        send_next(load, &load->connections[i]);
    for (double at = now(); at < end; at = now()) {
        int count = epoll_wait(load->epoll_fd, events, EVENTS_MAX, 1000);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!receive(connection))
                continue;
            at = now();
            if (at >= start && at < end)
                note(load, connection, at);
            send_next(load, connection);
        }
    }
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static double quantile(const struct load *load, double part)
{
    if (load->time_count == 0)
        return 0;
    size_t i = (size_t)(part * (double)load->time_count);
    return (double)load->times[i < load->time_count ? i : load->time_count - 1];
}

static void report(struct load *load)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    qsort(load->times, load->time_count, sizeof *load->times, by_value);
    printf("{\"connections\": %d, \"answered\": %zu, \"failed\": %zu, \"per_second\": %.1f, \"p50\": %.3f, "
           "\"p90\": %.3f, "
           "\"p99\": %.3f, \"p999\": %.3f, \"max\": %.3f, \"cpu_seconds\": %.2f, \"next\": %llu}\n",
           load->connection_count, load->time_count, load->failed, (double)load->time_count / load->seconds,
           quantile(load, 0.5), quantile(load, 0.9), quantile(load, 0.99), quantile(load, 0.999),
           quantile(load, 1),
           (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
           (unsigned long long)load->number);
}

int main(int argc, char **argv)
{
    struct load load = {.key = getenv("REPLYD_KEY"), .epoll_fd = epoll_create1(0)};
    if (argc != 8 || !load.key) {
        fprintf(stderr, "usage: REPLYD_KEY=KEY load PORT PATH BODIES CONNECTIONS SECONDS WARMUP FIRST\n");
        return 2;
    }
    load.port = atoi(argv[1]);
    load.path = argv[2];
    load.connection_count = atoi(argv[4]);
    load.seconds = atof(argv[5]);
    load.warmup = atof(argv[6]);
    load.number = strtoull(argv[7], NULL, 10);
    load.time_max = (size_t)(load.seconds * 200000) + 1;
    load.times = malloc(load.time_max * sizeof *load.times);
    load.connections = calloc((size_t)load.connection_count, sizeof *load.connections);
    if (!load.times || !load.connections || load.epoll_fd < 0)
        die("memory");
    read_bodies(&load, argv[3]);
    for (int i = 0; i < load.connection_count; i++)
        open_connection(&load, &load.connections[i]);
    run(&load);
    report(&load);
    return load.failed > 0;
}
