"""Writing the rulebook: loading what the platform ships, entering the region's versions and verifying them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kernel.actor import SYSTEM, Actor
from kernel.clock import local_date
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted, WrongState
from shared_apps.region_journal.services import record
from shared_apps.rulebook.models import CalendarDay, LawArticle, RuleVersion
from shared_apps.rulebook.rules import ANY, THRESHOLDS, VERSION_LIFECYCLE, Kind, Level, VersionState
from shared_apps.rulebook.selectors import forget_rulebook_cache
from tenants.database.context import REGION_ALIAS, region_atomic, region_on_commit

DATA = Path(__file__).parent / "data"
OBJECT_TYPE = "rule_version"


class VersionOverlaps(Conflict):
    """The version begins on or before the day the one before it began."""

    code = "rule-version-overlaps"
    title = _("The new version begins before the version it follows")


class VerifiedByAnother(Conflict):
    """What a rule says is entered by one person and verified by another."""

    code = "rule-version-verified-by-another"
    title = _("Somebody else than who entered the version verifies it")


class DocumentMismatch(Conflict):
    """The number typed at verification is not that of the entered document."""

    code = "rule-document-mismatch"
    title = _("The document number does not match the one entered")


def load_shipped(*, now: datetime, actor: Actor = SYSTEM) -> dict[str, int]:
    """Brings law texts, calendar and shipped rules in line with the data files. Idempotent; adds, never replaces.

    Needed with and without demonstration data: the shipped thresholds are demonstration floors until the region
    verifies its own.
    """
    rules = [_shipped(row, now) for row in _rows("shipped.csv")]
    days = [
        CalendarDay(
            date=date.fromisoformat(row["date"]),
            is_working=row["is_working"] == "true",
            kind=row["kind"],
            source=row["source"],
        )
        for row in _rows("calendar.csv")
    ]
    articles = [LawArticle(**row) for row in _rows("law.csv")]
    with region_atomic():
        advisory_xact_lock(REGION_ALIAS, advisory_lock_key("rulebook", "shipped"))
        before = _counts()
        held = {row.date: (row.is_working, row.kind, row.source) for row in CalendarDay.objects.all()}
        changed = [day for day in days if held.get(day.date) != (day.is_working, day.kind, day.source)]
        RuleVersion.objects.bulk_create(rules, ignore_conflicts=True)
        CalendarDay.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["date"],
            update_fields=["is_working", "kind", "source"],
        )
        LawArticle.objects.bulk_create(articles, ignore_conflicts=True)
        after = _counts()
        if after != before or changed:
            record(
                actor=actor,
                event="rulebook.shipped_loaded",
                object_type="rulebook",
                object_id="shipped",
                facts={**after, "years": sorted({day.date.year for day in days})},
                now=now,
            )
        region_on_commit(forget_rulebook_cache)
    return after


def _counts() -> dict[str, int]:
    return {
        "rules": RuleVersion.objects.filter(state=VersionState.SHIPPED).count(),
        "days": CalendarDay.objects.count(),
        "articles": LawArticle.objects.count(),
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _shipped(row: Mapping[str, str], now: datetime) -> RuleVersion:
    return RuleVersion(
        code=row["code"],
        version=int(row["version"]),
        module=row["module"],
        level=row["level"],
        kind=row["kind"],
        amount=Decimal(row["amount"]) if row["amount"] else None,  # type: ignore[misc]  # nullable
        parameters=json.loads(row["parameters"]),
        severity=row["severity"],
        basis=row["basis"],
        legal_basis=row["legal_basis"],
        articles=row["articles"].split(),
        source_url=row["source_url"],
        document_number=row["document_number"],
        valid_from=date.fromisoformat(row["valid_from"]),
        is_demo=row["is_demo"] == "true",
        explanation=row["explanation"],
        state=VersionState.SHIPPED,
        entered_at=now,
    )


def enter_version(
    *,
    actor: Actor,
    code: str,
    level: str,
    kind: str,
    amount: Decimal,
    inclusive: bool,
    valid_from: date,
    document_number: str,
    document_on: date,
    source_text: str,
    source_url: str = "",
    now: datetime,
) -> RuleVersion:
    """Enters a threshold as the region's document states it. It decides nothing until it is verified.

    Thresholds only: statutes and platform rules change with the platform. Raises InvalidInput, NotPermitted.
    Source: Government Procurement Law arts. 8 and 27, the region sets the limits of local budgets.
    """
    require_region_staff(actor)
    errors: dict[str, list[str]] = {}
    if code not in THRESHOLDS:
        errors["code"] = [str(_("Only thresholds are entered here."))]
    if level not in set(Level):
        errors["level"] = [str(_("Choose a level."))]
    if kind not in set(Kind):
        errors["kind"] = [str(_("Choose a kind of object."))]
    if amount <= 0:
        errors["amount"] = [str(_("The amount must be more than 0."))]
    if document_on > local_date(now):
        errors["document_on"] = [str(_("The document's date lies in the future."))]
    if not document_number.strip():
        errors["document_number"] = [str(_("The document number is needed."))]
    if not source_text.strip():
        errors["source_text"] = [str(_("Copy the words of the document that set the limit."))]
    if errors:
        raise InvalidInput(errors=errors)
    with region_atomic():
        lock_scope(code, ANY, level, kind)
        scope = RuleVersion.objects.filter(code=code, module=ANY, level=level, kind=kind)
        shipped = scope.filter(state=VersionState.SHIPPED).order_by("-version").first()
        if shipped is None:
            raise NotFound(code=code, level=level, kind=kind)
        number = (scope.aggregate(last=Max("version"))["last"] or 0) + 1
        row = RuleVersion.objects.create(
            code=code,
            version=number,
            module=ANY,
            level=level,
            kind=kind,
            amount=amount,
            parameters={"inclusive": inclusive},
            basis=shipped.basis,
            legal_basis=shipped.legal_basis,
            articles=shipped.articles,
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
        journal(actor, "rulebook.version_entered", row, now)
    return row


def verify_version(*, actor: Actor, version_id: int, document_number: str, now: datetime) -> RuleVersion:
    """Puts an entered version in force from its `valid_from`; the verified version before it ends there.

    The verifier types the document number again from the paper, and is another person than who entered it.
    Raises NotFound, WrongState, DocumentMismatch, VerifiedByAnother, VersionOverlaps.
    """
    require_region_staff(actor)
    with region_atomic():
        row = _locked(version_id, "verify")
        if actor.user_id == row.entered_by_id:
            raise VerifiedByAnother(entered_by=row.entered_by_name)
        if document_number.strip() != row.document_number:
            raise DocumentMismatch(entered=row.document_number, typed=document_number)
        former = (
            RuleVersion.objects.select_for_update()
            .filter(
                code=row.code,
                module=row.module,
                level=row.level,
                kind=row.kind,
                state=VersionState.VERIFIED,
                valid_to__isnull=True,
            )
            .first()
        )
        if former is not None:
            if row.valid_from <= former.valid_from:
                raise VersionOverlaps(former=former.version, former_from=former.valid_from, valid_from=row.valid_from)
            former.valid_to = row.valid_from
            former.save(update_fields=["valid_to"])
        row.state = VersionState.VERIFIED
        row.verified_at = now
        row.verified_by_id = actor.user_id
        row.verified_by_name = actor.name
        row.save(update_fields=["state", "verified_at", "verified_by_id", "verified_by_name"])
        # Malls acknowledge thresholds; what else a rule says holds without them.
        event = "rulebook.version_verified" if row.code in THRESHOLDS else "rulebook.parameters_verified"
        journal(actor, event, row, now, ended=former.version if former else None)
        region_on_commit(forget_rulebook_cache)
    return row


def withdraw_version(*, actor: Actor, version_id: int, reason: str, now: datetime) -> RuleVersion:
    """Takes back a version that was entered by mistake, before it is verified. It stays on record."""
    require_region_staff(actor)
    if not reason.strip():
        raise InvalidInput(errors={"reason": [str(_("Give the reason."))]})
    with region_atomic():
        row = _locked(version_id, "withdraw")
        row.state = VersionState.WITHDRAWN
        row.save(update_fields=["state"])
        record(
            actor=actor,
            event="rulebook.version_withdrawn",
            object_type=OBJECT_TYPE,
            object_id=row.pk,
            facts={**_scope_facts(row), "reason": reason},
            now=now,
        )
    return row


def require_region_staff(actor: Actor) -> None:
    if not actor.has(Post.REGION_SUPERVISOR) or actor.tenant is not None:
        raise NotPermitted


def lock_scope(code: str, module: str, level: str, kind: str) -> None:
    advisory_xact_lock(REGION_ALIAS, advisory_lock_key("rulebook", code, module, level, kind))


def _locked(version_id: int, action: str) -> RuleVersion:
    """The version under its scope's lock, if `action` is possible in its state."""
    row = RuleVersion.objects.filter(pk=version_id).first()
    if row is None:
        raise NotFound(version_id=version_id)
    lock_scope(row.code, row.module, row.level, row.kind)
    row.refresh_from_db()
    if row.state == VersionState.SHIPPED:
        raise WrongState(lifecycle="rule_version", state=row.state, action=action, possible=[])
    VERSION_LIFECYCLE.next(row.state, action)
    return row


def _scope_facts(row: RuleVersion) -> dict[str, Any]:
    return {"code": row.code, "version": row.version, "module": row.module, "level": row.level, "kind": row.kind}


def journal(actor: Actor, event: str, row: RuleVersion, now: datetime, **more: Any) -> None:
    facts = {
        **_scope_facts(row),
        "amount": row.amount,
        "document_number": row.document_number,
        "document_on": row.document_on,
        "valid_from": row.valid_from,
        **more,
    }
    record(actor=actor, event=event, object_type=OBJECT_TYPE, object_id=row.pk, facts=facts, now=now)
