"""`make bench`: prints tables and keeps them in benchmarks/RESULTS.md."""

import argparse
import os

import django

from benchmarks.database import fresh_database
from benchmarks.telegram_place import TOKEN


def main() -> None:
    """Set Django up in a database of its own, measure, and drop the database."""
    line = argparse.ArgumentParser(prog="python -m benchmarks")
    parts = ("rest", "mcp", "telegram", "admin")
    line.add_argument("--only", choices=parts, help="one part; the others keep their figures")
    line.add_argument("--seconds", type=float, default=60, help="how long the crowd at the MCP server stays")
    asked = line.parse_args()
    with fresh_database(os.environ["DATABASE_URL"]) as url:
        os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="config.settings.local")
        # Before the settings are read: the bot's part has a make-believe Telegram.
        os.environ["TELEGRAM_BOT_TOKEN"] = TOKEN
        django.setup()
        from benchmarks.table import measure_all  # noqa: PLC0415  -- imports models: Django first

        measure_all(asked.only, asked.seconds)


if __name__ == "__main__":
    main()
