"""Telegram posts updates: only with its secret, each is kept once, and the answer comes at once."""

import json

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.test import Client

from telegram_integration.bots import forget_bots, give_bot, own_bot_by_slug, secret_of
from telegram_integration.inbox.views import LARGEST, SECRET_HEADER
from telegram_integration.models import TelegramBot, TelegramUpdate
from tests.support.statements import counted
from tests.support.threads import together
from tests.telegram_integration.inbox.conftest import open_bot  # noqa: F401  -- a fixture
from tests.telegram_integration.inbox.working import text

PATH = "/telegram/webhook"
SECRET = django_settings.TELEGRAM_WEBHOOK_SECRET
OWN_TOKEN = "220201543:another-for-tests-only-another-for-test"


def post(payload, path=PATH, secret=SECRET, client=None, **headers):
    body = payload if isinstance(payload, str | bytes) else json.dumps(payload)
    given = {SECRET_HEADER: secret} if secret is not None else {}
    client = client or Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    return client.post(path, body, content_type="application/json", headers=given | headers)


def test_an_update_is_kept_and_answered_with_nothing_to_say(platform_bot):
    answer = post(text(7))

    assert (answer.status_code, answer.content) == (200, b"")
    row = TelegramUpdate.objects.get()
    assert (row.bot_id, row.update_id, row.payload) == (platform_bot.pk, 7, text(7))
    assert not answer.cookies


@pytest.mark.parametrize(
    "secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "ความลับ".encode().decode("latin-1")], ids=str
)
def test_a_wrong_secret_is_refused_and_nothing_is_kept(platform_bot, secret):
    assert post(text(7), secret=secret).status_code == 403
    assert not TelegramUpdate.objects.exists()


def test_without_a_secret_in_the_settings_nothing_opens_it(platform_bot, settings):
    settings.TELEGRAM_WEBHOOK_SECRET = ""

    for secret in ("", None, SECRET):
        assert post(text(7), secret=secret).status_code == 403


def test_without_a_bot_it_says_what_it_says_to_a_wrong_secret(db, settings):
    settings.TELEGRAM_BOT_TOKEN = ""

    assert post(text(7)).status_code == 403


@pytest.mark.parametrize("method", ["get", "put", "delete", "head", "options"])
def test_other_methods_are_refused(db, method):
    answer = getattr(Client(headers={"host": "localhost"}), method)(PATH, headers={SECRET_HEADER: SECRET})

    assert answer.status_code == 405


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "7", '"x"', "null", "{}", '{"update_id": "7"}', '{"update_id": true}',
     '{"update_id": 1e3}', '{"update_id": -1}', '{"update_id": 99999999999999999999}',
     b"\xff\xfe", "[" * 100_000],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_update_is_refused(platform_bot, body):
    assert post(body).status_code == 400
    assert not TelegramUpdate.objects.exists()


def test_what_is_too_large_is_not_read(platform_bot):
    assert post(text(7, said="x" * LARGEST)).status_code == 413
    assert post("x" * LARGEST).status_code == 400
    assert not TelegramUpdate.objects.exists()


def test_at_a_hospitals_host_there_is_no_such_address(platform_bot, hospital):
    client = Client(headers={"host": "ploy.localhost"})

    assert post(text(7), client=client).status_code == 404


def test_a_hospitals_own_bot_has_a_path_and_a_secret_of_its_own(platform_bot, hospital):
    bot = give_bot(hospital, OWN_TOKEN)
    path = f"{PATH}/{bot.slug}"

    assert post(text(7), path=path, secret=secret_of(bot)).status_code == 200
    assert post(text(7), path=path, secret=SECRET).status_code == 403
    assert post(text(7), path=PATH, secret=secret_of(bot)).status_code == 403
    assert post(text(7), path=f"{PATH}/nobody", secret=secret_of(bot)).status_code == 403
    assert post(text(7)).status_code == 200
    assert {row.bot_id for row in TelegramUpdate.objects.all()} == {bot.pk, platform_bot.pk}


@pytest.mark.parametrize("what", ["bot", "hospital"])
def test_what_is_switched_off_takes_nothing(hospital, what):
    bot = give_bot(hospital, OWN_TOKEN)
    off = bot if what == "bot" else hospital
    off.is_active = False
    off.save()

    assert own_bot_by_slug(bot.slug) is None
    assert post(text(7), path=f"{PATH}/{bot.slug}", secret=secret_of(bot)).status_code == 403


def test_it_costs_one_statement(platform_bot):
    post(text(7))
    with counted() as statements:
        post(text(8))

    assert len(statements) == 1


@pytest.mark.parametrize("when", ["looking-up", "keeping"])
def test_while_the_database_is_away_telegram_is_asked_to_come_again(platform_bot, settings, when):
    if when == "keeping":
        post(text(6))
    else:
        forget_bots()
    with connection.execute_wrapper(_away):
        assert post(text(7)).status_code == 503
    assert post(text(7)).status_code == 200


def _away(execute, sql, params, many, context):
    raise OperationalError("gone")


def test_one_update_posted_a_hundred_times_at_once_is_kept_once(open_bot, both_hospitals):  # noqa: F811  -- a fixture
    answers = together(both_hospitals[0], [lambda: post(text(7)).status_code] * 100)

    assert answers == [200] * 100
    assert TelegramUpdate.objects.filter(bot=open_bot).count() == 1
    assert TelegramBot.objects.count() == 1


def test_no_line_says_the_secret_or_the_text(platform_bot, caplog):
    caplog.set_level("DEBUG")
    post(text(7, said="chest pain"))
    post("{", secret="wrong-secret")

    assert "chest pain" not in caplog.text
    assert SECRET not in caplog.text
    assert "wrong-secret" not in caplog.text
