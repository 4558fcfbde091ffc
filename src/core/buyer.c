#include "replyd/cases.h"

#include <string.h>
#include <strings.h>

bool buyer_is_customer(const char *email, const char *id, const char *customer_email, const char *customer_id)
{
    bool by_email = email && customer_email, by_id = id && customer_id;

    if (by_email && strcasecmp(email, customer_email) != 0)
        return false;
    if (by_id && strcmp(id, customer_id) != 0)
        return false;
    return by_email || by_id;
}
