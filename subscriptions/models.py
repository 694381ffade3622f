"""Plan and Subscription, in the public schema."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import Record
from subscriptions.periods import Period
from tenants.models import Hospital


class PlanType(models.TextChoices):
    """What sort of house a plan is for."""

    BASIC = "BASIC", _("Basic")
    PROFESSIONAL = "PROFESSIONAL", _("Professional")
    ENTERPRISE = "ENTERPRISE", _("Enterprise")


class BillingCycle(models.TextChoices):
    """How long a period is."""

    MONTHLY = "MONTHLY", _("Monthly")
    QUARTERLY = "QUARTERLY", _("Quarterly")
    ANNUAL = "ANNUAL", _("Annual")

    @property
    def months(self) -> int:
        """Months of one period."""
        return {"MONTHLY": 1, "QUARTERLY": 3, "ANNUAL": 12}[self.value]


class SubscriptionStatus(models.TextChoices):
    """Where a subscription stands."""

    UPCOMING = "UPCOMING", _("Upcoming")
    ACTIVE = "ACTIVE", _("Active")
    CANCELLED = "CANCELLED", _("Cancelled")
    EXPIRED = "EXPIRED", _("Expired")


# What runs or is about to; of these a hospital has one at most.
LIVE = (SubscriptionStatus.UPCOMING, SubscriptionStatus.ACTIVE)

_FREE = MinValueValidator(Decimal(0))


# ISO 4217; the platform sells in no other.
CURRENCY = "THB"


class Plan(Record):
    """What is sold: prices in Thai baht for each cycle, and how many doctors and staff it is for."""

    currency: ClassVar[str] = CURRENCY

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_th = models.CharField(_("name (Thai)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200)
    plan_type = models.CharField(_("type"), max_length=20, choices=PlanType)
    price_monthly = models.DecimalField(
        _("price for a month"), max_digits=10, decimal_places=2, validators=[_FREE]
    )
    price_quarterly = models.DecimalField(
        _("price for a quarter"), max_digits=10, decimal_places=2, validators=[_FREE]
    )
    price_annual = models.DecimalField(
        _("price for a year"), max_digits=10, decimal_places=2, validators=[_FREE]
    )
    max_doctors = models.PositiveIntegerField(
        _("doctors at most"), null=True, blank=True, help_text=_("Leave empty for any number.")
    )
    max_staff = models.PositiveIntegerField(
        _("staff accounts at most"), null=True, blank=True, help_text=_("Leave empty for any number.")
    )
    features = ArrayField(
        models.CharField(max_length=100), verbose_name=_("features"), default=list, blank=True,
        help_text=_("Separated by commas."),
    )  # fmt: skip
    is_active = models.BooleanField(
        _("offered"), default=True, help_text=_("Who has subscribed keeps a plan that is not offered.")
    )

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["price_monthly", "code"]
        constraints = [
            models.CheckConstraint(
                name="plan_costs_nothing_or_more",
                condition=Q(price_monthly__gte=0, price_quarterly__gte=0, price_annual__gte=0),
            ),
            models.CheckConstraint(name="plan_type", condition=Q(plan_type__in=PlanType.values)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of whoever reads it."""
        if (get_language() or "th").startswith("th"):
            return self.name_th or self.name_en
        return self.name_en or self.name_th

    def price_for(self, cycle: str) -> Decimal:
        """The price of one period, in baht."""
        prices: dict[str, Decimal] = {
            BillingCycle.MONTHLY: self.price_monthly,
            BillingCycle.QUARTERLY: self.price_quarterly,
            BillingCycle.ANNUAL: self.price_annual,
        }
        return prices[cycle]

    @property
    def limits(self) -> dict[str, int | None]:
        """How many it allows of what; None: of any number."""
        return {"doctors": self.max_doctors, "staff": self.max_staff}


class Subscription(Record):
    """A hospital's use of a plan. Dates are on the hospital's clocks; a period ends where the next begins.

    `price` is that of the current period, in baht. A subscription that is cancelled at the end of its
    period runs on until then; one that has ended stays as it was.
    """

    currency: ClassVar[str] = CURRENCY

    hospital = models.ForeignKey(
        Hospital, verbose_name=_("hospital"), on_delete=models.PROTECT, related_name="subscriptions"
    )
    plan = models.ForeignKey(
        Plan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="subscriptions"
    )
    billing_cycle = models.CharField(_("billed"), max_length=10, choices=BillingCycle)
    start_date = models.DateField(_("start"))
    current_period_start = models.DateField(_("period from"))
    current_period_end = models.DateField(
        _("period until"), help_text=_("The day on which the next period begins.")
    )
    price = models.DecimalField(_("price of the period"), max_digits=10, decimal_places=2)
    status = models.CharField(_("status"), max_length=10, choices=SubscriptionStatus)
    auto_renew = models.BooleanField(_("renews by itself"), default=True)
    cancel_at_period_end = models.BooleanField(_("ends with the period"), default=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancel_reason = models.CharField(_("reason of cancelling"), max_length=500, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_live_subscription_per_hospital",
                fields=["hospital"],
                condition=Q(status__in=LIVE),
                violation_error_message=_("This hospital has a subscription already."),
            ),
            models.CheckConstraint(
                name="subscription_period",
                condition=Q(
                    current_period_end__gt=F("current_period_start"),
                    current_period_start__gte=F("start_date"),
                ),
            ),
            models.CheckConstraint(
                name="subscription_status", condition=Q(status__in=SubscriptionStatus.values)
            ),
            models.CheckConstraint(
                name="subscription_billing_cycle", condition=Q(billing_cycle__in=BillingCycle.values)
            ),
            models.CheckConstraint(
                name="only_what_is_over_has_ended",
                condition=Q(status__in=LIVE, ended_at=None)
                | (~Q(status__in=LIVE) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="what_is_cancelled_says_when",
                condition=(~Q(status=SubscriptionStatus.CANCELLED) & Q(cancel_at_period_end=False))
                | Q(cancelled_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["current_period_end"], name="subscription_due", condition=Q(status__in=LIVE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hospital}: {self.plan}"

    @property
    def months(self) -> int:
        """Months of one period."""
        return BillingCycle(self.billing_cycle).months

    @property
    def period(self) -> Period:
        """The period that it is in, or the first one."""
        return Period(self.current_period_start, self.current_period_end)

    @period.setter
    def period(self, period: Period) -> None:
        self.current_period_start, self.current_period_end = period

    @property
    def is_live(self) -> bool:
        """Whether it runs or is about to."""
        return self.status in LIVE
