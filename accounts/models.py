"""User: staff and patients of one hospital, or an operator of the platform. SignIn: where they signed in."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.permissions import BOOKING_ROLES, GRANTS, OPERATOR_GRANTS, OVERBOOKING, STAFF_ROLES, Role
from tenants.context import in_public_schema
from tenants.models import Language


class Ending(models.TextChoices):
    """Why the tokens of a sign-in are worth nothing any more."""

    LOGOUT = "LOGOUT", _("Signed out")
    REUSE = "REUSE", _("A used refresh token came again")
    PASSWORD = "PASSWORD", _("The password was changed")
    SWITCHED_OFF = "SWITCHED_OFF", _("The account was switched off")
    SECOND_FACTOR = "SECOND_FACTOR", _("A second factor is asked for since")


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


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]  # django-otp's devices are untyped
    """A person who signs in by e-mail. The schema tells which hospital they belong to.

    `accounts.permissions` says what the role may do; overbooking alone is granted person by person.
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
    may_overbook = models.BooleanField(
        _("may overbook"),
        default=False,
        db_default=False,
        help_text=_("Book a time that is taken or outside working hours, with a reason. Administrators may."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    # One more ends every session in a browser that was opened before.
    session_round = models.PositiveIntegerField(default=0, db_default=0, editable=False)
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row. A new password, and switching the account off, end what was signed in before."""
        is_new = self._state.adding
        has_new_password = self._password is not None  # type: ignore[attr-defined]  # Django's own mark of one
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new:
                return
            if has_new_password:
                self.end_sign_ins(Ending.PASSWORD)
            elif not self.is_active:
                self.end_sign_ins(Ending.SWITCHED_OFF)

    def end_sign_ins(self, why: Ending) -> None:
        """Make every refresh and access token of this user worthless, at once."""
        self.sign_ins.filter(ended_at=None).update(ended_at=Now(), ending=why)

    def end_sessions(self) -> None:
        """End every session of this user in a browser, at once."""
        type(self).objects.filter(pk=self.pk).update(session_round=F("session_round") + 1)
        self.refresh_from_db(fields=["session_round"])

    def get_session_auth_hash(self) -> str:
        """What a session was opened with; it ends when this is another: a new password, or a new round."""
        return self._hash_in_session()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same by keys that are on their way out."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._hash_in_session(secret)

    def _hash_in_session(self, secret: str | bytes | None = None) -> str:
        said = f"{self.password}:{self.session_round}"
        return salted_hmac("accounts.session", said, secret=secret, algorithm="sha256").hexdigest()

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
        return GRANTS[self.role] | OVERBOOKING if self._is_let_overbook else GRANTS[self.role]

    @property
    def _is_let_overbook(self) -> bool:
        return self.may_overbook and self.role in BOOKING_ROLES

    def can(self, verb: str) -> bool:
        """Whether this person may use a verb."""
        return verb in self.grants

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  -- Django's signature
        """Django's own permission names grant nothing here; admins ask `can`."""
        return False

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002  -- Django's signature
        """Each admin page decides for itself."""
        return self.is_staff


class SignIn(models.Model):
    """A program's signing in by a user's password: a family of refresh tokens, each replaced by the next.

    When it ends, every refresh and access token of it is refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="sign_ins", editable=False
    )
    started_at = models.DateTimeField(_("signed in at"), db_default=Now(), editable=False)
    # However often it is renewed, the password is asked for again after this.
    expires_at = models.DateTimeField(_("expires at"), editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    ending = models.CharField(_("ended by"), max_length=20, choices=Ending, blank=True, editable=False)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        indexes = [models.Index(fields=["expires_at"], name="sign_in_age")]

    def __str__(self) -> str:
        return str(self.id)


class RefreshToken(models.Model):
    """One refresh token of a sign-in; good for one use. Of its text a SHA-256 alone is kept."""

    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("refresh token")
        verbose_name_plural = _("refresh tokens")
        indexes = [models.Index(fields=["expires_at"], name="refresh_token_age")]

    def __str__(self) -> str:
        return f"{self.sign_in_id} {self.pk}"


# Last, as they point at the user. Django finds an app's models here.
from accounts.second_factor.models import RecoveryCode, TotpDevice  # noqa: E402, F401
