#include "replyd/cmd.h"
#include "replyd/config.h"
#include "replyd/log.h"
#include "replyd/playbook.h"
#include "replyd/worker.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORKERS_MAX 64

/* Splits HOST:PORT or [HOST]:PORT. Returns 0 or -1. */
static int split_address(const char *listen, char host[static 256], char port[static 16])
{
    const char *colon = strrchr(listen, ':');
    char *end;
    long number = colon ? strtol(colon + 1, &end, 10) : -1;
    if (!colon || end == colon + 1 || *end || number < 0 || number > 65535 || (size_t)(colon - listen) > 255)
        return -1;
    const char *start = listen;
    size_t len = (size_t)(colon - listen);
    if (len >= 2 && listen[0] == '[' && colon[-1] == ']') {
        start++;
        len -= 2;
    }
    snprintf(host, 256, "%.*s", (int)len, start);
    snprintf(port, 16, "%ld", number);
    return 0;
}

/* A listening socket of its own for each worker: the kernel spreads the connections. */
static int open_listener(const struct addrinfo *address)
{
    int one = 1, zero = 0;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    if (address->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
    if (bind(fd, address->ai_addr, address->ai_addrlen) != 0 || listen(fd, 1024) != 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

/* With SO_REUSEPORT a second service on the same port would get half of the connections unseen: try without
 * it. */
static int probe_port(const struct addrinfo *address)
{
    int one = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    int status = bind(fd, address->ai_addr, address->ai_addrlen);
    int saved = errno;
    close(fd);
    errno = saved;
    return status;
}

static int open_listeners(const char *listen, int count, int fds[])
{
    char host[256], port[16];
    if (split_address(listen, host, port) != 0) {
        fprintf(stderr, "replyd: --listen takes HOST:PORT, such as 127.0.0.1:8080, not \"%s\"\n", listen);
        return -1;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_ADDRCONFIG}, *found;
    int error = getaddrinfo(*host ? host : NULL, port, &hints, &found);
    if (error) {
        fprintf(stderr, "replyd: cannot listen on \"%s\": %s\n", listen, gai_strerror(error));
        return -1;
    }
    int opened = 0;
    if (probe_port(found) == 0) {
        while (opened < count && (fds[opened] = open_listener(found)) >= 0)
            opened++;
    }
    int saved = errno;
    freeaddrinfo(found);
    if (opened < count) {
        fprintf(stderr, "replyd: cannot listen on %s: %s; choose another with --listen\n", listen,
                strerror(saved));
        return -1;
    }
    return 0;
}

/* One socket a connection, and some for files and the database. */
static void raise_file_limit(const struct config *config)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)config->max_connections + 256;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
        log_event(LOG_WARNING, "file_limit", "have=%llu wanted=%llu remedy=\"raise ulimit -n\"",
                  (unsigned long long)limit.rlim_cur, (unsigned long long)wanted);
}

static int set_log_level(const char *name)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(names[i], name) == 0) {
            log_set_level((enum log_level)i);
            return 0;
        }
    }
    fprintf(stderr, "replyd: --log-level takes debug, info, warning or error, not \"%s\"\n", name);
    return -1;
}

struct running {
    pthread_t thread;
    struct worker *worker;
    int done_fd; /* tells the main thread that a worker came to its end */
};

static void *run(void *arg)
{
    struct running *running = arg;
    worker_run(running->worker);
    eventfd_write(running->done_fd, 1);
    return NULL;
}

/* Waits for a signal or for a worker that gave up. */
static void wait_for_end(int signal_fd, int done_fd)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(signal_fd, &set);
    FD_SET(done_fd, &set);
    while (select((signal_fd > done_fd ? signal_fd : done_fd) + 1, &set, NULL, NULL, NULL) < 0 &&
           errno == EINTR) {
        FD_SET(signal_fd, &set);
        FD_SET(done_fd, &set);
    }
}

static int serve(struct config *config, const struct playbook *playbook)
{
    int count = (int)config->workers;
    int fds[WORKERS_MAX];
    if (open_listeners(config->listen, count, fds) != 0)
        return 1;

    /* Threads inherit the mask: signals come to the main thread's descriptor alone. */
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    int signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
    int stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (signal_fd < 0 || stop_fd < 0 || done_fd < 0)
        return 1;

    struct running running[WORKERS_MAX] = {0};
    int status = 0, started = 0;
    while (started < count) {
        running[started].done_fd = done_fd;
        running[started].worker = worker_new(config, playbook, started, fds[started], stop_fd);
        if (!running[started].worker ||
            pthread_create(&running[started].thread, NULL, run, &running[started]) != 0) {
            status = 1;
            break;
        }
        started++;
    }
    if (status == 0) {
        log_event(LOG_INFO, "listening", "address=%s workers=%d version=%s", config->listen, count,
                  REPLYD_VERSION);
        wait_for_end(signal_fd, done_fd);
    }
    eventfd_write(stop_fd, 1);
    for (int i = 0; i < started; i++) {
        pthread_join(running[i].thread, NULL);
        status = running[i].worker->fatal ? running[i].worker->fatal : status;
    }
    for (int i = 0; i < count; i++)
        worker_free(running[i].worker);
    log_event(LOG_INFO, "stopped", "status=%d", status);
    close(signal_fd);
    close(stop_fd);
    close(done_fd);
    return status;
}

int cmd_serve(int argc, char **argv)
{
    struct config config;
    int status = config_read(argc, argv, &config);
    if (status != 0)
        return status == 1 ? 0 : status;
    if (set_log_level(config.log_level) != 0)
        return 2;
    if (config.workers == 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN) / 2;
        config.workers = cores < 1 ? 1 : cores > WORKERS_MAX ? WORKERS_MAX : cores;
    }
    raise_file_limit(&config);
    struct playbook *playbook = NULL;
    if (cmd_open_playbook(config.playbook, &playbook) != 0)
        return 1;
    status = serve(&config, playbook);
    playbook_free(playbook);
    return status;
}
