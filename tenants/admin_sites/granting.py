"""Who may open which page of the admin: verbs decide, not Django's permissions."""

from typing import ClassVar

from django.db import models
from django.http import HttpRequest


def granted(request: HttpRequest, *verbs: str) -> bool:
    """Whether whoever has signed in may use any of the verbs."""
    user = request.user
    return user.is_authenticated and user.is_staff and any(user.can(verb) for verb in verbs)


class ByVerbs:
    """Which verbs open each kind of access: any of them does; none refuses it to everybody."""

    view_verbs: ClassVar[tuple[str, ...]] = ()
    add_verbs: ClassVar[tuple[str, ...]] = ()
    change_verbs: ClassVar[tuple[str, ...]] = ()
    delete_verbs: ClassVar[tuple[str, ...]] = ()

    # Fields that Django would show to mere readers in its own way → the column that says them in ours.
    as_read: ClassVar[dict[str, str]] = {}

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Whether it is shown at all."""
        return granted(request, *self.view_verbs) or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        """Whether there may be more."""
        return granted(request, *self.add_verbs)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        """Whether it may be changed."""
        return granted(request, *self.change_verbs)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        """Whether it may be deleted."""
        return granted(request, *self.delete_verbs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether its room is on the front page."""
        return self.has_view_permission(request)
