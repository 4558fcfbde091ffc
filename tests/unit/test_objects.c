#include "faults.h"
#include "replyd/objects.h"

static void check(enum object_kind kind, const char *body, const char *expected)
{
    struct arena arena = {0};
    struct faults faults;
    faults_init(&faults, &arena);
    json_t *json = body_read(body);
    int count = object_check(kind, json, "", &faults);
    json_decref(json);
    assert_int_equal(count, faults.count);
    assert_faults(body, &faults, expected);
    arena_free(&arena);
}

struct body_case {
    enum object_kind kind;
    const char *body, *expected;
};

static void check_all(const struct body_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(cases[i].kind, cases[i].body, cases[i].expected);
}
#define CHECK_ALL(cases) check_all(cases, sizeof(cases) / sizeof(*(cases)))

#define USD(amount) "{'amount':'" amount "','currency':'USD'}"

/* Every field of api.md, once. */
static void test_whole(void **state)
{
    (void)state;
    static const struct body_case cases[] = {
        {OBJECT_PRODUCT,
         "{'name':'Boots','description':'Warm.\\nDry.','material':'leather','price':" USD(
             "39.90") ",'floor_price':" USD("35") ",'cost':" USD("12") ",'stock':5,'restock_on':'2026-04-01',"
                                                                       "'unit_of_sale':'pair','units_per_"
                                                                       "pack':12,"
                                                                       "'weight_g':800.5,'low_price_reason':'"
                                                                       "last "
                                                                       "season','quality_guarantee':true,'"
                                                                       "voltage':'220 V','plug':'C',"
                                                                       "'manual_url':'https://a.example/"
                                                                       "m.pdf','variants':[{'sku':'B-R','"
                                                                       "name':'red','color':'red','size':'M',"
                                                                       "'stock':0}],"
                                                                       "'size_chart':[{'size':'M','bust_cm':["
                                                                       "86,90],'waist_cm':[68,72.5],'hip_cm':"
                                                                       "[92,96],'length_cm':null,"
                                                                       "'sleeve_cm':null,'foot_cm':[25,25]}],"
                                                                       "'price_tiers':[{'min_quantity':12,'"
                                                                       "unit_price':" USD(
                                                                           "30") ","
                                                                                 "'freight_included':true,'"
                                                                                 "wholesale':false}],'"
                                                                                 "alternatives':['B-2'],'"
                                                                                 "updated_at':'2026-03-02T09:"
                                                                                 "14:00Z'}",
         NULL},
        {OBJECT_ORDER,
         "{'status':'shipped','platform':'own_shop','currency':'USD','total':" USD("39.90") ",'freight':" USD(
             "0") ",'margin':{'amount':'-20','currency':'CNY'},'note':'','placed_at':'2026-02-01T10:00:00Z',"
                  "'paid_at':'2026-01-01T10:00:00Z','ship_by':'2026-02-04','new_ship_by':'2026-02-06T12:00:"
                  "00Z',"
                  "'shipping_method':'epacket','duty_informed':false,'payment_failure':'other','customer':{'"
                  "name':'Nancy Drew',"
                  "'email':'nancy@example.org','country':'US','language':'en','external_id':'77','birthday':'"
                  "1990-05-17',"
                  "'marketing_consent':true},'address':{'line1':'1 Main St','city':'River "
                  "Heights','postcode':'60601','country':'US'},"
                  "'items':[{'sku':'B-R','name':'Boots','variant':'red','quantity':1,'unit_price':" USD(
                      "39.90") "}],"
                               "'tax_collected_by':'platform','incoterm':'DDP','protection_ends_on':'2026-05-"
                               "01',"
                               "'refund':{'state':'requested','amount':" USD(
                                   "39.90") ",'method':'card','at':'2026-03-01T00:00:00Z'},"
                                            "'return':{'state':'none','tracking_number':'R1','at':'2026-03-"
                                            "01T00:00:00Z'},"
                                            "'dispute':{'kind':'chargeback','reason':'late','opened_at':'"
                                            "2026-03-01T10:00:00Z','respond_by':'2026-03-01'}}",
         NULL},
        {OBJECT_SHIPMENT,
         "{'carrier':'China Post','carrier_kind':'post','service':'ePacket','tracked':true,"
         "'tracking_url':'https://t.example/"
         "LX1','shipped_at':'2026-02-03T08:00:00Z','promised_by':'2026-02-20',"
         "'weight_g':800,'expected_weight_g':810,'carrier_phone':'+86 11183','return_cost':" USD(
             "9") ","
                  "'free_return':false,'claim_by':'2026-08-03','customs':{'reason':'duty_unpaid','party':'"
                  "buyer','document':'ID',"
                  "'duty':{'amount':'900','currency':'JPY'},'pay_to':'customs','act_by':'2026-03-10'},"
                  "'return':{'reason':'refused','cause':'buyer'},'pickup_point':'Shop "
                  "7','pickup_by':'2026-03-05',"
                  "'signed_by':'N. D.','items':[{'sku':'B-R','quantity':1}]}",
         NULL},
        {OBJECT_EVENT,
         "[{'at':'2026-02-10T10:00:00+08:00','text':'Departed','code':'EMC','code_system':'upu','city':'"
         "Beijing',"
         "'postcode':'100000','country':'CN','state':'departed'},{'at':'2026-02-11T10:00:00Z'}]",
         NULL},
        {OBJECT_SHIPPING_METHOD,
         "{'carrier':'DHL','name':'Express','kind':'express','tracked':true,'countries':['US','DE'],'min_"
         "days':3,"
         "'max_days':3,'handling_days':1,'price':" USD("19") ",'per_kg':" USD("4") ",'free_over':" USD(
             "200") "}",
         NULL},
        {OBJECT_SHIPPING_METHOD, "{'countries':null}", NULL},
        {OBJECT_HOLIDAY,
         "{'name':'Spring "
         "Festival','kind':'suspension','from':'2026-02-15','to':'2026-02-15','countries':['CN']}",
         NULL},
        {OBJECT_PROMOTION, "{'percent':12.5,'from':'2026-02-15T10:00:00Z','to':'2026-02-15','skus':['B-R']}",
         NULL},
        {OBJECT_CUSTOMS_RULE,
         "{'duty_free_below':" USD("800") ",'duty_percent':145,'tax_percent':19,'tax_threshold':" USD(
             "0") ",'fixed_duty':" USD("100") ",'collected_by':'carrier','handling_fee':" USD("6") ","
                                                                                                   "'recipien"
                                                                                                   "t_id':{'"
                                                                                                   "kind':'"
                                                                                                   "CPF','"
                                                                                                   "pattern':"
                                                                                                   "'[0-9]{"
                                                                                                   "11}'},'"
                                                                                                   "buyer_"
                                                                                                   "documents"
                                                                                                   "':['CPF']"
                                                                                                   ",'origin'"
                                                                                                   ":'CN',"
                                                                                                   "'effectiv"
                                                                                                   "e_from':'"
                                                                                                   "2025-05-"
                                                                                                   "02','"
                                                                                                   "effective"
                                                                                                   "_to':"
                                                                                                   "null,'"
                                                                                                   "source':'"
                                                                                                   "https://"
                                                                                                   "law."
                                                                                                   "example/"
                                                                                                   "','alert_"
                                                                                                   "from':'"
                                                                                                   "2026-01-"
                                                                                                   "01',"
                                                                                                   "'alert_"
                                                                                                   "to':'"
                                                                                                   "2026-02-"
                                                                                                   "01'}",
         NULL},
        {OBJECT_CUSTOMS_RULE, "[{'duty_percent':10,'effective_to':'2025-12-31'},{'duty_percent':12}]", NULL},
    };
    CHECK_ALL(cases);
    for (int kind = 0; kind < OBJECT_KINDS; kind++)
        check((enum object_kind)kind, "{}", kind == OBJECT_EVENT ? "/at: is required" : NULL);
}

static void test_faults(void **state)
{
    (void)state;
    static const struct body_case cases[] = {
        {OBJECT_ORDER, "[]", ": must be an object"},
        {OBJECT_ORDER, "[{}]", ": must be an object"},
        {OBJECT_ORDER, "{'number':'1001'}", "/number: unknown field"},
        {OBJECT_ORDER, "{'status':'delivered'}",
         "/status: must be one of: unpaid, paid, packed, shipped, completed, cancelled, refunded"},
        {OBJECT_ORDER, "{'total':" USD("1") ",'items':[{'unit_price':{'amount':'1','currency':'EUR'}}]}",
         "/items/0/unit_price/currency: must be USD, the order's currency"},
        {OBJECT_ORDER,
         "{'currency':'EUR','total':" USD("1") ",'freight':" USD("1") ",'refund':{'amount':" USD("1") "}}",
         "/total/currency: must be EUR\n/freight/currency: must be EUR\n/refund/amount/currency: must be "
         "EUR"},
        {OBJECT_ORDER, "{'currency':'eur','total':" USD("1") "}", "/currency: must be an ISO 4217"},
        {OBJECT_ORDER, "{'total':" USD("-1") "}", "/total/amount: must not be negative"},
        {OBJECT_ORDER, "{'dispute':{'opened_at':'2026-03-02T00:00:00Z','respond_by':'2026-03-01'}}",
         "/dispute/respond_by: must not be before \"opened_at\""},
        {OBJECT_ORDER, "{'customer':{'email':'x'},'items':[{},{'quantity':-1}]}",
         "/customer/email: must be\n/items/1/quantity: must be a whole number from 0"},
        /* contradictory, and kept */
        {OBJECT_ORDER,
         "{'status':'unpaid','paid_at':'2026-01-01T00:00:00Z','placed_at':'2026-02-01T00:00:00Z'}", NULL},
        {OBJECT_SHIPMENT, "{'tracking_url':'javascript:alert(1)'}", "/tracking_url: must be an http"},
        {OBJECT_SHIPMENT, "{'customs':{'reason':'no'}}",
         "/customs/reason: must be one of: identity_number_missing,"},
        {OBJECT_EVENT, "[]", ": must have 1 to 1000 elements, not 0"},
        {OBJECT_EVENT, "[{'at':'2026-02-10'},{'text':'x'}]", "/0/at: must be a time\n/1/at: is required"},
        {OBJECT_EVENT, "{'at':'2026-02-10T00:00:00Z','state':'gone'}",
         "/state: must be one of: label_created,"},
        {OBJECT_EVENT, "{'at':'2026-02-10T00:00:00Z','code_system':'dhl'}",
         "/code_system: must be one of: upu, aftership, 17track, carrier"},
        {OBJECT_SHIPPING_METHOD, "{'min_days':5,'max_days':4}",
         "/max_days: must not be less than \"min_days\""},
        {OBJECT_SHIPPING_METHOD, "{'countries':['US','uk']}", "/countries/1: must be an ISO 3166-1"},
        {OBJECT_HOLIDAY, "{'from':'2026-02-15','to':'2026-02-14'}", "/to: must not be before \"from\""},
        {OBJECT_HOLIDAY, "{'from':'2026-02-15','to':'tomorrow'}", "/to: must be a date"},
        {OBJECT_PROMOTION, "{'percent':101}", "/percent: must be a number from 0 to 100"},
        {OBJECT_CUSTOMS_RULE, "[{},{'effective_from':'2026-02-15','effective_to':'2026-02-14'}]",
         "/1/effective_to: must not be before \"effective_from\""},
        {OBJECT_CUSTOMS_RULE, "{'alert_from':'2026-02-15','alert_to':'2026-02-14'}",
         "/alert_to: must not be before"},
        {OBJECT_PRODUCT, "{'size_chart':[{'bust_cm':[1,2]}]}", "/size_chart/0/size: is required"},
        {OBJECT_PRODUCT, "{'size_chart':[{'size':'M','bust_cm':[90,86],'hip_cm':[0,5],'foot_cm':[1]}]}",
         "/size_chart/0/foot_cm: must have 2\n/size_chart/0/bust_cm: must be two "
         "lengths\n/size_chart/0/hip_cm: must be"},
        {OBJECT_PRODUCT, "{'price_tiers':[{}]}",
         "/price_tiers/0/min_quantity: is required\n/price_tiers/0/unit_price: is required"},
        {OBJECT_PRODUCT, "{'alternatives':['a','']}", "/alternatives/1: must not be empty"},
    };
    CHECK_ALL(cases);
}

static void test_path_keys(void **state)
{
    (void)state;
    static const struct {
        enum object_kind kind;
        const char *keys[2], *expected;
    } cases[] = {
        {OBJECT_ORDER, {"1001"}, NULL},
        {OBJECT_ORDER, {"a\nb"}, ": number in the path must"},
        {OBJECT_SHIPMENT, {"1001", " x"}, ": tracking_number in the path must"},
        {OBJECT_EVENT, {NULL, "LX1"}, NULL},
        {OBJECT_CUSTOMS_RULE, {"US"}, NULL},
        {OBJECT_CUSTOMS_RULE, {"us"}, ": country in the path must be an ISO 3166-1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct arena arena = {0};
        struct faults faults;
        faults_init(&faults, &arena);
        object_check_keys(cases[i].kind, cases[i].keys, &faults);
        assert_faults(cases[i].keys[0] ? cases[i].keys[0] : "-", &faults, cases[i].expected);
        arena_free(&arena);
    }
}

static void test_ingest_keys(void **state)
{
    (void)state;
    static const struct {
        enum object_kind kind;
        const char *json, *keys[2], *expected;
    } cases[] = {
        {OBJECT_ORDER, "'1001'", {"1001"}, NULL},
        {OBJECT_ORDER, "{'number':'1001'}", {"1001"}, NULL},
        {OBJECT_ORDER, "{'order':'1001'}", {"1001"}, NULL},
        {OBJECT_ORDER, "['1001']", {"1001"}, NULL},
        {OBJECT_ORDER, "1001", {NULL}, "/key: needs \"number\""},
        {OBJECT_ORDER, "{'id':'1001'}", {NULL}, "/key: has an unknown part \"id\""},
        {OBJECT_ORDER, "''", {NULL}, "/key: must have 1 to 200"},
        {OBJECT_ORDER, "'a\\u0000'", {NULL}, "/key: must have 1 to 200"},
        {OBJECT_SHIPMENT, "{'order':'1001','tracking_number':'LX1'}", {"1001", "LX1"}, NULL},
        {OBJECT_SHIPMENT, "{'order_number':'1001','tracking_number':'LX1'}", {"1001", "LX1"}, NULL},
        {OBJECT_SHIPMENT, "['1001','LX1']", {"1001", "LX1"}, NULL},
        {OBJECT_SHIPMENT, "['1001']", {NULL}, "/key: needs \"number\"\n/key: needs \"tracking_number\""},
        {OBJECT_SHIPMENT, "'LX1'", {NULL}, "/key: needs \"number\"\n"},
        {OBJECT_SHIPMENT, "{'tracking_number':'LX1'}", {NULL, "LX1"}, "/key: needs \"number\""},
        {OBJECT_SHIPMENT, "{'order':7,'tracking_number':'LX1'}", {NULL, "LX1"}, "/key/order: must have"},
        {OBJECT_EVENT, "'LX1'", {NULL, "LX1"}, NULL},
        {OBJECT_EVENT, "{'tracking_number':'LX1'}", {NULL, "LX1"}, NULL},
        {OBJECT_EVENT, "{'order':'1001'}", {"1001", NULL}, "/key: needs \"tracking_number\""},
        {OBJECT_CUSTOMS_RULE, "'br'", {NULL}, "/key: must be an ISO 3166-1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct arena arena = {0};
        struct faults faults;
        const char *keys[OBJECT_KEYS_MAX] = {NULL};
        faults_init(&faults, &arena);
        json_t *json = body_read(cases[i].json);
        object_read_keys(cases[i].kind, json, "/key", keys, &faults);
        json_decref(json);
        if (cases[i].expected)
            assert_int_equal(
                strncmp(faults_text(&faults), cases[i].expected, strcspn(cases[i].expected, "\n")), 0);
        else
            assert_faults(cases[i].json, &faults, NULL);
        for (int part = 0; part < OBJECT_KEYS_MAX && !cases[i].expected; part++) {
            if (cases[i].keys[part])
                assert_string_equal(keys[part], cases[i].keys[part]);
            else
                assert_null(keys[part]);
        }
        arena_free(&arena);
    }
}

/* RFC 7396, appendix A. */
static void test_merge(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"{'a':'b'}", "{'a':'c'}", "{'a':'c'}"},
        {"{'a':'b'}", "{'b':'c'}", "{'a':'b','b':'c'}"},
        {"{'a':'b'}", "{'a':null}", "{}"},
        {"{'a':'b','b':'c'}", "{'a':null}", "{'b':'c'}"},
        {"{'a':['b']}", "{'a':'c'}", "{'a':'c'}"},
        {"{'a':'c'}", "{'a':['b']}", "{'a':['b']}"},
        {"{'a':{'b':'c'}}", "{'a':{'b':'d','c':null}}", "{'a':{'b':'d'}}"},
        {"{'a':[{'b':'c'}]}", "{'a':[1]}", "{'a':[1]}"},
        {"['a','b']", "['c','d']", "['c','d']"},
        {"{'a':'b'}", "['c']", "['c']"},
        {"{'a':'foo'}", "null", "null"},
        {"{'a':'foo'}", "'bar'", "'bar'"},
        {"{'e':null}", "{'a':1}", "{'e':null,'a':1}"},
        {"[1,2]", "{'a':'b','c':null}", "{'a':'b'}"},
        {"{}", "{'a':{'bb':{'ccc':null}}}", "{'a':{'bb':{}}}"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        json_t *target = body_read(cases[i][0]), *patch = body_read(cases[i][1]),
               *expected = body_read(cases[i][2]);
        json_t *before = json_deep_copy(target);
        json_t *merged = object_merge(target, patch);
        if (!json_equal(merged, expected))
            fail_msg("%s with %s", cases[i][0], cases[i][1]);
        assert_true(json_equal(target, before));
        json_decref(merged);
        json_decref(before);
        json_decref(expected);
        json_decref(patch);
        json_decref(target);
    }
}

static void test_text(void **state)
{
    (void)state;
    struct arena arena = {0};
    json_t *json = body_read("{'percent':33.3,'n':12,'list':[true,null],'t':'\\u00e4/\\u0001'}");
    assert_string_equal(object_text(json, &arena),
                        "{\"percent\":33.3,\"n\":12,\"list\":[true,null],\"t\":\"\xc3\xa4/\\u0001\"}");
    json_decref(json);
    arena_free(&arena);
}

static void test_words(void **state)
{
    (void)state;
    for (int kind = 0; kind < OBJECT_KINDS; kind++) {
        assert_non_null(object_words[kind]);
        assert_non_null(objects_info[kind].fields);
        assert_in_range(objects_info[kind].key_count, 1, OBJECT_KEYS_MAX);
    }
    assert_null(object_words[OBJECT_KINDS]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),       cmocka_unit_test(test_faults), cmocka_unit_test(test_path_keys),
        cmocka_unit_test(test_ingest_keys), cmocka_unit_test(test_merge),  cmocka_unit_test(test_text),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
