"""Reading the security log, for the platform's operator and the auditor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from kernel.actor import Actor
from kernel.clock import day_bounds
from kernel.problems import NotFound
from shared_apps.accounts.models import SecurityEvent, User
from shared_apps.accounts.permissions import LOG_READERS
from shared_apps.accounts.rules import SecurityKind
from shared_apps.accounts.words import LOG_LABELS

ROWS_A_PAGE = 100
# Of a table for spreadsheets; longer periods are fetched in parts, by their days.
TABLE_ROWS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line. `address` is the beginning of a keyed hash: equal addresses look alike, none can be read."""

    id: int
    at: datetime
    kind: str
    label: str
    user_id: int | None
    name: str
    username: str
    host: str
    address: str
    facts: str


def log_lines(
    *,
    actor: Actor,
    kind: str = "",
    q: str = "",
    host: str = "",
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
    rows_max: int = ROWS_A_PAGE,
) -> tuple[list[LogLine], bool]:
    """Lines newest first, and whether more follow; two statements, three with `q`. Raises NotFound for others.

    `q` is a sign-in name or part of a person's name, `host` part of a host's name; days are whole.
    """
    if not actor.posts & LOG_READERS:
        raise NotFound
    rows = _filtered(kind, q, host, since, until)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: rows_max + 1])
    names = dict(User.objects.filter(pk__in={row.user_id for row in found if row.user_id}).values_list("pk", "name"))
    lines = [_line(row, names) for row in found[:rows_max]]
    return lines, len(found) > rows_max


def _filtered(kind: str, q: str, host: str, since: date | None, until: date | None) -> QuerySet[SecurityEvent]:
    rows = SecurityEvent.objects.all()
    if kind:
        rows = rows.filter(kind=kind)
    if q:
        people = User.objects.filter(Q(username=q.lower()) | Q(name__contains=q)).values_list("pk", flat=True)[:500]
        rows = rows.filter(Q(user_id__in=list(people)) | Q(username=q.lower()))
    if host:
        rows = rows.filter(host__contains=host.lower())
    if since:
        rows = rows.filter(at__gte=day_bounds(since)[0])
    if until:
        rows = rows.filter(at__lt=day_bounds(until)[1])
    return rows


def _line(row: SecurityEvent, names: dict[int, str]) -> LogLine:
    kinds = set(SecurityKind)
    return LogLine(
        id=row.pk,
        at=row.at,
        kind=row.kind,
        label=str(LOG_LABELS[SecurityKind(row.kind)]) if row.kind in kinds else row.kind,
        user_id=row.user_id,
        name=names.get(row.user_id or 0, ""),
        username=row.username,
        host=row.host,
        address=row.address_hash[:12],
        facts=" ".join(f"{key}={value}" for key, value in sorted(row.facts.items())),
    )
