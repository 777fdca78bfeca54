"""A practice mall is named after the tenant it trains. Pure."""

from __future__ import annotations

PRACTICE_SUFFIX = "_practice"


def practice_code_of(code: str) -> str:
    """The code of a tenant's practice mall."""
    return f"{code}{PRACTICE_SUFFIX}"


def home_of(code: str) -> str:
    """The tenant whose organisations a mall serves: itself, for a practice mall the tenant it trains."""
    return code.removesuffix(PRACTICE_SUFFIX)
