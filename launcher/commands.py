"""The launcher's command line."""

import argparse
from collections.abc import Callable, Sequence

from launcher import checks, conformance, pictures, run, screenshots, throwaway

Command = Callable[[argparse.Namespace], int]


def _messages() -> int:
    """Collect and compile. What it reads, Django and babel, would hold up every other command."""
    from launcher.messages import messages  # noqa: PLC0415  -- for the reason above

    return messages()


# Name, help, what it does.
_PLAIN: tuple[tuple[str, str, Command], ...] = (
    ("run", "the servers and every process of the Procfile, until Ctrl-C", lambda _: run.run()),
    ("reset", "delete the development data", lambda _: run.reset()),
    (
        "check",
        "lint, format, types, imports, migrations, deployment, OpenAPI, Thai",
        lambda _: checks.check(),
    ),
    ("format", "format the code", lambda _: checks.tidy()),
    ("openapi", "write docs/openapi.yaml", lambda _: checks.openapi()),
    ("messages", "collect the texts, compile their Thai", lambda _: _messages()),
    (
        "screenshots",
        "the pictures of the patients' guide and of the admin, by Chromium",
        lambda _: screenshots.screenshots() or pictures.pictures(),
    ),
)


def parser() -> argparse.ArgumentParser:
    """What may stand on the command line."""
    line = argparse.ArgumentParser(prog="python -m launcher")
    commands = line.add_subparsers(required=True, metavar="COMMAND")
    for name, explanation, perform in _PLAIN:
        commands.add_parser(name, help=explanation).set_defaults(perform=perform)
    execute = commands.add_parser("exec", help="a command with throwaway servers: exec -- CMD ...")
    execute.add_argument("command", nargs="+", metavar="CMD")
    execute.set_defaults(perform=lambda found: throwaway.execute(found.command))
    suite = commands.add_parser(
        "conformance", help="the protocol's test suite; what follows -- goes to pytest"
    )
    suite.add_argument("options", nargs="*", metavar="OPTION")
    suite.set_defaults(perform=lambda found: conformance.conformance(found.options))
    lock = commands.add_parser("lock", help="compile requirements/*.in; what follows -- goes to uv")
    lock.add_argument("options", nargs="*", metavar="OPTION")
    lock.set_defaults(perform=lambda found: checks.lock(found.options))
    return line


def perform(words: Sequence[str]) -> int:
    """Do what the command line says; the exit code. Raises `LauncherError` about what stands in the way."""
    arguments = parser().parse_args(words)
    command: Command = arguments.perform
    return command(arguments)
