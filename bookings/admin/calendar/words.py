"""What the calendar's page says, and how statuses look there: never by colour alone."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.rules.statuses import Status

# Names of Material Symbols, which come with the admin's theme.
STATUS_ICONS: dict[str, str] = {
    Status.SCHEDULED: "event",
    Status.CONFIRMED: "verified",
    Status.CHECKED_IN: "how_to_reg",
    Status.IN_PROGRESS: "play_arrow",
    Status.COMPLETED: "task_alt",
    Status.CANCELLED: "event_busy",
    Status.NO_SHOW: "person_off",
}
# Each has at least 4.5:1 against white (WCAG 2.2 AA).
STATUS_COLOURS: dict[str, str] = {
    Status.SCHEDULED: "#1d4ed8",
    Status.CONFIRMED: "#0f766e",
    Status.CHECKED_IN: "#b45309",
    Status.IN_PROGRESS: "#7e22ce",
    Status.COMPLETED: "#15803d",
    Status.CANCELLED: "#6b7280",
    Status.NO_SHOW: "#b91c1c",
}

# Texts of the page's script, by the names that it uses (`say` in static/nadmor/calendar/). What is in braces
# is put in there, and keeps its name in every language.
WORDS: dict[str, str | Promise] = {
    # the page
    "today": _("Today"),
    "earlier": _("Earlier"),
    "later": _("Later"),
    "go_to_day": _("Go to a day"),
    "view_day": _("Day"),
    "view_week": _("Week"),
    "view_month": _("Month"),
    "view_list": _("List"),
    "days": _("{first} to {last}"),
    "at_most": _("{count} at once at most"),
    "appointments": _("Appointments: {count}"),
    "list_of": _("Appointments of {day}"),
    "nothing_on_day": _("There is nothing on this day."),
    "keys": _("Keyboard"),
    "keys_list": _("In the list, everything can be done by keyboard: booking, moving, each step of a visit."),
    "close": _("Close"),
    "back": _("Back"),
    # an appointment
    "time": _("Time"),
    "patient": _("Patient"),
    "service": _("Event type"),
    "practitioner": _("Practitioner"),
    "status": _("Status"),
    "what_next": _("What to do"),
    "when": _("When"),
    "reference": _("Reference"),
    "phone": _("Phone number"),
    "hospital_number": _("Hospital number"),
    "booked_by": _("Booked by"),
    "queue_number": _("Queue number"),
    "queue_is": _("Queue number {number}."),
    "overbooked": _("Overbooked"),
    "has_note": _("There is a note"),
    "notes": _("Notes"),
    "read_note": _("Read the note"),
    "full_page": _("Everything about it"),
    # booking
    "free": _("Free"),
    "book": _("Book"),
    "book_at": _("Book {time} with {practitioner}"),
    "new_appointment": _("New appointment"),
    "walk_in": _("Walk-in"),
    "service_minutes": _("{name} ({minutes} min)"),
    "anybody": _("Anybody"),
    "day": _("Day"),
    "day_form": _("DD/MM/YYYY"),
    "no_such_day": _("There is no such day."),
    "no_such_time": _("There is no such day or time."),
    "day_is_over": _("This day is over."),
    "booked_at": _("Booked: {name}, {when}, {practitioner}."),
    # whom it is for
    "patients": _("Patients"),
    "find_patient": _("Find the patient"),
    "find_help": _("Name, phone number or hospital number"),
    "find_patient_instead": _("Find a patient instead"),
    "found": _("Found: {count}"),
    "nobody_found": _("Nobody is found."),
    "new_patient": _("New patient"),
    "name": _("Name"),
    "born_on": _("Date of birth"),
    "born": _("born {day}"),
    "last_visit": _("last visit {day}"),
    "somebody_else": _("Somebody else"),
    "this_one": _("This one"),
    "maybe_known": _("This patient may be here already:"),
    "else_go_on": _("If it is none of them, book again."),
    "who_is_it": _("Say for whom it is: find a patient, or make a new one."),
    # moving
    "move": _("Move"),
    "move_dots": _("Move…"),
    "moving_of": _("{name}: {service}"),
    "moved_to": _("Moved: {name}, {when}, {practitioner}."),
    "why_moved": _("Reason (may be left out)"),
    "free_times": _("Free times"),
    "free_on": _("Free on {day}:"),
    "nothing_free_on": _("Nothing is free on {day}."),
    "looking": _("Looking for free times…"),
    "not_moved": _("Not moved"),
    "put_back": _("{name} stays at the old time. It was not possible: {when}, {practitioner}."),
    "is_at": _("{name} is on {when} with {practitioner} now."),
    # the steps of a visit
    "is_now": _("{name}: {status}"),
    "cancel_dots": _("Cancel the appointment…"),
    "cancel_it": _("Cancel the appointment"),
    "why_cancelled": _("Reason of cancelling"),
    "undo": _("Undo"),
    "undone": _("Undone"),
    # refusals
    "free_instead": _("Free instead:"),
    "overbook": _("Overbook"),
    "overbook_reason": _("Overbook all the same, because"),
    "failed": _("Something went wrong. Try again."),
    "unreachable": _("The server cannot be reached. Try again."),
    "offline": _("Offline: what is shown may be old. Trying again…"),
    "signed_out": _("You are signed out."),
    "sign_in": _("Sign in"),
}
