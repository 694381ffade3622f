import getpass
import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import transaction

from accounts.models import User
from accounts.permissions import STAFF_ROLES, Role
from accounts.staffing import let_staff_in
from core.errors import DomainError
from tenants.context import inside
from tenants.directory import hospital_by_subdomain


class Command(BaseCommand):
    help = "Make a user who can sign in; reads the password from a prompt, or from a pipe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hospital", help="subdomain; leave out for an operator of the platform")
        parser.add_argument("--email", required=True)
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--role", default=Role.ADMIN, choices=Role.values)

    @no_translations
    def handle(self, **options: Any) -> None:
        password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password)
            place = options["hospital"]
            with inside(hospital_by_subdomain(place)) if place else nullcontext(), transaction.atomic():
                if options["role"] in STAFF_ROLES:
                    let_staff_in()
                user = User.objects.create_user(
                    options["email"],
                    password,
                    first_name=options["first_name"] or options["email"].split("@")[0],
                    last_name=options["last_name"],
                    role=options["role"],
                )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.email} can sign in as {user.get_role_display()}.")
