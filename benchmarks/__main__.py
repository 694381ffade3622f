"""`make bench`: prints a table and keeps it in benchmarks/RESULTS.md."""

import os

import django

from benchmarks.database import fresh_database


def main() -> None:
    """Set Django up in a database of its own, measure, and drop the database."""
    with fresh_database(os.environ["DATABASE_URL"]) as url:
        os.environ.update(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="config.settings.local")
        django.setup()
        from benchmarks.table import measure_all  # noqa: PLC0415  -- imports models: Django first

        measure_all()


if __name__ == "__main__":
    main()
