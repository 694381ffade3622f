"""Whatever the guides name exists, and what has to be named is."""

import re
import shlex

import pytest
from django.core.management import get_commands, load_command_class

from api import urls  # noqa: F401  -- brings in every room, so that every refusal is known
from apikeys.scopes import SCOPES
from bookings.rules.policy import Refusal
from bookings.rules.statuses import Status
from core.errors import CODES, DomainError, Kind
from tests.docs.guides import GUIDES, ROOT, blocks, code_spans

API = (ROOT / "docs/api.md").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()

every_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: str(guide.relative_to(ROOT)))


# ── refusals ──────────────────────────────────────────────────────────────────
# Rooms whose refusals leave by REST, and those reasons of theirs that never do.
ROOMS = (
    "core.errors",
    "tenants.errors",
    "accounts.",
    "apikeys.",
    "events.",
    "api.",
    "credentials.",
    "bookings.errors",
    "webhooks.errors",
)
ELSEWHERE = {
    "invalid", "not_found", "provisioning_failed", "provisioning_busy",
    "patient_not_found", "user_not_found", "own_account", "last_administrator",
    "cursor_unknown", "doctor_not_found", "specialty_not_found", "specialty_exists",
    "code_needed", "patient_inactive", "batch_not_found", "batch_ended", "nothing_to_undo",
    "moved_meanwhile",
    "nothing_to_set_up", "second_factor_required",
}  # fmt: skip


def refusals(kind: type[DomainError] = DomainError) -> dict[str, Kind]:
    """Every reason in the code with its kind."""
    found = {kind.reason: kind.kind} if kind.__module__.startswith(ROOMS) else {}
    for narrower in kind.__subclasses__():
        found |= refusals(narrower)
    return found


def documented_reasons() -> dict[str, int]:
    """Reason and status of each row of the guide's table."""
    table = API.partition("| `reason` |")[2]
    return {
        name: int(status) for name, status in re.findall(r"^\| `(\w+)` \| (\d{3}) \|", table, re.MULTILINE)
    }


def test_the_guide_lists_every_reason_with_its_status():
    real = refusals() | {str(why): Kind.CONFLICT for why in Refusal}

    assert documented_reasons() == {
        reason: CODES[kind][1] for reason, kind in real.items() if reason not in ELSEWHERE
    }


def test_the_guide_names_every_code_with_its_status():
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([\d, ]+) \|", API, re.MULTILINE)
    documented = {(code, int(status)) for code, some in rows for status in some.split(",")}

    assert set(CODES.values()) <= documented


def test_the_guides_name_every_status_and_scope():
    for status in Status:
        assert status in (ROOT / "docs/vocabulary.md").read_text()
    for scope in SCOPES:
        assert f"`{scope}`" in API


# ── settings ──────────────────────────────────────────────────────────────────
def settings_in_code() -> set[str]:
    """Names that the configuration reads out of the environment."""
    reads = re.compile(
        r"""(?:\benv(?:\.\w+)?|\b(?:required|number|flag)|environ\.(?:get|setdefault))\(\s*["']([A-Z_]+)["']"""
    )
    return {name for path in ROOT.glob("config/**/*.py") for name in reads.findall(path.read_text())}


def test_the_operations_guide_lists_every_setting():
    table = OPERATIONS.partition("## Settings")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == settings_in_code()


def test_the_example_of_a_dotenv_lists_every_setting():
    example = (ROOT / ".env.example").read_text()

    assert set(re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE)) == settings_in_code()
    assert not re.findall(r"^[A-Z]", example, re.MULTILINE), "copied as it is, it changes nothing"


# ── commands ──────────────────────────────────────────────────────────────────
def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@every_guide
def test_every_target_of_make_that_a_guide_names_exists(guide):
    spans = [span for span in code_spans(guide.read_text()) if span.startswith("make ")]

    assert {span.split()[1] for span in spans} <= make_targets()


def test_the_development_guide_lists_every_target_of_make():
    table = (ROOT / "docs/development.md").read_text().partition("## Tools")[2]

    assert set(re.findall(r"^\| `make (\w+)` \|", table, re.MULTILINE)) == make_targets()


@every_guide
def test_every_command_of_manage_py_that_a_guide_names_takes_what_it_says(guide):
    for span in code_spans(guide.read_text()):
        _, found, rest = span.partition("manage.py ")
        name, *options = shlex.split(rest) if found else [""]
        if not name.isidentifier():
            continue
        assert name in get_commands(), span
        if options and "…" not in span and name != "all_tenants_command":
            command = load_command_class(get_commands()[name], name)
            command.create_parser("manage.py", name).parse_args(options)


# ── files and links ───────────────────────────────────────────────────────────
def heading_anchor(heading: str) -> str:
    # Vowels and tone marks of Thai are kept, which \w leaves out.
    return re.sub(r"[^\w\u0e30-\u0e4e\- ]", "", heading.lower()).strip().replace(" ", "-")


@every_guide
def test_every_link_leads_somewhere(guide):
    for target in re.findall(r"\]\(([^)\s]+)\)", guide.read_text()):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        file = (guide.parent / path).resolve() if path else guide
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
            assert anchor in map(heading_anchor, headings), target


@every_guide
def test_every_file_that_a_guide_names_exists(guide):
    named = re.compile(r"(?:[a-z_]+/)+(?:[\w.-]+\.(?:py|html|css|in|md))?|\.ci/run")
    for span in code_spans(guide.read_text()):
        if named.fullmatch(span):
            assert (ROOT / span).exists(), span


def test_the_tree_in_the_development_guide_is_the_tree():
    tree = next(blocks((ROOT / "docs/development.md").read_text(), ""))[2]
    inner = set(re.findall(r"^    (\w+)/", tree, re.MULTILINE))

    for name in re.findall(r"^(\w+)/", tree, re.MULTILINE):
        assert (ROOT / name).is_dir(), name
    for name in inner:
        assert (ROOT / "bookings" / name).is_dir(), name


def test_every_decision_is_in_the_list_and_dated():
    listed = (ROOT / "docs/adr/README.md").read_text()
    for decision in sorted(ROOT.glob("docs/adr/0*.md")):
        text = decision.read_text()
        assert f"({decision.name})" in listed
        assert re.match(rf"# {decision.name[:4]}: .+\n\n\d{{4}}-\d\d-\d\d · accepted\n\n## Context\n", text)
        assert "\n## Decision\n" in text
        assert "\n## Consequences\n" in text
