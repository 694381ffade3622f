"""`make check`, `make openapi`, `make lock`, `make format`: the commands behind them, in one place."""

import difflib
import os
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher.paths import PROJECT, SCRIPTS
from launcher.throwaway import run_in_foreground, throwaway_servers

OPENAPI = PROJECT / "docs" / "openapi.yaml"
_SHOWN = 40  # lines of a difference
# One lock for every platform and Python version that the project runs on.
_COMPILE = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]


@dataclass(frozen=True)
class Check:
    """A command that ends with 0 if all is well, and what it wants in its environment besides."""

    title: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)


# What a server's own environment would say; a made-up secret that is long enough for `check --deploy`.
_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ENCRYPTION_KEYS": secrets.token_urlsafe(64),
    "JWT_SECRET": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "example.org",
    "BASE_DOMAIN": "example.org",
}
CHECKS = (
    Check("lint", ["ruff", "check", "."]),
    Check("format", ["ruff", "format", "--check", "."]),
    Check("types", ["mypy", "."]),
    Check("imports", ["lint-imports"]),
    Check("migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    Check("deployment", ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], _PRODUCTION),
    Check("messages", ["python", "-m", "launcher.messages"]),
)


def check() -> int:
    """Run every check; 0 if all are well, else 1 after naming those that are not."""
    with throwaway_servers() as environment:
        well = {one.title: run_tool(one.command, environment | one.environment) == 0 for one in CHECKS}
        well["openapi"] = openapi_is_current(environment)
    failed = [title for title, is_well in well.items() if not is_well]
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def run_tool(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a program of the virtual environment in the project's folder; its exit code."""
    print(f"── {' '.join(command)}", flush=True)
    ended = run_in_foreground([str(SCRIPTS / command[0]), *command[1:]], environment, cwd=PROJECT)
    if ended.was_interrupted:
        raise KeyboardInterrupt  # whoever stops one check means all of them
    return ended.code


def render_openapi(environment: Mapping[str, str], target: Path) -> int:
    """Write the OpenAPI document of the code, in English; 0, or what the command ended with."""
    options = ["--lang", "en", "--validate", "--fail-on-warn", "--file", str(target)]
    return run_tool(["python", "manage.py", "spectacular", *options], environment)


def openapi_is_current(environment: Mapping[str, str]) -> bool:
    """Whether `docs/openapi.yaml` is what the code says; shows what is not."""
    with tempfile.TemporaryDirectory() as directory:
        rendered = Path(directory) / OPENAPI.name
        if render_openapi(environment, rendered) != 0:
            return False
        code = rendered.read_text().splitlines()
    document = OPENAPI.read_text().splitlines() if OPENAPI.exists() else []
    difference = list(difflib.unified_diff(document, code, "docs/openapi.yaml", "the code", lineterm="", n=1))
    if difference:
        print("\n".join(difference[:_SHOWN]))
        print(
            "docs/openapi.yaml is not what the code says: run `make openapi`, commit the result.", flush=True
        )
    return not difference


def openapi() -> int:
    """Write `docs/openapi.yaml` anew."""
    OPENAPI.parent.mkdir(exist_ok=True)
    return render_openapi(os.environ, OPENAPI)


def lock(options: Sequence[str]) -> int:
    """Compile `requirements/*.in`, each under the constraints of the one below; ``options`` go to uv."""
    below: list[str] = []
    for name in ("base", "production", "dev"):
        target = f"requirements/{name}.txt"
        files = [f"requirements/{name}.in", "--output-file", target, *below]
        code = run_tool(["uv", "pip", "compile", "--quiet", *_COMPILE, *files, *options], os.environ)
        if code != 0:
            return code
        below = ["--constraint", target]
    return 0


def tidy() -> int:
    """Format the code and mend what the linter can mend by itself."""
    mended = run_tool(["ruff", "check", "--fix-only", "."], os.environ)
    return mended or run_tool(["ruff", "format", "."], os.environ)
