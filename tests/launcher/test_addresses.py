import os
from pathlib import Path

import pytest

from launcher import addresses
from launcher.errors import LauncherError
from tests.launcher.driving import run_launcher, unused_port

WRONG = {
    "an unreadable URL": ("DATABASE_URL", "nonsense", "cannot be read: it should look like postgresql://"),
    "another database": ("DATABASE_URL", "mysql://a:secret@h/x", "cannot be read: it should look like"),
    "a port in letters": ("DATABASE_URL", "postgresql://a:secret@h:port/x", "cannot be read: it should"),
    "no name": ("DATABASE_URL", "postgresql://a:secret@h:5432", "cannot be read: it should look like"),
    "nobody there": (
        "DATABASE_URL",
        "postgresql://a:secret@127.0.0.1:1/x",
        "no PostgreSQL server can be reached at 127.0.0.1:1 (Connection refused).",
    ),
    "an unreadable Redis URL": (
        "REDIS_URL",
        "http://secret@h",
        "cannot be read: it should look like redis://",
    ),
    "a Redis port in letters": ("REDIS_URL", "redis://:secret@h:port/0", "cannot be read: it should look"),
    "no Redis there": (
        "REDIS_URL",
        "redis://:secret@127.0.0.1:1/0",
        "no Redis server can be reached at 127.0.0.1:1",
    ),
}


@pytest.mark.parametrize(("name", "url", "expected"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_address_is_named_in_one_line_without_its_password(name: str, url: str, expected: str):
    with pytest.raises(LauncherError) as refusal:
        addresses.given({name: url})
    line = str(refusal.value)
    assert line.startswith(name)
    assert expected in line
    assert "\n" not in line
    assert "secret" not in line


def test_a_wrong_password_user_or_database_is_named(project: Path):
    code = """
import os, sys
from launcher import addresses
from launcher.errors import LauncherError
database, cache = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
start, _, end = database.rpartition("@")
for given in (
    {"DATABASE_URL": "postgresql://nadmor:secret@" + end},
    {"DATABASE_URL": "postgresql://nadmor@" + end},
    {"DATABASE_URL": database + "s"},
    {"DATABASE_URL": "postgresql://" + cache.partition("//")[2]} if len(sys.argv) > 1 else {"PORT": ""},
    {"REDIS_URL": "redis://:secret@" + cache.rpartition("@")[2]},
    {"REDIS_URL": "redis://" + cache.rpartition("@")[2]},
    {"DATABASE_URL": database, "REDIS_URL": cache},
):
    try:
        addresses.given(given)
        print("fine")
    except LauncherError as refusal:
        print(refusal)
"""
    (project / "ask.py").write_text(code)
    said = run_launcher(project, "exec", "--", "python", "ask.py").stdout.splitlines()
    assert [line.partition(" at ")[0] for line in said] == [
        "DATABASE_URL: the server",
        "DATABASE_URL: the server",
        "DATABASE_URL: the server",
        "fine",
        "REDIS_URL: the server",
        "REDIS_URL: the server",
        "fine",
    ]
    assert said[0].endswith("refuses the password of user 'nadmor'.")
    assert said[1].endswith("refuses the password of user 'nadmor'.")
    assert said[2].endswith("has no database 'nadmors': create it first.")
    assert said[4].endswith("refuses the password.")
    assert "secret" not in "".join(said)


@pytest.mark.parametrize("text", ["abc", "0", "65536", "-1", "80.0", "٨٠٠٠"])
def test_what_is_no_port_is_refused(text: str):
    with pytest.raises(LauncherError, match="PORT should be a number from 1 to 65535"):
        addresses.web_port({"PORT": text})


@pytest.mark.parametrize(
    ("environment", "port"), [({}, 8000), ({"PORT": ""}, 8000), ({"PORT": "9000"}, 9000)]
)
def test_the_port_is_8000_unless_it_is_named(environment: dict[str, str], port: int):
    assert addresses.web_port(environment) == port


def test_a_free_port_is_fine(port: int):
    addresses.require_free(port)
    addresses.require_free(port)
    assert addresses.web_port({"PORT": str(port)}) == port


def test_the_mcp_server_listens_two_after_the_web_or_where_there_is_room(listener: int):
    port = unused_port()
    assert addresses.mcp_port({}, port - 2) == port
    assert addresses.mcp_port({"MCP_SERVER_PORT": str(port)}, 8000) == port
    assert addresses.mcp_port({}, listener - 2) != listener
    assert 1024 < addresses.mcp_port({}, 65535) < 65536


def test_a_port_of_the_mcp_server_that_is_taken_or_none_is_one_line(listener: int):
    with pytest.raises(LauncherError, match=r"MCP_SERVER_PORT should be a number"):
        addresses.mcp_port({"MCP_SERVER_PORT": "x"}, 8000)
    with pytest.raises(LauncherError, match=rf"Port {listener} \(MCP_SERVER_PORT\) is in use"):
        addresses.mcp_port({"MCP_SERVER_PORT": str(listener)}, 8000)


def test_the_make_believe_telegram_listens_three_after_the_web_or_where_there_is_room(listener: int):
    port = unused_port()
    assert addresses.telegram_port({}, port - 3, port - 1) == port
    assert addresses.telegram_port({"TELEGRAM_SANDBOX_PORT": str(port)}, 8000, 8002) == port
    assert addresses.telegram_port({}, listener - 3, 8002) != listener
    # Where the MCP server is going to listen there is no room either.
    assert addresses.telegram_port({}, port - 3, port) != port
    with pytest.raises(LauncherError, match=rf"Port {listener} \(TELEGRAM_SANDBOX_PORT\) is in use"):
        addresses.telegram_port({"TELEGRAM_SANDBOX_PORT": str(listener)}, 8000, 8002)


def test_an_address_may_stand_in_a_file(tmp_path: Path):
    secret = tmp_path / "url"
    secret.write_text("nonsense\n")
    with pytest.raises(LauncherError, match="DATABASE_URL cannot be read"):
        addresses.given({"DATABASE_URL_FILE": str(secret)})
    with pytest.raises(LauncherError, match=r"DATABASE_URL_FILE names .*, which cannot be read"):
        addresses.given({"DATABASE_URL_FILE": str(tmp_path / "nothing")})


@pytest.mark.usefixtures("clean_environment")
def test_children_get_the_addresses_themselves_and_nothing_of_make():
    os.environ |= dict.fromkeys(("DATABASE_URL_FILE", "MAKEFLAGS", "MAKELEVEL"), "x")
    environment = addresses.child_environment(addresses.Addresses("postgresql://a", "redis://b"), PORT="9000")
    assert (environment["DATABASE_URL"], environment["REDIS_URL"]) == ("postgresql://a", "redis://b")
    assert environment["PORT"] == "9000"
    assert not {"DATABASE_URL_FILE", "MAKEFLAGS", "MAKELEVEL"} & environment.keys()
