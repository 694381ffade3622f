"""Two hospitals with as much in common as can be: nothing of one is to be had in the other."""

from contextlib import suppress
from dataclasses import dataclass

import pytest

from accounts.permissions import Role
from bookings.actions.appointments import (
    book_appointment,
    cancel_appointment,
    change_status,
    reschedule_appointment,
)
from bookings.actions.holds import expire_holds, hold_slot, release_hold
from bookings.actions.schedules import confirm_holidays
from bookings.errors import PractitionerNotFound
from bookings.models import Appointment, HealthcareService, Holiday, Patient, Practitioner
from bookings.queries.appointments import appointment_for, appointments_for, find_appointments_for
from bookings.queries.availability import availability_for, month_for
from bookings.queries.catalogue import services_for
from bookings.rules.statuses import Status
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotFound
from events.models import Event
from events.outbox import history_of
from tenants.context import inside
from tests.support.booking import book, let_run_out, refused
from tests.support.catalogue import at, coming_day, guest


@dataclass
class Secrets:
    """What Ploy has and Rama must not see."""

    booked: Appointment
    held: Appointment
    stale: Appointment
    holiday: Holiday
    doctor: Practitioner
    patient: Patient


@pytest.fixture
def secrets(desk, check_up, dr_bob, people):
    """A full Ploy: a booking, a hold, a hold that ran out, a holiday that waits for its confirmation."""
    stale = hold_slot(desk, service_id=check_up.pk, start=at(11))
    let_run_out(stale)
    alice = guest(people.alice.name, people.alice.phone_number, "a@b.example")
    return Secrets(
        booked=book(desk, check_up, at(9), guest=alice),
        held=hold_slot(desk, service_id=check_up.pk, start=at(10)),
        stale=stale,
        holiday=Holiday.objects.create(date=coming_day(5), name_th="ลับ", name_en="Secret"),
        doctor=dr_bob,
        patient=people.alice,
    )  # fmt: skip


def rows_of(hospital):
    """Everything of a hospital that could be touched."""
    with inside(hospital):
        return [
            list(model.objects.order_by("pk").values())
            for model in (Appointment, Patient, Holiday, Event, Practitioner, HealthcareService)
        ]


READS = {
    "appointments": lambda actor, _: list(appointments_for(actor)),
    "by reference": lambda actor, it: find_appointments_for(actor, reference=it.booked.reference).rows,
    "by phone": lambda actor, it: find_appointments_for(actor, phone=it.patient.phone_number).rows,
    "by email": lambda actor, _: find_appointments_for(actor, email="a@b.example").rows,
    "count": lambda actor, it: find_appointments_for(actor, phone=it.patient.phone_number).count,
    "history": lambda _, it: history_of("appointment", it.booked.pk),
    "sweeping": lambda actor, _: expire_holds(actor),
    "confirming": lambda actor, it: confirm_holidays(actor, ids=[it.holiday.pk]),
}
VERBS = {
    "see": lambda actor, it: appointment_for(actor, reference=it.booked.reference),
    "move": lambda actor, it: reschedule_appointment(actor, reference=it.booked.reference, start=at(15)),
    "cancel": lambda actor, it: cancel_appointment(actor, reference=it.booked.reference),
    "confirm": lambda actor, it: change_status(actor, reference=it.booked.reference, status=Status.CONFIRMED),
    "check in": lambda actor, it: change_status(
        actor, reference=it.booked.reference, status=Status.CHECKED_IN
    ),
    "let go": lambda actor, it: release_hold(actor, hold_id=it.held.pk),
}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FRONT_DESK, Role.DOCTOR, Role.PATIENT])
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_nobody_of_the_other_hospital_reads_anything(secrets, other_hospital, other_people, role, read):
    with inside(other_hospital), suppress(NotAllowed):
        assert not read(other_people.actor(role), secrets)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FRONT_DESK, Role.DOCTOR, Role.PATIENT])
@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_nobody_of_the_other_hospital_touches_anything(
    secrets, hospital, other_hospital, other_people, role, verb
):
    before = rows_of(hospital)
    with inside(other_hospital), pytest.raises(DomainError) as caught:
        verb(other_people.actor(role), secrets)

    expected = {"not_allowed", "not_found"} if role in (Role.DOCTOR, Role.PATIENT) else {"not_found"}
    assert caught.value.kind in expected
    assert rows_of(hospital) == before


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.PATIENT])
def test_charlie_sees_nothing_even_where_a_door_let_him_into_the_wrong_hospital(
    secrets, other_hospital, other_people, role
):
    with inside(other_hospital):
        charlie = other_people.actor(role)

    assert Appointment.objects.count() == 3
    assert not appointments_for(charlie).exists()
    for criteria in ({"phone": secrets.patient.phone_number}, {"reference": secrets.booked.reference}, {}):
        assert find_appointments_for(charlie, **criteria).count == 0
    for verb in ("see", "move", "cancel", "confirm", "check in"):
        with pytest.raises(NotFound):
            VERBS[verb](charlie, secrets)


def test_the_same_questions_have_answers_at_home(secrets, people):
    """Else the tests above would prove nothing."""
    admin = people.actor(Role.ADMIN)

    for name, read in READS.items():
        assert read(admin, secrets), name
    for name in ("see", "confirm", "move", "let go", "check in", "cancel"):
        VERBS[name](admin, secrets)


def test_one_reference_may_be_two_bookings_in_two_hospitals(secrets, other_hospital, other_people):
    with inside(other_hospital):
        desk = other_people.actor(Role.FRONT_DESK)
        theirs = book(desk, HealthcareService.objects.get(), at(9))
        Appointment.objects.filter(pk=theirs.pk).update(reference=secrets.booked.reference)

        found = appointment_for(desk, reference=secrets.booked.reference)
        assert (found.pk, found.guest_name) == (theirs.pk, "Malee Srisuk")
        cancel_appointment(desk, reference=secrets.booked.reference)
    assert Appointment.objects.get(pk=secrets.booked.pk).status == "SCHEDULED"


def test_a_full_hospital_takes_no_slot_of_the_other(desk, check_up, other_hospital, other_people):
    for number in range(14):
        hour, half = divmod(number, 2)
        book(desk, check_up, at((9, 10, 11, 13, 14, 15, 16)[hour], 30 * half))

    tomorrow = {"date_from": coming_day(), "date_until": coming_day()}
    assert availability_for(desk, service_id=check_up.pk, **tomorrow).slots == []
    with inside(other_hospital):
        theirs, service = other_people.actor(Role.PATIENT), HealthcareService.objects.get()
        assert len(availability_for(theirs, service_id=service.pk, **tomorrow).slots) == 14
        month = month_for(theirs, service_id=service.pk, month=coming_day())
        assert month.free_by_day[coming_day()] == 14


def test_services_are_those_of_the_hospital_alone(secrets, check_up, other_hospital, other_people):
    HealthcareService.objects.update(name_en="Secret service")

    with inside(other_hospital):
        (service,) = services_for(other_people.actor(Role.PATIENT))
        assert service.name_en == "check-up"
        # The very same id leads to another row there.
        assert service.pk == check_up.pk


def test_a_practitioner_of_one_hospital_cannot_be_booked_in_the_other(secrets, other_hospital, other_people):
    with inside(other_hospital):
        desk, service = other_people.actor(Role.FRONT_DESK), HealthcareService.objects.get()
        asked = {"service_id": service.pk, "start": at(14), "practitioner_id": str(secrets.doctor.pk)}
        with pytest.raises(PractitionerNotFound):
            book_appointment(desk, guest=guest(), **asked)
        with pytest.raises(PractitionerNotFound):
            hold_slot(desk, **asked)


def test_a_hold_of_one_hospital_books_nothing_in_the_other(secrets, other_hospital, other_people):
    with inside(other_hospital):
        desk, service = other_people.actor(Role.FRONT_DESK), HealthcareService.objects.get()
        with refused("hold_expired"):
            book(desk, service, at(10), hold_id=secrets.held.pk)
    assert Appointment.objects.get(pk=secrets.held.pk).status == "HELD"


def test_one_phone_and_name_is_a_patient_of_each_hospital(secrets, other_hospital, other_people):
    with inside(other_hospital):
        before = Patient.objects.count()
        service = HealthcareService.objects.get()
        row = book(
            other_people.actor(Role.FRONT_DESK), service, at(9),
            guest=guest(secrets.patient.name, secrets.patient.phone_number),
        )  # fmt: skip
        assert row.patient.pk != secrets.patient.pk
        assert Patient.objects.count() == before + 1


def test_the_platform_itself_sees_no_appointments_without_a_grant(secrets):
    assert not appointments_for(Actor.system("sweep")).exists()
