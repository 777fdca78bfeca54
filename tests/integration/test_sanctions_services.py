"""Bans: entered by one person, put in force by another, ended by time; a row is never edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connections

from kernel.actor import ANONYMOUS, SYSTEM, Actor
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted, WrongState
from shared_apps.accounts import demo as people_demo
from shared_apps.region_files import services as files
from shared_apps.region_journal.models import RegionJournalEntry
from shared_apps.sanctions import demo, selectors, services
from shared_apps.sanctions.models import Sanction
from shared_apps.sanctions.services import DecisionMissing, SamePerson, SanctionExists, Upload
from shared_apps.suppliers import demo_loader
from shared_apps.suppliers.models import Supplier
from shared_apps.suppliers.services import change_standing, hold_supplier, release_hold
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import MALL
from tenants.journaling.files import FileNotFound
from tests.factories.goods import make_supplier, valid_uscc
from tests.factories.sanctions import PDF, at, banned, decision, keeper

A, B = "990001", "990002"
FIRST = date(2026, 3, 1)
LAST = date(2027, 2, 28)
LATER = {"ground": "court", "number": "（2026）新01行终1号", "decided_on": date(2026, 5, 1), "decided_by": "测试法院"}


def standing(supplier: Supplier) -> str:
    return str(Supplier.objects.values_list("standing", flat=True).get(pk=supplier.pk))


def events() -> list[str]:
    return list(
        RegionJournalEntry.objects.filter(event__startswith="sanctions.").order_by("id").values_list("event", flat=True)
    )


def test_the_party_is_out_from_the_first_day_to_the_last() -> None:
    supplier = make_supplier()
    row = banned(supplier.uscc)
    assert standing(supplier) == "suspended"
    assert supplier.holds.get().until == LAST
    with region_as("yz_region"):
        assert services.sweep_due(now=at(LAST, hour=23)) == (0, 0)
        assert standing(supplier) == "suspended"
        # Midnight in Xinjiang's offices, still the day before in UTC.
        assert services.sweep_due(now=at(LAST + timedelta(days=1), hour=0)) == (1, 0)
        assert services.sweep_due(now=at(LAST + timedelta(days=1), hour=0)) == (0, 0)
    assert standing(supplier) == "admitted"
    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("ended", at(date(2027, 3, 1), hour=0))
    assert events() == [
        "sanctions.entered", "sanctions.decision_attached", "sanctions.put_in_force", "sanctions.ended",
    ]  # fmt: skip


def test_whoever_entered_it_does_not_put_it_in_force() -> None:
    supplier = make_supplier()
    with region_as("yz_region"):
        row = services.enter_sanction(
            actor=keeper(1), given=decision(supplier.uscc), document=Upload("决定书.pdf", PDF), now=at(FIRST)
        )
        with pytest.raises(SamePerson):
            services.put_in_force(actor=keeper(1), sanction_id=row.pk, now=at(FIRST))
    assert standing(supplier) == "admitted"
    with (
        region_as("yz_region"),
        pytest.raises(IntegrityError, match="sanction_put_in_force_by_another"),
        region_atomic(),
    ):
        Sanction.objects.filter(pk=row.pk).update(
            state="in_force", put_in_force_by=row.entered_by, put_in_force_at=at(FIRST)
        )


def test_without_its_document_it_is_not_put_in_force() -> None:
    supplier = make_supplier()
    with region_as("yz_region"):
        row = services.enter_sanction(actor=keeper(1), given=decision(supplier.uscc), now=at(FIRST))
        with pytest.raises(DecisionMissing):
            services.put_in_force(actor=keeper(2), sanction_id=row.pk, now=at(FIRST))
        services.attach_decision(actor=keeper(1), sanction_id=row.pk, document=Upload("决定书.pdf", PDF), now=at(FIRST))
        services.put_in_force(actor=keeper(2), sanction_id=row.pk, now=at(FIRST))
        with pytest.raises(WrongState):
            services.attach_decision(
                actor=keeper(1), sanction_id=row.pk, document=Upload("另一份.pdf", PDF), now=at(FIRST)
            )
    assert standing(supplier) == "suspended"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"last_on": LAST - timedelta(days=1)}, "last_on"),
        ({"last_on": date(2029, 3, 1)}, "last_on"),
        ({"decided_on": FIRST, "starts_on": date(2026, 2, 28), "last_on": LAST}, "starts_on"),
        ({"decided_on": date(2026, 3, 2), "starts_on": date(2026, 3, 2), "last_on": date(2027, 3, 1)}, "decided_on"),
        ({"purchase_amount": D("100000.00"), "fine_amount": D("499.99")}, "fine_amount"),
        ({"purchase_amount": D("100000.00"), "fine_amount": D("1000.01")}, "fine_amount"),
        ({"cause": "gpl71-1"}, "cause"),
        ({"party_kind": "expert"}, "party_kind"),
        ({"party_code": "91650100TEST000010"}, "party_code"),
        ({"scope": "divisions"}, "scope_divisions"),
        ({"scope_divisions": ["650100"]}, "scope_divisions"),
        ({"scope": "divisions", "scope_divisions": ["650100", "999999"]}, "scope_divisions"),
    ],
)
def test_what_the_law_does_not_allow(change: dict[str, Any], field: str) -> None:
    with region_as("yz_region"), pytest.raises(InvalidInput) as refused:
        services.enter_sanction(actor=keeper(1), given=replace(decision(valid_uscc(1)), **change), now=at(FIRST))
    assert list(refused.value.errors) == [field]
    assert (Sanction.objects.count(), events()) == (0, [])


def test_the_bounds_of_the_law_belong_to_it() -> None:
    for last_on, fine in ((LAST, D("500.00")), (date(2029, 2, 28), D("1000.00"))):
        given = decision(valid_uscc(1), last_on=last_on, purchase_amount=D("100000.00"), fine_amount=fine)
        with region_as("yz_region"):
            services.enter_sanction(actor=keeper(1), given=given, now=at(FIRST))
    assert Sanction.objects.count() == 2


def test_a_decision_is_entered_once_and_again_after_it_was_annulled() -> None:
    supplier = make_supplier()
    row = banned(supplier.uscc, decision_number="号")
    with region_as("yz_region"):
        with pytest.raises(SanctionExists):
            services.enter_sanction(actor=keeper(1), given=decision(supplier.uscc, decision_number="号"), now=at(FIRST))
        services.annul_sanction(actor=keeper(3), sanction_id=row.pk, reason="录入有误", now=at(FIRST))
    assert standing(supplier) == "admitted"
    banned(supplier.uscc, decision_number="号")
    assert standing(supplier) == "suspended"
    assert sorted(Sanction.objects.values_list("state", flat=True)) == ["annulled", "in_force"]


def test_lifted_by_a_later_decision() -> None:
    supplier = make_supplier()
    row = banned(supplier.uscc)
    with region_as("yz_region"):
        for wrong in (date(2026, 2, 28), date(2026, 5, 2)):
            with pytest.raises(InvalidInput):
                services.lift_sanction(
                    actor=keeper(1), sanction_id=row.pk, now=at(date(2026, 5, 1)), **{**LATER, "decided_on": wrong}
                )
        services.lift_sanction(
            actor=keeper(1), sanction_id=row.pk, now=at(date(2026, 5, 1)), document=Upload("判决.pdf", PDF), **LATER
        )
        with pytest.raises(WrongState):
            services.annul_sanction(actor=keeper(1), sanction_id=row.pk, reason="x", now=at(date(2026, 5, 1)))
    assert standing(supplier) == "admitted"
    found = selectors.public_sanction(sanction_id=row.pk)
    assert (found.state, found.lift_number, found.lift_file_name) == ("lifted", LATER["number"], "判决.pdf")


def test_the_party_returns_when_the_last_ban_ends() -> None:
    supplier = make_supplier()
    banned(supplier.uscc)
    banned(supplier.uscc, starts_on=date(2026, 6, 1))
    with region_as("yz_region"):
        assert services.sweep_due(now=at(date(2027, 3, 1))) == (1, 0)
        assert standing(supplier) == "suspended"
        assert services.sweep_due(now=at(date(2027, 6, 1))) == (1, 0)
    assert standing(supplier) == "admitted"


def test_what_else_holds_the_supplier_stays() -> None:
    supplier = make_supplier()
    with region_as("yz_region"):
        hold_supplier(
            actor=SYSTEM, supplier_id=supplier.pk, cause="qualification_expired", reference="1", reason="x",
            now=at(FIRST),
        )  # fmt: skip
    banned(supplier.uscc)
    with region_as("yz_region"):
        services.sweep_due(now=at(date(2027, 3, 1)))
        assert standing(supplier) == "suspended"
        release_hold(
            actor=SYSTEM,
            supplier_id=supplier.pk,
            cause="qualification_expired",
            reference="1",
            now=at(date(2027, 3, 2)),
        )
    assert standing(supplier) == "admitted"


def test_a_ban_that_begins_later_holds_from_its_first_day() -> None:
    supplier = make_supplier()
    banned(supplier.uscc, decided_on=date(2026, 2, 1), now=at(date(2026, 2, 1)))
    assert standing(supplier) == "admitted"
    with region_as("yz_region"):
        assert services.sweep_due(now=at(date(2026, 2, 28), hour=23)) == (0, 0)
        assert services.sweep_due(now=at(FIRST, hour=0)) == (0, 1)
        assert services.sweep_due(now=at(FIRST, hour=0)) == (0, 0)
    assert standing(supplier) == "suspended"


def test_a_banned_party_that_registers_later_is_held() -> None:
    code = valid_uscc(9_000)
    row = banned(code)
    assert row.held_party_id is None
    supplier = make_supplier()
    Supplier.objects.filter(pk=supplier.pk).update(uscc=code)
    with region_as("yz_region"):
        assert services.sweep_due(now=at(date(2026, 4, 1))) == (0, 1)
    assert standing(supplier) == "suspended"


def test_a_ban_entered_when_it_was_over_holds_nobody() -> None:
    supplier = make_supplier()
    row = banned(supplier.uscc, now=at(date(2027, 5, 1)))
    assert standing(supplier) == "admitted"
    with region_as("yz_region"):
        assert services.sweep_due(now=at(date(2027, 5, 1))) == (1, 0)
    row.refresh_from_db()
    assert row.state == "ended"


def test_a_supplier_under_review_is_held_once_it_is_admitted() -> None:
    supplier = make_supplier()
    Supplier.objects.filter(pk=supplier.pk).update(standing="under_review")
    banned(supplier.uscc)
    assert standing(supplier) == "under_review"
    with region_as("yz_region"):
        change_standing(actor=SYSTEM, supplier_id=supplier.pk, action="admit", reason="", now=at(FIRST))
    assert standing(supplier) == "suspended"


def test_a_bureau_keeps_the_bans_of_its_level() -> None:
    bureau = keeper(5, Post.TIER_SUPERVISOR, A)
    other = keeper(6, Post.TIER_SUPERVISOR, B)
    with region_as("yz_region"):
        row = services.enter_sanction(
            actor=bureau, given=decision(valid_uscc(1)), document=Upload("决定书.pdf", PDF), now=at(FIRST)
        )
        assert row.level == A
        assert [one.sanction.id for one in selectors.kept_sanctions(actor=bureau)] == [row.pk]
        assert selectors.kept_sanctions(actor=other) == ()
        calls: list[tuple[Any, dict[str, Any]]] = [
            (selectors.kept_sanction, {}),
            (services.put_in_force, {"now": at(FIRST)}),
            (services.annul_sanction, {"reason": "x", "now": at(FIRST)}),
            (services.lift_sanction, {"now": at(FIRST), **LATER}),
            (services.attach_decision, {"document": Upload("x.pdf", PDF), "now": at(FIRST)}),
        ]
        for call, more in calls:
            with pytest.raises(NotFound):
                call(actor=other, sanction_id=row.pk, **more)
        services.put_in_force(actor=keeper(7, Post.TIER_SUPERVISOR, A), sanction_id=row.pk, now=at(FIRST))
        with pytest.raises(InvalidInput):
            services.enter_sanction(actor=bureau, given=decision(valid_uscc(1), level=B), now=at(FIRST))


@pytest.mark.parametrize("actor", [ANONYMOUS, SYSTEM, keeper(1, Post.CPB_OPERATOR, A), keeper(1, Post.AUDITOR)])
def test_nobody_else_enters_bans(actor: Actor) -> None:
    with region_as("yz_region"), pytest.raises(NotPermitted):
        services.enter_sanction(actor=actor, given=decision(valid_uscc(1)), now=at(FIRST))


def test_the_public_sees_what_was_ever_in_force() -> None:
    code = valid_uscc(1)
    with region_as("yz_region"):
        draft = services.enter_sanction(actor=keeper(1), given=decision(code), now=at(FIRST))
        services.annul_sanction(actor=keeper(1), sanction_id=draft.pk, reason="x", now=at(FIRST))
        with pytest.raises(NotFound):
            selectors.public_sanction(sanction_id=draft.pk)
    over, now = banned(code, starts_on=date(2024, 1, 1)), banned(code)
    with region_as("yz_region"):
        services.sweep_due(now=at(FIRST))
        found = selectors.public_sanctions()
        assert [(row.id, row.state) for row in found.rows] == [(now.pk, "in_force"), (over.pk, "ended")]
        assert selectors.public_sanctions(state="ended").total == 1
        assert selectors.public_sanctions(text=code.lower()).total == 2
        assert selectors.public_sanctions(text="没有").total == 0


def test_the_decision_is_read_by_its_keepers_and_once_public_by_all() -> None:
    stranger = keeper(9, Post.SUPPLIER_ADMIN)
    with region_as("yz_region"):
        row = services.enter_sanction(
            actor=keeper(1), given=decision(valid_uscc(1)), document=Upload("决定书.pdf", PDF), now=at(FIRST)
        )
        row.refresh_from_db()
        files.open_file(actor=keeper(2), key=row.decision_file)
        with pytest.raises(FileNotFound):
            files.open_file(actor=stranger, key=row.decision_file)
        services.put_in_force(actor=keeper(2), sanction_id=row.pk, now=at(FIRST))
        assert files.open_file(actor=stranger, key=row.decision_file)[1] == PDF


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("returns_on = starts_on", "sanction_ends_after_it_begins"),
        ("decided_on = starts_on + 1", "sanction_begins_after_its_decision"),
        ("state = 'drafted'", "sanction_in_force_was_put_there"),
        ("state = 'ended'", "sanction_ended_has_its_moment"),
        ("ended_at = now()", "sanction_ended_has_its_moment"),
        ("state = 'lifted', lifted_at = now()", "sanction_lifted_names_its_document"),
        ("state = 'annulled'", "sanction_annulled_has_its_moment"),
        ("fine_amount = 'NaN'", "sanction_fine_is_an_amount"),
        ("purchase_amount = -1", "sanction_purchase_is_an_amount"),
        ("decision_file = ''", "sanction_in_force_was_put_there"),
    ],
)
def test_the_database_says_so_too(change: str, constraint: str) -> None:
    banned(valid_uscc(1))
    with (
        region_as("yz_region"),
        pytest.raises(IntegrityError, match=constraint),
        region_atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(f"UPDATE sanctions_sanction SET {change}")


def test_a_mall_reads_no_bans() -> None:
    with (
        region_as(MALL),
        pytest.raises(DatabaseError, match="permission denied"),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("SELECT 1 FROM sanctions_sanction")


def test_the_demonstration_is_loaded_once() -> None:
    for load in (demo_loader.load, people_demo.load, demo.load, demo.load):
        load(utc_now())
    assert sorted(Sanction.objects.values_list("state", "level")) == [("ended", "652301"), ("in_force", "652301")]
