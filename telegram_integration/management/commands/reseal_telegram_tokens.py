from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from core.sealing import CannotUnseal
from telegram_integration.client.tokens import reseal_all
from tenants.context import outside


class Command(BaseCommand):
    help = "Seal the tokens of the hospitals' own bots with the first of ENCRYPTION_KEYS. Safe to repeat."

    @no_translations
    def handle(self, **options: Any) -> None:  # noqa: ARG002  -- Django's signature
        try:
            with outside():
                number = reseal_all()
        except CannotUnseal as error:
            raise CommandError(
                f"{error} was sealed with a key that is not among ENCRYPTION_KEYS. Nothing was changed."
            ) from error
        self.stdout.write(f"{number} bots sealed anew.")
