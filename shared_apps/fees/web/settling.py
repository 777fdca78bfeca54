"""What follows an issued statement: dispute, answer, confirmation, receipts one by one and by table, periods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.posts import Post
from kernel.problems import DomainError, InvalidInput, NotFound
from kernel.uploads import one_file
from shared_apps.fees.models import FeeStatement
from shared_apps.fees.receipt_table import FILE_BYTES_MAX
from shared_apps.fees.selectors import READERS
from shared_apps.fees.selectors import issued as selectors
from shared_apps.fees.selectors.periods import period_rows
from shared_apps.fees.serializers.issued import (
    AnswerDisputeInput,
    ConfirmImportInput,
    DisputeInput,
    PeriodInput,
    ReceiptInput,
)
from shared_apps.fees.services import disputes, periods, settling
from shared_apps.fees.statement_words import PERIODS, RECEIPT_TABLE
from shared_apps.fees.web.statements import REGION, address_of, line_context, stored, stored_context
from shared_apps.region_files.services import open_file, store_file
from webkit.answers import again, see_other

BUREAU = frozenset({Post.TIER_SUPERVISOR})
IMPORT = "fees/import_receipts.html"
SHOWN_MAX = 200


def _step(request: HttpRequest, row: FeeStatement, call: Callable[[], str]) -> HttpResponse:
    """One service call, then the statement's page, or the same page with what refused it."""
    try:
        done = call()
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        row.refresh_from_db()
        return again(request, "fees/stored.html", error, stored_context(request, row))
    messages.success(request, done)
    return see_other(address_of(row))


@page("fees.dispute_line", posts=BUREAU, methods=("POST",))
def dispute(request: HttpRequest, tenant: str, month: str, position: int) -> HttpResponse:
    row = stored(request, tenant, month)
    try:
        given = read_input(DisputeInput, request.POST)
        disputes.file_dispute(
            actor=actor_of(request), statement_id=row.pk, position=position, now=utc_now(), **given
        )  # fmt: skip
    except NotFound:
        raise
    except DomainError as error:
        return again(request, "fees/line.html", error, line_context(request, tenant, month, position, {}))
    messages.success(request, _("The dispute is filed. The region answers it."))
    return see_other(address_of(row))


@page("fees.answer_dispute", posts=REGION, methods=("POST",))
def answer(request: HttpRequest, fee_dispute_id: int) -> HttpResponse:
    row = selectors.dispute(actor=actor_of(request), dispute_id=fee_dispute_id).statement

    def call() -> str:
        given = read_input(AnswerDisputeInput, request.POST)
        disputes.answer_dispute(
            actor=actor_of(request),
            dispute_id=fee_dispute_id,
            uphold=given["decision"] == "uphold",
            answer=given["answer"],
            credit=given["credit"],
            now=utc_now(),
        )
        return _("The dispute is answered.")

    return _step(request, row, call)


@page("fees.withdraw_dispute", posts=BUREAU, methods=("POST",))
def withdraw(request: HttpRequest, fee_dispute_id: int) -> HttpResponse:
    row = selectors.dispute(actor=actor_of(request), dispute_id=fee_dispute_id).statement

    def call() -> str:
        read_input(StrictSerializer, request.POST)
        disputes.withdraw_dispute(actor=actor_of(request), dispute_id=fee_dispute_id, now=utc_now())
        return _("The dispute is taken back.")

    return _step(request, row, call)


@page("fees.confirm_statement", posts=BUREAU, methods=("POST",))
def confirm(request: HttpRequest, tenant: str, month: str) -> HttpResponse:
    row = stored(request, tenant, month)

    def call() -> str:
        read_input(StrictSerializer, request.POST)
        disputes.confirm_statement(actor=actor_of(request), statement_id=row.pk, now=utc_now())
        return _("The statement is confirmed.")

    return _step(request, row, call)


@page("fees.record_receipt", posts=REGION, methods=("POST",))
def receipt(request: HttpRequest, tenant: str, month: str) -> HttpResponse:
    row = stored(request, tenant, month)

    def call() -> str:
        given = read_input(ReceiptInput, request.POST)
        settling.record_receipt(
            actor=actor_of(request), statement_id=row.pk, payer_code=given.pop("payer"), now=utc_now(), **given
        )  # fmt: skip
        return _("The receipt is recorded.")

    return _step(request, row, call)


# -- receipts by table ------------------------------------------------------------------------------------------------
@page("fees.import_receipts", posts=REGION, methods=("GET", "POST"))
def upload(request: HttpRequest) -> HttpResponse:
    """GET asks for the table, POST shows what it would record; the file is kept, nothing recorded."""
    if request.method != "POST":
        return render(request, IMPORT, {})
    try:
        read_input(StrictSerializer, request.POST)
        name, content = one_file(request, bytes_max=FILE_BYTES_MAX)
        found = settling.preview_receipts(actor=actor_of(request), content=content, now=utc_now())
        key = ""
        if found.rows:
            purpose = RECEIPT_TABLE.name
            key = store_file(
                actor=actor_of(request), name=name, content=content, purpose=purpose, now=utc_now()
            ).key  # fmt: skip
    except DomainError as error:
        return again(request, IMPORT, error, {})
    return render(request, IMPORT, _shown(found, key), status=200 if found.rows else 400)


@page("fees.confirm_receipts", posts=REGION, methods=("POST",))
def confirm_import(request: HttpRequest) -> HttpResponse:
    """Records the rows of the table that was shown; every row is judged once more."""
    try:
        key = read_input(ConfirmImportInput, request.POST)["key"]
        file, content = open_file(actor=actor_of(request), key=key)
        if file.purpose != RECEIPT_TABLE.name:
            raise InvalidInput(errors={"key": [_("Choose one file.")]})
        found = settling.import_receipts(actor=actor_of(request), content=content, now=utc_now())
    except DomainError as error:
        return again(request, IMPORT, error, {})
    words = {"rows": len(found.rows), "wrong": len(found.errors)}
    messages.success(request, _("%(rows)s receipts are recorded, %(wrong)s rows are not.") % words)
    if found.errors:
        return render(request, IMPORT, {**_shown(found, ""), "done": True})
    return see_other(reverse("fees:statements"))


def _shown(found: settling.Imported, key: str) -> dict[str, Any]:
    return {"found": found, "rows": found.rows[:SHOWN_MAX], "errors": found.errors[:SHOWN_MAX], "key": key}


# -- periods ----------------------------------------------------------------------------------------------------------
def _periods(request: HttpRequest) -> dict[str, Any]:
    today = local_date(utc_now())
    return {
        "rows": [(row, *PERIODS[row.name]) for row in period_rows(on=today)],
        "names": [(name.value, label) for name, (label, _help) in PERIODS.items()],
        "may_set": actor_of(request).has(Post.REGION_SUPERVISOR),
        "form": {"valid_from": today.isoformat()},
    }


@page("fees.periods", posts=READERS)
def shown_periods(request: HttpRequest) -> HttpResponse:
    """How long one may dispute, answer and pay; proposals until the region sets them."""
    return render(request, "fees/periods.html", _periods(request))


@page("fees.enter_period", posts=REGION, methods=("POST",))
def enter_period(request: HttpRequest) -> HttpResponse:
    try:
        periods.enter_period(actor=actor_of(request), now=utc_now(), **read_input(PeriodInput, request.POST))
    except DomainError as error:
        return again(request, "fees/periods.html", error, _periods(request))
    messages.success(request, _("The figure is entered and holds from its day."))
    return see_other(reverse("fees:periods"))
