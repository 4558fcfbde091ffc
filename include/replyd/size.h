/* size.h - the size that a buyer's measures give by a product's size chart, or for feet by the standard
 * scales.
 *
 * Pure, in centimetres; holds no facts, texts are those that were given in. */
#ifndef REPLYD_SIZE_H
#define REPLYD_SIZE_H

#include "facts_gen.h"
#include "replyd/understand.h"

#define SIZES_MAX 60 /* of a chart; what is behind them is not looked at */

/* From and to in centimetres; both NAN: the chart says nothing. */
struct size_range {
    double from, to;
};

/* A row of a size chart. */
struct size_row {
    const char *size;
    struct size_range ranges[MEASURE_COUNT];
};

/* What is known: the chart (no rows: none), what the buyer says, and for whom the product is made, if its
 * name says so. */
struct size_question {
    const struct size_row *rows;
    int row_count;
    const struct measure_said *measures;
    int measure_count;
    const struct size_said *worn; /* a size that the buyer wears, instead of measures; NULL: none */
    bool wide_foot;
    bool shoes; /* without a chart the standard scales of shoe sizes hold */
    enum size_sex sex;
};

/* A measure and the range of the size told. */
struct size_reason {
    int measure; /* enum measure */
    double cm;
    struct size_range range; /* NAN: no chart, or the chart leaves it open */
    bool implausible;
};

struct size_answer {
    int status; /* enum size_status, -1: no chart and no scale holds */
    /* The row of the size recommended, of two the larger; where none fits, the row at the end of the chart
     * that is nearest; -1: none, or by the standard scale. */
    int row;
    int smaller;                       /* of two, the smaller; -1 */
    char scale[24], scale_smaller[24]; /* by the standard scale: "EU 41"; "" where a chart decides */
    bool wide;                         /* sized up for a wide foot */
    struct size_reason reasons[UNDERSTAND_MEASURES];
    int reason_count;
    bool asked[MEASURE_COUNT]; /* the chart has it, the buyer has not said it */
};

/* Measures within the range of one size give it. Beyond the chart's ends hand measuring is allowed for: 1 cm
 * too much still is the largest size, 2 cm too little the smallest (a foot: 0.2 and 1.0 cm). Measures that
 * point to two sizes, or into a gap between two, give both; of more than two, the largest and the smallest
 * that are pointed to. A measure that no body has is asked again. A wide foot takes the next size, of two the
 * larger.
 *
 * Feet without a chart: EU sizes count the last in Paris points of 2/3 cm, which is 1.5 cm longer than the
 * foot: EU = 1.5 (cm + 1.5); UK = 3 (cm + 1.5) / 2.54 - 25 in barleycorns; US men's = UK + 1, women's = UK +
 * 2 (ISO/TS 19407:2015, "Footwear - Sizing - Conversion of sizing systems"); CN is the foot in millimetres
 * (GB/T 3293.1, Mondopoint ISO 9407). */
void size_find(const struct size_question *question, struct size_answer *ret_answer);

/* The foot that a shoe size is made for, in centimetres; NAN: the scale is not known (US without whom it is
 * for, children's).
 */
double size_foot(const struct size_said *said, enum size_sex sex);

/* Is the size of a chart or variant ("EU 42", "42", "M (38)") the one told ("42", "EU 42", "m")? */
bool size_same(const char *label, const char *size);

#endif
