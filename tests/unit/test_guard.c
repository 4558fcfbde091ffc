/* The guard by itself: what it finds, what it lets pass, and that no golden draft alarms it. */
#include "fixture.h"

#include "replyd/guard.h"

#include <dirent.h>

static struct playbook *playbook;

struct guarded {
    struct arena arena;
    struct facts facts;
    struct guard_warnings warnings;
};

static int set_up(void **state)
{
    struct guarded *g = calloc(1, sizeof(*g));

    facts_init(&g->facts, &g->arena);
    facts_set_number(&g->facts, FACT_TODAY, day_from_civil(2026, 3, 2));
    g->warnings.arena = &g->arena;
    *state = g;
    return 0;
}

static int tear_down(void **state)
{
    struct guarded *g = *state;

    arena_free(&g->arena);
    free(g);
    return 0;
}

/* The rules that the text breaks, each once, a space before each. */
static const char *rules(struct guarded *g, int platform, const char *text)
{
    static char found[600];
    char word[80];

    g->warnings.count = 0;
    found[0] = '\0';
    guard_text(playbook, platform, NULL, "en", &g->facts, NULL, text, &g->warnings);
    for (int i = 0; i < g->warnings.count; i++) {
        snprintf(word, sizeof(word), " %s", g->warnings.list[i].rule);
        if (!strstr(found, word))
            strcat(found, word);
    }
    return found;
}

static void test_breaches(void **state)
{
    static const struct {
        int platform;
        const char *text, *rules;
    } cases[] = {
        {PLATFORM_AMAZON, "See https://shop.example/x for more.", " links"},
        {PLATFORM_AMAZON, "It is all on bluelotus.com now.", " links"},
        {PLATFORM_AMAZON, "Write to li@shop.example please.", " email"},
        {PLATFORM_AMAZON, "You can reach us at +86 755 1234 5678.", " phone"},
        {PLATFORM_AMAZON, "Please call 13912345678 about it.", " phone"},
        {PLATFORM_AMAZON, "Have 10% off your next order.", " coupon"},
        {PLATFORM_AMAZON, "Use the discount code HELLO.", " coupon"},
        {PLATFORM_AMAZON, "Check out our new arrivals!", " marketing"},
        {PLATFORM_AMAZON, "Just pay us directly by PayPal.", " outside_platform"},
        {PLATFORM_EBAY, "You may order directly from us, it is cheaper.", " outside_platform"},
        {PLATFORM_ALIEXPRESS, "Add me on WhatsApp: +86 139 1234 5678.", " phone outside_platform"},
        {PLATFORM_WISH, "Send a mail to li@shop.example.", " email"},
        {PLATFORM_AMAZON, "Please leave us a review. Please do write a review soon.",
         " several_review_requests"},
        {PLATFORM_AMAZON, "If you are happy, please leave us a five-star review.", " partial_review_request"},
        {PLATFORM_OWN_SHOP, "We give you a gift card for a review.", " review_for_reward"},
        {PLATFORM_OWN_SHOP, "Please leave us a review.\n\nWe will then refund you $5.", " review_for_reward"},
        {PLATFORM_OWN_SHOP, "Would you please remove your review?", " review_change"},
        {PLATFORM_OWN_SHOP, "Please close the case, then we refund you.", " dispute_pressure"},
        {PLATFORM_OWN_SHOP, "That is your own fault.", " blame"},
        {PLATFORM_OWN_SHOP, "Are you sure that it is broken?", " blame"},
        {PLATFORM_OWN_SHOP, "Hurry, this is your last chance.", " pressure"},
        {PLATFORM_OWN_SHOP, "You must answer today.", " pressure"},
        {PLATFORM_OWN_SHOP, "Dear [NAME], your order <order number> is here.", " placeholder"},
        {PLATFORM_OWN_SHOP, "Hi {{buyer.first_name}}, it comes on XX/XX/XXXX.", " placeholder"},
        {PLATFORM_OWN_SHOP, "TODO: say when.", " placeholder"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *found = rules(*state, cases[i].platform, cases[i].text);

        if (strcmp(found, cases[i].rules) != 0)
            fail_msg("\"%s\":%s, not%s", cases[i].text, found, cases[i].rules);
        if (cases[i].platform != PLATFORM_OWN_SHOP)
            assert_string_not_equal(rules(*state, PLATFORM_OTHER, cases[i].text), "");
    }
}

static void test_what_is_no_breach(void **state)
{
    static const char *const texts[] = {
        "Your parcel LX123456785CN left on 5 March 2026.",
        "Order 112-1234567-1234567 is on its way, number 1234567890123.",
        "Thank you for your review of the dress.",
        "We refund you US$39.90 by 15 March 2026 at the latest.",
        "There is no hurry, and there is nothing you need to do.",
        "You should not have to wait any longer. You need not close the case for that.",
        "Please choose the size: M, XL or XXXL.",
        "Please never pay anything outside the platform.",
        "We review your case and then refund you.",
        "It measures 10 x 20 x 30 cm [2 pieces].",
        "Thank you.It was no trouble.",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        for (int platform = 0; platform < PLATFORM_COUNT; platform++) {
            const char *found = rules(*state, platform, texts[i]);

            if (*found)
                fail_msg("%s: \"%s\":%s", words_platform[platform], texts[i], found);
        }
    }
}

static void test_names_of_the_record(void **state)
{
    struct guarded *g = *state;

    assert_string_equal(rules(g, PLATFORM_AMAZON, "Your Gift Card Holder [NEW] is here."),
                        " placeholder coupon");
    facts_set_text(&g->facts, FACT_ORDER_ITEM_NAME, "Gift Card Holder [NEW]");
    assert_string_equal(rules(g, PLATFORM_AMAZON, "Your Gift Card Holder [NEW] is here."), "");
    assert_string_equal(rules(g, PLATFORM_AMAZON, "Your Gift Card Holder [NEW] and a gift card are here."),
                        " coupon");
}

static void test_dates_of_rules(void **state)
{
    struct guarded *g = *state;

    facts_set_number(&g->facts, FACT_TODAY, day_from_civil(2020, 11, 5));
    assert_string_equal(rules(g, PLATFORM_AMAZON, "See https://shop.example/x"), "");
    facts_set_number(&g->facts, FACT_TODAY, day_from_civil(2020, 11, 6));
    assert_string_equal(rules(g, PLATFORM_AMAZON, "See https://shop.example/x"), " links");
}

static void test_excerpt_is_the_sentence(void **state)
{
    struct guarded *g = *state;

    rules(g, PLATFORM_AMAZON, "Hi Nancy,\n\nIt is sent. Please see www.li.example/a for\nit! Bye.");
    assert_int_equal(g->warnings.count, 1);
    assert_string_equal(g->warnings.list[0].excerpt, "Please see www.li.example/a for");
}

static bool bans(struct guarded *g, int platform, const char *issue)
{
    g->warnings.count = 0;
    return !guard_mail(playbook, platform, issue, &g->facts, &g->warnings);
}

static void test_mails_that_are_banned(void **state)
{
    static const char *const banned[] = {"order_thanks",          "shipped_notice", "delivered_notice",
                                         "holiday_greeting",      "promotion_news", "win_back",
                                         "customs_arrival_notice"};
    struct guarded *g = *state;

    for (size_t i = 0; i < sizeof(banned) / sizeof(*banned); i++) {
        for (int platform = 0; platform < PLATFORM_COUNT; platform++)
            assert_int_equal(bans(g, platform, banned[i]),
                             platform == PLATFORM_AMAZON || platform == PLATFORM_OTHER);
    }
    assert_false(bans(g, PLATFORM_AMAZON, "in_transit_on_time"));
    facts_set_text(&g->facts, FACT_DUTY_RECIPIENT_ID, "CPF"); /* the buyer must act */
    assert_false(bans(g, PLATFORM_AMAZON, "customs_arrival_notice"));
    facts_set_number(&g->facts, FACT_SHIPMENT_DELIVERED_ON, day_from_civil(2026, 1, 31));
    assert_false(bans(g, PLATFORM_AMAZON, "review_invite"));
    facts_set_number(&g->facts, FACT_SHIPMENT_DELIVERED_ON, day_from_civil(2026, 1, 30));
    assert_true(bans(g, PLATFORM_AMAZON, "review_invite"));
    assert_false(bans(g, PLATFORM_OWN_SHOP, "review_invite"));
}

/* Those written for the own shop have a link to the parcel's page, and may offer something for the next
 * order: where that stands, it is a breach elsewhere; nothing else is one anywhere. */
static void test_golden_drafts(void **state)
{
    DIR *dir = opendir(GOLDEN_DIR);
    struct dirent *entry;
    int read = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        char path[800], text[8192];
        FILE *file;
        size_t len;

        if (!strstr(entry->d_name, ".en.txt"))
            continue;
        snprintf(path, sizeof(path), "%s/%s", GOLDEN_DIR, entry->d_name);
        file = fopen(path, "r");
        assert_non_null(file);
        len = fread(text, 1, sizeof(text) - 1, file);
        text[len] = '\0';
        fclose(file);
        read++;
        for (int platform = 0; platform < PLATFORM_COUNT; platform++) {
            struct guarded *g = *state;

            rules(g, platform, text);
            for (int i = 0; i < g->warnings.count; i++) {
                const struct guard_warning *warning = &g->warnings.list[i];
                bool truly =
                    (strcmp(warning->rule, "links") == 0 && strstr(warning->excerpt, "https://")) ||
                    (strcmp(warning->rule, "phone") == 0 && strchr(warning->excerpt, '+')) ||
                    (strcmp(warning->rule, "coupon") == 0 && strstr(warning->excerpt, "next order")) ||
                    (strcmp(warning->rule, "outside_platform") == 0 && strstr(warning->excerpt, "our own"));

                if (platform == PLATFORM_OWN_SHOP || !truly)
                    fail_msg("%s on %s: %s: \"%s\"", entry->d_name, words_platform[platform], warning->rule,
                             warning->excerpt);
            }
        }
    }
    closedir(dir);
    assert_true(read > 100);
}

static int load(void **state)
{
    (void)state;
    playbook = fixture_playbook();
    return 0;
}

static int unload(void **state)
{
    (void)state;
    playbook_free(playbook);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_breaches),       TEST(test_what_is_no_breach),       TEST(test_names_of_the_record),
        TEST(test_dates_of_rules), TEST(test_excerpt_is_the_sentence), TEST(test_mails_that_are_banned),
        TEST(test_golden_drafts),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
