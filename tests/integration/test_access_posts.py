"""Posts of units: granting, ending, handing over, inviting, and the pairs kept apart."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connections
from django.test import Client

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import TENANT_POSTS, Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.accounts import demo
from shared_apps.accounts.consumers import make_invitation
from tenant_apps.access import demo as access_demo
from tenant_apps.access import selectors, services
from tenant_apps.access.models import PairChoice, PostHolding
from tenant_apps.access.rules import DEFAULT_PAIRS, FIXED_PAIRS, IncompatiblePosts, PairNotAllowed, check_incompatible
from tenant_apps.access.services import PostHeldAlready
from tenant_apps.journal.models import JournalEntry
from tenants.database.context import region_as, region_atomic, tenant_atomic, tenant_selected
from tenants.journaling.consumers import RelayedEntry
from tests.factories.people import PASSWORD, actor_of, join, letters, make_user, sign_in
from tests.factories.units import make_bureau_person, make_holder, make_unit

A, B = "990001", "990002"


def _journal() -> list[tuple[str, dict[str, object]]]:
    return list(JournalEntry.objects.filter(event__startswith="access.").order_by("id").values_list("event", "facts"))


def test_granting_and_ending_write_one_journal_row_each() -> None:
    unit = make_unit(A)
    user, bureau = make_holder(unit), actor_of(make_bureau_person(A), A)
    what = {"user_id": user.pk, "name": user.name, "organisation_id": unit.organisation.pk, "unit_id": unit.id}
    with tenant_selected(A):
        row = services.grant_post(actor=bureau, post=Post.BUYER_CLERK, now=utc_now(), **what)
        services.end_post(actor=bureau, holding_id=row.pk, now=utc_now())
        facts = {**what, "post": "buyer_clerk"}
        assert _journal() == [("access.post_granted", facts), ("access.post_ended", facts)]
        row.refresh_from_db()
        assert row.ended_by == bureau.user_id
        with pytest.raises(NotFound):
            services.end_post(actor=bureau, holding_id=row.pk, now=utc_now())
    assert actor_of(user, A).posts == frozenset()


def test_nobody_holds_a_post_twice() -> None:
    unit = make_unit(A)
    user = make_holder(unit, Post.BUYER_CLERK)
    what = {"name": "", "organisation_id": unit.organisation.pk, "unit_id": unit.id, "post": Post.BUYER_CLERK}
    with tenant_selected(A):
        with pytest.raises(PostHeldAlready):
            services.grant_post(actor=SYSTEM, user_id=user.pk, now=utc_now(), **what)
        with pytest.raises(IntegrityError, match="holding_once_a_person"), tenant_atomic():
            PostHolding.objects.create(user_id=user.pk, granted_at=utc_now(), **what)
        assert len(_journal()) == 1


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"user_id": None}, "holding_names_somebody"),
        ({"post": "tier_supervisor"}, "holding_post_is_a_unit_post"),
        ({"ended_at": utc_now() - timedelta(days=1)}, "holding_ends_after_it_began"),
    ],
)
def test_the_database_refuses_impossible_holdings(change: dict[str, object], constraint: str) -> None:
    row = {
        "user_id": 1, "name": "a", "organisation_id": 1, "unit_id": 1, "post": "buyer_clerk", "granted_at": utc_now(),
    }  # fmt: skip
    with tenant_selected(A), pytest.raises(IntegrityError, match=constraint), tenant_atomic():
        PostHolding.objects.create(**{**row, **change})


def test_only_posts_of_units_are_granted_here() -> None:
    unit = make_unit(A)
    with tenant_selected(A):
        for post in (*(set(Post) - TENANT_POSTS), "king"):
            with pytest.raises(InvalidInput):
                services.grant_post(
                    actor=SYSTEM, user_id=1, name="a", organisation_id=1, unit_id=unit.id, post=post, now=utc_now()
                )


def test_an_administrator_looks_after_their_own_unit_only() -> None:
    school, clinic = make_unit(A), make_unit(A, "001002", "卫生院")
    admin = actor_of(make_holder(school, Post.UNIT_ADMINISTRATOR), A)
    clerk, strange = make_holder(school, Post.BUYER_CLERK), make_holder(clinic, Post.BUYER_CLERK)
    now = utc_now()
    with tenant_selected(A):
        assert [entry.unit.id for entry in selectors.people_page(actor=admin)] == [school.id]
        services.grant_to_member(actor=admin, unit_id=school.id, user_id=clerk.pk, post=Post.BUYER_APPROVER, now=now)
        with pytest.raises(NotPermitted):
            services.grant_to_member(
                actor=admin, unit_id=school.id, user_id=clerk.pk, post=Post.UNIT_ADMINISTRATOR, now=now
            )
        with pytest.raises(NotFound):
            services.grant_to_member(
                actor=admin, unit_id=clinic.id, user_id=strange.pk, post=Post.BUYER_APPROVER, now=now
            )
        with pytest.raises(NotFound):
            services.grant_to_member(
                actor=admin, unit_id=school.id, user_id=strange.pk, post=Post.BUYER_APPROVER, now=now
            )
        foreign = PostHolding.objects.get(user_id=strange.pk)
        with pytest.raises(NotFound):
            services.end_post(actor=admin, holding_id=foreign.pk, now=now)
        with pytest.raises(NotFound):
            services.hand_over_to_member(actor=admin, holding_id=foreign.pk, to_user_id=clerk.pk, now=now)
        with pytest.raises(NotPermitted):
            services.choose_pairs(actor=admin, pairs=DEFAULT_PAIRS, reason="", now=now)


def test_a_clerk_looks_after_nobody() -> None:
    unit = make_unit(A)
    clerk = actor_of(make_holder(unit, Post.BUYER_CLERK), A)
    with tenant_selected(A):
        with pytest.raises(NotFound):
            selectors.people_page(actor=clerk)
        with pytest.raises(NotPermitted):
            services.invite_person(
                actor=clerk, organisation_id=unit.organisation.pk, unit_id=unit.id, name="a", email="a@b.cn",
                posts=[Post.BUYER_CLERK], now=utc_now(),
            )  # fmt: skip


def test_a_bureau_of_another_level_changes_nothing_here() -> None:
    unit, stranger = make_unit(A), make_bureau_person(B)
    with tenant_selected(A), pytest.raises(NotPermitted):
        services.grant_post(
            actor=actor_of(stranger, A), user_id=1, name="a", organisation_id=unit.organisation.pk, unit_id=unit.id,
            post=Post.BUYER_CLERK, now=utc_now(),
        )  # fmt: skip


def test_handing_over_is_one_step_and_one_journal_row() -> None:
    unit = make_unit(A)
    old, new = make_holder(unit, Post.UNIT_ADMINISTRATOR, name="老王"), make_holder(unit, Post.BUYER_PAYER, name="小李")
    admin = actor_of(old, A)
    with tenant_selected(A):
        holding = PostHolding.objects.get(user_id=old.pk)
        with pytest.raises(InvalidInput):
            services.hand_over_to_member(actor=admin, holding_id=holding.pk, to_user_id=old.pk, now=utc_now())
        before = len(_journal())
        services.hand_over_to_member(actor=admin, holding_id=holding.pk, to_user_id=new.pk, now=utc_now())
        ((event, facts),) = _journal()[before:]
        assert (event, facts["from_user_id"], facts["user_id"]) == ("access.post_handed_over", old.pk, new.pk)
    assert actor_of(old, A).posts == frozenset()
    assert actor_of(new, A).posts == {Post.UNIT_ADMINISTRATOR, Post.BUYER_PAYER}


def test_handing_over_to_somebody_who_holds_it_leaves_both_as_they_are() -> None:
    unit = make_unit(A)
    old, new = make_holder(unit, Post.BUYER_CLERK), make_holder(unit, Post.BUYER_CLERK)
    with tenant_selected(A):
        holding = PostHolding.objects.get(user_id=old.pk)
        with pytest.raises(PostHeldAlready):
            services.hand_over_to_member(actor=SYSTEM, holding_id=holding.pk, to_user_id=new.pk, now=utc_now())
        assert PostHolding.objects.filter(ended_at=None).count() == 2


def _relay_invitation() -> str:
    """What the relay does with the last invitation of A; returns the letter's link."""
    with tenant_selected(A):
        row = JournalEntry.objects.filter(event="access.person_invited").latest("id")
    entry = RelayedEntry(
        A, 1, row.pk, row.at, row.event, 1, row.actor_id, row.actor_name, row.organisation_id, row.object_type,
        row.object_id, row.facts,
    )  # fmt: skip
    with region_as("yz_relay"), region_atomic():
        make_invitation(entry)
    return "/invitations/" + letters()[-1].body.split("/invitations/")[1].split()[0]


def _invite(unit_id: int, *posts: Post) -> str:
    with tenant_selected(A):
        services.invite_to_unit(
            actor=SYSTEM, unit_id=unit_id, name="小王", email="w@example.cn", posts=posts, now=utc_now()
        )
    return _relay_invitation()


def test_an_invited_person_finds_their_posts_at_first_entry() -> None:
    unit = make_unit(A)
    link = _invite(unit.id, Post.BUYER_CLERK, Post.BUYER_PAYER)
    with tenant_selected(A):
        assert selectors.posts_filled(unit_id=unit.id) == frozenset()
    client = Client(HTTP_HOST="localhost")
    form = {"username": "xiao.wang", "password": PASSWORD, "again": PASSWORD}
    assert client.post(link, form).status_code == 303
    assert client.get("/api/v1/me/").json()["held"] == []
    from shared_apps.accounts.models import User

    user = User.objects.get(username="xiao.wang")
    mall = sign_in(Client(), user, A)
    assert {held["post"] for held in mall.get("/api/v1/me/").json()["held"]} == {"buyer_clerk", "buyer_payer"}
    with tenant_selected(A):
        assert selectors.posts_filled(unit_id=unit.id) == {Post.BUYER_CLERK, Post.BUYER_PAYER}
        assert [event for event, _ in _journal()] == ["access.person_invited", "access.posts_claimed"]
    assert {held["post"] for held in mall.get("/api/v1/me/").json()["held"]} == {"buyer_clerk", "buyer_payer"}


def test_two_invitations_of_a_member_both_count() -> None:
    unit = make_unit(A)
    user = make_holder(unit, Post.BUYER_CLERK)
    client = sign_in(Client(), user)
    for posts in ((Post.BUYER_APPROVER,), (Post.BUYER_CLERK, Post.UNIT_ADMINISTRATOR)):
        assert client.post(_invite(unit.id, *posts) + "join/").status_code == 303
    mall = sign_in(Client(), user, A)
    held = sorted(row["post"] for row in mall.get("/api/v1/me/").json()["held"])
    assert held == ["buyer_approver", "buyer_clerk", "unit_administrator"]
    assert mall.get("/api/v1/me/").json()["held"] == mall.get("/api/v1/me/").json()["held"]
    with tenant_selected(A):
        assert PostHolding.objects.filter(user_id=user.pk, ended_at=None).count() == 3


def test_an_invitation_counts_for_who_accepted_it_only() -> None:
    unit = make_unit(A)
    _invite(unit.id, Post.BUYER_CLERK)
    other = make_user()
    join(other, unit.organisation)
    assert sign_in(Client(), other, A).get("/api/v1/me/").json()["held"] == []


def test_a_holding_of_an_unknown_invitation_is_nobodys() -> None:
    unit = make_unit(A)
    with tenant_selected(A):
        PostHolding.objects.create(
            invitation_key=uuid4(), name="a", organisation_id=unit.organisation.pk, unit_id=unit.id,
            post=Post.BUYER_CLERK, granted_at=utc_now(),
        )  # fmt: skip
    assert actor_of(make_holder(unit), A).posts == frozenset()


# -- pairs --------------------------------------------------------------------------------------------------------
def test_the_default_holds_until_the_bureau_chooses_within_the_bounds() -> None:
    bureau = actor_of(make_bureau_person(A), A)
    with tenant_selected(A):
        assert selectors.incompatible_pairs() == DEFAULT_PAIRS
        services.choose_pairs(actor=bureau, pairs=FIXED_PAIRS, reason="三人学校", now=utc_now())
        assert selectors.incompatible_pairs() == FIXED_PAIRS
        with pytest.raises(PairNotAllowed):
            services.choose_pairs(actor=bureau, pairs=DEFAULT_PAIRS - FIXED_PAIRS, reason="", now=utc_now())
        assert PairChoice.objects.count() == 1
        assert [event for event, _ in _journal()] == ["access.pairs_changed"]
        with pytest.raises(ProgrammingError, match="permission denied"), connections["tenant"].cursor() as cursor:
            cursor.execute("DELETE FROM access_pairchoice")
    with tenant_selected(B):
        assert selectors.incompatible_pairs() == DEFAULT_PAIRS


def test_three_people_of_a_school_can_buy() -> None:
    """Clerk, approver and a third: each post finds somebody whom the default pairs do not forbid."""
    ann, ben, cem = 1, 2, 3
    acted: dict[Post, int | None] = {}
    for post, who in (
        (Post.BUYER_CLERK, ann),
        (Post.BUYER_APPROVER, ben),
        (Post.BUYER_ACCEPTOR, cem),
        (Post.BUYER_PAYER, ann),
    ):
        check_incompatible(pairs=DEFAULT_PAIRS, post=post, user_id=who, acted=acted)
        acted[post] = who
    with pytest.raises(IncompatiblePosts) as refused:
        check_incompatible(pairs=DEFAULT_PAIRS, post=Post.BUYER_PAYER, user_id=cem, acted=acted)
    assert refused.value.facts == {"post": "buyer_payer", "acted_as": "buyer_acceptor"}


def test_the_demonstration_fills_every_post(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a test mall that stands for one of the demonstration's counties."""
    from shared_apps.accounts import roster
    from shared_apps.accounts.models import User
    from shared_apps.accounts.rules import OrganisationKind
    from shared_apps.accounts.selectors import organisation_by_code
    from tenant_apps.budgets.services import create_unit

    counties = {A: ("jia", "甲县")}
    monkeypatch.setattr(roster, "DEMO_TENANTS", counties)
    monkeypatch.setattr(access_demo, "DEMO_TENANTS", counties)
    demo.load(utc_now())
    ids = {}
    for code in roster.DEMO_UNITS:
        row = organisation_by_code(kind=OrganisationKind.BUDGET_UNIT, code=code, tenant_code=A)
        with tenant_selected(A):
            ids[code] = create_unit(actor=SYSTEM, code=code, name=row.name, organisation_id=row.pk, now=utc_now()).pk
    with tenant_selected(A):
        access_demo.load(utc_now())
        count = PostHolding.objects.count()
        access_demo.load(utc_now())
        assert PostHolding.objects.count() == count == 10
        for unit_id in ids.values():
            assert selectors.posts_filled(unit_id=unit_id) == TENANT_POSTS
    clerk = User.objects.get(username="jia-jingban")
    assert actor_of(clerk, A).units(Post.BUYER_CLERK) == {ids["001001"]}
