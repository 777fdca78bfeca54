"""Many values as one parameter of a statement."""

from __future__ import annotations

from collections.abc import Iterable

# What no value holds: PostgreSQL's texts have no NUL.
_BETWEEN = "\0"


def array_text(values: Iterable[object]) -> str:
    """PostgreSQL's text of an array without nulls, for `%s::bigint[]` and every other type.

    Given a list, the driver writes each value as a literal that the server parses as an expression of its own: with
    thousands of values that costs more than storing them. Raises ValueError for a value with NUL, as the driver does.
    """
    texts = list(map(str, values))
    if not texts:
        return "{}"
    joined = _BETWEEN.join(texts)
    if joined.count(_BETWEEN) != len(texts) - 1:
        raise ValueError("a text with NUL")
    return '{"' + joined.replace("\\", "\\\\").replace('"', '\\"').replace(_BETWEEN, '","') + '"}'
