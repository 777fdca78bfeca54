"""TCP ports on the loopback address."""

import random
import socket

from runtime.problems import Problem

# Below the kernel's range for outgoing connections (from 32768), so that a kept port is not taken by a passing one.
PORTS = range(20_000, 30_000)
ATTEMPTS = 200


def is_free(port: int, *, host: str = "127.0.0.1") -> bool:
    """Nobody listens there. SO_REUSEADDR ignores the remains of closed connections."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def choose(*, kept: int | None = None) -> int:
    """The kept port when it is still free, otherwise another free one."""
    if kept is not None and is_free(kept):
        return kept
    for port in random.sample(PORTS, ATTEMPTS):
        if is_free(port):
            return port
    raise Problem(f"No free TCP port found between {PORTS.start} and {PORTS.stop}.")


def answers(port: int, *, host: str = "127.0.0.1", timeout_seconds: float = 1.0) -> bool:
    """Somebody accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=timeout_seconds):
            return True
    except OSError:
        return False
