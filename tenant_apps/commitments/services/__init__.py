"""Writes of the ledger, of exception documents and of canteen food, by noun. Others import from here."""

from tenant_apps.commitments.services.ledger import commit, give_back, held, release

__all__ = ["commit", "give_back", "held", "release"]
