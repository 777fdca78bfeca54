"""The lists of contracts, a contract's page, the bureau's register, and what the public reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kernel.access import page
from kernel.actor import Actor
from kernel.api import actor_of
from kernel.clock import local, local_date, utc_now
from kernel.inputs import read_query
from kernel.posts import SUPERVISE_FROM_ABOVE, Post
from tenant_apps.contracts import selectors
from tenant_apps.contracts.inputs import ContractQuery, FilingQuery, PublicQuery
from tenant_apps.contracts.models import ContractVersion
from tenant_apps.contracts.provider import SIGNER
from tenant_apps.contracts.rules import CLERK, SIGNABLE, SIGNERS, VERSION_LIFECYCLE, VersionKind, VersionState
from tenant_apps.contracts.selectors import ContractDossier
from tenant_apps.contracts.services.announcing import may_send
from tenant_apps.contracts.services.signing import side_of
from tenant_apps.contracts.web.presenting import timeline_entries, warning_for
from tenant_apps.contracts.words import KINDS, SIDES, STATES, WITHHELD
from tenant_apps.orders.permissions import READERS, holds
from tenant_apps.orders.services import contracting
from webkit.tables import csv_response

BUREAU = frozenset({Post.TIER_SUPERVISOR, Post.AUDITOR, *SUPERVISE_FROM_ABOVE})
TAB_WORDS: dict[str, Promise] = {
    "": gettext_lazy("All signed contracts"),
    "waiting": gettext_lazy("Not filed yet"),
    "late": gettext_lazy("Overdue contracts"),
    "filed": gettext_lazy("Filed contracts"),
}


@page("contracts.list_page", posts=READERS)
def contract_list(request: HttpRequest) -> HttpResponse:
    query = read_query(ContractQuery, request)
    found = selectors.versions_for(actor=actor_of(request), **query)
    filters = {name: query[name] for name in ("state", "search") if query.get(name)}
    return render(
        request,
        "contracts/list.html",
        {
            "rows": [(row, KINDS[row.kind], warning_for(row)) for row in found.versions],
            "query": query,
            "filtered": bool(filters),
            "states": [(state.value, STATES[state][0]) for state in VersionState],
            "export_url": f"{reverse('contracts:export')}?{urlencode(filters)}",
            **_turning(filters, query, found.next_after),
        },
    )


@page("contracts.export", posts=READERS)
def export(request: HttpRequest) -> HttpResponse:
    query = read_query(ContractQuery, request)
    query.pop("after", None)
    return _csv("contracts", selectors.versions_to_export(actor=actor_of(request), **query))


@page("contracts.contract_page", posts=READERS)
def contract_page(request: HttpRequest, contract_id: int) -> HttpResponse:
    actor = actor_of(request)
    dossier = selectors.contract_for(actor=actor, contract_id=contract_id)
    latest = dossier.latest
    to_order = dossier.to_order if holds(actor=actor, post=Post.BUYER_CLERK, order=dossier.order) else []
    return render(
        request,
        "contracts/contract.html",
        {
            "dossier": dossier,
            "contract": dossier.contract,
            "latest": latest,
            "content": latest.content,
            "lines": selectors.lines_of(latest.content),
            "delivery_on": date.fromisoformat(day) if (day := latest.content.get("delivery_on")) else None,
            "kind": KINDS[latest.kind],
            "warning": warning_for(latest),
            "versions": [(row, KINDS[row.kind], _signatures(row)) for row in dossier.versions],
            "withheld": [WITHHELD[part] for part in latest.withheld],
            "timeline": timeline_entries(dossier.history),
            "may": _possible(actor, dossier),
            "simulated": SIGNER.is_simulated(),
            # A supplement orders nothing by itself: its clerk is shown where to begin.
            "to_order": to_order,
            "orders": _orders_of(actor, dossier) if to_order else [],
        },
    )


def _orders_of(actor: Actor, dossier: ContractDossier) -> list[tuple[int, str]]:
    """What may be named as the order of a supplement, for a choice. One statement."""
    contract = dossier.contract
    found = contracting.linkable_to(
        actor=actor,
        unit_id=contract.unit_id,
        supplier_organisation_id=contract.supplier_organisation_id,
        since=min(row.signed_at for row in dossier.to_order if row.signed_at is not None),
    )
    return [(order.pk, f"{order.number} · {order.total_amount}") for order in found]


@page("contracts.filings_page", posts=BUREAU)
def filings(request: HttpRequest) -> HttpResponse:
    query, now = read_query(FilingQuery, request), utc_now()
    found = selectors.filings_for(actor=actor_of(request), now=now, **query)
    filters = {name: query[name] for name in ("tab", "search") if query.get(name)}
    tab = query.get("tab") or ""
    return render(
        request,
        "contracts/filings.html",
        {
            "rows": [(row, warning_for(row)) for row in found.versions],
            "query": query,
            "tabs": [
                (words, f"?{urlencode({'tab': key})}" if key else "?", key == tab) for key, words in TAB_WORDS.items()
            ],
            "filtered": bool(filters),
            "decides": actor_of(request).has(Post.TIER_SUPERVISOR),
            "export_url": f"{reverse('contracts:filings_export')}?{urlencode(filters)}",
            **_turning(filters, query, found.next_after),
        },
    )


@page("contracts.filings_export", posts=BUREAU)
def filings_export(request: HttpRequest) -> HttpResponse:
    query = read_query(FilingQuery, request)
    query.pop("after", None)
    return _csv("filings", selectors.filings_to_export(actor=actor_of(request), now=utc_now(), **query))


@page("contracts.published_list_page", public=True)
def published_list(request: HttpRequest) -> HttpResponse:
    query = read_query(PublicQuery, request)
    found = selectors.published(**query)
    filters = {"search": query["search"]} if query.get("search") else {}
    return render(
        request,
        "contracts/published_list.html",
        {
            "rows": [(row, KINDS[row.kind]) for row in found.versions],
            "query": query,
            "filtered": bool(filters),
            **_turning(filters, query, found.next_after),
        },
    )


@page("contracts.published_page", public=True)
def published(request: HttpRequest, contract_version_id: int) -> HttpResponse:
    row = selectors.published_version(version_id=contract_version_id)
    return render(
        request,
        "contracts/published.html",
        {
            "row": row,
            "kind": KINDS[row.kind],
            "text": selectors.public_text(row),
            "withheld": [WITHHELD[part] for part in row.withheld],
        },
    )


def _signatures(row: ContractVersion) -> list[tuple[Any, Any]]:
    return [(one, SIDES[one.side]) for one in selectors.signatures_of(row)]


def _possible(actor: Actor, dossier: ContractDossier) -> dict[str, bool]:
    """Which buttons the page has: what the table lets this actor do with the latest version now."""
    row, order = dossier.latest, dossier.order
    held = {post for post in CLERK | SIGNERS if holds(actor=actor, post=post, order=order)}
    moves = {move.action for move in VERSION_LIFECYCLE.actions(row.state, held)}
    main = row.kind == VersionKind.MAIN
    may = {action: action in moves for action in ("offer", "supersede", "withdraw", "publish", "file")}
    may["rework"] = "rework" in moves and main
    side = side_of(actor=actor, order=order)
    may["sign"] = (
        "ask_to_sign" in moves
        and row.state in SIGNABLE
        and not selectors.has_signed(row, side)
        and actor.user_id != row.drafted_by_id
    )
    may["announce"] = bool(held & CLERK) and may_send(row, getattr(row, "announcement", None))
    may["supplement"] = bool(held & CLERK) and dossier.is_settled and order.state in contracting.DELIVERED
    return may


def _turning(filters: dict[str, str], query: dict[str, Any], next_after: int | None) -> dict[str, str]:
    return {
        "next_url": f"?{urlencode(filters | {'after': next_after})}" if next_after else "",
        "first_url": f"?{urlencode(filters)}" if query.get("after") else "",
    }


def _csv(name: str, rows: Iterable[ContractVersion]) -> HttpResponse:
    heads = (_("Contract number"), _("Kind"), _("State"), _("Order number"), _("Unit"), _("Supplier"), _("Amount"))
    filed = pgettext("contract", "Filed at")
    more = (_("Signed at"), _("To be published by"), _("Published at"), _("To be filed by"), filed)

    def moment(value: Any) -> str:
        return f"{local(value):%Y-%m-%d %H:%M}" if value else ""

    lines = (
        (
            row.number, KINDS[row.kind], STATES[row.state][0], row.contract.order_number, row.contract.unit_name,
            row.contract.supplier_name, row.amount, moment(row.signed_at), moment(row.publish_due_at),
            moment(row.published_at), moment(row.file_due_at), moment(row.filed_at),
        )
        for row in rows
    )  # fmt: skip
    return csv_response(f"{name}-{local_date(utc_now()):%Y%m%d}.csv", (*heads, *more), lines)
