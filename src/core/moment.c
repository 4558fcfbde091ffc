#include "replyd/moment.h"

#include <stdio.h>
#include <time.h>

#define YEAR_MIN 1900
#define YEAR_MAX 2199
#define DAY_SECONDS 86400

moment_t moment_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (moment_t)now.tv_sec * MOMENT_SECOND + now.tv_nsec / 1000;
}

/* Rounds towards minus infinity, so that moments before 1970 fall on the right day. */
static int64_t floor_div(int64_t value, int64_t by)
{
    int64_t quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

/* Both conversions count in eras of 400 years that begin in March, so that the leap day is the last of its
 * year. */
day_t day_from_civil(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (day_t)(era * 146097 + day_of_era - 719468);
}

void day_to_civil(day_t day, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t z = (int64_t)day + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    *ret_year = (int)(year_of_era + era * 400) + (month <= 2);
    *ret_month = month;
    *ret_day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Exactly `count` ASCII digits, or -1. */
static int read_digits(const char *s, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        value = value * 10 + (s[i] - '0');
    }
    return value;
}

int day_parse(const char *s, size_t len, day_t *ret_day)
{
    if (len != 10 || s[4] != '-' || s[7] != '-')
        return -1;
    int year = read_digits(s, 4), month = read_digits(s + 5, 2), day = read_digits(s + 8, 2);
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month))
        return -1;
    *ret_day = day_from_civil(year, month, day);
    return 0;
}

/* "Z", "+01:00": the minutes to take off for UTC. */
static int parse_offset(const char *s, size_t len, int *ret_minutes)
{
    if (len == 1 && (s[0] == 'Z' || s[0] == 'z')) {
        *ret_minutes = 0;
        return 0;
    }
    if (len != 6 || (s[0] != '+' && s[0] != '-') || s[3] != ':')
        return -1;
    int hours = read_digits(s + 1, 2), minutes = read_digits(s + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return -1;
    *ret_minutes = (s[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
    return 0;
}

/* ".123456789": at most nine digits, cut to micro. Returns the bytes read, 0 without a fraction, or -1. */
static int parse_fraction(const char *s, size_t len, int *ret_micros)
{
    *ret_micros = 0;
    if (len == 0 || s[0] != '.')
        return 0;
    int digits = 0, unit = 100000;
    while ((size_t)digits + 1 < len && s[digits + 1] >= '0' && s[digits + 1] <= '9') {
        *ret_micros += (s[digits + 1] - '0') * unit;
        unit /= 10;
        digits++;
    }
    return digits >= 1 && digits <= 9 ? digits + 1 : -1;
}

int moment_parse(const char *s, size_t len, moment_t *ret_moment)
{
    day_t day;
    if (len < 20 || day_parse(s, 10, &day) < 0 || (s[10] != 'T' && s[10] != 't') || s[13] != ':' ||
        s[16] != ':')
        return -1;
    int hour = read_digits(s + 11, 2), minute = read_digits(s + 14, 2), second = read_digits(s + 17, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return -1;
    int micros, offset;
    int fraction = parse_fraction(s + 19, len - 19, &micros);
    if (fraction < 0 || parse_offset(s + 19 + fraction, len - 19 - (size_t)fraction, &offset) < 0)
        return -1;

    int64_t seconds = (int64_t)day * DAY_SECONDS + hour * 3600 + minute * 60 + second - offset * 60;
    /* A leap second ends a UTC day; like PostgreSQL's it counts as the next one. */
    if (second == 60 && floor_div(seconds, DAY_SECONDS) * DAY_SECONDS != seconds)
        return -1;
    if (seconds < (int64_t)day_from_civil(YEAR_MIN, 1, 1) * DAY_SECONDS ||
        seconds >= (int64_t)day_from_civil(YEAR_MAX + 1, 1, 1) * DAY_SECONDS)
        return -1;
    *ret_moment = seconds * MOMENT_SECOND + micros;
    return 0;
}

/* Writes `value` in `width` digits, with zeros in front. Returns what comes behind. */
static char *put_digits(char *out, int value, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + width;
}

static char *put_date(char *out, int year, int month, int day)
{
    out = put_digits(out, year, 4);
    *out++ = '-';
    out = put_digits(out, month, 2);
    *out++ = '-';
    return put_digits(out, day, 2);
}

char *moment_format(moment_t moment, char out[static MOMENT_TEXT])
{
    int year, month, day;
    day_to_civil(moment_day(moment), &year, &month, &day);
    int64_t seconds = floor_div(moment, MOMENT_SECOND);
    int micros = (int)((moment % MOMENT_SECOND + MOMENT_SECOND) % MOMENT_SECOND);
    int clock = (int)(seconds - floor_div(seconds, DAY_SECONDS) * DAY_SECONDS);

    char *at = put_date(out, year, month, day);
    *at++ = 'T';
    at = put_digits(at, clock / 3600, 2);
    *at++ = ':';
    at = put_digits(at, clock / 60 % 60, 2);
    *at++ = ':';
    at = put_digits(at, clock % 60, 2);
    if (micros != 0) {
        *at++ = '.';
        at = put_digits(at, micros, 6);
        while (at[-1] == '0')
            at--;
    }
    at[0] = 'Z';
    at[1] = '\0';
    return out;
}

char *day_format(day_t day, char out[static 16])
{
    int year, month, day_of_month;
    day_to_civil(day, &year, &month, &day_of_month);
    *put_date(out, year, month, day_of_month) = '\0';
    return out;
}

day_t moment_day(moment_t moment)
{
    return (day_t)floor_div(moment, MOMENT_DAY);
}

moment_t day_start(day_t day)
{
    return day * MOMENT_DAY;
}

moment_t day_end(day_t day)
{
    return day_start(day) + MOMENT_DAY - MOMENT_SECOND;
}
