from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    """One-time codes: proof that somebody has a phone at hand."""

    name = "verification"
    verbose_name = _("One-time codes")

    def ready(self) -> None:
        """Have the settings checked, and old codes forgotten."""
        from jobs.handlers import handle  # noqa: PLC0415  -- with the ones below
        from jobs.standing import stand  # noqa: PLC0415
        from verification import (  # noqa: PLC0415  -- they need the models
            checks,  # noqa: F401  -- it registers itself
            cleaning,
        )

        handle(cleaning.CLEAN_UP, cleaning.clean_up, lane=cleaning.LANE)
        stand(cleaning.CLEAN_UP, only_public=True)
