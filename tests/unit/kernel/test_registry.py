from __future__ import annotations

import pytest

from kernel.locks import advisory_lock_key
from kernel.registry import Registry


def test_things_are_kept_in_order_and_found_by_key() -> None:
    registry: Registry[int] = Registry("meters")
    registry.register("b", 1)
    registry.register("a", 2)
    assert (list(registry), registry["b"], registry.get("c"), "a" in registry, len(registry)) == (
        ["b", "a"],
        1,
        None,
        True,
        2,
    )
    with pytest.raises(KeyError, match="meters has no 'c'"):
        registry["c"]


def test_duplicates_and_late_comers_are_refused() -> None:
    registry: Registry[int] = Registry("meters")
    registry.register("a", 1)
    with pytest.raises(ValueError, match="already"):
        registry.register("a", 1)
    registry.freeze()
    with pytest.raises(RuntimeError, match="frozen"):
        registry.register("b", 1)
    assert list(registry) == ["a"]


def test_lock_keys_are_stable_signed_and_keep_parts_apart() -> None:
    assert advisory_lock_key("budget", 7) == advisory_lock_key("budget", 7)
    keys = {advisory_lock_key(*parts) for parts in [("a", "bc"), ("ab", "c"), ("abc",), ("a", 1), ("a", "1")]}
    assert len(keys) == 5
    assert all(-(2**63) <= advisory_lock_key("x", n) < 2**63 for n in range(50))
    assert any(advisory_lock_key("x", n) < 0 for n in range(50))
    with pytest.raises(ValueError, match="name"):
        advisory_lock_key()
