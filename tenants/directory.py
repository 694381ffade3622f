"""Finding hospitals by subdomain or host without a query for each request."""

import re
from collections.abc import Callable
from threading import Lock
from uuid import UUID

from cachetools import TTLCache
from django.db import connection

from tenants.context import outside
from tenants.errors import HospitalInactive, HospitalNotFound
from tenants.models import SUBDOMAIN_PATTERN, Domain, Hospital

# How long another process may go on with what it read before a change (seconds).
# The process that made the change forgets at once.
STALE_AFTER = 5

_found: TTLCache[tuple[str, str, str], Hospital] = TTLCache(maxsize=2048, ttl=STALE_AFTER)
_lock = Lock()


def _remembered(
    kind: str, name: str, find: Callable[[], Hospital | None], *, even_inactive: bool = False
) -> Hospital:
    # The database's name is part of the key, so that a test's database never answers for another.
    key = (connection.settings_dict["NAME"], kind, name)
    with _lock:
        hospital = _found.get(key)
    if hospital is None:
        with outside():
            hospital = find()
        if hospital is None:
            raise HospitalNotFound
        with _lock:
            _found[key] = hospital
    if not (hospital.is_active or even_inactive):
        raise HospitalInactive
    return hospital


def hospital_by_subdomain(subdomain: str) -> Hospital:
    """The active hospital of a subdomain. Raises `HospitalNotFound`, `HospitalInactive`."""
    if not re.fullmatch(SUBDOMAIN_PATTERN, subdomain):
        raise HospitalNotFound
    return _remembered("subdomain", subdomain, lambda: Hospital.objects.filter(subdomain=subdomain).first())


def hospital_by_schema(schema_name: str, *, even_inactive: bool = False) -> Hospital:
    """The hospital of a schema. Raises `HospitalNotFound`, and `HospitalInactive` unless told otherwise."""
    return _remembered(
        "schema",
        schema_name,
        lambda: Hospital.objects.filter(schema_name=schema_name).first(),
        even_inactive=even_inactive,
    )


def hospital_by_uuid(uuid: UUID) -> Hospital:
    """The active hospital of a UUID, as interfaces name it. Raises `HospitalNotFound`, `HospitalInactive`."""
    return _remembered("uuid", str(uuid), lambda: Hospital.objects.filter(uuid=uuid).first())


def hospital_by_host(host: str) -> Hospital:
    """The active hospital of a host name without port. Raises `HospitalNotFound`, `HospitalInactive`."""
    return _remembered(
        "host",
        host,
        lambda: (
            domain.tenant
            if (domain := Domain.objects.select_related("tenant").filter(domain=host).first())
            else None
        ),
    )


def forget_hospitals() -> None:
    """Drop what this process remembers; called whenever a hospital or a domain is saved."""
    with _lock:
        _found.clear()
