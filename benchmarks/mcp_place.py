"""What the tools are asked about, and the processes that answer."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil

from apikeys.keys import create_key
from apikeys.scopes import SCOPES
from benchmarks.place import ROOT, Place, coming_days
from core.actor import Actor, Door
from credentials.callers import Credential, credential_of_key
from launcher.server import free_port
from mcp_integration.invoking import invoke
from mcp_integration.tools import ALL_TOOLS
from tenants.models import Hospital

Calls = dict[str, dict[str, Any]]
_SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings.local", "LOG_LEVEL": "WARNING"}


def key_for_everything(hospital: Hospital) -> str:
    """A key without limits that opens every tool of a hospital."""
    scopes = tuple(scope for scope in SCOPES if scope != "admin:platform")
    system = Actor.system("benchmark", "keys.write")
    return create_key(system, name="mcp", scopes=scopes, hospital=hospital, is_unlimited=True)[1]


def reading_calls(credential: Credential, place: Place) -> Calls:
    """Every tool that only reads, with parameters to which there is something to answer.

    Raises `RuntimeError` for one that refuses: nothing would be measured.
    """
    known = _known(credential, place)
    calls = {
        tool.name: {
            name: known.get(name, tool.example.get(name))
            for name in {*tool.example, *tool.input_schema.get("required", ())} & {*known, *_ASKED}
        }
        for tool in ALL_TOOLS
        if tool.hints.read_only
    }
    for name, arguments in calls.items():
        outcome = invoke(credential, name, arguments)
        if outcome.error is not None:
            raise RuntimeError(f"{name}: {outcome.error}")
    return calls


# Parameters whose example is as good here as anywhere.
_ASKED = {"role", "is_active", "period", "search"}


def _known(credential: Credential, place: Place) -> dict[str, Any]:
    assert credential.hospital is not None  # noqa: S101  -- the benchmark's own
    day, doctor = coming_days(5)[-1].isoformat(), place.practitioners[0]
    patient = _done(credential, "create_user", **_USER, hospital_id=str(credential.hospital.uuid))
    who = {"patient_id": patient["patient_id"], "doctor_id": doctor}
    record = _done(credential, "create_medical_record", patient_id=who["patient_id"], **_RECORD)
    _done(credential, "create_treatment", **who, follow_up_date=day, **_TREATMENT)
    specialty = _done(
        credential, "create_specialty", code="cardiology", name="Cardiology", description="Heart"
    )
    return {
        **who, "event_type_id": place.service_id, "date": day, "date_from": day, "date_to": day,
        "provider_id": doctor, "user_id": patient["id"], "record_id": record["id"],
        "specialty_id": specialty["id"], "hospital_id": str(credential.hospital.uuid), "phone": "0812345678",
        "search": "a",
    }  # fmt: skip


_USER = {
    "email": "malee@bench.example", "password": "a-long-secret-2026", "first_name": "Malee", "last_name": "S",
    "role": "PATIENT", "phone_number": "0812345678",
}  # fmt: skip
_RECORD = {
    "title": "Visit", "description": "Well", "record_type": "CONSULTATION", "diagnosis": "",
    "symptoms": "Cough",
}  # fmt: skip
_TREATMENT = {"name": "Rest", "description": "At home", "instructions": "Drink", "medications": []}


def _done(credential: Credential, name: str, /, **arguments: Any) -> dict[str, Any]:
    outcome = invoke(credential, name, arguments)
    if outcome.result is None:
        raise RuntimeError(f"{name}: {outcome.error}")
    return outcome.result


def database_time(credential: Credential, name: str, arguments: dict[str, Any]) -> float:
    """Milliseconds that a call spends in the database, in the median of 15 in this process."""
    from django.db import connection  # noqa: PLC0415  -- for this function alone

    spent: list[float] = []

    def timing(execute: Any, *asked: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*asked)
        finally:
            spent[-1] += time.perf_counter() - begun

    with connection.execute_wrapper(timing):
        for _ in range(15):
            spent.append(0)
            invoke(credential, name, arguments)
    return sorted(spent)[len(spent) // 2] * 1e3


@contextmanager
def server(module: str) -> Iterator[tuple[int, psutil.Process]]:
    """One of the two servers on a port of its own."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(port)], cwd=ROOT, env={**os.environ, **_SETTINGS}
    )
    try:
        _wait_until_it_answers(port, process)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(15)


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urlopen(f"http://127.0.0.1:{port}/mcp", timeout=5).close()
        except HTTPError:
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError("The server did not answer within 30 s.")


def stdio_ready(key: str) -> float:
    """Seconds from the start of a server on stdio to its first answer, in the median of three."""
    return sorted(_first_answer(key) for _ in range(3))[1]


def _first_answer(key: str) -> float:
    hello = {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "b", "version": "1"},
        },
    }  # fmt: skip
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "runmcpserver"], cwd=ROOT,
        env={**os.environ, **_SETTINGS, "MCP_API_KEY": key}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  -- they are pipes
    process.stdin.write(json.dumps(hello).encode() + b"\n")
    process.stdin.flush()
    line = process.stdout.readline()
    took = time.perf_counter() - begun
    process.stdin.close()
    process.wait(15)
    if b'"result"' not in line:
        raise RuntimeError(f"stdio answered {line[:200]!r}")
    return took


def credential_for(key: str) -> Credential:
    """The key's credential, for calls in this process."""
    return credential_of_key(key, Door.MCP)
