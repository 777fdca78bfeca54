"""One POST to a stranger's machine: to the judged address only, with short patience and a small appetite."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from shared_apps.exchange.rules import ANSWER_BYTES_MAX, ANSWER_SECONDS, CONNECT_SECONDS
from shared_apps.exchange.targets import Target, TargetRefused, target_of


@dataclass(frozen=True, slots=True)
class Answer:
    """Status of the answer, 0 where there was none; `error` is the code of what went wrong."""

    status: int
    error: str = ""

    @property
    def arrived(self) -> bool:
        return not self.error


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was judged; the name is for the certificate and the Host header."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self.target = target

    def connect(self) -> None:
        plain = socket.create_connection((self.target.address, self.target.port), timeout=CONNECT_SECONDS)
        try:
            self.sock = secured(plain, self.target.host)
            self.sock.settimeout(ANSWER_SECONDS)
        except BaseException:
            plain.close()
            raise


def secured(plain: socket.socket, host: str) -> socket.socket:
    """TLS with the certificate checked against the name."""
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def post(*, url: str, body: str, headers: Mapping[str, str]) -> Answer:
    """Sends once. Any 2xx has arrived; a redirect is not followed, and nothing of the answer is kept."""
    try:
        target = target_of(url)
    except TargetRefused as refused:
        return Answer(0, f"target-{refused.args[0]}")
    connection = _Connection(target)
    try:
        connection.request("POST", target.path, body.encode(), dict(headers))
        answer = connection.getresponse()
        # Read within bounds, so that the peer sees a whole exchange; more than that is not our business.
        answer.read(ANSWER_BYTES_MAX)
    except TimeoutError:
        return Answer(0, "timeout")
    except ssl.SSLError:
        return Answer(0, "certificate")
    except (OSError, http.client.HTTPException):
        return Answer(0, "connection")
    finally:
        connection.close()
    if 200 <= answer.status < 300:
        return Answer(answer.status)
    return Answer(answer.status, "redirect" if 300 <= answer.status < 400 else "status")
