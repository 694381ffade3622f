"""Keyboards: what Telegram takes (core.telegram.org/bots/api#inlinekeyboardmarkup and what follows)."""

from typing import Any
from urllib.parse import urlsplit

from telegram_integration.sandbox.errors import Refused, bad_request

_STYLES = {"primary", "success", "danger"}
_MOST_BUTTONS, _MOST_IN_A_ROW, _LONGEST_DATA = 100, 8, 64
_ACTIONS = (
    *("url", "callback_data", "web_app", "login_url", "switch_inline_query"),
    *("switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text"),
    *("callback_game", "pay", "disabled"),
)
_ASKS = ("request_contact", "request_location", "request_poll", "request_users", "request_chat", "web_app")


class Markup:
    """A keyboard that was sent: under the message (`rows`), under the text field (`keyboard`), or its end."""

    def __init__(self, value: Any) -> None:
        """Read what a bot sent. Raises `Refused`."""
        self.rows: list[list[dict[str, Any]]] = []
        self.keyboard: dict[str, Any] | None = None
        self.removes = self.forces_reply = False
        if not isinstance(value, dict):
            raise bad_request("object expected as reply markup")
        if "inline_keyboard" in value:
            self.rows = _rows(value["inline_keyboard"])
        elif "keyboard" in value:
            self.keyboard = _keyboard(value)
        elif value.get("remove_keyboard") is True:
            self.removes = True
        elif value.get("force_reply") is True:
            self.forces_reply = True
        elif value:
            raise bad_request("can't parse reply keyboard markup JSON object")
        self.is_inline = "inline_keyboard" in value or not value


def _wrong(text: str) -> Refused:
    return bad_request(f"can't parse inline keyboard button: {text}")


def _grid(value: Any, field: str, kind: str) -> list[list[Any]]:
    if not isinstance(value, list):
        raise bad_request(f'field "{field}" of the {kind} must be an Array')
    if not all(isinstance(row, list) for row in value):
        raise bad_request(f'field "{field}" of the {kind} must be an Array of Arrays')
    rows = [row for row in value if row]
    if sum(map(len, rows)) > _MOST_BUTTONS or any(len(row) > _MOST_IN_A_ROW for row in rows):
        raise bad_request("reply markup is too long")
    return rows


def _rows(value: Any) -> list[list[dict[str, Any]]]:
    return [[_button(one) for one in row] for row in _grid(value, "inline_keyboard", "InlineKeyboardMarkup")]


def _button(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong("InlineKeyboardButton must be an Object")
    _check_text(value)
    _check_style(value)
    actions = [name for name in _ACTIONS if name in value]
    if not actions or value.get("callback_data") == "":
        raise _wrong("Text buttons are unallowed in the inline keyboard")
    # Telegram would take the first one and say nothing.
    if len(actions) > 1:
        raise _wrong(f"exactly one of the optional fields must be used, not {' and '.join(actions)}")
    if actions == ["callback_data"]:
        _check_data(value["callback_data"])
    elif actions == ["url"]:
        _check_url(value["url"])
    return value


def _check_text(value: dict[str, Any]) -> None:
    if "text" not in value:
        raise _wrong('Can\'t find field "text"')
    if not isinstance(value["text"], str):
        raise _wrong('Field "text" must be of type String')
    if not value["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")


def _check_style(value: dict[str, Any]) -> None:
    if "style" in value and value["style"] not in _STYLES:
        raise _wrong("Invalid button style specified")


def _check_data(data: Any) -> None:
    if not isinstance(data, str):
        raise _wrong('Field "callback_data" must be of type String')
    if len(data.encode()) > _LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(url: Any) -> None:
    if not isinstance(url, str):
        raise _wrong('Field "url" must be of type String')
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in {"http", "https", "tg", "ton"}:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if parts.scheme in {"http", "https"} and "." not in (parts.hostname or ""):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _keyboard(value: dict[str, Any]) -> dict[str, Any]:
    rows = [[_key(one) for one in row] for row in _grid(value["keyboard"], "keyboard", "ReplyKeyboardMarkup")]
    if not rows:
        raise bad_request("keyboard must be non-empty")
    placeholder = value.get("input_field_placeholder", "")
    if not isinstance(placeholder, str) or len(placeholder) > _LONGEST_DATA:
        raise bad_request("input field placeholder is too long")
    return {
        "rows": rows,
        "placeholder": placeholder,
        "is_one_time": value.get("one_time_keyboard") is True,
        "is_resized": value.get("resize_keyboard") is True,
    }


def _key(value: Any) -> dict[str, Any]:
    key = {"text": value} if isinstance(value, str) else value
    if not isinstance(key, dict) or not isinstance(key.get("text"), str):
        raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    if not key["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    _check_style(key)
    if sum(bool(key.get(name)) for name in _ASKS) > 1:
        raise bad_request("can't parse keyboard button: at most one of the optional fields must be used")
    return {
        "text": key["text"],
        "request_contact": key.get("request_contact") is True,
        "style": key.get("style", ""),
    }
