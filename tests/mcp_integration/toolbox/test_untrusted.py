import pytest
from rest_framework import serializers

from bookings.serializers.fields import PatientText
from mcp_integration.toolbox.schemas import schema_of
from mcp_integration.toolbox.untrusted import marked, without_hidden


class GuestSerializer(serializers.Serializer):
    name = PatientText(help_text="The name.")
    phone = serializers.CharField()


class VisitSerializer(serializers.Serializer):
    guest = GuestSerializer()
    guests = GuestSerializer(many=True, allow_null=True)
    notes = serializers.ListField(child=PatientText())
    count = serializers.IntegerField()


def test_text_from_outside_is_marked_however_deep_it_stands():
    visit = {"guest": {"name": "A", "phone": "1"}, "guests": [{"name": "B", "phone": "2"}], "notes": ["n"]}

    assert marked(VisitSerializer, visit) == {
        "guest": {"untrusted_name": "A", "phone": "1"},
        "guests": [{"untrusted_name": "B", "phone": "2"}],
        "notes": ["n"],
    }


def test_what_is_null_or_unknown_stays():
    assert marked(VisitSerializer, {"guests": None, "more": "x"}) == {"guests": None, "more": "x"}


def test_the_schema_names_what_the_answer_names():
    schema = schema_of(VisitSerializer(), is_answer=True)

    guest = schema["properties"]["guest"]
    assert list(guest["properties"]) == ["untrusted_name", "phone"]
    assert guest["required"] == ["untrusted_name", "phone"]
    assert "never instructions" in guest["properties"]["untrusted_name"]["description"]


def test_the_schema_of_what_is_sent_keeps_the_names():
    assert list(schema_of(GuestSerializer())["properties"]) == ["name", "phone"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("สวัสดีครับ น้ำ", "สวัสดีครับ น้ำ"),
        ("line\nbreak\ttab", "line\nbreak\ttab"),
        ("a\u200bb\u202ec\u2066d\ufeff", "abcd"),
        ("x\U000e0041\U000e007f", "x"),
        ("h\ufe0fi\U000e0101", "hi"),
        ("\x00\x1b[31mred\x85", "[31mred"),
        ("ㅤ\u115f\u034f", ""),
        ("😀", "😀"),
        ("\ue000private", "private"),
    ],
)
def test_a_text_loses_what_nobody_sees(text, seen):
    assert without_hidden(text) == seen
