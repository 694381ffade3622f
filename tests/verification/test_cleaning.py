from datetime import timedelta

import pytest

from core import clock
from jobs.models import Job
from jobs.standing import ensure_standing
from tenants.context import inside
from tests.verification.ages import let_pass
from verification import cleaning
from verification.actions import send_code
from verification.errors import CodeTooSoon
from verification.models import PhoneChallenge

pytestmark = pytest.mark.django_db


def test_codes_are_forgotten_after_two_days(sent_code):
    sent_code(subject="telegram:old")
    let_pass(days=2, seconds=1)
    sent_code(subject="telegram:new")

    again = cleaning.clean_up()

    assert [row.subject for row in PhoneChallenge.objects.all()] == ["telegram:new"]
    assert timedelta(hours=5) < again - clock.now() <= timedelta(hours=6)


def test_many_are_forgotten_some_at_a_time(sent_code, monkeypatch):
    monkeypatch.setattr(cleaning, "BATCH", 2)
    for number in range(3):
        sent_code(subject=f"telegram:{number}", phone=f"+6681234567{number}")
    let_pass(days=3)

    assert cleaning.clean_up() <= clock.now()
    assert PhoneChallenge.objects.count() == 1
    assert cleaning.clean_up() > clock.now()
    assert not PhoneChallenge.objects.exists()


def test_the_job_stands_in_the_public_schema_alone(hospital):
    ensure_standing()

    assert [job.schema_name for job in Job.objects.filter(kind=cleaning.CLEAN_UP)] == ["public"]


def test_a_code_is_one_and_the_same_inside_of_every_hospital(hospital, other_hospital, sent_code):
    with inside(hospital):
        sent_code()
    with inside(other_hospital):
        assert PhoneChallenge.objects.count() == 1
        with pytest.raises(CodeTooSoon):
            send_code(purpose="link", subject="telegram:1", phone="+66812345678", language="en")
