from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Hospitals and their domains, in the public schema."""

    name = "tenants"
    verbose_name = _("Hospitals")
