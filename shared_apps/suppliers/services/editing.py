"""What the applicant does with an application: fill it in, bring files, send it, take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import InvalidInput, NotFound
from shared_apps.classification.selectors import catalogue
from shared_apps.region_files.services import store_file
from shared_apps.suppliers.models import ApplicationDocument, Qualification, SupplierApplication
from shared_apps.suppliers.permissions import owns
from shared_apps.suppliers.purposes import DOCUMENT
from shared_apps.suppliers.rules import (
    APPLICATION_LIFECYCLE,
    DOCUMENTS_MAX,
    SME_SIZES,
    ApplicationKind,
    ApplicationState,
    DocumentKind,
)
from shared_apps.suppliers.rules.application import missing_documents
from shared_apps.suppliers.rules.names import name_key
from shared_apps.suppliers.selectors.collecting import collecting_code_of
from shared_apps.suppliers.selectors.terms import terms_of
from shared_apps.suppliers.services.rows import tell_application
from tenants.database.context import region_atomic
from tenants.divisions.selectors import places


class ApplicationIncomplete(InvalidInput):
    """It may be kept as it is, and is not sent before the named fields are filled in."""

    code = "application-incomplete"
    title = gettext_lazy("Something is missing before this can be sent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an application says, in any state of completeness."""

    name: str
    legal_representative: str = ""
    address: str = ""
    division_code: str = ""
    phone: str = ""
    size: str = ""
    sme_declared: bool = False
    record_declared: bool = False
    # Name and share in per cent, "" where it is not told.
    shareholders: Sequence[Mapping[str, str]] = ()
    # Codes of the shop categories applied for.
    scope: Sequence[str] = ()
    dropped: Sequence[int] = ()


def save_application(*, actor: Actor, application_id: int, content: Content, now: datetime) -> SupplierApplication:
    """Keeps the form as it is, whole or not. Raises NotFound, WrongState, InvalidInput for an unknown division."""
    if content.division_code and content.division_code not in places():
        raise InvalidInput(errors={"division_code": [_("There is no such division today.")]})
    keys = [name_key(row["name"]) for row in content.shareholders]
    if len(set(keys)) != len(keys) or not all(keys):
        raise InvalidInput(errors={"shareholders": [_("A shareholder is named twice, or with signs only.")]})
    if set(content.scope) - {one.code for one in catalogue()}:
        raise InvalidInput(errors={"scope": [_("This category is not known.")]})
    with region_atomic():
        row = own(actor, application_id, "edit")
        for field in (
            "name", "legal_representative", "address", "division_code", "phone", "size", "sme_declared",
            "record_declared",
        ):  # fmt: skip
            setattr(row, field, getattr(content, field))
        if row.supplier is not None:
            # Its telephone a supplier changes at once, without an application.
            row.phone = row.supplier.phone
        row.shareholders = [{"name": one["name"], "share": one.get("share", "")} for one in content.shareholders]
        row.scope = sorted(set(content.scope))
        row.dropped = sorted(_of_the_supplier(row, content.dropped))
        row.changed_at = now
        row.save()
        tell_application(actor, "suppliers.application_edited", row, now)
    return row


def _of_the_supplier(row: SupplierApplication, keys: Sequence[int]) -> set[int]:
    """Qualifications that the change gives up. Raises InvalidInput for another supplier's."""
    if not keys:
        return set()
    held = set(
        Qualification.objects.filter(supplier_id=row.supplier_id, ended_at=None).values_list("pk", flat=True)
        if row.supplier_id
        else ()
    )
    if not set(keys) <= held:
        raise InvalidInput(errors={"dropped": [_("This is not one of the supplier's files.")]})
    return set(keys)


def add_document(
    *,
    actor: Actor,
    application_id: int,
    kind: str,
    title: str,
    number: str,
    expires_on: date | None,
    renews_id: int | None,
    file_name: str,
    content: bytes,
    now: datetime,
) -> ApplicationDocument:
    """Keeps one file with what it proves. Raises NotFound, WrongState, InvalidInput, FileRefused."""
    if expires_on is not None and expires_on < local_date(now):
        raise InvalidInput(errors={"expires_on": [_("This has expired already.")]})
    with region_atomic():
        row = own(actor, application_id, "edit")
        if row.documents.count() >= DOCUMENTS_MAX:
            raise InvalidInput(errors={"file": [_("An application takes %(most)s files.") % {"most": DOCUMENTS_MAX}]})
        renews = _renewed(row, renews_id)
        organisation_id = row.supplier.organisation_id if row.supplier else None
        stored = store_file(
            actor=actor, name=file_name, content=content, purpose=DOCUMENT.name, now=now,
            organisation_id=organisation_id,
        )  # fmt: skip
        document = ApplicationDocument.objects.create(
            application=row,
            kind=DocumentKind(kind),
            title=title,
            number=number,
            expires_on=expires_on,
            file_key=stored.key,
            file_name=stored.name,
            renews=renews,
            added_at=now,
        )
        _touch(row, now)
        tell_application(
            actor, "suppliers.document_added", row, now, document_kind=str(document.kind), file_key=stored.key
        )
    return document


def _renewed(row: SupplierApplication, renews_id: int | None) -> Qualification | None:
    if renews_id is None:
        return None
    if row.supplier_id is None:
        raise InvalidInput(errors={"renews_id": [_("This is not one of the supplier's files.")]})
    found = Qualification.objects.filter(pk=renews_id, supplier_id=row.supplier_id, ended_at=None).first()
    if found is None or row.documents.filter(renews=found).exists():
        raise InvalidInput(errors={"renews_id": [_("This is not one of the supplier's files.")]})
    return found


def remove_document(*, actor: Actor, application_id: int, document_id: int, now: datetime) -> SupplierApplication:
    """The file itself is kept; it only belongs to the application no longer. Raises NotFound, WrongState."""
    with region_atomic():
        row = own(actor, application_id, "edit")
        document = row.documents.filter(pk=document_id).first()
        if document is None:
            raise NotFound(document=document_id)
        facts = {"document_kind": str(document.kind), "file_key": document.file_key}
        document.delete()
        _touch(row, now)
        tell_application(actor, "suppliers.document_removed", row, now, **facts)
    return row


def _touch(row: SupplierApplication, now: datetime) -> None:
    row.changed_at = now
    row.save(update_fields=["changed_at"])


def submit_application(*, actor: Actor, application_id: int, now: datetime) -> SupplierApplication:
    """Sends it to the level that vets. Raises NotFound, WrongState, ApplicationIncomplete."""
    with region_atomic():
        row = own(actor, application_id, "submit")
        if errors := _lacks(row, today=local_date(now)):
            raise ApplicationIncomplete(errors=errors)
        row.state = APPLICATION_LIFECYCLE.next(row.state, "submit").target
        row.version += 1
        row.collecting_code = collecting_code_of(division_code=row.division_code)
        row.submitted_at, row.changed_at = now, now
        row.due_on = local_date(now) + timedelta(days=terms_of(local_date(now)).vetting_days)
        row.findings, row.reason = {}, ""
        row.vetted_at, row.vetted_by_id, row.vetted_by_name = None, None, ""
        row.save()
        tell_application(actor, "suppliers.application_submitted", row, now)
    return row


def _lacks(row: SupplierApplication, *, today: date) -> dict[str, list[str]]:
    asked = ["name", "legal_representative", "address", "division_code", "size"]
    if row.kind == ApplicationKind.REGISTRATION:
        asked.append("phone")
    errors: dict[str, list[str]] = {field: [_("Fill this in.")] for field in asked if not getattr(row, field)}
    if row.division_code and row.division_code not in places():
        errors["division_code"] = [_("There is no such division today.")]
    if row.size in SME_SIZES and not row.sme_declared:
        errors["sme_declared"] = [_("A micro, small or medium enterprise makes the declaration; nothing else proves.")]
    if row.size and row.size not in SME_SIZES and row.sme_declared:
        errors["sme_declared"] = [_("A large enterprise does not make this declaration.")]
    if not row.record_declared:
        errors["record_declared"] = [_("Make the declaration.")]
    documents = list(row.documents.all())
    if any(document.expires_on and document.expires_on < today for document in documents):
        errors["documents"] = [_("A file has expired in the meantime.")]
    held = {document.kind for document in documents} | _kept(row, {d.renews_id for d in documents}, today)
    if missing_documents(held=held):
        errors["documents"] = [_("The business licence is missing.")]
    return errors


def _kept(row: SupplierApplication, renewed: set[int | None], today: date) -> set[str]:
    """Kinds that the supplier goes on holding without a new file."""
    if row.supplier_id is None:
        return set()
    held = Qualification.objects.filter(supplier_id=row.supplier_id, ended_at=None).exclude(pk__in=row.dropped)
    return {
        one.kind
        for one in held
        if one.pk not in renewed and (one.expires_on is None or one.expires_on >= today)
    }  # fmt: skip


def withdraw_application(*, actor: Actor, application_id: int, now: datetime) -> SupplierApplication:
    """Raises NotFound, WrongState."""
    with region_atomic():
        row = own(actor, application_id, "withdraw")
        row.state = APPLICATION_LIFECYCLE.next(row.state, "withdraw").target
        row.changed_at = now
        row.save()
        tell_application(actor, "suppliers.application_withdrawn", row, now)
    return row


def own(actor: Actor, application_id: int, action: str) -> SupplierApplication:
    """The actor's own application, locked, in a state that lets it. Raises NotFound, WrongState."""
    row = (
        SupplierApplication.objects.select_for_update(of=("self",))
        .select_related("supplier")
        .filter(pk=application_id)
        .first()
    )
    if row is None or not owns(actor, row):
        raise NotFound(application=application_id)
    APPLICATION_LIFECYCLE.next(ApplicationState(row.state), action)
    return row


def as_content(row: SupplierApplication) -> dict[str, Any]:
    """What the application says now, for forms."""
    return {field: getattr(row, field) for field in Content.__dataclass_fields__} | {"scope": row.scope or []}
