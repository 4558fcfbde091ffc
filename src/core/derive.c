#include "replyd/suggest.h"

#include <math.h>

void derive(const struct playbook *playbook, struct facts *facts, struct arena *scratch)
{
    for (int i = 0; i < playbook->derived_count; i++) {
        const struct derived_rule *rule = &playbook->derived[i];
        struct value value = logic_eval(rule->value, facts->slot, NULL, scratch);

        if (facts_info[rule->fact].type == FACT_TYPE_FLAG && value.type != VALUE_NULL)
            value = value_bool(logic_truthy(&value));
        else if (value.type != VALUE_NUMBER || !isfinite(value.number))
            value = VALUE_NULL_INIT;
        if (value.type != VALUE_NULL || !facts_info[rule->fact].always)
            facts->slot[rule->fact] = value;
    }
}
