"""Plans and subscriptions as every door words them. Money is in Thai baht, as text with two decimals."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from core.clock import local_iso, to_epoch
from subscriptions.models import BillingCycle, PlanType, Subscription, SubscriptionStatus


class PlanSerializer(serializers.Serializer):
    """A plan: what it costs for each cycle, and how many doctors and staff accounts it is for."""

    id = serializers.UUIDField()
    code = serializers.CharField(help_text="A short name that stays.")
    name = serializers.CharField(help_text="The name in the reader's language.")
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    plan_type = serializers.ChoiceField(choices=PlanType.values)
    price_monthly = serializers.DecimalField(10, 2, help_text="For a month, in `currency`.")
    price_quarterly = serializers.DecimalField(10, 2, help_text="For three months, in `currency`.")
    price_annual = serializers.DecimalField(10, 2, help_text="For twelve months, in `currency`.")
    currency = serializers.CharField(help_text="ISO 4217: always THB.")
    max_doctors = serializers.IntegerField(
        allow_null=True, help_text="Active doctors at most; null: any number."
    )
    max_staff = serializers.IntegerField(
        allow_null=True, help_text="Active accounts of staff at most; null: any number."
    )
    features = serializers.ListField(child=serializers.CharField())
    is_active = serializers.BooleanField(help_text="Whether it can be subscribed to.")


class SubscriptionSerializer(serializers.Serializer):
    """A hospital's subscription. Dates are on its clocks; a period ends on the day the next one begins."""

    id = serializers.UUIDField()
    hospital_id = serializers.UUIDField(source="hospital.uuid")
    plan = PlanSerializer()
    billing_cycle = serializers.ChoiceField(choices=BillingCycle.values)
    status = serializers.ChoiceField(choices=SubscriptionStatus.values)
    start_date = serializers.DateField(help_text="YYYY-MM-DD.")
    current_period_start = serializers.DateField(help_text="YYYY-MM-DD.")
    current_period_end = serializers.DateField(
        help_text="YYYY-MM-DD: the day on which the next period begins, or on which it ends."
    )
    price = serializers.DecimalField(10, 2, help_text="Of the current period, in `currency`.")
    currency = serializers.CharField(help_text="ISO 4217: always THB.")
    auto_renew = serializers.BooleanField(help_text="Whether another period follows by itself.")
    cancel_at_period_end = serializers.BooleanField(help_text="Whether it is cancelled and runs out.")
    cancelled_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was cancelled, with the hospital's offset; null if it was not."
    )
    ended_at = serializers.DateTimeField(
        allow_null=True, help_text="When it ended, with the hospital's offset; null while it runs."
    )

    def to_representation(self, row: Subscription) -> dict[str, Any]:
        """The declared fields, moments on the hospital's clocks."""
        shown: dict[str, Any] = super().to_representation(row)
        return {
            **shown,
            "cancelled_at": _local(row, row.cancelled_at),
            "ended_at": _local(row, row.ended_at),
        }


def _local(row: Subscription, moment: datetime | None) -> str | None:
    return None if moment is None else local_iso(to_epoch(moment), row.hospital.timezone)
