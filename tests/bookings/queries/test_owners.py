"""Whose something is, for many listeners at once: the same as each of them would be shown."""

from uuid import uuid4

from accounts.permissions import Role
from bookings.queries.appointments import appointments_for
from bookings.queries.owners import doctors_of_patients, owners_of_appointments, owners_of_waiting
from bookings.queries.patients import patients_for
from tests.support.catalogue import make_practitioner, make_service
from tests.support.rows import TEN, insert_appointment, minutes
from tests.support.statements import counted


def test_an_appointment_belongs_to_those_who_are_shown_it(in_hospital, people):
    bob, eve = people.dr_bob, make_practitioner("Dr Eve", hours=False)
    service = make_service(bob, eve)
    rows = {
        insert_appointment(service, who, start=TEN + minutes(60 * hour), patient_id=patient)
        for hour, (who, patient) in enumerate(
            [(bob, None), (bob, people.alice.pk), (eve, people.alice.pk), (eve, None)]
        )
    }
    owners = owners_of_appointments(rows)

    doctor, patient = people.actor(Role.DOCTOR), people.actor(Role.PATIENT)
    theirs = set(appointments_for(doctor).values_list("pk", flat=True))
    own = set(appointments_for(patient).values_list("pk", flat=True))
    assert {key for key in rows if bob.pk in owners[key].practitioners} == theirs
    assert {key for key in rows if people.alice.pk in owners[key].patients} == own
    assert (len(theirs), len(own)) == (2, 2)


def test_a_doctors_patients_are_those_whom_they_are_shown(in_hospital, people):
    bob = people.dr_bob
    service = make_service(bob)
    doctor = people.actor(Role.DOCTOR)
    assert doctors_of_patients([people.alice.pk]) == {}
    assert not patients_for(doctor).exists()

    insert_appointment(service, bob, patient_id=people.alice.pk)

    assert doctors_of_patients([people.alice.pk])[people.alice.pk].practitioners == {bob.pk}
    assert patients_for(doctor).get() == people.alice


def test_what_is_not_there_belongs_to_nobody(in_hospital):
    for owners_of in (owners_of_appointments, owners_of_waiting, doctors_of_patients):
        assert owners_of([uuid4()]) == {}


def test_nothing_costs_nothing_and_many_cost_one_statement(in_hospital):
    with counted() as none:
        owners_of_appointments([])
    with counted() as one:
        owners_of_appointments([uuid4() for _ in range(50)])

    assert (len(none), len(one)) == (0, 1)
