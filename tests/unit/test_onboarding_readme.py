"""The README's diagram is the table's own."""

from __future__ import annotations

from pathlib import Path

from shared_apps.onboarding.rules import APPLICATION_LIFECYCLE

README = Path(__file__).parents[2] / "shared_apps" / "onboarding" / "README.md"


def test_the_diagram_is_the_tables() -> None:
    assert APPLICATION_LIFECYCLE.mermaid().strip() in README.read_text("utf-8")
