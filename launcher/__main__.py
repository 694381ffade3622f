"""`python -m launcher`: what the Makefile calls."""

import sys
from collections.abc import Sequence

from launcher.errors import LauncherError
from launcher.processes import interrupt_on_terminate

_INTERRUPTED = 130  # 128 + SIGINT, as a shell would say it


def main(words: Sequence[str]) -> int:
    """Run the launcher; what stands in the way is one line on stderr and the exit code 1."""
    interrupt_on_terminate()
    try:
        # Reading the libraries takes a moment: Ctrl-C in that moment is no reason for a traceback either.
        from launcher.commands import perform  # noqa: PLC0415  -- after the handlers, for the reason above

        return perform(words)
    except LauncherError as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as error:
        # A full disk, a folder that is not ours: nothing that a traceback would explain better.
        print(f"NadMor cannot go on: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
