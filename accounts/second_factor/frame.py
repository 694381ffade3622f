"""What the pages of the second factor share: their frames, and how they tell the history."""

from copy import copy
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.second_factor.actions import SecondFactorEvent, Tell
from accounts.second_factor.models import TotpDevice
from tenants.admin_sites.sites import HospitalSite, PlatformSite
from tenants.context import current_hospital, in_public_schema

Site = HospitalSite | PlatformSite

# A bare page before somebody is signed in, the admin's own frame afterwards.
BARE, FULL = "unfold/layouts/unauthenticated.html", "admin/base_site.html"


def page(request: HttpRequest, site: Site, name: str, *, frame: str, **context: Any) -> HttpResponse:
    """A page of templates/admin/second_factor/, rendered at once."""
    request.current_app = site.name
    known = {**site.each_context(request), "frame": frame, **context}
    return TemplateResponse(request, f"admin/second_factor/{name}.html", known).render()


def codes_page(request: HttpRequest, site: Site, codes: list[str], *, frame: str, on: str) -> HttpResponse:
    """Fresh recovery codes, this once; `on` is where it goes on from there."""
    title, place = _("Recovery codes"), place_name()
    return page(request, site, "codes", frame=frame, title=title, place=place, codes=codes, on=on)


def teller(request: HttpRequest, site: Site, user: User) -> Tell:
    """Writes into the history what a user does with their own second factor, signed in already or not yet."""
    acting = copy(request)
    acting.user = user

    def tell(event: SecondFactorEvent, data: dict[str, Any]) -> None:
        site.journal.write(acting, event, ("user", user.pk), changes={}, data=data)

    return tell


def set_up_context(user: User, device: TotpDevice | None) -> dict[str, Any]:
    """What the page shows of a phone that is being set up."""
    if device is None:
        return {"pending": False}
    secret = device.secret
    picture = _picture(device.address(issuer=_issuer(), name=user.email))
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    return {"pending": True, "picture": picture, "secret": " ".join(groups)}


def place_name() -> str:
    """Whose admin it is, in words."""
    return str(_("the NadMor platform")) if in_public_schema() else str(current_hospital())


def _issuer() -> str:
    return "NadMor" if in_public_schema() else str(current_hospital())


def _picture(address: str) -> SafeString:
    """A QR code as inline SVG: it is made of numbers and letters of ours alone."""
    drawn = segno.make(address, error="m").svg_inline(
        scale=5, border=4, dark="#000000", light="#ffffff", svgclass=None, lineclass=None, omitsize=False
    )
    return mark_safe(drawn)  # noqa: S308  -- segno draws squares and quotes nothing of the address
