"""Pages of the supplier library, on the region's host: public, public columns only."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from kernel.access import page
from kernel.inputs import read_query
from shared_apps.suppliers.rules import Size, Standing
from shared_apps.suppliers.selectors import list_suppliers
from shared_apps.suppliers.serializers import SupplierListInput
from webkit import states

SIZES = {
    Size.MICRO: _("Micro enterprise"),
    Size.SMALL: _("Small enterprise"),
    Size.MEDIUM: _("Medium enterprise"),
    Size.LARGE: _("Large enterprise"),
}


@page("suppliers.suppliers", public=True)
def suppliers(request: HttpRequest) -> HttpResponse:
    given = read_query(SupplierListInput, request)
    found = list_suppliers(text=given["q"], standing=given["standing"], after=given["after"])
    kept = {key: given[key] for key in ("q", "standing") if given[key]}
    context = {
        "given": given,
        "rows": [(one, SIZES[Size(one.size)]) for one in found.suppliers],
        "next_url": f"?{urlencode({**kept, 'after': found.next_after})}" if found.next_after else "",
        "first_url": f"?{urlencode(kept)}" if given["after"] else "",
        "standings": [(one.value, states.label_of("supplier", one.value).label) for one in Standing],
    }
    return render(request, "suppliers/suppliers.html", context)
