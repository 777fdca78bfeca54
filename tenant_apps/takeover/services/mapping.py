"""Codes of the old mall are mapped: by a person on the page, or by the sheet of a package."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import InvalidInput
from tenant_apps.journal.services import record
from tenant_apps.takeover.choices import name_of
from tenant_apps.takeover.models import CodeMapping
from tenant_apps.takeover.rules import CodeKind
from tenant_apps.takeover.services.common import bureau_of
from tenants.database.context import tenant_atomic


def map_code(*, actor: Actor, kind: str, old_code: str, our_code: str, now: datetime) -> CodeMapping:
    """Says what a code of the old mall is here, or says it anew. Packages already taken over stay as they are.

    Raises InvalidInput for a code that is none of ours, NotPermitted.
    """
    bureau_of(actor)
    name = name_of(kind=CodeKind(kind), code=our_code)
    if name is None:
        raise InvalidInput(errors={"our_code": [str(_("Choose one of the results of the search."))]})
    with tenant_atomic():
        row = CodeMapping.objects.select_for_update().filter(kind=kind, old_code=old_code).first()
        before = row.our_code if row else None
        values = {
            "our_code": our_code,
            "our_name": name[:160],
            "decided_by_id": actor.user_id,
            "decided_by_name": actor.name,
            "decided_at": now,
        }
        if before == our_code and row is not None:
            return row
        row, _made = CodeMapping.objects.update_or_create(kind=kind, old_code=old_code, defaults=values)
        record(
            actor=actor,
            event="takeover.code_mapped",
            object_type="code_mapping",
            object_id=row.pk,
            facts={"kind": str(kind), "old_code": old_code, "our_code": our_code, "before": before},
            now=now,
        )
    return row


def keep_codes(*, actor: Actor, codes: Sequence[tuple[str, str, str]], takeover_id: int, now: datetime) -> None:
    """What a package's own sheet of codes adds, in the transaction that ends its check."""
    if not codes:
        return
    CodeMapping.objects.bulk_create(
        [
            CodeMapping(
                kind=kind,
                old_code=old,
                our_code=ours,
                our_name=(name_of(kind=CodeKind(kind), code=ours) or "")[:160],
                decided_by_id=actor.user_id,
                decided_by_name=actor.name,
                decided_at=now,
            )
            for kind, old, ours in codes
        ],
        ignore_conflicts=True,
    )
    record(
        actor=actor,
        event="takeover.codes_mapped",
        object_type="takeover",
        object_id=takeover_id,
        facts={"codes": [" ".join(code) for code in codes]},
        now=now,
    )
