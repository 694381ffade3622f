"""The chat in the browser: its files, what they may do, and whether everybody can read it."""

import re

import pytest
from starlette.testclient import TestClient

from telegram_integration.sandbox.app import application
from telegram_integration.sandbox.page.assets import asset, paths
from telegram_integration.sandbox.state import World

# Namespaces of SVG, which nobody fetches.
_NAMES = {"http://www.w3.org/2000/svg"}
_LONGEST = 300  # lines of a file


@pytest.fixture(scope="module")
def browser():
    with TestClient(application(World()), base_url="http://127.0.0.1") as client:
        yield client


def test_the_page_comes_with_its_policy(browser):
    page = browser.get("/")

    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", paths())
def test_every_file_is_served_with_its_type_and_the_policy(browser, path):
    answer = browser.get(f"/{path}")

    assert answer.status_code == 200
    assert answer.content == asset(path).content
    assert answer.headers["Content-Type"].startswith(
        ("text/html", "text/css", "text/javascript", "image/svg")
    )
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    "path", ["assets.py", "../app.py", "style", "style/none.css", "..%2fapp.py", "__init__.py"]
)
def test_nothing_else_is_served(browser, path):
    assert browser.get(f"/{path}").status_code == 404


@pytest.mark.parametrize("path", paths())
def test_no_file_asks_another_host_for_anything(path):
    text = text_of(path)
    addresses = {found for found in re.findall(r"https?://[\w.-]+[^\s\"'`]*", text) if "$" not in found}

    assert addresses <= _NAMES
    assert not re.search(r"@import|url\((?!#)", text), "a style sheet that loads something"


@pytest.mark.parametrize("path", [path for path in paths() if path.endswith((".js", ".html"))])
def test_nothing_that_somebody_wrote_is_read_as_html(path):
    text = text_of(path)

    read_as_html = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|DOMParser"
    assert not re.search(rf"{read_as_html}|eval\(|new Function|\.style\.", text)
    assert not re.search(r"\son[a-z]+=|<script(?![^>]*\ssrc=)|\sstyle=", text), "an inline script or style"


@pytest.mark.parametrize("path", paths())
def test_the_files_are_short(path):
    assert len(text_of(path).splitlines()) <= _LONGEST


def test_every_file_that_another_names_is_there():
    for path in paths():
        for named in re.findall(r"""(?:from|src=|href=)\s*"(?:\./)?([\w/]+\.\w+)\"""", text_of(path)):
            assert named in paths(), f"{path} names {named}"


def test_every_text_has_both_languages():
    words = text_of("words.js")
    english, thai = words.split("\n  th: {")
    names = re.compile(r"^    (\w+): \"(.*)\",$", re.MULTILINE)
    in_english, in_thai = dict(names.findall(english)), dict(names.findall(thai))

    assert in_english.keys() == in_thai.keys()
    for name, text in in_english.items():
        assert placeholders(text) == placeholders(in_thai[name]), name


def test_no_text_is_asked_for_that_is_not_there_and_none_is_left_over():
    names = set(re.findall(r"^    (\w+): \"", text_of("words.js"), re.MULTILINE))
    code = "\n".join(text_of(path) for path in paths() if path.endswith(".js") and path != "words.js")

    assert set(re.findall(r"\b(?:say|field|Unfit)\(\"(\w+)\"", code)) <= names
    assert {name for name in names if f'"{name}"' not in code} == set()


# What is read on what, by the names of style/base.css.
PAIRS = [
    *(
        ("text", ground)
        for ground in ("ground", "panel", "panel-quiet", "accent-soft", "bubble-in", "bubble-out")
    ),
    *(("text-quiet", ground) for ground in ("panel", "panel-quiet", "bubble-in", "accent-soft", "ground")),
    *(("link", ground) for ground in ("bubble-in", "bubble-out")),
    *(("accent", ground) for ground in ("panel", "panel-quiet")),
    ("bubble-out-quiet", "bubble-out"),
    ("danger-text", "bubble-out"),
    ("danger-text", "panel"),
    *(("white", ground) for ground in ("accent-ground", "primary", "success", "danger")),
]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("letters", "ground"), PAIRS, ids=["-on-".join(pair) for pair in PAIRS])
def test_every_colour_can_be_read_on_its_ground(letters, ground, scheme):
    found = colours()

    assert contrast(found[letters][scheme], found[ground][scheme]) >= 4.5  # WCAG 2.2 AA, 1.4.3


def colours():
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text_of("style/base.css"))
    return {"white": ("#ffffff", "#ffffff")} | {name: (light, dark) for name, light, dark in pairs}


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    # WCAG 2.2, relative luminance.
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def placeholders(text):
    return sorted(re.findall(r"\{(\w+)\}", text))


def text_of(path):
    return asset(path).content.decode()
