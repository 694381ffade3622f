from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from apikeys.keys import create_key
from apikeys.scopes import SCOPES
from core import clock
from core.actor import Actor
from core.errors import DomainError, InvalidInput
from tenants.directory import hospital_by_subdomain


class Command(BaseCommand):
    help = "Make an API key and print it, alone, on standard output. It is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hospital", help="subdomain; leave out for a key of the platform")
        parser.add_argument("--name", required=True, help="which program uses it")
        parser.add_argument("--scopes", required=True, help="comma-separated: " + ", ".join(SCOPES))
        parser.add_argument("--expires-in-days", type=int)
        parser.add_argument("--unlimited", action="store_true", help="no rate limits")

    @no_translations
    def handle(self, **options: Any) -> None:
        days = options["expires_in_days"]
        if days is not None and days < 1:
            raise CommandError("--expires-in-days: give at least 1.")
        try:
            _, text = create_key(
                Actor.system("create_api_key", "keys.write"),
                name=options["name"],
                scopes=[scope.strip() for scope in options["scopes"].split(",") if scope.strip()],
                hospital=hospital_by_subdomain(options["hospital"]) if options["hospital"] else None,
                expires_at=clock.now() + timedelta(days=days) if days else None,
                is_unlimited=options["unlimited"],
            )
        except InvalidInput as refusal:
            raise CommandError(str(refusal.data["fields"]["scopes"][0])) from refusal
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(text)
