"""What the bot can do, how to reach the hospital, and what is stored."""

from django.utils.translation import gettext as _

from bookings.actions.wording import place_in_words
from telegram_integration.cards import Card, Style
from telegram_integration.turn import Turn
from telegram_integration.words.hospitals import phone_line
from telegram_integration.words.html import bold, esc, label, lines, paragraphs
from telegram_integration.words.menu import menu_button

# A card has its limit, and each letter of an address may take five when it is escaped.
_LONGEST_PLACE = 200


def help_card(turn: Turn) -> Card:
    """Help, for patients and strangers alike."""
    text = paragraphs(bold(_("What I can do")), _commands(), _hospital(turn), _privacy())
    if not turn.is_linked:
        return Card(text=text, rows=((menu_button(turn),),))
    others = (turn.button(_("Register anew"), "r", "a"), turn.button(_("Sign out"), "o"))
    return Card(text=text, rows=(others, (menu_button(turn),)))


def sign_out_card(turn: Turn) -> Card:
    """Whether they really want to."""
    text = paragraphs(
        _("Sign out of %(hospital)s?") % {"hospital": bold(turn.hospital or "")},
        _("Your appointments stay as they are. You get no more messages about them here."),
    )
    sure = turn.button(_("Yes, sign out"), "oy", style=Style.DANGER)
    return Card(text=text, rows=((sure,), (menu_button(turn),)))


def signed_out_card(turn: Turn) -> Card:
    """It is done."""
    text = _("You are signed out of %(hospital)s.") % {"hospital": bold(turn.hospital or "")}
    return Card(text=f"👋 {text}", rows=((turn.button(_("Start again"), "m"),),))


def _commands() -> str:
    return lines(
        "/book " + _("book an appointment"),
        "/myappointments " + _("see, move and cancel your appointments"),
        "/language " + _("Thai or English"),
        "/hospital " + _("choose another hospital"),
        "/cancel " + _("leave what you are doing"),
    )


def _hospital(turn: Turn) -> str:
    if turn.hospital is None:
        return ""
    place = label(place_in_words(turn.hospital), longest=_LONGEST_PLACE)
    return lines(f"🏥 {bold(turn.hospital)}", esc(place), phone_line(turn.hospital))


def _privacy() -> str:
    return paragraphs(
        bold(_("Your data")),
        _(
            "Your name, your phone number and your appointments are kept by the hospital that you registered"
            " with. What you tell a doctor is never shown here."
        ),
        _(
            "To leave, sign out or block this bot: it does not write to you any more. Ask the hospital to"
            " erase what it keeps of you."
        ),
    )
