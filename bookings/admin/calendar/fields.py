"""What comes in at the calendar's addresses, read strictly: JSON bodies and query strings."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.strict_json import GivenTwice, NotJson, read_json
from tenants.admin_sites.dates import read_date

# A time on the hospital's clocks, as all times here: the browser may be in another zone. Years that nobody
# books in are refused here, as other zones' clocks overflow at the calendar's own ends.
_WALL = re.compile(r"(?:19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d(?::00)?")
_DAY, _MONTH = re.compile(r"(?:19|2\d)\d\d-\d\d-\d\d"), re.compile(r"(?:19|2\d)\d\d-\d\d")
# Controls but tab and line feed, and halves of surrogate pairs: no database takes them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_NEEDED = _("This field is required.")
_LARGEST = 2**31 - 1


class Fields:
    """Named values that came in, each read as one type; `check` tells all that are wrong at once.

    What a field that is wrong or left out reads as is its type's nothing: None, or an empty text.
    """

    def __init__(self, sent: dict[str, Any]) -> None:
        self._sent = sent
        self._wrong: dict[str, str | Promise] = {}

    @classmethod
    def of(cls, request: HttpRequest) -> "Fields":
        """Those of a query string, or of a JSON object in the body. Raises `InvalidInput` on ``body``."""
        if request.method == "GET":
            return cls({name: tuple(request.GET.getlist(name)) for name in request.GET})
        try:
            sent = read_json(request.body)
        except NotJson as error:
            raise InvalidInput(body=_("This is not JSON.")) from error
        except GivenTwice as twice:
            raise InvalidInput(**{twice.field: _("This is given twice.")}) from twice
        if not isinstance(sent, dict):
            raise InvalidInput(body=_("A JSON object is needed."))
        return cls(sent)

    def check(self) -> None:
        """Raise `InvalidInput` with every field that was read and is wrong."""
        if self._wrong:
            raise InvalidInput(**self._wrong)

    def text(self, name: str, *, longest: int = 200, needed: bool = False) -> str:
        """A text without spaces around it."""
        value = self._one(name)
        if value is None or value == "":
            return self._refuse(name, _NEEDED) if needed else ""
        if not isinstance(value, str) or _UNPRINTABLE.search(value):
            return self._refuse(name, _("A text is needed."))
        value = value.strip()
        if needed and not value:
            return self._refuse(name, _NEEDED)
        return value if len(value) <= longest else self._refuse(name, _("This text is too long."))

    def choice(self, name: str, among: Iterable[str], *, needed: bool = True) -> str:
        """One of some words."""
        word = self.text(name, needed=needed)
        if word and word not in set(among):
            return self._refuse(name, _("This is not one of the choices."))
        return word

    def ids(self, name: str) -> list[UUID]:
        """Every id that was given under a name in a query string."""
        found = [self._uuid(value) for value in self._sent.get(name, ())]
        if None in found:
            self._refuse(name, _("This is not an id."))
        return [each for each in found if each is not None]

    def words(self, name: str, among: Iterable[str]) -> list[str]:
        """Every word that was given under a name in a query string."""
        given, known = self._sent.get(name, ()), set(among)
        if any(word not in known for word in given):
            self._refuse(name, _("This is not one of the choices."))
        return [word for word in given if word in known]

    def id(self, name: str, *, needed: bool = True) -> UUID | None:
        """An id."""
        value = self._one(name)
        found = self._uuid(value)
        if value in (None, ""):
            self._nothing(name, needed=needed)
        elif found is None:
            self._nothing(name, _("This is not an id."))
        return found

    def number(self, name: str) -> int:
        """A whole number from 0 on; in a query string as digits."""
        value = self._one(name)
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
            self._refuse(name, _NEEDED if value in (None, "") else _("A whole number is needed."))
            return 0
        return value

    def wall(self, name: str, *, needed: bool = True) -> datetime | None:
        """A time on the hospital's clocks, naive: ``2026-11-23T09:30:00``."""
        value = self._one(name)
        if value in (None, "") and not needed:
            return None
        found: datetime | None = self._parsed(name, value, _WALL, datetime.fromisoformat)
        return found

    def day(self, name: str) -> date:
        """A day, ``2026-11-23``; today's stands in for one that is wrong."""
        value = self._one(name)
        found = self._parsed(name, value, _DAY, date.fromisoformat)
        return found if found is not None else timezone.localdate()

    def month(self, name: str) -> date:
        """The first day of a month, ``2026-11``."""
        value = self._one(name)
        found = self._parsed(name, value, _MONTH, lambda text: date.fromisoformat(f"{text}-01"))
        return found if found is not None else timezone.localdate()

    def birthday(self, name: str) -> date | None:
        """A day as people type it, of either era, that has been; None for none."""
        text, found = self.text(name, longest=20), None
        if not text:
            return None
        try:
            found = read_date(text)
        except ValueError:
            self._nothing(name, _("Write the date as DD/MM/YYYY or YYYY-MM-DD; it must exist."))
        if found is not None and found > timezone.localdate():
            self._nothing(name, _("Nobody is born on a day to come."))
        return found

    def _one(self, name: str) -> Any:
        value = self._sent.get(name)
        # A query string may name a thing several times; JSON knows no tuples.
        return value[-1] if isinstance(value, tuple) and value else value

    def _uuid(self, value: Any) -> UUID | None:
        try:
            return UUID(value) if isinstance(value, str) else None
        except ValueError:
            return None

    def _parsed(self, name: str, value: Any, form: re.Pattern[str], read: Callable[[str], Any]) -> Any:
        if value in (None, ""):
            self._nothing(name)
            return None
        found = _read_or_none(value, form, read)
        if found is None:
            self._nothing(name, _("This day or time does not exist."))
        return found

    def _nothing(self, name: str, why: str | Promise = _NEEDED, *, needed: bool = True) -> None:
        """Note what is wrong with a value that there is not."""
        if needed:
            self._refuse(name, why)

    def _refuse(self, name: str, why: str | Promise) -> str:
        self._wrong.setdefault(name, why)
        return ""


def _read_or_none(value: Any, form: re.Pattern[str], read: Callable[[str], Any]) -> Any:
    """A text of that form, read; None for anything else, and for what has the form but is on no calendar."""
    if not isinstance(value, str) or not form.fullmatch(value):
        return None
    try:
        return read(value)
    except ValueError:
        return None
