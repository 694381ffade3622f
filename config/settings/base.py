"""Settings that hold everywhere. What differs from place to place comes from the environment."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.settings import rest
from config.settings.background import *  # noqa: F403  -- this is how Django settings extend one another
from config.settings.csp import *  # noqa: F403  -- as above
from config.settings.mcp import *  # noqa: F403  -- as above
from config.settings.reading import BASE_DIR, env, flag, mail_server, number, required
from config.settings.telegram import *  # noqa: F403  -- as above
from config.settings.unfold import HOSPITAL_ADMIN, PLATFORM_ADMIN
from observing.logs import log_configuration


def database(url: str) -> dict[str, object]:
    """Django's database settings for a ``postgresql://`` URL, with a tenant-aware backend and a pool."""
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL should look like postgresql://user:password@host:5432/name.")
    config = dict(env.db_url_config(url))
    config["ENGINE"] = "django_tenants.postgresql_backend"
    config["OPTIONS"] = {
        **config.get("OPTIONS", {}),
        "pool": {
            "min_size": 0,
            "max_size": number("DATABASE_POOL_SIZE", default=8),
            "timeout": 5,
            # The pool doubles its pauses between two tries to connect until it gives up; with its default of
            # 300 s, a database that was away for two minutes would stay away for up to two more.
            "reconnect_timeout": 5,
        },
        "connect_timeout": 5,
    }
    return config


DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
# What has to be read again is sealed with the first, and opened with any: add a new one in front to rotate.
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=[])

# ── hospitals ──────────────────────────────────────────────────────────────────
BASE_DOMAIN = env.str("BASE_DOMAIN", default="localhost")
PUBLIC_HOSTS = [BASE_DOMAIN, "localhost", "127.0.0.1", "[::1]", ""]
TENANT_MODEL = "tenants.Hospital"
TENANT_DOMAIN_MODEL = "tenants.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
# What the tenant-aware backend stands on.
ORIGINAL_BACKEND = "core.postgresql"
# One SET search_path for each connection and hospital, not for each statement.
TENANT_LIMIT_SET_CALLS = True
PUBLIC_SCHEMA_URLCONF = "config.urls_public"
ROOT_URLCONF = "config.urls"

SHARED_APPS = [
    "django_tenants",
    "tenants",
    "jobs",
    "accounts",
    "events",
    "apikeys",
    "registry",
    "subscriptions",
    "analytics",
    "webhooks",
    "api",
    "mcp_integration",
    "verification",
    "telegram_integration",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "django_structlog",
    "observing",
    "axes",
    "csp",
]
# Content types and Django's own permission tables stand in the public schema alone.
TENANT_APPS = [
    "accounts", "events", "bookings", "records", "django.contrib.admin", "django.contrib.sessions", "axes",
]  # fmt: skip
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]

MIDDLEWARE = [
    # Around all others, so that no answer leaves without the policy of what a browser may load and run.
    "csp.middleware.CSPMiddleware",
    # Whoever watches is answered on any host, whatever else is away.
    "observing.middleware.HealthMiddleware",
    "observing.middleware.RequestMiddleware",
    # Before the hospital is known: their headers and files are the same for all, even for a host of none.
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.HospitalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "tenants.middleware.HospitalLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.middleware.SessionSchemaMiddleware",
    # Which phone a session was opened with; then: no page for who has not shown the one that they need.
    "django_otp.middleware.OTPMiddleware",
    "accounts.second_factor.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Puts a page of its own in the place of a log-in page that somebody is locked out of.
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
WSGI_APPLICATION = "config.wsgi.application"

# ── data ───────────────────────────────────────────────────────────────────────
_url = required(
    "DATABASE_URL", "the URL of a PostgreSQL database", instead=env.str("MCP_DATABASE_URL", default="")
)
DATABASES = {"default": database(_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # The schema is part of each key: a hospital never reads another's entry.
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    },
}

# ── background work ────────────────────────────────────────────────────────────
# The database owns what is to be done (jobs/); a message of the broker only says that something is.
CELERY_BROKER_URL = REDIS_URL

# ── e-mail ─────────────────────────────────────────────────────────────────────
# Without EMAIL_URL no notice goes by e-mail, and the notice log says so.
EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL_IN_USE = bool(EMAIL_URL)
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if EMAIL_URL:
    _server = mail_server(EMAIL_URL)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _server.host, _server.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _server.user, _server.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = _server.starttls, _server.tls
# How long the mail server may take for each of its answers (seconds).
EMAIL_TIMEOUT = number("EMAIL_TIMEOUT", default=10)
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default=f"noreply@{BASE_DOMAIN}")

# ── webhooks ───────────────────────────────────────────────────────────────────
# How long one attempt may take, from the name's lookup to the last byte that is read.
WEBHOOK_SECONDS = 15
# Networks of our own that webhooks may reach, by plain HTTP and on any port too. Not read from the
# environment: an installation that serves patients has none.
WEBHOOK_ALLOWED_NETWORKS: list[str] = []

# ── bulk work ──────────────────────────────────────────────────────────────────
# What was done in bulk, and what became of each row, is forgotten so many days after its end: not on the same
# day, as it can be taken back for a while.
BATCHES_KEPT_DAYS = max(1, number("BATCHES_KEPT_DAYS", default=90))

# ── people ─────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Access tokens are signed with a key of their own: who can forge sessions must not forge these.
JWT_SECRET = env.str("JWT_SECRET", default=env.str("MCP_JWT_SECRET", default=""))
# How long an access token is good (seconds).
JWT_EXPIRY = number("JWT_EXPIRY", default=number("MCP_JWT_EXPIRY", default=15 * 60))
AUTHENTICATION_BACKENDS = ["accounts.lockout.GuardedBackend"]
# Who is locked out is decided in accounts/lockout.py; attempts are kept in the schema of their hospital.
AXES_HANDLER = "accounts.lockout.Handler"
AXES_FAILURE_LIMIT = number("AXES_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = timedelta(minutes=number("AXES_COOLOFF_MINUTES", default=15))
if not (AXES_FAILURE_LIMIT and AXES_COOLOFF_TIME):
    raise ImproperlyConfigured("AXES_FAILURE_LIMIT and AXES_COOLOFF_MINUTES should be 1 or more.")
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username"]
AXES_CLIENT_IP_CALLABLE = "api.authentication.address_of"
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_page"
AXES_HTTP_RESPONSE_CODE = 429
AXES_USERNAME_FORM_FIELD = "username"
# An attempt that was not looked at does not make the wait longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# No names and addresses in logs, nor in lists of who signed in when.
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
LOGIN_URL = LOGIN_REDIRECT_URL = "/admin/"
# Whether the platform's operators sign in with a code of their phone besides the password. For the staff of
# a hospital it is the hospital's own setting.
SECOND_FACTOR_FOR_OPERATORS = flag("SECOND_FACTOR_FOR_OPERATORS", default=False)
# In the database, so that a session belongs to its schema. Cookies stay on their host: never set a domain.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"

# ── languages and times ────────────────────────────────────────────────────────
LANGUAGE_CODE = "th"
LANGUAGES = [("th", _("Thai")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
# The region in which a phone number without a country code is read.
PHONE_REGION = env.str("PHONE_REGION", default="TH")

# ── who asks ───────────────────────────────────────────────────────────────────
# How many proxies of ours append to X-Forwarded-For; what stands further left there anybody may have written.
TRUSTED_PROXIES = number("TRUSTED_PROXIES", default=0)

# ── pages and files ────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES_WITH_HASHES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Files that staff import hold personal data: they stay in memory, never on a disk, and none is larger.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "api.errors.forged"
SECURE_REFERRER_POLICY = "same-origin"
# Whether `load_demo` may fill this installation with made-up people.
DEMO_ALLOWED = False
# Whether the landing page names the hospitals of this installation.
LANDING_LISTS_HOSPITALS = flag("LANDING_LISTS_HOSPITALS", default=False)

UNFOLD = HOSPITAL_ADMIN
UNFOLD_PLATFORM = PLATFORM_ADMIN

# ── REST ───────────────────────────────────────────────────────────────────────
REST_FRAMEWORK = rest.REST_FRAMEWORK
SPECTACULAR_SETTINGS = rest.SPECTACULAR_SETTINGS

# ── observing ──────────────────────────────────────────────────────────────────
LOG_FORMAT = env.str("LOG_FORMAT", default="json")
LOG_OPTIONS: dict[str, Any] = {
    "level": env.str("LOG_LEVEL", default="INFO"),
    "file": env.str("LOG_FILE", default=""),
    "megabytes": number("LOG_FILE_MEGABYTES", default=50),
    "files": number("LOG_FILE_COUNT", default=5),
}
LOGGING = log_configuration(style=LOG_FORMAT, **LOG_OPTIONS)
# What beat and workers do every few seconds is told at DEBUG; failures are not.
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.DEBUG
# Also of a message that came too late to say anything new (the package's own name for that level).
DJANGO_STRUCTLOG_CELERY_TASK_RETRY_LOG_LEVEL = logging.DEBUG
# Whoever sends it as a Bearer token may read /metrics; without one there is no such address.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
SENTRY_DSN = env.str("SENTRY_DSN", default="")
SENTRY_ENVIRONMENT = env.str("SENTRY_ENVIRONMENT", default="production")
SENTRY_RELEASE = env.str("SENTRY_RELEASE", default="")
