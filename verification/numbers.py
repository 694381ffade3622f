"""Which numbers get a code. Codes to far countries and to dear numbers are how fraudsters make money."""

import phonenumbers
from django.conf import settings
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from verification.errors import NumberNotServed

# In some countries mobile and fixed numbers look alike.
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def require_served(phone: str) -> None:
    """Raise `NumberNotServed` unless a number in E.164 is a mobile one with a prefix of SMS_PREFIXES."""
    if not phone.startswith(tuple(settings.SMS_PREFIXES)) or not _is_mobile(phone):
        raise NumberNotServed


def _is_mobile(phone: str) -> bool:
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return False
    is_plain = phonenumbers.format_number(number, PhoneNumberFormat.E164) == phone
    return is_plain and phonenumbers.number_type(number) in _MOBILE
