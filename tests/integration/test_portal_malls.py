"""Which malls there are, which a person may enter, and when a mall is live."""

from __future__ import annotations

import pytest

from kernel.actor import SYSTEM, Actor, Belonging, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.portal.selectors import malls, my_malls
from tenant_apps.journal.services import record
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tenants.database.logins import RELAY
from tenants.divisions.models import Supervision
from tenants.registry.models import Tenant
from tenants.registry.services import mark_live
from tests.factories.relayed import relay_tenant

A, B = "990001", "990002"


def member(kind: str, tenant: str | None, post: Post | None = None) -> Actor:
    held = (HeldPost(post, 1),) if post else ()
    return Actor(1, "测试", None, (Belonging(1, "机构", kind, "X", tenant),), held)


def set_state(code: str, **values: object) -> None:
    with region_as("yz_region"):
        Tenant.objects.filter(code=code).update(**values)


def codes(actor: Actor) -> list[tuple[str, str]]:
    with region_as("yz_region"):
        return [(mall.code, mall.why) for mall in my_malls(actor=actor)]


def test_a_mall_that_says_so_is_live() -> None:
    with tenant_selected(A), tenant_atomic():
        record(
            actor=SYSTEM, event="policies.went_live", object_type="mall", object_id=A,
            facts={"modules": ["online_supermarket"], "on_demo_rules": True}, now=utc_now(),
        )  # fmt: skip
    relay_tenant(A)
    assert Tenant.objects.get(code=A).state == "live"
    assert Tenant.objects.get(code=A).live_at is not None
    assert Tenant.objects.get(code=B).state == "configuring"


@pytest.mark.parametrize("state", ["suspended", "archived", "provisioning", "live"])
def test_only_a_mall_being_prepared_goes_live(state: str) -> None:
    set_state(A, state=state)
    with region_as(RELAY):
        assert mark_live(code=A, now=utc_now()) is False
    assert Tenant.objects.get(code=A).state == state


def test_malls_are_listed_by_prefecture_and_found_by_name_or_code() -> None:
    set_state(A, state="live")
    with region_as("yz_region"):
        everything = malls()
        assert (everything.total, everything.live, everything.found) == (2, 1, 2)
        assert [mall.code for group in malls(text="甲").groups for mall in group.malls] == [A]
        assert [mall.code for group in malls(text="990002").groups for mall in group.malls] == [B]
        assert malls(text="没有这个").groups == ()
    live = next(mall for group in everything.groups for mall in group.malls if mall.code == A)
    assert (live.is_live, live.url) == (True, "http://990001.localhost:8000/")


def test_practice_is_not_listed() -> None:
    set_state(A, kind="practice")
    with region_as("yz_region"):
        assert malls().total == 1


def test_my_malls() -> None:
    set_state(A, state="live")
    assert codes(member("budget_unit", A)) == [(A, "own")]
    assert codes(member("budget_unit", B)) == [(B, "own")], "one's own, also while it is being prepared"
    assert codes(member("supplier", None, Post.SUPPLIER_SALES)) == [(A, "region")]
    with region_as("yz_region"):
        Supervision.objects.filter(tenant_code=A).update(supervisor_code=B)
    assert codes(member("finance_bureau", B, Post.TIER_SUPERVISOR)) == [(B, "own"), (A, "supervised")]
    assert codes(Actor(1, "测试")) == []
