"""Making, checking and revoking keys."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock

from cachetools import TTLCache
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models, transaction
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apikeys.models import ApiKey, RateLimit
from apikeys.scopes import SCOPES
from apikeys.secrets import hash_key, is_well_formed, make_key
from core import clock
from core.actor import Actor
from core.errors import DomainError, InvalidInput, Kind
from events.outbox import record
from tenants.context import outside
from tenants.models import Hospital

# How long another process may go on accepting a key after it was revoked (seconds).
STALE_AFTER = 10
# `last_used` is as exact as this, so that a busy key costs a write only now and then.
LAST_USED_STEP = timedelta(minutes=5)

_accepted: TTLCache[tuple[str, str], ApiKey] = TTLCache(maxsize=4096, ttl=STALE_AFTER)
_lock = Lock()


class WrongKey(DomainError):
    """The key is mistyped, unknown, revoked or expired: the caller is not told which."""

    kind = Kind.BAD_CREDENTIALS
    reason = "wrong_key"
    text = _("This API key is not valid.")


def create_key(
    actor: Actor,
    *,
    name: str,
    scopes: Sequence[str],
    hospital: Hospital | None = None,
    expires_at: datetime | None = None,
    is_unlimited: bool = False,
) -> tuple[ApiKey, str]:
    """Make a key; return its row and its text, which is never to be had again.

    Raises `InvalidInput` for an unknown scope.
    """
    actor.require("keys.write")
    if not scopes or set(scopes) - set(SCOPES):
        raise InvalidInput(scopes=format_lazy(_("Choose from: {scopes}"), scopes=", ".join(SCOPES)))
    new = make_key()
    with outside(), transaction.atomic():
        key = ApiKey.objects.create(
            name=name,
            public_id=new.public_id,
            key_hash=new.key_hash,
            hospital=hospital,
            scopes=sorted(set(scopes)),
            expires_at=expires_at,
            is_unlimited=is_unlimited,
        )
        record(actor, "key.created", subject_type="api_key", subject_id=key.pk, data={"scopes": key.scopes})
    return key, new.text


def revoke_key(actor: Actor, key: ApiKey) -> None:
    """Make a key useless: at once in this process, within `STALE_AFTER` seconds in others."""
    actor.require("keys.write")
    with outside(), transaction.atomic():
        revoked = ApiKey.objects.filter(pk=key.pk, is_active=True).update(
            is_active=False, revoked_at=clock.now()
        )
        if revoked:
            record(actor, "key.revoked", subject_type="api_key", subject_id=key.pk)
    forget_keys()


def check_key(text: str) -> ApiKey:
    """The usable key of that text, with its hospital. Raises `WrongKey`. A mistyped key costs no query."""
    if not is_well_formed(text):
        raise WrongKey
    place = (connection.settings_dict["NAME"], hash_key(text))
    with _lock:
        key = _accepted.get(place)
    if key is None:
        with outside():
            key = _with_rates(ApiKey.objects.filter(key_hash=place[1])).first()
        if key is None or not key.is_usable:
            raise WrongKey
        with _lock:
            _accepted[place] = key
    if not key.is_usable:
        raise WrongKey
    _note_use(key)
    return key


def key_by_public_id(public_id: str) -> ApiKey:
    """The usable key of a public id, as it is in the database now. Raises `WrongKey`.

    For those who have seen the key itself before: a public id alone proves nothing.
    """
    with outside():
        key = _with_rates(ApiKey.objects.filter(public_id=public_id)).first()
    if key is None or not key.is_usable:
        raise WrongKey
    return key


def _with_rates(keys: models.QuerySet[ApiKey]) -> models.QuerySet[ApiKey]:
    """The keys with their hospitals and, in `own_rates`, both's own limits, the key's last: one statement."""
    owner = Q(key=OuterRef("pk")) | Q(hospital=OuterRef("hospital"))
    rates = RateLimit.objects.filter(owner).order_by(F("key").asc(nulls_first=True))
    shown = rates.values(rate=JSONObject(policy="policy", amount="amount", seconds="seconds"))
    return keys.select_related("hospital").annotate(own_rates=ArraySubquery(shown))


def forget_keys() -> None:
    """Drop what this process remembers; called whenever a key is saved or revoked."""
    with _lock:
        _accepted.clear()


def _note_use(key: ApiKey) -> None:
    """Keep `last_used` up to date without a write for each request."""
    now = clock.now()
    if key.last_used is not None and key.last_used > now - LAST_USED_STEP:
        return
    stale = Q(last_used=None) | Q(last_used__lte=now - LAST_USED_STEP)
    with outside():
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used=now)
    key.last_used = now
