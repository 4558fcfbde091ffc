/* A parcel's row and scans to facts. Scans come late, in disorder and from several carriers: what they agree
 * on is the state; where they contradict each other it is unknown. */
#include "build.h"
#include "replyd/tracking.h"

#include <ctype.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* ---- the parcel's state ---- */

/* What each state says, for reading a row of scans. */
enum trait {
    TERMINAL = 1, /* the journey ends here */
    UPSTREAM = 2, /* can't follow the delivery: such a scan came in late */
    ABROAD = 4,   /* has left the country of origin */
    AT_ORIGIN = 8,
    STOPPED = 16, /* not under way to the buyer */
    BACK = 32,    /* on the way to the sender */
};

static const uint8_t state_traits[] = {
    [SHIPMENT_STATE_LABEL_CREATED] = UPSTREAM | AT_ORIGIN,
    [SHIPMENT_STATE_IN_TRANSIT_ORIGIN] = UPSTREAM | AT_ORIGIN,
    [SHIPMENT_STATE_EXPORT_CUSTOMS] = UPSTREAM | AT_ORIGIN,
    [SHIPMENT_STATE_DEPARTED] = UPSTREAM | ABROAD,
    [SHIPMENT_STATE_ARRIVED_DESTINATION] = UPSTREAM | ABROAD,
    [SHIPMENT_STATE_IMPORT_CUSTOMS] = UPSTREAM | ABROAD,
    [SHIPMENT_STATE_CUSTOMS_HELD] = STOPPED,
    [SHIPMENT_STATE_DELIVERED] = TERMINAL | STOPPED,
    [SHIPMENT_STATE_RETURNING] = STOPPED | BACK,
    [SHIPMENT_STATE_RETURNED] = TERMINAL | STOPPED | BACK,
    [SHIPMENT_STATE_LOST] = TERMINAL | STOPPED,
    [SHIPMENT_STATE_SEIZED] = TERMINAL | STOPPED,
    [SHIPMENT_STATE_UNKNOWN] = 0,
};

/* What the scans of a parcel come to. */
struct journey {
    int state; /* enum shipment_state, -1: no scan */
    moment_t since;
    const struct case_event *delivered; /* the scan, where the state is delivered */
    bool scanned, abroad;
    bool at_origin;     /* a scan says that it was in the country it was sent from */
    bool only_origin;   /* and none that it was anywhere else */
    bool returned_home; /* returned because the delivery was in the country of origin */
    bool at_customs;    /* a scan says so, and none behind it that it was released */
    bool released;
    bool conflicting; /* two ends that can't both be true */
    moment_t reached;
};

/* The countries between which the parcel goes; NULL: unknown. */
struct way {
    const char *origin, *destination;
};

/* A scan at midnight sharp knows no more than its day: as an end it stands for the whole of it. */
static moment_t reach(const struct case_event *event)
{
    day_t day = moment_day(event->at);

    return (state_traits[event->state] & TERMINAL) && event->at == day_start(day) ? day_end(day) : event->at;
}

/* Does the scan replace the state that an earlier one gave? Scans come late and in disorder. */
static bool replaces(const struct case_event *event, const struct journey *journey)
{
    int traits = state_traits[event->state];

    if (event->state == SHIPMENT_STATE_UNKNOWN)
        return false;
    if (journey->state < 0)
        return true;
    if (event->state == SHIPMENT_STATE_LABEL_CREATED)
        return false; /* booked late: the parcel is on its way already */
    if (!(state_traits[journey->state] & TERMINAL) || (traits & TERMINAL))
        return reach(event) >= journey->reached;
    /* What looked like a delivery at home was none if the parcel went on. */
    return event->at > journey->reached && (!(traits & UPSTREAM) || journey->returned_home);
}

/* Can one end follow another, with nothing between? What was lost may be found; what customs took may be sent
 * back. */
static bool may_follow(int earlier, int later)
{
    return earlier == later || (earlier == SHIPMENT_STATE_LOST && later != SHIPMENT_STATE_SEIZED) ||
           (earlier == SHIPMENT_STATE_SEIZED && later == SHIPMENT_STATE_RETURNED);
}

static bool same_country(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

/* Delivered where it came from and not where it should go: the sender has it. */
static bool is_home(const struct case_event *event, const struct way *way, const struct journey *journey)
{
    if (!same_country(event->country, way->origin))
        return false;
    return way->destination ? !same_country(way->destination, way->origin) : journey->abroad;
}

static void follow_customs(struct journey *journey, int state)
{
    if (state == SHIPMENT_STATE_CUSTOMS_HELD || state == SHIPMENT_STATE_IMPORT_CUSTOMS) {
        journey->at_customs = true;
        journey->released = false;
    } else if (journey->at_customs) {
        journey->at_customs = false;
        journey->released = true;
    }
}

static void follow_scan(struct journey *journey, const struct case_event *scan, const struct way *way)
{
    struct case_event event = *scan;
    bool was_end =
        journey->state >= 0 && (state_traits[journey->state] & TERMINAL) && !journey->returned_home;
    bool was_back = journey->state >= 0 && (state_traits[journey->state] & BACK) && !journey->returned_home;
    bool home = event.state == SHIPMENT_STATE_DELIVERED && is_home(&event, way, journey);
    bool replaced = replaces(&event, journey);

    /* Delivered on the way back, or at home: the sender has it. */
    if (home || (event.state == SHIPMENT_STATE_DELIVERED && was_back))
        event.state = SHIPMENT_STATE_RETURNED;
    if (was_end && (state_traits[event.state] & TERMINAL))
        journey->conflicting |=
            replaced ? !may_follow(journey->state, event.state) : !may_follow(event.state, journey->state);
    else if (replaced)
        journey->conflicting = false;
    if (!replaced)
        return;
    if (event.state != journey->state) {
        journey->state = event.state;
        journey->since = event.at;
        journey->delivered = event.state == SHIPMENT_STATE_DELIVERED ? scan : NULL;
        journey->returned_home = home && !journey->abroad;
        follow_customs(journey, event.state);
    }
    journey->reached = reach(&event);
}

/* The country of the first scan before it left, else the shop's. */
static struct way way_of(const struct builder *b, const struct case_shipment *shipment)
{
    struct way way = {b->policy->country, b->order->address.country};

    for (int i = 0; i < shipment->event_count; i++) {
        const struct case_event *event = &shipment->events[i];

        if (!event->country || event->state < 0 || event->state >= SHIPMENT_STATE_COUNT ||
            !(state_traits[event->state] & AT_ORIGIN))
            continue;
        way.origin = event->country;
        break;
    }
    return way;
}

/* In a country that is not the one it was sent from. */
static bool is_elsewhere(const struct case_event *event, const struct way *way)
{
    return event->country && way->origin && !same_country(event->country, way->origin);
}

static struct journey journey_of(const struct builder *b, const struct case_shipment *shipment)
{
    struct journey journey = {.state = -1, .since = MOMENT_NONE, .reached = MOMENT_NONE, .only_origin = true};
    struct way way = way_of(b, shipment);

    for (int i = 0; i < shipment->event_count; i++) {
        const struct case_event *event = &shipment->events[i];
        bool known = event->state >= 0 && event->state < SHIPMENT_STATE_COUNT &&
                     event->state != SHIPMENT_STATE_UNKNOWN;
        int traits = known ? state_traits[event->state] : 0;

        journey.scanned = true;
        journey.abroad |= (traits & ABROAD) != 0 || ((traits & BACK) && is_elsewhere(event, &way));
        journey.at_origin |= (traits & AT_ORIGIN) != 0;
        journey.only_origin &= (traits & (AT_ORIGIN | BACK)) != 0;
        if (known)
            follow_scan(&journey, event, &way);
    }
    if (journey.state < 0 && journey.scanned)
        journey.state = SHIPMENT_STATE_UNKNOWN;
    return journey;
}

static moment_t delivered_at(const struct journey *journey)
{
    return journey->delivered ? journey->since : MOMENT_NONE;
}

/* ---- which parcel ---- */

/* Equal but for case, spaces and dashes. */
static bool same_number(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, " -");
        b += strspn(b, " -");
        if (toupper((unsigned char)*a) != toupper((unsigned char)*b))
            return false;
        if (*a == '\0')
            return true;
        a++;
        b++;
    }
}

static const struct case_shipment *named_shipment(const struct builder *b)
{
    if (!b->understanding)
        return NULL;
    for (int n = 0; n < b->understanding->entities.tracking_number_count; n++) {
        for (int i = 0; i < b->order->shipment_count; i++) {
            const struct case_shipment *shipment = &b->order->shipments[i];

            if (shipment->tracking_number &&
                same_number(shipment->tracking_number, b->understanding->entities.tracking_numbers[n]))
                return shipment;
        }
    }
    return NULL;
}

/* The one named in the text, else the undelivered one with the earliest promise, else the last delivered. */
const struct case_shipment *parcel_choose(const struct builder *b)
{
    const struct case_shipment *best = named_shipment(b);
    moment_t best_delivered = MOMENT_NONE;

    if (best)
        return best;
    for (int i = 0; i < b->order->shipment_count; i++) {
        const struct case_shipment *shipment = &b->order->shipments[i];
        struct journey journey = journey_of(b, shipment);
        moment_t delivered = delivered_at(&journey);
        bool better;

        if (!best)
            better = true;
        else if ((delivered == MOMENT_NONE) != (best_delivered == MOMENT_NONE))
            better = delivered == MOMENT_NONE;
        else if (delivered != MOMENT_NONE)
            better = delivered > best_delivered;
        else
            better = shipment->promised_by != MOMENT_NONE &&
                     (best->promised_by == MOMENT_NONE || shipment->promised_by < best->promised_by);
        if (better) {
            best = shipment;
            best_delivered = delivered;
        }
    }
    return best;
}

/* ---- the parcel ---- */

bool parcel_on_its_way(const struct builder *b, const struct case_shipment *shipment)
{
    if (shipment->shipped_at != MOMENT_NONE && shipment->shipped_at <= b->as_of)
        return true;
    /* Of an order that was sent the only parcel is what was sent. */
    if (shipment->shipped_at == MOMENT_NONE && b->order->shipment_count == 1 &&
        b->order->status == ORDER_STATUS_SHIPPED)
        return true;
    for (int i = 0; i < shipment->event_count; i++) {
        if (shipment->events[i].state > SHIPMENT_STATE_LABEL_CREATED &&
            shipment->events[i].state != SHIPMENT_STATE_UNKNOWN)
            return true;
    }
    return false;
}

/* "Shenzhen, CN", as far as known */
static const char *event_place(const struct case_event *event, struct arena *arena)
{
    if (event->city && event->country)
        return arena_printf(arena, "%s, %s", event->city, event->country);
    return event->city ? event->city : event->country;
}

static void build_events(const struct builder *b, const struct case_shipment *shipment)
{
    struct value *field;
    const struct case_event *last;

    facts_set_number(b->facts, FACT_SHIPMENT_EVENT_COUNT, shipment->event_count);
    if (shipment->event_count == 0)
        return;
    field = facts_set_list(b->facts, FACT_SHIPMENT_EVENTS, shipment->event_count);
    for (int i = 0; i < shipment->event_count; i++, field += facts_info[FACT_SHIPMENT_EVENTS].field_count) {
        const struct case_event *event = &shipment->events[i];

        field[FIELD_SHIPMENT_EVENTS_AT] = value_number(floor((double)event->at / MOMENT_SECOND));
        field[FIELD_SHIPMENT_EVENTS_TEXT] = text_value(event->text);
        if (event->state >= 0 && event->state < SHIPMENT_STATE_COUNT)
            field[FIELD_SHIPMENT_EVENTS_STATE] = value_string(words_shipment_state[event->state]);
        field[FIELD_SHIPMENT_EVENTS_PLACE] = text_value(event_place(event, b->facts->arena));
        field[FIELD_SHIPMENT_EVENTS_CITY] = text_value(event->city);
        field[FIELD_SHIPMENT_EVENTS_COUNTRY] = text_value(event->country);
    }
    last = &shipment->events[shipment->event_count - 1];
    set_time(b, FACT_SHIPMENT_LAST_EVENT_AT, last->at);
    set_day(b, FACT_SHIPMENT_LAST_EVENT_ON, last->at);
    facts_set_text(b->facts, FACT_SHIPMENT_LAST_EVENT_TEXT, last->text);
    facts_set_word(b->facts, FACT_SHIPMENT_LAST_EVENT_STATE,
                   last->state < SHIPMENT_STATE_COUNT ? last->state : -1);
    facts_set_text(b->facts, FACT_SHIPMENT_LAST_EVENT_CITY, last->city);
    facts_set_text(b->facts, FACT_SHIPMENT_LAST_EVENT_COUNTRY, last->country);
    facts_set_text(b->facts, FACT_SHIPMENT_LAST_EVENT_PLACE, event_place(last, b->facts->arena));
}

/* Only web addresses are told, and the page's name is what stands where links are banned. */
static void build_tracking_page(const struct builder *b, const char *url)
{
    const char *host = NULL;
    size_t len;

    if (!url || strcspn(url, " \t\r\n<>\"'`\\") < strlen(url))
        return;
    if (strncasecmp(url, "https://", 8) == 0)
        host = url + 8;
    else if (strncasecmp(url, "http://", 7) == 0)
        host = url + 7;
    if (!host)
        return;
    len = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    if (len == 0 || !strchr(":/?#", host[len])) /* which finds the NUL as well */
        return;
    facts_set_text(b->facts, FACT_SHIPMENT_TRACKING_URL, url);
    facts_set_text(b->facts, FACT_SHIPMENT_TRACKING_PAGE,
                   tracking_page_name(arena_strndup(b->facts->arena, host, len)));
}

static void build_promise(const struct builder *b, const struct case_shipment *shipment)
{
    moment_t promised = shipment->promised_by;
    day_t day;

    if (promised == MOMENT_NONE)
        return;
    day = moment_day(promised);
    if (b->order->placed_at != MOMENT_NONE && day < moment_day(b->order->placed_at)) {
        set_conflict(b);
        return;
    }
    facts_set_number(b->facts, FACT_SHIPMENT_PROMISED_BY, day);
    facts_set_flag(b->facts, FACT_SHIPMENT_PROMISE_PASSED, b->today > day);
    facts_set_number(b->facts, FACT_SHIPMENT_OVERDUE_DAYS, max_int(0, b->today - day));
    facts_set_number(b->facts, FACT_SHIPMENT_GRACE_ENDS_ON, (double)(day + b->policy->grace_days));
}

/* ---- where it was delivered ---- */

#define PLACE_MAX 120

struct folded {
    char text[PLACE_MAX]; /* of UTF-8 letters and digits, without case, accents, spaces and signs */
    bool ascii;
};

static void fold_place(const char *place, struct folded *ret_folded)
{
    const UNormalizer2 *nfkd;
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[PLACE_MAX], plain[PLACE_MAX * 2];
    int32_t len = 0, out = 0;
    UBool full = false;

    *ret_folded = (struct folded){.ascii = true};
    nfkd = unorm2_getNFKDInstance(&status);
    u_strFromUTF8WithSub(wide, PLACE_MAX, &len, place, -1, 0xFFFD, NULL, &status);
    len = unorm2_normalize(nfkd, wide, len, plain, PLACE_MAX * 2, &status);
    len = u_strFoldCase(wide, PLACE_MAX, plain, len, U_FOLD_CASE_DEFAULT, &status);
    for (int32_t i = 0; U_SUCCESS(status) && !full && i < len;) {
        UChar32 c;

        U16_NEXT(wide, i, len, c);
        if (u_isalnum(c))
            U8_APPEND(ret_folded->text, out, PLACE_MAX - 1, c, full);
        ret_folded->ascii &= c < 128 || !u_isalnum(c);
    }
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* "D-10115" is "10115", and "90210" is where "90210-1234" is; of what is only a part of the other nothing is
 * said. */
static enum tristate same_postcode(const char *a, const char *b)
{
    struct folded one, two;
    const char *longer = one.text, *shorter = two.text;
    size_t digits;

    fold_place(a, &one);
    fold_place(b, &two);
    if (strlen(longer) < strlen(shorter))
        longer = two.text, shorter = one.text;
    digits = strspn(shorter, "0123456789");
    if (*shorter == '\0')
        return TRI_UNKNOWN;
    if (strcmp(longer, shorter) == 0)
        return TRI_TRUE;
    if (shorter[digits] == '\0' && strcmp(longer + strcspn(longer, "0123456789"), shorter) == 0)
        return TRI_TRUE;
    if (!starts_with(longer, shorter))
        return TRI_FALSE;
    return digits == 5 && strlen(longer) == 9 && strspn(longer, "0123456789") == 9 ? TRI_TRUE : TRI_UNKNOWN;
}

/* The same letter or word is written in two ways: "Muenchen" is "München", "Saint Louis" is "St. Louis". */
static void fold_spelling(char *text)
{
    static const char letters[] = "aou";
    char *out = text;

    for (const char *in = text; *in;) {
        if (starts_with(in, "saint") && in == text) {
            *out++ = 's';
            *out++ = 't';
            in += strlen("saint");
        } else {
            *out++ = *in++;
            in += *in == 'e' && strchr(letters, in[-1]);
        }
    }
    *out = '\0';
}

/* The names of one place, folded, where spelling does not show that it is one: quarters that have a post town
 * of their own, and names in two languages. Not all there are: what stands here is not told to be elsewhere.
 */
static const char *const same_places[][12] = {
    {"newyork", "newyorkcity", "nyc", "brooklyn", "bronx", "thebronx", "queens", "manhattan", "statenisland",
     "flushing", "jamaica"},
    {"losangeles", "hollywood", "vannuys", "northhollywood", "encino", "shermanoaks"},
    {"cologne", "koln"},
    {"vienna", "wien"},
    {"rome", "roma"},
    {"florence", "firenze"},
    {"naples", "napoli"},
    {"turin", "torino"},
    {"geneva", "geneve", "genf"},
    {"thehague", "denhaag", "sgravenhage"},
    {"antwerp", "antwerpen", "anvers"},
    {"copenhagen", "kobenhavn"},
    {"moscow", "moskva"},
};

static bool one_place(const char *a, const char *b)
{
    for (size_t i = 0; i < sizeof(same_places) / sizeof(*same_places); i++) {
        int found = 0;

        for (int k = 0; k < 12 && same_places[i][k]; k++)
            found += (strcmp(same_places[i][k], a) == 0) + (strcmp(same_places[i][k], b) == 0);
        if (found == 2)
            return true;
    }
    return false;
}

/* A carrier's house is named after where it is, not after where it delivers to. */
static bool names_a_house(const char *folded)
{
    static const char *const houses[] = {"center",   "centre",    "hub",         "facility", "depot",
                                         "sort",     "warehouse", "office",      "station",  "airport",
                                         "terminal", "branch",    "distribution"};

    for (size_t i = 0; i < sizeof(houses) / sizeof(*houses); i++) {
        if (strstr(folded, houses[i]))
            return true;
    }
    return false;
}

/* A name alone says that it is elsewhere only where it is clearly another: names in two scripts can't be
 * compared, "York" may be short for "New York" and "River Hts" for "River Heights". */
static enum tristate same_city(const char *a, const char *b)
{
    struct folded one, two;

    fold_place(a, &one);
    fold_place(b, &two);
    if (!*one.text || !*two.text || one.ascii != two.ascii)
        return TRI_UNKNOWN;
    fold_spelling(one.text);
    fold_spelling(two.text);
    if (strcmp(one.text, two.text) == 0)
        return TRI_TRUE;
    if (strstr(one.text, two.text) || strstr(two.text, one.text) || strncmp(one.text, two.text, 3) == 0 ||
        names_a_house(one.text) || names_a_house(two.text) || one_place(one.text, two.text))
        return TRI_UNKNOWN;
    return TRI_FALSE;
}

/* The postcode decides; where it says nothing, the country, then the city. */
static enum tristate same_place(const struct case_event *delivered, const struct case_order *order)
{
    enum tristate postcode = TRI_UNKNOWN;
    bool abroad = delivered->country && order->address.country &&
                  !same_country(delivered->country, order->address.country);

    if (delivered->postcode && order->address.postcode)
        postcode = same_postcode(delivered->postcode, order->address.postcode);
    /* A territory has a country code of its own and its postcodes in another's. */
    if (abroad)
        return postcode == TRI_TRUE ? TRI_UNKNOWN : TRI_FALSE;
    if (postcode != TRI_UNKNOWN || !delivered->city || !order->address.city)
        return postcode;
    return same_city(delivered->city, order->address.city);
}

static void build_place(const struct builder *b, const struct case_event *delivered)
{
    facts_set_text(b->facts, FACT_SHIPMENT_DELIVERED_CITY, delivered->city);
    facts_set_text(b->facts, FACT_SHIPMENT_DELIVERED_POSTCODE, delivered->postcode);
    set_flag(b, FACT_SHIPMENT_PLACE_MATCHES, same_place(delivered, b->order));
}

/* ---- state ---- */

/* Held where the newest state says so, or where a reason is on record and no scan has taken it further since.
 */
static void build_customs_held(const struct builder *b, const struct case_shipment *shipment,
                               const struct journey *journey)
{
    static const uint32_t beyond = 1u << SHIPMENT_STATE_OUT_FOR_DELIVERY |
                                   1u << SHIPMENT_STATE_READY_FOR_PICKUP |
                                   1u << SHIPMENT_STATE_DELIVERY_FAILED | 1u << SHIPMENT_STATE_DELIVERED |
                                   1u << SHIPMENT_STATE_RETURNING | 1u << SHIPMENT_STATE_RETURNED |
                                   1u << SHIPMENT_STATE_LOST | 1u << SHIPMENT_STATE_SEIZED;
    bool passed = journey->released || (journey->state >= 0 && (beyond >> journey->state & 1));

    facts_set_flag(b->facts, FACT_SHIPMENT_CUSTOMS_HELD,
                   journey->state == SHIPMENT_STATE_CUSTOMS_HELD ||
                       (shipment->customs_reason >= 0 && !passed));
}

/* Left before it was ordered, arrived before it left, or at two ends at once. */
static bool journey_contradicts(const struct builder *b, const struct case_shipment *shipment,
                                const struct journey *journey)
{
    moment_t shipped = shipment->shipped_at, placed = b->order->placed_at, delivered = delivered_at(journey);

    if (delivered != MOMENT_NONE && shipped != MOMENT_NONE && moment_day(delivered) < moment_day(shipped))
        return true;
    if (delivered != MOMENT_NONE && placed != MOMENT_NONE && moment_day(delivered) < moment_day(placed))
        return true;
    return journey->conflicting;
}

static bool shipped_before_placed(const struct builder *b, moment_t shipped)
{
    moment_t placed = b->order->placed_at;

    return shipped != MOMENT_NONE && placed != MOMENT_NONE && moment_day(shipped) < moment_day(placed);
}

/* What the scans say. */
static void build_journey(const struct builder *b, const struct case_shipment *shipment,
                          const struct journey *journey)
{
    set_day(b, FACT_SHIPMENT_DELIVERED_ON, delivered_at(journey));
    facts_set_word(b->facts, FACT_SHIPMENT_STATE, journey->state);
    set_time(b, FACT_SHIPMENT_STATE_SINCE, journey->since);
    if (journey->state != SHIPMENT_STATE_UNKNOWN)
        facts_set_flag(b->facts, FACT_SHIPMENT_MOVING,
                       parcel_on_its_way(b, shipment) &&
                           !(journey->state >= 0 && (state_traits[journey->state] & STOPPED)));
    if (journey->delivered)
        build_place(b, journey->delivered);
    build_customs_held(b, shipment, journey);
}

static void build_state(const struct builder *b, const struct case_shipment *shipment)
{
    struct journey journey = journey_of(b, shipment);
    moment_t shipped = shipment->shipped_at <= b->as_of ? shipment->shipped_at : MOMENT_NONE;
    moment_t scanned = shipment->event_count ? shipment->events[shipment->event_count - 1].at : shipped;
    bool early = shipped_before_placed(b, shipment->shipped_at);
    bool contradicts = journey_contradicts(b, shipment, &journey);
    bool unsent = b->order->status == ORDER_STATUS_PAID || b->order->status == ORDER_STATUS_PACKED;

    if (early || contradicts || (journey.delivered && unsent))
        set_conflict(b);
    if (!contradicts)
        build_journey(b, shipment, &journey);
    if (!early && (!contradicts || journey.conflicting)) {
        set_day(b, FACT_SHIPMENT_SHIPPED_ON, shipped);
        if (shipped != MOMENT_NONE)
            facts_set_number(b->facts, FACT_SHIPMENT_DAYS_IN_TRANSIT, b->today - moment_day(shipped));
    }
    if (journey.abroad || (journey.at_origin && journey.only_origin))
        facts_set_flag(b->facts, FACT_SHIPMENT_EXPORTED, journey.abroad);
    if (scanned != MOMENT_NONE)
        facts_set_number(b->facts, FACT_SHIPMENT_SCAN_AGE_DAYS, max_int(0, b->today - moment_day(scanned)));
}

/* The amount as it is on record, beside its own currency, and the same in the order's, for comparing and
 * reckoning. */
static void set_recorded(const struct builder *b, enum fact fact, enum fact in_order_currency,
                         const struct money *money)
{
    if (money->currency[0] == '\0')
        return;
    facts_set_text(b->facts, (enum fact)facts_info[fact].currency, money->currency);
    set_amount(b, fact, money->minor);
    if (money->minor >= 0)
        set_money(b, in_order_currency, order_money(b, money));
}

/* The order's other parcels that are not here though they were promised. */
static void build_others(const struct builder *b, const struct case_shipment *told)
{
    int late = 0;

    for (int i = 0; i < b->order->shipment_count; i++) {
        const struct case_shipment *shipment = &b->order->shipments[i];
        struct journey journey = journey_of(b, shipment);

        late += shipment != told && shipment->promised_by != MOMENT_NONE &&
                moment_day(shipment->promised_by) < b->today &&
                !(journey.state >= 0 && (state_traits[journey.state] & TERMINAL));
    }
    facts_set_number(b->facts, FACT_SHIPMENT_OTHERS_LATE, late);
}

void build_parcel(const struct builder *b, const struct case_shipment *shipment)
{
    enum tristate tracked = shipment->tracked;

    /* Scans are tracking. */
    if (tracked == TRI_UNKNOWN && shipment->event_count > 0)
        tracked = TRI_TRUE;
    set_flag(b, FACT_SHIPMENT_TRACKED, tracked);
    facts_set_text(b->facts, FACT_SHIPMENT_NUMBER, tracked == TRI_FALSE ? NULL : shipment->tracking_number);
    facts_set_text(b->facts, FACT_SHIPMENT_CARRIER, shipment->carrier);
    facts_set_word(b->facts, FACT_SHIPMENT_CARRIER_KIND, shipment->carrier_kind);
    if (facts_flag(b->facts, FACT_REPLY_LINKS))
        facts_set_text(b->facts, FACT_SHIPMENT_CARRIER_PHONE, shipment->carrier_phone);
    facts_set_text(b->facts, FACT_SHIPMENT_SERVICE, shipment->service);
    if (tracked != TRI_FALSE)
        build_tracking_page(b, shipment->tracking_url);
    build_promise(b, shipment);
    build_state(b, shipment);
    build_events(b, shipment);
    build_others(b, shipment);
    if (shipment->weight_g >= 0)
        facts_set_number(b->facts, FACT_SHIPMENT_WEIGHT_G, (double)shipment->weight_g);
    if (shipment->expected_weight_g >= 0)
        facts_set_number(b->facts, FACT_SHIPMENT_EXPECTED_WEIGHT_G, (double)shipment->expected_weight_g);
    set_day_of_order(b, FACT_SHIPMENT_CLAIM_BY, shipment->claim_by);
    set_recorded(b, FACT_SHIPMENT_RETURN_COST, FACT_SHIPMENT_RETURN_COST_IN_ORDER_CURRENCY,
                 &shipment->return_cost);
    set_flag(b, FACT_SHIPMENT_FREE_RETURN, shipment->free_return);
    facts_set_text(b->facts, FACT_SHIPMENT_SIGNED_BY, shipment->signed_by);
    facts_set_text(b->facts, FACT_SHIPMENT_PICKUP_POINT, shipment->pickup_point);
    set_day_of_order(b, FACT_SHIPMENT_PICKUP_BY, shipment->pickup_by);
    facts_set_word(b->facts, FACT_SHIPMENT_CUSTOMS_REASON, shipment->customs_reason);
    facts_set_word(b->facts, FACT_SHIPMENT_CUSTOMS_PARTY, shipment->customs_party);
    facts_set_text(b->facts, FACT_SHIPMENT_CUSTOMS_DOCUMENT, shipment->customs_document);
    set_recorded(b, FACT_SHIPMENT_CUSTOMS_DUTY, FACT_SHIPMENT_CUSTOMS_DUTY_IN_ORDER_CURRENCY,
                 &shipment->customs_duty);
    facts_set_text(b->facts, FACT_SHIPMENT_CUSTOMS_PAY_TO, shipment->customs_pay_to);
    set_day_of_order(b, FACT_SHIPMENT_CUSTOMS_ACT_BY, shipment->customs_act_by);
    facts_set_word(b->facts, FACT_SHIPMENT_RETURN_REASON, shipment->return_reason);
    facts_set_word(b->facts, FACT_SHIPMENT_RETURN_CAUSE, shipment->return_cause);
}

/* ---- what is in it ---- */

static const struct case_item *item_of(const struct builder *b, const char *sku)
{
    for (int i = 0; sku && i < b->order->item_count; i++) {
        if (b->order->items[i].sku && strcmp(b->order->items[i].sku, sku) == 0)
            return &b->order->items[i];
    }
    return NULL;
}

static const struct case_product *product_of(const struct builder *b, const char *sku)
{
    for (int i = 0; sku && i < b->rows->product_count; i++) {
        if (strcmp(b->rows->products[i].sku, sku) == 0)
            return &b->rows->products[i];
    }
    return NULL;
}

/* "2 x Blue Dress, 1 x Hat"; NULL: not on record. What has no name of its own goes by its number. */
static const char *contents_of(const struct builder *b, const struct case_shipment *shipment)
{
    const char *text = NULL;

    for (int i = 0; i < shipment->content_count; i++) {
        const struct case_content *content = &shipment->contents[i];
        const struct case_item *item = item_of(b, content->sku);
        const struct case_product *product = product_of(b, content->sku);
        const char *name = item && item->name         ? item->name
                           : product && product->name ? product->name
                                                      : content->sku;

        if (name && content->quantity > 0)
            text = arena_printf(b->facts->arena, "%s%s%lld x %s", text ? text : "", text ? ", " : "",
                                (long long)content->quantity, name);
    }
    return text;
}

/* By the products in it, without its packing; -1: unknown. Of an only parcel without a list it is all of the
 * order. */
static double goods_weight(const struct builder *b, const struct case_shipment *shipment)
{
    bool listed = shipment->content_count > 0;
    int count = listed ? shipment->content_count : b->order->shipment_count == 1 ? b->order->item_count : 0;
    double weight = 0;

    for (int i = 0; i < count; i++) {
        const char *sku = listed ? shipment->contents[i].sku : b->order->items[i].sku;
        int64_t quantity = listed ? shipment->contents[i].quantity : b->order->items[i].quantity;
        const struct case_product *product = product_of(b, sku);

        if (!product || product->weight_g <= 0 || quantity < 1)
            return -1;
        weight += product->weight_g * (double)quantity;
    }
    return count > 0 ? weight : -1;
}

/* Weighed at dispatch, against what it should weigh. By its goods alone it may be heavier: packing weighs
 * too. */
static void build_weight(const struct builder *b, const struct case_shipment *shipment)
{
    bool packed = shipment->expected_weight_g > 0;
    double expected = packed ? (double)shipment->expected_weight_g : goods_weight(b, shipment);
    double less = expected - (double)shipment->weight_g, tolerance = fmax(0.05 * expected, 20);

    if (shipment->weight_g <= 0 || expected <= 0)
        return;
    facts_set_flag(b->facts, FACT_SHIPMENT_UNDERWEIGHT, less > tolerance);
    facts_set_flag(b->facts, FACT_SHIPMENT_WEIGHT_RIGHT,
                   less <= tolerance && (!packed || -less <= tolerance));
}

/* Does the scan say that customs have looked into it? "Inspected" alone may be the carrier's. */
static bool says_inspected(const char *text)
{
    static const char *const customs[] = {"customs", "海关"};
    static const char *const looked[] = {"inspected", "opened", "inspection", "examined", "查验", "开箱"};
    static const char *const not_yet[] = {"pending", "await",          "waiting", "will be",
                                          "to be ",  "for inspection", "not ",    "without",
                                          "no ",     "unopened",       "待"};
    bool by_customs = false, opened = false;

    for (size_t i = 0; text && i < sizeof(customs) / sizeof(*customs); i++)
        by_customs |= strcasestr(text, customs[i]) != NULL;
    for (size_t i = 0; text && i < sizeof(looked) / sizeof(*looked); i++)
        opened |= strcasestr(text, looked[i]) != NULL;
    for (size_t i = 0; text && i < sizeof(not_yet) / sizeof(*not_yet); i++)
        opened &= strcasestr(text, not_yet[i]) == NULL;
    return by_customs && opened;
}

static void build_inspected(const struct builder *b, const struct case_shipment *shipment)
{
    bool inspected = shipment->customs_reason == CUSTOMS_REASON_INSPECTION;

    for (int i = 0; i < shipment->event_count; i++)
        inspected |= says_inspected(shipment->events[i].text);
    if (inspected || shipment->event_count > 0)
        facts_set_flag(b->facts, FACT_SHIPMENT_INSPECTED, inspected);
}

/* The same as for the parcel that is told: only web addresses. */
static const char *safe_url(const char *url)
{
    if (!url || strcspn(url, " \t\r\n<>\"'`\\") < strlen(url))
        return NULL;
    return strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "http://", 7) == 0 ? url : NULL;
}

static void set_parcel(const struct builder *b, const struct case_shipment *shipment,
                       const struct journey *journey, struct value *field)
{
    bool tracked = shipment->tracked != TRI_FALSE;
    moment_t delivered = delivered_at(journey);

    if (tracked)
        field[FIELD_PARCELS_NUMBER] = text_value(shipment->tracking_number);
    field[FIELD_PARCELS_CARRIER] = text_value(shipment->carrier);
    if (journey->state >= 0 && !journey->conflicting)
        field[FIELD_PARCELS_STATE] = value_string(words_shipment_state[journey->state]);
    if (shipment->shipped_at != MOMENT_NONE && shipment->shipped_at <= b->as_of)
        field[FIELD_PARCELS_SHIPPED_ON] = value_number(moment_day(shipment->shipped_at));
    if (shipment->promised_by != MOMENT_NONE)
        field[FIELD_PARCELS_PROMISED_BY] = value_number(moment_day(shipment->promised_by));
    if (delivered != MOMENT_NONE && !journey->conflicting)
        field[FIELD_PARCELS_DELIVERED_ON] = value_number(moment_day(delivered));
    field[FIELD_PARCELS_CONTENTS] = text_value(contents_of(b, shipment));
    if (tracked && facts_flag(b->facts, FACT_REPLY_LINKS))
        field[FIELD_PARCELS_TRACKING_URL] = text_value(safe_url(shipment->tracking_url));
}

void build_parcels(const struct builder *b, const struct case_shipment *told)
{
    struct value *field = facts_set_list(b->facts, FACT_PARCELS, b->order->shipment_count);
    int undelivered = 0;

    for (int i = 0; i < b->order->shipment_count; i++, field += facts_info[FACT_PARCELS].field_count) {
        const struct case_shipment *shipment = &b->order->shipments[i];
        struct journey journey = journey_of(b, shipment);

        set_parcel(b, shipment, &journey, field);
        undelivered += parcel_on_its_way(b, shipment) && delivered_at(&journey) == MOMENT_NONE;
    }
    facts_set_number(b->facts, FACT_SHIPMENT_UNDELIVERED, undelivered);
    facts_set_text(b->facts, FACT_SHIPMENT_CONTENTS, contents_of(b, told));
    build_weight(b, told);
    build_inspected(b, told);
}
