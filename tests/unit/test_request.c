#include "faults.h"
#include "replyd/request.h"

#include "facts_gen.h"

#define NOW (INT64_C(1772442840) * MOMENT_SECOND) /* 2026-03-02T09:14:00Z */

static void check(const char *body, const char *expected)
{
    struct arena arena = {0};
    struct faults faults;
    struct request request;
    faults_init(&faults, &arena);
    json_t *json = body_read(body);
    int count = request_read(json, NOW, &request, &faults);
    assert_int_equal(count, faults.count);
    json_decref(json);
    assert_faults(body, &faults, expected);
    arena_free(&arena);
}

static void test_whole(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct faults faults;
    struct request request;
    char text[MOMENT_TEXT];
    faults_init(&faults, &arena);
    json_t *json = body_read(
        "{'message':{'id':'m-81','conversation_id':'c-17','channel':'email','subject':'where is it',"
        "'text':'Hi, my order still has not arrived!','received_at':'2026-03-02T09:14:00Z','language':'en',"
        "'has_attachments':true},'trigger':null,'order_number':'1001','sku':null,"
        "'buyer':{'name':'Nancy Drew','email':'nancy@example.org','id':null,'country':'US'},"
        "'agent':{'name':'Li Xiao','language':'zh'},'reply_language':'auto','as_of':'2026-03-02T10:00:00Z',"
        "'dry_run':true}");
    assert_int_equal(request_read(json, NOW, &request, &faults), 0);
    json_decref(json);
    assert_true(request.has_message);
    assert_int_equal(request.trigger, -1);
    assert_string_equal(request.message.id, "m-81");
    assert_string_equal(request.conversation_id, "c-17");
    assert_string_equal(request.message.text, "Hi, my order still has not arrived!");
    assert_string_equal(moment_format(request.message.received_at, text), "2026-03-02T09:14:00Z");
    assert_true(request.message.has_attachments);
    assert_string_equal(request.order_number, "1001");
    assert_null(request.sku);
    assert_string_equal(request.buyer.email, "nancy@example.org");
    assert_null(request.buyer.id);
    assert_string_equal(request.buyer.country, "US");
    assert_string_equal(request.agent.name, "Li Xiao");
    assert_string_equal(request.agent.language, "zh");
    assert_null(request.reply_language);
    assert_string_equal(moment_format(request.as_of, text), "2026-03-02T10:00:00Z");
    assert_true(request.dry_run);
    arena_free(&arena);
}

static void test_least(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct faults faults;
    struct request request;
    faults_init(&faults, &arena);
    json_t *json = body_read("{'message':{'text':'x'}}");
    assert_int_equal(request_read(json, NOW, &request, &faults), 0);
    json_decref(json);
    assert_true(request.as_of == NOW);
    assert_true(request.message.received_at == MOMENT_NONE);
    assert_null(request.conversation_id);
    assert_false(request.dry_run);

    json = body_read(
        "{'trigger':'win_back','conversation_id':'c-1','buyer':{'id':'7'},'reply_language':'pt-BR'}");
    assert_int_equal(request_read(json, NOW, &request, &faults), 0);
    json_decref(json);
    assert_false(request.has_message);
    assert_int_equal(request.trigger, TRIGGER_WIN_BACK);
    assert_string_equal(request.conversation_id, "c-1");
    assert_string_equal(request.reply_language, "pt-BR");
    arena_free(&arena);
}

static void test_faults(void **state)
{
    (void)state;
    static const struct {
        const char *body, *expected;
    } cases[] = {
        {"{}", ": needs a \"message\" or a \"trigger\""},
        {"{'message':null,'trigger':null}", ": needs a \"message\""},
        {"[]", ": must be an object"},
        {"null", ": must be an object"},
        {"{'message':{'text':'x'},'trigger':'order_paid'}", "/trigger: must not stand beside"},
        {"{'message':'x'}", "/message: must be an object"},
        {"{'message':{}}", "/message/text: is required"},
        {"{'message':{'text':null}}", "/message/text: is required"},
        {"{'message':{'text':''}}", "/message/text: must not be empty"},
        {"{'message':{'text':' '}}", NULL},
        {"{'message':{'text':'a\\u0000b'}}", "/message/text: must not have a NUL"},
        {"{'message':{'text':'a\\u0001\\r\\n\\u000c'}}", NULL},
        {"{'message':{'text':'x','subject':''}}", NULL},
        {"{'message':{'text':'x','subject':'a\\n b'}}", NULL},
        {"{'message':{'text':'x'},'conversation_id':'c'}", "/conversation_id: belongs in \"message\""},
        {"{'message':{'text':'x'},'conversation_id':null}", NULL},
        {"{'message':{'text':'x','conversation_id':'a\\nb'}}",
         "/message/conversation_id: must not have control"},
        {"{'message':{'text':'x','received_at':'1999-12-31T00:00:00Z'}}",
         "/message/received_at: must be in the years"},
        {"{'message':{'text':'x','received_at':'2100-01-01T00:00:00Z'}}",
         "/message/received_at: must be in the years"},
        {"{'message':{'text':'x','received_at':'2026-03-02'}}", "/message/received_at: must be a time"},
        {"{'message':{'text':'x'},'as_of':'1970-01-01T00:00:00Z'}", "/as_of: must be in the years"},
        {"{'message':{'text':'x','language':'english'}}", "/message/language: must be a BCP 47"},
        {"{'message':{'text':'x'},'reply_language':'english'}", "/reply_language: must be \"auto\" or"},
        {"{'message':{'text':'x'},'reply_language':7}", "/reply_language: must be a string"},
        {"{'message':{'text':'x'},'agent':{'language':'auto'}}", "/agent/language: must be a BCP 47"},
        {"{'message':{'text':'x'},'buyer':{'email':'nobody','country':'us'}}",
         "/buyer/email: must be an e-mail\n/buyer/country: must be an ISO"},
        {"{'message':{'text':'x'},'ordernumber':'1'}",
         "/ordernumber: unknown field; did you mean \"order_number\"?"},
        {"{'message':{'text':'x','texts':'y'}}", "/message/texts: unknown field; did you mean \"text\"?"},
        {"{'message':{'text':'x'},'dry_run':'yes'}", "/dry_run: must be true or false"},
        {"{'trigger':'order_eaten'}", "/trigger: must be one of: order_unpaid, order_paid"},
        {"{'trigger':'order_paid'}", "/order_number: a \"order_paid\" trigger names the order"},
        {"{'trigger':'order_paid','order_number':'1'}", NULL},
        {"{'trigger':'holiday_greeting'}", "/buyer: a \"holiday_greeting\" trigger names the customer"},
        {"{'trigger':'several_unpaid_orders','buyer':{'name':'x'}}", "/buyer: a \"several_unpaid_orders\""},
        {"{'trigger':'win_back','buyer':{'email':null,'id':null}}", "/buyer: a \"win_back\""},
        {"{'trigger':'promotion_news','buyer':{'email':'a@b.c'}}", NULL},
        /* a bad address is one fault, not two */
        {"{'trigger':'promotion_news','buyer':{'email':'a'}}", "/buyer/email: must be"},
        {"{'message':{'id':1},'order_number':2}",
         "/order_number: must be a string\n/message/id: must be a string\n/message/text: is required"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check(cases[i].body, cases[i].expected);
}

/* Characters are counted, not bytes. */
static void test_longest(void **state)
{
    (void)state;
    static char body[90000];
    for (size_t over = 0; over <= 1; over++) {
        char *at = stpcpy(body, "{'message':{'text':'");
        for (size_t i = 0; i < 20000 + over; i++)
            at = stpcpy(at, "\xf0\x9f\x93\xa6");
        strcpy(at, "'}}");
        check(body, over ? "/message/text: must have at most 20000 characters, not 20001" : NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_least),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
