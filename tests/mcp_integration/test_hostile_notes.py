"""Two hundred hostile texts: whatever tool gives them back, they stay in the fields that are marked."""

import re
import unicodedata
from datetime import timedelta
from typing import Any

import pytest

from accounts.permissions import Role
from bookings.actions.ratings import rate_appointment
from bookings.models import Appointment, Patient, Rating
from bookings.serializers.ratings import RatingSerializer
from core.actor import Actor
from mcp_integration.invoking import Outcome
from mcp_integration.toolbox.untrusted import marked
from tests.support.catalogue import coming_day, make_practitioner, make_service
from tests.support.hostile import HOSTILE, Hostile
from tests.support.rows import TEN, insert_appointment

HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
SELECTORS = re.compile("[\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f\U000e0000-\U000e0fff]")
ALL_MARKS = re.compile(r"zq\d\d\dqz")
TRUSTED, UNTRUSTED = "elsewhere", "untrusted"


def texts_in(value: Any, where: str = TRUSTED) -> list[tuple[str, str]]:
    """Every text of a result, its keys too, with whether it stands in a marked field."""
    if isinstance(value, dict):
        found = [(TRUSTED, key) for key in value]
        for key, inner in value.items():
            found += texts_in(inner, UNTRUSTED if key.startswith("untrusted_") else where)
        return found
    if isinstance(value, list):
        return [found for inner in value for found in texts_in(inner, where)]
    return [(where, value)] if isinstance(value, str) else []


def is_clean(text: str) -> bool:
    return not SELECTORS.search(text) and all(
        letter in "\n\t" or unicodedata.category(letter) not in HIDDEN for letter in text
    )


def contained(outcome: Outcome, *, expected: set[str] | None = None) -> dict[str, Any]:
    """Check that an answer keeps the texts where they belong, and that the expected ones are there."""
    assert outcome.error is None, outcome.error
    assert not ALL_MARKS.search(outcome.text), outcome.text
    assert is_clean(outcome.text)
    seen: set[str] = set()
    for where, text in texts_in(outcome.result):
        assert is_clean(text), (where, ascii(text))
        marks = set(ALL_MARKS.findall(text))
        assert where == UNTRUSTED or not marks, ascii(text)
        seen |= marks
    if expected is not None:
        assert expected <= seen
    assert outcome.result is not None
    return outcome.result


def nothing_told(outcome: Outcome) -> dict[str, Any]:
    """Check that a refusal says nothing of what was sent, nor of what a patient wrote."""
    assert outcome.error is not None
    assert not ALL_MARKS.search(str(outcome.error) + outcome.text)
    return outcome.error


def phone(number: int) -> str:
    return f"08912{number:05}"


def guest_of(number: int, hostile: Hostile, slot: dict[str, Any]) -> dict[str, Any]:
    return {
        **slot,
        "guest_name": hostile.text[:200],
        "guest_phone": phone(number),
        "notes": hostile.text[:2000],
    }


@pytest.fixture
def class_of_thousand(in_hospital):
    """Seats for everybody."""
    return make_service(
        make_practitioner("Dr Group"), slug="group", duration_minutes=60, slot_interval=60, capacity=1000
    )


@pytest.fixture
def slot(class_of_thousand):
    return {"event_type_id": class_of_thousand.pk, "date": coming_day().isoformat(), "time": "09:00"}


@pytest.fixture
def tools(tools_by_key):
    return tools_by_key("read:bookings", "write:bookings", "read:patients", "write:patients")


def test_there_are_two_hundred_different_ones():
    assert len({one.text for one in HOSTILE}) == len({one.mark for one in HOSTILE}) == 200
    assert all(one.mark in one.text[:20] for one in HOSTILE)
    assert sum(not is_clean(one.text) for one in HOSTILE) >= 100
    assert sum("\u0e00" <= letter <= "\u0e7f" for one in HOSTILE for letter in one.text) > 1000


def test_booking_finding_moving_and_cancelling_keep_them_where_they_belong(tools, slot):
    for number, hostile in enumerate(HOSTILE):
        booked = contained(
            tools.outcome("create_booking", **guest_of(number, hostile, slot)), expected={hostile.mark}
        )
        named = {"booking_reference": booked["reference"]}
        contained(
            tools.outcome(
                "reschedule_booking", **named, new_date=slot["date"], new_time="10:00",
                reason=hostile.text[:500],
            ),
            expected={hostile.mark},
        )  # fmt: skip
        reason = {"reason": hostile.text[:500]}
        nothing_told(tools.outcome("cancel_booking", **named, **reason))
        if number % 2:
            done = contained(tools.outcome("cancel_booking", **named, **reason, confirm=True))
            assert hostile.mark in done["booking"]["untrusted_cancel_reason"]
    for number, hostile in enumerate(HOSTILE):
        found = tools.outcome("search_appointments", phone=phone(number))
        assert contained(found, expected={hostile.mark})["count"] == 1


def test_staffs_appointments_keep_them_where_they_belong(tools, tools_of, slot, class_of_thousand):
    patients = Patient.objects.bulk_create(
        Patient(name=hostile.text[:200], name_key=hostile.mark) for hostile in HOSTILE
    )
    doctor = class_of_thousand.practitioners.get()
    visit = {"doctor_id": str(doctor.pk), "appointment_date": slot["date"], "appointment_time": "13:00"}

    for number, hostile in enumerate(HOSTILE):
        made = contained(
            tools.outcome(
                "create_appointment", **visit, patient_id=str(patients[number].pk),
                reason=hostile.text[:500], notes=hostile.text[:900],
            ),
            expected={hostile.mark},
        )  # fmt: skip
        assert hostile.mark in made["patient"]["untrusted_name"]
        assert hostile.mark in made["untrusted_reason"]
        status = ("CONFIRMED", "CANCELLED")[number % 2]
        contained(
            tools.outcome(
                "update_appointment_status", appointment_id=made["id"], status=status,
                notes=hostile.text[:500], confirm=True,
            ),
            expected={hostile.mark},
        )  # fmt: skip
    staff, seen, next_page = tools_of(Role.FRONT_DESK), [], {}
    while next_page is not None:
        page = contained(staff.outcome("list_appointments", limit=100, **next_page))
        seen += page["results"]
        next_page = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
    assert len(seen) == 200
    assert {mark for row in seen for mark in ALL_MARKS.findall(row["patient"]["untrusted_name"])} == {
        one.mark for one in HOSTILE
    }


def test_comments_of_ratings_are_marked_and_seen_through(class_of_thousand):
    rater = Actor.system("tests", "appointments.read", "appointments.rate")
    doctor = class_of_thousand.practitioners.get()
    for number, hostile in enumerate(HOSTILE):
        start = TEN + timedelta(hours=number)
        visit = insert_appointment(class_of_thousand, doctor, start=start, status="COMPLETED")
        reference = Appointment.objects.get(pk=visit).reference
        row = rate_appointment(rater, reference=reference, rating=1, comment=hostile.text[:1000])
        answer = marked(RatingSerializer, RatingSerializer(row).data)
        contained(Outcome("", answer), expected={hostile.mark})
    assert Rating.objects.count() == 200


def test_what_is_refused_repeats_none_of_it(tools, slot):
    for hostile in HOSTILE:
        wrong = ("guest_phone", "guest_email", "date", "time", "event_type_id", "provider_id", "hold_id")
        for name in wrong:
            asked = {**slot, "guest_name": "Malee", name: hostile.text}
            error = nothing_told(tools.outcome("create_booking", **asked))
            assert list(error["details"]) == [name]
    assert not Appointment.objects.exists()
