#include "../../src/understand/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *text, *language;
} cases[] = {
    {"Where is my parcel? I ordered it three weeks ago.", "en"},
    {"can i return it", "en"},
    {"WHERE IS MY ORDER", "en"},
    {"refund", "en"},
    {"dont work!!", "en"},
    {"held by customs", "en"},
    {"over a month", "en"},
    {"opening a claim today", "en"},
    {"two hundred bags by June", "en"},
    {"lost", "en"},
    {"Wo ist mein Paket? Ich warte schon drei Wochen.", "de"},
    {"Die Größe passt nicht, kann ich umtauschen?", "de"},
    {"wann kommt die bestellung", "de"},
    {"Où est mon colis ? Je n'ai toujours rien reçu.", "fr"},
    {"je veux un remboursement s'il vous plait", "fr"},
    {"bonjour, la taille est trop petite", "fr"},
    {"¿Dónde está mi pedido? Todavía no ha llegado.", "es"},
    {"quiero devolver el articulo", "es"},
    {"Hola, el paquete no ha llegado", "es"},
    {"Dov'è il mio pacco? Non è ancora arrivato.", "it"},
    {"vorrei un rimborso per favore", "it"},
    {"Onde está a minha encomenda? Ainda não chegou.", "pt"},
    {"quero o meu dinheiro de volta, obrigado", "pt"},
    {"Waar is mijn pakket? Ik wacht al drie weken.", "nl"},
    {"ik wil graag mijn geld terug", "nl"},
    {"Gdzie jest moja paczka? Czekam już trzy tygodnie.", "pl"},
    {"prosze o zwrot pieniedzy, dziekuje", "pl"},
    {"Siparişim nerede? Üç haftadır bekliyorum.", "tr"},
    {"para iade istiyorum lutfen", "tr"},
    {"Где моя посылка? Я жду уже три недели.", "ru"},
    {"Де моя посилка? Її досі немає", "uk"},
    {"我的包裹在哪里?已经三个星期了。", "zh"},
    {"我的iPhone还没到", "zh"},
    {"荷物はどこですか?三週間待っています。", "ja"},
    {"キャンセルしたいです", "ja"},
    {"제 소포는 어디에 있나요?", "ko"},
    {"أين طردي؟ أنتظر منذ ثلاثة أسابيع.", "ar"},
    {"بسته من کجاست؟ چرا نیامده", "fa"},
    {"ελληνικά", "und"},
    {"12345 67890", "und"},
    {"😀😀 👍", "und"},
    {"?!", "und"},
    {"", "und"},
    {"\xff\xfe\x80", "und"},
};

static void test_languages(void **state)
{
    (void)state;
    const struct model model = model_embedded();
    struct grams grams = {0};
    struct word_memory *memory = word_memory_new();
    struct text text = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        double confidence = -1;
        text_read(&text, cases[i].text, strlen(cases[i].text));
        const char *language = language_of(&model, &text, memory, &grams, &confidence);
        if (strcmp(language, cases[i].language) != 0)
            fail_msg("\"%s\": %s, not %s", cases[i].text, language, cases[i].language);
        assert_true(confidence >= 0 && confidence <= 1);
        assert_true((confidence > 0) == (strcmp(language, "und") != 0));
    }
    text_free(&text);
    grams_free(&grams);
    word_memory_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_languages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
