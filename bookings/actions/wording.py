"""Notices in words: in the recipient's language and calendar, on the hospital's clocks."""

from datetime import date, datetime
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date

from bookings.actions.notices import NoticeKind
from bookings.channels import Message, Recipient
from bookings.models import Notice
from core import clock
from tenants.context import current_hospital
from tenants.models import Hospital


def word(kind: NoticeKind, notice: Notice, to: Recipient) -> Message:
    """A notice as its recipient reads it; in the hospital's language where theirs is not known."""
    hospital = current_hospital()
    language = to.language or hospital.language
    with translation.override(language), timezone.override(clock.zone(hospital.timezone)):
        told = kind.facts(notice)
        facts = {**told, **_times_in_words(told), "hospital": hospital, "language": language}
        title, text, html = (
            _rendered(f"notices/{kind.template}.{part}", facts) for part in ("title.txt", "text.txt", "html")
        )
    return Message(
        id=notice.pk,
        kind=notice.kind,
        title=" ".join(title.split()),
        text=text.strip() + "\n",
        html=html,
        data={**notice.data, "subject": notice.subject},
        facts=told,
    )


def _rendered(name: str, facts: dict[str, Any]) -> str:
    """Plain text is not escaped, whatever its template says: an apostrophe in a name is an apostrophe."""
    template: Any = get_template(name)
    return str(template.template.render(Context(facts, autoescape=name.endswith("html"))))


def _times_in_words(facts: dict[str, Any]) -> dict[str, str]:
    """For each instant among the facts: its day and its time of day, in words."""
    words: dict[str, str] = {}
    for name, value in facts.items():
        if isinstance(value, datetime):
            local = timezone.localtime(value)
            words |= {f"{name}_day": day_in_words(local.date()), f"{name}_time": time_in_words(local)}
    return words


def day_in_words(day: date, *, with_year: bool = True) -> str:
    """``Sunday 22 November 2026``; in Thai with the Buddhist year, as people there write it."""
    if _is_thai():
        words, year = f"{format_date(day, 'l')}ที่ {format_date(day, 'j F')}", day.year + clock.BUDDHIST_OFFSET
    else:
        words, year = format_date(day, "l j F"), day.year
    return f"{words} {year}" if with_year else words


def month_in_words(day: date) -> str:
    """``November 2026``; in Thai with the Buddhist year."""
    year = day.year + clock.BUDDHIST_OFFSET if _is_thai() else day.year
    return f"{format_date(day, 'F')} {year}"


def short_day_in_words(day: date) -> str:
    """``Sun 22 Nov``, where there is little room."""
    return format_date(day, "D j M")


def time_in_words(local: datetime) -> str:
    """``09:30``; in Thai with its unit."""
    return f"{local:%H:%M} น." if _is_thai() else f"{local:%H:%M}"


def _is_thai() -> bool:
    return (translation.get_language() or "th").startswith("th")


def place_in_words(hospital: Hospital) -> str:
    """The hospital's address in one line, without its name."""
    parts = (
        hospital.address_line1, hospital.address_line2, hospital.city, hospital.state, hospital.postal_code
    )  # fmt: skip
    return ", ".join(part for part in parts if part)
