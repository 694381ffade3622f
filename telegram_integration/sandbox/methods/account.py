"""What a bot says of itself, and asks of others (core.telegram.org/bots/api#getme, #setmycommands)."""

import re
from typing import Any

from telegram_integration.sandbox.call import Call, method
from telegram_integration.sandbox.errors import bad_request
from telegram_integration.sandbox.state import Bot

_MOST_COMMANDS, _LONGEST_DESCRIPTION_OF_COMMAND = 100, 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {
    *("default", "all_private_chats", "all_group_chats", "all_chat_administrators"),
    *("chat", "chat_administrators", "chat_member"),
}


@method("getMe")
def get_me(call: Call) -> dict[str, Any]:
    """The bot itself."""
    return {
        **call.bot.as_user(),
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getChat")
def get_chat(call: Call) -> dict[str, Any]:
    """What there is to know of a chat."""
    chat = call.chat()
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return {
        **chat.as_chat(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


def _language(call: Call) -> str:
    language = call.arguments.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    return language


def _scope(call: Call) -> str:
    scope = call.arguments.object("scope") or {"type": "default"}
    if scope.get("type") not in _SCOPES:
        raise bad_request("unsupported type specified")
    return f"{scope['type']}:{scope.get('chat_id', '')}"


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """Say which commands there are, for a scope and a language."""
    commands = call.arguments.structure("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[_scope(call), _language(call)] = [_command(one) for one in commands]
    return True


def _command(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = value.get("command"), value.get("description")
    if not isinstance(name, str) or not _COMMAND.fullmatch(name.removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= len(description) <= _LONGEST_DESCRIPTION_OF_COMMAND:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description}


@method("getMyCommands")
def get_my_commands(call: Call) -> list[dict[str, Any]]:
    """The commands of a scope and a language."""
    return call.bot.commands.get((_scope(call), _language(call)), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """No commands for a scope and a language."""
    call.bot.commands.pop((_scope(call), _language(call)), None)
    return True


def commands_for(bot: Bot, language: str) -> list[dict[str, Any]]:
    """What a person is shown in a private chat: the narrower scope and their language come first."""
    for scope in ("all_private_chats:", "default:"):
        for code in (language[:2], ""):
            if found := bot.commands.get((scope, code)):
                return found
    return []


def text_for(bot: Bot, field: str, language: str) -> str:
    """A description or name of the bot in a person's language, else the one for all."""
    return bot.texts.get((field, language[:2])) or bot.texts.get((field, ""), "")


def _enter(name: str, field: str, longest: int) -> None:
    @method(f"setMy{name}")
    def put(call: Call) -> bool:
        text = call.arguments.text(field)
        if len(text) > longest:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        call.bot.texts[field, _language(call)] = text
        return True

    @method(f"getMy{name}")
    def get(call: Call) -> dict[str, Any]:
        otherwise = call.bot.first_name if field == "name" else ""
        return {field: text_for(call.bot, field, _language(call)) or otherwise}


# The longest of each in characters (core.telegram.org/bots/api#setmydescription and its neighbours).
_enter("Name", "name", 64)
_enter("Description", "description", 512)
_enter("ShortDescription", "short_description", 120)


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """What the button beside the text field does."""
    button = call.arguments.object("menu_button") or {"type": "default"}
    if button.get("type") not in {"commands", "web_app", "default"}:
        raise bad_request("unsupported menu button type specified")
    call.bot.menu_button = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> dict[str, Any]:
    """What the button beside the text field does."""
    return call.bot.menu_button
