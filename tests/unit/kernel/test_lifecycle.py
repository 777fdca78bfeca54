from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import pytest

from kernel.lifecycle import Deadline, Lifecycle, LifecycleError, Transition, WrongState
from kernel.posts import Post
from kernel.working_days import Calendar


class State(StrEnum):
    DRAFT = "draft"
    PLACED = "placed"
    CLOSED = "closed"
    EXPIRED = "expired"


SUBMIT = Transition("submit", {State.DRAFT}, State.PLACED, {Post.BUYER_CLERK}, guards=("rules allow",))
ACCEPT = Transition("accept", {State.PLACED}, State.CLOSED, {Post.SUPPLIER_SALES})
EXPIRE = Transition("expire", {State.PLACED}, State.EXPIRED, {None}, deadline=Deadline(working_days=3, rule="R-ACCEPT"))
CANCEL = Transition("cancel", (State.DRAFT, State.PLACED), State.CLOSED, {Post.BUYER_CLERK})
TABLE: dict[str, Any] = {
    "name": "order",
    "states": State,
    "initial": State.DRAFT,
    "terminal": {State.CLOSED, State.EXPIRED},
    "transitions": (SUBMIT, ACCEPT, EXPIRE, CANCEL),
}
ORDER = Lifecycle(**TABLE)


def test_the_product_is_complete_and_agrees_with_next() -> None:
    table = {(state, action): allowed for state, action, allowed in ORDER.product()}
    assert set(table) == {(s, a) for s in State for a in ("submit", "accept", "expire", "cancel")}
    assert {pair for pair, allowed in table.items() if allowed} == {
        ("draft", "submit"),
        ("draft", "cancel"),
        ("placed", "accept"),
        ("placed", "expire"),
        ("placed", "cancel"),
    }
    for (state, action), allowed in table.items():
        if allowed:
            assert ORDER.next(state, action).action == action
        else:
            with pytest.raises(WrongState) as refused:
                ORDER.next(state, action)
            assert refused.value.facts["state"] == state


def test_a_refusal_says_what_would_be_possible() -> None:
    with pytest.raises(WrongState) as refused:
        ORDER.next("draft", "accept")
    assert refused.value.status == 409
    assert refused.value.facts == {
        "lifecycle": "order",
        "state": "draft",
        "action": "accept",
        "possible": ["submit", "cancel"],
    }


@pytest.mark.parametrize(("state", "action"), [("lost", "accept"), ("draft", "dance")])
def test_names_outside_the_table_are_our_mistake(state: str, action: str) -> None:
    with pytest.raises(LookupError):
        ORDER.next(state, action)


def test_actions_follow_the_posts() -> None:
    assert ORDER.actions("draft", {Post.BUYER_CLERK}) == (SUBMIT, CANCEL)
    assert ORDER.actions("placed", {Post.SUPPLIER_SALES, Post.BUYER_CLERK}) == (ACCEPT, CANCEL)
    assert ORDER.actions("placed", {None}) == (EXPIRE,)
    assert ORDER.actions("placed", frozenset()) == ()
    assert ORDER.actions("closed", set(Post)) == ()


def test_the_diagram() -> None:
    assert ORDER.mermaid() == (
        "stateDiagram-v2\n"
        "    [*] --> draft\n"
        "    draft --> placed: submit [rules allow]\n"
        "    placed --> closed: accept\n"
        "    placed --> expired: expire [after 3 working days R-ACCEPT]\n"
        "    draft --> closed: cancel\n"
        "    placed --> closed: cancel\n"
        "    closed --> [*]\n"
        "    expired --> [*]\n"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"transitions": (SUBMIT, ACCEPT, CANCEL)}, "unreachable states expired"),
        ({"terminal": {State.CLOSED}}, "undeclared dead ends expired"),
        ({"terminal": set(State)}, "terminal states with a way out draft, placed"),
        ({"transitions": (SUBMIT, ACCEPT, EXPIRE, CANCEL, ACCEPT)}, "accept is declared twice in placed"),
        ({"initial": "lost"}, "unknown states lost"),
        ({"states": ("draft", "placed", "closed")}, "unknown states expired"),
        ({"states": ("draft", "draft", "placed", "closed", "expired")}, "listed twice"),
        ({"transitions": (Transition("submit", (), "placed", {None}),)}, "no source"),
        ({"transitions": (Transition("submit", {"draft"}, "placed", ()),)}, "nobody to do it"),
    ],
)
def test_wrong_tables_are_refused_at_import(change: dict[str, Any], message: str) -> None:
    with pytest.raises(LifecycleError, match=message):
        Lifecycle(**(TABLE | change))


def test_one_text_is_not_a_collection() -> None:
    with pytest.raises(LifecycleError, match="not one text"):
        Transition("submit", "draft", "placed", {None})


def test_deadlines_count_one_kind_of_days() -> None:
    calendar = Calendar(days={}, years=frozenset({2025}))
    friday = date(2025, 3, 7)
    assert Deadline(working_days=2).due_on(friday, calendar) == date(2025, 3, 11)
    assert Deadline(calendar_days=2).due_on(friday, calendar) == date(2025, 3, 9)
    for wrong in ({}, {"working_days": 1, "calendar_days": 1}, {"working_days": -1}):
        with pytest.raises(LifecycleError):
            Deadline(**wrong)
