import pytest

from core.strict_json import DEEPEST, GivenTwice, NotJson, read_json


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a": [1, "\xe0\xb8\x81", null, true, 0.5]}', {"a": [1, "ก", None, True, 0.5]}),
        (b"\xef\xbb\xbf{}", {}),
        ('"text"', "text"),
        (r'"\ud83d\ude00"', "😀"),
        (r'"\\ud83d"', r"\ud83d"),
        ("[" * DEEPEST + "]" * DEEPEST, None),
    ],
)
def test_json_is_read(raw, value):
    assert read_json(raw) == value or value is None


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"{}{}", b"{'a': 1}", b"[1,]", b"NaN", b"[Infinity]", b"-Infinity", b"\xff",
        b'"\xed\xa0\x80"',
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "[" * 100_000, '{"a":' * 50 + "1" + "}" * 50, "1" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_json_or_nests_too_deeply_is_refused(raw):
    with pytest.raises(NotJson):
        read_json(raw)


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ('{"a": 1, "a": 1}', "a"),
        ('{"outer": {"in-ner_1": 1, "b": 2, "in-ner_1": 3}}', "in-ner_1"),
        ('{"": 1, "": 2}', "body"),
        ('{"<b>": 1, "<b>": 2}', "body"),
        ('{"' + "a" * 61 + '": 1, "' + "a" * 61 + '": 2}', "body"),
    ],
)
def test_a_name_that_is_given_twice_is_told_if_it_can_be_a_field_s(raw, field):
    with pytest.raises(GivenTwice) as caught:
        read_json(raw)

    assert caught.value.field == field
