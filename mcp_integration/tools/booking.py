"""Booking, for patients' assistants: services, free times, holding, booking, finding, moving, cancelling."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bookings.actions.appointments import book_appointment, cancel_appointment, reschedule_appointment
from bookings.actions.holds import hold_slot
from bookings.actions.patients import Guest, normalise_phone
from bookings.errors import NonexistentTime
from bookings.queries.appointments import find_appointments_for
from bookings.queries.availability import day_for
from bookings.queries.catalogue import services_for
from bookings.serializers.appointments import BookingSerializer, CreateBookingSerializer, HoldSlotSerializer
from bookings.serializers.catalogue import EventTypeListSerializer
from core.errors import InvalidInput
from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.paging import page_serializer
from mcp_integration.toolbox.tool import ADD, CHANGE, DESTROY, READ, Group, Tool
from mcp_integration.tools.booking_says import (
    question_before_cancelling,
    say_booked,
    say_cancelled,
    say_day,
    say_event_types,
    say_found,
    say_held,
)
from mcp_integration.tools.booking_shapes import (
    AskDaySerializer,
    CancelAppointmentSerializer,
    CancelledSerializer,
    ConfirmedBookingSerializer,
    DayAvailabilitySerializer,
    HeldSlotSerializer,
    NothingSerializer,
    RescheduleAppointmentSerializer,
    SearchAppointmentsSerializer,
)


def _event_types(call: Call) -> Any:
    return call.do(services_for)


def _availability(call: Call) -> Any:
    asked = call.data.get("provider_id")
    return call.do(
        day_for,
        service_id=call.data["event_type_id"],
        day=call.data["date"],
        practitioner_id=str(asked) if asked else None,
    )


def _hold(call: Call) -> Any:
    asked: Any = call.asked
    return call.do(
        hold_slot,
        service_id=call.data["event_type_id"],
        start=asked.start(),
        practitioner_id=asked.provider(),
    )


def _book(call: Call) -> Any:
    asked: Any = call.asked
    data = call.data
    guest = Guest.of(
        name=data["guest_name"], phone=data.get("guest_phone") or "", email=data.get("guest_email") or ""
    )
    return call.do(
        book_appointment,
        service_id=data["event_type_id"],
        start=asked.start(),
        practitioner_id=asked.provider(),
        guest=guest,
        notes=data.get("notes") or "",
        hold_id=data.get("hold_id"),
    )


def _search(call: Call) -> Any:
    asked: Any = call.asked
    phone, email, reference = (call.data.get(name, "") for name in ("phone", "email", "booking_reference"))
    # Who sees only their own may simply ask for all of them.
    if not (phone or email or reference) and call.actor.can("appointments.read"):
        raise InvalidInput(phone=_("Give a phone, an email or a reference."))
    return call.do(
        find_appointments_for,
        phone=normalise_phone(phone, field="phone"),
        email=email,
        reference=reference,
        **asked.page(),
    )


def _cancel(call: Call) -> Any:
    return call.do(
        cancel_appointment,
        reference=call.data["booking_reference"],
        reason=call.data.get("reason") or "",
    )


def _reschedule(call: Call) -> Any:
    asked: Any = call.asked
    try:
        return call.do(
            reschedule_appointment,
            reference=call.data["booking_reference"],
            start=asked.start(),
            practitioner_id=asked.provider(),
            reason=call.data.get("reason") or "",
        )
    except NonexistentTime as skipped:
        raise InvalidInput(new_time=skipped.text) from skipped


TOOLS: tuple[Tool, ...] = (
    Tool(
        name="get_event_types",
        title="List bookable services",
        description=(
            "Lists the services (event types) that can be booked at the hospital: id, name, description, "
            "duration in minutes, price, and the providers who offer each. Use it first in every booking, "
            "and whenever somebody asks what the hospital offers or what it costs. It says nothing about "
            "free times: that is check_availability, with the `id` of the service. Names and descriptions "
            "are in the caller's language; prices are in the currency given. Example: no parameters."
        ),
        group=Group.BOOKING,
        hints=READ,
        needs=("catalogue.read",),
        takes=NothingSerializer,
        gives=EventTypeListSerializer,
        run=_event_types,
        says=say_event_types,
        example={},
        suggests=("check_availability",),
    ),
    Tool(
        name="check_availability",
        title="Check free times of a day",
        description=(
            "Gives the free times of one service on one day, each with its provider. Use it once the "
            "service and the day are known, and again whenever a time was refused. Not for several days at "
            "a time: ask day by day; where nothing is free, `alternatives` names the nearest free times. "
            "Dates and times are those of the hospital's clocks (`timezone`); `start` carries the offset, "
            "and `time` is what hold_slot and create_booking take. A free time is not kept: hold_slot keeps "
            'it while the person decides. Example: {"event_type_id": 1, "date": "2026-11-20"}.'
        ),
        group=Group.BOOKING,
        hints=READ,
        needs=("availability.read",),
        takes=AskDaySerializer,
        gives=DayAvailabilitySerializer,
        run=_availability,
        says=say_day,
        policy="availability",
        example={"event_type_id": 1, "date": "2026-11-20"},
        suggests=("hold_slot", "create_booking"),
    ),
    Tool(
        name="hold_slot",
        title="Hold a free time",
        description=(
            "Keeps a free time for ten minutes, so that nobody else takes it while the person gives their "
            "name or makes up their mind. Gives `hold_id` for create_booking, and `expires_at`. Use it "
            "after check_availability, when the person has chosen a time but the booking is not complete "
            "yet. Not needed when create_booking follows at once. A hold that is not used ends by itself. "
            "Without provider_id the least busy provider is chosen. "
            'Example: {"event_type_id": 1, "date": "2026-11-20", "time": "09:30"}.'
        ),
        group=Group.BOOKING,
        hints=ADD,
        needs=("appointments.hold",),
        takes=HoldSlotSerializer,
        gives=HeldSlotSerializer,
        run=_hold,
        says=say_held,
        policy="holding",
        example={"event_type_id": 1, "date": "2026-11-20", "time": "09:30"},
        suggests=("create_booking",),
    ),
    Tool(
        name="create_booking",
        title="Book a time",
        description=(
            "Books a service at a time for a guest and gives the booking with its reference and a "
            "`confirmation` to read aloud. Use it when service, day, time and the guest's name are known "
            "and the person has agreed to them. Ask for a phone number too: by it the booking is found "
            "again, and the guest becomes a known patient. Date and time are those of the hospital's "
            "clocks. With `hold_id` the held time becomes the booking. When the time is gone, the refusal "
            "carries `alternatives`: offer them. For a patient whose id is known, staff use "
            "create_appointment. "
            'Example: {"event_type_id": 1, "date": "2026-11-20", "time": "09:30", "guest_name": '
            '"Malee Srisuk", "guest_phone": "081-234-5678"}.'
        ),
        group=Group.BOOKING,
        hints=ADD,
        needs=("appointments.book",),
        takes=CreateBookingSerializer,
        gives=ConfirmedBookingSerializer,
        run=_book,
        says=say_booked,
        policy="booking",
        example={
            "event_type_id": 1,
            "date": "2026-11-20",
            "time": "09:30",
            "guest_name": "Malee Srisuk",
            "guest_phone": "081-234-5678",
        },
        suggests=("search_appointments",),
    ),
    Tool(
        name="search_appointments",
        title="Find bookings of a person",
        description=(
            "Finds bookings by the guest's phone number, e-mail address or the booking's reference; all "
            "that are given must match. Use it when somebody asks about, wants to move or to cancel a "
            "booking. Latest start first, a page at a time: past and cancelled ones are there too, see "
            "`status`. Not for the list of a day or of a doctor: staff use list_appointments. Someone who "
            "has signed in as a patient finds their own and may leave everything out. "
            'Example: {"phone": "081-234-5678"} or {"booking_reference": "CDFG-HJKM"}.'
        ),
        group=Group.BOOKING,
        hints=READ,
        needs=("appointments.read", "appointments.read_own"),
        takes=SearchAppointmentsSerializer,
        gives=page_serializer(BookingSerializer),
        run=_search,
        says=say_found,
        example={"phone": "081-234-5678"},
        suggests=("reschedule_booking", "cancel_booking"),
    ),
    Tool(
        name="cancel_booking",
        title="Cancel a booking",
        description=(
            "Cancels a booking by its reference and says so in `message`. Its time is free for others at "
            "once and cannot be had back for certain, so that the person has to agree first: read the "
            "booking to them, then call with `confirm` true. Not for another time: that is "
            "reschedule_booking, which keeps the reference and the old time until the new one is certain. A "
            "visit that is over or already cancelled is refused, with what is `allowed`. "
            'Example: {"booking_reference": "CDFG-HJKM", "reason": "Has a cold", "confirm": true}.'
        ),
        group=Group.BOOKING,
        hints=DESTROY,
        needs=("appointments.cancel", "appointments.cancel_own"),
        takes=CancelAppointmentSerializer,
        gives=CancelledSerializer,
        run=_cancel,
        says=say_cancelled,
        confirm=question_before_cancelling,
        example={"booking_reference": "CDFG-HJKM", "reason": "Has a cold", "confirm": True},
        suggests=("check_availability",),
    ),
    Tool(
        name="reschedule_booking",
        title="Move a booking to another time",
        description=(
            "Moves a booking to another day or time; the reference stays, and so does the provider unless "
            "provider_id names another. Use it after check_availability for the new day. When the new time "
            "cannot be had, nothing changes: the old one stays booked, and the refusal carries "
            "`alternatives`. It can be undone by moving it back. A confirmed booking has to be confirmed "
            "anew. Date and time are those of the hospital's clocks. Example: "
            '{"booking_reference": "CDFG-HJKM", "new_date": "2026-11-23", "new_time": "14:00"}.'
        ),
        group=Group.BOOKING,
        hints=CHANGE,
        needs=("appointments.move", "appointments.move_own"),
        takes=RescheduleAppointmentSerializer,
        gives=ConfirmedBookingSerializer,
        run=_reschedule,
        says=say_booked,
        example={"booking_reference": "CDFG-HJKM", "new_date": "2026-11-23", "new_time": "14:00"},
        suggests=("search_appointments",),
    ),
)
