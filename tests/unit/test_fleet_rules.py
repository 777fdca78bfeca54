"""The life of a tenant, its diagram, and the layout of the tile grid."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kernel.posts import Post
from shared_apps.fleet import tiles
from tenants.divisions.services import DATA
from tenants.registry.rules import SHUT, TENANT_LIFECYCLE, TenantState

ROOT = Path(__file__).parents[2]
ALLOWED = {
    ("configuring", "go_live"): "live",
    ("configuring", "archive"): "archived",
    ("live", "suspend"): "suspended",
    ("suspended", "resume"): "live",
    ("suspended", "archive"): "archived",
}


def test_every_state_with_every_action() -> None:
    for state, action, allowed in TENANT_LIFECYCLE.product():
        assert allowed == ((state, action) in ALLOWED), (state, action)
        if allowed:
            assert TENANT_LIFECYCLE.next(state, action).target == ALLOWED[state, action]


@pytest.mark.parametrize("post", list(Post))
def test_region_staff_alone_suspends_resumes_and_archives(post: Post) -> None:
    found = {move.action for state in TenantState for move in TENANT_LIFECYCLE.actions(state, [post])}
    staff = post in {Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR}
    bureau = {"go_live"} if post == Post.TIER_SUPERVISOR else set()
    assert found == ({"suspend", "resume", "archive"} if staff else bureau)


def test_a_mall_is_shut_in_what_comes_after_suspending_and_archiving() -> None:
    assert set(SHUT) == {TENANT_LIFECYCLE.next("live", "suspend").target, *TENANT_LIFECYCLE.terminal}


def test_the_readme_shows_the_table() -> None:
    readme = (ROOT / "shared_apps" / "fleet" / "README.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{TENANT_LIFECYCLE.mermaid()}```" in readme


def test_every_prefecture_has_a_place_of_its_own_in_the_grid() -> None:
    with DATA.open(encoding="utf-8", newline="") as file:
        groups = {row["code"] for row in csv.DictReader(file) if row["level"] in {"province", "prefecture"}}
    layout = tiles.layout()
    assert set(layout) == groups
    assert len(set(layout.values())) == len(layout)
    assert all(1 <= column <= tiles.COLUMNS for _, column in layout.values())
