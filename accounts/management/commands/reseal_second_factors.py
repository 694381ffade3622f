from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from accounts.second_factor.resealing import reseal_all
from core.sealing import CannotUnseal
from tenants.context import inside, outside
from tenants.models import Hospital


class Command(BaseCommand):
    help = (
        "Seal the secrets of second factors, everywhere, with the first of ENCRYPTION_KEYS. Safe to repeat."
    )

    @no_translations
    def handle(self, **options: Any) -> None:  # noqa: ARG002  -- Django's signature
        try:
            with outside():
                number = reseal_all()
                hospitals = list(Hospital.objects.order_by("pk"))
            for hospital in hospitals:
                with inside(hospital):
                    number += reseal_all()
        except CannotUnseal as error:
            raise CommandError(
                f"{error} was sealed with a key that is not among ENCRYPTION_KEYS. Repeat it with that key; "
                "who cannot wait needs reset_second_factor."
            ) from error
        self.stdout.write(f"{number} second factors sealed anew.")
