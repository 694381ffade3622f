from datetime import date

import pytest

from accounts.permissions import Role
from bookings.actions.insurance import remove_insurance, save_insurance
from bookings.models import PatientInsurance, Scheme
from core.errors import NotAllowed
from events.outbox import history_of
from tests.support.booking import refused


def insurance(people, **fields) -> PatientInsurance:
    return PatientInsurance(**{"patient": people.alice, "scheme": Scheme.UCS, **fields})


def primaries(people) -> list[str]:
    found = PatientInsurance.objects.filter(patient=people.alice, is_primary=True)
    return [row.scheme for row in found]


def test_insurance_is_written_down_with_an_event_that_tells_ids_alone(desk, people):
    row = save_insurance(
        desk,
        insurance(
            people, scheme=Scheme.PRIVATE, insurer="Muang Thai", policy_number="P-1", is_primary=True,
            valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31),
        ),
    )  # fmt: skip

    assert PatientInsurance.objects.get(pk=row.pk).policy_number == "P-1"
    [event] = history_of("patient", people.alice.pk)
    assert event.type == "patient.insurance_changed"
    assert (event.data, event.changes) == ({"insurance_id": str(row.pk)}, {})


def test_a_new_primary_one_takes_that_from_the_one_before(desk, people):
    save_insurance(desk, insurance(people, is_primary=True))
    second = save_insurance(desk, insurance(people, scheme=Scheme.SSS, is_primary=True))
    assert primaries(people) == ["SSS"]

    second.is_primary = False
    save_insurance(desk, second)
    assert primaries(people) == []


def test_what_was_entered_by_mistake_goes_with_an_event(desk, people):
    row = save_insurance(desk, insurance(people))
    key = str(row.pk)

    remove_insurance(desk, row)

    assert not PatientInsurance.objects.exists()
    assert history_of("patient", people.alice.pk)[-1].data == {"insurance_id": key, "removed": True}


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.PATIENT])
def test_who_may_not_change_patients_may_not_change_their_insurance(in_hospital, people, role):
    actor = people.actor(role)

    with pytest.raises(NotAllowed):
        save_insurance(actor, insurance(people))
    with pytest.raises(NotAllowed):
        remove_insurance(actor, insurance(people))


def test_another_hospitals_patient_is_not_found(desk, other_people):
    row = PatientInsurance(patient_id=other_people.alice.pk, scheme=Scheme.UCS)

    with refused("patient_not_found"):
        save_insurance(desk, row)
    with refused("patient_not_found"):
        remove_insurance(desk, row)
