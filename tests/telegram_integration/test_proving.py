"""Numbers and codes as people write them."""

import pytest

from telegram_integration.proving import digits_of, international


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("123456", "123456"),
        (" 123 456\n", "123456"),
        ("123-456", "123456"),
        ("๑๒๓ ๔๕๖", "123456"),
        ("１２３４５６", "123456"),
        ("12345a", ""),
        ("+66891112222", ""),
        ("½", ""),
        ("", ""),
        ("👍", ""),
    ],
)
def test_digits_are_read_as_they_are_meant(text, digits):
    assert digits_of(text) == digits


@pytest.mark.parametrize(
    ("phone", "number"), [("66891112222", "+66891112222"), ("+6689", "+6689"), ("0891112222", "0891112222")]
)
def test_telegram_writes_numbers_without_their_plus(phone, number):
    assert international(phone) == number
