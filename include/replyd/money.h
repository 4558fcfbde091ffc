/* money.h - amounts in whole minor units beside their currency; never a double on the way in or out. */
#ifndef REPLYD_MONEY_H
#define REPLYD_MONEY_H

#include "replyd/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct money {
    int64_t minor;    /* of `currency`: cents, yen, fils */
    char currency[4]; /* ISO 4217; "" : no money at all */
};

/* Amounts beyond this are refused: it keeps every sum exact in a double. */
#define MONEY_MINOR_MAX INT64_C(1000000000000)

/* Digits behind the point (ISO 4217: USD 2, JPY 0, KWD 3), or -1 for what is no currency of a country. */
int money_digits(const char *currency);

/* Reads a decimal string ("12.5", "-3", "1999"). 0, or -1: not a number, more digits than the currency has
 * (zeros behind them are fine), out of range. */
int money_parse(const char *amount, const char *currency, int64_t *ret_minor);

/* "12.50" for 1250 USD, "300" for 300 JPY */
char *money_format(int64_t minor, const char *currency, char out[static 32]);

/* {"amount":"12.50","currency":"USD"} */
void money_write(int64_t minor, const char *currency, struct buf *out);

/* An amount in another currency, rounded half away from zero to a whole minor unit of it. A rate is a decimal
 * string above 0: what one unit of its currency is worth in a third one, "1" for that one itself; NULL is
 * unknown. 0, or -1: a rate is unknown or no number, a currency too, or the amount is out of range. */
int money_convert(int64_t minor, const char *from, const char *from_rate, const char *to, const char *to_rate,
                  int64_t *ret_minor);

/* `percent` of an amount, rounded half away from zero to a whole minor unit. */
int64_t money_percent(int64_t minor, double percent);

#endif
