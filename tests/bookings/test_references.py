import re

import pytest

from bookings.references import ALPHABET, LENGTH, PATTERN, canonical, new_reference


def test_a_reference_is_two_groups_of_four_of_the_alphabet():
    for _ in range(200):
        reference = new_reference()
        assert re.fullmatch(PATTERN, reference)
        assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", reference)


def test_no_letter_looks_or_sounds_like_another_and_none_makes_words():
    assert not set(ALPHABET) & set("01258OILZSBUVAEI")
    assert len(set(ALPHABET)) == len(ALPHABET) == 21
    assert LENGTH == 8


def test_references_do_not_repeat_and_use_the_whole_alphabet():
    drawn = {new_reference() for _ in range(5000)}

    assert len(drawn) == 5000
    for place in range(9):
        assert {reference[place] for reference in drawn} == ({"-"} if place == 4 else set(ALPHABET))


@pytest.mark.parametrize(
    "written",
    ["K7QM-4TXR", "k7qm-4txr", "K7QM4TXR", " k7qm 4txr ", "K7QM–4TXR", "K7-QM-4T-XR", "K7QM\x004TXR"],
)
def test_a_reference_is_one_however_it_is_written(written):
    assert canonical(written) == "K7QM-4TXR"


@pytest.mark.parametrize("written", ["", "-", "ก", "\x00"])
def test_what_is_no_reference_has_a_harmless_form(written):
    assert canonical(written) == "-"
