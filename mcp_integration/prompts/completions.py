"""What could be meant by the beginning of an argument: from what is bookable, in memory, and the calendar."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bookings.queries.catalogue import catalogue
from bookings.queries.days import bookable_days_for
from core.errors import DomainError
from credentials.callers import Credential
from mcp_integration.collections.every import COLLECTIONS
from mcp_integration.resources.gathered import readable
from tenants.context import inside

# The protocol's own bound of one answer (completion/complete, `values`).
MOST = 100

# Alternative names of one value, the value first.
Names = tuple[str, ...]
Source = Callable[[Credential, Mapping[str, str]], Iterable[Names]]


def matching(choices: Iterable[Names], beginning: str) -> list[str]:
    """Values one of whose names begins with the text, then those in one of which it stands; 100 at most."""
    wanted = beginning.strip().casefold()
    first: dict[str, None] = {}
    later: dict[str, None] = {}
    for names in choices:
        folded = [name.casefold() for name in names]
        if any(name.startswith(wanted) for name in folded):
            first[names[0]] = None
        elif any(wanted in name for name in folded):
            later[names[0]] = None
    return [value for value in (first | later) if value][:MOST]


def in_hospital(verb: str, read: Callable[[Credential], Iterable[Names]]) -> Source:
    """A source that reads inside of the caller's hospital, and is empty without one or without the verb."""

    def source(credential: Credential, context: Mapping[str, str]) -> Iterable[Names]:
        if not credential.actor.can(verb) or (hospital := _hospital(credential, context)) is None:
            return ()
        with inside(hospital):
            return tuple(read(credential))

    return source


def _hospital(credential: Credential, context: Mapping[str, str]) -> Any:
    """The hospital of the credential, or the one that the arguments so far name; None where neither does."""
    try:
        named = context.get("hospital_id")
        return credential.hospital_named(
            subdomain=context.get("subdomain") or None, uuid=UUID(named) if named else None
        )
    except (DomainError, ValueError):
        return None


def _service_types(_credential: Credential) -> Iterable[Names]:
    services = catalogue().services.values()
    yield from ((row.name, row.name_th, row.name_en, row.slug) for row in services)
    for field in (row.specialty for row in services if row.specialty is not None):
        yield field.name, field.name_th, field.name_en, field.code


def _specialties(_credential: Credential) -> Iterable[Names]:
    for row in catalogue().services.values():
        if (field := row.specialty) is not None:
            yield str(field.pk), field.name_th, field.name_en, field.code


def _providers(_credential: Credential) -> Iterable[Names]:
    return ((str(row.pk), row.name_th, row.name_en) for row in catalogue().practitioners.values())


def _days(credential: Credential) -> Iterable[Names]:
    return ((day.isoformat(),) for day in _bookable(credential))


def _bookable(credential: Credential) -> list[date]:
    return bookable_days_for(credential.actor)


def own_hospital(credential: Credential, _context: Mapping[str, str]) -> Iterable[Names]:
    """The caller's own hospital; the platform's callers name any, and get no list of them."""
    own = credential.hospital
    return () if own is None else ((str(own.uuid), own.subdomain, own.name),)


def collections(credential: Credential, _context: Mapping[str, str]) -> Iterable[Names]:
    """The collections that the caller may read."""
    return ((name,) for name in readable(credential))


def sorts(credential: Credential, context: Mapping[str, str]) -> Iterable[Names]:
    """What the collection that the arguments so far name can be sorted by."""
    name = context.get("collection", "")
    if name not in readable(credential):
        return ()
    return ((way + field,) for way in ("", "-") for field in COLLECTIONS[name].sorts)


def ids(credential: Credential, context: Mapping[str, str]) -> Iterable[Names]:
    """Ids in the collection that the arguments so far name, by name; of patients and their affairs none."""
    source = _IDS.get(context.get("collection", ""))
    return () if source is None else source(credential, context)


def _sources_of_referral(_credential: Credential, _context: Mapping[str, str]) -> Iterable[Names]:
    return ((word,) for word in (_("another doctor"), _("family or friends"), _("the website"), _("insurer")))


service_types = in_hospital("catalogue.read", _service_types)
specialties = in_hospital("catalogue.read", _specialties)
providers = in_hospital("catalogue.read", _providers)
days = in_hospital("availability.read", _days)
referrals = _sources_of_referral
_IDS: dict[str, Source] = {"doctors": providers, "specialties": specialties, "hospitals": own_hospital}
