"""The page of free slots: shown by clients of the Apps extension under what `check_availability` found."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID, ResourceCsp
from mcp.types import Resource

__all__ = ["APP_MIME_TYPE", "EXTENSION_ID", "SLOTS_PAGE", "SLOTS_TOOL", "SLOTS_URI", "slots_resource"]

SLOTS_TOOL: Final = "check_availability"
SLOTS_URI: Final = "ui://nadmor/slots.html"
SLOTS_PAGE: Final = (Path(__file__).parent / "pages" / "slots.html").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def slots_resource() -> Resource:
    """The page as resources are listed. It asks no other host for anything, and may not."""
    nobody = ResourceCsp(connect_domains=[], resource_domains=[], frame_domains=[], base_uri_domains=[])
    return Resource(
        uri=SLOTS_URI,
        name="slots",
        title="Free slots",
        description="Free times as buttons, for clients that show pages.",
        mime_type=APP_MIME_TYPE,
        _meta={"ui": {"csp": nobody.model_dump(by_alias=True, exclude_none=True), "prefersBorder": True}},
    )
