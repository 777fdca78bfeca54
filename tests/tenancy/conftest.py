"""Two malls with everything in them, built once for all tests of a file."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from shared_apps.accounts import rules as account_rules
from tests.factories.two_malls import Mall, make_two_malls


@pytest.fixture(scope="module")
def world(kept_world: Callable[[], None], tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[Mall, Mall], Path]:
    files = tmp_path_factory.mktemp("files")
    with override_settings(YZ_FILES_DIR=files):
        made = make_two_malls()
    kept_world()
    return made, files


@pytest.fixture
def malls(
    world: tuple[tuple[Mall, Mall], Path], room: None, settings: Any, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[Mall, Mall]:  # fmt: skip
    made, settings.YZ_FILES_DIR = world
    settings.YZ_WRITES_PER_MINUTE = 10**9
    monkeypatch.setattr(account_rules, "ANONYMOUS_WRITES_PER_MINUTE", 10**9)
    for name in ("", "django.request", "yz.security"):
        caplog.set_level(logging.CRITICAL, logger=name)
    mine, theirs = (replace(mall, _clients={}) for mall in made)
    return mine, theirs
