#include "replyd/understand.h"

#include "../../src/understand/mail.h"
#include "../../src/understand/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define AS_OF (INT64_C(1771581600) * MOMENT_SECOND) /* 2026-02-20T10:00:00Z */

struct fixture {
    struct understand_scratch *scratch;
    struct arena arena;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.scratch = understand_scratch_new()};
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    understand_scratch_free(fixture->scratch);
    understand_scratch_free(NULL);
    arena_free(&fixture->arena);
    return 0;
}

static struct understanding read_text(void **state, const char *subject, const char *text)
{
    struct fixture *fixture = *state;
    struct understanding found;
    understand(fixture->scratch, subject, text, strlen(text), AS_OF, &fixture->arena, &found);
    return found;
}

/* Plain cases that no retraining may lose. */
static void test_intents(void **state)
{
    static const struct {
        const char *text;
        int intent;
    } cases[] = {
        {"Where is my order?", INTENT_TRACK_ORDER},
        {"WHERE IS MY ORDER", INTENT_TRACK_ORDER},
        {"wheres my ordr", INTENT_TRACK_ORDER},
        {"Ｗｈｅｒｅ ｉｓ ｍｙ ｏｒｄｅｒ？", INTENT_TRACK_ORDER},
        {"I want to cancel my order", INTENT_CANCEL_ORDER},
        {"please cancel my order 😢", INTENT_CANCEL_ORDER},
        {"The vase arrived broken", INTENT_REPORT_DAMAGED},
        {"You sent me the wrong size", INTENT_REPORT_WRONG_ITEM},
        {"Can I have an invoice for my order?", INTENT_ASK_INVOICE},
        {"I would like to return the shoes", INTENT_REQUEST_RETURN},
        {"do you take paypal", INTENT_ASK_PAYMENT_METHODS},
        {"thank you very much", INTENT_THANK},
        {"Hello", INTENT_GREET},
        {"I want to speak to a human", INTENT_REQUEST_HUMAN},
        {"I will open a dispute with PayPal", INTENT_THREATEN_DISPUTE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct understanding found = read_text(state, NULL, cases[i].text);
        if (found.intent != cases[i].intent)
            fail_msg("\"%s\": %s", cases[i].text, words_intent[found.intent]);
        assert_true(found.confidence > 0.2 && found.confidence <= 1);
    }
}

static void test_nothing_said(void **state)
{
    static const char *const texts[] = {"", " ", "\n\n", "...", "-- \n"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct understanding found = read_text(state, NULL, texts[i]);
        assert_int_equal(found.intent, INTENT_OUT_OF_SCOPE);
        assert_true(found.confidence < 0.5);
        assert_string_equal(found.language, "und");
        assert_int_equal(found.mood, MOOD_NEUTRAL);
    }
    assert_string_equal(read_text(state, NULL, "😀😀😀").language, "und");
}

static void test_alternatives(void **state)
{
    struct understanding found =
        read_text(state, NULL,
                  "The vase arrived broken in a thousand pieces. Also, can I have an invoice for my order?");
    int seen = 0;
    assert_in_range(found.alternative_count, 1, UNDERSTAND_ALTERNATIVES);
    for (int i = 0; i < found.alternative_count; i++) {
        assert_int_not_equal(found.alternatives[i].intent, found.intent);
        seen |= found.alternatives[i].intent == INTENT_ASK_INVOICE;
    }
    assert_true(seen || found.intent == INTENT_ASK_INVOICE);
}

/* Two things in one sentence: the fault is the first, the other one is heard. */
static void test_clauses(void **state)
{
    static const struct {
        const char *text;
        int intent, other;
    } cases[] = {
        {"The lid is cracked, and could you also send me an invoice?", INTENT_REPORT_DAMAGED,
         INTENT_ASK_INVOICE},
        {"wrong colour, and I was charged duty", INTENT_REPORT_WRONG_ITEM, INTENT_DISPUTE_CUSTOMS_DUTY},
        {"Please send me an invoice and tell me when my order will leave.", INTENT_ASK_INVOICE,
         INTENT_ASK_DISPATCH_TIME},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct understanding found = read_text(state, NULL, cases[i].text);
        int heard = 0;
        for (int k = 0; k < found.alternative_count; k++)
            heard |= found.alternatives[k].intent == cases[i].other && found.alternatives[k].confidence > 0.9;
        if (found.intent != cases[i].intent || !heard)
            fail_msg("\"%s\": %s, other heard: %d", cases[i].text, words_intent[found.intent], heard);
    }
}

static void test_entities_and_subject(void **state)
{
    struct understanding found =
        read_text(state, "Re: AW: Order 1001", "It has not come. I won't wait any longer.");
    assert_int_equal(found.entities.order_number_count, 1);
    assert_string_equal(found.entities.order_numbers[0], "1001");
    assert_true(found.entities.wont_wait);
    assert_string_equal(found.language, "en");

    /* only in the quoted mail */
    found = read_text(
        state, NULL,
        "Still not here!\n\nOn Mon, 2 Feb 2026 Shop <a@example.com> wrote:\n> Order #1001 was sent");
    assert_int_equal(found.entities.order_number_count, 1);
    assert_string_equal(found.entities.order_numbers[0], "1001");
    assert_false(found.entities.order_number_bare[0]);

    /* a bare one above, a sure one below */
    found = read_text(state, NULL,
                      "88213 is not here, and 1001?\n\nOn Mon, 2 Feb 2026 Shop <a@example.com> wrote:\n> "
                      "Order #1001, ticket 4471, 5501");
    assert_int_equal(found.entities.order_number_count, 2);
    assert_string_equal(found.entities.order_numbers[0], "88213");
    assert_true(found.entities.order_number_bare[0]);
    assert_string_equal(found.entities.order_numbers[1], "1001");
    assert_false(found.entities.order_number_bare[1]);
}

static void test_moods(void **state)
{
    assert_int_equal(read_text(state, NULL, "You are thieves! Give me my money back!!!").mood, MOOD_ANGRY);
    assert_int_equal(read_text(state, NULL, "WHERE IS MY ORDER????").mood, MOOD_ANGRY);
    assert_int_equal(read_text(state, NULL, "I am very disappointed.").mood, MOOD_UPSET);
    assert_int_equal(read_text(state, NULL, "I love it, thank you so much!!!").mood, MOOD_PLEASED);
    assert_int_equal(read_text(state, NULL, "What size is the box?").mood, MOOD_NEUTRAL);
    assert_int_equal(read_text(state, NULL, "😡").mood, MOOD_ANGRY);
    assert_int_equal(read_text(state, NULL, "❤️").mood, MOOD_PLEASED);
    assert_int_equal(read_text(state, NULL, "Refund me immediately!!").mood, MOOD_ANGRY);
    assert_int_equal(read_text(state, NULL, "Go to hell!").mood, MOOD_ANGRY);
}

/* Words that are heated only beside others, and polite ones that begin like a curse. */
static void test_neutral_moods(void **state)
{
    static const char *const texts[] = {
        "Hello",
        "Hello, where is my order 1001?",
        "Hello! Could you please tell me the size of the box?",
        "hello there, is the lamp in stock",
        "Hello,\n\nI would like to change my address.\n\nBest regards",
        "Could you immediately tell me when it was sent?",
        "Please let me know immediately if it is sold out.",
        "Can you tell me where my parcel is right now?",
        "Can I pay for both at once?",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        int mood = read_text(state, NULL, texts[i]).mood;
        if (mood != MOOD_NEUTRAL)
            fail_msg("\"%s\": %s", texts[i], words_mood[mood]);
    }
}

static void test_mail(void **state)
{
    (void)state;
    static const struct {
        const char *text, *own;
    } cases[] = {
        {"Hello\nWorld", "Hello\nWorld\n"},
        {"Yes\r\n> quoted\r\n>> more\r\nNo", "Yes\nNo\n"},
        {"Yes\n\nOn 2 Feb 2026, at 10:00, Ann <a@example.com> wrote:\n> Hello", "Yes\n"},
        {"Yes\n\nOn Mon, 2 Feb 2026 at 10:00 Ann\n<a@example.com> wrote:\n\nHello", "Yes\n"},
        {"Wann kommt es?\n\nAm Mo., 2. Feb. 2026 um 10:00 Uhr schrieb Shop <a@example.com>:\n\nHello",
         "Wann kommt es?\n"},
        {"\u307e\u3060\u3067\u3059\u304b\n\n2026\u5e742\u67082\u65e5(\u6708) 10:00 Shop "
         "<a@example.com>:\n\nHello",
         "\u307e\u3060\u3067\u3059\u304b\n"},
        {"\u0413\u0434\u0435?\n\n\u043f\u043d, 2 \u0444\u0435\u0432\u0440. 2026 \u0433. \u0432 10:00, Shop "
         "<a@example.com>:\n\nHello",
         "\u0413\u0434\u0435?\n"},
        {"yok\n\nShop <a@example.com>, 2 \u015eub 2026 Pzt, 10:00 tarihinde \u015funu yazd\u0131:\n\nHello",
         "yok\n"},
        {"Nie ma\nPozdrawiam\n\n-------- "
         "\u041f\u0435\u0440\u0435\u0441\u044b\u043b\u0430\u0435\u043c\u043e\u0435 --------\nHello",
         "Nie ma\nPozdrawiam\n"},
        {"On Monday he wrote: no more", "On Monday he wrote: no more\n"},
        {"Ja\nAm 02.02.2026 um 10:00 schrieb Ann:\n> Hallo", "Ja\n"},
        {"Oui\nLe lun. 2 févr. 2026 à 10:00, Ann a écrit :\n> Salut", "Oui\n"},
        {"Yes\n-----Original Message-----\nFrom: x", "Yes\n"},
        {"Yes\n\nFrom: Ann\nSent: Monday\nTo: me\n\nHello", "Yes\n"},
        {"From: my point of view it is bad", "From: my point of view it is bad\n"},
        {"Yes\n-- \nAnn\nBoss", "Yes\n"},
        {"Yes\nSent from my iPhone", "Yes\n"},
        {"Yes\nThis e-mail and any attachments are confidential", "Yes\n"},
        {"<html><head><title>x</title></head><body><p>Hello &amp; <b>bye</b></p></body></html>",
         "Hello &  bye\n"},
        {"Yes<br>No<blockquote>quoted</blockquote>", "Yes\nNo\n"},
        {"I <3 it, a<b, <me@example.com>", "I <3 it, a<b, <me@example.com>\n"},
        {"> all of it is quoted", "> all of it is quoted"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct buf out = {0}, plain = {0};
        mail_clean(cases[i].text, strlen(cases[i].text), &plain, &out);
        assert_string_equal(buf_text(&out), cases[i].own);
        buf_free(&out);
        buf_free(&plain);
    }
    assert_string_equal(mail_subject("Re: Fwd: RE: Order"), "Order");
    assert_string_equal(mail_subject("Order"), "Order");
}

/* Tokens of a text as "word word|": kinds are seen by their letters. */
static void test_tokens(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tokens;
    } cases[] = {
        {"Don't go", "dont go |"},
        {"DON’T", "dont |"},
        {"l'article d’un", "l article dun |"},
        {"Où, größe?", "ou grosse ? |"},
        {"e\xcc\x81t\xc3\xa9", "ete |"},
        {"soooo good!!!", "soo good ! |"},
        {"order 1001. It's $39.90", "order 0000 |its $ 00 00 |"},
        {"128gb a12", "000 gb a00 |"},
        {"see https://x.example/y?z or a@b.example ok", "see @ or @ ok |"},
        {"...!!", "! |"},
        {"", ""},
    };
    struct text text = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char out[200], *end = out;
        text_read(&text, cases[i].text, strlen(cases[i].text));
        for (size_t k = 0; k < text.token_count; k++) {
            for (uint32_t j = 0; j < text.tokens[k].len; j++)
                *end++ = (char)text.plain[text.tokens[k].start + j];
            *end++ = text.tokens[k].kind == TOKEN_END ? '|' : ' ';
        }
        *end = '\0';
        assert_string_equal(out, cases[i].tokens);
    }
    text_free(&text);
}

/* Any bytes, at full length, in bounded time. */
static void test_hard_texts(void **state)
{
    static const char *const patterns[] = {
        "a",         "1",       "a ",           "1 ",       "<",       "<a",
        "&",         "> ",      "On 1 ",        "\xff",     "!?",      "http",
        "a@b.c",     "From:\n", "\xe4\xb8\xad", "\xcc\x81", "<style>", "\n",
        "-",         "$1 ",     "order ",       "1-",       "wait ",   "\xf0\x9f\x98\x80",
        "within 1 ", "(",       "9400 "};
    struct fixture *fixture = *state;
    char *text = malloc(20001);
    for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
        size_t len = 0;
        while (len + strlen(patterns[i]) <= 20000) {
            memcpy(text + len, patterns[i], strlen(patterns[i]));
            len += strlen(patterns[i]);
        }
        struct understanding found;
        understand(fixture->scratch, NULL, text, len, AS_OF, &fixture->arena, &found);
        assert_in_range(found.intent, 0, INTENT_COUNT - 1);
        assert_true(found.confidence >= 0 && found.confidence <= 1);
        arena_reset(&fixture->arena);
    }
    free(text);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && defined(__GLIBC__)
#define COUNTS_ALLOCATIONS
/* Takes the place of the C library's, to count. */
extern void *__libc_malloc(size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_calloc(size_t count, size_t size);
static int allocations;

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *realloc(void *old, size_t size)
{
    allocations++;
    return __libc_realloc(old, size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

static void test_no_allocation(void **state)
{
    static const char *const texts[] = {
        "Where is my parcel 1001? It was promised for last Friday, and I need it before 5 March! My size is "
        "EU 42.",
        "<html><body><p>Please cancel my order.</p><blockquote>old</blockquote></body></html>",
        "Bitte stornieren Sie meine Bestellung nicht, ich brauche 30 St\u00fcck bis Freitag f\u00fcr "
        "1.234,56 \u20ac.",
        "\u8bf7\u572810\u5929\u5185\u53d1\u8d27\uff0c\u6211\u7684\u8ba2\u5355\u53f7\u662f1001\u3002",
        "\u0423\u0436\u0435 \u0442\u0440\u0438 \u043d\u0435\u0434\u0435\u043b\u0438 \u0436\u0434\u0443, "
        "\u0433\u0434\u0435 \u043f\u043e\u0441\u044b\u043b\u043a\u0430?",
    };
    struct fixture *fixture = *state;
    for (int round = 0; round < 3; round++) {
        allocations = 0;
        for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
            struct understanding found;
            understand(fixture->scratch, "Re: my order", texts[i], strlen(texts[i]), AS_OF, &fixture->arena,
                       &found);
            arena_reset(&fixture->arena);
        }
    }
    assert_int_equal(allocations, 0); /* in the last round */
}
#endif

static void test_same_again(void **state)
{
    struct understanding first = read_text(state, NULL, "My parcel 1001 is late, where is it?");
    read_text(state, "x", "Something else, much longer, in between: je veux un remboursement.");
    struct understanding second = read_text(state, NULL, "My parcel 1001 is late, where is it?");
    assert_int_equal(first.intent, second.intent);
    assert_true(memcmp(&first.confidence, &second.confidence, sizeof(first.confidence)) == 0);
    assert_int_equal(strlen(understand_version()), 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intents),
        cmocka_unit_test(test_nothing_said),
        cmocka_unit_test(test_alternatives),
        cmocka_unit_test(test_clauses),
        cmocka_unit_test(test_entities_and_subject),
        cmocka_unit_test(test_moods),
        cmocka_unit_test(test_neutral_moods),
        cmocka_unit_test(test_mail),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_hard_texts),
#ifdef COUNTS_ALLOCATIONS
        cmocka_unit_test(test_no_allocation),
#endif
        cmocka_unit_test(test_same_again),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
