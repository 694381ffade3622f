"""A hospital's patients on Telegram: seen by who sees patients, unlinked by who changes them."""

import pytest

from accounts.permissions import STAFF_ROLES, Role
from bookings.models import Patient
from events.models import Event
from telegram_integration.admin.actions import unlink
from telegram_integration.admin.errors import LinkNotFound
from telegram_integration.bots import platform_bot
from telegram_integration.models import TelegramLink
from tests.support.statements import counted
from tests.telegram_integration.admin.conftest import block, linked

LINKS = "/admin/telegram_integration/telegramlink/"


def page(link: TelegramLink, name: str = "change") -> str:
    return f"{LINKS}{link.pk}/{name}/"


def test_the_list_names_the_patients_of_this_hospital_alone(at_desk, link, their_link, people, other_people):
    shown = at_desk.get(LINKS).text

    assert people.alice.name in shown
    assert "Arrive" in shown
    assert other_people.alice.name not in shown
    assert "Alice Smith" not in shown, "what somebody calls themselves elsewhere"
    assert "5001777001" not in shown


def test_who_has_blocked_the_bot_is_not_reached(at_desk, link):
    block(link.user, platform_bot())

    assert "Bot blocked" in at_desk.get(LINKS).text
    assert "Bot blocked" in at_desk.get(page(link)).text


def test_the_history_of_a_link_is_the_patients(at_desk, link, people):
    at_desk.submit(f"/admin/bookings/patient/{people.alice.pk}/change/", email="alice@ploy.example")

    assert "Patient changed" in at_desk.get(page(link, "history")).text


def test_who_has_blocked_another_bot_is_reached(at_desk, link, their_bot):
    platform_bot()
    block(link.user, their_bot)

    assert "Bot blocked" not in at_desk.get(LINKS).text


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("alice", True),
        ("081-234-5678", True),
        ("Alice Smith", False),
        ("5001777001", False),
        ("'%\"\\", False),
    ],
)
def test_a_patient_is_found_by_the_hospitals_name_and_number(at_desk, link, people, typed, is_found):
    assert (people.alice.name in at_desk.get(LINKS, q=typed).text) is is_found


@pytest.mark.parametrize("name", ["change", "unlink"])
def test_the_pages_of_a_link_are_headed_by_the_patients_name(at_desk, link, people, name):
    shown = at_desk.get(page(link, name)).text

    assert people.alice.name in shown
    assert str(link.patient_id) not in shown


def test_the_page_of_a_link_leads_to_the_patient(at_desk, link):
    answer = at_desk.get(page(link, "to_patient"))

    assert answer["Location"] == f"/admin/bookings/patient/{link.patient_id}/change/"


def test_the_front_desk_unlinks_a_patient(at_desk, link, people):
    assert people.alice.name in at_desk.get(page(link, "unlink")).text

    answer = at_desk.submit(page(link, "unlink"))

    assert answer["Location"] == LINKS
    assert not TelegramLink.objects.exists()
    [event] = Event.objects.filter(type="patient.telegram_unlinked")
    assert (event.subject_id, event.door, event.actor_label) == (str(link.patient_id), "admin", "Fon")
    assert (
        "Patient taken off Telegram"
        in at_desk.get(f"/admin/bookings/patient/{link.patient_id}/history/").text
    )


@pytest.mark.parametrize(
    ("name", "seen", "sent"),
    [("change", 302, 403), ("history", 302, 302), ("unlink", 404, 404), ("to_patient", 302, 302)],
)
def test_another_hospitals_link_is_not_found(at_desk, their_link, name, seen, sent):
    shown, posted = at_desk.get(page(their_link, name)), at_desk.post(page(their_link, name), {})

    assert (shown.status_code, posted.status_code) == (seen, sent)
    assert {shown.headers.get("Location"), posted.headers.get("Location")} <= {"/admin/", None}
    assert TelegramLink.objects.filter(pk=their_link.pk).exists()


def test_the_verb_does_not_find_another_hospitals_link(desk, their_link):
    with pytest.raises(LinkNotFound):
        unlink(desk, link_id=their_link.pk)


def test_a_link_that_went_away_meanwhile_is_not_found(desk, link):
    unlink(desk, link_id=link.pk)

    with pytest.raises(LinkNotFound):
        unlink(desk, link_id=link.pk)


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_doctors_see_no_links_and_everybody_at_the_desk_does(browser_of, link, role):
    browser = browser_of(role)
    seen = [browser.get(path).status_code for path in (LINKS, page(link), page(link, "unlink"))]

    assert seen == ([403, 403, 403] if role == Role.DOCTOR else [200, 200, 200])


def test_the_list_costs_the_same_for_one_link_and_for_three(at_desk, hospital, link):
    at_desk.get(LINKS)
    costs = []
    for number in (6001, 6002, None):
        with counted() as statements:
            at_desk.get(LINKS)
        costs.append(len(statements))
        if number:
            patient = Patient.objects.create(name=f"P{number}", name_key=f"p{number}")
            linked(hospital, patient.pk, number)

    assert len(set(costs)) == 1
