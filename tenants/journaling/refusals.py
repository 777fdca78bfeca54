"""What a refusal leaves behind: kept although the change it refuses is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_waiting: ContextVar[list[Callable[[], object]] | None] = ContextVar("after_refusal", default=None)


def after_refusal(store: Callable[[], object]) -> None:
    """Runs `store` outside the transaction that a refusal undoes.

    A service calls it where it refuses, then raises: `store` opens a transaction of its own. Under an idempotency
    key the whole request is one transaction, so `store` waits until that is rolled back; otherwise it runs at once,
    and the caller has left its own transaction already.
    """
    waiting = _waiting.get()
    if waiting is None:
        store()
    else:
        waiting.append(store)


@contextmanager
def refusals_kept() -> Iterator[None]:
    """Around a transaction that wraps services: what they leave for a refusal runs after the roll-back."""
    waiting: list[Callable[[], object]] = []
    token = _waiting.set(waiting)
    try:
        yield
    except BaseException:
        _waiting.reset(token)
        for store in waiting:
            store()
        raise
    else:
        _waiting.reset(token)
