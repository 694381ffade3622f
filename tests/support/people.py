"""The same few people in each hospital: Adam the administrator, Dr Bob, Nora the nurse, Fon, Alice.

Charlie is the patient of the other hospital: he must see nothing of the first.
"""

from dataclasses import dataclass

from accounts.caller import actor_of
from accounts.models import User
from accounts.permissions import Role
from bookings.actions.patients import name_key
from bookings.models import Patient, Practitioner
from core.actor import Actor, Door

PASSWORD = "correct-horse-battery"


@dataclass(frozen=True)
class People:
    """Users of one hospital by role, and the records that stand behind two of them."""

    admin: User
    doctor: User
    nurse: User
    desk: User
    patient: User
    dr_bob: Practitioner
    alice: Patient

    def by_role(self, role: str) -> User:
        return {
            Role.ADMIN: self.admin,
            Role.DOCTOR: self.doctor,
            Role.NURSE: self.nurse,
            Role.FRONT_DESK: self.desk,
            Role.PATIENT: self.patient,
        }[Role(role)]

    def actor(self, role: str, door: Door = Door.ADMIN) -> Actor:
        """The actor that the person of a role is. Call inside of the hospital."""
        own = {
            Role.DOCTOR: {"practitioner_id": self.dr_bob.pk},
            Role.PATIENT: {"patient_id": self.alice.pk},
        }
        return actor_of(self.by_role(role), door, **own.get(Role(role), {}))


def make_people(place: str) -> People:
    """Make the people of a hospital that this thread is inside of; `place` tells their addresses apart."""

    def user(name: str, role: Role) -> User:
        return User.objects.create_user(
            f"{name.lower()}@{place}.example", PASSWORD, first_name=name, role=role
        )

    doctor, patient = user("Bob", Role.DOCTOR), user("Alice", Role.PATIENT)
    return People(
        admin=user("Adam", Role.ADMIN),
        doctor=doctor,
        nurse=user("Nora", Role.NURSE),
        desk=user("Fon", Role.FRONT_DESK),
        patient=patient,
        dr_bob=Practitioner.objects.create(name_th="นพ. บ็อบ", name_en="Dr Bob", user=doctor),
        alice=Patient.objects.create(
            name=f"Alice {place}",
            name_key=name_key(f"Alice {place}"),
            phone_number="+66812345678",
            user=patient,
        ),
    )
