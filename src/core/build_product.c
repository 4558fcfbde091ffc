/* What the message is about: the product, the colour or variant that is wanted of it, how many, where to. The
 * words of the text are compared with the record's; nothing is taken for named that may be something else. */
#include "build.h"

#include "replyd/power.h"

#include <math.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define OTHERS_MAX 6 /* variants told: enough to choose from, few enough to read */

/* ---- words ---- */

#define TEXT_READ                                                                                            \
    4000 /* bytes of a letter in which a product's words are looked for: each is, for each variant */

/* Of a text: " red dress m ", without case, accents and signs. What does not fit is cut off. */
static const char *folded(const char *text, struct arena *arena)
{
    int32_t size = text ? (int32_t)strnlen(text, TEXT_READ) : 0, max = 2 * size + 64, len = 0, used = 0;
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&status);
    UChar *wide = arena_alloc(arena, max * sizeof(*wide)), *plain = arena_alloc(arena, max * sizeof(*plain));
    char *out = arena_alloc(arena, max);
    UBool full = false;

    out[used++] = ' ';
    u_strFromUTF8WithSub(wide, max, &len, text ? text : "", size, 0xFFFD, NULL, &status);
    len = unorm2_normalize(nfkd, wide, len, plain, max, &status);
    len = u_strFoldCase(wide, max, plain, len, U_FOLD_CASE_DEFAULT, &status);
    for (int32_t i = 0; U_SUCCESS(status) && !full && used < max - 8 && i < len;) {
        UChar32 c;

        U16_NEXT(wide, i, len, c);
        if (u_isalnum(c))
            U8_APPEND((uint8_t *)out, used, max - 2, c, full);
        else if (u_charType(c) != U_NON_SPACING_MARK && c != '\'' && c != 0x2019 && out[used - 1] != ' ')
            out[used++] = ' ';
    }
    if (out[used - 1] != ' ')
        out[used++] = ' ';
    out[used] = '\0';
    return out;
}

/* Scripts without spaces: a word stands anywhere. */
static bool runs_together(const char *word)
{
    return (unsigned char)word[1] >= 0xE2;
}

/* Does the folded text hold the folded phrase, in the singular or a plural? */
static bool holds(const char *text, const char *phrase)
{
    size_t len = strlen(phrase);

    if (len <= 2)
        return false;
    if (runs_together(phrase)) {
        char *core = strndupa(phrase + 1, len - 2);

        return strstr(text, core) != NULL;
    }
    for (const char *at = text; (at = strchr(at, ' ')) && at[1]; at++) {
        if (strncmp(at, phrase, len - 1) != 0)
            continue;
        at += len - 1;
        if (*at == ' ' || strncmp(at, "s ", 2) == 0 || strncmp(at, "es ", 3) == 0)
            return true;
        at -= len - 1;
    }
    return false;
}

static const char *text_of(const struct builder *b)
{
    const struct request_message *message = &b->request->message;

    if (!b->understanding || !message->text)
        return folded("", b->facts->arena);
    return folded(
        arena_printf(b->facts->arena, "%s\n%s", message->subject ? message->subject : "", message->text),
        b->facts->arena);
}

/* ---- which product ---- */

/* Words that name no goods. */
static bool says_nothing(const char *word)
{
    static const char *const words[] = {" a ",    " an ",  " the ", " for ", " and ", " with ", " of ",
                                        " in ",   " to ",  " on ",  " by ",  " or ",  " new ",  " my ",
                                        " your ", " you ", " one ", " not ", " set ", " from "};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

/* How many of the words of an item's name and variant the text holds. */
static int words_named(const struct builder *b, const char *text, const struct case_item *item)
{
    struct arena *arena = b->facts->arena;
    const char *name =
        folded(arena_printf(arena, "%s %s", item->name ? item->name : "", item->variant ? item->variant : ""),
               arena);
    int named = 0;

    for (const char *at = name; at[0] == ' ' && at[1] != '\0';) {
        size_t len = strcspn(at + 1, " ");
        const char *word = arena_strndup(arena, at, len + 2);

        named += len > 1 && !says_nothing(word) && holds(text, word);
        at += len + 1;
    }
    return named;
}

static bool same_text(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* The line of the order that the text names more of than of any other, else the only line. */
static const struct case_item *item_named(const struct builder *b)
{
    const struct case_order *order = b->order;
    const struct case_item *best = NULL;
    const char *text;
    int most = 0;
    bool tie = false;

    if (!order || order->item_count == 0)
        return NULL;
    if (b->request->sku) {
        for (int i = 0; i < order->item_count; i++) {
            if (same_text(order->items[i].sku, b->request->sku))
                return &order->items[i];
        }
        return NULL;
    }
    if (order->item_count == 1)
        return &order->items[0];
    text = text_of(b);
    for (int i = 0; i < order->item_count; i++) {
        const struct case_item *item = &order->items[i];
        int named = words_named(b, text, item);

        if (named > most) {
            best = item;
            most = named;
            tie = false;
        } else if (best && named == most) {
            tie |= !same_text(item->sku, best->sku);
        }
    }
    return tie ? NULL : best;
}

static const struct case_product *product_of(const struct case_rows *rows, const char *sku)
{
    for (int i = 0; sku && i < rows->product_count; i++) {
        if (same_text(rows->products[i].sku, sku))
            return &rows->products[i];
    }
    return NULL;
}

/* What is meant by "we cannot send it": the only line of the order whose product is known to be out of stock.
 */
static const struct case_item *item_out(const struct builder *b)
{
    const struct case_item *out = NULL;

    for (int i = 0; b->order && i < b->order->item_count; i++) {
        const struct case_product *product = product_of(b->rows, b->order->items[i].sku);

        if (!product || product->stock != 0)
            continue;
        if (out)
            return NULL;
        out = &b->order->items[i];
    }
    return out;
}

void product_choose(struct builder *b)
{
    b->item = item_named(b);
    if (!b->item && !b->request->sku && b->request->trigger == TRIGGER_SELLER_CANNOT_SHIP)
        b->item = item_out(b);
    b->product = product_of(b->rows, b->request->sku ? b->request->sku : b->item ? b->item->sku : NULL);
}

/* ---- product.* ---- */

static const char *currency_of(const struct builder *b, const struct case_product *product)
{
    if (product->price.currency[0])
        return product->price.currency;
    if (product->tier_count > 0 && product->tiers[0].unit_price.currency[0])
        return product->tiers[0].unit_price.currency;
    return product->floor_price.currency[0] ? product->floor_price.currency : b->policy->currency;
}

static struct value number_value(int64_t number)
{
    return number >= 0 ? value_number((double)number) : VALUE_NULL_INIT;
}

static struct value flag_value(enum tristate flag)
{
    return flag == TRI_UNKNOWN ? VALUE_NULL_INIT : value_bool(flag == TRI_TRUE);
}

static void build_variants(const struct builder *b)
{
    const struct case_product *product = b->product;
    struct value *field;

    if (product->variant_count == 0)
        return;
    field = facts_set_list(b->facts, FACT_PRODUCT_VARIANTS, product->variant_count);
    for (int i = 0; i < product->variant_count; i++) {
        const struct case_variant *variant = &product->variants[i];

        field[FIELD_PRODUCT_VARIANTS_SKU] = text_value(variant->sku);
        field[FIELD_PRODUCT_VARIANTS_NAME] = text_value(variant->name);
        field[FIELD_PRODUCT_VARIANTS_COLOR] = text_value(variant->color);
        field[FIELD_PRODUCT_VARIANTS_SIZE] = text_value(variant->size);
        field[FIELD_PRODUCT_VARIANTS_STOCK] = number_value(variant->stock);
        field += facts_info[FACT_PRODUCT_VARIANTS].field_count;
    }
}

/* Do voltage and plug both fit? One that does not is enough to say no. */
static enum tristate fits_power(const struct builder *b, const struct case_product *product)
{
    const char *country = facts_text(b->facts, FACT_WANTED_COUNTRY);
    enum tristate voltage = power_voltage_fits(product->voltage, country);
    enum tristate plug = power_plug_fits(product->plug, country);

    if (voltage == TRI_FALSE || plug == TRI_FALSE)
        return TRI_FALSE;
    return voltage == TRI_TRUE && plug == TRI_TRUE ? TRI_TRUE : TRI_UNKNOWN;
}

static void build_alternatives(const struct builder *b, const char *currency)
{
    const struct case_product *product = b->product;
    int64_t price = money_in(b, &product->price, currency);
    struct value *field;
    int count = 0;

    for (int i = 0; i < product->alternative_count; i++)
        count += product->alternatives[i].stock != 0;
    if (count == 0)
        return;
    field = facts_set_list(b->facts, FACT_PRODUCT_ALTERNATIVES, count);
    for (int i = 0; i < product->alternative_count; i++) {
        const struct case_product *other = &product->alternatives[i];
        int64_t cost = money_in(b, &other->price, currency);

        if (other->stock == 0)
            continue;
        field[FIELD_PRODUCT_ALTERNATIVES_SKU] = text_value(other->sku);
        field[FIELD_PRODUCT_ALTERNATIVES_NAME] = text_value(other->name);
        field[FIELD_PRODUCT_ALTERNATIVES_PRICE] = number_value(cost);
        field[FIELD_PRODUCT_ALTERNATIVES_STOCK] = number_value(other->stock);
        field[FIELD_PRODUCT_ALTERNATIVES_DESCRIPTION] = text_value(other->description);
        field[FIELD_PRODUCT_ALTERNATIVES_MATERIAL] = text_value(other->material);
        if (price != MONEY_NONE && cost != MONEY_NONE)
            field[FIELD_PRODUCT_ALTERNATIVES_CHEAPER] = value_bool(cost < price);
        field[FIELD_PRODUCT_ALTERNATIVES_FITS_POWER] = flag_value(fits_power(b, other));
        field += facts_info[FACT_PRODUCT_ALTERNATIVES].field_count;
    }
}

static void set_count(const struct builder *b, enum fact fact, int64_t count)
{
    if (count >= 0)
        facts_set_number(b->facts, fact, (double)count);
}

static void build_record(const struct builder *b)
{
    const struct case_product *product = b->product;
    const char *currency = currency_of(b, product);

    facts_set_text(b->facts, FACT_PRODUCT_SKU, product->sku);
    facts_set_text(b->facts, FACT_PRODUCT_NAME,
                   product->name ? product->name
                   : b->item     ? b->item->name
                                 : NULL);
    facts_set_text(b->facts, FACT_PRODUCT_CURRENCY, currency);
    set_amount(b, FACT_PRODUCT_PRICE, money_in(b, &product->price, currency));
    set_amount(b, FACT_PRODUCT_FLOOR_PRICE, money_in(b, &product->floor_price, currency));
    facts_set_text(b->facts, FACT_PRODUCT_DESCRIPTION, product->description);
    facts_set_text(b->facts, FACT_PRODUCT_MATERIAL, product->material);
    facts_set_text(b->facts, FACT_PRODUCT_LOW_PRICE_REASON, product->low_price_reason);
    set_flag(b, FACT_PRODUCT_QUALITY_GUARANTEE, product->quality_guarantee);
    set_count(b, FACT_PRODUCT_STOCK, product->stock);
    if (product->restock_on != MOMENT_NONE && moment_day(product->restock_on) >= b->today)
        set_day(b, FACT_PRODUCT_RESTOCK_ON, product->restock_on);
    facts_set_text(b->facts, FACT_PRODUCT_UNIT_OF_SALE, product->unit_of_sale);
    set_count(b, FACT_PRODUCT_UNITS_PER_PACK, product->units_per_pack);
    facts_set_flag(b->facts, FACT_PRODUCT_BY_PACK, units_of_sale(product) != 1);
    if (product->weight_g > 0)
        facts_set_number(b->facts, FACT_PRODUCT_WEIGHT_G, product->weight_g);
    facts_set_text(b->facts, FACT_PRODUCT_VOLTAGE, product->voltage);
    facts_set_text(b->facts, FACT_PRODUCT_PLUG, product->plug);
    if (facts_flag(b->facts, FACT_REPLY_LINKS))
        facts_set_text(b->facts, FACT_PRODUCT_MANUAL_URL, product->manual_url);
    build_variants(b);
    build_alternatives(b, currency);
}

/* ---- what is wanted of it ---- */

/* What the text names: colours and sizes that are asked for, not those that he has. */
struct wish {
    const char *text; /* folded */
    const char *colors[UNDERSTAND_COLORS];
    const char *not_colors[UNDERSTAND_COLORS];
    const char *sizes[UNDERSTAND_SIZES]; /* folded */
    const char *size_text;               /* of the first, as the buyer says it */
    int color_count, not_color_count, size_count;
};

/* British and American. */
static const char *one_spelling(const char *folded_text, struct arena *arena)
{
    char *copy = arena_strdup(arena, folded_text);

    for (char *at = copy; (at = strstr(at, " grey ")); at++)
        at[3] = 'a';
    return copy;
}

static const char *phrase_of(const char *text, struct arena *arena)
{
    return one_spelling(folded(text, arena), arena);
}

/* Who has M and writes of M and L wants L. */
static struct wish wish_of(const struct builder *b)
{
    struct arena *arena = b->facts->arena;
    const struct entities *said = &b->understanding->entities;
    const char *has = phrase_of(b->item ? b->item->variant : NULL, arena);
    struct wish wish = {.text = one_spelling(text_of(b), arena), .not_color_count = said->other_color_count};

    for (int i = 0; i < said->other_color_count; i++)
        wish.not_colors[i] = phrase_of(said->other_colors[i], arena);
    for (int keep_own = 0; keep_own < 2 && wish.color_count == 0; keep_own++) {
        for (int i = 0; i < said->color_count; i++) {
            const char *color = phrase_of(said->colors[i], arena);

            if (keep_own || !holds(has, color))
                wish.colors[wish.color_count++] = color;
        }
    }
    for (int keep_own = 0; keep_own < 2 && wish.size_count == 0; keep_own++) {
        for (int i = 0; i < said->size_count; i++) {
            const char *size = phrase_of(said->sizes[i].size, arena);

            if (said->sizes[i].wears || (!keep_own && holds(has, size)))
                continue;
            if (wish.size_count == 0)
                wish.size_text = said->sizes[i].text;
            wish.sizes[wish.size_count++] = size;
        }
    }
    return wish;
}

static bool holds_any(const char *text, const char *const *phrases, int count)
{
    for (int i = 0; i < count; i++) {
        if (holds(text, phrases[i]))
            return true;
    }
    return false;
}

/* A variant, its words folded. */
struct offer {
    const struct case_variant *variant;
    const char *color, *size; /* of its fields; where it has none, of its name */
    bool own_color, color_fits, size_fits, named;
};

static struct offer offer_of(const struct builder *b, const struct wish *wish,
                             const struct case_variant *variant)
{
    struct arena *arena = b->facts->arena;
    const char *name = phrase_of(variant->name, arena), *color = phrase_of(variant->color, arena);
    struct offer offer = {.variant = variant,
                          .color = variant->color ? color : name,
                          .size = variant->size ? phrase_of(variant->size, arena) : name};

    /* A record's own words for a colour ("Rose Gold") are found in the text itself; the one that he has is
     * not what he asks for. */
    offer.own_color = strlen(color) > 4 && holds(wish->text, color) &&
                      !holds(phrase_of(b->item ? b->item->variant : NULL, arena), color);
    offer.own_color &= !holds_any(color, wish->not_colors, wish->not_color_count);
    offer.color_fits = offer.own_color || holds_any(offer.color, wish->colors, wish->color_count);
    offer.size_fits = holds_any(offer.size, wish->sizes, wish->size_count) ||
                      (variant->size && strlen(offer.size) > 5 && holds(wish->text, offer.size));
    offer.named = strlen(name) > 5 && holds(wish->text, name);
    return offer;
}

/* "Blue, M" */
static const char *variant_name(const struct builder *b, const struct case_variant *variant)
{
    if (variant->name)
        return variant->name;
    if (variant->color && variant->size)
        return arena_printf(b->facts->arena, "%s, %s", variant->color, variant->size);
    return variant->color ? variant->color : variant->size ? variant->size : variant->sku;
}

/* What of the record the text asks for. */
struct found {
    struct offer *offers;
    bool *meant;
    int count;
    bool names_color, names_size, names_variant; /* does the text name one? */
};

static struct found find_variants(const struct builder *b, const struct wish *wish)
{
    const struct case_product *product = b->product;
    struct arena *arena = b->facts->arena;
    struct found found = {.offers = arena_zalloc(arena, (product->variant_count + 1) * sizeof(*found.offers)),
                          .meant = arena_zalloc(arena, (product->variant_count + 1) * sizeof(*found.meant)),
                          .count = product->variant_count};
    bool own_color = false, sized = false;

    for (int i = 0; i < found.count; i++) {
        struct offer *offer = &found.offers[i];

        *offer = offer_of(b, wish, &product->variants[i]);
        own_color |= offer->own_color;
        found.names_variant |= offer->named;
        found.names_color |= offer->color_fits;
        found.names_size |= offer->size_fits;
        sized |= offer->variant->size != NULL;
    }
    found.names_color |= wish->color_count > 0;
    /* Of a record without sizes nothing can be said about one. */
    found.names_size |= wish->size_count > 0 && sized;
    for (int i = 0; i < found.count; i++) {
        const struct offer *offer = &found.offers[i];

        if (found.names_variant && !found.names_size)
            found.meant[i] = offer->named;
        else
            found.meant[i] = (found.names_color || found.names_size) &&
                             (!found.names_color || (own_color ? offer->own_color : offer->color_fits)) &&
                             (!found.names_size || offer->size_fits);
    }
    return found;
}

/* In the record's words: of one variant its name, of several what they share. */
static const char *words_of(const struct builder *b, const struct found *found)
{
    const struct case_variant *first = NULL;
    int meant = 0;

    for (int i = 0; i < found->count; i++) {
        meant += found->meant[i];
        if (found->meant[i] && !first)
            first = found->offers[i].variant;
    }
    if (meant > 1 && found->names_color && first->color)
        return first->color;
    if (meant > 1 && found->names_size && first->size)
        return first->size;
    return variant_name(b, first);
}

/* In the buyer's. */
static const char *words_said(const struct builder *b, const struct wish *wish)
{
    const struct entities *said = &b->understanding->entities;
    const char *color = NULL;

    for (int i = 0; i < said->color_count && !color; i++) {
        if (wish->color_count > 0 &&
            strcmp(phrase_of(said->colors[i], b->facts->arena), wish->colors[0]) == 0)
            color = said->colors[i];
    }
    if (color && wish->size_text)
        return arena_printf(b->facts->arena, "%s, %s", color, wish->size_text);
    return color ? color : wish->size_text;
}

static bool in_stock(const struct case_variant *variant)
{
    return variant->stock > 0;
}

/* Does the buyer, who wants another one, have it already by his order? Nobody changes green for green. */
static bool is_ordered(const struct builder *b, const struct case_variant *variant)
{
    int intent = b->understanding ? b->understanding->intent : -1;

    if (!b->item || (intent != INTENT_CHANGE_ITEM && intent != INTENT_REQUEST_EXCHANGE))
        return false;
    return same_text(b->item->sku, variant->sku) || same_text(b->item->variant, variant_name(b, variant));
}

static bool is_other(const struct builder *b, const struct found *found, int i)
{
    const struct case_variant *variant = found->offers[i].variant;

    return !found->meant[i] && in_stock(variant) && variant_name(b, variant) && !is_ordered(b, variant);
}

/* Those that share a colour or size with what is wanted first. */
static void build_others(const struct builder *b, const struct found *found)
{
    struct value *field;
    int count = 0, used = 0;

    for (int i = 0; i < found->count; i++)
        count += is_other(b, found, i);
    count = count < OTHERS_MAX ? count : OTHERS_MAX;
    if (count == 0)
        return;
    field = facts_set_list(b->facts, FACT_WANTED_OTHERS, count);
    for (int near = 1; near >= 0; near--) {
        for (int i = 0; i < found->count && used < count; i++) {
            const struct offer *offer = &found->offers[i];

            if (!is_other(b, found, i) || (offer->color_fits || offer->size_fits) != near)
                continue;
            field[FIELD_WANTED_OTHERS_NAME] = text_value(variant_name(b, offer->variant));
            field[FIELD_WANTED_OTHERS_STOCK] = number_value(offer->variant->stock);
            field += facts_info[FACT_WANTED_OTHERS].field_count;
            used++;
        }
    }
}

/* How many there are of the variants that are meant, or of all; -1: unknown. */
static int64_t stock_of(const struct found *found, bool all, bool *ret_some)
{
    int64_t stock = 0;
    int count = 0;

    *ret_some = false;
    for (int i = 0; i < found->count; i++) {
        int64_t one = found->offers[i].variant->stock;

        if (!all && !found->meant[i])
            continue;
        count++;
        *ret_some |= one > 0;
        stock = stock < 0 || one < 0 ? -1 : stock + one;
    }
    return count > 0 ? stock : -1;
}

static void set_stock(const struct builder *b, int64_t stock, bool some)
{
    set_count(b, FACT_WANTED_STOCK, stock);
    if (stock >= 0 || some)
        facts_set_flag(b->facts, FACT_WANTED_AVAILABLE, stock > 0 || some);
    if (stock >= 0)
        facts_set_flag(b->facts, FACT_WANTED_LOW, stock > 0 && stock <= b->policy->low_stock);
}

static void build_variant_wanted(const struct builder *b)
{
    struct wish wish = b->understanding ? wish_of(b) : (struct wish){.text = " "};
    struct found found = find_variants(b, &wish);
    bool named = found.names_color || found.names_size || found.names_variant, exists = false, some;
    int64_t stock;

    for (int i = 0; i < found.count; i++)
        exists |= found.meant[i];
    if (!named || found.count == 0) {
        /* Nothing is named, or the record knows of no variants. */
        if (b->understanding)
            facts_set_text(b->facts, FACT_WANTED_VARIANT, words_said(b, &wish));
        if (found.count == 0 && named)
            return;
        stock = b->product->stock >= 0 ? b->product->stock : stock_of(&found, true, &some);
        some = stock > 0;
        if (stock < 0)
            stock_of(&found, true, &some);
        set_stock(b, stock, some);
    } else {
        facts_set_text(b->facts, FACT_WANTED_VARIANT, exists ? words_of(b, &found) : words_said(b, &wish));
        facts_set_flag(b->facts, FACT_WANTED_VARIANT_EXISTS, exists);
        stock = exists ? stock_of(&found, false, &some) : 0;
        set_stock(b, stock, exists && some);
    }
    build_others(b, &found);
}

/* Packs of which the text does not say how much they hold are the record's. */
static void build_quantity_wanted(const struct builder *b)
{
    const struct entities *said = &b->understanding->entities;
    int64_t units = b->product ? b->product->units_per_pack : -1;

    if (said->quantity > 0)
        set_count(b, FACT_WANTED_QUANTITY, said->quantity);
    else if (said->packs > 0 && units > 0 && said->packs <= INT32_MAX / units)
        set_count(b, FACT_WANTED_QUANTITY, said->packs * units);
}

/* Where it is to go: named in the text, else the order's, the request's, the customer's. */
static void build_country_wanted(const struct builder *b)
{
    const char *countries[] = {b->understanding ? b->understanding->entities.country : NULL,
                               b->order ? b->order->address.country : NULL, b->request->buyer.country,
                               facts_text(b->facts, FACT_CUSTOMER_COUNTRY)};

    for (size_t i = 0; i < sizeof(countries) / sizeof(*countries); i++) {
        if (!countries[i] || !*countries[i])
            continue;
        facts_set_text(b->facts, FACT_WANTED_COUNTRY, countries[i]);
        return;
    }
}

static void build_power(const struct builder *b)
{
    const char *country = facts_text(b->facts, FACT_WANTED_COUNTRY);
    double volts = power_volts(country);

    if (volts > 0)
        facts_set_number(b->facts, FACT_POWER_VOLTS, volts);
    facts_set_text(b->facts, FACT_POWER_PLUGS, power_plugs(country, b->facts->arena));
    if (!b->product)
        return;
    set_flag(b, FACT_POWER_VOLTAGE_FITS, power_voltage_fits(b->product->voltage, country));
    set_flag(b, FACT_POWER_PLUG_FITS, power_plug_fits(b->product->plug, country));
}

void build_product(const struct builder *b)
{
    const struct entities *said = b->understanding ? &b->understanding->entities : NULL;

    build_country_wanted(b);
    build_power(b);
    if (said) {
        facts_set_text(b->facts, FACT_WANTED_CARRIER, said->carrier);
        if (said->deadline_on >= 0)
            set_count(b, FACT_WANTED_DEADLINE_ON, said->deadline_on);
        else if (said->deadline_days >= 0)
            set_count(b, FACT_WANTED_DEADLINE_ON, b->today + said->deadline_days);
        build_quantity_wanted(b);
        facts_set_flag(b->facts, FACT_WANTED_RESALE, said->resale);
        facts_set_flag(b->facts, FACT_WANTED_WEIGHT, said->weighs);
    }
    if (!b->product) {
        if (said) {
            struct wish wish = wish_of(b);

            facts_set_text(b->facts, FACT_WANTED_VARIANT, words_said(b, &wish));
        }
        if (b->item)
            facts_set_text(b->facts, FACT_PRODUCT_NAME, b->item->name);
        facts_set_text(b->facts, FACT_PRODUCT_SKU,
                       b->request->sku ? b->request->sku
                       : b->item       ? b->item->sku
                                       : NULL);
        return;
    }
    build_record(b);
    build_variant_wanted(b);
    if (said && said->price.currency[0])
        set_money(b, FACT_WANTED_PRICE,
                  money_in(b, &said->price, facts_text(b->facts, FACT_PRODUCT_CURRENCY)));
}
