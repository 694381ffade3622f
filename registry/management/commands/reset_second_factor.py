from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import transaction

from accounts.models import User
from accounts.second_factor.actions import SecondFactorEvent, reset_second_factor
from core.actor import Actor
from core.errors import DomainError
from events.outbox import record
from tenants.context import inside
from tenants.directory import hospital_by_subdomain


class Command(BaseCommand):
    help = "Take the second factor of somebody who has lost phone and recovery codes, and end their sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hospital", help="subdomain; leave out for an operator of the platform")
        parser.add_argument("--email", required=True)

    @no_translations
    def handle(self, **options: Any) -> None:
        place = options["hospital"]
        try:
            with inside(hospital_by_subdomain(place)) if place else nullcontext(), transaction.atomic():
                user = User.objects.get_by_natural_key(options["email"])
                reset_second_factor(user, _teller(user))
        except User.DoesNotExist as error:
            raise CommandError("There is no user of this address here.") from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The second factor of {user.email} is gone, and so are their sessions.")


def _teller(user: User) -> Any:
    system = Actor.system("reset_second_factor")

    def tell(event: SecondFactorEvent, data: dict[str, Any]) -> None:
        record(system, event, subject_type="user", subject_id=user.pk, data=data)

    return tell
