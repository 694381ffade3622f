"""Taking lists out of the house as files: bounded, written down in the history, run by no spreadsheet."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bookings.events import BookingEvent
from bookings.exchange.writing import MOST_ROWS, File, write_table
from bookings.models import Appointment, Patient
from bookings.models.appointment import STATUS_NAMES, Source
from bookings.models.naming import in_language
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from core.errors import DomainError, NotAllowed
from events.outbox import record
from tenants.context import current_hospital

# Rows that are fetched at a time.
FETCHED = 2_000

_PATIENTS = (
    _("Name"), _("Phone number"), _("E-mail"), _("Hospital number"), _("Date of birth"), _("Language"),
)  # fmt: skip
_APPOINTMENTS = (
    _("Reference"), _("Date"), _("Start"), _("End"), _("Status"), _("Event type"), _("Practitioner"),
    _("Patient"), _("Phone number"), _("Hospital number"), _("Source"), _("Booked on"),
)  # fmt: skip


_OF_PATIENTS = ("name", "phone_number", "email", "hospital_number", "date_of_birth", "language")
_OF_APPOINTMENTS = (
    "reference", "start", "end", "status", "source", "service__name_th", "service__name_en",
    "practitioner__name_th", "practitioner__name_en", "guest_name", "guest_phone", "patient__hospital_number",
    "created_at",
)  # fmt: skip


class TooManyToExport(DomainError):
    """More rows than one file takes; `data["most"]` says how many that is."""

    reason = "too_many_to_export"
    text = _("These are more rows than one file takes. Choose fewer by the filters of the list.")


@transaction.atomic
def export_patients(actor: Actor, *, rows: QuerySet[Patient], form: str) -> File:
    """A list of patients as ``csv`` or ``xlsx``, with headings that an import understands.

    Only for whoever may read all patients. Raises `NotAllowed`, `TooManyToExport`.
    """
    actor.require("patients.read")
    said = rows.values_list(*_OF_PATIENTS)
    count = _note(actor, BookingEvent.PATIENTS_EXPORTED, said, form)
    return write_table(_name("patients"), form, _PATIENTS, _plain(said[:count]))


@transaction.atomic
def export_appointments(actor: Actor, *, rows: QuerySet[Appointment], form: str) -> File:
    """A list of appointments as ``csv`` or ``xlsx``: days and times on the hospital's clocks, no notes.

    All that whoever may read them asks for; their own for a practitioner. Raises `NotAllowed`,
    `TooManyToExport`.
    """
    if not actor.can("appointments.read"):
        if actor.practitioner_id is None:
            raise NotAllowed(needs="appointments.read")
        actor.require("appointments.read_own")
        rows = rows.filter(practitioner_id=actor.practitioner_id)
    said = rows.select_related(None).values_list(*_OF_APPOINTMENTS)
    count = _note(actor, BookingEvent.APPOINTMENTS_EXPORTED, said, form)
    return write_table(_name("appointments"), form, _APPOINTMENTS, map(_visit, _plain(said[:count])))


def _note(actor: Actor, event: BookingEvent, rows: QuerySet[Any, Any], form: str) -> int:
    """Write down who takes how many rows, and return that number. Raises `TooManyToExport`."""
    most = MOST_ROWS[form]
    count = rows.order_by()[: most + 1].count()
    if count > most:
        raise TooManyToExport(most=most)
    hospital = current_hospital()
    record(
        actor, event, subject_type="hospital", subject_id=hospital.pk, data={"count": count, "format": form}
    )
    return count


def _plain(rows: QuerySet[Any, Any]) -> Iterator[tuple[Any, ...]]:
    return rows.iterator(chunk_size=FETCHED)


def _name(what: str) -> str:
    """``patients-ploy-2026-11-20``: what it is, whose, and of which day."""
    hospital = current_hospital()
    return f"{what}-{hospital.subdomain}-{clock.today_in(hospital.timezone):%Y-%m-%d}"


def _visit(facts: tuple[Any, ...]) -> list[Any]:
    """A row of the file out of what was fetched, in the reader's language."""
    reference, start, end, status, source, thai, english, practitioner_th, practitioner_en, *rest = facts
    name, phone, patient_number, made = rest
    zone = clock.zone(current_hospital().timezone)
    begins, ends = start.astimezone(zone), end.astimezone(zone)
    return [
        reference, f"{begins:%Y-%m-%d}", f"{begins:%H:%M}", f"{ends:%H:%M}", STATUS_NAMES[Status(status)],
        in_language(thai, english), in_language(practitioner_th, practitioner_en), name, phone,
        patient_number, Source(source).label, f"{made.astimezone(zone):%Y-%m-%d %H:%M}",
    ]  # fmt: skip
