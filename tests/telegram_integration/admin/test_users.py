"""People on Telegram, as operators see them: never as whose patients."""

import pytest

from events.models import Event
from telegram_integration.bots import platform_bot
from telegram_integration.models import TelegramChat, TelegramLink, TelegramUser
from tenants.context import inside, outside
from tests.support.statements import counted
from tests.telegram_integration.admin.conftest import block

USERS = "/admin/telegram_integration/telegramuser/"


def page(user: TelegramUser, name: str = "change") -> str:
    return f"{USERS}{user.pk}/{name}/"


def found(operator, **asked: str) -> set[str]:
    shown = operator.get(USERS, **asked).text
    return {name for name in ("Alice Smith", "Charlie Brown") if name in shown}


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Alice", {"Alice Smith"}), ("081-234-5678", {"Alice Smith"}), ("+66812345678", {"Alice Smith"}),
        ("5002", {"Charlie Brown"}), ("12345678", set()), ("nobody", set()),
    ],
)  # fmt: skip
def test_people_are_found_by_name_phone_and_telegram_number(operator, link, their_link, typed, names):
    assert found(operator, q=typed) == names


def test_people_are_filtered_by_verified_blocked_and_hospital(operator, hospital, link, their_link):
    TelegramUser.objects.filter(pk=link.user.pk).update(is_verified=True)
    block(their_link.user, platform_bot())

    assert found(operator, is_verified__exact="1") == {"Alice Smith"}
    assert found(operator, blocked="yes") == {"Charlie Brown"}
    assert found(operator, blocked="no") == {"Alice Smith"}
    assert found(operator, hospital__id__exact=str(hospital.pk)) == {"Alice Smith"}


def test_a_persons_page_names_hospitals_but_no_patients(operator, hospital, link, people):
    shown = operator.get(page(link.user)).text

    assert str(hospital) in shown
    assert str(link.patient_id) not in shown
    assert people.alice.name not in shown


def test_an_operator_unlinks_somebody_from_one_hospital(
    operator, hospital, other_hospital, other_people, link
):
    other = TelegramLink.objects.create(
        user=link.user, hospital=other_hospital, patient_id=other_people.alice.pk, proof="CODE"
    )
    shown = operator.get(page(link.user, "unlink")).text
    assert str(hospital) in shown
    assert str(other_hospital) in shown

    operator.submit(page(link.user, "unlink"), link=str(link.pk))

    assert list(TelegramLink.objects.all()) == [other]
    with inside(hospital):
        [event] = Event.objects.filter(type="patient.telegram_unlinked")
        assert (event.subject_id, event.actor_label) == (str(link.patient_id), "Olga")


def test_somebody_elses_link_is_no_choice(operator, link, their_link):
    answer = operator.post(page(link.user, "unlink"), {"link": str(their_link.pk)})

    assert answer.status_code == 200
    assert TelegramLink.objects.count() == 2


def test_who_had_blocked_the_bot_is_written_to_again(operator, link):
    chat = block(link.user, platform_bot())

    operator.submit(page(link.user, "unblock"))

    chat.refresh_from_db()
    assert chat.blocked_at is None
    with outside():
        assert Event.objects.filter(type="telegram.unblocked", subject_id=str(link.user.pk)).count() == 1


def test_chosen_people_are_written_to_again(operator, link, their_link):
    for user in (link.user, their_link.user):
        block(user, platform_bot())

    shown = operator.act(USERS, "unblock_chosen", link.user, their_link.user).text

    assert "Done: 2." in shown
    assert not TelegramChat.objects.filter(blocked_at__isnull=False).exists()


@pytest.mark.parametrize("name", ["add", "delete"])
def test_nobody_is_made_up_or_deleted(operator, link, name):
    path = USERS + "add/" if name == "add" else page(link.user, name)

    assert operator.get(path).status_code == 403


def test_the_list_costs_the_same_for_one_person_and_for_three(operator, hospital, link):
    operator.get(USERS)
    costs = []
    for number in (6001, 6002, None):
        with counted() as statements:
            operator.get(USERS)
        costs.append(len(statements))
        if number:
            TelegramUser.objects.create(telegram_id=number, name=f"P{number}", hospital=hospital)

    assert len(set(costs)) == 1
