/* Input: the body of a rule or of a draft, as a shop puts it, whichever of the two it is taken for; what is
 * accepted is shown as a preview, and kept with the shop's other words. */
#include "fuzz.h"
#include "replyd/suggest.h"

#include <stdlib.h>

static struct playbook *shipped;
static struct compose_context *context;

static void show(const struct playbook *playbook)
{
    static struct suggestion suggestion;
    struct arena arena = {0};
    struct shop shop = {.code = "demo", .name = "Demo"};
    struct request request = {.trigger = -1};

    policy_defaults(&shop.policy);
    suggest_preview(playbook, context, &shop, &request, NULL, playbook_issue(playbook, "overdue_tracked"),
                    "en", &arena, &suggestion);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct buf loading = {0};
    struct faults faults;
    json_t *body;

    if (!shipped && playbook_load(playbook_embedded, &loading, &shipped) < 0)
        abort();
    if (!context)
        context = compose_context_new();
    faults_init(&faults, &arena);
    body = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    for (int draft = 0; body && draft < 2; draft++) {
        const struct own_words words = {"overdue_tracked", draft ? "en" : NULL, body},
                               both[] = {words, {"overdue_tracked", draft ? NULL : "en", body}};
        struct playbook *tried, *kept;

        if (playbook_try_own(shipped, shipped, &words, &faults, &tried) == 0) {
            show(tried);
            playbook_free(tried);
        }
        kept = playbook_own(shipped, both, 2, &faults);
        show(kept);
        playbook_free(kept);
    }
    json_decref(body);
    arena_free(&arena);
    return 0;
}
