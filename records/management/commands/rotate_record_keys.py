from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from core.errors import DomainError
from core.sealing import CannotUnseal
from records.actions.rotation import rewrap_keys, rotate_keys
from records.management.hospitals import chosen_hospitals
from tenants.context import inside
from tenants.models import Hospital


class Command(BaseCommand):
    help = (
        "Replace the keys that clinical text is sealed with, and wrap them by the first of ENCRYPTION_KEYS. "
        "Goes on where a run was killed; repeat it at will."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hospital", help="the subdomain of one; all hospitals without it")
        parser.add_argument(
            "--rewrap-only",
            action="store_true",
            help="keep the keys, wrap them by the first of ENCRYPTION_KEYS",
        )

    @no_translations
    def handle(self, *, hospital: str | None, rewrap_only: bool, **options: Any) -> None:  # noqa: ARG002
        broken = 0
        for place in chosen_hospitals(hospital):
            with inside(place):
                broken += self._rewrap(place) if rewrap_only else self._rotate(place)
        if broken:
            raise CommandError(f"{broken} rows or keys did not open; the old keys are kept.")

    def _rewrap(self, place: Hospital) -> int:
        try:
            number = rewrap_keys()
        except CannotUnseal:
            self.stderr.write(f"{place.subdomain}: wrapped by a key that is not among ENCRYPTION_KEYS")
            return 1
        self.stdout.write(f"{place.subdomain}: {number} keys wrapped anew")
        return 0

    def _rotate(self, place: Hospital) -> int:
        def tell(line: str) -> None:
            self.stdout.write(f"{place.subdomain}: {line}")

        try:
            done = rotate_keys(tell)
        except CannotUnseal:
            self.stderr.write(f"{place.subdomain}: wrapped by a key that is not among ENCRYPTION_KEYS")
            return 1
        except DomainError as error:
            self.stderr.write(f"{place.subdomain}: {error.reason}")
            return 1
        for table, row_id in done.broken:
            self.stderr.write(f"{place.subdomain}: {table} {row_id} does not open")
        self.stdout.write(
            f"{place.subdomain}: {done.resealed} rows sealed anew, {done.retired} keys destroyed"
        )
        return len(done.broken)
