"""Whether Telegram posts a bot's updates to this installation."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, no_translations

from core.errors import DomainError
from telegram_integration.bots import platform_bot, secret_of
from telegram_integration.client.calls import call, hang_up
from telegram_integration.client.errors import TelegramFault
from telegram_integration.inbox.keeping import KINDS
from telegram_integration.models import TelegramBot
from tenants.directory import hospital_by_subdomain

# Requests that Telegram may have open at our webhook at once.
AT_ONCE = 40


class Command(BaseCommand):
    help = "Have Telegram post a bot's updates to TELEGRAM_WEBHOOK_BASE_URL, stop it, or tell how it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--set", action="store_true", help="have updates posted")
        what.add_argument("--delete", action="store_true", help="stop that: `runtelegrambot` asks for them")
        what.add_argument("--info", action="store_true", help="what Telegram says about it")
        parser.add_argument(
            "--hospital", default="", help="subdomain: that hospital's own bot; else the platform's"
        )

    @no_translations
    def handle(self, **options: Any) -> None:
        bot = self._bot(options["hospital"])
        try:
            if options["set"]:
                self._set(bot)
            elif options["delete"]:
                call(bot, "delete_webhook")
                self.stdout.write("Telegram posts no updates any more.")
            else:
                self._tell(bot)
        except TelegramFault as fault:
            raise CommandError(f"Telegram did not do it: {type(fault).__name__} {fault}") from None
        finally:
            hang_up()

    def _bot(self, subdomain: str) -> TelegramBot:
        if not subdomain:
            bot = platform_bot()
            if bot is None:
                raise CommandError("TELEGRAM_BOT_TOKEN is not set, or that bot is switched off.")
            return bot
        try:
            hospital = hospital_by_subdomain(subdomain)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        own = TelegramBot.objects.filter(hospital=hospital, is_active=True).first()
        if own is None:
            raise CommandError(f"{subdomain} has no bot of its own.")
        return own

    def _set(self, bot: TelegramBot) -> None:
        base, secret = settings.TELEGRAM_WEBHOOK_BASE_URL, secret_of(bot)
        if not base:
            raise CommandError("Set TELEGRAM_WEBHOOK_BASE_URL: https://… as Telegram reaches it.")
        if not secret:
            raise CommandError("Set TELEGRAM_WEBHOOK_SECRET: without it nobody's updates are taken.")
        url = f"{base}/telegram/webhook" + (f"/{bot.slug}" if bot.hospital_id else "")
        call(
            bot, "set_webhook",
            url=url, secret_token=secret, allowed_updates=KINDS, max_connections=AT_ONCE,
        )  # fmt: skip
        self.stdout.write(f"Telegram posts updates to {url}")

    def _tell(self, bot: TelegramBot) -> None:
        info = call(bot, "get_webhook_info")
        self.stdout.write(f"address: {info.url or 'none: runtelegrambot asks for updates'}")
        self.stdout.write(f"waiting at Telegram: {info.pending_update_count}")
        if info.last_error_message:
            self.stdout.write(f"last error: {info.last_error_date} {info.last_error_message}")
