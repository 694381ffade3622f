"""On a developer's machine, beside `make run`: plain HTTP on loopback, no secrets worth keeping."""

import warnings

from config.settings.base import *  # noqa: F403  -- this is how Django settings extend one another
from config.settings.base import EMAIL_URL, LOG_OPTIONS, SMS_GATEWAY
from config.settings.base import ENCRYPTION_KEYS as GIVEN_ENCRYPTION_KEYS
from config.settings.base import JWT_SECRET as GIVEN_JWT_SECRET
from config.settings.base import SECRET_KEY as GIVEN_SECRET_KEY
from config.settings.reading import BASE_DIR, env, flag
from observing.logs import log_configuration

# In a container a developer is root.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

SECRET_KEY = GIVEN_SECRET_KEY or "for-development-only-never-in-production-0123456789"
ENCRYPTION_KEYS = GIVEN_ENCRYPTION_KEYS or ["for-development-only"]
JWT_SECRET = GIVEN_JWT_SECRET or "for-development-only-tokens-never-in-production"
DEBUG = flag("DEBUG", default=False)
ALLOWED_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]"]
LOG_FORMAT = env.str("LOG_FORMAT", default="text")
LOGGING = log_configuration(style=LOG_FORMAT, **LOG_OPTIONS)
SENTRY_ENVIRONMENT = env.str("SENTRY_ENVIRONMENT", default="development")
DEMO_ALLOWED = True
MCP_CONFORMANCE_ALLOWED = True
TELEGRAM_SANDBOX_ALLOWED = True
LANDING_LISTS_HOSPITALS = True

# Receivers on the developer's own machine.
WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8", "::1/128"]

# Codes are printed by the bot where no gateway is named.
SMS_GATEWAY = SMS_GATEWAY or ["console"]
SMS_CONSOLE_ALLOWED = True

if not EMAIL_URL:
    # Into files beside the servers' data, where a developer can read them: what is printed is kept nowhere.
    EMAIL_IN_USE = True
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = BASE_DIR / ".nadmor" / "mail"

# Static files straight from their sources: no collectstatic before the first start.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
