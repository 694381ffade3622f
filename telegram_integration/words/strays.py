"""What is said where nobody asked: unknown commands, loose texts, photos, old buttons, faults."""

from django.utils.translation import gettext as _


def unknown_command() -> str:
    """HTML."""
    return _("I do not know this command.")


def unasked() -> str:
    """HTML."""
    return _("I did not ask anything just now. Please choose what you would like to do.")


def unread() -> str:
    """For photos, stickers, voice messages and files (HTML)."""
    return _("I can only read text and buttons.")


def too_old() -> str:
    """For a toast."""
    return _("This button is too old. Here is a fresh menu.")


def away() -> str:
    """HTML."""
    return _("Something is not working at this moment. Please try again in a minute.")


def left_aside() -> str:
    """HTML."""
    return _("All right, I leave that.")


def private_only() -> str:
    """HTML."""
    return _("I talk about appointments in private chats alone. Please write to me there.")
