from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from launcher import browser, pictures, screenshots
from launcher.errors import LauncherError


def test_without_chromium_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(LauncherError, match="No Chromium is installed: one of chromium, "):
        screenshots.screenshots()


def test_a_browser_that_does_not_speak_is_given_up(tmp_path: Path):
    silence = pytest.raises(LauncherError, match=r"The browser (does not answer|has ended by itself)\.")
    with silence, browser.browsing("/bin/true", tmp_path):
        pass


def test_every_picture_has_a_name_of_its_own():
    names = [name for name, _ in screenshots.STEPS]

    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)


def test_every_picture_of_the_admin_has_a_name_of_its_own():
    names = [picture.name for picture in pictures.wanted(date(2026, 11, 23))]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (datetime(2026, 11, 20, 3, tzinfo=UTC), date(2026, 11, 20)),  # a Friday
        (datetime(2026, 11, 20, 20, tzinfo=UTC), date(2026, 11, 23)),  # Saturday in Bangkok
        (datetime(2026, 11, 22, 12, tzinfo=UTC), date(2026, 11, 23)),
    ],
    ids=["friday", "saturday", "sunday"],
)
def test_pictures_show_a_working_day(now: datetime, shown: date):
    assert pictures.working_day(now) == shown
