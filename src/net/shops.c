#include "replyd/shops.h"

#include "replyd/log.h"
#include "replyd/playbook.h"

#include <stdlib.h>
#include <string.h>

const struct statement shops_load = {
    "shops_load",
    "SELECT s.shop_id, s.version, s.policy_version, s.code, s.name, p.body::text,"
    " (SELECT jsonb_agg(h.body ORDER BY h.code)::text FROM replyd_data.holidays h WHERE h.shop_id = "
    "s.shop_id),"
    " (SELECT jsonb_agg(jsonb_build_array(m.code, m.body) ORDER BY m.code)::text"
    "  FROM replyd_data.shipping_methods m WHERE m.shop_id = s.shop_id),"
    " (SELECT jsonb_agg(p.body ORDER BY p.code)::text FROM replyd_data.promotions p WHERE p.shop_id = "
    "s.shop_id),"
    /* a country has one body, or a list of such */
    " (SELECT jsonb_agg(jsonb_build_array(c.country, r.body) ORDER BY c.country, r.position)::text"
    "  FROM replyd_data.customs_rules c, jsonb_array_elements(CASE jsonb_typeof(c.body)"
    "   WHEN 'array' THEN c.body ELSE jsonb_build_array(c.body) END) WITH ORDINALITY AS r (body, position)"
    "  WHERE c.shop_id = s.shop_id),"
    /* the shop's own words: [issue, language or null, body] */
    " (SELECT jsonb_agg(jsonb_build_array(o.issue, o.language, o.body) ORDER BY o.issue, o.language)::text"
    "  FROM (SELECT t.issue, t.language, t.body FROM replyd_data.templates t WHERE t.shop_id = s.shop_id"
    "   UNION ALL SELECT r.issue, NULL, r.body FROM replyd_data.rules r WHERE r.shop_id = s.shop_id) AS o)"
    " FROM unnest($1::int8[]) AS w(shop_id)"
    " JOIN replyd_data.shops s ON s.shop_id = w.shop_id"
    " LEFT JOIN replyd_data.policies p ON p.shop_id = s.shop_id",
    1};

static struct shop_entry **bucket_of(struct shops *shops, int64_t id)
{
    return &shops->buckets[(uint64_t)id % SHOPS_BUCKETS];
}

static struct shop_entry *entry_find(struct shops *shops, int64_t id)
{
    struct shop_entry *entry = *bucket_of(shops, id);
    while (entry && entry->shop.id != id)
        entry = entry->next;
    return entry;
}

static void entry_free(struct shop_entry *entry)
{
    playbook_free(entry->own);
    json_decref(entry->shop.document);
    arena_free(&entry->shop.arena);
    free(entry);
}

/* Puts the entry in front of the order of use. */
static void order_insert(struct shops *shops, struct shop_entry *entry)
{
    entry->newer = NULL;
    entry->older = shops->newest;
    if (shops->newest)
        shops->newest->newer = entry;
    shops->newest = entry;
    if (!shops->oldest)
        shops->oldest = entry;
}

static void order_remove(struct shops *shops, struct shop_entry *entry)
{
    *(entry->newer ? &entry->newer->older : &shops->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &shops->oldest) = entry->newer;
}

static void entry_drop(struct shops *shops, struct shop_entry *entry)
{
    struct shop_entry **at = bucket_of(shops, entry->shop.id);
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    order_remove(shops, entry);
    shops->count--;
    shops->own_size -= entry->own_size;
    entry->listed = false;
    if (entry->held == 0)
        entry_free(entry);
}

struct shop *shops_get(struct shops *shops, int64_t id, int64_t version)
{
    struct shop_entry *entry = entry_find(shops, id);
    if (!entry || entry->shop.version != version)
        return NULL;
    order_remove(shops, entry);
    order_insert(shops, entry);
    entry->held++;
    return &entry->shop;
}

void shops_release(struct shops *shops, struct shop *shop)
{
    (void)shops;
    if (!shop)
        return;
    struct shop_entry *entry = (struct shop_entry *)shop;
    if (--entry->held == 0 && !entry->listed)
        entry_free(entry);
}

static size_t hint_of(const unsigned char key_hash[32])
{
    return (size_t)(key_hash[0] | key_hash[1] << 8) % SHOPS_HINTS;
}

int64_t shops_hint(const struct shops *shops, const unsigned char key_hash[32])
{
    size_t i = hint_of(key_hash);
    return memcmp(shops->hints[i].key_hash, key_hash, 32) == 0 ? shops->hints[i].shop_id : 0;
}

void shops_set_hint(struct shops *shops, const unsigned char key_hash[32], int64_t shop_id)
{
    size_t i = hint_of(key_hash);
    memcpy(shops->hints[i].key_hash, key_hash, 32);
    shops->hints[i].shop_id = shop_id;
}

void shops_load_params(const int64_t *ids, int count, struct params *params)
{
    params_reset(params);
    params_array_begin(params, PG_INT8);
    for (int i = 0; i < count; i++)
        params_item_int8(params, ids[i]);
    params_array_end(params);
}

/* What is stored was checked when it was put; somebody may still have written it by SQL. */
static void log_unreadable(const struct shop *shop, const char *event, const struct faults *faults)
{
    log_event(LOG_ERROR, event, "shop=%s pointer=\"%s\" detail=\"%s\"", shop->code,
              faults->first ? faults->first->pointer : "",
              faults->first ? faults->first->detail : "not JSON");
}

static void read_policy(struct shop *shop, const char *body)
{
    struct faults faults;
    if (!body)
        return;
    faults_init(&faults, &shop->arena);
    shop->document = json_loads(body, 0, NULL);
    if (!shop->document || policy_read(shop->document, &shop->policy, &faults) > 0)
        log_unreadable(shop, "policy_unreadable", &faults);
}

/* The list of bodies in a column, which the caller reads and lets go; NULL: there is none. */
static json_t *list_of(struct shop *shop, const char *bodies, struct faults *faults)
{
    faults_init(faults, &shop->arena);
    return bodies ? json_loads(bodies, 0, NULL) : NULL;
}

static void read_calendar(struct shop *shop, const char *bodies)
{
    struct faults faults;
    json_t *list = list_of(shop, bodies, &faults);
    if (calendar_read(list, &faults, &shop->holidays, &shop->holiday_count) > 0)
        log_unreadable(shop, "calendar_unreadable", &faults);
    json_decref(list);
}

static void read_methods(struct shop *shop, const char *bodies)
{
    struct faults faults;
    json_t *list = list_of(shop, bodies, &faults);
    if (methods_read(list, &faults, &shop->methods, &shop->method_count) > 0)
        log_unreadable(shop, "methods_unreadable", &faults);
    json_decref(list);
}

static void read_promotions(struct shop *shop, const char *bodies)
{
    struct faults faults;
    json_t *list = list_of(shop, bodies, &faults);
    if (promotions_read(list, &faults, &shop->promotions, &shop->promotion_count) > 0)
        log_unreadable(shop, "promotions_unreadable", &faults);
    json_decref(list);
}

static void read_customs_rules(struct shop *shop, const char *bodies)
{
    struct faults faults;
    json_t *list = list_of(shop, bodies, &faults);
    if (customs_rules_read(list, &faults, &shop->customs_rules, &shop->customs_rule_count) > 0)
        log_unreadable(shop, "customs_rules_unreadable", &faults);
    json_decref(list);
}

/* What fitted when it was put may not fit a later version's facts: the shipped words stand in its place. */
static void read_own_words(struct shop_entry *entry, const struct playbook *shipped, const char *words)
{
    struct shop *shop = &entry->shop;
    struct arena scratch = {0};
    struct faults faults;
    faults_init(&faults, &scratch);
    json_t *list = words ? json_loads(words, 0, NULL) : NULL;
    size_t count = json_array_size(list);
    struct own_words *own = arena_alloc(&scratch, (count + 1) * sizeof *own);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        own[i] = (struct own_words){json_string_value(json_array_get(item, 0)),
                                    json_string_value(json_array_get(item, 1)), json_array_get(item, 2)};
    }
    shop->playbook = shipped;
    if (count > 0) {
        shop->playbook = entry->own = playbook_own(shipped, own, (int)count, &faults);
        entry->own_size = strlen(words);
    }
    for (const struct fault *fault = faults.first; fault; fault = fault->next)
        log_event(LOG_WARNING, "own_words_unfit", "shop=%s detail=\"%s\"", shop->code, fault->detail);
    json_decref(list);
    arena_free(&scratch);
}

static struct shop_entry *entry_read(const PGresult *result, int row, const struct playbook *shipped)
{
    struct shop_entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        abort();
    struct shop *shop = &entry->shop;
    shop->id = row_int8(result, row, 0, 0);
    shop->version = row_int8(result, row, 1, 0);
    shop->policy_version = row_int8(result, row, 2, 0);
    shop->code = arena_strdup(&shop->arena, row_text(result, row, 3));
    shop->name = arena_strdup(&shop->arena, row_text(result, row, 4));
    policy_defaults(&shop->policy);
    read_policy(shop, row_text(result, row, 5));
    read_calendar(shop, row_text(result, row, 6));
    read_methods(shop, row_text(result, row, 7));
    read_promotions(shop, row_text(result, row, 8));
    read_customs_rules(shop, row_text(result, row, 9));
    read_own_words(entry, shipped, row_text(result, row, 10));
    return entry;
}

void shops_load_decode(struct shops *shops, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        struct shop_entry *entry = entry_read(result, row, shops->playbook);
        struct shop_entry *old = entry_find(shops, entry->shop.id);
        if (old)
            entry_drop(shops, old);
        while (shops->count >= SHOPS_MAX ||
               (shops->count > 0 && shops->own_size + entry->own_size > SHOPS_OWN_MAX))
            entry_drop(shops, shops->oldest);
        struct shop_entry **bucket = bucket_of(shops, entry->shop.id);
        entry->next = *bucket;
        *bucket = entry;
        order_insert(shops, entry);
        shops->count++;
        shops->own_size += entry->own_size;
        entry->listed = true;
    }
}

void shops_free(struct shops *shops)
{
    while (shops->oldest)
        entry_drop(shops, shops->oldest);
}
