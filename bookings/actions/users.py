"""Accounts: made, changed, switched off; never deleted. In the public schema these are operators'.

No password leaves: not in what is returned, not in an event, not in a refusal.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.administrators import lock_with_administrators, require_another_administrator
from accounts.models import User
from accounts.permissions import STAFF_ROLES, Role
from bookings.actions.links import (
    OF_DOCTORS,
    OF_PATIENTS,
    follow_role,
    refuse_fields,
    refuse_foreign_facts,
)
from bookings.actions.patients import normalise_phone
from bookings.errors import OwnAccount, UserNotFound
from bookings.events import BookingEvent
from bookings.queries.users import users_with_links
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from events.outbox import record
from subscriptions.limits import take_room
from tenants.context import current_hospital, in_public_schema

ACCOUNT = ("email", "first_name", "last_name", "role", "phone_number", "language", "is_active")
FACTS = (*OF_DOCTORS, *OF_PATIENTS)
# Names, addresses and numbers of people stay out of the history.
_TOLD = ("role", "is_active")


@transaction.atomic
def create_user(
    actor: Actor, /, *, email: str, password: str, first_name: str, role: str, **fields: Any
) -> User:
    """Make an account. `fields` are others of `ACCOUNT` and `FACTS`, the latter as the role has them.

    A doctor's makes a practitioner, or takes the one of the licence who has no account; a patient's makes a
    patient, or takes the one of the same phone and name. Raises `InvalidInput` with the wrong fields named,
    `NotAllowed`, `PlanLimitReached`.
    """
    _require_reach(actor)
    facts = _facts_in(fields, known=(*ACCOUNT, *FACTS))
    user = User()
    _fill(user, {"email": email, "first_name": first_name, "role": role, **fields})
    _require_role(actor, user.role)
    refuse_foreign_facts(user.role, facts)
    _set_password(user, password)
    _take_room(user, was_staff=False)
    _save(user)
    if not in_public_schema():
        follow_role(actor, user, facts)
    _record(actor, BookingEvent.USER_CREATED, user, changes={"role": ["", user.role]})
    return users_with_links().get(pk=user.pk)


@transaction.atomic
def update_user(actor: Actor, /, *, user_id: UUID, **changes: Any) -> User:
    """Change fields of `ACCOUNT` and `FACTS`, or the `password`; what stays the same is not recorded.

    A new password, and switching the account off, end its sign-ins. A patient's own record keeps its name
    and number. Raises `UserNotFound`, `InvalidInput` with the wrong fields named, `NotAllowed`, `OwnAccount`,
    `LastAdministrator`, `PlanLimitReached`.
    """
    _require_reach(actor)
    user = lock_with_administrators(user_id)
    if user is None:
        raise UserNotFound
    password = changes.pop("password", None)
    facts = _facts_in(changes, known=(*ACCOUNT, *FACTS))
    before = {name: getattr(user, name) for name in ACCOUNT}
    _fill(user, changes)
    refuse_foreign_facts(user.role, facts)
    changed = [name for name in ACCOUNT if getattr(user, name) != before[name]]
    if set(changed) & set(_TOLD):
        _check_standing(actor, user, before)
    if password is not None:
        _set_password(user, password)
        changed.append("password")
    if changed:
        _save(user)
    if not in_public_schema() and (facts or "role" in changed):
        follow_role(actor, user, facts)
    _record_changes(actor, user, before, [*changed, *facts])
    return users_with_links().get(pk=user.pk)


def deactivate_user(actor: Actor, *, user_id: UUID) -> User:
    """Switch an account off: its sign-ins end, and nobody signs in by it. The person stays bookable.

    Doing it again changes nothing. Raises `UserNotFound`, `OwnAccount`, `LastAdministrator`.
    """
    return update_user(actor, user_id=user_id, is_active=False)


def _require_reach(actor: Actor) -> None:
    actor.require("users.write")
    if in_public_schema():
        # Operators run all hospitals: whoever may not do that must not make somebody who may.
        actor.require("hospitals.write")


def _require_role(actor: Actor, role: str) -> None:
    """Nobody gives, or takes, a role above what they are themselves; machines have none and go by grants."""
    if in_public_schema() and role != Role.ADMIN:
        raise InvalidInput(role=_("On the platform there are operators only: administrators."))
    if role == Role.ADMIN and actor.role not in ("", Role.ADMIN):
        raise NotAllowed(needs="users.write")


def _facts_in(fields: dict[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """Take what is about the person and not the account out of the fields. Raises `InvalidInput`."""
    if unknown := sorted(set(fields) - set(known)):
        raise InvalidInput(**dict.fromkeys(unknown, _("This cannot be changed.")))
    return {name: fields.pop(name) for name in FACTS if name in fields}


def _fill(user: User, fields: dict[str, Any]) -> None:
    """Put values into an account in their stored form."""
    for name, value in fields.items():
        tidy = " ".join(value.split()) if name in ("first_name", "last_name") else value
        setattr(user, name, tidy)
    if "phone_number" in fields:
        user.phone_number = normalise_phone(fields["phone_number"], field="phone_number")
    user.email = user.email.strip().lower()


def _check_standing(actor: Actor, user: User, before: dict[str, Any]) -> None:
    """What a new role, or switching off or on, needs and must not do."""
    was_admin = before["role"] == Role.ADMIN and before["is_active"]
    if actor.user_id == user.pk:
        raise OwnAccount
    for role in {before["role"], user.role}:
        _require_role(actor, role)
    if was_admin and not (user.role == Role.ADMIN and user.is_active):
        require_another_administrator(user.pk)
    _take_room(user, was_staff=before["role"] in STAFF_ROLES and before["is_active"])


def _take_room(user: User, *, was_staff: bool) -> None:
    """See whether the hospital's plan has room for one more of its staff."""
    is_staff = user.role in STAFF_ROLES and user.is_active
    if is_staff and not was_staff and not in_public_schema():
        take_room(current_hospital(), "staff")


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(password=" ".join(error.messages)) from error
    user.set_password(password)


def _save(user: User) -> None:
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        refuse_fields(error)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        # Somebody else was faster: the address had been found free a moment before.
        raise InvalidInput(email=_("This address has an account.")) from error


def _record_changes(actor: Actor, user: User, before: dict[str, Any], fields: list[str]) -> None:
    if not fields:
        return
    changes = {name: [before[name], getattr(user, name)] for name in _TOLD if name in fields}
    off = changes.get("is_active") == [True, False]
    kind = BookingEvent.USER_DEACTIVATED if off else BookingEvent.USER_CHANGED
    _record(actor, kind, user, changes=changes, fields=sorted(fields))


def _record(
    actor: Actor, kind: BookingEvent, user: User, *, changes: dict[str, list[Any]], **data: Any
) -> None:
    record(actor, kind, subject_type="user", subject_id=user.pk, changes=changes, data=data)
