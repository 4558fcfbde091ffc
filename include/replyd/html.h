/* html.h - the HTML body of a mail, from the finished text alone: paragraphs, lists, line breaks, and a link
 * where a list's item is a label and a web address ("- Tracking page: https://..."). An address anywhere else
 * stays text: it may have come with an item's or a person's name. */
#ifndef REPLYD_HTML_H
#define REPLYD_HTML_H

#include "replyd/buf.h"

#include <stdbool.h>

/* Appends the body. A pure function of the draft's text and language, so that HTML need not be stored. */
void html_draft(const char *language, const char *text, size_t len, struct buf *out);

/* True for languages that are written from right to left. */
bool html_rtl(const char *language);

#endif
