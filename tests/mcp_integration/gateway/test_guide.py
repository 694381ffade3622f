import os
import re
import subprocess
import sys
from urllib.parse import urlencode

import httpx

from mcp_integration.collections.every import COLLECTIONS
from mcp_integration.gateway import resources
from mcp_integration.gateway.conversation import AT_WORK, IDLE, WAITING
from mcp_integration.gateway.frames import FIELDS, LARGEST
from tests.docs.guides import ROOT, blocks, steps
from tests.docs.test_commands import assert_same_shape
from tests.docs.typist import Typist
from tests.support.rows import insert_appointment

GUIDE = ROOT / "docs/gateway.md"
TEXT = GUIDE.read_text()
ADDRESS = "http://localhost:8002"


class GatewayTypist(Typist):
    """Types what the guide of the gateway says, at a shell whose `curl` asks the gateway of the test."""

    def __init__(self, key, port):
        super().__init__(key, "fresh")
        self.port = port

    def _request(self, words):
        method, body, headers, query, address = "GET", "", {}, [], ""
        is_query, rest = "-G" in words, iter(words)
        for word in rest:
            if word == "-X":
                method = next(rest)
            elif word in ("-d", "--data-urlencode"):
                given = next(rest)
                if is_query:
                    query.append(tuple(given.split("=", 1)))
                else:
                    body = given
            elif word == "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            elif word != "-G":
                assert word.startswith(ADDRESS), word
                address = word.replace(ADDRESS, f"http://127.0.0.1:{self.port}")
        if query:
            address = f"{address}?{urlencode(query)}"
        return httpx.request(method, address, content=body or None, headers=headers, timeout=20)


def test_every_request_of_the_guide_is_answered_as_it_says(port, key, visit, staff):
    assert visit.pk == 1, "the guide speaks of event type 1"
    insert_appointment(visit, staff.dr_bob)
    typist = GatewayTypist(key, port)
    asked = [step for step in steps(GUIDE) if step.sets or step.command.startswith("curl")]

    for step in asked:
        answer = typist.type(step)
        if answer is None:
            continue
        assert answer.status_code == step.status, f"{step.command}\n{answer.text}"
        if step.answer is not None:
            assert_same_shape(step.answer, answer.json(), at=step.command)
    assert len(asked) >= 9


def test_the_example_of_a_socket_runs(port, key, visit):
    [example] = blocks(TEXT, "python")

    done = subprocess.run(
        [sys.executable, "-c", example[2]],
        env={**os.environ, "KEY": key, "NADMOR_WS": f"ws://127.0.0.1:{port}/api/mcp/ws"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{visit.pk} check-up\n"


def test_the_guide_lists_every_collection_with_what_it_takes():
    rows = re.findall(r"^\| `(\w+)` \| (.*?); usually `(-?\w+)` \| (.*?) \| (.*?) \|$", TEXT, re.MULTILINE)
    listed = {
        name: (names(sorts), usual, names(filters), names(expands))
        for name, sorts, usual, filters, expands in rows
    }

    assert listed == {
        name: (list(row.sorts), row.usual_sort, list(row.filters), list(row.expansions))
        for name, row in COLLECTIONS.items()
    }


def names(cell):
    return re.findall(r"`(\w+)`", cell)


def test_the_guide_names_every_path_message_and_bound():
    for kind in FIELDS:
        assert f'"type": "{kind}"' in TEXT
    for path in ("/api/tools", "/api/mcp/tools/invoke", "/api/mcp/batch", "/api/mcp/ws"):
        assert f"`{path}`" in TEXT
    assert f"{LARGEST // 1024} KiB" in TEXT
    assert f"{resources.MOST_ROWS:,} at most" in TEXT
    assert (AT_WORK, WAITING, IDLE) == (4, 16, 600), "the guide says so in words"
