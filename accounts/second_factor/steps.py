"""Signing in: the password's page, then the page that asks for the code, or for setting a phone up."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.lockout import LockedOut, is_locked_out, locked_out, page_of
from accounts.models import User
from accounts.second_factor.actions import begin_set_up, finish_set_up
from accounts.second_factor.checking import check_second_factor, refuse_too_soon
from accounts.second_factor.errors import NothingToSetUp, WrongSecondFactor
from accounts.second_factor.forms import PhoneCodeForm, RecoveryCodeForm
from accounts.second_factor.frame import BARE, Site, codes_page, page, place_name, set_up_context, teller
from accounts.second_factor.half import HalfSigned, address_of, begin, complete, drop, half_signed
from accounts.second_factor.recovery import read_code
from accounts.second_factor.state import Step, codes_left, next_step, pending_device_of

StepView = Callable[[HttpRequest, Site, HalfSigned], HttpResponse]
# A hint that codes run out is worth giving from here on.
FEW_CODES = 3


def pages(site: Site) -> list[URLPattern]:
    """The pages between the password and the admin."""
    of = {"site": site}
    return [
        path("login/code/", site.open_view(code_page), of, name="sign_in_code"),
        path("login/set-up/", site.open_view(set_up_page), of, name="sign_in_set_up"),
        path("login/set-up/begin/", site.open_view(begin_page), of, name="sign_in_begin"),
        path("login/give-up/", site.open_view(give_up), of, name="sign_in_give_up"),
    ]


class _LoginView(LoginView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, or remember the right password for the next step."""
        user = form.get_user()
        step = next_step(user)
        if step is None:
            return super().form_valid(form)
        begin(self.request, user, next_page=self.get_success_url())
        # Not the key that the browser came with: somebody else might have given it that one.
        self.request.session.cycle_key()
        return HttpResponseRedirect(address_of(step))


def sign_in(request: HttpRequest, site: Site, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Unfold's page for e-mail and password. Without ``?next=`` it leads to the front page."""
    if request.method == "GET":
        if site.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if half := half_signed(request):
            return HttpResponseRedirect(address_of(half.step))
    context = {
        **site.each_context(request),
        "title": _("Log in"),
        "subtitle": None,
        "app_path": request.get_full_path(),
        "username": request.user.get_username(),
        **(extra_context or {}),
    }
    if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
        context[REDIRECT_FIELD_NAME] = reverse("admin:index")
    request.current_app = site.name
    view = _LoginView.as_view(
        authentication_form=site.login_form, template_name="admin/login.html", extra_context=context
    )
    return cast(HttpResponse, view(request))


def _at(step: Step) -> Callable[[StepView], Callable[..., HttpResponse]]:
    """Let in who is at that step; others go to the step that they are at, or to the password."""

    def guard(view: StepView) -> Callable[..., HttpResponse]:
        @sensitive_post_parameters()
        @wraps(view)
        def guarded(request: HttpRequest, site: Site) -> HttpResponse:
            half = half_signed(request)
            if half is None:
                return HttpResponseRedirect(reverse("admin:login"))
            if half.step is not step:
                return HttpResponseRedirect(address_of(half.step))
            return view(request, site, half)

        return guarded

    return guard


@_at(Step.CODE)
def code_page(request: HttpRequest, site: Site, half: HalfSigned) -> HttpResponse:
    """Ask for the phone's code, or for a recovery code."""
    by_recovery = "recovery" in request.GET
    form = (RecoveryCodeForm if by_recovery else PhoneCodeForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if _is_let_in(request, site, half, form.cleaned_data["code"]):
                return HttpResponseRedirect(half.next_page)
            if is_locked_out(request, half.user.email):
                raise locked_out(request, half.user.email)
        except LockedOut as refusal:
            drop(request)
            return page_of(request, refusal)
        form.add_error("code", str(WrongSecondFactor.text))
    return _bare(request, site, "code", half, form, by_recovery=by_recovery)


def _is_let_in(request: HttpRequest, site: Site, half: HalfSigned, code: str) -> bool:
    device = check_second_factor(request, half.user, code, teller(request, site, half.user))
    if device is None:
        return False
    complete(request, half.user, device)
    if read_code(code) is not None:
        _say_how_many_are_left(request, half.user)
    return True


def _say_how_many_are_left(request: HttpRequest, user: User) -> None:
    left = codes_left(user)
    text = ngettext("%(count)d recovery code is left.", "%(count)d recovery codes are left.", left)
    level = messages.WARNING if left <= FEW_CODES else messages.INFO
    messages.add_message(request, level, text % {"count": left})


@_at(Step.SET_UP)
def set_up_page(request: HttpRequest, site: Site, half: HalfSigned) -> HttpResponse:
    """Show the secret, and let in who has proven by a code that a phone has it."""
    form = PhoneCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = finish(request, site, half.user, form)
        if codes is not None:
            return codes_page(request, site, codes, frame=BARE, on=half.next_page)
    shown = set_up_context(half.user, pending_device_of(half.user))
    return _bare(request, site, "set_up", half, form, **shown, begin=reverse("admin:sign_in_begin"))


def finish(request: HttpRequest, site: Site, user: User, form: BaseForm) -> list[str] | None:
    """The recovery codes, the user being signed in by their new phone; None with the form's error set."""
    code = form.cleaned_data["code"]
    try:
        refuse_too_soon(pending_device_of(user), code)
        with transaction.atomic():
            finished = finish_set_up(user, code, teller(request, site, user))
            if finished is not None:
                complete(request, user, finished[0])
                return finished[1]
    except (LockedOut, NothingToSetUp) as refusal:
        form.add_error("code", str(refusal))
    else:
        form.add_error("code", str(WrongSecondFactor.text))
    return None


@require_POST
@_at(Step.SET_UP)
def begin_page(request: HttpRequest, site: Site, half: HalfSigned) -> HttpResponse:  # noqa: ARG001  -- a step's signature
    """Make a fresh secret."""
    begin_set_up(half.user)
    return HttpResponseRedirect(reverse("admin:sign_in_set_up"))


@require_POST
def give_up(request: HttpRequest, site: Site) -> HttpResponse:  # noqa: ARG001  -- the pages are told it
    """Back to the password: for somebody else, perhaps."""
    if half_signed(request) is not None:
        drop(request)
    return HttpResponseRedirect(reverse("admin:login"))


def _bare(
    request: HttpRequest, site: Site, name: str, half: HalfSigned, form: BaseForm, **context: Any
) -> HttpResponse:
    title = _("Second factor")
    return page(
        request, site, name, frame=BARE, title=title, form=form, half=half, place=place_name(), **context
    )
