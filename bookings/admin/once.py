"""Booking once from a form or a dialog, however often it is sent."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bookings.models import Appointment
from core.actor import Actor
from events.idempotency import Answer, KeyReused, answer_once


class FormReused(KeyReused):
    """The form has booked already, and came again with something else in it."""

    reason = "form_reused"
    text = _("This form has booked already. Open a new one for another appointment.")


def book_once(
    actor: Actor, *, token: str, sent: Mapping[str, Any], book: Callable[[], Appointment]
) -> Appointment:
    """Run `book`; the same form sent again gets the same appointment.

    `token` names the form, `sent` is what was typed. Raises `FormReused`, and what `book` raises.
    """

    def respond() -> Answer:
        return Answer(status=201, body=str(book().pk))

    try:
        answer = answer_once(actor, route="admin book", key=token, request=dict(sent), respond=respond)
    except KeyReused as reused:
        raise FormReused from reused
    return Appointment.objects.select_related("practitioner").get(pk=answer.body)
