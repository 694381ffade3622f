"""Who cares for some patients: the same as each doctor would be let read."""

from uuid import uuid4

import pytest

from accounts.permissions import Role
from records.queries.care import readable_patients
from records.queries.carers import carers_of
from tests.support.catalogue import make_service
from tests.support.rows import insert_appointment
from tests.support.statements import counted


@pytest.mark.parametrize(
    ("status", "cares"), [("COMPLETED", True), ("SCHEDULED", True), ("CANCELLED", False)]
)
def test_who_has_a_visit_cares_unless_it_was_cancelled(in_hospital, people, status, cares):
    bob, alice = people.dr_bob, people.alice
    insert_appointment(make_service(bob), bob, patient_id=alice.pk, status=status)

    assert carers_of([alice.pk]) == ({alice.pk: {bob.pk}} if cares else {})
    assert readable_patients(people.actor(Role.DOCTOR), "records").filter(pk=alice.pk).exists() is cares


def test_nobody_cares_for_who_is_not_there_and_many_cost_one_statement(in_hospital):
    with counted() as statements:
        assert carers_of([]) == {}
        assert carers_of([uuid4() for _ in range(50)]) == {}

    assert len(statements) == 1
