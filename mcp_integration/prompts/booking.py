"""Booking: by a patient's assistant, and by a hospital's."""

from django.utils.translation import gettext_lazy as _

from mcp_integration.prompts.arguments import AppointmentBookingArguments, BookAppointmentArguments
from mcp_integration.prompts.rows import Prompt

BOOK_APPOINTMENT = Prompt(
    name="book-appointment",
    title=_("Book an appointment"),
    description=_("From a wish to a booking: service, date, free time, confirmation, reference."),
    takes=BookAppointmentArguments,
    opening=_("Help a person to book an appointment at the hospital. Go through these steps in order."),
    core=frozenset({"get_event_types", "check_availability", "create_booking"}),
    steps=(
        _(
            "Call `get_event_types()` and find with the person the service that they need. Say "
            "its length and price."
        ),
        _(
            "Ask for the date, and call `check_availability(event_type_id, date)`. If the day is "
            "full, look at the next ones."
        ),
        _(
            "Offer three or four of the free times, with the provider's name. Never offer a time "
            "that the tool did not give."
        ),
        _(
            "As soon as one is chosen, call `hold_slot(event_type_id, date, time, provider_id)`, "
            "so that nobody else takes it meanwhile."
        ),
        _(
            "Ask for the name, and for a phone number or an e-mail address. Ask for nothing else "
            "that is not needed."
        ),
        _(
            "Read back service, provider, date with weekday, time and name, and ask whether it is "
            "right. Wait for a clear yes."
        ),
        _(
            "Call `create_booking(event_type_id, date, time, guest_name, guest_phone, "
            "guest_email, provider_id, hold_id)`."
        ),
        _("If the time was taken meanwhile, offer the `alternatives` of the refusal."),
        _("Say the reference sign by sign, and that it is needed to move or cancel the booking."),
    ),
)

APPOINTMENT_BOOKING = Prompt(
    name="appointment_booking",
    title=_("Make an appointment for a patient"),
    description=_("From a patient's concern to an appointment with the right doctor."),
    takes=AppointmentBookingArguments,
    opening=_("Make an appointment for a patient of the hospital. Go through these steps in order."),
    core=frozenset({"list_doctors", "list_appointment_slots", "create_appointment"}),
    steps=(
        _(
            "Unless the patient's id is known, find it: `list_users(role, search)` gives the "
            "`patient_id` of patients who have an account. Make sure by the date of birth that it is "
            "the right one."
        ),
        _(
            "Ask what it is about, or for the field of medicine. Call `list_specialties(search)` "
            "and agree on one; make no diagnosis."
        ),
        _(
            "Call `list_doctors(specialty, is_available)`. The patient chooses, or asks for a "
            "recommendation: then name the primary specialists first, those with more years "
            "before others, and say why."
        ),
        _(
            "Ask for the date, and call `list_appointment_slots(doctor_id, date)`. If the day is "
            "full, look at the next ones."
        ),
        _("Offer three or four of the `available_times`, and no others."),
        _(
            "Read back patient, doctor, date with weekday and time, and ask whether it is right. "
            "Wait for a clear yes."
        ),
        _("Call `create_appointment(patient_id, doctor_id, appointment_date, appointment_time, reason)`."),
        _(
            "Tell the reference, and that the hospital sends its confirmation and reminders to "
            "the contact that it knows."
        ),
    ),
)
