"""Somebody on the way to become a patient of Ploy."""

import pytest

from tests.support.chat import Chat


@pytest.fixture
def at_phone(chat, in_hospital) -> Chat:
    """Malee has said her name."""
    chat.says("/start")
    chat.says("Malee Srisuk")
    return chat


@pytest.fixture
def at_code(at_phone, capsys) -> Chat:
    """Malee has typed her number."""
    at_phone.says("089 111 2222")
    return at_phone
