"""The platform's verbs about hospitals: set up, described, switched off and on; never deleted."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from events.outbox import record
from registry.events import RegistryEvent
from registry.queries import hospital_for
from tenants.context import current_hospital, in_public_schema, outside
from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tenants.provisioning import provision_hospital, switch_hospital, tell_of

DESCRIPTION = (
    "name", "registration_number", "email", "phone_number", "address_line1", "address_line2", "city",
    "state", "country", "postal_code", "hospital_type", "timezone", "language",
)  # fmt: skip
# Values of these stand in the history; of the others the field's name alone.
_TOLD = ("name", "hospital_type", "timezone", "language", "second_factor_required")


def create_hospital(actor: Actor, /, *, name: str, subdomain: str, **details: Any) -> Hospital:
    """Set up a hospital that is ready for use. `details` are fields of `DESCRIPTION`.

    Takes seconds. Raises `InvalidInput` with the wrong fields named, `ProvisioningFailed`.
    """
    _require_platform(actor)
    _refuse_unknown(details, DESCRIPTION)
    try:
        with outside(), transaction.atomic():
            hospital = provision_hospital(name=name, subdomain=subdomain, **details)
            record(
                actor,
                RegistryEvent.CREATED,
                subject_type="hospital",
                subject_id=hospital.pk,
                data={"hospital_id": str(hospital.uuid), "subdomain": subdomain},
            )
    except IntegrityError as error:
        # Somebody else was faster: the fields had been found right a moment before.
        raise InvalidInput(subdomain=_("Another hospital has this name in addresses.")) from error
    return hospital


def change_hospital(actor: Actor, /, *, hospital_id: UUID, **changes: Any) -> Hospital:
    """Change fields of `DESCRIPTION`, and as the platform `is_active`: whether the hospital is switched on.

    The platform works outside of every hospital; inside of one its description alone can change. What is
    unchanged is not recorded. Raises `HospitalNotFound`, `NotAllowed`, `InvalidInput` with the wrong fields
    named.
    """
    seen = hospital_for(actor, hospital_id=hospital_id)
    _require_write(actor, seen, changes)
    _refuse_unknown(changes, (*DESCRIPTION, "is_active"))
    with outside(), transaction.atomic():
        hospital: Hospital = Hospital.objects.select_for_update(no_key=True).get(pk=seen.pk)
        active = changes.pop("is_active", hospital.is_active)
        _describe(actor, hospital, changes)
        if active != hospital.is_active:
            _switch(actor, hospital, active=active)
    return hospital


def deactivate_hospital(actor: Actor, *, hospital_id: UUID) -> Hospital:
    """Switch a hospital off: every door refuses it and nothing is lost. Doing it again changes nothing.

    Raises `HospitalNotFound`.
    """
    return change_hospital(actor, hospital_id=hospital_id, is_active=False)


def _require_write(actor: Actor, hospital: Hospital, changes: dict[str, Any]) -> None:
    own = not in_public_schema() and current_hospital().pk == hospital.pk
    if not own or "is_active" in changes:
        _require_platform(actor)
    else:
        actor.require("hospital.write")


def _require_platform(actor: Actor) -> None:
    """Whoever belongs to one hospital does not run them all, whatever the scopes of their key say."""
    if not in_public_schema():
        raise NotAllowed(needs="hospitals.write")
    actor.require("hospitals.write")


def _refuse_unknown(given: dict[str, Any], known: tuple[str, ...]) -> None:
    if unknown := set(given) - set(known):
        raise InvalidInput(**dict.fromkeys(sorted(unknown), _("This cannot be changed.")))


def _describe(actor: Actor, hospital: Hospital, changes: dict[str, Any]) -> None:
    """Write the fields that differ, and tell of them."""
    before = {name: getattr(hospital, name) for name in changes}
    changed = sorted(name for name, value in changes.items() if value != before[name])
    if not changed:
        return
    for name in changed:
        setattr(hospital, name, changes[name])
    try:
        hospital.full_clean(exclude=["schema_name", "subdomain"])
    except ValidationError as error:
        raise InvalidInput(**{name: texts[0] for name, texts in error.message_dict.items()}) from error
    hospital.save(update_fields=changed)
    tell_of(hospital)
    transaction.on_commit(forget_hospitals)
    _record_change(actor, hospital, before, changed)


def _record_change(actor: Actor, hospital: Hospital, before: dict[str, Any], changed: list[str]) -> None:
    record(
        actor,
        RegistryEvent.CHANGED,
        subject_type="hospital",
        subject_id=hospital.pk,
        changes={name: [before[name], getattr(hospital, name)] for name in changed if name in _TOLD},
        data={"hospital_id": str(hospital.uuid), "fields": changed},
    )


def _switch(actor: Actor, hospital: Hospital, *, active: bool) -> None:
    switch_hospital(hospital, active=active)
    # Again once it is true for others too: a request in between would have remembered the old state.
    transaction.on_commit(forget_hospitals)
    record(
        actor,
        RegistryEvent.CHANGED if active else RegistryEvent.DEACTIVATED,
        subject_type="hospital",
        subject_id=hospital.pk,
        changes={"is_active": [not active, active]},
        data={"hospital_id": str(hospital.uuid)},
    )


def require_second_factor(actor: Actor, /, *, required: bool) -> None:
    """Ask the staff of the hospital at hand for a second factor from now on, or no longer.

    Whoever has none sets one up with the next page that they open; what programs have signed in for them
    ends (`accounts.second_factor.requiring`).
    """
    actor.require("hospital.write")
    with transaction.atomic():
        hospital: Hospital = Hospital.objects.select_for_update(no_key=True).get(pk=current_hospital().pk)
        _describe(actor, hospital, {"second_factor_required": required})
