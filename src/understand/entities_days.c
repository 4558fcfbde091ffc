/* Days: dates, and what the writer needs it by. */
#include "scan.h"

#define SENTENCE_MOST 40u /* words */

#include <stdlib.h>

/* 1 to 12, or 0 */
static int month_of(const struct word *word)
{
    return word_on(word, ON_MONTH) ? word->value : 0;
}

/* Monday is 0; -1: none */
static int weekday_of(const struct word *word)
{
    return word_on(word, ON_WEEKDAY) ? word->value : -1;
}

/* 1970-01-01 was a Thursday. */
static int weekday(day_t day)
{
    return (int)((day % 7 + 7 + 3) % 7);
}

/* "20", "20th": 1 to 31, or 0 */
static int day_number(const struct word *word)
{
    size_t digits = strspn(word->lower, "0123456789");
    const char *behind = word->lower + digits;
    if (digits < 1 || digits > 2 ||
        (*behind != '\0' && strcmp(behind, "th") != 0 && strcmp(behind, "st") != 0 &&
         strcmp(behind, "nd") != 0 && strcmp(behind, "rd") != 0))
        return 0;
    int day = atoi(word->lower);
    return day >= 1 && day <= 31 ? day : 0;
}

static int make_day(int year, int month, int day, day_t *ret_day)
{
    char text[24];
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31)
        return -1;
    day_t made = day_from_civil(year, month, day);
    return day_parse(day_format(made, text), 10, ret_day) == 0 &&
                   day_from_civil(year, month, 1) + day - 1 == made && month == atoi(text + 5)
               ? 0
               : -1;
}

/* The day of that name nearest to today, when no year is given. */
static int nearest_day(const struct scan *scan, int month, int day, day_t *ret_day)
{
    int year, this_month, this_day, result = -1;
    day_to_civil(scan->today, &year, &this_month, &this_day);
    for (int y = year - 1; y <= year + 1; y++) {
        day_t candidate;
        if (make_day(y, month, day, &candidate) == 0 &&
            (result < 0 || abs(candidate - scan->today) < abs(*ret_day - scan->today))) {
            *ret_day = candidate;
            result = 0;
        }
    }
    return result;
}

/* "2026-02-20", "20.02.2026", "20/02/2026": one word. Slashes only where the day cannot be the month. */
static int read_numeric_date(const struct word *word, day_t *ret_day)
{
    int parts[3] = {0}, count = 0, width[3] = {0};
    char sign = '\0';
    for (uint32_t i = 0; i < word->len; i++) {
        char c = word->s[i];
        if (is_digit(c)) {
            parts[count] = parts[count] * 10 + (c - '0');
            if (++width[count] > 4)
                return -1;
        } else if (strchr("-/.", c) == NULL || (sign != '\0' && c != sign) || ++count > 2) {
            return -1;
        } else {
            sign = c;
        }
    }
    if (count != 2 || width[1] > 2 || width[1] == 0)
        return -1;
    if (width[0] == 4)
        return width[2] <= 2 ? make_day(parts[0], parts[1], parts[2], ret_day) : -1;
    if (width[0] > 2 || (width[2] != 4 && width[2] != 2))
        return -1;
    int year = width[2] == 2 ? 2000 + parts[2] : parts[2], day = parts[0], month = parts[1];
    if (sign == '.' || day > 12 || day == month)
        return make_day(year, month, day, ret_day);
    return month > 12 ? make_day(year, day, month, ret_day) : -1;
}

/* "20 Feb 2026", "20th of February", "Feb 20th, 2026" */
static size_t read_named_date(const struct scan *scan, size_t i, day_t *ret_day)
{
    const struct word *first = word_at(scan, i);
    size_t used = i + 1;
    int day = day_number(first), month;
    if (day > 0) {
        used += word_is(word_at(scan, used), "of");
        month = month_of(word_at(scan, used++));
    } else {
        month = month_of(first);
        used += word_is(word_at(scan, used), "the");
        day = day_number(word_at(scan, used++));
    }
    if (month == 0 || day == 0)
        return 0;
    /* "may 20 people" has no number with an end; a month in small letters that is a word needs one. */
    used += word_is(word_at(scan, used), "of") && number_of(word_at(scan, used + 1)) >= 1900; /* "de 2026" */
    int64_t year = number_of(word_at(scan, used));
    if (year >= 1900 && year <= 2199 && make_day((int)year, month, day, ret_day) == 0)
        return used + 1 - i;
    return nearest_day(scan, month, day, ret_day) == 0 ? used - i : 0;
}

/* "2026\u5e742\u670820\u65e5", "2\uc6d4 20\uc77c": the glossaries' words for what stands behind a number */
static size_t read_counted_date(const struct scan *scan, size_t i, day_t *ret_day)
{
    int64_t year = word_is(word_at(scan, i + 1), "_year") ? number_of(word_at(scan, i)) : -1;
    size_t at = year >= 1900 && year <= 2199 ? i + 2 : i;
    int64_t month = word_is(word_at(scan, at + 1), "_month") ? number_of(word_at(scan, at)) : -1;
    int64_t day = word_is(word_at(scan, at + 3), "_day") ? number_of(word_at(scan, at + 2)) : -1;

    if (month < 1 || month > 12 || day < 1 || day > 31)
        return 0;
    if (at > i)
        return make_day((int)year, (int)month, (int)day, ret_day) == 0 ? 6 : 0;
    return nearest_day(scan, (int)month, (int)day, ret_day) == 0 ? 4 : 0;
}

/* "yesterday", "last Monday", "next Friday"; other languages say "Friday next" */
static size_t read_relative_day(const struct scan *scan, size_t i, day_t *ret_day)
{
    const struct word *word = word_at(scan, i);
    if (word_on(word, ON_NEAR_DAY)) {
        *ret_day = scan->today + word->value - 10;
        return 1;
    }
    int day = weekday_of(word_at(scan, i + 1));
    if (weekday_of(word) >= 0 && !word->ends_sentence &&
        word_listed(word_at(scan, i + 1), WORDS(" next last coming ")) &&
        !word_is(word_at(scan, i + 2), "week")) {
        day = weekday_of(word);
        word = word_at(scan, i + 1);
    }
    if (day < 0 || word_at(scan, i)->ends_sentence || !word_on(word, ON_WHICH_DAY))
        return 0;
    int ahead = (day - weekday(scan->today) + 7) % 7;
    if (word_is(word, "last"))
        *ret_day = scan->today - (ahead == 0 ? 7 : 7 - ahead);
    else
        *ret_day = scan->today + (ahead == 0 && !word_is(word, "this") ? 7 : ahead);
    return 2;
}

/* "Christmas": the next one. */
static size_t read_feast(const struct scan *scan, size_t i, day_t *ret_day)
{
    size_t used;
    const char *feast = phrase_at(scan, i, PHRASE_FEAST, &used);
    int year, month, day;

    if (feast == NULL)
        return 0;
    day_to_civil(scan->today, &year, &month, &day);
    if (make_day(year, atoi(feast), atoi(feast + 3), ret_day) == 0 && *ret_day < scan->today &&
        make_day(year + 1, atoi(feast), atoi(feast + 3), ret_day) < 0)
        return 0;
    return used;
}

/* A day named at word i: the words that it takes, or 0. */
static size_t read_day(const struct scan *scan, size_t i, day_t *ret_day)
{
    size_t used = read_numeric_date(word_at(scan, i), ret_day) == 0 ? 1 : 0;
    used = used > 0 ? used : read_counted_date(scan, i, ret_day);
    used = used > 0 ? used : read_named_date(scan, i, ret_day);
    return used > 0 ? used : read_relative_day(scan, i, ret_day);
}

void find_dates(struct scan *scan)
{
    struct entities *found = scan->found;
    for (size_t i = 0; i < scan->count; i++) {
        day_t day;
        size_t used = scan->words[i].taken ? 0 : read_day(scan, i, &day);
        if (used == 0)
            continue;
        take(scan, i, used);
        bool again = false;
        for (int k = 0; k < found->date_count; k++)
            again |= found->dates[k] == day;
        if (!again && found->date_count < UNDERSTAND_NUMBERS)
            found->dates[found->date_count++] = day;
    }
}

int64_t read_span(const struct scan *scan, size_t i, size_t *ret_used)
{
    const struct word *number = word_at(scan, i), *unit = word_at(scan, i + 1);
    int64_t count = count_of(number);
    *ret_used = 2;
    if (count >= 0 && word_on(unit, ON_KIND_OF_DAY)) {
        unit = word_at(scan, i + 2);
        *ret_used = 3;
    }
    if (count < 0 && number->digits > 0 && number->digits < number->len) { /* "48h" */
        const char *behind = number->lower + strspn(number->lower, "0123456789");

        count = atoi(number->lower);
        if (strcmp(behind, "h") == 0 || strcmp(behind, "hrs") == 0) {
            *ret_used = 1;
            return (count + 23) / 24;
        }
        return -1;
    }
    if (count < 0 || count > FAR_AWAY)
        return -1;
    if (!word_on(unit, ON_SPAN))
        return -1;
    return unit->value > 0 ? count * unit->value : (count + 23) / 24;
}

static void add_deadline(struct scan *scan, int64_t days)
{
    struct entities *found = scan->found;
    if (days >= 0 && days <= FAR_AWAY && (found->deadline_days < 0 || days < found->deadline_days))
        found->deadline_days = days;
}

/* The next day of that number: of this month, or of the one that comes. */
static int64_t until_day_of_month(const struct scan *scan, int number)
{
    int year, month, today;
    day_t day;

    day_to_civil(scan->today, &year, &month, &today);
    month += number < today;
    return make_day(year + (month > 12), (month - 1) % 12 + 1, number, &day) == 0 ? day - scan->today : -1;
}

/* "before Friday", "by 5 March", "by the end of the week": days from today, or -1 */
static int64_t read_until(const struct scan *scan, size_t i)
{
    day_t day;
    i += word_on(word_at(scan, i), ON_ARTICLE);
    if (read_day(scan, i, &day) > 0 || read_feast(scan, i, &day) > 0)
        return day - scan->today;
    int named = weekday_of(word_at(scan, i));
    if (named >= 0 && word_is(word_at(scan, i + 1), "next") && word_is(word_at(scan, i + 2), "week"))
        return 7 - weekday(scan->today) + named;
    if (named >= 0)
        return (named - weekday(scan->today) + 7) % 7;
    int number = day_number(word_at(scan, i));
    if (number > 0 &&
        (!all_digits(word_at(scan, i)) || word_is(word_at(scan, i + 1), "_day"))) /* "by the 5th" */
        return until_day_of_month(scan, number);
    if (word_is(word_at(scan, i), "end") && word_is(word_at(scan, i + 1), "of")) {
        i += 2;
        i += word_on(word_at(scan, i), ON_ARTICLE);
        if (word_is(word_at(scan, i), "week"))
            return 6 - weekday(scan->today);
        if (word_is(word_at(scan, i), "day"))
            return 0;
        int month = month_of(word_at(scan, i)), year, this_month, today;
        bool this_one = word_is(word_at(scan, i), "month");
        day_to_civil(scan->today, &year, &this_month, &today);
        if (this_one || month > 0) {
            month = this_one ? this_month : month;
            year += month < this_month;
            return day_from_civil(year + month / 12, month % 12 + 1, 1) - 1 - scan->today;
        }
    }
    return -1;
}

/* A day that is told without "by": "on the 5th of May", "5 May", "next Friday", "Christmas"; -1: none. */
static int64_t read_needed_day(const struct scan *scan, size_t i)
{
    const struct word *before = i > 0 ? &scan->words[i - 1] : word_at(scan, scan->count);
    bool on =
        word_listed(before, WORDS(" on for in ")) ||
        (i > 1 && word_on(before, ON_ARTICLE) && word_listed(&scan->words[i - 2], WORDS(" on for in ")));
    day_t day;

    if (read_day(scan, i, &day) > 0 || read_feast(scan, i, &day) > 0)
        return day - scan->today;
    if (on && !word_listed(before, WORDS(" in ")) && weekday_of(&scan->words[i]) >= 0)
        return (weekday_of(&scan->words[i]) - weekday(scan->today) + 7) % 7;
    if (on && day_number(&scan->words[i]) > 0 && !all_digits(&scan->words[i])) /* "on the 5th" */
        return read_until(scan, i);
    return -1;
}

/* "I need it on 5 May", "the wedding is on Saturday", "can you deliver it in 5 days?": a day that no "by"
 * marks, in a sentence that speaks of need and not of what was. */
static void find_needs(struct scan *scan, size_t from, size_t to)
{
    size_t end, used;
    bool need = false, past = false;
    int64_t days = -1;

    for (size_t i = from; i < to && days < 0; i++) {
        if (scan->words[i].taken)
            continue;
        days = read_needed_day(scan, i);
        if (days < 0 && i > from && word_is(&scan->words[i - 1], "in"))
            days = read_span(scan, i, &used);
    }
    if (days <= 0)
        return;
    need = says(scan, SAID_NEED, from, to, &end);
    past = need && says(scan, SAID_NO_NEED, from, to, &end);
    if (need && !past)
        add_deadline(scan, days);
}

/* "no later than", "not after" */
static bool is_latest(const struct scan *scan, size_t i)
{
    const struct word *word = &scan->words[i],
                      *before = i > 0 ? &scan->words[i - 1] : word_at(scan, scan->count);

    return (word_is(word, "than") && word_is(before, "later")) || word_is(word, "latest") ||
           (word_is(word, "after") && word_is(before, "not")) ||
           (word_is(word, "for") && word_is(before, "time") && i > 1 && word_is(&scan->words[i - 2], "in"));
}

#define UNTIL_BACK 6 /* words of the longest day before "_before" */

/* A day or a span that ends right before word i, where a language says "until" and "within" behind it. */
static int64_t read_until_behind(const struct scan *scan, size_t i, bool within)
{
    for (size_t from = i > UNTIL_BACK ? i - UNTIL_BACK : 0; from < i; from++) {
        size_t used;
        day_t day;

        if (within) {
            int64_t days = read_span(scan, from, &used);
            if (days >= 0 && from + used == i)
                return days;
            continue;
        }
        used = read_day(scan, from, &day);
        used = used > 0 ? used : read_feast(scan, from, &day);
        if (used > 0 && from + used == i)
            return day - scan->today;
        bool day_of_month = from + 2 == i && word_is(word_at(scan, i - 1), "_day");
        if ((from + 1 == i && weekday_of(word_at(scan, from)) >= 0) || day_of_month)
            return read_until(scan, from);
    }
    return -1;
}

/* Runs before dates are taken: it looks at the same words. */
void find_deadlines(struct scan *scan)
{
    struct entities *found = scan->found;

    for (size_t i = 0; i < scan->count; i++) {
        const struct word *word = &scan->words[i];
        size_t used, at = i + 1;
        if (word_is(word, "within")) {
            at += word_is(word_at(scan, at), "the");
            at += word_is(word_at(scan, at), "next");
            int64_t days = read_span(scan, at, &used);
            if (days >= 0) {
                add_deadline(scan, days);
                take(scan, at, used);
            }
        } else if (word_is(word, "in") && word_is(word_at(scan, at), "the") &&
                   word_is(word_at(scan, at + 1), "next")) {
            add_deadline(scan, read_span(scan, at + 2, &used));
        } else if (word_is(word, "_within") || word_is(word, "_before")) {
            add_deadline(scan, read_until_behind(scan, i, word_is(word, "_within")));
        } else if ((word_on(word, ON_UNTIL) || is_latest(scan, i)) && !word->ends_sentence) {
            add_deadline(scan, read_until(scan, at));
        }
    }
    for (size_t i = 0, from = 0; i < scan->count && found->deadline_days < 0; i++) {
        /* A sentence without an end is read in parts. */
        if (scan->words[i].ends_sentence || i + 1 == scan->count || i - from >= SENTENCE_MOST) {
            find_needs(scan, from, i + 1);
            from = i + 1;
        }
    }
    if (found->deadline_days >= 0)
        found->deadline_on = scan->today + found->deadline_days;
}
