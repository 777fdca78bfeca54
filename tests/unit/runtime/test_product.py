"""The product's processes: who serves what, and who holds the owner's password."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.layout import Layout
from runtime.product import NAMES, PROVISIONING_QUEUE, Process, processes
from runtime.settings import Settings


@pytest.fixture
def wanted(tmp_path: Path) -> dict[str, Process]:
    layout = Layout(tmp_path)
    layout.prepare()
    layout.lock.write_text("")
    layout.venv.mkdir()
    settings = Settings(layout, "secret", "postgres://yz_owner:0f9e8d7c@127.0.0.1:5/yz", "redis://127.0.0.1:6/0")
    return {process.name: process for process in processes(layout, settings, port=8000, bind="127.0.0.1")}


def test_only_the_provisioner_holds_the_owners_password(wanted: dict[str, Process]) -> None:
    assert set(wanted) == set(NAMES)
    holding = {name for name, process in wanted.items() if "0f9e8d7c" in repr(sorted(process.environment.items()))}
    assert holding == {"provisioner"}


def test_the_owners_queue_has_one_listener(wanted: dict[str, Process]) -> None:
    from tenants.provisioning.tasks import QUEUE

    assert QUEUE == PROVISIONING_QUEUE
    assert {name for name, process in wanted.items() if QUEUE in process.command} == {"provisioner"}
