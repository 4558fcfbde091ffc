#include "replyd/mustache.h"

#include "replyd/json.h"
#include "replyd/logic.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MUSTACHE_MAX_DEPTH 50    /* of sections */
#define MUSTACHE_MAX_PARTIALS 20 /* one inside the other */
/* Sections over lists inside each other, and partials that name themselves twice, multiply: a render stops
 * after so many nodes, or when it has put out so much. */
#define MUSTACHE_MAX_STEPS 1000000
#define MUSTACHE_MAX_OUTPUT ((size_t)4 * 1024 * 1024)

/* ---- parsing ---- */

/* A run of bytes of the source. */
struct span {
    const char *at;
    size_t len;
};

struct parser {
    struct arena *arena;
    char *error;
    const char *start, *end; /* the source */
    const char *text;        /* what is before it has become nodes */
    int text_line;           /* of that place */
    const char *counted;     /* up to here `line` is right */
    int line;
    struct span opener, closer;                     /* the delimiters */
    struct mustache_node *open[MUSTACHE_MAX_DEPTH]; /* sections not closed yet */
    int depth;
    struct mustache_node *first, **tail; /* where the next node is linked */
};

/* One tag: where it stands and what it says. */
struct tag {
    const char *begin, *end; /* delimiters included */
    char sigil;              /* one of !#^/>=&{, 0 for a plain variable */
    struct span name;
    int line;
};

__attribute__((format(printf, 3, 4))) static int parse_fail(struct parser *p, int line, const char *format,
                                                            ...)
{
    va_list args;
    int len = snprintf(p->error, 200, "line %d: ", line);

    va_start(args, format);
    vsnprintf(p->error + len, 200 - (size_t)len, format, args);
    va_end(args);
    return -1;
}

static int span_shown(struct span span)
{
    return span.len < 60 ? (int)span.len : 60;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\n' || c == '\r';
}

static struct span span_trim(struct span span)
{
    while (span.len > 0 && is_space(span.at[0])) {
        span.at++;
        span.len--;
    }
    while (span.len > 0 && is_space(span.at[span.len - 1]))
        span.len--;
    return span;
}

/* The bytes before the first white space. */
static size_t span_word(struct span span)
{
    size_t len = 0;

    while (len < span.len && !is_space(span.at[len]))
        len++;
    return len;
}

static bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

static const char *span_find(const char *from, const char *end, struct span what)
{
    return memmem(from, (size_t)(end - from), what.at, what.len);
}

/* The line of `at`, which never goes back. */
static int parse_line(struct parser *p, const char *at)
{
    for (; p->counted < at; p->counted++)
        p->line += *p->counted == '\n';
    return p->line;
}

static struct mustache_node *add_node(struct parser *p, enum mustache_kind kind, struct span text, int line)
{
    struct mustache_node *node = arena_zalloc(p->arena, sizeof(*node));

    node->kind = kind;
    node->text = text.at;
    node->len = text.len;
    node->line = line;
    node->indent = "";
    node->slot = -1;
    *p->tail = node;
    p->tail = &node->next;
    return node;
}

/* Makes what lies before `until` a text node. */
static void add_text(struct parser *p, const char *until)
{
    struct span text = {p->text, (size_t)(until - p->text)};

    if (text.len > 0)
        add_node(p, MUSTACHE_TEXT, text, p->text_line);
}

/* Finds the tag's end. {{{x}}} and {{=x=}} end with their own sign before the delimiter. */
static const char *find_close(struct parser *p, const char *from, char sigil, const char **ret_end)
{
    char own = '\0';

    if (sigil == '{')
        own = '}';
    if (sigil == '=')
        own = '=';
    for (const char *at = from; (at = span_find(at, p->end, p->closer)); at++) {
        *ret_end = at + p->closer.len;
        if (!own)
            return at;
        /* of "}}}" the first brace is the tag's own */
        if (own == '}' && p->closer.at[0] == '}' && *ret_end < p->end && **ret_end == '}') {
            ++*ret_end;
            return at;
        }
        if (at > from && at[-1] == own)
            return at - 1;
    }
    return NULL;
}

static int check_name(struct parser *p, const struct tag *tag)
{
    if (tag->name.len == 0)
        return parse_fail(p, tag->line, "a tag without a name");
    if (span_word(tag->name) < tag->name.len)
        return parse_fail(p, tag->line, "a name with white space in it: \"%.*s\"", span_shown(tag->name),
                          tag->name.at);
    if (tag->name.at[0] == '<' || tag->name.at[0] == '$')
        return parse_fail(p, tag->line, "\"%.*s\": inheritance is not supported", span_shown(tag->name),
                          tag->name.at);
    return 0;
}

/* Reads the tag that begins at `begin`. */
static int read_tag(struct parser *p, const char *begin, struct tag *ret_tag)
{
    struct tag tag = {.begin = begin, .line = parse_line(p, begin)};
    const char *inside = begin + p->opener.len, *close;

    while (inside < p->end && is_space(*inside))
        inside++;
    if (inside < p->end && memchr("!#^/>=&{", *inside, 8))
        tag.sigil = *inside++;
    close = find_close(p, inside, tag.sigil, &tag.end);
    if (!close)
        return parse_fail(p, tag.line, "a tag is never closed");
    tag.name = span_trim((struct span){inside, (size_t)(close - inside)});
    if (tag.sigil != '!' && tag.sigil != '=' && check_name(p, &tag) < 0)
        return -1;
    *ret_tag = tag;
    return 0;
}

/* The start of the tag's line if nothing but blanks stands before the tag, else NULL. */
static const char *line_before(const struct parser *p, const struct tag *tag)
{
    const char *at = tag->begin;

    while (at > p->text && is_blank(at[-1]))
        at--;
    return at == p->start || at[-1] == '\n' ? at : NULL;
}

/* The start of the next line if nothing but blanks stands behind the tag, else NULL. */
static const char *line_after(const struct parser *p, const struct tag *tag)
{
    const char *at = tag->end;

    while (at < p->end && is_blank(*at))
        at++;
    if (at == p->end)
        return at;
    if (*at == '\r' && at + 1 < p->end)
        at++;
    return *at == '\n' ? at + 1 : NULL;
}

static int open_section(struct parser *p, const struct tag *tag)
{
    enum mustache_kind kind = tag->sigil == '#' ? MUSTACHE_SECTION : MUSTACHE_INVERTED;
    struct mustache_node *section;

    if (p->depth == MUSTACHE_MAX_DEPTH)
        return parse_fail(p, tag->line, "sections nested deeper than %d", MUSTACHE_MAX_DEPTH);
    section = add_node(p, kind, tag->name, tag->line);
    p->open[p->depth++] = section;
    p->tail = &section->children;
    return 0;
}

static int close_section(struct parser *p, const struct tag *tag)
{
    struct mustache_node *section;
    struct span name;

    if (p->depth == 0)
        return parse_fail(p, tag->line, "\"/%.*s\" closes nothing", span_shown(tag->name), tag->name.at);
    section = p->open[--p->depth];
    name = (struct span){section->text, section->len};
    if (!span_equal(name, tag->name))
        return parse_fail(p, tag->line, "\"/%.*s\" where \"%.*s\" of line %d is open", span_shown(tag->name),
                          tag->name.at, span_shown(name), name.at, section->line);
    p->tail = &section->next;
    return 0;
}

/* {{=<% %>=}}: two words without "=". */
static int set_delimiters(struct parser *p, const struct tag *tag)
{
    struct span opener = tag->name, closer = tag->name;

    opener.len = span_word(opener);
    closer.at += opener.len;
    closer.len -= opener.len;
    closer = span_trim(closer);
    if (opener.len == 0 || closer.len == 0 || span_word(closer) < closer.len ||
        memchr(tag->name.at, '=', tag->name.len))
        return parse_fail(p, tag->line, "bad delimiters: \"%.*s\"", span_shown(tag->name), tag->name.at);
    p->opener = opener;
    p->closer = closer;
    return 0;
}

static int add_tag(struct parser *p, const struct tag *tag, struct span indent)
{
    switch (tag->sigil) {
    case '!':
        return 0;
    case '=':
        return set_delimiters(p, tag);
    case '#':
    case '^':
        return open_section(p, tag);
    case '/':
        return close_section(p, tag);
    case '>':
        add_node(p, MUSTACHE_PARTIAL, tag->name, tag->line)->indent =
            arena_strndup(p->arena, indent.at, indent.len);
        return 0;
    case '{':
    case '&':
        add_node(p, MUSTACHE_RAW, tag->name, tag->line);
        return 0;
    default:
        add_node(p, MUSTACHE_VARIABLE, tag->name, tag->line);
        return 0;
    }
}

/* A tag that prints nothing by itself and is alone on its line takes the line with it. */
static int parse_tag(struct parser *p, const struct tag *tag)
{
    bool prints = tag->sigil == '\0' || tag->sigil == '{' || tag->sigil == '&';
    const char *before = prints ? NULL : line_before(p, tag);
    const char *after = before ? line_after(p, tag) : NULL;
    struct span indent = {"", 0};

    if (after)
        indent = (struct span){before, (size_t)(tag->begin - before)};
    add_text(p, after ? before : tag->begin);
    p->text = after ? after : tag->end;
    p->text_line = parse_line(p, p->text);
    return add_tag(p, tag, indent);
}

static int parse_all(struct parser *p)
{
    const char *at = p->start;
    struct tag tag = {0};

    while ((at = span_find(at, p->end, p->opener))) {
        if (read_tag(p, at, &tag) < 0 || parse_tag(p, &tag) < 0)
            return -1;
        at = p->text;
    }
    add_text(p, p->end);
    if (p->depth > 0) {
        const struct mustache_node *open = p->open[p->depth - 1];
        struct span name = {open->text, open->len};

        return parse_fail(p, open->line, "section \"%.*s\" is never closed", span_shown(name), name.at);
    }
    return 0;
}

int mustache_parse(struct arena *arena, const char *source, size_t len, struct mustache_node **ret_first,
                   char ret_error[static 200])
{
    const char *copy = arena_strndup(arena, source, len); /* the nodes point into it */
    struct parser p = {
        .arena = arena,
        .error = ret_error,
        .start = copy,
        .end = copy + len,
        .text = copy,
        .text_line = 1,
        .counted = copy,
        .line = 1,
        .opener = {"{{", 2},
        .closer = {"}}", 2},
    };

    p.tail = &p.first;
    if (parse_all(&p) < 0)
        return -1;
    *ret_first = p.first;
    return 0;
}

/* ---- rendering ---- */

/* What names are looked up in, innermost first. */
struct context {
    const struct value *value;
    const struct context *outer;
};

/* What lines begin with inside of partials that stand indented. */
struct indent {
    const char *text;
    const struct indent *outer;
};

struct render {
    struct buf *out;
    size_t max_len;
    mustache_partial_fn *partial;
    void *arg;
    const struct indent *indent;
    bool line_start; /* of the template: a line break in a value starts no line */
    int partials;    /* we are in */
    int steps;       /* left */
};

static void render_nodes(struct render *r, const struct mustache_node *node, const struct context *context);

/* The rest of a dotted name is looked up in what its first part gave, and nowhere else. */
static const struct value *find_inside(const struct value *value, const char *name, const char *end)
{
    while (value && name < end) {
        const char *dot = memchr(name, '.', (size_t)(end - name));
        const char *stop = dot ? dot : end;

        value = value_get(value, name, (size_t)(stop - name));
        name = dot ? dot + 1 : end;
    }
    return value;
}

static const struct value *find_value(const struct context *context, const char *name, size_t len)
{
    const char *end = name + len, *dot = memchr(name, '.', len);
    size_t first = dot ? (size_t)(dot - name) : len;

    if (len == 1 && dot)
        return context->value;
    for (; context; context = context->outer) {
        const struct value *found = value_get(context->value, name, first);

        if (found)
            return dot ? find_inside(found, dot + 1, end) : found;
    }
    return NULL;
}

static void put_indent(struct render *r, const struct indent *indent)
{
    if (!indent)
        return;
    put_indent(r, indent->outer);
    buf_adds(r->out, indent->text);
}

static void start_line(struct render *r)
{
    if (r->line_start)
        put_indent(r, r->indent);
    r->line_start = false;
}

static void render_text(struct render *r, const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *next = newline ? newline + 1 : end;

        if (text != newline) /* an empty line stays so */
            start_line(r);
        buf_add(r->out, text, (size_t)(next - text));
        r->line_start = newline != NULL;
        text = next;
    }
}

static const char *html_entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void put_escaped(struct buf *out, const char *s, size_t len)
{
    size_t done = 0;

    for (size_t at = 0; at < len; at++) {
        const char *entity = html_entity(s[at]);

        if (!entity)
            continue;
        buf_add(out, s + done, at - done);
        buf_adds(out, entity);
        done = at + 1;
    }
    buf_add(out, s + done, len - done);
}

/* Lists and objects have no text: sections are for them. */
static void render_value(struct render *r, const struct value *value, bool raw)
{
    char number[JSON_NUMBER_SIZE];

    start_line(r);
    if (value->type == VALUE_NUMBER)
        buf_add(r->out, number, json_number(value->number, number));
    else if (value->type == VALUE_BOOL)
        buf_adds(r->out, value->truth ? "true" : "false");
    else if (value->type == VALUE_STRING && raw)
        buf_add(r->out, value->string, value->len);
    else if (value->type == VALUE_STRING)
        put_escaped(r->out, value->string, value->len);
}

/* Once for every element of a list, once for anything else that is true. */
static void render_section(struct render *r, const struct mustache_node *section, const struct value *value,
                           const struct context *outer)
{
    struct context inner = {.value = value, .outer = outer};

    if (value->type != VALUE_ARRAY) {
        render_nodes(r, section->children, &inner);
        return;
    }
    for (uint32_t i = 0; i < value->len && r->steps > 0; i++) {
        r->steps--;
        inner.value = &value->items[i];
        render_nodes(r, section->children, &inner);
    }
}

/* Every line of a partial that stands alone on its line is indented as that is; one in the midst of a line is
 * put in as it is. */
static void render_partial(struct render *r, const struct mustache_node *node, const struct context *context)
{
    const struct mustache_node *first = r->partial ? r->partial(node->text, node->len, r->arg) : NULL;
    const struct indent *outer = r->indent;
    struct indent inner = {.text = node->indent, .outer = outer};

    if (!first || r->partials == MUSTACHE_MAX_PARTIALS)
        return;
    if (node->indent[0] != '\0')
        r->line_start = true;
    r->indent = r->line_start ? &inner : NULL;
    r->partials++;
    render_nodes(r, first, context);
    r->partials--;
    r->indent = outer;
}

static void render_named(struct render *r, const struct mustache_node *node, const struct context *context)
{
    static const struct value nothing = {.type = VALUE_NULL};
    const struct value *value = find_value(context, node->text, node->len);

    if (!value)
        value = &nothing;
    if (node->kind == MUSTACHE_INVERTED && !logic_truthy(value))
        render_nodes(r, node->children, context);
    else if (node->kind == MUSTACHE_SECTION && logic_truthy(value))
        render_section(r, node, value, context);
    else if (node->kind == MUSTACHE_VARIABLE || node->kind == MUSTACHE_RAW)
        render_value(r, value, node->kind == MUSTACHE_RAW);
}

static void render_nodes(struct render *r, const struct mustache_node *node, const struct context *context)
{
    for (; node && r->steps > 0 && r->out->len < r->max_len; node = node->next) {
        r->steps--;
        if (node->kind == MUSTACHE_TEXT)
            render_text(r, node->text, node->len);
        else if (node->kind == MUSTACHE_PARTIAL)
            render_partial(r, node, context);
        else
            render_named(r, node, context);
    }
}

void mustache_render(const struct mustache_node *first, const struct value *data,
                     mustache_partial_fn *partial, void *arg, struct buf *out)
{
    const struct context context = {.value = data};
    struct render r = {
        .out = out,
        .max_len = out->len + MUSTACHE_MAX_OUTPUT,
        .partial = partial,
        .arg = arg,
        .line_start = true,
        .steps = MUSTACHE_MAX_STEPS,
    };

    render_nodes(&r, first, &context);
}
