"""Limits at the REST door: whose allowance a request spends, and how an answer tells what is left."""

from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from apikeys.addresses import client_address
from apikeys.limits import Allowance, Spender, TooManyRequests, by_address, by_key, by_user, spend
from apikeys.models import ApiKey
from core.actor import Actor
from tenants.models import Hospital


def spender_of(request: Request, hospital: Hospital | None) -> Spender:
    """Whoever sent a request that is authenticated: by key, or by the user who has signed in."""
    if isinstance(request.auth, ApiKey):
        return by_key(request.auth, hospital)
    user_id = cast(Actor, request.user).user_id
    return by_user(user_id, hospital) if user_id else at_address(request, hospital)


def at_address(request: HttpRequest | Request, hospital: Hospital | None = None) -> Spender:
    """Whoever sent a request without credentials, by their address."""
    return by_address(client_address(request.META), hospital)


def spend_anonymous(request: HttpRequest | Request) -> Allowance | None:
    """Count a request with missing or wrong credentials. Raises `TooManyRequests`.

    Good credentials are never refused for what others at the same address did: behind a proxy that the
    settings do not know, that would be everybody.
    """
    return spend("anonymous", at_address(request))


def tell(response: HttpResponseBase, allowance: Allowance | None) -> None:
    """Say on an answer what is left."""
    for name, value in allowance.headers().items() if allowance else ():
        response[name] = value


def allowance_of(refusal: BaseException) -> Allowance | None:
    """What a refusal says about the allowance, if that is what it is about."""
    return refusal.allowance if isinstance(refusal, TooManyRequests) else None
