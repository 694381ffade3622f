"""Refusals about plans and subscriptions. `reason` is what programs read; the text is for people."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Kind, NotFound


class PlanNotFound(NotFound):
    """No plan has that id, or the caller may not know of it."""

    reason = "plan_not_found"
    text = _("There is no such plan.")


class SubscriptionNotFound(NotFound):
    """No subscription has that id, or the caller may not know of it."""

    reason = "subscription_not_found"
    text = _("There is no such subscription.")


class PlanNotOffered(DomainError):
    """The plan is not sold any more."""

    kind = Kind.CONFLICT
    reason = "plan_not_offered"
    text = _("This plan is not offered any more.")


class AlreadySubscribed(DomainError):
    """The hospital has a subscription that runs or is about to; `data["subscription_id"]` says which."""

    kind = Kind.CONFLICT
    reason = "already_subscribed"
    text = _("This hospital has a subscription already. Change it, or cancel it first.")

    def __init__(self, subscription_id: object = None) -> None:
        super().__init__(**({"subscription_id": str(subscription_id)} if subscription_id else {}))


class SubscriptionOver(DomainError):
    """The subscription has ended, and nothing of it changes any more; `data["status"]` says how."""

    kind = Kind.CONFLICT
    reason = "subscription_over"
    text = _("This subscription has ended. Make a new one.")

    def __init__(self, status: str) -> None:
        super().__init__(status=status)


class CancelledAlready(DomainError):
    """The subscription is to end with its period already; `data["ends_on"]` says when."""

    kind = Kind.CONFLICT
    reason = "cancelled_already"
    text = _("This subscription is cancelled already and ends with its period.")

    def __init__(self, ends_on: date) -> None:
        super().__init__(ends_on=ends_on.isoformat())


class PlanTooSmall(DomainError):
    """The hospital has more than the plan allows: `data` has what it has and the limit, for each of them."""

    kind = Kind.CONFLICT
    reason = "plan_too_small"
    text = _("The hospital has more doctors or staff than this plan allows.")

    def __init__(self, exceeded: dict[str, dict[str, int]]) -> None:
        super().__init__(**exceeded)


class PlanLimitReached(DomainError):
    """The hospital's plan allows no more; `data` has `what` (``doctors`` or ``staff``) and the `limit`."""

    kind = Kind.CONFLICT
    reason = "plan_limit_reached"
    text = _("The hospital's plan allows no more of them. Choose a larger plan first.")

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what=what, limit=limit)
