from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from kernel.posts import Post
from kernel.problems import Busy, DomainError, InvalidInput, MalformedInput, MethodNotAllowed, NotFound, as_problem


class BudgetInsufficient(DomainError):
    code = "budget-insufficient"
    title = "Too little budget"


def test_a_problem_carries_code_facts_and_instance() -> None:
    error = BudgetInsufficient("needs more", available=Decimal("12.30"), at=datetime(2025, 1, 2, tzinfo=UTC))
    assert as_problem(error, instance="/orders/1") == {
        "type": "urn:yizhang:problem:budget-insufficient",
        "title": "Too little budget",
        "status": 409,
        "detail": "needs more",
        "instance": "/orders/1",
        "code": "budget-insufficient",
        "facts": {"available": "12.30", "at": "2025-01-02T00:00:00+00:00"},
    }


def test_large_and_tiny_decimals_are_written_without_exponent() -> None:
    assert as_problem(DomainError(amount=Decimal("1E+3")))["facts"] == {"amount": "1000"}


def test_facts_may_hold_sets_posts_and_nested_values() -> None:
    facts = as_problem(DomainError(posts=frozenset({Post.EXPERT, Post.AUDITOR}), tree={"a": (1, None)}))["facts"]
    assert facts == {"posts": ["auditor", "expert"], "tree": {"a": [1, None]}}


def test_invalid_input_names_its_fields() -> None:
    error = InvalidInput(errors={"lines.0.quantity": ["must be 1 or more"]})
    problem = as_problem(error)
    assert (problem["status"], problem["errors"]) == (400, {"lines.0.quantity": ["must be 1 or more"]})
    assert str(error) == "lines.0.quantity: must be 1 or more"
    assert isinstance(MalformedInput(), InvalidInput)


def test_headers_follow_the_facts() -> None:
    assert Busy(retry_after_seconds=1).headers == {"Retry-After": "1"}
    assert NotFound().headers == {}
    assert MethodNotAllowed(allowed=["GET", "POST"]).headers == {"Allow": "GET, POST"}
