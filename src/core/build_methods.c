/* The shop's shipping methods: how they are read, and what of them meets an order. */
#include "build.h"

#include <stddef.h>
#include <string.h>

#define AT(member) .offset = offsetof(struct shipping_method, member)

const struct field shipping_method_fields[] = {
    {"carrier", .type = FIELD_TEXT, .max = 200, AT(carrier)},
    {"name", .type = FIELD_TEXT, .max = 200, AT(name)},
    {"kind", .type = FIELD_WORD, .words = words_carrier_kind, AT(kind)},
    {"tracked", .type = FIELD_FLAG, AT(tracked)},
    {"countries", .type = FIELD_ARRAY, .element = FIELD_COUNTRY, .max = 300, .size = sizeof(const char *),
     AT(countries)},
    {"min_days", .type = FIELD_COUNT, .min = 0, .max = 1000, AT(min_days)},
    {"max_days", .type = FIELD_COUNT, .min = 0, .max = 1000, AT(max_days)},
    {"handling_days", .type = FIELD_COUNT, .min = 0, .max = 1000, AT(handling_days)},
    {"price", .type = FIELD_MONEY, AT(price)},
    {"per_kg", .type = FIELD_MONEY, AT(per_kg)},
    {"free_over", .type = FIELD_MONEY, AT(free_over)},
    {"updated_at", .type = FIELD_TIME, AT(updated_at)},
    {NULL},
};

int methods_read(const json_t *list, struct faults *faults, const struct shipping_method **ret_methods,
                 int *ret_count)
{
    size_t count = json_array_size(list);
    struct shipping_method *methods = arena_alloc(faults->arena, (count + 1) * sizeof(*methods));
    int before = faults->count, used = 0;

    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(list, i);
        const char *code = json_string_value(json_array_get(pair, 0));
        struct shipping_method *method = &methods[used];

        *method = (struct shipping_method){.code = arena_strdup(faults->arena, code ? code : ""),
                                           .kind = -1,
                                           .min_days = -1,
                                           .max_days = -1,
                                           .handling_days = -1,
                                           .updated_at = MOMENT_NONE};
        if (fields_read(shipping_method_fields, json_array_get(pair, 1),
                        arena_printf(faults->arena, "/%zu/1", i), method, faults) == 0)
            used++;
    }
    *ret_methods = methods;
    *ret_count = used;
    return faults->count - before;
}

/* The method that the order names; NULL: none, or the shop has none of that code. */
static const struct shipping_method *method_of(const struct builder *b)
{
    const char *code = b->order ? b->order->shipping_method : NULL;

    for (int i = 0; code && i < b->shop->method_count; i++) {
        if (strcmp(b->shop->methods[i].code, code) == 0)
            return &b->shop->methods[i];
    }
    return NULL;
}

static int64_t handling_days(const struct builder *b, const struct shipping_method *method)
{
    return method && method->handling_days >= 0 ? method->handling_days : b->policy->handling_days;
}

void build_method(const struct builder *b)
{
    facts_set_number(b->facts, FACT_ORDER_HANDLING_DAYS, (double)handling_days(b, method_of(b)));
}

/* ---- what a method costs ---- */

/* Of a weight in hectograms, a tenth of a kilogram that was begun counting whole; never rounded down. */
static int64_t weight_price(int64_t per_kg, double weight_g)
{
    double hectograms = ceil(weight_g / 100 - 1e-9);

    if (!(hectograms <= 1e9))
        return MONEY_NONE;
    int64_t price;
    if (__builtin_mul_overflow(per_kg, (int64_t)hectograms, &price) || price > 10 * MONEY_MINOR_MAX)
        return MONEY_NONE;
    return price / 10 + (price % 10 > 0);
}

static bool is_free(const struct builder *b, const struct shipping_method *method,
                    const struct basket *basket)
{
    int64_t goods = money_in(b, &basket->goods, method->free_over.currency);

    return method->free_over.currency[0] && goods != MONEY_NONE && goods >= method->free_over.minor;
}

int64_t method_cost(const struct builder *b, const struct shipping_method *method,
                    const struct basket *basket, const char *currency)
{
    int64_t price = money_in(b, &method->price, currency), weight = 0;
    struct money by_weight = method->per_kg;

    if (is_free(b, method, basket))
        return 0;
    if (by_weight.currency[0] && by_weight.minor > 0) {
        by_weight.minor = basket->weight_g > 0 ? weight_price(by_weight.minor, basket->weight_g) : MONEY_NONE;
        weight = money_in(b, &by_weight, currency);
    }
    /* Charged by weight alone. */
    if (!method->price.currency[0] && method->per_kg.currency[0])
        price = 0;
    return price == MONEY_NONE || weight == MONEY_NONE ? MONEY_NONE : price + weight;
}

/* ---- where it goes ---- */

/* Everywhere, or there by name; where it is to go must be known. */
static bool goes_to(const struct shipping_method *method, const char *country)
{
    const char *const *countries = method->countries.items;

    for (size_t i = 0; country && i < method->countries.count; i++) {
        if (strcmp(countries[i], country) == 0)
            return true;
    }
    return !countries;
}

static const char *country_of(const struct builder *b)
{
    return facts_text(b->facts, FACT_WANTED_COUNTRY);
}

const struct shipping_method *method_cheapest(const struct builder *b, const struct basket *basket,
                                              const char *currency, int64_t *ret_cost)
{
    const struct shipping_method *best = NULL;
    int64_t least = MONEY_NONE;

    for (int i = 0; country_of(b) && i < b->shop->method_count; i++) {
        const struct shipping_method *method = &b->shop->methods[i];
        int64_t cost = goes_to(method, country_of(b)) ? method_cost(b, method, basket, currency) : MONEY_NONE;

        if (cost == MONEY_NONE || (best && best->tracked && !method->tracked))
            continue;
        if (!best || (method->tracked && !best->tracked) || cost < least) {
            best = method;
            least = cost;
        }
    }
    if (best)
        *ret_cost = least;
    return best;
}

/* ---- the list ---- */

/* A method of the list, with what it comes to. */
struct choice {
    const struct shipping_method *method;
    int64_t cost, days; /* handling and way; MONEY_NONE, -1: unknown */
};

static struct money money_of(int64_t minor, const char *currency)
{
    struct money money = {0};

    if (minor == MONEY_NONE || !currency)
        return money;
    money.minor = minor;
    memcpy(money.currency, currency, sizeof(money.currency));
    return money;
}

static const struct case_product *product_of(const struct builder *b, const char *sku)
{
    for (int i = 0; sku && i < b->rows->product_count; i++) {
        if (strcmp(b->rows->products[i].sku, sku) == 0)
            return &b->rows->products[i];
    }
    return NULL;
}

/* Of the order's lines by their products, else as its only parcel was weighed or reckoned. */
static double order_weight(const struct builder *b)
{
    const struct case_order *order = b->order;
    const struct case_shipment *only = order->shipment_count == 1 ? &order->shipments[0] : NULL;
    double weight = 0;
    bool known = order->item_count > 0;

    for (int i = 0; i < order->item_count; i++) {
        const struct case_product *product = product_of(b, order->items[i].sku);

        known &= product && product->weight_g > 0;
        weight += known ? product->weight_g * (double)max_int64(1, order->items[i].quantity) : 0;
    }
    if (known)
        return weight;
    if (only && only->weight_g > 0)
        return (double)only->weight_g;
    return only && only->expected_weight_g > 0 ? (double)only->expected_weight_g : -1;
}

/* What is to be sent: the order, or so many of the product as are wanted, else one. */
static struct basket basket_of(const struct builder *b)
{
    const struct case_product *product = b->product;
    struct basket basket = {.weight_g = -1};
    double count = 1;

    if (b->order && (!b->request->sku || b->item)) {
        int64_t freight = b->order->freight == MONEY_NONE ? 0 : b->order->freight;

        basket.weight_g = order_weight(b);
        if (b->order->total != MONEY_NONE && facts_known(b->facts, FACT_ORDER_CURRENCY))
            basket.goods = money_of(b->order->total - freight, b->order->currency);
        return basket;
    }
    if (!product)
        return basket;
    if (facts_known(b->facts, FACT_QUOTE_PACKS))
        count = facts_number(b->facts, FACT_QUOTE_PACKS);
    else if (facts_known(b->facts, FACT_QUOTE_QUANTITY))
        count = facts_number(b->facts, FACT_QUOTE_QUANTITY);
    if (product->weight_g > 0)
        basket.weight_g = product->weight_g * count;
    basket.goods = product->price;
    if (facts_known(b->facts, FACT_QUOTE_GOODS))
        basket.goods = money_of((int64_t)facts_number(b->facts, FACT_QUOTE_GOODS),
                                facts_text(b->facts, FACT_PRODUCT_CURRENCY));
    return basket;
}

/* The days from today until it is handed over: of an order that was paid some are over. */
static int64_t days_to_dispatch(const struct builder *b, const struct shipping_method *method)
{
    int64_t days = handling_days(b, method);

    if (facts_known(b->facts, FACT_ORDER_PAID_ON) && !facts_flag(b->facts, FACT_ORDER_SHIPPED))
        days = max_int64(0, (int64_t)facts_number(b->facts, FACT_ORDER_PAID_ON) + days - b->today);
    return days;
}

static bool comes_before(const struct choice *a, const struct choice *b)
{
    if ((a->cost == MONEY_NONE) != (b->cost == MONEY_NONE))
        return a->cost != MONEY_NONE;
    return a->cost < b->cost;
}

static int choices_of(const struct builder *b, const struct basket *basket, struct choice *choices)
{
    const char *currency = facts_text(b->facts, FACT_REPLY_CURRENCY);
    int count = 0;

    for (int i = 0; i < b->shop->method_count; i++) {
        const struct shipping_method *method = &b->shop->methods[i];
        struct choice choice = {method, method_cost(b, method, basket, currency), -1};
        int at = count;

        if (!goes_to(method, country_of(b)))
            continue;
        if (method->max_days >= 0)
            choice.days = days_to_dispatch(b, method) + method->max_days;
        for (; at > 0 && comes_before(&choice, &choices[at - 1]); at--)
            choices[at] = choices[at - 1];
        choices[at] = choice;
        count++;
    }
    return count;
}

/* "DHL" is meant by "DHL Express", and "Singapore Post" by its own. */
static bool is_named(const struct builder *b, const struct shipping_method *method)
{
    const char *carrier = facts_text(b->facts, FACT_WANTED_CARRIER);

    if (!carrier)
        return false;
    return (method->carrier &&
            (strcasestr(method->carrier, carrier) || strcasestr(carrier, method->carrier))) ||
           (method->name && strcasestr(method->name, carrier));
}

/* What the way costs him now: what he paid, else what his method costs; before an order, the cheapest. */
static int64_t cost_now(const struct builder *b, const struct basket *basket, const struct choice *choices,
                        int count)
{
    const char *currency = facts_text(b->facts, FACT_REPLY_CURRENCY);

    if (!b->order || (b->request->sku && !b->item))
        return count > 0 ? choices[0].cost : MONEY_NONE;
    if (b->order->freight != MONEY_NONE && b->order->freight >= 0 &&
        facts_known(b->facts, FACT_ORDER_CURRENCY))
        return b->order->freight;
    return method_of(b) ? method_cost(b, method_of(b), basket, currency) : MONEY_NONE;
}

static void set_days(struct value *field, int64_t days)
{
    if (days >= 0)
        *field = value_number((double)days);
}

static const struct choice *fastest(const struct choice *choices, int count)
{
    const struct choice *best = NULL;

    for (int i = 0; i < count; i++) {
        if (choices[i].days >= 0 && (!best || choices[i].days < best->days))
            best = &choices[i];
    }
    return best;
}

static void set_choice(const struct builder *b, struct value *field, const struct choice *choice, int64_t now,
                       const struct choice *quickest)
{
    const struct shipping_method *method = choice->method;
    const struct facts *facts = b->facts;

    field[FIELD_METHODS_CODE] = text_value(method->code);
    field[FIELD_METHODS_NAME] = text_value(method->name ? method->name : method->carrier);
    field[FIELD_METHODS_CARRIER] = text_value(method->carrier);
    if (method->kind >= 0)
        field[FIELD_METHODS_KIND] = value_string(words_carrier_kind[method->kind]);
    field[FIELD_METHODS_TRACKED] = value_bool(method->tracked);
    set_days(&field[FIELD_METHODS_HANDLING_DAYS], handling_days(b, method));
    set_days(&field[FIELD_METHODS_MIN_DAYS], method->min_days);
    set_days(&field[FIELD_METHODS_MAX_DAYS], method->max_days);
    field[FIELD_METHODS_EXACT] = value_bool(method->min_days >= 0 && method->min_days == method->max_days);
    if (choice->days >= 0) {
        field[FIELD_METHODS_ARRIVES_BY] = value_number((double)(b->today + choice->days));
        if (facts_known(facts, FACT_WANTED_DEADLINE_ON))
            field[FIELD_METHODS_FITS] =
                value_bool((double)(b->today + choice->days) <= facts_number(facts, FACT_WANTED_DEADLINE_ON));
    }
    if (choice->cost != MONEY_NONE) {
        field[FIELD_METHODS_COST] = value_number((double)choice->cost);
        field[FIELD_METHODS_FREE] = value_bool(choice->cost == 0);
        if (now != MONEY_NONE) {
            field[FIELD_METHODS_SURCHARGE] = value_number((double)max_int64(0, choice->cost - now));
            field[FIELD_METHODS_DEARER] = value_bool(choice->cost > now);
        }
    }
    if (facts_known(facts, FACT_WANTED_CARRIER))
        field[FIELD_METHODS_NAMED] = value_bool(is_named(b, method));
    field[FIELD_METHODS_FASTEST] = value_bool(choice == quickest);
    field[FIELD_METHODS_CURRENT] = value_bool(method == method_of(b));
}

/* ---- delivery.* ---- */

static void build_delivery_days(const struct builder *b, const struct choice *choices, int count)
{
    const struct shipping_method *current = method_of(b);
    int64_t least = -1, most = -1;

    if (current) {
        least = current->min_days;
        most = current->max_days;
    }
    for (int i = 0; !current && i < count; i++) {
        const struct shipping_method *method = choices[i].method;

        if (method->min_days >= 0 && (least < 0 || method->min_days < least))
            least = method->min_days;
        most = max_int64(most, method->max_days);
    }
    facts_set_number(b->facts, FACT_DELIVERY_HANDLING_DAYS,
                     (double)handling_days(b, current     ? current
                                              : count > 0 ? choices[0].method
                                                          : NULL));
    if (least >= 0)
        facts_set_number(b->facts, FACT_DELIVERY_MIN_DAYS, (double)least);
    if (most >= 0)
        facts_set_number(b->facts, FACT_DELIVERY_MAX_DAYS, (double)most);
}

static void build_deadline(const struct builder *b, const struct choice *choices, int count)
{
    const struct choice *quickest = fastest(choices, count);

    if (!facts_known(b->facts, FACT_WANTED_DEADLINE_ON) || !country_of(b) || count == 0)
        return;
    facts_set_flag(b->facts, FACT_DELIVERY_DEADLINE_MET,
                   quickest && (double)(b->today + quickest->days) <=
                                   facts_number(b->facts, FACT_WANTED_DEADLINE_ON));
}

/* Where the country is not known, a carrier that goes to some is neither. */
static void build_carrier_served(const struct builder *b)
{
    bool served = false, perhaps = false;

    if (!facts_known(b->facts, FACT_WANTED_CARRIER) || b->shop->method_count == 0)
        return;
    for (int i = 0; i < b->shop->method_count; i++) {
        const struct shipping_method *method = &b->shop->methods[i];

        served |= is_named(b, method) && goes_to(method, country_of(b));
        perhaps |= is_named(b, method) && !country_of(b);
    }
    if (served || !perhaps)
        facts_set_flag(b->facts, FACT_DELIVERY_CARRIER_SERVED, served);
}

void build_methods(const struct builder *b)
{
    struct choice *choices = arena_alloc(b->facts->arena, (b->shop->method_count + 1) * sizeof(*choices));
    struct basket basket = basket_of(b);
    int count = choices_of(b, &basket, choices);
    int64_t now = cost_now(b, &basket, choices, count);
    const struct choice *quickest = fastest(choices, count);

    build_delivery_days(b, choices, count);
    build_deadline(b, choices, count);
    build_carrier_served(b);
    if (count == 0)
        return;
    struct value *field = facts_set_list(b->facts, FACT_METHODS, count);
    for (int i = 0; i < count; i++, field += facts_info[FACT_METHODS].field_count)
        set_choice(b, field, &choices[i], now, quickest);
}
