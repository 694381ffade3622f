from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    """The register of hospitals: the platform's verbs about them."""

    name = "registry"
    verbose_name = _("Register")
