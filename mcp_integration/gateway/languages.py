"""In which language a caller is answered."""

from collections.abc import Mapping

from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header


def language_of(headers: Mapping[str, str]) -> str | None:
    """The first language of ``Accept-Language`` that we speak (``th`` or ``en``), or None.

    Without one the hospital's own is spoken.
    """
    for asked, _weight in parse_accept_lang_header(headers.get("accept-language", "")):
        try:
            return get_supported_language_variant(asked)
        except LookupError:
            continue
    return None
