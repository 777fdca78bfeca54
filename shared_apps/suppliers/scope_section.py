"""The licensed scope on a supplier's pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shared_apps.suppliers.sections import SECTIONS, Asked, Block
from shared_apps.suppliers.selectors.scope import licensed_scopes, scope_text


def licensed_scope(asked: Asked) -> Block | None:
    """Nothing for a supplier that never said what it deals in. One statement."""
    scope = licensed_scopes(supplier_ids=[asked.supplier_id]).get(asked.supplier_id)
    if scope is None:
        return None
    codes = sorted(scope)
    return Block(
        title=_("Licensed scope"),
        template="suppliers/_scope.html",
        context={"scope": scope_text(",".join(codes)), "key": asked.supplier_id},
        data=codes,
    )


SECTIONS.register("scope", licensed_scope)
