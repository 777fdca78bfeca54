"""The library as everybody sees it: public columns, and what sanctions and scores add to them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_query
from shared_apps.suppliers.exporting import suppliers_csv
from shared_apps.suppliers.permissions import READERS
from shared_apps.suppliers.sections import Asked, Audience, blocks
from shared_apps.suppliers.selectors import list_suppliers, public_supplier
from shared_apps.suppliers.selectors.library import PUBLIC_STANDINGS
from shared_apps.suppliers.serializers import SupplierListInput
from shared_apps.suppliers.web.form import division_choices
from shared_apps.suppliers.web.shown import division_text, divisions_by_code
from shared_apps.suppliers.wording import SIZES
from webkit import states

SORTS = {"entry": _("By entry"), "newest": _("Newest first"), "name": _("By name")}
CSV_ROWS_MAX = 20_000


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    return {"text": given["q"], **{name: given[name] for name in ("standing", "division", "size", "sort", "after")}}


@page("suppliers.suppliers", public=True)
def suppliers(request: HttpRequest) -> HttpResponse:
    given = read_query(SupplierListInput, request)
    found = list_suppliers(**_asked(given))
    kept = {key: given[key] for key in ("q", "standing", "division", "size", "sort") if given[key]}
    names = divisions_by_code()
    context = {
        "given": given,
        "rows": [(one, SIZES[one.size], names.get(one.division_code, "")) for one in found.suppliers],
        "next_url": f"?{urlencode({**kept, 'after': found.next_after})}" if found.next_after else "",
        "first_url": f"?{urlencode(kept)}" if given["after"] else "",
        "csv_url": f"{reverse('suppliers:suppliers_csv')}?{urlencode(kept)}",
        "standings": [(one.value, states.label_of("supplier", one.value).label) for one in PUBLIC_STANDINGS],
        "divisions": division_choices(),
        "sizes": list(SIZES.items()),
        "sorts": list(SORTS.items()),
    }
    return render(request, "suppliers/suppliers.html", context)


@page("suppliers.suppliers_csv", public=True)
def suppliers_csv_file(request: HttpRequest) -> HttpResponse:
    """The same list as a file for spreadsheets: what is public of each."""
    given = read_query(SupplierListInput, request)
    found = list_suppliers(**{**_asked(given), "after": 0}, rows_max=CSV_ROWS_MAX)
    return suppliers_csv(found.suppliers)


@page("suppliers.supplier", public=True)
def supplier(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """One supplier: name, code, division, size and standing; neither its people nor its papers."""
    actor, row = actor_of(request), public_supplier(supplier_id=supplier_id)
    context = {
        "supplier": row,
        "size": SIZES[row.size],
        "division": division_text(row.division_code),
        "sections": blocks(Asked(row.id, row.uscc, Audience.PUBLIC, actor, utc_now())).values(),
        "may_read_all": bool(actor.posts & READERS),
    }
    return render(request, "suppliers/supplier.html", context)
