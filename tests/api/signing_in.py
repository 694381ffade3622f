"""People who sign in by REST, each from an address of their own: what counts by address is theirs."""

import random
from typing import Any

from django.http import HttpResponse

from tests.api.contract import ContractClient
from tests.support.people import PASSWORD

PUBLIC, PLOY, RAMA = "localhost", "ploy.localhost", "rama.localhost"


class Program:
    """Signs in, refreshes, signs out and asks, at one host."""

    def __init__(self, host: str = PUBLIC, address: str = "") -> None:
        self.address = (
            address or f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"
        )
        self.host = host
        self.client = ContractClient(raise_request_exception=False, REMOTE_ADDR=self.address)

    def post(self, name: str, body: Any, **headers: str) -> HttpResponse:
        asked = {"host": self.host, "accept-language": "en", **headers}
        return self.client.post(f"/api/auth/{name}/", body, content_type="application/json", headers=asked)

    def login(self, email: str, password: str = PASSWORD, **more: Any) -> HttpResponse:
        return self.post("login", {"email": email, "password": password, **more})

    def refresh(self, token: str) -> HttpResponse:
        return self.post("refresh", {"refresh_token": token})

    def logout(self, token: str) -> HttpResponse:
        return self.post("logout", {"refresh_token": token})

    def tokens(self, email: str, **more: Any) -> dict[str, Any]:
        """Sign in and return the pair."""
        answer = self.login(email, **more)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def get(
        self, token: str, path: str = "/event-types", *, subdomain: str = "ploy", **params: str
    ) -> HttpResponse:
        """Read a booking path of a hospital with an access token."""
        headers = {"authorization": f"Bearer {token}", "accept-language": "en", "host": self.host}
        return self.client.get(f"/api/v1/tenants/{subdomain}/booking{path}", params, headers=headers)
