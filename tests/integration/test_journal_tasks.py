"""Background work: every tick of the beat names a task there is, and a tenant's task asks for a signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from config.celery import app
from kernel.clock import utc_now
from tenant_apps.idempotency.models import IdempotencyKey
from tenant_apps.idempotency.tasks import purge_all
from tenants.database.base import NoRoomSelected
from tenants.database.context import current_tenant, selected_code, tenant_selected
from tenants.database.tasks import UnsignedTask, signature_of, tenant_task

ran: list[tuple[str, int]] = []


@tenant_task("tests.note")
def note(*, number: int) -> None:
    ran.append((current_tenant().code, number))


@pytest.fixture(autouse=True)
def eager() -> Iterator[None]:
    ran.clear()
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


def test_a_task_runs_in_its_tenant() -> None:
    note.enqueue(tenant="990001", number=7)
    note.enqueue(tenant="990002", number=8)
    assert ran == [("990001", 7), ("990002", 8)]
    assert selected_code() is None


SIGNED = signature_of(tenant="990001", task="tests.note", arguments={"number": 1})
OTHER = signature_of(tenant="990001", task="tests.other", arguments={"number": 1})


@pytest.mark.parametrize(
    "message",
    [
        {"tenant": "990001", "proof": "", "arguments": {"number": 1}},
        {"tenant": "990002", "proof": SIGNED, "arguments": {"number": 1}},
        {"tenant": "990001", "proof": SIGNED, "arguments": {"number": 2}},
        {"tenant": "990001", "proof": SIGNED, "arguments": {}},
        {"tenant": "990001", "proof": SIGNED, "arguments": {"number": 1, "more": 2}},
        {"tenant": "990001", "proof": OTHER, "arguments": {"number": 1}},
    ],
)
def test_a_message_without_its_signature_is_refused(message: dict[str, Any]) -> None:
    with pytest.raises(UnsignedTask):
        note.task.apply_async(kwargs=message)
    assert ran == []


def test_the_signed_message_itself_is_taken() -> None:
    note.task.apply_async(kwargs={"tenant": "990001", "proof": SIGNED, "arguments": {"number": 1}})
    assert ran == [("990001", 1)]


def test_with_the_signature_s_check_off_a_message_runs_in_any_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what the guard is for."""
    monkeypatch.setattr("tenants.database.tasks.hmac.compare_digest", lambda proof, expected: True)
    note.task.apply_async(kwargs={"tenant": "990002", "proof": SIGNED, "arguments": {"number": 9}})
    assert ran == [("990002", 9)]


def test_without_a_tenant_there_is_no_room() -> None:
    with pytest.raises(TypeError):
        note.enqueue(number=1)  # type: ignore[call-arg]
    with pytest.raises(NoRoomSelected):
        note.function(number=1)


def test_every_tick_names_a_task_there_is() -> None:
    app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named - set(app.tasks) == set()


def test_wake_ups_only() -> None:
    assert app.conf.task_acks_late is True
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.accept_content == ["json"]


def test_old_answers_are_purged_in_every_room() -> None:
    for code in ("990001", "990002"):
        with tenant_selected(code):
            for days in (8, 1):
                IdempotencyKey.objects.create(
                    user_id=1, endpoint="x", key=f"k{days}", request_hash="0", status=200, answer="",
                    created_at=utc_now() - timedelta(days=days),
                )  # fmt: skip
    assert purge_all() == 2
    for code in ("990001", "990002"):
        with tenant_selected(code):
            assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["k1"]
