"""What suppliers may deal in: the categories they were admitted for. On the region's login only."""

from __future__ import annotations

from collections.abc import Collection

from shared_apps.classification.selectors import catalogue
from shared_apps.suppliers.models import Supplier


def licensed_scopes(*, supplier_ids: Collection[int]) -> dict[int, frozenset[str] | None]:
    """Codes of the categories by supplier; None for one that never said what it deals in. One statement."""
    rows = Supplier.objects.filter(pk__in=list(supplier_ids)).values_list("id", "scope")
    return {key: frozenset(scope) if scope else None for key, scope in rows}


def scope_text(codes: str) -> str:
    """The names of categories, from their codes with commas between."""
    names = {one.code: one.name for one in catalogue()}
    return "、".join(names.get(code, code) for code in codes.split(",") if code)
