"""No webhook reaches the platform's own network, whatever leads there: a canary listens and hears nobody."""

import fcntl
import ipaddress
import socket
import tempfile
from pathlib import Path

import pytest

from tests.webhooks.receivers import Names, answer, connections_of_this_process, receiver
from tests.webhooks.test_guard import OTHER_ADDRESSES, REFUSED
from webhooks.client import post

HEADERS: dict[str, str] = {}


@pytest.fixture(autouse=True)
def alone():
    """One of these tests at a time, in whichever process: the canaries' addresses are the same in all."""
    with (Path(tempfile.gettempdir()) / "nadmor-canaries.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def names(monkeypatch) -> Names:
    """A name server of our own: the one seam of the network that these tests replace."""
    names = Names()
    monkeypatch.setattr("webhooks.network.socket.getaddrinfo", names.getaddrinfo)
    return names


@pytest.fixture
def strict(settings):
    """As in production: no network of our own is allowed."""
    settings.WEBHOOK_ALLOWED_NETWORKS = []


@pytest.fixture
def canaries():
    """Listeners on the ports of webhooks at addresses of loopback, that no other test listens at."""
    with receiver(address="127.83.19.7", port=8443) as four, receiver(address="127.83.19.8", port=443) as two:
        yield four, two


def sent(url: str, *, seconds: float = 5):
    return post(url, headers=HEADERS, body=b"{}", seconds=seconds)


@pytest.mark.parametrize("address", [*OTHER_ADDRESSES, "127.83.19.7"])
def test_a_name_that_leads_to_no_public_address_is_not_connected_to(strict, names, canaries, address):
    names.lead("hook.example", [address])

    with connections_of_this_process() as seen:
        replies = [sent("https://hook.example/"), sent("https://hook.example:8443/")]

    assert [(reply.status, reply.error, reply.excerpt) for reply in replies] == [
        (None, "refused_address", "")
    ] * 2
    assert seen == []
    assert [canary.connections for canary in canaries] == [0, 0]


@pytest.mark.parametrize(
    "answers",
    [
        ["93.184.216.34", "127.83.19.7"],
        ["127.83.19.7", "93.184.216.34"],
        ["2606:4700::1", "127.83.19.7"],
        ["93.184.216.34", "::1"],
        ["93.184.216.34", "2606:4700::1", "1.1.1.1", "8.8.8.8", "9.9.9.9", "169.254.169.254"],
    ],
)
def test_one_bad_address_among_good_ones_refuses_them_all(strict, names, canaries, answers):
    names.lead("hook.example", answers)

    with connections_of_this_process() as seen:
        reply = sent("https://hook.example:8443/")

    assert (reply.status, reply.error, seen) == (None, "refused_address", [])
    assert canaries[0].connections == 0


@pytest.mark.parametrize("url", REFUSED, ids=lambda url: ascii(url)[:60])
def test_a_url_that_may_not_be_registered_is_not_sent_to_either(strict, names, canaries, url):
    with connections_of_this_process() as seen:
        reply = sent(url)

    assert (reply.status, reply.error) == (None, "refused_url")
    assert (seen, names.asked) == ([], [])
    assert [canary.connections for canary in canaries] == [0, 0]


def test_the_canary_hears_whoever_is_let_through(settings, names, canaries):
    """What is not seen above would be seen."""
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.83.19.7/32"]
    names.lead("hook.example", ["127.83.19.7"])

    with connections_of_this_process() as seen:
        sent("https://hook.example:8443/", seconds=1)

    assert seen == [("127.83.19.7", 8443)]
    assert canaries[0].connections == 1


def test_a_name_that_changes_its_mind_is_asked_once_and_what_was_checked_is_connected_to(settings, names):
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.83.19.9/32"]
    names.lead("hook.example", ["127.83.19.9"], ["127.83.19.7"])

    with (
        receiver(address="127.83.19.9") as public,
        receiver(address="127.83.19.7", port=public.port) as canary,
    ):
        url = f"http://hook.example:{public.port}/"
        with connections_of_this_process() as seen:
            first = sent(url)
            asked = list(names.asked)
            second = sent(url)

    assert (first.status, asked) == (200, ["hook.example"])
    assert (second.status, second.error) == (None, "refused_address")
    assert seen == [("127.83.19.9", public.port)]
    assert (public.connections, canary.connections) == (1, 0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "place", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:{port}/canary", "/x"]
)
def test_a_redirect_is_followed_nowhere(status, place):
    with receiver() as canary:
        there = place.format(port=canary.port)
        away = answer(f"HTTP/1.1 {status} Away\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n".encode())
        with receiver(away) as told, connections_of_this_process() as seen:
            reply = sent(told.url)

    assert (reply.status, reply.error) == (status, "redirect")
    assert seen == [("127.0.0.1", told.port)]
    assert (len(told.requests), canary.connections) == (1, 0)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch):
    with receiver() as proxy, receiver() as told:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        reply = sent(told.url)

    assert (reply.status, proxy.connections, told.connections) == (200, 0, 1)


def test_an_address_that_refuses_leaves_the_next_its_turn(names):
    with receiver(address="127.83.19.10") as told:
        names.lead("hook.example", ["127.83.19.11", "127.83.19.10"])
        reply = sent(f"http://hook.example:{told.port}/")

    assert reply.status == 200


def test_a_name_with_many_addresses_is_no_scan_of_ports(names):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    first = ipaddress.ip_address("127.83.20.1")
    names.lead("hook.example", [str(first + number) for number in range(50)])

    with connections_of_this_process() as seen:
        reply = sent(f"http://hook.example:{port}/")

    assert (reply.status, reply.error) == (None, "connection_failed")
    assert len(seen) == 4


def test_a_name_that_nobody_knows_is_told_apart(names):
    assert sent("https://nowhere.example/").error == "name_not_resolved"


def test_a_name_without_addresses_is_not_known(names):
    names.lead("empty.example", [])

    assert sent("https://empty.example/").error == "name_not_resolved"
