from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubscriptionsConfig(AppConfig):
    """What a hospital pays for: plans, subscriptions and what they limit."""

    name = "subscriptions"
    verbose_name = _("Subscriptions")

    def ready(self) -> None:
        """Have subscriptions begin, renew and end at their times, and what plans limit be asked for."""
        from accounts.staffing import ask_before_staff  # noqa: PLC0415  -- needs the models
        from jobs.handlers import handle  # noqa: PLC0415
        from jobs.standing import stand  # noqa: PLC0415
        from subscriptions import limits, renewal  # noqa: PLC0415

        handle(renewal.RENEW, renewal.renew_when_due, lane=renewal.LANE)
        stand(renewal.RENEW, only_public=True)
        ask_before_staff(limits.take_room_for_staff)
