"""What rooms above add to the demonstration."""

import pytest
from django.db import connection

from bookings.demo import loader, more
from bookings.demo.loader import load_demo
from bookings.demo.more import Size, add_to_demo
from bookings.models import Appointment, Patient
from tenants.context import current_hospital, outside
from tenants.models import Hospital

TINY = Size(days_back=2, days_ahead=2, patients=0.2)


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch):
    """Humnoi alone is loaded, and no room adds anything but what the test adds."""
    everything = loader.all_hospitals
    monkeypatch.setattr(loader, "all_hospitals", lambda today: everything(today)[1:])
    monkeypatch.setattr(more, "_fills", [])


def test_they_add_once_inside_of_each_hospital_when_all_else_is_there(db):
    seen = []

    def fill(plan, size):
        assert connection.in_atomic_block
        seen.append(
            (plan.subdomain, current_hospital().subdomain, size, Patient.objects.count() > 0,
             Appointment.objects.count() > 0)
        )  # fmt: skip

    add_to_demo(fill)
    add_to_demo(fill)
    load_demo(lambda _: None, TINY)
    assert seen == [("humnoi", "humnoi", TINY, True, True)]

    load_demo(lambda _: None, TINY)
    assert len(seen) == 1


def test_where_one_fails_nothing_of_the_hospital_stays(db):
    add_to_demo(lambda _plan, _size: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        load_demo(lambda _: None, TINY)
    with outside():
        assert not Hospital.objects.filter(subdomain="humnoi").exists()
