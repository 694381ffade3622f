"""The second half of `make screenshots`: the hospital's admin, in Thai and in English.

Servers and demonstration data are made for it and gone afterwards. Somebody of the front desk signs in, and
Chromium takes a picture of each page that the README shows.
"""

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from launcher import browser, processes
from launcher.browser import Page
from launcher.errors import LauncherError
from launcher.paths import PROJECT
from launcher.server import free_port, open_log
from launcher.throwaway import throwaway_servers

PICTURES = PROJECT / "docs" / "images" / "admin"
LANGUAGES = ("th", "en")
HOSPITAL = "demo"
# As `load_demo` makes them (bookings/demo/catalogue.py, bookings/demo/plans/demo.py): nobody that there is.
DESK, CHIEF, PASSWORD = "desk@demo.example", "admin@demo.example", "nadmor-demo-2026"
_CALENDAR = "/admin/bookings/appointment/calendar/"
_PATIENCE = 60.0  # seconds
_SETTLING = 1.5  # seconds: charts grow, dialogs fade in
_HOURS_AHEAD = 7  # of Bangkok
_SATURDAY = 5
_READY = "document.readyState === 'complete' && document.fonts.status === 'loaded'"
_FILLED = f"{_READY} && document.querySelectorAll('[data-appointment]').length > 3"
_LISTED = f"{_READY} && document.querySelectorAll('tr[data-row]').length > 1"
# Somebody types the beginning of a name that stands in the calendar.
_LOOK_FOR = """
document.getElementById('calendar-new').click();
const box = document.querySelector('dialog [name=q]');
box.value = document.querySelector('.nm-entry-name').textContent.slice(0, 4);
box.dispatchEvent(new Event('input'));
"""
_FOUND = "document.querySelector('dialog [role=option]')"


@dataclass(frozen=True)
class Picture:
    """A picture: its name, whose screen, which page on what, and what is done there before it is taken."""

    name: str
    email: str
    path: str
    is_phone: bool = False
    shown: str = _READY
    does: str = ""
    done: str = "true"


def pictures() -> int:
    """Take all pictures; 0. Raises `LauncherError` about what stands in the way."""
    program = browser.find()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with throwaway_servers() as given, tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder), free_port()
        environment = {**given, "DJANGO_SETTINGS_MODULE": "config.settings.local", "PORT": str(port)}
        prepare = [sys.executable, "-m", "launcher.prepare", str(home / "key")]
        if processes.run_step(prepare, env=environment, cwd=PROJECT)[0] != 0:
            raise LauncherError("The demonstration data could not be loaded: see above.")
        with _web(environment, home), browser.browsing(program, home) as page:
            for language in LANGUAGES:
                for picture in wanted(working_day(datetime.now(UTC))):
                    _take(picture, page, f"http://{HOSPITAL}.localhost:{port}", language)
    return 0


def wanted(day: date) -> list[Picture]:
    """What is taken; `day` is shown in the calendar."""
    there = f"{_CALENDAR}#day={day}"
    return [
        Picture("calendar", DESK, f"{there}&view=day", shown=_FILLED),
        Picture("booking", DESK, f"{there}&view=day", shown=_FILLED, does=_LOOK_FOR, done=_FOUND),
        Picture("phone", DESK, f"{there}&view=list", is_phone=True, shown=_LISTED),
        Picture("dashboard", CHIEF, "/admin/"),
    ]


def working_day(now: datetime) -> date:
    """The day in Bangkok, or the Monday after it: at weekends there is little to be seen."""
    day = (now + timedelta(hours=_HOURS_AHEAD)).date()
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day


def _take(picture: Picture, page: Page, base: str, language: str) -> None:
    page.begin(language)
    _sign_in(page, base, picture)
    # Only another address than the present one is gone to: what differs behind its # would not do.
    _open(page, "about:blank", picture)
    _open(page, base + picture.path, picture)
    page.wait_for(f"location.href.startsWith({json.dumps(base)}) && {picture.shown}")
    if picture.does:
        page.value(f"(() => {{ {picture.does} }})()")
    page.wait_for(picture.done)
    time.sleep(_SETTLING)
    path = PICTURES / f"{language}-{picture.name}.png"
    path.write_bytes(page.picture())
    print(f"  {path.relative_to(PROJECT)}", flush=True)


def _open(page: Page, url: str, picture: Picture) -> None:
    if picture.is_phone:
        page.open(url, width=390, height=844, scale=2)
    else:
        page.open(url, width=1360, height=860, scale=1, is_phone=False)


def _sign_in(page: Page, base: str, picture: Picture) -> None:
    _open(page, f"{base}/admin/login/?next=/admin/", picture)
    page.wait_for("document.readyState === 'complete' && document.querySelector('[name=password]')")
    for name, text in (("username", picture.email), ("password", PASSWORD)):
        page.value(f"document.querySelector('[name={name}]').value = {json.dumps(text)}")
    page.value("document.querySelector('[name=password]').form.submit()")
    page.wait_for("location.pathname === '/admin/' && document.readyState === 'complete'")


@contextlib.contextmanager
def _web(environment: Mapping[str, str], home: Path) -> Iterator[None]:
    """The web process while the pictures are taken; what it says is shown if it does not start."""
    log = home / "web.log"
    with open_log(log) as file:
        process = processes.spawn(
            [sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "config/gunicorn.py"],
            env=environment, cwd=PROJECT, stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        if not processes.wait_until(_listens(log, process), _PATIENCE):
            raise LauncherError(f"The web process does not start:\n{log.read_text(errors='replace')[-2000:]}")
        yield
    finally:
        processes.stop(process, signal.SIGTERM, patience=10)


def _listens(log: Path, process: "subprocess.Popen[bytes]") -> Callable[[], bool]:
    return lambda: process.poll() is None and "Listening at" in log.read_text(errors="replace")
