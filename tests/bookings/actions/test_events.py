"""What is told to others: ids and public facts, never what a patient or a clerk wrote."""

import json
from datetime import time

import pytest
from django.db import transaction

from bookings.actions.appointments import cancel_appointment, change_status, reschedule_appointment
from bookings.actions.asking import ask_to_choose
from bookings.actions.consent import give_consent, withdraw_consent
from bookings.actions.exports import export_appointments, export_patients
from bookings.actions.holds import expire_holds, hold_slot, release_hold
from bookings.actions.insurance import save_insurance
from bookings.actions.notices import send_again
from bookings.actions.patients import Guest, register_patient
from bookings.actions.practitioners import Training, update_doctor_specialties
from bookings.actions.ratings import rate_appointment
from bookings.actions.reminder_settings import set_reminders
from bookings.actions.reminders import plan_reminders
from bookings.actions.schedules import confirm_holidays, suggest_thai_holidays
from bookings.actions.specialties import create_specialty
from bookings.actions.users import create_user, deactivate_user, update_user
from bookings.actions.waiting_list import accept_offer, decline_offer, join_waiting_list, leave_waiting_list
from bookings.events import BookingEvent
from bookings.models import ConsentKind, Holiday, Notice, Patient, PatientInsurance
from bookings.queries.appointments import appointments_for
from bookings.queries.patients import patients_for
from bookings.rules.statuses import Status
from core.actor import Actor
from events.models import Event
from tests.support.booking import book, let_run_out, set_status
from tests.support.catalogue import at
from tests.support.notices import instant, send_all
from tests.support.waiting_list import let_jobs_run, let_offer_run_out, wait

WORDS = ["Wanida", "Sornsakul", "812349999", "wanida@example.org", "pregnant", "quarrelled", "neighbour"]
FACTS = {
    "reference",
    "event_type_id",
    "provider_id",
    "start",
    "status",
    "has_reason",
    "added",
    "days",
    "channel",
    "rating",
    "insurance_id",
    "consent_id",
    "how",
    "fields",
    "specialties",
    "code",
    "count",
    "format",
}
CHANGES = {
    "status", "start", "practitioner", "rating", "role", "is_active", "reminder_time",
    "reminder_least_hours", "notice_channels",
}  # fmt: skip


@pytest.fixture
def wanida():
    return Guest.of(name="Wanida Sornsakul", phone="081-234-9999", email="Wanida@example.org")


@pytest.fixture
def everything_happened(desk, check_up, people, wanida):
    """One of each event that this room records."""
    held = hold_slot(desk, service_id=check_up.pk, start=at(9))
    row = book(desk, check_up, at(9), guest=wanida, notes="Is pregnant.", hold_id=held.pk)
    release_hold(desk, hold_id=hold_slot(desk, service_id=check_up.pk, start=at(10)).pk)
    let_run_out(hold_slot(desk, service_id=check_up.pk, start=at(11)))
    expire_holds(desk)
    reschedule_appointment(desk, reference=row.reference, start=at(10), reason="Her neighbour.")
    change_status(desk, reference=row.reference, status=Status.CONFIRMED, reason="She quarrelled.")
    cancel_appointment(desk, reference=row.reference, reason="She quarrelled.")
    wanida_herself = Patient.objects.get(phone_number="+66812349999")
    wanida_herself.name = "Wanida Neighbour"
    register_patient(desk, wanida_herself)
    admin = people.actor("ADMIN")
    suggest_thai_holidays(admin, year=2027)
    confirm_holidays(admin, ids=Holiday.objects.values_list("pk", flat=True))
    export_patients(desk, rows=patients_for(desk), form="csv")
    export_appointments(desk, rows=appointments_for(desk), form="csv")
    return row


@pytest.fixture
def everybody_was_covered(desk, check_up, people):
    """One of each event about who pays for a patient, what they agree to and what they thought of a visit."""
    whose = people.alice.pk
    save_insurance(desk, PatientInsurance(patient_id=whose, scheme="PRIVATE", insurer="Sornsakul Life"))
    give_consent(desk, patient_id=whose, kind=ConsentKind.TREATMENT, version="Wanida 1")
    withdraw_consent(desk, patient_id=whose, kind=ConsentKind.TREATMENT)
    row = book(desk, check_up, at(16, days=4))
    set_status(row, "COMPLETED")
    rate_appointment(desk, reference=row.reference, rating=1, comment="She quarrelled.")


@pytest.fixture
def everybody_was_hired(people):
    """One of each event about accounts, doctors and specialties."""
    admin = people.actor("ADMIN")
    asked = {"email": "wanida@example.org", "password": "quarrelled-neighbour-7", "first_name": "Wanida"}
    user = create_user(admin, **asked, role="NURSE")
    update_user(admin, user_id=user.pk, last_name="Sornsakul")
    deactivate_user(admin, user_id=user.pk)
    field = create_specialty(admin, code="eyes", name="Eyes")
    learnt = [Training(specialty_id=field.pk, is_primary=True)]
    update_doctor_specialties(admin, doctor_id=people.dr_bob.pk, specialties=learnt)


@pytest.fixture
def everybody_waited(desk, check_up, wanida):
    """One of each event of the waiting list."""

    def free_up(hour):
        row = book(desk, check_up, at(hour, days=2))
        cancel_appointment(desk, reference=row.reference)
        let_jobs_run()

    patient = wait(desk, check_up, guest=wanida)
    free_up(13)
    decline_offer(desk, entry_id=patient)
    free_up(14)
    let_offer_run_out(patient)
    let_jobs_run()
    free_up(15)
    accept_offer(desk, entry_id=patient, notes="Is pregnant.")
    leave_waiting_list(desk, entry_id=wait(desk, check_up, guest=wanida))
    row = book(desk, check_up, at(9, days=5), guest=wanida)
    join_waiting_list(desk, reference=row.reference)
    free_up(9)
    cancel_appointment(desk, reference=row.reference, reason="She quarrelled.")
    let_jobs_run()


@pytest.fixture
def everybody_was_reminded(desk, check_up, people, wanida):
    """One of each event of the notices."""
    admin = people.actor("ADMIN")
    set_reminders(admin, reminder_time=time(17), reminder_least_hours=2, channels=["email"])
    book(desk, check_up, at(15, days=1), guest=wanida)
    book(desk, check_up, at(16, days=1), guest=Guest.of(name="Somsri", phone="081-234-1111", email=""))
    plan_reminders(instant(18))
    send_all()
    without_address = Notice.objects.get(kind="reminder", appointment__guest_name="Somsri")
    send_again(desk, notice_id=without_address.pk)
    with transaction.atomic():
        ask_to_choose(desk, book(desk, check_up, at(9, days=3), guest=wanida), asked_by=without_address.pk)


def test_each_kind_of_event_is_recorded(
    everything_happened, everybody_waited, everybody_was_reminded, everybody_was_covered, everybody_was_hired
):
    assert set(Event.objects.values_list("type", flat=True)) == set(BookingEvent)


def test_no_event_repeats_what_a_person_wrote(
    everything_happened, everybody_waited, everybody_was_reminded, everybody_was_covered, everybody_was_hired
):
    for event in Event.objects.all():
        told = json.dumps([event.data, event.changes, event.subject_id, event.subject_type]).casefold()
        assert [word for word in WORDS if word.casefold() in told] == []


def test_events_carry_known_facts_and_changes_alone(
    everything_happened, everybody_waited, everybody_was_reminded, everybody_was_covered, everybody_was_hired
):
    for event in Event.objects.all():
        assert set(event.data) <= FACTS, event.type
        assert set(event.changes) <= CHANGES, event.type


def test_an_event_tells_the_appointment_as_it_became(everything_happened, check_up, dr_bob):
    row = everything_happened
    told = Event.objects.get(type="booking.cancelled")

    assert (told.subject_type, told.subject_id) == ("appointment", str(row.pk))
    assert told.data == {
        "reference": row.reference, "event_type_id": check_up.pk, "provider_id": str(dr_bob.pk),
        "start": Event.objects.get(type="booking.rescheduled").data["start"], "status": "CANCELLED",
        "has_reason": True,
    }  # fmt: skip


def test_an_event_names_who_did_it(everything_happened, people):
    by = {event.type: event for event in Event.objects.all()}

    assert by["booking.created"].actor_user_id == people.desk.pk
    assert by["holidays.suggested"].actor_role == "ADMIN"


def test_a_long_name_keeps_nobody_from_acting(in_hospital, check_up):
    long = Actor.system("ก" * 201, "appointments.book")

    book(long, check_up, at(9))
    assert set(Event.objects.values_list("actor_label", flat=True)) == {"ก" * 100}
