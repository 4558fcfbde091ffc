#include "../../src/understand/entities.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TODAY 20504

/* What must be heard: a demand that no rule may hold back, a question, a refusal; "-": nothing, the
 * classifier decides. */
static const struct {
    const char *text, *expected;
} cases[] = {
    /* demands */
    {"cancel it", "demands"},
    {"Please cancel my order.", "demands"},
    {"I don't want it any more, refund me", "demands"},
    {"no, cancel!", "demands"},
    {"No. Cancel it.", "demands"},
    {"no cancel it", "-"},
    {"please don't make me wait, refund me now", "demands"},
    {"please dont make me wait refund me now", "-"},
    {"why not just refund me", "demands"},
    {"Why don't you just refund me?", "demands"},
    {"Why can't you simply cancel it?", "demands"},
    {"i do not want it any more please cancel", "demands"},
    {"I don't want this dress, cancel the order", "demands"},
    {"I no longer need it, please refund", "demands"},
    {"Can I cancel my order?", "demands"},
    {"Could you please cancel it for me?", "demands"},
    {"Is it possible to cancel my order?", "-"},
    {"If possible please cancel it", "demands"},
    {"cancel it if you can", "demands"},
    {"If you don't mind, please cancel my order", "demands"},
    {"If it has not been shipped yet, please cancel it", "demands"},
    {"If it's still in your warehouse, please cancel order 30771", "demands"},
    {"I ordered it by mistake, please cancel", "demands"},
    {"It was a mistake, cancel it please", "demands"},
    {"I want my order cancelled", "demands"},
    {"I need it to be cancelled", "demands"},
    {"Don't forget to refund me", "-"},
    {"Please don't ignore my refund request. I want my money back.", "demands"},
    {"I don't want a voucher but a refund", "demands"},
    {"I don't want a replacement, I want a full refund.", "demands"},
    {"No new parcel, give me my money back", "demands"},
    {"no i want my money back", "demands"},
    {"I did not get the parcel. Please refund me.", "demands"},
    {"It was for the 3rd, so never mind, cancel it.", "demands"},
    {"How do I get a refund? I want my money back now.", "demands"},
    {"I want a refund. How long does the refund take?", "demands"},
    {"refund me or I will open a case", "demands"},
    {"Refund me today. If it still comes I send it back.", "demands"},
    {"please cancel and refund", "demands"},
    {"Do what you want but cancel my order", "demands"},
    {"It has not arrived and I do not want to wait, please refund my money", "demands"},
    {"You never answered, cancel my order", "demands"},
    {"stop the order and cancel it please", "demands"},
    {"I can't cancel it on your site, please cancel it for me", "demands"},
    {"I'd like to keep it but it is too late, please cancel", "demands"},
    {"You have not sent it, so cancel it and refund me", "demands"},
    /* complaints, which the classifier hears */
    {"You did not refund me", "-"},
    {"I have not received my refund", "-"},
    {"my refund has not been received", "-"},
    {"Why haven't you cancelled it?", "-"},
    {"my order was not cancelled", "-"},
    {"I never got my money back", "-"},
    {"If you don't refund me I will call my bank", "-"},
    {"Where is my order?", "-"},
    {"", "-"},
    /* refusals */
    {"Do not cancel", "refuses"},
    {"Don\xe2\x80\x99t cancel it!!", "refuses"},
    {"please dont refund me", "refuses"},
    {"I do NOT want you to cancel anything", "refuses"},
    {"I don't want my order cancelled", "refuses"},
    {"I never requested a cancellation", "refuses"},
    {"I did not ask for a refund", "refuses"},
    {"I ask you not to cancel my purchase", "refuses"},
    {"I hope you do not cancel my order", "refuses"},
    {"You should not cancel it", "refuses"},
    {"You can't just cancel my order!", "refuses"},
    {"no cancellation please", "refuses"},
    {"No refund, please send another", "refuses reship"},
    {"I want neither money back nor a coupon, I want the lamp", "refuses"},
    {"I don't need a refund, I need the lamp", "refuses"},
    {"I don't want the money, I want my lamp", "refuses"},
    {"A refund is not what I need", "refuses"},
    {"refund not needed", "refuses"},
    {"I no longer want to cancel", "refuses"},
    {"I changed my mind about cancelling", "refuses"},
    {"Ignore my cancellation request", "refuses"},
    {"please disregard my previous cancel request", "refuses"},
    {"I take back my cancellation", "refuses"},
    {"Undo the cancellation please", "refuses"},
    {"I pressed cancel by accident", "refuses"},
    {"I accidentally cancelled, I want the lamp", "refuses"},
    {"Instead of a refund I would like my lamp", "refuses"},
    {"Please cancel my order. Sorry, never mind!", "refuses"},
    {"I asked you to cancel. Please do not cancel, I was wrong.", "refuses"},
    {"Keep my order please", "refuses"},
    {"I still want it", "refuses"},
    {"Why did you cancel it?", "refuses"},
    {"Why was my order cancelled?", "refuses"},
    {"You cancelled my order without a word", "refuses"},
    /* threats and conditions: nothing is decided */
    {"If it does not arrive by Tuesday, refund me", "refuses"},
    {"I'll cancel if you don't send it this week", "refuses"},
    {"Unless it ships today I want a refund", "refuses"},
    {"Send it now, otherwise cancel it", "refuses"},
    {"ship it today or cancel my order", "refuses"},
    {"send it or refund me", "refuses"},
    {"Before I cancel I want to know where it is", "refuses"},
    {"I am thinking about cancelling", "refuses"},
    {"I may have to cancel", "refuses"},
    {"I want my money back if it is lost", "refuses"},
    {"If it is out of stock please refund me", "refuses"},
    /* questions */
    {"How can I cancel?", "asks"},
    {"how to cancel order", "asks"},
    {"How do I ask for a refund?", "asks"},
    {"Should I cancel it or wait?", "asks"},
    {"Do I have to cancel?", "asks"},
    {"Do you give refunds?", "asks"},
    {"What happens if I cancel?", "asks"},
    {"What is your cancellation policy?", "asks"},
    {"I wonder whether I can cancel", "asks"},
    {"Tell me if I could get a refund", "asks"},
    {"Is my order cancelled?", "refuses"},
    {"Will I get my money back?", "asks"},
    {"Can you tell me if I can still cancel?", "asks"},
    {"Let me know if you can refund me", "asks"},
    {"Do I get my money back if I cancel today?", "asks"},
    {"Please don't cancel. Or rather, cancel it now.", "asks"},
    /* a part */
    {"Cancel one of the two lamps", "demands part"},
    {"please cancel just the blue lamp", "demands part"},
    {"Cancel the red one please", "demands part"},
    {"cancel the lamp and send the rest", "demands part"},
    {"I would like to cancel the chair but keep the table", "demands part"},
    {"Refund me for one item only", "demands part"},
    {"Can I have a partial refund?", "demands part"},
    {"refund half please", "demands part"},
    {"cancel the other one", "demands part"},
    /* the whole */
    {"just cancel the order", "demands"},
    {"Please only cancel my order, nothing else", "-"},
    {"cancel this one please", "demands"},
    {"I wrote the other day, please cancel my order", "demands"},
    {"One of my friends has it, please cancel my order", "demands"},
    {"Please cancel the whole order", "demands"},
    /* sent again */
    {"Please resend it", "- reship"},
    {"Can you send me a new one?", "- reship"},
    {"I want a replacement", "- reship"},
    {"Please ship it again, it never came", "- reship"},
    {"I don't want a replacement", "-"},
    {"You sent me the wrong one again", "-"},
    {"Send me a new tracking link", "-"},
};

static void describe(const struct entities *found, char out[static 64])
{
    static const char *const names[] = {"-", "demands", "asks", "refuses"};

    snprintf(out, 64, "%s%s%s", names[found->stance], found->partial ? " part" : "",
             found->wants_reship ? " reship" : "");
}

static void test_stances(void **state)
{
    struct vocabulary *vocabulary = vocabulary_new();
    struct arena arena = {0};
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct entities found;
        char heard[64];

        entities_find(vocabulary, "en", cases[i].text, strlen(cases[i].text), TODAY, &arena, &found);
        describe(&found, heard);
        if (strcmp(heard, cases[i].expected) != 0) {
            print_error("\"%s\": \"%s\", not \"%s\"\n", cases[i].text, heard, cases[i].expected);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    arena_free(&arena);
    vocabulary_free(vocabulary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stances)};
    return cmocka_run_group_tests_name("stance", tests, NULL, NULL);
}
