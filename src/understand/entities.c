#include "address.h"
#include "scan.h"
#include "stance.h"

/* Cuts the text into words; nothing is found yet. */
static struct scan scan_begin(const struct vocabulary *vocabulary, const char *language, const char *text,
                              size_t len, day_t today, struct arena *arena, struct entities *ret_entities)
{
    *ret_entities = (struct entities){
        .quantity = -1, .packs = -1, .deadline_days = -1, .deadline_on = -1, .late_days = -1};
    struct scan scan = {.vocabulary = vocabulary,
                        .text = text,
                        .len = len,
                        .today = today,
                        .arena = arena,
                        .found = ret_entities};
    scan.count = words_cut(vocabulary, language, text, len, arena, &scan.words);
    return scan;
}

void entities_find(const struct vocabulary *vocabulary, const char *language, const char *text, size_t len,
                   day_t today, struct arena *arena, struct entities *ret_entities)
{
    struct scan scan = scan_begin(vocabulary, language, text, len, today, arena, ret_entities);
    find_tracking(&scan);
    find_impatience(&scan);
    find_money_wish(&scan);
    stance_find(scan.words, scan.count, ret_entities);
    find_measures(&scan);
    find_sizes(&scan);
    find_claims(&scan);
    find_deadlines(&scan);
    find_amounts(&scan);
    find_dates(&scan);
    ret_entities->new_address = address_find(scan.words, scan.count, arena, &ret_entities->address_partial);
    find_names(&scan);
    find_quantity(&scan);
    find_price(&scan);
    find_orders(&scan);
}

void entities_find_values(const struct vocabulary *vocabulary, const char *language, const char *text,
                          size_t len, day_t today, struct arena *arena, struct entities *ret_entities)
{
    struct scan scan = scan_begin(vocabulary, language, text, len, today, arena, ret_entities);
    find_tracking(&scan);
    find_amounts(&scan);
    find_dates(&scan);
}
