"""What an approved application does to the library, inside the transaction of the approval."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from kernel.actor import SYSTEM, Actor
from kernel.posts import Post
from kernel.problems import Conflict, NotFound
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.selectors import organisation_by_code
from shared_apps.accounts.services import add_membership, create_organisation, rename_organisation
from shared_apps.suppliers.changes import standing_changed
from shared_apps.suppliers.models import Qualification, Shareholder, Supplier, SupplierApplication
from shared_apps.suppliers.rules import SME_SIZES, DocumentKind, HoldCause, Size
from shared_apps.suppliers.rules.names import name_key
from shared_apps.suppliers.services.holds import release_hold
from shared_apps.suppliers.services.library import change_standing, link_organisation, register_supplier
from shared_apps.suppliers.services.rows import KEY_FIELDS, locked, set_keys, tell

if TYPE_CHECKING:
    from shared_apps.accounts.models import Organisation

_CHANGED = ("name", "legal_representative", "address", "division_code", "size", "scope")


def admit(*, actor: Actor, row: SupplierApplication, now: datetime) -> Supplier:
    """The supplier, its party, its first administrator and its papers. Raises SupplierExists."""
    supplier = register_supplier(
        actor=actor,
        uscc=row.uscc,
        name=row.name,
        division_code=row.division_code,
        size=row.size,
        legal_representative=row.legal_representative,
        address=row.address,
        phone=row.phone,
        now=now,
    )
    supplier.scope = row.scope
    supplier.sme_declared_at = row.submitted_at if row.sme_declared else None
    supplier.save(update_fields=["scope", "sme_declared_at"])
    _write_shareholders(supplier, row)
    _add_documents(supplier, row, now)
    organisation = _party(row, now)
    if row.owner_id is not None:
        add_membership(
            actor=SYSTEM,
            user_id=row.owner_id,
            organisation_id=organisation.pk,
            posts=[Post.SUPPLIER_ADMIN],
            now=now,
        )
    link_organisation(actor=actor, supplier_id=supplier.pk, organisation_id=organisation.pk, now=now)
    return change_standing(actor=actor, supplier_id=supplier.pk, action="admit", reason="", now=now)


def _party(row: SupplierApplication, now: datetime) -> Organisation:
    """The supplier as an organisation. Only region staff make one, so one that is there is taken as it is."""
    try:
        return organisation_by_code(kind=OrganisationKind.SUPPLIER, code=row.uscc)
    except NotFound:
        return create_organisation(
            actor=SYSTEM, kind=OrganisationKind.SUPPLIER, code=row.uscc, name=row.name, tenant_code=None, now=now
        )


def apply_change(*, actor: Actor, row: SupplierApplication, now: datetime) -> Supplier:
    """What the library said stays until now; from now on it says what the application says."""
    if row.supplier_id is None:
        raise Conflict(number=row.number)
    supplier = locked(row.supplier_id)
    row.scope = row.scope or []
    supplier.scope = supplier.scope or []
    changed = [field for field in _CHANGED if getattr(supplier, field) != getattr(row, field)]
    for field in changed:
        setattr(supplier, field, getattr(row, field))
    supplier.is_sme = Size(supplier.size) in SME_SIZES
    supplier.sme_declared_at = row.submitted_at if row.sme_declared else None
    set_keys(supplier)
    supplier.version += 1
    supplier.save(update_fields=[*_CHANGED, *KEY_FIELDS, "is_sme", "sme_declared_at", "version"])
    _write_shareholders(supplier, row)
    ended = _end_documents(supplier, row, now)
    _add_documents(supplier, row, now)
    tell(actor, "suppliers.changed", supplier, now, number=row.number, fields=sorted(changed), ended=sorted(ended))
    for key in ended:
        release_hold(
            actor=SYSTEM, supplier_id=supplier.pk, cause=HoldCause.QUALIFICATION_EXPIRED, reference=str(key), now=now
        )
    if "name" in changed and supplier.organisation_id is not None:
        rename_organisation(actor=SYSTEM, organisation_id=supplier.organisation_id, name=supplier.name, now=now)
    if changed:
        standing_changed(supplier_ids=[supplier.pk], now=now)
    return supplier


def _write_shareholders(supplier: Supplier, row: SupplierApplication) -> None:
    Shareholder.objects.filter(supplier=supplier).delete()
    Shareholder.objects.bulk_create(
        Shareholder(
            supplier=supplier,
            name=one["name"],
            key=name_key(one["name"])[:120],
            share=Decimal(one["share"]) if one["share"] else None,
        )
        for one in row.shareholders
    )


def _end_documents(supplier: Supplier, row: SupplierApplication, now: datetime) -> list[int]:
    """Qualifications that were renewed or given up; answers their keys."""
    brought = list(row.documents.all())
    ended = Q(pk__in={document.renews_id for document in brought if document.renews_id} | set(row.dropped))
    if any(document.kind == DocumentKind.LICENCE for document in brought):
        # There is one business licence: a new one takes the place of the old.
        ended |= Q(kind=DocumentKind.LICENCE)
    open_ones = Qualification.objects.filter(ended, supplier=supplier, ended_at=None)
    keys = list(open_ones.values_list("pk", flat=True))
    open_ones.update(ended_at=now)
    return keys


def _add_documents(supplier: Supplier, row: SupplierApplication, now: datetime) -> None:
    Qualification.objects.bulk_create(
        Qualification(
            supplier=supplier,
            kind=document.kind,
            title=document.title,
            number=document.number,
            expires_on=document.expires_on,
            file_key=document.file_key,
            file_name=document.file_name,
            added_at=now,
        )
        for document in row.documents.all()
    )
