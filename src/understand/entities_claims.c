/* What the writer says has come to pass, by the patterns of playbook/words/said: the claims that the record
 * can check, how late it is, that a picture came along. A claim that is a condition, a question or denied is
 * none. */
#include "scan.h"

#define HEARD_BACK 25u /* words: no sentence is read farther back for a condition */
#define DENIED_BACK 3u
#define SPANS_HEARD 200u /* numbers; a page of them is not read for each */

static bool match_slots(const struct scan *scan, const struct said_pattern *pattern, size_t i,
                        size_t *ret_end)
{
    /* "I don't want it to arrive late" */
    static const struct word_list wishes WORD_LIST = {
        " want need wanted know think sure care mind like hope "};
    size_t at = i + 1;

    for (int k = 1; k < pattern->slot_count; k++) {
        const struct said_slot *slot = &pattern->slots[k];
        size_t last = at + slot->gap;

        for (;; at++) {
            const struct word *word;

            if (at > last || at >= scan->count || scan->words[at - 1].ends_sentence)
                return false;
            word = &scan->words[at];
            if (word_says(word, slot->group))
                break;
            if ((!pattern->denies && word_says(word, SAID_NOT)) || word_listed(word, &wishes))
                return false;
        }
        at++;
    }
    *ret_end = at;
    return true;
}

static size_t sentence_start(const struct scan *scan, size_t i)
{
    size_t first = i > HEARD_BACK ? i - HEARD_BACK : 0;

    while (i > first && !scan->words[i - 1].ends_sentence)
        i--;
    return i;
}

static bool ends_asking(const struct scan *scan, size_t i)
{
    size_t last = i + HEARD_BACK;

    while (i + 1 < scan->count && i < last && !scan->words[i].ends_sentence)
        i++;
    return scan->words[i].s + scan->words[i].len < scan->text + scan->len &&
           scan->words[i].s[scan->words[i].len] == '?';
}

/* "if it is broken", "is it broken?", "it is not broken" */
static bool is_taken_away(const struct scan *scan, const struct said_pattern *pattern, size_t i)
{
    static const struct word_list asks WORD_LIST = {
        " is are was were has have had did does do will would can could what how when should "};
    size_t from = sentence_start(scan, i);
    bool clause = false, asked;

    for (size_t k = from; k < i; k++) {
        if (word_says(&scan->words[k], SAID_IF))
            return true;
        clause |= ends_clause(scan, k);
    }
    asked = (from < i || ends_asking(scan, i)) && !clause && word_listed(&scan->words[from], &asks) &&
            !word_says(word_at(scan, from + 1), SAID_NOT);
    if (asked)
        return true;
    for (size_t k = i; !pattern->denies && k > from && i - k < DENIED_BACK; k--) {
        if (ends_clause(scan, k - 1))
            return false;
        if (word_says(&scan->words[k - 1], SAID_NOT))
            return true;
    }
    return false;
}

/* "I have not received an answer" is no claim about the goods. */
static bool is_of_goods(const struct scan *scan, size_t i, size_t end)
{
    static const struct word_list others WORD_LIST = {
        " refund answer reply response money email mail invoice confirmation code label voucher message "
        "replies "
        "news information info update updates reimbursement reimbursed refunded anything "};

    for (size_t k = i; k < end + 4 && k < scan->count; k++) {
        if (word_listed(&scan->words[k], &others))
            return word_is(&scan->words[k], "anything");
        if (k >= end - 1 && ends_clause(scan, k))
            break;
    }
    return true;
}

bool says(const struct scan *scan, int said, size_t from, size_t to, size_t *ret_end)
{
    const struct said_pattern *pattern;

    for (size_t i = to < scan->count ? to : scan->count; i-- > from;) {
        for (size_t k = 0; (pattern = said_pattern(&scan->words[i], k)) != NULL; k++) {
            if (pattern->said == said && match_slots(scan, pattern, i, ret_end) && *ret_end <= to)
                return true;
        }
    }
    return false;
}

/* "12 days late", "late by two weeks", "it was due 5 days ago" */
static int64_t days_late(const struct scan *scan, size_t i)
{
    static const struct word_list behind WORD_LIST = {
        " late overdue delayed behind past beyond over longer "};
    static const struct word_list before WORD_LIST = {" late overdue delayed delay "};
    static const struct word_list between WORD_LIST = {
        " by for already now about over more than almost nearly of a is the "
        "around some has been least at "};
    size_t used, end, from = sentence_start(scan, i);
    int64_t days = read_span(scan, i, &used);

    if (days <= 0 || word_on(&scan->words[i], ON_NEAR_DAY))
        return -1;
    end = i + used;
    for (size_t k = end; k < end + 2 && k < scan->count && !scan->words[k - 1].ends_sentence; k++) {
        if (word_listed(&scan->words[k], &behind) && !(word_is(&scan->words[k], "over") && k > end))
            return days;
        if (word_is(&scan->words[k], "ago") && says(scan, SAID_WAS_DUE, from, i, &used))
            return days;
    }
    for (size_t k = i; k > from && i - k < 5; k--) {
        if (word_listed(&scan->words[k - 1], &before))
            return days;
        if (!word_listed(&scan->words[k - 1], &between))
            break;
    }
    return -1;
}

static void find_lateness(const struct scan *scan)
{
    for (size_t i = 0, left = SPANS_HEARD; i < scan->count && left > 0; i++) {
        int64_t days =
            word_on(&scan->words[i], ON_COUNT) || scan->words[i].digits > 0 ? days_late(scan, i) : -1;

        left -= scan->words[i].digits > 0;
        if (days > 0 && days <= FAR_AWAY && !word_says(&scan->words[i], SAID_IF)) {
            size_t from = sentence_start(scan, i);
            bool supposed = false;

            for (size_t k = from; k < i; k++)
                supposed |= word_says(&scan->words[k], SAID_IF);
            if (supposed)
                continue;
            scan->found->late_days = days > scan->found->late_days ? days : scan->found->late_days;
            scan->found->claims |= 1u << CLAIM_LATE_BY_DAYS;
        }
    }
}

void find_claims(struct scan *scan)
{
    struct entities *found = scan->found;
    uint32_t heard = 0;
    size_t end;

    for (size_t i = 0; i < scan->count; i++) {
        const struct said_pattern *pattern;

        for (size_t k = 0;
             (pattern = said_pattern(&scan->words[i], k)) != NULL && pattern->said <= SAID_PHOTO; k++) {
            if ((heard >> pattern->said & 1) == 0 && match_slots(scan, pattern, i, &end) &&
                !is_taken_away(scan, pattern, i) &&
                (pattern->said != CLAIM_NOT_RECEIVED || is_of_goods(scan, i, end)))
                heard |= 1u << pattern->said;
        }
    }
    found->claims |= heard & ((1u << CLAIM_COUNT) - 1);
    found->wide_foot = (heard >> SAID_WIDE_FOOT & 1) != 0;
    found->resale = says(scan, SAID_RESALE, 0, scan->count, &end);
    found->weighs =
        says(scan, SAID_WEIGHS, 0, scan->count, &end) && !says(scan, SAID_DIMENSIONS, 0, scan->count, &end);
    found->photo_announced = (heard >> SAID_PHOTO & 1) != 0;
    find_lateness(scan);
}
