"""What an answer may look like: JSON, whatever else the caller would also take."""

from collections.abc import Iterable

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils.mediatypes import media_type_matches

from api.problems import wants_problem


class JsonNegotiation(DefaultContentNegotiation):
    """By the Accept header alone (no ``?format=``), and no parameter of it comes back in our Content-Type."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,  # noqa: ARG002  -- DRF's signature
    ) -> tuple[BaseRenderer, str]:
        """The one renderer and its media type. Raises `NotAcceptable`."""
        ours = next(iter(renderers))
        accepted = self.get_accept_list(request)
        # Whoever accepts problems in JSON can read JSON.
        is_ours = any(media_type_matches(ours.media_type, token) for token in accepted)
        if accepted and not is_ours and not wants_problem(request):
            raise NotAcceptable
        return ours, ours.media_type
