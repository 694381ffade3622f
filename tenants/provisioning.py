"""Making a hospital: its row, its domain, its schema and every table, or nothing at all."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, router, transaction

from core.errors import InvalidInput
from tenants.context import inside, outside
from tenants.directory import forget_hospitals
from tenants.errors import ProvisioningFailed
from tenants.models import Domain, Hospital


def provision_hospital(*, subdomain: str, name: str, **details: Any) -> Hospital:
    """Make a hospital that is ready for use, with the domain ``<subdomain>.<BASE_DOMAIN>``.

    `details` are further fields of `Hospital`. PostgreSQL's DDL is transactional: a process that is
    killed half-way leaves no row and no schema. Raises `InvalidInput` with the wrong fields named,
    `ProvisioningFailed` when a table is missing afterwards.
    """
    hospital = Hospital(subdomain=subdomain, name=name, schema_name=schema_for(subdomain), **details)
    with outside(), transaction.atomic():
        _check_fields(hospital)
        hospital.save()
        Domain.objects.create(domain=domain_for(subdomain), tenant=hospital, is_primary=True)
        hospital.create_schema(check_if_exists=False, verbosity=0)
        if missing := missing_tables(hospital):
            raise ProvisioningFailed(missing=missing)
        tell_of(hospital)
    forget_hospitals()
    return hospital


def schema_for(subdomain: str) -> str:
    """The schema's name: prefixed, so that no hospital can be called ``public`` or ``pg_catalog``."""
    return "h_" + subdomain.replace("-", "_")


def domain_for(subdomain: str) -> str:
    """The host name that a hospital gets at first."""
    return f"{subdomain}.{settings.BASE_DOMAIN}"


def missing_tables(hospital: Hospital) -> list[str]:
    """Names of tenant tables that the hospital's schema lacks.

    A missing table is dangerous, not just broken: the search path would silently lead to the
    table of the same name in the public schema.
    """
    with inside(hospital), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [hospital.schema_name])
        present = {row[0] for row in cursor.fetchall()}
        return sorted(_tenant_tables() - present)


def _tenant_tables() -> set[str]:
    """Tables that the router wants in the schema that this thread is in."""
    return {
        model._meta.db_table  # noqa: SLF001  -- Django's documented model API
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed  # noqa: SLF001
        and not model._meta.proxy  # noqa: SLF001
        and router.allow_migrate_model(connection.alias, model)
    }


def _check_fields(hospital: Hospital) -> None:
    try:
        hospital.full_clean(exclude=["schema_name"])
    except ValidationError as error:
        raise InvalidInput(**{field: texts[0] for field, texts in error.message_dict.items()}) from error


def switch_hospital(hospital: Hospital, *, active: bool) -> None:
    """Switch a hospital off (every door refuses it, nothing is lost) or on again."""
    hospital.is_active = active
    with outside(), transaction.atomic():
        Hospital.objects.filter(pk=hospital.pk).update(is_active=active)
        tell_of(hospital)
    forget_hospitals()


_told: list[Callable[[Hospital], None]] = []


def when_hospitals_change(hear: Callable[[Hospital], None]) -> None:
    """Have a function told of each hospital that is made or changed; called from `AppConfig.ready`.

    It runs outside of every hospital, in the transaction of the change, and may only write rows.
    """
    if hear not in _told:
        _told.append(hear)


def tell_of(hospital: Hospital) -> None:
    """Tell the rooms above that a hospital was made or changed; belongs into that transaction."""
    with outside():
        for hear in _told:
            hear(hospital)
