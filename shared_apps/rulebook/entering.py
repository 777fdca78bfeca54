"""A new dated version of what a rule says, entered after a document: in the scope of a version that is there.

It is verified as thresholds are, and by somebody else than who entered it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import InvalidInput, NotFound
from shared_apps.rulebook.models import RuleVersion
from shared_apps.rulebook.parameters import SETTABLE, is_amount, parsed
from shared_apps.rulebook.rules import Basis, VersionState
from shared_apps.rulebook.services import journal, lock_scope, require_region_staff
from tenants.database.context import region_atomic


def enter_parameters(
    *,
    actor: Actor,
    version_id: int,
    parameters: Mapping[str, str],
    valid_from: date,
    document_number: str,
    document_on: date,
    source_text: str,
    source_url: str = "",
    amount: Decimal | None = None,
    severity: str = "",
    now: datetime,
) -> RuleVersion:
    """What the rule of `version_id` says from `valid_from` on. It decides nothing until it is verified.

    Parameters are texts, as a form has them. Raises NotFound for a rule that has nothing to set, InvalidInput,
    NotPermitted.
    """
    require_region_staff(actor)
    former = RuleVersion.objects.filter(pk=version_id, code__in=list(SETTABLE)).first()
    if former is None:
        raise NotFound(version_id=version_id)
    values, errors = _checked(former.code, parameters, amount, severity)
    if document_on > local_date(now):
        errors["document_on"] = [_("The document's date lies in the future.")]
    if errors:
        raise InvalidInput(errors=errors)
    with region_atomic():
        lock_scope(former.code, former.module, former.level, former.kind)
        scope = RuleVersion.objects.filter(code=former.code, module=former.module, level=former.level, kind=former.kind)
        number = (scope.aggregate(last=Max("version"))["last"] or 0) + 1
        row = RuleVersion.objects.create(
            code=former.code,
            version=number,
            module=former.module,
            level=former.level,
            kind=former.kind,
            amount=amount,  # type: ignore[misc]  # nullable
            parameters=values,
            severity=severity or former.severity,
            # A statute stays one; what was the platform's own or a proposal is from now on a document's.
            basis=former.basis if former.basis == Basis.STATUTE else Basis.DOCUMENT,
            legal_basis=former.legal_basis,
            articles=former.articles,
            document_number=document_number,
            document_on=document_on,
            source_url=source_url,
            source_text=source_text,
            valid_from=valid_from,
            state=VersionState.ENTERED,
            entered_at=now,
            entered_by_id=actor.user_id,
            entered_by_name=actor.name,
        )
        journal(actor, "rulebook.parameters_entered", row, now, parameters=values, severity=row.severity)
    return row


def _checked(
    code: str, parameters: Mapping[str, str], amount: Decimal | None, severity: str
) -> tuple[dict[str, object], dict[str, list[str]]]:
    settable = SETTABLE[code]
    values, wrong = parsed(code, parameters)
    said = {
        "missing": _("This is needed."),
        "unknown": _("This rule has no such parameter."),
        "wrong": _("This is no value within the bounds."),
    }
    errors = {name: [said[fault]] for name, fault in wrong.items()}
    if amount is None and settable.amount == "needed":
        errors["amount"] = [said["missing"]]
    elif amount is not None and (not settable.amount or not is_amount(amount)):
        errors["amount"] = [said["wrong"] if settable.amount else said["unknown"]]
    if severity and severity not in settable.severities:
        errors["severity"] = [said["wrong"] if settable.severities else said["unknown"]]
    return values, errors
