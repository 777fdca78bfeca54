"""Stored statements: the list with batch issue, one statement, the uses of a line, and all of it as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import spreadsheets
from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local, local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.posts import Post
from kernel.problems import DomainError
from shared_apps.fees import papers
from shared_apps.fees.export import plain
from shared_apps.fees.models import FeeStatement, StatementLine, StatementUse
from shared_apps.fees.rules.months import previous_month
from shared_apps.fees.rules.states import LineKind
from shared_apps.fees.rules.terms import Tariff
from shared_apps.fees.selectors import READERS
from shared_apps.fees.selectors import issued as selectors
from shared_apps.fees.selectors.composing import verify_statement
from shared_apps.fees.selectors.terms import tariff_terms
from shared_apps.fees.serializers.fields import month_in_path
from shared_apps.fees.serializers.issued import CloseInput, IssueInput, LineQuery, StatementQuery
from shared_apps.fees.services import statements as services
from shared_apps.fees.statement_words import STATES, line_words, unit_of, waits_for
from shared_apps.fees.wording import price_sentences
from shared_apps.fees.workbooks import statement_workbook
from tenants.registry.selectors import tenant_names
from webkit.answers import again, see_other
from webkit.paging import paged
from webkit.tables import csv_response

REGION = frozenset({Post.REGION_SUPERVISOR})
LINE_PAGE_ROWS = 50


def address_of(row: FeeStatement) -> str:
    return reverse("fees:statement", kwargs={"tenant": row.tenant_code, "month": f"{row.month:%Y-%m}"})


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """The filter as it was read; the number of the page apart."""
    return read_query(StatementQuery, request)


def _listed(request: HttpRequest, given: dict[str, Any]) -> dict[str, Any]:
    actor = actor_of(request)
    wanted = {key: value for key, value in given.items() if key != "page"}
    rows = selectors.statement_rows(actor=actor, **wanted)
    count, total = selectors.totals_of(rows)
    shown = {**wanted, "month": f"{wanted['month']:%Y-%m}" if wanted.get("month") else ""}
    found = paged(rows, number=given.get("page", 1), path=reverse("fees:statements"), wanted=shown)
    is_region = actor.has(Post.REGION_SUPERVISOR)
    return {
        "rows": [(row, address_of(row)) for row in found.rows],
        "found": found,
        "count": count,
        "total": total,
        "given": shown,
        "states": [(str(state), label) for state, (label, _colour) in STATES.items() if state != "open"],
        "is_region": is_region,
        "may_issue": is_region and any(row.state == "priced" for row in found.rows),
        "closing_month": f"{previous_month(local_date(utc_now()).replace(day=1)):%Y-%m}",
        "filtered": any(value for value in shown.values()),
    }


@page("fees.statements", posts=READERS)
def statements(request: HttpRequest) -> HttpResponse:
    """Stored statements of every readable mall, by month, state and mall."""
    return render(request, "fees/statements.html", _listed(request, _wanted(request)))


@page("fees.statements_csv", posts=READERS)
def statements_csv(request: HttpRequest) -> HttpResponse:
    given = _wanted(request)
    given.pop("page", None)
    rows = selectors.statement_rows(actor=actor_of(request), **given)
    head = (
        _("Statement number"), _("Mall"), _("Code"), _("Month"), _("State"), _("Amount (yuan)"), _("Issued on"),
        _("Last day to dispute"), _("Pay by"), _("Seal"),
    )  # fmt: skip
    return csv_response(
        "fee-statements.csv",
        head,
        (
            (
                row.number, row.tenant_name, row.tenant_code, f"{row.month:%Y-%m}", dict(STATES)[row.state][0],
                row.total, local_date(row.issued_at) if row.issued_at else "", row.dispute_until, row.pay_by, row.seal,
            )
            for row in rows.iterator(chunk_size=500)
        ),
    )  # fmt: skip


@page("fees.issue_statements", posts=REGION, methods=("POST",))
def issue(request: HttpRequest) -> HttpResponse:
    """Seals and sends the chosen statements, all or none."""
    actor = actor_of(request)
    try:
        numbers = read_input(IssueInput, request.POST)["statements"]
        ids = list(selectors.readable(actor=actor).filter(number__in=numbers).values_list("pk", flat=True))
        done = services.issue_statements(actor=actor, statement_ids=ids, now=utc_now())
    except DomainError as error:
        return again(request, "fees/statements.html", error, _listed(request, {}))
    messages.success(request, _("%(count)s statements are sealed and issued.") % {"count": len(done)})
    return see_other(address_of(done[0]) if len(done) == 1 else reverse("fees:statements"))


@page("fees.close_month", posts=REGION, methods=("POST",))
def close(request: HttpRequest) -> HttpResponse:
    """Meters and prices a month that is over; the nightly round does the same."""
    try:
        month = read_input(CloseInput, request.POST)["month"]
        done = services.close_month(actor=actor_of(request), month=month, now=utc_now())
    except DomainError as error:
        return again(request, "fees/statements.html", error, _listed(request, {}))
    words = {"month": f"{month:%Y-%m}", "priced": len(done.priced), "waiting": len(done.waiting)}
    messages.success(request, _("%(month)s: %(priced)s statements are priced, %(waiting)s malls wait.") % words)
    for code, reason in done.waiting[:5]:
        messages.warning(request, f"{tenant_names(codes=[code])[code].name}: {waits_for(reason)}")
    return see_other(f"{reverse('fees:statements')}?month={month:%Y-%m}")


# -- one statement ----------------------------------------------------------------------------------------------------
def stored_context(request: HttpRequest, row: FeeStatement, *, checked: bool = False) -> dict[str, Any]:
    """What the page of a stored statement shows; with `checked`, the statement made again from its events."""
    found = selectors.stored_view(actor=actor_of(request), row=row)
    address = address_of(row)
    terms = tariff_terms(ids=[row.tariff_id]).of_id(row.tariff_id) if row.tariff_id else None
    return {
        "found": found,
        "row": row,
        "month": f"{row.month:%Y-%m}",
        "lines": [
            {
                "line": one,
                "words": line_words(one.row),
                "price": _price_words(terms, one.row),
                "unit": unit_of(one.row),
                "figures": [
                    "" if value is None else plain(value)
                    for value in (one.row.quantity, one.row.free, one.row.billable)
                ],
                "url": f"{address}lines/{one.row.position}/",
            }
            for one in found.lines
        ],
        "disputes": [(one, line_words(one.line)) for one in found.disputes],
        "check": verify_statement(row=row) if checked and row.seal else None,
        "timeline": _timeline(row, found),
        "is_region": actor_of(request).has(Post.REGION_SUPERVISOR),
        "is_bureau": actor_of(request).has(Post.TIER_SUPERVISOR),
        "may_dispute": "dispute" in found.actions and _within(row.dispute_until),
        "may_confirm": "confirm" in found.actions and not found.open_disputes,
        "today": local_date(utc_now()).isoformat(),
        "tariff": row.tariff,
    }


def _price_words(terms: Tariff | None, line: StatementLine) -> list[str]:
    """How the line is charged: free quantity, price, tiers."""
    price = terms.price_of(line.item) if terms and line.kind == LineKind.USE else None
    return price_sentences(price) if price else []


def _within(last: date | None) -> bool:
    return last is not None and local_date(utc_now()) <= last


def _timeline(row: FeeStatement, found: selectors.StoredStatement) -> list[dict[str, Any]]:
    entries = [{"title": _("Metered"), "at": row.metered_at, "icon": "checklist"}]
    if row.priced_at:
        entries.append({"title": _("Priced"), "at": row.priced_at, "icon": "receipt-yuan"})
    if row.issued_at:
        entries.append({"title": _("Issued"), "at": row.issued_at, "who": row.issued_by_name, "icon": "certificate"})
    for one in found.disputes:
        entries.append(
            {
                "title": _("Disputed"),
                "at": one.filed_at,
                "who": one.filed_by_name,
                "note": one.reason,
                "icon": "alert-triangle",
            }
        )
        if one.answered_at:
            title = {"upheld": _("Upheld"), "refused": _("Refused"), "withdrawn": _("Taken back")}[one.state]
            entries.append({"title": title, "at": one.answered_at, "who": one.answered_by_name, "note": one.answer})
    if row.confirmed_at:
        entries.append({"title": _("Confirmed"), "at": row.confirmed_at, "who": row.confirmed_by_name, "icon": "check"})
    entries += [
        {"title": _("Receipt"), "at": one.recorded_at, "who": one.recorded_by_name, "note": one.receipt_number}
        for share in found.shares
        for one in share.receipts
    ]
    if row.settled_at:
        entries.append({"title": _("Settled in full"), "at": row.settled_at, "icon": "circle-check"})
    return sorted(entries, key=lambda entry: entry["at"])


def file_rows(lines: Sequence[StatementLine]) -> Iterator[Sequence[object]]:
    """The uses of lines, one row each, read in chunks."""
    for line in lines:
        for one in selectors.uses_of(line).iterator(chunk_size=2000):
            yield (line.position, line_words(line), *use_row(one))


def use_row(one: StatementUse) -> tuple[object, ...]:
    use = one.usage
    return (
        use.pk,
        f"{local(use.at):%Y-%m-%d %H:%M:%S}",
        use.facts.get("order_number", use.object_id),
        use.facts.get("unit_name", ""),
        use.facts.get("supplier_name", ""),
        use.quantity if one.turn % 2 == 0 else -use.quantity,
        f"{use.room}/{use.epoch}/{use.journal_id}",
    )


def use_head() -> tuple[str, ...]:
    return (
        _("Event"), _("Time"), _("Order number"), _("Unit"), _("Supplier"), _("Quantity"), _("Journal row"),
    )  # fmt: skip


def stored_csv(row: FeeStatement) -> HttpResponse:
    """Every line with every event it names."""
    lines = list(row.lines.order_by("position"))
    head = (_("Line"), _("What is charged"), *use_head())
    return csv_response(f"statement-{row.number}.csv", head, file_rows(lines))


def stored(request: HttpRequest, tenant: str, month: str) -> FeeStatement:
    """The stored statement of an address. Raises NotFound."""
    return selectors.statement_of(actor=actor_of(request), tenant_code=tenant, month=month_in_path(month))


@page("fees.statement_pdf", posts=READERS)
def pdf(request: HttpRequest, tenant: str, month: str) -> HttpResponse:
    """The paper: lines, shares, the seal."""
    row = stored(request, tenant, month)
    found = selectors.stored_view(actor=actor_of(request), row=row)
    response = HttpResponse(papers.statement_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{row.number}.pdf"'
    return response


@page("fees.statement_workbook", posts=READERS)
def workbook(request: HttpRequest, tenant: str, month: str) -> HttpResponse:
    """Two sheets: the lines, and the events they name."""
    row = stored(request, tenant, month)
    response = HttpResponse(statement_workbook(row), content_type=spreadsheets.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{row.number}.xlsx"'
    return response


# -- the uses of a line -----------------------------------------------------------------------------------------------
def line_context(request: HttpRequest, tenant: str, month: str, position: int, given: dict[str, Any]) -> dict[str, Any]:
    row, line = selectors.line_of(
        actor=actor_of(request), tenant_code=tenant, month=month_in_path(month), position=position
    )
    address = f"{address_of(row)}lines/{position}/"
    q = given.get("q", "")
    found = paged(
        selectors.uses_of(line, q=q), number=given.get("page", 1), path=address, wanted={"q": q}, size=LINE_PAGE_ROWS
    )
    view = selectors.stored_view(actor=actor_of(request), row=row)
    disputed = any(one.row.pk == line.pk and one.is_disputed for one in view.lines)
    return {
        "row": row,
        "line": line,
        "words": line_words(line),
        "unit": unit_of(line),
        "q": q,
        "found": found,
        "uses": [(one, use_row(one)) for one in found.rows],
        "address": address,
        "statement_url": address_of(row),
        "may_dispute": "dispute" in view.actions and _within(row.dispute_until) and not disputed,
        "disputed": disputed,
    }


@page("fees.statement_line", posts=READERS)
def line(request: HttpRequest, tenant: str, month: str, position: int) -> HttpResponse:
    """The events of one line, a page at a time; here a bureau disputes it."""
    given = read_query(LineQuery, request)
    return render(request, "fees/line.html", line_context(request, tenant, month, position, given))


@page("fees.line_csv", posts=READERS)
def line_csv(request: HttpRequest, tenant: str, month: str, position: int) -> HttpResponse:
    given = read_query(LineQuery, request)
    row, found = selectors.line_of(
        actor=actor_of(request), tenant_code=tenant, month=month_in_path(month), position=position
    )
    rows = (use_row(one) for one in selectors.uses_of(found, q=given["q"]).iterator(chunk_size=2000))
    return csv_response(f"statement-{row.number}-{position}.csv", use_head(), rows)
