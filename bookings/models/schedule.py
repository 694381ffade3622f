"""When practitioners work: weekly hours, exceptions, hospital holidays."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.naming import Bilingual
from bookings.models.people import Practitioner
from core.models import Record


class Weekday(models.IntegerChoices):
    """Days of the week as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def _ends_after_start(start: str, end: str) -> models.Q:
    """A time of day after another one; midnight as an end is the end of the day."""
    return models.Q(**{f"{end}__gt": models.F(start)}) | models.Q(**{end: "00:00"})


class WeeklyHours(Record):
    """One interval of one weekday, in the practitioner's zone. A lunch break lies between two of them."""

    practitioner = models.ForeignKey(
        Practitioner, verbose_name=_("practitioner"), on_delete=models.CASCADE, related_name="weekly_hours"
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    start_time = models.TimeField(_("from"))
    end_time = models.TimeField(_("to"), help_text=_("00:00 is the end of the day."))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("The last day."))

    class Meta:
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")
        ordering = ["practitioner", "weekday", "start_time"]
        constraints = [
            models.CheckConstraint(
                name="weekly_hours_end_after_start",
                condition=_ends_after_start("start_time", "end_time"),
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                name="weekly_hours_weekday", condition=models.Q(weekday__gte=0, weekday__lte=6)
            ),
            models.CheckConstraint(
                name="weekly_hours_validity",
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                violation_error_message=_("The last day must not be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start_time:%H:%M}–{self.end_time:%H:%M}"


class ExceptionKind(models.TextChoices):
    """What differs from the weekly hours."""

    TIME_OFF = "TIME_OFF", _("Time off")
    EXTRA_HOURS = "EXTRA_HOURS", _("Extra hours")


class ScheduleException(Record):
    """Days on which a practitioner is away, or works although the weekly hours do not say so.

    On each local date from `date_from` to `date_until`, from `start_time` to `end_time`; without times
    the whole day. Extra hours hold on holidays too; time off wins over everything.
    """

    practitioner = models.ForeignKey(
        Practitioner, verbose_name=_("practitioner"), on_delete=models.CASCADE, related_name="exceptions"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ExceptionKind)
    date_from = models.DateField(_("first day"))
    date_until = models.DateField(_("last day"))
    start_time = models.TimeField(
        _("from"), null=True, blank=True, help_text=_("Leave empty for the whole day.")
    )
    end_time = models.TimeField(_("to"), null=True, blank=True, help_text=_("00:00 is the end of the day."))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ["-date_from"]
        constraints = [
            models.CheckConstraint(name="exception_kind", condition=models.Q(kind__in=ExceptionKind.values)),
            models.CheckConstraint(
                name="exception_days",
                condition=models.Q(date_until__gte=models.F("date_from")),
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                name="exception_times",
                condition=models.Q(start_time=None, end_time=None)
                | models.Q(start_time__isnull=False, end_time__isnull=False)
                & _ends_after_start("start_time", "end_time"),
                violation_error_message=_("Give both times, the end after the start, or neither."),
            ),
        ]
        indexes = [models.Index(fields=["practitioner", "date_until"], name="exception_practitioner")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.date_from:%d/%m}–{self.date_until:%d/%m}"


class Holiday(Record, Bilingual):
    """A day on which the hospital's weekly hours do not hold. Suggestions count only when confirmed."""

    date = models.DateField(_("date"), unique=True)
    is_confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("Only confirmed holidays close the hospital.")
    )

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["date"]


class RulesVersion(models.Model):
    """One row that counts changes of whatever decides what is bookable.

    Database triggers count, so that no way of changing a rule can be forgotten (see the migration).
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(name="one_rules_version", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.version)
