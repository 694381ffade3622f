"""The notice of an offered slot: to whom, what it says, and when there is no use in it any more."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bookings.actions.notices import NoticeKind
from bookings.actions.offers import NOTICE
from bookings.actions.wording import place_in_words
from bookings.channels import Recipient
from bookings.models import Notice, WaitingListOffer
from bookings.models.waiting_list import Outcome
from tenants.context import current_hospital

# Codes of why it was not sent (`Notice.why`).
ANSWERED = "answered"


def _offer(notice: Notice) -> WaitingListOffer | None:
    return WaitingListOffer.objects.select_related("entry__patient").filter(pk=notice.subject).first()


def _void(notice: Notice) -> str:
    offer = _offer(notice)
    return "" if offer is not None and offer.outcome == Outcome.OPEN else ANSWERED


def _recipient(notice: Notice) -> Recipient:
    offer = _offer(notice)
    if offer is None:
        return Recipient()
    entry, patient = offer.entry, offer.entry.patient
    return Recipient(
        patient_id=entry.patient_id,
        name=entry.guest_name,
        email=entry.guest_email or (patient.email if patient else ""),
        phone=entry.guest_phone or (patient.phone_number if patient else ""),
        language=patient.language if patient else "",
    )


def _facts(notice: Notice) -> dict[str, Any]:
    """Time and place. No name of the service or the practitioner: they may tell an illness."""
    offer = _offer(notice)
    return {
        "name": offer.entry.guest_name if offer else "",
        "is_move": offer is not None and offer.entry.brings_forward_id is not None,
        "start": notice.for_time,
        "until": notice.good_until,
        "place": place_in_words(current_hospital()),
    }


OFFER_KIND = NoticeKind(
    name=NOTICE,
    label=_("Offer of a free time"),
    template="waiting_list_offer",
    recipient=_recipient,
    facts=_facts,
    void=_void,
)
