/* What the writer wants in plain words: his money, or not to wait. */
#include "scan.h"

/* Words in a row, * for one or two words between; "cant wait to" is joy. */
static const char *const impatience[] = {
    "wont wait",           "will not wait",        "not wait any",       "cant wait any",
    "cannot wait any",     "can not wait any",     "not waiting any",    "not waiting another",
    "wont be waiting",     "not wait another",     "wait no longer",     "no longer wait",
    "tired of waiting",    "sick of waiting",      "done waiting",       "not going to wait",
    "dont want to wait",   "do not want to wait",  "refuse to wait",     "waited long enough",
    "waited enough",       "not willing to wait",  "stop waiting",       "cant keep waiting",
    "cannot keep waiting", "not prepared to wait", "cant wait longer",   "cannot wait longer",
    "wont be patient",     "patience is over",     "unwilling to wait",  "cannot wait more",
    "cant wait more",      "not waiting longer",   "not waiting more",   "no more patience",
    "no patience left",    "lost my patience",     "losing patience",    "run out of patience",
    "out of patience",     "patience has run out", "patience has ended",
};

static bool words_are(const struct scan *scan, size_t i, const char *phrase)
{
    while (*phrase != '\0') {
        size_t len = strcspn(phrase, " ");
        const struct word *word = word_at(scan, i++);
        bool same = word->lower_len == len
                        ? strncmp(word->lower, phrase, len) == 0
                        : strcmp(phrase, "any") == 0 && strcmp(word->lower, "anymore") == 0;
        if (!same)
            return false;
        phrase += len + (phrase[len] == ' ');
    }
    return true;
}

void find_impatience(struct scan *scan)
{
    bool waits = false; /* most texts say neither word, and are done here */
    for (size_t i = 0; i < scan->count; i++)
        waits |= word_on(&scan->words[i], ON_WAIT) || word_is(&scan->words[i], "patience");
    for (size_t i = 0; waits && i < scan->count && !scan->found->wont_wait; i++) {
        for (size_t k = 0; k < sizeof(impatience) / sizeof(*impatience); k++)
            scan->found->wont_wait |= words_are(scan, i, impatience[k]);
    }
}

/* How the whole money is asked for beside something else; asking alone is the classifier's. */
static const char *const money_wishes[] = {
    "want my money back",
    "want the money back",
    "want back my money",
    "want my money now",
    "want my money returned",
    "want my money refunded",
    "want all my money",
    "want my refund",
    "want a refund",
    "want refund",
    "want a full refund",
    "want full refund",
    "want the refund",
    "want to be refunded",
    "want to get my money",
    "want to have my money",
    "want you to refund me",
    "need my money back",
    "need a refund",
    "need the refund",
    "need a full refund",
    "like my money back",
    "like a refund",
    "like a full refund",
    "like to be refunded",
    "like to get my money",
    "like to have my money",
    "prefer a refund",
    "prefer my money back",
    "prefer the refund",
    "rather have my money",
    "rather have a refund",
    "demand my money",
    "demand a refund",
    "demand a full refund",
    "request a refund",
    "request a full refund",
    "ask for a refund",
    "asking for a refund",
    "asking for my money",
    "expect a full refund",
    "expect a refund",
    "insist on a refund",
    "give me my money",
    "give my money back",
    "give me back my money",
    "give back my money",
    "give me a refund",
    "give me a full refund",
    "give me the money",
    "send me my money",
    "send my money back",
    "send back my money",
    "return my money",
    "return me my money",
    "return the money",
    "have my money back",
    "get my money back please",
    "can i get my money back",
    "can i get a refund",
    "can i have a refund",
    "could i get a refund",
    "could i have a refund",
    "may i have a refund",
    "can you refund me",
    "could you refund me",
    "would you refund me",
    "can you refund my",
    "could you refund my",
    "refund me",
    "refund me my money",
    "refund me the money",
    "refund my money",
    "refund my order",
    "refund the order",
    "refund this order",
    "refund the money",
    "refund please",
    "refund pls",
    "refund plz",
    "refund now",
    "reimburse me",
    "pay me back",
    "money back please",
    "money back pls",
    "money back now",
    "where is my money",
    "wheres my money",
    "wheres the money",
    "where is the money",
};

/* What makes it a refusal, a threat with a choice, or somebody's question; and what asks for a part only. */
static const char *const refused[] = {"not", "dont", "didnt", "doesnt", "wont", "cannot", "cant", "or"};
static const char *const asked[] = {"you", "youll", "to", "will", "would", "until", "when", "how", "before"};
static const char *const no_wish_behind[] = {"for", "of", "guarantee", "or"};
static const char *const part_behind_me[] = {"half", "part", "some", "the", "my"};
static const char *const politely[] = {"like", "prefer", "rather"}; /* behind "would" */
static const char *const conditions[] = {"if", "unless", "otherwise", "whether"};

static bool is_one_of(const struct word *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (word_is(word, words[i]))
            return true;
    }
    return false;
}

#define IS_ONE_OF(word, words) is_one_of(word, words, sizeof(words) / sizeof(*(words)))

#define NEAR 25 /* words: no sentence is read farther for a condition, however long it is */

/* The condition in the sentence of a word, or the count of words: "if possible" is none. */
static size_t condition_beside(const struct scan *scan, size_t i)
{
    size_t from = i, to = i + NEAR < scan->count ? i + NEAR : scan->count;

    while (from > 0 && i - from < NEAR && !scan->words[from - 1].ends_sentence)
        from--;
    for (; from < to; from++) {
        if (IS_ONE_OF(&scan->words[from], conditions) && !word_is(word_at(scan, from + 1), "possible"))
            return from;
        if (from >= i && scan->words[from].ends_sentence)
            break;
    }
    return scan->count;
}

/* The words from one to another stand in one sentence. */
static bool is_unbroken(const struct scan *scan, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (scan->words[i].ends_sentence)
            return false;
    }
    return true;
}

static size_t word_count(const char *phrase)
{
    size_t count = 1;

    for (; *phrase != '\0'; phrase++)
        count += *phrase == ' ';
    return count;
}

/* What a phrase says where it stands: nothing where it is somebody's question or of a part. "I want my money
 * back if it is lost" is no wish yet; "if you don't refund me" tells nothing. */
static void hear_money(const struct scan *scan, size_t i, size_t last)
{
    size_t condition = condition_beside(scan, i);
    const struct word *before = word_at(scan, i == 0 || ends_clause(scan, i - 1) ? scan->count : i - 1);

    if (condition < scan->count) {
        const struct word *who = word_at(scan, condition + 1);

        scan->found->refuses_money |= !word_is(who, "you") && !word_is(who, "i");
        return;
    }
    if (!ends_clause(scan, last) &&
        (IS_ONE_OF(word_at(scan, last + 1), no_wish_behind) ||
         (word_is(&scan->words[last], "me") && IS_ONE_OF(word_at(scan, last + 1), part_behind_me))))
        return;
    if (word_is(before, "i") && i > 1 && !scan->words[i - 2].ends_sentence &&
        word_is(&scan->words[i - 2], "or"))
        before = &scan->words[i - 2];
    if (word_is(before, "would") && IS_ONE_OF(&scan->words[i], politely))
        before = word_at(scan, scan->count);
    if (IS_ONE_OF(before, refused))
        scan->found->refuses_money = true;
    else if (!IS_ONE_OF(before, asked))
        scan->found->wants_money = true;
}

/* No wish begins farther before its word of money: the others need not be compared. */
static bool money_follows(const struct scan *scan, size_t i)
{
    for (size_t k = i; k < i + 5; k++) {
        if (word_on(word_at(scan, k), ON_MONEY))
            return true;
    }
    return false;
}

/* One plain wish counts more than what is refused beside it. */
void find_money_wish(struct scan *scan)
{
    for (size_t i = 0; i < scan->count && !scan->found->wants_money; i++) {
        size_t count = money_follows(scan, i) ? sizeof(money_wishes) / sizeof(*money_wishes) : 0;

        for (size_t k = 0; k < count; k++) {
            size_t last = i + word_count(money_wishes[k]) - 1;

            if (words_are(scan, i, money_wishes[k]) && is_unbroken(scan, i, last))
                hear_money(scan, i, last);
        }
    }
    if (scan->found->wants_money)
        scan->found->refuses_money = false;
}
