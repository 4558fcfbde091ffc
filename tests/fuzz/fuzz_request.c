/* Input: any bytes, taken as a body. It is read as a request, a policy, every kind of object and an ingest
 * key, and merged with itself; what was accepted must hold to what the readers promise. */
#include "fuzz.h"
#include "replyd/objects.h"
#include "replyd/request.h"
#include "replyd/shop.h"

#include <stdlib.h>
#include <string.h>

#define NOW (INT64_C(1772442840) * MOMENT_SECOND)

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static void check_faults(const struct faults *faults)
{
    int kept = 0;
    for (const struct fault *fault = faults->first; fault; fault = fault->next) {
        promise(*fault->detail && (!*fault->pointer || *fault->pointer == '/'));
        kept++;
    }
    promise(kept == (faults->count < FAULTS_MAX ? faults->count : FAULTS_MAX));
}

static void read_request(const json_t *body, struct faults *faults)
{
    struct request request;
    if (request_read(body, NOW, &request, faults) > 0)
        return;
    promise(request.has_message == (request.trigger < 0));
    promise(!request.has_message || *request.message.text);
    promise(request.as_of != MOMENT_NONE);
}

/* What is written must be read again, and be the same. */
static void read_policy(const json_t *body, struct faults *faults)
{
    struct policy policy, again;
    struct buf first = {0}, second = {0};
    policy_defaults(&policy);
    policy_defaults(&again);
    if (policy_read(body, &policy, faults) > 0)
        return;
    policy_write(&policy, &first);
    json_t *written = json_loadb(buf_text(&first), first.len, JSON_REJECT_DUPLICATES, NULL);
    promise(written && policy_read(written, &again, faults) == 0);
    policy_write(&again, &second);
    promise(strcmp(buf_text(&first), buf_text(&second)) == 0);
    json_decref(written);
    buf_free(&first);
    buf_free(&second);
}

/* What is stored is text, and read back to be patched: it must still fit then. */
static void read_object(enum object_kind kind, const json_t *body, struct faults *faults)
{
    const char *keys[OBJECT_KEYS_MAX];
    object_read_keys(kind, body, "/key", keys, faults);
    if (object_check(kind, body, "", faults) > 0)
        return;
    json_t *stored = json_loads(object_text(body, faults->arena), JSON_REJECT_DUPLICATES, NULL);
    promise(stored && object_check(kind, stored, "", faults) == 0);
    json_t *merged = object_merge(stored, body);
    promise(object_check(kind, merged, "", faults) == 0);
    json_decref(merged);
    json_decref(stored);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *body = json_loadb((const char *)data, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    for (int pass = 0; body && pass < OBJECT_KINDS + 2; pass++) {
        struct arena arena = {0};
        struct faults faults;
        faults_init(&faults, &arena);
        if (pass == OBJECT_KINDS)
            read_request(body, &faults);
        else if (pass > OBJECT_KINDS)
            read_policy(body, &faults);
        else
            read_object((enum object_kind)pass, body, &faults);
        check_faults(&faults);
        arena_free(&arena);
    }
    json_decref(body);
    return 0;
}
