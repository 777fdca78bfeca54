"""A bureau looks into the malls that answer to it, at any depth: it reads, it changes nothing, each visit is a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from kernel.posts import SUPERVISE_FROM_ABOVE, Post
from shared_apps.accounts.models import User
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as
from tenants.divisions.models import Supervision
from tenants.divisions.selectors import codes_above, supervised_codes
from tenants.registry.models import Tenant
from tests.checksums import schema_checksum
from tests.factories.people import actor_of, join, make_organisation, make_user, sign_in
from tests.factories.two_malls import Mall, make_two_malls
from tests.tenancy.crossing import ask, body_of, calls, found_in, paths
from webkit.latin import latin_words

A, B = "990001", "990002"
# Above A by way of B; beside it, above nobody here.
REGION, NEIGHBOUR = "650000", "654200"
ENDS_THE_SESSION = frozenset({"access:sign_out"})


@pytest.fixture(scope="module")
def world(kept_world: Callable[[], None], tmp_path_factory: pytest.TempPathFactory) -> tuple[Mall, Mall, Path]:
    files = tmp_path_factory.mktemp("files")
    with override_settings(YZ_FILES_DIR=files):
        made = make_two_malls()
    with region_as("yz_region"):
        Supervision.objects.filter(tenant_code=A).update(supervisor_code=B)
    kept_world()
    return (*made, files)


@pytest.fixture
def malls(world: tuple[Mall, Mall, Path], room: None, settings: Any) -> tuple[Mall, Mall]:
    settings.YZ_FILES_DIR = world[2]
    settings.YZ_WRITES_PER_MINUTE = 10**9
    below, above = (replace(mall, _clients={}) for mall in world[:2])
    return below, above


def bureau_person(code: str, *posts: Post) -> User:
    user = make_user(name="测试监管")
    join(user, make_organisation(OrganisationKind.FINANCE_BUREAU, tenant_code=code), posts)
    return user


def held_in(user: User, code: str) -> list[str]:
    """By the door's function and by the selector that tests build actors with: they say the same."""
    found = sign_in(Client(), user, code).get("/api/v1/me/").json()["held"]
    posts = [one["post"] for one in found]
    assert posts == sorted(map(str, actor_of(user, code).posts))
    return posts


def visits() -> list[Any]:
    rows = RegionJournalEntry.objects.filter(event="accounts.mall_visited").order_by("id")
    return list(rows.values_list("object_id", "actor_name", "facts__posts"))


def test_a_supervisor_above_reads_what_the_region_s_reads_and_writes_nothing(malls: tuple[Mall, Mall]) -> None:
    below, above = malls
    before = [schema_checksum(f"t{mall.code}") for mall in malls]
    client = above.client(Post.TIER_SUPERVISOR, below.code)
    faults: list[str] = []
    opened, read = 0, 0
    for route, method in calls("tenant"):
        assert route.access is not None
        if route.name in ENDS_THE_SESSION or route.access.public:
            continue
        posts = route.access.posts
        assert posts is None or (Post.HIGHER_SUPERVISOR in posts) == bool(posts >= SUPERVISE_FROM_ABOVE), route.name
        may = posts is None or Post.HIGHER_SUPERVISOR in posts
        for path in paths(route, below, most=3):
            answer = ask(client, method, path, body_of(route, below) if method != "GET" else "")
            right = {200, 302, 303, 304, 400, 404} if may and method == "GET" else {400, 403, 404} if may else {403}
            if answer.status_code not in right:
                faults.append(f"{method} {path} ({route.name}): {answer.status_code}")
            opened += may and method == "GET" and answer.status_code == 200
            read += found_in(answer, below.marker)
    assert faults == []
    assert opened > 20
    assert read > 10
    assert [schema_checksum(f"t{mall.code}") for mall in malls] == before
    assert visits() == [(below.code, above.people[Post.TIER_SUPERVISOR].name, ["higher_supervisor"])]
    # Its bureau sees the visit, in words.
    page = below.client(Post.TIER_SUPERVISOR, None).get("/account/visits/").content.decode()
    assert "上级财政监管人员" in page


def test_it_reaches_down_at_any_depth_and_never_up_or_sideways(malls: tuple[Mall, Mall]) -> None:
    below, above = malls
    assert codes_above(tenant_code=A) == {B, REGION}
    assert supervised_codes(supervisor_code=B) == {A, B}
    own = ["tier_supervisor"]
    assert held_in(above.people[Post.TIER_SUPERVISOR], A) == ["higher_supervisor"]
    assert held_in(above.people[Post.TIER_SUPERVISOR], B) == own
    assert held_in(bureau_person(REGION, Post.TIER_SUPERVISOR), A) == ["higher_supervisor"]
    assert held_in(below.people[Post.TIER_SUPERVISOR], B) == []
    assert held_in(bureau_person(NEIGHBOUR, Post.TIER_SUPERVISOR), A) == []
    assert held_in(bureau_person(REGION), A) == [], "of the bureau, and no supervisor there"
    assert held_in(above.people[Post.CPB_OPERATOR], A) == [], "the purchasing body of that level supervises nobody"
    assert [code for code, _name, posts in visits() if posts] == [A, A]


def test_a_stranger_of_another_prefecture_gets_nothing(malls: tuple[Mall, Mall]) -> None:
    below, _above = malls
    before = schema_checksum(f"t{below.code}")
    client = sign_in(Client(), bureau_person(NEIGHBOUR, Post.TIER_SUPERVISOR), below.code)
    for route, method in calls("tenant"):
        assert route.access is not None
        if route.access.posts is None:
            continue
        (path,) = paths(route, below)
        answer = ask(client, method, path, body_of(route, below) if method != "GET" else "")
        assert answer.status_code == 403, (method, path, answer.status_code)
        assert not found_in(answer, below.marker)
    assert schema_checksum(f"t{below.code}") == before
    assert visits() == []


def test_it_ends_with_the_edge_and_holds_in_no_practice_mall(malls: tuple[Mall, Mall]) -> None:
    below, above = malls
    user = above.people[Post.TIER_SUPERVISOR]
    client = above.client(Post.TIER_SUPERVISOR, A)
    assert client.get("/bureau/").status_code == 200
    with region_as("yz_region"):
        Supervision.objects.filter(tenant_code=A, valid_to=None).update(valid_to=date(2026, 6, 1))
    assert client.get("/bureau/").status_code == 403, "at once, in the session that is open"
    assert held_in(user, A) == []
    with region_as("yz_region"):
        Supervision.objects.filter(tenant_code=A).update(valid_to=None)
        Tenant.objects.filter(code=A).update(kind="practice")
    assert [name for name, *_rest in visits()] == [A], "a practice mall holds nothing to oversee"
    assert below.code == A


def test_the_lists_of_what_answers_to_a_bureau_lead_into_it(malls: tuple[Mall, Mall]) -> None:
    _below, above = malls
    client = above.client(Post.TIER_SUPERVISOR, None)
    for path in ("/", "/supervised/"):
        page = client.get(path).content.decode()
        assert f'action="/malls/{A}/enter/"' in page, path
        assert "查看该卖场" in page, path
        assert [word for word in latin_words(page) if word not in {"U990001", "U990002"}] == [], path
