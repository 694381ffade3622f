import pytest

from config.broker import LastingChannel
from config.celery import app


def test_what_cannot_be_acknowledged_any_more_is_a_lost_connection_and_not_the_end_of_the_worker():
    with app.connection_for_read() as connection:
        with connection.SimpleQueue("tests-of-the-broker") as queue:
            queue.clear()
            queue.put("something")
            message = queue.get(timeout=5)
        channel = message.channel
        # As kombu leaves them when Redis goes away.
        channel.connection.client = channel._pool = None

        assert isinstance(channel, LastingChannel)
        with pytest.raises(connection.connection_errors):
            message.ack()
