import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bookings.actions.appointments import book_appointment
from events.models import Event
from tests.support.catalogue import at, guest


@pytest.fixture
def event(desk, check_up):
    book_appointment(desk, service_id=check_up.pk, start=at(9), guest=guest())
    return Event.objects.filter(type="booking.created").latest("id")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_event SET type = 'nothing.happened'",
        "UPDATE events_event SET actor_label = 'somebody else', relayed_at = now()",
        "UPDATE events_event SET data = '{}'",
        "DELETE FROM events_event",
        "TRUNCATE events_event",
    ],
)
def test_the_database_itself_refuses_to_rewrite_history(event, statement):
    with pytest.raises(DatabaseError, match="history"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Event.objects.filter(pk=event.pk, type="booking.created").exists()


def test_that_an_event_was_relayed_may_be_noted(event):
    Event.objects.filter(pk=event.pk).update(relayed_at=timezone.now())

    assert Event.objects.get(pk=event.pk).relayed_at is not None
