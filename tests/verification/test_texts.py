import pytest
from django.utils.translation import get_language, override

from verification.texts import message


@pytest.mark.parametrize(("language", "our_name"), [("th", "นัดหมอ"), ("en", "NadMor")])
def test_the_message_names_us_and_the_code_and_fits_one_sms(language, our_name):
    text = message("123456", language)

    assert our_name in text
    assert "123456" in text
    assert "http" not in text
    assert len(text) <= (160 if text.isascii() else 70)


@pytest.mark.parametrize(("language", "warning"), [("th", "ห้ามบอก"), ("en", "Never give it to anybody")])
def test_the_message_says_never_to_give_the_code_away(language, warning):
    assert warning in message("123456", language)


def test_a_language_of_another_thread_of_work_stays_as_it_is():
    with override("en"):
        message("123456", "th")
        assert get_language() == "en"
