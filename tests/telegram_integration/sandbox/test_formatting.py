"""HTML to a text with entities, and back to HTML that is safe to be shown."""

import pytest

from telegram_integration.sandbox.formatting import parse, to_html, utf16

READ = {
    "bold": ("<b>a</b>b", "ab", [("bold", 0, 1)]),
    "other names of tags": (
        "<strong>a</strong><em>b</em><ins>c</ins><del>d</del>",
        "abcd",
        [("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1)],
    ),
    "one in another": ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    "characters": ("&lt;b&gt; &amp; &quot; &#3585; &#xE01;", '<b> & " ก ก', []),
    "characters that Telegram does not know": ("&nbsp; & &copy;", "&nbsp; & &copy;", []),
    "emoji count twice": ("😀<b>ก</b>", "😀ก", [("bold", 2, 1)]),
    "spaces around": ("  <b> a </b>\n", "a", [("bold", 0, 1)]),
    "nothing in a tag": ("a<b></b>", "a", []),
    "an end without a name": ("<b>a</>b", "ab", [("bold", 0, 1)]),
    "a spoiler": ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
    "a link": ("<a href='https://nadmor.example/'>a</a>", "a", [("text_link", 0, 1)]),
    "a link to nowhere": ('<a href="x y">a</a><a>b</a>', "ab", []),
    "a link to a telephone": ('<a href="tel:+6621234567">a</a>', "a", []),
    "a script": ('<a href="javascript:alert(1)">a</a>', "a", []),
    "a long quotation": ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
    "a time": ('<tg-time unix="1" format="r">a</tg-time>', "a", [("date_time", 0, 1)]),
    "a command and an address": (
        "/book now https://nadmor.example/a.",
        "/book now https://nadmor.example/a.",
        [("bot_command", 0, 5), ("url", 10, 24)],
    ),
}


@pytest.mark.parametrize(("html", "text", "entities"), READ.values(), ids=READ.keys())
def test_html_is_read_as_telegram_reads_it(html, text, entities):
    shown, found = parse(html, "HTML")
    assert shown == text
    assert [(one["type"], one["offset"], one["length"]) for one in found] == entities


def test_without_a_mode_tags_are_text():
    assert parse("<b>a", "") == ("<b>a", [])


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<b>a<i>b</i></b>c", "<b>a<i>b</i></b>c"),
        ("<b>😀</b> &lt;script&gt;&amp;", "<b>😀</b> &lt;script&gt;&amp;"),
        (
            '<a href="https://a.example/?a=1&amp;b=%22">x</a>',
            '<a href="https://a.example/?a=1&amp;b=%22">x</a>',
        ),
        (
            '<a href="https://a.example/\' onclick=x">y</a>',
            '<a href="https://a.example/&#x27; onclick=x">y</a>',
        ),
        ("<a href='nadmor.example/a'>x</a>", '<a href="http://nadmor.example/a">x</a>'),
        ("<pre>a\n<b>b</b></pre>", "<pre>a\n<b>b</b></pre>"),
        ("<i>ก</i><b>ข</b>", "<i>ก</i><b>ข</b>"),
    ],
)
def test_what_is_shown_has_telegram_s_tags_and_everything_else_escaped(html: str, shown: str):
    assert to_html(*parse(html, "HTML")) == shown


def test_lengths_are_in_utf_16():
    assert [utf16(text) for text in ("a", "ก", "😀", "\ud800")] == [1, 1, 2, 1]
