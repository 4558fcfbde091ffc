/* screen.h - keeps links and phone numbers in a shop's or carrier's free texts out of mails whose platform
 * bans them. */
#ifndef REPLYD_CORE_SCREEN_H
#define REPLYD_CORE_SCREEN_H

#include "replyd/facts.h"

/* Does the text hold a web or mail address, or a phone number? */
bool screen_holds_contact(const char *text);

/* The first link or domain, and the first phone number in the text, or NULL. */
const char *screen_find_link(const char *text, size_t *ret_len);
const char *screen_find_phone(const char *text, size_t *ret_len);

/* Forgets every fact that is free text and holds one, and notes that in record.withheld. */
void screen_facts(struct facts *facts);

#endif
