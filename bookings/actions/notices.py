"""Telling a patient something once: the kinds of notices, ordering one, marking what became of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bookings.channels import LANE, Recipient, Text, channels_for
from bookings.events import BookingEvent
from bookings.models import Appointment, Notice, NoticeStatus, Patient
from core import clock
from core.actor import Actor
from core.errors import DomainError, Kind
from events.outbox import record
from jobs import queue
from tenants.context import current_hospital

# The kind of the jobs that send notices, by their ids; lanes of channels have kinds of their own.
SEND = "notice.send"


class NoticeSettled(DomainError):
    """The notice was sent, waits to be sent, or is out of date."""

    kind = Kind.CONFLICT
    reason = "notice_settled"
    text = _("This notice was sent, is waiting, or is of no use any more.")


def _nothing_more(notice: Notice) -> None:
    """What most kinds do when a notice was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """How a kind of notice is worded and when it is out of date.

    `template` names ``templates/notices/<template>.{title.txt,text.txt,html}``, which get `facts` and the
    hospital. `recipient` says whom to reach. `void` answers with a code when there is no use in sending it
    any more (``cancelled``), else with nothing; it is asked under the notice's lock, just before it is sent.
    `sent` runs in the transaction that marks the notice as sent; it may record an event.
    """

    name: str
    label: Text
    template: str
    recipient: Callable[[Notice], Recipient]
    facts: Callable[[Notice], dict[str, Any]]
    void: Callable[[Notice], str]
    sent: Callable[[Notice], None] = _nothing_more


_kinds: dict[str, NoticeKind] = {}


def add_kind(kind: NoticeKind) -> None:
    """Make a kind of notice known; called from `AppConfig.ready`."""
    _kinds[kind.name] = kind


def kind_of(notice: Notice) -> NoticeKind:
    """The kind of a notice. Raises `KeyError` for one that no room has made known."""
    return _kinds[notice.kind]


def all_kinds() -> list[NoticeKind]:
    """Every kind of notice."""
    return list(_kinds.values())


def send_kind(lane: str) -> str:
    """The kind of the jobs that send notices in a lane."""
    return SEND if lane == LANE else f"{SEND}.{lane}"


def queue_sending(notice_ids: Iterable[str], *, lane: str = "") -> None:
    """Queue the sending of notices in one statement, in their order: in the lane of the first channel.

    A notice that is queued in two lanes is sent by one of them.
    """
    lane = lane or channels_for(current_hospital())[0].lane
    queue.put_all(send_kind(lane), notice_ids, lane=lane)


@transaction.atomic
def notify(
    kind: str,
    *,
    subject: object,
    for_time: datetime,
    good_until: datetime,
    appointment: Appointment | None = None,
    patient: Patient | None = None,
    data: dict[str, Any] | None = None,
) -> Notice:
    """Order a notice of a kind, once for each subject and time, and queue its sending.

    Belongs into the transaction of whatever it tells of. Whoever orders the same again gets the notice that
    is there, whatever became of it. After `good_until` it is not sent any more. `appointment` must not be a
    hold. `data` holds ids and public facts alone.
    """
    fresh = Notice(
        kind=kind, subject=str(subject), for_time=for_time, good_until=good_until,
        appointment=appointment, patient=patient, data=data or {},
    )  # fmt: skip
    # Whoever comes second waits for the first and inserts nothing.
    Notice.objects.bulk_create([fresh], ignore_conflicts=True)
    notice = Notice.objects.get(kind=kind, subject=str(subject), for_time=for_time)
    if notice.pk == fresh.pk:
        queue_sending([str(notice.pk)])
    return notice


@transaction.atomic
def send_again(actor: Actor, *, notice_id: UUID) -> None:
    """Have a notice tried anew by every channel that failed, or that none took, while there is use in it.

    Raises `NoticeSettled` for one that was sent, that waits, or that is out of date.
    """
    actor.require("notices.send")
    notice = Notice.objects.select_for_update(of=("self",)).filter(pk=notice_id).first()
    if notice is None or not may_be_sent_again(notice):
        raise NoticeSettled
    anew: dict[str, Any] = {"status": NoticeStatus.PENDING, "why": "", "channel": "", "attempts": 0}
    anew |= {"passed": {}, "handing_since": None}
    Notice.objects.filter(pk=notice.pk).update(**anew, updated_at=Now())
    queue_sending([str(notice.pk)])
    changes = {"status": [notice.status, NoticeStatus.PENDING]}
    record(
        actor, BookingEvent.NOTICE_SENT_AGAIN, subject_type="notice", subject_id=notice.pk, changes=changes
    )


def may_be_sent_again(notice: Notice) -> bool:
    """Whether a notice did not go out, is still of use, and what it tells of still holds."""
    return (
        notice.status in (NoticeStatus.FAILED, NoticeStatus.SKIPPED)
        and notice.good_until > clock.now()
        and notice.kind in _kinds
        and not kind_of(notice).void(notice)
    )
