"""Appointments, for staff's assistants: by the ids of patients, doctors and appointments."""

from typing import Any

from django.utils.translation import ngettext
from rest_framework import serializers

from bookings.actions.visits import book_for_patient, change_status_by_id
from bookings.errors import NonexistentTime
from bookings.queries.appointments import appointment_by_id_for, list_appointments_for
from bookings.queries.doctor_days import doctor_day_for
from bookings.rules.statuses import Status, may_move
from bookings.serializers.fields import WireDate, WireId
from bookings.serializers.visits import (
    WIRE_STATUSES,
    AppointmentSerializer,
    AskDoctorDaySerializer,
    CreateAppointmentSerializer,
    DoctorDaySerializer,
    UpdateAppointmentStatusSerializer,
)
from core.errors import InvalidInput
from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.paging import PageParameters, page_serializer
from mcp_integration.toolbox.tool import ADD, DESTROY, READ, Group, Tool
from mcp_integration.tools.booking_says import cancelling_question, say_doctor_day, say_status, say_visit
from mcp_integration.tools.spoken import spoken_visit

_PATIENT = "0b6f1f7e-3c52-4a43-9a54-8b8c1a4f6d21"
_DOCTOR = "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11"
_APPOINTMENT = "c1a7c9f0-6f0e-4a7b-8a4d-2f1f5a0e9b33"


class ListAppointmentsSerializer(PageParameters):
    """Which appointments: all that are given must match."""

    patient_id = WireId(required=False, help_text="Of this patient.")
    doctor_id = WireId(required=False, help_text="With this doctor.")
    status = serializers.ChoiceField(required=False, choices=WIRE_STATUSES, help_text="In this status.")
    date_from = WireDate(required=False, help_text="Starting on this day or later (YYYY-MM-DD).")
    date_to = WireDate(required=False, help_text="Starting on this day or earlier (YYYY-MM-DD).")


def _list(call: Call) -> Any:
    asked: Any = call.asked
    data = call.data
    return call.do(
        list_appointments_for,
        patient_id=data.get("patient_id"),
        practitioner_id=data.get("doctor_id"),
        status=Status(data["status"]) if "status" in data else None,
        date_from=data.get("date_from"),
        date_until=data.get("date_to"),
        **asked.page(),
    )


def _create(call: Call) -> Any:
    asked: Any = call.asked
    data = call.data
    try:
        return call.do(
            book_for_patient,
            patient_id=data["patient_id"],
            practitioner_id=str(data["doctor_id"]),
            start=asked.start(),
            service_id=data.get("event_type_id"),
            reason=data["reason"],
            notes=data.get("notes") or "",
        )
    except NonexistentTime as skipped:
        raise InvalidInput(appointment_time=skipped.text) from skipped


def _update(call: Call) -> Any:
    return call.do(
        change_status_by_id,
        appointment_id=call.data["appointment_id"],
        status=Status(call.data["status"]),
        notes=call.data.get("notes") or "",
    )


def _question(call: Call) -> str | None:
    """What to ask before cancelling; the other steps of a visit need no yes."""
    if call.data["status"] != Status.CANCELLED:
        return None
    row = call.do(appointment_by_id_for, appointment_id=call.data["appointment_id"])
    if not may_move(Status(row.status), Status.CANCELLED):
        return None
    return cancelling_question(spoken_visit(AppointmentSerializer().to_representation(row), who="doctor"))


def _slots(call: Call) -> Any:
    return call.do(
        doctor_day_for,
        practitioner_id=str(call.data["doctor_id"]),
        day=call.data["date"],
        service_id=call.data.get("event_type_id"),
    )


def _say_list(result: dict[str, Any]) -> str:
    counted = ngettext("%(count)d appointment", "%(count)d appointments", result["count"])
    said = counted % {"count": result["count"]}
    some = [f"{one['reference']}: {spoken_visit(one, who='doctor')}" for one in result["results"][:10]]
    return f"{said}. {'; '.join(some)}." if some else f"{said}."


TOOLS: tuple[Tool, ...] = (
    Tool(
        name="list_appointments",
        title="List appointments",
        description=(
            "Lists appointments of the hospital by patient, doctor, status and days; everything that is "
            "given must match, and nothing has to be. Use it for the list of a day (date_from and date_to "
            "the same), of a doctor or of a patient. With date_from the earliest comes first, without it "
            "the latest; a page at a time. A doctor sees their own, a patient theirs. By phone number or "
            "reference, search_appointments is shorter. Days and times are those of the hospital's clocks. "
            f'Example: {{"doctor_id": "{_DOCTOR}", "date_from": "2026-11-20", "date_to": "2026-11-20"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("appointments.read", "appointments.read_own"),
        takes=ListAppointmentsSerializer,
        gives=page_serializer(AppointmentSerializer),
        run=_list,
        says=_say_list,
        example={"doctor_id": _DOCTOR, "date_from": "2026-11-20", "date_to": "2026-11-20"},
        suggests=("update_appointment_status",),
    ),
    Tool(
        name="create_appointment",
        title="Book a visit of a patient",
        description=(
            "Books a visit of a registered patient with a doctor. Use it when patient_id and doctor_id are "
            "known; for somebody who is not registered yet, create_booking takes a name and a phone number. "
            "Call list_appointment_slots first: only its times can be had. Without event_type_id it is the "
            "first service of the doctor that is free at that time; name it where the doctor offers "
            "several. Date and time are those of the hospital's clocks. When the time is gone, the refusal "
            "carries `alternatives`. Then update_appointment_status confirms it or checks the patient in. "
            f'Example: {{"patient_id": "{_PATIENT}", "doctor_id": "{_DOCTOR}", "appointment_date": '
            '"2026-11-20", "appointment_time": "09:30:00", "reason": "Cough for a week"}.'
        ),
        group=Group.HEALTHCARE,
        hints=ADD,
        needs=("appointments.book",),
        takes=CreateAppointmentSerializer,
        gives=AppointmentSerializer,
        run=_create,
        says=say_visit,
        policy="booking",
        example={
            "patient_id": _PATIENT,
            "doctor_id": _DOCTOR,
            "appointment_date": "2026-11-20",
            "appointment_time": "09:30:00",
            "reason": "Cough for a week",
        },
        suggests=("update_appointment_status",),
    ),
    Tool(
        name="update_appointment_status",
        title="Take an appointment a step further",
        description=(
            "Brings an appointment to another status: CONFIRMED, CHECKED_IN (the patient is here), "
            "IN_PROGRESS, COMPLETED, NO_SHOW, or CANCELLED. Steps cannot be left out: a refusal names those "
            "that are `allowed` now. Cancelling frees the time for others at once and needs `confirm` true "
            "after a person has agreed; `notes` then say why. For other statuses `notes` are added to the "
            "appointment's own. Not for another time: that is reschedule_booking. "
            f'Example: {{"appointment_id": "{_APPOINTMENT}", "status": "CHECKED_IN"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=DESTROY,
        needs=("appointments.attend", "appointments.attend_own", "appointments.confirm"),
        takes=UpdateAppointmentStatusSerializer,
        gives=AppointmentSerializer,
        run=_update,
        says=say_status,
        confirm=_question,
        example={"appointment_id": _APPOINTMENT, "status": "CHECKED_IN"},
        suggests=("list_appointments",),
    ),
    Tool(
        name="list_appointment_slots",
        title="List a doctor's free times of a day",
        description=(
            "Gives the times at which a doctor is free on one day: `available_times` as HH:MM, and `slots` "
            "with the service (event type) that each is for and its length. Use it before "
            "create_appointment. Where it does not matter with whom, check_availability looks at everybody "
            "who offers a service. Dates and times are those of the hospital's clocks. An empty list means: "
            "nothing is free on that "
            f'day, ask for another. Example: {{"doctor_id": "{_DOCTOR}", "date": "2026-11-20"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("availability.read",),
        takes=AskDoctorDaySerializer,
        gives=DoctorDaySerializer,
        run=_slots,
        says=say_doctor_day,
        policy="availability",
        example={"doctor_id": _DOCTOR, "date": "2026-11-20"},
        suggests=("create_appointment",),
    ),
)
