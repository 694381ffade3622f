"""What holds for every operation of the OpenAPI document: limits, and the other form of refusals."""

from collections.abc import Iterator
from typing import Any

from api.problems import PROBLEM

_REF = "#/components/"
_HEADERS = {
    "RateLimit-Policy": {
        "description": 'The limit: `"booking";q=10;w=60` is 10 requests in 60 seconds. Missing without one.',
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": 'What is left of it, and the seconds until there is more: `"booking";r=9;t=60`.',
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457), for whoever accepts `application/problem+json`.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Names the kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For people, in the caller's language."},
        "instance": {"type": "string", "format": "uri-reference", "description": "The request's id."},
        "errors": {
            "type": "object",
            "additionalProperties": {},
            "description": "Each wrong field with its texts.",
        },
        "details": {
            "type": "object",
            "additionalProperties": {},
            "description": "A `reason` and what helps.",
        },
        "timestamp": {"type": "string", "format": "date-time"},
    },
    "required": ["type", "title", "status", "detail", "code", "timestamp"],
}
_LIMITED = "Too many requests; `details.retry_after` and `Retry-After` say how many seconds to wait."


def add_what_all_share(result: dict[str, Any], **_generator: Any) -> dict[str, Any]:
    """Drf-spectacular's hook: add headers, 429 and problem details to each operation."""
    schemas = result["components"]["schemas"]
    code = {"code": schemas["Error"]["properties"]["code"]}
    schemas["Problem"] = {**_PROBLEM, "properties": {**_PROBLEM["properties"], **code}}
    result["components"]["headers"] = _HEADERS
    for operation in _operations(result):
        envelope = {"application/json": {"schema": {"$ref": f"{_REF}schemas/ErrorEnvelope"}}}
        operation["responses"].setdefault("429", {"description": _LIMITED, "content": envelope})
        for status, response in operation["responses"].items():
            _complete(status, response)
        operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


def _operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in result["paths"].values():
        yield from (said for said in path.values() if isinstance(said, dict) and "responses" in said)


def _complete(status: str, response: dict[str, Any]) -> None:
    names = ["RateLimit-Policy", "RateLimit", *(["Retry-After"] if status in ("429", "default") else [])]
    told = {name: {"$ref": f"{_REF}headers/{name}"} for name in names}
    response["headers"] = {**told, **response.get("headers", {})}
    if not status.startswith("2"):
        response["content"][PROBLEM] = {"schema": {"$ref": f"{_REF}schemas/Problem"}}
