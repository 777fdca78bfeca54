"""The README's diagram is the table's own."""

from __future__ import annotations

from pathlib import Path

from tenant_apps.payments.rules import PAYMENT_LIFECYCLE

README = Path(__file__).parents[2] / "tenant_apps" / "payments" / "README.md"


def test_the_diagram_is_the_tables() -> None:
    assert PAYMENT_LIFECYCLE.mermaid().strip() in README.read_text("utf-8")
