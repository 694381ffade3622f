"""Patients who do not exist, the same ones each time."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from accounts.permissions import Role
from bookings.actions.patients import name_key
from bookings.demo import names
from bookings.demo.names import Name
from bookings.demo.plan import AccountPlan, HospitalPlan
from bookings.models import Patient
from tenants.models import Language

_CHILDREN = 0.2  # of all patients
_VISITORS = 0.1  # of the adults
_WITH_EMAIL = 0.6
_OLDEST_CHILD, _YOUNGEST_ADULT, _OLDEST_ADULT = 14, 18, 88
_PARENTS = range(22, 50)  # years
_ACCOUNT_AGE = 31
_FOUR_YEARS = 1461  # days


class Person(NamedTuple):
    """A patient's row, yet to be saved, and what decides which services they come for."""

    patient: Patient
    age: int
    is_woman: bool


class _Identity(NamedTuple):
    first: Name
    family: Name
    is_woman: bool
    language: str


def make_people(plan: HospitalPlan, today: date, count: int, rng: Random) -> list[Person]:
    """Adults, the one who has an account first, then children who share a parent's phone number."""
    adults = count - int(count * _CHILDREN)
    people = [_account_holder(plan.account(Role.PATIENT), plan.first_phone, today)]
    people += [_adult(plan.first_phone + n, n, today, rng) for n in range(1, adults)]
    parents = [person for person in people if person.age in _PARENTS]
    known = {(person.patient.phone_number, person.patient.name_key) for person in people}
    while len(people) < count:
        child = _child(rng.choice(parents).patient, len(people), today, rng)
        key = (child.patient.phone_number, child.patient.name_key)
        if key not in known:
            known.add(key)
            people.append(child)
    return people


def _account_holder(account: AccountPlan, phone: int, today: date) -> Person:
    name = f"{account.first_name} {account.last_name}"
    patient = _patient(name, f"+{phone}", account.email, 0, _birthday(today, _ACCOUNT_AGE, 100))
    return Person(patient, _ACCOUNT_AGE, is_woman=True)


def _adult(phone: int, number: int, today: date, rng: Random) -> Person:
    who = _identity(rng)
    age = int(rng.triangular(_YOUNGEST_ADULT, _OLDEST_ADULT, 38))
    address = f"{who.first.latin}.{who.family.latin}{number}@example.org".lower()
    patient = _patient(
        f"{who.first.written} {who.family.written}",
        f"+{phone}",
        address if rng.random() < _WITH_EMAIL else "",
        number,
        _birthday(today, age, rng.randrange(364)),
    )
    patient.language = who.language
    return Person(patient, age, who.is_woman)


def _child(parent: Patient, number: int, today: date, rng: Random) -> Person:
    is_girl = rng.random() < 0.5  # noqa: PLR2004  -- one half
    age = rng.randint(0, _OLDEST_CHILD)
    family = parent.name.split()[-1]
    if parent.language == Language.THAI:
        first = rng.choice(names.THAI_WOMEN if is_girl else names.THAI_MEN).written
        name = f"{'ด.ญ.' if is_girl else 'ด.ช.'}{first} {family}"
    else:
        name = f"{rng.choice(names.VISITING_WOMEN if is_girl else names.VISITING_MEN).written} {family}"
    birthday = _birthday(today, age, rng.randrange(364))
    patient = _patient(name, parent.phone_number, parent.email, number, birthday)
    patient.language = parent.language
    return Person(patient, age, is_girl)


def _identity(rng: Random) -> _Identity:
    is_woman = rng.random() < 0.55  # noqa: PLR2004  -- women see a doctor somewhat more often
    if rng.random() < _VISITORS:
        first = rng.choice(names.VISITING_WOMEN if is_woman else names.VISITING_MEN)
        return _Identity(first, rng.choice(names.VISITING_FAMILIES), is_woman, Language.ENGLISH)
    first = rng.choice(names.THAI_WOMEN if is_woman else names.THAI_MEN)
    return _Identity(first, rng.choice(names.THAI_FAMILIES), is_woman, Language.THAI)


def _patient(name: str, phone: str, email: str, number: int, born: date) -> Patient:
    return Patient(
        name=name,
        name_key=name_key(name),
        phone_number=phone,
        email=email,
        hospital_number=f"HN{number + 1:06d}",
        date_of_birth=born,
    )


def _birthday(today: date, age: int, days: int) -> date:
    """A day of birth that makes somebody `age` years old, that many days after their last birthday."""
    return today - timedelta(days=age * _FOUR_YEARS // 4 + 1 + days)
