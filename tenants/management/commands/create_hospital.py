import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from core.errors import DomainError, InvalidInput
from tenants.models import HospitalType, Language
from tenants.provisioning import domain_for, provision_hospital


class Command(BaseCommand):
    help = "Set up a hospital: its schema with every table, and its domain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--subdomain", required=True, help="names the hospital in addresses (a DNS label)"
        )
        parser.add_argument("--name", required=True, help="name that patients see")
        parser.add_argument("--timezone", default="Asia/Bangkok", help="IANA zone (default Asia/Bangkok)")
        parser.add_argument("--language", default=Language.THAI, choices=Language.values)
        parser.add_argument("--hospital-type", default=HospitalType.GENERAL, choices=HospitalType.values)
        for field in ("email", "phone-number", "city", "country", "registration-number"):
            parser.add_argument(f"--{field}", default="")

    @no_translations
    def handle(self, **options: Any) -> None:
        fields = (
            "subdomain", "name", "timezone", "language", "hospital_type",
            "email", "phone_number", "city", "country", "registration_number",
        )  # fmt: skip
        begun = time.monotonic()
        try:
            hospital = provision_hospital(**{field: options[field] for field in fields})
        except InvalidInput as refusal:
            lines = [f"{field}: {texts[0]}" for field, texts in refusal.data["fields"].items()]
            raise CommandError("; ".join(lines)) from refusal
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{hospital.name} is ready at {domain_for(hospital.subdomain)} "
            f"(schema {hospital.schema_name}, {time.monotonic() - begun:.1f} s)."
        )
        self.stdout.write(
            f"Next: manage.py create_user --hospital {hospital.subdomain} --role ADMIN --email …"
        )
