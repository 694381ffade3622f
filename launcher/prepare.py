"""`python -m launcher.prepare KEY_FILE`: the database brought up to date, the demonstration data loaded.

`manage.py migrate_schemas` and `manage.py load_demo` in one process, because each start of Django takes more
than a second. Progress goes to stderr; stdout is what people should read when NadMor runs.
"""

import contextlib
import io
import os
import sys

import django
from django.core.management import CommandError, call_command


class _Steps(io.TextIOBase):
    """Passes on the lines that name a migration being applied; the rest says that nothing is to be done."""

    def __init__(self) -> None:
        self._line = ""

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            if "Applying" in line:
                print(f"  {line}", file=sys.stderr, flush=True)
        return len(text)


def prepare(key_file: str) -> None:
    """Migrate every schema, then load the demonstration unless it is there. Both are safe to repeat."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    print("Bringing the database up to date ...", file=sys.stderr, flush=True)
    django.setup()
    with contextlib.redirect_stdout(_Steps()):
        call_command("migrate_schemas")
    print("Loading the demonstration data ...", file=sys.stderr, flush=True)
    call_command("load_demo", "--key-file", key_file)


if __name__ == "__main__":
    try:
        prepare(sys.argv[1])
    except CommandError as error:
        sys.exit(str(error))
