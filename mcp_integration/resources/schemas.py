"""``schema://…``: what the things that tools answer with consist of, as JSON Schema 2020-12."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credentials.callers import Credential
from mcp_integration.invoking import tool_named
from mcp_integration.resources.rows import ListedResource
from mcp_integration.toolbox.schemas import Schema
from mcp_integration.toolbox.tool import Tool

SCHEME = "schema://"
MIME_TYPE = "application/json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Described:
    """A schema: whose answer it is part of. Whoever may use that tool may read it."""

    name: str
    title: str | Promise
    tool: str
    part: Callable[[Schema], Schema] = lambda schema: schema

    @property
    def uri(self) -> str:
        """Its address."""
        return f"{SCHEME}{self.name}"

    def text(self, tool: Tool) -> str:
        """The schema out of its tool's, as JSON."""
        schema = self.part(tool.output_schema)
        whole = {"$schema": DIALECT, "$id": self.uri, "title": str(self.title), **schema}
        return json.dumps(whole, ensure_ascii=False, indent=2, default=str)


def item(schema: Schema) -> Schema:
    """What a list consists of."""
    items: Schema = schema["properties"]["results"]["items"]
    return items


SCHEMAS = (
    Described("event-types", _("Services that can be booked"), "get_event_types"),
    Described("availability", _("Free times of a day"), "check_availability"),
    Described("booking", _("A booking"), "search_appointments", item),
    Described("hospital", _("A hospital"), "get_hospital"),
    Described("user", _("A user"), "get_user"),
    Described("doctor", _("A doctor"), "get_doctor_details"),
    Described("specialty", _("A field of medicine"), "list_specialties", item),
    Described("appointment", _("An appointment"), "list_appointments", item),
    Described("medical-record", _("A medical record"), "get_medical_record"),
    Described("treatment", _("A treatment"), "list_treatments", item),
    Described("subscription-plan", _("A plan for hospitals"), "list_subscription_plans", item),
    Described("subscription", _("A hospital's subscription"), "create_subscription"),
    Described("hospital-statistics", _("Statistics of a hospital"), "get_hospital_statistics"),
    Described("doctor-performance", _("Figures of a doctor"), "get_doctor_performance"),
    Described("specialty-demand", _("Demand by field of medicine"), "get_specialty_demand"),
)  # fmt: skip
_BY_URI = {row.uri: row for row in SCHEMAS}


def listed_schemas(credential: Credential) -> list[ListedResource]:
    """The schemas that a caller may read."""
    return [_listing(row) for row in SCHEMAS if _tool_of(credential, row) is not None]


def schema_at(credential: Credential, uri: str) -> str | None:
    """The text of a schema; None where there is none for this caller."""
    row = _BY_URI.get(uri)
    tool = None if row is None else _tool_of(credential, row)
    return None if row is None or tool is None else row.text(tool)


def _tool_of(credential: Credential, row: Described) -> Tool | None:
    tool = tool_named(row.tool)
    return tool if tool is not None and tool.may_be_used_by(credential.actor) else None


def _listing(row: Described) -> ListedResource:
    about: Any = _("Its fields, as JSON Schema 2020-12.")
    return ListedResource(row.uri, row.name, str(row.title), str(about), MIME_TYPE)
