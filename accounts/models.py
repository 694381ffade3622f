"""User: staff and patients of one hospital, or an operator of the platform."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.permissions import GRANTS, OPERATOR_GRANTS, STAFF_ROLES, Role
from tenants.context import in_public_schema
from tenants.models import Language


class UserManager(BaseUserManager["User"]):
    """Makes users with a hashed password."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Save and return a user; without a password nobody can sign in as them."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by e-mail, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in by e-mail. The schema tells which hospital they belong to.

    There are no per-user permissions: `accounts.permissions` says what the role may do.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(
        _("email"), unique=True, error_messages={"unique": _("This address has an account.")}
    )
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.FRONT_DESK)
    phone_number = models.CharField(_("phone number"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.THAI)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["first_name", "last_name"]
        constraints = [
            models.CheckConstraint(
                name="user_email_is_lower_case",
                condition=models.Q(email=Lower("email")),
                violation_error_message=_("Write the address in lower case."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def clean(self) -> None:
        """Keep one spelling of each address."""
        super().clean()
        self.email = self.email.lower()

    def get_full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_staff(self) -> bool:
        """Whether this person may enter the admin site."""
        return self.is_active and self.role in STAFF_ROLES

    @property
    def grants(self) -> frozenset[str]:
        """Names of the verbs that this person may use, in the schema that this thread is in."""
        if not self.is_active:
            return frozenset()
        if in_public_schema():
            return OPERATOR_GRANTS if self.role == Role.ADMIN else frozenset()
        return GRANTS[self.role]

    def can(self, verb: str) -> bool:
        """Whether this person may use a verb."""
        return verb in self.grants

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  -- Django's signature
        """Django's own permission names grant nothing here; admins ask `can`."""
        return False

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002  -- Django's signature
        """Each admin page decides for itself."""
        return self.is_staff
