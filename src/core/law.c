#include "replyd/law.h"

#include "build.h"
#include "playbook_load.h"

#include <string.h>

static const char *const words_topic[] = {
    [LAW_WITHDRAWAL] = "withdrawal",
    [LAW_GUARANTEE] = "guarantee",
    [LAW_REJECTION] = "rejection",
    [LAW_IMPORT_TAX] = "import_tax",
    [LAW_IMPORT_DUTY] = "import_duty",
    [LAW_RECIPIENT_ID] = "recipient_id",
    [LAW_TOPICS] = NULL,
};

#define AT(member) .offset = offsetof(struct law, member)

static const struct field law_fields[] = {
    {"topic", .type = FIELD_WORD, .required = true, .words = words_topic, AT(topic)},
    {"countries", .type = FIELD_ARRAY, .required = true, .element = FIELD_COUNTRY, .min = 1, .max = 300,
     .size = sizeof(const char *), AT(countries)},
    {"from", .type = FIELD_DAY_START, .required = true, AT(from)},
    {"until", .type = FIELD_DAY_END, AT(until)},
    {"source", .type = FIELD_TEXT, .required = true, AT(source)},
    {"about", .type = FIELD_TEXT, AT(about)},
    {"days", .type = FIELD_COUNT, .min = 1, .max = 3650, AT(days)},
    {"months", .type = FIELD_COUNT, .min = 1, .max = 1200, AT(months)},
    {"at_sale_up_to", .type = FIELD_MONEY, AT(at_sale_up_to)},
    {"free_below", .type = FIELD_MONEY, AT(free_below)},
    {"each", .type = FIELD_MONEY, AT(each)},
    {"each_below", .type = FIELD_MONEY, AT(each_below)},
    {"recipient_id", .type = FIELD_TEXT, AT(recipient_id)},
    {"given_at", .type = FIELD_TEXT, AT(given_at)},
    {NULL},
};

/* What an entry of each topic must say, and what it may say besides. */
static const struct {
    const char *must[3], *may[3];
} says[LAW_TOPICS] = {
    [LAW_WITHDRAWAL] = {{"days"}, {NULL}},
    [LAW_GUARANTEE] = {{"months"}, {NULL}},
    [LAW_REJECTION] = {{"days"}, {NULL}},
    [LAW_IMPORT_TAX] = {{"at_sale_up_to"}, {NULL}},
    [LAW_IMPORT_DUTY] = {{"free_below"}, {"each", "each_below"}},
    [LAW_RECIPIENT_ID] = {{"recipient_id", "given_at"}, {NULL}},
};

#define COMMON_FIELDS 6 /* the first of law_fields, which every topic has */

static bool is_listed(const char *const list[3], const char *name)
{
    for (int i = 0; i < 3 && list[i]; i++) {
        if (strcmp(list[i], name) == 0)
            return true;
    }
    return false;
}

static void check_says(struct loader *loader, const char *file, const char *place, const json_t *entry,
                       int topic)
{
    for (const struct field *field = law_fields + COMMON_FIELDS; field->name; field++) {
        bool given = json_object_get(entry, field->name) != NULL;
        bool must = is_listed(says[topic].must, field->name);

        if (must && !given)
            load_fault(loader, file, place, "an entry about %s needs \"%s\"", words_topic[topic],
                       field->name);
        if (given && !must && !is_listed(says[topic].may, field->name))
            load_fault(loader, file, place, "\"%s\" says nothing about %s", field->name, words_topic[topic]);
    }
    if (!json_object_get(entry, "each") != !json_object_get(entry, "each_below"))
        load_fault(loader, file, place, "\"each\" and \"each_below\" go together");
}

static bool overlap(const struct law *a, const struct law *b)
{
    return (a->until == MOMENT_NONE || b->from <= a->until) &&
           (b->until == MOMENT_NONE || a->from <= b->until);
}

static bool names_country(const struct law *law, const char *country)
{
    const char *const *countries = law->countries.items;

    for (size_t i = 0; i < law->countries.count; i++) {
        if (strcmp(countries[i], country) == 0)
            return true;
    }
    return false;
}

/* Two rules for one day would leave it to chance which one is told. */
static void check_twice(struct loader *loader, const char *file, const char *place, const struct law *laws,
                        int count, const struct law *law)
{
    const char *const *countries = law->countries.items;

    for (int i = 0; i < count; i++) {
        if (laws[i].topic != law->topic || !overlap(&laws[i], law))
            continue;
        for (size_t c = 0; c < law->countries.count; c++) {
            if (names_country(&laws[i], countries[c]))
                load_fault(
                    loader, file, place,
                    "%s has another entry about %s on the same days: give the earlier one an \"until\"",
                    countries[c], words_topic[law->topic]);
        }
    }
}

static int load_entry(struct loader *loader, const char *file, const struct spot *spot, struct law *laws,
                      int count)
{
    struct law *law = &laws[count];
    struct faults faults;

    *law = (struct law){.from = MOMENT_NONE, .until = MOMENT_NONE};
    faults_init(&faults, loader->arena);
    fields_read(law_fields, spot->json, "", law, &faults);
    for (const struct fault *fault = faults.first; fault; fault = fault->next)
        load_fault(loader, file, arena_printf(&loader->scratch, "%s%s", spot->place, fault->pointer), "%s",
                   fault->detail);
    if (faults.count > 0)
        return 0;
    if (law->until != MOMENT_NONE && law->until < law->from)
        load_fault(loader, file, spot->place, "\"until\" must not be before \"from\"");
    check_says(loader, file, spot->place, spot->json, law->topic);
    check_twice(loader, file, spot->place, laws, count, law);
    return 1;
}

static bool is_law(const struct playbook_file *file)
{
    return strncmp(file->path, "law/", 4) == 0;
}

void load_laws(struct loader *loader)
{
    static const char *const keys[] = {"entries", NULL};
    json_t **files = arena_zalloc(&loader->scratch, (loader->file_count + 1) * sizeof(*files));
    int most = 0, count = 0;
    struct law *laws;

    for (int i = 0; i < loader->file_count; i++) {
        if (!is_law(loader->files[i]))
            continue;
        files[i] = load_json(loader, loader->files[i]->path);
        most += (int)json_array_size(json_object_get(files[i], "entries"));
    }
    laws = arena_alloc(loader->arena, (most + 1) * sizeof(*laws));
    for (int i = 0; i < loader->file_count; i++) {
        struct spot top = {.loader = loader, .file = loader->files[i]->path, .place = "", .json = files[i]},
                    entries;

        if (!files[i])
            continue;
        spot_keys(&top, keys);
        entries = spot_member(&top, "entries");
        for (int k = 0; k < spot_count(&entries); k++) {
            struct spot entry = spot_item(&entries, k);

            count += load_entry(loader, top.file, &entry, laws, count);
        }
        json_decref(files[i]);
    }
    loader->playbook->laws = laws;
    loader->playbook->law_count = count;
}

const struct law *law_find(const struct playbook *playbook, enum law_topic topic, const char *country,
                           day_t day)
{
    for (int i = 0; country && i < playbook->law_count; i++) {
        const struct law *law = &playbook->laws[i];

        if (law->topic == (int)topic && law->from <= day_start(day) &&
            (law->until == MOMENT_NONE || day_start(day) <= law->until) && names_country(law, country))
            return law;
    }
    return NULL;
}

/* ---- what follows for a buyer ---- */

static day_t add_months(day_t day, int64_t months)
{
    int year, month, of_month, last;
    day_t first;

    day_to_civil(day, &year, &month, &of_month);
    months += month - 1;
    year += (int)(months / 12);
    month = (int)(months % 12) + 1;
    first = day_from_civil(year, month, 1);
    last = (month == 12 ? day_from_civil(year + 1, 1, 1) : day_from_civil(year, month + 1, 1)) - first;
    return first + (of_month < last ? of_month : last) - 1;
}

/* From the delivery; where its day is not known it holds as long as it would from the order. */
static void guarantee_facts(const struct law *law, struct facts *facts)
{
    day_t today = (day_t)facts_number(facts, FACT_TODAY), ends;

    facts_set_number(facts, FACT_LAW_GUARANTEE_MONTHS, (double)law->months);
    if (facts_known(facts, FACT_SHIPMENT_DELIVERED_ON)) {
        ends = add_months((day_t)facts_number(facts, FACT_SHIPMENT_DELIVERED_ON), law->months);
        facts_set_number(facts, FACT_LAW_GUARANTEE_ENDS_ON, ends);
        facts_set_flag(facts, FACT_LAW_GUARANTEE, today <= ends);
    } else if (facts_known(facts, FACT_ORDER_PLACED_ON) &&
               today <= add_months((day_t)facts_number(facts, FACT_ORDER_PLACED_ON), law->months)) {
        facts_set_flag(facts, FACT_LAW_GUARANTEE, true);
    }
}

static void set_limit(struct facts *facts, enum fact fact, const struct money *limit)
{
    if (!facts_known(facts, FACT_DUTY_CURRENCY))
        facts_set_text(facts, FACT_DUTY_CURRENCY, limit->currency);
    if (strcmp(facts_text(facts, FACT_DUTY_CURRENCY), limit->currency) == 0)
        facts_set_number(facts, fact, (double)limit->minor);
}

/* What customs take by law where the shop has no rule of its own. How many tariff categories a parcel has,
 * and so the sum of what is taken for each, nobody knows. */
static void customs_facts(const struct playbook *playbook, const struct policy *policy, struct facts *facts)
{
    const char *country = facts_text(facts, FACT_WANTED_COUNTRY);
    day_t today = (day_t)facts_number(facts, FACT_TODAY);
    const struct law *duty = law_find(playbook, LAW_IMPORT_DUTY, country, today),
                     *tax = law_find(playbook, LAW_IMPORT_TAX, country, today),
                     *recipient = law_find(playbook, LAW_RECIPIENT_ID, country, today);

    if (recipient && !facts_known(facts, FACT_DUTY_RECIPIENT_ID))
        facts_set_text(facts, FACT_DUTY_RECIPIENT_ID, recipient->recipient_id);
    if (facts_flag(facts, FACT_DUTY_KNOWN) || (!duty && !tax && !recipient))
        return;
    facts_set_flag(facts, FACT_DUTY_KNOWN, true);
    if (duty)
        set_limit(facts, FACT_DUTY_FREE_BELOW, &duty->free_below);
    if (tax)
        set_limit(facts, FACT_DUTY_TAX_THRESHOLD, &tax->at_sale_up_to);
    if (duty && facts_known(facts, FACT_DUTY_VALUE)) {
        int64_t value = money_between(policy, (int64_t)facts_number(facts, FACT_DUTY_VALUE),
                                      facts_text(facts, FACT_REPLY_CURRENCY), duty->free_below.currency);

        if (value != MONEY_NONE)
            facts_set_flag(facts, FACT_DUTY_BELOW_THRESHOLD, value < duty->free_below.minor);
        if (value != MONEY_NONE && duty->each.currency[0] && value <= duty->each_below.minor)
            set_limit(facts, FACT_DUTY_EACH, &duty->each);
    }
}

void law_facts(const struct playbook *playbook, const struct policy *policy, struct facts *facts)
{
    const char *country = facts_text(facts, FACT_ORDER_COUNTRY);
    day_t today = (day_t)facts_number(facts, FACT_TODAY);
    const struct law *law;

    if (!country)
        country = facts_text(facts, FACT_WANTED_COUNTRY);
    if (!country)
        country = facts_text(facts, FACT_BUYER_COUNTRY);
    customs_facts(playbook, policy, facts);
    law = law_find(playbook, LAW_GUARANTEE, country, today);
    if (law)
        guarantee_facts(law, facts);
    law = law_find(playbook, LAW_WITHDRAWAL, country, today);
    if (!law)
        return;
    facts_set_number(facts, FACT_LAW_WITHDRAWAL_DAYS, (double)law->days);
    facts_set_text(facts, FACT_LAW_SOURCE, law->source);
}
