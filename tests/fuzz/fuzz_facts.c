/* Input: the facts of a case as JSON. What is taken reads back the same, and every issue can be answered on
 * it. */
#include "fuzz.h"
#include "replyd/suggest.h"

#include <stdlib.h>
#include <string.h>

static struct playbook *playbook;
static struct compose_context *context;

static void write_facts(struct arena *arena, const json_t *json, struct buf *out)
{
    struct facts facts;
    char error[200];

    facts_init(&facts, arena);
    if (facts_read(&facts, json, error) < 0)
        abort();
    facts_write(&facts, out);
}

static void answer_all(struct facts *facts, struct arena *arena)
{
    struct buf subject = {0}, text = {0};

    diagnose(playbook, facts, arena);
    for (int i = 0; i < playbook->issue_count; i++) {
        const struct issue_rule *issue = &playbook->issues[i];
        struct resolution resolution;

        resolve(issue, facts, 0, arena, &resolution);
        buf_truncate(&subject, 0);
        buf_truncate(&text, 0);
        compose_draft(context, playbook_draft(issue, "en"), facts, NULL, &subject, &text);
        if (strchr(buf_text(&subject), '\n') || strstr(buf_text(&text), "{{"))
            abort();
        compose_reason(context, issue->reason, facts, -1, -1, &text);
    }
    buf_free(&subject);
    buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct facts facts;
    struct buf first = {0}, second = {0};
    char error[200];
    json_t *json = json_loadb((const char *)data, size, 0, NULL), *again;

    if (!playbook) {
        if (playbook_load(playbook_embedded, &first, &playbook) < 0)
            abort();
        context = compose_context_new();
    }
    facts_init(&facts, &arena);
    if (json && facts_read(&facts, json, error) == 0) {
        facts_write(&facts, &first);
        again = json_loadb(first.data, first.len, 0, NULL);
        write_facts(&arena, again, &second);
        if (strcmp(first.data, second.data) != 0)
            abort();
        json_decref(again);
        answer_all(&facts, &arena);
    }
    json_decref(json);
    buf_free(&first);
    buf_free(&second);
    arena_free(&arena);
    return 0;
}
