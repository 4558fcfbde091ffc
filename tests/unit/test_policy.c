#include "faults.h"
#include "replyd/shop.h"

static const char defaults[] =
    "{\"currency\":\"USD\",\"country\":null,\"fx\":{},\"languages\":[],\"signature\":null,\"payment_"
    "methods\":[],"
    "\"cors_origins\":[],\"reship_max\":{\"amount\":\"30.00\",\"currency\":\"USD\"},\"apology_discount_"
    "percent\":5,"
    "\"lost_discount_percent\":10,\"partial_refund_percent\":20,\"duty_split_percent\":50,\"grace_days\":7,"
    "\"late_reply_hours\":24,\"return_window_days\":30,\"handling_days\":3,\"refund_days\":[5,10],"
    "\"investigation_days\":3,\"document_hours\":24,\"low_stock\":5,\"review_invite_after_days\":3,"
    "\"price_adjustment_days\":0,\"unclear_below\":0.5,\"full_refund_if_not_as_described\":true}";

/* Reads over the defaults; `expected` are faults, `written` what the policy is then (NULL: not looked at). */
static void check(const char *body, const char *expected, const char *written)
{
    struct arena arena = {0};
    struct faults faults;
    struct policy policy;
    struct buf out = {0};
    faults_init(&faults, &arena);
    policy_defaults(&policy);
    json_t *json = body_read(body);
    int count = policy_read(json, &policy, &faults);
    assert_int_equal(count, faults.count);
    assert_faults(body, &faults, expected);
    policy_write(&policy, &out);
    if (written)
        assert_string_equal(buf_text(&out), written);
    buf_free(&out);
    json_decref(json);
    arena_free(&arena);
}

static void test_defaults(void **state)
{
    (void)state;
    check("{}", NULL, defaults);
    check("{'country':null,'grace_days':null,'refund_days':null,'languages':null}", NULL, defaults);
}

/* What is written can be read, and is written the same again. */
static void test_whole(void **state)
{
    (void)state;
    static const char whole[] =
        "{\"currency\":\"EUR\",\"country\":\"DE\",\"fx\":{\"USD\":\"0.92\",\"JPY\":\"0.0061\"},"
        "\"languages\":[\"en\",\"zh\"],\"signature\":\"Li\\nShop\",\"payment_methods\":[\"PayPal\",\"card\"],"
        "\"cors_origins\":[\"https://shop.example\",\"http://localhost:3000\",\"https://[::1]:8443\"],"
        "\"reship_max\":{\"amount\":\"25.50\",\"currency\":\"EUR\"},\"apology_discount_percent\":7.5,"
        "\"lost_discount_percent\":0,\"partial_refund_percent\":100,\"duty_split_percent\":33.3,\"grace_"
        "days\":0,"
        "\"late_reply_hours\":48,\"return_window_days\":14,\"handling_days\":1,\"refund_days\":[0,3],"
        "\"investigation_days\":5,\"document_hours\":72,\"low_stock\":0,\"review_invite_after_days\":10,"
        "\"price_adjustment_days\":14,\"unclear_below\":0.35,\"full_refund_if_not_as_described\":false}";
    check(whole, NULL, whole);
}

/* 30.00 of the shop's currency, whatever its digits. */
static void test_reship_max_follows_the_currency(void **state)
{
    (void)state;
    static const char *const expected[][2] = {{"JPY", "\"amount\":\"30\",\"currency\":\"JPY\""},
                                              {"KWD", "\"amount\":\"30.000\",\"currency\":\"KWD\""}};
    for (size_t i = 0; i < 2; i++) {
        struct policy policy;
        struct buf out = {0};
        policy_defaults(&policy);
        policy.currency = expected[i][0];
        policy_write(&policy, &out);
        assert_non_null(strstr(buf_text(&out), expected[i][1]));
        buf_free(&out);
    }
}

static void test_faults(void **state)
{
    (void)state;
    static const struct {
        const char *body, *expected;
    } cases[] = {
        {"[]", ": must be an object"},
        {"{'grace_day':7}", "/grace_day: unknown field; did you mean \"grace_days\"?"},
        {"{'currency':'usd'}", "/currency: must be an ISO 4217"},
        {"{'country':'germany'}", "/country: must have at most 2"},
        {"{'languages':['en','sv']}", "/languages/1: must be one of: en, zh"},
        {"{'languages':['en','english']}", "/languages/1: must be a BCP 47"},
        {"{'languages':'en'}", "/languages: must be an array"},
        {"{'cors_origins':['*']}", "/cors_origins/0: must be an origin"},
        {"{'cors_origins':['null']}", "/cors_origins/0: must be an origin"},
        {"{'cors_origins':['https://a.example/']}", "/cors_origins/0: must be an origin"},
        {"{'cors_origins':['https://*.example']}", "/cors_origins/0: must be an origin"},
        {"{'cors_origins':['https://A.example']}", "/cors_origins/0: must be an origin"},
        {"{'cors_origins':['https://a.example:']}", "/cors_origins/0: must be an origin"},
        {"{'cors_origins':['https://a.example:8x']}", "/cors_origins/0: must be an origin"},
        {"{'cors_origins':['https://[::1']}", "/cors_origins/0: must be an origin"},
        {"{'cors_origins':['https://']}", "/cors_origins/0: must be an origin"},
        {"{'cors_origins':['a.example',7]}",
         "/cors_origins/1: must be a string\n/cors_origins/0: must be an origin"},
        {"{'fx':{'eur':'1.08'}}", "/fx: \"eur\" is no ISO 4217 currency"},
        {"{'fx':{'EUR':'0'}}", "/fx/EUR: must be a decimal number above 0"},
        {"{'fx':{'EUR':1.08}}", "/fx/EUR: must be a string"},
        {"{'fx':{'EUR':'-1'}}", "/fx/EUR: must be a decimal"},
        {"{'refund_days':[10,5]}", "/refund_days: must be two numbers of days"},
        {"{'refund_days':[-1,5]}", "/refund_days: must be two numbers of days"},
        {"{'refund_days':[5]}", "/refund_days: must have 2 elements"},
        {"{'refund_days':[5,'6']}", "/refund_days/1: must be a whole number"},
        {"{'refund_days':5}", "/refund_days: must be an array"},
        {"{'apology_discount_percent':100.5}", "/apology_discount_percent: must be a number from 0 to 100"},
        {"{'duty_split_percent':-1}", "/duty_split_percent: must be a number from 0 to 100"},
        {"{'grace_days':1.5}", "/grace_days: must be a whole number from 0 to 365"},
        {"{'grace_days':-1}", "/grace_days: must be a whole number from 0 to 365"},
        {"{'unclear_below':2}", "/unclear_below: must be a number from 0 to 1"},
        {"{'reship_max':{'amount':'-1','currency':'USD'}}", "/reship_max/amount: must not be negative"},
        {"{'signature':'a\\u0007'}", "/signature: must not have control"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check(cases[i].body, cases[i].expected, defaults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_reship_max_follows_the_currency),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
