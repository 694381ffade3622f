"""What `type` of a problem leads to (RFC 9457, section 3.1.1): a few words about that kind."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from api.problems import TITLES, TYPES
from bookings.errors import SlotRefused
from bookings.rules.policy import Refusal
from core.errors import CODES, DomainError


@require_safe
def problem_type(request: HttpRequest, name: str) -> JsonResponse:  # noqa: ARG001  -- a view
    """The title of a kind of problem and, for a reason, its code, status and text. Raises `Http404`."""
    if name.upper() in TITLES:
        code = name.upper()
        return JsonResponse({"type": TYPES + name, "code": code, "title": str(TITLES[code])})
    known = {refusal.reason: refusal for refusal in _refusals()}
    if name not in known:
        raise Http404
    code, status = CODES[known[name].kind]
    about = {"code": code, "status": status, "title": str(TITLES[code]), "detail": str(known[name].text)}
    return JsonResponse({"type": TYPES + name, **about})


def _refusals(kind: type[DomainError] = DomainError) -> Iterator[DomainError | type[DomainError]]:
    """Whatever a door may be refused for: each kind has a reason, that of a slot has several."""
    yield from kind.__subclasses__()
    for narrower in kind.__subclasses__():
        yield from _refusals(narrower)
    if kind is SlotRefused:
        yield from (SlotRefused(why, []) for why in Refusal)
