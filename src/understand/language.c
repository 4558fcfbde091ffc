#include "language.h"

#include "../core/mem.h"

#include <string.h>

/* Languages of the Latin script, whose words and accents are counted. */
enum { EN, DE, FR, ES, IT, PT, NL, PL, TR, LATIN_COUNT };

#define TABLE_SIZE 4096u /* a power of two, at least twice the words below */
#define WIDE_LETTER 3    /* a Han, kana or Hangul letter says as much as so many Latin ones */

static const struct {
    const char *tag;
    const char *words; /* without accents, as the tokens' hashes are */
} languages[LATIN_COUNT] = {
    [EN] = {"en", "the and is are was were i you it my of to in for on not have has had this that with what "
                  "when where "
                  "how do does did can could will would please thanks thank hello hi your me we be been at "
                  "an but if or "
                  "from so no yes why who which there they any get got order ordered item parcel package "
                  "refund shipping "
                  "delivery tracking received still want need size price stock broken arrived money back "
                  "return send sent "
                  "cancel address invoice coupon discount don't didn't haven't isn't i'm it's can't good "
                  "great bad out "
                  "available working love ok okay never hey much many wrong missing damaged "
                  "a by in as about after again before because just more only our over should since some "
                  "than then their them too until very while customs held late lost neighbour neighbor "
                  "stuck today waiting yesterday"},
    [DE] = {"de", "der die das und ist sind war ich sie es mein meine meinen von zu in fur auf nicht habe "
                  "hat hatte dieser "
                  "diese dieses mit was wann wo wie kann konnen konnte wird wurde bitte danke hallo ihr ihre "
                  "mir mich wir uns "
                  "sein bei ein eine einen einem aber wenn oder aus so nein ja warum wer welche noch auch "
                  "nur schon immer dass "
                  "bestellung bestellt artikel paket ruckerstattung versand lieferung sendung erhalten geld "
                  "zuruck rechnung "
                  "adresse gutschein rabatt grosse preis kaputt angekommen guten tag grusse mal zum zur den "
                  "dem des als nach"},
    [FR] = {"fr",
            "le la les et est sont etait je vous il elle mon ma mes de du des pour sur ne pas ai a avez "
            "cette ce ces "
            "avec que quoi quand ou comment peux pouvez puis sera merci bonjour votre vos moi nous un une "
            "mais si dans "
            "oui non pourquoi qui quel quelle encore aussi tres plus bien commande commandee article colis "
            "remboursement livraison recu toujours adresse facture reduction taille prix casse arrive argent "
            "retour "
            "suivi svp s'il plait au aux en j'ai c'est n'est"},
    [ES] =
        {"es",
         "el la los las y es son era yo usted mi mis de del para por en no he ha tengo este esta estos con "
         "que cuando "
         "donde como puedo puede seria gracias hola su sus me nos un una pero si o porque quien cual todavia "
         "tambien "
         "muy mas bien pedido articulo paquete reembolso envio entrega recibido aun direccion factura "
         "descuento "
         "talla precio roto llegado dinero devolucion seguimiento buenos dias favor quiero al lo se le ya"},
    [IT] = {"it", "il lo la gli le e sono era io lei mio mia miei di del della per su non ho ha questo "
                  "questa con che cosa "
                  "quando dove come posso puo sara grazie ciao buongiorno suo vostro mi ci un una ma se o "
                  "perche chi quale "
                  "ancora anche molto piu bene ordine articolo pacco rimborso spedizione consegna ricevuto "
                  "indirizzo fattura "
                  "sconto taglia prezzo rotto arrivato soldi reso salve favore vorrei nel al dal i"},
    [PT] = {"pt", "o a os as e sao era eu voce meu minha meus de do da dos das para por em nao tenho tem "
                  "este esta isso com que "
                  "quando onde como posso pode sera obrigado obrigada ola bom dia seu sua me nos um uma mas "
                  "se ou porque quem "
                  "qual ainda tambem muito mais bem pedido encomenda artigo pacote reembolso envio entrega "
                  "recebi endereco "
                  "fatura desconto tamanho preco quebrado chegou dinheiro devolucao rastreio favor quero no "
                  "na ao foi"},
    [NL] = {"nl", "de het een en is zijn was ik u je jij mijn van naar in voor op niet heb heeft had deze "
                  "dit dat met wat "
                  "wanneer waar hoe kan kunt zou wordt graag dank bedankt hallo uw mij wij ons bij maar als "
                  "of uit dus nee ja "
                  "waarom wie welke nog ook alleen al altijd bestelling besteld artikel pakket terugbetaling "
                  "verzending "
                  "levering bezorgd ontvangen geld terug factuur adres korting maat prijs kapot aangekomen "
                  "goedendag beste er"},
    [PL] = {"pl", "i w na z do nie jest sa byl ja pan pani moj moja moje od dla za mam ma ten ta to te ze co "
                  "kiedy gdzie jak "
                  "moge moze bedzie prosze dziekuje czesc dzien dobry wasz mi nas ale jesli lub czy dlaczego "
                  "kto ktory jeszcze "
                  "tez tylko juz zawsze zamowienie zamowilem produkt paczka paczki zwrot wysylka dostawa "
                  "otrzymalem pieniadze "
                  "faktura adres rabat rozmiar cena uszkodzony przyszla po o sie by"},
    [TR] = {"tr", "ve bir bu su o ben siz benim icin ile degil var yok mi ne zaman nerede nasil lutfen "
                  "tesekkur tesekkurler "
                  "merhaba selam sizin bana biz ama eger veya neden kim hangi hala daha cok iyi evet hayir "
                  "siparis siparisim "
                  "urun kargo iade teslimat gonderi aldim adres fatura indirim beden fiyat kirik geldi "
                  "gelmedi para takip "
                  "istiyorum kadar gibi sonra once da de ki mu"},
};

/* Accented letters: the languages that have them. */
static const struct {
    uint32_t letter;
    uint16_t languages;
} accents[] = {
    {0xe4, 1 << DE},
    {0xf6, 1 << DE | 1 << TR},
    {0xfc, 1 << DE | 1 << TR},
    {0xdf, 1 << DE},
    {0xf1, 1 << ES},
    {0xe3, 1 << PT},
    {0xf5, 1 << PT},
    {0x142, 1 << PL},
    {0x105, 1 << PL},
    {0x119, 1 << PL},
    {0x15b, 1 << PL},
    {0x17a, 1 << PL},
    {0x17c, 1 << PL},
    {0x107, 1 << PL},
    {0x144, 1 << PL},
    {0x11f, 1 << TR},
    {0x131, 1 << TR},
    {0x15f, 1 << TR},
    {0xe7, 1 << FR | 1 << PT | 1 << TR},
    {0xe9, 1 << FR | 1 << ES},
    {0xe8, 1 << FR | 1 << IT},
    {0xea, 1 << FR | 1 << PT},
    {0xee, 1 << FR},
    {0xfb, 1 << FR},
    {0x153, 1 << FR},
    {0xe0, 1 << FR | 1 << IT},
    {0xf2, 1 << IT},
    {0xec, 1 << IT},
    {0xf9, 1 << IT | 1 << FR},
    {0xf3, 1 << ES | 1 << PL},
    {0xe1, 1 << ES | 1 << PT},
    {0xed, 1 << ES | 1 << PT},
    {0xfa, 1 << ES},
    {0xf4, 1 << FR | 1 << PT},
    {0xe2, 1 << FR | 1 << PT},
};

struct language_words {
    uint32_t hash[TABLE_SIZE]; /* 0: free */
    uint16_t languages[TABLE_SIZE];
};

/* The place of a word: its own or the free one where it would be. */
static uint32_t place_of(const struct language_words *words, uint32_t hash)
{
    uint32_t i = (hash ^ hash >> 16) & (TABLE_SIZE - 1);
    while (words->hash[i] != 0 && words->hash[i] != hash)
        i = (i + 1) & (TABLE_SIZE - 1);
    return i;
}

struct language_words *language_words_new(void)
{
    struct language_words *words = mem_resize(NULL, sizeof(*words));
    memset(words, 0, sizeof(*words));
    struct text text = {0};
    for (int language = 0; language < LATIN_COUNT; language++) {
        text_read(&text, languages[language].words, strlen(languages[language].words));
        for (size_t i = 0; i + 1 < text.token_count; i++) {
            uint32_t place = place_of(words, text.tokens[i].hash);
            words->hash[place] = text.tokens[i].hash;
            words->languages[place] |= (uint16_t)(1 << language);
        }
    }
    text_free(&text);
    return words;
}

void language_words_free(struct language_words *words)
{
    free(words);
}

/* A cue is shared by the languages that have it. */
static void add_cue(double score[LATIN_COUNT], uint16_t languages_of_cue)
{
    int count = __builtin_popcount(languages_of_cue);
    for (int language = 0; language < LATIN_COUNT; language++) {
        if (languages_of_cue >> language & 1)
            score[language] += 1.0 / count;
    }
}

static const char *latin_language(const struct language_words *words, const struct text *text,
                                  double *ret_confidence)
{
    double score[LATIN_COUNT] = {0}, total = 0;
    for (size_t i = 0; i < text->token_count; i++) {
        if (text->tokens[i].kind == TOKEN_WORD)
            add_cue(score, words->languages[place_of(words, text->tokens[i].hash)]);
    }
    for (size_t i = 0; i < text->letter_count; i++) {
        for (size_t k = 0; text->marked[i] > 0x7f && k < sizeof(accents) / sizeof(*accents); k++) {
            if (accents[k].letter == text->marked[i])
                add_cue(score, accents[k].languages);
        }
    }
    int best = 0;
    for (int language = 0; language < LATIN_COUNT; language++) {
        total += score[language];
        if (score[language] > score[best])
            best = language;
    }
    if (score[best] <= 0)
        return "und";
    *ret_confidence = score[best] / (total + 0.5);
    return languages[best].tag;
}

static bool has_letter(const struct text *text, const uint32_t *letters)
{
    for (size_t i = 0; i < text->letter_count; i++) {
        for (const uint32_t *letter = letters; *letter != 0; letter++) {
            if (text->marked[i] == *letter)
                return true;
        }
    }
    return false;
}

/* Neighbours in the script that are not ours to answer: better said than taken for Russian or Arabic. */
static const uint32_t ukrainian[] = {0x456, 0x457, 0x454, 0x491, 0},
                      persian[] = {0x67e, 0x686, 0x698, 0x6af, 0x6cc, 0};

const char *language_of(const struct language_words *words, const struct text *text, double *ret_confidence)
{
    const uint32_t *of = text->scripts;
    uint32_t east = (of[SCRIPT_HAN] + of[SCRIPT_KANA] + of[SCRIPT_HANGUL]) * WIDE_LETTER;
    uint32_t all = east + of[SCRIPT_LATIN] + of[SCRIPT_CYRILLIC] + of[SCRIPT_ARABIC] + of[SCRIPT_OTHER];
    uint32_t most = of[SCRIPT_LATIN];
    const char *tag = NULL;
    *ret_confidence = 0;
    if (all == 0)
        return "und";
    if (east > most) {
        most = east;
        tag = of[SCRIPT_HANGUL] > of[SCRIPT_HAN] + of[SCRIPT_KANA] ? "ko" : of[SCRIPT_KANA] > 0 ? "ja" : "zh";
    }
    if (of[SCRIPT_CYRILLIC] > most) {
        most = of[SCRIPT_CYRILLIC];
        tag = has_letter(text, ukrainian) ? "uk" : "ru";
    }
    if (of[SCRIPT_ARABIC] > most) {
        most = of[SCRIPT_ARABIC];
        tag = has_letter(text, persian) ? "fa" : "ar";
    }
    if (of[SCRIPT_OTHER] > most)
        return "und";
    if (tag == NULL)
        return latin_language(words, text, ret_confidence);
    *ret_confidence = (double)most / all;
    return tag;
}
