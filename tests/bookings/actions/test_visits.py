"""Appointments by the ids of patients, doctors and appointments, through the one verb that books."""

from uuid import uuid4

import pytest

from accounts.permissions import Role
from bookings.actions.patients import name_key
from bookings.actions.visits import book_for_patient, change_status_by_id
from bookings.models import Appointment, Patient
from bookings.rules.statuses import Status
from core.actor import Actor, Door
from core.errors import NotAllowed
from tests.support.booking import book, events_of, refused, set_status, types_of
from tests.support.catalogue import at, guest, make_practitioner, make_service


def visit(actor, patient, doctor, start, **asked):
    return book_for_patient(
        actor, patient_id=patient.pk, practitioner_id=str(doctor.pk), start=start, **asked
    )


def test_a_known_patient_is_booked_with_what_is_known_of_them(desk, people, check_up, dr_bob):
    row = visit(desk, people.alice, dr_bob, at(10), reason="Cough", notes="By wheelchair")

    kept = Appointment.objects.get(pk=row.pk)
    assert (kept.patient_id, kept.practitioner_id, kept.service_id) == (
        people.alice.pk, dr_bob.pk, check_up.pk,
    )  # fmt: skip
    assert (kept.guest_name, kept.guest_phone) == (people.alice.name, people.alice.phone_number)
    assert (kept.reason, kept.notes, kept.source) == ("Cough", "By wheelchair", "admin")
    assert types_of(kept) == ["booking.created"]
    assert "Cough" not in str(events_of(kept)[0].data)


def test_a_patient_without_a_phone_is_booked_and_stays_who_they_are(desk, check_up, dr_bob, dr_eve):
    nobody = Patient.objects.create(name="Noi", name_key=name_key("Noi"))

    row = visit(desk, nobody, dr_bob, at(10))

    assert Appointment.objects.get(pk=row.pk).patient == nobody
    with refused("patient_busy"):
        visit(desk, nobody, dr_eve, at(10))


def test_two_patients_of_one_name_without_a_phone_are_not_taken_for_each_other(
    desk, check_up, dr_bob, dr_eve
):
    one, other = (Patient.objects.create(name="Noi", name_key=name_key("Noi")) for _ in range(2))

    visit(desk, one, dr_bob, at(10))
    visit(desk, other, dr_eve, at(10))

    assert Appointment.objects.filter(patient__in=[one, other]).count() == 2


def test_a_taken_time_is_refused_as_any_booking_is(desk, people, check_up, dr_bob):
    book(desk, check_up, at(10), practitioner_id=str(dr_bob.pk))

    with refused("slot_taken") as caught:
        visit(desk, people.alice, dr_bob, at(10))
    assert caught.value.data["alternatives"]


class TestWithoutAnEventType:
    @pytest.fixture
    def doctor(self, in_hospital):  # noqa: ARG002  -- fixtures are asked for by name
        """One who offers a long visit on the hour, and a short one on every quarter."""
        doctor = make_practitioner("Dr Two Things")
        self.long = make_service(doctor, slug="long", duration_minutes=60, slot_interval=60)
        self.short = make_service(doctor, slug="short", duration_minutes=15, slot_interval=15)
        return doctor

    def test_it_is_the_first_that_may_start_then(self, desk, people, doctor):
        assert visit(desk, people.alice, doctor, at(9)).service == self.long
        assert visit(desk, people.alice, doctor, at(10, 15)).service == self.short

    def test_what_is_busy_counts(self, desk, people, doctor):
        book(desk, self.short, at(9, 30))

        assert visit(desk, people.alice, doctor, at(9)).service == self.short

    def test_where_none_is_free_the_first_one_says_why(self, desk, people, doctor):
        with refused("outside_hours"):
            visit(desk, people.alice, doctor, at(3))
        with refused("past"):
            visit(desk, people.alice, doctor, at(9, days=-1))

    def test_a_named_one_is_taken(self, desk, people, doctor):
        row = visit(desk, people.alice, doctor, at(9), service_id=self.short.pk)

        assert row.service == self.short


def test_a_doctor_who_offers_nothing_is_not_found(desk, people, check_up):
    idle = make_practitioner("Dr Idle")

    with refused("provider_not_found"):
        visit(desk, people.alice, idle, at(10))
    with refused("provider_not_found"):
        book_for_patient(desk, patient_id=people.alice.pk, practitioner_id=str(uuid4()), start=at(10))


def test_patients_book_for_themselves_alone(alice, people, check_up, dr_bob):
    other = Patient.objects.create(name="Ben", name_key="ben", phone_number="+66811111111")

    assert visit(alice, people.alice, dr_bob, at(10)).patient == people.alice
    with refused("patient_not_found"):
        visit(alice, other, dr_bob, at(11))


def test_who_may_not_see_patients_cannot_book_by_their_ids(people, check_up, dr_bob):
    key = Actor(door=Door.API, grants=frozenset({"appointments.book", "appointments.read"}))

    with refused("patient_not_found"):
        visit(key, people.alice, dr_bob, at(10))


def test_doctors_do_not_book(in_hospital, people, check_up, dr_bob):
    with pytest.raises(NotAllowed):
        visit(people.actor(Role.DOCTOR), people.alice, dr_bob, at(10))


def test_another_hospitals_patient_is_not_found(desk, other_people, check_up, dr_bob):
    with refused("patient_not_found"):
        visit(desk, other_people.alice, dr_bob, at(10))


# ── statuses ──────────────────────────────────────────────────────────────────
@pytest.fixture
def booked(desk, check_up):
    return book(desk, check_up, at(10), notes="Fasting")


def test_a_step_is_taken_by_id_and_its_notes_join_those_that_are_there(desk, booked):
    change_status_by_id(desk, appointment_id=booked.pk, status=Status.CHECKED_IN, notes="Came early")

    booked.refresh_from_db()
    assert (booked.status, booked.notes, booked.cancel_reason) == ("CHECKED_IN", "Fasting\nCame early", "")
    assert "early" not in str(events_of(booked)[-1].data)


def test_notes_of_a_cancelled_appointment_are_its_reason(desk, booked):
    change_status_by_id(desk, appointment_id=booked.pk, status=Status.CANCELLED, notes="A cold")

    booked.refresh_from_db()
    assert (booked.status, booked.notes, booked.cancel_reason) == ("CANCELLED", "Fasting", "A cold")
    assert events_of(booked)[-1].data["has_reason"] is True


def test_notes_that_have_no_room_are_refused_and_nothing_is_changed(desk, booked):
    for status, notes in ((Status.CANCELLED, "x" * 501), (Status.CONFIRMED, "x" * 1999)):
        with refused("invalid") as caught:
            change_status_by_id(desk, appointment_id=booked.pk, status=status, notes=notes)
        assert list(caught.value.data["fields"]) == ["notes"]
    booked.refresh_from_db()
    assert (booked.status, booked.notes) == ("SCHEDULED", "Fasting")


def test_an_illegal_step_is_refused_with_the_legal_ones(desk, booked):
    set_status(booked, "COMPLETED")

    with refused("illegal_status") as caught:
        change_status_by_id(desk, appointment_id=booked.pk, status=Status.CANCELLED)
    assert caught.value.data == {"from": "COMPLETED", "allowed": []}


def test_appointments_of_others_are_not_found_by_id(desk, alice, booked, other_hospital):
    for actor, key in ((alice, booked.pk), (desk, uuid4())):
        with refused("booking_not_found"):
            change_status_by_id(actor, appointment_id=key, status=Status.CANCELLED)


def test_a_doctor_takes_the_steps_of_their_own_visits(in_hospital, people, desk, check_up, dr_eve):
    bob = people.actor(Role.DOCTOR)
    own = book(desk, check_up, at(14), practitioner_id=str(people.dr_bob.pk))
    other = book(desk, check_up, at(14), practitioner_id=str(dr_eve.pk), guest=guest("Ben", "0811111111"))

    assert change_status_by_id(bob, appointment_id=own.pk, status=Status.CHECKED_IN).status == "CHECKED_IN"
    with refused("booking_not_found"):
        change_status_by_id(bob, appointment_id=other.pk, status=Status.CHECKED_IN)
