"""What a supplier's page shows of bans."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.clock import local_date
from shared_apps.sanctions import selectors
from shared_apps.sanctions.serializers import SanctionSerializer
from shared_apps.sanctions.suppliers import SUPPLIER
from shared_apps.suppliers.sections import SECTIONS, Asked, Block


def supplier_bans(asked: Asked) -> Block | None:
    """Every ban that was ever in force; nothing for a supplier without one. One statement."""
    rows = selectors.sanctions_of(kind=SUPPLIER, code=asked.uscc)
    if not rows:
        return None
    today = local_date(asked.now)
    return Block(
        title=_("Bans"),
        template="sanctions/_bans.html",
        context={"rows": rows, "held": any(row.holds_on(today) for row in rows)},
        data=SanctionSerializer(rows, many=True).data,
    )


SECTIONS.register("sanctions", supplier_bans)
