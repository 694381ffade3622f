import logging
import time
from contextlib import suppress
from uuid import UUID

import pytest
from django.test import override_settings

from bookings.channels import Message, NotNow, NotTaken, Recipient
from bookings.channels.email import EmailChannel
from tests.support.smtp import mail_server, nobody_listens, silent_server

MALEE = Recipient(name="Malee", email="malee@example.com", language="en")
TOLD = Message(
    id=UUID("0d4b8a0e-4a53-4b53-9c3c-5a2f5c1f6f10"),
    kind="reminder",
    title="Your appointment",
    text="Come at ten.\n",
    html="<p>Come at ten.</p>",
)
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def channel(in_hospital, settings):
    """The channel, by real SMTP, from a hospital with an address of its own."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = SMTP, "127.0.0.1", 1
    settings.DEFAULT_FROM_EMAIL = "noreply@nadmor.example"
    in_hospital.name, in_hospital.email = "โรงพยาบาลพลอย", "desk@ploy.example"
    return EmailChannel()


@pytest.fixture
def box(settings):
    with mail_server() as box:
        settings.EMAIL_PORT = box.port
        yield box


def test_a_message_arrives_as_text_and_html_with_an_id_that_stays(channel, box):
    channel.send(MALEE, TOLD)
    channel.send(MALEE, TOLD)

    first, again = box.taken
    assert first["Message-ID"] == again["Message-ID"] == f"<{TOLD.id}@localhost>"
    assert first["Subject"] == "Your appointment"
    assert first["To"] == "malee@example.com"
    assert first["From"].addresses[0].display_name == "โรงพยาบาลพลอย"
    assert first["From"].addresses[0].addr_spec == "noreply@nadmor.example"
    assert first["Reply-To"] == "desk@ploy.example"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_body(("plain",)).get_content().splitlines() == ["Come at ten."]
    assert "<p>Come at ten.</p>" in first.get_body(("html",)).get_content()
    assert box.recipients == [["malee@example.com"]] * 2


def test_whoever_gave_no_address_cannot_be_reached(channel):
    assert channel.why_not(Recipient(name="Malee", phone="+66812345678")) == "no_address"
    assert channel.why_not(MALEE) == ""


@override_settings(EMAIL_IN_USE=False)
def test_without_a_mail_server_nobody_can_be_reached(channel):
    assert channel.why_not(MALEE) == "email_not_set_up"


def test_an_address_that_the_server_refuses_for_good_is_not_tried_again(channel, box):
    box.refused["malee@example.com"] = "550 5.1.1 malee@example.com: no such user"

    with pytest.raises(NotTaken) as caught:
        channel.send(MALEE, TOLD)

    assert caught.value.why == "address_refused"
    # The server itself is well: the next one is sent.
    channel.send(Recipient(email="somsri@example.com"), TOLD)
    assert box.recipients == [["somsri@example.com"]]


def test_an_address_that_the_server_defers_is_tried_later(channel, box):
    box.refused["malee@example.com"] = "451 4.7.1 Greylisted"

    with pytest.raises(NotNow) as caught:
        channel.send(MALEE, TOLD)

    assert caught.value.why == "address_refused"


def test_a_message_that_the_server_refuses_is_refused(channel, box):
    box.data_reply = "554 5.7.1 Spam"

    with pytest.raises(NotTaken) as caught:
        channel.send(MALEE, TOLD)

    assert caught.value.why == "message_refused"


@pytest.mark.parametrize("address", ["malee\n@example.com", "มาลี@example.com", "malee"])
def test_an_address_that_cannot_be_written_down_harms_nobody(channel, box, address):
    with suppress(NotTaken):
        channel.send(Recipient(email=address), TOLD)

    channel.send(MALEE, TOLD)
    assert box.recipients[-1] == ["malee@example.com"]


@pytest.mark.parametrize("away", [nobody_listens, silent_server])
def test_a_server_that_is_away_or_hangs_costs_little_and_is_left_in_peace_for_a_while(
    channel, settings, away, caplog
):
    with away() as port, caplog.at_level(logging.DEBUG):
        settings.EMAIL_PORT = port
        begun = time.monotonic()
        for _ in range(50):
            with pytest.raises(NotNow) as caught:
                channel.send(MALEE, TOLD)
            assert caught.value.why == "mail_server_away"
    # Fifty tries of a second each would have taken fifty seconds.
    assert time.monotonic() - begun < 10
    assert "malee" not in caplog.text.lower()


def test_after_its_rest_the_server_is_tried_again(channel, settings, box):
    with nobody_listens() as port:
        settings.EMAIL_PORT = port
        with pytest.raises(NotNow):
            channel.send(MALEE, TOLD)
    settings.EMAIL_PORT = box.port
    channel._rests_until = time.monotonic()
    channel.send(MALEE, TOLD)

    assert len(box.taken) == 1
