from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from core.errors import DomainError
from records.actions.log import verify_log
from records.management.hospitals import chosen_hospitals
from tenants.context import inside
from tenants.models import Hospital


class Command(BaseCommand):
    help = (
        "Check that no entry of the log of reads was changed, removed or put in between. Keep the id and "
        "signature that it prints elsewhere: given back with --known, they tell of a log that was cut off."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hospital", help="the subdomain of one; all hospitals without it")
        parser.add_argument("--known", metavar="ID:SIGNATURE", help="of an entry that is known to be there")

    @no_translations
    def handle(self, *, hospital: str | None, known: str | None, **options: Any) -> None:  # noqa: ARG002
        if known and hospital is None:
            raise CommandError("--known goes with --hospital.")
        wrong = [place for place in chosen_hospitals(hospital) if not self._verify(place, known)]
        if wrong:
            raise CommandError(f"The log of {len(wrong)} hospitals is not as it was written.")

    def _verify(self, place: Hospital, known: str | None) -> bool:
        try:
            with inside(place):
                seen = verify_log(since=_read(known))
        except DomainError as error:
            self.stderr.write(f"{place.subdomain}: {error.reason}")
            return False
        if seen.wrong_id is not None:
            self.stderr.write(
                f"{place.subdomain}: {seen.entries} entries are right, entry {seen.wrong_id} is not"
            )
            return False
        last = f", the last one {seen.last_id}:{seen.last_signature}" if seen.entries else ""
        self.stdout.write(f"{place.subdomain}: {seen.entries} entries are right{last}")
        return True


def _read(known: str | None) -> tuple[int, str] | None:
    if not known:
        return None
    number, _, signature = known.partition(":")
    if not number.isdigit():
        raise CommandError("--known is an id, a colon and a signature, as the command prints them.")
    return int(number), signature
