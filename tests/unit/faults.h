/* faults.h - for the tests of what is checked: a body as text, its faults as "pointer: detail" lines. */
#ifndef REPLYD_TESTS_FAULTS_H
#define REPLYD_TESTS_FAULTS_H

#include "replyd/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A body in JSON with ' for " */
static inline json_t *body_read(const char *text)
{
    char *json = strdup(text);
    for (char *c = json; *c; c++) {
        if (*c == '\'')
            *c = '"';
    }
    json_error_t error;
    json_t *body = json_loads(json, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!body)
        fail_msg("%s: %s", json, error.text);
    free(json);
    return body;
}

/* Lives in the faults' arena. */
static inline const char *faults_text(const struct faults *faults)
{
    const char *text = "";
    for (const struct fault *fault = faults->first; fault; fault = fault->next)
        text =
            arena_printf(faults->arena, "%s%s%s: %s", text, *text ? "\n" : "", fault->pointer, fault->detail);
    return text;
}

/* The faults' lines begin with these: tests needn't repeat whole sentences. `expected` NULL or "": none at
 * all. */
static inline void assert_faults(const char *about, const struct faults *faults, const char *expected)
{
    const struct fault *fault = faults->first;
    const char *at = expected ? expected : "";
    bool fits = true;
    while (*at && fault && fits) {
        size_t len = strcspn(at, "\n");
        const char *line = arena_printf(faults->arena, "%s: %s", fault->pointer, fault->detail);
        fits = strncmp(line, at, len) == 0;
        at += len + (at[len] == '\n');
        fault = fault->next;
    }
    if (!fits || *at || fault)
        fail_msg("%s\n--- got\n%s\n--- expected\n%s", about, faults_text(faults), expected ? expected : "");
}

#endif
