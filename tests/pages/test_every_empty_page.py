"""Every page of both hosts before anything was bought or put on the shelf, as everybody who may open it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.pages.browsing import browse, in_latin, refused_writes, unexpected
from tests.pages.every import empty_world
from tests.pages.looking import Seen, distinct, look


@pytest.mark.timeout(900)  # hundreds of pages
@pytest.mark.parametrize("host", ["region", "tenant"])
def test_every_page_of_a_county_that_begins(
    room: None, browser: Browser, site: str, host: str, whole: bool
) -> None:  # fmt: skip
    """Nothing bought, nothing on the shelf; and a person who writes too often."""
    world = empty_world()
    seen = look(world, host, whole=whole)
    assert unexpected(seen) == []
    assert in_latin(seen) == []
    then = refused_writes if host == "tenant" else None
    browse(browser, site, world, distinct(once_a_route(seen), whole=whole), then)


def once_a_route(seen: list[Seen]) -> list[Seen]:
    """An empty page is the same to whoever may open it."""
    return list({(found.tenant, found.route, found.path): found for found in reversed(seen) if found.html}.values())
