"""Registering, changing, rotating, trying, recovering and removing webhooks by REST."""

from datetime import UTC, datetime, timedelta

import pytest

from core.sealing import unseal
from events.models import Event
from tenants.context import inside
from tests.api.hooks import BODY, IDLE, NOWHERE, SECRET_FORM, Hooks
from tests.api.wire import MOMENT, UUID, Like, refusal, wrong
from tests.support.statements import counted
from webhooks.models import Webhook


@pytest.fixture
def hooks(hospital) -> Hooks:
    return Hooks(hospital)


def secret_of(webhook_id: str) -> str:
    return unseal(Webhook.objects.get(pk=webhook_id).secret, place=f"webhooks.secret:{webhook_id}")


def test_registering_answers_with_the_webhook_and_its_secret(hooks):
    answer = hooks.post("/register", BODY)

    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    assert answer.json() == {
        "id": UUID,
        "url": "https://his.example.org/hook",
        "events": ["booking.created", "booking.cancelled"],
        "description": "",
        "is_active": True,
        "disabled_at": None,
        "disabled_why": None,
        "previous_secret_until": None,
        "recovering_since": None,
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "health": IDLE,
        "secret": Like(SECRET_FORM),
    }
    assert answer.json()["secret"] == secret_of(answer.json()["id"])


def test_the_secret_is_stored_sealed_and_told_never_again(hooks):
    told = hooks.register()

    row = Webhook.objects.get(pk=told["id"])
    assert told["secret"].removeprefix("whsec_") not in row.secret
    for path in (f"/{told['id']}", "/"):
        assert 'secret"' not in hooks.get(path).content.decode().replace("previous_secret", "")
        assert told["secret"] not in hooks.get(path).content.decode()


def test_what_is_registered_belongs_to_the_keys_hospital_whatever_the_host(hospital, hooks):
    answer = hooks.post("/register", BODY, headers={"host": "rama.localhost"})

    assert Webhook.objects.get(pk=answer.json()["id"]).hospital == hospital


def test_the_history_says_who_registered_it(hospital, hooks):
    told = hooks.register()

    with inside(hospital):
        event = Event.objects.get(type="webhook.registered")
    assert (event.door, event.subject_id) == ("api", told["id"])
    assert event.actor_label == hooks.key.split("_")[1]
    assert told["secret"] not in str(event.data) + str(event.changes)


def test_the_url_is_kept_in_its_usual_form(hooks):
    assert hooks.register(webhook_url="HTTPS://HIS.Example.org:443")["url"] == "https://his.example.org/"


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/", "https://169.254.169.254/latest", "https://0x7f.1/", "ftp://his.example.org/",
        "https://user:pw@his.example.org/", "http://metadata.google.internal/", "https://[fe80::1]/", "x",
        " ", "", "https://his.example.org/\u0000", "https://his.example.org/" + "a" * 2000, 5, None,
        ["https://a.example/"],
    ],
    ids=lambda url: ascii(url)[:40],
)  # fmt: skip
def test_a_url_of_our_own_network_or_none_at_all_is_refused(hooks, url):
    wrong(hooks.post("/register", {**BODY, "webhook_url": url}), "webhook_url")

    assert Webhook.objects.count() == 0


def test_in_production_plain_http_and_other_ports_are_refused(hooks, settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = []

    for url in ("http://his.example.org/", "https://his.example.org:9000/", "http://127.0.0.1:9000/"):
        wrong(hooks.post("/register", {**BODY, "webhook_url": url}), "webhook_url")


@pytest.mark.parametrize(
    "events", [[], ["booking.made"], "booking.created", ["*", 5], [None], {}, None, [["*"]], [True]]
)
def test_events_that_do_not_exist_are_refused(hooks, events):
    wrong(hooks.post("/register", {**BODY, "events": events}), "events")


@pytest.mark.parametrize("field", ["webhook_url", "events"])
def test_both_fields_are_needed(hooks, field):
    wrong(hooks.post("/register", {name: BODY[name] for name in BODY if name != field}), field)


def test_a_star_stands_for_all_events(hooks):
    assert hooks.register(events=["booking.created", "*"])["events"] == ["*"]


def test_the_list_has_every_webhook_of_the_hospital_a_page_at_a_time(hooks):
    made = [hooks.register(description=str(number))["id"] for number in range(3)]

    first = hooks.get("/", limit=2).json()
    second = hooks.get("/", limit=2, cursor=first["next_cursor"]).json()

    assert [one["id"] for one in first["results"] + second["results"]] == made[::-1]
    assert (first["count"], second["count"], second["next_cursor"]) == (3, 3, None)


@pytest.mark.parametrize("params", [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"cursor": "made-up"}])
def test_a_page_that_cannot_be_is_refused(hooks, params):
    wrong(hooks.get("/", **params), next(iter(params)))


def test_the_list_takes_as_many_statements_for_three_as_for_one(hooks):
    hooks.register()
    hooks.get("/")  # remembers the key
    with counted() as one:
        hooks.get("/")
    hooks.register()
    hooks.register()
    with counted() as three:
        hooks.get("/")

    assert len(one) == len(three)


def test_what_is_given_is_changed_and_the_rest_stays(hooks):
    told = hooks.register(description="HIS")

    answer = hooks.ask(
        "PATCH", f"/{told['id']}", {"webhook_url": "https://new.example.org/", "events": ["*"]}
    )

    assert answer.status_code == 200
    changed = answer.json()
    assert (changed["url"], changed["events"], changed["description"]) == (
        "https://new.example.org/",
        ["*"],
        "HIS",
    )
    assert hooks.ask("PATCH", f"/{told['id']}", {"description": ""}).json()["description"] == ""
    assert hooks.ask("PATCH", f"/{told['id']}", {}).json()["url"] == "https://new.example.org/"
    assert secret_of(told["id"]) == told["secret"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"webhook_url": "https://127.1/"}, "webhook_url"), ({"webhook_url": None}, "webhook_url"),
        ({"events": []}, "events"), ({"events": ["x"]}, "events"),
        ({"description": "x" * 201}, "description"),
        ({"is_active": "yes"}, "is_active"), ({"is_active": 1}, "is_active"),
        ({"is_active": None}, "is_active"),
    ],
)  # fmt: skip
def test_a_wrong_change_changes_nothing(hooks, body, field):
    told = hooks.register()

    wrong(hooks.ask("PATCH", f"/{told['id']}", {"description": "new", "is_active": False, **body}), field)

    row = Webhook.objects.get(pk=told["id"])
    assert (row.url, row.is_active) == (told["url"], True)
    assert row.description == ""


def test_it_is_switched_off_and_on(hooks):
    told = hooks.register()
    path = f"/{told['id']}"

    off = hooks.ask("PATCH", path, {"is_active": False}).json()
    again = hooks.ask("PATCH", path, {"is_active": False}).json()
    on = hooks.ask("PATCH", path, {"is_active": True}).json()

    assert (off["is_active"], off["disabled_at"], off["disabled_why"]) == (False, MOMENT, "ASKED")
    assert off["health"]["condition"] == "OFF"
    assert again["disabled_at"] == off["disabled_at"]
    assert (on["is_active"], on["disabled_at"], on["disabled_why"]) == (True, None, None)


def test_a_new_secret_is_told_once_and_the_old_one_is_good_for_a_day(hooks):
    told = hooks.register()

    answer = hooks.post(f"/{told['id']}/rotate-secret")

    assert answer.status_code == 200
    rotated = answer.json()
    assert rotated["secret"] == Like(SECRET_FORM) == secret_of(told["id"])
    assert rotated["secret"] != told["secret"]
    until = datetime.fromisoformat(rotated["previous_secret_until"])
    assert timedelta(hours=23) < until - datetime.now(UTC) <= timedelta(hours=24)


def test_a_removed_webhook_is_gone(hooks):
    told = hooks.register()

    assert hooks.ask("DELETE", f"/{told['id']}").status_code == 204

    for method, path in (
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/rotate-secret"),
        ("POST", "/test"),
    ):
        answer = hooks.ask(method, f"/{told['id']}{path}")
        refusal(answer, 404, "RESOURCE_NOT_FOUND", "webhook_not_found")
    assert hooks.get("/").json()["results"] == []


def test_a_test_is_queued_as_a_delivery(hooks):
    told = hooks.register(events=["patient.registered"])

    answer = hooks.post(f"/{told['id']}/test")

    assert answer.status_code == 201
    assert answer.json() == {
        "id": UUID, "event": "webhook.test", "state": "PENDING", "attempt_count": 0,
        "next_attempt_at": MOMENT, "created_at": MOMENT, "delivered_at": None,
    }  # fmt: skip


def test_recovering_is_begun_and_told(hooks):
    told = hooks.register()
    since = datetime.now(UTC) - timedelta(days=2)

    answer = hooks.post(f"/{told['id']}/recover", {"since": since.isoformat()})

    assert answer.status_code == 200
    assert datetime.fromisoformat(answer.json()["recovering_since"]) == since.replace(microsecond=0)


@pytest.mark.parametrize(
    "since",
    [
        "2026-11-20", "2026-11-20T10:00:00", "yesterday", "", 5, None, "2026-11-20T25:00:00Z",
        "2026-11-20 10:00:00Z", "2026-W47-5T10:00:00Z", "2026-11-20T10:00:00+99:00", "٢٠٢٦-11-20T10:00:00Z",
        "2999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2020-01-01T00:00:00Z",
    ],
)  # fmt: skip
def test_a_time_that_is_none_or_too_far_away_is_refused(hooks, since):
    told = hooks.register()

    wrong(hooks.post(f"/{told['id']}/recover", {"since": since}), "since")


@pytest.mark.parametrize("path", ["test", "recover"])
def test_nothing_is_sent_to_one_that_is_switched_off(hooks, path):
    told = hooks.register()
    hooks.ask("PATCH", f"/{told['id']}", {"is_active": False})
    body = {"since": datetime.now(UTC).isoformat()}

    refusal(hooks.post(f"/{told['id']}/{path}", body), 409, "CONFLICT", "webhook_inactive")


def test_a_hospital_has_twenty_at_most(hooks):
    for _ in range(20):
        hooks.register()

    details = refusal(hooks.post("/register", BODY), 409, "CONFLICT", "too_many_webhooks")

    assert details["limit"] == 20


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/test")])
def test_one_that_never_was_is_not_found(hooks, method, path):
    refusal(hooks.ask(method, f"/{NOWHERE}{path}"), 404, "RESOURCE_NOT_FOUND", "webhook_not_found")
