/* http.h - one HTTP request on its way through a worker, and the answering of it.
 *
 * A request is parsed by libmicrohttpd, matched to a route, admitted (its key names a shop) and handed to the
 * route's handler, which either answers at once (http_reply, http_problem) or leaves it waiting for the
 * database. */
#ifndef REPLYD_HTTP_H
#define REPLYD_HTTP_H

#include "replyd/arena.h"
#include "replyd/buf.h"
#include "replyd/cases_db.h"
#include "replyd/fields.h"
#include "replyd/moment.h"
#include "replyd/request.h"
#include "replyd/shop.h"
#include "replyd/store.h"
#include "replyd/suggest.h"

#include <microhttpd.h>
#include <stdbool.h>

struct worker;
struct job_ops;

enum http_scope {
    SCOPE_NONE = 0, /* no key needed */
    SCOPE_SUGGEST_BIT = 1,
    SCOPE_INGEST_BIT = 2,
    SCOPE_ADMIN_BIT = 4, /* includes the others */
};

/* Where a request is. */
enum http_phase {
    HTTP_HEAD,     /* its first line is read, its head not yet */
    HTTP_READING,  /* the body is coming in */
    HTTP_WAITING,  /* suspended: in one of the worker's queues, or part of a transaction */
    HTTP_ANSWERED, /* the answer is libmicrohttpd's */
};

#define HTTP_PARAMS_MAX 3
#define HTTP_KEY_HASH 32

struct http_request;

/* What the batches ask of a request whose case is read and whose answer is stored with those of others. */
struct batched_ops {
    void (*compute)(struct http_request *request);           /* the pure steps on what was read */
    void (*reply)(struct http_request *request, int status); /* the answer as made */
    void (*replay)(struct http_request *request,
                   const struct store_replayed *replayed); /* as stored before */
};

struct route {
    const char *method;
    const char *path; /* "/v1/orders/{number}/shipments/{tracking_number}" */
    enum http_scope scope;
    size_t max_body;          /* 0: no body is read */
    const char *const *query; /* the arguments that it takes, NULL-ended; NULL: none */
    /* Called once admitted, with the whole body. Answers or queues. */
    void (*handle)(struct http_request *request);
    /* Of a suggestion, which goes through the worker's batches: handle() only reads the body and leaves the
     * want. */
    const struct batched_ops *batched;
    /* Of a batch: one of its parts is answered. */
    void (*part_done)(struct http_request *request);
    /* POSTs whose Idempotency-Key the job keeps */
    bool idempotent;
    int arg; /* the handler's own: which kind of object */
};

struct http_header {
    const char *name, *value;
};
#define HTTP_HEADERS_MAX 8

struct http_request {
    struct worker *worker;
    struct MHD_Connection *connection;
    struct http_request *next; /* in the queue that it stands in */
    /* One of a batch's suggestions (api_batch.c): it has no connection, and its answer goes to the batch. */
    struct http_request *parent;
    enum http_phase phase;
    bool suspended;
    bool alone; /* a batch with it failed: tried again by itself, so that only the bad one gets the error */
    int tries;  /* batches that it was put back from */
    bool key_misused; /* its Idempotency-Key was used with another request */
    const struct route *route;
    struct arena arena;
    struct buf body;
    size_t received; /* bytes of the body so far */
    bool body_too_large;
    moment_t started;
    const char *method, *path, *query;  /* raw */
    const char *param[HTTP_PARAMS_MAX]; /* decoded */
    const char *id;                     /* X-Request-Id */
    const char *traceparent;            /* NULL: none given */
    const char *idempotency_key;
    unsigned char body_hash[32]; /* of route and body, for the idempotency key */

    /* admission */
    unsigned char key_hash[HTTP_KEY_HASH];
    int scopes;        /* of the key; bits of enum http_scope */
    int64_t shop_id;   /* 0: not known yet */
    struct shop *shop; /* held until the request is freed */

    /* a suggestion's way */
    struct request suggest_request;
    struct understanding understanding;
    struct case_want want;
    struct case_rows rows;
    struct suggestion suggestion;
    struct store_row store_row;
    bool case_sent;   /* this batch reads its case */
    bool had_numbers; /* sure order numbers were known, or looked up, before the case was read */
    bool load_shop;   /* the next batch loads its shop first */
    unsigned char suggestion_id[16];
    moment_t created_at;

    /* a job's way */
    const struct job_ops *job;
    void *job_data;

    /* the answer */
    int status;
    struct http_header headers[HTTP_HEADERS_MAX];
    int header_count;
    const char *content_type;
    struct buf reply;
};

/* --- reading --- */

/* A query argument, decoded, "" when it has no value; NULL: absent. */
const char *http_query(struct http_request *request, const char *name);

/* Refuses query arguments that the route does not take, and repeated ones: a typo is seen. true: a problem is
 * filled. */
bool http_refuse_query(struct http_request *request);

/* The body as JSON of any type, or NULL with a problem answered. json_decref() it. */
json_t *http_body_json(struct http_request *request);

/* A date, of which `of_day` gives the moment that is meant (day_start, day_end), or a time; `missing` where
 * the argument is not there. Adds to `faults`. */
moment_t http_query_moment(struct http_request *request, const char *name, moment_t (*of_day)(day_t),
                           moment_t missing, struct faults *faults);

/* Parses `limit` (1-100, default 20). Adds to `faults`. */
int http_query_limit(struct http_request *request, struct faults *faults);

/* --- answering: fill the answer; the worker sends it --- */

/* Sets a response header; the texts must live as long as the request (literals, or in its arena). */
void http_header(struct http_request *request, const char *name, const char *value);

/* Answers with what is in request->reply as JSON. */
void http_reply(struct http_request *request, int status);

/* Answers with request->reply (cacheable GETs): sets the ETag and gives 304 if the client has it. */
void http_reply_etag(struct http_request *request, const char *etag);

/* The same with an ETag made of the reply itself, for lists. */
void http_reply_hashed(struct http_request *request);

/* Answers with a problem (RFC 9457). `detail` may be NULL: the status' own hint. */
void http_problem(struct http_request *request, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* 422 with all faults. */
void http_problem_faults(struct http_request *request, const struct faults *faults);

/* Writes a problem's JSON alone (the batch endpoint, the command line). */
void problem_write(struct buf *out, int status, const char *detail, const struct faults *faults,
                   const char *instance);

/* --- for the worker and the router --- */

/* Decodes percent escapes (and `+` as a space); NULL: a bad escape, NUL or invalid UTF-8. */
char *http_decode(struct arena *arena, const char *s, size_t len, bool plus);

/* Begins a request when its first line is read; `uri` is raw. */
struct http_request *http_request_new(struct worker *worker, struct MHD_Connection *connection,
                                      const char *uri);

/* Lets go of the shop that admission found: the request is freed, or admitted anew. */
void http_forget_shop(struct http_request *request);

/* The head is read: method, request id, trace. */
void http_request_head(struct http_request *request, const char *method);

/* Refuses a head that could be read in two ways (smuggling), and limits. true: answered with a problem;
 * close. */
bool http_refuse_head(struct http_request *request);

/* Hands the finished answer to libmicrohttpd. */
enum MHD_Result http_send(struct http_request *request);

#endif
