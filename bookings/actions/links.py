"""Who stands behind an account: a practitioner behind a doctor's, a patient behind a patient's."""

from datetime import date
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Role
from bookings.actions.patients import LONGEST_NAME, Guest, name_key, patient_for_guest
from bookings.events import BookingEvent
from bookings.models import Patient, Practitioner, PractitionerKind
from core.actor import Actor
from core.errors import InvalidInput
from events.outbox import record
from subscriptions.limits import take_room
from tenants.context import current_hospital

OF_DOCTORS = ("license_number", "years_of_experience")
OF_PATIENTS = ("date_of_birth",)
# An administrator may still practise; whoever books at the desk, or is a patient, does not.
_MAY_PRACTISE = (Role.DOCTOR, Role.NURSE, Role.ADMIN)


def follow_role(actor: Actor, user: User, facts: dict[str, Any]) -> None:
    """Let the rows behind an account be those of its role: made, found and linked, or let go.

    `facts` are those of `OF_DOCTORS` and `OF_PATIENTS` that were given. A practitioner or patient who is
    let go stays, as appointments name them. Within the transaction that saves the account. Raises
    `InvalidInput` with the wrong fields named, `PlanLimitReached`.
    """
    if user.role == Role.DOCTOR:
        _be_doctor(actor, user, facts)
    elif user.role not in _MAY_PRACTISE:
        Practitioner.objects.filter(user=user).update(user=None)
    if user.role == Role.PATIENT:
        _be_patient(actor, user, facts.get("date_of_birth"))
    else:
        Patient.objects.filter(user=user).update(user=None)


def refuse_foreign_facts(role: str, facts: dict[str, Any]) -> None:
    """Raise `InvalidInput` for facts that people of that role do not have."""
    fitting = {Role.DOCTOR.value: OF_DOCTORS, Role.PATIENT.value: OF_PATIENTS}.get(str(role), ())
    if wrong := sorted(set(facts) - set(fitting)):
        raise InvalidInput(**dict.fromkeys(wrong, _("Accounts of this role have no such thing.")))


def _be_doctor(actor: Actor, user: User, facts: dict[str, Any]) -> None:
    rows = Practitioner.objects.select_for_update(no_key=True)
    row = rows.filter(user=user).first() or _of_licence(user, facts) or _new_doctor(user)
    is_new = row._state.adding  # noqa: SLF001  -- Django's own way to ask
    changed = sorted(name for name, value in facts.items() if getattr(row, name) != value)
    if not is_new and not changed and row.user_id == user.pk:
        return
    for name in changed:
        setattr(row, name, facts[name])
    row.user = user
    _save(row)
    record(
        actor, BookingEvent.PROVIDER_CHANGED, subject_type="provider", subject_id=row.pk,
        data={"how": "added" if is_new else "changed", "fields": ["user", *changed]},
    )  # fmt: skip


def _of_licence(user: User, facts: dict[str, Any]) -> Practitioner | None:
    """The practitioner of the given licence who has no account yet."""
    if not (licence := facts.get("license_number")):
        return None
    rows = Practitioner.objects.select_for_update(no_key=True).filter(license_number=licence)
    row = rows.order_by("created_at").first()
    if row is not None and row.user_id not in (None, user.pk):
        raise InvalidInput(license_number=_("Somebody else has an account with this licence."))
    return row


def _new_doctor(user: User) -> Practitioner:
    take_room(current_hospital(), "doctors")
    name = user.get_full_name()[:LONGEST_NAME]
    return Practitioner(name_th=name, name_en=name, kind=PractitionerKind.DOCTOR)


def _save(row: Practitioner) -> None:
    try:
        row.full_clean(exclude=["user"])
    except ValidationError as error:
        refuse_fields(error)
    row.save()


def refuse_fields(error: ValidationError) -> NoReturn:
    """Raise what a model's check found as `InvalidInput`, the first text of each field."""
    raise InvalidInput(**{name: texts[0] for name, texts in error.message_dict.items()}) from error


def _be_patient(actor: Actor, user: User, born: date | None) -> None:
    row = Patient.objects.select_for_update(no_key=True).filter(user=user).first()
    if row is not None:
        if born is not None and born != row.date_of_birth:
            _write(actor, row, user, born)
        return
    row = Patient.objects.select_for_update(no_key=True).get(pk=_patient_of(actor, user))
    if row.user_id is not None:
        raise InvalidInput(phone_number=_("The patient of this name and number has an account already."))
    # Whoever gets this account sees what is known of the patient: it must be the same person.
    if born is not None and row.date_of_birth is not None and born != row.date_of_birth:
        raise InvalidInput(date_of_birth=_("The patient of this name and number was born on another day."))
    _write(actor, row, user, born or row.date_of_birth)


def _patient_of(actor: Actor, user: User) -> Any:
    """The id of the patient that an account's name and number are (docs/adr/0006), registered if need be."""
    try:
        guest = Guest.of(name=user.get_full_name(), phone=user.phone_number, email=user.email)
    except InvalidInput as refusal:
        # The name alone can be wrong: the account's number and address were checked before.
        raise InvalidInput(first_name=refusal.data["fields"].popitem()[1][0]) from refusal
    if (known := patient_for_guest(actor, guest)) is not None:
        return known
    row = Patient.objects.create(
        name=guest.name, name_key=name_key(guest.name), email=guest.email, language=user.language
    )
    record(actor, BookingEvent.PATIENT_REGISTERED, subject_type="patient", subject_id=row.pk)
    return row.pk


def _write(actor: Actor, row: Patient, user: User, born: date | None) -> None:
    row.user, row.date_of_birth = user, born
    row.save(update_fields=["user", "date_of_birth", "updated_at"])
    record(actor, BookingEvent.PATIENT_CHANGED, subject_type="patient", subject_id=row.pk)
