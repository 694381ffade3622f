"""Bots in both admins: connected by a token that never comes back, switched off and on."""

from datetime import UTC, datetime

import pytest

from events.models import Event
from telegram_integration.bots import bot_of_hospital, platform_bot, token_of
from telegram_integration.models import TelegramBot, TelegramUpdate
from tenants.context import inside, outside
from tests.support.statements import counted
from tests.telegram_integration.admin.conftest import OWN_TOKEN, THEIR_TOKEN

BOTS = "/admin/telegram_integration/telegrambot/"


def page(bot: TelegramBot, name: str = "change") -> str:
    return f"{BOTS}{bot.pk}/{name}/"


def history(hospital) -> list[tuple[str, str, str]]:
    with inside(hospital):
        return [
            (event.type, event.door, event.actor_label)
            for event in Event.objects.filter(subject_type="telegram_bot").order_by("id")
        ]


# ── connecting ────────────────────────────────────────────────────────────────
def test_an_operator_connects_a_hospitals_bot_and_the_token_stays_unseen(operator, telegram, hospital):
    answer = operator.submit(BOTS + "add/", hospital=hospital.pk, token=f" {OWN_TOKEN} ")

    bot = TelegramBot.objects.get(hospital=hospital)
    assert answer["Location"] == page(bot)
    assert (bot.telegram_id, bot.is_active) == (220201543, True)
    assert bot.username
    assert token_of(bot) == OWN_TOKEN
    assert OWN_TOKEN not in bot.token
    for path in (page(bot), BOTS, page(bot, "switch")):
        shown = operator.get(path).text
        assert f"@{bot.username}" in shown
        assert OWN_TOKEN.partition(":")[2] not in shown
        assert bot.token not in shown
        assert bot.secret not in shown
    assert history(hospital) == [("telegram.bot_connected", "admin", "Olga")]


def test_an_administrator_connects_the_bot_of_the_own_hospital(as_admin, telegram, hospital, other_hospital):
    as_admin.submit(BOTS + "add/", token=OWN_TOKEN, hospital=other_hospital.pk)

    assert bot_of_hospital(hospital).telegram_id == 220201543
    assert not TelegramBot.objects.filter(hospital=other_hospital).exists()
    assert history(hospital) == [("telegram.bot_connected", "admin", "Adam")]


def test_another_token_takes_the_place_of_the_one_before(as_admin, telegram, hospital, own_bot):
    as_admin.submit(BOTS + "add/", token=THEIR_TOKEN)

    assert TelegramBot.objects.get(hospital=hospital).telegram_id == 330201543


@pytest.mark.parametrize("token", ["", "hello", "1:short", OWN_TOKEN.replace(":", " "), "x" * 121])
def test_what_is_no_token_is_refused_at_its_field(as_admin, telegram, token):
    answer = as_admin.submit(BOTS + "add/", token=token)

    assert answer.status_code == 200
    assert not TelegramBot.objects.exists()
    assert not token or token not in answer.text
    assert telegram.calls() == []


def test_a_token_that_telegram_does_not_know_is_refused_and_not_shown(as_admin, telegram):
    as_admin.submit(BOTS + "add/", token=OWN_TOKEN)
    TelegramBot.objects.all().delete()
    wrong = OWN_TOKEN.replace("own", "not")

    answer = as_admin.submit(BOTS + "add/", token=wrong)

    assert "Telegram knows no bot with this token." in answer.text
    assert wrong not in answer.text
    assert not TelegramBot.objects.exists()


def test_telegram_away_is_said(as_admin, settings):
    settings.TELEGRAM_API_BASE_URL = "http://127.0.0.1:1"

    answer = as_admin.submit(BOTS + "add/", token=OWN_TOKEN)

    assert "Telegram does not answer at the moment" in answer.text
    assert not TelegramBot.objects.exists()


def test_another_hospitals_bot_and_the_platforms_are_taken(as_admin, telegram, settings, their_bot):
    platform_bot()
    for token in (THEIR_TOKEN, settings.TELEGRAM_BOT_TOKEN):
        answer = as_admin.submit(BOTS + "add/", token=token)
        assert "works already" in answer.text

    assert TelegramBot.objects.count() == 2
    assert telegram.calls() == []


# ── switching ─────────────────────────────────────────────────────────────────
def test_a_bot_is_switched_off_and_on_again(operator, hospital, own_bot):
    operator.submit(page(own_bot, "switch"))
    own_bot.refresh_from_db()
    assert not own_bot.is_active
    assert bot_of_hospital(hospital) == platform_bot()

    operator.submit(page(own_bot, "switch"))
    own_bot.refresh_from_db()
    assert own_bot.is_active
    assert history(hospital) == [("telegram.bot_switched", "admin", "Olga")] * 2
    assert operator.get(page(own_bot, "history")).text.count("Telegram bot switched on or off") == 2


def test_the_platforms_bot_is_switched_off_in_the_platforms_history(
    operator, django_capture_on_commit_callbacks
):
    bot = platform_bot()
    with django_capture_on_commit_callbacks(execute=True):
        operator.submit(page(bot, "switch"))

    assert platform_bot() is None
    with outside():
        assert Event.objects.filter(type="telegram.bot_switched", subject_id=str(bot.pk)).exists()


def test_a_bot_whose_place_is_taken_is_not_switched_on(operator):
    old = TelegramBot.objects.create(telegram_id=7, is_active=False)
    platform_bot()

    answer = operator.submit(page(old, "switch"))

    assert "works already" in answer.text
    old.refresh_from_db()
    assert not old.is_active


def test_a_look_changes_nothing(operator, own_bot):
    operator.get(page(own_bot, "switch"))

    own_bot.refresh_from_db()
    assert own_bot.is_active


# ── looking ───────────────────────────────────────────────────────────────────
def test_a_bots_page_says_where_updates_come_and_how_many_wait(operator, own_bot, settings):
    settings.TELEGRAM_WEBHOOK_BASE_URL = "https://nadmor.example"
    moment = datetime(2026, 11, 20, 3, 4, tzinfo=UTC)
    for number in range(3):
        TelegramUpdate.objects.create(
            bot=own_bot, update_id=number, received_at=moment, done_at=moment if number == 0 else None
        )

    shown = operator.get(page(own_bot)).text

    assert f"https://nadmor.example/telegram/webhook/{own_bot.slug}" in shown
    assert "03:04" in shown
    assert ">2<" in shown.replace("\n", "").replace(" ", "")


def test_the_platforms_bot_has_the_plain_path(operator, settings):
    settings.TELEGRAM_WEBHOOK_BASE_URL = "https://nadmor.example"
    bot = platform_bot()

    assert "https://nadmor.example/telegram/webhook<" in operator.get(page(bot)).text.replace(
        "\n", ""
    ).replace(" ", "")


def test_telegram_is_asked_what_it_knows_of_a_bot(operator, telegram, own_bot):
    answer = operator.submit(page(own_bot, "ask_about"))
    assert (
        "Telegram waits to be asked for updates (polling). Waiting there: 0."
        in operator.get(answer["Location"]).text
    )

    telegram.http.post(
        f"/bot{OWN_TOKEN}/setWebhook", json={"url": "https://nadmor.example/telegram/webhook/x"}
    )
    answer = operator.submit(page(own_bot, "ask_about"))
    assert (
        "Telegram posts updates to https://nadmor.example/telegram/webhook/x."
        in operator.get(answer["Location"]).text
    )


def test_a_hospital_sees_its_own_bot_alone(as_admin, own_bot, their_bot):
    platform_bot()

    listed = as_admin.get(BOTS).text

    assert str(own_bot.telegram_id) in listed
    assert str(their_bot.telegram_id) not in listed
    assert "110201543" not in listed


@pytest.mark.parametrize(
    ("name", "seen", "sent"),
    [("change", 302, 403), ("history", 302, 302), ("switch", 404, 404), ("ask_about", 404, 404)],
)
def test_another_hospitals_bot_is_not_found(as_admin, their_bot, name, seen, sent):
    shown, posted = as_admin.get(page(their_bot, name)), as_admin.post(page(their_bot, name), {})

    assert (shown.status_code, posted.status_code) == (seen, sent)
    # To the front page, saying that there is no such thing.
    assert {shown.headers.get("Location"), posted.headers.get("Location")} <= {"/admin/", None}
    their_bot.refresh_from_db()
    assert their_bot.is_active


def test_the_list_costs_the_same_for_one_bot_and_for_three(operator, own_bot):
    operator.get(BOTS)
    costs = []
    for number in (7, 8, None):
        with counted() as statements:
            operator.get(BOTS)
        costs.append(len(statements))
        if number:
            TelegramBot.objects.create(telegram_id=number, is_active=False)

    assert len(set(costs)) == 1
