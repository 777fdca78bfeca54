"""What holds a supplier: the standing follows the open causes, in whatever order they begin and end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import pytest
from django.db import IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.actor import SYSTEM, Actor, HeldPost
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import NotFound, NotPermitted
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.suppliers.changes import STANDING_HOOKS
from shared_apps.suppliers.models import Supplier, SupplierHold
from shared_apps.suppliers.services import HeldOtherwise, change_standing, hold_supplier, release_hold
from tests.factories.goods import make_supplier

STAFF = Actor(user_id=1, name="测试", held=(HeldPost(Post.REGION_SUPERVISOR, 1),))
CAUSES = [("manual", ""), ("sanction", "S-1"), ("sanction", "S-2"), ("qualification_expired", "9")]
STEPS = st.lists(st.tuples(st.booleans(), st.sampled_from(CAUSES)), max_size=12)


def hold(supplier: Supplier, cause: str = "sanction", reference: str = "S-1", actor: Actor = SYSTEM) -> SupplierHold:
    return hold_supplier(
        actor=actor, supplier_id=supplier.pk, cause=cause, reference=reference, reason="依据文书", now=utc_now()
    )


def release(supplier: Supplier, cause: str = "sanction", reference: str = "S-1") -> SupplierHold | None:
    return release_hold(actor=SYSTEM, supplier_id=supplier.pk, cause=cause, reference=reference, now=utc_now())


def standing(supplier: Supplier) -> str:
    return Supplier.objects.get(pk=supplier.pk).standing


@pytest.fixture
def told() -> Iterator[list[int]]:
    """What a hook of the standing hears."""
    heard: list[int] = []

    def hear(*, supplier_ids: Collection[int], now: datetime) -> None:
        heard.extend(supplier_ids)

    things = STANDING_HOOKS._things
    things["test"] = hear
    yield heard
    del things["test"]


@settings(max_examples=12, deadline=None)
@given(steps=STEPS)
def test_suspended_exactly_while_something_holds_it(steps: list[tuple[bool, tuple[str, str]]]) -> None:
    supplier = make_supplier()
    open_ones: set[tuple[str, str]] = set()
    for begins, (cause, reference) in steps:
        rows = RegionJournalEntry.objects.count()
        if begins:
            hold(supplier, cause, reference)
            written = (cause, reference) not in open_ones
            open_ones.add((cause, reference))
        else:
            released = release(supplier, cause, reference)
            written = released is not None
            assert written == ((cause, reference) in open_ones)
            open_ones.discard((cause, reference))
        assert standing(supplier) == ("suspended" if open_ones else "admitted")
        assert RegionJournalEntry.objects.count() == rows + written


def test_hooks_hear_changes_of_standing_and_no_others(told: list[int]) -> None:
    supplier = make_supplier()
    told.clear()
    hold(supplier)
    hold(supplier, "sanction", "S-2")
    release(supplier)
    assert told == [supplier.pk]
    release(supplier, "sanction", "S-2")
    assert told == [supplier.pk] * 2


def test_people_lift_their_own_hold_only() -> None:
    supplier = make_supplier()
    hold(supplier)
    with pytest.raises(HeldOtherwise):
        change_standing(actor=STAFF, supplier_id=supplier.pk, action="reinstate", reason="", now=utc_now())
    hold(supplier, "manual", "", STAFF)
    change_standing(actor=STAFF, supplier_id=supplier.pk, action="reinstate", reason="", now=utc_now())
    assert standing(supplier) == "suspended"
    release(supplier)
    assert standing(supplier) == "admitted"


def test_a_hold_waits_for_the_admission_and_outlives_the_removal() -> None:
    supplier = make_supplier()
    change_standing(actor=STAFF, supplier_id=supplier.pk, action="remove", reason="注销", now=utc_now())
    hold(supplier)
    assert standing(supplier) == "removed"
    Supplier.objects.filter(pk=supplier.pk).update(standing="under_review")
    change_standing(actor=STAFF, supplier_id=supplier.pk, action="admit", reason="", now=utc_now())
    assert standing(supplier) == "suspended"


def test_strangers_hold_nobody() -> None:
    supplier = make_supplier()
    seller = Actor(user_id=2, name="测试", held=(HeldPost(Post.SUPPLIER_ADMIN, 2),))
    with pytest.raises(NotPermitted):
        hold(supplier, actor=seller)
    with pytest.raises(NotFound):
        hold(Supplier(pk=0))
    assert SupplierHold.objects.count() == 0


def test_one_cause_is_open_once() -> None:
    supplier = make_supplier()
    row = hold(supplier)
    row.pk = None
    with pytest.raises(IntegrityError, match="supplier_hold_open_once"):
        row.save(force_insert=True)
