"""Letting in one more of the staff: whoever stands above and limits their number is asked first."""

from collections.abc import Callable

_asked: list[Callable[[], None]] = []


def ask_before_staff(ask: Callable[[], None]) -> None:
    """Have a function called before an account of staff is made or switched on; from `AppConfig.ready`.

    It runs in the schema of the account, within the transaction that saves it, and raises a `DomainError`
    where there may be no more.
    """
    if ask not in _asked:
        _asked.append(ask)


def let_staff_in() -> None:
    """Ask everybody who wants to be; belongs into the transaction that saves the account."""
    for ask in _asked:
        ask()
