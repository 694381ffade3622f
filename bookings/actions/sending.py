"""Sending a notice: by the first channel that takes it, at least once, and the row says what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from bookings.actions.notices import NoticeKind, kind_of
from bookings.actions.wording import word
from bookings.channels import Channel, Message, NotNow, NotTaken, Recipient, channels_for
from bookings.models import Notice, NoticeStatus
from core import clock
from tenants.context import current_hospital

# Longer than a task may run at all (CELERY_TASK_TIME_LIMIT): who takes a notice over is then alone with it.
LEASE = timedelta(minutes=6)
# Between tries of what does not go through at present: this, doubled each time up to that.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=30)

# Codes of why a notice was not sent (`Notice.why`), beside those of the channels and of the kinds.
TOO_LATE, NO_CHANNEL = "too_late", "no_channel"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Which channel took a message, if any; why others did not, and whether one of them refused it."""

    channel: Channel | None
    why: str = ""
    refused: bool = False


class _Later(Exception):
    def __init__(self, channel: str, why: str) -> None:
        super().__init__(why)
        self.channel, self.why = channel, why


def send_notice(notice_id: str) -> datetime | None:
    """Send a notice that waits; return when to try again, or None when it is settled.

    What it tells of is read anew under the notice's lock; talking to others happens outside of every
    transaction. A process that dies between a channel's yes and the mark has the same message sent again,
    with the same id.
    """
    notice = _claim(UUID(notice_id))
    if notice is None:
        return None
    kind = kind_of(notice)
    to = kind.recipient(notice)
    try:
        outcome = _deliver(to, word(kind, notice, to))
    except _Later as later:
        return _again(notice, later)
    if outcome.channel is not None and outcome.channel.delivers:
        _mark_sent(kind, notice, outcome.channel)
    else:
        status = NoticeStatus.FAILED if outcome.refused else NoticeStatus.SKIPPED
        _settle(notice, status, outcome.why, channel=outcome.channel.name if outcome.channel else "")
    return None


@transaction.atomic
def _claim(notice_id: UUID) -> Notice | None:
    """The notice, if it waits and there is still use in sending it; one try more is counted."""
    rows = Notice.objects.select_related("appointment", "patient").select_for_update(of=("self",))
    notice = rows.filter(pk=notice_id, status=NoticeStatus.PENDING).first()
    if notice is None:
        return None
    if why := kind_of(notice).void(notice):
        _settle(notice, NoticeStatus.SKIPPED, why)
        return None
    if clock.now() >= notice.good_until:
        tried = notice.attempts > 0
        status = NoticeStatus.FAILED if tried else NoticeStatus.SKIPPED
        _settle(notice, status, (tried and notice.why) or TOO_LATE, channel=notice.channel)
        return None
    notice.attempts += 1
    notice.save(update_fields=["attempts", "updated_at"])
    return notice


def _deliver(to: Recipient, message: Message) -> _Outcome:
    """Try the hospital's channels in its order. Raises `_Later` where one does not work at present."""
    reasons, refused = [], False
    for channel in channels_for(current_hospital()):
        if why := channel.why_not(to):
            reasons.append(why)
            continue
        try:
            channel.send(to, message)
        except NotTaken as refusal:
            reasons.append(refusal.why)
            refused = True
        except NotNow as fault:
            raise _Later(channel.name, fault.why) from fault
        else:
            return _Outcome(channel, (reasons or [NO_CHANNEL])[0], refused)
    return _Outcome(None, (reasons or [NO_CHANNEL])[0], refused)


def _again(notice: Notice, later: _Later) -> datetime:
    """Note why it did not go through; when to try again, at last when there is no use any more."""
    waiting = Notice.objects.filter(pk=notice.pk, status=NoticeStatus.PENDING)
    waiting.update(why=later.why, channel=later.channel, updated_at=Now())
    pause = min(FIRST_PAUSE * (1 << min(notice.attempts - 1, 10)), LONGEST_PAUSE)
    return min(clock.now() + pause, notice.good_until)


@transaction.atomic
def _mark_sent(kind: NoticeKind, notice: Notice, channel: Channel) -> None:
    """Mark what was sent, whatever it was marked as meanwhile: it cannot be unsent."""
    notice.channel = channel.name
    rows = Notice.objects.filter(pk=notice.pk).exclude(status=NoticeStatus.SENT)
    if rows.update(status=NoticeStatus.SENT, channel=channel.name, why="", sent_at=Now(), updated_at=Now()):
        kind.sent(notice)


def _settle(notice: Notice, status: NoticeStatus, why: str, *, channel: str = "") -> None:
    rows = Notice.objects.filter(pk=notice.pk, status=NoticeStatus.PENDING)
    rows.update(status=status, why=why, channel=channel, updated_at=Now())
