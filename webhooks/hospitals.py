"""What the platform's front page says of hospitals' endpoints."""

from collections.abc import Mapping

from django.db.models import Count

from webhooks.models import Webhook, Why


def switched_off() -> Mapping[int, int]:
    """How many endpoints of a hospital were switched off because they failed, by its primary key."""
    failed = Webhook.objects.filter(removed_at=None, disabled_why__in=(Why.FAILING, Why.GONE))
    rows = failed.filter(hospital__isnull=False)
    return dict(rows.order_by().values_list("hospital_id").annotate(Count("id")))
