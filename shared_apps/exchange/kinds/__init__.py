"""Kinds of tables that are exchanged. Each says what its columns are, what a row would do, and stores some at once."""

from shared_apps.exchange.kinds.base import KINDS, ImportKind, Judged, Scope, Stored

__all__ = ["KINDS", "ImportKind", "Judged", "Scope", "Stored"]
