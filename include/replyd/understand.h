/* understand.h - what a text says, from the text alone: language, intents with confidence, entities, mood.
 *
 * Pure and deterministic: same bytes in, same answer out; any bytes are accepted; no malloc after warm-up
 * (the scratch memory of an understand_scratch is reused). */
#ifndef REPLYD_UNDERSTAND_H
#define REPLYD_UNDERSTAND_H

#include "facts_gen.h"
#include "replyd/arena.h"
#include "replyd/moment.h"
#include "replyd/money.h"

#define UNDERSTAND_ALTERNATIVES 3
#define UNDERSTAND_NUMBERS 4

struct intent_guess {
    int intent; /* enum intent */
    double confidence;
};

/* What the writer thinks of the cancellation or the refund that he writes of. */
enum stance {
    STANCE_NONE,
    STANCE_DEMANDS,
    STANCE_ASKS,    /* asks how, whether or about it; or says both */
    STANCE_REFUSES, /* says no, takes it back, or makes it hang on what is to come */
};

/* All texts live in the arena given to understand(); NULL or count 0 where the text has none. */
struct entities {
    const char
        *order_numbers[UNDERSTAND_NUMBERS];     /* candidates, likeliest first ("#1001", "order 1001", ...) */
    bool order_number_bare[UNDERSTAND_NUMBERS]; /* a number alone: it may be anything until an order has it */
    int order_number_count;
    const char *tracking_numbers[UNDERSTAND_NUMBERS]; /* S10 only with a right check digit; carriers' other
                                                         forms by shape */
    int tracking_number_count;
    struct money amounts[UNDERSTAND_NUMBERS]; /* with a currency that the text names */
    int amount_count;
    day_t dates[UNDERSTAND_NUMBERS];
    int date_count;
    int64_t quantity;      /* -1: none ("30 pairs", "2 pcs") */
    int64_t deadline_days; /* from as_of ("within 10 days", "before Friday"); -1: none */
    bool wont_wait;        /* says that he will not wait any longer */
    bool wants_money;      /* asks for his money back in plain words */
    bool refuses_money;    /* refuses it, or asks for it only under a condition or as one of two ways */
    bool keeps_address;    /* says not to change the address */
    bool address_partial;  /* `new_address` is a street and a number put right: the place stays */
    enum stance stance;
    bool partial;      /* cancels or wants the money for a part only */
    bool wants_reship; /* wants the goods sent again */
    const char
        *new_address; /* where the parcel should go instead, in one line; NULL: none, or only a part of one */
};

struct understanding {
    const char *language; /* of the text, BCP 47; never NULL, "und" if nothing can be said */
    double language_confidence;
    int intent; /* enum intent: the primary one */
    double confidence;
    struct intent_guess alternatives[UNDERSTAND_ALTERNATIVES]; /* the next ones, likeliest first */
    int alternative_count;
    int mood; /* enum mood */
    struct entities entities;
};

/* Memory that is used again for every message; one per thread. */
struct understand_scratch;
struct understand_scratch *understand_scratch_new(void);
void understand_scratch_free(struct understand_scratch *scratch);

/* Understands a message. `subject` may be NULL. `as_of` is what relative dates and deadlines count from. */
void understand(struct understand_scratch *scratch, const char *subject, const char *text, size_t text_len,
                moment_t as_of, struct arena *arena, struct understanding *ret_understanding);

/* The version of the model: a hash of its bytes, for `versions.model`. */
const char *understand_version(void);

/* True for a UPU S10 item identifier (two letters, eight digits, check digit, two letters). */
bool s10_valid(const char *s, size_t len);

#endif
