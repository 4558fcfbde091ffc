/* Binary results of libpq as C values. */
#include "replyd/db.h"

#define PG_EPOCH (INT64_C(946684800) * MOMENT_SECOND) /* 2000-01-01 as a moment */

static const unsigned char *bytes_at(const PGresult *result, int row, int column)
{
    return (const unsigned char *)PQgetvalue(result, row, column);
}

static uint64_t read_uint(const unsigned char *bytes, int len)
{
    uint64_t value = 0;
    for (int i = 0; i < len; i++)
        value = value << 8 | bytes[i];
    return value;
}

bool row_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column);
}

const char *row_text(const PGresult *result, int row, int column)
{
    return row_null(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

const char *row_jsonb(const PGresult *result, int row, int column)
{
    return row_null(result, row, column) ? NULL
                                         : PQgetvalue(result, row, column) + 1; /* behind the version */
}

int64_t row_int8(const PGresult *result, int row, int column, int64_t if_null)
{
    return row_null(result, row, column) ? if_null : (int64_t)read_uint(bytes_at(result, row, column), 8);
}

int32_t row_int4(const PGresult *result, int row, int column, int32_t if_null)
{
    return row_null(result, row, column) ? if_null : (int32_t)read_uint(bytes_at(result, row, column), 4);
}

bool row_bool(const PGresult *result, int row, int column, bool if_null)
{
    return row_null(result, row, column) ? if_null : *bytes_at(result, row, column) != 0;
}

/* The database's infinities say as little as null. */
moment_t row_moment(const PGresult *result, int row, int column)
{
    int64_t value = row_int8(result, row, column, INT64_MIN);
    return value == INT64_MIN || value == INT64_MAX ? MOMENT_NONE : value + PG_EPOCH;
}

const unsigned char *row_uuid(const PGresult *result, int row, int column)
{
    return row_null(result, row, column) ? NULL : bytes_at(result, row, column);
}

/* The wire has digits of base 10000, the first of them worth 10000^weight. */
int64_t row_numeric(const PGresult *result, int row, int column, int digits)
{
    static const int power[] = {1, 10, 100, 1000, 10000};
    if (row_null(result, row, column))
        return INT64_MIN;
    const unsigned char *bytes = bytes_at(result, row, column);
    int count = (int)read_uint(bytes, 2);
    int weight = (int16_t)read_uint(bytes + 2, 2);
    int sign = (int)read_uint(bytes + 4, 2);
    if (sign != 0 && sign != 0x4000) /* NaN, infinities */
        return INT64_MIN;

    /* Down to the first place that reaches behind the wanted digits: only the first digit dropped rounds. */
    int64_t value = 0;
    int exponent = 4 * weight + digits; /* of ten: what the place is worth in the wanted unit */
    for (int i = 0; exponent >= -4; i++, exponent -= 4) {
        int place = i < count ? (int)read_uint(bytes + 8 + 2 * i, 2) : 0;
        int kept = exponent >= 0 ? 4 : 4 + exponent, dropped = power[4 - kept];
        if (value > (INT64_MAX - 10000) / power[kept])
            return INT64_MIN;
        value = value * power[kept] + place / dropped + (kept < 4 && place % dropped >= dropped / 2);
    }
    return sign ? -value : value;
}
