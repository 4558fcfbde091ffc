/* Phrases stand in a trie of words, in arrays that the build has made. The longest phrase that a text holds
 * tells what it says, so that a longer one can take back a shorter ("not yet delivered").
 *
 * A text costs a bounded time: it is cut at TEXT_MAX bytes, from each word one path is walked down the trie,
 * and a phrase has at most two gaps, each of a few words. */
#include "tracking_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unicode/utf8.h>

#define TEXT_MAX 300
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* A gap takes up to six words; a letter of a script without spaces is a third of one. */
#define WIDTH_WORD 3
#define WIDTH_LETTER 1
#define WIDTH_GAP (6 * WIDTH_WORD)

struct script_range {
    uint32_t first, last;
};

/* A node's edges and meanings go up to where those of the next begin; the child at edge e is node e + 1. An
 * edge is the number of a word, 0: a gap. */
struct text_node {
    uint32_t first_edge, first_meaning;
};

struct text_meaning {
    uint8_t file; /* of which carriers, 0: of any */
    uint8_t state;
};

#include "tracking_text_gen.h"

/* A text as numbers of words, 0: one that no phrase has. */
struct words {
    size_t count;
    uint16_t numbers[TEXT_MAX];
    uint8_t widths[TEXT_MAX];
    uint64_t hash; /* of the word that is being read */
    bool open;
};

/* The files that are of a parcel's carrier. */
struct files {
    uint64_t bits[CARRIER_FILES / 64 + 1];
};

struct match {
    const struct words *words;
    struct files own;
    size_t length, end; /* of the phrase: its words, gaps not counted; and where it ends */
    bool is_own;
    int state;
};

#define HASH_START 0xcbf29ce484222325u

static uint64_t hash_step(uint64_t hash, uint32_t letter)
{
    return (hash ^ letter) * 0x100000001b3u;
}

static uint16_t number_of(uint64_t hash)
{
    for (size_t at = hash & (COUNT_OF(word_slots) - 1); word_slots[at];
         at = (at + 1) & (COUNT_OF(word_slots) - 1))
        if ((word_slots[at] ^ hash) >> 16 == 0)
            return (uint16_t)word_slots[at];
    return 0;
}

static void put_word(struct words *words, uint64_t hash, uint8_t width)
{
    words->numbers[words->count] = number_of(hash);
    words->widths[words->count++] = width;
}

static void end_word(struct words *words)
{
    if (words->open)
        put_word(words, words->hash, WIDTH_WORD);
    words->open = false;
    words->hash = HASH_START;
}

static bool in_script(uint32_t letter)
{
    if (letter < scripts[0].first)
        return false;
    for (size_t i = 0; i < COUNT_OF(scripts); i++)
        if (letter >= scripts[i].first && letter <= scripts[i].last)
            return true;
    return false;
}

static void put_letter(struct words *words, uint32_t letter)
{
    if (in_script(letter)) {
        end_word(words);
        put_word(words, hash_step(HASH_START, letter), WIDTH_LETTER);
    } else {
        words->hash = hash_step(words->hash, letter);
        words->open = true;
    }
}

static uint32_t fold(UChar32 c)
{
    if (c >= FOLD_AS_IS && c <= FOLD_AS_IS_LAST)
        return (uint32_t)c;
    if (c < 0 || c > 0xffff)
        return FOLD_SEPARATOR;
    return fold_pages[fold_page_of[c >> 8]][c & 0xff];
}

/* ICU's macro mixes widths as it likes. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
static UChar32 next_letter(const char *text, size_t *at, size_t end)
{
    UChar32 c;
    size_t i = *at;
    U8_NEXT(text, i, end, c);
    *at = i;
    return c;
}
#pragma GCC diagnostic pop

/* Cuts a text as tools/tracking.py cuts the phrases. */
static void read_words(const char *text, struct words *words)
{
    size_t len = strnlen(text, TEXT_MAX + 1);
    size_t end = len;

    if (len > TEXT_MAX) {
        end = TEXT_MAX;
        U8_TRUNCATE_IF_INCOMPLETE(text, 0, end);
    }
    words->count = 0;
    words->open = false;
    words->hash = HASH_START;
    for (size_t i = 0; i < end;) {
        UChar32 c = (unsigned char)text[i];
        if (c < 0x80)
            i++;
        else
            c = next_letter(text, &i, end);
        uint32_t letter = fold(c);
        if (letter == FOLD_SEPARATOR) {
            end_word(words);
        } else if (letter >= FOLD_EXPANDED && letter < FOLD_EXPANDED + COUNT_OF(fold_expansions)) {
            for (const uint16_t *part = fold_expansions[letter - FOLD_EXPANDED]; *part; part++)
                put_letter(words, *part);
        } else if (letter != FOLD_DROPPED) {
            put_letter(words, letter);
        }
    }
    if (end == len) /* else the last word is cut, and could be read as another */
        end_word(words);
}

/* The node that a word leads to, 0: none. */
static uint32_t child_of(uint32_t node, uint16_t word)
{
    uint32_t low = nodes[node].first_edge, high = nodes[node + 1].first_edge, last = high;

    if (word == 0)
        return 0;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (edges[middle] < word)
            low = middle + 1;
        else
            high = middle;
    }
    return low < last && edges[low] == word ? low + 1 : 0;
}

/* The node behind a node's gap, 0: none. */
static uint32_t gap_of(uint32_t node)
{
    uint32_t first = nodes[node].first_edge;

    return first < nodes[node + 1].first_edge && edges[first] == 0 ? first + 1 : 0;
}

static bool has_file(const struct files *files, uint8_t file)
{
    return files->bits[file / 64] >> (file % 64) & 1;
}

/* Takes what ends at a node if it says more than what is there: by its length, as the carrier's own, as the
 * later one. Of two that end together and are alike in that the one found first spans more, and stays. */
static void take(struct match *match, uint32_t node, size_t length, size_t end)
{
    if (length < match->length)
        return;
    for (uint32_t i = nodes[node].first_meaning; i < nodes[node + 1].first_meaning; i++) {
        bool is_own = meanings[i].file != 0;
        if (is_own && !has_file(&match->own, meanings[i].file))
            continue;
        if (length == match->length && (is_own != match->is_own ? match->is_own : end <= match->end))
            continue;
        match->length = length;
        match->end = end;
        match->is_own = is_own;
        match->state = meanings[i].state;
    }
}

static void walk(struct match *match, uint32_t node, size_t at, size_t length);

static void walk_gap(struct match *match, uint32_t node, size_t at, size_t length)
{
    const struct words *words = match->words;

    for (int room = WIDTH_GAP; at < words->count; room -= words->widths[at++]) {
        if (room < 0)
            return;
        uint32_t child = child_of(node, words->numbers[at]);
        if (child)
            walk(match, child, at + 1, length + 1);
    }
}

/* `node` was reached with the word before `at`. What stands without a gap is found before what stands with
 * one. */
static void walk(struct match *match, uint32_t node, size_t at, size_t length)
{
    const struct words *words = match->words;

    take(match, node, length, at);
    if (at == words->count)
        return;
    uint32_t child = child_of(node, words->numbers[at]), gap = gap_of(node);
    if (child)
        walk(match, child, at + 1, length + 1);
    if (gap)
        walk_gap(match, gap, at, length);
}

/* Which files are of a carrier: those with a name that it holds as whole words. */
static struct files files_of(const char *carrier)
{
    struct files files = {{0}};
    struct words words;

    read_words(carrier, &words);
    for (size_t i = 0; i < words.count; i++) {
        uint32_t node = CARRIERS_NODE;
        for (size_t at = i; at < words.count && (node = child_of(node, words.numbers[at])); at++)
            for (uint32_t m = nodes[node].first_meaning; m < nodes[node + 1].first_meaning; m++)
                files.bits[meanings[m].file / 64] |= (uint64_t)1 << (meanings[m].file % 64);
    }
    return files;
}

int tracking_text_state(const char *carrier, const char *text)
{
    struct words words;
    struct match match = {.words = &words, .state = SHIPMENT_STATE_UNKNOWN};

    read_words(text, &words);
    if (carrier)
        match.own = files_of(carrier);
    for (size_t i = 0; i < words.count; i++) {
        uint16_t first = words.numbers[i];
        if (first > 0 && first <= FIRST_WORDS)
            walk(&match, first, i + 1, 1);
    }
    return match.state;
}
