"""The start page, the page of a host that leads nowhere, and the pages for errors."""

import re
from contextlib import closing
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.views import defaults

from tenants.provisioning import switch_hospital

ROOT = Path(__file__).resolve().parents[2]
STYLES = ROOT / "static/site/site.css"
FONTS = STYLES.parents[1] / "vendor" / "fonts" / "noto-sans-thai" / "fonts.css"
EXTERNAL = re.compile(r"(?:https?:)?//")


class Page(HTMLParser):
    """What stands on a page, as far as a test asks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def language(self) -> str | None:
        return self.all("html")[0]["lang"]

    @property
    def links(self) -> list[str]:
        return [attributes["href"] for attributes in self.all("a")]

    @property
    def loads(self) -> list[str]:
        """Addresses that the browser fetches by itself."""
        fetched = [attributes["href"] for attributes in self.all("link")]
        return fetched + [attributes["src"] for _, attributes in self.tags if "src" in attributes]


def start_page(language: str = "en", host: str = "localhost:8000", **extra) -> Page:
    answer = Client().get("/", headers={"host": host, "Accept-Language": language, **extra})
    assert answer.status_code == 200
    return Page(answer.content.decode())


def test_it_links_every_door_that_is_there(hospital, other_hospital):
    links = start_page().links

    for name in (hospital.subdomain, other_hospital.subdomain):
        assert any(f"//{name}.localhost" in link and link.endswith("/admin/") for link in links)
    assert {"/admin/", "/api/docs/", "/api/redoc/", "/api/schema/"} <= set(links)


def test_every_link_of_its_own_is_answered(hospital):
    own = {link for link in start_page().links if link.startswith("/")}

    for link in own:
        assert Client().get(link, headers={"host": "localhost"}).status_code in {200, 302}, link


def test_doors_to_come_are_named_and_lead_nowhere(db):
    page = start_page()

    assert page.html.count('class="door later"') == 2
    for later in re.findall(r'<article class="door later">.*?</article>', page.html, re.DOTALL):
        assert "coming" in later
        assert "<a " not in later


@pytest.mark.parametrize("language", ["th", "en"])
def test_it_speaks_the_language_that_the_browser_asks_for(language, db):
    assert start_page(language).language == language


def test_it_speaks_thai_to_somebody_who_asks_for_neither(db):
    assert start_page("fr").language == "th"


def test_the_language_switch_works_and_is_remembered(db):
    browser = Client(enforce_csrf_checks=True, headers={"host": "localhost", "Accept-Language": "en"})
    page = Page(browser.get("/").content.decode())
    form = page.all("form")[0]
    token = next(field["value"] for field in page.all("input") if field["name"] == "csrfmiddlewaretoken")

    answer = browser.post(
        form["action"], {"language": "th", "next": "/", "csrfmiddlewaretoken": token}, follow=True
    )

    again = Page(answer.content.decode())
    assert answer.redirect_chain == [("/", 302)]
    assert again.language == "th"
    assert [button["lang"] for button in again.all("button") if "aria-current" in button] == ["th"]


def test_it_loads_nothing_from_elsewhere_and_runs_no_script(hospital):
    page = start_page()

    assert not page.all("script")
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not [address for address in page.loads if EXTERNAL.match(address)]
    for styles in (STYLES, FONTS):
        assert not re.findall(r"(?:@import|url\()[\s\"']*(?:[a-z]+:)?//", styles.read_text())


def test_it_is_light(hospital):
    assert len(start_page().html) < 16_000
    assert STYLES.stat().st_size < 12_000


def test_its_files_are_served(db):
    for address in start_page().loads:
        with closing(Client().get(address, headers={"host": "localhost"})) as answer:
            assert answer.status_code == 200, address


def test_a_hospital_that_is_switched_off_is_not_listed(hospital, other_hospital):
    switch_hospital(hospital, active=False)

    html = start_page().html
    assert hospital.name not in html
    assert other_hospital.name in html


def test_hospitals_are_listed_only_where_the_settings_say_so(hospital, settings):
    settings.LANDING_LISTS_HOSPITALS = False

    assert hospital.name not in start_page().html


def test_a_hospital_s_name_cannot_bring_markup_along(hospital):
    hospital.name = "<script>alert(1)</script>"
    hospital.save()

    assert not start_page().all("script")


# ── a host that leads nowhere ─────────────────────────────────────────────────
def at_host(host: str) -> tuple[int, Page]:
    answer = Client().get("/admin/", headers={"host": host})
    return answer.status_code, Page(answer.content.decode())


def test_an_unknown_host_gets_a_page_whose_files_are_served_there_too(db):
    status, page = at_host("nowhere.localhost")

    assert status == 404
    assert "nowhere.localhost" in page.html
    for address in page.loads:
        assert address.startswith("/static/")
        with closing(Client().get(address, headers={"host": "nowhere.localhost"})) as answer:
            assert answer.status_code == 200, address
    assert not page.links, "a link would lead to the same page again"


def test_the_host_of_a_hospital_that_is_switched_off_says_so(hospital):
    switch_hospital(hospital, active=False)

    status, page = at_host(f"{hospital.subdomain}.localhost")

    assert status == 403
    assert page.all("h1")
    assert hospital.name not in page.html


# ── errors ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("host", ["localhost", "ploy.localhost"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_an_address_that_is_not_there_has_a_page_in_both_languages(host, language, hospital):
    answer = Client().get("/no/such/page", headers={"host": host, "Accept-Language": language})

    page = Page(answer.content.decode())
    assert answer.status_code == 404
    assert page.language == language
    assert page.links == ["/"]


@pytest.mark.parametrize(("view", "status"), [(defaults.bad_request, 400), (defaults.permission_denied, 403)])
def test_other_refusals_have_their_page(view, status):
    answer = view(RequestFactory().get("/"), Exception())

    assert answer.status_code == status
    assert f'<span class="status">{status}</span>' in answer.content.decode()


def test_a_form_without_its_token_is_answered_in_our_own_look(db):
    answer = Client(enforce_csrf_checks=True).post("/i18n/setlang/", {"language": "en"})

    assert answer.status_code == 403
    assert 'class="message"' in answer.content.decode()


def test_the_page_for_our_own_faults_looks_nothing_up(settings, tmp_path):
    # The manifest of hashed names is not there: `static` would raise.
    settings.STORAGES, settings.STATIC_ROOT = settings.STORAGES_WITH_HASHES, tmp_path
    with pytest.raises(ValueError, match="Missing staticfiles manifest"):
        render_to_string("404.html")

    answer = defaults.server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "/static/site/site.css" in answer.content.decode()


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_a_page_for_an_error_runs_no_script_and_says_its_language(name):
    with translation.override("en"):
        page = Page(render_to_string(f"{name}.html"))

    assert page.language == "en"
    assert not page.all("script")
    assert len(page.all("h1")) == 1


# ── colours ───────────────────────────────────────────────────────────────────
def palettes() -> dict[str, dict[str, str]]:
    """The colours by scheme: each `:root` block of the styles."""
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in
             re.findall(r":root \{(.*?)\}", STYLES.read_text(), re.DOTALL)]  # fmt: skip
    return dict(zip(("light", "dark"), found, strict=True))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_enough_to_be_read(scheme):
    colours = palettes()[scheme]
    pairs = [
        *product(("text", "soft", "accent"), ("ground", "tint", "surface", "muted")),
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
        ("on-coming", "coming"),
    ]

    for text, ground in pairs:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
