from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.rules.envelope import DoesNotOpen, key_of, open_text, place_of, seal_text

CIPHER, KEY_ID = AESGCM(bytes(32)), UUID(int=7)
PLACE = place_of("h_ploy", "records_medicalrecord", "diagnosis", "1")


def sealed(text="ความดันโลหิตสูง", place=PLACE):
    return seal_text(text, cipher=CIPHER, key_id=KEY_ID, place=place)


def opens(raw):
    try:
        open_text(raw, cipher=CIPHER, place=PLACE)
    except DoesNotOpen:
        return False
    return True


@pytest.mark.parametrize("text", ["", "Bronchitis", "ความดันโลหิตสูง 🫀", "x" * 20_000])
def test_what_was_sealed_opens_at_its_place(text):
    assert open_text(sealed(text), cipher=CIPHER, place=PLACE) == text


def test_the_header_names_the_key_and_no_two_seals_are_alike():
    first, second = sealed(), sealed()

    assert key_of(first) == KEY_ID
    assert first != second
    assert "ความดัน".encode() not in first


@pytest.mark.parametrize(
    "elsewhere",
    [
        ("h_rama", "records_medicalrecord", "diagnosis", "1"),
        ("h_ploy", "records_treatment", "diagnosis", "1"),
        ("h_ploy", "records_medicalrecord", "notes", "1"),
        ("h_ploy", "records_medicalrecord", "diagnosis", "2"),
    ],
)
def test_in_another_hospital_table_column_or_row_it_does_not_open(elsewhere):
    with pytest.raises(DoesNotOpen):
        open_text(sealed(), cipher=CIPHER, place=place_of(*elsewhere))


def test_with_another_key_it_does_not_open():
    with pytest.raises(DoesNotOpen):
        open_text(sealed(), cipher=AESGCM(b"\x01" * 32), place=PLACE)


@pytest.mark.parametrize("place", [0, 20, 30, -1])
def test_a_single_changed_bit_is_noticed(place):
    raw = bytearray(sealed())
    raw[place] ^= 1

    assert raw[0] != 1 or key_of(bytes(raw)) != KEY_ID or not opens(bytes(raw))


@pytest.mark.parametrize("raw", [b"", b"\x01", b"\x02" + bytes(60), bytes(range(100, 116))])
def test_what_was_never_sealed_names_no_key(raw):
    with pytest.raises(DoesNotOpen):
        key_of(raw)
