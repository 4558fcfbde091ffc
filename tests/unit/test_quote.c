/* Prices: units of sale, tiers, floor, promotions, freight, and what is wanted of a product. */
#include "fixture.h"

#include <math.h>

struct sale {
    struct fixture fixture;
    struct facts facts;
    struct case_product product, others[3];
    struct case_variant variants[8];
    struct case_tier tiers[4];
    struct promotion promotions[3];
    struct shipping_method methods[3];
};

static struct money usd(int64_t minor)
{
    return (struct money){minor, "USD"};
}

static struct money eur(int64_t minor)
{
    return (struct money){minor, "EUR"};
}

/* A question before buying: no order, a lamp of 20.00 that weighs 300 g. */
static int set_up(void **state)
{
    struct sale *s = calloc(1, sizeof(*s));

    fixture_init(&s->fixture, NULL, NULL);
    s->fixture.rows.order = NULL;
    s->fixture.request.order_number = NULL;
    s->fixture.request.sku = "LAMP-1";
    s->fixture.request.message.text = "How much is it?";
    s->fixture.said.entities = (struct entities){
        .quantity = -1, .packs = -1, .deadline_days = -1, .deadline_on = -1, .late_days = -1};
    s->product = (struct case_product){.sku = "LAMP-1",
                                       .name = "Desk Lamp",
                                       .price = usd(2000),
                                       .stock = -1,
                                       .restock_on = MOMENT_NONE,
                                       .units_per_pack = -1,
                                       .weight_g = 300,
                                       .quality_guarantee = TRI_UNKNOWN,
                                       .variants = s->variants,
                                       .tiers = s->tiers,
                                       .alternatives = s->others};
    s->fixture.rows.products = &s->product;
    s->fixture.rows.product_count = 1;
    s->fixture.shop.promotions = s->promotions;
    s->fixture.shop.methods = s->methods;
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct sale *s = *state;

    json_decref((json_t *)s->fixture.shop.policy.fx);
    fixture_free(&s->fixture);
    free(s);
    return 0;
}

static void build(struct sale *s)
{
    facts_init(&s->facts, &s->fixture.arena);
    facts_build(&s->facts, &s->fixture.shop, &s->fixture.request,
                s->fixture.trigger ? NULL : &s->fixture.said, &s->fixture.rows);
}

static void add_tier(struct sale *s, int64_t min, struct money price, bool freight_included, bool wholesale)
{
    s->tiers[s->product.tier_count++] = (struct case_tier){min, price, freight_included, wholesale};
}

static void add_variant(struct sale *s, const char *name, const char *color, const char *size, int64_t stock)
{
    s->variants[s->product.variant_count++] = (struct case_variant){NULL, name, color, size, stock};
}

static void add_promotion(struct sale *s, double percent, const char *from, const char *to)
{
    s->promotions[s->fixture.shop.promotion_count++] =
        (struct promotion){.percent = percent, .from = at(from), .to = at(to), .updated_at = MOMENT_NONE};
}

static struct shipping_method *add_method(struct sale *s, const char *code, bool tracked, struct money price,
                                          struct money per_kg)
{
    struct shipping_method *method = &s->methods[s->fixture.shop.method_count++];

    *method = (struct shipping_method){.code = code,
                                       .name = code,
                                       .kind = -1,
                                       .tracked = tracked,
                                       .min_days = -1,
                                       .max_days = -1,
                                       .handling_days = -1,
                                       .price = price,
                                       .per_kg = per_kg};
    return method;
}

static void set_fx(struct sale *s, const char *currency, const char *rate)
{
    s->fixture.shop.policy.fx = json_pack("{s:s}", currency, rate);
}

#define UNKNOWN (-1)

static void expect(const struct sale *s, enum fact fact, double number)
{
    bool known = facts_known(&s->facts, fact);

    if (number == UNKNOWN && known)
        fail_msg("%s should be unknown, not %g", facts_info[fact].path, facts_number(&s->facts, fact));
    if (number == UNKNOWN)
        return;
    if (!known)
        fail_msg("%s should be %g, not unknown", facts_info[fact].path, number);
    if (facts_number(&s->facts, fact) != number)
        fail_msg("%s should be %g, not %g", facts_info[fact].path, number, facts_number(&s->facts, fact));
}

static void expect_text(const struct sale *s, enum fact fact, const char *text)
{
    const char *found = facts_text(&s->facts, fact);

    if (text ? !found || strcmp(text, found) != 0 : found != NULL)
        fail_msg("%s should be %s, not %s", facts_info[fact].path, text ? text : "unknown",
                 found ? found : "unknown");
}

static void expect_flag(const struct sale *s, enum fact fact, enum tristate flag)
{
    enum tristate found = !facts_known(&s->facts, fact) ? TRI_UNKNOWN
                          : facts_flag(&s->facts, fact) ? TRI_TRUE
                                                        : TRI_FALSE;

    if (found != flag)
        fail_msg("%s should be %d, not %d", facts_info[fact].path, flag, found);
}

static const struct value *field(const struct sale *s, enum fact list, int element, int member)
{
    const struct value *value = &s->facts.slot[list];

    assert_int_equal(value->type, VALUE_ARRAY);
    assert_true((uint32_t)element < value->len);
    return value->items[element].members[member].value;
}

/* ---- units of sale ---- */

static void test_units(void **state)
{
    static const struct {
        const char *unit;
        int64_t per_pack, wanted, packs_said, quantity, packs;
        enum tristate rounded;
    } rows[] = {
        {NULL, -1, 30, -1, 30, UNKNOWN, TRI_FALSE},
        {"piece", -1, 30, -1, 30, UNKNOWN, TRI_FALSE},
        {"pair", 2, 30, -1, 30, UNKNOWN, TRI_FALSE}, /* a pair is one thing */
        {"pair", 12, 30, -1, 30, UNKNOWN, TRI_FALSE},
        {"dozen", -1, 30, -1, 36, 3, TRI_TRUE}, /* the ruling's own example */
        {"dozen", 12, 36, -1, 36, 3, TRI_FALSE},
        {"Dozen", 12, 37, -1, 48, 4, TRI_TRUE},
        {"dozen", 12, 1, -1, 12, 1, TRI_TRUE},
        {"pack", 10, 10, -1, 10, 1, TRI_FALSE},
        {"pack", 10, 11, -1, 20, 2, TRI_TRUE},
        {"pack of 6", -1, 7, -1, 12, 2, TRI_TRUE},
        {"6-pack", -1, 6, -1, 6, 1, TRI_FALSE},
        {NULL, 5, 6, -1, 10, 2, TRI_TRUE},
        {"pack", -1, 30, -1, UNKNOWN, UNKNOWN, TRI_UNKNOWN}, /* nobody says how much it holds */
        {"pack", -1, -1, 20, UNKNOWN, 20, TRI_UNKNOWN},
        {"box", 4, -1, 20, 80, 20, TRI_FALSE},
        {"piece", -1, -1, 20, UNKNOWN, UNKNOWN, TRI_UNKNOWN},
        {NULL, -1, -1, -1, UNKNOWN, UNKNOWN, TRI_UNKNOWN},
    };
    struct sale *s = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        s->product.unit_of_sale = rows[i].unit;
        s->product.units_per_pack = rows[i].per_pack;
        s->fixture.said.entities.quantity = rows[i].wanted;
        s->fixture.said.entities.packs = rows[i].packs_said;
        build(s);
        expect(s, FACT_QUOTE_QUANTITY, (double)rows[i].quantity);
        expect(s, FACT_QUOTE_PACKS, (double)rows[i].packs);
        expect_flag(s, FACT_QUOTE_ROUNDED, rows[i].rounded);
    }
}

/* ---- tiers ---- */

static void test_tiers(void **state)
{
    static const struct {
        int64_t wanted, price, tier, next, next_price;
        enum tristate wholesale;
    } rows[] = {
        {1, 2000, UNKNOWN, 10, 1800, TRI_FALSE},    {9, 2000, UNKNOWN, 10, 1800, TRI_FALSE},
        {10, 1800, 10, 50, 1500, TRI_FALSE},        {49, 1800, 10, 50, 1500, TRI_FALSE},
        {50, 1500, 50, UNKNOWN, UNKNOWN, TRI_TRUE}, {5000, 1500, 50, UNKNOWN, UNKNOWN, TRI_TRUE},
    };
    struct sale *s = *state;

    add_tier(s, 50, usd(1500), false, true); /* the record's order does not matter */
    add_tier(s, 10, usd(1800), false, false);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        s->fixture.said.entities.quantity = rows[i].wanted;
        build(s);
        expect(s, FACT_QUOTE_UNIT_PRICE, (double)rows[i].price);
        expect(s, FACT_QUOTE_GOODS, (double)(rows[i].price * rows[i].wanted));
        expect(s, FACT_QUOTE_TIER, (double)rows[i].tier);
        expect(s, FACT_QUOTE_NEXT_TIER, (double)rows[i].next);
        expect(s, FACT_QUOTE_NEXT_PRICE, (double)rows[i].next_price);
        expect_flag(s, FACT_QUOTE_WHOLESALE, rows[i].wholesale);
        expect(s, FACT_QUOTE_WHOLESALE_FROM, 50);
        expect(s, FACT_QUOTE_WHOLESALE_PRICE, 1500);
        expect(s, FACT_QUOTE_TOTAL, UNKNOWN);
    }
    assert_int_equal(s->facts.slot[FACT_PRODUCT_TIERS].len, 2);
    assert_int_equal((int)field(s, FACT_PRODUCT_TIERS, 0, FIELD_PRODUCT_TIERS_MIN_QUANTITY)->number, 10);
}

static void test_tiers_count_packs(void **state)
{
    struct sale *s = *state;

    s->product.unit_of_sale = "dozen";
    add_tier(s, 3, usd(1900), false, false);
    s->fixture.said.entities.quantity = 24;
    build(s);
    expect(s, FACT_QUOTE_UNIT_PRICE, 2000);
    expect(s, FACT_QUOTE_GOODS, 4000);
    s->fixture.said.entities.quantity = 25;
    build(s);
    expect(s, FACT_QUOTE_UNIT_PRICE, 1900);
    expect(s, FACT_QUOTE_GOODS, 5700);
}

/* Without a number that is asked for, what comes with more is told all the same. */
static void test_no_quantity(void **state)
{
    struct sale *s = *state;

    add_tier(s, 10, usd(1800), false, true);
    build(s);
    expect(s, FACT_QUOTE_QUANTITY, UNKNOWN);
    expect(s, FACT_QUOTE_UNIT_PRICE, UNKNOWN);
    expect(s, FACT_QUOTE_NEXT_TIER, 10);
    expect(s, FACT_QUOTE_WHOLESALE_FROM, 10);
    expect_flag(s, FACT_QUOTE_WHOLESALE, TRI_UNKNOWN);
}

static void test_floor(void **state)
{
    static const struct {
        int64_t floor, price, tiers;
    } rows[] = {{1799, 1800, 1}, {1800, 1800, 1}, {1801, 2000, 0}, {2000, 2000, 0}, {2001, UNKNOWN, 0}};
    struct sale *s = *state;

    add_tier(s, 10, usd(1800), false, false);
    s->fixture.said.entities.quantity = 10;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        s->product.floor_price = usd(rows[i].floor);
        build(s);
        expect(s, FACT_QUOTE_UNIT_PRICE, (double)rows[i].price);
        assert_int_equal(facts_known(&s->facts, FACT_PRODUCT_TIERS), rows[i].tiers);
    }
}

/* A tier that can't be compared with the floor is not told; with a rate it is compared. */
static void test_floor_of_another_currency(void **state)
{
    struct sale *s = *state;

    add_tier(s, 10, usd(1800), false, false);
    s->fixture.said.entities.quantity = 10;
    s->product.floor_price = eur(1000);
    build(s);
    expect(s, FACT_QUOTE_UNIT_PRICE, 2000);
    expect(s, FACT_PRODUCT_FLOOR_PRICE, UNKNOWN);
    set_fx(s, "EUR", "1.8");
    build(s);
    expect(s, FACT_PRODUCT_FLOOR_PRICE, 1800);
    expect(s, FACT_QUOTE_UNIT_PRICE, 1800);
    s->product.floor_price = eur(1001);
    build(s);
    expect(s, FACT_QUOTE_UNIT_PRICE, 2000);
}

/* Whatever floor, tiers and promotions are on record, nothing below the floor is told. */
static void test_never_below_floor(void **state)
{
    struct sale *s = *state;
    uint32_t seed = 1;

    for (int round = 0; round < 2000; round++) {
        int64_t numbers[6];

        for (int i = 0; i < 6; i++) {
            seed = seed * 1664525 + 1013904223;
            numbers[i] = seed >> 16 & 0xFFF;
        }
        arena_reset(&s->fixture.arena);
        s->product.tier_count = 0;
        s->fixture.shop.promotion_count = 0;
        s->product.price = usd(numbers[0]);
        s->product.floor_price = usd(numbers[1]);
        add_tier(s, 2, usd(numbers[2]), false, false);
        add_tier(s, 1 + numbers[4] % 5, usd(numbers[3]), false, true);
        add_promotion(s, (double)(numbers[5] % 100), "2026-03-01", "2026-03-05");
        s->fixture.said.entities.quantity = 1 + numbers[4] % 7;
        build(s);
        for (enum fact fact = 0; fact < FACT_COUNT; fact++) {
            if ((fact == FACT_QUOTE_UNIT_PRICE || fact == FACT_QUOTE_NEXT_PRICE ||
                 fact == FACT_QUOTE_WHOLESALE_PRICE || fact == FACT_PROMOTION_PRICE) &&
                facts_known(&s->facts, fact))
                assert_true(facts_number(&s->facts, fact) >= (double)numbers[1]);
        }
    }
}

/* ---- freight ---- */

static void test_freight(void **state)
{
    struct sale *s = *state;

    s->fixture.request.buyer.country = "US";
    s->fixture.said.entities.quantity = 3; /* 900 g, 60.00 */
    add_method(s, "economy", false, usd(100), usd(0));
    build(s);
    expect(s, FACT_QUOTE_FREIGHT, 100);
    expect_text(s, FACT_QUOTE_METHOD, "economy");
    add_method(s, "post", true, usd(300), usd(505)); /* 3.00 + 0.9 kg of 5.05 = 7.545 */
    build(s);
    expect(s, FACT_QUOTE_FREIGHT, 755);
    expect_text(s, FACT_QUOTE_METHOD, "post");
    expect_flag(s, FACT_QUOTE_FREIGHT_FREE, TRI_FALSE);
    expect(s, FACT_QUOTE_TOTAL, 6755);
    s->methods[1].free_over = usd(6001);
    build(s);
    expect(s, FACT_QUOTE_FREIGHT, 755);
    s->methods[1].free_over = usd(6000);
    build(s);
    expect(s, FACT_QUOTE_FREIGHT, 0);
    expect_flag(s, FACT_QUOTE_FREIGHT_FREE, TRI_TRUE);
    expect(s, FACT_QUOTE_TOTAL, 6000);
}

static void test_freight_unknown(void **state)
{
    struct sale *s = *state;

    s->fixture.said.entities.quantity = 3;
    add_method(s, "post", true, usd(300), usd(500));
    build(s); /* no country */
    expect(s, FACT_QUOTE_FREIGHT, UNKNOWN);
    expect(s, FACT_QUOTE_TOTAL, UNKNOWN);
    expect(s, FACT_QUOTE_GOODS, 6000);
    s->fixture.request.buyer.country = "US";
    s->product.weight_g = -1;
    build(s);
    expect(s, FACT_QUOTE_FREIGHT, UNKNOWN);
    add_tier(s, 1, usd(1900), true, false);
    build(s); /* included: no weight is needed */
    expect(s, FACT_QUOTE_FREIGHT, 0);
    expect(s, FACT_QUOTE_TOTAL, 5700);
}

/* ---- promotions ---- */

static void test_promotion_days(void **state)
{
    static const struct {
        const char *from, *to;
        double left;
    } rows[] = {{"2026-03-01", "2026-03-02", 0},
                {"2026-03-01", "2026-03-09", 7},
                {"2026-02-01", "2026-03-01", UNKNOWN},
                {"2026-03-02T10:00:00Z", "2026-03-03", 1},
                {"2026-03-02T10:00:01Z", "2026-03-03", UNKNOWN}};
    struct sale *s = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        s->fixture.shop.promotion_count = 0;
        add_promotion(s, 15, rows[i].from, rows[i].to);
        build(s);
        expect(s, FACT_PROMOTION_PERCENT, rows[i].left == UNKNOWN ? UNKNOWN : 15);
        expect(s, FACT_PROMOTION_DAYS_LEFT, rows[i].left);
        expect(s, FACT_PROMOTION_PRICE, rows[i].left == UNKNOWN ? UNKNOWN : 1700);
    }
}

/* The one that takes most off and stays at or above the floor. */
static void test_promotion_floor(void **state)
{
    struct sale *s = *state;

    add_promotion(s, 10, "2026-03-01", "2026-03-09");
    add_promotion(s, 25, "2026-03-01", "2026-03-09");
    s->product.floor_price = usd(1500);
    build(s);
    expect(s, FACT_PROMOTION_PERCENT, 25);
    s->product.floor_price = usd(1501);
    build(s);
    expect(s, FACT_PROMOTION_PERCENT, 10);
    s->product.floor_price = usd(1801);
    build(s);
    expect(s, FACT_PROMOTION_PERCENT, UNKNOWN);
    s->product.floor_price = eur(1);
    build(s);
    expect(s, FACT_PROMOTION_PERCENT, UNKNOWN);
}

/* What a promotion makes of one holds for several, unless their tier costs less. */
static void test_promotion_of_several(void **state)
{
    static const struct {
        int64_t wanted, price, next;
        enum tristate promoted;
    } rows[] = {{1, 1600, 50, TRI_TRUE}, {10, 1600, 50, TRI_TRUE}, {50, 1500, UNKNOWN, TRI_FALSE}};
    struct sale *s = *state;

    add_tier(s, 10, usd(1800), false, false);
    add_tier(s, 50, usd(1500), false, false);
    add_promotion(s, 20, "2026-03-01", "2026-03-09");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        s->fixture.said.entities.quantity = rows[i].wanted;
        build(s);
        expect(s, FACT_QUOTE_UNIT_PRICE, (double)rows[i].price);
        expect(s, FACT_QUOTE_GOODS, (double)(rows[i].price * rows[i].wanted));
        expect(s, FACT_QUOTE_NEXT_TIER, (double)rows[i].next);
        expect_flag(s, FACT_QUOTE_PROMOTED, rows[i].promoted);
    }
}

static void test_promotion_skus(void **state)
{
    static const char *const other[] = {"HAT-1"}, *const this[] = {"HAT-1", "LAMP-1"};
    struct sale *s = *state;

    add_promotion(s, 10, "2026-03-01", "2026-03-09");
    s->promotions[0].skus = (struct field_array){other, 1};
    build(s);
    expect(s, FACT_PROMOTION_PERCENT, UNKNOWN);
    s->promotions[0].skus = (struct field_array){this, 2};
    build(s);
    expect(s, FACT_PROMOTION_PERCENT, 10);
    s->fixture.rows.product_count = 0;
    build(s); /* of no product that is known only what holds for all */
    expect(s, FACT_PROMOTION_PERCENT, UNKNOWN);
    s->promotions[0].skus = (struct field_array){NULL, 0};
    build(s);
    expect(s, FACT_PROMOTION_PERCENT, 10);
    expect(s, FACT_PROMOTION_PRICE, UNKNOWN);
}

/* ---- what is wanted ---- */

static void test_variants(void **state)
{
    static const struct {
        const char *text, *color, *size;
        const char *variant;
        enum tristate exists, available;
        double stock;
    } rows[] = {
        {"Do you have it in red, M?", "red", "M", "Red M", TRI_TRUE, TRI_TRUE, 3},
        {"Do you have it in red, L?", "red", "L", "Red L", TRI_TRUE, TRI_FALSE, 0},
        {"Is there a red one?", "red", NULL, "Red", TRI_TRUE, TRI_TRUE, 3},
        {"Is there a grey one?", "gray", NULL, "Grey S", TRI_TRUE, TRI_UNKNOWN, UNKNOWN},
        {"Have you got size M?", NULL, "M", "M", TRI_TRUE, TRI_TRUE, 10},
        {"Is it made in purple?", "purple", NULL, "purple", TRI_FALSE, TRI_FALSE, 0},
        {"Do you do red in XXL?", "red", "XXL", "red, XXL", TRI_FALSE, TRI_FALSE, 0},
        {"Can I have Rose Gold please?", "gold", NULL, "Rose Gold M", TRI_TRUE, TRI_TRUE, 7},
        {"Is it there?", NULL, NULL, NULL, TRI_UNKNOWN, TRI_TRUE, UNKNOWN},
        {"It is Sam's birthday", NULL, NULL, NULL, TRI_UNKNOWN, TRI_TRUE, UNKNOWN},
    };
    struct sale *s = *state;
    struct entities *said = &s->fixture.said.entities;

    add_variant(s, "Red M", "Red", "M", 3);
    add_variant(s, "Red L", "Red", "L", 0);
    add_variant(s, "Rose Gold M", "Rose Gold", "M", 7);
    add_variant(s, "Grey S", "Grey", "S", -1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        s->fixture.request.message.text = rows[i].text;
        said->color_count = rows[i].color != NULL;
        said->colors[0] = rows[i].color;
        said->size_count = rows[i].size != NULL;
        said->sizes[0] = (struct size_said){.size = rows[i].size, .text = rows[i].size};
        build(s);
        expect_text(s, FACT_WANTED_VARIANT, rows[i].variant);
        expect_flag(s, FACT_WANTED_VARIANT_EXISTS, rows[i].exists);
        expect_flag(s, FACT_WANTED_AVAILABLE, rows[i].available);
        expect(s, FACT_WANTED_STOCK, rows[i].stock);
    }
}

static void test_stock(void **state)
{
    static const struct {
        int64_t stock;
        enum tristate available, low;
    } rows[] = {{-1, TRI_UNKNOWN, TRI_UNKNOWN},
                {0, TRI_FALSE, TRI_FALSE},
                {1, TRI_TRUE, TRI_TRUE},
                {5, TRI_TRUE, TRI_TRUE},
                {6, TRI_TRUE, TRI_FALSE}};
    struct sale *s = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        s->product.stock = rows[i].stock;
        build(s);
        expect_flag(s, FACT_WANTED_AVAILABLE, rows[i].available);
        expect_flag(s, FACT_WANTED_LOW, rows[i].low);
    }
}

/* Those nearest to what is wanted first, none out of stock. */
static void test_others(void **state)
{
    struct sale *s = *state;

    add_variant(s, "Blue S", "Blue", "S", 4);
    add_variant(s, "Red M", "Red", "M", 0);
    add_variant(s, "Blue M", "Blue", "M", 9);
    add_variant(s, "Red L", "Red", "L", 2);
    add_variant(s, "Green M", "Green", "M", 0);
    s->fixture.request.message.text = "Do you have the red one in M?";
    s->fixture.said.entities.colors[s->fixture.said.entities.color_count++] = "red";
    s->fixture.said.entities.sizes[s->fixture.said.entities.size_count++] =
        (struct size_said){.size = "M", .text = "M"};
    build(s);
    expect_flag(s, FACT_WANTED_AVAILABLE, TRI_FALSE);
    assert_int_equal(s->facts.slot[FACT_WANTED_OTHERS].len, 3);
    assert_string_equal(field(s, FACT_WANTED_OTHERS, 0, FIELD_WANTED_OTHERS_NAME)->string, "Blue M");
    assert_string_equal(field(s, FACT_WANTED_OTHERS, 1, FIELD_WANTED_OTHERS_NAME)->string, "Red L");
    assert_string_equal(field(s, FACT_WANTED_OTHERS, 2, FIELD_WANTED_OTHERS_NAME)->string, "Blue S");
}

static void test_restock(void **state)
{
    static const struct {
        const char *on;
        bool known;
    } rows[] = {{"2026-03-01", false}, {"2026-03-02", true}, {"2026-03-20", true}};
    struct sale *s = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        s->product.restock_on = at(rows[i].on);
        build(s);
        assert_int_equal(facts_known(&s->facts, FACT_PRODUCT_RESTOCK_ON), rows[i].known);
    }
}

static void test_alternatives(void **state)
{
    struct sale *s = *state;

    s->product.alternative_count = 3;
    s->others[0] = (struct case_product){.sku = "A", .name = "Out", .price = usd(100), .stock = 0};
    s->others[1] = (struct case_product){
        .sku = "B", .name = "Cheap", .price = usd(1999), .stock = -1, .voltage = "110V", .plug = "US"};
    s->others[2] = (struct case_product){
        .sku = "C", .name = "Same", .price = usd(2000), .stock = 3, .voltage = "220V", .plug = "EU"};
    s->fixture.request.buyer.country = "US";
    build(s);
    assert_int_equal(s->facts.slot[FACT_PRODUCT_ALTERNATIVES].len, 2);
    assert_string_equal(field(s, FACT_PRODUCT_ALTERNATIVES, 0, FIELD_PRODUCT_ALTERNATIVES_SKU)->string, "B");
    assert_true(field(s, FACT_PRODUCT_ALTERNATIVES, 0, FIELD_PRODUCT_ALTERNATIVES_CHEAPER)->truth);
    assert_false(field(s, FACT_PRODUCT_ALTERNATIVES, 1, FIELD_PRODUCT_ALTERNATIVES_CHEAPER)->truth);
    assert_true(field(s, FACT_PRODUCT_ALTERNATIVES, 0, FIELD_PRODUCT_ALTERNATIVES_FITS_POWER)->truth);
    assert_false(field(s, FACT_PRODUCT_ALTERNATIVES, 1, FIELD_PRODUCT_ALTERNATIVES_FITS_POWER)->truth);
}

/* ---- of an order ---- */

static void with_order(struct sale *s)
{
    s->fixture.rows.order = &s->fixture.order;
    s->fixture.request.order_number = "1001";
    s->fixture.request.sku = NULL;
}

/* The line that the text names more of than of any other. */
static void test_item_named(void **state)
{
    static const struct {
        const char *text, *sku;
    } rows[] = {
        {"The blue dress is torn", "BD-1"},      {"my HATS are too small", "BH-1"},
        {"the blue one is torn", NULL},          {"it is torn", NULL},
        {"The dress, not the hat", NULL},        {"The dress in M, blue", "BD-1"},
        {"I was charged for the whatnot", NULL},
    };
    struct sale *s = *state;

    with_order(s);
    s->fixture.items[0] = (struct case_item){"BD-1", "Blue Dress", "M", 1, 3490, {0}};
    s->fixture.items[1] = (struct case_item){"BH-1", "Blue Hat", "One Size", 1, 990, {0}};
    s->fixture.order.item_count = 2;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        s->fixture.request.message.text = rows[i].text;
        build(s);
        expect_text(s, FACT_PRODUCT_SKU, rows[i].sku);
    }
    s->fixture.order.item_count = 1;
    s->fixture.request.message.text = "it is torn";
    build(s);
    expect_text(s, FACT_PRODUCT_SKU, "BD-1");
}

/* Who has red and M and writes of them and of another wants the other. */
static void test_other_than_he_has(void **state)
{
    struct sale *s = *state;
    struct entities *said = &s->fixture.said.entities;

    with_order(s);
    s->product.sku = "BD-1";
    s->fixture.items[0].variant = "Red M";
    add_variant(s, "Red M", "Red", "M", 3);
    add_variant(s, "Blue L", "Blue", "L", 2);
    s->fixture.request.message.text = "Can you change my dress from red M to blue L?";
    said->colors[said->color_count++] = "red";
    said->colors[said->color_count++] = "blue";
    said->sizes[said->size_count++] = (struct size_said){.size = "M", .text = "M"};
    said->sizes[said->size_count++] = (struct size_said){.size = "L", .text = "L"};
    build(s);
    expect_text(s, FACT_WANTED_VARIANT, "Blue L");
    expect(s, FACT_WANTED_STOCK, 2);
}

static void test_price_drop(void **state)
{
    static const struct {
        int64_t paid, price, percent, drop;
    } rows[] = {{3490, 3000, 0, 490},
                {3490, 3490, 0, 0},
                {3490, 3600, 0, 0},
                {3490, 3490, 10, 349},
                {3490, 3000, 10, 790}};
    struct sale *s = *state;

    with_order(s);
    s->product.sku = "BD-1";
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        s->fixture.items[0].unit_price = rows[i].paid;
        s->product.price = usd(rows[i].price);
        s->fixture.shop.promotion_count = 0;
        add_promotion(s, (double)rows[i].percent, "2026-03-01", "2026-03-09");
        build(s);
        expect(s, FACT_PRICE_DROP_AMOUNT, (double)rows[i].drop);
    }
    s->product.price = eur(2000);
    build(s);
    expect(s, FACT_PRICE_DROP_AMOUNT, UNKNOWN);
    s->fixture.items[0].quantity = 2;
    s->product.price = usd(3000);
    s->fixture.shop.promotion_count = 0;
    build(s);
    expect(s, FACT_PRICE_DROP_AMOUNT, 980);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_units),
        TEST(test_tiers),
        TEST(test_tiers_count_packs),
        TEST(test_no_quantity),
        TEST(test_floor),
        TEST(test_floor_of_another_currency),
        TEST(test_never_below_floor),
        TEST(test_freight),
        TEST(test_freight_unknown),
        TEST(test_promotion_days),
        TEST(test_promotion_floor),
        TEST(test_promotion_of_several),
        TEST(test_promotion_skus),
        TEST(test_variants),
        TEST(test_stock),
        TEST(test_others),
        TEST(test_restock),
        TEST(test_alternatives),
        TEST(test_item_named),
        TEST(test_other_than_he_has),
        TEST(test_price_drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
