"""`gunicorn tests.faults.mortal`: the platform's own web process, which dies when it is asked to.

A request with the header ``X-Die: before the answer`` is worked on to its end, so that its transaction is
committed and its answer is made; then the process kills itself with SIGKILL, and no byte of it leaves.
"""

import os
import signal
from collections.abc import Callable, Iterable
from typing import Any

from config.wsgi import application as platform

LAST_WISH = "before the answer"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    answer = platform(environ, start_response)
    if environ.get("HTTP_X_DIE") == LAST_WISH:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
