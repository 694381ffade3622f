"""Results of booking tools in a sentence that can be read aloud. Nothing that a patient wrote is in any."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.actions.wording import day_in_words
from bookings.queries.appointments import appointment_for
from bookings.rules.statuses import Status, may_move
from bookings.serializers.appointments import BookingSerializer
from mcp_integration.toolbox.call import Call
from mcp_integration.tools.spoken import spoken, spoken_time, spoken_times, spoken_visit

_MOST_NAMED = 10


def say_event_types(result: dict[str, Any]) -> str:
    """How many there are, and what they are called."""
    names = [f"{one['name']} ({one['id']})" for one in result["results"][:_MOST_NAMED]]
    counted = ngettext("%(count)d event type", "%(count)d event types", result["count"])
    said = counted % {"count": result["count"]}
    return f"{said}: {', '.join(names)}" if names else f"{said}."


def say_day(result: dict[str, Any]) -> str:
    """The free times of the day, or when something is free instead."""
    day, zone = day_in_words(date.fromisoformat(result["date"])), result["timezone"]
    if result["slots"]:
        return _("Free on %(day)s: %(times)s.") % {"day": day, "times": spoken_times(result["slots"], zone)}
    if result["alternatives"]:
        times = "; ".join(spoken(slot["start"], zone) for slot in result["alternatives"])
        return _("Nothing is free on %(day)s. The nearest free times: %(times)s.") % {
            "day": day,
            "times": times,
        }
    return _("Nothing is free on %(day)s, nor in the two weeks after it.") % {"day": day}


def say_held(result: dict[str, Any]) -> str:
    """What is kept, and until when."""
    slot, zone = result["slot"], result["timezone"]
    return _("Held with %(who)s on %(when)s, until %(until)s.") % {
        "who": slot["provider"]["name"],
        "when": spoken(slot["start"], zone),
        "until": spoken_time(result["expires_at"], zone),
    }


def say_booked(result: dict[str, Any]) -> str:
    """The confirmation itself."""
    return str(result["confirmation"])


def say_cancelled(result: dict[str, Any]) -> str:
    """The message itself."""
    return str(result["message"])


def say_found(result: dict[str, Any]) -> str:
    """How many bookings match, and what those on this page are."""
    counted = ngettext("%(count)d booking", "%(count)d bookings", result["count"])
    said = counted % {"count": result["count"]}
    some = [f"{one['reference']}: {spoken_visit(one)}" for one in result["results"][:_MOST_NAMED]]
    return f"{said}. {'; '.join(some)}." if some else f"{said}."


def question_before_cancelling(call: Call) -> str | None:
    """What to ask the person; nothing where the booking cannot be cancelled anyway."""
    row = call.do(appointment_for, reference=call.data["booking_reference"])
    if not may_move(Status(row.status), Status.CANCELLED):
        return None
    return cancelling_question(spoken_visit(BookingSerializer().to_representation(row)))


def cancelling_question(visit: str) -> str:
    """Whether a visit shall be cancelled, in words."""
    return _("Cancel %(visit)s? The time is given to others at once.") % {"visit": visit}


def say_visit(result: dict[str, Any]) -> str:
    """An appointment of staff's: what, with whom, when, and its reference."""
    return _("Booked: %(visit)s. The reference is %(reference)s.") % {
        "visit": spoken_visit(result, who="doctor"),
        "reference": result["reference"],
    }


def say_status(result: dict[str, Any]) -> str:
    """Where an appointment stands now."""
    return _("%(reference)s is now %(status)s: %(visit)s.") % {
        "reference": result["reference"],
        "status": result["status"],
        "visit": spoken_visit(result, who="doctor"),
    }


def say_doctor_day(result: dict[str, Any]) -> str:
    """When a doctor is free on a day."""
    told = {"who": result["doctor"]["name"], "day": day_in_words(date.fromisoformat(result["date"]))}
    if not result["slots"]:
        return _("%(who)s has no free time on %(day)s.") % told
    times = spoken_times(result["slots"], result["timezone"])
    return _("%(who)s is free on %(day)s at: %(times)s.") % {**told, "times": times}
