"""A button's data says what it means, fits Telegram's 64 bytes, and opens nothing elsewhere."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telegram_integration import callbacks
from telegram_integration.callbacks import BadTap, Tap, read, sign

BOT, OTHER_BOT = UUID(int=1), UUID(int=2)
CHAT, OTHER_CHAT = 7_000_001, 7_000_002
SLOT = Tap("bt", 12, ("z9", callbacks.pack_instant(1_790_000_000), callbacks.pack_uuid(UUID(int=2**127))))


def test_a_button_says_again_what_it_meant():
    assert read(sign(SLOT, bot_id=BOT, chat_id=CHAT), bot_id=BOT, chat_id=CHAT) == SLOT


def test_the_longest_button_fits_into_64_bytes():
    longest = Tap("wxy", 10**6, (callbacks.pack_uuid(UUID(int=1)), "zzzzz", callbacks.pack_instant(2**33)))

    assert len(sign(longest, bot_id=BOT, chat_id=-(2**52)).encode()) <= 64


@pytest.mark.parametrize(
    "where", [{"bot_id": OTHER_BOT, "chat_id": CHAT}, {"bot_id": BOT, "chat_id": OTHER_CHAT}]
)
def test_a_button_of_another_chat_or_bot_opens_nothing(where):
    with pytest.raises(BadTap):
        read(sign(SLOT, bot_id=BOT, chat_id=CHAT), **where)


@pytest.mark.parametrize("place", range(0, 40, 3))
def test_a_changed_letter_makes_it_worthless(place):
    data = sign(SLOT, bot_id=BOT, chat_id=CHAT)
    changed = data[:place] + ("A" if data[place] != "A" else "B") + data[place + 1 :]

    with pytest.raises(BadTap):
        read(changed, bot_id=BOT, chat_id=CHAT)


@pytest.mark.parametrize(
    "text", ["", ".", "...", "bt", "bt.c.", "ไทย", "\x00", "bt.c.1." + "A" * 8, "a" * 64]
)
def test_made_up_data_is_refused(text):
    with pytest.raises(BadTap):
        read(text, bot_id=BOT, chat_id=CHAT)


def test_a_button_outlives_a_change_of_the_secret_key(settings):
    data = sign(SLOT, bot_id=BOT, chat_id=CHAT)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a-new-key"

    assert read(data, bot_id=BOT, chat_id=CHAT) == SLOT
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(BadTap):
        read(data, bot_id=BOT, chat_id=CHAT)


@given(st.integers(0, 2**63))
def test_numbers_come_back(number):
    assert callbacks.unpack_int(callbacks.pack_int(number)) == number


@given(st.uuids())
def test_ids_come_back_in_22_characters(value):
    assert len(callbacks.pack_uuid(value)) == 22
    assert callbacks.unpack_uuid(callbacks.pack_uuid(value)) == value


@given(st.dates(date(2020, 1, 1), date(2199, 12, 31)))
def test_days_come_back(day):
    assert callbacks.unpack_day(callbacks.pack_day(day)) == day


_FIRST, _LAST = datetime(2020, 1, 1), datetime(2099, 1, 1)  # noqa: DTZ001  -- hypothesis adds the zone


@given(st.datetimes(_FIRST, _LAST, timezones=st.just(UTC)))
def test_instants_come_back_by_the_minute(instant):
    packed = callbacks.pack_instant(instant)

    assert callbacks.unpack_instant(packed) == instant.replace(second=0, microsecond=0)
    assert callbacks.pack_instant(int(instant.timestamp())) == packed


@pytest.mark.parametrize(
    ("unpack", "text"),
    [
        (callbacks.unpack_int, "!"),
        (callbacks.unpack_uuid, "AAAA"),
        (callbacks.unpack_uuid, "A"),
        (callbacks.unpack_day, "zzzzzzzzz"),
        (callbacks.unpack_instant, "zzzzzzzzzzzz"),
    ],
)
def test_arguments_of_no_known_form_are_a_bad_tap(unpack, text):
    with pytest.raises(BadTap):
        unpack(text)
