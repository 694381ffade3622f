"""The make-believe Telegram: a bot to be tried in the browser, without account and internet."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

LOOPBACK = ("127.0.0.1", "localhost")


class Command(BaseCommand):
    help = (
        "Serve a make-believe Telegram on this machine alone: the Bot API for the bot "
        "(TELEGRAM_API_BASE_URL) and a chat for people in the browser. For development and tests."
    )
    # It needs neither the database nor anything else of the project.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=int, default=settings.TELEGRAM_SANDBOX_PORT, help="At which port (0: a free one)."
        )
        parser.add_argument("--host", default=LOOPBACK[0], help="Loopback, and nothing else.")

    def handle(self, **options: Any) -> None:
        if not settings.TELEGRAM_SANDBOX_ALLOWED:
            raise CommandError(
                "The make-believe Telegram is for development: these settings (DJANGO_SETTINGS_MODULE) "
                "do not allow it, since anybody could be any patient there."
            )
        if options["host"] not in LOOPBACK:
            raise CommandError("The make-believe Telegram listens on 127.0.0.1 alone: it believes everybody.")
        self._serve(options["port"])

    def _serve(self, port: int) -> None:
        # Only now: production neither needs the server nor is able to read it.
        from telegram_integration.sandbox.server import listen, serve  # noqa: PLC0415  -- see above
        from telegram_integration.sandbox.state import World  # noqa: PLC0415  -- see above
        from telegram_integration.sandbox.tokens import TOKEN  # noqa: PLC0415  -- see above

        try:
            listening = listen(port)
        except (OSError, OverflowError) as error:
            raise CommandError(f"Port {port} cannot be used ({error}): --port chooses another.") from error
        world = World()
        if TOKEN.fullmatch(settings.TELEGRAM_BOT_TOKEN):
            world.bot_of(settings.TELEGRAM_BOT_TOKEN)
        with listening:
            self.stdout.write(f"Telegram to try: http://localhost:{listening.getsockname()[1]}/")
            serve(world, listening)
