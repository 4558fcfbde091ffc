/* shops.h - the worker's cache of shops, by id, and of which shop a key was last seen with.
 *
 * The version of a shop comes with every batch (admission); a cached shop of another version is loaded anew
 * before anything is answered, so a revoked key or a new policy holds at once on every worker and replica. */
#ifndef REPLYD_SHOPS_H
#define REPLYD_SHOPS_H

#include "replyd/db.h"
#include "replyd/shop.h"

#define SHOPS_MAX 1000 /* least recently used ones beyond it are dropped */
#define SHOPS_BUCKETS 1024
#define SHOPS_HINTS 1024
#define SHOPS_OWN_MAX ((size_t)64 * 1024 * 1024) /* so much of shops' own rules and drafts, as JSON */

struct shop_entry {
    struct shop shop;                 /* first: a shop is its entry */
    struct playbook *own;             /* its own playbook; NULL: the shipped one */
    size_t own_size;                  /* of its own rules and drafts */
    int held;                         /* requests that use it */
    bool listed;                      /* false: replaced or dropped, freed when nobody holds it */
    struct shop_entry *next;          /* in its bucket */
    struct shop_entry *newer, *older; /* by use */
};

struct shops {
    const struct playbook *playbook; /* the shipped one: the caller's to set before shops are loaded */
    size_t own_size;                 /* of all shops */
    struct shop_entry *buckets[SHOPS_BUCKETS];
    struct shop_entry *newest, *oldest;
    int count;
    struct {
        unsigned char key_hash[32];
        int64_t shop_id; /* 0: empty */
    } hints[SHOPS_HINTS];
};

/* The shop if it is cached with this version, held for the caller; else NULL. */
struct shop *shops_get(struct shops *shops, int64_t id, int64_t version);
void shops_release(struct shops *shops, struct shop *shop); /* NULL is fine */

/* Which shop a key belonged to when last seen, or 0: a guess that admission confirms. */
int64_t shops_hint(const struct shops *shops, const unsigned char key_hash[32]);
void shops_set_hint(struct shops *shops, const unsigned char key_hash[32], int64_t shop_id);

/* Loads shops: their ids. The rows replace what is cached. */
extern const struct statement shops_load;
void shops_load_params(const int64_t *ids, int count, struct params *params);
void shops_load_decode(struct shops *shops, const PGresult *result);

void shops_free(struct shops *shops);

#endif
