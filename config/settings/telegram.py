"""The patients' bot: its token, where Telegram is, how updates come; and the gateways of one-time codes."""

import re

from django.core.exceptions import ImproperlyConfigured

from config.settings.reading import env, number

# The token of the platform's own bot, which serves all hospitals without one of theirs. Empty: no such bot.
TELEGRAM_BOT_TOKEN = env.str("TELEGRAM_BOT_TOKEN", default="")
# The Bot API, or a local server that speaks it.
TELEGRAM_API_BASE_URL = env.str("TELEGRAM_API_BASE_URL", default="https://api.telegram.org").rstrip("/")
# What Telegram says to the webhook in the header X-Telegram-Bot-Api-Secret-Token. Empty: no webhook.
TELEGRAM_WEBHOOK_SECRET = env.str("TELEGRAM_WEBHOOK_SECRET", default="")
if TELEGRAM_WEBHOOK_SECRET and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", TELEGRAM_WEBHOOK_SECRET):
    raise ImproperlyConfigured(
        "TELEGRAM_WEBHOOK_SECRET should be 16 to 256 letters, digits, hyphens and underscores."
    )
# The public address of this installation, for the webhook: https://nadmor.example.
TELEGRAM_WEBHOOK_BASE_URL = env.str("TELEGRAM_WEBHOOK_BASE_URL", default="").rstrip("/")
# The hospital of whoever starts the bot without saying which.
DEFAULT_SUBDOMAIN = env.str("DEFAULT_SUBDOMAIN", default="demo")
# Updates that one process works on at a time.
TELEGRAM_CONCURRENCY = max(1, number("TELEGRAM_CONCURRENCY", default=8))
# Messages a second that reminders and notices take, of the 30 that Telegram allows a bot
# (core.telegram.org/bots/faq, "My bot is hitting limits").
TELEGRAM_MESSAGES_PER_SECOND = max(1, number("TELEGRAM_MESSAGES_PER_SECOND", default=20))
# Where the make-believe Telegram listens, on loopback alone.
TELEGRAM_SANDBOX_PORT = number("TELEGRAM_SANDBOX_PORT", default=8003)
# Whether the make-believe Telegram may be started. Not read from the environment: an installation that
# serves patients has none.
TELEGRAM_SANDBOX_ALLOWED = False

# ── one-time codes ─────────────────────────────────────────────────────────────
# By which gateways codes go out, in the order in which they are tried.
SMS_GATEWAYS = ("console", "twilio", "thaibulksms", "smsmkt", "telegram")
SMS_GATEWAY = env.list("SMS_GATEWAY", default=[])
if unknown := set(SMS_GATEWAY) - set(SMS_GATEWAYS):
    raise ImproperlyConfigured(f"SMS_GATEWAY names {sorted(unknown)}: there are {', '.join(SMS_GATEWAYS)}.")
# Prefixes of the numbers that may get a code, in international form; codes to far countries cost most.
SMS_PREFIXES = env.list("SMS_PREFIXES", default=["+66"])
# Codes that go out in 24 hours, all hospitals together: what a flood may cost.
SMS_DAILY_BUDGET = number("SMS_DAILY_BUDGET", default=1000)
# Whether codes may be printed. Not read from the environment: production prints none.
SMS_CONSOLE_ALLOWED = False
# What the gateways know us by.
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="")
TWILIO_VERIFY_SERVICE_SID = env.str("TWILIO_VERIFY_SERVICE_SID", default="")
THAIBULKSMS_KEY = env.str("THAIBULKSMS_KEY", default="")
THAIBULKSMS_SECRET = env.str("THAIBULKSMS_SECRET", default="")
THAIBULKSMS_SENDER = env.str("THAIBULKSMS_SENDER", default="")
SMSMKT_API_KEY = env.str("SMSMKT_API_KEY", default="")
SMSMKT_SECRET_KEY = env.str("SMSMKT_SECRET_KEY", default="")
SMSMKT_SENDER = env.str("SMSMKT_SENDER", default="")
TELEGRAM_GATEWAY_TOKEN = env.str("TELEGRAM_GATEWAY_TOKEN", default="")
# Where they are. Not read from the environment: only tests look elsewhere.
TWILIO_BASE_URL = "https://verify.twilio.com"
THAIBULKSMS_BASE_URL = "https://api-v2.thaibulksms.com"
SMSMKT_BASE_URL = "https://portal-otp.smsmkt.com/api"
TELEGRAM_GATEWAY_BASE_URL = "https://gatewayapi.telegram.org"
