#include "replyd/shops.h"

#include "replyd/log.h"

#include <stdlib.h>
#include <string.h>

const struct statement shops_load = {
    "shops_load",
    "SELECT s.shop_id, s.version, s.policy_version, s.code, s.name, p.body::text,"
    " (SELECT jsonb_agg(h.body ORDER BY h.code)::text FROM replyd_data.holidays h WHERE h.shop_id = "
    "s.shop_id),"
    " (SELECT jsonb_agg(jsonb_build_array(m.code, m.body) ORDER BY m.code)::text"
    "  FROM replyd_data.shipping_methods m WHERE m.shop_id = s.shop_id)"
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

static void read_calendar(struct shop *shop, const char *bodies)
{
    struct faults faults;
    if (!bodies)
        return;
    faults_init(&faults, &shop->arena);
    json_t *list = json_loads(bodies, 0, NULL);
    if (!list || calendar_read(list, &faults, &shop->holidays, &shop->holiday_count) > 0)
        log_unreadable(shop, "calendar_unreadable", &faults);
    json_decref(list);
}

static void read_methods(struct shop *shop, const char *bodies)
{
    struct faults faults;
    if (!bodies)
        return;
    faults_init(&faults, &shop->arena);
    json_t *list = json_loads(bodies, 0, NULL);
    if (!list || methods_read(list, &faults, &shop->methods, &shop->method_count) > 0)
        log_unreadable(shop, "methods_unreadable", &faults);
    json_decref(list);
}

static struct shop_entry *entry_read(const PGresult *result, int row)
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
    return entry;
}

void shops_load_decode(struct shops *shops, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        struct shop_entry *entry = entry_read(result, row);
        struct shop_entry *old = entry_find(shops, entry->shop.id);
        if (old)
            entry_drop(shops, old);
        if (shops->count >= SHOPS_MAX)
            entry_drop(shops, shops->oldest);
        struct shop_entry **bucket = bucket_of(shops, entry->shop.id);
        entry->next = *bucket;
        *bucket = entry;
        order_insert(shops, entry);
        shops->count++;
        entry->listed = true;
    }
}

void shops_free(struct shops *shops)
{
    while (shops->oldest)
        entry_drop(shops, shops->oldest);
}
