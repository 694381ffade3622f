"""Figures as every door words them. Days are the hospital's; shares and changes are fractions."""

from typing import Any

from rest_framework import serializers

from analytics.queries.statistics import STATUSES, WEEKDAYS
from analytics.spans import Period
from bookings.models import Source

_SHARE = "A fraction: 0.25 is 25 %. Null where there is nothing to be a share of."
_CHANGE = "A fraction of what was before: 0.5 is half as much again, -0.5 half. Null where there was nothing."


def _change() -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, help_text=_CHANGE)


def _share(about: str) -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, help_text=f"{about} {_SHARE}")


def _counts(names: str) -> serializers.DictField:
    return serializers.DictField(child=serializers.IntegerField(), help_text=names)


class MoneySerializer(serializers.Serializer):
    """An amount in a currency."""

    currency = serializers.CharField(help_text="ISO 4217.")
    amount = serializers.DecimalField(14, 2)


class PatientFiguresSerializer(serializers.Serializer):
    """Patients in some days."""

    total = serializers.IntegerField(help_text="Registered by the end of the last day.")
    new = serializers.IntegerField(help_text="Registered in these days.")
    seen = serializers.IntegerField(help_text="Different patients of completed visits.")


class DoctorFiguresSerializer(serializers.Serializer):
    """Doctors in some days."""

    active = serializers.IntegerField(help_text="Who work here at present.")
    seeing = serializers.IntegerField(help_text="Who had appointments in these days that were not cancelled.")


class VisitFiguresSerializer(serializers.Serializer):
    """Appointments that start in some days."""

    total = serializers.IntegerField(help_text="All that were booked, what was cancelled included.")
    by_status = _counts(f"By status: {', '.join(STATUSES)}.")
    by_source = _counts(f"By the door that they came in by: {', '.join(Source.values)}.")
    no_show_rate = _share("No-shows among those who came or should have.")
    cancellation_rate = _share("What was cancelled of all that was booked.")


class RatingFiguresSerializer(serializers.Serializer):
    """What patients gave for visits of some days."""

    average = serializers.FloatField(allow_null=True, help_text="1 to 5; null without ratings.")
    count = serializers.IntegerField()


class StretchSerializer(serializers.Serializer):
    """What happened in some days."""

    date_from = serializers.DateField(help_text="YYYY-MM-DD, the first day.")
    date_to = serializers.DateField(help_text="YYYY-MM-DD, the last day.")
    appointments = VisitFiguresSerializer(source="visits")
    revenue = MoneySerializer(many=True, help_text="Completed visits at the present prices, by currency.")
    patients_new = serializers.IntegerField()
    patients_seen = serializers.IntegerField()
    ratings = RatingFiguresSerializer()


class ChangesSerializer(serializers.Serializer):
    """Against as many days right before."""

    appointments = _change()
    completed = _change()
    cancelled = _change()
    no_shows = _change()
    patients_new = _change()
    patients_seen = _change()
    revenue = serializers.DictField(
        child=serializers.FloatField(allow_null=True), help_text=f"By currency. {_CHANGE}"
    )


class StatisticsSerializer(serializers.Serializer):
    """A hospital in some days, beside as many days right before."""

    date_from = serializers.DateField(help_text="YYYY-MM-DD, the first day.")
    date_to = serializers.DateField(help_text="YYYY-MM-DD, the last day.")
    timezone = serializers.CharField(help_text="IANA zone in which the days are counted.")
    patients = PatientFiguresSerializer()
    doctors = DoctorFiguresSerializer()
    appointments = VisitFiguresSerializer()
    revenue = MoneySerializer(many=True, help_text="Completed visits at the present prices, by currency.")
    ratings = RatingFiguresSerializer()
    by_weekday = _counts(f"Visits that were not cancelled: {', '.join(WEEKDAYS)}.")
    by_hour = _counts("The same by the hour in which they start, 00:00 to 23:00.")
    busiest_weekday = serializers.ChoiceField(choices=WEEKDAYS, allow_null=True)
    busiest_hour = serializers.CharField(allow_null=True, help_text="HH:00; null without visits.")
    before = StretchSerializer(help_text="As many days right before.")
    changes = ChangesSerializer(help_text="Against the days before.")

    def to_representation(self, found: Any) -> dict[str, Any]:
        """The declared fields; figures of the same thing stand together."""
        now = found.now
        return {
            "date_from": now.span.first.isoformat(),
            "date_to": now.span.last.isoformat(),
            "timezone": found.zone,
            "patients": {"total": found.patients_total, "new": now.patients_new, "seen": now.patients_seen},
            "doctors": {"active": found.doctors_active, "seeing": now.doctors_seeing},
            "appointments": VisitFiguresSerializer(now.visits).data,
            "revenue": MoneySerializer(now.revenue, many=True).data,
            "ratings": RatingFiguresSerializer(now.ratings).data,
            "by_weekday": found.by_weekday,
            "by_hour": found.by_hour,
            "busiest_weekday": found.busiest_weekday,
            "busiest_hour": found.busiest_hour,
            "before": StretchSerializer(found.before).data,
            "changes": ChangesSerializer(found.changes).data,
        }


class WorkSerializer(serializers.Serializer):
    """What a practitioner did in some days."""

    date_from = serializers.DateField(help_text="YYYY-MM-DD, the first day.")
    date_to = serializers.DateField(help_text="YYYY-MM-DD, the last day.")
    completed = serializers.IntegerField(help_text="Completed visits.")
    patients_seen = serializers.IntegerField(help_text="Different patients of completed visits.")
    no_shows = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    average_rating = serializers.FloatField(allow_null=True, help_text="1 to 5; null without ratings.")
    ratings = serializers.IntegerField(help_text="How many ratings there are.")
    booked_minutes = serializers.IntegerField(
        help_text="With at least one visit that was not cancelled; no-shows count."
    )
    offered_minutes = serializers.IntegerField(help_text="Working hours less time off and holidays.")
    utilisation = _share("Booked of the offered minutes; above 1 with visits outside of the hours.")


class PerformanceSerializer(serializers.Serializer):
    """A practitioner in the present period as far as today, and in those before."""

    doctor_id = serializers.UUIDField(source="practitioner_id")
    name = serializers.CharField()
    timezone = serializers.CharField(source="zone", help_text="IANA zone in which the days are counted.")
    period = serializers.ChoiceField(choices=[period.value for period in Period])
    current = WorkSerializer(help_text="The present period as far as today, today included.")
    series = WorkSerializer(many=True, help_text="The periods before, oldest first.")


class DemandSerializer(serializers.Serializer):
    """How much a specialty is asked for."""

    specialty_id = serializers.UUIDField(allow_null=True, help_text="Null: services of no specialty.")
    code = serializers.CharField()
    name = serializers.CharField()
    appointments = serializers.IntegerField(help_text="All that were booked, what was cancelled included.")
    before = serializers.IntegerField(help_text="In as many days right before.")
    change = _change()
    completed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    no_shows = serializers.IntegerField()
    lead_days = serializers.FloatField(
        allow_null=True, help_text="Days from booking to visit, on average; null without visits."
    )
    waiting_minutes = serializers.FloatField(
        allow_null=True, help_text="Minutes from checking in to being called in, on average; null if unknown."
    )
    waits_measured = serializers.IntegerField(help_text="How many visits that average is of.")
    booked_minutes = serializers.IntegerField(help_text="Of the active practitioners who have the specialty.")
    offered_minutes = serializers.IntegerField(help_text="Of the same practitioners.")
    utilisation = _share("Booked of the offered minutes of the practitioners who have the specialty.")


class DemandsSerializer(serializers.Serializer):
    """Specialties in some days, the one that is asked for most first."""

    date_from = serializers.DateField(help_text="YYYY-MM-DD, the first day.")
    date_to = serializers.DateField(help_text="YYYY-MM-DD, the last day.")
    timezone = serializers.CharField(source="zone", help_text="IANA zone in which the days are counted.")
    specialties = DemandSerializer(many=True)


class DoctorsWorkSerializer(serializers.Serializer):
    """One practitioner's line in a report."""

    doctor_id = serializers.UUIDField(source="practitioner_id")
    name = serializers.CharField()
    kind = serializers.CharField()
    work = WorkSerializer()


class ReportSerializer(serializers.Serializer):
    """Some days: the hospital, each practitioner, each specialty."""

    statistics = StatisticsSerializer()
    doctors = DoctorsWorkSerializer(many=True)
    specialties = DemandSerializer(many=True)


class DashboardSerializer(serializers.Serializer):
    """Today, the seven days to come, and the last 30 days."""

    timezone = serializers.CharField(source="zone", help_text="IANA zone in which the days are counted.")
    today = StretchSerializer()
    coming = StretchSerializer(help_text="The seven days after today.")
    month = StatisticsSerializer(help_text="The last 30 days, today included.")
