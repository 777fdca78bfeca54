"""Registries of the page kit, emptied for one test and put back after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from kernel.registry import Registry
from webkit import navigation, problem_words, states


@pytest.fixture
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "ENTRIES", Registry("main menu"))
    monkeypatch.setattr(states, "LIFECYCLES", Registry("state labels"))
    monkeypatch.setattr(problem_words, "WORDS", Registry("words of problems"))


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield
