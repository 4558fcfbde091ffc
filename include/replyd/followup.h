/* followup.h - mails that a good agent sends without being asked, found due by the record:
 * playbook/followups.json (schema/followups.json). Pure. */
#ifndef REPLYD_FOLLOWUP_H
#define REPLYD_FOLLOWUP_H

#include "replyd/facts.h"
#include "replyd/moment.h"
#include "replyd/playbook.h"

struct followup {
    int trigger; /* enum trigger */
    moment_t due_at;
};

/* Facts that follow from others must have been worked out, for a trigger; message.trigger is changed
 * meanwhile. `written[trigger]` is the moment for which such a mail was last made, MOMENT_NONE: never; NULL:
 * no matter, but it must be about an order. Finds the most urgent mail that is due by `by`, that the platform
 * allows and that was not made since: false where there is none. */
bool followup_find(const struct playbook *playbook, bool of_customer, struct facts *facts, moment_t by,
                   const moment_t *written, struct arena *scratch, struct followup *ret_followup);

/* The answer that was promised for that moment, with the trigger that fits the order's state: where none is
 * due it is promised_date_passed. */
void followup_promised(const struct playbook *playbook, struct facts *facts, moment_t promised_at,
                       moment_t by, struct arena *scratch, struct followup *ret_followup);

#endif
