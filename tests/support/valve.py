"""A door between us and a server on loopback, to be shut and opened: for what happens when it is away."""

import contextlib
import select
import socket
import threading
from typing import Self


class Valve:
    """Passes bytes on to a server. Shut, it breaks every connection and lets nobody in."""

    def __init__(self, behind: tuple[str, int]) -> None:
        self._behind = behind
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._open = True
        self._ended = False
        self._wires: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self.shut()
        self._thread.join(5)
        self._listening.close()

    def open(self) -> None:
        """Let everybody in again."""
        self._open = True

    def shut(self) -> None:
        """Break what there is, and let nobody in."""
        self._open = False
        for wire in list(self._wires):
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._ended:
            ready, _w, _x = select.select([self._listening], [], [], 0.2)
            if not ready:
                continue
            wire, _address = self._listening.accept()
            if self._open:
                threading.Thread(target=self._pass, args=(wire,), daemon=True).start()
            else:
                wire.close()

    def _pass(self, here: socket.socket) -> None:
        with here, socket.create_connection(self._behind) as there:
            pair = {here: there, there: here}
            self._wires |= set(pair)
            with contextlib.suppress(OSError):
                while True:
                    ready, _w, _x = select.select(list(pair), [], [], 30)
                    for one in ready:
                        data = one.recv(65536)
                        if not data:
                            self._wires -= set(pair)
                            return
                        pair[one].sendall(data)
            self._wires -= set(pair)
