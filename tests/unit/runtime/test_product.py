"""The product's processes: who serves what, and who holds the owner's password."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.start import PROVISIONING_QUEUE, ROLES, command_of, main
from runtime.layout import Layout
from runtime.product import NAMES, Process, processes
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


def test_the_owners_queue_has_one_listener() -> None:
    from tenants.provisioning.tasks import QUEUE

    assert QUEUE == PROVISIONING_QUEUE
    assert {name for name in ROLES if QUEUE in command_of(name, {})} == {"provisioner"}


def test_every_process_is_started_as_in_the_image(wanted: dict[str, Process]) -> None:
    assert tuple(wanted) == ROLES
    for name, process in wanted.items():
        assert process.command[1:] == ("-m", "config.start", name)
    assert wanted["live"].environment["YZ_BIND"] == "127.0.0.1:8001"
    assert "127.0.0.1:8000" in command_of("web", wanted["web"].environment)
    assert command_of("live", {"YZ_BIND": "[::1]:9"})[3:7] == ("--host", "::1", "--port", "9")


@pytest.mark.parametrize("arguments", [["nothing"], ["web", "--workers", "9"], ["setup", "again"]])
def test_what_is_no_process_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "provisioner" in capsys.readouterr().err
