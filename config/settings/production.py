"""On a server, behind TLS. Each setting that is missing or wrong is named at the start."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403  -- this is how Django settings extend one another
from config.settings.base import ALLOWED_HOSTS, BASE_DOMAIN, ENCRYPTION_KEYS, JWT_SECRET, STORAGES_WITH_HASHES
from config.settings.reading import flag, number, required

LEAST_KEY_LENGTH = 32
SECRET_KEY = required("SECRET_KEY", "at least 50 random characters, kept secret")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set: it should list host names, such as .example.org.")
if BASE_DOMAIN == "localhost":
    raise ImproperlyConfigured(
        "BASE_DOMAIN is not set: it should be the domain above the hospitals' subdomains."
    )

if not ENCRYPTION_KEYS or min(map(len, ENCRYPTION_KEYS)) < LEAST_KEY_LENGTH:
    raise ImproperlyConfigured(
        "ENCRYPTION_KEYS is not set: it should be keys of 32 random characters or more, with commas."
    )
# RFC 7518 section 3.2: a key for HS256 has at least 256 bits.
if len(JWT_SECRET) < LEAST_KEY_LENGTH:
    raise ImproperlyConfigured("JWT_SECRET is not set: it should be 32 random characters or more.")

STORAGES = STORAGES_WITH_HASHES

# An operator reaches every hospital.
SECOND_FACTOR_FOR_OPERATORS = flag("SECOND_FACTOR_FOR_OPERATORS", default=True)

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = number("SECURE_HSTS_SECONDS", default=31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
