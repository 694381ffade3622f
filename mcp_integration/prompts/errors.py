"""Refusals of prompts."""

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, NotFound


class PromptNotFound(NotFound):
    """There is no prompt of that name for this caller."""

    reason = "prompt_not_found"
    text = _("There is no such prompt.")


class WrongArguments(InvalidInput):
    """Arguments that are missing, wrong or unknown; `fields` names each with its texts."""

    reason = "wrong_arguments"
    text = _("Some arguments of the prompt are missing or wrong.")
