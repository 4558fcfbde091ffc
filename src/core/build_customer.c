/* What the shop's own orders say of a customer. */
#include "build.h"

#include "names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool order_is_bought(const struct case_customer_order *order)
{
    switch (order->status) {
    case ORDER_STATUS_PAID:
    case ORDER_STATUS_PACKED:
    case ORDER_STATUS_SHIPPED:
    case ORDER_STATUS_COMPLETED:
        return true;
    default:
        return false;
    }
}

static bool is_this(const struct builder *b, const struct case_customer_order *order)
{
    return b->order && order->number && strcmp(order->number, b->order->number) == 0;
}

static struct money money_of(int64_t minor, const char *currency)
{
    struct money money = {0};

    if (minor == MONEY_NONE || minor < 0 || !currency || strlen(currency) != 3)
        return money;
    money.minor = minor;
    memcpy(money.currency, currency, sizeof(money.currency));
    return money;
}

/* ---- who it is ---- */

static void set_unknown(const struct builder *b, enum fact fact, const char *text)
{
    if (!facts_known(b->facts, fact))
        facts_set_text(b->facts, fact, text);
}

/* Of the order that is told, else of the newest that says it. */
static void build_person(const struct builder *b, const struct case_customer *customer)
{
    if (!facts_known(b->facts, FACT_BUYER_NAME) && customer->name) {
        facts_set_text(b->facts, FACT_BUYER_NAME, customer->name);
        facts_set_text(b->facts, FACT_BUYER_FIRST_NAME, first_name(customer->name, b->facts->arena));
    }
    set_unknown(b, FACT_CUSTOMER_NAME, customer->name);
    set_unknown(b, FACT_CUSTOMER_COUNTRY, customer->country);
    set_unknown(b, FACT_CUSTOMER_LANGUAGE, customer->language);
    set_unknown(b, FACT_BUYER_COUNTRY, customer->country);
    set_flag(b, FACT_CUSTOMER_MARKETING_CONSENT, customer->marketing_consent);
    set_day(b, FACT_CUSTOMER_BIRTHDAY, customer->birthday);
}

/* ---- what was bought ---- */

static int compare_days(const void *a, const void *b)
{
    const int64_t *one = a, *two = b;

    return (*one > *two) - (*one < *two);
}

/* The median of the days between two purchases, the lower of two; of fewer than three there is no habit. */
static void build_cycle(const struct builder *b, const struct case_customer *customer)
{
    int64_t *gaps = arena_alloc(b->facts->arena, (customer->order_count + 1) * sizeof(*gaps));
    moment_t later = MOMENT_NONE;
    int count = 0;

    for (int i = 0; i < customer->order_count; i++) {
        const struct case_customer_order *order = &customer->orders[i];

        if (!order_is_bought(order) || order->placed_at == MOMENT_NONE)
            continue;
        if (later != MOMENT_NONE)
            gaps[count++] = moment_day(later) - moment_day(order->placed_at);
        later = order->placed_at;
    }
    if (count < 2)
        return;
    qsort(gaps, count, sizeof(*gaps), compare_days);
    facts_set_number(b->facts, FACT_CUSTOMER_CYCLE_DAYS, (double)gaps[(count - 1) / 2]);
}

static void build_purchases(const struct builder *b, const struct case_customer *customer)
{
    int bought = 0, counted = 0, returns = 0, disputes = 0, before = 0;
    int64_t spent = 0;

    for (int i = 0; i < customer->order_count; i++) {
        const struct case_customer_order *order = &customer->orders[i];
        struct money total = money_of(order->total, order->currency);
        int64_t amount = money_in(b, &total, b->policy->currency);

        returns += order->return_state > RETURN_STATE_NONE;
        disputes += order->dispute_kind >= 0;
        if (!order_is_bought(order))
            continue;
        bought++;
        before += !is_this(b, order);
        if (bought == 1) {
            set_day(b, FACT_CUSTOMER_LAST_ORDER_ON, order->placed_at);
            facts_set_text(b->facts, FACT_CUSTOMER_LAST_ITEM, order->first_item);
            facts_set_word(b->facts, FACT_CUSTOMER_PLATFORM, order->platform);
        }
        if (amount == MONEY_NONE || spent > MONEY_MINOR_MAX - amount)
            continue;
        spent += amount;
        counted++;
    }
    facts_set_number(b->facts, FACT_CUSTOMER_ORDERS, bought);
    facts_set_number(b->facts, FACT_CUSTOMER_RETURNS, returns);
    facts_set_number(b->facts, FACT_CUSTOMER_DISPUTES, disputes);
    facts_set_number(b->facts, FACT_CUSTOMER_REVIEWS, (double)customer->reviews);
    facts_set_flag(b->facts, FACT_CUSTOMER_KNOWN, before > 0);
    if (counted == 0)
        return;
    set_money(b, FACT_CUSTOMER_SPENT, spent);
    set_money(b, FACT_CUSTOMER_AVERAGE, (spent + counted / 2) / counted);
}

/* ---- what may become one order ---- */

/* Equal but for case, spaces and signs; what is not known is equal to nothing. */
static bool same_line(const char *a, const char *b)
{
    static const char between[] = " \t.,;-#/'";

    if (!a || !b)
        return false;
    for (;;) {
        a += strspn(a, between);
        b += strspn(b, between);
        if (strncasecmp(a, b, 1) != 0)
            return false;
        if (*a == '\0')
            return true;
        a++;
        b++;
    }
}

static bool differs(const char *a, const char *b)
{
    return a && b && !same_line(a, b);
}

/* On one platform, in one currency, to one street of one place. */
static bool goes_together(const struct case_customer_order *a, const struct case_customer_order *b)
{
    return a->platform == b->platform && a->currency && b->currency &&
           strcmp(a->currency, b->currency) == 0 && same_line(a->address.line1, b->address.line1) &&
           !differs(a->address.postcode, b->address.postcode) && !differs(a->address.city, b->address.city) &&
           !differs(a->address.country, b->address.country);
}

static bool is_unpaid(const struct case_customer_order *order)
{
    return order->status == ORDER_STATUS_UNPAID && order->number;
}

static int group_size(const struct case_customer *customer, const struct case_customer_order *with)
{
    int count = 0;

    for (int i = 0; i < customer->order_count; i++) {
        const struct case_customer_order *order = &customer->orders[i];

        count += is_unpaid(order) && (order == with || goes_together(order, with));
    }
    return count;
}

/* The order to whose address the others go: the one that is told, else the one with the most beside it. */
static const struct case_customer_order *group_of(const struct builder *b,
                                                  const struct case_customer *customer)
{
    const struct case_customer_order *best = NULL;
    int most = 0;

    for (int i = 0; i < customer->order_count; i++) {
        const struct case_customer_order *order = &customer->orders[i];
        int size;

        if (b->order && !is_this(b, order))
            continue;
        size = b->order || is_unpaid(order) ? group_size(customer, order) : 0;
        if (size > most) {
            best = order;
            most = size;
        }
    }
    return best;
}

static void build_unpaid(const struct builder *b, const struct case_customer *customer)
{
    const char *currency = facts_text(b->facts, FACT_REPLY_CURRENCY);
    const struct case_customer_order *with = group_of(b, customer);
    int64_t sum = 0, freights = 0, largest = 0;
    struct value *field;
    int count;

    if (!with)
        return;
    count = group_size(customer, with);
    field = facts_set_list(b->facts, FACT_CUSTOMER_UNPAID_ORDERS, count);
    for (int i = 0; i < customer->order_count; i++) {
        const struct case_customer_order *order = &customer->orders[i];
        struct money total = money_of(order->total, order->currency);
        struct money freight = money_of(order->freight, order->currency);
        int64_t amount = money_in(b, &total, currency), way = money_in(b, &freight, currency);

        if (!is_unpaid(order) || !(order == with || goes_together(order, with)))
            continue;
        field[FIELD_CUSTOMER_UNPAID_ORDERS_NUMBER] = text_value(order->number);
        if (amount != MONEY_NONE)
            field[FIELD_CUSTOMER_UNPAID_ORDERS_TOTAL] = value_number((double)amount);
        if (way != MONEY_NONE)
            field[FIELD_CUSTOMER_UNPAID_ORDERS_FREIGHT] = value_number((double)way);
        field += facts_info[FACT_CUSTOMER_UNPAID_ORDERS].field_count;
        sum = sum == MONEY_NONE || amount == MONEY_NONE ? MONEY_NONE : sum + amount;
        freights = freights == MONEY_NONE || way == MONEY_NONE ? MONEY_NONE : freights + way;
        largest = max_int64(largest, way);
    }
    set_money(b, FACT_CUSTOMER_UNPAID_TOTAL, sum);
    if (count < 2 || freights == MONEY_NONE)
        return;
    set_money(b, FACT_CUSTOMER_COMBINED_SAVING, freights - largest);
    if (sum != MONEY_NONE)
        set_money(b, FACT_CUSTOMER_COMBINED_TOTAL, sum - (freights - largest));
}

/* What there is of the customer is told to him alone: the rows are none where the order is another's. */
void build_customer(const struct builder *b)
{
    const struct case_customer *customer = b->rows->customer;

    if (!customer || (b->rows->order && !b->order))
        return;
    build_person(b, customer);
    build_purchases(b, customer);
    build_cycle(b, customer);
    build_unpaid(b, customer);
}
