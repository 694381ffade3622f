"""Webhooks in both admins: what the pages show, and that whatever they change goes through the verbs."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from events.models import Event
from tenants.context import inside
from tests.api.hooks import attempt, delivery
from tests.support.statements import counted
from tests.support.webhooks import endpoint
from webhooks.keyring import open_secrets
from webhooks.models import Delivery, Webhook

WEBHOOKS, DELIVERIES = "/admin/webhooks/webhook/", "/admin/webhooks/delivery/"
URL = "https://his.example.org/hook"
SECRET = re.compile(r'id="webhook-secret">(whsec_[A-Za-z0-9+/=]+)<')


@pytest.fixture
def own(in_hospital) -> Webhook:
    """Ploy's webhook."""
    return endpoint(in_hospital, URL, "booking.created")


@pytest.fixture
def theirs(other_hospital) -> Webhook:
    """Rama's webhook."""
    return endpoint(other_hospital, "https://rama.example.org/hook")


def page(row: Webhook | Delivery, name: str = "change") -> str:
    return f"{WEBHOOKS if isinstance(row, Webhook) else DELIVERIES}{row.pk}/{name}/"


def secret_in(answer) -> str:
    (secret,) = SECRET.findall(answer.text)
    return secret


def secrets_of(row: Webhook) -> list[str]:
    row.refresh_from_db()
    return open_secrets(row.pk, row.secret, row.previous_secret)


def history(hospital, row: Webhook) -> list[tuple[str, str, str]]:
    with inside(hospital):
        events = Event.objects.filter(subject_type="webhook", subject_id=str(row.pk)).order_by("id")
        return [(event.type, event.door, event.actor_label) for event in events]


# ── the platform's ────────────────────────────────────────────────────────────
def test_an_operator_registers_one_for_a_hospital_and_sees_the_secret_once(operator, hospital):
    answer = operator.submit(
        WEBHOOKS + "add/",
        hospital=hospital.pk,
        url="HTTPS://His.example.org/hook",
        events=["booking.created", "*"],
        description="HIS",
    )

    row = Webhook.objects.get()
    assert (row.hospital, row.url, row.events, row.description) == (hospital, URL, ["*"], "HIS")
    assert "no-store" in answer["Cache-Control"]
    assert [secret_in(answer)] == secrets_of(row)
    assert "whsec_" not in operator.get(page(row)).text
    assert history(hospital, row) == [("webhook.registered", "admin", "Olga")]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"url": "https://10.0.0.1/"}, "url"), ({"url": "ftp://his.example.org/"}, "url"),
        ({"url": ""}, "url"),
        ({"events": None}, "events"), ({"events": ["x"]}, "events"), ({"hospital": None}, "hospital"),
        ({"description": "x" * 201}, "description"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(operator, hospital, typed, field):
    good = {"hospital": hospital.pk, "url": URL, "events": ["*"]}

    answer = operator.submit(WEBHOOKS + "add/", **{**good, **typed})

    assert field in answer.context["adminform"].form.errors
    assert Webhook.objects.count() == 0


def test_the_verbs_refusal_comes_back_in_the_form(operator, hospital):
    for _ in range(20):
        endpoint(hospital, URL)

    answer = operator.submit(WEBHOOKS + "add/", hospital=hospital.pk, url=URL, events=["*"])

    assert "as many webhooks as there may be" in answer.text
    assert Webhook.objects.count() == 20


def test_an_operator_sees_all_hospitals_webhooks_with_their_health(operator, own, theirs):
    attempt(delivery(str(own.pk)))
    Webhook.objects.filter(pk=theirs.pk).update(consecutive_failures=3)

    listed = operator.get(WEBHOOKS).text

    for text in (
        "Ploy Hospital",
        "Rama Hospital",
        URL,
        "https://rama.example.org/hook",
        "Healthy",
        "Failing",
        "1 / 1",
    ):
        assert text in listed


def test_the_list_takes_as_many_statements_for_three_as_for_one(operator, own, hospital):
    operator.get(WEBHOOKS)
    with counted() as one:
        operator.get(WEBHOOKS)
    endpoint(hospital, URL)
    endpoint(hospital, URL)
    with counted() as three:
        operator.get(WEBHOOKS)

    assert len(one) == len(three)


def test_a_password_in_the_query_stays_out_of_the_list(operator, hospital):
    row = endpoint(hospital, URL + "?token=hush")
    delivery(str(row.pk))

    assert "hush" not in operator.get(WEBHOOKS).text
    assert "hush" not in operator.get(DELIVERIES).text


def test_it_is_changed_by_the_verb(operator, hospital, own):
    operator.submit(page(own), url="https://new.example.org/", events=["patient.registered"])

    own.refresh_from_db()
    assert (own.url, own.events) == ("https://new.example.org/", ["patient.registered"])
    assert history(hospital, own)[-1] == ("webhook.changed", "admin", "Olga")


def test_a_wrong_change_is_told_at_its_field(operator, own):
    answer = operator.submit(page(own), url="https://169.254.169.254/")

    assert "url" in answer.context["adminform"].form.errors
    own.refresh_from_db()
    assert own.url == URL


def test_a_new_secret_is_shown_once_and_both_are_good(operator, hospital, own):
    (before,) = secrets_of(own)

    assert "whsec_" not in operator.get(page(own, "rotate")).text
    assert secrets_of(own) == [before]
    answer = operator.post(page(own, "rotate"), {})

    assert secrets_of(own) == [secret_in(answer), before]
    assert "no-store" in answer["Cache-Control"]
    assert history(hospital, own)[-1][0] == "webhook.secret_rotated"


def test_a_test_is_queued_and_its_delivery_shown(operator, own):
    operator.get(page(own, "test"))
    assert Delivery.objects.count() == 0
    answer = operator.post(page(own, "test"), {})

    row = Delivery.objects.get()
    assert row.event_type == "webhook.test"
    assert answer["Location"] == page(row)
    assert "Test" in operator.get(page(row)).text


def test_what_was_missed_is_asked_for_since_a_day(operator, own):
    day = datetime.now(UTC).date() - timedelta(days=3)
    answer = operator.submit(page(own, "recover"), since=day.strftime("%d/%m/") + str(day.year + 543))

    assert answer.status_code == 302
    own.refresh_from_db()
    assert own.recovering_since == datetime(day.year, day.month, day.day, tzinfo=UTC)


@pytest.mark.parametrize("since", ["", "yesterday", "01/01/2020", "01/01/2100"])
def test_a_day_that_cannot_be_is_refused_in_the_form(operator, own, since):
    answer = operator.submit(page(own, "recover"), since=since)

    assert "since" in answer.context["form"].errors
    own.refresh_from_db()
    assert own.recovering_since is None


def test_it_is_switched_off_and_on(operator, hospital, own):
    assert "Nothing more is sent" in operator.get(page(own, "switch")).text
    operator.post(page(own, "switch"), {})
    own.refresh_from_db()
    assert (own.is_active, own.disabled_why) == (False, "ASKED")
    assert "Switched off by somebody" in operator.get(page(own)).text

    operator.post(page(own, "switch"), {})
    own.refresh_from_db()
    assert own.is_active
    assert [kind for kind, _, _ in history(hospital, own)][-2:] == ["webhook.disabled", "webhook.reactivated"]


def test_chosen_ones_are_switched_together(operator, own, theirs):
    operator.act(WEBHOOKS, "switch_off_chosen", own, theirs)
    assert Webhook.objects.filter(is_active=True).count() == 0

    operator.act(WEBHOOKS, "switch_on_chosen", own, theirs)
    assert Webhook.objects.filter(is_active=True).count() == 2


def test_nothing_is_sent_to_one_that_is_off(operator, own):
    operator.act(WEBHOOKS, "switch_off_chosen", own)

    for name, typed in (("test", {}), ("recover", {"since": datetime.now(UTC).strftime("%Y-%m-%d")})):
        assert "is switched off" in operator.post(page(own, name), typed).text
    assert Delivery.objects.count() == 0


def test_it_is_removed_after_a_question(operator, own):
    assert URL in operator.get(page(own, "remove")).text
    operator.post(page(own, "remove"), {})

    own.refresh_from_db()
    assert (own.removed_at is not None, own.secret) == (True, "")
    assert URL not in operator.get(WEBHOOKS).text
    assert operator.get(page(own)).status_code == 302


def test_its_history_is_that_of_its_hospital(operator, own):
    operator.post(page(own, "rotate"), {})

    told = operator.get(page(own, "history")).text

    assert "Webhook registered" in told
    assert "secret renewed" in told
    assert "Olga" in told


# ── a hospital's own ──────────────────────────────────────────────────────────
def test_an_administrator_registers_one_for_the_own_hospital(as_admin, in_hospital):
    answer = as_admin.submit(WEBHOOKS + "add/", url=URL, events=["*"])

    row = Webhook.objects.get()
    assert row.hospital == in_hospital
    assert [secret_in(answer)] == secrets_of(row)


def test_an_administrator_sees_the_own_hospitals_alone(as_admin, own, theirs):
    mine, foreign = delivery(str(own.pk)), delivery(str(theirs.pk))

    assert [row.pk for row in as_admin.get(WEBHOOKS).context["cl"].result_list] == [own.pk]
    assert [row.pk for row in as_admin.get(DELIVERIES).context["cl"].result_list] == [mine.pk]
    for path in (page(theirs), page(foreign), page(theirs, "history")):
        assert as_admin.get(path).status_code in (302, 404)
    for row, name in (
        (theirs, "rotate"),
        (theirs, "test"),
        (theirs, "switch"),
        (theirs, "remove"),
        (foreign, "resend"),
    ):
        assert as_admin.post(page(row, name), {}).status_code == 404
    as_admin.act(WEBHOOKS, "switch_off_chosen", theirs)
    theirs.refresh_from_db()
    assert (theirs.is_active, Delivery.objects.filter(webhook=theirs).count()) == (True, 1)


@pytest.mark.parametrize("path", [WEBHOOKS, WEBHOOKS + "add/", DELIVERIES])
def test_others_see_no_webhooks(at_desk, as_doctor, path):
    assert at_desk.get(path).status_code == 403
    assert as_doctor.get(path).status_code == 403


@pytest.mark.parametrize("name", ["rotate", "test", "switch", "remove", "recover"])
def test_others_change_no_webhooks(at_desk, own, name):
    assert at_desk.post(page(own, name), {}).status_code == 403


def test_the_history_names_what_happens_to_webhooks(as_admin, own):
    as_admin.post(page(own, "rotate"), {})

    listed = as_admin.get("/admin/events/event/").text

    assert "Webhook registered" in listed
    assert f'href="{page(own)}"' in listed
