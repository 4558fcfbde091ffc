#include "replyd/http.h"

#include "replyd/digest.h"
#include "replyd/json.h"
#include "replyd/worker.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What each status means here, and what to do about it. */
static const struct problem_row {
    int status;
    const char *code, *title, *hint;
} problems[] = {
    {400, "bad-request", "Bad request", "The request could not be read."},
    {401, "no-key", "A key is needed",
     "Send `Authorization: Bearer KEY` with a key made by `replyd key create`."},
    {403, "scope", "The key may not do this", "Use a key with the scope that this path needs."},
    {404, "not-found", "Not found", "Nothing is here, or it belongs to another shop."},
    {405, "method", "Method not allowed", "See the Allow header."},
    {409, "conflict", "Conflict", "The object can't be changed here."},
    {413, "too-large", "Too large", "Send a smaller body."},
    {415, "media-type", "Unsupported media type", "Send `Content-Type: application/json`."},
    {422, "does-not-fit", "The request does not fit",
     "See `errors`: each names the field and what would be right."},
    {429, "rate", "Too many requests", "Wait as long as Retry-After says."},
    {500, "internal", "Internal error", "It is logged under this request's id."},
    {503, "unavailable", "Unavailable", "Try again after as many seconds as Retry-After says."},
};

static const struct problem_row *problem_find(int status)
{
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        if (problems[i].status == status)
            return &problems[i];
    }
    return &problems[0];
}

/* --- reading --- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

char *http_decode(struct arena *arena, const char *s, size_t len, bool plus)
{
    char *out = arena_alloc(arena, len + 1);
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '%') {
            int high = i + 2 < len ? hex_digit(s[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(s[i + 2]) : -1;
            if (low < 0 || (high == 0 && low == 0))
                return NULL;
            out[used++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[used++] = plus && s[i] == '+' ? ' ' : s[i];
        }
    }
    out[used] = '\0';
    /* jansson checks UTF-8 for us */
    json_t *string = json_stringn(out, used);
    if (!string)
        return NULL;
    json_decref(string);
    return out;
}

/* Calls for each argument of the query until `want` is found; with NULL, collects nothing. */
static const char *query_find(struct http_request *request, const char *want, const char **ret_name,
                              const char **at)
{
    const char *p = *at;
    while (p && *p) {
        size_t len = strcspn(p, "&");
        size_t name_len = strcspn(p, "=&");
        char *name = http_decode(&request->arena, p, name_len, true);
        const char *value = p + name_len < p + len ? p + name_len + 1 : p + len;
        size_t value_len = (size_t)(p + len - value);
        p += len + (p[len] == '&');
        if (len == 0 || (want && (!name || strcmp(name, want) != 0)))
            continue;
        *at = p;
        *ret_name = name;
        return http_decode(&request->arena, value, value_len, true);
    }
    *at = p;
    *ret_name = NULL;
    return NULL;
}

const char *http_query(struct http_request *request, const char *name)
{
    const char *at = request->query, *found;
    return query_find(request, name, &found, &at);
}

bool http_refuse_query(struct http_request *request)
{
    struct faults faults;
    faults_init(&faults, &request->arena);
    const char *at = request->query, *name;
    for (;;) {
        const char *value = query_find(request, NULL, &name, &at);
        if (!value && !name)
            break;
        bool known = false;
        for (const char *const *each = request->route->query; name && each && *each; each++)
            known = known || strcmp(*each, name) == 0;
        const char *rest = at, *again = NULL;
        if (known)
            query_find(request, name, &again, &rest);
        if (!known)
            faults_add(&faults, "", "unknown query argument \"%s\"", name ? name : "?");
        else if (!value)
            faults_add(&faults, "", "query argument \"%s\" is not valid UTF-8", name);
        else if (again)
            faults_add(&faults, "", "query argument \"%s\" stands more than once", name);
    }
    if (faults.count > 0)
        http_problem_faults(request, &faults);
    return faults.count > 0;
}

moment_t http_query_moment(struct http_request *request, const char *name, moment_t (*of_day)(day_t),
                           moment_t missing, struct faults *faults)
{
    const char *text = http_query(request, name);
    moment_t moment = missing;
    day_t day;
    if (text && day_parse(text, strlen(text), &day) == 0)
        moment = of_day(day);
    else if (text && moment_parse(text, strlen(text), &moment) != 0)
        faults_add(faults, "", "%s takes a date or a time such as 2026-03-02T09:14:00Z", name);
    return moment;
}

int http_query_limit(struct http_request *request, struct faults *faults)
{
    const char *text = http_query(request, "limit");
    if (!text)
        return 20;
    char *end;
    long limit = strtol(text, &end, 10);
    if (end == text || *end || limit < 1 || limit > 100) {
        faults_add(faults, "", "limit takes a whole number from 1 to 100");
        return 20;
    }
    return (int)limit;
}

/* JSON in UTF-8, as it is: no other charset, no coding. */
static bool media_type_fits(struct http_request *request)
{
    const char *type = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Content-Type");
    const char *coding =
        MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Content-Encoding");
    size_t len = type ? strcspn(type, "; ") : 0;
    bool json = (len == 16 && strncasecmp(type, "application/json", 16) == 0) ||
                (len == 28 && strncasecmp(type, "application/merge-patch+json", 28) == 0);
    const char *charset = json ? strcasestr(type + len, "charset=") : NULL;
    bool utf8 = !charset || strncasecmp(charset + 8 + (charset[8] == '"'), "utf-8", 5) == 0;
    return json && utf8 && (!coding || strcasecmp(coding, "identity") == 0);
}

json_t *http_body_json(struct http_request *request)
{
    if (!media_type_fits(request)) {
        http_problem(request, 415, NULL);
        return NULL;
    }
    json_error_t error;
    json_t *json = json_loadb(buf_text(&request->body), request->body.len,
                              JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
    if (!json && json_error_code(&error) == json_error_numeric_overflow) {
        struct faults faults;
        faults_init(&faults, &request->arena);
        faults_add(&faults, "", "a number is too large (line %d, column %d)", error.line, error.column);
        http_problem_faults(request, &faults);
    } else if (!json) {
        http_problem(request, 400, "The body is not JSON: %s (line %d, column %d).", error.text, error.line,
                     error.column);
    }
    return json;
}

/* --- answering --- */

void http_header(struct http_request *request, const char *name, const char *value)
{
    int i = 0;
    while (i < request->header_count && strcasecmp(request->headers[i].name, name) != 0)
        i++;
    if (i == HTTP_HEADERS_MAX)
        return;
    request->headers[i] = (struct http_header){name, value};
    if (i == request->header_count)
        request->header_count++;
}

void http_reply(struct http_request *request, int status)
{
    request->status = status;
    if (!request->content_type)
        request->content_type = "application/json";
}

/* RFC 9110, 13.1.2: weak comparison against a list. */
static bool etag_matches(const char *list, const char *etag)
{
    size_t len = strlen(etag);
    for (const char *p = list; p && *p;) {
        p += strspn(p, " \t,");
        if (*p == '*')
            return true;
        if (strncmp(p, "W/", 2) == 0)
            p += 2;
        if (strncmp(p, etag, len) == 0 && (p[len] == '\0' || strchr(" \t,", p[len])))
            return true;
        p += strcspn(p, ",");
    }
    return false;
}

void http_reply_etag(struct http_request *request, const char *etag)
{
    const char *known = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "If-None-Match");
    http_header(request, "ETag", etag);
    http_header(request, "Cache-Control", "private, no-cache");
    if (etag_matches(known, etag)) {
        buf_truncate(&request->reply, 0);
        http_reply(request, 304);
    } else {
        http_reply(request, 200);
    }
}

void http_reply_hashed(struct http_request *request)
{
    unsigned char digest[DIGEST_LEN];
    digest_sha256(buf_text(&request->reply), request->reply.len, digest);
    char etag[19] = "\"";
    for (int i = 0; i < 8; i++)
        snprintf(etag + 1 + 2 * i, 3, "%02x", digest[i]);
    etag[17] = '"';
    etag[18] = '\0';
    http_reply_etag(request, arena_strdup(&request->arena, etag));
}

void problem_write(struct buf *out, int status, const char *detail, const struct faults *faults,
                   const char *instance)
{
    const struct problem_row *row = problem_find(status);
    json_object_begin(out);
    json_key(out, "type");
    buf_addf(out, "\"urn:replyd:problem:%s\"", row->code);
    json_kstring(out, "title", row->title);
    json_kint(out, "status", status);
    json_kstring(out, "detail", detail ? detail : row->hint);
    if (instance)
        json_kstring(out, "instance", instance);
    if (faults && faults->count > 0) {
        json_key(out, "errors");
        json_array_begin(out);
        for (const struct fault *fault = faults->first; fault; fault = fault->next) {
            json_object_begin(out);
            json_kstring(out, "pointer", fault->pointer);
            json_kstring(out, "detail", fault->detail);
            json_object_end(out);
        }
        json_array_end(out);
    }
    json_object_end(out);
}

static void problem_reply(struct http_request *request, int status, const char *detail,
                          const struct faults *faults)
{
    buf_truncate(&request->reply, 0);
    request->header_count = 0;
    problem_write(&request->reply, status, detail, faults, request->id);
    request->content_type = "application/problem+json";
    if (status == 401)
        http_header(request, "WWW-Authenticate", "Bearer realm=\"replyd\"");
    if (status == 503)
        http_header(request, "Retry-After", "1");
    http_reply(request, status);
}

void http_problem(struct http_request *request, int status, const char *format, ...)
{
    char detail[400];
    if (format) {
        va_list args;
        va_start(args, format);
        vsnprintf(detail, sizeof detail, format, args);
        va_end(args);
    }
    problem_reply(request, status, format ? detail : NULL, NULL);
}

void http_problem_faults(struct http_request *request, const struct faults *faults)
{
    problem_reply(request, 422, NULL, faults);
}

/* --- for the worker --- */

struct head_count {
    int hosts, lengths, encodings, authorizations, idempotency_keys;
    bool chunked, malformed;
};

/* RFC 9110, 5.6.2: what a header's name is made of. "Content-Length " with a space is another name to us and
 * the same to a proxy in front. */
static bool is_token(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (s[i] <= ' ' || s[i] >= 127 || strchr("\"(),/:;<=>?@[\\]{}", s[i]))
            return false;
    }
    return len > 0;
}

static enum MHD_Result count_header(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_len,
                                    const char *value, size_t value_len)
{
    (void)kind;
    struct head_count *count = cls;
    if (!is_token(key, key_len) || (value && memchr(value, '\0', value_len)))
        count->malformed = true;
    else if (strcasecmp(key, "Host") == 0)
        count->hosts++;
    else if (strcasecmp(key, "Content-Length") == 0)
        count->lengths++;
    else if (strcasecmp(key, "Authorization") == 0)
        count->authorizations++;
    else if (strcasecmp(key, "Idempotency-Key") == 0)
        count->idempotency_keys++;
    else if (strcasecmp(key, "Transfer-Encoding") == 0) {
        count->encodings++;
        count->chunked = value && strcasecmp(value, "chunked") == 0;
    }
    return MHD_YES;
}

bool http_refuse_head(struct http_request *request)
{
    struct head_count count = {0};
    MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, count_header, &count);
    const char *why = NULL;
    if (count.malformed)
        why = "A header's name or value has characters that may not be there.";
    else if (count.hosts > 1)
        why = "There is more than one Host header.";
    else if (count.lengths > 1)
        why = "There is more than one Content-Length header.";
    else if (count.encodings > 0 && count.lengths > 0)
        why = "There are both a Content-Length and a Transfer-Encoding header.";
    else if (count.encodings > 1 || (count.encodings == 1 && !count.chunked))
        why = "The only Transfer-Encoding understood is chunked.";
    else if (count.authorizations > 1 || count.idempotency_keys > 1)
        why = "Authorization and Idempotency-Key may come only once.";
    if (!why)
        return false;
    http_problem(request, 400, "%s", why);
    http_header(request, "Connection", "close");
    return true;
}

/* The caller's id is kept if it is short and plain, so that it can't break a log line or a header. */
static const char *request_id(struct http_request *request)
{
    const char *given = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "X-Request-Id");
    size_t len = given ? strlen(given) : 0;
    bool plain = len > 0 && len <= 128;
    for (size_t i = 0; plain && i < len; i++)
        plain = given[i] > ' ' && given[i] < 127 && given[i] != '"' && given[i] != '\\';
    if (plain)
        return arena_strndup(&request->arena, given, len);
    unsigned char id[16];
    char text[ID_TEXT];
    id_make(&request->worker->ids, id);
    return arena_strdup(&request->arena, id_text(id, text));
}

/* `len` lower-case hex digits that are not all 0 */
static bool is_trace_part(const char *s, int len)
{
    bool zero = true;
    for (int i = 0; i < len; i++) {
        if (hex_digit(s[i]) < 0 || (s[i] >= 'A' && s[i] <= 'F'))
            return false;
        zero = zero && s[i] == '0';
    }
    return !zero;
}

/* W3C Trace Context: the same trace, a span of our own. A later version is read as far as we know it. */
static const char *request_trace(struct http_request *request)
{
    const char *given = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "traceparent");
    size_t len = given ? strlen(given) : 0;
    if (len < 55 || given[2] != '-' || given[35] != '-' || given[52] != '-' || hex_digit(given[0]) < 0 ||
        hex_digit(given[1]) < 0 || strncasecmp(given, "ff", 2) == 0 || hex_digit(given[53]) < 0 ||
        hex_digit(given[54]) < 0 || !is_trace_part(given + 3, 32) || !is_trace_part(given + 36, 16))
        return NULL;
    if (len > 55 && (strncmp(given, "00", 2) == 0 || given[55] != '-'))
        return NULL;
    unsigned char id[16];
    id_make(&request->worker->ids, id);
    char span[17];
    for (int i = 0; i < 8; i++)
        snprintf(span + 2 * i, 3, "%02x", id[8 + i]);
    return arena_printf(&request->arena, "00-%.32s-%s-%.2s", given + 3, span, given + 53);
}

struct http_request *http_request_new(struct worker *worker, struct MHD_Connection *connection,
                                      const char *uri)
{
    struct http_request *request = worker_take_request(worker);
    request->worker = worker;
    request->connection = connection;
    size_t path_len = strcspn(uri, "?");
    request->path = arena_strndup(&request->arena, uri, path_len);
    request->query = arena_strdup(&request->arena, uri + path_len + (uri[path_len] == '?'));
    request->started = moment_now();
    return request;
}

void http_forget_shop(struct http_request *request)
{
    shops_release(&request->worker->shops, request->shop);
    request->shop = NULL;
}

void http_request_head(struct http_request *request, const char *method)
{
    request->method = arena_strdup(&request->arena, method);
    request->id = request_id(request);
    request->traceparent = request_trace(request);
}

enum MHD_Result http_send(struct http_request *request)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        request->reply.len, (void *)(uintptr_t)buf_text(&request->reply), MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    if (request->content_type && request->status != 204 && request->status != 304)
        MHD_add_response_header(response, "Content-Type", request->content_type);
    MHD_add_response_header(response, "X-Request-Id", request->id);
    if (request->traceparent)
        MHD_add_response_header(response, "traceparent", request->traceparent);
    for (int i = 0; i < request->header_count; i++)
        MHD_add_response_header(response, request->headers[i].name, request->headers[i].value);
    enum MHD_Result result = MHD_queue_response(request->connection, (unsigned)request->status, response);
    MHD_destroy_response(response);
    request->phase = HTTP_ANSWERED;
    return result;
}
