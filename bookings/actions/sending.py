"""Sending a notice: by the first channel that takes it, and the row says what became of it.

Before a channel is talked to, the row says so: whoever dies meanwhile leaves a notice of which nobody knows
whether it was delivered. A channel that does not bear repetition does not get it again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now

from bookings.actions.notices import NoticeKind, kind_of, queue_sending, send_kind
from bookings.actions.wording import word
from bookings.channels import (
    LANE,
    Channel,
    Message,
    NotNow,
    NotTaken,
    Recipient,
    Unsure,
    all_channels,
    channels_for,
)
from bookings.models import Notice, NoticeStatus
from core import clock
from jobs.handlers import give_places, handle
from tenants.context import current_hospital

# Longer than a task may run at all (CELERY_TASK_TIME_LIMIT): who takes a notice over is then alone with it.
LEASE = timedelta(minutes=6)
# Between tries of what does not go through at present: this, doubled each time up to that.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=30)

# Codes of why a notice was not sent (`Notice.why`), beside those of the channels and of the kinds.
TOO_LATE, NO_CHANNEL, OUTCOME_UNKNOWN = "too_late", "no_channel", "outcome_unknown"


def open_lane(lane: str = LANE, *, places: int = 1) -> None:
    """Have a lane send notices, by so many workers at once; called from `AppConfig.ready`."""
    run: Callable[[str], datetime | None] = send_notice if lane == LANE else partial(send_notice, lane=lane)
    handle(send_kind(lane), run, lane=lane, lease=LEASE)
    give_places(lane, places)


@dataclass(frozen=True, slots=True)
class _Handing:
    """A notice that is about to be handed to a channel; the row says so."""

    notice: Notice
    kind: NoticeKind
    channel: Channel
    to: Recipient
    message: Message


def send_notice(notice_id: str, *, lane: str = LANE) -> datetime | None:
    """Send a notice that waits; return when to try again, or None when this lane has no more to do with it.

    What it tells of is read anew under the notice's lock; talking to others happens outside of every
    transaction. A process that dies between a channel's yes and the mark has the same message sent again with
    the same id if the channel bears that, else by the next channel that reaches the person.
    """
    step = _claim(UUID(notice_id), lane)
    while isinstance(step, _Handing):
        try:
            step.channel.send(step.to, step.message)
        except NotNow as fault:
            return _again(step.notice, fault)
        except (NotTaken, Unsure) as refusal:
            _pass(step, OUTCOME_UNKNOWN if isinstance(refusal, Unsure) else refusal.why)
        except Exception:
            # Nobody knows how far it came.
            _pass(step, "" if step.channel.repeats else OUTCOME_UNKNOWN)
            raise
        else:
            _mark_sent(step)
            return None
        step = _claim(UUID(notice_id), lane)
    return step


@transaction.atomic
def _claim(notice_id: UUID, lane: str) -> _Handing | datetime | None:
    """Mark a notice as being handed to the next channel, or settle it, or let another lane have it.

    Returns an instant if a worker has it in hand until then.
    """
    rows = Notice.objects.select_related("appointment", "patient").select_for_update(of=("self",))
    notice = rows.filter(pk=notice_id, status=NoticeStatus.PENDING).first()
    if notice is None or _is_out_of_date(notice):
        return None
    if notice.handing_since is not None:
        if (free_at := notice.handing_since + LEASE) > clock.now():
            return free_at
        _give_up_on_the_lost(notice)
    kind = kind_of(notice)
    to = kind.recipient(notice)
    channel, reasons = _choose(notice, to)
    if channel is None or not channel.delivers:
        _settle_undelivered(notice, channel, reasons)
        return None
    if channel.lane != lane:
        Notice.objects.filter(pk=notice.pk).update(passed=notice.passed, handing_since=None)
        queue_sending([str(notice.pk)], lane=channel.lane)
        return None
    message = word(kind, notice, to)
    _mark_as_handed(notice, channel)
    return _Handing(notice, kind, channel, to, message)


def _is_out_of_date(notice: Notice) -> bool:
    """Whether there is no use in sending it any more; it is settled then."""
    if why := kind_of(notice).void(notice):
        _settle(notice, NoticeStatus.SKIPPED, why)
        return True
    if clock.now() < notice.good_until:
        return False
    tried = notice.attempts > 0
    why = OUTCOME_UNKNOWN if _may_have_arrived(notice) else (tried and notice.why) or TOO_LATE
    _settle(notice, NoticeStatus.FAILED if tried else NoticeStatus.SKIPPED, why, channel=notice.channel)
    return True


def _may_have_arrived(notice: Notice) -> bool:
    return notice.handing_since is not None or OUTCOME_UNKNOWN in notice.passed.values()


def _give_up_on_the_lost(notice: Notice) -> None:
    """Nobody answered for it: its channel has it again only if that does no harm."""
    lost = next((one for one in all_channels() if one.name == notice.channel), None)
    if lost is None or not lost.repeats:
        notice.passed[notice.channel] = OUTCOME_UNKNOWN


def _choose(notice: Notice, to: Recipient) -> tuple[Channel | None, list[str]]:
    """The first of the hospital's channels that can reach somebody, and why those before it cannot."""
    reasons: list[str] = []
    for channel in channels_for(current_hospital()):
        why = notice.passed.get(channel.name) or channel.why_not(to)
        if not why:
            return channel, reasons
        reasons.append(why)
    return None, reasons


def _settle_undelivered(notice: Notice, channel: Channel | None, reasons: list[str]) -> None:
    """No channel took it: why, as the strongest reason of all."""
    refusals = list(notice.passed.values())
    why = (refusals or reasons or [NO_CHANNEL])[-1]
    if OUTCOME_UNKNOWN in refusals:
        why = OUTCOME_UNKNOWN
    status = NoticeStatus.FAILED if refusals else NoticeStatus.SKIPPED
    _settle(notice, status, why, channel=channel.name if channel else "")


def _mark_as_handed(notice: Notice, channel: Channel) -> None:
    notice.attempts += 1
    notice.channel, notice.handing_since = channel.name, clock.now()
    notice.save(update_fields=["attempts", "channel", "handing_since", "passed", "updated_at"])


def _again(notice: Notice, fault: NotNow) -> datetime:
    """Note why it did not go through; when to try again, at last when there is no use any more."""
    # It may have been settled meanwhile; then only the mark goes.
    why = Case(When(status=NoticeStatus.PENDING, then=Value(fault.why)), default=F("why"))
    noted: dict[str, Any] = {"why": why, "handing_since": None, "updated_at": Now()}
    pause = fault.again_after
    if pause is None:
        pause = min(FIRST_PAUSE * (1 << min(notice.attempts - 1, 10)), LONGEST_PAUSE)
    else:
        # The channel is busy and says until when: that is no failure.
        noted["attempts"] = F("attempts") - 1
    Notice.objects.filter(pk=notice.pk).update(**noted)
    return min(clock.now() + pause, notice.good_until)


def _pass(step: _Handing, why: str) -> None:
    """Note that a channel is out of the question for this notice, if there is a reason."""
    if why:
        step.notice.passed[step.channel.name] = why
    Notice.objects.filter(pk=step.notice.pk).update(
        passed=step.notice.passed, handing_since=None, updated_at=Now()
    )


@transaction.atomic
def _mark_sent(step: _Handing) -> None:
    """Mark what was sent, whatever it was marked as meanwhile: it cannot be unsent."""
    rows = Notice.objects.filter(pk=step.notice.pk).exclude(status=NoticeStatus.SENT)
    marks: dict[str, Any] = {"status": NoticeStatus.SENT, "channel": step.channel.name, "why": ""}
    if rows.update(**marks, handing_since=None, sent_at=Now(), updated_at=Now()):
        step.kind.sent(step.notice)


def _settle(notice: Notice, status: NoticeStatus, why: str, *, channel: str = "") -> None:
    rows = Notice.objects.filter(pk=notice.pk, status=NoticeStatus.PENDING)
    settled: dict[str, Any] = {"status": status, "why": why, "channel": channel, "passed": notice.passed}
    rows.update(**settled, handing_since=None, updated_at=Now())
