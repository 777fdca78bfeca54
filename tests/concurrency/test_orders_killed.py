"""Web, worker, relay and PostgreSQL killed (-9) while people buy: no acknowledged order is lost, none is doubled.

Real processes over a PostgreSQL of their own whose commits reach the disk; clients ask again until they are told.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.bench.workers import Worker
from tests.concurrency.retrying import SUBMIT, Client, Load, Told
from tests.ops.killable import Killable, killable

ROLES = ("web", "worker", "relay", "beat")
DESKS = 8
RELAYED_SECONDS = 60.0


class County:
    """The house with its processes, the child that looks, and what its clients need."""

    def __init__(self, house: Killable, child: Worker, *, unanswered: int) -> None:
        self.house, self.child = house, child
        self.plan: dict[str, Any] = child.call("prepare", desks=DESKS, unanswered=unanswered)


@contextmanager
def county(folder: Path, *, roles: tuple[str, ...], unanswered: int, **more: str) -> Iterator[County]:
    with (
        killable(folder, YZ_WRITES_PER_MINUTE=str(10**9), **more) as house,
        Worker("tests.concurrency.killed_child", environment=house.for_commands) as child,
    ):
        for role in roles:
            house.start(role)
        found = County(house, child, unanswered=unanswered)
        house.wait_for_web()
        yield found


@pytest.fixture(scope="module")
def small(cluster: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    folder = tmp_path_factory.mktemp("killed")
    few = {"YZ_WEB_WORKERS": "2", "YZ_TASK_WORKERS": "1"}
    with county(folder, roles=("web", "worker", "relay"), unanswered=6, **few) as found:
        yield found


# -- what must hold ---------------------------------------------------------------------------------------------------
def nothing_lost_nothing_doubled(left: dict[str, list[list[Any]]], told: Told) -> None:
    """Every promise, read from the rows that are left. `told` is what the clients know."""
    orders = {row[0]: row for row in left["orders"]}
    by_key = Counter(row[2] for row in left["orders"])
    # Acknowledged: there, once, under the number that was told.
    for key, (order, number) in told.acknowledged.items():
        assert by_key[key] == 1, f"{by_key[key]} orders under the key of {number}"
        assert orders[order][1:3] == [number, key]
    # Never acknowledged: there once or not at all.
    assert set(by_key) <= set(told.acknowledged) | told.unanswered
    assert max(by_key.values()) == 1
    # The answers kept are those orders' own, one to one.
    kept = {key: int(order) for key, _status, order in left["answers"]}
    assert len(kept) == len(left["answers"]) == len(orders)
    assert kept == {row[2]: row[0] for row in left["orders"]}
    # Approved: placed; nobody's approval is stuck half way.
    placed = {order for order, row in orders.items() if row[3] == "placed"}
    assert placed == set(told.approved.values())
    assert {row[3] for order, row in orders.items() if order not in placed} <= {"pending_approval"}
    # One row of the journal a change.
    journal: dict[int, list[str]] = {order: [] for order in orders}
    for order, event in left["journal"]:
        journal[int(order)].append(event)
    for order, events in journal.items():
        assert events == ["orders.submitted", "orders.approved"][: orders[order][4]], (order, events)
        assert len(events) == 1 + (order in placed)
    # The money: every placed order has frozen each line once, and the lines hold what the orders sum to.
    froze = Counter((order, line) for _, line, _, order, _ in left["entries"])
    lines = {row[0]: row for row in left["lines"]}
    assert froze == Counter({(order, line): 1 for order in placed for line in lines})
    assert {row[2] for row in left["entries"]} == {"freeze"}
    for line, frozen, spent in lines.values():
        sums = sum((Decimal(amount) for _, of, _, _, amount in left["entries"] if of == line), Decimal(0))
        assert (Decimal(frozen), Decimal(spent)) == (sums, Decimal("0.00"))
    totals = sum((Decimal(orders[order][5]) for order in placed), Decimal(0))
    assert sum(Decimal(row[1]) for row in lines.values()) == totals
    # Each entry is told to the budget-management system under one number, entered there at most once.
    assert Counter(row[0] for row in left["reports"]) == Counter(row[0] for row in left["entries"])
    assert max(Counter(number for (number,) in left["book"]).values(), default=1) == 1
    assert {number for (number,) in left["book"]} <= {row[1] for row in left["reports"]}


def carried_over_once(left: dict[str, list[list[Any]]]) -> None:
    """What the region was told by the relay: each order once, as it stands in its mall."""
    orders = {row[0]: row for row in left["orders"]}
    placed = [order for order, row in orders.items() if row[3] == "placed"]
    facts = {row[0]: row[1:] for row in left["facts"]}
    assert len(facts) == len(left["facts"])
    assert facts == {order: [row[1], row[3], row[5]] for order, row in orders.items()}
    assert Counter(int(order) for order, _ in left["uses"]) == Counter(placed)
    assert {Decimal(quantity) for _, quantity in left["uses"]} == {Decimal(1)}
    assert Counter(row[0] for row in left["workbench"]) == Counter(orders.keys() & {r[0] for r in left["workbench"]})
    assert {order: state for order, state in left["workbench"] if state == "placed"} == dict.fromkeys(placed, "placed")
    # One step that waits for each order; for a placed one another that is over.
    steps = Counter((int(order), state) for order, _, state in left["inbox"])
    waiting = {(order, "open"): 1 for order in orders}
    assert steps == Counter({**waiting, **{(order, "done"): 1 for order in placed}})


def emptied(child: Worker, what: str, *, seconds: float) -> float:
    """Seconds until the child counts none of these any more."""
    began = time.monotonic()
    while left := child.call(what):
        assert time.monotonic() - began < seconds, f"{left} still {what} after {seconds:.0f} s"
        time.sleep(0.2)
    return time.monotonic() - began


def checked(found: County, told: Told, began: float) -> dict[str, list[list[Any]]]:
    """Everything held against the rows, and the figures told."""
    worked = time.monotonic() - began
    relayed = emptied(found.child, "lagging", seconds=RELAYED_SECONDS)
    left: dict[str, list[list[Any]]] = found.child.call("look")
    nothing_lost_nothing_doubled(left, told)
    carried_over_once(left)
    assert found.child.call("differences") == []
    assert [role for role in found.house.processes if not found.house.living(role)] == [], "ended by themselves"
    print(
        f"{len(left['orders'])} orders, {len(told.acknowledged)} acknowledged, {len(told.approved)} placed, "
        f"{len(told.unanswered)} not waited for; killed {dict(found.house.kills)}; answers {dict(told.answers)}; "
        f"{worked:.1f} s, relay empty after {relayed:.1f} s; 0 lost, 0 doubled"
    )
    return left


# -- the small one ----------------------------------------------------------------------------------------------------
def test_killed_while_people_buy_no_acknowledged_order_is_lost_or_doubled(small: County) -> None:
    """The web's processes are not started again after PostgreSQL's death: they come back by themselves."""
    told, began = Told(), time.monotonic()
    load, house = Load(told), small.house
    rng = random.Random(20261124)  # noqa: S311 - moments to die at, no secret
    load.begin(small.plan, port=house.port)
    load.wait_for(6, seconds=60)
    for kill in (
        house.kill_postgres,
        lambda: house.kill_child("web"),
        lambda: house.kill("worker"),
        lambda: house.kill("relay"),
        lambda: house.kill("web"),
    ):
        time.sleep(rng.random() * 0.2)
        kill()
        load.wait_for(len(told.at) + 4, seconds=60)
    load.end()
    checked(small, told, began)


@pytest.mark.parametrize("keyed", [True, pytest.param(False, id="twin")])
def test_a_client_that_lost_the_answer_after_the_commit_orders_once_by_its_key(small: County, keyed: bool) -> None:
    """The twin is the same client without a key: it does not know that its order stands, and orders again."""
    before, left_at = small.child.call("counted"), []

    def leaves(path: str) -> bool:
        if path != SUBMIT or left_at:
            return False
        until = time.monotonic() + 30
        while small.child.call("counted") == before:
            assert time.monotonic() < until, "not committed"
        left_at.append(path)
        return True

    told = Told()
    client = Client(small.house.port, small.plan["host"], told, random.Random(5), leaves, keyed)  # noqa: S311 - no secret
    client.buy(small.plan["desks"][0])
    (key,) = told.acknowledged
    by_key = [row for row in small.child.call("look")["orders"] if row[2] == key]
    assert len(by_key) == small.child.call("counted") - before == (1 if keyed else 2)
    # The cart's answer and the order's.
    assert told.answers["replayed"] == (2 if keyed else 0)


# -- the big one ------------------------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_many_times_over_two_thousand_orders(cluster: None, tmp_path: Path) -> None:
    """All processes as shipped. Afterwards the worker has told every report, and the database's files are sound."""
    orders, rounds = 2000, 10
    rng = random.Random(6)  # noqa: S311 - moments to die at, no secret
    with county(tmp_path, roles=ROLES, unanswered=100) as found:
        told, began = Told(), time.monotonic()
        load, house = Load(told), found.house
        kills: list[Callable[[], None]] = [
            *(partial(house.kill, role) for role in ROLES),
            *(house.kill_postgres, house.kill_valkey, house.kill_backend, partial(house.kill_child, "web")),
        ]
        load.begin(found.plan, port=house.port)
        for number in range(rounds):
            for turn, kill in enumerate(rng.sample(kills, len(kills))):
                share = (number * len(kills) + turn + 1) / (rounds * len(kills))
                load.wait_for(int(orders * share), seconds=180)
                time.sleep(rng.random() * 0.3)
                kill()
        load.wait_for(orders, seconds=180)
        load.end()
        assert set(house.kills.values()) == {rounds}
        told_after = emptied(found.child, "untold", seconds=180)
        left = checked(found, told, began)
        assert {number for (number,) in left["book"]} == {row[1] for row in left["reports"]}
        assert {row[2] for row in left["reports"]} == {"accepted"}
        print(f"{len(left['book'])} reports told, the last {told_after:.1f} s after the last order")
        house.check_files()
