import pytest

from accounts.permissions import Role
from bookings.actions.consent import give_consent, withdraw_consent
from bookings.models import ConsentKind, PatientConsent
from core.actor import Door
from core.errors import NotAllowed
from events.outbox import history_of
from tests.support.booking import refused

TREATMENT = ConsentKind.TREATMENT


def live(people) -> list[tuple[str, str]]:
    found = PatientConsent.objects.filter(patient=people.alice, withdrawn_at=None)
    return [(row.kind, row.version) for row in found]


def test_a_consent_is_noted_with_its_text_its_time_and_its_door(in_hospital, people):
    nurse = people.actor(Role.NURSE, Door.MCP)

    row = give_consent(nurse, patient_id=people.alice.pk, kind=TREATMENT, version=" 2026-1 ")

    kept = PatientConsent.objects.get(pk=row.pk)
    assert (kept.version, kept.given_door, kept.withdrawn_at, kept.withdrawn_door) == (
        "2026-1", "mcp", None, "",
    )  # fmt: skip
    [event] = history_of("patient", people.alice.pk)
    assert (event.type, event.data) == ("patient.consent_given", {"consent_id": str(row.pk)})


def test_once_more_to_the_same_text_changes_nothing(desk, people):
    first = give_consent(desk, patient_id=people.alice.pk, kind=TREATMENT, version="1")
    second = give_consent(desk, patient_id=people.alice.pk, kind=TREATMENT, version="1")

    assert first == second
    assert PatientConsent.objects.count() == 1
    assert len(history_of("patient", people.alice.pk)) == 1


def test_a_consent_to_a_newer_text_ends_the_one_before(desk, people):
    give_consent(desk, patient_id=people.alice.pk, kind=TREATMENT, version="1")
    give_consent(desk, patient_id=people.alice.pk, kind=TREATMENT, version="2")

    assert live(people) == [("TREATMENT", "2")]
    assert PatientConsent.objects.count() == 2


def test_withdrawing_keeps_the_row_and_leaves_other_kinds_alone(desk, people):
    give_consent(desk, patient_id=people.alice.pk, kind=TREATMENT, version="1")
    give_consent(desk, patient_id=people.alice.pk, kind=ConsentKind.REMINDERS, version="1")

    row = withdraw_consent(desk, patient_id=people.alice.pk, kind=TREATMENT)

    assert live(people) == [("REMINDERS", "1")]
    assert (row.withdrawn_door, row.given_at <= row.withdrawn_at) == ("admin", True)
    event = history_of("patient", people.alice.pk)[-1]
    assert (event.type, event.data) == ("patient.consent_withdrawn", {"consent_id": str(row.pk)})
    give_consent(desk, patient_id=people.alice.pk, kind=TREATMENT, version="1")
    assert PatientConsent.objects.filter(kind=TREATMENT).count() == 2


def test_withdrawing_what_was_not_given_is_no_fault(desk, people):
    assert withdraw_consent(desk, patient_id=people.alice.pk, kind=TREATMENT) is None
    assert history_of("patient", people.alice.pk) == []


def test_a_consent_names_its_text(desk, people):
    with refused("invalid") as caught:
        give_consent(desk, patient_id=people.alice.pk, kind=TREATMENT, version=" ")
    assert list(caught.value.data["fields"]) == ["version"]


def test_who_may_not_change_patients_may_not_note_consents(alice, people):
    with pytest.raises(NotAllowed):
        give_consent(alice, patient_id=people.alice.pk, kind=TREATMENT, version="1")
    with pytest.raises(NotAllowed):
        withdraw_consent(alice, patient_id=people.alice.pk, kind=TREATMENT)


def test_another_hospitals_patient_is_not_found(desk, other_people):
    with refused("patient_not_found"):
        give_consent(desk, patient_id=other_people.alice.pk, kind=TREATMENT, version="1")
    with refused("patient_not_found"):
        withdraw_consent(desk, patient_id=other_people.alice.pk, kind=TREATMENT)
