from datetime import timedelta

import pytest

from accounts.permissions import Role
from bookings.actions.ratings import OPEN_FOR, rate_appointment
from bookings.models import Rating
from bookings.queries.ratings import ratings_for
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor, Door
from core.errors import NotAllowed
from tests.support.booking import book, events_of, refused, set_status
from tests.support.catalogue import at, guest

ANY = Actor.system("tests", "appointments.read", "appointments.rate")


@pytest.fixture
def visit(desk, check_up, people):
    """Alice's check-up, which took place."""
    alice = guest(people.alice.name, people.alice.phone_number)
    row = book(desk, check_up, at(10), guest=alice, practitioner_id=str(people.dr_bob.pk))
    set_status(row, "COMPLETED")
    return row


def age(by: timedelta) -> None:
    Rating.objects.update(created_at=clock.now() - by)


def test_a_patient_rates_their_own_visit(alice, visit):
    row = rate_appointment(alice, reference=visit.reference.lower(), rating=5, comment="หมอใจดี")

    kept = Rating.objects.get()
    assert (kept.pk, kept.appointment_id, kept.rating, kept.comment) == (row.pk, visit.pk, 5, "หมอใจดี")


def test_the_event_tells_the_rating_and_no_word_of_the_comment(alice, visit):
    rate_appointment(alice, reference=visit.reference, rating=2, comment="Waited for ages")

    event = events_of(visit)[-1]
    assert (event.type, event.changes) == ("booking.rated", {"rating": [None, 2]})
    assert event.data["rating"] == 2
    assert "ages" not in str(event.data)


def test_a_rating_can_be_changed_for_seven_days(alice, visit):
    rate_appointment(alice, reference=visit.reference, rating=2, comment="Long wait")
    age(OPEN_FOR - timedelta(minutes=1))

    rate_appointment(alice, reference=visit.reference, rating=4)

    kept = Rating.objects.get()
    assert (kept.rating, kept.comment) == (4, "")
    assert events_of(visit)[-1].changes == {"rating": [2, 4]}

    age(OPEN_FOR + timedelta(minutes=1))
    with refused("rating_closed"):
        rate_appointment(alice, reference=visit.reference, rating=1)
    assert Rating.objects.get().rating == 4


@pytest.mark.parametrize("status", [one for one in Status if one not in (Status.HELD, Status.COMPLETED)])
def test_only_a_completed_visit_can_be_rated(alice, visit, status):
    set_status(visit, status)

    with refused("not_completed") as caught:
        rate_appointment(alice, reference=visit.reference, rating=5)
    assert caught.value.data == {"status": status}


@pytest.mark.parametrize(("field", "asked"), [
    ("rating", {"rating": 0}), ("rating", {"rating": 6}), ("comment", {"rating": 5, "comment": "x" * 1001}),
])  # fmt: skip
def test_what_cannot_be_a_rating_is_refused_by_its_field(alice, visit, field, asked):
    with refused("invalid") as caught:
        rate_appointment(alice, reference=visit.reference, **asked)
    assert list(caught.value.data["fields"]) == [field]


def test_somebody_elses_visit_is_not_found_by_a_patient(desk, alice, check_up):
    row = book(desk, check_up, at(11))
    set_status(row, "COMPLETED")

    with refused("booking_not_found"):
        rate_appointment(alice, reference=row.reference, rating=1)
    assert list(ratings_for(alice)) == []


def test_the_desk_notes_what_a_patient_says_and_a_doctor_rates_nobody(in_hospital, people, visit):
    rate_appointment(people.actor(Role.FRONT_DESK), reference=visit.reference, rating=3)
    assert Rating.objects.get().rating == 3

    with pytest.raises(NotAllowed):
        rate_appointment(people.actor(Role.DOCTOR, Door.API), reference=visit.reference, rating=5)
    assert Rating.objects.get().rating == 3


def test_a_program_rates_for_patients_and_a_doctor_sees_the_ratings_of_their_own(
    in_hospital, people, visit, dr_eve, desk, check_up
):
    other = book(desk, check_up, at(14), practitioner_id=str(dr_eve.pk))
    set_status(other, "COMPLETED")
    rate_appointment(ANY, reference=visit.reference, rating=5)
    rate_appointment(ANY, reference=other.reference, rating=1)

    seen = ratings_for(people.actor(Role.DOCTOR))
    assert [row.appointment for row in seen] == [visit]
    assert ratings_for(ANY).count() == 2
