/* `replyd check`: what a playbook may have and load, but its reviewer must know. */
#include "replyd/playbook.h"

#include <string.h>

struct report {
    const struct playbook *playbook;
    const struct playbook_file *files;
    struct buf *out;
    int faults;
};

static void check_drafts(struct report *report)
{
    for (int i = 0; i < report->playbook->issue_count; i++) {
        const struct issue_rule *issue = &report->playbook->issues[i];

        for (const char *const *language = report->playbook->languages; *language; language++) {
            if (playbook_draft(issue, *language))
                continue;
            buf_addf(
                report->out,
                "issues/%s/%s.mustache: is missing: playbook.json says that every issue has a draft in %s\n",
                issue->code, *language, *language);
            report->faults++;
        }
    }
}

static bool is_underlying(const struct playbook *playbook, const struct issue_rule *issue)
{
    for (int i = 0; i < playbook->issue_count; i++) {
        for (int u = 0; u < playbook->issues[i].underlying_count; u++) {
            if (playbook->issues[i].underlying[u].issue == issue)
                return true;
        }
    }
    return false;
}

/* Does `earlier` take everything that `issue` could? */
static bool shadows(const struct issue_rule *earlier, const struct issue_rule *issue)
{
    return !earlier->when && *earlier->requires < 0 && (earlier->unsure || !issue->unsure) &&
           (issue->intents & ~earlier->intents) == 0 && (issue->triggers & ~earlier->triggers) == 0;
}

static void check_reach(struct report *report)
{
    for (int i = 0; i < report->playbook->issue_count; i++) {
        const struct issue_rule *issue = &report->playbook->issues[i];

        if (!issue->intents && !issue->triggers && !is_underlying(report->playbook, issue)) {
            buf_addf(report->out,
                     "issues/%s/rule.json: names neither \"intents\" nor \"triggers\": it is never reached\n",
                     issue->code);
            report->faults++;
        }
        for (int j = 0; j < i && (issue->intents || issue->triggers); j++) {
            if (!shadows(&report->playbook->issues[j], issue))
                continue;
            buf_addf(report->out,
                     "issues/%s/rule.json: is never reached: %s comes earlier in order.txt and takes all\n",
                     issue->code, report->playbook->issues[j].code);
            report->faults++;
            break;
        }
    }
}

static bool is_code(const struct playbook *playbook, const char *code, size_t len)
{
    for (int i = 0; i < playbook->issue_count; i++) {
        if (strncmp(playbook->issues[i].code, code, len) == 0 && playbook->issues[i].code[len] == '\0')
            return true;
    }
    return false;
}

/* A file in an issue's folder that no step reads is a slip in its name. */
static void check_files(struct report *report)
{
    for (const struct playbook_file *file = report->files; file->path; file++) {
        const char *name = strrchr(file->path, '/'), *code = file->path + 7;
        size_t len;

        if (strncmp(file->path, "issues/", 7) != 0 || !name)
            continue;
        len = strlen(name);
        if (is_code(report->playbook, code, (size_t)(name - code)) &&
            (strcmp(name, "/rule.json") == 0 || (len > 9 && strcmp(name + len - 9, ".mustache") == 0)))
            continue;
        buf_addf(report->out, "%s: belongs to nothing: an issue has rule.json and <language>.mustache\n",
                 file->path);
        report->faults++;
    }
}

static void note_uncovered(struct report *report, const char *what, const char *const *words, size_t offset)
{
    uint64_t all = 0;

    for (int word = 0; words[word]; word++)
        all |= UINT64_C(1) << word;
    for (int word = 0; words[word]; word++) {
        bool taken = false;

        for (int i = 0; i < report->playbook->issue_count - 1; i++) { /* without the fallback */
            const struct issue_rule *issue = &report->playbook->issues[i];
            const uint64_t *mask = (const uint64_t *)((const char *)issue + offset);

            /* A rule for "any" is about something else than the intent. */
            taken |= (*mask >> word & 1) && *mask != all;
        }
        if (!taken)
            buf_addf(report->out, "note: %s %s falls to %s\n", what, words[word],
                     report->playbook->issues[report->playbook->issue_count - 1].code);
    }
}

/* A follow-up that no issue answers would never be told of. */
static void check_followups(struct report *report)
{
    const struct playbook *playbook = report->playbook;

    for (int i = 0; i < playbook->followup_count; i++) {
        bool taken = false;

        for (int k = 0; k < playbook->issue_count; k++) {
            uint64_t triggers = playbook->issues[k].triggers;

            taken |= (triggers >> playbook->followups[i].trigger & 1) &&
                     triggers != (UINT64_C(1) << TRIGGER_COUNT) - 1; /* "any" is about something else */
        }
        if (taken)
            continue;
        buf_addf(report->out, "followups.json: followups[%d]: no issue takes the trigger \"%s\"\n", i,
                 words_trigger[playbook->followups[i].trigger]);
        report->faults++;
    }
}

int playbook_check(const struct playbook *playbook, const struct playbook_file *files, struct buf *out)
{
    struct report report = {.playbook = playbook, .files = files, .out = out};

    check_drafts(&report);
    check_reach(&report);
    check_files(&report);
    check_followups(&report);
    note_uncovered(&report, "intent", words_intent, offsetof(struct issue_rule, intents));
    note_uncovered(&report, "trigger", words_trigger, offsetof(struct issue_rule, triggers));
    return report.faults;
}
