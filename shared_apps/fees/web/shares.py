"""Who bears a mall's fees: the rules, and entering and taking back one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input
from kernel.problems import DomainError, InvalidInput
from shared_apps.fees.rules.months import next_month
from shared_apps.fees.rules.shares import may_withdraw
from shared_apps.fees.selectors.budgets import cost_shares, payers_for, share_rule, share_rules
from shared_apps.fees.selectors.reach import READERS, readable_tenant
from shared_apps.fees.selectors.tariffs import SETS_TARIFFS
from shared_apps.fees.serializers.budgets import ShareRuleInput, WithdrawShareRuleInput
from shared_apps.fees.services.shares import enter_share_rule, withdraw_share_rule
from webkit.answers import again, see_other


def _shown(request: HttpRequest, tenant: str) -> dict[str, Any]:
    actor, today = actor_of(request), local_date(utc_now())
    found = readable_tenant(actor, tenant)
    may_write = bool(actor.posts & SETS_TARIFFS) and not found.is_practice
    return {
        "mall": found,
        "rules": [
            (row, may_write and row.withdrawn_at is None and may_withdraw(valid_from=row.valid_from, today=today))
            for row in share_rules(tenant_codes=[tenant])
        ],
        "now_shared": cost_shares(tenant_code=tenant, month=today.replace(day=1)),
        "may_write": may_write,
        "payers": [
            (f"percent-{code}", name, request.POST.get(f"percent-{code}", ""))
            for code, name in (payers_for(tenant_code=tenant) if may_write else ())
        ],
        "form": {"valid_from": next_month(today.replace(day=1)).isoformat()},
    }


@page("fees.shares", posts=READERS)
def shares(request: HttpRequest, tenant: str) -> HttpResponse:
    return render(request, "fees/shares.html", _shown(request, tenant))


def body_of(form: Any) -> dict[str, Any]:
    """The form as the API takes it: a row a payer, those without a part left out.

    Strange fields stay, to be refused. Raises InvalidInput for a field sent twice.
    """
    twice = [key for key in form if len(form.getlist(key)) > 1]
    if twice:
        raise InvalidInput(errors={key: [_("This field was sent more than once.")] for key in twice})
    rest, parts = {}, []
    for key, value in form.items():
        if key.startswith("percent-"):
            if value:
                parts.append({"payer_code": key.removeprefix("percent-"), "percent": value})
        elif key != "csrfmiddlewaretoken":
            rest[key] = value
    return {**rest, "parts": parts}


@page("fees.enter_shares", posts=SETS_TARIFFS, methods=("POST",))
def enter(request: HttpRequest, tenant: str) -> HttpResponse:
    try:
        wanted = read_input(ShareRuleInput, body_of(request.POST))
        enter_share_rule(actor=actor_of(request), tenant_code=tenant, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "fees/shares.html", error, _shown(request, tenant))
    messages.success(request, _("The rule of shares is entered."))
    return see_other(reverse("fees:shares", args=[tenant]))


@page("fees.withdraw_shares", posts=SETS_TARIFFS, methods=("POST",))
def withdraw(request: HttpRequest, rule_id: int) -> HttpResponse:
    row = share_rule(rule_id=rule_id)
    try:
        wanted = read_input(WithdrawShareRuleInput, request.POST)
        withdraw_share_rule(actor=actor_of(request), rule_id=rule_id, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "fees/shares.html", error, _shown(request, row.tenant_code))
    messages.success(request, _("The rule of shares is taken back."))
    return see_other(reverse("fees:shares", args=[row.tenant_code]))
