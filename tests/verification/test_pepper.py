from verification.pepper import code_keys, phone_keys

CODE = {"purpose": "link", "subject": "telegram:1", "phone": "+66812345678", "code": "123456"}


def test_a_key_is_sha_256_in_hexadecimal():
    [key] = phone_keys("+66812345678")

    assert len(bytes.fromhex(key)) == 32


def test_each_part_of_what_a_code_is_for_makes_another_key():
    others = [{"purpose": "x"}, {"subject": "x"}, {"phone": "+66812345679"}, {"code": "123457"}]

    assert len({code_keys(**{**CODE, **other})[0] for other in [{}, *others]}) == 5


def test_the_keys_follow_the_encryption_keys_the_first_one_writes(settings):
    settings.ENCRYPTION_KEYS = ["new", "old"]
    both = code_keys(**CODE)
    settings.ENCRYPTION_KEYS = ["old"]

    assert code_keys(**CODE) == both[1:]
    assert both[0] != both[1]
