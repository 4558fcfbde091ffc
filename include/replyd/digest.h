/* digest.h - SHA-256, by GnuTLS. In a file of its own: GnuTLS' headers claim common names. */
#ifndef REPLYD_DIGEST_H
#define REPLYD_DIGEST_H

#include <stddef.h>

#define DIGEST_LEN 32

void digest_sha256(const void *data, size_t len, unsigned char ret_digest[static DIGEST_LEN]);

#endif
