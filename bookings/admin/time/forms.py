"""What is typed on the pages of hours: time off, presence, and what becomes of appointments."""

import json
import uuid
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from bookings.actions.timetable import Choice, Decisions, Fate
from bookings.actions.timetable_changes import Dated, DatedChange, PresenceChange
from bookings.admin.fields import TimeOfDayField, TypedDateField
from bookings.admin.forms import DeskForm, YearForm
from bookings.models import ScheduleException
from bookings.models.schedule import ExceptionKind
from core.errors import DomainError

__all__ = ["DatedForm", "PresenceForm", "YearForm", "decisions_in"]

# Fields of a refusal → those of the forms here.
_FIELDS = {"end": "end_time", "start": "start_time"}


class DatedForm(DeskForm):
    """Time off or extra hours."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ExceptionKind.choices, widget=UnfoldAdminSelectWidget)
    date_from = TypedDateField(label=_("First day"))
    date_until = TypedDateField(label=_("Last day"), required=False, help_text=_("Leave empty for one day."))
    start_time = TimeOfDayField(
        label=_("From"), required=False, help_text=_("Leave empty for the whole day.")
    )
    end_time = TimeOfDayField(label=_("To"), required=False, help_text=_("00:00 is the end of the day."))
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("For staff alone."),
    )  # fmt: skip
    # Made with the form: what is sent twice is added once.
    row_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    # Empty where something is added: that overwrites nothing.
    row_seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    @staticmethod
    def about(row: ScheduleException, seen: str) -> dict[str, Any]:
        """What the form says of a row that is there."""
        names = ("kind", "date_from", "date_until", "start_time", "end_time", "note")
        return {"row_id": row.pk, "row_seen": seen, **{name: getattr(row, name) for name in names}}

    def change(self, practitioner_id: str) -> DatedChange:
        """The change that was typed."""
        typed = self.cleaned_data
        row = Dated(
            kind=ExceptionKind(typed["kind"]),
            date_from=typed["date_from"],
            date_until=typed["date_until"] or typed["date_from"],
            start=typed["start_time"],
            end=typed["end_time"],
            note=typed["note"],
        )
        return DatedChange(
            practitioner_id=practitioner_id, seen=typed["row_seen"], row_id=str(typed["row_id"]), row=row
        )

    def on_new_grounds(self, seen: str) -> "DatedForm":
        """The form as it was typed, for one who has been told what has changed meanwhile."""
        if self.data.get("row_seen"):
            self.data = {**{name: self.data.get(name) for name in self.data}, "row_seen": seen}
        return self

    def refuse(self, refusal: DomainError) -> None:
        """Show a refusal at the line that it is about."""
        for name, texts in refusal.data.get("fields", {None: [refusal]}).items():
            field = _FIELDS.get(name, name)
            self.add_error(field if field in self.fields else None, [str(text) for text in texts])


class PresenceForm(DeskForm):
    """Whether somebody works here and takes bookings, and on which clocks."""

    is_active = forms.BooleanField(
        label=_("Works here"), required=False, widget=UnfoldBooleanSwitchWidget,
        help_text=_("Who has left is switched off."),
    )  # fmt: skip
    is_bookable = forms.BooleanField(
        label=_("Takes bookings"), required=False, widget=UnfoldBooleanSwitchWidget,
        help_text=_("Whether patients can book this person or room."),
    )  # fmt: skip
    timezone = forms.CharField(
        label=_("Time zone"), max_length=64, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("Leave empty for the hospital's own zone."),
    )  # fmt: skip

    def change(self, practitioner_id: str, seen: str) -> PresenceChange:
        """The change that was ticked."""
        return PresenceChange(practitioner_id=practitioner_id, seen=seen, **self.cleaned_data)


def decisions_in(data: QueryDict) -> Decisions:
    """What was chosen for the appointments that were shown; what makes no sense counts as leaving them."""
    return Decisions(
        seen=frozenset(_ids(data.get("seen_ids", ""))),
        for_all=_choice(data.get("fate", "")) or Choice(Fate.LEAVE),
        each=dict(_each(data)),
        reason=data.get("reason", "").strip(),
    )


def _each(data: QueryDict) -> Iterable[tuple[UUID, Choice]]:
    for name in data:
        if name.startswith("fate-") and (choice := _choice(data.get(name, ""))) is not None:
            for key in _ids(json.dumps([name.removeprefix("fate-")])):
                yield key, choice


def _choice(text: str) -> Choice | None:
    fate, _colon, whom = text.partition(":")
    if fate not in set(Fate):
        return None
    to = _ids(json.dumps([whom])) if fate == Fate.MOVE else []
    return Choice(Fate(fate), str(to[0]) if to else None)


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(key) for key in json.loads(text)]
    except (ValueError, TypeError, AttributeError):
        return []
