/* moment.h - points in time and calendar days, UTC, without the C library's locale or time zone.
 *
 * A moment is whole microseconds since 1970-01-01T00:00:00Z (PostgreSQL's precision), a day is whole days
 * since then. */
#ifndef REPLYD_MOMENT_H
#define REPLYD_MOMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t moment_t;
typedef int32_t day_t;

#define MOMENT_NONE INT64_MIN
#define MOMENT_SECOND INT64_C(1000000)
#define MOMENT_HOUR (3600 * MOMENT_SECOND)
#define MOMENT_DAY (24 * MOMENT_HOUR)

/* The longest text moment_format() writes, with its NUL: 2026-03-02T09:14:00.123456Z */
#define MOMENT_TEXT 32

/* The clock. Pure steps never call it. */
moment_t moment_now(void);

/* Reads RFC 3339, any offset, up to nine digits of a second (cut to micro), years 1900 to 2199. 0 or -1. */
int moment_parse(const char *s, size_t len, moment_t *ret_moment);

/* Writes RFC 3339 in UTC, with a fraction only where there is one. Returns `out`. */
char *moment_format(moment_t moment, char out[static MOMENT_TEXT]);

/* Reads YYYY-MM-DD, a day that exists, years 1900 to 2199. 0 or -1. */
int day_parse(const char *s, size_t len, day_t *ret_day);
char *day_format(day_t day, char out[static 16]);

day_t moment_day(moment_t moment); /* the UTC day, also before 1970 */
moment_t day_start(day_t day);
moment_t day_end(day_t day); /* the last second of the day, 23:59:59 */

day_t day_from_civil(int year, int month, int day);
void day_to_civil(day_t day, int *ret_year, int *ret_month, int *ret_day);

#endif
