"""What a mall that was set back means to suppliers' systems."""

from __future__ import annotations

from tenants.journaling.restoring import RestoredJournal, rebuilds


@rebuilds("exchange")
def rebuild(restored: RestoredJournal) -> None:
    """Nothing: what a system was told cannot be untold, and stays in its log.

    What happens again in the mall has a new epoch, and so a new id: it is told again.
    """
