#include "replyd/size.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOOT_ALLOWANCE 1.5 /* cm that a last is longer than the foot */
#define BETWEEN_HALF 0.25  /* of an EU size: farther from a whole one is between two */

/* What a grown body or a garment can measure, in cm: what lies outside was mistyped or has another unit. A
 * chart for other bodies (dolls, dogs) widens it. */
static const struct size_range possible[MEASURE_COUNT] = {
    [MEASURE_BUST] = {45, 170},   [MEASURE_WAIST] = {35, 170},  [MEASURE_HIP] = {45, 190},
    [MEASURE_LENGTH] = {20, 200}, [MEASURE_SLEEVE] = {10, 100}, [MEASURE_FOOT] = {8, 36},
};

static bool has(const struct size_row *row, int measure)
{
    return !isnan(row->ranges[measure].from) || !isnan(row->ranges[measure].to);
}

static double low(const struct size_row *row, int measure)
{
    const struct size_range *range = &row->ranges[measure];
    return isnan(range->from) ? range->to : range->from;
}

static double high(const struct size_row *row, int measure)
{
    const struct size_range *range = &row->ranges[measure];
    return isnan(range->to) ? range->from : range->to;
}

static bool chart_has(const struct size_question *q, int measure)
{
    for (int i = 0; i < q->row_count; i++) {
        if (has(&q->rows[i], measure))
            return true;
    }
    return false;
}

/* Rows from small to large; a chart may list them in any order. */
struct order {
    int rows[SIZES_MAX];
    int count;
};

/* By the first measure that both rows have. */
static bool is_smaller(const struct size_row *a, const struct size_row *b)
{
    for (int m = 0; m < MEASURE_COUNT; m++) {
        if (has(a, m) && has(b, m) && low(a, m) + high(a, m) != low(b, m) + high(b, m))
            return low(a, m) + high(a, m) < low(b, m) + high(b, m);
    }
    return false;
}

static void order_rows(const struct size_question *q, struct order *order)
{
    order->count = 0;
    for (int i = 0; i < q->row_count && order->count < SIZES_MAX; i++) {
        int k = order->count++;

        for (; k > 0 && is_smaller(&q->rows[i], &q->rows[order->rows[k - 1]]); k--)
            order->rows[k] = order->rows[k - 1];
        order->rows[k] = i;
    }
}

/* Places in the order that a measure points to; beyond the ends: -1 and count. A row with a single figure
 * fits that one alone, and what lies between two figures lies in a gap. */
struct span {
    int first, last;
    bool exact; /* the rows hold it */
};

static struct span point_to(const struct size_question *q, const struct order *order, int measure, double cm)
{
    double above = measure == MEASURE_FOOT ? 0.2 : 1, below = measure == MEASURE_FOOT ? 1 : 2;
    struct span span = {INT16_MAX, -1, false};
    int under = -1, over = order->count; /* the rows on both sides of a gap */

    for (int i = 0; i < order->count; i++) {
        const struct size_row *row = &q->rows[order->rows[i]];

        if (!has(row, measure))
            continue;
        if (cm >= low(row, measure) && cm <= high(row, measure)) {
            span.first = i < span.first ? i : span.first;
            span.last = i;
            span.exact = true;
        } else if (cm > high(row, measure)) {
            under = i;
        } else if (over == order->count) {
            over = i;
        }
    }
    if (span.last >= 0)
        return span;
    if (under >= 0 && over < order->count)
        return (struct span){under, over, false};
    if (under >= 0 && cm <= high(&q->rows[order->rows[under]], measure) + above)
        return (struct span){under, under, false};
    if (over < order->count && cm >= low(&q->rows[order->rows[over]], measure) - below)
        return (struct span){over, over, false};
    return under >= 0 ? (struct span){order->count, order->count, false} : (struct span){-1, -1, false};
}

static bool is_possible(const struct size_question *q, int measure, double cm)
{
    double from = possible[measure].from, to = possible[measure].to;

    for (int i = 0; i < q->row_count; i++) {
        if (has(&q->rows[i], measure)) {
            from = fmin(from, low(&q->rows[i], measure) * 0.6);
            to = fmax(to, high(&q->rows[i], measure) * 1.5);
        }
    }
    return cm >= from && cm <= to;
}

/* The girths and the foot decide; length and sleeve do where the chart has none of these, and else beside
 * one. */
static bool decides(int measure)
{
    return measure != MEASURE_LENGTH && measure != MEASURE_SLEEVE;
}

static void add_reason(struct size_answer *answer, int measure, double cm, bool implausible)
{
    if (answer->reason_count < UNDERSTAND_MEASURES)
        answer->reasons[answer->reason_count++] = (struct size_reason){
            .measure = measure, .cm = cm, .range = {NAN, NAN}, .implausible = implausible};
}

/* --- shoe sizes --- */

static double eu_of(double cm)
{
    return (cm + FOOT_ALLOWANCE) * 1.5;
}

double size_foot(const struct size_said *said, enum size_sex sex)
{
    double size = atof(said->size), uk = size;

    sex = said->sex != SEX_UNKNOWN ? said->sex : sex;
    if (size <= 0 || sex == SEX_CHILDREN)
        return NAN;
    switch (said->system) {
    case SIZE_ANY:
    case SIZE_CN:
    case SIZE_EU:
        /* Chinese sizes are of the foot in millimetres, small ones as in Europe. */
        if (size >= 200 && size <= 330 && said->system != SIZE_EU)
            return size / 10;
        return size >= 30 && size <= 52 ? size / 1.5 - FOOT_ALLOWANCE : NAN;
    case SIZE_US:
        if (sex == SEX_UNKNOWN)
            return NAN;
        uk = size - (sex == SEX_WOMEN ? 2 : 1);
        break;
    case SIZE_UK:
        break;
    }
    return uk >= 1 && uk <= 16 ? (uk + 25) / 3 * 2.54 - FOOT_ALLOWANCE : NAN;
}

/* "EU 41" of a foot, or two where it lies between. */
static void size_by_scale(const struct size_question *q, double cm, struct size_answer *answer)
{
    double eu = eu_of(cm), whole = floor(eu), rest = eu - whole;
    bool between = rest > BETWEEN_HALF && rest < 1 - BETWEEN_HALF;
    int size = (int)(rest > BETWEEN_HALF ? whole + 1 : whole);

    answer->status = SIZE_STATUS_RECOMMENDED;
    if (q->wide_foot) {
        size += between ? 0 : 1;
        answer->wide = true;
    } else if (between) {
        answer->status = SIZE_STATUS_BETWEEN;
        snprintf(answer->scale_smaller, sizeof(answer->scale_smaller), "EU %d", size - 1);
    }
    snprintf(answer->scale, sizeof(answer->scale), "EU %d", size);
}

static void find_by_scale(const struct size_question *q, struct size_answer *answer)
{
    double foot = NAN;

    for (int i = 0; i < q->measure_count; i++) {
        if (q->measures[i].measure == MEASURE_FOOT)
            foot = q->measures[i].cm;
    }
    if (isnan(foot) && q->worn)
        foot = size_foot(q->worn, q->sex);
    if (isnan(foot)) {
        answer->status = SIZE_STATUS_NEEDS_MEASUREMENTS;
        answer->asked[MEASURE_FOOT] = true;
        return;
    }
    if (foot < possible[MEASURE_FOOT].from || foot > possible[MEASURE_FOOT].to) {
        answer->status = SIZE_STATUS_IMPLAUSIBLE;
        add_reason(answer, MEASURE_FOOT, foot, true);
        return;
    }
    add_reason(answer, MEASURE_FOOT, round(foot * 10) / 10, false);
    size_by_scale(q, foot, answer);
}

/* --- labels --- */

/* The next run of letters or of digits with a point, from `s`; returns its length, 0 at the end. */
static size_t next_part(const char **s)
{
    size_t len = 0;

    while (**s != '\0' && !isalnum((unsigned char)**s))
        (*s)++;
    if (isdigit((unsigned char)**s)) {
        while (isdigit((unsigned char)(*s)[len]) ||
               (((*s)[len] == '.' || (*s)[len] == ',') && isdigit((unsigned char)(*s)[len + 1])))
            len++;
        /* "2XL" is one, "42EU" two */
        if (len == 1 && toupper((unsigned char)(*s)[1]) == 'X')
            while (isalpha((unsigned char)(*s)[len]))
                len++;
    } else {
        while (isalpha((unsigned char)(*s)[len]))
            len++;
    }
    return len;
}

static bool is_system(const char *s, size_t len)
{
    static const char *const systems[] = {"EU", "EUR", "US", "UK", "CN", "SIZE"};

    for (size_t i = 0; i < sizeof(systems) / sizeof(*systems); i++) {
        if (strlen(systems[i]) == len && strncasecmp(systems[i], s, len) == 0)
            return true;
    }
    return false;
}

struct label {
    const char *system, *size;
    size_t system_len, size_len;
};

static bool read_label(const char **s, struct label *label)
{
    size_t len;

    for (*label = (struct label){0}; (len = next_part(s)) > 0; *s += len) {
        if (is_system(*s, len)) {
            if (label->size)
                return true;
            label->system = strncasecmp(*s, "size", len) == 0 ? label->system : *s;
            label->system_len = label->system == *s ? 2 : label->system_len;
        } else {
            label->size = *s;
            label->size_len = len;
            *s += len;
            return true;
        }
    }
    return label->size != NULL;
}

bool size_same(const char *label, const char *size)
{
    struct label wanted, part = {0};
    const char *system = NULL;

    if (!label || !size || !read_label(&size, &wanted))
        return false;
    while (read_label(&label, &part)) {
        system = part.system;
        if (part.size_len == wanted.size_len && strncasecmp(part.size, wanted.size, part.size_len) == 0 &&
            (!system || !wanted.system || strncasecmp(system, wanted.system, 2) == 0))
            return true;
        part = (struct label){0};
    }
    return false;
}

/* --- by the chart --- */

static int same_row(const struct size_question *q, const struct order *order)
{
    for (int i = 0; q->worn && i < order->count; i++) {
        if (size_same(q->rows[order->rows[i]].size, q->worn->text))
            return i;
    }
    return -1;
}

static void tell(const struct size_question *q, const struct order *order, struct span span,
                 struct size_answer *answer)
{
    bool foot = chart_has(q, MEASURE_FOOT);

    answer->status = SIZE_STATUS_RECOMMENDED;
    if (span.last != span.first && !(foot && q->wide_foot)) {
        answer->status = SIZE_STATUS_BETWEEN;
        answer->smaller = order->rows[span.first];
    } else if (foot && q->wide_foot) {
        if (span.last == span.first && span.last + 1 < order->count)
            span.last++, answer->wide = true;
        else
            answer->wide = span.last != span.first;
    }
    answer->row = order->rows[span.last];
}

static void find_by_chart(const struct size_question *q, struct size_answer *answer)
{
    struct order order;
    struct span all = {INT16_MAX, -2, false}, shared = {0, INT16_MAX, true};
    bool decisive = false, girths = false, too_large = false, too_small = true, implausible = false;

    order_rows(q, &order);
    for (int m = 0; m < MEASURE_COUNT; m++) {
        answer->asked[m] = chart_has(q, m);
        girths |= answer->asked[m] && decides(m);
    }
    for (int i = 0; i < q->measure_count; i++) {
        int measure = q->measures[i].measure;
        double cm = q->measures[i].cm;
        struct span span;

        if (!answer->asked[measure]) /* not in the chart, or given before */
            continue;
        answer->asked[measure] = false;
        add_reason(answer, measure, cm, !is_possible(q, measure, cm));
        if (!is_possible(q, measure, cm)) {
            implausible = true;
            continue;
        }
        span = point_to(q, &order, measure, cm);
        decisive |= decides(measure) || !girths;
        too_large |= span.last == order.count;
        too_small &= span.last < 0;
        span.first = span.first < 0 ? 0 : span.first;
        span.last = span.last < 0 ? 0 : span.last;
        all.first = span.first < all.first ? span.first : all.first;
        all.last = span.last > all.last ? span.last : all.last;
        shared.first = span.first > shared.first ? span.first : shared.first;
        shared.last = span.last < shared.last ? span.last : shared.last;
        shared.exact &= span.exact;
    }
    /* Where ranges touch, 90 is of M and of L; what the other measures agree on decides. */
    if (decisive && shared.exact && shared.first <= shared.last)
        all = shared;
    if (implausible) {
        answer->status = SIZE_STATUS_IMPLAUSIBLE;
        return;
    }
    if (!decisive) {
        double foot = q->worn && chart_has(q, MEASURE_FOOT) ? size_foot(q->worn, q->sex) : NAN;
        int row = same_row(q, &order);

        if (row >= 0 && q->worn->wears && chart_has(q, MEASURE_FOOT)) {
            all = (struct span){row, row, true};
            decisive = true;
        } else if (!isnan(foot)) {
            foot = round(foot * 10) / 10;
            all = point_to(q, &order, MEASURE_FOOT, foot);
            add_reason(answer, MEASURE_FOOT, foot, false);
            too_large = all.last == order.count;
            too_small = all.last < 0;
            decisive = true;
        }
        if (decisive)
            answer->asked[MEASURE_FOOT] = false;
        if (row >= 0 && decisive)
            too_small = too_large = false;
    }
    if (!decisive) {
        answer->status = SIZE_STATUS_NEEDS_MEASUREMENTS;
        return;
    }
    if (too_large || too_small) {
        answer->status = SIZE_STATUS_NONE_FITS;
        answer->row = order.rows[too_large ? order.count - 1 : 0];
    } else {
        tell(q, &order, all, answer);
    }
}

void size_find(const struct size_question *q, struct size_answer *ret_answer)
{
    *ret_answer = (struct size_answer){.status = -1, .row = -1, .smaller = -1};
    for (int m = 0; m < MEASURE_COUNT; m++) {
        if (chart_has(q, m)) {
            find_by_chart(q, ret_answer);
            break;
        }
        if (m + 1 == MEASURE_COUNT && q->shoes)
            find_by_scale(q, ret_answer);
    }
    for (int i = 0; i < ret_answer->reason_count; i++) {
        if (ret_answer->row >= 0)
            ret_answer->reasons[i].range = q->rows[ret_answer->row].ranges[ret_answer->reasons[i].measure];
    }
}
