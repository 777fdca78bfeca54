"""The README's diagrams are the tables' own."""

from __future__ import annotations

from pathlib import Path

from tenant_apps.payments.rules import INTEREST_LIFECYCLE, PAYMENT_LIFECYCLE, TERM_LIFECYCLE

README = Path(__file__).parents[2] / "tenant_apps" / "payments" / "README.md"


def test_the_diagrams_are_the_tables() -> None:
    text = README.read_text("utf-8")
    assert PAYMENT_LIFECYCLE.mermaid().strip() in text
    assert INTEREST_LIFECYCLE.mermaid().strip() in text
    assert TERM_LIFECYCLE.mermaid().strip() in text
