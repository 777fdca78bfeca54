"""The owner's background work: a queue of its own, and no message without a signature of the whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from config.celery import app
from tenants.provisioning.tasks import QUEUE, UnsignedOwnerTask, owner_task, signature_of

NAME = "tests.owner_note"
ran: list[tuple[str, int]] = []


@owner_task(NAME)
def note(*, code: str, number: int) -> None:
    ran.append((code, number))


@pytest.fixture(autouse=True)
def eager() -> Iterator[None]:
    ran.clear()
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


def test_it_runs_with_its_arguments() -> None:
    note.enqueue(code="650100", number=7)
    note.run(code="650102", number=8)
    assert ran == [("650100", 7), ("650102", 8)]


def test_its_message_goes_to_the_queue_of_the_one_process_that_holds_the_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(app.tasks[NAME], "apply_async", lambda **options: sent.append(options))
    note.enqueue(code="650100", number=1)
    assert [message["queue"] for message in sent] == [QUEUE]


@pytest.mark.parametrize(
    ("proof", "arguments"),
    [
        ("", {"code": "650100", "number": 1}),
        (signature_of(task=NAME, arguments={"code": "650100", "number": 1}), {"code": "650100", "number": 2}),
        (signature_of(task=NAME, arguments={"code": "650102", "number": 1}), {"code": "650100", "number": 1}),
        (signature_of(task="tests.other", arguments={"code": "650100", "number": 1}), {"code": "650100", "number": 1}),
    ],
)
def test_a_message_that_is_not_signed_as_it_stands_is_refused(proof: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(UnsignedOwnerTask):
        note.task.apply(kwargs={"proof": proof, "arguments": arguments}).get()
    assert ran == []
