"""Random bans, lifts and days: a supplier is out exactly while some ban in force covers the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_apps.sanctions import services, suppliers
from shared_apps.sanctions.models import Sanction
from shared_apps.sanctions.parties import PARTIES, PartyKind
from shared_apps.sanctions.rules import Period, is_held
from shared_apps.suppliers.models import Supplier, SupplierHold
from tenants.database.context import region_as
from tests.factories.goods import make_supplier
from tests.factories.sanctions import at, banned, keeper

FIRST = date(2026, 1, 1)
# A step: a new ban of so many days beyond a year, lifting or annulling one, or letting days pass.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ban"), st.integers(-400, 200), st.integers(0, 700)),
        st.tuples(st.sampled_from(["lift", "annul"]), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 500), st.just(0)),
    ),
    min_size=1,
    max_size=8,
)


def play(steps: list[tuple[str, int, int]]) -> None:
    supplier = make_supplier()
    today = FIRST
    with region_as("yz_region"):
        for kind, first, second in steps:
            rows = list(Sanction.objects.filter(party_code=supplier.uscc).order_by("id"))
            open_rows = [row for row in rows if row.state == "in_force"]
            if kind == "ban":
                starts_on = today + timedelta(days=first)
                banned(
                    supplier.uscc,
                    decided_on=min(starts_on, today),
                    starts_on=starts_on,
                    last_on=starts_on + timedelta(days=366 + second % 700),
                    now=at(today),
                )
            elif kind == "wait":
                today += timedelta(days=first)
            elif open_rows:
                chosen = open_rows[first % len(open_rows)]
                if kind == "annul":
                    services.annul_sanction(actor=keeper(3), sanction_id=chosen.pk, reason="x", now=at(today))
                else:
                    services.lift_sanction(
                        actor=keeper(3), sanction_id=chosen.pk, ground="court", number="1", decided_by="法院",
                        decided_on=today, now=at(today),
                    )  # fmt: skip
            services.sweep_due(now=at(today))
            bans = [
                (row.state, Period(row.starts_on, row.returns_on))
                for row in Sanction.objects.filter(party_code=supplier.uscc)
            ]
            expected = "suspended" if is_held(bans=bans, on=today) else "admitted"
            standing = Supplier.objects.values_list("standing", flat=True).get(pk=supplier.pk)
            assert standing == expected, (kind, today, bans)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_out_exactly_while_a_ban_is_in_force(steps: list[tuple[str, int, int]]) -> None:
    play(steps)


OVERLAPPING = [("ban", 0, 0), ("ban", 0, 300), ("wait", 370, 0)]


def test_two_bans_that_overlap() -> None:
    play(OVERLAPPING)


def _release_all(*, party_id: int, reference: str, now: object) -> None:
    """What a naive return does: the supplier is let go, whatever else holds it."""
    SupplierHold.objects.filter(supplier_id=party_id, released_at=None).update(released_at=now)
    Supplier.objects.filter(pk=party_id, standing="suspended").update(standing="admitted")


def test_a_release_that_ignores_other_bans_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    naive: Callable[..., None] = _release_all
    kind = PartyKind("supplier", "", suppliers.find, suppliers.hold, naive)
    monkeypatch.setitem(PARTIES._things, "supplier", kind)
    with pytest.raises(AssertionError):
        play(OVERLAPPING)
