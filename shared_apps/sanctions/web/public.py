"""The public list of bans."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_query
from shared_apps.sanctions import selectors
from shared_apps.sanctions.export import sanctions_csv
from shared_apps.sanctions.parties import PARTIES
from shared_apps.sanctions.rules import PUBLIC_STATES, SanctionState
from shared_apps.sanctions.serializers import PublicListInput
from shared_apps.sanctions.wording import GROUNDS, SCOPES
from webkit import states
from webkit.paging import pages_around


def kinds() -> list[tuple[str, Any]]:
    return [(kind.code, kind.label) for kind in PARTIES.values()]


@page("sanctions.sanctions", public=True)
def sanctions(request: HttpRequest) -> HttpResponse:
    """Bans in force first."""
    given = read_query(PublicListInput, request)
    found = selectors.public_sanctions(text=given["q"], state=given["state"], kind=given["kind"], page=given["page"])
    kept = {key: given[key] for key in ("q", "state", "kind") if given[key]}
    context = {
        "given": given,
        "found": found,
        "rows": [(row, PARTIES[row.party_kind].label) for row in found.rows],
        "states": [(state.value, states.label_of("sanction", state.value).label) for state in PUBLIC_STATES],
        "kinds": kinds(),
        "csv_url": f"{reverse('sanctions:export')}?{urlencode(kept)}",
        **pages_around(reverse("sanctions:sanctions"), kept, found.page, more=found.page < found.pages),
    }
    return render(request, "sanctions/sanctions.html", context)


@page("sanctions.export", public=True)
def export(request: HttpRequest) -> HttpResponse:
    given = read_query(PublicListInput, request)
    rows = selectors.public_rows(text=given["q"], state=given["state"], kind=given["kind"])
    return sanctions_csv(rows)


@page("sanctions.sanction", public=True)
def sanction(request: HttpRequest, sanction_id: int) -> HttpResponse:
    row = selectors.public_sanction(sanction_id=sanction_id)
    return render(request, "sanctions/sanction.html", {**shown(row), "may_open": actor_of(request).signed_in})


def shown(row: selectors.SanctionView) -> dict[str, Any]:
    """What the page of one ban says."""
    today = local_date(utc_now())
    party = PARTIES[row.party_kind].find(codes=[row.party_code]).get(row.party_code)
    return {
        "row": row,
        "kind": PARTIES[row.party_kind].label,
        "party": party,
        "scope": SCOPES[row.scope],
        "divisions": selectors.division_names(codes=row.scope_divisions) if row.scope_divisions else (),
        "ground": GROUNDS.get(row.lift_ground, ""),
        "holds": row.holds_on(today),
        "waits": row.state == SanctionState.IN_FORCE and today < row.starts_on,
    }
