"""What is done with a contract, each a button or a form. Each POST makes one service call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.posts import Post
from kernel.problems import DomainError, InvalidInput, WrongState, as_problem
from tenant_apps.contracts import needing, selectors
from tenant_apps.contracts.inputs import (
    ContractPublishInput,
    ContractReworkInput,
    ContractRuleInput,
    ContractSignInput,
    ContractWithdrawInput,
    SupplementInput,
    SupplementOrderInput,
    as_added,
    as_published,
)
from tenant_apps.contracts.models import ContractVersion
from tenant_apps.contracts.provider import SIGNER
from tenant_apps.contracts.rules import (
    CLERK,
    SIGNERS,
    SME_PAYMENT_DAYS_MOST,
    SUPPLIER,
    VERSION_LIFECYCLE,
    VersionKind,
    Withheld,
)
from tenant_apps.contracts.services import announcing, drafting, linking, publishing, signing
from tenant_apps.contracts.services.drafting import SupplementTooLarge
from tenant_apps.contracts.simulator import WORDS as SIMULATED
from tenant_apps.contracts.words import WITHHELD
from tenant_apps.orders.serializers import VersionInput
from webkit.documents import CharactersMissing

BUREAU = frozenset({Post.TIER_SUPERVISOR})


@page("contracts.draft_page", posts=CLERK, methods=("POST",))
def draft(request: HttpRequest, order_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    row = drafting.draft_contract(actor=actor_of(request), order_id=order_id, now=utc_now())
    return _said(request, row, _("The draft is written. Look at it, then offer it for signature."))


@page("contracts.rework_page", posts=CLERK, methods=("GET", "POST"))
def rework(request: HttpRequest, contract_version_id: int) -> HttpResponse:
    def act() -> ContractVersion:
        data = read_input(ContractReworkInput, request.POST)
        return drafting.rework(
            actor=actor_of(request), version_id=contract_version_id, now=utc_now(), **{"delivery_on": None, **data}
        )

    return _form(
        request,
        contract_version_id,
        "rework",
        act,
        _("The draft is changed."),
        sme_most=SME_PAYMENT_DAYS_MOST,
        main_only=True,
    )


@page("contracts.offer_page", posts=CLERK, methods=("POST",))
def offer(request: HttpRequest, contract_version_id: int) -> HttpResponse:
    data = read_input(VersionInput, request.POST)
    row = drafting.offer(actor=actor_of(request), version_id=contract_version_id, now=utc_now(), **data)
    return _said(request, row, _("Offered: both sides can sign it now."))


@page("contracts.supersede_page", posts=CLERK, methods=("POST",))
def supersede(request: HttpRequest, contract_version_id: int) -> HttpResponse:
    data = read_input(VersionInput, request.POST)
    row = drafting.supersede(actor=actor_of(request), version_id=contract_version_id, now=utc_now(), **data)
    return _said(request, row, _("Taken back: there is a new draft to work on."))


@page("contracts.withdraw_page", posts=CLERK | SUPPLIER, methods=("GET", "POST"))
def withdraw(request: HttpRequest, contract_version_id: int) -> HttpResponse:
    def act() -> ContractVersion:
        data = read_input(ContractWithdrawInput, request.POST)
        return drafting.withdraw(actor=actor_of(request), version_id=contract_version_id, now=utc_now(), **data)

    return _form(request, contract_version_id, "withdraw", act, _("The contract is withdrawn."))


@page("contracts.sign_page", posts=SIGNERS, methods=("GET", "POST"))
def sign(request: HttpRequest, contract_version_id: int) -> HttpResponse:
    def act() -> ContractVersion:
        data = read_input(ContractSignInput, request.POST)
        signing.ask_to_sign(actor=actor_of(request), version_id=contract_version_id, now=utc_now(), **data)
        return selectors.version_for(actor=actor_of(request), version_id=contract_version_id)

    scenarios = list(SIMULATED.items()) if SIGNER.is_simulated() else []
    return _form(
        request,
        contract_version_id,
        "sign",
        act,
        _("The signature service is asked. The page shows when it has signed."),
        action="ask_to_sign",
        scenarios=scenarios,
    )


@page("contracts.publish_page", posts=CLERK, methods=("GET", "POST"))
def publish(request: HttpRequest, contract_version_id: int) -> HttpResponse:
    def act() -> ContractVersion:
        data = as_published(read_input(ContractPublishInput, request.POST))
        return publishing.publish(actor=actor_of(request), version_id=contract_version_id, now=utc_now(), **data)

    row = selectors.version_for(actor=actor_of(request), version_id=contract_version_id)
    told = publishing.tells_the_price(row.content)
    parts = [
        (f"withhold_{part}", words, request.POST.get(f"withhold_{part}") == "true")
        for part, words in WITHHELD.items()
        if not (told and part == Withheld.PRICES)
    ]
    done = _("Published. Its copy is to be filed next.")
    return _form(request, contract_version_id, "publish", act, done, parts=parts, told=told)


@page("contracts.file_page", posts=CLERK, methods=("POST",))
def file(request: HttpRequest, contract_version_id: int) -> HttpResponse:
    data = read_input(VersionInput, request.POST)
    row = publishing.file(actor=actor_of(request), version_id=contract_version_id, now=utc_now(), **data)
    return _said(request, row, _("Filed: the bureau has the copy in its register."))


@page("contracts.announce_page", posts=CLERK, methods=("POST",))
def announce(request: HttpRequest, contract_version_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    row = announcing.send_again(actor=actor_of(request), version_id=contract_version_id, now=utc_now())
    return _said(request, row, _("It is sent to the designated medium once more."))


@page("contracts.supplement_page", posts=CLERK, methods=("GET", "POST"))
def supplement(request: HttpRequest, contract_id: int) -> HttpResponse:
    actor = actor_of(request)
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            data = as_added(read_input(SupplementInput, request.POST))
            row = drafting.draft_supplement(actor=actor, contract_id=contract_id, now=utc_now(), **data)
        except (InvalidInput, SupplementTooLarge) as refused:
            problem = refused
        else:
            return _said(request, row, _("The supplement is drafted. Look at it, then offer it for signature."))
    dossier = selectors.contract_for(actor=actor, contract_id=contract_id)
    possible = dossier.is_settled
    lines = selectors.lines_of(dossier.main.document.content) if dossier.main and possible else []
    return render(
        request,
        "contracts/supplement.html",
        {
            "contract": dossier.contract,
            "possible": possible,
            "room": dossier.room,
            "lines": [
                (index, line, request.POST.get(f"lines[{index}]quantity", "0")) for index, line in enumerate(lines)
            ],
            "problem": as_problem(problem, request.path) if problem else None,
            "typed": request.POST,
        },
        status=problem.status if problem else 200 if possible else WrongState.status,
    )


@page("contracts.link_order_page", posts=CLERK, methods=("POST",))
def link_order(request: HttpRequest, contract_version_id: int) -> HttpResponse:
    data = read_input(SupplementOrderInput, request.POST)
    row = linking.link_order(actor=actor_of(request), version_id=contract_version_id, now=utc_now(), **data)
    return _said(request, row, _("The order stands under the supplementary contract now."))


@page("contracts.rule", posts=BUREAU, methods=("GET", "POST"))
def rule(request: HttpRequest) -> HttpResponse:
    problem: InvalidInput | None = None
    if request.method == "POST":
        try:
            data = read_input(ContractRuleInput, request.POST)
            needing.decide(actor=actor_of(request), now=utc_now(), **data)
        except InvalidInput as invalid:
            problem = invalid
        else:
            messages.success(request, _("Decided. It counts from now on."))
            return HttpResponseRedirect(reverse("contracts:rule"), status=303)
    found = needing.rule()
    return render(
        request,
        "contracts/rule.html",
        {
            "rule": found,
            "needed": request.POST.get("needed", "true" if found is not None and found.needed else "false"),
            "choices": [("false", _("No contract of its own is needed")), ("true", _("A signed contract is needed"))],
            "problem": as_problem(problem, request.path) if problem else None,
            "typed": request.POST,
        },
        status=problem.status if problem else 200,
    )


def _form(
    request: HttpRequest,
    version_id: int,
    name: str,
    act: Callable[[], ContractVersion],
    done: Promise,
    *,
    action: str = "",
    main_only: bool = False,
    **context: Any,
) -> HttpResponse:
    """A form about one version: shown, or sent; where the step is not possible it says so with 409."""
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            row = act()
        except (InvalidInput, CharactersMissing) as refused:
            problem = refused
        else:
            return _said(request, row, done)
    row = selectors.version_for(actor=actor_of(request), version_id=version_id)
    possible = any(
        row.state in move.sources for move in VERSION_LIFECYCLE.transitions if move.action == (action or name)
    )
    if main_only:
        possible = possible and row.kind == VersionKind.MAIN
    return render(
        request,
        f"contracts/{name}.html",
        {
            "row": row,
            "content": row.content,
            "possible": possible,
            "problem": as_problem(problem, request.path) if problem else None,
            "typed": request.POST,
            **context,
        },
        status=problem.status if problem else 200 if possible else WrongState.status,
    )


def _said(request: HttpRequest, row: ContractVersion, words: Promise) -> HttpResponse:
    messages.success(request, str(words))
    return HttpResponseRedirect(reverse("contracts:contract", args=[row.contract_id]), status=303)
