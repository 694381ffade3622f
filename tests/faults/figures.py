"""The figures of a run, as the table of docs/reliability.md."""

from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<!-- figures: make faults ARGS=--write-figures -->", "<!-- end of figures -->"
_HEAD = (
    "| fault | tries | lost | twice | slowest answer | back after | besides |\n"
    "|---|---:|---:|---:|---:|---:|---|\n"
)


@dataclass
class Figure:
    """One row: a fault, how often it was made, and the worst that came of it; seconds, None: not asked."""

    fault: str
    tries: int
    lost: int = 0
    twice: int = 0
    slowest: float | None = None
    back_after: float | None = None
    besides: str = ""

    def row(self) -> str:
        times = (_seconds(self.slowest), _seconds(self.back_after))
        cells = (self.fault, f"{self.tries:,}", str(self.lost), str(self.twice), *times, self.besides)
        return "| " + " | ".join(cells) + " |"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} s"


def table(figures: list[Figure]) -> str:
    return _HEAD + "\n".join(figure.row() for figure in figures) + "\n"


def write_into(path: Path, figures: list[Figure]) -> None:
    """Replace the table between the marks of a page."""
    before, _, rest = path.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n\n{table(figures)}\n{END}{after}")
