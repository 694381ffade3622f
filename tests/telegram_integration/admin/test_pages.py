"""Every page of Telegram for every role, on both sites; and no token on any."""

import pytest
from django.test import Client

from accounts.permissions import STAFF_ROLES, Role
from telegram_integration.models import TelegramUpdate
from tests.telegram_integration.admin.conftest import OWN_TOKEN
from verification.actions import send_code
from verification.models import PhoneChallenge

ROOM, CODES = "/admin/telegram_integration/", "/admin/verification/phonechallenge/"
ADMIN = frozenset({Role.ADMIN})
DESK = frozenset(STAFF_ROLES) - {Role.DOCTOR}

# Address, and who may see it in a hospital.
HOSPITAL_PAGES = [
    ("telegrambot/", ADMIN),
    ("telegrambot/add/", ADMIN),
    ("telegrambot/{bot}/change/", ADMIN),
    ("telegrambot/{bot}/history/", ADMIN),
    ("telegrambot/{bot}/switch/", ADMIN),
    ("telegrambot/{bot}/ask_about/", ADMIN),
    ("telegrambot/{bot}/delete/", frozenset()),
    ("telegramlink/", DESK),
    ("telegramlink/add/", frozenset()),
    ("telegramlink/{link}/change/", DESK),
    ("telegramlink/{link}/history/", DESK),
    ("telegramlink/{link}/unlink/", DESK),
    ("telegramlink/{link}/delete/", frozenset()),
]
PLATFORM_PAGES = [
    "telegram_integration/telegrambot/", "telegram_integration/telegrambot/add/",
    "telegram_integration/telegrambot/{bot}/change/", "telegram_integration/telegrambot/{bot}/switch/",
    "telegram_integration/telegrambot/{bot}/ask_about/", "telegram_integration/telegramuser/",
    "telegram_integration/telegramuser/{user}/change/", "telegram_integration/telegramuser/{user}/history/",
    "telegram_integration/telegramuser/{user}/unlink/", "telegram_integration/telegramuser/{user}/unblock/",
    "telegram_integration/telegramupdate/", "telegram_integration/telegramupdate/{update}/change/",
    "verification/phonechallenge/", "verification/phonechallenge/{code}/change/",
]  # fmt: skip


@pytest.fixture
def records(own_bot, link, capsys) -> dict[str, object]:
    """The ids of one of each."""
    send_code(purpose="link", subject=f"telegram:{link.user.pk}", phone="+66812345678", language="en")
    update = TelegramUpdate.objects.create(
        bot=own_bot, update_id=1, error="ValueError", payload={"message": {"text": "CANARY"}}
    )
    return {
        "bot": own_bot.pk,
        "link": link.pk,
        "user": link.user.pk,
        "update": update.pk,
        "code": PhoneChallenge.objects.get().pk,
    }


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_sees_the_pages_that_it_is_granted_and_no_others(role, browser_of, records):
    browser = browser_of(role)

    seen = {path: browser.get(ROOM + path.format(**records)) for path, _roles in HOSPITAL_PAGES}

    opened = {path for path, answer in seen.items() if answer.status_code == 200}
    assert opened == {path for path, roles in HOSPITAL_PAGES if role in roles}
    assert {answer.status_code for answer in seen.values()} <= {200, 302, 403, 404}


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_page_of_the_platform_opens_for_an_operator_and_shows_no_secret(
    operator, records, own_bot, language
):
    code = PhoneChallenge.objects.get()
    for path in PLATFORM_PAGES:
        answer = operator.get("/admin/" + path.format(**records), language=language)
        assert answer.status_code == 200, path
        for secret in (OWN_TOKEN, OWN_TOKEN.partition(":")[2], own_bot.token, own_bot.secret, "CANARY"):
            assert secret not in answer.text, path
        assert code.phone_key not in answer.text
        assert code.code_key not in answer.text


@pytest.mark.parametrize(
    "path",
    [ROOM + "telegramuser/", ROOM + "telegramupdate/", CODES],
    ids=["users", "updates", "codes"],
)
def test_a_hospital_has_no_page_of_people_updates_and_codes(browser_of, records, path):
    assert browser_of(Role.ADMIN).get(path).status_code == 404


def test_the_platform_has_no_page_of_patients(operator, records):
    assert operator.get(ROOM + "telegramlink/").status_code == 404


def test_the_codes_of_the_platform_name_no_number(operator, records):
    shown = operator.get(CODES).text

    assert "console" in shown
    assert "812345678" not in shown
    assert "telegram:" not in shown


def test_only_failed_updates_are_listed(operator, records, own_bot):
    TelegramUpdate.objects.create(bot=own_bot, update_id=777_000_777)

    shown = operator.get(ROOM + "telegramupdate/").text

    assert "ValueError" in shown
    assert "777000777" not in shown


@pytest.mark.parametrize(
    "path", [ROOM + "telegramupdate/{update}/change/", CODES + "{code}/change/"], ids=["update", "code"]
)
def test_what_is_to_be_read_cannot_be_changed(operator, records, path):
    assert operator.post(path.format(**records), {"error": "", "attempts": 0}).status_code == 403


def test_who_has_not_signed_in_is_asked_to(records):
    for host in ("localhost", "ploy.localhost"):
        answer = Client(headers={"host": host}).get(ROOM + "telegrambot/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_the_sidebar_leads_to_the_pages_that_open(browser_of, records, role):
    shown = browser_of(role).get("/admin/").text

    assert (ROOM + "telegramlink/" in shown) is (role in DESK)
    assert (ROOM + "telegrambot/" in shown) is (role in ADMIN)
