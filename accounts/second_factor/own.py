"""One's own second factor, in the user's menu: its state, setting it up, new recovery codes, giving it up."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.lockout import LockedOut, is_locked_out, locked_out, page_of
from accounts.models import User
from accounts.second_factor.actions import begin_set_up, make_recovery_codes, remove_second_factor
from accounts.second_factor.checking import check_second_factor
from accounts.second_factor.errors import WrongSecondFactor
from accounts.second_factor.forms import PhoneCodeForm, ProofForm
from accounts.second_factor.frame import FULL, Site, codes_page, page, set_up_context, teller
from accounts.second_factor.recovery import NUMBER
from accounts.second_factor.state import codes_left, device_of, is_required_of, pending_device_of
from accounts.second_factor.steps import finish
from core.errors import DomainError
from tenants.admin_sites.dates import say_moment

FORM_PAGE = "admin/form_page.html"
OwnView = Callable[[HttpRequest, Site, User], HttpResponse]


def pages(site: Site) -> list[URLPattern]:
    """Pages for whoever has signed in, about themselves alone."""
    of = {"site": site}
    return [
        path("second-factor/", site.admin_view(own_page), of, name="second_factor"),
        path("second-factor/begin/", site.admin_view(begin_page), of, name="second_factor_begin"),
        path("second-factor/set-up/", site.admin_view(set_up_page), of, name="second_factor_set_up"),
        path("second-factor/replace/", site.admin_view(replace_page), of, name="second_factor_replace"),
        path("second-factor/codes/", site.admin_view(new_codes_page), of, name="second_factor_codes"),
        path("second-factor/remove/", site.admin_view(remove_page), of, name="second_factor_remove"),
    ]


def _of_the_user(view: OwnView) -> Callable[..., HttpResponse]:
    @sensitive_post_parameters()
    @wraps(view)
    def shown(request: HttpRequest, site: Site) -> HttpResponse:
        if not isinstance(request.user, User):
            raise TypeError("Only somebody who has signed in gets here.")
        # The user itself, in place of what stands for it in the request.
        return view(request, site, User.objects.get(pk=request.user.pk))

    return shown


@_of_the_user
def own_page(request: HttpRequest, site: Site, user: User) -> HttpResponse:
    """What there is, and what can be done about it."""
    device = device_of(user)
    facts = []
    if device is not None:
        left = _("%(left)d of %(all)d") % {"left": codes_left(user), "all": NUMBER}
        facts = [
            (_("Set up at"), say_moment(device.created_at)),
            (_("Used last at"), say_moment(device.last_used_at)),
            (_("Unused recovery codes"), left),
        ]
    required = is_required_of(user)
    title = _("Second factor")
    return page(request, site, "own", frame=FULL, title=title, device=device, facts=facts, required=required)


@require_POST
@_of_the_user
def begin_page(request: HttpRequest, site: Site, user: User) -> HttpResponse:  # noqa: ARG001  -- a page's signature
    """Make a fresh secret, where there is no phone yet; with one, `replace_page` asks who it is first."""
    if device_of(user) is not None:
        return HttpResponseRedirect(reverse("admin:second_factor_replace"))
    begin_set_up(user)
    return HttpResponseRedirect(reverse("admin:second_factor_set_up"))


@_of_the_user
def set_up_page(request: HttpRequest, site: Site, user: User) -> HttpResponse:
    """Show the secret; a code of the new phone makes it count, and then come the recovery codes."""
    form = PhoneCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = finish(request, site, user, form)
        if codes is not None:
            return _show_codes(request, site, codes)
    shown = set_up_context(user, pending_device_of(user))
    title, begin = _("Set up a second factor"), reverse("admin:second_factor_begin")
    return page(request, site, "set_up", frame=FULL, title=title, form=form, begin=begin, **shown)


@_of_the_user
def replace_page(request: HttpRequest, site: Site, user: User) -> HttpResponse:
    """Another phone in place of the one that counts."""

    def replace() -> HttpResponse:
        begin_set_up(user)
        return HttpResponseRedirect(reverse("admin:second_factor_set_up"))

    return _after_proof(
        request, site, user, replace,
        title=_("Set up another phone"), button=_("Continue"),
        summary=_("The phone that you use now goes on until a code of the new one was seen."),
    )  # fmt: skip


@_of_the_user
def new_codes_page(request: HttpRequest, site: Site, user: User) -> HttpResponse:
    """New recovery codes."""

    def make() -> HttpResponse:
        return _show_codes(request, site, make_recovery_codes(user, teller(request, site, user)))

    return _after_proof(
        request, site, user, make,
        title=_("New recovery codes"), button=_("Make new codes"),
        summary=_("The codes that you have now are worth nothing then."),
    )  # fmt: skip


@_of_the_user
def remove_page(request: HttpRequest, site: Site, user: User) -> HttpResponse:
    """Give the second factor up."""

    def remove() -> HttpResponse:
        remove_second_factor(user, teller(request, site, user))
        messages.success(request, _("From now on your password alone signs you in."))
        return HttpResponseRedirect(reverse("admin:second_factor"))

    return _after_proof(
        request, site, user, remove,
        title=_("Remove the second factor"), button=_("Remove"), grave=True,
        summary=_("Whoever knows your password can sign in as you then."),
    )  # fmt: skip


def _after_proof(
    request: HttpRequest, site: Site, user: User, act: Callable[[], HttpResponse], **words: Any
) -> HttpResponse:
    """Ask for password and code, then act."""
    form = ProofForm(request.POST or None, needs_code=device_of(user) is not None)
    if request.method == "POST" and form.is_valid():
        try:
            if _is_proven(request, site, user, form):
                return act()
            if is_locked_out(request, user.email):
                raise locked_out(request, user.email)
        except LockedOut as refusal:
            return page_of(request, refusal)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {**site.each_context(request), **words, "form": form, "back": reverse("admin:second_factor")}
    return render(request, FORM_PAGE, context)


def _is_proven(request: HttpRequest, site: Site, user: User, form: ProofForm) -> bool:
    """Whether both are right; else the form's error says which is not. Raises `LockedOut`."""
    if authenticate(request, username=user.email, password=form.cleaned_data["password"]) is None:
        if getattr(request, "unread_password", False):
            raise locked_out(request, user.email)
        form.add_error("password", _("This is not your password."))
        return False
    if "code" not in form.fields:
        return True
    if check_second_factor(request, user, form.cleaned_data["code"], teller(request, site, user)) is None:
        form.add_error("code", str(WrongSecondFactor.text))
        return False
    return True


def _show_codes(request: HttpRequest, site: Site, codes: list[str]) -> HttpResponse:
    return codes_page(request, site, codes, frame=FULL, on=reverse("admin:second_factor"))
