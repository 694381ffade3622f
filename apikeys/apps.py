from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiKeysConfig(AppConfig):
    """Keys of programs, in the public schema."""

    name = "apikeys"
    verbose_name = _("API keys")
