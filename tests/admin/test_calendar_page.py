"""What the calendar's page needs to find: its texts, its modules, the library as it was published."""

import hashlib
import re
from pathlib import Path

import pytest

from bookings.admin.calendar.words import WORDS

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "static" / "nadmor" / "calendar"
VENDORED = ROOT / "static" / "vendor" / "event-calendar"
# What `say` is given by another name than a text in quotation marks.
_OTHERWISE = {"time", "patient", "service", "practitioner", "status", "what_next"}


def script(name: str) -> str:
    return (SCRIPTS / name).read_text()


def test_every_text_of_the_script_has_words_and_no_word_is_spare():
    said = "\n".join(file.read_text() for file in SCRIPTS.glob("*.js"))
    calls = re.findall(r"\bsay\((.*?)[,)]", said, re.DOTALL)
    names = {name for call in calls for name in re.findall(r'"([a-z_]+)"', call)}

    assert names | _OTHERWISE == set(WORDS)


def test_every_module_that_is_imported_is_in_the_map_of_modules():
    imported = {
        name for file in SCRIPTS.glob("*.js") for name in re.findall(r'from "\./(\w+\.js)"', file.read_text())
    }
    mapped = (ROOT / "templates" / "admin" / "calendar" / "modules.html").read_text()

    assert set(re.findall(r"\}\}nadmor/calendar/(\w+\.js)", mapped)) == imported
    assert imported == {file.name for file in SCRIPTS.glob("*.js")} - {"page.js"}
    for name in imported:
        assert mapped.count(f"nadmor/calendar/{name}") == 2


@pytest.mark.parametrize("name", sorted(file.name for file in SCRIPTS.glob("*.js")))
def test_scripts_make_no_markup_out_of_texts(name):
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\{ html:", script(name))


@pytest.mark.parametrize("name", ["event-calendar.min.js", "event-calendar.min.css"])
def test_the_vendored_calendar_is_what_its_readme_says(name):
    told = re.search(rf"\| {re.escape(name)} \| `(\w+)` \|", (VENDORED / "README.md").read_text())

    assert told is not None
    assert hashlib.sha256((VENDORED / name).read_bytes()).hexdigest() == told[1]


def test_the_vendored_script_names_no_file_that_is_not_there():
    assert "sourceMappingURL" not in (VENDORED / "event-calendar.min.js").read_text()
