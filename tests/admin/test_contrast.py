"""Letters against what they stand on: 4.5 to 1 at least (WCAG 2.2, success criterion 1.4.3)."""

import math
import re
from pathlib import Path

import pytest
import unfold
from unfold.settings import CONFIG_DEFAULTS

from bookings.admin.words import STATUS_COLOURS
from bookings.models.appointment import STATUS_NAMES
from launcher.paths import PROJECT

AA = 4.5
Colour = tuple[float, float, float]

UNFOLD = (Path(unfold.__file__).parent / "static/unfold/css/styles.css").read_text()
OURS = (PROJECT / "static/nadmor/admin.css").read_text()
_NAMED = re.compile(r"--color-([a-z0-9-]+):\s*([^;}]+)")
NAMED = {name: value.strip() for css in (UNFOLD, OURS) for name, value in _NAMED.findall(css)}
# What unfold makes a label of: ground and letters in light, ground (20 % over the page) and letters in dark.
LABELS = {
    "info": ("blue-100", "blue-700", "blue-500", "blue-400"),
    "danger": ("red-100", "red-700", "red-500", "red-400"),
    "warning": ("orange-100", "orange-700", "orange-500", "orange-400"),
    "success": ("green-100", "green-700", "green-500", "green-400"),
    "primary": ("primary-100", "primary-700", "primary-500", "primary-400"),
    "default": ("base-100", "base-700", "base-500", "base-200"),
}
LIGHT, DARK = ("white", "base-50"), ("base-900", "base-950")


def gamma(linear: float) -> float:
    """Linear light as sRGB; out of its range the nearest."""
    linear = min(max(linear, 0), 1)
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def of_oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """CSS Color 4, section 9.4, with the matrices of its appendix."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def colour(text: str) -> Colour:
    """A colour by its name in the palette, or as CSS writes it."""
    text = NAMED.get(text, text)
    if reference := re.fullmatch(r"var\(--color-([a-z0-9-]+)\)", text):
        return colour(reference[1])
    if digits := re.fullmatch(r"#(\w{3}|\w{6})", text):
        pairs = re.findall("..", digits[1]) if len(digits[1]) == 6 else [one * 2 for one in digits[1]]
        red, green, blue = (int(pair, 16) / 255 for pair in pairs)
        return red, green, blue
    numbers = [float(number) for number in re.findall(r"[\d.]+", text)]
    if text.startswith("oklch"):
        return of_oklch(numbers[0] / 100, numbers[1], numbers[2])
    assert text.startswith("rgb("), text
    return numbers[0] / 255, numbers[1] / 255, numbers[2] / 255


def luminance(shown: Colour) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shown]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2: from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def over(shown: Colour, ground: Colour, share: float) -> Colour:
    """A colour that lets the ground through."""
    red, green, blue = (share * a + (1 - share) * b for a, b in zip(shown, ground, strict=True))
    return red, green, blue


def test_contrast_is_counted_as_the_guidelines_count_it():
    assert contrast(colour("#fff"), colour("#000")) == pytest.approx(21)
    assert contrast(colour("#0d9488"), colour("#fff")) == pytest.approx(3.74, abs=0.01)
    assert colour("oklch(57.7% .245 27.325)") == pytest.approx(colour("#e7000b"), abs=0.02)


@pytest.mark.parametrize("kind", sorted(set(STATUS_COLOURS.values())))
def test_the_label_of_each_status_can_be_read_in_light_and_dark(kind):
    ground, letters, dark_ground, dark_letters = LABELS[kind]
    assert contrast(colour(letters), colour(ground)) >= AA
    assert contrast(colour(dark_letters), over(colour(dark_ground), colour("base-900"), 0.2)) >= AA


def test_no_status_is_told_by_its_colour_alone():
    assert len({str(name) for name in STATUS_NAMES.values()}) == len(STATUS_NAMES)
    assert set(STATUS_COLOURS) == set(STATUS_NAMES)


@pytest.mark.parametrize(
    "letters", ["font-subtle-light", "font-default-light", "font-important-light", "primary-600"]
)
def test_letters_of_the_light_pages_can_be_read(letters):
    assert min(contrast(colour(letters), colour(ground)) for ground in LIGHT) >= AA


@pytest.mark.parametrize(
    "letters", ["font-subtle-dark", "font-default-dark", "font-important-dark", "primary-500"]
)
def test_letters_of_the_dark_pages_can_be_read(letters):
    assert min(contrast(colour(letters), colour(ground)) for ground in DARK) >= AA


@pytest.mark.parametrize("ground", ["primary-600", "red-600"])
def test_letters_of_buttons_can_be_read(ground):
    assert contrast(colour("white"), colour(ground)) >= AA


@pytest.mark.parametrize(("ring", "ground"), [("primary-600", "white"), ("primary-400", "base-900")])
def test_where_the_keyboard_is_can_be_seen(ring, ground):
    assert contrast(colour(ring), colour(ground)) >= 3  # success criterion 1.4.11


def test_every_status_in_the_calendar_can_be_read():
    css = (PROJECT / "static/nadmor/calendar.css").read_text()
    pairs = re.findall(r"nm-status-\w+ \{ --nm-tone: (#\w+); --nm-tint: (#\w+);", css)
    assert len(pairs) >= 14, "seven statuses, in light and dark"
    assert min(contrast(colour(tone), colour(tint)) for tone, tint in pairs) >= AA


def test_whose_an_appointment_is_can_be_read():
    css = (PROJECT / "static/nadmor/calendar.css").read_text()
    pairs = re.findall(r"nm-letter-\d \{ background: (#\w+); color: (#\w+);", css)
    assert len(pairs) == 8, "four letters, in light and dark"
    assert min(contrast(colour(letters), colour(ground)) for ground, letters in pairs) >= AA


def ours(selector: str) -> dict[str, str]:
    """What our own parts are drawn with."""
    (block,) = re.findall(rf"^{re.escape(selector)} \{{\n(  --nm-[^}}]+)\}}", OURS, re.MULTILINE)
    return dict(re.findall(r"--nm-([a-z-]+): ([^;]+);", block))


@pytest.mark.parametrize("selector", [":root", ".dark"])
def test_letters_of_our_own_parts_can_be_read(selector):
    shown = {name: colour(value) for name, value in ours(selector).items()}
    pairs = [
        (letters, ground)
        for letters in ("text", "strong", "hint", "danger", "warning")
        for ground in ("ground", "soft")
    ]
    pairs += [("danger", "danger-ground"), ("warning", "warning-ground")]
    assert {
        pair: contrast(shown[pair[0]], shown[pair[1]])
        for pair in pairs
        if contrast(shown[pair[0]], shown[pair[1]]) < AA
    } == {}


def test_our_parts_share_one_definition_of_their_colours_and_of_what_is_only_read_out():
    sheets = {file.name: file.read_text() for file in (PROJECT / "static/nadmor").glob("*.css")}
    for shared in (".nm-unseen {", *(f"--nm-{name}:" for name in ours(":root"))):
        assert {name for name, css in sheets.items() if shared in css} == {"admin.css"}, shared


def test_no_page_hides_letters_by_a_class_that_unfold_did_not_build():
    # Tailwind's `sr-only` is not in unfold's style sheet: what bears it would be seen.
    assert ".sr-only" not in UNFOLD
    pages = [*(PROJECT / "templates").rglob("*.html"), *(PROJECT / "static/nadmor").rglob("*.js")]
    assert [page.name for page in pages if "sr-only" in page.read_text()] == []


def test_our_file_has_every_colour_that_unfold_would_write_into_its_pages():
    written = {
        f"{name}-{weight}" for name, weights in CONFIG_DEFAULTS["COLORS"].items() for weight in weights
    }
    assert written <= {name for name, _ in _NAMED.findall(OURS)}
