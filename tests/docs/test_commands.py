"""What the guides say to type does what they say it does."""

import re
from typing import Any

import pytest
import yaml

from accounts.models import User
from bookings.demo.catalogue import PASSWORD as DEMO_PASSWORD
from tenants.context import inside
from tests.conftest import make_api_key
from tests.docs.guides import ROOT, steps
from tests.docs.typist import Typist, json_of

WITH_REQUESTS = ("README.md", "docs/api.md")


@pytest.mark.parametrize("guide", WITH_REQUESTS)
def test_every_request_of_a_guide_is_answered_as_it_says(guide, hospital, check_up):
    assert check_up.pk == 1, "the guides speak of event type 1"
    with inside(hospital):
        User.objects.create_user("desk@demo.example", DEMO_PASSWORD, first_name="Fon")
    typist = Typist(make_api_key(hospital), hospital.subdomain)

    asked = [step for step in steps(ROOT / guide) if step.sets or step.command.startswith("curl")]
    for step in asked:
        answer = typist.type(step)
        if answer is None:
            continue
        assert answer.status_code == step.status, f"{step.command}\n{answer.content.decode()}"
        if step.answer is not None:
            assert_same_shape(step.answer, json_of(answer), at=step.command)


def test_the_api_guide_lists_and_shows_every_operation():
    text = (ROOT / "docs/api.md").read_text()
    listed = set(re.findall(r"^\| ([A-Z]+) \[`(/[^`]+)`\]", text, re.MULTILINE))
    shown = [step.command for step in steps(ROOT / "docs/api.md")]

    assert listed == operations()
    for method, path in listed:
        asked = path.format(event_type_id=1, hold_id="$HOLD", reference="$REF", entry_id="$ENTRY")
        way = "" if method == "GET" else f"-X {method} "
        example = re.compile(re.escape(f'{way}"$API{asked}') + r'["?]')
        assert any(example.search(command) for command in shown), f"{method} {path}"


def operations() -> set[tuple[str, str]]:
    """Method and path, below the hospital's, of everything in the OpenAPI document."""
    document = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())
    return {
        (method.upper(), path.partition("/booking")[2])
        for path, methods in document["paths"].items()
        for method in methods.keys() & {"get", "post", "put", "patch", "delete"}
        if "/booking" in path
    }


def assert_same_shape(shown: Any, real: Any, *, at: str) -> None:
    """The guide shows the fields that there are, no more and no fewer, and the real codes and reasons."""
    if isinstance(shown, dict) and isinstance(real, dict):
        assert sorted(shown) == sorted(real), at
        for name, value in shown.items():
            if name in {"code", "reason"}:
                assert "error" not in at or value == real[name], at
            assert_same_shape(value, real[name], at=f"{at} · {name}")
    elif isinstance(shown, list) and isinstance(real, list):
        assert not shown or real, at
        if shown and real:
            assert_same_shape(shown[0], real[0], at=f"{at}[0]")
    elif shown is not None and real is not None:
        assert type(shown) is type(real), at
