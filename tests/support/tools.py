"""Tools as a caller uses them, without any transport."""

from typing import Any

from jsonschema import Draft202012Validator

from credentials.callers import Credential
from mcp_integration import invoking
from mcp_integration.invoking import Outcome, invoke


def promised(name: str) -> Draft202012Validator:
    """What a tool says that it gives, as something that checks results."""
    tool = invoking.tool_named(name)
    assert tool is not None
    return Draft202012Validator(tool.output_schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


class Tools:
    """Calls tools with one credential."""

    def __init__(self, credential: Credential, language: str | None = "en") -> None:
        self.credential = credential
        self.language = language

    def outcome(self, name: str, /, **arguments: Any) -> Outcome:
        return invoke(self.credential, name, arguments, language=self.language)

    def call(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """The result of a call that must succeed."""
        outcome = self.outcome(name, **arguments)
        assert outcome.error is None, outcome.error
        assert outcome.result is not None
        promised(name).validate(outcome.result)
        return outcome.result

    def refused(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """The error of a call that must be refused."""
        outcome = self.outcome(name, **arguments)
        assert outcome.error is not None, outcome.result
        assert outcome.result is None
        return outcome.error
