"""Scores by their formula: bounds, monotony, too few orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared_apps.scores.rules import (
    APPEAL_LIFECYCLE,
    PROPOSAL,
    Counts,
    Formula,
    Outcome,
    Part,
    appeal_until,
    count,
    score,
    window_from,
)

MOMENT = datetime(2026, 3, 1, 17, tzinfo=UTC)  # 2 March in Xinjiang's offices


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    declined, expired, taken = (draw(st.integers(0, 200)) for _ in range(3))
    judged = draw(st.integers(0, taken))
    return Counts(declined + expired + taken, declined, expired, judged, draw(st.integers(0, judged)))


@st.composite
def formulas(draw: st.DrawFn) -> Formula:
    declined = draw(st.integers(0, 100))
    expired = draw(st.integers(0, 100 - declined))
    weights = {Part.DECLINED: declined, Part.EXPIRED: expired, Part.REFUSED: 100 - declined - expired}
    return replace(PROPOSAL, weights=weights, orders_min=draw(st.integers(1, 20)))


@pytest.mark.parametrize(
    ("found", "points"),
    [
        (Counts(10, 0, 0, 10, 0), D("100.0")),
        (Counts(10, 10, 0, 0, 0), D("60.0")),  # goods were never judged: 20 of 50 points are lost
        (Counts(10, 0, 10, 0, 0), D("40.0")),
        (Counts(10, 0, 0, 10, 10), D("50.0")),
        (Counts(6, 1, 1, 3, 1), D("75.0")),  # 20/6 + 30/6 + 50/3
        (Counts(4, 0, 0, 4, 0), None),
        (Counts(0, 0, 0, 0, 0), None),
    ],
)
def test_worked_examples(found: Counts, points: D | None) -> None:
    assert score(counts=found, formula=PROPOSAL) == points


@given(counts(), formulas())
def test_a_score_lies_between_0_and_100(found: Counts, formula: Formula) -> None:
    points = score(counts=found, formula=formula)
    if found.answered < formula.orders_min:
        assert points is None
    elif points is not None:
        assert 0 <= points <= 100
        assert points == points.quantize(D("0.1"))


@given(counts(), formulas(), st.sampled_from(sorted(Part)))
def test_a_good_order_turned_bad_never_raises_the_score(found: Counts, formula: Formula, part: Part) -> None:
    if part == Part.REFUSED:
        assume(found.refused < found.judged)
        worse = replace(found, refused=found.refused + 1)
    else:
        assume(found.declined + found.expired + found.judged < found.answered)
        worse = replace(found, **{part.value: getattr(found, part.value) + 1})
    before, after = score(counts=found, formula=formula), score(counts=worse, formula=formula)
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after <= before


def test_only_answered_orders_count() -> None:
    rows = [
        Outcome(),
        Outcome(accepted_at=MOMENT),
        Outcome(declined_at=MOMENT),
        Outcome(expired_at=MOMENT),
        Outcome(accepted_at=MOMENT, received_at=MOMENT),
        Outcome(accepted_at=MOMENT, received_at=MOMENT, refused_at=MOMENT),
    ]
    assert count(rows) == Counts(answered=5, declined=1, expired=1, judged=2, refused=1)


def test_days_are_those_of_the_office() -> None:
    assert window_from(formula=PROPOSAL, now=MOMENT) == date(2025, 3, 2)
    assert appeal_until(outcome=Outcome(declined_at=MOMENT), formula=PROPOSAL) == date(2026, 4, 1)
    assert appeal_until(outcome=Outcome(accepted_at=MOMENT, received_at=MOMENT), formula=PROPOSAL) is None


def test_the_proposal_says_that_it_is_one() -> None:
    assert PROPOSAL.is_proposal
    assert "未经核定" in PROPOSAL.name
    assert sum(PROPOSAL.weights.values()) == 100


def test_the_readme_shows_the_table() -> None:
    readme = Path(__file__).parents[2] / "shared_apps/scores/README.md"
    assert APPEAL_LIFECYCLE.mermaid().strip() in readme.read_text("utf-8")
