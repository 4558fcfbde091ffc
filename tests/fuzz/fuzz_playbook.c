/* Input: the rule of an issue, then, each after a line "%%", its English draft and the partial "order". They
 * stand in place of the shipped ones; what loads is answered on facts that know nothing. */
#include "fuzz.h"
#include "replyd/suggest.h"

#include <stdlib.h>
#include <string.h>

#define FILES_MAX 4000

static void answer(const struct playbook *playbook)
{
    struct arena arena = {0};
    struct compose_context *context = compose_context_new();
    struct buf subject = {0}, text = {0};
    struct facts facts;

    for (int i = 0; i < playbook->issue_count; i++) {
        const struct issue_rule *issue = &playbook->issues[i];
        struct resolution resolution;

        facts_init(&facts, &arena);
        diagnose_holds(issue, &facts, &arena);
        resolve(issue, &facts, 0, &arena, &resolution);
        if (issue->draft_count > 0)
            compose_draft(context, &issue->drafts[0], &facts, NULL, &subject, &text);
        compose_reason(context, issue->reason, &facts, -1, -1, &text);
    }
    buf_free(&subject);
    buf_free(&text);
    compose_context_free(context);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const replaced[] = {"issues/overdue_tracked/rule.json",
                                           "issues/overdue_tracked/en.mustache",
                                           "partials/en/order.mustache"};
    struct playbook_file files[FILES_MAX];
    struct playbook *playbook;
    struct buf faults = {0};
    const char *at = (const char *)data, *end = at + size;
    int count = 0;

    for (const struct playbook_file *file = playbook_embedded; file->path && count < FILES_MAX - 1; file++)
        files[count++] = *file;
    files[count].path = NULL;
    for (int part = 0; part < 3 && at < end; part++) {
        const char *stop = memmem(at, (size_t)(end - at), "%%\n", 3);

        for (int i = 0; i < count; i++) {
            if (strcmp(files[i].path, replaced[part]) == 0) {
                files[i].data = at;
                files[i].len = (size_t)((stop ? stop : end) - at);
            }
        }
        at = stop ? stop + 3 : end;
    }
    if (playbook_load(files, &faults, &playbook) == 0) {
        playbook_check(playbook, files, &faults);
        answer(playbook);
        playbook_free(playbook);
    }
    buf_free(&faults);
    return 0;
}
