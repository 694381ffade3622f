"""A colleague has lost their phone: an administrator takes their second factor away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.models import User
from accounts.second_factor.actions import SecondFactorEvent, reset_second_factor
from accounts.second_factor.models import TotpDevice
from accounts.second_factor.state import device_of, is_required_of
from tenants.admin_sites.sites import GrantedAdmin


class ResetsSecondFactors(GrantedAdmin):
    """What the page of users knows of second factors: whether there is one, and taking it away."""

    actions_detail = ("reset_factor",)

    def has_reset_factor_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the button is shown: for others who have one. One's own is under one's own menu."""
        if not self.has_change_permission(request) or str(object_id) == str(request.user.pk):
            return False
        return object_id is None or TotpDevice.objects.filter(user_id=object_id, confirmed=True).exists()

    @action(
        description=_("Reset second factor"),
        url_path="reset-second-factor",
        icon="phonelink_erase",
        permissions=["reset_factor"],
    )
    def reset_factor(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask once more, then take it away and end that person's sessions."""
        user = self.get_object(request, object_id)
        if user is None or not self.has_reset_factor_permission(request, user.pk):
            raise PermissionDenied
        back = reverse("admin:accounts_user_change", args=[user.pk])
        if request.method == "POST":
            self._reset(request, user)
            return HttpResponseRedirect(back)
        summary = _(
            "%(name)s is signed out everywhere and signs in by the password alone. Ask them in person first."
        )
        return self.page(
            request, "admin/form_page.html",
            title=_("Reset second factor"), summary=summary % {"name": user}, original=user,
            form=None, button=_("Reset"), grave=True, back=back,
        )  # fmt: skip

    def _reset(self, request: HttpRequest, user: User) -> None:
        def tell(event: SecondFactorEvent, data: dict[str, Any]) -> None:
            self.note(request, user, event_type=event, **data)

        reset_second_factor(user, tell)
        self.message_user(request, _("The second factor is gone, and so are the sessions."), messages.SUCCESS)

    @display(description=_("second factor"))
    def second_factor(self, user: User) -> str:
        """Whether there is one."""
        if device_of(user) is not None:
            return str(_("Set up"))
        return str(_("Missing, and required here") if is_required_of(user) else _("None"))
