"""Locking out who guesses passwords: django-axes' table and switches, counted so that nobody slips through.

Everybody who wants to sign in as the same person waits for the one before, so that of many guesses sent at
once no more are looked at than of guesses sent one by one. The attempts stand in the schema of their
hospital, with the e-mail and the address alone, until they are forgotten (`forget_old_attempts`).
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from axes.backends import AxesBackend
from axes.exceptions import AxesBackendPermissionDenied
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import User
from accounts.second_factor.state import device_of
from core import clock
from core.errors import DomainError, Kind

# From all addresses together an account bears so many times the failures that it bears from one of them:
# guessing from many addresses ends, and nobody locks a colleague out by a few wrong passwords.
FROM_EVERYWHERE = 10
# How long one waits for others who sign in as the same person (milliseconds).
WAIT = 5000


class LockedOut(DomainError):
    """Too many wrong passwords or codes; `retry_after` says for how many seconds none is looked at."""

    kind = Kind.LIMITED
    reason = "locked_out"
    text = _("Too many failed attempts to sign in. Please wait, then try again.")


class Handler(AxesDatabaseHandler):
    """When django-axes locks. What it would note by signals, `GuardedBackend` notes under its lock."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """The failures that count against the limit: from this address, or a tenth of those from anywhere."""
        email, address = _who(request, credentials or {})
        from_here = Sum("failures_since_start", filter=Q(ip_address=address))
        found = _recent(email).aggregate(here=from_here, anywhere=Sum("failures_since_start"))
        return max(found["here"] or 0, (found["anywhere"] or 0) // FROM_EVERYWHERE)

    def user_login_failed(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: it was noted."""

    def user_logged_in(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: there is no log of who came when."""

    def user_logged_out(self, *args: Any, **kwargs: Any) -> None:
        """Nothing."""


class GuardedBackend(AxesBackend):
    """Signing in by e-mail and password, for every door. Without a request nobody is locked out."""

    @sensitive_variables("password")
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """The user, or None. Raises axes' `PermissionDenied`, the password unread, if they are locked out.

        `request.unread_password` says whether they were, `request.axes_locked_out` whether they are now.
        """
        email = (username or kwargs.get(User.USERNAME_FIELD) or "").strip().lower()
        if request is None or not email or password is None:
            return ModelBackend.authenticate(self, None, email, password)
        with transaction.atomic():
            _wait_for_turn(email)
            if is_read := _is_allowed(request, email):
                user = ModelBackend.authenticate(self, None, email, password)
                # Wrong codes count on: whoever knows the password must not start anew with it.
                if user is None or device_of(user) is None:
                    _note(request, email, is_right=user is not None)
        if is_read and user is not None:
            return user
        request.unread_password = not is_read  # type: ignore[attr-defined]  # read by accounts.login
        request.axes_locked_out = not _is_allowed(request, email)  # type: ignore[attr-defined]  # and by axes
        if not is_read:
            raise AxesBackendPermissionDenied
        return None


def check_code(request: HttpRequest, email: str, is_right: Callable[[], bool]) -> bool:
    """Whether the code of a second factor is right, looked at in its turn and counted with the passwords.

    Raises `LockedOut`, the code unread.
    """
    with transaction.atomic():
        _wait_for_turn(email)
        if not _is_allowed(request, email):
            raise locked_out(request, email)
        right = is_right()
        _note(request, email, is_right=right)
    return right


def is_locked_out(request: HttpRequest, email: str) -> bool:
    """Whether neither passwords nor codes of that person are looked at from there."""
    return not _is_allowed(request, email)


def locked_out(request: HttpRequest, email: str) -> LockedOut:
    """The refusal of somebody who is locked out, with the seconds that it lasts at most."""
    email, address = _who(request, {"username": email})
    attempts = _recent(email)
    here = attempts.filter(ip_address=address)
    is_here = (here.aggregate(all=Sum("failures_since_start"))["all"] or 0) >= settings.AXES_FAILURE_LIMIT
    last = (here if is_here else attempts).aggregate(at=Max("attempt_time"))["at"] or clock.now()
    left = last + settings.AXES_COOLOFF_TIME - clock.now()
    return LockedOut(retry_after=max(1, math.ceil(left.total_seconds())))


def locked_page(request: HttpRequest, response: HttpResponse, credentials: object = None) -> HttpResponse:  # noqa: ARG001  -- axes' signature
    """What a log-in page shows instead of itself; the REST door says it in a form of its own."""
    if request.path_info.startswith("/api/"):
        return response
    email = str(request.POST.get("username") or getattr(request.user, "email", ""))
    return page_of(request, locked_out(request, email))


def page_of(request: HttpRequest, refusal: LockedOut) -> HttpResponse:
    """What a browser shows to somebody who is locked out."""
    seconds = refusal.data["retry_after"]
    minutes = {"minutes": math.ceil(seconds / 60)}
    page = render(request, "accounts/locked_out.html", minutes, status=settings.AXES_HTTP_RESPONSE_CODE)
    page["Retry-After"], page["Cache-Control"] = str(seconds), "no-store"
    return page


def forget_old_attempts(*, limit: int = 2000) -> int:
    """Remove failed attempts of this schema that lock nobody out any more, at most so many; say how many."""
    old = AccessAttempt.objects.filter(attempt_time__lt=_threshold()).order_by().values("pk")[:limit]
    forgotten, _by_model = AccessAttempt.objects.filter(pk__in=old).delete()
    return int(forgotten)


def _wait_for_turn(email: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT}ms"])
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || %s, 0))", [f"sign-in {email}"]
        )


def _is_allowed(request: HttpRequest, email: str) -> bool:
    return bool(AxesProxyHandler.is_allowed(request, {"username": email}))


def _note(request: HttpRequest, email: str, *, is_right: bool) -> None:
    """Count one more failure from an address, or forget those from it: from others they still count."""
    _email, address = _who(request, {"username": email})
    known = AccessAttempt.objects.filter(username=email, ip_address=address)
    if is_right:
        known.delete()
        return
    one_more = {"failures_since_start": F("failures_since_start") + 1, "attempt_time": clock.now()}
    if not known.filter(attempt_time__gte=_threshold()).update(**one_more):
        known.delete()
        AccessAttempt.objects.create(
            username=email, ip_address=address, path_info=request.path_info[:255], failures_since_start=1
        )


def _recent(email: str) -> QuerySet[Any]:
    attempts: QuerySet[Any] = AccessAttempt.objects.filter(username=email, attempt_time__gte=_threshold())
    return attempts


def _threshold() -> datetime:
    cool_off: timedelta = settings.AXES_COOLOFF_TIME
    return clock.now() - cool_off


def _who(request: HttpRequest, credentials: dict[str, Any]) -> tuple[str, str | None]:
    """E-mail and address as they stand in the table: of the network of an IPv6 address, its first."""
    AxesProxyHandler.update_request(request)
    address = str(request.axes_ip_address or "")  # type: ignore[attr-defined]  # axes has just set it
    return str(credentials.get("username") or "").strip().lower(), address.partition("/")[0] or None
