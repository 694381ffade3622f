"""Somebody who has proven a phone becomes the patient of that phone and name."""

import pytest
from django.db import transaction
from django.utils.translation import override

from accounts.permissions import GRANTS
from bookings.actions.claiming import claim_patient
from bookings.errors import CodeNeeded, PatientInactive
from bookings.models import Patient
from core.actor import Actor, Door
from core.errors import InvalidInput, NotAllowed
from events.outbox import history_of
from tenants.context import inside
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.threads import reasons, together, winners

STRANGER = Actor(door=Door.TELEGRAM, grants=frozenset({"patients.claim"}))
PHONE = "+66899999999"


def claim(name="Somchai Jaidee", phone=PHONE, *, by_code=False, language="th"):
    return claim_patient(STRANGER, name=name, phone=phone, by_code=by_code, language=language)


@pytest.mark.parametrize("by_code", [False, True])
@pytest.mark.parametrize("language", ["th", "en"])
def test_somebody_new_is_registered_in_their_language(in_hospital, by_code, language):
    claimed = claim("  Mr. Somchai   Jaidee ", by_code=by_code, language=language)

    assert claimed.is_new
    patient = Patient.objects.get(pk=claimed.patient_id)
    assert (patient.name, patient.phone_number, patient.language) == ("Mr. Somchai Jaidee", PHONE, language)
    [event] = history_of("patient", patient.pk)
    assert (event.type, event.door, event.data) == ("patient.registered", "telegram", {})


def test_a_patient_who_was_there_before_is_handed_out_by_a_code_alone(in_hospital, people):
    with pytest.raises(CodeNeeded) as caught:
        claim("ALICE Ploy", people.alice.phone_number)
    assert (caught.value.reason, caught.value.data) == ("code_needed", {})

    claimed = claim("ALICE Ploy", people.alice.phone_number, by_code=True, language="en")
    assert (claimed.patient_id, claimed.is_new) == (people.alice.pk, False)
    people.alice.refresh_from_db()
    assert (people.alice.name, people.alice.language) == ("Alice ploy", "th")
    assert history_of("patient", people.alice.pk) == []


def test_a_guest_of_an_earlier_booking_was_there_before(desk, check_up):
    row = book(desk, check_up, at(9), guest=guest("Somchai Jaidee", PHONE))

    with pytest.raises(CodeNeeded):
        claim()
    assert claim(by_code=True).patient_id == row.patient_id


def test_somebody_else_of_the_same_phone_is_another_patient(in_hospital, people):
    claimed = claim("Bert Ploy", people.alice.phone_number)

    assert claimed.is_new
    assert claimed.patient_id != people.alice.pk


def test_a_patient_whose_record_is_closed_is_sent_to_the_hospital(in_hospital, people):
    Patient.objects.filter(pk=people.alice.pk).update(is_active=False)

    with pytest.raises(PatientInactive) as caught:
        claim("Alice Ploy", people.alice.phone_number, by_code=True)
    with override("en"):
        assert "call the hospital" in str(caught.value)


def test_nobody_learns_without_a_code_that_a_record_is_closed(in_hospital, people):
    Patient.objects.filter(pk=people.alice.pk).update(is_active=False)

    with pytest.raises(CodeNeeded):
        claim("Alice Ploy", people.alice.phone_number)


def test_the_patient_of_another_hospital_is_new_here(in_hospital, other_people, other_hospital):
    assert claim("Alice Rama", other_people.alice.phone_number).is_new
    with inside(other_hospital):
        assert Patient.objects.filter(pk=other_people.alice.pk).exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "guest_name"), ({"name": "x" * 201}, "guest_name"), ({"phone": ""}, "guest_phone"),
        ({"phone": "12"}, "guest_phone"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_by_its_field(in_hospital, given, field):
    with pytest.raises(InvalidInput) as caught:
        claim(**given)

    assert list(caught.value.data["fields"]) == [field]


@pytest.mark.parametrize("role", GRANTS)
def test_no_role_claims_patients(in_hospital, role):
    actor = Actor(door=Door.TELEGRAM, grants=GRANTS[role], role=role)

    with pytest.raises(NotAllowed):
        claim_patient(actor, name="A", phone=PHONE, by_code=True, language="th")
    assert not Patient.objects.filter(phone_number=PHONE).exists()


def test_what_is_undone_with_the_claim_leaves_no_patient(in_hospital):
    with transaction.atomic():
        assert claim().is_new
        transaction.set_rollback(True)

    assert not Patient.objects.filter(phone_number=PHONE).exists()


def test_of_many_claims_at_once_one_registers(fresh_hospital):
    outcomes = together(fresh_hospital, [claim] * 8)

    [winner] = winners(outcomes)
    assert winner.is_new
    assert reasons(outcomes) == ["code_needed"] * 7
    patient = Patient.objects.get(phone_number=PHONE)
    assert len(history_of("patient", patient.pk)) == 1


def test_many_claims_by_code_at_once_find_one_patient(fresh_hospital):
    outcomes = together(fresh_hospital, [lambda: claim(by_code=True)] * 8)

    assert len({claimed.patient_id for claimed in outcomes}) == 1
    assert [claimed.is_new for claimed in outcomes].count(True) == 1
