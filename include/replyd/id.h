/* id.h - identifiers: UUIDs of version 7 (RFC 9562), which sort by the time they were made. */
#ifndef REPLYD_ID_H
#define REPLYD_ID_H

#include <stddef.h>

#define ID_TEXT 37 /* of an id's text, with its NUL */

/* Random bytes fetched in bulk: libuuid's own would be six system calls an id. One for each thread; `{0}` is
 * new. */
struct id_source {
    unsigned char random[4096];
    size_t left;
};

void id_make(struct id_source *source, unsigned char ret_id[static 16]);

/* Writes an id in lower case. Returns `out`. */
char *id_text(const unsigned char id[static 16], char out[static ID_TEXT]);

/* 0; -1: no UUID */
int id_parse(const char *text, unsigned char ret_id[static 16]);

#endif
