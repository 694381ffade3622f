"""`make conformance` installs the protocol's test suite once, and says in a line what stands in the way."""

import json
from pathlib import Path

import pytest

from launcher import conformance
from launcher.errors import LauncherError


@pytest.fixture
def node(tmp_path: Path, monkeypatch) -> Path:
    """The folder of the suite, empty, and a PATH on which only what a test puts there is found."""
    folder = tmp_path / "node"
    monkeypatch.setattr(conformance, "NODE", folder)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return folder


def npm(folder: Path, script: str) -> None:
    program = folder / "npm"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_without_npm_it_is_one_line(node: Path, monkeypatch):
    monkeypatch.setenv("PATH", str(node))
    with pytest.raises(LauncherError, match=r"^npm is not installed"):
        conformance.install()


def test_an_index_that_is_away_is_one_line_with_the_log(node: Path, tmp_path: Path):
    npm(tmp_path, "echo 'getaddrinfo ENOTFOUND'; exit 1")
    with pytest.raises(LauncherError, match=r"^npm could not install .*: see .*npm\.log$"):
        conformance.install()
    assert "ENOTFOUND" in (node / "npm.log").read_text()
    assert not conformance.is_installed()


def test_it_is_installed_once_for_each_lock(node: Path, tmp_path: Path):
    npm(tmp_path, 'test "$1" = ci && test -f package-lock.json && test -f package.json')
    assert not conformance.is_installed()
    conformance.install()
    assert conformance.is_installed()
    (node / "installed").write_text("an older lock")
    assert not conformance.is_installed()


def test_the_lock_names_versions_and_no_host():
    lock = json.loads((conformance.SUITE / "package-lock.json").read_text())
    named = json.loads((conformance.SUITE / "package.json").read_text())["dependencies"]
    assert lock["packages"][""]["dependencies"] == named
    packages = [row for name, row in lock["packages"].items() if name]
    assert all("integrity" in row for row in packages)
    assert not any("resolved" in row for row in packages)
