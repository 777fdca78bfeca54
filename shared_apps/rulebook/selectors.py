"""Reading the rulebook. Rules, calendar and law are public within the platform: every room may read them."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections
from django.db.models import Q, QuerySet

from kernel.problems import NotFound
from kernel.working_days import Calendar
from shared_apps.rulebook.models import CalendarDay, LawArticle, RuleVersion
from shared_apps.rulebook.rules import ANY, Rule, RuleSet, VersionState
from tenants.database.context import REGION_ALIAS

_KEPT_SECONDS = 60.0
_RECENT_SECONDS = 5.0
_IN_FORCE = (VersionState.SHIPPED, VersionState.VERIFIED)
_kept: dict[Any, tuple[float, Any]] = {}


def forget_rulebook_cache() -> None:
    """After rules, calendar or law texts changed in this process."""
    _kept.clear()


_PLAIN = (
    *("code", "version", "module", "level", "kind", "basis", "legal_basis", "valid_from", "amount", "parameters"),
    *("severity", "source_url", "document_number", "is_demo"),
)


def _as_rule(*, pk: int, state: str, articles: Sequence[str], **plain: Any) -> Rule:
    return Rule(**plain, articles=tuple(articles), verified=state == VersionState.VERIFIED, version_id=pk)


def rule_set(*, level: str, on: date) -> RuleSet:
    """The rules in force at `level` on the day `on`. One statement.

    In one scope a verified version goes before a shipped one; a rule of this level before one of all levels.
    """
    rows = RuleVersion.objects.using(REGION_ALIAS).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on, state__in=_IN_FORCE, level__in=(level, ANY)
    )
    # Without model instances: an approval reads this every time.
    best: dict[tuple[str, str], tuple[tuple[bool, bool, int], Rule]] = {}
    for row in rows.values("pk", "state", "articles", *_PLAIN):
        rule = _as_rule(**row)
        rank = (rule.verified, rule.level != ANY, rule.version)
        key = (rule.code, rule.kind)
        if key not in best or rank > best[key][0]:
            best[key] = (rank, rule)
    return RuleSet(level=level, on=on, rules={key: rule for key, (_, rule) in best.items()})


def recent_rule_set(*, level: str, on: date) -> RuleSet:
    """`rule_set` as it was at most five seconds ago; a change in this process counts at once.

    Harmless: a version is in force by the day, so five seconds are those in which an approver could as well have
    pressed the button. What a tenant decides for itself is always read fresh.
    """
    kept = _kept.get((level, on))
    if kept and time.monotonic() - kept[0] < _RECENT_SECONDS:
        return kept[1]  # type: ignore[no-any-return]
    rules = rule_set(level=level, on=on)
    _kept[level, on] = (time.monotonic(), rules)
    return rules


# The database answers of no more at a time: malls are not to map who belongs to whom.
RELATED_ASKED_MOST = 50


def related_suppliers(*, supplier_ids: Collection[int]) -> list[tuple[int, int]]:
    """Pairs of these suppliers that belong together, as the region's library has them. One statement.

    The same legal representative, address, telephone or shareholder: a mall learns that there is a tie, never which.
    """
    if len(set(supplier_ids)) < 2:
        return []
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT first_id, second_id FROM rulebook_related_suppliers(%s::bigint[])", [list(supplier_ids)])
        return list(cursor.fetchall())


def calendar() -> Calendar:
    """The working-day calendar, kept a minute a process. An empty one is not kept: somebody is about to load it."""
    kept = _kept.get("calendar")
    if kept and time.monotonic() - kept[0] < _KEPT_SECONDS:
        return kept[1]  # type: ignore[no-any-return]
    days = dict(CalendarDay.objects.using(REGION_ALIAS).values_list("date", "is_working"))
    loaded = Calendar(days=days, years=frozenset(day.year for day in days))
    if days:
        _kept["calendar"] = (time.monotonic(), loaded)
    return loaded


@dataclass(frozen=True, slots=True)
class CalendarYear:
    year: int
    working_days: int
    days_off: int
    make_up_days: int
    source: str


def calendar_years() -> list[CalendarYear]:
    """What is loaded, year by year, newest first."""
    years: dict[int, list[tuple[bool, str, str]]] = {}
    for day, working, kind, source in CalendarDay.objects.values_list("date", "is_working", "kind", "source"):
        years.setdefault(day.year, []).append((working, kind, source))
    return [
        CalendarYear(
            year=year,
            working_days=sum(working for working, _, _ in rows),
            days_off=sum(kind == "holiday" for _, kind, _ in rows),
            make_up_days=sum(kind == "make_up" for _, kind, _ in rows),
            source=rows[0][2],
        )
        for year, rows in sorted(years.items(), reverse=True)
    ]


@dataclass(frozen=True, slots=True)
class LawText:
    """The law's own words, with where they stand."""

    key: str
    title: str
    version: str
    label: str
    text: str


def law_texts() -> Mapping[str, LawText]:
    """Every article by its key "statute:article", kept a minute a process."""
    kept = _kept.get("law")
    if kept and time.monotonic() - kept[0] < _KEPT_SECONDS:
        return kept[1]  # type: ignore[no-any-return]
    texts = {
        f"{row.statute}:{row.article}": LawText(
            key=f"{row.statute}:{row.article}",
            title=row.title,
            version=row.version,
            label=row.article_label,
            text=row.text,
        )
        for row in LawArticle.objects.using(REGION_ALIAS).order_by("statute", "version", "article")
    }
    if texts:
        _kept["law"] = (time.monotonic(), texts)
    return texts


def versions(
    *, code: str = "", level: str = "", kind: str = "", state: str = "", on: date | None = None
) -> QuerySet[RuleVersion]:
    """Rule versions for the region's list, newest of each scope first."""
    rows = RuleVersion.objects.order_by("code", "module", "level", "kind", "-version")
    for name, value in (("code", code), ("level", level), ("kind", kind), ("state", state)):
        if value:
            rows = rows.filter(**{name: value})
    if on is not None:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
    return rows


def version(*, version_id: int) -> RuleVersion:
    """One version. Raises NotFound."""
    row = RuleVersion.objects.filter(pk=version_id).first()
    if row is None:
        raise NotFound(version_id=version_id)
    return row


def scope_history(*, of: RuleVersion) -> Sequence[RuleVersion]:
    """All versions of one scope, newest first."""
    return list(
        RuleVersion.objects.filter(code=of.code, module=of.module, level=of.level, kind=of.kind).order_by("-version")
    )
