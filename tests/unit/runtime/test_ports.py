"""Ports: the kept one while nobody took it."""

import socket
from collections.abc import Iterator

import pytest

from runtime import ports
from runtime.problems import Problem


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_free_kept_port_is_kept() -> None:
    port = ports.choose()

    assert port in ports.PORTS
    assert ports.choose(kept=port) == port


def test_a_taken_port_is_replaced(taken: int) -> None:
    assert not ports.is_free(taken)
    assert ports.answers(taken)
    assert ports.choose(kept=taken) != taken


def test_a_free_port_does_not_answer() -> None:
    assert not ports.answers(ports.choose())


def test_it_says_so_when_all_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda port: False)

    with pytest.raises(Problem, match="No free TCP port"):
        ports.choose(kept=20_000)
