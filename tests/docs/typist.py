"""Somebody who types what a guide says, at a shell whose `curl` is Django's test client."""

import json
import os
import subprocess
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client

from tests.docs.guides import Step

_HOST = "localhost:8000"
_COPIED = (
    ("REF", "reference"), ("HOLD", "hold_id"), ("ACCESS", "access_token"), ("REFRESH", "refresh_token"),
)  # fmt: skip
# The shell expands quotes and variables as it would for a person; this `curl` tells what it was given.
_TELLING_CURL = 'curl() { printf "%s\\0" "$@"; }\n'


class Typist:
    """Types commands one after the other and keeps variables, like a terminal.

    The key is given, and so is the hospital that the guides call `demo`. The reference and the ids of a hold
    and of an entry of the waiting list are copied out of the answers, as a person would.
    """

    def __init__(self, key: str, subdomain: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.subdomain = subdomain
        self.copied = {"KEY": key}
        self.variables: dict[str, str] = {}

    def type(self, step: Step) -> HttpResponse | None:
        """Do one step; the answer, if it was a request."""
        if step.sets:
            self.variables[step.sets] = self.copied.get(step.sets) or self._value(step)
            return None
        return self._request(self._shell(_TELLING_CURL + step.command).split("\0")[:-1])

    def _value(self, step: Step) -> str:
        return self._shell(f'{step.command}\nprintf %s "${step.sets}"')

    def _shell(self, script: str) -> str:
        done = subprocess.run(
            ["sh", "-euc", script],  # noqa: S607  -- the shell of whoever reads the guide
            env={"PATH": os.environ["PATH"], **self.variables},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        return done.stdout

    def _request(self, words: list[str]) -> HttpResponse:
        method, body, headers, address = "GET", "", {"host": _HOST}, ""
        rest = iter(words)
        for word in rest:
            if word == "-X":
                method = next(rest)
            elif word == "-d":
                body = next(rest)
            elif word == "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            else:
                assert word.startswith(f"http://{_HOST}/"), word
                address = word
        url = urlsplit(address)
        path = url.path.replace("/tenants/demo/", f"/tenants/{self.subdomain}/")
        body = body.replace('"subdomain": "demo"', f'"subdomain": "{self.subdomain}"')
        answer = self.client.generic(
            method, f"{path}?{url.query}", body, headers.pop("Content-Type", ""), headers=headers
        )
        self._copy(answer)
        return answer

    def _copy(self, answer: HttpResponse) -> None:
        said = json_of(answer)
        for name, field in _COPIED:
            if field in said:
                self.copied[name] = said[field]
        if "brings_forward" in said:
            self.copied["ENTRY"] = said["id"]
        if "attempt_count" in said:
            self.copied["DELIVERY"] = said["id"]
        if "secret" in said:
            self.copied["WEBHOOK"] = said["id"]


def json_of(answer: HttpResponse) -> Any:
    """The answer's body, or an empty object where it is no JSON."""
    is_json = answer.headers.get("Content-Type") in ("application/json", "application/problem+json")
    return json.loads(answer.content) if is_json else {}
