/* What is kept of promotions, customs rules and a product's lists: what is said, what is not, and that a
 * faulty element spoils itself alone. */
#include "faults.h"

#include "replyd/cases.h"
#include "replyd/shop.h"

struct read {
    struct arena arena;
    struct faults faults;
    json_t *list;
};

static void read_init(struct read *r, const char *text)
{
    *r = (struct read){.list = body_read(text)};
    faults_init(&r->faults, &r->arena);
}

static void read_free(struct read *r)
{
    json_decref(r->list);
    arena_free(&r->arena);
}

static moment_t at(const char *text)
{
    moment_t moment = MOMENT_NONE;

    assert_int_equal(moment_parse(text, strlen(text), &moment), 0);
    return moment;
}

static void test_variants(void **state)
{
    const struct case_variant *variants;
    struct read r;

    (void)state;
    read_init(
        &r,
        "[{'sku': 'A', 'color': 'blue', 'size': 'S', 'stock': 0}, {'stock': 'none'}, {'stock': -1000}, {}]");
    assert_int_equal(variants_read(r.list, &r.faults, &variants), 3);
    assert_string_equal(variants[0].sku, "A");
    assert_string_equal(variants[0].color, "blue");
    assert_string_equal(variants[0].size, "S");
    assert_null(variants[0].name);
    assert_int_equal(variants[0].stock, 0);
    assert_int_equal(variants[1].stock, -1); /* below nothing is as good as unknown */
    assert_int_equal(variants[2].stock, -1);
    assert_faults("variants", &r.faults, "/1/stock: must be a whole number");
    read_free(&r);
}

static void test_sizes(void **state)
{
    const struct case_size *sizes;
    struct read r;

    (void)state;
    read_init(&r, "[{'size': 'M', 'bust_cm': [88, 92.5], 'foot_cm': null}, {'bust_cm': [1, 2]}, {'size': "
                  "'L', 'hip_cm': [1]}]");
    assert_int_equal(sizes_read(r.list, &r.faults, &sizes), 1);
    assert_string_equal(sizes[0].size, "M");
    assert_int_equal(sizes[0].bust.count, 2);
    assert_true(((const double *)sizes[0].bust.items)[0] == 88);
    assert_true(((const double *)sizes[0].bust.items)[1] == 92.5);
    assert_null(sizes[0].foot.items);
    assert_int_equal(sizes[0].waist.count, 0);
    assert_faults("sizes", &r.faults, "/1/size: is required\n/2/hip_cm: must have 2 elements");
    read_free(&r);
}

static void test_tiers(void **state)
{
    const struct case_tier *tiers;
    struct read r;

    (void)state;
    read_init(&r,
              "[{'min_quantity': 10, 'unit_price': {'amount': '1.5', 'currency': 'EUR'}, 'wholesale': true},"
              " {'min_quantity': 0, 'unit_price': {'amount': '1', 'currency': 'EUR'}}]");
    assert_int_equal(tiers_read(r.list, &r.faults, &tiers), 1);
    assert_int_equal(tiers[0].min_quantity, 10);
    assert_int_equal(tiers[0].unit_price.minor, 150);
    assert_string_equal(tiers[0].unit_price.currency, "EUR");
    assert_true(tiers[0].wholesale && !tiers[0].freight_included);
    assert_int_equal(r.faults.count, 1);
    read_free(&r);
}

static void test_no_list(void **state)
{
    const struct case_variant *variants;
    const struct promotion *promotions;
    const struct customs_rule *rules;
    struct read r;
    int count = 5;

    (void)state;
    read_init(&r, "{'not': 'a list'}");
    for (int i = 0; i < 2; i++) {
        const json_t *list = i == 0 ? NULL : r.list;

        assert_int_equal(variants_read(list, &r.faults, &variants), 0);
        assert_int_equal(promotions_read(list, &r.faults, &promotions, &count), 0);
        assert_int_equal(count, 0);
        assert_int_equal(customs_rules_read(list, &r.faults, &rules, &count), 0);
        assert_int_equal(count, 0);
    }
    read_free(&r);
}

static void test_promotions(void **state)
{
    const struct promotion *promotions;
    struct read r;
    int count;

    (void)state;
    read_init(&r, "[{'percent': 15, 'from': '2026-03-01', 'to': '2026-03-08', 'skus': ['A', 'B']},"
                  " {'percent': 5, 'from': '2026-03-01'}, {'from': '2026-03-01', 'to': '2026-03-02'},"
                  " {'percent': 101, 'from': '2026-03-01', 'to': '2026-03-02'},"
                  " {'percent': 0.5, 'from': '2026-03-01T10:00:00Z', 'to': '2026-03-01T12:00:00Z'}]");
    assert_int_equal(promotions_read(r.list, &r.faults, &promotions, &count), 1);
    assert_int_equal(count, 2);
    assert_true(promotions[0].percent == 15);
    assert_int_equal(promotions[0].from, at("2026-03-01T00:00:00Z"));
    assert_int_equal(promotions[0].to, at("2026-03-08T23:59:59Z"));
    assert_int_equal(promotions[0].skus.count, 2);
    assert_string_equal(((const char *const *)promotions[0].skus.items)[1], "B");
    assert_true(promotions[1].percent == 0.5);
    assert_int_equal(promotions[1].from, at("2026-03-01T10:00:00Z"));
    assert_null(promotions[1].skus.items);
    assert_faults("promotions", &r.faults, "/3/percent: must be a number from 0 to 100");
    read_free(&r);
}

static void test_customs_rules(void **state)
{
    const struct customs_rule *rules;
    struct read r;
    int count;

    (void)state;
    read_init(&r,
              "[['BR', {'duty_free_below': {'amount': '50', 'currency': 'USD'}, 'duty_percent': 20, "
              "'tax_percent': 17,"
              "  'collected_by': 'seller', 'recipient_id': {'kind': 'CPF'}, 'buyer_documents': ['invoice'],"
              "  'origin': 'CN', 'effective_from': '2026-01-01', 'alert_to': '2026-02-01'}],"
              " ['BR', {'duty_percent': 'much'}], ['DE', {}]]");
    assert_int_equal(customs_rules_read(r.list, &r.faults, &rules, &count), 1);
    assert_int_equal(count, 2);
    assert_string_equal(rules[0].country, "BR");
    assert_int_equal(rules[0].duty_free_below.minor, 5000);
    assert_true(rules[0].duty_percent == 20 && rules[0].tax_percent == 17);
    assert_int_equal(rules[0].collected_by, TAX_COLLECTOR_SELLER);
    assert_string_equal(rules[0].recipient_id.kind, "CPF");
    assert_null(rules[0].recipient_id.pattern);
    assert_string_equal(*(const char *const *)rules[0].buyer_documents.items, "invoice");
    assert_string_equal(rules[0].origin, "CN");
    assert_int_equal(rules[0].effective_from, at("2026-01-01T00:00:00Z"));
    assert_int_equal(rules[0].effective_to, MOMENT_NONE);
    assert_int_equal(rules[0].alert_to, at("2026-02-01T23:59:59Z"));
    assert_string_equal(rules[1].country, "DE");
    assert_true(rules[1].duty_percent == -1 && rules[1].tax_percent == -1);
    assert_int_equal(rules[1].collected_by, -1);
    assert_int_equal(rules[1].duty_free_below.currency[0], 0);
    assert_int_equal(rules[1].alert_from, MOMENT_NONE);
    assert_faults("customs rules", &r.faults, "/1/1/duty_percent: must be a number");
    read_free(&r);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variants),   cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_tiers),      cmocka_unit_test(test_no_list),
        cmocka_unit_test(test_promotions), cmocka_unit_test(test_customs_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
