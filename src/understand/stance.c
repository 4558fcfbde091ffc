/* Every word that cancels or refunds is heard in its sentence: what stands before it back to a comma may deny
 * it ("I don't want to cancel"), take it back ("ignore my cancellation"), make it hang on something ("if it
 * is late I cancel") or ask about it
 * ("how do I cancel?"). What is demanded somewhere counts more than what is asked or threatened elsewhere; a
 * denial counts more than a demand before it, and beside a demand behind it nothing is sure. */
#include "stance.h"

#define SENTENCE_WORDS 60 /* what stands farther off says nothing of a word */
#define MENTIONS 40       /* of one text; a page of such words is not read for each of them */

enum heard { HEARD_NOTHING, HEARD_DEMAND, HEARD_QUESTION, HEARD_THREAT, HEARD_REFUSAL };

struct ear {
    const struct word *words;
    size_t count;
};

/* Nothing said: words that are on no list. */
static const struct word *at(const struct ear *ear, size_t i)
{
    static const struct word none = {.s = "", .lists = word_on_no_list, .ends_sentence = true};

    return i < ear->count ? &ear->words[i] : &none;
}

/* A sentence or a part of one ends behind the word. */
static bool clause_ends(const struct ear *ear, size_t i)
{
    const struct word *word = at(ear, i), *next = at(ear, i + 1);

    if (word->ends_sentence || i + 1 >= ear->count || word_is(next, "but"))
        return true;
    for (const char *s = word->s + word->len; s < next->s; s++) {
        if (*s == ',' || *s == ':' || *s == ';' || *s == '(' || *s == ')' || (unsigned char)*s >= 0x80 ||
            (*s == '-' && s[-1] == ' '))
            return true;
    }
    return false;
}

/* May the search go on to the word before? */
static bool goes_back(const struct ear *ear, size_t i)
{
    return i > 0 && !clause_ends(ear, i - 1);
}

static size_t sentence_start(const struct ear *ear, size_t i)
{
    size_t first = i > SENTENCE_WORDS ? i - SENTENCE_WORDS : 0;

    while (i > first && !at(ear, i - 1)->ends_sentence)
        i--;
    return i;
}

static size_t sentence_end(const struct ear *ear, size_t i)
{
    size_t last = i + SENTENCE_WORDS;

    while (i < last && i + 1 < ear->count && !at(ear, i)->ends_sentence)
        i++;
    return i;
}

/* The first word of a list from one to before another, or `to`. */
static size_t find_listed(const struct ear *ear, size_t from, size_t to, const struct word_list *list)
{
    while (from < to && !word_listed(at(ear, from), list))
        from++;
    return from;
}

static bool has_listed(const struct ear *ear, size_t from, size_t to, const struct word_list *list)
{
    return find_listed(ear, from, to, list) < to;
}

static bool is_money(const struct ear *ear, size_t i)
{
    return word_is(at(ear, i), "money");
}

static bool is_refund(const struct ear *ear, size_t i)
{
    return is_money(ear, i) || at(ear, i)->lower[0] == 'r';
}

/* "cancelled", "refunded", "money returned" */
static bool is_participle(const struct ear *ear, size_t i)
{
    const struct word *word = at(ear, i);

    return word->lower_len > 2 && strcmp(word->lower + word->lower_len - 2, "ed") == 0;
}

static bool is_mention(const struct ear *ear, size_t i)
{
    return word_on(at(ear, i), ON_UNDO) || is_money(ear, i);
}

/* Money is only money until it shall come back. */
static bool is_money_back(const struct ear *ear, size_t i)
{
    static const struct word_list back WORD_LIST = {" back return returned refunded "};

    return word_listed(at(ear, i + 1), &back) || word_listed(at(ear, i + 2), &back) ||
           (i > 0 && word_is(at(ear, i - 1), "back")) || (i > 1 && word_is(at(ear, i - 2), "back"));
}

/* --- denials ---- */

/* The word that denies the mention, or the count of words. "I don't want it, cancel" and "I don't want this
 * order cancel please" deny the goods. */
static size_t denial_of(const struct ear *ear, size_t i)
{
    for (size_t k = i; goes_back(ear, k) && k + 9 > i; k--) {
        const struct word *word = at(ear, k - 1);
        bool nor = word_listed(word, WORDS(" nor never neither "));

        if (word_on(word, ON_NOT)) {
            bool object = word_listed(at(ear, i + 1),
                                      WORDS(" it my me us the this order everything all please pls now "));
            bool who = has_listed(ear, k, i, WORDS(" i we you me us "));

            if (word_is(word, "no") && (who || (!is_refund(ear, i) && at(ear, i)->lower_len < 8 && object) ||
                                        (word_is(at(ear, i + 1), "me") || word_is(at(ear, i + 1), "my"))))
                return ear->count;
            return !nor && has_listed(ear, k, i, WORDS(" i ")) ? ear->count : k - 1;
        }
        if (!word_on(word, ON_LINK) ||
            (k < i && word_listed(word, WORDS(" it this them order its ")) && !is_participle(ear, i)))
            return ear->count;
    }
    return ear->count;
}

/* "You did not refund me", "it was not cancelled", "I have not received the refund": complaints, no denials.
 */
static bool is_complaint(const struct ear *ear, size_t denial, size_t i)
{
    static const struct word_list never_came WORD_LIST = {" received receive got gotten been see seen "};
    const struct word *word = at(ear, denial), *subject;
    size_t k = denial;
    bool wished =
        has_listed(ear, denial + 1, i,
                   WORDS(" want wanted need needs needed like wish ask asked asking request requested "));

    if (wished)
        return false;
    if (has_listed(ear, denial + 1, i, &never_came) ||
        (is_participle(ear, i) && has_listed(ear, denial + 1, i, WORDS(" yet "))) ||
        (is_refund(ear, i) && has_listed(ear, denial + 1, i, WORDS(" get getting have "))))
        return true;
    if (word_listed(word, WORDS(" cant cannot couldnt ")))
        return !has_listed(ear, denial + 1, i, WORDS(" accept agree ")) &&
               (is_refund(ear, i) || !(goes_back(ear, denial) && word_is(at(ear, denial - 1), "you")));
    while (goes_back(ear, k) &&
           word_listed(at(ear, k - 1),
                       WORDS(" do did does have has had will would was is are were can could still just ")))
        k--;
    subject = goes_back(ear, k) ? at(ear, k - 1) : at(ear, ear->count);
    if (word_is(subject, "you") && word_listed(at(ear, denial + 1), WORDS(" to ")))
        return false;
    if (word_is(subject, "you"))
        return !(
            k > 1 && goes_back(ear, k - 1) &&
            word_listed(at(ear, k - 2),
                        WORDS(" hope sure that please ask asked want need told tell beg trust and so ")));
    return is_participle(ear, i) &&
           word_listed(subject, WORDS(" it order they refund parcel nobody was is been has "));
}

/* "Why don't you just refund me", "why not cancel it" */
static bool is_rhetorical(const struct ear *ear, size_t denial, size_t i)
{
    return has_listed(ear, sentence_start(ear, i), denial, WORDS(" why ")) &&
           (word_is(at(ear, denial), "not") || has_listed(ear, denial, i, WORDS(" you ")) ||
            has_listed(ear, denial - 1, denial, WORDS(" you ")));
}

static enum heard hear_denial(const struct ear *ear, size_t denial, size_t i)
{
    if (denial > 0 && is_rhetorical(ear, denial, i))
        return is_participle(ear, i) ? HEARD_NOTHING : HEARD_DEMAND;
    return is_complaint(ear, denial, i) ? HEARD_NOTHING : HEARD_REFUSAL;
}

/* "Ignore my cancellation", "instead of a refund", "changed my mind about cancelling"; not "don't ignore my
 * refund". */
static bool is_taken_back(const struct ear *ear, size_t i)
{
    static const struct word_list undoing WORD_LIST = {
        " undo stop revoke withdraw reverse ignore disregard forget retract annul "
        "instead than against "};
    size_t k = i;

    while (goes_back(ear, k) && i - k < 6) {
        const struct word *word = at(ear, --k);
        bool mind =
            word_listed(word, WORDS(" about on ")) && k > 0 && word_listed(at(ear, k - 1), WORDS(" mind "));
        bool taking =
            word_is(word, "back") && k > 0 && word_listed(at(ear, k - 1), WORDS(" take took taking "));

        if (word_listed(word, &undoing) || mind || taking)
            return !(k > 0 && word_on(at(ear, k - 1), ON_NOT));
        if (!word_on(word, ON_LINK) && !word_listed(word, WORDS(" about of previous last earlier ")))
            return false;
    }
    return false;
}

/* "A refund is not what I need", "cancellation not wanted" */
static bool is_denied_behind(const struct ear *ear, size_t i)
{
    static const struct word_list unwanted WORD_LIST = {
        " needed necessary required want wanted wanting what help helps asked mine solution "
        "option intended meant "};

    for (size_t k = i; !clause_ends(ear, k) && k < i + 4; k++) {
        if (word_listed(at(ear, k + 1), WORDS(" not isnt wasnt doesnt wont no ")))
            return has_listed(ear, k + 2, k + 5, &unwanted) && !has_listed(ear, k + 2, k + 5, WORDS(" you "));
    }
    return false;
}

/* "I cancelled by mistake", "I pressed cancel by accident"; "I ordered it by mistake, cancel it" is a wish.
 */
static bool is_mistake(const struct ear *ear, size_t i)
{
    static const struct word_list mistakes WORD_LIST = {
        " mistake accident accidentally accidently accidental mistakenly unintentionally wrongly "
        "inadvertently error oops "};
    static const struct word_list done WORD_LIST = {
        " pressed clicked hit pushed tapped requested asked sent submitted chose selected touched "};
    static const struct word_list bought WORD_LIST = {
        " ordered bought purchased placed paid purchase ordering bought ordred oredered "};
    size_t from = i > 4 ? i - 4 : 0, near = i > SENTENCE_WORDS ? i - SENTENCE_WORDS : 0;
    bool past =
        (at(ear, i)->lower[0] == 'c' && strlen(at(ear, i)->lower) > 6) || has_listed(ear, from, i, &done);

    return past && has_listed(ear, near, i + SENTENCE_WORDS, &mistakes) &&
           !has_listed(ear, near, i + SENTENCE_WORDS, &bought);
}

/* "Why did you cancel it?", "my order was cancelled": told, not asked for. */
static bool is_past(const struct ear *ear, size_t i)
{
    size_t from = sentence_start(ear, i);

    if (is_refund(ear, i) ||
        has_listed(ear, from, i, WORDS(" want need like please wish prefer should must ")))
        return false;
    return has_listed(ear, from, i, WORDS(" did ")) ||
           (is_participle(ear, i) &&
            has_listed(ear, i > 3 ? i - 3 : 0, i, WORDS(" you was got were who has have is already ")));
}

/* --- conditions and questions ---- */

static bool has_time(const struct ear *ear, size_t from, size_t to)
{
    for (; from < to; from++) {
        if (word_on(at(ear, from), ON_WEEKDAY | ON_NEAR_DAY | ON_UNTIL | ON_SPAN | ON_MONTH) ||
            word_listed(at(ear, from), WORDS(" within soon weekend ")))
            return true;
    }
    return false;
}

/* "if possible", "if you can", "if it has not left yet", "if it is still with you": what the rules look at
 * themselves. */
static bool is_polite(const struct ear *ear, size_t condition, size_t i)
{
    size_t end = condition;
    bool negated, left;

    if (condition > 0 && word_listed(at(ear, condition - 1), WORDS(" know me see check wonder ask us ")))
        return false; /* "tell me if I can cancel" */

    while (end < ear->count && !clause_ends(ear, end) && end < condition + 12 && !is_mention(ear, end + 1))
        end++;
    end++;
    if (has_listed(ear, condition + 1, condition + 6, WORDS(" possible ok okay allowed fine permitted ")))
        return true;
    if (word_is(at(ear, condition + 1), "you") &&
        word_listed(at(ear, condition + 2), WORDS(" can could may please would dont will ")))
        return !word_is(at(ear, condition + 2), "dont") || word_is(at(ear, condition + 3), "mind");
    if (i < condition && word_is(at(ear, condition + 1), "i") &&
        word_listed(at(ear, condition + 2), WORDS(" may could can ")))
        return true;
    negated = has_listed(ear, condition + 1, end, WORDS(" not hasnt havent isnt didnt wasnt still "));
    left = has_listed(
        ear, condition + 1, end,
        WORDS(" shipped sent dispatched left gone posted out yet shipping processed warehouse you still "));
    return negated && left && !has_time(ear, condition, end) &&
           !has_listed(ear, condition + 1, end, WORDS(" if you dont "));
}

/* "or refund me": one of two ways; not "cancel or refund". */
static bool is_alternative(const struct ear *ear, size_t i)
{
    size_t k = i;

    while (k > 0 && !at(ear, k - 1)->ends_sentence && i - k < 7) {
        k--;
        if (word_is(at(ear, k), "or"))
            return k > 0 && !is_mention(ear, k - 1) && !word_is(at(ear, k + 1), "not");
        if (!word_on(at(ear, k), ON_LINK) && !word_on(at(ear, k), ON_WISH) &&
            !word_listed(at(ear, k), WORDS(" else ill will shall send back ")))
            return false;
    }
    return false;
}

static bool is_question(const struct ear *ear, size_t i)
{
    size_t from = sentence_start(ear, i), how = find_listed(ear, from, i, WORDS(" how "));
    const struct word *first = at(ear, from), *second = at(ear, from + 1);

    if (how < i && !word_is(at(ear, how + 1), "about"))
        return true;
    if (word_listed(
            at(ear, i + 1),
            WORDS(
                " policy policies fee fees terms conditions rules option button process procedure period ")))
        return true;
    for (size_t k = from; k + 1 < i; k++) {
        if ((word_listed(at(ear, k), WORDS(" should shall do must will ")) && word_is(at(ear, k + 1), "i")) ||
            (word_is(at(ear, k), "what") &&
             word_listed(at(ear, k + 1), WORDS(" if happens happen would "))) ||
            (word_listed(at(ear, k), WORDS(" wonder wondering curious ")) && k < i))
            return true;
    }
    if (word_is(first, "so") || word_is(first, "and") || word_is(first, "hello") || word_is(first, "hi"))
        first = second, second = at(ear, from + 2);
    for (size_t k = from; k < i; k++) {
        if (clause_ends(ear, k))
            return false;
    }
    return from < i &&
           word_listed(first, WORDS(" do does is are did have has was were when what where which who ")) &&
           !word_listed(second, WORDS(" not it ")) &&
           !has_listed(ear, from, i, WORDS(" possible way chance me able "));
}

static enum heard hear_condition(const struct ear *ear, size_t i)
{
    size_t from = sentence_start(ear, i), to = sentence_end(ear, i) + 1;
    size_t condition = find_listed(ear, from, to, WORDS(" if unless whether otherwise incase "));

    if (has_listed(ear, from, i, WORDS(" whether ")))
        return HEARD_QUESTION;
    if (condition < to && word_listed(at(ear, condition), WORDS(" otherwise unless ")))
        return HEARD_THREAT;
    if (condition < to && condition > from && word_listed(at(ear, condition - 1), WORDS(" as even or ")))
        condition = to;
    if (condition < to && !is_polite(ear, condition, i)) {
        bool inside = condition < i;

        for (size_t k = condition; k < i; k++)
            inside &= !clause_ends(ear, k) &&
                      !word_listed(at(ear, k), WORDS(" then please pls will ill id just so "));
        if (inside && denial_of(ear, i) < ear->count)
            return HEARD_NOTHING; /* "if you don't refund me" is a demand with a threat */
        return inside || is_question(ear, i) ? HEARD_QUESTION : HEARD_THREAT;
    }
    if (has_listed(ear, i > 4 ? i - 4 : 0, i, WORDS(" before ")) &&
        has_listed(ear, i > 3 ? i - 3 : 0, i, WORDS(" i we you ")))
        return HEARD_THREAT;
    if (has_listed(ear, i > 6 && i - 6 > from ? i - 6 : from, i,
                   WORDS(" thinking considering consider think might perhaps maybe tempted threaten ")) ||
        (i > 1 && has_listed(ear, from + 1, i, WORDS(" may ")) &&
         word_is(at(ear, find_listed(ear, from + 1, i, WORDS(" may ")) - 1), "i")))
        return HEARD_THREAT;
    return is_alternative(ear, i) ? HEARD_THREAT : HEARD_NOTHING;
}

/* --- demands ---- */

/* "please cancel", "I want a refund": the wish stands right before, or nothing does. */
static bool is_demand(const struct ear *ear, size_t i)
{
    size_t k = i;
    const struct word *next = at(ear, i + 1);

    if (is_money(ear, i) && !is_money_back(ear, i))
        return false;
    if (!clause_ends(ear, i) && word_listed(next, WORDS(" email mail request requests ")))
        return false;
    while (goes_back(ear, k)) {
        const struct word *word = at(ear, --k);

        if (word_on(word, ON_WISH) || word_is(word, "want"))
            return true;
        if (!word_on(word, ON_LINK))
            return false;
    }
    return !is_participle(ear, i) && !has_listed(ear, k, i, WORDS(" my the your a any this its "));
}

static enum heard hear(const struct ear *ear, size_t i)
{
    size_t denial = denial_of(ear, i);
    enum heard heard = hear_condition(ear, i);

    if (is_taken_back(ear, i) || is_denied_behind(ear, i) || is_mistake(ear, i))
        return HEARD_REFUSAL;
    if (heard != HEARD_NOTHING)
        return denial < ear->count && hear_denial(ear, denial, i) == HEARD_REFUSAL ? HEARD_REFUSAL : heard;
    if (denial < ear->count && (is_money_back(ear, i) || !is_money(ear, i) ||
                                has_listed(ear, denial, i, WORDS(" want need wanted "))))
        return hear_denial(ear, denial, i);
    if (is_money(ear, i) && !is_money_back(ear, i))
        return HEARD_NOTHING;
    if (is_past(ear, i))
        return HEARD_THREAT;
    if (is_question(ear, i))
        return HEARD_QUESTION;
    return is_demand(ear, i) ? HEARD_DEMAND : HEARD_NOTHING;
}

/* --- what he wants instead ---- */

static const struct word_list rests WORD_LIST = {" rest other others remaining remainder "};
static const struct word_list wholes WORD_LIST = {
    " order orders whole entire purchase payment refund amount money price transaction it "};

/* "keep my order", "I still want it" */
static bool keeps(const struct ear *ear, size_t i)
{
    const struct word *word = at(ear, i), *next = at(ear, i + 1), *behind = at(ear, i + 2);
    size_t from = i > 4 ? i - 4 : 0;
    bool denied = false;

    if (!word_is(word, "keep") && !word_is(word, "still"))
        return false;
    for (size_t k = i; goes_back(ear, k) && k > from; k--)
        denied |= word_on(at(ear, k - 1), ON_NOT) ||
                  word_listed(at(ear, k - 1), WORDS(" love loved wished hoped wanted you why "));
    for (size_t k = i; k < i + 4; k++)
        denied |= word_is(at(ear, k), "but");
    if (denied || word->ends_sentence)
        return false;
    if (word_is(word, "keep"))
        return (word_is(next, "order") ||
                (word_listed(next, WORDS(" my the this our ")) &&
                 word_listed(behind, WORDS(" order purchase "))) ||
                (word_listed(next, WORDS(" it them everything ")) && i > 0 &&
                 word_listed(at(ear, i - 1), WORDS(" please will ill to id like want "))));
    if (!word_is(word, "still") || !word_listed(next, WORDS(" want need ")))
        return false;
    for (size_t k = i + 2; k < i + 8 && k < ear->count; k++) {
        if (is_mention(ear, k) || word_listed(at(ear, k), WORDS(" refunded return ")))
            return false;
        if (clause_ends(ear, k))
            break;
    }
    return word_listed(behind, WORDS(" it them my the this to these those "));
}

/* "cancel only one", "cancel the blue one", "a partial refund" */
static bool is_of_a_part(const struct ear *ear, size_t i)
{
    size_t from = i > 2 ? i - 2 : 0;

    if (goes_back(ear, i) && has_listed(ear, from, i, WORDS(" partial half part partially partly ")))
        return true;
    for (size_t k = i + 1; k <= i + 5 && k < ear->count && !at(ear, k - 1)->ends_sentence; k++) {
        const struct word *word = at(ear, k), *next = at(ear, k + 1), *behind = at(ear, k + 2);
        bool only = word_listed(word, WORDS(" only just "));

        if (word_listed(word, WORDS(" half part one ")) &&
            !(word_is(word, "one") && word_listed(next, WORDS(" order day time "))))
            return !(k > 1 && word_listed(at(ear, k - 1), WORDS(" this another ")));
        if (word_is(word, "1") && word_listed(next, WORDS(" of item piece pair dress ")))
            return true;
        if (only && word_listed(next, WORDS(" the my this that one half ")) && !word_listed(behind, &wholes))
            return true;
        if (word_listed(word, WORDS(" the that ")) && word_listed(behind, WORDS(" one ones item ")) &&
            !word_listed(next, &wholes))
            return true;
        if (word_listed(word, WORDS(" other second rest remaining ")) &&
            !word_listed(next, WORDS(" day week time order ")))
            return true;
    }
    return false;
}

/* "keep the other", "send the rest", "keep the red one" */
static bool keeps_a_part(const struct ear *ear, size_t i)
{
    const struct word *word = at(ear, i);
    size_t k = i + 1;

    if (!word_listed(word, WORDS(" keep keeping send ship deliver want leave need ")) || clause_ends(ear, i))
        return false;
    while (k < i + 3 && word_listed(at(ear, k), WORDS(" me just only still ")))
        k++;
    if (!word_listed(at(ear, k), WORDS(" the my that one all ")))
        return false;
    k++;
    if (word_listed(at(ear, k), &rests))
        return !word_listed(at(ear, k + 1), WORDS(" day week time address "));
    return word_listed(word, WORDS(" keep keeping ")) && !word_listed(at(ear, k), &wholes) &&
           !at(ear, k - 1)->ends_sentence;
}

/* "resend it", "send me a new one", "I want a replacement" */
static bool is_reship(const struct ear *ear, size_t i)
{
    const struct word *word = at(ear, i);
    bool again = word_listed(word, WORDS(" resend re-send reship re-ship resent resending reshipping "));
    size_t k = i;

    if (word_listed(word, WORDS(" send ship sent dispatch ")) && !clause_ends(ear, i)) {
        size_t end = i + 1;

        while (end < i + 6 && !clause_ends(ear, end - 1) &&
               !word_listed(at(ear, end), WORDS(" new another again replacement ")))
            end++;
        again =
            end < i + 6 && !clause_ends(ear, end - 1) &&
            !has_listed(
                ear, i, end + 3,
                WORDS(" label invoice link code mail email message number address date proof picture photo "
                      "money refund back return "));
        again &=
            !word_is(word, "sent") || has_listed(ear, i > 3 ? i - 3 : 0, i, WORDS(" want be like need "));
    }
    if (word_listed(word, WORDS(" replacement reshipment ")) ||
        (word_is(word, "new") && word_listed(at(ear, i + 1), WORDS(" parcel package one "))))
        again |=
            has_listed(ear, i > 4 ? i - 4 : 0, i, WORDS(" want need prefer like get have request demand ")) ||
            word_listed(at(ear, i + 1), WORDS(" please pls "));
    if (!again)
        return false;
    while (goes_back(ear, k) && i - k < 6) {
        if (word_on(at(ear, --k), ON_NOT) || word_listed(at(ear, k), WORDS(" you did have already ")))
            return word_listed(at(ear, k), WORDS(" you ")) && k > 0 &&
                   word_listed(at(ear, k - 1), WORDS(" can could would will want please "));
    }
    return !has_listed(ear, sentence_start(ear, i), i, WORDS(" if unless how when or "));
}

/* "Don't change the address" */
static bool keeps_address(const struct ear *ear, size_t i)
{
    size_t from = i > 6 ? i - 6 : 0;

    if (!word_listed(at(ear, i), WORDS(" address adress addres addess ")))
        return false;
    for (size_t k = i; goes_back(ear, k) && k > from; k--) {
        if (word_listed(at(ear, k - 1), WORDS(" change changing update alter ")))
            return k > 1 &&
                   word_listed(at(ear, k - 2), WORDS(" not dont donot never without needn neednt to ")) &&
                   (!word_is(at(ear, k - 2), "to") ||
                    (k > 3 && has_listed(ear, k > 5 ? k - 5 : 0, k - 2, WORDS(" not dont no ")) &&
                     !clause_ends(ear, k - 3)));
    }
    return false;
}

/* --- all of it ---- */

void stance_find(const struct word *words, size_t count, struct entities *found)
{
    struct ear ear = {.words = words, .count = count};
    size_t mentions = 0;
    size_t demand = 0, refusal = 0; /* one behind the last; 0: none */
    bool asked = false, threatened = false, part = false, undone = false;

    for (size_t i = 0; i < count; i++) {
        enum heard heard = HEARD_NOTHING;

        if (mentions < MENTIONS && is_mention(&ear, i)) {
            mentions++;
            heard = hear(&ear, i);
            undone |= word_on(&words[i], ON_UNDO);
            part |= word_on(&words[i], ON_UNDO) && is_of_a_part(&ear, i);
        } else if (keeps(&ear, i)) {
            heard = HEARD_REFUSAL;
        } else if (demand > 0 && (word_is(&words[i], "nevermind") ||
                                  (word_is(&words[i], "mind") && i > 0 && word_is(&words[i - 1], "never")))) {
            heard = HEARD_REFUSAL;
        }
        demand = heard == HEARD_DEMAND ? i + 1 : demand;
        refusal = heard == HEARD_REFUSAL ? i + 1 : refusal;
        asked |= heard == HEARD_QUESTION;
        threatened |= heard == HEARD_THREAT;
        found->keeps_address |= keeps_address(&ear, i);
        found->wants_reship |= is_reship(&ear, i);
    }
    for (size_t i = 0; undone && i < count; i++)
        part |= keeps_a_part(&ear, i);
    found->partial = part && (demand > 0 || undone);
    if (refusal > demand)
        found->stance = STANCE_REFUSES;
    else if (refusal > 0)
        found->stance = STANCE_ASKS;
    else if (demand > 0)
        found->stance = STANCE_DEMANDS;
    else if (threatened)
        found->stance = STANCE_REFUSES;
    else
        found->stance = asked ? STANCE_ASKS : STANCE_NONE;
}
