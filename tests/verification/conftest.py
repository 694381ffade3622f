"""A public schema to send codes from, and gateways on loopback."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.sms import CREDENTIALS, Gateways, read_code
from verification.actions import send_code
from verification.models import PhoneChallenge

PHONE = "+66812345678"
ABOUT = {"purpose": "link", "subject": "telegram:1", "phone": PHONE}


@pytest.fixture
def gateways(settings) -> Iterator[Gateways]:
    """All of the fakes, with credentials that they take."""
    with Gateways() as fakes:
        for name, value in CREDENTIALS.items():
            setattr(settings, name, value)
        for name in ("twilio", "thaibulksms", "smsmkt"):
            setattr(settings, f"{name.upper()}_BASE_URL", fakes.url(name))
        settings.TELEGRAM_GATEWAY_BASE_URL = fakes.url("telegram")
        yield fakes


@pytest.fixture
def sent_code(db, capsys) -> Callable[..., str]:
    """Send a code by the console and return it."""

    def send(**other: str) -> str:
        send_code(**{**ABOUT, "language": "en", **other})
        return read_code(capsys.readouterr().err)

    return send


@pytest.fixture
def no_codes(fresh_hospital) -> Iterator[None]:
    """For tests with several connections: no codes before, and none left behind."""
    PhoneChallenge.objects.all().delete()
    yield
    PhoneChallenge.objects.all().delete()
