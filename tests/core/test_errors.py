import ast
import re
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from api import urls  # noqa: F401  -- brings in every room, so that every refusal is known
from apikeys.keys import WrongKey
from bookings.errors import IllegalStatus, PatientBusy, SlotRefused
from bookings.rules.policy import Refusal
from bookings.rules.statuses import Status
from core.errors import Busy, DomainError, InvalidInput, Kind, NotAllowed, NotFound
from events.idempotency import KeyReused


def every_refusal(of=DomainError):
    yield of
    for child in of.__subclasses__():
        yield from every_refusal(child)


@pytest.mark.parametrize("refusal", list(every_refusal()), ids=lambda refusal: refusal.__name__)
def test_each_refusal_has_a_kind_a_reason_and_a_late_text(refusal):
    assert isinstance(refusal.kind, Kind)
    assert refusal.reason == refusal.reason.lower().replace(" ", "_") != ""
    assert isinstance(refusal.text, Promise)
    with translation.override("en"):
        assert str(refusal.text).endswith(".")


def test_a_refusal_is_worded_when_it_is_read():
    class Late(DomainError):
        text = gettext_lazy("Yes")

    error = Late()
    with translation.override("th"):
        thai = str(error)
    with translation.override("en"):
        english = str(error)
    assert (thai, english) == ("ใช่", "Yes")


def test_a_refusal_carries_what_its_caller_may_act_on():
    error = NotFound(name="x")

    assert (error.data, error.args) == ({"name": "x"}, ("not_found",))
    assert NotFound().data == {}


def test_wrong_input_is_told_field_by_field():
    error = InvalidInput(date="Wrong.", time="Wrong too.")

    assert error.data == {"fields": {"date": ["Wrong."], "time": ["Wrong too."]}}
    assert error.kind is Kind.INVALID


@pytest.mark.parametrize("why", Refusal)
def test_each_reason_against_a_slot_has_words_of_its_own(why):
    error = SlotRefused(why, [])

    assert (error.reason, error.args, error.kind) == (why.value, (why.value,), Kind.CONFLICT)
    assert str(error) not in {str(SlotRefused(other, [])) for other in Refusal if other is not why}


def test_refusals_of_one_kind_are_told_alike():
    assert (NotAllowed.kind, Busy.kind, WrongKey.kind, KeyReused.kind, PatientBusy.kind) == (
        "not_allowed", "unavailable", "bad_credentials", "conflict", "conflict",
    )  # fmt: skip


def test_an_illegal_move_names_the_legal_ones():
    assert IllegalStatus(Status.CHECKED_IN).data == {
        "from": "CHECKED_IN",
        "allowed": ["IN_PROGRESS", "CANCELLED", "NO_SHOW"],
    }


ROOMS = ("core", "tenants", "accounts", "events", "apikeys", "bookings")
# They render while the reader's language is the thread's own; a calendar file is written in one go as well.
PAGES = ("admin/", "accounts/second_factor/steps.py", "accounts/second_factor/own.py", "icalendar.py")


def eager_files(*, of_pages: bool):
    """Files of ours that translate at once."""
    root = Path(__file__).parents[2]
    for room in ROOMS:
        for path in (root / room).rglob("*.py"):
            is_page = any(part in path.as_posix() for part in PAGES)
            if is_page is of_pages and re.search(r"import gettext as|import ngettext\b", path.read_text()):
                yield path


def test_no_refusal_is_translated_where_it_is_raised():
    """A text that is translated at once would speak the language of whichever thread came by."""
    eager = [path for path in eager_files(of_pages=False) if "import gettext as" in path.read_text()]

    assert eager == []


def test_a_page_translates_when_it_is_shown_and_not_when_its_code_is_read():
    checked = 0
    for path in eager_files(of_pages=True):
        tree = ast.parse(path.read_text())
        eager = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
            for alias in node.names
            if alias.name in ("gettext", "ngettext")
        }
        functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        inside = {
            id(call) for node in ast.walk(tree) if isinstance(node, functions) for call in ast.walk(node)
        }
        said = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        named = [call for call in said if isinstance(call.func, ast.Name) and call.func.id in eager]
        assert [call.lineno for call in named if id(call) not in inside] == [], path
        checked += len(named)

    assert checked > 20
