"""A client of the REST door."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tenants.models import Hospital


class Rest:
    """Speaks JSON to one hospital's booking paths with one key."""

    def __init__(self, hospital: Hospital, key: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.base = f"/api/v1/tenants/{hospital.subdomain}/booking"
        self.key = key

    def headers(self, extra: dict[str, str] | None = None) -> dict[str, str]:
        key = {"X-API-Key": self.key} if self.key else {}
        return {**key, "Accept-Language": "en", **(extra or {})}

    def get(self, path: str, *, headers: dict[str, str] | None = None, **params: Any) -> HttpResponse:
        return self.client.get(self.base + path, params, headers=self.headers(headers))

    def post(self, path: str, body: Any = None, *, headers: dict[str, str] | None = None) -> HttpResponse:
        return self.client.post(
            self.base + path, body, content_type="application/json", headers=self.headers(headers)
        )

    def delete(self, path: str) -> HttpResponse:
        return self.client.delete(self.base + path, headers=self.headers())
