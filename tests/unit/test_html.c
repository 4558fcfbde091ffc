/* The HTML body of a mail from its text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "replyd/html.h"

/* The body without the styles, which are for eyes only. */
static void assert_html(const char *language, const char *text, const char *html)
{
    struct buf out = {0}, bare = {0};
    const char *at, *style;

    html_draft(language, text, strlen(text), &out);
    for (at = out.data; (style = strstr(at, " style=\"")); at = strchr(style + 8, '"') + 1)
        buf_add(&bare, at, (size_t)(style - at));
    buf_adds(&bare, at);
    assert_string_equal(bare.data, html);
    buf_free(&out);
    buf_free(&bare);
}

static void test_blocks(void **state)
{
    (void)state;
    assert_html("en", "", "<div lang=\"en\" dir=\"ltr\">\n</div>\n");
    assert_html("en", "a\nb\n\nc", "<div lang=\"en\" dir=\"ltr\">\n<p>a<br>\nb</p>\n<p>c</p>\n</div>\n");
    assert_html(
        "en", "a:\n- b\n- c\nd",
        "<div lang=\"en\" dir=\"ltr\">\n<p>a:</p>\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n<p>d</p>\n</div>\n");
    assert_html("ar", "a", "<div lang=\"ar\" dir=\"rtl\">\n<p>a</p>\n</div>\n");
}

static void test_escaping(void **state)
{
    (void)state;
    assert_html("en\"><x", "<b>&\"'",
                "<div lang=\"en&quot;&gt;&lt;x\" dir=\"ltr\">\n<p>&lt;b&gt;&amp;&quot;&#39;</p>\n</div>\n");
}

static void test_links(void **state)
{
    (void)state;
    assert_html("en", "- Page: https://a.example/x?y=1&z=2\n- \xe9\xa1\xb5\xef\xbc\x9ahttp://b.example",
                "<div lang=\"en\" dir=\"ltr\">\n<ul>\n<li>Page: <a href=\"https://a.example/x?y=1&amp;z=2\">"
                "https://a.example/x?y=1&amp;z=2</a></li>\n<li>\xe9\xa1\xb5\xef\xbc\x9a"
                "<a href=\"http://b.example\">http://b.example</a></li>\n</ul>\n</div>\n");
}

/* An address that is not what an item is about may have come with a name. */
static void test_no_links(void **state)
{
    static const char *const texts[] = {"see https://a.example/x",
                                        "- Lamp https://a.example/x",
                                        "- Number: 1 (https://a.example/x)",
                                        "- Update: 8 May, Lima: https://a.example/x",
                                        "- Page: https://a.example/x y",
                                        "- Page: https://",
                                        "- https://a.example",
                                        "- Page: javascript:x",
                                        "- ",
                                        "- Page:",
                                        "Page: https://a.example/x"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        struct buf out = {0};

        html_draft("en", texts[i], strlen(texts[i]), &out);
        if (strstr(out.data, "<a "))
            fail_msg("%s", out.data);
        buf_free(&out);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_blocks), cmocka_unit_test(test_escaping),
                                              cmocka_unit_test(test_links), cmocka_unit_test(test_no_links)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
