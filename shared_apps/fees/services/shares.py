"""Who bears a mall's fees: rules entered from documents, and taken back before a statement rests on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.fees.models import CostShare, CostShareRule
from shared_apps.fees.rules.shares import are_whole, may_withdraw
from shared_apps.fees.selectors.budgets import payers_for
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic
from tenants.registry.selectors import tenant_names


class ShareRuleExists(Conflict):
    code = "share-rule-exists"
    title = _("There is a rule of shares from this month already")


class ShareRuleStands(Conflict):
    """Its first month is over, or it was taken back before."""

    code = "share-rule-stands"
    title = _("This rule of shares cannot be taken back any more")


def enter_share_rule(
    *,
    actor: Actor,
    tenant_code: str,
    valid_from: date,
    document_number: str,
    parts: Mapping[str, Decimal],
    now: datetime,
) -> CostShareRule:
    """From a month on these levels bear a mall's fees, as the document says; `parts` are per cent by payer.

    `valid_from` is the first day of this month or a later one: statements of months that are over keep their shares.
    Raises NotPermitted, NotFound, InvalidInput and ShareRuleExists.
    """
    if not actor.is_system and not actor.has(Post.REGION_SUPERVISOR):
        raise NotPermitted
    tenant = tenant_names(codes=[tenant_code]).get(tenant_code)
    if tenant is None or tenant.is_practice:
        raise NotFound(tenant=tenant_code)
    errors: dict[str, list[str]] = {}
    if valid_from.day != 1:
        errors["valid_from"] = [str(_("A rule begins on the first day of a month."))]
    elif valid_from < local_date(now).replace(day=1) and not actor.is_system:
        errors["valid_from"] = [str(_("A rule cannot begin in a month that is over."))]
    if not are_whole(parts.values()):
        errors["parts"] = [str(_("The parts are each above 0 and 100 per cent together."))]
    elif not parts.keys() <= {code for code, _name in payers_for(tenant_code=tenant_code)}:
        errors["parts"] = [str(_("Only the mall's own level, the levels it answers to and the region bear its fees."))]
    if errors:
        raise InvalidInput(errors=errors)
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("fees", "shares", tenant_code))
        if CostShareRule.objects.filter(tenant_code=tenant_code, valid_from=valid_from, withdrawn_at=None).exists():
            raise ShareRuleExists(valid_from=valid_from)
        rule = CostShareRule.objects.create(
            tenant_code=tenant_code,
            valid_from=valid_from,
            document_number=document_number,
            entered_by=actor.user_id,
            entered_by_name=actor.name,
            entered_at=now,
        )
        CostShare.objects.bulk_create(
            CostShare(rule=rule, payer_code=code, percent=percent) for code, percent in sorted(parts.items())
        )
        record(
            actor=actor,
            event="fees.share_rule_entered",
            object_type="share_rule",
            object_id=rule.pk,
            facts={
                "tenant": tenant_code,
                "valid_from": valid_from,
                "document_number": document_number,
                "parts": [[code, str(percent)] for code, percent in sorted(parts.items())],
            },
            now=now,
        )
    return rule


def withdraw_share_rule(*, actor: Actor, rule_id: int, reason: str, now: datetime) -> CostShareRule:
    """Takes a rule back that no statement rests on yet. Raises NotPermitted, NotFound and ShareRuleStands."""
    if not actor.has(Post.REGION_SUPERVISOR):
        raise NotPermitted
    with region_atomic():
        rule = CostShareRule.objects.select_for_update().filter(pk=rule_id).first()
        if rule is None:
            raise NotFound(share_rule=rule_id)
        if rule.withdrawn_at or not may_withdraw(valid_from=rule.valid_from, today=local_date(now)):
            raise ShareRuleStands(valid_from=rule.valid_from)
        rule.withdrawn_at, rule.withdrawn_reason = now, reason
        rule.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        record(
            actor=actor,
            event="fees.share_rule_withdrawn",
            object_type="share_rule",
            object_id=rule.pk,
            facts={"tenant": rule.tenant_code, "valid_from": rule.valid_from, "reason": reason},
            now=now,
        )
    return rule
