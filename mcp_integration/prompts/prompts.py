"""Listing prompts, putting them into words, completing their arguments; in the active language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apikeys.limits import spend
from credentials.callers import Credential
from mcp_integration.invoking import visible_tools
from mcp_integration.prompts import completions
from mcp_integration.prompts.booking import APPOINTMENT_BOOKING, BOOK_APPOINTMENT
from mcp_integration.prompts.care import EMERGENCY_TRIAGE, PATIENT_ONBOARDING
from mcp_integration.prompts.errors import PromptNotFound, WrongArguments
from mcp_integration.prompts.rows import Prompt
from mcp_integration.prompts.wording import words_of
from mcp_integration.resources.gathered import ITEM_OF, PAGE_OF

ALL_PROMPTS = (BOOK_APPOINTMENT, APPOINTMENT_BOOKING, PATIENT_ONBOARDING, EMERGENCY_TRIAGE)
USER = "user"

# What completes an argument of a prompt, or of a resource template.
_OF_PROMPTS: dict[tuple[str, str], completions.Source] = {
    (BOOK_APPOINTMENT.name, "service_type"): completions.service_types,
    (APPOINTMENT_BOOKING.name, "preferred_date"): completions.days,
    (PATIENT_ONBOARDING.name, "hospital_id"): completions.own_hospital,
    (PATIENT_ONBOARDING.name, "referral_source"): completions.referrals,
}
_OF_TEMPLATES: dict[tuple[str, str], completions.Source] = {
    (PAGE_OF, "collection"): completions.collections,
    (PAGE_OF, "sort"): completions.sorts,
    (ITEM_OF, "collection"): completions.collections,
    (ITEM_OF, "id"): completions.ids,
}


@dataclass(frozen=True, slots=True)
class ListedArgument:
    """An argument as clients show it."""

    name: str
    description: str
    required: bool


@dataclass(frozen=True, slots=True)
class ListedPrompt:
    """A prompt as clients show it."""

    name: str
    title: str
    description: str
    arguments: tuple[ListedArgument, ...]


def listed(credential: Credential, *, groups: Collection[str] | None = None) -> list[ListedPrompt]:
    """The prompts whose tools the caller may use, of the groups that are served (all, if none are named)."""
    tools = _tools_of(credential, groups)
    return [_listing(prompt) for prompt in ALL_PROMPTS if prompt.core <= tools]


def render(
    credential: Credential, name: str, arguments: Mapping[str, Any], *, groups: Collection[str] | None = None
) -> list[tuple[str, str]]:
    """The messages of a prompt: role (``user``) and text.

    Raises `PromptNotFound`, also for one that the caller does not see, `WrongArguments` with each wrong
    argument named, `HospitalNotFound` for another hospital's id, `HospitalInactive`, `TooManyRequests`.
    """
    spend("reading", credential.spender)
    tools = _tools_of(credential, groups)
    prompt = next((one for one in ALL_PROMPTS if one.name == name and one.core <= tools), None)
    if prompt is None:
        raise PromptNotFound
    given = _read(prompt, arguments)
    if (hospital_id := given.get("hospital_id")) is not None:
        credential.hospital_named(uuid=hospital_id)
    return [(USER, words_of(prompt, prompt.steps_for(tools), given))]


def complete(
    credential: Credential,
    ref_kind: str,
    ref_name: str,
    argument: str,
    value: str,
    context: Mapping[str, str] | None = None,
) -> list[str]:
    """Values that an argument may have, given how it begins; none for an argument that has no list.

    `ref_kind` is ``prompt`` or ``resource``, `ref_name` a prompt's name or a template's URI, `context` the
    arguments that are known already. At most 100. The catalogue is in memory: three statements at most.
    Raises `TooManyRequests`.
    """
    spend("reading", credential.spender)
    source = _OF_TEMPLATES.get((ref_name, argument))
    if ref_kind == "prompt":
        is_seen = any(ref_name == prompt.name for prompt in listed(credential))
        source = _OF_PROMPTS.get((ref_name, argument)) if is_seen else None
    return [] if source is None else completions.matching(source(credential, context or {}), value)


def _tools_of(credential: Credential, groups: Collection[str] | None) -> frozenset[str]:
    return frozenset(tool.name for tool in visible_tools(credential, groups))


def _listing(prompt: Prompt) -> ListedPrompt:
    fields = prompt.takes().fields.items()
    arguments = (ListedArgument(name, str(field.help_text), field.required) for name, field in fields)
    return ListedPrompt(prompt.name, str(prompt.title), str(prompt.description), tuple(arguments))


def _read(prompt: Prompt, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, validated. Raises `WrongArguments`."""
    # A form that a person left empty sends empty text.
    given = {name: value for name, value in arguments.items() if value not in ("", None)}
    asked = prompt.takes(data=given)
    wrong: dict[str, Any] = {
        name: _("There is no such argument.") for name in given if name not in asked.fields
    }
    if not asked.is_valid():
        wrong |= {name: _first(texts) for name, texts in asked.errors.items()}
    if wrong:
        raise WrongArguments(**wrong)
    data: dict[str, Any] = asked.validated_data
    return data


def _first(texts: Any) -> str:
    """The first of a field's texts; those of a list's members stand below their positions."""
    while not isinstance(texts, str):
        texts = next(iter(texts.values() if isinstance(texts, dict) else texts))
    return str(texts)
