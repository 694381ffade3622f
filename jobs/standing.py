"""Standing jobs: of each of these kinds every active hospital always has one, due again when it was done.

Some stand in the public schema too, or there alone.
"""

from dataclasses import dataclass

from django.db import connection
from django_tenants.utils import get_public_schema_name

from tenants.directory import STALE_AFTER
from tenants.models import Hospital

# One statement whatever the number of hospitals. One that was given up starts anew.
_ENSURE = """
INSERT INTO public.jobs_job (kind, schema_name, subject)
SELECT kind, schema_name, '' FROM public.tenants_hospital, unnest(%s::text[]) AS kind WHERE is_active
UNION ALL SELECT kind, %s, '' FROM unnest(%s::text[]) AS kind
ON CONFLICT (schema_name, kind, subject) DO UPDATE SET due_at = now(), attempts = 0
WHERE public.jobs_job.due_at IS NULL
"""
# By the clock and not by the transaction's beginning: setting up a hospital takes its time.
_RESTART = """
INSERT INTO public.jobs_job (kind, schema_name, subject, due_at)
SELECT kind, %s, '', clock_timestamp() + %s * interval '1 second' FROM unnest(%s::text[]) AS kind
ON CONFLICT (schema_name, kind, subject) DO UPDATE
SET due_at = EXCLUDED.due_at, attempts = 0, last_error = ''
"""


@dataclass(frozen=True, slots=True)
class _Standing:
    kind: str
    in_hospitals: bool
    in_public: bool


_standing: list[_Standing] = []


def stand(kind: str, *, also_public: bool = False, only_public: bool = False) -> None:
    """Have a kind of job stand in every hospital, in the public schema also or only: from `AppConfig.ready`.

    Its handler returns when it is due again, never None. It finds out for itself what there is to do: the
    job may run at any time, and twice.
    """
    one = _Standing(kind, in_hospitals=not only_public, in_public=also_public or only_public)
    if one not in _standing:
        _standing.append(one)


def ensure_standing() -> int:
    """Add the standing jobs that are missing, due now; return how many there were."""
    public = [one.kind for one in _standing if one.in_public]
    with connection.cursor() as cursor:
        cursor.execute(_ENSURE, [_in_hospitals(), get_public_schema_name(), public])
        return int(cursor.rowcount)


def restart_standing(hospital: Hospital) -> None:
    """Have a hospital's standing jobs run soon: it was made, or changed, and what is due when may differ.

    Not before the other processes have forgotten what they knew of it.
    """
    if not hospital.is_active:
        return
    with connection.cursor() as cursor:
        cursor.execute(_RESTART, [hospital.schema_name, STALE_AFTER + 1, _in_hospitals()])


def _in_hospitals() -> list[str]:
    return [one.kind for one in _standing if one.in_hospitals]
