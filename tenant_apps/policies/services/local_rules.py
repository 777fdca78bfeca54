"""Local rules inside the region's bounds: acknowledging, tightening, accepting the tariff."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, InvalidInput, NotFound, json_ready
from shared_apps.fees.selectors import current_tariff
from shared_apps.rulebook.rules import THRESHOLDS
from shared_apps.rulebook.selectors import rule_set
from tenant_apps.journal.services import record
from tenant_apps.policies.models import RuleAcknowledgement, RuleTightening, TariffAcceptance
from tenant_apps.policies.rules import bound_of, within
from tenant_apps.policies.services.doors import lock, require_bureau
from tenants.database.context import current_tenant, tenant_atomic


class AlreadyAcknowledged(Conflict):
    code = "rule-already-acknowledged"
    title = _("This version of the rule is acknowledged already")


class VersionNotInForce(Conflict):
    """Another version came into force since the page was read."""

    code = "rule-version-not-in-force"
    title = _("This version of the rule is not the one in force")


class OutsideBounds(Conflict):
    """The local value would be looser than the region's."""

    code = "rule-outside-bounds"
    title = _("A local value may be stricter than the region's, never looser")


class TariffNotInForce(Conflict):
    code = "tariff-not-in-force"
    title = _("This version of the tariff is not the one in force")


class TariffAlreadyAccepted(Conflict):
    code = "tariff-already-accepted"
    title = _("This version of the tariff is accepted already")


def acknowledge_rule(*, actor: Actor, code: str, kind: str, version: int, now: datetime) -> RuleAcknowledgement:
    """The bureau confirms that it has read the threshold in force; keeps the rule as it read.

    Raises NotFound, VersionNotInForce, AlreadyAcknowledged. Source: Government Procurement Law art. 8.
    """
    require_bureau(actor)
    rule = rule_set(level=current_tenant().level, on=local_date(now)).rules.get((code, kind))
    if code not in THRESHOLDS or rule is None:
        raise NotFound(code=code, kind=kind)
    if rule.version != version:
        raise VersionNotInForce(in_force=rule.version, asked=version)
    snapshot = {name: json_ready(getattr(rule, name)) for name in rule.__slots__}
    try:
        with tenant_atomic():
            row = RuleAcknowledgement.objects.create(
                code=code,
                version=rule.version,
                level=rule.level,
                kind=rule.kind,
                is_demo=rule.is_demo,
                snapshot=snapshot,
                acknowledged_at=now,
                acknowledged_by_id=actor.user_id,
                acknowledged_by_name=actor.name,
            )
            record(
                actor=actor,
                event="policies.rule_acknowledged",
                object_type="rule",
                object_id=f"{code}:{kind}",
                facts={
                    "code": code,
                    "version": rule.version,
                    "level": rule.level,
                    "kind": rule.kind,
                    "amount": rule.amount,
                    "is_demo": rule.is_demo,
                    "document_number": rule.document_number,
                },
                now=now,
            )
    except IntegrityError as error:
        if "rule_acknowledged_once" in str(error):
            raise AlreadyAcknowledged(rule=code, version=version) from error
        raise
    return row


def tighten_rule(
    *,
    actor: Actor,
    code: str,
    kind: str,
    amount: Decimal | None = None,
    offers: int | None = None,
    reason: str,
    document_number: str = "",
    now: datetime,
) -> RuleTightening:
    """Sets a local value as strict as the region's or stricter; the local value before it ends.

    Raises NotFound when the rule has no local value, OutsideBounds when the value would be looser.
    """
    require_bureau(actor)
    if not reason.strip():
        raise InvalidInput(errors={"reason": [str(_("Give the reason."))]})
    bound = bound_of(code=code, kind=kind, rules=rule_set(level=current_tenant().level, on=local_date(now)))
    if bound is None:
        raise NotFound(code=code, kind=kind)
    if not within(bound=bound, amount=amount, offers=offers):
        raise OutsideBounds(most=bound.most, least=bound.least, asked=amount if amount is not None else offers)
    parameters: dict[str, Any] = {} if offers is None else {"offers": offers}
    with tenant_atomic():
        lock("tightening", code, kind)
        RuleTightening.objects.filter(code=code, kind=kind, ended_at__isnull=True).update(ended_at=now)
        row = RuleTightening.objects.create(
            code=code,
            kind=kind,
            amount=amount,  # type: ignore[misc]  # nullable
            parameters=parameters,
            reason=reason,
            document_number=document_number,
            set_at=now,
            set_by_id=actor.user_id,
            set_by_name=actor.name,
        )
        record(
            actor=actor,
            event="policies.rule_tightened",
            object_type="rule",
            object_id=f"{code}:{kind}",
            facts={
                "code": code,
                "kind": kind,
                "amount": amount,
                "offers": offers,
                "reason": reason,
                "document_number": document_number,
            },
            now=now,
        )
    return row


def end_tightening(*, actor: Actor, code: str, kind: str, reason: str, now: datetime) -> None:
    """Goes back to the region's value. Raises NotFound when there is no local value."""
    require_bureau(actor)
    if not reason.strip():
        raise InvalidInput(errors={"reason": [str(_("Give the reason."))]})
    with tenant_atomic():
        lock("tightening", code, kind)
        if not RuleTightening.objects.filter(code=code, kind=kind, ended_at__isnull=True).update(ended_at=now):
            raise NotFound(code=code, kind=kind)
        record(
            actor=actor,
            event="policies.rule_tightening_ended",
            object_type="rule",
            object_id=f"{code}:{kind}",
            facts={"code": code, "kind": kind, "reason": reason},
            now=now,
        )


def accept_tariff(*, actor: Actor, version: int, now: datetime) -> TariffAcceptance:
    """The bureau accepts the tariff in force. Raises NotFound, TariffNotInForce, TariffAlreadyAccepted."""
    require_bureau(actor)
    tariff = current_tariff(on=local_date(now))
    if tariff is None:
        raise NotFound(version=version)
    if tariff.version != version:
        raise TariffNotInForce(in_force=tariff.version, asked=version)
    terms = asdict(tariff.terms)
    snapshot = json_ready({"version": tariff.version, "is_demo": tariff.is_demo, "lines": terms.pop("prices"), **terms})
    try:
        with tenant_atomic():
            row = TariffAcceptance.objects.create(
                tariff_version=version,
                is_demo=tariff.is_demo,
                snapshot=snapshot,
                accepted_at=now,
                accepted_by_id=actor.user_id,
                accepted_by_name=actor.name,
            )
            record(
                actor=actor,
                event="policies.tariff_accepted",
                object_type="tariff",
                object_id=version,
                facts={"version": version, "is_demo": tariff.is_demo},
                now=now,
            )
    except IntegrityError as error:
        if "tariff_version" in str(error):
            raise TariffAlreadyAccepted(version=version) from error
        raise
    return row
