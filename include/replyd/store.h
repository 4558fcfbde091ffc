/* store.h - keeps suggestions, many with one statement, and finds again what an Idempotency-Key was answered
 * with.
 *
 * Pure like cases_db.h: parameters in, rows out, no connection. */
#ifndef REPLYD_STORE_H
#define REPLYD_STORE_H

#include "replyd/db.h"

#define STORE_HASH 32

/* A suggestion to keep. Texts are borrowed; NULL: none. */
struct store_row {
    int64_t shop_id;
    unsigned char id[16];                    /* UUID version 7, ours */
    moment_t created_at, as_of, received_at; /* received_at MOMENT_NONE: as_of */
    const char *conversation_id, *message_id, *order_number;
    const char *buyer_email, *buyer_id; /* the request's, else those of the order that was told */
    const char *trigger, *intent;       /* one of both is NULL */
    const char *issue, *stage, *priority, *responsible_party, *language;
    int64_t rows_hash;   /* case_order.rows_version; 0 without an order */
    const char *offered; /* option actions with commas between them; NULL: none */
    bool promised_refund;
    moment_t follow_up_at;                      /* MOMENT_NONE: none */
    const struct buf *request, *facts, *answer; /* JSON; the answer without the draft's HTML */
    const char *idempotency_key;                /* NULL: none */
    const unsigned char *request_hash;          /* STORE_HASH bytes, with a key */
};

/* Inserts suggestions and their idempotency keys. A row whose key was taken within 24 hours is not stored. */
extern const struct statement store_insert;
void store_insert_params(const struct store_row *const *rows, int count, struct params *params);

/* Sets ret_stored[i] for every row: false where somebody else (or an earlier row of this batch) holds the
 * key: read it with store_replay. After a lost answer that somebody may be this very row. */
void store_insert_decode(const struct store_row *const *rows, int count, const PGresult *result,
                         bool *ret_stored);

/* What a key was answered with: the row is there from the moment the winner's transaction commits. */
struct store_key {
    int64_t shop_id;
    const char *key;
};
struct store_replayed {
    bool found; /* within 24 hours */
    unsigned char request_hash[STORE_HASH];
    bool has_suggestion; /* false: not one, erased, or the answer was another endpoint's */
    unsigned char id[16];
    moment_t created_at;
    const char *answer; /* the suggestion's answer, or the stored body; NULL: none (204). Lives as long as the
                           result */
    int status;         /* 201 for a suggestion */
};
extern const struct statement store_replay;
void store_replay_params(const struct store_key *keys, int count, struct params *params);
void store_replay_decode(int count, const PGresult *result, struct store_replayed *ret_replayed);

/* Takes a key for another POST than a suggestion: shop_id, key, request hash, status, body (text or NULL).
 * One row comes back if it was free. */
extern const struct statement store_claim;
void store_claim_params(const struct store_key *key, const unsigned char request_hash[static STORE_HASH],
                        int status, const char *body, size_t body_len, struct params *params);

/* Deletes up to 1,000 keys older than 24 hours, of any shop; no parameters. */
extern const struct statement store_sweep;

/* One stored suggestion: shop_id, id. */
struct stored {
    moment_t created_at, as_of;
    const char *conversation_id, *message_id, *order_number, *issue, *language;
    int64_t rows_hash;
    const char *buyer_email, *buyer_id;   /* who asked, else the order's customer; NULL: nobody is known */
    const char *request, *facts, *answer; /* JSON; all texts live as long as the result */
};
extern const struct statement store_get;
void store_get_params(int64_t shop_id, const unsigned char id[static 16], struct params *params);
int store_get_decode(const PGresult *result, struct stored *ret_stored); /* 0; -1: none */

#endif
