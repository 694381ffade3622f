import hashlib
import re
import string

import pytest

from apikeys import secrets
from apikeys.secrets import ALPHABET, hash_key, is_well_formed, make_key


def test_a_key_has_a_prefix_a_public_id_a_secret_and_a_checksum():
    key = make_key()

    assert re.fullmatch(r"nadmor_[0-9A-Za-z]{10}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}", key.text)
    assert key.text.split("_")[1] == key.public_id
    assert key.key_hash == hash_key(key.text) == hashlib.sha256(key.text.encode()).hexdigest()
    assert is_well_formed(key.text)


def test_keys_do_not_repeat_and_use_the_whole_alphabet():
    keys = [make_key() for _ in range(300)]

    for part in ({key.text for key in keys}, {key.public_id for key in keys}, {key.key_hash for key in keys}):
        assert len(part) == 300
    assert set("".join(key.text.split("_")[2] for key in keys)) == set(ALPHABET)
    assert len(ALPHABET) == 62


def test_one_wrong_character_anywhere_is_noticed():
    text = make_key().text
    for place, letter in enumerate(text):
        other = "x" if letter != "x" else "y"
        assert not is_well_formed(text[:place] + other + text[place + 1 :]), place


@pytest.mark.parametrize("spoil", [str.lower, str.upper, str.strip, lambda text: text[::-1]])
def test_a_key_is_taken_only_as_it_was_given(spoil):
    text = make_key().text

    assert is_well_formed(spoil(text)) == (spoil(text) == text)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text + "\n", lambda text: " " + text, lambda text: text + "x", lambda text: text[:-1],
        lambda text: text.replace("_", "-"), lambda text: text.replace("nadmor", "nadmur"),
        lambda text: text.replace("nadmor", "ｎadmor"), lambda _: "", lambda _: "_", lambda _: "nadmor___",
        lambda text: text + "_" + text, lambda _: "x" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_key_is_seen_at_once(spoil):
    assert not is_well_formed(spoil(make_key().text))


def test_the_checksum_fits_its_six_characters():
    """62 to the sixth is more than a CRC of 32 bits: no checksum is cut off."""
    assert len(ALPHABET) ** secrets.CHECKSUM_LENGTH > 2**32
    assert set(ALPHABET) == set(string.digits + string.ascii_letters)
