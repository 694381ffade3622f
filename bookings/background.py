"""What this room does in the background: its jobs, what it hears of, its channels and kinds of notices."""

from bookings import channels
from bookings.actions import (
    asking,
    changes,
    cleanup,
    freed,
    holds,
    notices,
    offers,
    reminders,
    restoring,
    sending,
    waiting_words,
)
from bookings.actions.batch_work import open_bulk_lane
from bookings.actions.bulk import register_bulk_work
from bookings.actions.imports import register_imports
from bookings.channels.email import EmailChannel
from bookings.channels.log import LogChannel
from bookings.events import BookingEvent
from bookings.queries.plan_counts import count_active_doctors
from events.relay import subscribe
from jobs.handlers import handle
from jobs.standing import stand
from subscriptions.limits import count_with

CHORES = "chores"


def register() -> None:
    """Make all of it known; called from `AppConfig.ready`."""
    handle(reminders.PLAN, reminders.plan_when_due, lane=CHORES)
    handle(holds.EXPIRE, holds.expire_hold, lane=CHORES)
    handle(cleanup.CLEAN_UP, cleanup.clean_up, lane=CHORES)
    handle(offers.OFFER, offers.offer_freed_slot, lane=offers.LANE)
    handle(offers.END_OFFER, offers.end_offer_at_its_time, lane=offers.LANE)
    handle(offers.REVIEW, offers.review_entry, lane=offers.LANE)
    sending.open_lane()
    open_bulk_lane()
    register_bulk_work()
    register_imports()
    stand(reminders.PLAN)
    stand(cleanup.CLEAN_UP, also_public=True)
    subscribe(holds.watch_hold, BookingEvent.HELD)
    subscribe(
        reminders.hear_of_appointment,
        BookingEvent.CREATED,
        BookingEvent.RESCHEDULED,
        BookingEvent.CANCELLED,
    )
    subscribe(changes.hear_of_change, *changes.CHANGES)
    subscribe(restoring.hear_of_undoing, BookingEvent.STATUS_CHANGED)
    subscribe(offers.hear_of, *freed.FREEING)
    channels.add_channel(EmailChannel(), preference=50)
    channels.add_channel(LogChannel(), preference=100)
    notices.add_kind(reminders.REMINDER_KIND)
    notices.add_kind(changes.MOVED_KIND)
    notices.add_kind(changes.CANCELLED_KIND)
    notices.add_kind(restoring.RESTORED_KIND)
    notices.add_kind(asking.ASKING_KIND)
    notices.add_kind(waiting_words.OFFER_KIND)
    count_with("doctors", count_active_doctors)
