import pytest
from django.db import IntegrityError, transaction

from verification.models import PhoneChallenge

pytestmark = pytest.mark.django_db


def refuse(**changes):
    """Whether the database refuses such a change of the one row."""
    with pytest.raises(IntegrityError), transaction.atomic():
        PhoneChallenge.objects.update(**changes)


def test_a_subject_has_one_live_code_for_a_purpose(sent_code):
    sent_code()
    row = PhoneChallenge.objects.get()

    row.pk = None
    row._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_code_is_never_tried_a_sixth_time(sent_code):
    sent_code()

    refuse(attempts=6)


def test_what_is_live_has_not_failed(sent_code):
    sent_code()
    row = PhoneChallenge.objects.get()

    refuse(failed_at=row.created_at)


def test_a_row_names_nobody(sent_code):
    sent_code()
    row = PhoneChallenge.objects.get()

    assert str(row) == f"link {row.pk}"
