"""The patients' bot: asks Telegram for updates, or works off what the webhook took, and answers."""

import asyncio
import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, no_translations

_WHAT_TO_SET = (
    "There is no bot: set TELEGRAM_BOT_TOKEN to the token that @BotFather gave you, or give a hospital a bot "
    "of its own in the admin. To try it without Telegram, start `runtelegramsandbox` and point "
    "TELEGRAM_API_BASE_URL at it."
)
_NO_BOT = 2  # the exit status


class Command(BaseCommand):
    help = "Answer the patients in Telegram: by asking for updates or, with --webhook, what the webhook took."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--webhook",
            action="store_true",
            help="Do not ask Telegram for updates: it posts them to /telegram/webhook.",
        )

    @no_translations
    def handle(self, *, webhook: bool, **_: Any) -> None:
        from telegram_integration.bots import number_of  # noqa: PLC0415  -- with the next

        # It takes a second to load, and only this command needs it.
        from telegram_integration.inbox.running import NoBots  # noqa: PLC0415

        if settings.TELEGRAM_BOT_TOKEN:
            try:
                number_of(settings.TELEGRAM_BOT_TOKEN)
            except ValueError as error:
                raise CommandError(f"TELEGRAM_BOT_TOKEN: {error}", returncode=_NO_BOT) from None
        try:
            with asyncio.Runner(loop_factory=_new_loop) as runner:
                runner.run(self._serve(polls=not webhook))
        except NoBots:
            raise CommandError(_WHAT_TO_SET, returncode=_NO_BOT) from None

    async def _serve(self, *, polls: bool) -> None:
        from telegram_integration.inbox.running import BotProcess  # noqa: PLC0415  -- as above

        def say_ready(number: int) -> None:
            how = "polling" if polls else "webhook"
            self.stdout.write(f"ready: bots {number}, by {how}, {settings.TELEGRAM_CONCURRENCY} at a time")
            self.stdout.flush()

        process = BotProcess(polls=polls, on_ready=say_ready)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, process.stopping.set)
        await process.run()


def _new_loop() -> asyncio.AbstractEventLoop:
    """The event loop of uvloop, which takes a tenth less for a request, where there is one."""
    try:
        import uvloop  # noqa: PLC0415  -- not everywhere
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
