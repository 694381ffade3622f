"""What the platform's front page says of hospitals' patients in Telegram: how many, never who."""

from collections.abc import Mapping

from django.db.models import Count

from telegram_integration.models import TelegramUser


def reached() -> Mapping[int, int]:
    """How many people in Telegram have proven their phone and chosen a hospital, by its primary key."""
    rows = TelegramUser.objects.filter(is_verified=True, hospital__isnull=False)
    return dict(rows.order_by().values_list("hospital_id").annotate(Count("id")))
