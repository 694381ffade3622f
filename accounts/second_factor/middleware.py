"""Nobody is signed in by the password alone who has a second factor, or must have one."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.models import User
from accounts.second_factor.half import address_of, begin
from accounts.second_factor.state import Step, next_step

# The API knows no session; choosing a language shows nothing.
_OPEN = ("/api/", "/i18n/")


class SecondFactorMiddleware:
    """Lead a session back to the step that it lacks. Comes after django-otp's middleware.

    So whoever was signed in before it was required, or before their phone was set up in another browser,
    meets it with the next request, on whatever page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on, or to the step that is lacking; what is no page for people is answered as to a stranger."""
        step = _lacking(request)
        if step is None:
            return self.get_response(request)
        page = _page_of(request)
        begin(request, cast(User, request.user), next_page=page or settings.LOGIN_REDIRECT_URL)
        if page:
            return HttpResponseRedirect(address_of(step))
        request.user = AnonymousUser()
        return self.get_response(request)


def _lacking(request: HttpRequest) -> Step | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path_info.startswith(_OPEN):
        return None
    user = request.user
    if not user.is_authenticated or request.path_info == reverse("admin:logout"):
        return None
    return None if user.is_verified() else next_step(user)  # type: ignore[attr-defined]  # django-otp's


def _page_of(request: HttpRequest) -> str:
    """Where a person wanted to go; nothing where a script asks."""
    is_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    return request.get_full_path() if is_page else ""
