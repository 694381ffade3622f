import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bookings.demo.keys import ensure_key
from bookings.demo.loader import find_hospital, load_demo
from bookings.demo.welcome import welcome
from core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Load two made-up hospitals with people who can sign in and a year of appointments. Safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--key-file", type=Path, help="where an API key of the first hospital is kept")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  -- Django's signature
        if not getattr(settings, "DEMO_ALLOWED", False):
            raise CommandError(
                "The demonstration has passwords that everybody knows: it loads only where the settings say "
                "DEMO_ALLOWED = True, which those of production never do."
            )
        try:
            self._load(options["key_file"])
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"The key file cannot be used: {error}") from error

    def _load(self, key_file: Path | None) -> None:
        plans = load_demo(self._tell)
        hospital = find_hospital(plans[0].subdomain)
        if hospital is None:
            raise CommandError("Somebody deleted the hospital at this very moment. Please try again.")
        key = ensure_key(hospital, key_file) if key_file is not None else ""
        site = f"{settings.BASE_DOMAIN}:{os.environ.get('PORT') or '8000'}"
        self.stdout.write(welcome(plans, hospital, key, site))

    def _tell(self, line: str) -> None:
        # Progress is no error: without Django's red.
        self.stderr.write(line, style_func=str)
        self.stderr.flush()
