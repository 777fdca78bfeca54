"""What the kinds of the region's staff share."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.actor import Actor
from kernel.judged import JudgedRow
from kernel.problems import NotPermitted
from shared_apps.exchange.kinds.base import Judged, Scope
from shared_apps.exchange.rules import LIBRARIANS, Outcome


def scope_of(actor: Actor) -> Scope:
    """The organisation in which the actor keeps the libraries. Raises NotPermitted."""
    organisations = [id for post in LIBRARIANS for id in actor.organisations(post)]
    if not organisations:
        raise NotPermitted(action="exchange")
    return Scope(min(organisations))


def told(judged: Sequence[JudgedRow]) -> list[Judged]:
    return [Judged(Outcome(one.verdict), one.column, one.reason) for one in judged]
