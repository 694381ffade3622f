"""Everything that people read is there in Thai, and it is read."""

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bookings.errors import SlotRefused
from bookings.models.appointment import STATUS_NAMES
from bookings.rules.policy import Refusal
from bookings.rules.statuses import Status
from launcher import messages
from launcher.checks import CHECKS
from launcher.messages import CATALOGUE, Message, Thai

REFUSED = "There is no booking with this reference."


@pytest.fixture(scope="module")
def collected() -> Thai:
    """The texts of the code, to be read only: every file is looked through for them, once."""
    return messages.texts_of_the_code()


def entry(text: str | tuple[str, str], thai: str, **more) -> Message:
    return Message(text, (thai,) if isinstance(text, tuple) else thai, **more)


def complaints(code: list[Message], catalogue: list[Message]) -> list[str]:
    found = Thai(catalogue)
    return list(messages.faults(Thai(code), found, messages.compiled(found)))


# ── the catalogue ──────────────────────────────────────────────────────────────
def test_every_text_is_translated_and_compiled(collected):
    binary = CATALOGUE.with_suffix(".mo").read_bytes()
    assert list(messages.faults(collected, messages.read_catalogue(CATALOGUE), binary)) == []


def test_collecting_again_changes_nothing(collected):
    merged = messages.merge(collected, messages.read_catalogue(CATALOGUE))
    assert messages.render(merged) == CATALOGUE.read_text(encoding="utf-8")
    assert messages.compiled(merged) == CATALOGUE.with_suffix(".mo").read_bytes()


def test_django_reads_the_catalogue():
    assert CATALOGUE.parents[2] in settings.LOCALE_PATHS


# ── what is collected ──────────────────────────────────────────────────────────
def test_texts_of_python_are_found_in_every_form_of_the_call():
    source = """
_("one " "text"); gettext_lazy("lazy"); ngettext("%(n)d day", "%(n)d days", n) % {"n": n}
pgettext_lazy("month", "May"); _(name); _(names["not"]); other("neither")
"""
    found = [(message.id, message.context) for message in messages.texts_of_python(source)]
    assert set(found) == {
        ("one text", None),
        ("lazy", None),
        (("%(n)d day", "%(n)d days"), None),
        ("May", "month"),
    }


def test_texts_of_templates_are_found_whatever_their_indentation(tmp_path):
    template = tmp_path / "page.html"
    template.write_text(
        '  <p>\n\t{% translate "One" %}\n {% if x %}\n      {{ _("Two")|upper }}{% endif %}</p>\n'
        "{% blocktranslate trimmed with n=1 %}\n   Hello\n   {{ n }}\n{% endblocktranslate %}"
    )
    assert [message.id for message in messages.texts_in(template)] == ["One", "Two", "Hello %(n)s"]


def test_what_a_library_has_in_thai_itself_is_left_to_it(collected):
    texts = {messages.key_of(message)[1]: message for message in messages.texts(collected)}
    assert texts["Reset filters"].auto_comments == ["unfold"]
    assert "Log out" not in texts
    assert "Toggle sorting" in texts, "its Thai in Django is half English"


def test_what_the_schedules_of_beat_are_called_is_collected_too(collected):
    texts = {messages.key_of(message)[1]: message for message in messages.texts(collected)}
    assert texts["Crontab Schedule"].auto_comments == ["django_celery_beat"]


# ── merging ────────────────────────────────────────────────────────────────────
def test_translations_are_kept_and_obsolete_ones_dropped():
    code = Thai([Message("new"), Message("kept"), Message(("a day", "days"))])
    merged = messages.merge(
        code, Thai([entry("kept", "ไว้"), entry("gone", "หาย"), entry(("a day", "days"), "วัน")])
    )
    assert {message.id: message.string for message in messages.texts(merged)} == {
        "kept": "ไว้",
        "new": "",
        ("a day", "days"): ("วัน",),
    }
    assert "gone" not in messages.render(merged)


def test_a_text_that_gets_a_plural_keeps_its_translation():
    merged = messages.merge(Thai([Message(("day", "days"))]), Thai([entry("day", "วัน")]))
    assert [message.string for message in messages.texts(merged)] == [("วัน",)]


def test_what_is_written_is_read_again(tmp_path):
    path = tmp_path / "django.po"
    path.write_text(messages.render(Thai([entry("a %s", "ก %s"), entry(("day", "days"), "วัน")])))
    assert messages.render(messages.merge(messages.read_catalogue(path), messages.read_catalogue(path))) == (
        path.read_text()
    )


# ── what is complained of ──────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("code", "catalogue", "complaint"),
    [
        (["One"], [], 'Missing, run `make messages` and translate it: "One"'),
        (["One"], [("One", "")], 'Untranslated: "One"'),
        ([], [("One", "หนึ่ง")], 'Obsolete, run `make messages`: "One"'),
        (["%(n)s of %(m)s"], [("%(n)s of %(m)s", "%(n)s")], 'Placeholders differ: "%(n)s of %(m)s"'),
        (["{name}"], [("{name}", "{nam}")], 'Placeholders differ: "{name}"'),
        (["%s"], [("%s", "ไม่มี")], 'Placeholders differ: "%s"'),
        ([("a day", "%(n)d days")], [(("a day", "%(n)d days"), "วัน")], 'Placeholders differ: "a day"'),
    ],
)
def test_each_fault_is_one_line(code, catalogue, complaint):
    assert complaints([Message(text) for text in code], [entry(*pair) for pair in catalogue]) == [complaint]


@pytest.mark.parametrize(
    ("text", "thai"),
    [
        ("%(n)s of %(m)s", "%(m)s มี %(n)s"),
        ("100%% of %s", "ร้อยละร้อยของ %s"),
        (("a day", "%(n)d days"), "%(n)d วัน"),
    ],
)
def test_a_translation_may_put_things_in_another_order(text, thai):
    assert complaints([Message(text)], [entry(text, thai)]) == []


def test_a_fuzzy_translation_is_no_translation():
    fuzzy = entry("One", "หนึ่ง", flags={"fuzzy"})
    assert complaints([Message("One")], [fuzzy]) == ['Fuzzy, look at it and remove the mark: "One"']


def test_a_binary_that_is_out_of_date_is_told():
    found = Thai([entry("One", "หนึ่ง")])
    assert list(messages.faults(Thai([Message("One")]), found, b"")) == [
        "django.mo is not what django.po compiles to: run `make messages`."
    ]


def test_making_and_checking_the_files(tmp_path, monkeypatch, capsys):
    path = tmp_path / "th" / "django.po"
    monkeypatch.setattr(messages, "CATALOGUE", path)
    monkeypatch.setattr(messages, "texts_of_the_code", lambda: Thai([Message("One")]))
    assert messages.messages() == 0
    assert messages.check() == 1
    assert 'django.po: Untranslated: "One"' in capsys.readouterr().out

    path.write_text(path.read_text().replace('msgid "One"\nmsgstr ""', 'msgid "One"\nmsgstr "หนึ่ง"'))
    assert messages.check() == 1
    assert "django.mo is not what django.po compiles to" in capsys.readouterr().out
    assert (messages.messages(), messages.check()) == (0, 0)

    path.write_text('msgid "One"\nno such keyword "here"\n')
    assert messages.check() == 1
    assert "django.po cannot be read" in capsys.readouterr().out


def test_make_check_fails_with_this_check():
    assert ["python", "-m", "launcher.messages"] in [list(check.command) for check in CHECKS]


# ── what people read ───────────────────────────────────────────────────────────
def test_a_refusal_of_the_api_is_in_thai(rest):
    answer = rest.get("/CCCC-CCCC", headers={"Accept-Language": "th"})
    assert answer.json()["error"]["message"] == "ไม่พบการจองที่มีรหัสนี้"
    with translation.override("en"):
        assert _(REFUSED) == REFUSED


@pytest.mark.parametrize("why", Refusal)
def test_every_refusal_of_a_time_is_in_thai(why):
    with translation.override("th"):
        text = str(SlotRefused(why, []).text)
    assert not any("a" <= letter <= "z" for letter in text), text


def test_every_status_has_a_thai_name_of_its_own():
    with translation.override("th"):
        names = {status: str(name) for status, name in STATUS_NAMES.items()}
    assert names[Status.NO_SHOW] == "ไม่มาตามนัด"
    assert len(set(names.values())) == len(Status)
    assert all("ก" <= name[0] <= "๙" for name in names.values())
