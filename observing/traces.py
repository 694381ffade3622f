"""What may be said of an exception: its class and the places it went through, never its message."""

from types import TracebackType

# The innermost places: enough to find the fault, few enough for a line.
MOST_PLACES = 8
MOST_CAUSES = 4


def failure(error: BaseException) -> dict[str, str]:
    """Classes of an exception and its causes, and its places (``module:line``), outermost first."""
    return {"failure": " < ".join(_classes(error)), "at": " > ".join(_places(error.__traceback__))}


def _classes(error: BaseException | None) -> list[str]:
    names: list[str] = []
    while error is not None and len(names) < MOST_CAUSES:
        names.append(type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return names


def _places(trace: TracebackType | None) -> list[str]:
    places: list[str] = []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-MOST_PLACES:]
