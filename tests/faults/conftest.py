"""Real processes are killed here: `make faults`. `make test` leaves this folder out.

One platform serves all tests, one after the other; each test finds it whole.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import figures as _figures
from tests.faults import ledger
from tests.faults.figures import Figure
from tests.faults.platform import Platform
from tests.faults.platform import platform as _platform

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
_noted: list[Figure] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-figures", action="store_true", help="put the figures into docs/reliability.md")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The search for what must not be anywhere comes last: it looks at what all the others left.

    Bulk work comes right before it: it sets hundreds of events going, and others measure how soon one goes.
    """
    for item in items:
        item.add_marker(pytest.mark.faults)
    items.sort(key=lambda item: ("test_canaries" in item.nodeid, "test_bulk" in item.nodeid))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _noted:
        terminalreporter.section("figures")
        terminalreporter.write(_figures.table(_noted))
        if config.getoption("--write-figures"):
            _figures.write_into(PAGE, _noted)


@pytest.fixture(scope="session")
def running() -> Iterator[Platform]:
    with _platform() as started:
        # The first test shall not pay for the worker's start.
        ledger.seconds_until_looked(started, started.ploy, within=60)
        yield started


@pytest.fixture
def platform(running) -> Iterator[Platform]:
    """The platform, whole before the test and after it."""
    running.heal()
    yield running
    running.heal()
    running.redis_ear.read_everything()


@pytest.fixture
def note():
    """Puts a row into the table of figures."""

    def note(fault: str, **figures) -> None:
        _noted.append(Figure(fault, **figures))

    return note
