"""docs/roles.md, whole: each role at each page of both sites."""

from typing import Any

import pytest
from django.contrib.admin import AdminSite, ModelAdmin
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse

from accounts.models import User
from accounts.permissions import STAFF_ROLES, Role
from tenants.admin_sites.sites import hospital_site, platform_site
from tests.admin.browser import Browser
from tests.admin.role_table import Cell, Row, addresses, real_name, rows
from tests.conftest import signed_in
from tests.support.admin_records import CANARIES, of_hospital, of_platform, of_practitioner, of_user
from tests.support.catalogue import coming_day
from tests.support.people import PASSWORD

HOSPITAL, PLATFORM = "The hospital's admin", "The platform's admin"
COLUMNS = {
    Role.ADMIN: "administrator", Role.DOCTOR: "doctor", Role.NURSE: "nurse", Role.FRONT_DESK: "front desk",
}  # fmt: skip
# What an address has to be sent before it looks at who sends it.
SENT: dict[str, dict[str, str]] = {
    "bookings_appointment_step": {"status": "CHECKED_IN"},
    "bookings_waitinglistentry_answer": {"answer": "leave"},
}
# They lead to a list, which shows what is one's own alone: looked at below.
POINTERS = {"bookings_patient_appointments", "bookings_patient_records"}
# Where "this is not there" leads to.
HOME = "/admin/"
NOWHERE = "/admin/login/"


@pytest.fixture
def ids(in_hospital, people, desk, check_up, dr_bob) -> dict[str, Any]:
    """One record for each page: Dr Bob's where it is somebody's."""
    return {**of_hospital(in_hospital, people, check_up), **of_practitioner(desk, check_up, dr_bob)}


@pytest.fixture
def strange(in_hospital, people, desk, check_up, dr_eve) -> dict[str, Any]:
    """The same of Dr Eve, and what Adam has begun."""
    return {**of_user(people.admin), **of_practitioner(desk, check_up, dr_eve)}


def path_of(name: str, pattern: URLPattern, ids: dict[str, Any], urls: str) -> str:
    """The address of a name, with the id of the record that its page has in `ids`."""
    wanted = pattern.pattern.regex.groupindex
    page = max((page for page in ids if name.startswith(f"{page}_")), key=len) if wanted else ""
    named = dict.fromkeys(wanted, ids.get(page))
    return reverse(f"admin:{real_name(name)}", urlconf=urls, kwargs=named)


def takes_id(pattern: URLPattern) -> bool:
    return bool(pattern.pattern.regex.groupindex)


def opens(browser: Browser, path: str, sent: Any = None, *, by_post: bool = False) -> bool:
    """Whether an address answers with anything but a refusal; by POST where that is what it takes."""
    answer = None if by_post else browser.get(path)
    if answer is None or answer.status_code == 405:
        answer = browser.post(path, sent or {})
    away = answer.status_code == 302 and answer["Location"].startswith(NOWHERE)
    if answer.status_code == 302 and answer.request["REQUEST_METHOD"] == "GET" and not away:
        # A mere pointer: what counts is whether it points at something that opens.
        return answer["Location"] != HOME and opens(browser, answer["Location"])
    return not away and answer.status_code not in (401, 403, 404)


def may(site: AdminSite, browser: Browser, row: Row, word: str, path: str) -> bool:
    """Whether a role does what a word says; `path` is where."""
    name = row.address_name(word)
    if word != "change":
        return opens(browser, path, SENT.get(name))
    # A page of ours may answer a POST without saving anything.
    return pages_of(site)[row.page].has_change_permission(_request(browser)) and opens(
        browser, path, by_post=True
    )


def pages_of(site: AdminSite) -> dict[str, ModelAdmin]:
    """The page of each model, by the name that its addresses begin with."""
    registered = site._registry.items()
    return {f"{model._meta.app_label}_{model._meta.model_name}": page for model, page in registered}


def _request(browser: Browser) -> Any:
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=browser.client.session["_auth_user_id"])
    return request


def seen(
    site: AdminSite, browser: Browser, heading: str, ids: dict[str, Any], urls: str
) -> dict[str, set[str]]:
    """What really opens: the words of each page."""
    patterns = addresses(site)
    found: dict[str, set[str]] = {}
    for row in rows(heading):
        for word in sorted(row.words):
            path = path_of(row.address_name(word), patterns[row.address_name(word)], ids, urls)
            if may(site, browser, row, word, path):
                found.setdefault(row.page, set()).add(word)
    return found


def promised(heading: str, column: str) -> dict[str, set[str]]:
    """What the table says: the words of each page."""
    cells = {row.page: set(row.cells[column].words) for row in rows(heading)}
    return {page: words for page, words in cells.items() if words}


@pytest.mark.parametrize(
    ("site", "heading"), [(hospital_site, HOSPITAL), (platform_site, PLATFORM)], ids=["hospital", "platform"]
)
def test_every_page_and_every_address_has_its_place_in_the_table(site, heading):
    named = {row.address_name(word) for row in rows(heading) for word in row.words}

    assert named == set(addresses(site))
    assert all(row.title and row.thai for row in rows(heading))


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_does_what_the_table_says_and_nothing_else(role, browser_of, ids, people):
    browser = browser_of(role)
    ids |= of_user(people.by_role(role))

    assert seen(hospital_site, browser, HOSPITAL, ids, "config.urls") == promised(HOSPITAL, COLUMNS[role])


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK])
def test_what_is_one_s_own_is_not_another_s(role, browser_of, ids, strange):
    browser, patterns = browser_of(role), addresses(hospital_site)

    for row in rows(HOSPITAL):
        for word in row.cells[COLUMNS[role]].own:
            name = row.address_name(word)
            if takes_id(patterns[name]) and row.page in strange and name not in POINTERS:
                path = path_of(name, patterns[name], strange, "config.urls")
                assert not opens(browser, path, SENT.get(name)), path


def test_everything_that_a_doctor_opens_of_people_is_their_own(strange):
    for row in rows(HOSPITAL):
        if row.page in strange and row.page != "bookings_practitioner":
            assert row.cells["doctor"].own == row.cells["doctor"].words, row.page


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_is_offered_the_actions_of_the_table(role, browser_of):
    request = _request(browser_of(role))
    cells = {row.page: row.cells[COLUMNS[role]] for row in rows(HOSPITAL)}

    assert offered(hospital_site, request) == {
        page: cell.actions for page, cell in cells.items() if cell.actions
    }


def offered(site: AdminSite, request: Any) -> dict[str, frozenset[str]]:
    found = {name: frozenset(page.get_actions(request)) for name, page in pages_of(site).items()}
    return {page: actions for page, actions in found.items() if actions}


# ── what pages show ───────────────────────────────────────────────────────────
def pages_that_open(browser: Browser, column: str, ids: dict[str, Any]) -> dict[str, str]:
    """The text of every page that a role opens by GET."""
    patterns, found = addresses(hospital_site), {}
    for row in rows(HOSPITAL):
        for word in row.cells[column].words - {"change"}:
            name = row.address_name(word)
            path = path_of(name, patterns[name], ids, "config.urls")
            answer = browser.get(path)
            if answer.status_code == 200 and not answer.streaming:
                found[path] = answer.text
    return found


def said_on_asking(browser: Browser, words: str) -> dict[str, str]:
    """What the pages say that look people up, and the calendar with all that it holds."""
    span = {"from": coming_day(0).isoformat(), "to": coming_day(3).isoformat()}
    base = "/admin/bookings/appointment/"
    json = {"content_type": "application/json"}
    answers = {
        "find": browser.post(f"{base}find/", {"q": words}),
        "feed": browser.get(f"{base}calendar/feed/", **span),
        "print": browser.get(f"{base}calendar/print/", day=coming_day(1).isoformat()),
        "patients": browser.client.post(f"{base}calendar/patients/", {"q": words}, **json),
        "duplicates": browser.client.post(
            f"{base}calendar/duplicates/", {"name": words, "phone": ""}, **json
        ),
        "all": browser.get(base, when="all"),
        "list": browser.get(base, q=words),
        "people": browser.get("/admin/bookings/patient/", q=words),
        "records": browser.get("/admin/records/medicalrecord/", q=words),
        "search": browser.get("/admin/search/", s=words, extended="1"),
    }
    browser._go_back_inside()
    return {name: answer.text for name, answer in answers.items()}


def test_the_front_desk_reads_no_clinical_word_on_any_page(at_desk, ids, people):
    ids |= of_user(people.desk)

    shown = pages_that_open(at_desk, "front desk", ids)
    asked = {
        f"{name} {word}": text for word in CANARIES for name, text in said_on_asking(at_desk, word).items()
    }

    assert len(shown) > 40
    for page, text in shown.items():
        assert [word for word in CANARIES if word in text] == [], page
    for page, text in asked.items():
        # What was typed comes back in its field: it is looked for in parts.
        assert [word for word in CANARIES if word in text and word not in page] == [], page


def test_the_canaries_are_where_they_may_be_read(browser_of, ids, people):
    browser = browser_of(Role.NURSE)
    ids |= of_user(people.nurse)

    everything = " ".join(pages_that_open(browser, "nurse", ids).values())

    assert [word for word in CANARIES if word not in everything] == []


def test_a_doctor_sees_nobody_else_s_patients_on_any_page(as_doctor, ids, strange, people):
    ids |= of_user(people.doctor)

    shown = pages_that_open(as_doctor, "doctor", ids)
    asked = said_on_asking(as_doctor, "Wichai") | {
        name: as_doctor.client.get(
            reverse(f"admin:{name}", args=[strange["bookings_patient"]]), follow=True
        ).text
        for name in POINTERS
    }

    assert any("Wichai Dr Bob" in text for text in shown.values())
    assert "Wichai Dr Bob" in asked["find"] + asked["patients"] + asked["people"]
    for page, text in {**shown, **asked}.items():
        assert "Wichai Dr Eve" not in text, page
        assert "Anong Dr Eve" not in text, page


# ── the platform ──────────────────────────────────────────────────────────────
@pytest.fixture
def platform_ids(hospital) -> dict[str, Any]:
    return of_platform(hospital)


def test_an_operator_does_what_the_table_says_and_nothing_else(operator, platform_ids):
    really = seen(platform_site, operator, PLATFORM, platform_ids, "config.urls_public")

    assert really == promised(PLATFORM, "operator")
    cells = {row.page: row.cells["operator"] for row in rows(PLATFORM)}
    assert offered(platform_site, _request(operator)) == {
        page: cell.actions for page, cell in cells.items() if cell.actions
    }


def test_who_is_no_operator_opens_nothing_of_the_platform(platform_ids):
    nurse = User.objects.create_user("nurse@nadmor.example", PASSWORD, first_name="N", role=Role.NURSE)
    browser = Browser(signed_in(nurse, "localhost"), None)

    assert seen(platform_site, browser, PLATFORM, platform_ids, "config.urls_public") == {}


def test_who_has_not_signed_in_opens_nothing(ids, people, in_hospital):
    stranger = Browser(Client(headers={"host": "ploy.localhost"}), in_hospital)
    ids |= of_user(people.admin)

    for name, pattern in addresses(hospital_site).items():
        assert not opens(stranger, path_of(name, pattern, ids, "config.urls")), name


def test_a_cell_is_read_as_it_is_written():
    assert Cell.read(" own: list, open; rows: confirm ") == Cell(
        frozenset({"list", "open"}), frozenset({"list", "open"}), frozenset({"confirm"})
    )
    assert Cell.read("–") == Cell()
