#include "mood.h"

#include "facts_gen.h"

#include <string.h>

#define STRONGEST 8 /* what is stronger says no more */

static const struct {
    const char *face;
    int mood, strength;
} faces[] = {
    {":)", MOOD_PLEASED, 3}, {":-)", MOOD_PLEASED, 3}, {":D", MOOD_PLEASED, 3}, {"<3", MOOD_PLEASED, 4},
    {":(", MOOD_UPSET, 4},   {":-(", MOOD_UPSET, 4},   {":'(", MOOD_UPSET, 4},  {">:(", MOOD_ANGRY, 4},
};

static void add_value(int value, int score[MOOD_COUNT])
{
    if (value >= 0 && value >> 8 < MOOD_COUNT)
        score[value >> 8] += value & 0xff;
}

static void add_letters(const struct lexicon *moods, const struct text *text, const struct token *token,
                        int score[MOOD_COUNT])
{
    for (size_t i = 0, taken; i < token->len; i += taken)
        add_value(lexicon_match_letters(moods, text->plain + token->start + i, token->len - i, &taken),
                  score);
}

/* Phrases, one after the other; a phrase's words are not looked at again. */
static void add_words(const struct lexicon *moods, const struct text *text, int score[MOOD_COUNT])
{
    for (size_t i = 0, taken; i < text->token_count; i += taken) {
        taken = 1;
        lexicon_prefetch(moods, &text->tokens[i + 4 < text->token_count ? i + 4 : i]);
        int value = lexicon_match(moods, text, i, text->token_count, &taken);
        add_value(value, score);
        if (value < 0 && text->tokens[i].kind == TOKEN_SCRIPT)
            add_letters(moods, text, &text->tokens[i], score);
    }
}

/* Shouting and !!! */
static int heat_of(const struct text *text, const char *bytes, size_t len)
{
    int words = 0, shouted = 0, marks = 0, most_marks = 0;
    for (size_t i = 0; i < text->token_count; i++) {
        words += text->tokens[i].kind == TOKEN_WORD;
        shouted += text->tokens[i].shouted;
    }
    for (size_t i = 0; i < len; i++) {
        marks = bytes[i] == '!' || bytes[i] == '?' ? marks + 1 : bytes[i] == ' ' ? marks : 0;
        most_marks = marks > most_marks ? marks : most_marks;
    }
    return (shouted >= 2 && shouted * 2 >= words ? 4
            : shouted > 0                        ? 1
                                                 : 0) +
           (most_marks >= 4   ? 3
            : most_marks >= 2 ? 2
                              : most_marks);
}

static void add_faces(const char *bytes, size_t len, int score[MOOD_COUNT])
{
    if (memchr(bytes, ':', len) == NULL && memchr(bytes, '<', len) == NULL)
        return;
    for (size_t i = 0; i < sizeof(faces) / sizeof(*faces); i++) {
        if (memmem(bytes, len, faces[i].face, strlen(faces[i].face)) != NULL)
            score[faces[i].mood] += faces[i].strength;
    }
}

/* A signal is the mood and how strongly it speaks. */
static void add_signal(struct grams *grams, uint32_t what, int strength)
{
    uint32_t most = strength < STRONGEST ? (uint32_t)strength : STRONGEST;
    for (uint32_t i = 1; i <= most; i++)
        grams_add_signal(grams, what << 8 | i);
}

void mood_add_signals(struct grams *grams, const struct lexicon *moods, const struct text *text,
                      const char *bytes, size_t len)
{
    int score[MOOD_COUNT] = {0};
    add_words(moods, text, score);
    add_faces(bytes, len, score);
    for (int mood = 0; mood < MOOD_COUNT; mood++)
        add_signal(grams, (uint32_t)mood, score[mood]);
    add_signal(grams, MOOD_COUNT, heat_of(text, bytes, len));
}
