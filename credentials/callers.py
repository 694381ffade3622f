"""A key or an access token, looked at once: who calls, for which hospital, and what they may do."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.access import Claims, WrongToken, read_access_token
from accounts.caller import actor_of
from accounts.permissions import HOSPITAL_VERBS
from accounts.tokens import user_of
from apikeys.keys import check_key, key_by_public_id
from apikeys.limits import Spender, by_key, by_user
from apikeys.models import ApiKey
from apikeys.scopes import grants_of, scopes_of
from bookings.queries.own_records import NO_RECORDS, own_records_of
from core.actor import Actor, Door
from core.errors import DomainError, InvalidInput, Kind
from tenants.context import inside, outside
from tenants.directory import hospital_by_schema, hospital_by_subdomain, hospital_by_uuid
from tenants.errors import HospitalNotFound
from tenants.models import Hospital

KEY_HEADER, TOKEN_HEADER = "x-api-key", "authorization"
# What a 401 asks for: either of the two (RFC 9110 section 11.6.1, RFC 6750 section 3).
CHALLENGE = 'ApiKey, Bearer realm="NadMor"'


class KeyRequired(DomainError):
    """No credentials came with the request."""

    kind = Kind.UNAUTHENTICATED
    reason = "key_required"
    text = _("Send an API key in the X-API-Key header, or an access token in the Authorization header.")


@dataclass(frozen=True, slots=True)
class Credential:
    """Who calls. `hospital` is None for the platform's keys and operators.

    `name` tells callers apart and is no secret: ``key:<public id>`` or ``user:<id>``. `claims` are there
    where it was an access token.
    """

    actor: Actor
    hospital: Hospital | None
    scopes: frozenset[str]
    spender: Spender
    name: str
    claims: Claims | None = None

    def hospital_named(self, *, subdomain: str | None = None, uuid: UUID | None = None) -> Hospital | None:
        """The hospital that a call is for: the credential's own, or the one that a platform's caller names.

        None where neither is. To a hospital's credential every other hospital is not found.
        Raises `HospitalNotFound`, `HospitalInactive`.
        """
        own = self.hospital
        if own is not None:
            if subdomain not in (None, own.subdomain) or uuid not in (None, own.uuid):
                raise HospitalNotFound
            return own
        if subdomain is not None:
            named = hospital_by_subdomain(subdomain)
            if uuid not in (None, named.uuid):
                raise HospitalNotFound
            return named
        return None if uuid is None else hospital_by_uuid(uuid)


def credential_of_headers(headers: Mapping[str, str], door: Door) -> Credential:
    """The credential of a request with lower-case (or case-blind) header names.

    ``X-API-Key: <key>``, or ``Authorization: Bearer <key or token>``. Raises `KeyRequired`, `WrongKey`,
    `WrongToken`, `HospitalInactive`, and `InvalidInput` where both headers came: of two callers we would have
    to choose one.
    """
    key = headers.get(KEY_HEADER, "").strip()
    scheme, _space, token = headers.get(TOKEN_HEADER, "").strip().partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    if key and bearer:
        raise InvalidInput(Authorization=_("Send an API key or an access token, not both."))
    if not (key or bearer):
        raise KeyRequired
    return credential_of_key(key, door) if key else credential_of(bearer, door)


def credential_of(text: str, door: Door) -> Credential:
    """The credential of a key or an access token, told apart by their form. Raises as the two below."""
    # A JSON Web Token has two dots (RFC 7515 section 3.1); a key has none.
    return credential_of_token(text, door) if "." in text else credential_of_key(text, door)


def credential_of_key(text: str, door: Door) -> Credential:
    """The credential of an API key. Raises `WrongKey`, `HospitalInactive`."""
    return _of_key(check_key(text), door)


def credential_of_token(text: str, door: Door) -> Credential:
    """The credential of an access token. Raises `WrongToken`, `HospitalInactive`.

    Role, links and whether they may still come in are read each time: a change takes effect at once.
    """
    return _of_claims(read_access_token(text), door)


def look_again(credential: Credential) -> Credential:
    """The same credential as it is now, whatever a process remembers of its key.

    Raises `WrongKey`, `WrongToken`, `HospitalInactive` where it opens nothing any more.
    """
    return credential_by_name(credential.name, credential.claims, credential.actor.door)


def credential_by_name(name: str, claims: Claims | None, door: Door) -> Credential:
    """The credential of a `Credential.name`, with its claims where it was a token: read from the database.

    For those who remember callers (streams, tickets): they need not keep the secret itself.
    """
    if claims is not None:
        return _of_claims(claims, door)
    return _of_key(key_by_public_id(name.removeprefix("key:")), door)


def actor_of_key(key: ApiKey, door: Door) -> Actor:
    """Who somebody with a key is. A hospital's key has no verb of the platform, whatever its scopes say."""
    grants = grants_of(key.scopes)
    if key.hospital_id is not None:
        grants &= HOSPITAL_VERBS
    return Actor(door=door, grants=grants, label=key.public_id)


def actor_of_claims(claims: Claims, hospital: Hospital | None, door: Door) -> Actor:
    """Who somebody with an access token is, as they are now. Raises `WrongToken`."""
    with within(hospital):
        user = user_of(claims)
        own = own_records_of(user.pk) if hospital else NO_RECORDS
        return actor_of(user, door, **own)


def within(hospital: Hospital | None) -> AbstractContextManager[None]:
    """Inside of a hospital, or outside of all where there is none."""
    return inside(hospital) if hospital else outside()


def _of_key(key: ApiKey, door: Door) -> Credential:
    # By the directory: what came with the key may be older than the switch that refuses everybody.
    hospital = hospital_by_schema(key.hospital.schema_name) if key.hospital else None
    return Credential(
        actor=actor_of_key(key, door),
        hospital=hospital,
        scopes=frozenset(key.scopes),
        spender=by_key(key, hospital),
        name=f"key:{key.public_id}",
    )


def _of_claims(claims: Claims, door: Door) -> Credential:
    hospital = None
    if claims.hospital_id is not None:
        try:
            hospital = hospital_by_uuid(claims.hospital_id)
        except HospitalNotFound as gone:
            raise WrongToken from gone
    actor = actor_of_claims(claims, hospital, door)
    return Credential(
        actor=actor,
        hospital=hospital,
        scopes=scopes_of(actor.grants),
        spender=by_user(claims.user_id, hospital),
        name=f"user:{claims.user_id}",
        claims=claims,
    )
