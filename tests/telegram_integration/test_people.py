"""Rows of people and links, also when two come at the same moment."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from bookings.models import Patient
from telegram_integration.answering import answer
from telegram_integration.models import Proof, TelegramBot, TelegramChat, TelegramLink, TelegramUser
from telegram_integration.people import find_person, link_patient
from telegram_integration.reading import Sender
from tenants.context import inside
from tests.support.chat import Chat
from tests.support.threads import together, winners

MALEE = "+66891112222"


@pytest.fixture
def fresh_bot(fresh_hospital) -> Iterator[TelegramBot]:
    """A bot outside of any transaction, whose rows go with it."""
    bot = TelegramBot.objects.create(hospital=fresh_hospital, telegram_id=77, token="sealed")
    yield bot
    users = list(TelegramChat.objects.filter(bot=bot).values_list("user_id", flat=True))
    bot.delete()
    TelegramUser.objects.filter(pk__in=users).delete()


def test_two_updates_of_somebody_new_make_their_rows_once(fresh_bot, fresh_hospital):
    sender = Sender(telegram_id=8_000_001, username="malee")
    persons = together(fresh_hospital, [lambda: find_person(fresh_bot, sender)] * 6)

    assert len(winners(persons)) == 6
    assert {person.user.pk for person in persons} == {TelegramUser.objects.get(telegram_id=8_000_001).pk}
    assert TelegramChat.objects.filter(bot=fresh_bot).count() == 1


def test_of_two_who_prove_one_patient_at_once_one_has_the_link(fresh_bot, fresh_hospital):
    patient = Patient.objects.create(name="Malee", name_key="malee", phone_number=MALEE)
    senders = [Sender(telegram_id=8_000_010 + number) for number in range(6)]
    users = [find_person(fresh_bot, sender).user for sender in senders]

    def prove(user):
        with transaction.atomic():
            link_patient(user, fresh_hospital, patient.pk, proof=Proof.CODE)

    outcomes = together(fresh_hospital, [lambda user=user: prove(user) for user in users])

    assert len(winners(outcomes)) == 6, outcomes
    [link] = TelegramLink.objects.filter(hospital=fresh_hospital)
    assert link.patient_id == patient.pk
    assert link.user_id in {user.pk for user in users}


def test_one_user_who_proves_two_patients_at_once_is_one_of_them(fresh_bot, fresh_hospital):
    patients = [
        Patient.objects.create(name=name, name_key=name, phone_number=MALEE) for name in ("malee", "somchai")
    ]
    user = find_person(fresh_bot, Sender(telegram_id=8_000_020)).user

    def prove(patient):
        with transaction.atomic():
            link_patient(user, fresh_hospital, patient.pk, proof=Proof.CODE)

    outcomes = together(fresh_hospital, [lambda patient=patient: prove(patient) for patient in patients] * 2)

    assert len(winners(outcomes)) == 4, outcomes
    assert TelegramLink.objects.filter(hospital=fresh_hospital, user=user).count() == 1


def test_two_registrations_at_once_of_one_name_and_number_make_one_patient(fresh_bot, fresh_hospital):
    chats = [Chat(fresh_bot).speaks("en") for _ in range(2)]
    for chat in chats:
        chat.says("/start")
        chat.says("Malee Srisuk")
        chat.sends_message(contact={"phone_number": MALEE, "user_id": chat.telegram_id}, pinned_message={})
    payloads = [
        {
            "update_id": 5,
            "message": {
                "message_id": 50,
                "chat": chat._chat,
                "from": chat.sender,
                "contact": {"phone_number": MALEE, "user_id": chat.telegram_id},
            },
        }
        for chat in chats
    ]

    outcomes = together(
        fresh_hospital, [lambda payload=payload: answer(fresh_bot, payload) for payload in payloads]
    )

    assert len(winners(outcomes)) == 2, outcomes
    texts = sorted(outcome.reply.cards[0].text for outcome in outcomes)
    # The second is asked for a code: by then the record is somebody's.
    assert [("You are registered" in text) for text in texts].count(True) == 1
    with inside(fresh_hospital):
        assert Patient.objects.filter(phone_number=MALEE).count() == 1
    assert TelegramLink.objects.filter(hospital=fresh_hospital).count() == 1
