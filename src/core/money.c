#include "replyd/money.h"

#include <math.h>
#include <string.h>

/* ISO 4217's money of countries by minor digits: no funds, metals or test codes. ICU is not asked: it takes
 * any three letters, and CLDR's digits are those of cash (IQD 0), not those in which amounts are settled (IQD
 * 3). */
static const char none[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF ";
static const char two[] =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CNY "
    "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR "
    "ILS "
    "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MYR "
    "MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
    "SRD "
    "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG ";
static const char three[] = "BHD IQD JOD KWD LYD OMR TND ";

static bool listed(const char *list, const char *currency)
{
    for (; *list != '\0'; list += 4) {
        if (memcmp(list, currency, 3) == 0)
            return true;
    }
    return false;
}

int money_digits(const char *currency)
{
    if (strlen(currency) != 3)
        return -1;
    if (listed(two, currency))
        return 2;
    if (listed(none, currency))
        return 0;
    return listed(three, currency) ? 3 : -1;
}

int money_parse(const char *amount, const char *currency, int64_t *ret_minor)
{
    int digits = money_digits(currency);
    if (digits < 0)
        return -1;
    bool negative = *amount == '-';
    const char *s = amount + negative;
    if (*s < '0' || *s > '9')
        return -1;

    int64_t minor = 0;
    int behind = -1; /* digits behind the point; -1 before it */
    for (; *s != '\0'; s++) {
        if (*s == '.' && behind < 0 && s[1] >= '0' && s[1] <= '9') {
            behind = 0;
            continue;
        }
        if (*s < '0' || *s > '9')
            return -1;
        if (behind >= digits) {
            if (*s != '0')
                return -1;
            continue;
        }
        behind += behind >= 0;
        minor = minor * 10 + (*s - '0');
        if (minor > MONEY_MINOR_MAX)
            return -1;
    }
    for (int i = behind < 0 ? 0 : behind; i < digits; i++)
        minor *= 10;
    if (minor > MONEY_MINOR_MAX)
        return -1;
    *ret_minor = negative ? -minor : minor;
    return 0;
}

char *money_format(int64_t minor, const char *currency, char out[static 32])
{
    /* From the last digit to the first: at least one stands before the point. */
    char backwards[32];
    int digits = money_digits(currency), count = 0, len = 0;
    uint64_t left = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
    for (int i = 0; left > 0 || i <= (digits > 0 ? digits : 0); i++) {
        if (i == digits && i > 0)
            backwards[count++] = '.';
        backwards[count++] = (char)('0' + left % 10);
        left /= 10;
    }
    if (minor < 0)
        out[len++] = '-';
    while (count > 0)
        out[len++] = backwards[--count];
    out[len] = '\0';
    return out;
}

void money_write(int64_t minor, const char *currency, struct buf *out)
{
    char amount[32];
    buf_addf(out, "{\"amount\":\"%s\",\"currency\":\"%s\"}", money_format(minor, currency, amount), currency);
}

__extension__ typedef __int128 wide;

#define RATE_DIGITS 20 /* without the zeros in front; a whole amount times that fits a wide */

struct rate {
    wide digits;
    int behind; /* of them behind the point */
};

static int read_rate(const char *text, struct rate *ret_rate)
{
    struct rate rate = {0, 0};
    bool point = false;
    int count = 0;

    for (; *text != '\0'; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9')
            return -1;
        count += count > 0 || *text != '0';
        if (count > RATE_DIGITS)
            return -1;
        rate.digits = rate.digits * 10 + (*text - '0');
        rate.behind += point;
    }
    *ret_rate = rate;
    return rate.digits > 0 ? 0 : -1;
}

/* Times 10 to the power of `count`; -1 beyond what a wide holds. */
static int shift_left(wide *number, int count)
{
    for (; count > 0; count--) {
        if (__builtin_mul_overflow(*number, 10, number))
            return -1;
    }
    return 0;
}

int money_convert(int64_t minor, const char *from, const char *from_rate, const char *to, const char *to_rate,
                  int64_t *ret_minor)
{
    int from_digits = money_digits(from), to_digits = money_digits(to);
    struct rate worth, price;
    if (!from_rate || !to_rate || from_digits < 0 || to_digits < 0 || minor < -MONEY_MINOR_MAX ||
        minor > MONEY_MINOR_MAX || read_rate(from_rate, &worth) < 0 || read_rate(to_rate, &price) < 0)
        return -1;

    wide above = (minor < 0 ? -(wide)minor : minor) * worth.digits, below = price.digits;
    int shift = price.behind + to_digits - worth.behind - from_digits;
    if (shift_left(shift > 0 ? &above : &below, shift > 0 ? shift : -shift) < 0)
        return -1;
    wide whole = above / below, rest = above % below;
    whole += rest >= below - rest;
    if (whole > MONEY_MINOR_MAX)
        return -1;
    *ret_minor = (int64_t)(minor < 0 ? -whole : whole);
    return 0;
}

int64_t money_percent(int64_t minor, double percent)
{
    /* Percentages come from decimal text: counted in millionths of a percent, 33.3 % of 500 is 166.5 exactly,
     * and rounds up, which doubles would miss. */
    const int64_t scale = 1000000;
    if (!(fabs(percent) <= 1e6))
        percent = isnan(percent) ? 0 : copysign(1e6, percent);
    wide product = (wide)minor * llround(percent * (double)scale), whole = (wide)100 * scale;
    return (int64_t)((product + (product < 0 ? -whole : whole) / 2) / whole);
}
