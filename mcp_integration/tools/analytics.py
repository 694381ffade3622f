"""Figures: of a hospital, of a doctor, of specialties."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from analytics.figures import Demands, Performance, Statistics
from analytics.queries.specialties import specialty_demand
from analytics.queries.statistics import hospital_statistics
from analytics.queries.work import doctor_performance
from analytics.serializers import DemandsSerializer, PerformanceSerializer, StatisticsSerializer
from analytics.spans import Period
from bookings.serializers.fields import WireDate, WireId
from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.tool import READ, Group, Tool

_HOSPITAL = "0d4f1c9e-6a52-4b0e-9f3a-2f1f0c8a7b11"
_DOCTOR = "7d0b7a3e-54a4-4f39-9d6f-0c8f2f4f1a77"
# A quarter has no place in a series of a doctor's periods.
_OF_DOCTORS = [period.value for period in Period if period is not Period.QUARTERLY]


class StatisticsParametersSerializer(serializers.Serializer):
    """Which hospital and days."""

    hospital_id = WireId(help_text="The hospital's `id`.")
    date_from = WireDate(help_text="YYYY-MM-DD, the first day on the hospital's calendar.")
    date_to = WireDate(help_text="YYYY-MM-DD, the last day, included; 366 days at most.")


class DoctorPeriodSerializer(serializers.Serializer):
    """Which doctor, and how long a period is."""

    doctor_id = WireId(help_text="The doctor's `id`, as list_doctors and get_event_types give it.")
    period = serializers.ChoiceField(
        choices=_OF_DOCTORS, help_text="Days, weeks from Monday on, months or years of the calendar."
    )


class DemandPeriodSerializer(serializers.Serializer):
    """Which hospital, and how many days."""

    hospital_id = WireId(help_text="The hospital's `id`.")
    period = serializers.ChoiceField(
        choices=[period.value for period in Period],
        help_text="The days up to today: 1, 7, 30, 91 or 365 of them.",
    )


def _statistics(call: Call) -> Statistics:
    return call.do(hospital_statistics, date_from=call.data["date_from"], date_to=call.data["date_to"])


def _performance(call: Call) -> Performance:
    period = Period(call.data["period"])
    return call.do(doctor_performance, practitioner_id=call.data["doctor_id"], period=period)


def _demand(call: Call) -> Demands:
    return call.do(specialty_demand, period=Period(call.data["period"]))


def _say_statistics(result: dict[str, Any]) -> str:
    counted = result["appointments"]["by_status"]
    return _(
        "From %(first)s to %(last)s: %(total)d appointments, %(completed)d completed, %(cancelled)d "
        "cancelled, %(missed)d no-shows; %(new)d new patients; revenue %(revenue)s."
    ) % {
        "first": result["date_from"],
        "last": result["date_to"],
        "total": result["appointments"]["total"],
        "completed": counted["COMPLETED"],
        "cancelled": counted["CANCELLED"],
        "missed": counted["NO_SHOW"],
        "new": result["patients"]["new"],
        "revenue": ", ".join(f"{one['amount']} {one['currency']}" for one in result["revenue"]) or "0",
    }


def _say_performance(result: dict[str, Any]) -> str:
    current = result["current"]
    told = _(
        "%(name)s from %(first)s to %(last)s: %(completed)d completed, %(seen)d patients seen, "
        "%(missed)d no-shows, %(cancelled)d cancelled."
    ) % {
        "name": result["name"],
        "first": current["date_from"],
        "last": current["date_to"],
        "completed": current["completed"],
        "seen": current["patients_seen"],
        "missed": current["no_shows"],
        "cancelled": current["cancelled"],
    }
    if current["average_rating"] is None:
        return told
    rated = _("Rated %(average)s of 5 on average.") % {"average": current["average_rating"]}
    return f"{told} {rated}"


def _say_demand(result: dict[str, Any]) -> str:
    asked_for = [one for one in result["specialties"] if one["appointments"]]
    if not asked_for:
        return _("There were no appointments from %(first)s to %(last)s.") % {
            "first": result["date_from"],
            "last": result["date_to"],
        }
    listed = ", ".join(f"{one['name'] or _('no specialty')}: {one['appointments']}" for one in asked_for[:10])
    return _("Appointments from %(first)s to %(last)s by specialty: %(listed)s.") % {
        "first": result["date_from"],
        "last": result["date_to"],
        "listed": listed,
    }


TOOLS: tuple[Tool, ...] = (
    Tool(
        name="get_hospital_statistics",
        title="Figures of a hospital",
        description=(
            "Gives a hospital's figures for some days beside as many days before: patients in all, new "
            "and seen, doctors, appointments by status and by the way they were booked, revenue of "
            "completed visits by currency, rates of no-shows and cancellations, busiest weekday and hour, "
            "ratings, and how much each changed. Use it for questions about how the hospital is doing; "
            "for one doctor use get_doctor_performance, for specialties get_specialty_demand. Days are "
            "the hospital's own; rates and changes are fractions (0.25 is 25 %). Names no patient. "
            f'Example: {{"hospital_id": "{_HOSPITAL}", "date_from": "2026-11-01", '
            '"date_to": "2026-11-30"}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("analytics.read",),
        takes=StatisticsParametersSerializer,
        gives=StatisticsSerializer,
        run=_statistics,
        says=_say_statistics,
        example={"hospital_id": _HOSPITAL, "date_from": "2026-11-01", "date_to": "2026-11-30"},
        names_hospital_itself=True,
        suggests=("get_specialty_demand", "get_doctor_performance"),
    ),
    Tool(
        name="get_doctor_performance",
        title="Figures of a doctor",
        description=(
            "Gives a doctor's figures for the present day, week, month or year as far as today, and for "
            "the ones before in `series`: visits completed, different patients seen, no-shows, "
            "cancellations, average rating, and which share of the offered minutes was booked "
            "(utilisation, a fraction). Use it for one doctor; a doctor who has signed in sees their own "
            "alone. For the whole hospital use get_hospital_statistics. Example: "
            f'{{"doctor_id": "{_DOCTOR}", "period": "MONTHLY"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("analytics.read", "analytics.read_own"),
        takes=DoctorPeriodSerializer,
        gives=PerformanceSerializer,
        run=_performance,
        says=_say_performance,
        example={"doctor_id": _DOCTOR, "period": "MONTHLY"},
        suggests=("get_doctor_details",),
    ),
    Tool(
        name="get_specialty_demand",
        title="Demand by specialty",
        description=(
            "Gives for each specialty how much it is asked for in the last 1, 7, 30, 91 or 365 days: "
            "appointments and the change against as many days before, days from booking to visit, minutes "
            "from checking in to being called in, and how full its doctors are (utilisation, a fraction). "
            "Use it to see where doctors are short or people wait long. For one doctor use "
            "get_doctor_performance; who practises a specialty is in get_specialty_doctors. Example: "
            f'{{"hospital_id": "{_HOSPITAL}", "period": "QUARTERLY"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("analytics.read",),
        takes=DemandPeriodSerializer,
        gives=DemandsSerializer,
        run=_demand,
        says=_say_demand,
        example={"hospital_id": _HOSPITAL, "period": "QUARTERLY"},
        names_hospital_itself=True,
        suggests=("get_specialty_doctors",),
    ),
)
