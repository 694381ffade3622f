"""The page's files as an HTTP server hands them out: ``/`` is `asset("")`, ``/<path>`` is `asset(path)`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

# Nothing from anywhere else, no script but our files: what a bot sends is text, whatever it looks like.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # It is worked on while it runs, and comes over loopback.
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page."""

    content: bytes
    media_type: str


def asset(path: str) -> Asset | None:
    """The file at a path of the page ("" or "index.html" for the page itself); None where there is none."""
    found = _files().get(path or "index.html")
    return Asset(found.read_bytes(), _TYPES[found.suffix]) if found else None


def paths() -> list[str]:
    """Every path that `asset` knows."""
    return sorted(_files())


@cache
def _files() -> dict[str, Path]:
    # A list of what is there, so that no path can lead out of the folder.
    return {
        found.relative_to(_FOLDER).as_posix(): found
        for found in _FOLDER.rglob("*")
        if found.is_file() and found.suffix in _TYPES
    }
