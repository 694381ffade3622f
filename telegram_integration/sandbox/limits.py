"""How much a bot may send: 30 messages a second overall, one a second to a chat, short bursts allowed.

core.telegram.org/bots/faq, "My bot is hitting limits, how do I avoid this?". Edits, deletions and answers to
taps are not messages.
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from telegram_integration.sandbox.errors import too_many

_SECOND = 1.0


@dataclass
class Limits:
    """What the make-believe Telegram allows; tests and benchmarks change it."""

    # Messages in any one second, to all chats together; 0: any number.
    overall: int = 30
    # Messages a second to one chat, in the long run; 0: any number.
    per_chat: float = 1.0
    # Messages to one chat that may come at once before the rate counts.
    burst: int = 5
    # How long a tap can be answered.
    callback_seconds: float = 15.0
    # Seconds until a webhook that failed is tried again the first time; each time it doubles, to a minute.
    webhook_backoff: float = 1.0
    # How long a webhook may take to answer.
    webhook_timeout: float = 20.0


@dataclass
class Peak:
    """The most that happened in any one second."""

    recent: deque[float] = field(default_factory=deque)
    most: int = 0

    def add(self, now: float) -> None:
        """Count one."""
        self.recent.append(now)
        self.most = max(self.most, self.within(now))

    def within(self, now: float) -> int:
        """How many in the second that ends now."""
        while self.recent and self.recent[0] <= now - _SECOND:
            self.recent.popleft()
        return len(self.recent)


@dataclass
class Bucket:
    """What one chat may still get: fills up by the second."""

    left: float
    at: float


@dataclass
class Meter:
    """What one bot has sent, and whether it may send more. Times are monotonic seconds."""

    limits: Limits
    overall: Peak = field(default_factory=Peak)
    chats: dict[int, Peak] = field(default_factory=lambda: defaultdict(Peak))
    buckets: dict[int, Bucket] = field(default_factory=dict)
    messages: int = 0

    def take(self, chat_id: int, now: float) -> None:
        """Count a message to a chat. Raises `Refused` (429) for one too many, which is not counted."""
        if self.limits.overall and self.overall.within(now) >= self.limits.overall:
            raise too_many(max(1, math.ceil(self.overall.recent[0] + _SECOND - now)))
        self._take_from_chat(chat_id, now)
        self.overall.add(now)
        self.chats[chat_id].add(now)
        self.messages += 1

    def _take_from_chat(self, chat_id: int, now: float) -> None:
        rate = self.limits.per_chat
        if not rate:
            return
        bucket = self.buckets.setdefault(chat_id, Bucket(self.limits.burst, now))
        bucket.left = min(self.limits.burst, bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.left < 1:
            raise too_many(max(1, math.ceil((1 - bucket.left) / rate)))
        bucket.left -= 1

    @property
    def per_chat(self) -> int:
        """The most messages that one chat got in a second."""
        return max((peak.most for peak in self.chats.values()), default=0)
