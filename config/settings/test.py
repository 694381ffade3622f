"""In tests: the real PostgreSQL and Valkey that `make test` starts, passwords hashed fast."""

from config.settings.base import *  # noqa: F403  -- this is how Django settings extend one another
from config.settings.base import DATABASES

SECRET_KEY = "for-tests-only"  # noqa: S105  -- not a secret
ENCRYPTION_KEYS = ["for-tests-only"]
JWT_SECRET = "for-tests-only-and-of-more-than-32-characters"  # noqa: S105  -- not a secret
ALLOWED_HOSTS = ["localhost", ".localhost", "127.0.0.1", "testserver"]
PUBLIC_HOSTS = ["localhost", "127.0.0.1", "testserver"]
SECOND_FACTOR_FOR_OPERATORS = False
DEMO_ALLOWED = True
LANDING_LISTS_HOSPITALS = True
WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8", "::1/128"]
EMAIL_IN_USE = True
MCP_CONFORMANCE_ALLOWED = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# Each test has one connection inside one transaction; the pool is tried by the live tests.
del DATABASES["default"]["OPTIONS"]["pool"]  # type: ignore[attr-defined]
TELEGRAM_SANDBOX_ALLOWED = True
TELEGRAM_BOT_TOKEN = "110201543:for-tests-only-for-tests-only-for-tes"  # noqa: S105  -- not a secret
TELEGRAM_WEBHOOK_SECRET = "for-tests-only-0123456789"  # noqa: S105  -- not a secret
SMS_GATEWAY = ["console"]
SMS_CONSOLE_ALLOWED = True
