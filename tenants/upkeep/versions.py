"""The tables of an earlier version."""

from __future__ import annotations

from functools import lru_cache

from tenants.database.context import owner_of
from tenants.provisioning.plans import TEMPLATE_SCHEMA, Key, all_keys, compile_plan, history_of
from tenants.provisioning.scratch import without_concurrently


@lru_cache(maxsize=8)
def structure_of(keys: frozenset[Key]) -> tuple[str, ...]:
    """The statements that make empty tables as they were after `keys`: migrations are never changed, so they tell.

    Rows that migrations write may come with them; whoever loads rows of his own empties the tables first.
    """
    ordered = [key for key in all_keys() if key in keys]
    if len(ordered) == len(all_keys()):
        return compile_plan().statements
    with owner_of(TEMPLATE_SCHEMA):
        return tuple(without_concurrently(line) for line in history_of(ordered))
