"""Escaping, and the checker that plays Telegram's part in it."""

import pytest

from telegram_integration.cards import Button, Card, Reply
from telegram_integration.words.html import bold, esc, label
from tests.support.hostile import HOSTILE
from tests.support.telegram_html import BadHtml, check_card, check_reply, plain_text

NAMES = ["<b>", "</a>", "a & b", "&amp;", '"quoted"', "สมชาย", "👩‍👩‍👧", "\u202eevil\u202c", "&#0;", "<", ">"]


@pytest.mark.parametrize("name", NAMES)
def test_what_people_write_is_seen_as_they_wrote_it(name):
    seen = plain_text(f"Hello {bold(name)}")

    assert seen == "Hello " + name.replace("\u202e", "").replace("\u202c", "")


@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
def test_hostile_texts_are_only_text(hostile):
    assert hostile.mark in plain_text(esc(hostile.text))
    check_card(Card(text=bold(hostile.text[:1000]), rows=((Button(label(hostile.text), data="x"),),)))


def test_a_label_is_one_short_line():
    assert label("a\n b ") == "a b"
    assert label("x" * 100) == "x" * 39 + "…"


@pytest.mark.parametrize(
    "html",
    [
        "<b>open",
        "closed</b>",
        "<b><i>crossed</b></i>",
        "<p>paragraph</p>",
        "<B>loud</B>",
        "<br>",
        "a & b",
        "&nbsp;",
        "&apos;",
        "&copy;",
        "1 < 2",
        "2 > 1",
        '<a href="javascript:alert(1)">x</a>',
        "<a>x</a>",
        "<span>x</span>",
        "<code><b>x</b></code>",
        "&#0;",
        "<!-- c -->",
        "<b >x</b>",
    ],
)
def test_what_telegram_refuses_is_refused(html):
    with pytest.raises(BadHtml):
        plain_text(html)


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<b>a</b> <i>b</i> <u>c</u> <s>d</s>", "a b c d"),
        ('<a href="https://nadmor.example/?a=1&amp;b=2">x</a>', "x"),
        ("<tg-spoiler>x</tg-spoiler>", "x"),
        ('<span class="tg-spoiler">x</span>', "x"),
        ("<blockquote expandable>x</blockquote>", "x"),
        ("<pre>1 &lt; 2</pre>", "1 < 2"),
        ("<code>a</code>&amp;&gt;&quot;&#3588;&#x1F600;", 'a&>"ค😀'),
    ],
)
def test_what_telegram_takes_is_taken(html, seen):
    assert plain_text(html) == seen


@pytest.mark.parametrize(
    "card",
    [
        Card(text="<b> </b>"),
        Card(text="x", rows=((Button("y" * 65, data="x"),),)),
        Card(text="x", rows=((Button("a\nb", data="x"),),)),
        Card(text="x", rows=((),)),
        Card(text="x", rows=(tuple(Button("y", data="x") for _ in range(9)),)),
        Card(text="👍" * 4000),
    ],
    ids=range(6),
)
def test_a_card_that_telegram_refuses_is_refused(card):
    with pytest.raises(AssertionError):
        check_card(card)


def test_a_toast_has_its_limit():
    with pytest.raises(AssertionError):
        check_reply(Reply(toast="x" * 201))
