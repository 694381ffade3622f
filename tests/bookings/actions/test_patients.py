import pytest
from django.db import IntegrityError, transaction

from bookings.actions.appointments import reschedule_appointment
from bookings.actions.holds import hold_slot
from bookings.actions.patients import Guest, name_key, normalise_phone, register_patient
from bookings.models import Appointment, Patient
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from events.models import Event
from events.outbox import history_of
from tests.support.booking import alternatives_of, book, refused
from tests.support.catalogue import at, coming_day, guest


@pytest.mark.parametrize(
    "spelling",
    ["0812345678", "081-234-5678", "081 234 5678", "(081) 234-5678", "+66812345678", "+66 (0)81 234 5678",
     " 081.234.5678 ", "๐๘๑๒๓๔๕๖๗๘", "０８１２３４５６７８", "tel:+66-81-234-5678"],
)  # fmt: skip
def test_a_phone_number_is_one_however_it_is_written(spelling):
    assert normalise_phone(spelling) == "+66812345678"


@pytest.mark.parametrize(
    ("spelling", "number"),
    [
        ("+1 202 555 0143", "+12025550143"),
        ("+44 20 7946 0958", "+442079460958"),
        ("02-123-4567", "+6621234567"),
    ],
)
def test_numbers_of_other_countries_and_of_land_lines_are_kept(spelling, number):
    assert normalise_phone(spelling) == number


@pytest.mark.parametrize("spelling", ["", "   "])
def test_no_phone_number_stays_none(spelling):
    assert normalise_phone(spelling) == ""


@pytest.mark.parametrize("spelling", ["12", "hello", "081234567890123", "+999 12345678", "0812345678" * 30])
def test_what_is_no_phone_number_is_refused_by_its_field(spelling):
    with pytest.raises(InvalidInput) as caught:
        normalise_phone(spelling, field="new_phone")
    assert list(caught.value.data["fields"]) == ["new_phone"]


@pytest.mark.parametrize(
    "name",
    ["Somchai Jaidee", "somchai jaidee", "SOMCHAI  JAIDEE", "Mr.  Somchai JAIDEE", "Mr Somchai Jaidee",
     " Dr. Somchai\tJaidee ", "Khun Somchai Jaidee", "Ｓｏｍｃｈａｉ Jaidee"],
)  # fmt: skip
def test_titles_case_and_spaces_make_no_other_person(name):
    assert name_key(name) == "somchai jaidee"


@pytest.mark.parametrize(
    "name", ["สมชาย ใจดี", "นาย สมชาย  ใจดี", "นายสมชาย ใจดี", "คุณสมชาย ใจดี", "ด.ช.สมชาย ใจดี", "เด็กชายสมชาย ใจดี"]
)
def test_thai_titles_make_no_other_person(name):
    assert name_key(name) == name_key("สมชาย ใจดี")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Somchai Jaidee", "Somchai Jaide"), ("Missy Elliott", "y Elliott"), ("Drew Barry", "ew Barry")],
)
def test_other_names_are_other_people(one, other):
    assert name_key(one) != name_key(other)


def test_a_name_that_is_nothing_but_a_title_is_kept():
    assert name_key("Dr.") == "dr."


def test_a_name_whose_letters_unfold_still_has_a_key_that_fits(desk, check_up):
    book(desk, check_up, at(9), guest=guest("ำ" * 200))

    assert len(Patient.objects.get(phone_number="+66898765432").name_key) == 200


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "guest_name"),
        ({"name": "x" * 201}, "guest_name"),
        ({"name": "Ann", "phone": "12"}, "guest_phone"),
        ({"name": "Ann", "email": "ann at home"}, "guest_email"),
    ],
)
def test_a_guest_who_cannot_be_right_is_refused_by_the_field(given, field):
    with pytest.raises(InvalidInput) as caught:
        Guest.of(**given)
    assert list(caught.value.data["fields"]) == [field]


def test_a_guests_words_are_tidied():
    ann = Guest.of(name="  Ann \t Lee ", phone="081 234 5678", email=" ANN@Example.org ")

    assert (ann.name, ann.phone, ann.email) == ("Ann Lee", "+66812345678", "ann@example.org")


def test_a_guest_with_a_phone_becomes_a_patient_and_is_found_again(desk, check_up):
    first = book(desk, check_up, at(9), guest=guest("Mr.  Somchai JAIDEE", "081-111-2222", "s@example.org"))
    second = book(desk, check_up, at(10), guest=guest("somchai jaidee", "+66811112222"))

    assert first.patient == second.patient
    patient = Patient.objects.get(phone_number="+66811112222")
    assert (patient.name, patient.email) == ("Mr. Somchai JAIDEE", "s@example.org")
    assert [event.type for event in history_of("patient", patient.pk)] == ["patient.registered"]


def test_a_guest_who_is_known_becomes_that_patient(desk, check_up, people):
    row = book(desk, check_up, at(9), guest=guest("ALICE Ploy", "081 234 5678"))

    assert row.patient == people.alice


def test_a_guest_without_a_phone_is_no_patient(desk, check_up):
    before = Patient.objects.count()
    row = book(desk, check_up, at(9), guest=guest("Nobody Known", ""))

    assert row.patient is None
    assert Patient.objects.count() == before


def test_guests_without_a_phone_may_share_a_name_and_a_time(desk, check_up, dr_bob, dr_eve):
    for doctor in (dr_bob, dr_eve):
        book(desk, check_up, at(9), guest=guest("Nobody Known", ""), practitioner_id=str(doctor.pk))

    assert Appointment.objects.count() == 2


def test_a_family_shares_a_phone_and_may_come_at_the_same_time(desk, check_up, dr_eve):
    mother = book(desk, check_up, at(9), guest=guest("Malee Srisuk"))
    child = book(desk, check_up, at(9), guest=guest("Ploy Srisuk"))

    assert mother.patient != child.patient
    assert mother.patient.phone_number == child.patient.phone_number


def test_a_patient_cannot_be_in_two_places_and_is_offered_other_times(desk, check_up, dr_bob, dr_eve):
    book(desk, check_up, at(10), practitioner_id=str(dr_bob.pk))

    with refused("patient_busy") as caught:
        book(desk, check_up, at(10), practitioner_id=str(dr_eve.pk))
    day = coming_day().isoformat()
    assert alternatives_of(caught) == [f"{day}T{hour}:00+07:00" for hour in ("09:30", "10:30", "09:00")]
    assert Appointment.objects.count() == 1


def test_a_hold_cannot_bring_a_patient_to_two_places(desk, check_up, dr_bob, dr_eve):
    book(desk, check_up, at(10), practitioner_id=str(dr_bob.pk))
    held = hold_slot(desk, service_id=check_up.pk, start=at(10), practitioner_id=str(dr_eve.pk))

    with refused("patient_busy") as caught:
        book(desk, check_up, at(10), hold_id=held.pk)
    assert len(alternatives_of(caught)) == 3
    assert Appointment.objects.get(pk=held.pk).status == "HELD"


def test_a_move_cannot_bring_a_patient_to_two_places(desk, check_up, dr_bob, dr_eve):
    book(desk, check_up, at(10), practitioner_id=str(dr_bob.pk))
    moving = book(desk, check_up, at(11), practitioner_id=str(dr_eve.pk))

    with refused("patient_busy"):
        reschedule_appointment(desk, reference=moving.reference, start=at(10))
    kept = Appointment.objects.get(pk=moving.pk)
    assert (kept.start, kept.status) == (moving.start, "SCHEDULED")


def test_visits_of_a_patient_may_touch_but_not_overlap(desk, check_up, dr_bob, dr_eve):
    book(desk, check_up, at(10), practitioner_id=str(dr_bob.pk))
    book(desk, check_up, at(10, 30), practitioner_id=str(dr_eve.pk))

    assert Appointment.objects.count() == 2


def test_staff_register_a_patient_in_the_stored_form(desk):
    patient = register_patient(desk, Patient(name="Mr. Anan Dee", phone_number="089 111 2222"))

    patient.refresh_from_db()
    assert (patient.phone_number, patient.name_key) == ("+66891112222", "anan dee")
    assert [event.type for event in history_of("patient", patient.pk)] == ["patient.registered"]


def test_a_changed_patient_is_found_by_the_new_name(desk, people, check_up):
    alice = Patient.objects.get(pk=people.alice.pk)
    alice.name = "Alice Married"
    register_patient(desk, alice)

    assert book(desk, check_up, at(9), guest=guest("alice married", "0812345678")).patient == alice
    assert [event.type for event in history_of("patient", alice.pk)] == ["patient.changed"]


def test_staff_cannot_register_one_person_twice(desk, people):
    twin = Patient(name="Miss alice PLOY", phone_number="081-234-5678")

    with pytest.raises(IntegrityError), transaction.atomic():
        register_patient(desk, twin)
    assert not Event.objects.filter(subject_type="patient").exists()


def test_a_patient_with_a_wrong_phone_is_refused_by_the_field(desk):
    with pytest.raises(InvalidInput) as caught:
        register_patient(desk, Patient(name="Ann", phone_number="12"))
    assert list(caught.value.data["fields"]) == ["phone_number"]


def test_whoever_may_not_write_patients_registers_none(alice):
    with pytest.raises(NotAllowed):
        register_patient(alice, Patient(name="Ann", phone_number="0811112222"))


def test_a_patient_is_registered_with_the_event_or_not_at_all(fresh_hospital):
    unwritable = Actor(door="admin", grants=frozenset({"patients.write"}), role="x" * 50)

    with pytest.raises(Exception, match="too long"):
        register_patient(unwritable, Patient(name="Ann", phone_number="0811112222"))
    assert not Patient.objects.exists()
    register_patient(Actor.system("import", "patients.write"), Patient(name="Ann"))
    assert Event.objects.count() == 1


@pytest.mark.parametrize("name", ["\u200b\u200b", "\u2060 \u200d", "\u0301"])
def test_a_name_that_nobody_can_see_is_no_name(name):
    with pytest.raises(InvalidInput) as refused:
        Guest.of(name=name)

    assert set(refused.value.data["fields"]) == {"guest_name"}
