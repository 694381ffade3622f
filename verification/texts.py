"""What stands in the message with a code."""

from django.utils.translation import gettext, override


def message(code: str, language: str) -> str:
    """The text in Thai or English (``th``, ``en``): no link, as nobody should learn to tap one.

    It fits one SMS: 160 letters of GSM's alphabet, or 70 of any (3GPP TS 23.038 and 23.040).
    """
    with override(language):
        words = gettext("NadMor code: %(code)s, valid for 5 minutes. Never give it to anybody.")
    return words % {"code": code}
