"""What is being typed: any process reads it, nobody else can, and it ends by itself."""

from uuid import uuid4

import pytest
from redis.exceptions import RedisError

from telegram_integration import drafts
from telegram_integration.drafts import NOTHING, Draft

TYPED = Draft("phone", {"name": "มาลี ศรีสุข", "phone": "+66812345678"})


@pytest.fixture
def somebody(db):
    return uuid4(), uuid4()


def kept_under(somebody):
    return drafts._redis(drafts.settings.REDIS_URL), drafts._key(*somebody)


def test_it_is_read_as_it_was_written(somebody):
    drafts.keep(*somebody, TYPED)

    assert drafts.load(*somebody) == TYPED


def test_it_is_over_when_it_is_dropped(somebody):
    drafts.keep(*somebody, TYPED)
    drafts.drop(*somebody)

    assert drafts.load(*somebody) is NOTHING


def test_it_ends_after_an_hour(somebody):
    drafts.keep(*somebody, TYPED)
    redis, key = kept_under(somebody)

    assert 0 < redis.ttl(key) <= 3600


def test_neither_key_nor_value_says_who_it_is(somebody):
    drafts.keep(*somebody, TYPED)
    redis, key = kept_under(somebody)

    assert "812345678" not in key
    assert b"812345678" not in redis.get(key)


def test_what_somebody_put_in_its_place_is_nothing(somebody):
    other = uuid4(), uuid4()
    drafts.keep(*other, TYPED)
    redis, key = kept_under(somebody)
    redis.set(key, redis.get(drafts._key(*other)))

    assert drafts.load(*somebody) is NOTHING


def test_a_redis_that_is_away_is_told(somebody, settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    with pytest.raises(RedisError):
        drafts.load(*somebody)
