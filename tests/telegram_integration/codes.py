"""One-time codes as tests see them: on the terminal, and with time going by."""

import re
from datetime import timedelta

from django.db.models import F

from verification.models import PhoneChallenge


def sent_code(capsys) -> str:
    """The code that was sent since the last look."""
    [code] = re.findall(r"\b[0-9]{6}\b", capsys.readouterr().err)
    return code


def another_than(code: str) -> str:
    """Six digits that are not the code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def let_pass(**span: float) -> None:
    """Time goes by for every code."""
    past = timedelta(**span)
    PhoneChallenge.objects.update(
        created_at=F("created_at") - past, sent_at=F("sent_at") - past, expires_at=F("expires_at") - past
    )
