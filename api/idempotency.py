"""The ``Idempotency-Key`` header: a repeated request is answered again, not done again."""

import json
import re
from collections.abc import Callable
from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from core.actor import Actor
from core.errors import InvalidInput
from events.idempotency import Answer, answer_once

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_PRINTABLE = re.compile(r"[\x21-\x7e]{1,255}")


def once(request: Request, respond: Callable[[], Response]) -> Response:
    """Run `respond` at most once for the request's key, if it carries one.

    The view has entered its hospital by now (`api.views.base`): the answer is kept there, in one transaction
    with what `respond` does. Raises `InvalidInput` for a key that is not 1 to 255 printable ASCII characters,
    `KeyReused` for a key that came with another body before.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return respond()
    if not _PRINTABLE.fullmatch(key):
        raise InvalidInput(**{HEADER: _("Use 1 to 255 printable ASCII characters without spaces.")})

    def work() -> Answer:
        response = respond()
        return Answer(status=response.status_code, body=_plain(response.data))

    answer = answer_once(
        cast(Actor, request.user),
        route=f"{request.method} {request.path}",
        key=key,
        request=_plain(request.data),
        respond=work,
    )
    headers = {REPLAYED: "true"} if answer.replayed else {}
    return Response(answer.body, status=answer.status, headers=headers)


def _plain(data: Any) -> Any:
    """Data as JSON has it: what is answered first is, to the byte, what a repetition is answered."""
    return json.loads(json.dumps(data, cls=JSONEncoder))
