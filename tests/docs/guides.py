"""Guides as a test reads them: commands, and the statuses and answers that stand below them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_STATUS = re.compile(r"\s*→ \*\*(\d{3})\*\*")
_ASSIGNMENT = re.compile(r"([A-Z]+)=")


@dataclass(frozen=True)
class Step:
    """One command, the status that the guide says it is answered with, and the answer that it shows."""

    command: str
    status: int = 0
    answer: Any = None

    @property
    def sets(self) -> str:
        """The variable that it sets, or nothing."""
        found = _ASSIGNMENT.match(self.command)
        return found[1] if found else ""


def blocks(text: str, language: str) -> Iterator[re.Match[str]]:
    """The fenced blocks of a language; group 2 is what stands inside."""
    return (found for found in _BLOCK.finditer(text) if found[1] == language)


def steps(guide: Path) -> Iterator[Step]:
    """Every command of a guide, in order. The last one of a block has the status and the answer below it."""
    text = guide.read_text()
    found = list(_BLOCK.finditer(text))
    for block, following in zip(found, [*found[1:], None], strict=True):
        if block[1] != "sh":
            continue
        *before, last = commands(block[2])
        yield from (Step(command) for command in before)
        status = _STATUS.match(text, block.end())
        shown = following is not None and following[1] == "json"
        yield Step(last, int(status[1]) if status else 0, json.loads(following[2]) if shown else None)


def commands(block: str) -> list[str]:
    """The commands of a block: lines that belong together are one."""
    found: list[str] = []
    for line in block.strip().splitlines():
        if found and (found[-1].endswith("\\") or found[-1].count("'") % 2):
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


def code_spans(text: str) -> list[str]:
    """What stands between backticks in prose, and the lines of shell blocks."""
    prose = _BLOCK.sub("", text)
    lines = [command for block in blocks(text, "sh") for command in commands(block[2])]
    return re.findall(r"`([^`\n]+)`", prose) + lines
