"""On a developer's machine, beside `make run`: plain HTTP on loopback, no secrets worth keeping."""

from config.settings.base import *  # noqa: F403  -- this is how Django settings extend one another
from config.settings.base import ENCRYPTION_KEYS as GIVEN_ENCRYPTION_KEYS
from config.settings.base import SECRET_KEY as GIVEN_SECRET_KEY
from config.settings.reading import flag

SECRET_KEY = GIVEN_SECRET_KEY or "for-development-only-never-in-production-0123456789"
ENCRYPTION_KEYS = GIVEN_ENCRYPTION_KEYS or ["for-development-only"]
DEBUG = flag("DEBUG", default=False)
ALLOWED_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]"]
DEMO_ALLOWED = True
LANDING_LISTS_HOSPITALS = True

# Static files straight from their sources: no collectstatic before the first start.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
