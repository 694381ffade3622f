"""How long an offer of a freed slot stands, and which starts suit whoever waits."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# Long enough to read a message and decide, short enough that the next in line still gets something.
OFFER_FOR = timedelta(minutes=30)
# With less time than this to answer, the slot is left to whoever finds it.
SHORTEST_OFFER = timedelta(minutes=5)
# An offer leaves at least so much time to come, where there is as much at all.
TIME_TO_COME = timedelta(hours=1)
# What is offered while people sleep stands until they had time to see it.
NIGHT_BEGINS, NIGHT_ENDS = time(21), time(8)
# Who lets so many offers pass without a word is taken off the list.
MOST_MISSED = 3

NOON = 12


class PartOfDay(StrEnum):
    """When somebody would come; a visit belongs to where it starts on the hospital's clocks."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


def offer_ends(now: datetime, start: datetime, zone: ZoneInfo) -> datetime | None:
    """When an offer of the slot at `start` ends, if it is made now; None when the slot is too near.

    It stands for half an hour, by night until half an hour after the night; of what is near, for half of the
    time that is left.
    """
    latest = max(start - TIME_TO_COME, now + (start - now) / 2)
    ends = min(_awake_from(now, zone) + OFFER_FOR, latest)
    return ends if ends - now >= SHORTEST_OFFER else None


def _awake_from(now: datetime, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    if NIGHT_ENDS <= local.time() < NIGHT_BEGINS:
        return now
    day = local.date() + timedelta(days=1 if local.time() >= NIGHT_BEGINS else 0)
    return datetime.combine(day, NIGHT_ENDS, zone)


def is_in(part: str, start: datetime, zone: ZoneInfo) -> bool:
    """Whether a start lies in a part of the day; an empty part is the whole day."""
    is_morning = start.astimezone(zone).hour < NOON
    return not part or is_morning == (part == PartOfDay.MORNING)
