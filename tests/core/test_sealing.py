import pytest

from core.sealing import CannotUnseal, seal, unseal

PLACE = "webhooks.secret:1"


def test_what_was_sealed_is_read_again_at_its_place():
    assert unseal(seal("ความลับ 🔑", place=PLACE), place=PLACE) == "ความลับ 🔑"


def test_the_sealed_text_shows_nothing_and_differs_each_time():
    first, second = seal("secret", place=PLACE), seal("secret", place=PLACE)

    assert first != second
    assert "secret" not in first


def test_a_copy_at_another_place_opens_nothing():
    with pytest.raises(CannotUnseal):
        unseal(seal("secret", place=PLACE), place="webhooks.secret:2")


@pytest.mark.parametrize("spoilt", ["", "x", "AQ==", "not base64 !"])
def test_what_was_never_sealed_opens_nothing(spoilt):
    with pytest.raises(CannotUnseal):
        unseal(spoilt, place=PLACE)


def test_what_was_changed_opens_nothing():
    with pytest.raises(CannotUnseal):
        unseal(seal("secret", place=PLACE)[:-8] + "AAAAAAA=", place=PLACE)


def test_after_a_rotation_old_texts_open_and_new_ones_need_the_new_key(settings):
    old = seal("secret", place=PLACE)
    settings.ENCRYPTION_KEYS = ["a new key", "for-tests-only"]
    new = seal("secret", place=PLACE)

    assert (unseal(old, place=PLACE), unseal(new, place=PLACE)) == ("secret", "secret")
    settings.ENCRYPTION_KEYS = ["for-tests-only"]
    with pytest.raises(CannotUnseal):
        unseal(new, place=PLACE)
