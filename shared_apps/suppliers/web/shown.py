"""What both sides see of an application, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shared_apps.suppliers.rules import ApplicationState
from shared_apps.suppliers.rules.declarations import RECORD_DECLARATION, SME_DECLARATION
from shared_apps.suppliers.selectors.own import WholeSupplier
from shared_apps.suppliers.selectors.queue import ApplicationView
from shared_apps.suppliers.selectors.scope import scope_text
from shared_apps.suppliers.wording import CAUSES, DOCUMENTS, FIELDS, KINDS, SIZES
from tenants.divisions.selectors import places
from tenants.registry.selectors import tenant_names

S = ApplicationState
# Which of the four steps is under way; past the last one all are done.
_STAGES = {S.DRAFT: 0, S.RETURNED: 0, S.SUBMITTED: 1, S.VETTED: 2, S.APPROVED: 4}


def document_choices() -> list[tuple[str, Promise]]:
    return [(str(kind), label) for kind, label in DOCUMENTS.items()]


def collecting_name(code: str) -> str:
    """Who vets: the level's name, or the region."""
    if not code:
        return _("The region itself")
    found = tenant_names(codes=[code])
    return found[code].name if code in found else code


def division_text(code: str) -> str:
    place = places().get(code)
    return f"{place.name} {code}" if place else code


def divisions_by_code() -> dict[str, str]:
    return {code: place.name for code, place in places().items()}


def application_context(view: ApplicationView) -> dict[str, Any]:
    row = view.row
    words: dict[str, Any] = {
        "division_code": division_text, "size": lambda size: SIZES.get(size, size), "scope": scope_text,
    }  # fmt: skip

    def shown(field: str, value: str) -> Any:
        return words[field](value) if field in words and value else value

    return {
        "view": view,
        "row": row,
        "kind": KINDS[row.kind],
        "size": SIZES.get(row.size, ""),
        "division": division_text(row.division_code) if row.division_code else "",
        "scope": scope_text(",".join(row.scope or ())),
        "collecting": collecting_name(row.collecting_code),
        "documents": [(one, DOCUMENTS[one.kind]) for one in view.documents],
        "held": [(one, DOCUMENTS[one.kind], one.pk in row.dropped) for one in view.held],
        "held_choices": [(str(one.pk), f"{DOCUMENTS[one.kind]} · {one.title}") for one in view.held],
        "differences": [
            (FIELDS[field], shown(field, before), shown(field, after)) for field, before, after in view.differences
        ],
        "findings": [(FIELDS[field], text) for field, text in row.findings.items() if field in FIELDS],
        "sme_declaration": SME_DECLARATION,
        "record_declaration": RECORD_DECLARATION,
        "stages": [_("Fill in"), _("Vetting by the level"), _("Admission by the region"), _("In the library")],
        "stage": _STAGES.get(S(row.state)),
    }


def supplier_context(found: WholeSupplier, *, today: date) -> dict[str, Any]:
    """A supplier with everything that belongs to it, in words."""
    row = found.row
    return {
        "supplier": row,
        "size": SIZES[row.size],
        "division": f"{found.division_name} {row.division_code}".strip(),
        "qualifications": [
            (one, DOCUMENTS[one.kind], one.expires_on is not None and one.expires_on < today)
            for one in found.qualifications
        ],
        "holds": [(one, CAUSES[one.cause]) for one in found.holds],
        "confirm_by": found.confirm_by,
        "confirm_late": found.confirm_by is not None and found.confirm_by < today,
    }
