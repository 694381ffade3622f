"""`make bench`: prints tables and keeps them in benchmarks/RESULTS.md."""

import argparse
import os

import django

from benchmarks.database import fresh_database


def main() -> None:
    """Set Django up in a database of its own, measure, and drop the database."""
    line = argparse.ArgumentParser(prog="python -m benchmarks")
    line.add_argument("--only", choices=("rest", "mcp"), help="one part; the other keeps its figures")
    line.add_argument("--seconds", type=float, default=60, help="how long the crowd at the MCP server stays")
    asked = line.parse_args()
    with fresh_database(os.environ["DATABASE_URL"]) as url:
        os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="config.settings.local")
        django.setup()
        from benchmarks.table import measure_all  # noqa: PLC0415  -- imports models: Django first

        measure_all(asked.only, asked.seconds)


if __name__ == "__main__":
    main()
