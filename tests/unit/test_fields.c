#include "faults.h"
#include "replyd/moment.h"
#include "replyd/money.h"

struct inner {
    const char *city;
    int64_t number;
};

struct outer {
    const char *text, *lines, *prose, *code, *rate, *currency, *country, *language, *email, *url;
    int word;
    bool flag;
    int64_t count;
    double number;
    struct money money, margin;
    moment_t time, by, from;
    struct inner inner;
    struct field_array things, names;
    const json_t *any, *map;
};

static const char *const colours[] = {"red", "green", NULL};

static const struct field inner_fields[] = {
    {"city", .type = FIELD_TEXT, .required = true, .offset = offsetof(struct inner, city)},
    {"number", .type = FIELD_COUNT, .min = 1, .max = 10, .offset = offsetof(struct inner, number)},
    {NULL},
};

#define AT(member) .offset = offsetof(struct outer, member)
static const struct field outer_fields[] = {
    {"text", .type = FIELD_TEXT, .max = 5, AT(text)},
    {"lines", .type = FIELD_TEXT, .multiline = true, .max = 10, AT(lines)},
    {"prose", .type = FIELD_PROSE, .max = 10, AT(prose)},
    {"code", .type = FIELD_CODE, AT(code)},
    {"rate", .type = FIELD_DECIMAL, AT(rate)},
    {"currency", .type = FIELD_CURRENCY, AT(currency)},
    {"country", .type = FIELD_COUNTRY, AT(country)},
    {"language", .type = FIELD_LANGUAGE, AT(language)},
    {"email", .type = FIELD_EMAIL, AT(email)},
    {"url", .type = FIELD_URL, AT(url)},
    {"word", .type = FIELD_WORD, .words = colours, AT(word)},
    {"flag", .type = FIELD_FLAG, AT(flag)},
    {"count", .type = FIELD_COUNT, AT(count)},
    {"number", .type = FIELD_NUMBER, .min = -1, .max = 1.5, AT(number)},
    {"money", .type = FIELD_MONEY, AT(money)},
    {"margin", .type = FIELD_MONEY, .min = -1, AT(margin)},
    {"time", .type = FIELD_TIME, AT(time)},
    {"by", .type = FIELD_DAY_END, AT(by)},
    {"from", .type = FIELD_DAY_START, AT(from)},
    {"inner", .type = FIELD_OBJECT, .fields = inner_fields, AT(inner)},
    {"things", .type = FIELD_ARRAY, .fields = inner_fields, .max = 3, .size = sizeof(struct inner),
     AT(things)},
    {"names", .type = FIELD_ARRAY, .element = FIELD_TEXT, .min = 1, .max = 2, .size = sizeof(const char *),
     AT(names)},
    {"pair", .type = FIELD_ARRAY, .element = FIELD_NUMBER, .min = 2, .max = 2},
    {"any", .type = FIELD_ANY, AT(any)},
    {"map", .type = FIELD_MAP, .element = FIELD_DECIMAL, .max = 2, AT(map)},
    {NULL},
};

/* Whether it is stored or only checked must not matter. */
static void check(const char *body, const char *expected)
{
    struct arena arena = {0};
    json_t *json = body_read(body);
    struct outer outer = {0};
    struct faults faults, again;
    faults_init(&faults, &arena);
    faults_init(&again, &arena);
    int count = fields_read(outer_fields, json, "", &outer, &faults);
    assert_int_equal(count, faults.count);
    assert_faults(body, &faults, expected);
    assert_int_equal(fields_read(outer_fields, json, "", NULL, &again), count);
    assert_string_equal(faults_text(&again), faults_text(&faults));
    json_decref(json);
    arena_free(&arena);
}

static void test_stored(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct faults faults;
    faults_init(&faults, &arena);
    json_t *json =
        body_read("{'text':'h\\u00e4llo','lines':'a\\r\\n\\tb','prose':'\\u0007','code':'A 1','rate':'1.08',"
                  "'currency':'JPY','country':'DE','language':'zh-Hant-TW','email':'a@b.example',"
                  "'url':'https://x.example/?a=b#c','word':'green','flag':true,'count':-3,'number':1.5,"
                  "'money':{'amount':'12.5','currency':'USD'},'margin':{'amount':'-1','currency':'JPY'},"
                  "'time':'2026-03-02T10:00:00+01:00','by':'2026-03-02','from':'2026-03-02',"
                  "'inner':{'city':'Rome','number':10},'things':[{'city':'A'},{'city':'B','number':2}],"
                  "'names':['x','y'],'pair':[1,2.5],'any':[null],'map':{'EUR':'1.1'}}");
    struct outer outer = {0};
    assert_int_equal(fields_read(outer_fields, json, "", &outer, &faults), 0);
    assert_string_equal(outer.text, "h\xc3\xa4llo");
    assert_string_equal(outer.lines, "a\r\n\tb");
    assert_string_equal(outer.prose, "\a");
    assert_string_equal(outer.code, "A 1");
    assert_string_equal(outer.email, "a@b.example");
    assert_int_equal(outer.word, 1);
    assert_true(outer.flag);
    assert_int_equal(outer.count, -3);
    assert_true(outer.number == 1.5);
    assert_int_equal(outer.money.minor, 1250);
    assert_string_equal(outer.money.currency, "USD");
    assert_int_equal(outer.margin.minor, -1);
    char text[MOMENT_TEXT];
    assert_string_equal(moment_format(outer.time, text), "2026-03-02T09:00:00Z");
    assert_string_equal(moment_format(outer.by, text), "2026-03-02T23:59:59Z");
    assert_string_equal(moment_format(outer.from, text), "2026-03-02T00:00:00Z");
    assert_string_equal(outer.inner.city, "Rome");
    assert_int_equal(outer.inner.number, 10);
    assert_int_equal(outer.things.count, 2);
    assert_int_equal(((const struct inner *)outer.things.items)[1].number, 2);
    assert_int_equal(outer.names.count, 2);
    assert_string_equal(((const char *const *)outer.names.items)[1], "y");
    assert_ptr_equal(outer.any, json_object_get(json, "any"));
    assert_ptr_equal(outer.map, json_object_get(json, "map"));
    json_decref(json);
    arena_free(&arena);
}

static void test_null_leaves_defaults(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct faults faults;
    faults_init(&faults, &arena);
    json_t *json =
        body_read("{'text':null,'word':null,'count':null,'inner':null,'things':null,'lines':'','prose':''}");
    struct outer outer = {.text = "kept", .word = -1, .count = 7, .lines = "kept", .prose = "kept"};
    assert_int_equal(fields_read(outer_fields, json, "", &outer, &faults), 0);
    assert_string_equal(outer.text, "kept");
    assert_string_equal(outer.lines, "kept");
    assert_string_equal(outer.prose, "kept");
    assert_int_equal(outer.word, -1);
    assert_int_equal(outer.count, 7);
    json_decref(json);
    arena_free(&arena);
}

static void test_texts(void **state)
{
    (void)state;
    static const struct {
        const char *body, *expected;
    } cases[] = {
        {"{'text':'12345'}", NULL},
        {"{'text':'\\u00e4\\u00e4\\u00e4\\u00e4\\u00e4'}", NULL},
        {"{'text':'\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00'}", NULL},
        {"{'text':'123456'}", "/text: must have at most 5 characters, not 6"},
        {"{'text':''}", "/text: must not be empty"},
        {"{'text':'  '}", "/text: must be one line that is not blank"},
        {"{'text':'\\u3000\\u00a0'}", "/text: must be one line that is not blank"},
        {"{'text':'a\\nb'}", "/text: must be one line"},
        {"{'text':'a\\u0000b'}", "/text: must not have a NUL"},
        {"{'text':'a\\u007f'}", "/text: must be one line"},
        {"{'text':'a\\u0085'}", "/text: must be one line"},
        {"{'text':'a\\u2028'}", "/text: must be one line"},
        {"{'text':5}", "/text: must be a string"},
        {"{'text':['a']}", "/text: must be a string"},
        {"{'lines':'a\\u0007'}", "/lines: must not have control characters but"},
        {"{'prose':'a\\u0000'}", "/prose: must not have a NUL"},
        {"{'code':' a'}", "/code: must not have control characters, or spaces around it"},
        {"{'code':'a\\u00a0'}", "/code: must not have"},
        {"{'code':'a\\tb'}", "/code: must not have"},
        {"{'code':'\\u8ba2\\u5355/1'}", NULL},
        {"{'rate':'0'}", "/rate: must be a decimal number above 0"},
        {"{'rate':'0.00'}", "/rate: must be a decimal"},
        {"{'rate':'0.001'}", NULL},
        {"{'rate':'-1'}", "/rate: must be a decimal"},
        {"{'rate':'1e3'}", "/rate: must be a decimal"},
        {"{'rate':'1.'}", "/rate: must be a decimal"},
        {"{'rate':'.5'}", "/rate: must be a decimal"},
        {"{'rate':'1.2.3'}", "/rate: must be a decimal"},
        {"{'rate':1.5}", "/rate: must be a string"},
        {"{'currency':'usd'}", "/currency: must be an ISO 4217"},
        {"{'currency':'XYZ'}", "/currency: must be an ISO 4217"},
        {"{'currency':'USDX'}", "/currency: must have at most 3"},
        {"{'country':'us'}", "/country: must be an ISO 3166-1"},
        {"{'country':'UK'}", "/country: must be an ISO 3166-1"},
        {"{'country':'ZZ'}", "/country: must be an ISO 3166-1"},
        {"{'country':'Z '}", "/country: must be an ISO 3166-1"},
        {"{'country':'ZW'}", NULL},
        {"{'country':'AD'}", NULL},
        {"{'word':'blue'}", "/word: must be one of: red, green"},
        {"{'word':'Red'}", "/word: must be one of: red, green"},
        {"{'word':'red\\u0000'}", "/word: must be one of: red, green"},
        {"{'word':1}", "/word: must be one of: red, green"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check(cases[i].body, cases[i].expected);
}

static void check_each(const char *field, const char *const *values, const char *expected)
{
    for (; *values; values++) {
        char body[3000];
        snprintf(body, sizeof(body), "{'%s':'%s'}", field, *values);
        check(body, expected);
    }
}

static void test_languages(void **state)
{
    (void)state;
    static const char *const right[] = {"en",  "EN",     "zh-CN",     "zh-Hant-TW", "de-CH-1996", "und",
                                        "yue", "es-419", "en-x-mine", "sr-Latn-RS", NULL};
    static const char *const wrong[] = {
        "e",    "english",        "en_US", "en-", "-en", "en--US", "auto", "x", "en-toolongsubtag",
        "en-U", "\\u00e4\\u00e4", NULL};
    check_each("language", right, NULL);
    check_each("language", wrong, "/language: must be a BCP 47");
}

static void test_emails(void **state)
{
    (void)state;
    static const char *const right[] = {"nancy@example.org",         "n.d+x@sub.example.co.uk",
                                        "\\u00fc@ex\\u00e4mple.org", "a@localhost",
                                        "x_y%z=1@amazon.example",    NULL};
    static const char *const wrong[] = {"nancy",
                                        "@example.org",
                                        "nancy@",
                                        "a@b@c",
                                        "a b@c.d",
                                        "a@b c",
                                        "a@b.",
                                        "a@.b",
                                        "a..b@c.d",
                                        ".a@c.d",
                                        "a.@c.d",
                                        "<a@b.c>",
                                        "a@b.c,d@e.f",
                                        "a@b.c\\r\\nBcc: x",
                                        "Nancy <a@b.c>",
                                        "a@-b.c",
                                        "a@b\\u0085c",
                                        "a@b\\u00a0c",
                                        NULL};
    check_each("email", right, NULL);
    check_each("email", wrong, "/email: must be an e-mail address");
    char body[400] = "{'email':'";
    memset(body + 10, 'a', 250);
    strcpy(body + 260, "@b.cd'}");
    check(body, "/email: must have at most 254 characters");
}

static void test_urls(void **state)
{
    (void)state;
    static const char *const right[] = {"http://a.example",
                                        "https://a.example:8443/p?q=1&r=%20#f",
                                        "HTTPS://A.EXAMPLE/",
                                        "https://\\u4f8b\\u3048.jp/",
                                        "https://[::1]/",
                                        "https://a.example/@x",
                                        NULL};
    static const char *const wrong[] = {"ftp://a.example", "javascript:alert(1)",
                                        "a.example",       "//a.example",
                                        "https://",        "https:///x",
                                        "https://a b",     "https://a\\nb",
                                        "https://a/<b>",   "https://u:p@a/",
                                        "https://:80/",    "data:text/html,x",
                                        " https://a",      NULL};
    check_each("url", right, NULL);
    check_each("url", wrong, "/url: must be an http or https address");
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *body, *expected;
    } cases[] = {
        {"{'flag':'true'}", "/flag: must be true or false"},
        {"{'flag':1}", "/flag: must be true or false"},
        {"{'count':9007199254740993}", NULL},
        {"{'count':1.0}", "/count: must be a whole number"},
        {"{'count':'1'}", "/count: must be a whole number"},
        {"{'inner':{'city':'x','number':0}}", "/inner/number: must be a whole number from 1 to 10"},
        {"{'inner':{'city':'x','number':11}}", "/inner/number: must be a whole number from 1 to 10"},
        {"{'number':1.51}", "/number: must be a number from -1 to 1.5"},
        {"{'number':-1}", NULL},
        {"{'number':true}", "/number: must be a number"},
        {"{'money':{'amount':'12.505','currency':'USD'}}",
         "/money/amount: must be a decimal number with at most 2 digits"},
        {"{'money':{'amount':'1.5','currency':'JPY'}}",
         "/money/amount: must be a decimal number with at most 0 digits"},
        {"{'money':{'amount':'1.555','currency':'KWD'}}", NULL},
        {"{'money':{'amount':'99999999999','currency':'USD'}}", "/money/amount: must be a decimal number"},
        {"{'money':{'amount':12.5,'currency':'USD'}}", "/money/amount: must be a string"},
        {"{'money':{'amount':'-0.01','currency':'USD'}}", "/money/amount: must not be negative"},
        {"{'money':{'amount':'-0','currency':'USD'}}", NULL},
        {"{'money':{'amount':'x','currency':'XYZ'}}", "/money/currency: must be an ISO 4217"},
        {"{'money':{'amount':'1'}}", "/money/currency: is required"},
        {"{'money':{'currency':'USD'}}", "/money/amount: is required"},
        {"{'money':{'amount':null,'currency':null}}",
         "/money/amount: is required\n/money/currency: is required"},
        {"{'money':{'amount':'1','currency':'USD','curency':'x'}}",
         "/money/curency: unknown field; did you mean \"currency\"?"},
        {"{'money':'12.50 USD'}", "/money: must be money such as"},
        {"{'money':12}", "/money: must be money such as"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check(cases[i].body, cases[i].expected);
}

static void test_times(void **state)
{
    (void)state;
    static const char *const times[] = {"2026-02-29T00:00:00Z",
                                        "2026-03-02",
                                        "yesterday",
                                        "2026-03-02T09:14:00",
                                        "1899-12-31T00:00:00Z",
                                        "2200-01-01T00:00:00Z",
                                        "",
                                        "2026-03-02T25:00:00Z",
                                        "2026-03-02T09:14:00Z\\u0000",
                                        NULL};
    static const char *const days[] = {"2026-02-29", "2026-13-01", "20260302", "1899-12-31",
                                       "2200-01-01", "",           NULL};
    check_each("time", times, "/time: must be a time such as");
    check_each("by", days, "/by: must be a date such as");
    check_each("from", days, "/from: must be a date such as");
    check_each("by", (const char *const[]){"2026-03-02T09:14:00+08:00", "2024-02-29", NULL}, NULL);
    check("{'time':1772442840}", "/time: must be a time");
}

static void test_arrays(void **state)
{
    (void)state;
    static const struct {
        const char *body, *expected;
    } cases[] = {
        {"{'things':[]}", NULL},
        {"{'things':{}}", "/things: must be an array"},
        {"{'things':[{'city':'a'},{'city':'a'},{'city':'a'},{'city':'a'}]}",
         "/things: must have 0 to 3 elements, not 4"},
        {"{'things':[{'city':'a'},{'number':99},7,null]}", "/things: must have 0 to 3"},
        {"{'things':[{'city':'a'},{'number':99},7]}",
         "/things/1/city: is required\n/things/1/number: must be a whole\n/things/2: must be an object"},
        {"{'things':[null]}", "/things/0: must be an object"},
        {"{'names':[]}", "/names: must have 1 to 2 elements, not 0"},
        {"{'names':['a',1]}", "/names/1: must be a string"},
        {"{'names':[null]}", "/names/0: must be a string"},
        {"{'pair':[1]}", "/pair: must have 2 elements, not 1"},
        {"{'map':[]}", "/map: must be an object"},
        {"{'map':{'EUR':1}}", "/map/EUR: must be a string"},
        {"{'map':{'a/b~c':'x'}}", "/map/a~1b~0c: must be a decimal"},
        {"{'map':{'a':'1','b':'1','c':'1'}}", "/map: must have 0 to 2 elements, not 3"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check(cases[i].body, cases[i].expected);
}

static void test_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *body, *expected;
    } cases[] = {
        {"{'colour':1}", "/colour: unknown field"},
        {"{'txt':1}", "/txt: unknown field; did you mean \"text\"?"},
        {"{'tetx':1}", "/tetx: unknown field; did you mean \"text\"?"},
        {"{'texts':1}", "/texts: unknown field; did you mean \"text\"?"},
        {"{'test':1}", "/test: unknown field; did you mean \"text\"?"},
        {"{'Text':1}", "/Text: unknown field; did you mean \"text\"?"},
        {"{'te_xt':1}", "/te_xt: unknown field; did you mean \"text\"?"},
        {"{'':1}", "/: unknown field"},
        {"{'a/b~':1}", "/a~1b~0: unknown field"},
        {"{'inner':{'citty':'x'}}",
         "/inner/city: is required\n/inner/citty: unknown field; did you mean \"city\"?"},
        {"[]", ": must be an object"},
        {"null", ": must be an object"},
        {"'x'", ": must be an object"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check(cases[i].body, cases[i].expected);
}

/* However bad a body is, the answer stays small. */
static void test_many_faults(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct faults faults;
    faults_init(&faults, &arena);
    json_t *json = json_object();
    for (int i = 0; i < 5000; i++) {
        char name[20];
        snprintf(name, sizeof(name), "field%d", i);
        json_object_set_new(json, name, json_null());
    }
    assert_int_equal(fields_read(outer_fields, json, "/body", NULL, &faults), 5000);
    int kept = 0;
    for (const struct fault *fault = faults.first; fault; fault = fault->next)
        kept++;
    assert_int_equal(kept, FAULTS_MAX);
    assert_string_equal(faults.first->pointer, "/body/field0");
    json_decref(json);
    arena_free(&arena);
}

static void test_text_fits(void **state)
{
    (void)state;
    char longest[202];
    memset(longest, 'a', 201);
    longest[201] = '\0';
    assert_false(fields_text_fits(FIELD_CODE, longest));
    assert_true(fields_text_fits(FIELD_CODE, longest + 1));
    assert_false(fields_text_fits(FIELD_CODE, ""));
    assert_false(fields_text_fits(FIELD_CODE, "a\nb"));
    assert_true(fields_text_fits(FIELD_COUNTRY, "BR"));
    assert_false(fields_text_fits(FIELD_COUNTRY, "BRA"));
    assert_true(fields_text_fits(FIELD_LANGUAGE, "pt-BR"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stored),      cmocka_unit_test(test_null_leaves_defaults),
        cmocka_unit_test(test_texts),       cmocka_unit_test(test_languages),
        cmocka_unit_test(test_emails),      cmocka_unit_test(test_urls),
        cmocka_unit_test(test_numbers),     cmocka_unit_test(test_times),
        cmocka_unit_test(test_arrays),      cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_many_faults), cmocka_unit_test(test_text_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
