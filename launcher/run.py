"""`make run`: the servers, the database, the demonstration data, and every process of the Procfile."""

import contextlib
import http.client
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

import environ

from launcher import addresses, homes, processes, procfile, servers, state, telegram
from launcher.addresses import Addresses
from launcher.errors import LauncherError
from launcher.paths import DOTENV, PROJECT, STATE
from launcher.procfile import Supervisor
from launcher.servers import DEVELOPMENT, Running
from launcher.state import Journal

_RUNNING_ALREADY = "NadMor is running in this folder already: http://localhost:{port}/ (process {pid})."
_WEB_PATIENCE = 60  # seconds
_GLANCE = 0.2  # seconds between two looks at what runs


def say(text: str) -> None:
    """Show progress at once, also into a pipe; a reader that went away is no reason to stop."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def run() -> int:
    """Start everything, stay until told to stop, stop everything; 0, or the code of what ended by itself.

    Raises `LauncherError` about what stands in the way.
    """
    environ.Env.read_env(DOTENV)
    port = addresses.web_port(os.environ)
    commands = procfile.load(PROJECT / "Procfile")
    with state.hold(STATE, otherwise=_RUNNING_ALREADY):
        for name in state.stop_leftovers(STATE):
            say(f"Stopped {name}: a NadMor that was killed had left it behind.")
        addresses.require_free(port)
        given = addresses.given(os.environ)
        say("Starting the servers ...")
        try:
            return run_with_servers(given, Journal(STATE, port), commands)
        finally:
            state.remove(STATE)


def run_with_servers(given: Addresses, journal: Journal, commands: Mapping[str, str]) -> int:
    """Start the servers that are not given, prepare the database, run the commands of the Procfile."""
    port = journal.state.port or 0
    mcp_port = addresses.mcp_port(os.environ, port)
    token = addresses.value(os.environ, "TELEGRAM_BOT_TOKEN")
    telegram_port = None if token else addresses.telegram_port(os.environ, port, mcp_port)
    if telegram_port is None:
        commands = {name: line for name, line in commands.items() if name != telegram.SANDBOX}
    journal.tell_ports(mcp_port, telegram_port)
    with servers.running(homes.data_home(STATE), DEVELOPMENT, given, journal) as running:
        more = {"PORT": str(port), "MCP_SERVER_PORT": str(mcp_port)}
        if telegram_port:
            more |= telegram.environment(telegram_port)
        environment = addresses.child_environment(running.addresses, **more)
        welcome = prepare(environment)
        if "mcp" in commands:
            welcome += f"MCP for AI assistants: http://localhost:{mcp_port}/mcp\n"
        if telegram.BOT in commands:
            welcome += telegram.welcome(token, telegram_port)
        watch = Watch(running, port, welcome, journal)
        code = procfile.run_together(commands, environment, PROJECT, watch)
    say("NadMor has stopped." if code == 0 else f"NadMor has stopped by itself ({code}): see above.")
    return code


def prepare(environment: Mapping[str, str]) -> str:
    """Migrate and load the demonstration, showing progress; the text that tells people how to get in.

    Raises `LauncherError` if it fails; it has said why on stderr.
    """
    command = [sys.executable, "-m", "launcher.prepare", str(STATE / "demo-key")]
    code, welcome = processes.run_step(command, env=environment, cwd=PROJECT)
    if code != 0:
        raise LauncherError("The database could not be prepared: see above.")
    return welcome


@dataclass(frozen=True)
class Watch:
    """What goes on beside the processes: welcome people when the web answers, stop when a server dies."""

    running: Running
    port: int
    welcome: str
    journal: Journal

    def __call__(self, supervisor: Supervisor) -> None:
        """Look until the processes are asked to stop."""
        for name, pid in supervisor.pids().items():
            self.journal.add(name, pid)
        if processes.wait_until(lambda: supervisor.is_stopping() or web_answers(self.port), _WEB_PATIENCE):
            if supervisor.is_stopping():
                return
            say(f"\nNadMor is running: http://localhost:{self.port}/  (Ctrl-C stops it)\n\n{self.welcome}")
        else:
            say(f"The web process has not answered for {_WEB_PATIENCE} seconds: see its output above.")
        self._look_at_servers(supervisor)

    def _look_at_servers(self, supervisor: Supervisor) -> None:
        while not supervisor.is_stopping():
            dead = self.running.dead()
            if dead is not None:
                say(f"{dead.name} has ended by itself: stopping. Its log: {dead.log}")
                supervisor.give_up()
                return
            time.sleep(_GLANCE)


def web_answers(port: int) -> bool:
    """Whether the web process answers a request, whatever it answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": "localhost", "Connection": "close"})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()


def reset() -> int:
    """Delete the development data. Raises `LauncherError` while NadMor runs in this folder."""
    with state.hold(STATE, otherwise="NadMor is running in this folder (process {pid}): stop it first."):
        state.stop_leftovers(STATE)
        homes.remove_data(STATE)
    say("The development data are deleted; `make run` makes new ones.")
    return 0
