"""Whether the server around us has been told to end: it waits for streams, which end when they are told."""

import signal


def is_leaving() -> bool:
    """Whether uvicorn was told to end. It tells applications only after all connections have closed."""
    handler = signal.getsignal(signal.SIGTERM)
    # uvicorn's handler is a method of its server (uvicorn 0.54, server.py, capture_signals).
    return bool(getattr(getattr(handler, "__self__", None), "should_exit", False))
