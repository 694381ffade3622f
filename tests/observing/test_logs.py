"""Whoever logs, and whatever: listed keys, no values of others, and no messages of exceptions."""

import logging

import pytest
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.settings import base
from observing.files import SharedFileHandler
from observing.logs import OURS, formatter, log_configuration
from tests.docs.guides import ROOT
from tests.observing.canary import CANARIES, EMAIL, NAME, NOTE, PHONE

ours, others = logging.getLogger("bookings.tests"), logging.getLogger("somebody.else")


def test_a_line_has_a_time_a_level_a_logger_and_a_sentence(written):
    ours.warning("saving refused by %s after %d tries", "one_seat", 3)

    [line] = written.lines
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "level": "warning", "logger": "bookings.tests", "event": "saving refused by one_seat after 3 tries",
    }  # fmt: skip


def test_only_listed_keys_pass_and_the_others_are_named(written):
    structlog.get_logger("bookings.tests").warning("moved", lane="events", patient=NAME, phone=PHONE)
    ours.warning("moved", extra={"lane": "events", "patient": NAME})

    assert [line["lane"] for line in written.lines] == ["events", "events"]
    assert written.lines[0]["dropped"] == ["patient", "phone"]
    assert written.is_clean()


def test_a_listed_key_with_something_else_than_a_plain_value_tells_its_type_alone(written):
    ours.warning("moved", extra={"kind": {"name": NAME}, "job": [NAME], "count": 3, "lane": EMAIL})

    [line] = written.lines
    assert (line["kind"], line["job"], line["count"], line["lane"]) == ("(dict)", "(list)", 3, "[email]")
    assert written.is_clean()


@pytest.mark.parametrize("style", ["json", "text"])
def test_a_key_of_ours_with_something_else_than_a_text_breaks_no_line(style):
    record = logging.makeLogRecord(
        {"name": "bookings.tests", "msg": "x", "hospital": {NAME}, "status": [NAME]}
    )

    line = formatter(style=style).format(record)
    assert "(set)" in line
    assert "(list)" in line
    assert NAME not in line


def test_a_handler_that_fails_prints_no_values(tmp_path, capsys):
    handler = SharedFileHandler(tmp_path / "no such folder" / "file", delay=True)
    handler.handle(logging.makeLogRecord({"msg": "%s", "args": (NAME,)}))

    assert NAME not in "".join(capsys.readouterr())


def test_an_exception_is_its_classes_and_its_places(written):
    def fail():
        raise ValueError(f"{NAME} {PHONE}")

    try:
        try:
            fail()
        except ValueError as error:
            note = NOTE
            raise RuntimeError(note) from error
    except RuntimeError:
        ours.exception("it failed")
        others.exception("it failed")
        structlog.get_logger("bookings.tests").exception("it failed", error=NAME, exception=NAME)

    for line in written.lines:
        assert line["failure"] == "RuntimeError < ValueError"
        assert line["at"].startswith("tests.observing.test_logs:") or "test_logs:" in line["at"]
    assert written.is_clean()


def test_an_exception_that_is_quoted_in_a_sentence_is_its_class(written):
    ours.warning("no hint: %s", ValueError(NAME))
    others.warning("no hint: %r", ValueError(NAME))
    others.warning(ValueError(NAME))

    assert [line["event"] for line in written.lines] == [
        "no hint: ValueError", "no hint: 'ValueError'", "ValueError",
    ]  # fmt: skip
    assert written.is_clean()


def test_of_what_others_say_the_constant_part_is_kept(written):
    others.warning("Not Found: %s", f"/search?phone={PHONE}&name={NAME}")
    others.warning("%(who)s failed %(times)d times", {"who": NAME, "times": 3})
    logging.getLogger("gunicorn.error").warning("Invalid request from ip=10.0.0.1: GET /" + NAME)  # noqa: G003
    logging.getLogger("gunicorn.error").error("Error handling request %s %s", "GET", f"/?q={NAME}")
    logging.getLogger("gunicorn.error").warning("Listening at: %s (%s)", "http://127.0.0.1:8000", 12)

    assert [line["event"] for line in written.lines] == [
        "Not Found: …", "… failed 3 times", "Invalid request from ip",
        "Error handling request … …", "Listening at: http://127.0.0.1:8000 (12)",
    ]  # fmt: skip
    assert written.is_clean()


def test_a_sentence_that_does_not_fit_its_values_is_kept_without_them():
    record = logging.LogRecord("bookings.tests", logging.INFO, __file__, 1, "wrong %d", (NAME,), None)

    assert '"event":"wrong %d"' in formatter(style="json").format(record)


def test_loggers_that_name_whole_addresses_or_values_are_silent(settings):
    levels = {name: options["level"] for name, options in settings.LOGGING["loggers"].items()}

    assert levels["django.request"] == levels["django.server"] == levels["celery.app.trace"] == "CRITICAL"
    assert levels["django.db.backends"] != "DEBUG"


def test_each_line_is_one_line_in_both_forms():
    record = logging.LogRecord("bookings.tests", logging.INFO, __file__, 1, "a\nb %s", ("c\r\nd",), None)

    for style in ("json", "text"):
        line = formatter(style=style).format(record)
        assert "\n" not in line
        assert "\r" not in line
        assert r"a\nb c\r\nd" in line.replace("\\\\", "\\")


def test_in_the_readable_form_nothing_more_is_said():
    error = ValueError(NAME)
    given = (type(error), error, None)
    record = logging.LogRecord("bookings.tests", logging.ERROR, __file__, 1, "failed", (), exc_info=given)
    line = formatter(style="text").format(record)

    assert "failure=ValueError" in line
    assert not [word for word in CANARIES if word in line]


def test_a_wrong_form_or_level_is_named():
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT is 'xml': it should be json or text"):
        log_configuration(style="xml", level="INFO")
    with pytest.raises(ImproperlyConfigured, match="LOG_LEVEL is 'LOUD'"):
        log_configuration(style="json", level="LOUD")


def test_every_room_of_ours_is_known_as_ours():
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}

    assert rooms <= OURS


def test_production_writes_json():
    assert base.LOG_FORMAT == "json"
    assert settings.LOGGING["formatters"]["line"]["style"] == "json"
