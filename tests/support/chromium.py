"""The browser for tests of pages: continuous integration has to have one, elsewhere they are left out."""

import os

import pytest

from launcher import browser
from launcher.errors import LauncherError


def chromium() -> str:
    """The path of a Chromium: CHROMIUM names one, else it is searched on the PATH.

    Without one the test is skipped, where CI is set it fails.
    """
    try:
        return os.environ.get("CHROMIUM") or browser.find()
    except LauncherError as error:
        reason = f"Browser tests need Chromium. {error}"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
