"""Ports for servers that are killed and come back at the same address."""

import random
import socket

# Below the range from which Linux gives ports to clients (32768 and up): while a server is dead, a client
# that looks for it could be given the very port, and would then talk to itself.
_LOWEST, _HIGHEST = 15_000, 32_000


def quiet_port() -> int:
    """A port of the loopback interface that nobody listens at and that no client is given."""
    chance = random.SystemRandom()
    while True:
        port = chance.randint(_LOWEST, _HIGHEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
