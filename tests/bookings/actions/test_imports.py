"""Drafts of imports: every line is tried without a trace, and only what is good and meant is done."""

import pytest

from accounts.permissions import Role
from bookings.actions import import_checks
from bookings.actions.batch_work import work_off
from bookings.actions.batches import confirm_batch, stop_batch
from bookings.actions.import_checks import CHECK, check_import, check_in_background, check_soon
from bookings.actions.imports import NothingToImport, StillChecking, confirm_import, start_import
from bookings.errors import BatchEnded, BatchNotFound
from bookings.exchange.reading import Line, Table
from bookings.models import Batch, Patient, Practitioner
from bookings.models.batch import BatchItem, BatchKind, BatchState, Outcome
from bookings.queries.imports import preview_of
from core.errors import NotAllowed
from events.models import Event
from jobs.models import Job
from subscriptions.actions import create_subscription
from tests.subscriptions.conftest import OPERATOR, make_plan
from tests.support.statements import counted

ANN = {"name": "Ann Bell", "phone_number": "0811111111", "hospital_number": "HN-1"}
BAD = {"name": "Bad", "phone_number": "12"}


def table(*lines):
    return Table([Line(number, values) for number, values in enumerate(lines, start=2)], [])


@pytest.fixture
def admin(in_hospital, people):
    return people.actor(Role.ADMIN)


@pytest.fixture
def draft(desk):
    """A draft of patients whose lines have been tried."""

    def make(*lines, checked=True):
        batch = start_import(desk, kind=BatchKind.IMPORT_PATIENTS, table=table(*lines), title="p.csv")
        if checked:
            assert check_import(desk, batch.pk)
        return batch

    return make


def done(batch):
    """Work a batch off to its end."""
    while work_off(str(batch.pk)) is not None:
        pass
    batch.refresh_from_db()
    return batch


def outcomes(batch):
    return [
        (item.number, item.outcome, item.reason)
        for item in BatchItem.objects.filter(batch=batch).order_by("number")
    ]


def test_trying_leaves_nothing_but_what_was_found(draft, people):
    before = (Patient.objects.count(), Event.objects.count(), Job.objects.exclude(kind="batch").count())

    batch = draft(ANN, BAD, {"name": people.alice.name, "phone_number": "0812345678"})

    assert outcomes(batch) == [
        (2, Outcome.WAITING, "would_add"), (3, Outcome.REFUSED, "invalid"), (4, Outcome.UNCHANGED, ""),
    ]  # fmt: skip
    after = (Patient.objects.count(), Event.objects.count(), Job.objects.exclude(kind="batch").count())
    assert after == before
    preview = preview_of(batch)
    assert (preview.total, preview.checked, preview.good) == (3, 3, 1)
    assert (preview.added, preview.unchanged, preview.refused) == (1, 1, 1)


def test_nothing_of_a_line_stands_in_the_database_as_it_is(draft):
    batch = draft(ANN, BAD, checked=False)

    kept = [*BatchItem.objects.filter(batch=batch).values(), *Batch.objects.filter(pk=batch.pk).values()]
    assert not any(word in str(kept) for word in ("Ann", "0811111111", "HN-1"))
    check_import_again = BatchItem.objects.filter(batch=batch, outcome=Outcome.REFUSED)
    assert "12" not in str(list(check_import_again.values_list("fields", "reason")))


def test_what_is_wrong_is_kept_as_the_source_has_it_for_readers_of_any_language(draft):
    batch = draft({"name": "X", "phone_number": "12", "email": "no"})

    (item,) = BatchItem.objects.filter(batch=batch)
    assert item.fields == {
        "phone_number": ["This is not a phone number."], "email": ["This is not an e-mail address."],
    }  # fmt: skip


def test_the_good_lines_are_imported_and_the_same_file_again_changes_nothing(draft, desk):
    batch = draft(ANN, BAD)

    confirm_import(desk, batch.pk)
    done(batch)

    assert batch.state == BatchState.DONE
    assert outcomes(batch) == [(2, Outcome.DONE, ""), (3, Outcome.REFUSED, "invalid")]
    assert Patient.objects.filter(hospital_number="HN-1").count() == 1
    assert not BatchItem.objects.filter(batch=batch).exclude(payload="").exists()
    again = draft(ANN, BAD)
    assert [outcome for _, outcome, _ in outcomes(again)] == [Outcome.UNCHANGED, Outcome.REFUSED]


def test_a_line_about_somebody_of_an_earlier_line_is_refused(draft):
    batch = draft(
        ANN,
        {"name": "MRS ann  bell", "phone_number": "+66 81-111-1111"},
        {"name": "Other", "hospital_number": "HN-1"},
        {"name": "Ann Bell", "phone_number": "0822222222"},
    )

    assert [reason for _, _, reason in outcomes(batch)] == [
        "would_add", "repeated_line", "repeated_line", "would_add",
    ]  # fmt: skip


def test_an_earlier_line_that_is_bad_keeps_nobody_out(draft, monkeypatch):
    lines = (ANN | {"email": "no"}, ANN)

    assert outcomes(draft(*lines))[1] == (3, Outcome.WAITING, "would_add")
    monkeypatch.setattr(import_checks, "LINES_AT_ONCE", 1)
    assert outcomes(draft(*lines))[1] == (3, Outcome.WAITING, "would_add")


def test_a_draft_whose_lines_are_not_all_tried_cannot_be_confirmed(draft, desk):
    batch = draft(ANN, checked=False)

    with pytest.raises(StillChecking):
        confirm_import(desk, batch.pk)


def test_a_draft_in_which_nothing_is_good_cannot_be_confirmed(draft, desk):
    with pytest.raises(NothingToImport):
        confirm_import(desk, draft(BAD).pk)


def test_a_draft_is_confirmed_once(draft, desk):
    batch = draft(ANN)
    confirm_import(desk, batch.pk)

    with pytest.raises(BatchEnded):
        confirm_import(desk, batch.pk)


def test_whoever_did_not_make_a_draft_and_may_not_read_the_history_does_not_know_of_it(draft, people):
    with pytest.raises(BatchNotFound):
        confirm_import(people.actor(Role.NURSE), draft(ANN).pk)


def test_a_long_draft_is_tried_in_the_background(draft, desk, monkeypatch):
    monkeypatch.setattr(import_checks, "LINES_AT_ONCE", 2)
    monkeypatch.setattr(import_checks, "SECONDS_A_STEP", 0.0)
    lines = [{"name": f"P{n}", "phone_number": f"08100000{n:02}"} for n in range(5)]
    batch = draft(*lines, checked=False)
    check_soon(batch)

    assert Job.objects.filter(kind=CHECK, subject=str(batch.pk)).exists()
    steps = 1
    while check_in_background(str(batch.pk)) is not None:
        steps += 1
    assert steps == 3
    assert preview_of(batch).added == 5


def test_a_draft_that_was_discarded_is_not_tried_any_more(draft, desk):
    batch = draft(ANN, checked=False)
    stop_batch(desk, batch.pk)

    assert check_in_background(str(batch.pk)) is None
    assert outcomes(batch) == [(2, Outcome.WAITING, "")]
    assert not BatchItem.objects.filter(batch=batch).exclude(payload="").exists()


def test_a_check_that_comes_too_late_changes_nothing_of_what_is_imported(draft, desk, monkeypatch):
    batch = draft(ANN)
    items = list(BatchItem.objects.filter(batch=batch))
    confirm_batch(desk, batch.pk)
    done(batch)

    import_checks._try(desk, batch, items)

    assert outcomes(batch) == [(2, Outcome.DONE, "")]


def test_a_line_that_fails_by_a_fault_of_ours_holds_up_no_other(draft, monkeypatch, caplog):
    real = import_checks.take_line

    def broken(actor, kind, values, **more):
        if values["name"] == "Broken":
            raise ZeroDivisionError("Broken")
        return real(actor, kind, values, **more)

    monkeypatch.setattr(import_checks, "take_line", broken)

    assert [reason for _, _, reason in outcomes(draft({"name": "Broken"}, ANN))] == ["failed", "would_add"]
    assert "ZeroDivisionError" in caplog.text
    assert "Broken" not in caplog.text


def test_the_plan_is_counted_over_the_whole_file(admin, in_hospital, monkeypatch):
    monkeypatch.setattr(import_checks, "LINES_AT_ONCE", 1)
    have = Practitioner.objects.filter(kind="DOCTOR", is_active=True).count()
    plan = make_plan(max_doctors=have + 2)
    create_subscription(OPERATOR, hospital=in_hospital, plan_id=plan.pk, billing_cycle="MONTHLY")
    rows = table(*({"name_th": f"หมอ {n}"} for n in range(3)), {"name_th": "พยาบาล", "kind": "nurse"})

    batch = start_import(admin, kind=BatchKind.IMPORT_PRACTITIONERS, table=rows)
    assert check_import(admin, batch.pk)

    assert [reason for _, _, reason in outcomes(batch)] == [
        "would_add_doctor", "would_add_doctor", "plan_limit_reached", "would_add",
    ]  # fmt: skip
    confirm_import(admin, batch.pk)
    done(batch)
    assert Practitioner.objects.filter(kind="DOCTOR", is_active=True).count() == have + 2


def test_whoever_may_not_write_starts_no_import(desk, people, in_hospital):
    with pytest.raises(NotAllowed):
        start_import(desk, kind=BatchKind.IMPORT_PRACTITIONERS, table=table({"name_th": "x"}))
    with pytest.raises(NotAllowed):
        start_import(people.actor(Role.DOCTOR), kind=BatchKind.IMPORT_PATIENTS, table=table(ANN))


def test_a_preview_is_one_statement_however_many_lines(draft):
    few, many = draft(ANN), draft(*({"name": f"P{n}", "phone_number": f"08100000{n:02}"} for n in range(3)))

    for batch in (few, many):
        with counted() as statements:
            preview_of(batch)
        assert len(statements) == 1
