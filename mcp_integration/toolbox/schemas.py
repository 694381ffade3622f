"""JSON Schema 2020-12 out of serializers: what a tool takes, and what it gives."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from bookings.serializers.fields import PatientText
from mcp_integration.toolbox.untrusted import ABOUT_UNTRUSTED, wire_name

Schema = dict[str, Any]

# The first class that fits tells the type; the order is from the narrow to the wide.
_TYPES: tuple[tuple[type[serializers.Field], Schema], ...] = (
    (serializers.UUIDField, {"type": "string", "format": "uuid"}),
    (serializers.EmailField, {"type": "string", "format": "email"}),
    (serializers.DateTimeField, {"type": "string", "format": "date-time"}),
    (serializers.DateField, {"type": "string", "format": "date"}),
    (serializers.TimeField, {"type": "string"}),
    (serializers.DecimalField, {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
    (serializers.BooleanField, {"type": "boolean"}),
    (serializers.IntegerField, {"type": "integer"}),
    (serializers.FloatField, {"type": "number"}),
    (serializers.CharField, {"type": "string"}),
    (serializers.JSONField, {}),
)
_BOUNDS = {"min_value": "minimum", "max_value": "maximum", "max_length": "maxLength"}


def schema_of(serializer: serializers.BaseSerializer, *, is_answer: bool = False) -> Schema:
    """The schema of a serializer's values: as they are sent to us, or as we answer them.

    In answers, fields with text from outside carry their marked names (`mcp_integration.toolbox.untrusted`).
    """
    return _schema(serializer, is_answer=is_answer)


def _schema(field: Any, *, is_answer: bool) -> Schema:
    schema = _shape(field, is_answer=is_answer)
    if field.allow_null:
        schema = _or_null(schema)
    about = str(field.help_text or "")
    if is_answer and isinstance(field, PatientText):
        about = f"{about} {ABOUT_UNTRUSTED}".strip()
    if about:
        schema = {**schema, "description": about}
    if not is_answer and field.default is not empty and not callable(field.default):
        schema["default"] = field.default
    return schema


def _shape(field: Any, *, is_answer: bool) -> Schema:
    for kind, shape in _NESTED:
        if isinstance(field, kind):
            return shape(field, is_answer)
    return _simple(field)


def _object(serializer: Any, is_answer: bool) -> Schema:  # noqa: FBT001  -- one of a table of shapes
    fields = {
        wire_name(name, field) if is_answer else name: field
        for name, field in serializer.fields.items()
        if not (field.write_only if is_answer else field.read_only)
    }
    schema: Schema = {
        "type": "object",
        "properties": {name: _schema(field, is_answer=is_answer) for name, field in fields.items()},
    }
    if required := [name for name, field in fields.items() if _is_required(field, is_answer)]:
        schema["required"] = required
    return schema


def _is_required(field: Any, is_answer: bool) -> bool:  # noqa: FBT001  -- the same
    """An answer has whatever nobody has to send: what we make ourselves, or take for granted."""
    return bool(field.required or (is_answer and (field.read_only or field.default is not empty)))


def _list(field: Any, is_answer: bool) -> Schema:  # noqa: FBT001  -- the same
    schema: Schema = {"type": "array", "items": _schema(field.child, is_answer=is_answer)}
    if (most := getattr(field, "max_length", None)) is not None:
        schema["maxItems"] = most
    return schema


def _dict(field: Any, is_answer: bool) -> Schema:  # noqa: FBT001  -- the same
    return {"type": "object", "additionalProperties": _schema(field.child, is_answer=is_answer)}


def _choices(field: Any, is_answer: bool) -> Schema:  # noqa: ARG001, FBT001  -- the same
    return {"type": "string", "enum": [str(choice) for choice in field.choices]}


_NESTED: tuple[tuple[type, Callable[[Any, bool], Schema]], ...] = (
    (serializers.ListSerializer, _list),
    (serializers.BaseSerializer, _object),
    (serializers.ListField, _list),
    (serializers.DictField, _dict),
    (serializers.ChoiceField, _choices),
)


def _simple(field: Any) -> Schema:
    schema = _type_of(field)
    if schema.get("type") == "string" and getattr(field, "min_length", None):
        schema["minLength"] = field.min_length
    for name, keyword in _BOUNDS.items():
        if (bound := getattr(field, name, None)) is not None and _is_apt(keyword, schema):
            schema[keyword] = bound
    return schema


def _is_apt(keyword: str, schema: Schema) -> bool:
    return (keyword == "maxLength") == (schema.get("type") == "string")


def _type_of(field: Any) -> Schema:
    # What a field says of itself, for OpenAPI as for us.
    said = getattr(field, "_spectacular_annotation", {}).get("field")
    if isinstance(said, dict):
        return {name: value for name, value in said.items() if name != "example"}
    for kind, schema in _TYPES:
        if isinstance(field, kind):
            return dict(schema)
    raise TypeError(f"No JSON type is known for {type(field).__name__}.")


def _or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema
