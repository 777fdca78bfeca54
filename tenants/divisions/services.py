"""Loading the divisions and the supervision tree, and what changes in them by a document."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.problems import Conflict, InvalidInput, NotFound
from tenants.database.context import REGION_ALIAS, region_atomic
from tenants.divisions.models import Division, Supervision
from tenants.divisions.selectors import supervised_codes

DATA = Path(__file__).parent / "data" / "divisions.csv"


class SupervisionCircle(Conflict):
    """The supervisor would answer to the tenant itself."""

    code = "supervision-circle"
    title = _("The supervisor is itself supervised by this mall")


class SupervisionNotLater(Conflict):
    """An edge begins after the one it follows."""

    code = "supervision-not-later"
    title = _("The present supervisor was set on that day or later")


class DivisionTaken(Conflict):
    """The code named is another division's."""

    code = "division-code-taken"
    title = _("That code belongs to another division")


class DivisionEnded(Conflict):
    """The code has already given way to another."""

    code = "division-ended"
    title = _("This code is no longer valid")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def load_divisions(*, path: Path = DATA, today: date) -> int:
    """Brings the table in line with the data file; returns how many divisions there are. Idempotent."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    depth = {"province": 0, "prefecture": 1, "county": 2}
    rows.sort(key=lambda row: (depth[row["level"]], row["code"]))
    divisions = [
        Division(
            code=row["code"],
            name=row["name"],
            name_ug=row["name_ug"],
            level=row["level"],
            parent_id=row["parent"] or None,
            own_level_code=row["own_level_code"],
            authority=row["authority_hint"],
            is_default_tenant=row["default_tenant"] == "yes",
            valid_from=_day(row.get("valid_from")),
            valid_to=_day(row.get("valid_to")),
            note=row["note"],
        )
        for row in rows
    ]
    with region_atomic():
        # What a document has changed here stays as the document says.
        by_document = set(Division.objects.exclude(document_number="").values_list("code", flat=True))
        Division.objects.bulk_create(
            [row for row in divisions if row.code not in by_document],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[
                "name", "name_ug", "level", "parent", "own_level_code", "authority",
                "is_default_tenant", "valid_from", "valid_to", "note",
            ],
        )  # fmt: skip
        known = set(Supervision.objects.filter(valid_to__isnull=True).values_list("tenant_code", flat=True))
        Supervision.objects.bulk_create(
            Supervision(tenant_code=row.code, supervisor_code=row.parent_id, valid_from=today)
            for row in divisions
            if row.parent_id and row.code not in known
        )
    return len(divisions)


def set_supervisor(*, tenant_code: str, supervisor_code: str, valid_from: date, document_number: str) -> str:
    """Ends the tenant's present edge on `valid_from` and begins one to `supervisor_code`; returns who it was before.

    Both are codes of finance levels that have a division. Empty text for a tenant that answered to nobody. One
    change of the tree at a time, inside the caller's transaction or its own.
    Raises NotFound, SupervisionCircle and SupervisionNotLater.
    """
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("divisions", "supervision"))
        if supervisor_code in supervised_codes(supervisor_code=tenant_code):
            raise SupervisionCircle(tenant=tenant_code, supervisor=supervisor_code)
        present = Supervision.objects.filter(tenant_code=tenant_code, valid_to=None).first()
        if present is not None:
            if present.valid_from >= valid_from:
                raise SupervisionNotLater(present_from=present.valid_from, valid_from=valid_from)
            present.valid_to = valid_from
            present.save(update_fields=["valid_to"])
        Supervision.objects.create(
            tenant_code=tenant_code,
            supervisor_code=supervisor_code,
            valid_from=valid_from,
            document_number=document_number,
        )
    return present.supervisor_code if present else ""


def recode_division(*, old: str, new: str, name: str, valid_from: date, document_number: str) -> Division:
    """The division `old` goes on as `new` with that name from `valid_from`; the old row stays, dated.

    A row of the new code may be there already (the data file knows today's codes): it must be of the same level and
    place. Raises NotFound, DivisionEnded and DivisionTaken.
    """
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("divisions", "codes"))
        rows = {row.code: row for row in Division.objects.select_for_update().filter(code__in=[old, new])}
        before, after = rows.get(old), rows.get(new)
        if before is None:
            raise NotFound(division=old)
        if before.valid_to is not None:
            raise DivisionEnded(division=old, valid_to=before.valid_to)
        if old == new or (before.valid_from and before.valid_from >= valid_from):
            raise InvalidInput(errors={"valid_from": [str(_("The division began on that day or later."))]})
        if after is None:
            after = Division(
                code=new,
                level=before.level,
                parent_id=before.parent_id,
                own_level_code=before.own_level_code,
                authority=before.authority,
                is_default_tenant=before.is_default_tenant,
            )
        elif (
            (after.level, after.parent_id) != (before.level, before.parent_id)
            or after.valid_to is not None
            or after.document_number
        ):
            raise DivisionTaken(division=new, name=after.name)
        after.name, after.valid_from, after.document_number = name, valid_from, document_number
        after.save()
        Division.objects.filter(parent_id=old, valid_to=None).update(parent_id=new)
        before.valid_to, before.successor, before.document_number = valid_from, after, document_number
        before.is_default_tenant = False
        before.save()
    return after
