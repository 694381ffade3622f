import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings.reading import required


def test_what_is_required_may_stand_under_another_name(monkeypatch):
    monkeypatch.setenv("SOME_URL", "")
    assert required("SOME_URL", "a URL", instead="other") == "other"
    monkeypatch.setenv("SOME_URL", "own")
    assert required("SOME_URL", "a URL", instead="other") == "own"


def test_what_is_required_and_stands_nowhere_is_named(monkeypatch):
    monkeypatch.delenv("SOME_URL", raising=False)
    with pytest.raises(ImproperlyConfigured, match=r"^SOME_URL is not set: it should be a URL\.$"):
        required("SOME_URL", "a URL")
