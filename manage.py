#!/usr/bin/env python3
"""Django's command line. Without DATABASE_URL it uses the servers that `make run` has started."""

import gc
import os
import sys

from launcher.interpreter import use_project_python


def main() -> None:
    """Run the command that the command line names."""
    use_project_python()
    if "runmcpserver" in sys.argv:
        # Its clients wait for it, and collecting garbage is a sixth of the start; the command turns it on.
        gc.disable()
    # Only that interpreter has the libraries.
    from django.core.management import execute_from_command_line  # noqa: PLC0415  -- see above

    from launcher.state import find_servers  # noqa: PLC0415  -- see above

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    find_servers(sys.argv)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
