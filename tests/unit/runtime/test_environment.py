"""The environment is rebuilt when, and only when, it must be."""

import os
from pathlib import Path

import pytest

from runtime import environment
from runtime.layout import Layout
from runtime.records import Record


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    layout.prepare()
    layout.lock.write_text("django==5.2.19\n")
    return layout


def build(layout: Layout, name: str, *, whole: bool = True) -> Path:
    target = layout.local / "venvs" / name
    (target / "bin").mkdir(parents=True)
    (target / "bin" / "python").touch()
    if whole:
        (target / environment.STAMP).write_text(environment.key(layout) + "\n")
    return target


def test_nothing_is_not_current(layout: Layout) -> None:
    assert not environment.is_current(layout)


def test_a_whole_one_is_current_until_the_lock_changes(layout: Layout) -> None:
    environment._switch(layout.venv, build(layout, "one"))
    assert environment.is_current(layout)

    layout.lock.write_text("django==5.2.20\n")

    assert not environment.is_current(layout)


def test_a_half_built_one_is_not_current(layout: Layout) -> None:
    environment._switch(layout.venv, build(layout, "one", whole=False))

    assert not environment.is_current(layout)


def test_one_whose_python_is_gone_is_not_current(layout: Layout) -> None:
    target = build(layout, "one")
    environment._switch(layout.venv, target)
    (target / "bin" / "python").unlink()

    assert not environment.is_current(layout)


def test_a_copied_checkout_builds_its_own(layout: Layout, tmp_path: Path) -> None:
    elsewhere = Layout(tmp_path / "copy")
    elsewhere.root.mkdir()
    elsewhere.lock.write_bytes(layout.lock.read_bytes())

    assert environment.key(elsewhere) != environment.key(layout)


def test_switching_replaces_a_plain_folder_and_an_older_link(layout: Layout) -> None:
    (layout.venv / "bin").mkdir(parents=True)
    first, second = build(layout, "one"), build(layout, "two")

    environment._switch(layout.venv, first)
    assert layout.venv.resolve() == first
    environment._switch(layout.venv, second)
    assert layout.venv.resolve() == second
    assert not os.path.isabs(os.readlink(layout.venv))

    environment.remove_unused(layout)
    assert {path.name for path in layout.local.glob("venv*")} == {"venvs", "venv"}
    assert [path.name for path in layout.local.glob("venvs/*")] == ["two"]


def test_an_earlier_one_stays_while_a_server_runs_from_it(layout: Layout) -> None:
    first, second = build(layout, "one"), build(layout, "two")
    environment._switch(layout.venv, second)
    record = Record(layout.run / "test-postgres.json")
    record.took(os.getpid(), binaries=str(first / "lib" / "bin"))

    environment.remove_unused(layout)
    assert first.exists()

    record.forget()
    environment.remove_unused(layout)
    assert not first.exists()
    assert second.exists()
