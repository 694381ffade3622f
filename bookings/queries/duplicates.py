"""Patients who may be the one that is about to be registered: a warning, never a decision."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from django.db.models import Q

from bookings.models import Patient
from bookings.queries.lookup import Found, with_last_visit
from bookings.queries.patients import patients_for
from core.actor import Actor
from core.thai_order import in_thai_order

MOST_LIKELY = 10
# Of those who were born on one day, or have one phone: how many are looked at.
_MOST_LOOKED_AT = 200
# The share of letters in common from which two names may be one, misspelt.
_ALIKE = 0.8


class Why(StrEnum):
    """What two patients have in common, the surest first."""

    SAME_NUMBER = "same_number"
    SAME_NAME = "same_name"
    SAME_PHONE = "same_phone"
    SAME_BIRTHDAY = "same_birthday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Somebody who may be registered already: a phone in E.164, a name and its key (see `name_key`)."""

    key: str = ""
    phone: str = ""
    hospital_number: str = ""
    born: date | None = None


@dataclass(frozen=True, slots=True)
class Likely:
    """A patient, and why it may be the same person."""

    found: Found
    why: tuple[Why, ...]


def likely_duplicates_for(actor: Actor, who: Described) -> list[Likely]:
    """Up to 10 patients whom the actor may see and who may be that person, the likeliest first.

    The same hospital number, phone or name; or the same day of birth and a name that is nearly the same. One
    statement.
    """
    wanted = _wanted(who)
    if not wanted:
        return []
    rows = patients_for(actor).filter(wanted).order_by(in_thai_order("name"), "pk")[:_MOST_LOOKED_AT]
    likely = [Likely(found, _why(found.patient, who)) for found in with_last_visit(actor, rows)]
    return sorted((each for each in likely if each.why), key=_rank)[:MOST_LIKELY]


def _wanted(who: Described) -> Q:
    wanted = Q()
    if who.key:
        wanted |= Q(name_key=who.key)
    if who.phone:
        wanted |= Q(phone_number=who.phone)
    if who.hospital_number:
        wanted |= Q(hospital_number__iexact=who.hospital_number)
    if who.born and who.key:
        wanted |= Q(date_of_birth=who.born)
    return wanted


def _why(patient: Patient, who: Described) -> tuple[Why, ...]:
    is_alike = bool(who.key) and names_are_alike(patient.name_key, who.key)
    held = {
        Why.SAME_NUMBER: bool(who.hospital_number)
        and (patient.hospital_number or "").casefold() == who.hospital_number.casefold(),
        Why.SAME_NAME: bool(who.key) and patient.name_key == who.key,
        Why.SAME_PHONE: bool(who.phone) and patient.phone_number == who.phone,
        Why.SAME_BIRTHDAY: who.born is not None and patient.date_of_birth == who.born and is_alike,
    }
    return tuple(why for why in Why if held[why])


def _rank(likely: Likely) -> tuple[int, int, str]:
    order = list(Why)
    return -len(likely.why), order.index(likely.why[0]), likely.found.patient.name


def names_are_alike(one: str, other: str) -> bool:
    """Whether two keys may be one name: the same without marks over letters, the beginning, or nearly it."""
    one, other = _bare(one), _bare(other)
    if not one or not other:
        return False
    begins = one.startswith(other) or other.startswith(one)
    return begins or SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _bare(text: str) -> str:
    letters: Iterable[str] = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if unicodedata.category(letter)[0] not in "MZP")
