/* Input: a mail, its subject before the first NUL. Understanding it must end, stay in bounds and be the same
 * twice. */
#include "fuzz.h"
#include "replyd/understand.h"

#include <stdlib.h>
#include <string.h>

static void check(const struct understanding *found)
{
    const struct entities *entities = &found->entities;
    bool sound = found->intent >= 0 && found->intent < INTENT_COUNT && found->mood >= 0 &&
                 found->mood < MOOD_COUNT && found->confidence >= 0 && found->confidence <= 1 &&
                 found->language != NULL && found->alternative_count <= UNDERSTAND_ALTERNATIVES &&
                 entities->order_number_count <= UNDERSTAND_NUMBERS &&
                 entities->amount_count <= UNDERSTAND_NUMBERS && entities->quantity >= -1 &&
                 entities->deadline_days >= -1;
    for (int i = 0; i < entities->amount_count; i++)
        sound = sound && money_digits(entities->amounts[i].currency) >= 0;
    for (int i = 0; i < entities->tracking_number_count; i++)
        sound = sound && *entities->tracking_numbers[i] != '\0';
    if (!sound)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct understand_scratch *scratch;
    if (scratch == NULL)
        scratch = understand_scratch_new();
    struct arena arena = {0};
    const uint8_t *end = size > 0 ? memchr(data, '\0', size) : NULL;
    const char *subject = end != NULL ? (const char *)data : NULL;
    const char *text = end != NULL ? (const char *)end + 1 : (const char *)data;
    size_t len = size - (size_t)(text - (const char *)data);

    struct understanding first, second;
    understand(scratch, subject, text, len, INT64_C(1771581600) * MOMENT_SECOND, &arena, &first);
    understand(scratch, subject, text, len, INT64_C(1771581600) * MOMENT_SECOND, &arena, &second);
    check(&first);
    if (first.intent != second.intent ||
        memcmp(&first.confidence, &second.confidence, sizeof(first.confidence)) != 0)
        abort();
    arena_free(&arena);
    return 0;
}
