"""Every page in English and as Uyghur readers get it, from right to left: for axe, and no wider than its screen.

Chinese is looked at in test_every_page. This takes four minutes for each language: `bin/test --slow`. Some pages of
each language are looked at in every run: test_languages_browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.pages.browsing import browse
from tests.pages.every import World, full_world
from tests.pages.looking import Seen, distinct, look

LANGUAGES = ("en", "ug")


@pytest.fixture(scope="module")
def built(kept_world: Callable[[], None]) -> World:
    world = full_world()
    kept_world()
    return world


@pytest.fixture
def at_work(built: World) -> World:
    built.clients.clear()  # sessions went with the test before
    return built


def pages(world: World) -> Iterator[Seen]:
    """One page of each route and structure."""
    for room in ("region", "tenant"):
        for found in distinct(look(world, room, whole=False), whole=False):
            if found.status == 200:
                yield found


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_a_browser(browser: Browser, site: str, at_work: World, language: str) -> None:
    browse(browser, site, at_work, pages(at_work), language=language)
