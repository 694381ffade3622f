"""Sealing the secrets of phones anew, when the key that they are sealed with is to go."""

from django.db import transaction

from accounts.second_factor.models import TotpDevice
from core.sealing import seal


@transaction.atomic
def reseal_all() -> int:
    """Seal every secret of the schema at hand with the first of the keys; return how many there are.

    Raises `CannotUnseal` if the key of one is not among the keys any more; then nothing changed.
    """
    rows = list(TotpDevice.objects.select_for_update(no_key=True).order_by("pk"))
    for row in rows:
        row.sealed_secret = seal(row.secret, place=row.place)
    return TotpDevice.objects.bulk_update(rows, ["sealed_secret"], batch_size=500)
