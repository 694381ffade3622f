"""The page of free slots, in a browser, inside of a client that speaks the Apps extension with it."""

import html
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.extension import advertise

from mcp_integration.server.callers import ByKey
from mcp_integration.server.protocol import make_server
from mcp_integration.server.slots_app import SLOTS_PAGE
from tests.mcp_integration.server.connecting import run
from tests.support.chromium import chromium

BOB, EVE = ({"id": f"id-of-{name}", "name": f"Dr {name}"} for name in ("Bob", "Eve <b>"))


def slot(day: str, time: str, provider: dict[str, str], seats: int = 1) -> dict[str, Any]:
    start = f"{day}T{time}:00+07:00"
    return {"start": start, "end": start, "time": time, "provider": provider, "seats_left": seats}


DAY = {
    "event_type_id": 7, "timezone": "Asia/Bangkok", "date": "2026-11-23", "count": 3, "alternatives": [],
    "slots": [
        slot("2026-11-23", "09:00", BOB), slot("2026-11-23", "09:30", BOB),
        slot("2026-11-23", "09:00", EVE, 3),
    ],
}  # fmt: skip
FULL = {**DAY, "count": 0, "slots": [], "alternatives": [slot("2026-11-24", "10:00", BOB)]}

# A client: answers the page, hands over a result, presses a button, and tells what it saw.
CLIENT = """<!doctype html><meta charset="utf-8"><iframe id="page"></iframe><pre id="told"></pre><script>
const CASE = %s, PAGE = %s, seen = [], frame = document.getElementById("page");
const send = (message) => frame.contentWindow.postMessage({jsonrpc: "2.0", ...message}, "*");
const tell = () => {
  const inner = frame.contentDocument, view = frame.contentWindow;
  document.getElementById("told").textContent = JSON.stringify({
    seen, lang: inner.documentElement.lang, title: inner.getElementById("title").textContent,
    zone: inner.getElementById("zone").textContent, said: inner.getElementById("said").textContent,
    headings: [...inner.querySelectorAll("h2")].map((one) => one.textContent),
    buttons: [...inner.querySelectorAll("button")].map((one) => one.textContent),
    pressed: [...inner.querySelectorAll("[aria-pressed=true]")].map((one) => one.textContent),
    least: Math.min(...[...inner.querySelectorAll("button")].map((one) => one.offsetHeight)),
    ground: view.getComputedStyle(inner.body).backgroundColor,
    reachable: [...inner.querySelectorAll("button")].every((one) => one.tabIndex === 0),
    fetched: view.performance.getEntriesByType("resource").length,
  });
};
window.addEventListener("message", ({data}) => {
  seen.push(data);
  if (data.method === "ui/initialize") send({id: data.id, result: {hostContext: CASE.context}});
  if (data.method === "ui/notifications/initialized") {
    send({method: "ui/notifications/tool-result", params: CASE.result});
    setTimeout(() => {
      const buttons = frame.contentDocument.querySelectorAll("button");
      if (CASE.press !== null) { buttons[CASE.press].focus(); frame.contentDocument.activeElement.click(); }
      setTimeout(tell, 200);
    }, 200);
  }
  if (data.method === "ui/message") {
    const fits = CASE.refuses ? false : Array.isArray(data.params.content);
    send(fits ? {id: data.id, result: {}} : {id: data.id, error: {code: -32000, message: "no"}});
  }
});
frame.srcdoc = PAGE;
</script>"""


def shown(
    folder: Path, result: dict[str, Any], *, press: int | None = None, refuses: bool = False, **context: str
):
    """What a client sees of the page after it handed over a result and pressed a button."""
    case = {"context": context, "result": result, "press": press, "refuses": refuses}
    # As clients do: nothing from anywhere.
    rule = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
    page = SLOTS_PAGE.replace("<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{rule}">')
    client = folder / "client.html"
    quoted = [json.dumps(one).replace("</", "<\\/") for one in (case, page)]
    client.write_text(CLIENT % tuple(quoted), encoding="utf-8")
    ended = subprocess.run(
        [
            chromium(), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
            "--virtual-time-budget=5000", "--dump-dom", client.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    told = re.search(r'<pre id="told">(.*?)</pre>', ended.stdout, re.DOTALL)
    assert told, ended.stdout[:500] + ended.stderr[-500:]
    return json.loads(html.unescape(told[1]))


def result(content: dict[str, Any]) -> dict[str, Any]:
    return {"content": [], "structuredContent": content, "isError": False}


def test_free_slots_are_buttons_by_provider_and_a_press_tells_the_client(tmp_path: Path):
    seen = shown(tmp_path, result(DAY), press=1, locale="en-GB", theme="light")

    assert seen["lang"] == "en"
    assert seen["title"] == "Free times on Monday 23 November"
    assert seen["headings"] == ["Dr Bob", "Dr Eve <b>"]
    assert seen["buttons"] == ["09:00", "09:30", "09:003 seats"]
    assert "Asia/Bangkok" in seen["zone"]
    assert seen["pressed"] == ["09:30"]
    assert seen["said"] == "Your choice has been passed on."
    message = next(one for one in seen["seen"] if one.get("method") == "ui/message")
    text = message["params"]["content"][0]["text"]
    assert text.startswith("I would like 09:30 on Monday 23 November with Dr Bob.")
    assert "event_type_id 7, date 2026-11-23, time 09:30, provider_id id-of-Bob" in text


def test_it_is_large_enough_for_a_finger_reached_by_keyboard_and_asks_nobody_else(tmp_path: Path):
    seen = shown(tmp_path, result(DAY), locale="en-GB", theme="dark")

    assert seen["least"] >= 44
    assert seen["reachable"]
    assert seen["fetched"] == 0
    assert seen["ground"] == "rgb(17, 34, 31)"
    assert any(one.get("method") == "ui/notifications/size-changed" for one in seen["seen"])


def test_it_speaks_thai_and_offers_the_nearest_times_where_the_day_is_full(tmp_path: Path):
    seen = shown(tmp_path, result(FULL), press=0, locale="th-TH", theme="light")

    assert seen["lang"] == "th"
    assert seen["title"] == "วันที่เลือกไม่มีเวลาว่าง เวลาว่างที่ใกล้ที่สุดคือ"
    assert seen["headings"] == ["วันอังคารที่ 24 พฤศจิกายน · Dr Bob"]
    assert seen["said"] == "ส่งเวลาที่เลือกให้ผู้ช่วยแล้ว"
    assert seen["ground"] == "rgb(255, 255, 255)"


def test_where_the_client_takes_no_messages_it_says_what_to_say(tmp_path: Path):
    seen = shown(tmp_path, result(DAY), press=0, refuses=True, locale="en-GB")

    assert seen["said"].startswith("Please tell the assistant: I would like 09:00")


def test_a_refusal_is_told_without_buttons(tmp_path: Path):
    refused = {"content": [], "structuredContent": {"error": {"code": "CONFLICT"}}, "isError": True}
    seen = shown(tmp_path, refused, locale="en-GB")

    assert seen["title"] == "The free times could not be read."
    assert seen["buttons"] == []


# ── on the wire ────────────────────────────────────────────────────────────────
APPS = [advertise("io.modelcontextprotocol/ui", {"mimeTypes": ["text/html;profile=mcp-app"]})]


@pytest.mark.parametrize("extensions", [APPS, None], ids=["can", "cannot"])
def test_the_page_is_attached_for_clients_that_can_show_it(key: str, extensions):
    async def look() -> Any:
        async with Client(make_server(ByKey(key)), mode="auto", extensions=extensions) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            page = await client.read_resource("ui://nadmor/slots.html")
            return tools, page, client.server_capabilities

    tools, page, capabilities = run(look)
    attached = {name: tool.meta for name, tool in tools.items() if tool.meta}
    expected = {"check_availability": {"ui": {"resourceUri": "ui://nadmor/slots.html"}}}
    assert attached == (expected if extensions else {})
    assert page.contents[0].mime_type == "text/html;profile=mcp-app"
    assert page.contents[0].text == SLOTS_PAGE
    assert "io.modelcontextprotocol/ui" in capabilities.extensions


def test_the_page_names_no_other_place():
    assert not re.search(r"https?://|src=|@import|url\(", SLOTS_PAGE)
