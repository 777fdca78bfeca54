"""The READMEs' diagrams are the tables' own."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.lifecycle import Lifecycle
from shared_apps.onboarding.rules import APPLICATION_LIFECYCLE
from tenant_apps.policies.rules import MODULE_LIFECYCLE

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("app", "table"),
    [("shared_apps/onboarding", APPLICATION_LIFECYCLE), ("tenant_apps/policies", MODULE_LIFECYCLE)],
)
def test_the_diagram_is_the_tables(app: str, table: Lifecycle) -> None:
    assert table.mermaid().strip() in (ROOT / app / "README.md").read_text("utf-8")
