#include "replyd/id.h"

#include "replyd/moment.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <uuid/uuid.h>

void id_make(struct id_source *source, unsigned char ret_id[static 16])
{
    if (source->left < 16) {
        if (getrandom(source->random, sizeof source->random, 0) != (ssize_t)sizeof source->random)
            abort();
        source->left = sizeof source->random;
    }
    source->left -= 16;
    memcpy(ret_id, source->random + source->left, 16);
    uint64_t ms = (uint64_t)(moment_now() / 1000);
    for (int i = 0; i < 6; i++)
        ret_id[i] = (unsigned char)(ms >> (40 - 8 * i));
    ret_id[6] = (unsigned char)(0x70 | (ret_id[6] & 0x0f));
    ret_id[8] = (unsigned char)(0x80 | (ret_id[8] & 0x3f));
}

char *id_text(const unsigned char id[static 16], char out[static ID_TEXT])
{
    uuid_unparse_lower(id, out);
    return out;
}

int id_parse(const char *text, unsigned char ret_id[static 16])
{
    return uuid_parse(text, ret_id);
}
