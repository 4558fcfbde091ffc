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

#define UNDERSTAND_MEASURES 8
#define UNDERSTAND_SIZES 4
#define UNDERSTAND_COLORS 4

/* A measure that the buyer gives. */
struct measure_said {
    int measure; /* enum measure */
    double cm;
};

enum size_sex { SEX_UNKNOWN, SEX_MEN, SEX_WOMEN, SEX_CHILDREN };

/* What a size is counted in. SIZE_ANY is said without a system: "size 42", "XL". */
enum size_system { SIZE_ANY, SIZE_EU, SIZE_US, SIZE_UK, SIZE_CN };

/* A size that the buyer names. */
struct size_said {
    enum size_system system;
    bool wears;        /* "I usually wear EU 42": his size, not one that he asks for */
    enum size_sex sex; /* "US women's 8" */
    const char *size;  /* "42", "8.5", "XL": letters in capitals */
    const char *text;  /* with its system: "EU 42" */
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
    int64_t quantity; /* in single pieces or pairs; -1: none ("30 pairs", "3 dozen": 36) */
    int64_t packs; /* "20 packs", "5 boxes": `quantity` counts packs of which the text does not say how much
                      they hold; -1: it does not */
    struct money price; /* the price that the writer proposes ("can you do $20?"); currency "": none */
    const char
        *price_plain;      /* the same where no currency is named ("can you do 20?"): a decimal as written */
    int64_t deadline_days; /* from as_of ("within 10 days", "before Friday"); -1: none */
    int64_t deadline_on;   /* the same as a day_t, or the day of what it is needed for ("my wedding on the
                              5th of May"); -1: none */
    struct measure_said measures[UNDERSTAND_MEASURES];
    int measure_count;
    double height_cm, weight_kg; /* 0: not said; no size chart is made of them */
    struct size_said sizes[UNDERSTAND_SIZES];
    int size_count;
    bool wide_foot;
    bool resale;                           /* speaks of wholesale, resale or dropshipping */
    bool weighs;                           /* asks how heavy it is, and not how big */
    const char *colors[UNDERSTAND_COLORS]; /* canonical English words of playbook/words: "navy", "red" */
    int color_count;
    const char *other_colors[UNDERSTAND_COLORS]; /* named beside them, and not wanted */
    int other_color_count;
    const char *country;  /* ISO 3166 alpha-2, named in the text as where it is to go or where he lives */
    const char *carrier;  /* named in the text, its display name: "DHL", "Royal Mail" */
    uint32_t claims;      /* bit 1 << enum claim: what the writer says has come to pass */
    int64_t late_days;    /* "it is 12 days late"; -1: none */
    bool photo_announced; /* "photos attached" */
    bool wont_wait;       /* says that he will not wait any longer */
    bool wants_money;     /* asks for his money back in plain words */
    bool refuses_money;   /* refuses it, or asks for it only under a condition or as one of two ways */
    bool keeps_address;   /* says not to change the address */
    bool address_partial; /* `new_address` is a street and a number put right: the place stays */
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

/* The same intent, confidences and language, quicker: mood and entities are not to be read of the result. */
void understand_intent(struct understand_scratch *scratch, const char *text, size_t text_len,
                       struct arena *arena, struct understanding *ret_understanding);

/* Amounts and days that a text names, every one of them; relative days count from `today`. */
struct named_values {
    struct money *amounts;
    int amount_count;
    day_t *days;
    int day_count;
};

/* `language` is the text's, BCP 47. The lists live in the arena. */
void understand_values(struct understand_scratch *scratch, const char *language, const char *text, size_t len,
                       day_t today, struct arena *arena, struct named_values *ret_values);

/* The version of the model: a hash of its bytes, for `versions.model`. */
const char *understand_version(void);

/* True for a UPU S10 item identifier (two letters, eight digits, check digit, two letters). */
bool s10_valid(const char *s, size_t len);

#endif
