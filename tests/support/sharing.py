"""Which of the parallel workers gets which test: those that share what is dear to start go to one.

Plain tests go one by one to whoever is free. pytest-xdist's own groups (`xdist_group`, release 3.8.0) do
nothing under pytest 9.2, which keeps a test's name where that release does not write it.
"""

from xdist.scheduler import LoadScopeScheduling

# Folders and files with servers, browsers or databases of their own.
SHARED = (
    "tests/browser/",
    "tests/conformance/",
    "tests/launcher/test_run.py",
    "tests/launcher/test_running.py",
    "tests/live/",
    "tests/locale/test_thai.py",
    "tests/mcp_integration/server/",
    "tests/telegram_integration/journeys/",
    "tests/telegram_integration/sandbox/test_page_in_browser.py",
)


class BySharing(LoadScopeScheduling):
    """Hands out what belongs together as one, everything in the order in which it was collected."""

    def _split_scope(self, nodeid: str) -> str:
        return place_of(nodeid)


def place_of(nodeid: str) -> str:
    """What a test shares with others, or the test itself."""
    return next((place for place in SHARED if nodeid.startswith(place)), nodeid)
