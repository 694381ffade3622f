"""Which hospitals a command is for."""

from django.core.management.base import CommandError

from tenants.context import outside
from tenants.models import Hospital


def chosen_hospitals(subdomain: str | None) -> list[Hospital]:
    """The hospital of a subdomain, or all, also switched off. Raises `CommandError` for an unknown one."""
    with outside():
        rows = Hospital.objects.order_by("subdomain")
        chosen = list(rows if subdomain is None else rows.filter(subdomain=subdomain))
    if not chosen and subdomain is not None:
        raise CommandError(f"There is no hospital {subdomain}.")
    return chosen
