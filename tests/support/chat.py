"""Somebody who chats with a bot, in process: through `answering.answer`, without a network."""

from itertools import count
from typing import Any

from telegram_integration.answering import Answer, answer
from telegram_integration.cards import Card, Reply
from telegram_integration.models import TelegramBot, TelegramUser
from tests.support.telegram_html import check_reply

_updates, _persons = count(1000), count(7_000_001)


class Chat:
    """A private chat: what was sent stays (`messages`), cards are edited in place, buttons tapped by label.

    Every card is checked to be one that Telegram takes.
    """

    def __init__(
        self,
        bot: TelegramBot,
        *,
        telegram_id: int | None = None,
        first_name: str = "Malee",
        last_name: str = "",
        language_code: str = "th",
    ) -> None:
        self.bot = bot
        self.telegram_id = telegram_id or next(_persons)
        self.sender = {
            "id": self.telegram_id,
            "is_bot": False,
            "first_name": first_name,
            "language_code": language_code,
        } | ({"last_name": last_name} if last_name else {})
        self.messages: dict[int, Card] = {}
        self.answers: list[Answer | None] = []
        self.toast = ""
        self.last_payload: dict[str, Any] = {}
        self._ids = count(1)

    # ── what they do ──────────────────────────────────────────────────────────

    def says(self, text: str, **more: Any) -> Reply:
        """Write a text or a command."""
        return self.sends_message(text=text, **more)

    def shares(self, phone: str, *, is_own: bool = True, **more: Any) -> Reply:
        """Share a contact: one's own by the button, or anybody's."""
        contact = {"phone_number": phone, "first_name": "Malee"}
        if is_own:
            contact["user_id"] = self.telegram_id
        return self.sends_message(contact=contact, **more)

    def sends_photo(self) -> Reply:
        return self.sends_message(
            photo=[{"file_id": "AgAC", "file_unique_id": "A", "width": 90, "height": 90}]
        )

    def taps(self, label: str) -> Reply:
        """Tap the newest button whose text contains `label`."""
        for message_id in sorted(self.messages, reverse=True):
            for button in buttons_of(self.messages[message_id]):
                if label in button.text:
                    return self.taps_data(button.data, message_id)
        raise AssertionError(f"No button says {label!r}: {self.labels}")

    def taps_action(self, action: str, *arguments: str) -> Reply:
        """Tap the newest button that does that, whatever its label says in whichever language."""
        for message_id in sorted(self.messages, reverse=True):
            for button in buttons_of(self.messages[message_id]):
                found, _hospital, *rest = button.data.split(".")[:-1] or ("", "")
                if found == action and rest[: len(arguments)] == list(arguments):
                    return self.taps_data(button.data, message_id)
        raise AssertionError(f"No button does {action} {arguments}: {self.labels}")

    def taps_data(self, data: str, message_id: int = 1) -> Reply:
        """Send callback data, be it ours or not."""
        query = {
            "id": str(next(self._ids)),
            "from": self.sender,
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": message_id, "date": 1, "chat": self._chat, "text": "…"},
        }
        return self.sends_update(callback_query=query)

    def sends_message(self, **content: Any) -> Reply:
        """Send a message of Telegram's own fields."""
        message = {"message_id": next(self._ids) + 10_000, "date": 1, "chat": self._chat, "from": self.sender}
        return self.sends_update(message=message | content)

    def sends_update(self, **body: Any) -> Reply:
        """Send any update. An empty reply where nobody answers."""
        self.last_payload = {"update_id": next(_updates), **body}
        return self.again()

    def again(self) -> Reply:
        """The last update once more, as after a crash."""
        answered = answer(self.bot, self.last_payload)
        self.answers.append(answered)
        if answered is None:
            return Reply()
        self._show(answered)
        return answered.reply

    # ── what they see ─────────────────────────────────────────────────────────

    @property
    def card(self) -> Card:
        """The newest message that is there."""
        return self.messages[max(self.messages)]

    @property
    def labels(self) -> list[str]:
        """The texts of the buttons of the newest message that has any."""
        for message_id in sorted(self.messages, reverse=True):
            if labels := [button.text for button in buttons_of(self.messages[message_id])]:
                return labels
        return []

    @property
    def text(self) -> str:
        """All that the last answer showed: its cards one after another, and its toast."""
        last = self.answers[-1]
        return "\n".join((*(card.text for card in last.reply.cards), last.reply.toast)) if last else ""

    @property
    def user(self) -> TelegramUser:
        return TelegramUser.objects.get(telegram_id=self.telegram_id)

    def speaks(self, language: str) -> "Chat":
        """Have the bot know them and their language (th or en)."""
        TelegramUser.objects.update_or_create(telegram_id=self.telegram_id, defaults={"language": language})
        return self

    @property
    def _chat(self) -> dict[str, Any]:
        return {"id": self.telegram_id, "type": "private", "first_name": self.sender["first_name"]}

    def _show(self, answered: Answer) -> None:
        reply, self.toast = answered.reply, answered.reply.toast
        check_reply(reply)
        is_edited = bool(answered.callback_id) and not reply.is_fresh
        for number, card in enumerate(reply.cards):
            if number == 0 and is_edited:
                has_keyboard = card.contact_button or card.drops_contact_button
                assert not has_keyboard, "An edit takes inline buttons alone."
                self.messages[answered.message_id] = card
            else:
                self.messages[next(self._ids) + 10_000] = card
        assert answered.callback_id or not reply.toast, "A toast is said after a tap alone."


def buttons_of(card: Card) -> list[Any]:
    return [button for row in card.rows for button in row]
