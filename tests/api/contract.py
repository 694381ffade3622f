"""Holding every answer against the OpenAPI document, with nothing in it that the document does not name."""

import copy
import re
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

from tests.support.rest import Rest

METHODS = ("get", "put", "post", "delete", "patch")


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of the code."""
    with translation.override("en"):
        return SchemaGenerator(urlconf="config.urls_api").get_schema(request=None, public=True)


@cache
def _strict_components() -> dict[str, Any]:
    """The document's schemas, each object closed to properties that it does not name."""
    components = copy.deepcopy(document()["components"])
    for schema in components["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return components


@cache
def validator(component: str) -> Draft202012Validator:
    """Checks a value against one of the document's schemas."""
    schema = {"$ref": f"#/components/schemas/{component}", "components": _strict_components()}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Each operation of the document: path, method, what it says."""
    return [
        (path, method, item[method])
        for path, item in document()["paths"].items()
        for method in METHODS
        if method in item
    ]


def component_of(said: dict[str, Any], media_type: str = "application/json") -> str:
    """The name of the schema that a request body or a response refers to."""
    return said["content"][media_type]["schema"]["$ref"].rpartition("/")[2]


def check(method: str, path: str, answer: HttpResponse) -> None:
    """An answer of the REST door must be one that the document foresees."""
    if not path.startswith(("/api/v1/", "/api/auth/")):
        return
    said = _said(method, path)
    if said is None:
        assert answer.status_code >= 400
        return
    if method == "HEAD":
        assert answer.content == b""
        return
    response = said["responses"].get(str(answer.status_code), said["responses"]["default"])
    if answer.status_code == 204:
        assert answer.content == b""
    elif answer.status_code == 200 and "text/calendar" in response.get("content", {}):
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    else:
        validator(component_of(response, answer["Content-Type"])).validate(answer.json())


def _said(method: str, path: str) -> dict[str, Any] | None:
    try:
        route = resolve(path, "config.urls_api").route
    except Resolver404:
        return None
    item = document()["paths"]["/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route)]
    return item.get("get" if method == "HEAD" else method.lower())


class ContractClient(Client):
    """A client that checks each answer as it comes."""

    def request(self, **environ: Any) -> HttpResponse:
        answer = super().request(**environ)
        check(environ["REQUEST_METHOD"], environ["PATH_INFO"], answer)
        return answer


def checked(rest: Rest) -> Rest:
    """The same client of the REST door, with every answer held against the document."""
    rest.client = ContractClient(raise_request_exception=False)
    return rest
