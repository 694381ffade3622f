"""A card that Telegram would refuse is never made."""

import pytest

from telegram_integration.cards import Button, Card, show

BOOK = Button("Book", data="b.1.mac")


def test_a_card_of_text_and_buttons_is_made():
    card = Card(text="Hello", rows=((BOOK, BOOK), (BOOK,)))

    assert show(card).cards == (card,)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 4097], ids=["empty", "blank", "too long"])
def test_a_text_that_telegram_refuses_is_no_card(text):
    with pytest.raises(ValueError, match="1 to 4096"):
        Card(text=text)


def test_a_hundred_buttons_are_the_most():
    Card(text="Days", rows=(tuple([BOOK] * 100),))

    with pytest.raises(ValueError, match="100 buttons"):
        Card(text="Days", rows=(tuple([BOOK] * 101),))


@pytest.mark.parametrize(
    "keyboards",
    [
        {"rows": ((BOOK,),), "contact_button": "Share my number"},
        {"rows": ((BOOK,),), "drops_contact_button": True},
        {"contact_button": "Share my number", "drops_contact_button": True},
    ],
)
def test_a_message_has_one_kind_of_keyboard(keyboards):
    with pytest.raises(ValueError, match="one kind"):
        Card(text="Hello", **keyboards)


@pytest.mark.parametrize(
    "wrong",
    [{"text": "", "data": "b"}, {"text": "Book"}, {"text": "Book", "data": "b", "url": "https://a.example"}],
)
def test_a_button_has_a_text_and_one_thing_that_it_does(wrong):
    with pytest.raises(ValueError, match="either data or an address"):
        Button(**wrong)


def test_callback_data_is_counted_in_bytes():
    Button("Book", data="ก" * 21)

    with pytest.raises(ValueError, match="64 bytes"):
        Button("Book", data="ก" * 22)
