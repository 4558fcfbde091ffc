/* Prices: tiers, the running promotion, what a quantity costs, and what a price has fallen by. What is told
 * is never under the floor price: a tier or a promotion that is, or that can't be compared with it, is left
 * out. */
#include "build.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the unit of sale ---- */

static bool is_one_of(const char *word, size_t len, const char *const *words)
{
    for (; *words; words++) {
        if (strlen(*words) == len && strncasecmp(*words, word, len) == 0)
            return true;
    }
    return false;
}

static bool names(const char *text, const char *const *words)
{
    while (*text) {
        size_t len = strcspn(text, " ,;/()-0123456789");

        if (len > 0 && is_one_of(text, len, words))
            return true;
        text += len > 0 ? len : 1;
    }
    return false;
}

static int64_t number_in(const char *text)
{
    text += strcspn(text, "0123456789");
    return isdigit((unsigned char)*text) ? strtol(text, NULL, 10) : 0;
}

int64_t units_of_sale(const struct case_product *product)
{
    static const char *const dozens[] = {"dozen", "dozens", "doz", "打", NULL};
    static const char *const packs[] = {"pack",    "packs", "packet", "packets", "box",  "boxes",  "carton",
                                        "cartons", "case",  "cases",  "bag",     "bags", "bundle", "bundles",
                                        "lot",     "lots",  "包",     "箱",      NULL};
    static const char *const singles[] = {"piece", "pieces", "pc",   "pcs",  "pair",  "pairs",
                                          "unit",  "units",  "each", "item", "items", "set",
                                          "sets",  "个",     "件",   "双",   NULL};
    const char *unit = product->unit_of_sale;
    bool dozen = unit && names(unit, dozens), pack = dozen || (unit && names(unit, packs));

    /* Of a single thing the units are what a carton of the seller's holds. */
    if (unit && !pack && names(unit, singles))
        return 1;
    if (product->units_per_pack > 0)
        return product->units_per_pack;
    if (dozen)
        return 12;
    return pack ? number_in(unit) : 1;
}

/* ---- tiers ---- */

struct tier {
    int64_t min_quantity, price; /* in units of sale, in product.currency */
    bool freight_included, wholesale;
};

struct prices {
    const char *currency;
    int64_t list, floor; /* MONEY_NONE: unknown */
    bool floor_unknown;  /* there is one, in a currency without a rate */
    struct tier *tiers;  /* by quantity */
    int tier_count;
};

/* May so little be asked? */
static bool may_ask(const struct prices *prices, int64_t price)
{
    return price != MONEY_NONE && price >= 0 && !prices->floor_unknown &&
           (prices->floor == MONEY_NONE || price >= prices->floor);
}

static void insert_tier(struct prices *prices, struct tier tier)
{
    int at = prices->tier_count++;

    for (; at > 0 && prices->tiers[at - 1].min_quantity > tier.min_quantity; at--)
        prices->tiers[at] = prices->tiers[at - 1];
    prices->tiers[at] = tier;
}

static struct prices prices_of(const struct builder *b)
{
    const struct case_product *product = b->product;
    struct prices prices = {
        .currency = facts_text(b->facts, FACT_PRODUCT_CURRENCY),
        .tiers = arena_alloc(b->facts->arena, (product->tier_count + 1) * sizeof(*prices.tiers))};

    prices.list = money_in(b, &product->price, prices.currency);
    prices.floor = money_in(b, &product->floor_price, prices.currency);
    prices.floor_unknown = product->floor_price.currency[0] && prices.floor == MONEY_NONE;
    for (int i = 0; i < product->tier_count; i++) {
        const struct case_tier *tier = &product->tiers[i];
        int64_t price = money_in(b, &tier->unit_price, prices.currency);

        if (may_ask(&prices, price))
            insert_tier(&prices,
                        (struct tier){tier->min_quantity, price, tier->freight_included, tier->wholesale});
    }
    return prices;
}

static void build_tiers(const struct builder *b, const struct prices *prices)
{
    struct value *field;

    if (prices->tier_count == 0)
        return;
    field = facts_set_list(b->facts, FACT_PRODUCT_TIERS, prices->tier_count);
    for (int i = 0; i < prices->tier_count; i++, field += facts_info[FACT_PRODUCT_TIERS].field_count) {
        const struct tier *tier = &prices->tiers[i];

        field[FIELD_PRODUCT_TIERS_MIN_QUANTITY] = value_number((double)tier->min_quantity);
        field[FIELD_PRODUCT_TIERS_UNIT_PRICE] = value_number((double)tier->price);
        field[FIELD_PRODUCT_TIERS_FREIGHT_INCLUDED] = value_bool(tier->freight_included);
        field[FIELD_PRODUCT_TIERS_WHOLESALE] = value_bool(tier->wholesale);
    }
}

/* ---- the quote ---- */

/* The largest that the count reaches; NULL: none. */
static const struct tier *tier_reached(const struct prices *prices, int64_t count)
{
    const struct tier *best = NULL;

    for (int i = 0; i < prices->tier_count && prices->tiers[i].min_quantity <= count; i++)
        best = &prices->tiers[i];
    return best;
}

/* What comes with more, whatever is asked for. `price`: of one as things are; more of them that cost no less
 * are no offer. */
static void build_next_tiers(const struct builder *b, const struct prices *prices, int64_t count,
                             int64_t price)
{
    bool next = false, wholesale = false;

    for (int i = 0; i < prices->tier_count; i++) {
        const struct tier *tier = &prices->tiers[i];

        if (tier->min_quantity > count && !next &&
            (price == MONEY_NONE || tier->price < price || tier->freight_included)) {
            facts_set_number(b->facts, FACT_QUOTE_NEXT_TIER, (double)tier->min_quantity);
            facts_set_number(b->facts, FACT_QUOTE_NEXT_PRICE, (double)tier->price);
            next = true;
        }
        if (tier->wholesale && !wholesale) {
            facts_set_number(b->facts, FACT_QUOTE_WHOLESALE_FROM, (double)tier->min_quantity);
            facts_set_number(b->facts, FACT_QUOTE_WHOLESALE_PRICE, (double)tier->price);
            facts_set_flag(b->facts, FACT_QUOTE_WHOLESALE_FREIGHT_INCLUDED, tier->freight_included);
            wholesale = true;
        }
    }
}

/* Units of sale that hold what is wanted, rounded up, and set as facts; 0: not known. */
static int64_t build_quantity(const struct builder *b)
{
    const struct entities *said = b->understanding ? &b->understanding->entities : NULL;
    int64_t units = units_of_sale(b->product), wanted = 0, count = 0;

    if (facts_known(b->facts, FACT_WANTED_QUANTITY))
        wanted = (int64_t)facts_number(b->facts, FACT_WANTED_QUANTITY);
    if (units > 0 && wanted > 0)
        count = wanted / units + (wanted % units > 0);
    else if (units != 1 && said && said->packs > 0)
        count = said->packs;
    if (count <= 0)
        return 0;
    if (units > 0) {
        facts_set_number(b->facts, FACT_QUOTE_QUANTITY, (double)(count * units));
        facts_set_flag(b->facts, FACT_QUOTE_ROUNDED, wanted > 0 && count * units != wanted);
    }
    if (units != 1)
        facts_set_number(b->facts, FACT_QUOTE_PACKS, (double)count);
    return count;
}

static int64_t times(int64_t minor, int64_t count)
{
    int64_t product;

    return minor == MONEY_NONE || __builtin_mul_overflow(minor, count, &product) || product > MONEY_MINOR_MAX
               ? MONEY_NONE
               : product;
}

/* The freight of so many, by the cheapest tracked method. */
static int64_t build_freight(const struct builder *b, const struct prices *prices, const struct tier *tier,
                             int64_t count, int64_t goods)
{
    struct basket basket = {.weight_g = b->product->weight_g > 0 ? b->product->weight_g * (double)count : -1};
    const struct shipping_method *method;
    int64_t freight = MONEY_NONE;

    if (goods != MONEY_NONE) {
        basket.goods.minor = goods;
        memcpy(basket.goods.currency, prices->currency, sizeof(basket.goods.currency));
    }
    method = method_cheapest(b, &basket, prices->currency, &freight);
    if (method)
        facts_set_text(b->facts, FACT_QUOTE_METHOD, method->name ? method->name : method->carrier);
    if (tier && tier->freight_included)
        freight = 0;
    if (freight == MONEY_NONE)
        return MONEY_NONE;
    facts_set_number(b->facts, FACT_QUOTE_FREIGHT, (double)freight);
    facts_set_flag(b->facts, FACT_QUOTE_FREIGHT_FREE, freight == 0);
    return freight;
}

/* `promoted`: the price of one in the running promotion, which holds for each of several too where their tier
 * costs more. */
static void build_offer(const struct builder *b, const struct prices *prices, int64_t promoted)
{
    int64_t count = build_quantity(b), price, goods, freight;
    const struct tier *tier = tier_reached(prices, count);
    bool better;

    price = tier ? tier->price : prices->list;
    /* The list price is public: where the floor can't be compared with it, it stands. */
    if (!tier && prices->floor != MONEY_NONE && price < prices->floor)
        price = MONEY_NONE;
    better = promoted != MONEY_NONE && price != MONEY_NONE && promoted < price &&
             !(tier && tier->freight_included);
    price = better ? promoted : price;
    build_next_tiers(b, prices, count, price);
    if (count == 0)
        return;
    goods = times(price, count);
    freight = build_freight(b, prices, tier, count, goods);
    set_money(b, FACT_QUOTE_UNIT_PRICE, price);
    facts_set_flag(b->facts, FACT_QUOTE_PROMOTED, better);
    set_money(b, FACT_QUOTE_GOODS, goods);
    if (goods != MONEY_NONE && freight != MONEY_NONE)
        set_money(b, FACT_QUOTE_TOTAL, goods + freight);
    if (tier)
        facts_set_number(b->facts, FACT_QUOTE_TIER, (double)tier->min_quantity);
    if (facts_known(b->facts, FACT_QUOTE_WHOLESALE_FROM))
        facts_set_flag(b->facts, FACT_QUOTE_WHOLESALE,
                       count >= (int64_t)facts_number(b->facts, FACT_QUOTE_WHOLESALE_FROM));
}

/* ---- promotions ---- */

/* The newest line of a customer to whom news go: a promotion of that product is near to what he bought
 * (scenarios.md, C02). NULL: not such a mail, or nothing is on record. */
static const struct case_customer_order *bought_last(const struct builder *b)
{
    const struct case_customer *customer = b->rows->customer;
    int trigger = b->request->trigger;

    if ((trigger != TRIGGER_PROMOTION_NEWS && trigger != TRIGGER_WIN_BACK) || b->request->sku || !customer)
        return NULL;
    for (int i = 0; i < customer->order_count; i++) {
        const struct case_customer_order *order = &customer->orders[i];

        if (order_is_bought(order))
            return order->first_sku && order->first_item ? order : NULL;
    }
    return NULL;
}

/* Of this product, or of all; without a product those of all, and of what a customer bought last. */
static bool covers(const struct builder *b, const struct promotion *promotion, moment_t moment)
{
    const char *const *skus = promotion->skus.items;
    const struct case_customer_order *last = b->product ? NULL : bought_last(b);
    const char *sku = b->product ? b->product->sku : last ? last->first_sku : NULL;

    if (promotion->percent <= 0 || (promotion->from != MOMENT_NONE && moment < promotion->from) ||
        (promotion->to != MOMENT_NONE && moment > promotion->to))
        return false;
    if (promotion->skus.count == 0)
        return true;
    for (size_t i = 0; sku && i < promotion->skus.count; i++) {
        if (strcmp(skus[i], sku) == 0)
            return true;
    }
    return false;
}

static int64_t less_percent(int64_t price, double percent)
{
    return price == MONEY_NONE ? MONEY_NONE : price - money_percent(price, percent);
}

/* The one that takes most off and may be told. Without a product there is no price to look at. */
static const struct promotion *promotion_at(const struct builder *b, const struct prices *prices,
                                            moment_t moment)
{
    const struct promotion *best = NULL;

    for (int i = 0; i < b->shop->promotion_count; i++) {
        const struct promotion *promotion = &b->shop->promotions[i];
        bool floored = prices && (prices->floor != MONEY_NONE || prices->floor_unknown);

        if (!covers(b, promotion, moment) || (best && promotion->percent <= best->percent) ||
            (floored && !may_ask(prices, less_percent(prices->list, promotion->percent))))
            continue;
        best = promotion;
    }
    return best;
}

/* Gives the price of one in it; MONEY_NONE: none runs, or there is no price. */
static int64_t build_promotion(const struct builder *b, const struct prices *prices)
{
    const struct promotion *promotion = promotion_at(b, prices, b->as_of);
    int64_t price = promotion && prices ? less_percent(prices->list, promotion->percent) : MONEY_NONE;

    if (!promotion)
        return MONEY_NONE;
    facts_set_number(b->facts, FACT_PROMOTION_PERCENT, promotion->percent);
    set_day(b, FACT_PROMOTION_FROM, promotion->from);
    set_day(b, FACT_PROMOTION_TO, promotion->to);
    if (promotion->to != MOMENT_NONE)
        facts_set_number(b->facts, FACT_PROMOTION_DAYS_LEFT, moment_day(promotion->to) - b->today);
    set_money(b, FACT_PROMOTION_PRICE, price);
    if (!b->product && promotion->skus.count > 0)
        facts_set_text(b->facts, FACT_PROMOTION_ITEM, bought_last(b)->first_item);
    return price;
}

/* ---- a price that fell ---- */

/* What he would have paid less for the line by today's price, by a promotion that runs now, or by one that
 * ran when he ordered. */
static void build_price_drop(const struct builder *b, const struct prices *prices)
{
    const moment_t moments[] = {b->as_of, b->order->placed_at};
    int64_t paid = b->item->unit_price, price = prices->list;

    if (paid == MONEY_NONE || paid < 0 || prices->list == MONEY_NONE || b->item->quantity < 1)
        return;
    for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++) {
        const struct promotion *promotion =
            moments[i] == MOMENT_NONE ? NULL : promotion_at(b, prices, moments[i]);

        if (promotion)
            price = min_int64(price, less_percent(prices->list, promotion->percent));
    }
    price = times(price, b->item->quantity);
    paid = times(paid, b->item->quantity);
    if (price == MONEY_NONE || paid == MONEY_NONE)
        return;
    struct money now = {.minor = price};
    memcpy(now.currency, prices->currency, sizeof(now.currency));
    price = order_money(b, &now);
    if (price != MONEY_NONE)
        set_money(b, FACT_PRICE_DROP_AMOUNT, max_int64(0, paid - price));
}

void build_quote(const struct builder *b)
{
    struct prices prices;

    if (!b->product) {
        build_promotion(b, NULL);
        return;
    }
    prices = prices_of(b);
    build_tiers(b, &prices);
    build_offer(b, &prices, build_promotion(b, &prices));
    if (b->order && b->item)
        build_price_drop(b, &prices);
}
