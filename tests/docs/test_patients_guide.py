"""The patients' guide: the same in both languages, with the bot's own words and pictures."""

import re
from collections import defaultdict

import pytest
from babel.messages.pofile import read_po

from launcher.screenshots import PEOPLE, PICTURES, STEPS
from tests.docs.guides import ROOT

ENGLISH, THAI = ((ROOT / f"docs/patients.{language}.md").read_text() for language in ("en", "th"))
GUIDES = {"en": ENGLISH, "th": THAI}
# The pictures before a label do not matter to whoever looks for it.
_PICTURE = re.compile(r"^[^\w«]+\s*")


def labels(text):
    """The buttons that a guide names, in order."""
    return [found.replace("\n", " ") for found in re.findall(r"\*\*\[([^\]]+)\]\*\*", text)]


def catalogue():
    """The Thai of every text of the bot by its English, both without pictures; "" where there is none yet."""
    with (ROOT / "locale/th/LC_MESSAGES/django.po").open("rb") as file:
        thai = {one.id: one.string for one in read_po(file) if isinstance(one.id, str)}
    code = "\n".join(path.read_text() for path in ROOT.glob("telegram_integration/**/*.py"))
    known = defaultdict(set)
    for text in re.findall(r'_\(\s*"([^"]+)"', code):
        known[_PICTURE.sub("", text)].add(_PICTURE.sub("", thai.get(text) or ""))
    return known


def test_the_guide_names_the_bots_own_buttons_in_both_languages():
    known = catalogue()
    in_english, in_thai = labels(ENGLISH), labels(THAI)

    assert len(in_english) == len(in_thai)
    assert set(in_english) <= known.keys()
    for english, thai in zip(in_english, in_thai, strict=True):
        assert known[english] & {"", thai}, english


@pytest.mark.parametrize("language", GUIDES)
def test_every_picture_is_there_and_described(language):
    shown = re.findall(r'<img src="images/telegram/([^"]+)" width="\d+" alt="([^"]{15,})">', GUIDES[language])

    assert [name for name, _ in shown] == [
        f"{language}-{number:02}-{name}.png" for number, (name, _) in enumerate(STEPS, start=1)
    ]
    assert GUIDES[language].count("<img") == len(shown)
    for name, _ in shown:
        assert (PICTURES / name).read_bytes().startswith(b"\x89PNG")


def test_no_picture_is_left_over():
    assert len(list(PICTURES.iterdir())) == len(STEPS) * len(PEOPLE)


def test_both_languages_say_the_same_things():
    for what in (r"^## ", r"^\d\. ", r"^- ", r"^\| ", r"`/\w+`"):
        found = [re.findall(what, text, re.MULTILINE) for text in (ENGLISH, THAI)]
        assert found[0] == found[1], what


@pytest.mark.parametrize("language", GUIDES)
def test_who_is_in_danger_reads_1669_first_and_last(language):
    head, *_, end = GUIDES[language].strip().split("\n\n")[:3] + GUIDES[language].strip().split("\n\n")[-1:]

    assert "1669" in GUIDES[language].partition("\n## ")[0]
    assert "1669" in end
    assert head.startswith("# ")


@pytest.mark.parametrize("language", GUIDES)
def test_steps_and_sentences_are_short(language):
    steps = re.findall(r"^\d\. (.+)$", GUIDES[language], re.MULTILINE)

    assert len(steps) > 20
    assert max(map(len, steps)) <= 120
