"""Fixtures that every test may use. Which tests get a database is decided by their folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache

from tests import database

WITHOUT_DATABASE = ("unit", "architecture")


@pytest.fixture(scope="session")
def cluster(django_db_blocker: object) -> Iterator[None]:
    """The test database with both rooms, two tenants and the world of `tests.factories.world`."""
    from tests.factories.world import build_world

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with database.roles_lock():
            database.create_database()
            database.adopt_roles()
            build_world()
        database.take_baseline()
        yield
        database.close_all()


@pytest.fixture(params=[pytest.param(True, marks=pytest.mark.slow, id="whole"), pytest.param(False, id="turns")])
def whole(request: pytest.FixtureRequest) -> bool:
    """Whether every case is tried on every route (slow), or a few in turn so that over the routes all are."""
    return bool(request.param)


@pytest.fixture(scope="module")
def kept_world(cluster: None) -> Iterator[Callable[[], None]]:
    """For a world that a module's tests share: built in a module's fixture, which then calls this one's value.

    What a test changes in it is put back after the test as it was when the world was kept. What the world holds
    outside the database must not change: clients that sign in, for instance, sign in anew in each test.
    """
    layers = 0

    def keep() -> None:
        nonlocal layers
        leave_everything()
        database.take_baseline()
        layers += 1

    yield keep
    leave_everything()
    for _ in range(layers):
        database.drop_baseline()
    if not layers:  # it was not finished: what there is of it goes
        database.restore_baseline()


def leave_everything() -> None:
    """No room is entered and nothing of one is remembered in this process."""
    from shared_apps.rulebook.selectors import forget_rulebook_cache
    from tenants.database.context import forget_tenant_refs, leave_rooms

    leave_rooms()
    forget_tenant_refs()
    forget_rulebook_cache()


@pytest.fixture(autouse=True)
def room(request: pytest.FixtureRequest) -> Iterator[None]:
    """A clean database for the tests whose folder has one: what a test commits is taken back after it."""
    if request.path.relative_to(Path(__file__).parent).parts[0] in WITHOUT_DATABASE:
        yield
        return
    request.getfixturevalue("cluster")
    from tenants.database.context import leave_rooms

    leave_rooms()
    yield
    leave_everything()
    database.restore_baseline()
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    if keys := list(client.scan_iter(f"{database.database_name()}:*")):
        client.delete(*keys)
