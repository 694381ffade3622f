"""The letters that come with the pages: what their README says, and licensed."""

import re
from hashlib import sha256

import pytest

from launcher.paths import PROJECT

FONTS = PROJECT / "static/vendor/fonts/noto-sans-thai"
README = (FONTS / "README.md").read_text()


@pytest.mark.parametrize("name", ["thai.woff2", "latin.woff2"])
def test_each_file_is_the_one_that_the_readme_names(name):
    (line,) = (line for line in README.splitlines() if line.startswith(f"| `{name}`"))
    assert sha256((FONTS / name).read_bytes()).hexdigest() in line
    assert name in (FONTS / "fonts.css").read_text()


def test_their_licence_comes_with_them():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "LICENSE").read_text()


@pytest.mark.parametrize("sheet", ["nadmor/admin.css", "site/site.css"])
def test_every_page_has_them(sheet):
    css = (PROJECT / "static" / sheet).read_text()
    assert '@import url("../vendor/fonts/noto-sans-thai/fonts.css")' in css
    assert '"Noto Sans Thai"' in css
    assert re.findall(r"https?://", css) == []
