from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users: staff and patients in a hospital's schema, platform operators in the public one."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Bind each new session to the schema where it was opened; hear of hospitals that ask for more."""
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415  -- apps must be loaded first

        from accounts.login import bind_session_to_schema  # noqa: PLC0415  -- apps must be loaded first
        from accounts.second_factor.requiring import (  # noqa: PLC0415  -- apps must be loaded first
            end_sign_ins_by_password_alone,
        )
        from tenants.provisioning import when_hospitals_change  # noqa: PLC0415  -- apps must be loaded first

        when_hospitals_change(end_sign_ins_by_password_alone)
        user_logged_in.connect(bind_session_to_schema, dispatch_uid="bind_session_to_schema")
