from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from core.sealing import CannotUnseal
from tenants.context import outside
from webhooks.keyring import reseal_all


class Command(BaseCommand):
    help = "Seal the secrets of all webhooks with the first of ENCRYPTION_KEYS. Safe to repeat."

    @no_translations
    def handle(self, **options: Any) -> None:  # noqa: ARG002  -- Django's signature
        try:
            with outside():
                number = reseal_all()
        except CannotUnseal as error:
            raise CommandError(
                f"{error} was sealed with a key that is not among ENCRYPTION_KEYS. Nothing was changed."
            ) from error
        self.stdout.write(f"{number} webhooks sealed anew.")
