"""A gate before the real Redis that can be shut: a TCP forwarder on loopback."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Gate:
    """Listens on a port of its own. `open` hands on, `hang` takes connections and says nothing."""

    def __init__(self, url: str) -> None:
        there = urlsplit(url)
        self._there = (there.hostname or "127.0.0.1", there.port or 6379)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        who, at, _ = there.netloc.rpartition("@")
        self.url = there._replace(netloc=f"{who}{at}127.0.0.1:{self.port}").geturl()
        self.is_open = True
        self.connections = 0
        self._kept: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def hang(self) -> None:
        """From now on nothing comes back, on old connections neither."""
        self.is_open = False

    def open(self) -> None:
        """Hand on again; connections that hung are cut."""
        self.is_open = True
        self._cut()

    def close(self) -> None:
        """Refuse connections from now on, and end."""
        self._listener.shutdown(socket.SHUT_RDWR)
        # Whoever is just coming in is let in first, so that nobody is left open.
        self._threads[0].join(5)
        self._listener.close()
        self._cut()
        for thread in self._threads[1:]:
            thread.join(5)

    def _cut(self) -> None:
        while self._kept:
            one = self._kept.pop()
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(self._there)
            self._kept += [client, server]
            for source, target in ((client, server), (server, client)):
                thread = threading.Thread(target=self._hand_on, args=(source, target))
                self._threads.append(thread)
                thread.start()

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                if self.is_open:
                    target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return
