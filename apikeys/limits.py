"""How much somebody may still ask for: one function for every door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import UUID

from cachetools import TTLCache
from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apikeys.counting import Count, counter
from apikeys.models import ApiKey, RateLimit
from apikeys.policies import BY_ADDRESS, POLICIES, Rate
from core.errors import DomainError, Kind
from tenants.context import outside
from tenants.models import Hospital

# How long another process may go on with what it read before a change (seconds).
STALE_AFTER = 10

_of_hospitals: TTLCache[tuple[str, int], dict[str, Rate]] = TTLCache(maxsize=2048, ttl=STALE_AFTER)
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left under a policy: `remaining` requests; one more in `reset_after` seconds at the latest."""

    policy: str
    rate: Rate
    remaining: int
    reset_after: int

    def headers(self) -> dict[str, str]:
        """How an answer tells of it (draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4)."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.rate.amount};w={self.rate.seconds}',
            "RateLimit": f'"{self.policy}";r={self.remaining};t={self.reset_after}',
        }


class TooManyRequests(DomainError):
    """The allowance of a policy is used up; `retry_after` says for how many seconds."""

    kind = Kind.LIMITED
    reason = "too_many_requests"
    text = _("Too many requests. Please wait a moment and try again.")

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(
            retry_after=allowance.reset_after,
            policy=allowance.policy,
            limit=allowance.rate.amount,
            window=allowance.rate.seconds,
        )
        self.allowance = allowance


@dataclass(frozen=True, slots=True)
class Spender:
    """Whose allowance is spent. `name` goes into Redis: no address, name or key stands in it.

    `rates` are the policies for which this spender has a limit of its own.
    """

    name: str
    hospital: Hospital | None = None
    rates: Mapping[str, Rate] = field(default_factory=dict)
    is_unlimited: bool = False


def by_key(key: ApiKey, hospital: Hospital | None = None) -> Spender:
    """Whoever uses a key that `check_key` returned, at a hospital; the key's own unless told otherwise."""
    rates = rates_of(key) if key.hospital else {**rates_at(hospital), **rates_of(key)}
    return Spender(f"key:{key.public_id}", key.hospital or hospital, rates, key.is_unlimited)


def by_user(user_id: UUID, hospital: Hospital | None) -> Spender:
    """Somebody who has signed in."""
    return Spender(f"user:{_hidden(str(user_id))}", hospital, rates_at(hospital))


def by_address(address: str, hospital: Hospital | None = None) -> Spender:
    """Whoever comes from an address (see `apikeys.addresses.client_address`)."""
    return Spender(f"address:{_hidden(address)}", hospital, rates_at(hospital))


def spend(policy: str, who: Spender) -> Allowance | None:
    """Take one out of somebody's allowance; return what is left, or None for who is not limited.

    Raises `TooManyRequests` when nothing is left. What was refused is not counted. Counts are shared by all
    processes through Redis, and kept by each for itself while Redis is away; it costs 0.4 s at most.
    """
    if who.is_unlimited:
        return None
    allowance = _take(policy, who.name, who.rates)
    if who.hospital is not None and policy not in BY_ADDRESS:
        # After the spender's own, so that one who asks too often does not use up what the others have.
        _take("hospital", f"hospital:{who.hospital.pk}", who.rates)
    return allowance


def _take(policy: str, name: str, rates: Mapping[str, Rate]) -> Allowance:
    rate = rates.get(policy) or POLICIES[policy]
    count: Count = counter().take(policy, name, rate)
    allowance = Allowance(policy, rate, count.remaining, count.reset_after)
    if not count.is_allowed:
        raise TooManyRequests(allowance)
    return allowance


def rates_of(key: ApiKey) -> Mapping[str, Rate]:
    """The limits that a key or its hospital has of its own, by policy: the key's before the hospital's.

    They came with the key out of `apikeys.keys.check_key`, so that a request costs no statement for them.
    """
    rows: list[dict[str, Any]] = getattr(key, "own_rates", [])
    return {row["policy"]: Rate(row["amount"], row["seconds"]) for row in rows}


def rates_at(hospital: Hospital | None) -> Mapping[str, Rate]:
    """The limits that a hospital has of its own, by policy; at most `STALE_AFTER` seconds old."""
    if hospital is None:
        return {}
    place = (str(connection.settings_dict["NAME"]), hospital.pk)
    with _lock:
        found = _of_hospitals.get(place)
    if found is None:
        with outside():
            rows = RateLimit.objects.filter(hospital=hospital).values_list("policy", "amount", "seconds")
            found = {policy: Rate(amount, seconds) for policy, amount, seconds in rows}
        with _lock:
            _of_hospitals[place] = found
    return found


def forget_limits() -> None:
    """Drop what this process remembers of hospitals' limits; called whenever one is saved."""
    with _lock:
        _of_hospitals.clear()


def limits_degraded() -> bool:
    """Whether this process counts for itself, because Redis does not answer; takes half a second at most."""
    return not counter().look()


def _hidden(text: str) -> str:
    """A text as a digest that nobody without the secret key can look up."""
    return salted_hmac("apikeys.limits", text, algorithm="sha256").hexdigest()[:32]
