"""Organisations of budget units, entered as a mall's journal tells of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kernel.inputs import StrictSerializer, TextField, UsccField, read_input
from kernel.problems import InvalidInput
from shared_apps.accounts.models import Organisation
from shared_apps.accounts.rules import OrganisationKind

logger = logging.getLogger(__name__)
# As many as a mall tells of in one row.
NAMED_MAX = 500


class _Named(StrictSerializer):
    code = UsccField()
    name = TextField(max_length=120)


def enter_unit_organisations(*, tenant_code: str, named: Sequence[Any], now: datetime) -> int:
    """Enters those that are missing; returns how many. One that is there is left as it is.

    In the relay's transaction, as yz_relay: the mall's journal row is the record of it. The facts are read by the
    same fields as a form, because whoever writes into a mall's journal must not write what he likes here.
    """
    wanted: dict[str, str] = {}
    for one in list(named)[:NAMED_MAX]:
        try:
            values = read_input(_Named, one)
        except InvalidInput as error:
            logger.warning("%s names an organisation that is refused: %s", tenant_code, error.errors)
            continue
        wanted.setdefault(values["code"], values["name"])
    kind = OrganisationKind.BUDGET_UNIT
    there = Organisation.objects.filter(kind=kind, tenant_code=tenant_code, code__in=wanted)
    missing = wanted.keys() - set(there.values_list("code", flat=True))
    Organisation.objects.bulk_create(
        [
            Organisation(kind=kind, tenant_code=tenant_code, code=code, name=wanted[code], created_at=now)
            for code in sorted(missing)
        ],
        ignore_conflicts=True,
    )
    return len(missing)
