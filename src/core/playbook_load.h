/* playbook_load.h - what the parts of the loader share: files, faults, and how a rule's JSON is read. */
#ifndef REPLYD_CORE_PLAYBOOK_LOAD_H
#define REPLYD_CORE_PLAYBOOK_LOAD_H

#include "replyd/bind.h"
#include "replyd/playbook.h"

struct loader {
    struct playbook *playbook;
    struct arena *arena;                /* the playbook's */
    struct arena scratch;               /* until loading ends: names of places and files */
    const struct playbook_file **files; /* sorted by path */
    int file_count;
    struct buf *faults;
    int fault_count;
    /* Takes a fault in place of `faults`; NULL: a line is written there. */
    void (*on_fault)(struct loader *loader, const char *file, const char *place, const char *what);
    void *arg;      /* on_fault's */
    json_t *groups; /* name -> list of words; NULL: none */
    struct binder binder;
};

/* Adds a fault: "file: place: what"; place "" is none. The same fault is told once. */
void load_fault(struct loader *loader, const char *file, const char *place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

const struct playbook_file *load_file(const struct loader *loader, const char *path);

/* The file's JSON object with groups put in, or NULL with a fault. */
json_t *load_json(struct loader *loader, const char *path);

/* A place in a JSON file. */
struct spot {
    struct loader *loader;
    const char *file;
    const char *place; /* "options[0]" */
    const json_t *json;
};

/* The member of an object; .json is NULL when it is missing. */
struct spot spot_member(const struct spot *spot, const char *key);
struct spot spot_item(const struct spot *spot, int index);

/* Faults unless it is an object with these keys only ("$schema" and "about" are free). */
void spot_keys(const struct spot *spot, const char *const *keys);

const char *spot_text(const struct spot *spot, bool required); /* NULL when missing */
int spot_word(const struct spot *spot, const char *const *words, bool required, int missing);
bool spot_flag(const struct spot *spot, bool missing);
uint64_t spot_words(const struct spot *spot, const char *const *words, int count); /* a list, or "any" */
const char *const *spot_texts(const struct spot *spot);                            /* NULL-ended */
const int *spot_facts(const struct spot *spot);                                    /* ended by -1 */
int spot_count(const struct spot *spot); /* of a list; 0 when missing */

/* NULL when missing. With `list` >= 0 it is worked out for every element of that list fact. */
const struct logic *spot_logic(const struct spot *spot, int list);

/* An English sentence for the agent, in mustache; NULL when missing. */
const struct mustache_node *spot_reason(const struct spot *spot, const int *required, int list);

const struct review_rule *spot_reviews(const struct spot *spot, int *ret_count);

/* Reads law/<name>.json, every one. */
void load_laws(struct loader *loader);

/* Reads followups.json, where there is one. */
void load_followups(struct loader *loader);

/* Reads platforms/, once the issues are there. */
void load_platforms(struct loader *loader);

/* Reads issues/<code>/rule.json. */
void load_rule(struct loader *loader, const char *code, struct issue_rule *rule);

/* Reads "groups" of playbook.json, whose words rules name as "@group". */
void load_groups(struct loader *loader, json_t *general);

/* Ties a rule to the issues that it names, of which `issues` are all. */
void load_links(struct loader *loader, struct issue_rule *rule, struct issue_rule *issues, int count);

/* Faults unless the rule takes whatever no other fits: the last must. */
void load_fallback(struct loader *loader, const struct issue_rule *last);

/* A binder that tells the loader its faults and finds partials among its files. */
struct binder load_binder(struct loader *loader);

/* Goes on with a FNV-1a hash: tells versions apart, guards nothing. */
uint64_t load_hash(uint64_t hash, const struct playbook_file *file);
#define LOAD_HASH_START UINT64_C(0xcbf29ce484222325)

/* Fills `reads` of the playbook and its issues, and of its claims unless NULL. */
void playbook_mark_reads(struct playbook *playbook, struct issue_rule *issues, struct claim_rule *claims);

#endif
