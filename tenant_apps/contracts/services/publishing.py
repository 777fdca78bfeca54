"""Publishing a signed contract without its secrets, and filing its copy with the bureau."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import InvalidInput
from tenant_apps.contracts.models import ContractVersion
from tenant_apps.contracts.rules import Withheld
from tenant_apps.contracts.services import announcing
from tenant_apps.contracts.services.holding import hold, move
from tenants.database.context import tenant_atomic


def publish(
    *,
    actor: Actor,
    version_id: int,
    withheld: Collection[str],
    reason: str,
    now: datetime,
    version: int | None = None,
) -> ContractVersion:
    """The clerk publishes on the mall; state and business secrets are left out, and it is said why (art. 50).

    The designated medium is told after the commit. Raises InvalidInput for something withheld without a reason, and for
    prices of a contract of one line: its total, which is always published, tells them.
    """
    left_out = [part.value for part in Withheld if part in withheld]
    why = reason.strip()
    if left_out and not why:
        raise InvalidInput(errors={"reason": [str(_("Say what kind of secret it is and who decided so."))]})
    with tenant_atomic(savepoint=False):
        held = hold(actor=actor, version_id=version_id, action="publish", version=version)
        if Withheld.PRICES in left_out and tells_the_price(held.row.content):
            raise InvalidInput(errors={"withhold_prices": [str(_("With one line the total tells its price."))]})
        row = move(
            actor=actor,
            row=held.row,
            step=held.step,
            event="contracts.published",
            now=now,
            published_at=now,
            published_by_name=actor.name,
            withheld=left_out,
            withheld_reason=why if left_out else "",
        )
        announcing.begin(actor=actor, row=row, now=now)
        return row


def tells_the_price(content: Mapping[str, Any]) -> bool:
    """Whether the published total gives the prices away: with one line there is nothing to withhold."""
    return len(content["lines"]) == 1


def file(*, actor: Actor, version_id: int, now: datetime, version: int | None = None) -> ContractVersion:
    """The clerk sends the copy to the bureau's register (Government Procurement Law art. 47)."""
    with tenant_atomic(savepoint=False):
        held = hold(actor=actor, version_id=version_id, action="file", version=version)
        return move(
            actor=actor,
            row=held.row,
            step=held.step,
            event="contracts.filed",
            now=now,
            filed_at=now,
            filed_by_name=actor.name,
        )
