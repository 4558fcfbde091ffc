/* compose.h - writes a draft: the template walked over the facts, values in the language's form.
 *
 * The text is laid out as it is written: an empty line in the template parts paragraphs, "- " begins an
 * item of a list, "\" at a line's end breaks the line; other line ends are spaces (none in Chinese and
 * Japanese, none before a sentence's marks). A line that holds nothing but an inline section counts as empty
 * when the section is not taken: put section tags on lines of their own. Values are one line without control
 * characters and can't make structure of their own. */
#ifndef REPLYD_COMPOSE_H
#define REPLYD_COMPOSE_H

#include "replyd/facts.h"
#include "replyd/playbook.h"

/* ICU's formatters, made when first used and kept; one for each thread. */
struct compose_context;
struct compose_context *compose_context_new(void);
void compose_context_free(struct compose_context *context);

/* Writes subject and text. `also` is what stands for the frame's {{> also}}, ready-made by compose_also();
 * NULL: nothing. */
void compose_draft(struct compose_context *context, const struct playbook_template *draft,
                   const struct facts *facts, const struct buf *also, struct buf *subject, struct buf *text);

/* Appends what the template says where its issue is not the letter's main one, a paragraph apart from what
 * `out` holds. Nothing where it says nothing. */
void compose_also(struct compose_context *context, const struct playbook_template *draft,
                  const struct facts *facts, struct buf *out);

/* Writes a reason for the agent: English, dates as 2026-02-20, amounts as 39.90 USD. `element` >= 0: the
 * template stands in the section of list fact `list`, at that element. */
void compose_reason(struct compose_context *context, const struct mustache_node *first,
                    const struct facts *facts, int list, int element, struct buf *out);

#endif
