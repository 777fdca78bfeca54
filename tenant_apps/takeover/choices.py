"""What a code of the old mall may be mapped to: found by search, named for the page."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shared_apps.classification.selectors import catalogue
from shared_apps.products import selectors as library
from shared_apps.products.known_offers import titles_of
from shared_apps.products.read_models import SearchQuery, ShelfView
from shared_apps.suppliers.selectors import list_suppliers, suppliers_by_code
from tenant_apps.access.selectors import known_people
from tenant_apps.budgets.selectors import units
from tenant_apps.takeover.rules import NOBODY, CodeKind
from tenant_apps.takeover.sheets import STATE_CHOICES
from tenants.database.context import current_tenant

FOUND_MAX = 20
Choice = tuple[str, str]
"""A code of ours and its name."""


def search_codes(*, kind: CodeKind, text: str) -> Sequence[Choice]:
    """What the text finds, at most twenty; few kinds of codes are offered whole without a text."""
    match kind:
        case CodeKind.UNIT:
            return [one for one in _units() if text in " ".join(one)][:FOUND_MAX]
        case CodeKind.STATE:
            return [(code, str(label)) for code, label in STATE_CHOICES.items()]
        case CodeKind.PERSON:
            found = [one for one in _people() if text in one[1]][: FOUND_MAX - 1]
            return [(NOBODY, _("Has no account here")), *found]
        case CodeKind.SUPPLIER:
            rows = list_suppliers(text=text, rows_max=FOUND_MAX).suppliers if text else ()
            return [(row.uscc, row.name) for row in rows]
        case _:
            return _products(text) if text else []


def name_of(*, kind: CodeKind, code: str) -> str | None:
    """What the code of ours names; None when it names nothing."""
    match kind:
        case CodeKind.UNIT:
            return dict(_units()).get(code)
        case CodeKind.STATE:
            return str(STATE_CHOICES[code]) if code in STATE_CHOICES else None
        case CodeKind.PERSON:
            return dict([(NOBODY, _("Has no account here")), *_people()]).get(code)
        case CodeKind.SUPPLIER:
            found = suppliers_by_code(codes=[code]).get(code)
            return found.name if found else None
        case _:
            return titles_of(product_codes=[code]).get(code)


def _units() -> list[Choice]:
    return [(unit.code, unit.name) for unit in units()]


def _people() -> list[Choice]:
    names = {unit.organisation_id: unit.name for unit in units()}
    found: dict[str, str] = {}
    for organisation_id, people in known_people(organisation_ids=names).items():
        for person in people:
            found.setdefault(str(person.user_id), f"{person.name} · {names[organisation_id]}")
    return sorted(found.items(), key=lambda one: one[1])


def _products(text: str) -> list[Choice]:
    """By the whole number, on sale or not; by words among what is on sale anywhere in the region."""
    found = dict(titles_of(product_codes=[text]))
    shelf = ShelfView(frozenset(category.code for category in catalogue()), frozenset(), current_tenant().code[:6])
    items = library.search(query=SearchQuery(text=text, size=FOUND_MAX), shelf=shelf, with_facets=False).items
    return [*found.items(), *((item.code, item.title) for item in items if item.code not in found)][:FOUND_MAX]
