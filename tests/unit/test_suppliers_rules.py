"""The READMEs' state diagrams are the tables'."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.lifecycle import Lifecycle
from shared_apps.products.rules import OFFER_LIFECYCLE
from shared_apps.suppliers.rules import SUPPLIER_LIFECYCLE

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("app", "table"), [("suppliers", SUPPLIER_LIFECYCLE), ("products", OFFER_LIFECYCLE)])
def test_the_readme_draws_the_table(app: str, table: Lifecycle) -> None:
    assert table.mermaid() in (ROOT / "shared_apps" / app / "README.md").read_text(encoding="utf-8")


def test_every_state_and_action_of_a_supplier() -> None:
    allowed = {(state, action) for state, action, can in SUPPLIER_LIFECYCLE.product() if can}
    assert allowed == {
        ("under_review", "admit"),
        ("under_review", "refuse"),
        ("admitted", "suspend"),
        ("suspended", "reinstate"),
        ("admitted", "remove"),
        ("suspended", "remove"),
    }
