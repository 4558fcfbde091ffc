/* mail.h - the part of a mail that its writer wrote now. */
#ifndef REPLYD_UNDERSTAND_MAIL_H
#define REPLYD_UNDERSTAND_MAIL_H

#include "replyd/buf.h"

/* Adds to `out` the text without HTML tags, quoted lines, what stands below a quoted mail's head, signatures
 * and disclaimers. Where nothing would be left, the text itself. `plain` is
 * memory that is used again. */
void mail_clean(const char *text, size_t len, struct buf *plain, struct buf *out);

/* The subject without "Re:", "Fwd:", "AW:" ... */
const char *mail_subject(const char *subject);

#endif
