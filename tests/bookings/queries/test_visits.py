"""Staff's lists: appointments by day, doctor, patient and status; a doctor's day; patients."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from accounts.permissions import Role
from bookings.actions.consent import give_consent, withdraw_consent
from bookings.actions.insurance import save_insurance
from bookings.actions.patients import name_key
from bookings.models import ConsentKind, Patient, PatientInsurance, Scheme
from bookings.queries.appointments import appointment_by_id_for, list_appointments_for
from bookings.queries.availability import day_for
from bookings.queries.doctor_days import doctor_day_for
from bookings.queries.patients import patient_for, patients_for, with_cover
from bookings.rules.statuses import Status
from bookings.serializers.patients import PatientSerializer
from bookings.serializers.visits import AppointmentSerializer, DoctorDaySerializer
from tests.support.booking import book, refused, set_status
from tests.support.catalogue import at, coming_day, guest, make_practitioner, make_service
from tests.support.rows import insert_appointment
from tests.support.statements import counted


def starts(page) -> list[str]:
    return [f"{row.start:%H:%M}" for row in page.rows]


# ── appointments ──────────────────────────────────────────────────────────────
def test_days_are_those_of_the_hospitals_clocks(desk, check_up, dr_bob):
    # Bangkok's 1 December is from 17:00 UTC of 30 November to 17:00 UTC.
    for day, hour in ((30, 16), (30, 17), (1, 16), (1, 17)):
        month = 11 if day == 30 else 12
        insert_appointment(check_up, dr_bob, start=datetime(2026, month, day, hour, tzinfo=UTC))
    first = date(2026, 12, 1)

    assert starts(list_appointments_for(desk, date_from=first, date_until=first)) == ["17:00", "16:00"]
    assert list_appointments_for(desk, date_from=first).count == 3
    assert list_appointments_for(desk, date_until=first).count == 3


def test_with_a_first_day_the_earliest_comes_first_and_without_it_the_latest(desk, check_up):
    for hour in (9, 10, 11):
        book(desk, check_up, at(hour), guest=guest(f"Guest {hour}", f"081111{hour:04}"))
    upwards = list_appointments_for(desk, date_from=coming_day(), limit=2)
    downwards = list_appointments_for(desk, limit=2)

    assert starts(upwards) == ["02:00", "03:00"]
    assert starts(downwards) == ["04:00", "03:00"]
    rest = list_appointments_for(desk, date_from=coming_day(), limit=2, after=upwards.next_after)
    assert (starts(rest), rest.next_after, rest.count) == (["04:00"], None, 3)
    assert starts(list_appointments_for(desk, limit=2, after=downwards.next_after)) == ["02:00"]


def test_everything_that_is_given_must_match(desk, people, check_up, dr_bob, dr_eve):
    mine = guest(people.alice.name, people.alice.phone_number)
    one = book(desk, check_up, at(9), guest=mine, practitioner_id=str(dr_bob.pk))
    two = book(desk, check_up, at(10), guest=mine, practitioner_id=str(dr_eve.pk))
    three = book(desk, check_up, at(11), practitioner_id=str(dr_eve.pk))
    set_status(three, "CONFIRMED")

    def found(**asked):
        return {row.pk for row in list_appointments_for(desk, **asked).rows}

    assert found(patient_id=people.alice.pk) == {one.pk, two.pk}
    assert found(practitioner_id=dr_eve.pk) == {two.pk, three.pk}
    assert found(patient_id=people.alice.pk, practitioner_id=dr_eve.pk) == {two.pk}
    assert found(status=Status.CONFIRMED) == {three.pk}
    assert found(status=Status.CANCELLED) == set()
    assert found(patient_id=uuid4()) == set()


@pytest.mark.parametrize("day", [date.min, date(2399, 12, 31)])
def test_days_at_the_ends_of_the_calendar_upset_nobody(desk, check_up, day):
    book(desk, check_up, at(9))

    counts = {list_appointments_for(desk, **{name: day}).count for name in ("date_from", "date_until")}
    assert counts == {0, 1}


def test_a_last_day_before_the_first_is_refused(desk):
    with refused("invalid") as caught:
        list_appointments_for(desk, date_from=coming_day(2), date_until=coming_day())
    assert list(caught.value.data["fields"]) == ["date_to"]


def test_a_patient_and_a_doctor_list_their_own(in_hospital, people, desk, alice, check_up, dr_eve):
    mine = guest(people.alice.name, people.alice.phone_number)
    one = book(desk, check_up, at(9), guest=mine, practitioner_id=str(dr_eve.pk))
    two = book(desk, check_up, at(9), practitioner_id=str(people.dr_bob.pk))

    assert [row.pk for row in list_appointments_for(alice).rows] == [one.pk]
    assert [row.pk for row in list_appointments_for(people.actor(Role.DOCTOR)).rows] == [two.pk]
    with refused("booking_not_found"):
        appointment_by_id_for(alice, appointment_id=two.pk)
    assert appointment_by_id_for(alice, appointment_id=one.pk).patient == people.alice


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_two_statements_however_long_it_is(desk, check_up, count):
    for number in range(count):
        book(desk, check_up, at(9 + number), guest=guest(f"G {number}", f"081111111{number}"))

    with counted() as statements:
        page = list_appointments_for(desk)
        AppointmentSerializer(page.rows, many=True).data  # noqa: B018
    assert len(statements) == 2, statements


# ── a doctor's day, a day of an event type ────────────────────────────────────
@pytest.mark.parametrize("count", [1, 3])
def test_a_doctors_day_takes_two_statements_however_much_they_offer(desk, in_hospital, count):
    doctor = make_practitioner("Dr Many")
    for number in range(count):
        make_service(doctor, slug=f"service-{number}", duration_minutes=60, slot_interval=60)
    doctor_day_for(desk, practitioner_id=str(doctor.pk), day=coming_day())

    with counted() as statements:
        found = doctor_day_for(desk, practitioner_id=str(doctor.pk), day=coming_day())
    assert len(statements) == 2, statements
    assert len(found.slots) == 7 * count


def test_a_doctors_day_names_each_time_once_and_what_it_is_for(desk, in_hospital):
    doctor = make_practitioner("Dr Two Things")
    long = make_service(doctor, slug="long", duration_minutes=60, slot_interval=60)
    short = make_service(doctor, slug="short", duration_minutes=30, slot_interval=30)
    book(desk, short, at(9, 30))

    told = DoctorDaySerializer().to_representation(
        doctor_day_for(desk, practitioner_id=str(doctor.pk), day=coming_day())
    )

    assert told["available_times"][:4] == ["09:00", "10:00", "10:30", "11:00"]
    assert [(slot["time"], slot["event_type"]["id"]) for slot in told["slots"]][:3] == [
        ("09:00", short.pk), ("10:00", long.pk), ("10:00", short.pk),
    ]  # fmt: skip
    assert told["count"] == len(told["slots"])


def test_a_doctors_day_of_one_event_type_and_of_strangers(desk, in_hospital, check_up, dr_bob):
    other = make_service(make_practitioner("Dr Else"), slug="else")
    found = doctor_day_for(desk, practitioner_id=str(dr_bob.pk), day=coming_day(), service_id=check_up.pk)

    assert len(found.slots) == 14
    assert doctor_day_for(desk, practitioner_id=str(dr_bob.pk), day=coming_day(-3)).slots == []
    for whose, what in ((str(dr_bob.pk), other.pk), (str(uuid4()), None)):
        with refused("provider_not_found"):
            doctor_day_for(desk, practitioner_id=whose, day=coming_day(), service_id=what)
    with refused("event_type_not_found"):
        doctor_day_for(desk, practitioner_id=str(dr_bob.pk), day=coming_day(), service_id=999_999)


def test_a_day_without_a_free_time_comes_with_the_nearest_ones(desk, check_up, dr_bob):
    full, _ = day_for(desk, service_id=check_up.pk, day=coming_day())
    for slot in full.slots:
        insert_appointment(check_up, dr_bob, start=datetime.fromtimestamp(slot.start, UTC))

    found, near = day_for(desk, service_id=check_up.pk, day=coming_day())

    assert (found.slots, len(near)) == ([], 3)
    days = {datetime.fromtimestamp(slot.start, UTC).date() for slot in near}
    assert days == {coming_day(2)}


@pytest.mark.parametrize("day", [date.min, date(2399, 12, 31)])
def test_a_day_far_off_has_nothing_and_upsets_nobody(desk, check_up, day):
    found, near = day_for(desk, service_id=check_up.pk, day=day)

    assert found.slots == []
    assert all(slot.start for slot in near)


def test_a_day_with_free_times_needs_no_others(desk, check_up):
    found, near = day_for(desk, service_id=check_up.pk, day=coming_day())

    assert (len(found.slots), near) == (14, [])


# ── patients ──────────────────────────────────────────────────────────────────
@pytest.fixture
def ben(desk) -> Patient:
    return Patient.objects.create(
        name="Ben Dee", name_key=name_key("Ben Dee"), phone_number="+66811111111", email="Ben@example.org",
        hospital_number="HN7", is_active=False,
    )  # fmt: skip


def test_a_patient_is_told_with_their_cover_and_what_they_agree_to_now(desk, people):
    save_insurance(desk, PatientInsurance(patient=people.alice, scheme=Scheme.SSS))
    save_insurance(
        desk,
        PatientInsurance(
            patient=people.alice, scheme=Scheme.PRIVATE, insurer="AIA", policy_number="P-1", is_primary=True,
            valid_from=date(2026, 1, 1),
        ),
    )  # fmt: skip
    for kind in (ConsentKind.TREATMENT, ConsentKind.REMINDERS):
        give_consent(desk, patient_id=people.alice.pk, kind=kind, version="2026-1")
    withdraw_consent(desk, patient_id=people.alice.pk, kind=ConsentKind.REMINDERS)

    [told] = PatientSerializer(with_cover(patients_for(desk)), many=True).data

    assert (told["id"], told["name"]) == (str(people.alice.pk), people.alice.name)
    assert [(one["scheme"], one["is_primary"]) for one in told["insurance"]] == [
        ("PRIVATE", True), ("SSS", False),
    ]  # fmt: skip
    assert told["insurance"][0]["valid_from"] == "2026-01-01"
    assert [(one["kind"], one["version"]) for one in told["consents"]] == [("TREATMENT", "2026-1")]


@pytest.mark.parametrize("count", [1, 3])
def test_patients_take_three_statements_however_many_they_are(desk, people, count):
    for number in range(count):
        row = Patient.objects.create(name=f"P {number}", name_key=f"p {number}")
        save_insurance(desk, PatientInsurance(patient=row, scheme=Scheme.UCS))
        give_consent(desk, patient_id=row.pk, kind=ConsentKind.TREATMENT, version="1")

    with counted() as statements:
        PatientSerializer(with_cover(patients_for(desk)), many=True).data  # noqa: B018
    assert len(statements) == 3, statements


def test_a_doctor_finds_the_patients_of_their_own_visits_and_a_patient_none(
    in_hospital, people, desk, alice, check_up, ben
):
    book(desk, check_up, at(9), guest=guest("Ben Dee", "0811111111"), practitioner_id=str(people.dr_bob.pk))
    bob = people.actor(Role.DOCTOR)

    assert list(patients_for(bob)) == [ben]
    assert list(patients_for(alice)) == []
    with refused("patient_not_found"):
        patient_for(bob, patient_id=people.alice.pk)


def test_of_another_hospitals_people_nothing_is_found(desk, people, other_people, check_up):
    assert other_people.alice.pk not in {row.pk for row in patients_for(desk)}
    with refused("patient_not_found"):
        patient_for(desk, patient_id=other_people.alice.pk)
    with refused("provider_not_found"):
        doctor_day_for(desk, practitioner_id=str(other_people.dr_bob.pk), day=coming_day())
    assert list_appointments_for(desk, patient_id=other_people.alice.pk).count == 0
