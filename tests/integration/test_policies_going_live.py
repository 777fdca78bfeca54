"""Going live: nothing opens until every item is done, each item alone holds it back, and the region learns of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connections

from kernel.actor import SYSTEM, Actor, HeldPost
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.onboarding import selectors as onboarding
from shared_apps.onboarding.models import MallProgress
from shared_apps.onboarding.words import CHECKLIST
from shared_apps.rulebook.models import CalendarDay
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET
from shared_apps.rulebook.selectors import forget_rulebook_cache
from tenant_apps.journal.models import JournalEntry
from tenant_apps.policies import checklist as registered
from tenant_apps.policies import services, tasks
from tenant_apps.policies.models import MallModule, MallOpening
from tenant_apps.policies.selectors import checklist, module_open, modules
from tenants.database.context import forget_tenant_refs, region_as, tenant_selected
from tenants.registry.models import Tenant
from tests.factories.budgets import make_unit
from tests.factories.openings import BUYERS, STEPS, make_ready, open_mall, staffed_unit
from tests.factories.relayed import relay_tenant
from tests.factories.rules import bureau_of, verified_threshold

A, B = "990001", "990002"


def missing(tenant: str = A) -> list[str]:
    with tenant_selected(tenant):
        return [item.key for item in checklist(now=utc_now()) if not item.done]


def refused(tenant: str = A) -> list[dict[str, str]]:
    """What the refusal of going live names; nothing has changed then."""
    with tenant_selected(tenant):
        rows = JournalEntry.objects.count()
        with pytest.raises(services.ChecklistOpen) as raised:
            services.go_live(actor=bureau_of(tenant), now=utc_now())
        assert JournalEntry.objects.count() == rows
        assert not module_open(ONLINE_SUPERMARKET)
        assert not MallOpening.objects.exists()
    found: list[dict[str, str]] = raised.value.facts["missing"]
    return found


def _no_unit() -> None:
    make_ready(A, without=["posts"])


def _no_calendar() -> None:
    make_ready(A)
    with region_as("yz_region"):
        CalendarDay.objects.filter(date__year=local_date(utc_now()).year).delete()
    forget_rulebook_cache()


def _without(key: str) -> Callable[[], None]:
    return lambda: make_ready(A, without=[key])


def _lacking_a_payer() -> None:
    make_ready(A, without=["posts"])
    staffed_unit(A, posts=[post for post in BUYERS if post != Post.BUYER_PAYER])


def _one_person_in_all_posts() -> None:
    make_ready(A, without=["posts"])
    staffed_unit(A, people=1)


def _a_second_unit_without_people() -> None:
    make_ready(A)
    make_unit(A, code="001002", name="第二小学")


def _a_newer_threshold() -> None:
    make_ready(A)
    verified_threshold(amount="250000.00", valid_from=date(2026, 6, 1), document_number="新财购〔2026〕9号")


@pytest.mark.parametrize(
    ("prepare", "keys"),
    [
        # The threshold that is verified later is another version: it has to be acknowledged as well.
        (_without("thresholds_verified"), ["thresholds_verified"]),
        (_without("thresholds_acknowledged"), ["thresholds_acknowledged"]),
        (_a_newer_threshold, ["thresholds_acknowledged"]),
        (_no_unit, ["units", "posts"]),
        (_lacking_a_payer, ["posts"]),
        (_one_person_in_all_posts, ["posts"]),
        (_a_second_unit_without_people, ["posts"]),
        (_no_calendar, ["calendar"]),
        (_without("shelf"), ["shelf"]),
        (_without("tariff"), ["tariff"]),
        (_without("modules"), ["modules"]),
        (_without("practice"), ["practice"]),
    ],
)
def test_each_item_alone_holds_the_mall_back_with_its_reason(prepare: Callable[[], None], keys: list[str]) -> None:
    prepare()
    assert missing() == keys
    told = refused()
    assert [one["key"] for one in told] == keys
    assert all(one["reason"] and one["label"] for one in told)


def test_every_item_has_a_test_a_responsible_and_a_place_where_it_is_mended() -> None:
    keys = {item.key for item in registered.items()}
    assert keys == set(CHECKLIST), "the region shows what is missing by these words"
    assert keys == {*STEPS, "units", "calendar"}
    for item in registered.items():
        assert item.responsible in Post
        assert item.action_url_name or item.region_url_name, item.key


def test_the_mall_opens_with_all_chosen_modules_once() -> None:
    make_ready(A)
    assert missing() == []
    with tenant_selected(A):
        opening = services.go_live(actor=bureau_of(A), now=utc_now())
        assert opening.modules == [ONLINE_SUPERMARKET]
        assert module_open(ONLINE_SUPERMARKET)
        with pytest.raises(services.MallIsLive):
            services.go_live(actor=bureau_of(A), now=utc_now())
        with pytest.raises(services.MallIsLive):
            services.choose_modules(actor=bureau_of(A), modules=[ONLINE_SUPERMARKET], now=utc_now())
        rows = JournalEntry.objects.filter(object_type__in=["mall", "module"]).order_by("id")
        events = list(rows.values_list("event", flat=True))
    assert events == [
        "policies.modules_chosen", "policies.checklist_changed", "policies.module_opened", "policies.went_live",
    ]  # fmt: skip
    relay_tenant(A)
    assert Tenant.objects.get(code=A).state == "live"
    assert Tenant.objects.get(code=B).state == "configuring"
    progress = onboarding.progress(codes=[A])[A]
    assert (progress.done, progress.missing) == (progress.total, ())


def test_a_module_closes_and_opens_again_once_the_mall_is_live() -> None:
    make_ready(A)
    with tenant_selected(A):
        with pytest.raises(services.MallNotLive):
            services.open_module(actor=bureau_of(A), module=ONLINE_SUPERMARKET, now=utc_now())
        services.go_live(actor=bureau_of(A), now=utc_now())
        services.close_module(actor=bureau_of(A), module=ONLINE_SUPERMARKET, reason="年末结账", now=utc_now())
        assert not module_open(ONLINE_SUPERMARKET)
        services.open_module(actor=bureau_of(A), module=ONLINE_SUPERMARKET, now=utc_now())
        assert module_open(ONLINE_SUPERMARKET)


def test_a_choice_replaces_the_one_before() -> None:
    bureau = bureau_of(A)
    with tenant_selected(A):
        services.choose_modules(actor=bureau, modules=[ONLINE_SUPERMARKET], now=utc_now())
        services.choose_modules(actor=bureau, modules=[ONLINE_SUPERMARKET], now=utc_now())
        assert JournalEntry.objects.count() == 1
        assert [one.state for one in modules()] == ["chosen", "closed", "closed", "closed", "closed"]
        with pytest.raises(InvalidInput):
            services.choose_modules(actor=bureau, modules=[], now=utc_now())
        with pytest.raises(services.ModuleNotBuilt):
            services.choose_modules(actor=bureau, modules=["reverse_auction"], now=utc_now())
        with pytest.raises(NotFound):
            services.choose_modules(actor=bureau, modules=["none"], now=utc_now())
        assert not module_open(ONLINE_SUPERMARKET)


@pytest.mark.parametrize("post", sorted(set(Post) - {Post.TIER_SUPERVISOR}))
def test_only_the_bureau_chooses_and_goes_live(post: Post) -> None:
    stranger = Actor(user_id=9, name="x", tenant=A, held=(HeldPost(post, 1),))
    with tenant_selected(A):
        with pytest.raises(NotPermitted):
            services.choose_modules(actor=stranger, modules=[ONLINE_SUPERMARKET], now=utc_now())
        with pytest.raises(NotPermitted):
            services.go_live(actor=stranger, now=utc_now())
        assert not MallModule.objects.exists()


def test_practice_malls_open_without_a_checklist_and_no_other_does() -> None:
    with tenant_selected(A), pytest.raises(NotPermitted):
        services.open_practice_modules(actor=SYSTEM, now=utc_now())
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(kind="practice")
    forget_tenant_refs()
    with tenant_selected(A):
        assert services.open_practice_modules(actor=SYSTEM, now=utc_now()) == [ONLINE_SUPERMARKET]
        assert services.open_practice_modules(actor=SYSTEM, now=utc_now()) == []
        assert module_open(ONLINE_SUPERMARKET)
    relay_tenant(A)
    assert Tenant.objects.get(code=A).state == "configuring"


# -- what the region sees ----------------------------------------------------------------------------------------------
def test_progress_is_told_when_it_changes_and_only_then() -> None:
    with tenant_selected(A):
        assert services.tell_checklist(now=utc_now())
        assert not services.tell_checklist(now=utc_now())
        first = JournalEntry.objects.get().facts
    assert first["done"] + len(first["missing"]) == first["total"]
    make_ready(A, without=["tariff"])
    with tenant_selected(A):
        assert services.tell_checklist(now=utc_now())
    relay_tenant(A)
    view = onboarding.progress(codes=[A])[A]
    assert (view.done, view.missing) == (view.total - 1, ("tariff",))
    assert view.told_at is not None
    assert set(onboarding.progress()) == {A}


def test_a_live_mall_tells_nothing_more() -> None:
    open_mall(A)
    make_unit(A, code="001009", name="第九小学")
    with tenant_selected(A):
        assert not services.tell_checklist(now=utc_now())


def test_only_malls_at_work_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tasks.tell, "enqueue", lambda *, tenant: asked.append(tenant))
    with region_as("yz_region"):
        tasks.sweep_checklists()
    assert asked == []
    make_unit(A)
    relay_tenant(A)
    with region_as("yz_region"):
        tasks.sweep_checklists()
        assert asked == [A]
        Tenant.objects.filter(code=A).update(state="live")
        tasks.sweep_checklists()
    assert asked == [A]


def test_practice_never_reaches_the_regions_progress() -> None:
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(kind="practice")
    forget_tenant_refs()
    make_unit(A)
    with tenant_selected(A):
        services.tell_checklist(now=utc_now())
    relay_tenant(A)
    assert not MallProgress.objects.exists()


def test_many_malls_at_work_take_turns() -> None:
    codes = [f"{number:06}" for number in range(70)]
    seen = {code for number in range(7) for code in tasks.turn(codes, number=number, most=30)}
    assert seen == set(codes)
    assert all(len(tasks.turn(codes, number=number, most=30)) == 30 for number in range(7))
    assert tasks.turn(codes[:3], number=5, most=30) == codes[:3]


@pytest.mark.parametrize(
    ("constraint", "sql"),
    [
        (
            "mall_opens_once",
            "INSERT INTO policies_mallopening VALUES (2, now(), NULL, '', '[]', false)",
        ),
        (
            "checklist_standing_is_one",
            "INSERT INTO policies_checkliststanding VALUES (2, 0, 0, '[]', now())",
        ),
    ],
)
def test_the_tables_refuse_raw_writes(constraint: str, sql: str) -> None:
    with tenant_selected(A), connections["tenant"].cursor() as cursor, pytest.raises(IntegrityError, match=constraint):
        cursor.execute(sql)


def test_an_opening_is_never_taken_back() -> None:
    open_mall(A)
    for sql in ("DELETE FROM policies_mallopening", "UPDATE policies_mallopening SET opened_at = now()"):
        with tenant_selected(A), connections["tenant"].cursor() as cursor, pytest.raises(ProgrammingError):
            cursor.execute(sql)
