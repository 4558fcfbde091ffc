#include "../../src/understand/entities.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Friday, 20 February 2026 */
#define TODAY 20504

/* What a text names, in one line, bare order numbers with a question mark: "o=1001,1002? t=RR... a=39.90USD
 * d=2026-02-20 q=30 in=10 wont" */
static const struct {
    const char *text, *expected;
} cases[] = {
    /* order numbers */
    {"Where is #1001?", "o=1001"},
    {"order no. 1001", "o=1001"},
    {"Order number: 1001", "o=1001"},
    {"my order 20417 please", "o=20417"},
    {"Order: AB-1234-X", "o=AB-1234-X"},
    {"order id is 77A-1", "o=77A-1"},
    {"My amazon order 112-1234567-1234567 is late", "o=112-1234567-1234567"},
    {"112-1234567-1234567", "o=112-1234567-1234567"},
    {"12-34567-89012 not here", "o=12-34567-89012"},
    {"orders 1001 and 1002", "o=1001,1002"},
    {"it is 4711 or #4712", "o=4712,4711?"},
    {"Hello, 88213 has not come", "o=88213?"},
    {"订单号1001没有收到", "o=1001"},
    {"Bestellung 4711", "o=4711"},
    {"commande n° 5512", "o=5512"},
    {"заказ 7788", "o=7788"},
    {"注文番号:9911", "o=9911"},
    {"주문번호 12345", "o=12345"},
    {"My order. 2000 years I wait", ""},
    {"zip 90210", ""},
    {"postcode 1010 please", ""},
    {"in 2025 I bought", ""},
    {"5000 mah battery", ""},
    {"call me +49 170 1234567", ""},
    {"phone 01701234567", ""},
    {"my number is +1 (555) 010-9999", ""},
    {"size 42", ""},
    {"the 128gb one", ""},
    {"20% off", ""},
    {"order 1001 of 2026-02-10", "o=1001 d=2026-02-10"},
    {"#1001 #1001 order 1001", "o=1001"},
    {"#11 #12 #13 #14 #15", "o=11,12,13,14"},
    /* as people write them */
    {"where is Order-1002", "o=1002,Order-1002"},
    {"ordernr1002", "o=1002,ordernr1002"},
    {"order no1002", "o=no1002,1002"},
    {"order1002 please", "o=1002,order1002"},
    {"it's ORD-1002", "o=ORD-1002,1002"},
    {"PO-12", "o=PO-12,12"},
    {"Order no: #1002-B", "o=1002-B"},
    {"Order # 1002", "o=1002"},
    {"order 1 0 0 2 please", "o=1002"},
    {"1 0 0 2", "o=1002?"},
    {"1 0 0", ""},
    {"order 01002", "o=01002,1002"},
    {"01002 is mine", "o=01002?,1002?"},
    {"#01002 and 7001", "o=01002,1002,7001?"},
    {"order 000", "o=000"},
    {"orders 1001, 1002 & 1003", "o=1001,1002,1003"},
    {"orders 1001 or 1002", "o=1001,1002"},
    {"My friend's order 1002 came long ago but mine, 1001, did not", "o=1002,1001?"},
    {"＃1001", "o=1001"},
    {"order ref 1001", "o=1001"},
    /* what is no order */
    {"I live in 62704 Springfield, parcel hasn't come", ""},
    {"Nancy Drew, Springfield, IL 62704", ""},
    {"my zip code is 62704", ""},
    {"I live at 1200 Peachtree St", ""},
    {"1200 Peachtree St", ""},
    {"1200 peachtree st, Atlanta", ""},
    {"1200 N. Main Street", ""},
    {"1200 Martin Luther Boulevard", ""},
    {"send it to 1200 Oak Lane please", ""},
    {"1001 to our street please", "o=1001?"},
    {"1001 is not on the street", "o=1001?"},
    {"Elm Str. 1200", ""},
    {"Hauptstraße 1200", ""},
    {"I paid 2990 for the lamp", ""},
    {"it cost me about 2990", ""},
    {"The total was 2990", ""},
    {"I paid for 1001 long ago", "o=1001?"},
    {"paid #1001", "o=1001"},
    {"invoice 88213", ""},
    {"invoice no. 88213", ""},
    {"ticket #4471", ""},
    {"ticket number is 4471", ""},
    {"case 4471", ""},
    {"your ref. 4471", ""},
    {"invoice of order 88213", "o=88213"},
    {"I live at 1001 Elm Street", ""},
    {"P.O. Box 1200", ""},
    {"my phone number is 5551234567", ""},
    {"01701234567", ""},
    /* tracking numbers */
    {"RR123456785CN", "t=RR123456785CN"},
    {"rr123456785cn", "t=RR123456785CN"},
    {"RR 123 456 785 CN", "t=RR123456785CN"},
    {"RR123456784CN", "t=RR123456784CN"},
    {"1Z999AA10123456784", "t=1Z999AA10123456784"},
    {"9400 1000 0000 0000 0000 00", "t=9400100000000000000000"},
    {"9400100000000000000000", "t=9400100000000000000000"},
    {"YT2312345678901234 stuck", "t=YT2312345678901234"},
    {"LP00123456789012", "t=LP00123456789012"},
    {"4PX3000123456789CN", "t=4PX3000123456789CN"},
    {"JD014600006281230704", "t=JD014600006281230704"},
    {"tracking number is 123456789012", "t=123456789012"},
    {"tracking: AB12345678", "t=AB12345678"},
    {"order 1001, tracking RR123456785CN", "o=1001 t=RR123456785CN"},
    /* amounts */
    {"I paid $39.90", "a=39.90USD"},
    {"39,90 €", "a=39.90EUR"},
    {"39,90€", "a=39.90EUR"},
    {"€39", "a=39.00EUR"},
    {"€ 39", "a=39.00EUR"},
    {"USD 12", "a=12.00USD"},
    {"12 USD", "a=12.00USD"},
    {"12 euros", "a=12.00EUR"},
    {"12eur", "a=12.00EUR"},
    {"£5", "a=5.00GBP"},
    {"1.299,00 EUR", "a=1299.00EUR"},
    {"1,299.00 USD", "a=1299.00USD"},
    {"$1,299", "a=1299.00USD"},
    {"$1.299", "a=1299.00USD"},
    {"R$ 150", "a=150.00BRL"},
    {"US$20", "a=20.00USD"},
    {"¥3000", "a=3000JPY"},
    {"3000円", "a=3000JPY"},
    {"try 5 times", ""},
    {"12 all", ""},
    {"duty of 24 dollars and 5 pounds", "a=24.00USD,5.00GBP"},
    {"$99999999999999999", ""},
    /* dates */
    {"2026-02-20", "d=2026-02-20"},
    {"on 20 Feb", "d=2026-02-20"},
    {"Feb 20th", "d=2026-02-20"},
    {"20th of February 2025", "d=2025-02-20"},
    {"February 3, 2026", "d=2026-02-03"},
    {"on 28 December", "d=2025-12-28"},
    {"20.02.2026", "d=2026-02-20"},
    {"20/02/2026", "d=2026-02-20"},
    {"02/20/2026", "d=2026-02-20"},
    {"02/03/2026", ""},
    {"03/03/2026", "d=2026-03-03"},
    {"30.02.2026", ""},
    {"2026-13-01", ""},
    {"yesterday", "d=2026-02-19"},
    {"last Monday", "d=2026-02-16"},
    {"last Friday", "d=2026-02-13"},
    {"next Friday", "d=2026-02-27"},
    {"tomorrow", "d=2026-02-21"},
    {"29 Feb 2025", ""},
    {"I may buy", ""},
    /* quantities */
    {"30 pairs", "q=30"},
    {"2 pcs please", "q=2"},
    {"x3", "q=3"},
    {"3x", "q=3"},
    {"30pcs", "q=30"},
    {"two sets", "q=2"},
    {"3 dozen", "q=36"},
    {"qty: 500", "q=500"},
    {"quantity 1200", "q=1200"},
    {"1000 pieces", "q=1000"},
    {"a pair", ""},
    /* deadlines */
    {"within 10 days", "in=10"},
    {"within a week", "in=7"},
    {"within the next 48 hours", "in=2"},
    {"in the next 3 days", "in=3"},
    {"within 48h", "in=2"},
    {"within 3 business days", "in=3"},
    {"before Friday", "in=0"},
    {"before Monday", "in=3"},
    {"by 5 March", "d=2026-03-05 in=13"},
    {"by the 25th", "in=5"},
    {"by tomorrow", "d=2026-02-21 in=1"},
    {"by the end of the week", "in=2"},
    {"before yesterday", "d=2026-02-19"},
    {"within 99999999999 days", ""},
    /* waiting */
    {"I won't wait any longer", "wont"},
    {"I won’t wait", "wont"},
    {"I'm not waiting another week", "wont"},
    {"I can't wait any longer", "wont"},
    {"cannot wait anymore", "wont"},
    {"tired of waiting", "wont"},
    {"I can't wait to wear it", ""},
    {"I will wait", ""},
    {"please wait", ""},
    /* odd */
    {"", ""},
    {"1", ""},
    {"\xff\xff", ""},
    {"1\xe4"
     "1\xe4"
     "1\xe4"
     "1\xe4"
     "1\xe4"
     "1\xe4"
     "1\xe4",
     ""}, /* many words of few bytes */
    {"😀", ""},
};

static void describe(const struct entities *found, char out[1000])
{
    char *end = out;
    *out = '\0';
    for (int i = 0; i < found->order_number_count; i++)
        end += sprintf(end, "%s%s%s", i == 0 ? " o=" : ",", found->order_numbers[i],
                       found->order_number_bare[i] ? "?" : "");
    for (int i = 0; i < found->tracking_number_count; i++)
        end += sprintf(end, "%s%s", i == 0 ? " t=" : ",", found->tracking_numbers[i]);
    for (int i = 0; i < found->amount_count; i++) {
        char amount[32];
        const struct money *money = &found->amounts[i];
        end += sprintf(end, "%s%s%s", i == 0 ? " a=" : ",",
                       money_format(money->minor, money->currency, amount), money->currency);
    }
    for (int i = 0; i < found->date_count; i++) {
        char day[16];
        end += sprintf(end, "%s%s", i == 0 ? " d=" : ",", day_format(found->dates[i], day));
    }
    if (found->quantity >= 0)
        end += sprintf(end, " q=%lld", (long long)found->quantity);
    if (found->deadline_days >= 0)
        end += sprintf(end, " in=%lld", (long long)found->deadline_days);
    sprintf(end, "%s%s%s", found->wont_wait ? " wont" : "", found->wants_money ? " money" : "",
            found->refuses_money ? " no-money" : "");
}

/* Money asked for beside something else: a plain wish, a refusal or a condition ("no-money"), or neither. */
static const struct {
    const char *text, *expected;
} wishes[] = {
    {"Where is my money? The parcel never arrived", "money"},
    {"I want my money back, it went to the wrong house", "money"},
    {"refund me please, it never came", "money"},
    {"it has not come, refund me", "money"},
    {"Not arrived. Refund please.", "money"},
    {"it is on its way back to you, refund me", "money"},
    {"I would prefer a refund, the parcel is late", "money"},
    {"I\xe2\x80\x99"
     "d like my money back",
     "money"},
    {"please refund me if possible", "money"},
    {"I would like a refund, nothing came", "money"},
    {"would you like a refund, you asked", ""},
    {"you said you would refund me", ""},
    {"I don't want a new one. I want my money back", "money"},
    {"I don't want my money back, I want my parcel", "no-money"},
    {"I do not want a refund, where is it", "no-money"},
    {"I want my money back if it is lost", "no-money"},
    {"If it is not here by Friday I want my money back", "in=0 no-money"},
    {"send it again or refund me", "no-money"},
    {"send it now or I want my money back", "no-money"},
    {"If you don't refund me I will complain", ""},
    {"How long until you refund me?", ""},
    {"When will you refund me?", ""},
    {"Will I get my money back?", ""},
    {"Is there a money back guarantee? I want my money back guarantee", ""},
    {"please refund me the freight", ""},
    {"I want a refund of the duty", ""},
    {"I paid a lot of money", ""},
    {"You want my money\nback", ""},
};

static void test_money_wishes(void **state)
{
    struct vocabulary *vocabulary = vocabulary_new();
    struct arena arena = {0};
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes); i++) {
        struct entities found;
        char line[1000];

        entities_find(vocabulary, wishes[i].text, strlen(wishes[i].text), TODAY, &arena, &found);
        describe(&found, line);
        if (strcmp(line[0] == ' ' ? line + 1 : line, wishes[i].expected) != 0) {
            print_error("\"%s\": \"%s\", not \"%s\"\n", wishes[i].text, line, wishes[i].expected);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    arena_free(&arena);
    vocabulary_free(vocabulary);
}

static void test_cases(void **state)
{
    (void)state;
    struct vocabulary *vocabulary = vocabulary_new();
    struct arena arena = {0};
    int wrong = 0;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct entities found;
        char line[1000];
        entities_find(vocabulary, cases[i].text, strlen(cases[i].text), TODAY, &arena, &found);
        describe(&found, line);
        if (strcmp(line[0] == ' ' ? line + 1 : line, cases[i].expected) != 0) {
            print_error("\"%s\": \"%s\", not \"%s\"\n", cases[i].text, line, cases[i].expected);
            wrong++;
        }
        arena_reset(&arena);
    }
    assert_int_equal(wrong, 0);
    arena_free(&arena);
    vocabulary_free(vocabulary);
}

/* What a change of address names, and what is none: a part of one, an old one, one that nothing announces. */
static const struct {
    const char *text, *address;
} addresses[] = {
    {"I entered my old address, I live now in Via Roma 15, 20121 Milano", "Via Roma 15, 20121 Milano"},
    {"The parcel should go to my mother: Lindenstr. 8, 50674 Köln", "Lindenstr. 8, 50674 Köln"},
    {"Ship it to: 12 Baker Court, Leeds LS1 4HT", "12 Baker Court, Leeds LS1 4HT"},
    {"Kindly amend the shipping details as follows: 44 Rue de la Paix, 75002 Paris. Yours faithfully",
     "44 Rue de la Paix, 75002 Paris"},
    {"change adress to 221 Pine Rd, Tulsa OK 74103", "221 Pine Rd, Tulsa OK 74103"},
    {"change adress to 221 pine rd, tulsa ok 74103 thanks", "221 pine rd, tulsa ok 74103"},
    {"plz change addres to 1420 Bay St apt 906", "1420 Bay St apt 906"},
    {"Please send to my new address:\n12 Elm Street\nApt 4B\nLeeds LS1 4HT\nUK\n\nThanks, Nancy",
     "12 Elm Street, Apt 4B, Leeds LS1 4HT, UK"},
    {"My new address is Nancy Drew, 12 Elm Street, Leeds. Please confirm",
     "Nancy Drew, 12 Elm Street, Leeds"},
    {"I moved! It's Calle Mayor 22, Zaragoza, please send it there. Send to Calle Mayor 22, Zaragoza",
     "Calle Mayor 22, Zaragoza"},
    {"Old: 7 Mill Lane, Hill Valley. New: 19 Birch Street, Salem, TX 97301",
     "19 Birch Street, Salem, TX 97301"},
    {"change the address from 7 Mill Lane to 19 Birch Street", "19 Birch Street"},
    {"My address is 7 Mill Lane but please send it to P.O. Box 12, Salem TX 97301, and please be quick",
     "P.O. Box 12, Salem TX 97301"},
    {"I gave a bad number, the address is 71 Mill Lane, not 17.", "71 Mill Lane"},
    {"Is my address correct? I live at 7 Mill Lane.", NULL},
    {"send it to 7 Mill Lane, Salem or send it to 19 Birch Street, Salem", NULL},
    {"Don't send it to 5 Old Road, Leeds. Send it to 9 Park View, Leeds", "9 Park View, Leeds"},
    {"please ship to Goethestr. 11, 04109 Leipzig instead of 3 Church Close, Exeter",
     "Goethestr. 11, 04109 Leipzig"},
    {"deliver to Strændevejen 7, 8000 Aarhus", "Strændevejen 7, 8000 Aarhus"},
    {"New delivery address for PO 7781: Unit 6, Harbour Park, Dublin 2.", "Unit 6, Harbour Park, Dublin 2"},
    {"send it to \xd0\xa3\xd0\xbb\xd0\xb8\xd1\x86\xd0\xb0 \xd0\x9c\xd0\xb8\xd1\x80\xd0\xb0 18, "
     "\xd0\x9c\xd0\xb8\xd0\xbd\xd1\x81\xd0\xba",
     "\xd0\xa3\xd0\xbb\xd0\xb8\xd1\x86\xd0\xb0 \xd0\x9c\xd0\xb8\xd1\x80\xd0\xb0 18, "
     "\xd0\x9c\xd0\xb8\xd0\xbd\xd1\x81\xd0\xba"},
    {"i live now in Via Roma 15, 20121 Milano, not in the old flat", "Via Roma 15, 20121 Milano"},
    /* none */
    {"I forgot to put the apartment number, it's 4B", NULL},
    {"please deliver to our neighbours at no. 9 instead", NULL},
    {"pls correct my house number 17 -> 71", NULL},
    {"can u send to my work instead", NULL},
    {"Please change the address of order 20417 to my office", NULL},
    {"my address was 12 Elm Street, Leeds", NULL},
    {"12 Elm Street, Leeds is my old address, where can I give the new one?", NULL},
    {"I no longer live at 12 Elm Street, Leeds", NULL},
    {"please change my address\n\nThanks\nNancy Drew\n12 Elm Street\nLeeds", NULL},
    {"send it to me before 12 March please", NULL},
    {"I want to return 2 Lamps", NULL},
    {"", NULL},
};

static void test_addresses(void **state)
{
    struct vocabulary *vocabulary = vocabulary_new();
    struct arena arena = {0};
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
        const char *text = addresses[i].text,
                   *expected = addresses[i].address ? addresses[i].address : "(none)";
        struct entities found;
        const char *address;

        entities_find(vocabulary, text, strlen(text), TODAY, &arena, &found);
        address = found.new_address ? found.new_address : "(none)";
        if (strcmp(address, expected) != 0) {
            print_error("\"%s\": \"%s\", not \"%s\"\n", text, address, expected);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    arena_free(&arena);
    vocabulary_free(vocabulary);
}

static void test_s10(void **state)
{
    (void)state;
    static const struct {
        const char *number;
        bool valid;
    } numbers[] = {{"RB123456785GB", true},  {"EE473124829US", true},  {"EE473124820US", false},
                   {"RB123456785gb", false}, {"RB12345678GB", false},  {"R1123456785GB", false},
                   {"RB1234567850B", false}, {"RB12345678XGB", false}, {"", false}};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        if (s10_valid(numbers[i].number, strlen(numbers[i].number)) != numbers[i].valid)
            fail_msg("%s", numbers[i].number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_money_wishes),
                                       cmocka_unit_test(test_addresses), cmocka_unit_test(test_s10)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
