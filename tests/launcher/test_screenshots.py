from pathlib import Path

import pytest

from launcher import browser, screenshots
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
